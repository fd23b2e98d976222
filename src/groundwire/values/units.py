"""Unit words as they stand after a number, and conversion between units of one dimension by pint."""

import re
from functools import lru_cache
from typing import Any

# Each line: a name that pint knows, then the words for it. Words that mean other things too often are left out.
_TABLE = """
kilometer: km kms kilometer kilometers kilometre kilometres
meter: m meter meters metre metres
centimeter: cm centimeter centimeters centimetre centimetres
millimeter: mm millimeter millimeters millimetre millimetres
micrometer: µm μm micrometer micrometers micrometre micrometres micron microns
nanometer: nm nanometer nanometers nanometre nanometres
mile: mi mile miles
yard: yd yard yards
foot: ft foot feet
inch: inch inches
nautical_mile: nmi nautical_mile nautical_miles
light_year: light-year light-years light_year light_years
kilometer**2: km2 km² sq_km square_kilometer square_kilometers square_kilometre square_kilometres
meter**2: m2 m² sq_m sqm square_meter square_meters square_metre square_metres
mile**2: mi2 mi² sq_mi square_mile square_miles
foot**2: ft2 ft² sq_ft square_foot square_feet
hectare: ha hectare hectares
acre: acre acres
meter**3: m3 m³ cubic_meter cubic_meters cubic_metre cubic_metres
foot**3: cubic_foot cubic_feet
liter: l L liter liters litre litres
milliliter: ml mL milliliter milliliters millilitre millilitres
gallon: gal gallon gallons
kilogram: kg kgs kilogram kilograms kilo kilos kilogramme kilogrammes
gram: g gram grams gramme grammes
milligram: mg milligram milligrams
microgram: µg μg mcg microgram micrograms
metric_ton: tonne tonnes metric_ton metric_tons
pound: lb lbs pound pounds
ounce: oz ounce ounces
second: s sec secs second seconds
millisecond: ms millisecond milliseconds
minute: min mins minute minutes
hour: h hr hrs hour hours
day: day days
week: week weeks
month: month months
year: yr yrs year years years_old year_old year-old years-old
decade: decade decades
century: centuries
kilometer/hour: km/h kph kmh kilometers_per_hour kilometres_per_hour kilometer_per_hour kilometre_per_hour
kilometer/hour: kilometers_an_hour kilometres_an_hour
kilometer/second: km/s kilometers_per_second kilometres_per_second kilometrePerSeconds kilometrePerSecond
meter/second: m/s meters_per_second metres_per_second
mile/hour: mph miles_per_hour mile_per_hour miles_an_hour
degC: °C ℃ degrees_Celsius degrees_celsius degree_Celsius degrees_C Celsius celsius
degF: °F ℉ degrees_Fahrenheit degrees_fahrenheit degree_Fahrenheit degrees_F Fahrenheit fahrenheit
milliampere_hour: mAh milliampere_hour milliampere_hours milliamp_hours
ampere_hour: Ah ampere_hour ampere_hours amp_hours
kelvin: K kelvin kelvins
degree: ° degree degrees
watt: W watt watts
kilowatt: kW kilowatt kilowatts
megawatt: MW megawatt megawatts
gigawatt: GW gigawatt gigawatts
kilowatt_hour: kWh kilowatt_hour kilowatt_hours kilowatt-hours
joule: J joule joules
kilojoule: kJ kilojoule kilojoules
kilocalorie: kcal kilocalorie kilocalories calories
volt: V volt volts
hertz: Hz hertz
kilohertz: kHz kilohertz
megahertz: MHz megahertz
gigahertz: GHz gigahertz
byte: byte bytes
kilobyte: KB kB kilobyte kilobytes
megabyte: MB megabyte megabytes
gigabyte: GB gigabyte gigabytes
terabyte: TB terabyte terabytes
horsepower: hp horsepower
kilopascal: kPa
bar: bar bars
percent: % percent per_cent pct
percentage_point: percentage_point percentage_points
basis_point: basis_point basis_points bps bp
"""
_CURRENCIES = """
USD: US$ $ dollar dollars US_dollars US_dollar USD
EUR: € euro euros EUR
GBP: £ pounds_sterling GBP
JPY: ¥ yen JPY
INR: ₹ rupee rupees INR
CNY: yuan renminbi CNY RMB
CHF: francs Swiss_francs CHF
AUD: A$ AU$ AUD Australian_dollars
CAD: C$ CA$ CAD Canadian_dollars
SEK: kronor SEK
KRW: ₩ won KRW
"""
PERCENT, POINT, BASIS_POINT = "percent", "percentage_point", "basis_point"
_PARTS = {"cents": "USD", "¢": "USD", "pence": "GBP"}  # hundredths
DOLLARS = frozenset({"USD", "AUD", "CAD"})  # "$" may be any of them
PERIODS = ("second", "minute", "hour", "day", "week", "month", "year")
PER = (*PERIODS, "night", "quarter", "person", "share", "unit", "head", "litre", "liter", "kg", "km", "mile")
_COARSE_TIME = ("day", "week", "month", "year", "decade", "century")


def _words(table: str) -> dict[str, str]:
    rows = (row.split(":", 1) for row in table.strip().splitlines())
    return {word.replace("_", " "): unit for unit, words in rows for word in words.split()}


UNITS = _words(_TABLE)
CURRENCIES = _words(_CURRENCIES)
HUNDREDTHS = frozenset(_PARTS)
BEFORE = tuple(sorted((w for w in CURRENCIES if not w[0].islower()), key=len, reverse=True))


def _pattern(words: dict[str, str]) -> str:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in longest)


_PER_WORDS = "|".join(PER)
_AFTER = re.compile(
    rf"(?:[ \t\u00a0\u202f]?\(?|-)"
    rf"(?P<word>{_pattern(UNITS | _PARTS | {w: u for w, u in CURRENCIES.items() if w != 'won'})})"
    rf"(?![\w²³$€£])(?!/(?!(?:{_PER_WORDS})\b))\)?"
)
_PER = re.compile(
    rf"(?:\s?/\s?|\s(?:per|an?|each|every)\s)(?P<word>{_PER_WORDS})\b(?!\s(?:later|ago|before|after|earlier)\b)"
    r"|\s(?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annually)\b",
    re.IGNORECASE,
)
# "2.5 million visitors every month": what is counted stands between the number and the period.
_PER_COUNTED = re.compile(rf"\s[a-z]{{2,20}}\s(?:per|an?|each|every)\s(?P<word>{'|'.join(PERIODS)})\b")
RATE = re.compile(rf"\b(?:per|each|every)\s(?:{'|'.join(PERIODS)})\b")
_ADVERBS = {"daily": "day", "annually": "year"}


def unit_after(text: str, position: int) -> tuple[str, bool, int] | None:
    """The unit that follows a number ending at `position`: its name, whether it is a currency, and where it ends."""
    found = _AFTER.match(text, position)
    if not found:
        return None
    word = re.sub(r"[\s-]", " ", found["word"])
    for key in (found["word"], word):
        if key in CURRENCIES or key in _PARTS:
            return CURRENCIES.get(key) or _PARTS[key], True, found.end("word")
        if key in UNITS:
            return UNITS[key], False, found.end("word")
    return None


def per_after(text: str, position: int) -> tuple[str, int] | None:
    """What an amount that ends at `position` is for, "month" in "$20 a month", and where that ends.

    That is `position` itself where what is counted stands between: "2.5 million visitors every month".
    """
    found = _PER.match(text, position)
    if not found:
        counted = _PER_COUNTED.match(text, position)
        return (counted["word"], position) if counted else None
    adverb = (found["adverb"] or "").lower()
    return (found["word"] or _ADVERBS.get(adverb) or adverb.removesuffix("ly")).lower(), found.end()


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


@lru_cache(maxsize=1024)
def _line(unit: str, wanted: str) -> tuple[float, float] | None:
    """Conversion as a line, slope and offset: pint is asked once for each pair of units."""
    if (unit in _COARSE_TIME) != (wanted in _COARSE_TIME) and {unit, wanted} & {"month", "year", "decade", "century"}:
        return None  # nobody states a century in seconds to be exact
    registry = _registry()
    try:
        zero, hundred = (float(registry.Quantity(x, unit).to(wanted).magnitude) for x in (0.0, 100.0))
    except registry_errors():
        return None
    return (hundred - zero) / 100.0, zero


def registry_errors() -> tuple[type[Exception], ...]:
    """What pint raises for units that cannot be converted or that it does not know."""
    import pint

    return pint.DimensionalityError, pint.UndefinedUnitError, pint.OffsetUnitCalculusError


def convert(magnitude: float, unit: str, wanted: str, *, size: bool = False) -> float | None:
    """`magnitude` of `unit` in `wanted`, or None when they are not of one dimension. `size`: of a difference."""
    if unit == wanted:
        return magnitude
    line = _line(unit, wanted)
    if line is None:
        return None
    return magnitude * line[0] + (0.0 if size else line[1])
