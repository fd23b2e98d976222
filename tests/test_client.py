"""Groundwire in a Python program: real parts, real litellm, a provider over HTTP on this machine."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundwire import Config, Groundwire, InputError, KnowledgeError, Report, RuleError, VerificationError
from groundwire.bench import prose
from groundwire.evidence import Document
from groundwire.gateway import serve_scripted
from groundwire.nli import FakeEntailment, QueuedModel

RIGHT = "The capital of Australia is Canberra."
WRONG = "The capital of Australia is Sydney."
HOURS = "The shop opens at nine. Refunds are paid within 14 days."
ASKED = [{"role": "user", "content": "What is the capital of Australia?"}]


@pytest.fixture(scope="module")
def gw() -> Groundwire:
    return Groundwire()


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.tsv"
    path.write_text("Australia\tcapital\tCanberra\nSydney\tcountry\tAustralia\n", encoding="utf-8")
    return path


def test_context_may_be_a_text_texts_or_documents(gw: Groundwire) -> None:
    for context in (HOURS, [HOURS], [Document("hours", HOURS)]):
        assert gw.verify("The shop opens at nine.", context=context).verdict == "clean"
    report = gw.verify("The shop opens at nine.", context=[Document("hours", HOURS)])
    assert report.claims[0].evidence[0].source == "hours"
    assert gw.verify("The shop opens at ten.", context=HOURS).verdict == "flagged"


def test_opposites_and_limits_do_not_pass_for_support(gw: Groundwire) -> None:
    policy = "Shipping costs are not refunded. Pets are allowed only with the written consent of the landlord."
    verdicts = {
        "Shipping costs are refunded.": ("contradicted", "contradicted"),
        "Shipping costs are not refunded.": ("supported", "unchecked"),
        "Pets are not allowed under any circumstances.": ("contradicted", "unsupported"),
    }
    for claim, (verdict, by_contrast) in verdicts.items():
        report = gw.verify(claim, context=policy)
        [judged] = report.claims
        assert judged.verdict == verdict, claim
        assert report.revisions["contrast"] == "2"
        found = {finding.judge: finding.label.value for finding in judged.findings}
        assert found["contrast"] == by_contrast


SAID = [
    ("Refunds are paid no later than 14 days after the return.", "Refunds are paid within 14 days of the return."),
    ("Marie Curie was born in Warsaw.", "Marie Curie, born in Warsaw in 1867, won two Nobel prizes."),
    ("The bridge was closed after the flood.", "After the flood of March, engineers closed the bridge."),
    ("The trial had 240 patients.", "The trial enrolled 240 patients at six sites. Half were given a placebo."),
]


@pytest.mark.parametrize(("claim", "passage"), SAID, ids=[claim for claim, _ in SAID])
@pytest.mark.parametrize("paragraphs", [10, 200])
def test_a_longer_context_never_lowers_a_score(gw: Groundwire, claim: str, passage: str, paragraphs: int) -> None:
    short = gw.verify(claim, context=passage)
    assert short.verdict == "clean"
    around = [prose.context(seed, words=60) for seed in range(paragraphs)]
    half = len(around) // 2
    long = gw.verify(claim, context=[*around[:half], passage, *around[half:]])
    assert long.verdict == "clean"
    assert long.score <= short.score + 1e-6


def test_knowledge_is_a_file_or_several(gw: Groundwire, facts: Path) -> None:
    for knowledge in (facts, str(facts), [facts, facts]):
        report = gw.verify(WRONG, knowledge=knowledge, rules=["correct"])
        assert report.delivered == RIGHT


def test_a_collection_is_silent_only_about_what_it_speaks_of(tmp_path: Path) -> None:
    (tmp_path / "refunds.md").write_text("Refunds are paid within 14 days of the return.", encoding="utf-8")
    (tmp_path / "hours.md").write_text("The shop opens at nine and closes at six.", encoding="utf-8")
    gw = Groundwire({"documents": [{"name": "policies", "path": str(tmp_path)}]})
    answer = "Refunds are paid within 14 days. Refunds are paid in gold coins. Marie Curie was born in Warsaw."
    report = gw.verify(answer)
    assert [claim.verdict for claim in report.claims] == ["supported", "unsupported", "unchecked"]
    assert report.claims[2].reason == "no_evidence"


def test_what_is_no_input_is_refused_in_one_line(gw: Groundwire, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="answer"):
        gw.verify(None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"context\[1\]"):
        gw.verify("a", context=["a", 3])  # type: ignore[list-item]
    with pytest.raises(KnowledgeError, match="nowhere"):
        gw.verify("a", knowledge=tmp_path / "nowhere.ttl")
    with pytest.raises(RuleError, match="nosuch"):
        Groundwire({"rules": ["nosuch"]})


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("", "clean"),
        ("😀🎉" * 50, "clean"),
        ("```python\nprint(1)\n```", "clean"),
        ("退款在十四天内支付。", "unchecked"),
        ('{"refund": {"days": 14}}', "clean"),
        ("\ud800 The shop opens at nine.", "clean"),
        ("\u202eThe shop opens at nine.", "clean"),
        ("| day | opens |\n|---|---|\n| Monday | at nine |\n", None),
        ("a\x00b\u200b\ufeff. " * 50, None),
        ("x" * 100_000, None),
        ("(" * 5_000 + "[" * 5_000 + "**" * 5_000, None),
        ("The shop opens at nine and refunds are paid within 14 days. " * 3_000, "clean"),
    ],
    ids=["empty", "emoji", "code", "chinese", "json", "surrogate", "bidi", "table", "nul", "word", "open", "long"],
)
def test_any_answer_gets_a_report(gw: Groundwire, answer: str, verdict: str | None) -> None:
    report = gw.verify(answer, context=HOURS)
    assert verdict in (None, report.verdict)
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert len(report.answer) == len(answer)
    for claim in report.claims:
        assert 0 <= claim.span.start <= claim.span.end <= len(answer)


def test_threads_share_one_groundwire(gw: Groundwire, facts: Path) -> None:
    async def together() -> list[Report]:
        return await asyncio.gather(*(gw.averify(WRONG, knowledge=facts, context=HOURS) for _ in range(8)))

    reports = asyncio.run(together())
    assert {report.claims[0].verdict for report in reports} == {"contradicted"}
    assert len({report.id for report in reports}) == 8


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with serve_scripted(f"{WRONG} {RIGHT}") as url:
        yield url


@pytest.fixture
def correcting(facts: Path) -> Groundwire:
    return Groundwire(
        Config.load({"knowledge": [{"name": "facts", "path": str(facts)}], "rules": ["correct"], "deadline_ms": 60_000})
    )


def request(provider: str, **more: Any) -> dict[str, Any]:
    return {"model": "openai/any", "api_base": provider, "api_key": "k", "messages": ASKED, **more}


async def test_acompletion_is_litellms_with_a_report(correcting: Groundwire, provider: str) -> None:
    response = await correcting.acompletion(**request(provider))
    import litellm  # only now: Groundwire loads it without its look at the network

    assert isinstance(response, litellm.ModelResponse)
    assert response.choices[0].message.content == f"{RIGHT} {RIGHT}"
    assert response.groundwire.verdict == "rewritten"


async def test_acompletion_streams_verified_text(correcting: Groundwire, provider: str) -> None:
    text, reports = "", []
    async for chunk in await correcting.acompletion(**request(provider, stream=True)):
        text += chunk.choices[0].delta.content or "" if chunk.choices else ""
        assert "Sydney" not in text
        reports += [chunk.groundwire] if hasattr(chunk, "groundwire") else []
    assert text == f"{RIGHT} {RIGHT}"
    assert [report.verdict for report in reports] == ["rewritten"]


def test_completion_is_the_synchronous_twin(correcting: Groundwire, provider: str) -> None:
    assert correcting.completion(**request(provider)).groundwire.verdict == "rewritten"
    with pytest.raises(InputError, match="stream"):
        correcting.completion(**request(provider, stream=True))


async def test_completion_works_where_a_loop_already_runs(correcting: Groundwire, provider: str) -> None:
    assert correcting.completion(**request(provider)).groundwire.verdict == "rewritten"


async def test_a_check_that_cannot_be_made_raises_when_closed(provider: str) -> None:
    hasty = Groundwire({"deadline_ms": 1})
    with pytest.raises(VerificationError, match="could not be checked"):
        await hasty.acompletion(**request(provider, groundwire={"documents": [HOURS]}))
    lenient = Groundwire({"deadline_ms": 1, "on_error": "open"})
    response = await lenient.acompletion(**request(provider, groundwire={"documents": [HOURS]}))
    assert response.choices[0].message.content == f"{WRONG} {RIGHT}"
    assert response.groundwire.verdict != "clean"


def test_the_settings_of_the_judge_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    model = QueuedModel(FakeEntailment(default=(0.6, 0.3, 0.1)))
    monkeypatch.setattr("groundwire.nli.load_model", lambda name, threads: model)
    risks = {}
    for name, settings in {
        "plain": {},
        "strict": {"thresholds": {"supported": 0.61}},
        "calibrated": {"calibration": {"slope": 2.0, "intercept": 0.0}, "thresholds": {"supported": 0.61}},
    }.items():
        [claim] = Groundwire({"entailment": settings}).verify("Birds sing.", context=["The shop opens."]).claims
        risks[name] = (claim.verdict.value, round(claim.risk, 3))
    assert risks == {"plain": ("supported", 0.4), "strict": ("unsupported", 0.4), "calibrated": ("supported", 0.308)}
