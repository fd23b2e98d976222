"""What people say of a graph's facts in other words: near words, short names, rows, comparisons and denials."""

from pathlib import Path

import pytest
from tests.graph.test_sound import case

from groundwire.graph import GraphJudge, Literal, load
from groundwire.graph.fakes import graph_of
from groundwire.graph.names import stem, variants
from groundwire.graph.store import GraphStore
from groundwire.model import Finding, Label
from groundwire.values import compare

FACTS: list[tuple[str, str, str | Literal]] = [
    ("Velmar Holdings", "headquarters", "Bergen"),
    ("Velmar Holdings", "ceo", "Ida Storm"),
    ("Ostra Tools", "parent", "Velmar Holdings"),
    ("Ostra Tools", "type", "tool maker"),
    ("Ostra Tools", "headquarters", "Lyon"),
    ("Ostra Tools", "products", "hammers"),
    ("Ostra Tools", "products", "hand saws"),
    ("Ostra Tools", "founded", Literal("1952-03-01")),
    ("Ostra Tools", "employees", Literal("900")),
    ("Ostra Tools", "sponsored_by", "Nord Bank"),
    ("Kolm Works", "founded", Literal("1960")),
    ("Kolm Works", "employees", Literal("1200")),
    ("Kolm Works", "products", "nails"),
    ("Kolm Works", "listed_on", "Oslo Exchange"),
    ("Dr. Ann Reyes", "headOf", "North Ward"),
    ("Dr. Ann Reyes", "type", "Doctor"),
    ("Dr. Paul Finn", "worksIn", "North Ward"),
    ("Dr. Paul Finn", "headOf", "South Ward"),
    ("Dr. Paul Finn", "type", "Doctor"),
    ("North Ward", "bedCount", Literal("24")),
    ("South Ward", "bedCount", Literal("30")),
    ("Tolin", "type", "Medicine"),
    ("Tolin", "treats", "migraine"),
    ("Tolin", "mustNotBeCombinedWith", "Quenal"),
    ("Tolin", "approvedOn", Literal("2011-03-14")),
    ("Tolin", "dailyDoseMg", Literal("40")),
    ("Quenal", "treats", "asthma"),
    ("Quenal", "approvedOn", Literal("2004-09-02")),
    ("Quenal", "dailyDoseMg", Literal("75")),
    ("Harbour Rovers", "won", "Coast Cup 1987"),
    ("Harbour Rovers", "won", "Coast Cup 2003"),
    ("Inland United", "won", "Coast Cup 2016"),
    ("Harbour Rovers", "captain", "Luc Amber"),
    ("Luc Amber", "birthPlace", "Lyon"),
    ("Mateo Brand", "birthDate", Literal("2001-12-05")),
    ("Mateo Brand", "playsFor", "Harbour Rovers"),
    ("Orla River", "crosses", "Asten"),
    ("Orla River", "crosses", "Grenby"),
    ("Orla River", "riverMouth", "Gulf of Orr"),
    ("Senn Stream", "riverMouth", "Lake Tarn"),
    ("Maker Dock 7", "weight_g", Literal("410")),
    ("Maker Dock 9", "weight_g", Literal("300")),
    ("Maker Dock 7", "successor_of", "Maker Dock 9"),
    ("Maker Dock 7", "made_by", "Maker"),
    ("Maker Dock 9", "made_by", "Maker"),
    ("Danish National Museum", "headquarters", "Grenby"),
    ("Long Night", "duration", Literal("PT2H14M")),
    ("Short Day", "duration", Literal("PT1H38M")),
    ("Long Night", "countryOfOrigin", "France"),
    ("Short Day", "countryOfOrigin", "Norway"),
    ("Asten", "largestCity", "Grenby"),
]


@pytest.fixture(scope="module")
def judge() -> GraphJudge:
    return GraphJudge([graph_of(FACTS, name="atlas")], compare=compare)


def look(judge: GraphJudge, text: str) -> Finding:
    (finding,) = judge.judge([case(text)])
    return finding


@pytest.mark.parametrize(
    "text",
    [
        "Ostra Tools is a subsidiary of Velmar Holdings.",
        "Ostra Tools belongs to Velmar Holdings.",
        "Ostra Tools has existed since 1952.",
        "Ostra Tools is a tool maker from Lyon.",
        "Based in Lyon, Ostra Tools makes hammers and hand saws.",
        "Hammers and hand saws are among the products of Ostra Tools.",
        "Nails are made by Kolm Works.",
        "Kolm Works trades on the Oslo Exchange.",
        "Ostra Tools is funded by Nord Bank.",
        "Velmar is based in Bergen.",
        "North Ward is led by Dr. Ann Reyes.",
        "Ann Reyes is in charge of North Ward.",
        "Dr. Reyes heads North Ward.",
        "Tolin is a medicine against migraine.",
        "Tolin should not be taken together with Quenal.",
        "The Coast Cup of 1987 was won by Harbour Rovers.",
        "In 2016 Inland United became Coast Cup champions.",
        "Harbour Rovers won the Coast Cup in 1987 and again in 2003.",
        "Harbour Rovers are captained by Luc Amber.",
        "The Orla River passes through Asten and Grenby.",
        "The Orla flows into the Gulf of Orr.",
        "The Dock 7 is the successor of the Dock 9.",
        "Long Night is a French film.",
        "Grenby is the largest city of Asten.",
    ],
)
def test_what_the_graph_has_is_supported_in_other_words(judge: GraphJudge, text: str) -> None:
    finding = look(judge, text)
    assert finding.label is Label.SUPPORTED
    assert finding.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Velmar is based in Lyon.",
        "Ostra Tools makes hammers and nails.",
        "Dr. Reyes heads South Ward.",
        "The head of North Ward is Dr. Paul Finn.",
        "Mateo Brand is the captain of Harbour Rovers.",
        "Amber was born in Bergen.",
        "The Coast Cup of 2016 was won by Harbour Rovers.",
        "Harbour Rovers won the Coast Cup in 1987 and again in 2016.",
        "The Orla flows into Lake Tarn.",
        "Tolin is a medicine against asthma.",
        "Long Night is a Norwegian film.",
        "Ostra Tools is not a subsidiary of Velmar Holdings.",
        "The Orla River does not cross Asten.",
        "Kolm Works employs more than 4,000 people.",
    ],
)
def test_what_it_has_otherwise_is_flagged(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label in (Label.CONTRADICTED, Label.UNSUPPORTED)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ostra Tools is older than Kolm Works.", Label.SUPPORTED),
        ("Kolm Works is an older company than Ostra Tools.", Label.CONTRADICTED),
        ("Kolm Works has more employees than Ostra Tools.", Label.SUPPORTED),
        ("Kolm Works has fewer employees than Ostra Tools.", Label.CONTRADICTED),
        ("Kolm Works has 300 more employees than Ostra Tools.", Label.SUPPORTED),
        ("Kolm Works has 500 more employees than Ostra Tools.", Label.CONTRADICTED),
        ("South Ward has more beds than North Ward.", Label.SUPPORTED),
        ("North Ward has more beds than South Ward.", Label.CONTRADICTED),
        ("The daily dose of Quenal is higher than that of Tolin.", Label.SUPPORTED),
        ("Tolin has a higher daily dose than Quenal.", Label.CONTRADICTED),
        ("Quenal was approved before Tolin.", Label.SUPPORTED),
        ("Quenal was approved later than Tolin.", Label.CONTRADICTED),
        ("The Dock 7 is heavier than the Dock 9.", Label.SUPPORTED),
        ("The Dock 7 is lighter than the Dock 9.", Label.CONTRADICTED),
        ("Long Night is longer than Short Day.", Label.SUPPORTED),
        ("Long Night is shorter than Short Day.", Label.CONTRADICTED),
        # Of whom, by what, or how the two compare is not known.
        ("The owner of Ostra Tools is older than Kolm Works.", None),
        ("Kolm Works's owner is older than Ostra Tools.", None),
        ("Kolm Works has more offices than Ostra Tools.", None),
        ("Kolm Works is nicer than Ostra Tools.", None),
        ("Is Kolm Works older than Ostra Tools?", None),
        ("Kolm Works is older than Nord Bank.", None),
        ("Kolm Works is older than Ostra Tools thinks.", None),
        ("Kolm Works is not older than Ostra Tools.", None),
    ],
)
def test_two_things_are_compared_by_what_is_known_of_both(judge: GraphJudge, text: str, label: Label | None) -> None:
    finding = look(judge, text)
    if label is None:
        assert finding.label not in (Label.SUPPORTED, Label.CONTRADICTED)
    else:
        assert finding.label is label
        assert len(finding.evidence) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Ostra Tools makes hammers and chisels.",  # of which the graph says nothing
        "Tolin should not be taken together with Aspirin.",
        "Harbour Rovers won the Coast Cup in 1999.",
        "Paul Finn leads a choir.",
        "The National Museum is based in Lyon.",  # there may be another
        "Some say that Ostra Tools is older than Kolm Works.",
        "Kolm Works may have more employees than Ostra Tools.",
        "Kolm Works will have more employees than Ostra Tools.",
        "Ostra Tools's rival is older than Kolm Works.",
    ],
)
def test_what_is_not_told_is_neither(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label not in (Label.SUPPORTED, Label.CONTRADICTED)


def test_who_plays_alongside_a_player_is_not_held_to_play_for_it(judge: GraphJudge) -> None:
    assert look(judge, "Mateo Brand plays alongside Luc Amber.").label is Label.UNCHECKED


def test_a_name_that_several_share_is_not_shortened() -> None:
    facts: list[tuple[str, str, str | Literal]] = [
        ("Ann Reyes", "birthPlace", "Ulm"),
        ("Tom Reyes", "birthPlace", "Lyon"),
        ("Paris Opera", "ceo", "Ann Reyes"),
    ]
    judge = GraphJudge([graph_of(facts)], compare=compare)
    assert look(judge, "Reyes was born in Bonn.").label is not Label.CONTRADICTED
    assert look(judge, "Paris is led by Tom Reyes.").label is not Label.CONTRADICTED


def test_titles_are_left_out_of_names_but_no_surname_is_left_alone() -> None:
    assert "Ann Reyes" in variants("Dr. Ann Reyes")
    assert "Reyes" not in variants("Dr. Reyes")
    assert "of the Rings" not in variants("Lord of the Rings")


def test_forms_of_words_in_double_s_are_one_word() -> None:
    assert stem("cross") == stem("crosses") == stem("crossed")


def test_semicolons_stand_between_short_values(tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text("name,products,about\nKolm,nails; hand saws,It began small; it has grown ever since then.\n")
    graph: GraphStore = load(file)
    objects = [graph.label(fact.object) for fact in graph.facts_about("Kolm")]
    assert objects[:2] == ["nails", "hand saws"]
    assert len(objects) == 3
