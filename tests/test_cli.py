"""The command line as a user types it: in a process of its own, with its words and exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FACTS = """\
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:capital rdfs:label "capital" .
:Australia rdfs:label "Australia" ; :capital :Canberra .
:Canberra rdfs:label "Canberra" .
:Sydney rdfs:label "Sydney" .
"""


def groundwire(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "groundwire", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"NO_COLOR": "1"} | environment,
        timeout=120,
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "facts.ttl").write_text(FACTS, encoding="utf-8")
    (tmp_path / "source.txt").write_text("Canberra is the capital of Australia.", encoding="utf-8")
    (tmp_path / "right.txt").write_text("The capital of Australia is Canberra.", encoding="utf-8")
    (tmp_path / "wrong.txt").write_text("The capital of Australia is Sydney.", encoding="utf-8")
    return tmp_path


def test_a_wrong_answer_is_flagged_with_its_evidence(files: Path) -> None:
    done = groundwire("verify", "-a", str(files / "wrong.txt"), "-k", str(files / "facts.ttl"))
    assert done.returncode == 1, done.stderr
    assert "contradicted" in done.stdout
    assert "Canberra" in done.stdout
    assert done.stderr == ""


def test_a_supported_answer_is_exit_code_0_and_json_is_the_report(files: Path) -> None:
    sources = ("-d", str(files / "source.txt"), "-k", str(files / "facts.ttl"))
    done = groundwire("verify", "-a", str(files / "right.txt"), *sources, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "clean"
    assert report["claims"][0]["span"] == {"start": 0, "end": 37}


def test_an_answer_from_standard_input_with_rules_that_rewrite(files: Path) -> None:
    done = groundwire(
        "verify", "-a", "-", "-k", str(files / "facts.ttl"), "-r", "correct", "--json",
        stdin="The capital of Australia is Sydney.",
    )  # fmt: skip
    assert done.returncode == 1
    assert json.loads(done.stdout)["delivered"] == "The capital of Australia is Canberra."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["verify", "-a", "nowhere.txt"], "nowhere.txt"),
        (["verify", "-a", "right.txt", "-k", "nowhere.ttl"], "nowhere.ttl"),
        (["verify", "-a", "right.txt", "-k", "broken.ttl"], "broken.ttl:2"),
        (["verify", "-a", "right.txt", "-d", "nowhere.txt"], "nowhere.txt"),
        (["verify", "-a", "right.txt", "-c", "bad.yaml"], "bad.yaml:1"),
        (["verify", "-a", "right.txt", "-r", "nosuchpack"], "nosuchpack"),
        (["verify", "-a", "latin1.txt"], "UTF-8"),
        (["serve", "-c", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    files: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    (files / "broken.ttl").write_text("@prefix : <http://example.org/> .\n:a :b ; .\n", encoding="utf-8")
    (files / "bad.yaml").write_text("mode: watch", encoding="utf-8")
    (files / "latin1.txt").write_bytes(b"caf\xe9")
    monkeypatch.chdir(files)
    done = groundwire(*arguments)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_unknown_command_is_exit_code_2() -> None:
    assert groundwire("verifi").returncode == 2
    assert groundwire("verify", "--nope").returncode == 2


def test_help_names_every_command() -> None:
    done = groundwire("--help")
    assert done.returncode == 0
    for command in ("demo", "serve", "verify", "audit", "calibrate", "rules", "bench", "nli"):
        assert command in done.stdout


def test_terminal_escapes_in_an_answer_are_shown_and_not_obeyed(files: Path) -> None:
    done = groundwire("verify", "-a", "-", "-k", str(files / "facts.ttl"), stdin="The \x1b[31mcapital[/] is [bold]red.")
    assert "\x1b" not in done.stdout
    assert "[bold]red" in done.stdout
