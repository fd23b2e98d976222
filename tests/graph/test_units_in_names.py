"""The unit of an attribute's numbers may stand in its name: runway_length_m, halfLifeHours."""

from pathlib import Path

import pytest

from groundwire.graph import GraphJudge, load
from groundwire.graph.units import stems_to_say, unit_in
from groundwire.model import Case, Claim, Label, Piece, Span
from groundwire.values import compare

FACTS = """\
Nuln Field\trunway_length_m\t3800
Ostadol\thalfLifeHours\t9
Dock Nine\tprice_eur\t79.9
Dock Nine\tfleet_size\t112
Dock Nine\tshelf_height\t12
"""


@pytest.mark.parametrize(
    ("name", "unit", "stems"),
    [
        ("runway_length_m", "metres", 1),
        ("http://e/halfLifeHours", "hours", 2),
        ("price_eur", "euros", 2),
        ("m", None, 1),
        ("minutes", None, 1),
        ("birthPlace", None, 1),
    ],
)
def test_the_unit_is_the_last_word_of_a_name(name: str, unit: str | None, stems: int) -> None:
    assert unit_in(name) == unit
    assert len(stems_to_say(name)) == stems


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ostadol has a half-life of 9 hours.", Label.SUPPORTED),
        ("Ostadol has a half-life of 9 minutes.", Label.UNSUPPORTED),
        ("Dock Nine costs 79.90 euros.", Label.SUPPORTED),
        ("The runway length of Nuln Field is 3.8 km.", Label.SUPPORTED),
        ("The runway length of Nuln Field is 3,800 feet.", Label.UNSUPPORTED),
        # One word of the name is enough where the value is no chance: 112 is, 12 is not.
        ("Dock Nine flies a fleet of 112 aircraft.", Label.SUPPORTED),
        ("Dock Nine flies 112 aircraft.", Label.UNCHECKED),
        ("Dock Nine sells shelves of 12 pounds.", Label.UNCHECKED),
    ],
)
def test_a_value_is_compared_in_the_unit_of_the_name(tmp_path: Path, text: str, label: Label) -> None:
    path = tmp_path / "facts.tsv"
    path.write_text(FACTS, "utf-8")
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    (finding,) = GraphJudge([load(path)], compare=compare).judge([Case(claim, (), answer=text)])
    assert finding.label is label
