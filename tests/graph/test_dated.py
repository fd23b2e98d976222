"""Facts that hold for a time: read from tables and Wikidata's JSON, and asked of then and of now."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.graph.conftest import STORES, Open
from tests.graph.test_sound import case

from groundwire.errors import KnowledgeError
from groundwire.graph import Fact, GraphJudge, load
from groundwire.graph.store import Period
from groundwire.model import Finding, Label
from groundwire.values import compare

FACTS = """subject,relation,object,start,end
Acme Works,ceo,Karl Hahn,2010,2015-06-30
Acme Works,ceo,Eva Klein,2015-07-01,
Acme Works,headquarter,Ulm,,2012
Holding One,ceo,Otto Brandt,2001,2004
Holding Two,ceo,Max Born,,
Max Born,employer,Acme Works,1999-05-01,2003-08-31
Max Born,birthPlace,Ulm,,
Ulm,mayor,Gunter Czisch,2016,2024-02-29
Ulm,mayor,Ivo Gonner,1992,2016
France,capital,Paris,1792,
Max Born,spouse,Eva Klein,1990,2000
Acme Works,numberOfEmployees,500,2010,2012
Holding One,ceo,Ina Wolf,1980,1990
Holding One,ceo,Ina Wolf,1995,1999
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> GraphJudge:
    path = tmp_path_factory.mktemp("dated") / "atlas.csv"
    path.write_text(FACTS, "utf-8")
    return GraphJudge([load(path)], compare=compare)


def look(judge: GraphJudge, text: str) -> Finding:
    (finding,) = judge.judge([case(text)])
    return finding


@pytest.mark.parametrize(
    "text",
    [
        "Karl Hahn was the CEO of Acme Works in 2012.",
        "In 2012, Karl Hahn was the CEO of Acme Works.",
        "The CEO of Acme Works in 2012 was Karl Hahn.",
        "Karl Hahn was CEO of Acme Works in 2010.",
        "Karl Hahn was the CEO of Acme Works in 2015.",
        "Eva Klein was the CEO of Acme Works in 2015.",
        "Karl Hahn was the CEO of Acme Works on 3 March 2015.",
        "Karl Hahn was the CEO of Acme Works from 2010 to 2015.",
        "Karl Hahn was the CEO of Acme Works from 2010 until June 2015.",
        "Karl Hahn was the CEO of Acme Works until 2015.",
        "Karl Hahn became the CEO of Acme Works in 2010.",
        "Karl Hahn was the CEO of Acme Works.",
        "Karl Hahn is the former CEO of Acme Works.",
        "Karl Hahn was formerly the CEO of Acme Works.",
        "Eva Klein is the CEO of Acme Works.",
        "Eva Klein has been the CEO of Acme Works since 2015.",
        "Eva Klein has been the CEO of Acme Works since July 2015.",
        "Eva Klein was the CEO of Acme Works in 2017.",
        "Max Born is the CEO of Holding Two.",
        "Max Born worked for Acme Works in 2001.",
        "Max Born worked for Acme Works.",
        "Gunter Czisch was the mayor of Ulm in 2016.",
        "Ina Wolf was the CEO of Holding One in 1997.",
        "Max Born was married to Eva Klein from 1990 to 2000.",
        "Max Born married Eva Klein in 1990.",
        "Acme Works had 500 employees in 2011.",
    ],
)
def test_what_held_then_is_supported(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is Label.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Karl Hahn was the CEO of Acme Works in 2018.",
        "Karl Hahn was the CEO of Acme Works in 2009.",
        "Karl Hahn was the CEO of Acme Works from 2008 to 2012.",
        "Karl Hahn was the CEO of Acme Works until 2018.",
        "Karl Hahn became the CEO of Acme Works in 2009.",
        "Eva Klein was the CEO of Acme Works in 2012.",
        "Eva Klein has been the CEO of Acme Works since 2010.",
        "Karl Hahn is the CEO of Acme Works.",
        "Karl Hahn is currently the CEO of Acme Works.",
        "Gunter Czisch is the mayor of Ulm.",
        "Ina Wolf was the CEO of Holding One in 1992.",
        "Acme Works had 700 employees in 2011.",
        # Another held it all that time, or holds it now.
        "Otto Brandt was the CEO of Acme Works in 2012.",
        "Otto Brandt is the CEO of Acme Works.",
        "Max Born was the CEO of Acme Works from 2011 to 2013.",
        "Gunter Czisch runs Acme Works.",
        "Gunter Czisch is the CEO of Acme Works.",
    ],
)
def test_what_did_not_hold_then_is_contradicted(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is Label.CONTRADICTED


@pytest.mark.parametrize(
    "text",
    [
        # The year in which it changed hands, and a year of which nothing is known.
        "Otto Brandt was the CEO of Acme Works in 2015.",
        "Otto Brandt was the CEO of Acme Works in 2005.",
        "Otto Brandt was the CEO of Acme Works.",
        "Max Born is the CEO of Holding One.",
        "Max Born was the CEO of Holding One.",
        # Not as the graph has it, though within its time; or at its edge.
        "Karl Hahn was the CEO of Acme Works from 2011 to 2013.",
        "Karl Hahn became the CEO of Acme Works in 2012.",
        "Karl Hahn resigned as CEO of Acme Works in 2012.",
        "Karl Hahn was the CEO of Acme Works before 2012.",
        "Karl Hahn was the CEO of Acme Works after 2012.",
        "Karl Hahn was the CEO of Acme Works on 1 March 2010.",
        "Karl Hahn has been the CEO of Acme Works since 2010.",
        "Karl Hahn was the CEO of Acme Works and died in 2012.",
        "Karl Hahn, born in 2012, was the CEO of Acme Works.",
        "Eva Klein was the CEO of Acme Works in 2090.",
        "Eva Klein was formerly the CEO of Acme Works.",
        # No dates, or no such relation that only one can have.
        "Max Born was the CEO of Holding Two in 2012.",
        "Max Born works for Acme Works in 2012.",
        "Max Born is employed by Acme Works.",
        "Max Born is married to Eva Klein.",
        "Max Born married Eva Klein in 1995.",
        "Max Born married Eva Klein in 1989.",
        "Karl Hahn runs Acme Works.",
        "Karl Hahn's brother was the CEO of Acme Works in 2012.",
        "Karl Hahn was the acting CEO of Acme Works in 2012.",
        "Karl Hahn may have been the CEO of Acme Works in 2012.",
        "Eva Klein replaced Karl Hahn as CEO of Acme Works in 2017.",
        "Paris was the capital of Germany.",
        "Max Born was not the CEO of Holding Two in 2012.",
        "Karl Hahn was not the CEO of Acme Works in 2018.",
        "Karl Hahn is not the CEO of Acme Works.",
    ],
)
def test_what_is_not_known_of_then_is_neither(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label not in (Label.SUPPORTED, Label.CONTRADICTED)


def test_a_denial_of_what_held_then_is_contradicted(judge: GraphJudge) -> None:
    assert look(judge, "Karl Hahn was not the CEO of Acme Works.").label is Label.CONTRADICTED


def test_evidence_says_when_and_the_edit_is_who_it_was_then(judge: GraphJudge) -> None:
    finding = look(judge, "Otto Brandt was the CEO of Acme Works in 2012.")
    assert finding.correction is not None
    assert finding.correction.new == "Karl Hahn"
    assert finding.evidence[0].text == "Karl Hahn is the CEO of Acme Works (from 2010 until 2015-06-30)."
    finding = look(judge, "Otto Brandt is the CEO of Acme Works.")
    assert finding.correction is not None
    assert finding.correction.new == "Eva Klein"
    assert look(judge, "Otto Brandt was the CEO of Acme Works in 2015.").correction is None


def test_a_table_has_times_beside_its_statements(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("start\tsubject\trelation\tobject\n2010\ta\tp\tb\n\ta\tp\tc\n2014-05\ta\tp\tb\n", "utf-8")
    graph = load(path)
    assert set(graph.facts()) == {Fact("a", "p", "b"), Fact("a", "p", "c")}
    assert graph.periods(Fact("a", "p", "b")) == (Period("2010"), Period("2014-05"))
    assert graph.periods(Fact("a", "p", "c")) == ()
    before = graph.revision
    graph.add("a", "p", "b")  # the same, whenever
    assert graph.periods(Fact("a", "p", "b"))[-1] == Period()
    assert graph.revision != before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,p,b,spring,", '"spring" is no time'),
        ("a,p,b,2015,2010", "2010 is before 2015"),
        ("a,p", "2 columns"),
        ("a,,b,2010,", "no relation"),
    ],
)
def test_errors_of_times_name_the_line(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"subject,relation,object,start,end\n{row}\n", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(path)
    assert ":2" in str(caught.value)
    assert said in str(caught.value)


def time_of(text: str, precision: int) -> dict[str, Any]:
    return {
        "snaktype": "value",
        "datavalue": {"type": "time", "value": {"time": text, "precision": precision}},
    }


def statement(item: int, rank: str, **qualifiers: Any) -> dict[str, Any]:
    value = {"snaktype": "value", "datavalue": {"type": "wikibase-entityid", "value": {"id": f"Q{item}"}}}
    return {"mainsnak": value, "rank": rank, "qualifiers": {name: [snak] for name, snak in qualifiers.items()}}


def label(name: str) -> dict[str, Any]:
    return {"en": {"language": "en", "value": name}}


UNKNOWN = {"snaktype": "somevalue"}
CITY = {
    "id": "Q1",
    "labels": label("Ulm"),
    "claims": {
        "P6": [
            statement(2, "preferred", P580=time_of("+2016-03-01T00:00:00Z", 11)),
            statement(3, "normal", P580=time_of("+1992-00-00T00:00:00Z", 9), P582=time_of("+2016-02-29T00:00:00Z", 11)),
            statement(4, "normal"),
            statement(5, "deprecated", P582=time_of("+1990-00-00T00:00:00Z", 9)),
        ],
        "P17": [
            statement(6, "normal", P580=time_of("+1949-00-00T00:00:00Z", 9), P582=UNKNOWN),
            statement(7, "normal", P582=time_of("+1950-00-00T00:00:00Z", 7)),
            statement(8, "normal", P585=time_of("+2015-05-00T00:00:00Z", 10)),
        ],
    },
}
PEOPLE = [{"id": f"Q{n}", "labels": label(name)} for n, name in ((2, "Ann Weber"), (3, "Ivo Gonner"), (4, "Tom Kurz"))]


def test_times_that_qualify_statements_of_wikidata(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps([CITY, *PEOPLE]), "utf-8")
    graph = load(path)
    found = {
        (fact.relation.rsplit("/")[-1], str(fact.object).rsplit("/")[-1]): graph.periods(fact) for fact in graph.facts()
    }
    assert found == {
        ("P6", "Q2"): (Period("2016-03-01"),),
        ("P6", "Q3"): (Period("1992", "2016-02-29"),),
        ("P17", "Q6"): (Period("1949", None, point=True),),
        ("P17", "Q7"): (),
        ("P17", "Q8"): (Period("2015-05", None, point=True),),
    }
    judge = GraphJudge([graph], compare=compare)
    assert look(judge, "Ivo Gonner was the mayor of Ulm in 2000.").label is Label.SUPPORTED
    assert look(judge, "Ivo Gonner is the mayor of Ulm.").label is Label.CONTRADICTED
    assert look(judge, "Ann Weber is the mayor of Ulm.").label is Label.SUPPORTED


@pytest.mark.parametrize("store", STORES[1:])
def test_a_store_without_times_leaves_out_what_is_over(store: str, opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text("\n".join(map(json.dumps, [CITY, *PEOPLE])), "utf-8")
    judge = GraphJudge([opened(store, path)], compare=compare)
    assert look(judge, "Ann Weber is the mayor of Ulm.").label is Label.SUPPORTED
    for text in ("Ivo Gonner is the mayor of Ulm.", "Ivo Gonner was the mayor of Ulm in 2000."):
        assert look(judge, text).label is not Label.SUPPORTED
