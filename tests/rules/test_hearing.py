"""The rules at work on one answer: prohibitions, requirements, patterns, rules on trial, rules that cannot be tried."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.rules.judged_claims import judged, pack

from groundwire.model import Action, JudgedClaim, Reason, Verdict
from groundwire.rules import ALLOWED, Hearing, OnError, Pair, RuleSet, Unknown, load_rules

NO_RETURN = "A return is guaranteed."
WARNING = "Money can be lost."


class Model:
    """Entails what is the same word for word, with the probability that is asked for; counts what it is asked."""

    def __init__(self, probability: float = 0.9, fails: str = "") -> None:
        self.probability, self.fails = probability, fails
        self.asked: list[Pair] = []
        self.calls = 0

    def __call__(self, pairs: Sequence[Pair]) -> list[float | Unknown]:
        self.calls += 1
        self.asked += pairs
        return [Unknown("the model is gone") if said == self.fails else self._row(said, of) for said, of in pairs]

    def _row(self, said: str, of: str) -> float:
        return self.probability if said == of else 0.1


def rules(folder: Path, *lines: str) -> RuleSet:
    return load_rules([str(pack(folder, *lines))])


def says(text: str) -> JudgedClaim:
    return judged(text, Verdict.SUPPORTED)


PROHIBITS = f"p; ; remove; prohibit: {NO_RETURN}"
REQUIRES = f"r; ; block; require: {WARNING}"


@pytest.mark.parametrize(("probability", "fires"), [(0.9, True), (0.5, True), (0.49, False)])
def test_a_prohibition_fires_on_the_statement_that_entails_it(tmp_path: Path, probability: float, fires: bool) -> None:
    model = Model(probability)
    hearing = Hearing(rules(tmp_path, PROHIBITS), ask=model)
    decisions = hearing.decide([says(NO_RETURN), says("The fund is old.")], "")
    assert [decision.rules for decision in decisions] == [("p",) if fires else (), ()]
    assert decisions[0].action is (Action.REMOVE if fires else Action.ALLOW)
    assert model.calls == 1, "all statements that come together are asked about at once"
    assert hearing.ended() is None


def test_any_of_several_wordings_is_enough_and_the_threshold_is_the_rules_own(tmp_path: Path) -> None:
    wordings = f"prohibit: [Nothing., {NO_RETURN}]"
    assert Hearing(rules(tmp_path, f"p; ; remove; {wordings}"), ask=Model()).decide([says(NO_RETURN)], "")[0].rules
    strict = rules(tmp_path, f"p; ; remove; {wordings}; threshold: 0.95")
    assert not Hearing(strict, ask=Model()).decide([says(NO_RETURN)], "")[0].rules


def test_a_condition_narrows_a_prohibition_and_spares_the_model(tmp_path: Path) -> None:
    model = Model()
    narrowed = rules(tmp_path, f"p; verdict == 'unsupported'; remove; prohibit: {NO_RETURN}")
    supported, unsupported = Hearing(narrowed, ask=model).decide(
        [says(NO_RETURN), judged(NO_RETURN, Verdict.UNSUPPORTED)], ""
    )
    assert (supported.rules, unsupported.rules) == ((), ("p",))
    quiet = Model()
    Hearing(narrowed, ask=quiet).decide([says(NO_RETURN)], "")
    assert quiet.asked == []


def test_a_requirement_fires_at_the_end_and_only_if_nobody_met_it(tmp_path: Path) -> None:
    for met in (True, False):
        hearing = Hearing(rules(tmp_path, REQUIRES), ask=Model())
        decisions = hearing.decide([says("The fund is old.")], "")
        assert decisions[0].rule == ALLOWED
        assert hearing.holding, "a rule that blocks keeps the text back until it is met"
        hearing.decide([says(WARNING if met else "The fund is large.")], "")
        assert hearing.holding is not met
        ended = hearing.ended()
        assert (ended is None) is met
        if ended:
            assert (ended.action, ended.rules) == (Action.BLOCK, ("r",))


def test_an_answer_that_states_nothing_has_not_met_a_requirement(tmp_path: Path) -> None:
    hearing = Hearing(rules(tmp_path, REQUIRES), ask=Model())
    hearing.decide([], "Hello!")
    ended = hearing.ended()
    assert ended is not None
    assert ended.rule == "r"


def test_a_requirement_is_in_effect_from_the_statement_on_for_which_its_condition_holds(tmp_path: Path) -> None:
    model = Model()
    ruleset = rules(tmp_path, f"r; claim.about('fund'); block; require: {WARNING}")
    hearing = Hearing(ruleset, ask=model)
    hearing.decide([says("The shop opens at nine.")], "")
    assert (hearing.holding, hearing.ended()) == (False, None)
    assert model.asked == [], "the model is not asked before it matters"
    hearing.decide([says("The fund is old.")], "")
    assert hearing.holding
    assert hearing.ended() is not None
    assert len(model.asked) == 2, "what was said before may have met it"

    before = Hearing(ruleset, ask=Model())
    before.decide([says(WARNING)], "")
    before.decide([says("The fund is old.")], "")
    assert before.ended() is None


def test_a_requirement_that_does_not_block_keeps_nothing_back(tmp_path: Path) -> None:
    hearing = Hearing(rules(tmp_path, f"r; ; flag; require: {WARNING}"), ask=Model())
    hearing.decide([says("The fund is old.")], "")
    assert not hearing.holding


@pytest.mark.parametrize(
    ("own", "default", "held"),
    [("", "closed", True), ("", "open", False), ("open", "closed", False), ("closed", "open", True)],
)
def test_a_model_that_fails_leaves_it_to_on_error(tmp_path: Path, own: str, default: OnError, held: bool) -> None:
    setting = f"on_error: {own}" if own else "severity: low"
    ruleset = rules(tmp_path, f"{PROHIBITS}; {setting}", f"r; ; flag; require: {WARNING}; {setting}")
    hearing = Hearing(ruleset, ask=Model(fails="The fund is old."), default=default)
    (decision,) = hearing.decide([says("The fund is old.")], "")
    assert (decision.action, decision.rule, decision.untried) == (Action.FLAG, "p", ("p",))
    assert "the model is gone" in decision.message
    assert (ruleset.held(decision, default) is not None) is held
    ended = hearing.ended()
    assert ended is not None
    assert ended.untried == ("r",)
    assert (ruleset.held(ended, default) is not None) is held
    assert hearing.holding is held, "text that will not leave does not leave in part"


def test_a_requirement_that_is_met_elsewhere_needs_no_answer_to_every_question(tmp_path: Path) -> None:
    hearing = Hearing(rules(tmp_path, REQUIRES), ask=Model(fails="The fund is old."))
    hearing.decide([says("The fund is old."), says(WARNING)], "")
    assert hearing.ended() is None
    assert not hearing.holding


def test_without_a_model_statements_cannot_be_tried(tmp_path: Path) -> None:
    hearing = Hearing(rules(tmp_path, PROHIBITS))
    (decision,) = hearing.decide([says("The fund is old.")], "")
    assert decision.untried == ("p",)
    assert rules(tmp_path, PROHIBITS).decide(says("The fund is old.")).untried == ("p",)


def test_a_condition_that_breaks_leaves_a_requirement_untried(tmp_path: Path) -> None:
    broken = rules(tmp_path, f"r; request.metadata.tenant == 'x'; block; require: {WARNING}")
    hearing = Hearing(broken, ask=Model())
    hearing.decide([says("The fund is old.")], "")
    ended = hearing.ended()
    assert ended is not None
    assert ended.untried == ("r",)
    assert hearing.holding


def test_a_pattern_looks_at_statements(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, r"a; ; remove; pattern: (?i)\bguarante\w+")
    hearing = Hearing(ruleset)
    decisions = hearing.decide([says("Returns are GUARANTEED."), says("The fund is old.")], "")
    assert [decision.rules for decision in decisions] == [("a",), ()]


def test_a_pattern_sees_the_answers_own_words_too(tmp_path: Path) -> None:
    """Pronouns are named and Markdown is gone in a claim's text."""
    ruleset = rules(tmp_path, r"a; ; flag; pattern: \*\*never\*\*")
    claim = judged("The fund never falls.", Verdict.SUPPORTED)
    assert ruleset.decide(claim, answer="It **never** falls.  ").rules == ("a",)
    assert ruleset.decide(claim, answer="").rules == ()


def test_a_pattern_may_look_at_the_whole_answer(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, r"a; ; block; pattern: \d{4} \d{4}; scope: answer")
    hearing = Hearing(ruleset)
    hearing.decide([says("The card is here.")], "The card is here.")
    assert hearing.found() is None
    code = "The card is here.\n\n```\n1234 5678\n```\n"
    hearing.decide([], code, start=17)
    found = hearing.found()
    assert found is not None
    assert (found.action, found.rules) == (Action.BLOCK, ("a",))
    assert not hearing.holding


def test_a_rule_on_trial_is_recorded_and_changes_nothing(tmp_path: Path) -> None:
    ruleset = rules(
        tmp_path,
        "live; risk > 0.1; flag",
        "trial; risk > 0.1; block; shadow: true",
        f"wants; ; block; shadow: true; require: {WARNING}",
    )
    hearing = Hearing(ruleset, ask=Model())
    (decision,) = hearing.decide([judged()], "")
    assert (decision.action, decision.rule, decision.rules) == (Action.FLAG, "live", ("live",))
    assert decision.shadow is not None
    assert (decision.shadow.action, decision.shadow.rules) == (Action.BLOCK, ("live", "trial"))
    assert not hearing.holding
    ended = hearing.ended()
    assert ended is not None
    assert ended.action is Action.ALLOW
    assert ended.shadow is not None
    assert ended.shadow.rule == "wants"
    quiet = ruleset.decide(judged(risk=0.0))
    assert quiet.shadow is None


def test_a_rule_on_trial_that_cannot_be_tried_stops_nothing(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, f"{PROHIBITS}; shadow: true; on_error: closed")
    (decision,) = Hearing(ruleset).decide([says("The fund is old.")], "")
    assert (decision.action, decision.untried) == (Action.ALLOW, ())
    assert decision.shadow is not None
    assert decision.shadow.untried == ("p",)
    assert ruleset.held(decision, "closed") is None


def test_the_request_is_seen(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "a; request.user == 'anna'; block")
    assert Hearing(ruleset, {"user": "anna"}).decide([judged()], "")[0].action is Action.BLOCK
    assert Hearing(ruleset, {"user": "bert"}).decide([judged()], "")[0].action is Action.ALLOW


def test_what_could_not_be_read_is_decided_as_well(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, PROHIBITS)
    claim = judged(NO_RETURN, Verdict.UNCHECKED, reason=Reason.NOT_A_CLAIM, skipped=Reason.NOT_A_CLAIM)
    assert Hearing(ruleset, ask=Model()).decide([claim], "")[0].rules == ("p",)


def test_a_copy_goes_on_from_where_it_was_taken(tmp_path: Path) -> None:
    hearing = Hearing(rules(tmp_path, REQUIRES), ask=Model())
    hearing.decide([says("The fund is old.")], "")
    copy = hearing.copy()
    hearing.decide([says(WARNING)], "")
    assert (hearing.holding, copy.holding) == (False, True)
    copy.decide([says("The fund is large.")], "")
    ended = copy.ended()
    assert ended is not None
    assert hearing.ended() is None
