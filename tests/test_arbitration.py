"""The order of the rules in arbitration, each with the case that tells it from its neighbours."""

import itertools

import pytest

from groundwire.arbitration import arbitrate
from groundwire.model import Claim, Evidence, Finding, JudgedClaim, Label, Reason, Span, Verdict

CLAIM = Claim(id="c1", text="Water boils at 90 degrees.", span=Span(0, 26))
PASSAGE = Evidence(source="physics", text="Water boils at 100 degrees.")


def finding(judge: str, label: str, entailment: float | None = None) -> Finding:
    probabilities = {} if entailment is None else {"entailment": entailment, "neutral": 1 - entailment}
    evidence = (PASSAGE,) if label in ("supported", "contradicted") else ()
    return Finding(judge=judge, version="1", label=Label(label), probabilities=probabilities, evidence=evidence)


def decide(*findings: Finding, spoken: bool = True) -> JudgedClaim:
    return arbitrate(CLAIM, findings, spoken=spoken)


def test_support_from_one_source_is_enough() -> None:
    judged = decide(finding("graph", "unchecked"), finding("entailment", "supported", 0.9))
    assert judged.verdict is Verdict.SUPPORTED
    assert judged.confidence == pytest.approx(0.9)
    assert judged.evidence == (PASSAGE,)


def test_the_graph_supports_what_documents_do_not_mention() -> None:
    judged = decide(finding("graph", "supported"), finding("entailment", "unsupported", 0.1))
    assert judged.verdict is Verdict.SUPPORTED


def test_graph_against_documents_is_a_conflict_and_not_an_average() -> None:
    for one, other in itertools.permutations(("supported", "contradicted")):
        judged = decide(finding("graph", one), finding("entailment", other, 0.5))
        assert (judged.verdict, judged.reason) == (Verdict.UNCHECKED, Reason.CONFLICT)
        assert judged.confidence is None


def test_a_value_that_clashes_overrides_entailment() -> None:
    judged = decide(finding("entailment", "supported", 0.97), finding("value", "contradicted"))
    assert judged.verdict is Verdict.CONTRADICTED
    assert judged.risk > 0.9


def test_a_value_that_stands_nowhere_takes_the_support_of_a_model_away() -> None:
    judged = decide(finding("entailment", "supported", 0.9), finding("value", "unsupported"))
    assert judged.verdict is Verdict.UNSUPPORTED
    assert decide(finding("graph", "supported"), finding("value", "unsupported")).verdict is Verdict.SUPPORTED


def test_opposites_override_entailment_and_values_that_agree() -> None:
    overlooked = (finding("value", "supported"), finding("entailment", "supported", 0.97))
    assert decide(*overlooked, finding("contrast", "contradicted")).verdict is Verdict.CONTRADICTED
    assert decide(*overlooked, finding("contrast", "unsupported")).verdict is Verdict.UNSUPPORTED
    assert decide(*overlooked, finding("contrast", "unchecked")).verdict is Verdict.SUPPORTED
    assert decide(*overlooked, finding("contrast", "error")).reason is Reason.ERROR
    judged = decide(finding("graph", "supported"), finding("contrast", "contradicted"))
    assert (judged.verdict, judged.reason) == (Verdict.UNCHECKED, Reason.CONFLICT)


def test_values_that_agree_do_not_prove_the_rest_of_the_claim() -> None:
    judged = decide(finding("entailment", "unsupported", 0.2), finding("value", "supported"))
    assert judged.verdict is Verdict.UNSUPPORTED


def test_an_error_is_never_supported() -> None:
    for others in itertools.product(("supported", "unsupported", "unchecked", "error"), repeat=2):
        judged = decide(finding("entailment", "error"), *(finding("graph", other) for other in others))
        assert judged.verdict is Verdict.UNCHECKED
        assert judged.reason is Reason.ERROR


def test_a_contradiction_stands_beside_an_error() -> None:
    judged = decide(finding("entailment", "error"), finding("graph", "contradicted"))
    assert judged.verdict is Verdict.CONTRADICTED


def test_what_ran_out_of_time_is_never_supported_and_takes_no_contradiction_away() -> None:
    for others in itertools.product(("supported", "unsupported", "unchecked", "deadline"), repeat=2):
        judged = decide(finding("entailment", "deadline"), *(finding("graph", other) for other in others))
        assert (judged.verdict, judged.reason) == (Verdict.UNCHECKED, Reason.DEADLINE)
    assert decide(finding("entailment", "deadline"), finding("value", "error")).reason is Reason.ERROR
    assert decide(finding("entailment", "deadline"), finding("value", "contradicted")).verdict is Verdict.CONTRADICTED


def test_silence_counts_where_a_source_ought_to_speak() -> None:
    silent = finding("entailment", "unsupported", 0.05)
    assert decide(silent, spoken=True).verdict is Verdict.UNSUPPORTED
    assert decide(spoken=True).verdict is Verdict.UNSUPPORTED
    judged = decide(silent, spoken=False)
    assert (judged.verdict, judged.reason) == (Verdict.UNCHECKED, Reason.NO_EVIDENCE)


def test_a_graph_that_knows_the_subject_speaks() -> None:
    assert decide(finding("graph", "unsupported"), spoken=False).verdict is Verdict.UNSUPPORTED
    assert decide(finding("graph", "unchecked"), spoken=False).verdict is Verdict.UNCHECKED


@pytest.mark.parametrize("overriding", ["value", "contrast"])
@pytest.mark.parametrize("labels", [*itertools.product(Label, repeat=3)])
def test_every_combination_gives_a_verdict_that_says_what_it_rests_on(
    labels: tuple[Label, ...], overriding: str
) -> None:
    findings = [
        finding(judge, label, None if judge != "entailment" else 0.5)
        for judge, label in zip(("graph", "entailment", overriding), labels, strict=True)
    ]
    judged = decide(*findings)
    assert 0 <= judged.risk <= 1
    assert (judged.verdict is Verdict.UNCHECKED) == (judged.reason is not None)
    if judged.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
        assert judged.evidence
        assert any(f.label == judged.verdict.value for f in findings)
