"""A numbered list that lost an item counts on, and nothing else gets another number."""

import pytest
from tests.rewrite.little_world import LittleWorld

from groundwire.model import Action, Patch, PatchKind, Span
from groundwire.rewrite import Lists, apply, renumbered

LISTS = {
    "one in the middle": ("1. It is hot.\n2. It is red.\n3. It is wet.\n4. It is dry.", "1. hot 2. wet 3. dry"),
    "the first": ("1. It is red.\n2. It is hot.\n3. It is wet.", "1. hot 2. wet"),
    "the last": ("1. It is hot.\n2. It is wet.\n3. It is red.", "1. hot 2. wet"),
    "two apart": (
        "1. It is hot.\n2. It is red.\n3. It is wet.\n4. It is red.\n5. It is dry.\n",
        "1. hot 2. wet 3. dry",
    ),
    "two together": ("1. It is red.\n2. It is red.\n3. It is wet.", "1. wet"),
    "brackets": ("1) It is hot.\n2) It is red.\n3) It is wet.", "1) hot 2) wet"),
    "not from 1": ("4. It is hot.\n5. It is red.\n6. It is wet.", "4. hot 5. wet"),
    "one digit less": ("9. It is hot.\n10. It is red.\n11. It is wet.\n12. It is dry.", "9. hot 10. wet 11. dry"),
    "with zeros": ("09. It is red.\n10. It is hot.\n", "09. hot"),
    "blank lines": ("1. It is hot.\n\n2. It is red.\n\n3. It is wet.\n", "1. hot 2. wet"),
    "paragraphs of an item": (
        "1. It is hot.\n\n   It is new.\n\n2. It is red.\n3. It is wet.\n\n   It is old.\n4. It is dry.",
        "1. hot new 2. wet old 3. dry",
    ),
    "a line that goes on": ("1. It is red.\n2. It is\nhot.\n3. It is wet.", "1. hot 2. wet"),
    "nested": (
        "1. It is hot.\n   1. It is red.\n   2. It is new.\n2. It is wet.\n   1. It is old.\n   2. It is raw.",
        "1. hot 1. new 2. wet 1. old 2. raw",
    ),
    "around a nested": (
        "1. It is red.\n2. It is hot.\n   1. It is new.\n   2. It is old.\n   - It is raw.\n3. It is wet.",
        "1. hot 1. new 2. old raw 2. wet",
    ),
    "after text": ("1. It is hot.\n2. It is red.\n\nIt is new.\n\n3. It is wet.", "1. hot new 3. wet"),
    "after a heading": ("1. It is hot.\n2. It is red.\n## New\n3. It is wet.", "1. hot 3. wet"),
    "after a bullet": ("1. It is hot.\n2. It is red.\n- It is new.\n3. It is wet.", "1. hot new 3. wet"),
    "another mark": ("1. It is hot.\n2. It is red.\n3) It is wet.", "1. hot 3) wet"),
    "another list": ("1. It is hot.\n2. It is red.\n1. It is wet.\n2. It is dry.", "1. hot 1. wet 2. dry"),
    "all are 1": ("1. It is hot.\n1. It is red.\n1. It is wet.", "1. hot 1. wet"),
    "bullets": ("- It is hot.\n- It is red.\n- It is wet.", "hot wet"),
    "quoted": ("> 1. It is hot.\n> 2. It is red.\n> 3. It is wet.\n\n4. It is dry.", "1. hot 2. wet 4. dry"),
    "code": ("1. It is red.\n2. It is hot.\n   ```\n   2. x\n   ```\n3. It is wet.", "1. hot 2. x 2. wet"),
    "numbers in words": ("1. It is red.\n2. 5 are hot.\n3. 7 are wet.", "1. 5 hot 2. 7 wet"),
}


def read(text: str) -> str:
    """Numbers and the words that tell the statements apart."""
    dull = ("It", "is", "are", "-", ">", "```", "##", "New")
    return " ".join(word.rstrip(".") if word[0].isalpha() else word for word in text.split() if word not in dull)


def settled(text: str) -> tuple[Patch, ...]:
    return LittleWorld(unknown=["red"]).settle(text)


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_what_follows_gets_the_numbers_of_what_went(text: str, expected: str) -> None:
    patches = settled(text)
    _, numbers = renumbered(Lists(), text, patches, 0)
    left = apply(text, (*patches, *numbers))
    assert "red" not in left
    assert read(left) == read(expected)


@pytest.mark.parametrize("text", [text for text, _ in LISTS.values()], ids=LISTS)
def test_it_is_the_same_where_the_answer_comes_in_parts(text: str) -> None:
    patches = settled(text)
    _, whole = renumbered(Lists(), text, patches, 0)
    for step in (1, 2):
        ends = [at for at in range(2, len(text)) if text[at - 1] == "." and text[at - 2].isalpha()][::step]
        made: list[Patch] = []
        lists, since = Lists(), 0
        for end in (*ends, len(text)):
            mine = [patch for patch in patches if since <= patch.span.start < end]
            lists, numbers = renumbered(lists, text[:end], mine, since)
            made += numbers
            since = end
        assert tuple(made) == whole


@pytest.mark.parametrize("text", [text.replace("red", "odd") for text, _ in LISTS.values()], ids=LISTS)
def test_nothing_is_renumbered_where_nothing_went(text: str) -> None:
    assert settled(text) == ()
    assert renumbered(Lists(), text, (), 0)[1] == ()


def test_a_new_number_is_an_edit_of_the_statement_that_went() -> None:
    text = "1. It is hot.\n2. It is red.\n3. It is wet."
    _, (number,) = renumbered(Lists(), text, settled(text), 0)
    assert (number.claim, number.rule, number.kind, number.accepted) == ("c2", "r", PatchKind.DELETE, True)
    assert (number.old, number.new, number.span.of(text)) == ("3", "2", "3")
    assert number.reason


def test_what_has_left_and_what_is_edited_already_keeps_its_number() -> None:
    text = "1. It is red.\n2. It is hot.\n3. It is wet."
    patches = settled(text)
    _, numbers = renumbered(Lists(), text, patches, text.index("3"))
    assert [number.old for number in numbers] == ["3"]
    over = Patch(
        claim="c2", span=Span(14, 27), old=text[14:27], new="2. It", kind=PatchKind.MODEL, rule="r", accepted=True
    )
    assert [number.old for number in renumbered(Lists(), text, (*patches, over), 0)[1]] == ["3"]


def test_a_deletion_that_did_not_hold_renumbers_nothing() -> None:
    text = "1. It is red.\n2. It is hot."
    refused = [patch.model_copy(update={"accepted": False}) for patch in settled(text)]
    assert refused
    assert renumbered(Lists(), text, refused, 0)[1] == ()
    assert LittleWorld(unknown=["red"], doing=Action.FLAG).settle(text) == ()


def test_what_was_read_is_not_read_again() -> None:
    """A list of which the items come one by one costs what its length does."""
    lines = [f"{number}. It is hot.\n" for number in range(1, 501)]
    cut = Patch(claim="c1", span=Span(0, 14), old=lines[0], new="", kind=PatchKind.DELETE, rule="r", accepted=True)
    lists, numbers = renumbered(Lists(), lines[0], [cut], 0)
    since = len(lines[0])
    for number, line in enumerate(lines[1:], start=1):
        lists, numbers = renumbered(lists, "\n" * since + line, (), since)
        assert [patch.new for patch in numbers] == [str(number)]
        since += len(line)
