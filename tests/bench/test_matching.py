import pytest

from groundwire.bench.matching import content, facing, likeness, pairing, pronoun
from groundwire.bench.self_contained import is_self_contained
from groundwire.model import Claim, Piece, Span


def test_content_words_are_stems_without_function_words() -> None:
    assert content("He was filming the two Films in Rome.") == {"film", "two", "rome"}
    assert content("It was he.") == frozenset()


def test_likeness_is_token_f1() -> None:
    assert likeness("Kane scored 30 goals.", "Kane scored 30 goals for the club.") == pytest.approx(2 * 4 / (4 + 5))
    assert likeness("KANE scores!", "He (Kane) scored") == 1
    assert likeness("Kane scored.", "It rained.") == 0
    assert likeness("It was he.", "It was he.") == 0, "nothing is said that could be shared"


def test_as_many_pairs_as_can_be_and_then_the_most_alike() -> None:
    assert pairing({}) == {}
    # Alone, (0, 0) is the most alike; taken, it would leave both others without a partner.
    assert pairing({(0, 0): 0.9, (0, 1): 0.5, (1, 0): 0.5}) == {(0, 1): 0.5, (1, 0): 0.5}
    assert pairing({(0, 0): 0.5, (0, 1): 0.9, (1, 0): 0.9, (1, 1): 0.5}) == {(0, 1): 0.9, (1, 0): 0.9}
    assert pairing({(0, 0): 0.5, (1, 0): 0.6, (2, 0): 0.55}) == {(1, 0): 0.6}


def a_claim(text: str, *own: str) -> Claim:
    """A claim that has the stretches `own` from the answer, and the rest from elsewhere."""
    pieces = tuple(Piece(text.index(words), 100 + text.index(words), len(words)) for words in own)
    return Claim(id="c1", text=text, span=Span(0, 1), pieces=pieces)


@pytest.mark.parametrize(
    ("claim", "who", "said"),
    [
        (a_claim("Marie Curie was born.", " was born."), "she", "She was born."),
        (a_claim("Marie Curie was born.", " was born."), None, "Marie Curie was born."),
        (a_claim("Marie Curie was born.", "Marie Curie", "born."), "she", "Marie Curie was born."),
        (a_claim("Marie Curie was raised.", "raised."), "she", "She was raised."),
        (a_claim("Marie Curie’s father left.", " father left."), "she", "Her father left."),
        (a_claim("The Beatles’ songs sold.", " songs sold."), "they", "Their songs sold."),
        (a_claim("In 1903 Curie won.", "In 1903 ", " won."), "she", "In 1903 she won."),
        (a_claim("Paris was large.", "aris was large."), "it", "Paris was large."),
        (a_claim("Paris, where Curie lived", "Paris, where ", " lived"), "she", "Paris, where she lived"),
    ],
)
def test_a_name_put_in_is_read_as_the_pronoun_that_people_left(claim: Claim, who: str | None, said: str) -> None:
    assert facing(claim, who) == said


def test_the_first_pronoun_of_a_text() -> None:
    assert pronoun("Some of his films won.") == "he"
    assert pronoun("They sold their house.") == "they"
    assert pronoun("The house was sold.") is None


@pytest.mark.parametrize(
    "claim",
    [
        "Marie Curie was born in Warsaw.",
        "Marie Curie left her home.",
        "The company lost its head.",
        "It is known that Rome is old.",
        "It was Curie who found radium.",
        "It seems that Rome is old.",
        "During the 1990s, Curie sold her house.",
        "",
    ],
)
def test_what_can_be_understood_alone(claim: str) -> None:
    assert is_self_contained(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "She was born in Warsaw.",
        "Her father taught physics.",
        "Some of his films won prizes.",
        "In 1903, she won a prize.",
        "In Paris, she won a prize.",
        "This was a success.",
        "This film won a prize.",
        "In Paris, these were rare.",
        "It is a large city.",
        "All of them left.",
    ],
)
def test_what_cannot(claim: str) -> None:
    assert not is_self_contained(claim)
