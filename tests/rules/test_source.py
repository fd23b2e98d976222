"""Rules that are read again: what comes into force, and what does not."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.rules.judged_claims import judged, pack

from groundwire import Groundwire
from groundwire.errors import RuleError
from groundwire.rules import RuleSource


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_a_changed_pack_comes_into_force(tmp_path: Path) -> None:
    path = pack(tmp_path, "a; risk > 0.1; flag")
    source = RuleSource([str(path)], every=0.01)
    before = source.current()
    pack(tmp_path, "a; risk > 0.1; block")
    assert eventually(lambda: source.current().decide(judged()).action == "block")
    assert source.problem is None
    assert before.decide(judged()).action == "flag", "an answer on its way keeps the rules that it began with"


def test_a_bad_pack_keeps_the_old_one_in_force_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = pack(tmp_path, "a; risk > 0.1; flag")
    source = RuleSource([str(path)])
    before = source.current()
    pack(tmp_path, "a; verdikt; block")
    with caplog.at_level(logging.ERROR, "groundwire.rules"):
        assert not source.refresh()
    assert source.current() is before
    problem = source.problem
    assert problem is not None
    assert problem.startswith(f"{path}:6:11 when: undeclared reference to 'verdikt'.")
    assert "\n" not in problem
    assert "verdikt" in caplog.text
    assert not source.refresh(), "the same bad file is not read again"
    pack(tmp_path, "a; risk > 0.1; block")
    assert source.refresh()
    assert source.problem is None
    assert source.current().decide(judged()).action == "block"


def test_a_pack_that_goes_away_and_one_that_is_added(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    pack(folder, "a; risk > 0.1; flag", name="one")
    source = RuleSource([str(folder)])
    pack(folder, "b; risk > 0.1; block", name="two")
    assert source.refresh()
    assert source.current().names == ("one", "two")
    for path in folder.iterdir():
        path.unlink()
    assert not source.refresh()
    assert source.current().names == ("one", "two")
    assert "no rule pack in this folder" in (source.problem or "")


def test_a_file_that_is_written_again_as_it_was_changes_nothing(tmp_path: Path) -> None:
    path = pack(tmp_path, "a; risk > 0.1; flag")
    source = RuleSource([str(path)])
    before = source.current()
    os.utime(path, ns=(1, 1))
    assert not source.refresh()
    assert source.current() is before


def test_without_watching_the_files_are_read_once(tmp_path: Path) -> None:
    pack(tmp_path, "a; risk > 0.1; flag")
    source = RuleSource([str(tmp_path / "mine.yaml")])
    pack(tmp_path, "a; verdikt; flag")
    assert source.current().decide(judged()).action == "flag"
    assert source.problem is None


def test_asking_never_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path, "a; risk > 0.1; flag")
    source = RuleSource([str(tmp_path / "mine.yaml")], every=0)

    def slow(self: RuleSource) -> tuple[object, ...]:
        time.sleep(0.5)
        return ()

    monkeypatch.setattr(RuleSource, "_state", slow)
    started = time.monotonic()
    for _ in range(100):
        source.current()
    assert time.monotonic() - started < 0.4


def test_packs_must_load_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        RuleSource([str(tmp_path / "absent.yaml")], every=1)


def test_a_groundwire_that_watches_checks_by_the_new_rules(tmp_path: Path) -> None:
    path = pack(tmp_path, "a; answer.contains('lake'); flag")
    gw = Groundwire({"rules": [str(path)], "overrides": {"a": {"severity": "critical"}}}, watch=True)
    first = gw.start()
    pack(tmp_path, "a; answer.contains('lake'); block")
    gw.rule_source.refresh()
    assert gw.rules.rules[0].do == "block"
    assert gw.rules.rules[0].severity == "critical"
    first.finish("It has a lake.")
    second = gw.start()
    second.finish("It has a lake.")
    assert (first.report.verdict, second.report.verdict) == ("flagged", "blocked")
    assert first.report.revisions["rules"] != second.report.revisions["rules"]
    assert gw.rule_source.problem is None
