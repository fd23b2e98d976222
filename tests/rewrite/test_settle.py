"""Edits are accepted on proof only, and the next kind is tried when one fails."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rewrite.little_world import LittleWorld

from groundwire.model import Action, JudgedClaim, PatchKind, Reason, Span, Verdict
from groundwire.rewrite import apply, settle
from groundwire.rewrite.settle import MAX_CHECKS

CAPITAL = {"Sydney": "Canberra"}


def test_a_contradicted_value_is_replaced_and_checked_once() -> None:
    world = LittleWorld(wrong=CAPITAL, doing=Action.REWRITE)
    text = "The capital of Australia is Sydney. It is sunny."
    (patch,) = world.settle(text)
    assert (patch.old, patch.new, patch.kind, patch.accepted) == ("Sydney", "Canberra", PatchKind.VALUE, True)
    assert patch.reason
    assert world.checks == [apply(text, [patch])]


def test_values_are_proposed_where_rules_only_flag() -> None:
    (patch,) = LittleWorld(wrong=CAPITAL, doing=Action.FLAG).settle("It is Sydney.")
    assert patch.accepted


def test_nothing_is_proposed_for_what_rules_allow() -> None:
    assert LittleWorld(wrong=CAPITAL, doing=Action.ALLOW).settle("It is Sydney.") == ()


@pytest.mark.parametrize(
    ("text", "unknown", "expected"),
    [
        ("The sky is blue. The grass is red. The sun is hot.", "red", "The sky is blue. The sun is hot."),
        ("The grass is red. The sun is hot.", "red", "The sun is hot."),
        ("The sun is hot. The grass is red.", "red", "The sun is hot."),
        ("The grass is red.", "red", ""),
        ("- It is hot.\n- It is red.\n- It is cold.\n", "red", "- It is hot.\n- It is cold.\n"),
        ("1. It is hot.\n2. **It is red.**\n3. It is cold.", "red", "1. It is hot.\n3. It is cold."),
        ("One is here.\n\nTwo is red.\n\nThree is here.", "red", "One is here.\n\nThree is here."),
        ("One is here.\n\nTwo is red.", "red", "One is here."),
        ("The town was old and has a mayor. It is nice.", "mayor", "The town was old. It is nice."),
        ("It is red. It is red. It is hot.", "red", "It is hot."),
        ("It is hot. It is red. It is red.", "red", "It is hot."),
        ("It is hot. It is red. It is red. It is hot.", "red", "It is hot. It is hot."),
        ("- It is red.\n- It is red.\n- It is hot.", "red", "- It is hot."),
        ("It is hot.\n\n- It is red.\n- It is red.\n- It is hot.\n", "red", "It is hot.\n\n- It is hot.\n"),
        ("It is red.\n\nIt is red.\n\nIt is hot.", "red", "It is hot."),
        ("It is hot.\n\nIt is red.\n\nIt is red.", "red", "It is hot."),
        ("The fee, which is low, is due.", "low", "The fee is due."),
        ("The town was old and has a mayor. It is nice.", "old", "It is nice."),
    ],
)
def test_what_is_not_supported_is_taken_out_and_the_rest_mended(text: str, unknown: str, expected: str) -> None:
    world = LittleWorld(unknown=[unknown])
    assert apply(text, world.settle(text)) == expected


def test_removal_prefers_the_right_value() -> None:
    world = LittleWorld(wrong=CAPITAL, doing=Action.REMOVE)
    assert apply("It is Sydney. It is hot.", world.settle("It is Sydney. It is hot.")) == "It is Canberra. It is hot."


def test_removal_takes_the_statement_when_the_value_does_not_hold() -> None:
    world = LittleWorld(wrong={"Sydney": "Perth", "Perth": ""}, doing=Action.REMOVE)
    text = "It is Sydney. It is hot."
    patches = world.settle(text)
    assert [(p.kind, p.accepted) for p in patches] == [(PatchKind.DELETE, True), (PatchKind.VALUE, False)]
    assert "contradicted" in patches[1].reason
    assert apply(text, patches) == "It is hot."


def test_rewriting_leaves_the_statement_when_the_value_does_not_hold() -> None:
    world = LittleWorld(wrong={"Sydney": "Perth", "Perth": ""}, doing=Action.REWRITE)
    text = "It is Sydney."
    (patch,) = world.settle(text)
    assert not patch.accepted
    assert apply(text, [patch]) == text


def test_the_same_edit_for_two_claims_is_made_once() -> None:
    text = "Sydney was founded and has a mayor."
    world = LittleWorld(wrong=CAPITAL)
    claims = world.decided(text)
    both = [
        claims[0],
        claims[1].model_copy(update={"verdict": Verdict.CONTRADICTED, "findings": claims[0].findings}),
    ]
    decided = [
        world.decide(claim) for claim in (JudgedClaim.model_validate(c.model_dump(exclude={"decision"})) for c in both)
    ]
    patches = settle(text, Span(0, len(text)), decided, world.check)
    assert [(p.claim, p.accepted) for p in patches] == [("c1", True)]
    assert apply(text, patches) == "Canberra was founded and has a mayor."


def test_an_edit_that_makes_another_statement_worse_is_rejected() -> None:
    text = "It is Sydney. It is hot."
    world = LittleWorld(wrong=CAPITAL, doing=Action.REWRITE)

    def check(edited: str) -> list[JudgedClaim]:
        return [
            claim.model_copy(update={"verdict": Verdict.CONTRADICTED}) if "hot" in claim.text else claim
            for claim in world.check(edited)
        ]

    (patch,) = world.settle(text, check)
    assert not patch.accepted
    assert "hot" in patch.reason


def test_an_edit_that_brings_a_new_statement_is_rejected() -> None:
    world = LittleWorld(wrong={"Sydney": "Perth. It is wet"}, unknown=["wet"], doing=Action.REWRITE)
    (patch,) = world.settle("It is Sydney.")
    assert not patch.accepted
    assert "wet" in patch.reason or "appeared" in patch.reason


def test_an_edit_that_loses_another_statement_is_rejected() -> None:
    world = LittleWorld(wrong=CAPITAL, doing=Action.REWRITE)
    text = "It is Sydney. It is hot."
    (patch,) = world.settle(text, lambda edited: world.check(edited)[:1])
    assert not patch.accepted
    assert "lost" in patch.reason


@pytest.mark.parametrize("reason", [Reason.ERROR, Reason.DEADLINE])
def test_an_edit_that_could_not_be_checked_is_rejected(reason: Reason) -> None:
    world = LittleWorld(wrong=CAPITAL, doing=Action.REWRITE)

    def check(edited: str) -> list[JudgedClaim]:
        return [
            claim.model_copy(update={"verdict": Verdict.UNCHECKED, "reason": reason}) for claim in world.check(edited)
        ]

    (patch,) = world.settle("It is Sydney.", check)
    assert not patch.accepted
    assert reason in patch.reason


def test_one_bad_edit_does_not_take_the_good_ones_with_it() -> None:
    world = LittleWorld(wrong={"Sydney": "Canberra", "Rome": "Perth", "Perth": ""}, doing=Action.REWRITE)
    text = "One is Sydney. Two is Rome. Three is Sydney."
    assert apply(text, world.settle(text)) == "One is Canberra. Two is Rome. Three is Canberra."
    assert len(world.checks) == 2


def test_what_is_delivered_is_checked_without_what_is_only_proposed() -> None:
    text = "One is Sydney. Two is Rome."
    world = LittleWorld(wrong={"Sydney": "Canberra", "Rome": "Perth"}, doing=Action.FLAG)
    claims = world.decided(text)
    decision = claims[1].decision.model_copy(update={"action": Action.REWRITE})
    settle(text, Span(0, len(text)), [claims[0], claims[1].model_copy(update={"decision": decision})], world.check)
    assert world.checks == ["One is Sydney. Two is Perth.", "One is Canberra. Two is Perth."]


def test_edits_that_spoil_each_other_end_in_a_bounded_number_of_checks() -> None:
    world = LittleWorld(wrong=CAPITAL, doing=Action.REWRITE)
    text = " ".join(f"Town {number} is Sydney." for number in range(60))

    def check(edited: str) -> list[JudgedClaim]:
        claims = world.check(edited)
        return [claims[0].model_copy(update={"verdict": Verdict.CONTRADICTED}), *claims[1:]]

    patches = world.settle(text, check)
    assert len(world.checks) <= MAX_CHECKS
    assert len(patches) == 60
    assert sum(patch.accepted for patch in patches) == 59


def test_marks_are_set_without_a_check_and_stay_out_of_the_text_that_is_checked() -> None:
    world = LittleWorld(wrong=CAPITAL, unknown=["red"], doing=Action.HEDGE)
    text = "The sky is red. The town is **Sydney**. All is well."
    patches = world.settle(text)
    assert world.checks == []
    assert apply(text, patches) == (
        "The sky is red [not supported by the given sources]. "
        "The town is **Sydney** [the given sources say otherwise]. All is well."
    )


def test_edits_stay_inside_their_segment() -> None:
    text = "It is hot. It is red. It is cold."
    world = LittleWorld(unknown=["red"])
    segment = Span(11, 21)
    claims = [claim for claim in world.decided(text) if segment.contains(claim.span)]
    patches = settle(text, segment, claims, lambda edited: [])
    assert all(segment.contains(patch.span) for patch in patches)
    assert apply(segment.of(text), patches, offset=segment.start) == ""


@pytest.mark.parametrize("text", ["It is hot. It is red. It is hot.", "It is hot.\n\n- It is red.\n- It is hot.\n"])
def test_a_piece_that_is_still_arriving_is_cut_like_the_whole(text: str) -> None:
    world = LittleWorld(unknown=["red"])
    (whole,) = world.settle(text)
    end = text.index("red.") + 4
    segment = Span(10, end)
    claims = [claim for claim in world.decided(text) if segment.contains(claim.span)]
    (piece,) = settle(text[:end], segment, claims, lambda edited: [])
    assert piece == whole


def test_a_question_is_left_alone() -> None:
    world = LittleWorld(wrong=CAPITAL)
    assert world.settle("Is it Sydney?") == ()


WORDS = st.sampled_from(
    ["It is hot.", "Is it?", "\n\n", "- One is here.", " ", "# Title\n", "| a | b |\n", "**Yes**", "日本", "x\u0301"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=12).map("".join))
def test_an_answer_with_nothing_wrong_is_the_same_byte_for_byte(text: str) -> None:
    world = LittleWorld(wrong=CAPITAL, unknown=["red"])
    patches = world.settle(text)
    assert patches == ()
    assert world.checks == []
    assert apply(text, patches) == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["It is hot.", "It is red.", "It is Sydney.", "It is old and has red."]), max_size=8))
def test_what_is_delivered_under_removal_holds_nothing_unsupported(sentences: list[str]) -> None:
    world = LittleWorld(wrong=CAPITAL, unknown=["red"])
    text = " ".join(sentences)
    revised = apply(text, world.settle(text))
    assert "red" not in revised
    assert "Sydney" not in revised
    assert revised.count("hot") == sentences.count("It is hot.")
    assert "  " not in revised
    assert revised == revised.strip()
