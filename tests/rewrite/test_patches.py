"""Applying patches: nothing outside their spans changes, whatever they are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.model import Patch, PatchKind, Span
from groundwire.rewrite import apply, clashes
from groundwire.rewrite.patches import chosen, moved

# Machines that run tests are busy: how long an example takes says nothing.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def patch(text: str, start: int, end: int, new: str, *, accepted: bool = True, claim: str = "c1") -> Patch:
    return Patch(
        claim=claim,
        span=Span(start, end),
        old=text[start:end],
        new=new,
        kind=PatchKind.VALUE,
        rule="t",
        accepted=accepted,
    )


def test_accepted_patches_are_applied_and_others_not() -> None:
    text = "one two three"
    patches = [patch(text, 8, 13, "3"), patch(text, 0, 3, "1"), patch(text, 4, 7, "2", accepted=False)]
    assert apply(text, patches) == "1 two 3"


def test_of_overlapping_patches_the_first_in_the_answer_counts_then_the_longer() -> None:
    text = "abcdef"
    assert apply(text, [patch(text, 2, 5, "Y"), patch(text, 1, 3, "X")]) == "aXdef"
    assert apply(text, [patch(text, 1, 3, "X"), patch(text, 1, 5, "Y")]) == "aYf"


def test_marks_at_one_place_stand_in_the_order_given() -> None:
    assert apply("ab", [patch("ab", 1, 1, "X"), patch("ab", 1, 1, "Y")]) == "aXYb"


def test_an_insertion_stands_before_an_edit_that_starts_at_its_place() -> None:
    text = "abcdef"
    patches = [patch(text, 2, 4, "Y"), patch(text, 2, 2, "X"), patch(text, 3, 3, "never")]
    assert apply(text, patches) == "abXYef"


def test_a_part_of_the_answer_takes_only_its_own_patches() -> None:
    answer = "First one. Second one."
    patches = [patch(answer, 0, 5, "A"), patch(answer, 11, 17, "B"), patch(answer, 9, 12, "!")]
    assert apply(answer[11:], patches[:2], offset=11) == "B one."
    assert apply(answer[11:], [patches[2]], offset=11) == "Second one."


def test_a_patch_that_does_not_fit_is_never_applied() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply("other text", [patch("some words", 0, 4, "x")])


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[Patch]]:
    text = draw(st.text(max_size=40))
    patches = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        patches.append(patch(text, start, end, draw(st.text(max_size=5)), accepted=draw(st.booleans())))
    return text, patches


@patiently
@given(edits())
def test_what_no_accepted_patch_covers_stays_as_it_is(edit: tuple[str, list[Patch]]) -> None:
    text, patches = edit
    applied = chosen(patches)
    expected, at = [], 0
    for one in applied:
        expected += [text[at : one.span.start], one.new]
        at = one.span.end
    assert apply(text, patches) == "".join([*expected, text[at:]])
    assert not any(clashes(a, b) for i, a in enumerate(applied) for b in applied[i + 1 :])


@patiently
@given(edits())
def test_the_order_of_patches_of_different_places_makes_no_difference(edit: tuple[str, list[Patch]]) -> None:
    text, patches = edit
    places = {one.span: one for one in patches}
    unique = list(places.values())
    assert apply(text, unique) == apply(text, unique[::-1])


@patiently
@given(edits())
def test_without_accepted_patches_the_text_is_the_same_byte_for_byte(edit: tuple[str, list[Patch]]) -> None:
    text, patches = edit
    refused = [one.model_copy(update={"accepted": False}) for one in patches]
    assert apply(text, refused) == text


@patiently
@given(edits(), st.integers(0, 40), st.integers(0, 40))
def test_a_span_that_no_patch_touches_moves_with_its_words(edit: tuple[str, list[Patch]], one: int, two: int) -> None:
    text, patches = edit
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    applied = chosen(patches)
    span = Span(start, end)
    if start < end and not any(p.span.start <= end and start <= p.span.end for p in applied):
        assert moved(span, applied).of(apply(text, patches)) == span.of(text)


def test_a_span_grows_and_shrinks_with_the_patches_inside_it() -> None:
    text = "The capital is Sydney, they say. Yes."
    swap = patch(text, 15, 21, "Canberra")
    cut = patch(text, 21, 31, "")
    assert moved(Span(0, 32), [swap]).of(apply(text, [swap])) == "The capital is Canberra, they say."
    assert moved(Span(15, 21), [swap]).of(apply(text, [swap])) == "Canberra"
    assert moved(Span(0, 32), [swap, cut]).of(apply(text, [swap, cut])) == "The capital is Canberra."
    assert moved(Span(33, 37), [swap, cut]).of(apply(text, [swap, cut])) == "Yes."
    gone = moved(Span(23, 31), [cut])
    assert gone.start == gone.end
