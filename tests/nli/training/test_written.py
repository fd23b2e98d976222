from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, NEUTRAL
from groundwire.nli.training.loop import load_config
from groundwire.nli.training.mixture import load_sources, read_corpus
from groundwire.nli.training.written import parsed, unmarked, written_pairs

TEXT = """=== a note
The shop opens at nine.

* Closed on Sundays.
+ It is shut on Sundays.
- It opens at [ten].
? It opens at nine [all year] [round].
"""


def test_a_document_goes_with_each_of_its_claims() -> None:
    pairs = list(parsed(TEXT, "note.txt", "notes"))
    assert [pair.label for pair in pairs] == [ENTAILMENT, CONTRADICTION, NEUTRAL]
    assert {pair.premise for pair in pairs} == {"The shop opens at nine.\n* Closed on Sundays."}
    assert pairs[0].wrong is None
    assert [pairs[2].hypothesis[start:end] for start, end in pairs[2].wrong or ()] == ["all year", "round"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("+ It rains.", "note.txt:1: a claim without a document"),
        ("=== a\nIt rains.\n- It snows.", "note.txt:3: .* mark what is wrong"),
        ("=== a\nIt rains.\n+ It [rains].", "note.txt:3: .* mark what is wrong"),
        ("=== a\nIt rains.\n+ It rains.\nAnd on.", "note.txt:4: text behind the claims"),
    ],
)
def test_what_is_not_of_the_form_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(parsed(text, "note.txt", "notes"))


@pytest.mark.parametrize("text", ["a [b", "a b]", "[a [b] c]", "[a]] b"])
def test_brackets_that_do_not_pair_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="do not pair"):
        unmarked(text)


def test_what_ships_has_true_and_false_claims_of_one_length_about_every_document() -> None:
    pairs = written_pairs()
    documents: dict[str, Counter[bool]] = {}
    for pair in pairs:
        documents.setdefault(pair.premise, Counter())[pair.label == ENTAILMENT] += 1
        for start, end in pair.wrong or ():
            assert 0 <= start < end <= len(pair.hypothesis), pair.hypothesis
    assert len(pairs) > 1000
    assert all(counts[True] and counts[False] for counts in documents.values())
    means = [
        sum(len(p.hypothesis.split()) for p in pairs if p.label == label) / sum(p.label == label for p in pairs)
        for label in (ENTAILMENT, CONTRADICTION, NEUTRAL)
    ]
    assert max(means) < 1.2 * min(means)


def test_a_recipe_takes_them_whole_and_without_what_is_held_out(tmp_path: Path) -> None:
    mix = load_config()["mixture"] | {"passes": {"written": 1.0}, "whole": ["written"], "rounds": 1}
    (source,) = load_sources(tmp_path, mix, 1)
    taken = {pair.premise for pair in source.pairs}
    assert any(len(premise.split()) > mix["max_words"] for premise in taken)
    assert 0.05 < 1 - len(taken) / len({pair.premise for pair in written_pairs()}) < 0.25


def test_people_write_their_own_beside_their_pairs(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(TEXT, "utf-8")
    assert [(pair.source, pair.label) for pair in read_corpus(tmp_path, "mine", {})] == [
        ("mine", ENTAILMENT), ("mine", CONTRADICTION), ("mine", NEUTRAL)
    ]  # fmt: skip
    (tmp_path / "mine.txt").write_text("+ It rains.", "utf-8")
    with pytest.raises(ValueError, match=r"mine\.txt:1: a claim without a document"):
        read_corpus(tmp_path, "mine", {})


def test_some_of_what_ships_are_asked_for_by_the_beginning_of_their_names(tmp_path: Path) -> None:
    some = read_corpus(tmp_path, "written/news", {})
    assert {pair.source for pair in some} == {"written/news"}
    assert 0 < len(some) < len(read_corpus(tmp_path, "written", {}))
    with pytest.raises(FileNotFoundError, match="written/nothing: no such documents"):
        read_corpus(tmp_path, "written/nothing", {})
