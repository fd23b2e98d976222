import time
from pathlib import Path

import pytest

from groundwire.graph import GraphJudge, KnowledgeGraph, Literal
from groundwire.graph.fakes import FakeGraphJudge, graph_of
from groundwire.model import Case, Claim, Finding, Label, Piece, Reason, Span

FACTS: list[tuple[str, str, str | Literal]] = [
    ("Australia", "capital", "Canberra"),
    ("Australia", "largestCity", "Sydney"),
    ("France", "capital", "Paris"),
    ("Tasmania", "isPartOf", "Australia"),
    ("Hobart", "isPartOf", "Tasmania"),
    ("Errol_Flynn", "birthPlace", "Hobart"),
    ("Errol_Flynn", "birthDate", Literal("1909-06-20")),
    ("Errol_Flynn", "deathPlace", "Vancouver"),
    ("Errol_Flynn", "nationality", "Australia"),
    ("Victor_Hugo", "birthPlace", "Besançon"),
    ("Victor_Hugo", "nationality", "France"),
    ("Les_Misérables", "author", "Victor_Hugo"),
    ("Middlemarch", "author", "George_Eliot"),
    ("Yes_(band)", "genre", "Progressive_rock"),
    ("Funchal_Airport", "runwayLength", Literal("2781.0")),
    ("Funchal_Airport", "elevation", Literal("58.0 (metres)")),
    ("Washington,_D.C.", "type", "City"),
    ("United_States", "capital", "Washington,_D.C."),
]


def compare(claimed: str, known: str) -> bool | None:
    """Years, and whole numbers: enough for these claims."""
    digits = ["".join(char for char in text.split(".")[0] if char.isdigit()) for text in (claimed, known)]
    if len(known) == 10 and len(digits[0]) == 4:
        digits[1] = known[:4]
    return None if not all(digits) else digits[0] == digits[1]


@pytest.fixture(scope="module")
def judge() -> GraphJudge:
    return GraphJudge([graph_of(FACTS, name="atlas")], compare=compare)


def claim(text: str) -> Claim:
    return Claim(id="c1", text=text, span=Span(5, 5 + len(text)), pieces=(Piece(0, 5, len(text)),))


def look(judge: GraphJudge, text: str) -> Finding:
    (finding,) = judge.judge([Case(claim(text), ())])
    if finding.correction:
        span = finding.correction.span
        assert text[span.start - 5 : span.end - 5] == finding.correction.old
    return finding


@pytest.mark.parametrize(
    "text",
    [
        "The capital of Australia is Canberra.",
        "Canberra is Australia's capital.",
        "Errol Flynn was born in Hobart.",
        "Errol Flynn was born in Tasmania.",  # a place inside a place
        "Errol Flynn was born in Hobart, Australia.",
        "Errol Flynn was born in 1909.",
        "George Eliot wrote Middlemarch.",
        "Victor Hugo is the author of Les Miserables.",
        "Victor Hugo wrote Les Misrables.",
        "The capital of the USA is Washington.",
        "Sydney is not the capital of Australia.",
    ],
)
def test_what_the_graph_has_is_supported(judge: GraphJudge, text: str) -> None:
    finding = look(judge, text)
    assert finding.label is Label.SUPPORTED
    assert finding.evidence[0].source == "atlas"
    assert finding.evidence[0].path


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("The capital of Australia is Sydney.", "Sydney", "Canberra"),
        ("Sydney is the capital of Australia.", "Sydney", "Canberra"),
        ("The capital of Australia is Atlantis.", "Atlantis", "Canberra"),
        ("Middlemarch was written by Victor Hugo.", "Victor Hugo", "George Eliot"),
        ("Errol Flynn was born in Paris.", "Paris", "Hobart"),
        ("Errol Flynn was born in 1919.", "1919", "1909"),
        ("Errol Flynn was born on 3 May 1911.", "3 May 1911", "20 June 1909"),
        ("Funchal Airport lies 80 metres above sea level.", "80", "58.0"),
        ("Victor Hugo was an Australian.", "an Australian", "a French"),
    ],
)
def test_another_object_is_corrected(judge: GraphJudge, text: str, old: str, new: str) -> None:
    finding = look(judge, text)
    assert finding.label in (Label.CONTRADICTED, Label.UNSUPPORTED)
    assert finding.correction is not None
    assert (finding.correction.old, finding.correction.new) == (old, new)


def test_only_relations_with_one_object_contradict(judge: GraphJudge) -> None:
    assert look(judge, "The capital of Australia is Sydney.").label is Label.CONTRADICTED
    assert look(judge, "Middlemarch was written by Victor Hugo.").label is Label.UNSUPPORTED


def test_a_contradiction_cites_its_fact(judge: GraphJudge) -> None:
    finding = look(judge, "The capital of Australia is Sydney.")
    (cited,) = finding.evidence
    assert cited.text == "The capital of Australia is Canberra."
    assert [(step.subject, step.relation, step.object) for step in cited.path] == [("Australia", "capital", "Canberra")]
    assert "Sydney" in finding.explanation


@pytest.mark.parametrize(
    "text",
    [
        "Bananas are yellow.",
        "",
        "Errol Flynn admired Victor Hugo.",
        "Canberra is a lovely town.",
        "Errol Flynn was born in Battery Point.",  # may lie in Hobart
        "😀 " * 50,
        "悉尼是澳大利亚的首都。",
        "a" * 5000,
    ],
)
def test_what_the_graph_cannot_tell_is_unchecked(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is Label.UNCHECKED


def test_what_cannot_be_the_object_is_misread_rather_than_wrong(judge: GraphJudge) -> None:
    assert look(judge, "The capital of Australia is Victor Hugo.").label is not Label.CONTRADICTED


def test_a_denied_fact_is_contradicted(judge: GraphJudge) -> None:
    assert look(judge, "Canberra is not the capital of Australia.").label is Label.CONTRADICTED


def test_words_from_elsewhere_are_not_corrected(judge: GraphJudge) -> None:
    text = "Errol Flynn was born in Paris."
    pronoun = Claim(id="c1", text=text, span=Span(40, 61), pieces=(Piece(11, 42, 19),))
    (finding,) = judge.judge([Case(pronoun, ())])
    assert finding.correction is not None
    assert finding.correction.span == Span(55, 60)
    nowhere = Claim(id="c1", text=text, span=Span(40, 61))
    (finding,) = judge.judge([Case(nowhere, ())])
    assert finding.label is not Label.SUPPORTED
    assert finding.correction is None


def test_skipped_claims_are_left_alone(judge: GraphJudge) -> None:
    skipped = claim("The capital of Australia is Sydney.").model_copy(update={"skipped": Reason.NOT_A_CLAIM})
    assert judge.judge([Case(skipped, ())])[0].label is Label.UNCHECKED


def test_after_the_deadline_nothing_is_looked_up(judge: GraphJudge) -> None:
    cases = [Case(claim("The capital of Australia is Sydney."), ())]
    late = judge.judge(cases, deadline=time.monotonic() - 1)
    assert [finding.label for finding in late] == [Label.DEADLINE]
    assert judge.judge(cases, deadline=time.monotonic() + 60) == judge.judge(cases)


def test_a_failure_is_a_finding() -> None:
    def broken(claimed: str, known: str) -> bool | None:
        raise ValueError("no")

    judge = GraphJudge([graph_of(FACTS)], compare=broken)
    assert look(judge, "Errol Flynn was born in 1909.").label is Label.ERROR


def test_names_that_two_entities_share_need_agreement() -> None:
    facts: list[tuple[str, str, str | Literal]] = [
        ("Q1", "label", Literal("Georgia")),
        ("Q2", "label", Literal("Georgia")),
        ("Q1", "capital", "Tbilisi"),
        ("Q2", "capital", "Atlanta"),
        ("France", "capital", "Paris"),
    ]
    judge = GraphJudge([graph_of(facts)], compare=compare)
    assert look(judge, "The capital of Georgia is Atlanta.").label is Label.SUPPORTED
    finding = look(judge, "The capital of Georgia is Paris.")
    assert finding.label is Label.CONTRADICTED
    assert finding.correction is None


def test_several_graphs_contradiction_first() -> None:
    empty, full = KnowledgeGraph("empty"), graph_of(FACTS, name="full")
    judge = GraphJudge([empty, full], compare=compare)
    finding = look(judge, "The capital of Australia is Sydney.")
    assert (finding.label, finding.evidence[0].source) == (Label.CONTRADICTED, "full")
    assert GraphJudge([], compare=compare).judge([Case(claim("x"), ())])[0].label is Label.UNCHECKED


def test_version_changes_with_the_graph() -> None:
    one = GraphJudge([graph_of(FACTS)], compare=compare)
    assert one.version == GraphJudge([graph_of(reversed(FACTS))], compare=compare).version
    assert one.version != GraphJudge([graph_of(FACTS[1:])], compare=compare).version


def test_look_ups_not_scans() -> None:
    def seconds(size: int) -> float:
        facts: list[tuple[str, str, str | Literal]] = [
            (f"Person number {at}", "birthPlace", f"Town {at % 97}") for at in range(size)
        ]
        judge = GraphJudge([graph_of([*FACTS, *facts])], compare=compare)
        look(judge, "The capital of Australia is Sydney.")
        start = time.process_time()
        for _ in range(20):
            look(judge, "The capital of Australia is Sydney.")
            look(judge, "Person number 7 was born in Town 8.")
        return time.process_time() - start

    small, large = seconds(200), seconds(20_000)
    assert large < 10 * small + 0.05


def test_the_fake_says_what_it_was_told() -> None:
    told = Finding(judge="graph", version="fake", label=Label.SUPPORTED)
    fake = FakeGraphJudge({"x": told})
    assert [finding.label for finding in fake.judge([Case(claim("x"), ()), Case(claim("y"), ())])] == [
        Label.SUPPORTED,
        Label.UNCHECKED,
    ]


def test_the_door_names_what_it_opens() -> None:
    import groundwire.graph as door

    assert sorted(door.__all__) == door.__all__
    assert all(hasattr(door, name) for name in door.__all__)
    assert Path(door.__file__).name == "__init__.py"
