"""What the modules of frameworks share, without them. The tests of each try the real ones."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG
from tests.gateway.scripted_world import world as build

from groundwire.errors import VerificationError
from groundwire.integrations.checking import Checker

Make = Callable[..., Checker]
ATLAS = [{"text": RIGHT, "source": "atlas"}, {"text": "  "}]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda action="rewrite", keep=False, **settings: Checker(
        groundwire=build(tmp_path, action, **settings), keep=keep
    )


@pytest.mark.parametrize(("action", "said"), [("rewrite", REPAIRED), ("block", "The atlas says otherwise.")])
def test_a_text_leaves_as_the_rules_let_it(make: Make, action: str, said: str) -> None:
    checker = make(action)
    text, report = checker.text(WRONG, ATLAS, "Which city?")
    assert text == said
    assert report["question"] == "Which city?"
    assert report["revisions"]["evidence"] != "none"
    assert not checker.gw.store.requests  # type: ignore[attr-defined]


def test_a_message_has_nothing_beside_what_was_checked(make: Make) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}
    message, _ = make().message(
        {"role": "assistant", "content": [{"type": "text", "text": WRONG}, {"type": "thinking", "thinking": WRONG}],
         "tool_calls": [call], "reasoning_content": WRONG, "audio": {"transcript": WRONG}}, [], None
    )  # fmt: skip
    assert CANARY not in str(message)
    assert message["content"] == message["reasoning_content"] == REPAIRED


def test_reports_are_kept_where_that_is_asked_for(make: Make) -> None:
    checker = make(keep=True)
    _, report = checker.text(RIGHT, [], None)
    assert checker.gw.store.get(report["id"])


def test_what_could_not_be_checked_follows_the_setting(make: Make) -> None:
    with pytest.raises(VerificationError):
        make().text(FAILS, [], None)
    text, report = make(on_error="open").text(FAILS, [], None)
    assert (text, report["verdict"]) == (FAILS, "unchecked")
    assert make("block", mode="annotate").text(WRONG, [], None)[0] == WRONG
    assert make("block", mode="off").text(WRONG, [], None) == (WRONG, None)


@pytest.mark.parametrize(("module", "library", "extra"), [
    ("langchain", "langchain_core", "langchain"), ("llama_index", "llama_index", "llamaindex"),
])  # fmt: skip
def test_a_framework_that_is_missing_is_one_line(module: str, library: str, extra: str) -> None:
    code = f"import sys; sys.modules[{library!r}] = None; import groundwire.integrations.{module}"
    environment: Any = {"PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 1
    assert f"pip install 'groundwire[{extra}]'" in ran.stderr.splitlines()[-1]
    assert "another exception" not in ran.stderr
