"""Many answers: `groundwire audit in.jsonl -o out.jsonl`.

In: lines of JSON, each an answer and what it should rest on. Out: a line of JSON for each, in the same order, with
every claim, its verdict and its evidence. No line disappears: what is no answer is named with its number, and what
could not be checked says `unchecked` and why. This room never decides anything: it calls `Groundwire.verify`.
"""

from groundwire.batch.audit import (
    BadLine,
    Line,
    Row,
    Summary,
    audit,
    key_of,
    parse,
    raw_lines,
    read_lines,
    row_of,
    unchecked_row,
)
from groundwire.batch.output import OutputFile
from groundwire.batch.pool import Failure, Pool, in_process
from groundwire.batch.progress import Bar
from groundwire.batch.working import fingerprint, fitting, work

__all__ = [
    "BadLine",
    "Bar",
    "Failure",
    "Line",
    "OutputFile",
    "Pool",
    "Row",
    "Summary",
    "audit",
    "fingerprint",
    "fitting",
    "in_process",
    "key_of",
    "parse",
    "raw_lines",
    "read_lines",
    "row_of",
    "unchecked_row",
    "work",
]
