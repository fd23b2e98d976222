"""Claims in words that no pack and no name of a relation has: which relation is meant, the model is asked."""

from collections.abc import Sequence

import pytest
from tests.graph.test_sound import case

from groundwire.client import entailed_by
from groundwire.errors import DeadlineError, ModelError
from groundwire.graph import Entails, GraphJudge, Literal
from groundwire.graph.fakes import graph_of
from groundwire.model import Finding, Label
from groundwire.nli import load_model
from groundwire.values import compare

FACTS: list[tuple[str, str, str | Literal]] = [
    ("Winter Harbour", "painter", "Oda Lindqvist"),
    ("Winter Harbour", "medium", "oil on oak panel"),
    ("Winter Harbour", "height_cm", Literal("137")),
    ("Winter Harbour", "width_cm", Literal("61")),
    ("Winter Harbour", "room", "Cabinet A"),
    ("Winter Harbour", "acquired", Literal("1931-06-04")),
    ("Three Larks", "painter", "Emil Brandt"),
    ("Three Larks", "room", "Cabinet B"),
    ("Three Larks", "height_cm", Literal("52")),
    ("Velorin", "contraindicated_in", "asthma"),
    ("Velorin", "max_daily_dose_mg", Literal("320")),
    ("Tarvomin", "contraindicated_in", "gout"),
    ("Lower Hall", "capacity", Literal("80")),
    ("Ferry 7", "departs_from", "Halvik"),
    ("Ferry 7", "arrives_at", "Esterholm"),
    ("Ferry 8", "departs_from", "Esterholm"),
    ("Ferry 8", "arrives_at", "Halvik"),
    ("Swarm Robotics", "prerequisite", "Kinematics"),
    ("Swarm Robotics", "students", Literal("412")),
    ("Kinematics", "prerequisite", "Mechanics"),
    ("Parsley", "latest_version", "3.0.0"),
    ("Parsley", "written_in", "Rust"),
    ("Coast Rovers", "home_stadium", "Castle Road"),
    ("Coast Rovers", "shirt_colour", "blue"),
]


@pytest.fixture(scope="module")
def entails() -> Entails:
    model = load_model("builtin")
    return entailed_by(lambda: model)


def look(text: str, entails: Entails | None) -> Finding:
    (finding,) = GraphJudge([graph_of(FACTS, name="atlas")], compare=compare, entails=entails).judge([case(text)])
    return finding


@pytest.mark.parametrize(
    "text",
    [
        "Winter Harbour can be seen in Cabinet A.",
        "Up to 80 people fit into the Lower Hall.",
        "Patients with asthma should not take Velorin.",
        "The daily dose of Velorin must not exceed 320 milligrams.",
        "Swarm Robotics has a student body of 412.",
        "Winter Harbour is an oil on oak panel.",
    ],
)
def test_a_fact_in_other_words_is_supported(text: str, entails: Entails) -> None:
    assert look(text, None).label is Label.UNCHECKED, "the words alone decide it"
    found = look(text, entails)
    assert found.label is Label.SUPPORTED
    assert found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Winter Harbour can be seen in Cabinet B.",
        "Winter Harbour is 2.37 m tall.",
        "Swarm Robotics has a student body of 620.",
    ],
)
def test_another_object_than_the_graph_has_is_flagged(text: str, entails: Entails) -> None:
    assert look(text, entails).label in (Label.CONTRADICTED, Label.UNSUPPORTED)


@pytest.mark.parametrize(
    "text",
    [
        "Winter Harbour is 61 cm high.",  # that is its width
        "Patients with asthma should take Velorin.",
        "Up to 120 people fit into the Lower Hall.",  # 80 is up to 120
        "The daily dose of Velorin must not exceed 380 milligrams.",
        "Ferry 7 sails from Esterholm to Halvik.",  # and Ferry 8 does
        "Students need Swarm Robotics before they may take Kinematics.",
        "The latest version of Parsley is 3.1.0.",
        "Winter Harbour was almost bought by Oda Lindqvist.",
        "The former room of Winter Harbour is Cabinet A.",
    ],
)
def test_what_the_graph_does_not_say_is_not_supported(text: str, entails: Entails) -> None:
    assert look(text, entails).label is not Label.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Oda Lindqvist was born in Bergen.",
        "Winter Harbour was restored in 2012.",
        "Velorin costs 12 euros a pack.",
        "Coast Rovers plays in blue.",
        "Winter Harbour was painted ten years after Three Larks.",
        "Ferry 7 was named in 1990.",
    ],
)
def test_what_the_graph_is_silent_about_is_not_contradicted(text: str, entails: Entails) -> None:
    assert look(text, entails).label is not Label.CONTRADICTED


def test_the_model_is_not_asked_where_words_decide() -> None:
    def asked(pairs: Sequence[tuple[str, str]], until: float | None) -> list[float]:
        raise AssertionError("asked")

    assert look("The room of Winter Harbour is Cabinet A.", asked).label is Label.SUPPORTED
    assert look("The weather was fine.", asked).label is Label.UNCHECKED


@pytest.mark.parametrize(
    ("error", "label"),
    [
        (DeadlineError("no time was left"), Label.DEADLINE),
        (ModelError("the model is gone"), Label.ERROR),
        (ValueError("x"), Label.ERROR),
    ],
)
def test_a_model_that_fails_supports_nothing(error: Exception, label: Label) -> None:
    def failing(pairs: Sequence[tuple[str, str]], until: float | None) -> list[float]:
        raise error

    assert look("Visitors will find Winter Harbour in Cabinet A.", failing).label is label


@pytest.mark.parametrize("row", [[float("nan")] * 40, [7.0] * 40, [-1.0] * 40, [0.9], []], ids=str)
def test_what_is_no_probability_supports_nothing(row: list[float]) -> None:
    found = look("Winter Harbour can be seen in Cabinet A.", lambda pairs, until: row[: len(pairs)])
    assert found.label is Label.ERROR


def test_a_model_that_hears_no_not_supports_no_denial() -> None:
    text = "Winter Harbour cannot be seen in Cabinet A."
    assert look(text, lambda pairs, until: [0.9] * len(pairs)).label is not Label.SUPPORTED


def test_what_is_asked_is_bounded() -> None:
    sizes = []

    def counted(pairs: Sequence[tuple[str, str]], until: float | None) -> list[float]:
        sizes.append(len(pairs))
        return [0.0] * len(pairs)

    facts = [("Winter Harbour", f"relation {n}", "Oda") for n in range(300)]
    judge = GraphJudge([graph_of(facts)], compare=compare, entails=counted)
    judge.judge([case("Winter Harbour resembles Lady Godiva.")])
    assert sizes
    assert max(sizes) <= 40
