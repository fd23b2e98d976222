"""Runs the demo: asks the proxy each question over HTTP with the `openai` client, and collects what comes back.

In: scenarios and the URL of a running proxy. Out: answers with their reports. Printing is `render`'s business.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.demo.scenarios import FACTS, RECORDINGS, Scenario
from groundwire.errors import GroundwireError, UpstreamError
from groundwire.model import Outcome, Report, Verdict

if TYPE_CHECKING:
    from openai import OpenAI

    from groundwire.client import Groundwire


class Answer(NamedTuple):
    """One answer as a client got it. `seconds` is the whole round trip, the model's time included.

    `after` is the report on what was delivered, checked once more on its own.
    """

    scenario: Scenario
    delivered: str
    report: Report
    seconds: float
    after: Report


@contextmanager
def started(upstream: str | None = None, *, port: int = 0) -> Iterator[str]:
    """A warm proxy over the demo's facts, answering from recordings or from any litellm model; yields its URL.

    Raises: GroundwireError when it cannot be started.
    """
    from groundwire.gateway import create_app, running

    with tempfile.TemporaryDirectory(prefix="groundwire-demo-") as folder:
        gw = _groundwire(Path(folder), upstream)
        gw.warm()
        gw.store  # noqa: B018 - opened now and not by the first answer
        with running(create_app(gw, _upstream(gw, upstream)), port=port) as url:
            yield url


def ask(url: str, model: str, scenarios: Sequence[Scenario]) -> Iterator[Answer]:
    """Put each question to the proxy. Raises: UpstreamError when a model does not answer."""
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=120) as client:
        for scenario in scenarios:
            began = time.perf_counter()
            try:
                delivered, report = (_streamed if scenario.stream else _whole)(client, model, scenario)
            except openai.APIStatusError as error:
                raise UpstreamError(f"{model}: {_message(error)}", status=error.status_code) from None
            except openai.APIError as error:
                raise UpstreamError(f"{model}: {error.message}") from None
            seconds = time.perf_counter() - began
            yield Answer(scenario, delivered, report, seconds, _again(client, scenario, delivered))


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Counts over all answers: outcomes, verdicts of claims, edits, and how long checking took."""
    claims = [claim for answer in answers for claim in answer.report.claims]
    delivered = [claim for answer in answers for claim in answer.after.claims]
    return {
        "answers": len(answers),
        "outcomes": {str(each): sum(a.report.verdict is each for a in answers) for each in Outcome},
        "claims": {str(each): sum(claim.verdict is each for claim in claims) for each in Verdict},
        "claims_delivered": {str(each): sum(claim.verdict is each for claim in delivered) for each in Verdict},
        "edits": sum(len(answer.report.applied) for answer in answers),
        "check_ms": [round(sum(answer.report.timings.values()), 1) for answer in answers],
    }


def document(answers: Sequence[Answer], model: str) -> dict[str, Any]:
    """All of it as one JSON document."""
    return {
        "model": model,
        "answers": [
            {
                "question": answer.scenario.question,
                "look": answer.scenario.look,
                "answer": answer.report.answer,
                "delivered": answer.delivered,
                "seconds": round(answer.seconds, 4),
                "report": answer.report.model_dump(mode="json"),
                "report_on_delivered": answer.after.model_dump(mode="json"),
            }
            for answer in answers
        ],
        "summary": summary(answers),
    }


def _groundwire(folder: Path, upstream: str | None) -> "Groundwire":
    from groundwire.client import Groundwire
    from groundwire.config import Config

    return Groundwire(
        Config.model_validate(
            {
                "upstream": {"model": upstream} if upstream else {},
                "knowledge": [{"name": "facts", "path": FACTS}],
                "rules": ["correct"],
                "store": f"sqlite:///{folder / 'demo.db'}",
                "deadline_ms": 30_000,
            }
        )
    )


def _upstream(gw: "Groundwire", upstream: str | None) -> Any:
    from groundwire.gateway import LitellmUpstream, RecordedUpstream

    return LitellmUpstream.of(gw.config.upstream) if upstream else RecordedUpstream.load(RECORDINGS)


def _whole(client: "OpenAI", model: str, scenario: Scenario) -> tuple[str, Report]:
    messages: Any = scenario.messages()
    reply = client.chat.completions.create(model=model, messages=messages)
    return reply.choices[0].message.content or "", _report(reply)


def _streamed(client: "OpenAI", model: str, scenario: Scenario) -> tuple[str, Report]:
    """The same as a stream: what arrives is verified text, and the report comes with the last event."""
    messages: Any = scenario.messages()
    delivered, last = [], None
    with client.chat.completions.create(model=model, messages=messages, stream=True) as events:
        for event in events:
            delivered += [choice.delta.content or "" for choice in event.choices]
            last = event if (event.model_extra or {}).get("groundwire") else last
    return "".join(delivered), _report(last)


def _again(client: "OpenAI", scenario: Scenario, delivered: str) -> Report:
    """What was delivered, checked by `/v1/verify` against the same document and the same facts."""
    asked = {
        "answer": delivered,
        "question": scenario.question,
        "context": [scenario.text()] if scenario.document else [],
    }
    return Report.model_validate(client.post("/verify", cast_to=dict[str, Any], body=asked))


def _report(reply: Any) -> Report:
    extra = (reply.model_extra or {}).get("groundwire") if reply is not None else None
    if extra is None:
        raise GroundwireError("the proxy sent no report with the answer.")
    return Report.model_validate(extra)


def _message(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("message") or error.message)
