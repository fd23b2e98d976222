"""What an edit may touch, and what a claim that follows from other words is not blamed for."""

import pytest

from groundwire.graph import GraphJudge, Literal
from groundwire.graph.fakes import graph_of
from groundwire.model import Case, Claim, Finding, Label, Piece, Span
from groundwire.values import compare

FACTS: list[tuple[str, str, str | Literal]] = [
    ("Acme_Works", "founder", "Otto_Hahn"),
    ("Acme_Works", "numberOfEmployees", Literal("1002")),
    ("Other_Works", "founder", "Karl_Brandt"),
    ("Otto_Hahn", "spouse", "Eva_Klein"),
    ("Max_Born", "spouse", "Ida_Wolf"),
    ("Max_Born", "nationality", "England"),
    ("Ida_Wolf", "nationality", "United_Kingdom"),
    ("Goulash", "ingredient", "Beef"),
    ("Batter", "ingredient", "Almond"),
    ("Pudding", "ingredient", "Raisin"),
    ("Budapest", "country", "Hungary"),
    ("Tall_Tower", "completionDate", Literal("1931")),
    ("Rovers", "season", Literal("2014")),
    ("Rovers", "league", "League_One"),
    ("Rovers", "ground", "Old_Park"),
    ("United", "ground", "Ulm"),
    ("Ulm", "country", "Germany"),
    ("Lima", "country", "Peru"),
    ("Peru", "continent", "America"),
    ("Germany", "continent", "Europe"),
    ("South_Coast", "leader", "Ann_Reed"),
    ("South_Coast", "country", "Peru"),
    ("Peru", "leader", "Tom_Ford"),
    ("Texas", "capital", "Austin"),
    ("Texas", "country", "United_States"),
    ("Peru", "capital", "Lima"),
    ("Azerbaijan", "capital", "Baku"),
    ("Athens", "city", "Greece"),
    ("Museum", "location", "Athens"),
    ("Big_Hall", "location", "Ulm"),
    ("Small_Hall", "location", "Buffalo,_New_York"),
    ("Buffalo,_New_York", "isPartOf", "New_York"),
    ("Old_School", "city", "Oldham"),
    ("Ulm", "isPartOf", "Swabia"),
    ("Dresden", "isPartOf", "Saxony"),
    ("Saxony", "country", "Germany"),
    ("Old_School", "country", "Germany"),
    ("North_Airport", "runwayLength", Literal("2776")),
    ("North_Airport", "runwayName", Literal("10R/28L")),
    ("Ann_Reed", "occupation", "Singer"),
    ("Tom_Ford", "occupation", "Guitarist"),
    ("Ann_Reed", "genre", "Jazz"),
    ("Ann_Reed", "background", Literal("solo singer")),
    ("Ida_Wolf", "occupation", "Singing"),
    ("Tom_Ford", "nationality", "Peruvians"),
]


@pytest.fixture(scope="module")
def judge() -> GraphJudge:
    return GraphJudge([graph_of(FACTS, name="atlas")], compare=compare)


def look(judge: GraphJudge, text: str, answer: str = "", before: str = "") -> Finding:
    """The finding on a claim. In an answer of other words it is said of what stands first there."""
    answer = answer or before + text
    start = answer.find(text) if text in answer else 0
    words = text if text in answer else next(text[at:] for at in range(len(text)) if text[at:] in answer)
    source, at = answer.index(words), len(text) - len(words)
    claim = Claim(
        id="c", text=text, span=Span(max(start, 0), source + len(words)), pieces=(Piece(at, source, len(words)),)
    )
    (finding,) = judge.judge([Case(claim, (), None, answer)])
    return finding


WRONG = (Label.CONTRADICTED, Label.UNSUPPORTED)


def test_what_the_graph_has_in_no_such_role_is_flagged_and_not_edited(judge: GraphJudge) -> None:
    finding = look(judge, "An ingredient of Goulash is Budapest.")
    assert finding.label in WRONG
    assert finding.correction is None
    finding = look(judge, "An ingredient of Goulash is Raisin.")
    assert finding.correction is not None
    assert finding.correction.new == "Beef"


def test_nothing_is_said_twice_in_one_sentence(judge: GraphJudge) -> None:
    finding = look(judge, "Tall Tower was built in 1927", "Tall Tower was built in 1927 and completed in 1931.")
    assert finding.correction is None
    finding = look(judge, "Tall Tower was built in 1927", "Tall Tower was built in 1927. Another was built in 1931.")
    assert finding.correction is not None
    assert finding.correction.new == "1931"


def test_what_is_so_of_another_name_of_the_answer_is_not_edited(judge: GraphJudge) -> None:
    text = "Max Born's wife was Eva Klein."
    assert look(judge, text).correction is not None
    assert look(judge, text, before="Otto Hahn is a friend. ").correction is None


def test_of_whom_a_claim_speaks_must_be_sure_before_it_is_edited(judge: GraphJudge) -> None:
    finding = look(judge, "The founder is Karl Brandt.", before="Acme Works is a firm. ")
    assert finding.label in WRONG
    assert finding.correction is None
    finding = look(judge, "The founder of Acme Works is Karl Brandt.")
    assert finding.correction is not None
    finding = look(judge, "The capital is Baku.", before="Peru is a country. ")
    assert finding.correction is not None
    assert finding.correction.new == "Lima"


def test_several_become_several(judge: GraphJudge) -> None:
    finding = look(judge, "Raisins are an ingredient of Batter.")
    assert finding.correction is not None
    assert (finding.correction.old, finding.correction.new) == ("Raisin", "Almond")


def test_a_number_takes_the_place_of_its_limit_too(judge: GraphJudge) -> None:
    finding = look(judge, "Acme Works has more than 1,002 employees.")
    assert finding.label is Label.CONTRADICTED
    assert "says more than 1,002" in finding.explanation
    assert finding.correction is not None
    assert (finding.correction.old, finding.correction.new) == ("more than 1,002", "1,002")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Acme Works has over 1,002 employees.", Label.CONTRADICTED),
        ("Acme Works has in excess of 1,002 employees.", Label.CONTRADICTED),
        ("Acme Works has fewer than 1,002 employees.", Label.CONTRADICTED),
        ("Acme Works has no fewer than 1,003 employees.", Label.CONTRADICTED),
        ("Acme Works has at least 1,002 employees.", Label.SUPPORTED),
        ("Acme Works has at most 1,002 employees.", Label.SUPPORTED),
        ("Acme Works has up to 1,002 employees.", Label.SUPPORTED),
        ("Acme Works has no more than 1,002 employees.", Label.SUPPORTED),
        ("Acme Works has not fewer than 1,002 employees.", Label.SUPPORTED),
        ("Acme Works has more than 1,001 employees.", Label.SUPPORTED),
    ],
)
def test_limits_are_as_strict_as_their_words(judge: GraphJudge, text: str, label: Label) -> None:
    assert look(judge, text).label is label


@pytest.mark.parametrize(
    ("before", "text"),
    [
        # Who is English is British; the other way it may be.
        ("", "Max Born is British."),
        ("", "Ida Wolf is English."),
        ("", "Rovers played in the season 2014-2015."),
        # The words that name the league say no more of Peru than that the league is there.
        ("", "Rovers play in the League One league in Peru."),
        ("", "Rovers play in Peru's League One."),
        # Who leads Peru leads the place where South Coast is.
        ("South Coast is large. ", "Tom Ford is a leader there."),
        # Texas, which is in a country, is none.
        ("Texas is large. ", "Lima is the country's capital."),
        # What stands before a name, and is no country's adjective, only says what that is.
        ("", "Guitarist Ann Reed plays Jazz."),
        # Peruvians are no place, and "its" is somebody else's.
        ("", "Lima is its capital, Peruvians live there."),
        ("", "Ann Reed's background includes solo singing."),
    ],
)
def test_what_may_well_be_so_is_not_flagged(judge: GraphJudge, before: str, text: str) -> None:
    assert look(judge, text, before=before).label not in WRONG


@pytest.mark.parametrize(
    ("before", "text", "new"),
    [
        ("", "Old School is in Oldham, Peru.", "Germany"),
        ("", "Big Hall is located in Buffalo, New York.", "Ulm"),
        ("", "Baku is the capital of Athens.", None),
        ("North Airport is large. ", "It also has a runway length of 4000 and a runway name, 10R/28L.", None),
        ("", "Ulm is in Saxony which is part of Germany.", None),
    ],
)
def test_what_was_overlooked_is_flagged(judge: GraphJudge, before: str, text: str, new: str | None) -> None:
    finding = look(judge, text, before=before)
    assert finding.label in WRONG
    if new is not None:
        assert finding.correction is not None
        assert finding.correction.new == new


@pytest.mark.parametrize(
    "text",
    [
        # Each of the two is in the Union, and neither in the other.
        "Bern is part of Utah which is part of the Union.",
        "Bern is in Utah which is part of the Union.",
        "Bern is near Utah which is part of the Union.",
    ],
)
def test_what_leads_up_to_a_name_is_not_shown_by_what_follows_it(text: str) -> None:
    facts = [("Bern", "isPartOf", "Union"), ("Utah", "isPartOf", "Union"), ("Bern", "country", "Union")]
    assert look(GraphJudge([graph_of(facts)], compare=compare), text).label is not Label.SUPPORTED


def test_what_is_so_of_each_meaning_of_a_name_is_the_truth() -> None:
    facts: list[tuple[str, str, str | Literal]] = [
        ("Springfield_(Peru)", "leader", "Ann_Reed"),
        ("Springfield_(Peru)", "leader", "Tom_Ford"),
        ("Springfield_(Chile)", "leader", "Ann_Reed"),
        ("Ulm", "leader", "Otto_Hahn"),
    ]
    finding = look(GraphJudge([graph_of(facts)], compare=compare), "The leader of Springfield is Otto Hahn.")
    assert finding.correction is not None
    assert finding.correction.new == "Ann Reed"
