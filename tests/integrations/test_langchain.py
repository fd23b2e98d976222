"""GroundwireRunnable in chains of LangChain itself."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG, world

from groundwire.errors import InputError, VerificationError
from groundwire.integrations.langchain import GroundwireRunnable

CALL = {"name": "save", "args": {"capital": "Sydney"}, "id": "c1", "type": "tool_call"}
ASKED = {"question": "Which?"}


@pytest.fixture
def check(tmp_path: Path) -> Any:
    return GroundwireRunnable(groundwire=world(tmp_path, "rewrite"))


@pytest.fixture
def said() -> Any:
    return AIMessage(
        f"{RIGHT} {WRONG}", tool_calls=[CALL], additional_kwargs={"reasoning_content": WRONG, "audio": WRONG},
        response_metadata={"model_name": "m", "logprobs": {"content": [{"token": WRONG}]}},
        usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
    )  # fmt: skip


def chain(said: Any, check: Any) -> Any:
    return ChatPromptTemplate.from_template("{question}") | GenericFakeChatModel(messages=iter([said])) | check


@pytest.mark.parametrize("waits", [False, True])
async def test_a_message_leaves_as_the_rules_let_it(said: Any, check: Any, waits: bool) -> None:
    got = await chain(said, check).ainvoke(ASKED) if waits else chain(said, check).invoke(ASKED)
    assert isinstance(got, AIMessage)
    assert got.content == f"{RIGHT} {REPAIRED}"
    assert got.tool_calls == [{**CALL, "args": {"capital": "Canberra"}}]
    assert got.usage_metadata == said.usage_metadata
    assert got.response_metadata.pop("groundwire")["verdict"] == "rewritten"
    assert CANARY not in repr(got)


def test_a_stream_and_a_batch_leave_checked(said: Any, check: Any) -> None:
    assert "".join((chain(said, check) | StrOutputParser()).stream(ASKED)) == f"{RIGHT} {REPAIRED}"
    assert check.batch([WRONG, RIGHT]) == [REPAIRED, RIGHT]


def test_a_mapping_keeps_what_else_is_in_it(check: Any) -> None:
    documents = [Document(RIGHT, metadata={"source": "atlas"}), "Water is wet."]
    got = check.invoke({"answer": WRONG, "context": documents, "question": "Which?", "kept": 1})
    assert (got["answer"], got["kept"]) == (REPAIRED, 1)
    assert got["groundwire"]["question"] == "Which?"


def test_what_cannot_be_checked_and_what_is_no_answer_are_errors(check: Any) -> None:
    with pytest.raises(VerificationError):
        check.invoke(FAILS)
    with pytest.raises(InputError):
        check.invoke(HumanMessage("Which?"))
    with pytest.raises(InputError):
        check.invoke({"context": "a"})


def test_where_text_flows_the_report_says_what_was_found(tmp_path: Path, said: Any) -> None:
    flows = GroundwireRunnable(groundwire=world(tmp_path, "rewrite", mode="annotate")).invoke(said)
    assert flows.content == said.content
    assert flows.response_metadata["groundwire"]["verdict"] == "flagged"


def test_a_configuration_is_enough() -> None:
    assert GroundwireRunnable({"mode": "off"}).invoke(WRONG) == WRONG
