"""`groundwire serve` as it is run: its own process, its own judges, a provider behind it, the openai client before."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from groundwire.gateway import Scripted, serve_scripted

RIGHT = "The capital of Australia is Canberra."
WRONG = "The capital of Australia is Sydney."
ASKED: Any = [{"role": "user", "content": "What is the capital of Australia?"}]
POLICY = {"groundwire": {"documents": ["Refunds are paid within 14 days of the return. Cash is never paid."]}}
FACTS = """\
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Australia rdfs:label "Australia" ; :capital :Canberra .
:Canberra rdfs:label "Canberra" .
:Sydney rdfs:label "Sydney" ; :country :Australia .
"""
SAID = {
    "right": Scripted(RIGHT),
    "wrong": Scripted(f"{RIGHT} {WRONG} {RIGHT}"),
    "refund": Scripted("Refunds are paid within 14 days of the return. The chairman plays the violin."),
}


def ready(url: str, process: "subprocess.Popen[str]") -> bool:
    for _ in range(600):
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", params=["default", "correct"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The name of the pack that rules, and the proxy's URL."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "facts.ttl").write_text(FACTS, encoding="utf-8")
    port = free_port()
    with serve_scripted(lambda asked: SAID[asked["model"]]) as provider:
        models = "".join(
            f"    - {{model_name: {name}, litellm_params: "
            f"{{model: openai/{name}, api_base: {provider}, api_key: os.environ/GW_TEST_KEY}}}}\n"
            for name in (*SAID, "status-429", "status-500")
        )
        (folder / "groundwire.yaml").write_text(
            f"listen: 127.0.0.1:{port}\n"
            f"upstream:\n  model_list:\n{models}"
            "knowledge: [{name: company, path: facts.ttl}]\n"
            f"rules: [{request.param}]\n"
            "deadline_ms: 60000\n"
            f"store: sqlite:///{folder}/reports.db\n",
            encoding="utf-8",
        )
        with subprocess.Popen(
            [sys.executable, "-m", "groundwire", "serve", "-c", str(folder / "groundwire.yaml")],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"GW_TEST_KEY": "sk-not-a-real-key"},
        ) as process:
            url = f"http://127.0.0.1:{port}"
            assert ready(url, process)
            yield request.param, url
            process.terminate()


@pytest.fixture
def client(served: tuple[str, str]) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{served[1]}/v1", api_key="none", max_retries=0) as client:
        yield client


def streamed(client: openai.OpenAI, model: str) -> tuple[str, dict[str, Any]]:
    text = ""
    told: dict[str, Any] = {}
    for chunk in client.chat.completions.create(model=model, messages=ASKED, stream=True):
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
        told = (chunk.model_extra or {}).get("groundwire") or told
    return text, told


def test_a_supported_answer_comes_as_it_was(served: tuple[str, str], client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model="right", messages=ASKED)
    reply = raw.parse()
    assert reply.choices[0].message.content == RIGHT
    assert raw.headers["x-groundwire-verdict"] == "clean"
    assert raw.headers["x-groundwire-coverage"] == "1.000"
    report = httpx.get(f"{served[1]}/v1/reports/{raw.headers['x-groundwire-report']}").json()
    assert report == (reply.model_extra or {})["groundwire"]
    assert streamed(client, "right")[0] == RIGHT


def test_a_wrong_answer_is_flagged_or_rewritten_as_the_rules_say(
    served: tuple[str, str], client: openai.OpenAI
) -> None:
    pack, _ = served
    expected = f"{RIGHT} {WRONG if pack == 'default' else RIGHT} {RIGHT}"
    verdict = "flagged" if pack == "default" else "rewritten"
    reply = client.chat.completions.create(model="wrong", messages=ASKED)
    told = (reply.model_extra or {})["groundwire"]
    assert reply.choices[0].message.content == expected
    assert told["verdict"] == verdict
    assert [claim["verdict"] for claim in told["claims"]] == ["supported", "contradicted", "supported"]
    assert told["revised"] == f"{RIGHT} {RIGHT} {RIGHT}"
    text, in_stream = streamed(client, "wrong")
    assert text == expected
    assert in_stream["verdict"] == verdict


def test_documents_of_the_request_are_what_the_answer_is_held_against(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(model="refund", messages=ASKED, extra_body=POLICY)
    told = (reply.model_extra or {})["groundwire"]
    assert [claim["verdict"] for claim in told["claims"]] == ["supported", "unsupported"]


def test_an_upstream_failure_keeps_its_status_and_its_words(client: openai.OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as refused:
        client.chat.completions.create(model="status-429", messages=ASKED)
    assert refused.value.status_code == 429
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="status-500", messages=ASKED)
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="nosuch", messages=ASKED)
