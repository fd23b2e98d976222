"""What a request carries: which of it is evidence, which speaks, and what it asks."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.errors import InputError
from groundwire.evidence import Document, documents_of, read_prose

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy

ARTICLE = (
    "The lighthouse at Skagen was built in 1858 and stands 46 metres tall. It was designed by the architect Niels "
    "Sigfred Nebelong. Until 1952 it was the tallest in Denmark. Visitors climb its 210 steps to see both seas."
)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def carried(*messages: Any, groundwire: Any = None) -> tuple[list[tuple[str, bool]], str | None]:
    documents, question = documents_of(messages, groundwire)
    return [(" ".join(d.text.split()), d.speaks) for d in documents], question


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "Hi!",
        "Thanks a lot, great!",
        "You are a helpful assistant. Always answer in one sentence. If you do not know, say so.",
        "Summarise:",
        "Write an essay about climate change. It should be 500 words long, with three headings and a call to action.",
        "I think that the capital of Australia is Sydney. Is that right?",
        "Explain how lighthouses work and why they were built where they were, in words that a child can follow, "
        "and make sure that you mention lenses, clockwork, oil and electricity somewhere in the explanation.",
        "```\ndef f(x):\n    return x\n```\nFix this.",
    ],
)
def test_asking_is_no_evidence(text: str) -> None:
    assert documents_of([user(text)]) == ((), documents_of([user(text)])[1])


@pytest.mark.parametrize(
    "text", ["My order number is 5521. Where is it?", "We moved to Leeds in 2019. Help me plan a party."]
)
def test_a_remark_is_evidence_that_does_not_speak(text: str) -> None:
    documents, question = carried(user(text))
    assert [speaks for _, speaks in documents] == [False]
    assert question
    assert documents[0][0] in text


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"Summarise the following article:\n\n{ARTICLE}", "Summarise the following article:"),
        (f"{ARTICLE}\n\nHow tall is the lighthouse?", "How tall is the lighthouse?"),
        (f"Context: {ARTICLE}\n\nQuestion: How tall is it?\nAnswer:", "How tall is it?"),
        (f"<document>\n{ARTICLE}\n</document>\nHow tall is it?", "How tall is it?"),
        (f"Use the context below.\n\n### Context\n{ARTICLE}\n\n### Question\nHow tall is it?", "How tall is it?"),
    ],
)
def test_source_material_speaks_and_its_question_is_found(text: str, question: str) -> None:
    documents, asked = carried(user(text))
    assert asked == question
    assert len(documents) == 1
    assert documents[0][1]
    assert "46 metres" in documents[0][0]
    assert "How tall" not in documents[0][0]


def test_a_labelled_sentence_is_enough() -> None:
    assert carried(user("Context: The rate is 5.4 %. Question: What is the rate?")) == (
        [("Context: The rate is 5.4 %.", True)],
        "What is the rate?",
    )


def test_a_system_message_with_a_policy_speaks_and_its_orders_are_left_out() -> None:
    policy = (
        "You are the assistant of Acme. Be polite. Goods can be returned within 30 days of delivery. Refunds are paid "
        "to the original card within 10 working days. Opened software is not refunded. Delivery inside the country "
        "costs 4 euros."
    )
    documents, question = carried({"role": "system", "content": policy}, user("Can I return a lamp?"))
    assert documents[0][1]
    assert "30 days" in documents[0][0]
    assert "polite" not in documents[0][0]
    assert question == "Can I return a lamp?"


def test_the_assistant_is_never_evidence() -> None:
    turns: list[dict[str, Any]] = [
        {"role": "assistant", "content": ARTICLE},
        {"role": "assistant", "content": [{"type": "text", "text": ARTICLE}]},
    ]
    assert documents_of(turns) == ((), None)


@pytest.mark.parametrize(
    "message",
    [
        {"role": "tool", "tool_call_id": "1", "content": "Shipped."},
        {"role": "tool", "content": [{"type": "text", "text": "Shipped."}]},
        {"role": "function", "name": "track", "content": "Shipped."},
        {"type": "function_call_output", "call_id": "1", "output": "Shipped."},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "Shipped."}]},
        {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "Shipped."}]}]},
        {"role": "user", "content": [{"type": "grounding_source", "text": "Shipped."}]},
        {"role": "user", "content": [{"type": "text", "text": "Shipped.", "qualifiers": ["grounding_source"]}]},
        {
            "role": "user",
            "content": [{"guardContent": {"text": {"text": "Shipped.", "qualifiers": ["grounding_source"]}}}],
        },
        {"role": "user", "content": [{"type": "document", "source": {"type": "text", "data": "Shipped."}}]},
        {"role": "user", "content": [{"type": "document", "source": {"type": "content", "content": "Shipped."}}]},
        {
            "role": "user",
            "content": [{"type": "search_result", "source": "u", "content": [{"type": "text", "text": "Shipped."}]}],
        },
    ],
)
def test_blocks_that_speak_however_short(message: dict[str, Any]) -> None:
    assert carried(message)[0] == [("Shipped.", True)]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "query", "text": "How tall is it?"},
        {"guardContent": {"text": {"text": "How tall is it?", "qualifiers": ["query"]}}},
        {"type": "guard_content", "text": {"text": "How tall is it?"}},
        {"type": "input_text", "text": "How tall is it?"},
        "How tall is it?",
    ],
)
def test_the_query_block_is_the_question(block: Any) -> None:
    message = user([{"type": "grounding_source", "text": ARTICLE}, block])
    documents, question = carried(message)
    assert question == "How tall is it?"
    assert [speaks for _, speaks in documents] == [True]


def test_spans_of_a_message_index_the_message() -> None:
    text = f"Hello! Please read this.\n\n{ARTICLE}\n\nHow tall is it?"
    (document,), _ = documents_of([user(text)])
    assert len(document.text) == len(text)
    at = text.index("The lighthouse")
    assert document.text[at : at + 14] == "The lighthouse"


@ANY_SPEED
@given(st.text(alphabet="aI .?!\n:Context-#<>/\x00é", max_size=200))
def test_prose_is_blanked_never_moved(text: str) -> None:
    evidence = read_prose(text).evidence
    assert evidence == "" or len(evidence) == len(text)
    assert all(kept in (original, "\n") for kept, original in zip(evidence, text, strict=False))


def test_explicit_documents_and_question() -> None:
    given_ = {"documents": ["One.", {"text": "Two.", "source": "two.md", "uri": "file:///two.md"}], "question": "Why?"}
    documents, question = documents_of([user("Ignored?")], given_)
    assert documents == (Document("document 1", "One."), Document("two.md", "Two.", "file:///two.md"))
    assert question == "Why?"


@pytest.mark.parametrize(
    ("groundwire", "where"),
    [
        ({"documents": "text"}, "groundwire.documents"),
        ({"documents": {"text": "x"}}, "groundwire.documents"),
        ({"documents": 5}, "groundwire.documents"),
        ({"documents": [5]}, "groundwire.documents[0]"),
        ({"documents": ["a", {"source": "b"}]}, "groundwire.documents[1].text"),
        ({"documents": [{"text": "a", "path": "/etc/passwd"}]}, "groundwire.documents[0]"),
        ({"documents": [{"text": "a", "uri": 1}]}, "groundwire.documents[0].uri"),
        ({"question": ["a"]}, "groundwire.question"),
    ],
)
def test_a_wrong_extension_is_one_line(groundwire: Any, where: str) -> None:
    with pytest.raises(InputError) as caught:
        documents_of([], groundwire)
    assert caught.value.where == where
    assert "\n" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "type", "text", "content", "source", "qualifiers", "guardContent"]), inner
        )
    ),
    max_leaves=12,
)


@ANY_SPEED
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["role", "content"]), JSON | st.sampled_from(["user", "tool"])), max_size=3
    )
)
def test_any_message_is_read_without_an_error(messages: list[dict[str, Any]]) -> None:
    documents, _ = documents_of(messages)
    assert all(isinstance(document.text, str) for document in documents)


def test_names_of_documents_do_not_collide() -> None:
    blocks = [{"type": "grounding_source", "text": t} for t in ("A.", "B.", "C.")]
    sources = [document.source for document in documents_of([user(blocks)])[0]]
    assert len(set(sources)) == 3
