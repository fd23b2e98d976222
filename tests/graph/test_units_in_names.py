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
Tarn Slate\tbattery_mah\t8600
Tarn Slate\tstorage_gb\t256
Tarn Slate\tfuel_tank_litres\t48
Velia\ttopSpeedKmh\t210
Velia\tmass_t\t1.4
Oat Bar\tcaloriesKcal\t350
Oat Bar\tsugar_content_pct\t12.5
Ilm Works\trevenue_million_usd\t780
Lake Ilm\twater_surface_km2\t83.5
Lake Ilm\twater_depth_ft\t120
Ilm Plant\tcapacityMW\t1200
"""


@pytest.mark.parametrize(
    ("name", "unit", "stems"),
    [
        ("runway_length_m", "metres", 1),
        ("http://e/halfLifeHours", "hours", 2),
        ("price_eur", "euros", 2),
        ("battery_mah", "milliampere hours", 2),
        ("topSpeedKmh", "kilometres per hour", 2),
        ("speed_km_h", "kilometres per hour", 2),
        ("speed_metres_per_second", "metres per second", 2),
        ("area_km2", "square kilometres", 2),
        ("floor_sq_m", "square metres", 2),
        ("runway_length_m_2", None, 1),
        ("depth_ft", "feet", 2),
        ("capacityMW", "megawatts", 2),
        ("capacity_mw", None, 1),
        ("revenue_million_usd", "million US dollars", 2),
        ("maximumFineEUR", "euros", 2),
        ("born_in", None, 1),
        ("vitamin_c", None, 1),
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
        ("The battery of the Tarn Slate has 8,600 mAh.", Label.SUPPORTED),
        ("The battery of the Tarn Slate has 8.6 Ah.", Label.SUPPORTED),
        ("The storage of the Tarn Slate is 256 GB.", Label.SUPPORTED),
        ("The storage of the Tarn Slate is 256 MB.", Label.UNSUPPORTED),
        ("The fuel tank of the Tarn Slate holds 48 litres.", Label.SUPPORTED),
        ("The top speed of Velia is 210 km/h.", Label.SUPPORTED),
        ("The top speed of Velia is 130 miles an hour.", Label.SUPPORTED),
        ("The top speed of Velia is 210 mph.", Label.CONTRADICTED),
        # A pack knows the mass of things, in whatever unit.
        ("Velia weighs 1,400 kg.", Label.SUPPORTED),
        ("Velia weighs 1,900 kg.", Label.CONTRADICTED),
        ("The sugar content of Oat Bar is 12.5 percent.", Label.SUPPORTED),
        ("Oat Bar has 350 kcal.", Label.SUPPORTED),
        ("Oat Bar has 350 calories.", Label.SUPPORTED),
        ("The revenue of Ilm Works is 780 million US dollars.", Label.SUPPORTED),
        ("The revenue of Ilm Works is $780 million.", Label.SUPPORTED),
        ("The revenue of Ilm Works is €780 million.", Label.UNSUPPORTED),
        ("The water surface of Lake Ilm is 83.5 square kilometres.", Label.SUPPORTED),
        ("The water depth of Lake Ilm is 36.6 metres.", Label.SUPPORTED),
        ("The capacity of Ilm Plant is 1.2 gigawatts.", Label.SUPPORTED),
    ],
)
def test_a_value_is_compared_in_the_unit_of_the_name(tmp_path: Path, text: str, label: Label) -> None:
    path = tmp_path / "facts.tsv"
    path.write_text(FACTS, "utf-8")
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    (finding,) = GraphJudge([load(path)], compare=compare).judge([Case(claim, (), answer=text)])
    assert finding.label is label
