from collections.abc import Mapping

import pytest

from groundwire.errors import DeadlineError
from groundwire.model import Case, Claim, Evidence, Label, Span
from groundwire.nli import EntailmentJudge, FakeEntailment, Thresholds

YES, NO, OPEN = (0.9, 0.08, 0.02), (0.02, 0.08, 0.9), (0.1, 0.85, 0.05)


def case(text: str, *passages: str | Evidence) -> Case:
    evidence = tuple(p if isinstance(p, Evidence) else Evidence(source="doc", text=p) for p in passages)
    return Case(Claim(id="c1", text=text, span=Span(0, len(text))), evidence)


def judge(script: Mapping[tuple[str, str], tuple[float, float, float]]) -> EntailmentJudge:
    return EntailmentJudge(FakeEntailment(script, default=OPEN), Thresholds(0.5, 0.5))


def test_one_finding_a_case_in_order() -> None:
    script = {("one", "a"): YES, ("two", "b"): NO}
    findings = judge(script).judge([case("a", "one"), case("b", "two"), case("c", "three")])
    assert [f.label for f in findings] == [Label.SUPPORTED, Label.CONTRADICTED, Label.UNSUPPORTED]
    assert [f.evidence[0].text for f in findings] == ["one", "two", "three"]
    assert findings[0].probabilities == {"entailment": 0.9, "neutral": 0.08, "contradiction": 0.02}


def test_support_from_any_passage_is_enough_even_where_another_contradicts() -> None:
    (finding,) = judge({("far", "a"): NO, ("near", "a"): YES}).judge([case("a", "far", "else", "near")])
    assert finding.label is Label.SUPPORTED
    assert [e.text for e in finding.evidence] == ["near"]


def test_a_passage_that_is_not_enough_for_a_high_threshold_does_not_hide_one_that_is() -> None:
    script = {("near", "a"): (0.7, 0.2, 0.1), ("right", "a"): (0.95, 0.04, 0.01)}
    demanding = EntailmentJudge(FakeEntailment(script, default=OPEN), Thresholds(0.9, 0.9))
    (finding,) = demanding.judge([case("a", "near", "right")])
    assert finding.label is Label.SUPPORTED
    assert [e.text for e in finding.evidence] == ["right"]


def test_a_contradiction_cites_its_passage() -> None:
    (finding,) = judge({("against", "a"): NO}).judge([case("a", "other", "against")])
    assert finding.label is Label.CONTRADICTED
    assert [e.text for e in finding.evidence] == ["against"]
    assert finding.probabilities["contradiction"] == 0.9


def test_more_passages_never_take_support_away() -> None:
    script = {("good", "a"): YES}
    alone = judge(script).judge([case("a", "good")])[0]
    among = judge(script).judge([case("a", *(f"noise {i}" for i in range(30)), "good")])[0]
    assert (among.label, among.probabilities) == (alone.label, alone.probabilities)


def test_two_neighbours_are_tried_together_when_neither_is_enough() -> None:
    left = Evidence(source="doc", text="Anna met Bo.", span=Span(0, 12))
    right = Evidence(source="doc", text="He was king.", span=Span(13, 25))
    script = {("Anna met Bo. He was king.", "Anna met a king."): YES}
    (finding,) = judge(script).judge([case("Anna met a king.", right, left)])
    assert finding.label is Label.SUPPORTED
    assert finding.evidence == (left, right)


def test_what_overlapping_passages_share_is_read_once() -> None:
    text = "One. Two. Three."
    left = Evidence(source="doc", text=text[:9], span=Span(0, 9))
    right = Evidence(source="doc", text=text[5:], span=Span(5, 16))
    model = FakeEntailment(default=OPEN)
    EntailmentJudge(model).judge([case("a", left, right)])
    assert model.calls[-1] == [("One. Two. Three.", "a")]


def test_passages_of_other_documents_are_no_neighbours() -> None:
    passages = [Evidence(source=f"doc{i}", text=f"p{i}", span=Span(0, 2)) for i in range(4)]
    model = FakeEntailment(default=OPEN)
    EntailmentJudge(model).judge([case("a", *passages)])
    assert model.calls[-1] == [("p0 p1", "a")]  # the two ranked best, and no others


def test_all_cases_go_together_first_the_best_passage_then_the_others_then_joined() -> None:
    model = FakeEntailment({("p", "a"): YES}, default=OPEN)
    EntailmentJudge(model).judge([case("a", "p", "q"), case("b", "p", "q"), case("c", "p")])
    assert model.calls == [[("p", "a"), ("p", "b"), ("p", "c")], [("q", "b")], [("p q", "b")]]


@pytest.mark.parametrize("fails", [RuntimeError("broken"), "nan", "shape", "rows", "sum"], ids=str)
def test_a_model_that_fails_gives_errors_never_support(fails: object) -> None:
    model = FakeEntailment(default=YES, fails=fails)  # type: ignore[arg-type]
    findings = EntailmentJudge(model).judge([case("a", "p"), case("b", "q", "r")])
    assert [f.label for f in findings] == [Label.ERROR, Label.ERROR]
    assert all(f.explanation and not f.probabilities for f in findings)


def test_one_bad_row_spoils_its_own_claim_only() -> None:
    nan = float("nan")
    model = FakeEntailment({("p", "a"): OPEN, ("q", "a"): (nan, nan, nan), ("p", "b"): YES})
    findings = EntailmentJudge(model).judge([case("a", "p", "q"), case("b", "p")])
    assert [f.label for f in findings] == [Label.ERROR, Label.SUPPORTED]


def test_a_failure_in_the_second_call_is_an_error_too() -> None:
    class Tired(FakeEntailment):
        def predict(self, pairs, *, deadline=None):  # type: ignore[no-untyped-def]
            if self.calls:
                raise RuntimeError("second call")
            return super().predict(pairs)

    (finding,) = EntailmentJudge(Tired(default=OPEN)).judge([case("a", "p", "q")])
    assert finding.label is Label.ERROR
    assert "second call" in finding.explanation


def test_what_comes_too_late_is_said_so_and_what_came_in_time_stands() -> None:
    class Slow(FakeEntailment):
        def predict(self, pairs, *, deadline=None):  # type: ignore[no-untyped-def]
            assert deadline == 5.0
            if self.calls:
                raise DeadlineError("no time")
            return super().predict(pairs)

    findings = EntailmentJudge(Slow({("p", "a"): YES}, default=OPEN)).judge(
        [case("a", "p", "q"), case("b", "p", "q")], deadline=5.0
    )
    assert [f.label for f in findings] == [Label.SUPPORTED, Label.DEADLINE]
    assert not findings[1].probabilities


def test_a_claim_that_is_too_long_is_not_checked_and_says_so() -> None:
    model = FakeEntailment(default=YES, max_length=20)
    long, short = case("word " * 11, "p"), case("a claim", "p")
    findings = EntailmentJudge(model).judge([long, short])
    assert [f.label for f in findings] == [Label.UNCHECKED, Label.SUPPORTED]
    assert "11 tokens" in findings[0].explanation
    assert "at most 10" in findings[0].explanation


def test_a_tokenizer_that_fails_is_an_error() -> None:
    class Broken(FakeEntailment):
        def length(self, text: str) -> int:
            raise RuntimeError("no tokenizer")

    (finding,) = EntailmentJudge(Broken(max_length=4)).judge([case("a long claim", "p")])
    assert finding.label is Label.ERROR


@pytest.mark.parametrize("passages", [(), ("",), (" \n ",)], ids=str)
def test_without_a_passage_nothing_is_checked(passages: tuple[str, ...]) -> None:
    model = FakeEntailment(default=YES)
    (finding,) = EntailmentJudge(model).judge([case("a", *passages)])
    assert finding.label is Label.UNCHECKED
    assert model.calls == []


def test_no_cases_no_findings() -> None:
    assert EntailmentJudge(FakeEntailment()).judge([]) == []


def test_thresholds_decide_and_are_part_of_the_version() -> None:
    model = FakeEntailment(default=(0.6, 0.3, 0.1))
    strict, lenient = EntailmentJudge(model, Thresholds(0.7, 0.9)), EntailmentJudge(model, Thresholds(0.5, 0.9))
    assert strict.judge([case("a", "p")])[0].label is Label.UNSUPPORTED
    assert lenient.judge([case("a", "p")])[0].label is Label.SUPPORTED
    assert strict.version != lenient.version


def test_thresholds_come_from_the_model() -> None:
    model = FakeEntailment(default=(0.6, 0.3, 0.1))
    model.thresholds = {"supported": 0.61, "contradicted": 0.9}  # type: ignore[attr-defined]
    assert EntailmentJudge(model).judge([case("a", "p")])[0].label is Label.UNSUPPORTED


def test_passages_ranked_far_behind_the_best_are_not_read() -> None:
    passages = [Evidence(source="doc", text=text, score=score) for text, score in (("p", 0.8), ("q", 0.7), ("r", 0.6))]
    model = FakeEntailment(default=OPEN)
    EntailmentJudge(model).judge([case("a", *passages)])
    assert [pair for call in model.calls[:2] for pair in call] == [("p", "a"), ("q", "a")]


def test_passages_that_hardly_support_a_claim_are_not_joined() -> None:
    model = FakeEntailment(default=(0.05, 0.9, 0.05))
    (finding,) = EntailmentJudge(model).judge([case("a", "p", "q")])
    assert finding.label is Label.UNSUPPORTED
    assert model.calls == [[("p", "a")], [("q", "a")]]
