"""Graphs and statements about them that were written by somebody who had not seen the program.

`written/one` was looked at to mend what was not understood, `written/two` for some of it, `written/three` only where a
wrong verdict came out of it: what it says of the others carries over to other graphs.
`pytest -rP tests/graph/test_written.py` prints the figures. A line is `+` true, `-` false, `?` not told.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from groundwire import Groundwire

WRITTEN = Path(__file__).parent / "written"

# Measured when this was written; what is mended may only raise the first and lower the second.
AT_LEAST = {
    "one": {"true supported": 168, "false flagged": 137},
    "two": {"true supported": 91, "false flagged": 88},
    "three": {"true supported": 78, "false flagged": 85},
}
AT_MOST = {
    "one": {"true flagged": 0, "false supported": 0, "untold decided": 1},
    "two": {"true flagged": 1, "false supported": 1, "untold decided": 1},
    "three": {"true flagged": 1, "false supported": 2, "untold decided": 3},
}
LINES = {
    "one": {"true": 180, "false": 144, "untold": 36},
    "two": {"true": 150, "false": 120, "untold": 30},
    "three": {"true": 150, "false": 120, "untold": 30},
}
KINDS = {"+": "true", "-": "false", "?": "untold"}


@pytest.mark.parametrize("lot", ["one", "two", "three"])
def test_statements_that_others_wrote_about_their_graphs(lot: str, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for statements in sorted((WRITTEN / lot).glob("*.txt")):
        graph = next(path for path in statements.parent.glob(f"{statements.stem}.*") if path != statements)
        config = tmp_path / f"{statements.stem}.yaml"
        config.write_text(json.dumps({"knowledge": [{"name": statements.stem, "path": str(graph)}]}), "utf-8")
        gw = Groundwire(str(config))
        for line in statements.read_text("utf-8").splitlines():
            if line[:2] not in ("+ ", "- ", "? "):
                continue
            verdicts = {c.verdict for c in gw.verify(re.sub(r"[\[\]]", "", line[2:])).claims if c.verdict}
            kind = KINDS[line[0]]
            counts[kind] += 1
            counts[f"{kind} supported"] += verdicts == {"supported"}
            counts[f"{kind} flagged"] += bool(verdicts & {"contradicted", "unsupported"})
    counts["untold decided"] = counts["untold supported"] + counts["untold flagged"]
    print(lot, dict(counts))
    assert {kind: counts[kind] for kind in KINDS.values()} == LINES[lot]
    assert {what: counts[what] for what in AT_LEAST[lot] if counts[what] < AT_LEAST[lot][what]} == {}
    assert {what: counts[what] for what in AT_MOST[lot] if counts[what] > AT_MOST[lot][what]} == {}
