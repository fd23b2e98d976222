"""Recordings: the same words whole and streamed, and a clear line for what was never asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from groundwire.errors import InputError, UpstreamError
from groundwire.gateway import RecordedUpstream

RECORDING = {
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Which  city?"}],
    "answer": "It is Canberra.",
    "pieces": ["It", " is", " Can", "berra", "."],
    "finish_reason": "length",
}


def asking(text: Any, **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], **fields}


async def test_an_answer_is_found_by_the_last_user_message(tmp_path: Path) -> None:
    file = tmp_path / "recordings.json"
    file.write_text(json.dumps({"model": "gemma", "provenance": {}, "recordings": [RECORDING]}), "utf-8")
    upstream = RecordedUpstream.load(file)
    assert upstream.models == ("gemma",)
    for text in ("Which city?", [{"type": "text", "text": "Which city?"}]):
        answer = await upstream.complete(asking(text, model="gemma", n=2))
        assert [choice["message"]["content"] for choice in answer["choices"]] == ["It is Canberra."] * 2
    chunks = [chunk["choices"][0] async for chunk in upstream.stream(asking("Which city?"))]
    assert [chunk["delta"]["content"] for chunk in chunks if chunk["delta"].get("content")] == RECORDING["pieces"]
    assert chunks[-1]["finish_reason"] == "length"


async def test_without_pieces_an_answer_is_cut_like_tokens() -> None:
    upstream = RecordedUpstream([{"prompt": "Which?", "answer": "It is  Canberra,\nof course. "}])
    pieces = [chunk["choices"][0]["delta"].get("content") or "" async for chunk in upstream.stream(asking("Which?"))]
    assert "".join(pieces) == "It is  Canberra,\nof course. "
    assert len(pieces) > 5


@pytest.mark.parametrize("request_", [asking("Which river?"), asking("Which?", model="other"), {"messages": []}])
async def test_what_was_not_recorded_is_404(request_: dict[str, Any]) -> None:
    upstream = RecordedUpstream([{"prompt": "Which?", "answer": "That."}])
    with pytest.raises(UpstreamError) as refused:
        await upstream.complete(request_)
    assert refused.value.status == 404
    with pytest.raises(UpstreamError):
        await upstream.embed({"input": "x"})


@pytest.mark.parametrize("text", [None, "{", "[]", '{"model": "x"}', '{"model": "x", "recordings": [{}]}'])
def test_a_bad_file_is_one_line(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "recordings.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"recordings\.json"):
        RecordedUpstream.load(file)
