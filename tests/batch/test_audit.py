"""What a line may be, what becomes of one that is none, and what a row says."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tests.review.reports import HARD, a_report

from groundwire.batch import BadLine, Failure, Line, audit, in_process, read_lines, row_of, unchecked_row
from groundwire.batch.audit import LONGEST_LINE, Row, encoded


def lines_of(*objects: Any) -> io.BytesIO:
    return io.BytesIO(b"".join(json.dumps(item).encode() + b"\n" for item in objects))


def check(line: Line) -> Row:
    if line.answer == "fails":
        raise RuntimeError("out of order")
    return {"id": line.id, "verdict": "flagged" if "wrong" in line.answer else "clean", "score": 0.1, "claims": []}


def work(lines: Iterable[Line]) -> Iterator[tuple[Line, Row | Failure]]:
    return in_process(lambda: check, lines)


def test_a_line_in_each_of_its_forms() -> None:
    found = read_lines(
        lines_of(
            {"id": "a", "answer": "A.", "context": "one"},
            {"id": 2, "answer": "", "context": ["one", "two"], "question": "Q?", "knowledge": "facts.ttl"},
            {"id": "c", "answer": "C.", "context": [], "question": None, "label": 1, "knowledge": ["a.ttl", "b.tsv"]},
            {"id": "d", "answer": "D."},
        )
    )
    assert list(found) == [
        Line(1, "a", "A.", ("one",)),
        Line(2, 2, "", ("one", "two"), "Q?", ("facts.ttl",)),
        Line(3, "c", "C.", (), None, ("a.ttl", "b.tsv")),
        Line(4, "d", "D."),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "column 1: not JSON"),
        (b"not json", "column 1: not JSON"),
        (b"\xff\xfe", "byte 1 is not UTF-8."),
        (b"[1]", "this is a list. Expected an object with id and answer."),
        (b"null", "this is null. Expected an object with id and answer."),
        (b'{"answer": "x"}', "id: missing. Expected an object with id and answer."),
        (b'{"id": "x"}', "answer: missing. Expected an object with id and answer."),
        (b'{"id": 1.5, "answer": ""}', "id: this is a number. Expected a string or an integer."),
        (b'{"id": true, "answer": ""}', "id: this is true. Expected a string or an integer."),
        (b'{"id": null, "answer": ""}', "id: this is null. Expected a string or an integer."),
        (b'{"id": 1, "answer": null}', "answer: this is null. Expected a string."),
        (b'{"id": 1, "answer": ["x"]}', "answer: this is a list. Expected a string."),
        (b'{"id": 1, "answer": "", "question": 1}', "question: this is a number. Expected a string."),
        (b'{"id": 1, "answer": "", "context": {}}', "context: this is an object. Expected a string or a list of"),
        (b'{"id": 1, "answer": "", "context": ["a", 2]}', "context[1]: this is a number. Expected a string."),
        (b'{"id": 1, "answer": "", "knowledge": 3}', "knowledge: this is a number. Expected a string or a list"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"id": ' + b"9" * 5000 + b', "answer": ""}', "integer string conversion"),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_the_next_is_read(data: bytes, said: str) -> None:
    first, second = read_lines(io.BytesIO(data + b'\n{"id": 1, "answer": "x"}'))
    assert isinstance(first, BadLine)
    assert first.number == 1
    assert said in first.what
    assert "\n" not in first.what
    assert second == Line(2, 1, "x")


def test_empty_lines_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    data = b'\xef\xbb\xbf{"id": 1, "answer": "x"}\r\n\r\n   \n{"id": 2, "answer": "y"}'
    assert list(read_lines(io.BytesIO(data))) == [Line(1, 1, "x"), Line(4, 2, "y")]
    assert list(read_lines(io.BytesIO(b""))) == []


def test_a_line_that_would_fill_the_memory_is_passed_over() -> None:
    data = b'{"id": 1, "answer": "' + b"x" * (LONGEST_LINE + 100) + b'"}\n{"id": 2, "answer": "y"}\n'
    assert list(read_lines(io.BytesIO(data))) == [BadLine(1, "longer than 64 MiB."), Line(2, 2, "y")]


def test_every_line_is_written_or_named() -> None:
    stream = lines_of(
        {"id": "a", "answer": "right"},
        {"id": "b"},
        {"id": "c", "answer": "fails"},
        {"id": "a", "answer": "doubled"},
        {"id": "d", "answer": "done before"},
        {"id": "1", "answer": "wrong"},
        {"id": 1, "answer": "right"},
    )
    rows: list[Row] = []
    said: list[tuple[int, str]] = []
    summary = audit(
        read_lines(stream),
        work,
        write=rows.append,
        complain=lambda number, what: said.append((number, what)),
        done={'"d"'},
    )
    assert [(row["id"], row["verdict"]) for row in rows] == [
        ("a", "clean"),
        ("c", "unchecked"),
        ("1", "flagged"),
        (1, "clean"),
    ]
    assert rows[1]["error"] == "RuntimeError: out of order"
    assert said == [
        (2, "answer: missing. Expected an object with id and answer."),
        (3, "RuntimeError: out of order"),
        (4, 'id "a" is already that of line 1.'),
    ]
    assert (summary.answers, summary.bad, summary.errors) == (4, 2, 1)
    assert summary.verdicts == {"clean": 2, "flagged": 1, "unchecked": 1}


@pytest.mark.parametrize(
    ("answers", "code"),
    [(["right"], 0), ([], 0), (["right", "wrong"], 1), (["right", "fails"], 2), (["wrong", None], 2)],
)
def test_the_exit_code(answers: list[str | None], code: int) -> None:
    stream = lines_of(*({"id": str(number), "answer": answer} for number, answer in enumerate(answers)))
    summary = audit(read_lines(stream), work, write=lambda row: None, complain=lambda number, what: None)
    assert summary.exit_code == code


def test_a_row_has_the_fields_of_the_contract() -> None:
    report = a_report()
    row = row_of(Line(1, 7, report.answer), report)
    assert row.keys() == {"id", "verdict", "score", "coverage", "claims", "revised"}
    assert (row["id"], row["verdict"], row["score"], row["revised"]) == (7, "flagged", 0.1, report.revised)
    [claim] = row["claims"]
    assert claim.keys() == {"text", "start", "end", "verdict", "reason", "confidence", "evidence"}
    assert (claim["start"], claim["end"], claim["verdict"], claim["reason"]) == (0, len(HARD), "contradicted", None)
    [passage] = claim["evidence"]
    assert passage["span"] == {"start": 3, "end": 9}
    assert passage["path"][0]["object"] == "Canberra"
    assert json.loads(encoded(row)) == row
    assert encoded(row).count(b"\n") == 1


def test_a_row_is_one_line_whatever_it_holds() -> None:
    row = unchecked_row(
        Line(1, "\ud83d", "half a pair: \ud83d, 東京, and ends of lines: \u2028\u2029\x85\r\n\v\f"), "no"
    )
    assert json.loads(encoded(row)) == row
    assert len(encoded(row).decode().splitlines()) == 1
