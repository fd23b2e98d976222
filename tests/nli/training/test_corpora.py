import gzip
import json
from pathlib import Path

import pytest

from groundwire.nli.training.corpora import (
    CONTRADICTION,
    ENTAILMENT,
    UNSUPPORTED,
    Pair,
    carried,
    changed,
    fit,
    is_held_out,
    read_pairs,
    sentence_by_sentence,
    sentences,
)


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_labels_of_both_kinds(tmp_path: Path) -> None:
    rows = [
        {"premise": "p", "hypothesis": "h", "label": label}
        for label in ("entailment", "contradiction", "supported", "unsupported")
    ]
    pairs = read_pairs(write(tmp_path / "a.jsonl.gz", rows))
    assert [pair.label for pair in pairs] == [ENTAILMENT, CONTRADICTION, ENTAILMENT, UNSUPPORTED]
    assert {pair.source for pair in pairs} == {"a"}


def test_an_unknown_label_names_file_and_line(tmp_path: Path) -> None:
    rows = [{"premise": "p", "hypothesis": "h", "label": label} for label in ("entailment", "maybe")]
    with pytest.raises(ValueError, match=r"a\.jsonl\.gz:2: label 'maybe'"):
        read_pairs(write(tmp_path / "a.jsonl.gz", rows))


def test_treebank_marks_are_undone(tmp_path: Path) -> None:
    rows = [{"premise": "Ana -LRB- born 1990 -RRB- sings , and dances .", "hypothesis": "h", "label": "entailment"}]
    assert read_pairs(write(tmp_path / "a.jsonl.gz", rows))[0].premise == "Ana (born 1990) sings, and dances."


def test_sentences_do_not_end_at_initials_and_titles() -> None:
    assert sentences("Dr. J. Smith came. He left at 5.30 p.m. on Monday! Why?") == [
        "Dr. J. Smith came.", "He left at 5.30 p.m. on Monday!", "Why?",
    ]  # fmt: skip


def test_a_long_premise_keeps_what_speaks_of_the_hypothesis() -> None:
    noise = " ".join(f"Nothing happened in village number {i} that day." for i in range(40))
    pair = Pair(f"{noise} The volcano erupted twice. {noise}", "The volcano erupted.", ENTAILMENT, "s")
    short = fit(pair, 60)
    assert "The volcano erupted twice." in short.premise
    assert len(short.premise.split()) <= 60
    assert fit(short, 60) is short


def test_a_summary_comes_apart_and_only_its_strange_sentence_is_unsupported() -> None:
    true = "The firm grew by ten percent. It opened a plant in Ohio."
    edited = "The firm grew by ten percent. It opened a plant in Iowa."
    both = "The firm shrank by ten percent. It opened a plant in Iowa."
    pairs = [
        Pair("doc", true, ENTAILMENT, "s"),
        Pair("doc", edited, UNSUPPORTED, "s"),
        Pair("doc", both, UNSUPPORTED, "s"),
    ]
    apart = {(pair.hypothesis, pair.label) for pair in sentence_by_sentence(pairs)}
    assert apart == {
        ("The firm grew by ten percent.", ENTAILMENT),
        ("It opened a plant in Ohio.", ENTAILMENT),
        ("It opened a plant in Iowa.", UNSUPPORTED),
    }
    (iowa,) = (pair for pair in sentence_by_sentence(pairs) if pair.label == UNSUPPORTED)
    assert [iowa.hypothesis[start:end] for start, end in iowa.wrong or ()] == ["Iowa"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("He won 3 races.", "He won 5 races.", ["5"]),
        ("He won.", "He never won.", ["never"]),
        ("He did not win.", "He did win.", ["did win"]),
        ("Anna beat Bo.", "Bo beat Anna.", ["Bo beat", "Anna."]),
        ("The old man left.", "The Old man stayed in Rome.", ["stayed in Rome"]),
        ("He won.", "He won.", []),
    ],
)
def test_the_words_that_changed_are_found(old: str, new: str, words: list[str]) -> None:
    assert [new[start:end] for start, end in changed(old, new)] == words


def test_they_are_followed_where_a_text_was_reworded() -> None:
    assert carried(((3, 4),), "In 5 days he won.", "He won in 5 days.") == ((10, 11),)
    assert carried(((3, 4),), "In 5 days he won.", "He won in 5 days and 5 hours.") is None
    assert carried(None, "He won.", "He did win.") is None
    assert carried((), "He won.", "He won.") == ()


def test_all_pairs_of_a_premise_are_held_out_or_none_and_about_so_many() -> None:
    pairs = [Pair(f"premise {n // 2}", f"claim {n}", ENTAILMENT, "s") for n in range(2000)]
    held = [is_held_out(pair, 0.125) for pair in pairs]
    assert held[::2] == held[1::2]
    assert 0.09 < sum(held) / len(held) < 0.16
    assert not any(is_held_out(pair, 0.0) for pair in pairs)
