"""The unit of a graph's bare numbers: by the end of a relation's name, by a vocabulary's documentation, by a datatype.

`runway_length_m` has metres, whoever made the graph. DBpedia documents metres for `elevation`: a graph that borrows the
name may have feet all the same.
"""

import re
from functools import lru_cache

from groundwire.graph.names import local_name, name_stems, relation_words

# The last words of a name, and the unit as a person writes it. Left out is what is mostly something else in a name:
# born_in, vitamin_c, class_v.
_TABLE = """
metres: m, metre, metres, meter, meters
kilometres: km, kilometre, kilometres, kilometer, kilometers
centimetres: cm, centimetre, centimetres, centimeter, centimeters
millimetres: mm, millimetre, millimetres, millimeter, millimeters
feet: ft, feet, foot
miles: mi, mile, miles
inches: inch, inches
yards: yd, yards
square metres: m 2, sqm, sq m, square metres, square meters
square kilometres: km 2, sqkm, sq km, square kilometres, square kilometers
square miles: mi 2, sq mi, square miles
square feet: ft 2, sqft, sq ft, square feet
hectares: ha, hectares
acres: acres
cubic metres: m 3, cubic metres, cubic meters
litres: l, litre, litres, liter, liters
millilitres: ml, millilitres, milliliters
gallons: gal, gallons
kilograms: kg, kilogram, kilograms
grams: g, gram, grams
milligrams: mg, milligram, milligrams
micrograms: mcg, ug, micrograms
tonnes: t, tonne, tonnes
pounds: lb, lbs
ounces: oz, ounces
seconds: s, sec, secs, second, seconds
milliseconds: ms, msec, milliseconds
minutes: min, mins, minute, minutes
hours: h, hr, hrs, hour, hours
days: days
weeks: weeks
months: months
years: yrs, years
kilometres per hour: km h, kmh, kph, kilometres per hour, kilometers per hour, km per hour
miles per hour: mph, miles per hour
metres per second: m s, mps, metres per second, meters per second
degrees Celsius: celsius, deg c, degrees c, degc
degrees Fahrenheit: fahrenheit, deg f, degrees f, degf
kelvins: kelvin, kelvins
watts: w, watt, watts
kilowatts: kw, kilowatts
megawatts: megawatts
gigawatts: gw, gigawatts
kilowatt hours: kwh, kilowatt hours
kilojoules: kj, kilojoules
kilocalories: kcal, kilocalories, calories
milliampere hours: mah
volts: volts
hertz: hz, hertz
kilohertz: khz
megahertz: mhz
gigahertz: ghz
kilobytes: kb, kilobytes
megabytes: mb, megabytes
gigabytes: gb, gigabytes
terabytes: tb, terabytes
horsepower: hp, horsepower
percent: pct, percent
euros: eur, euro, euros
US dollars: usd, dollars
pounds sterling: gbp
yen: jpy, yen
rupees: inr, rupees
yuan: cny, yuan
CHF: chf
AUD: aud
CAD: cad
SEK: sek
million: million, millions, mn
billion: billion, billions, bn
thousand: thousands
"""
_UNITS = {
    tuple(words.split()): unit
    for unit, named in (line.split(": ") for line in _TABLE.strip().splitlines())
    for words in named.split(", ")
}
_LONGEST = max(map(len, _UNITS))
# "revenue_million_usd", "budget_m_eur": the scale stands before a currency.
_SCALES = {"thousand": "thousand", "k": "thousand", "m": "million", "mn": "million", "million": "million"}
_SCALES |= {"millions": "million", "bn": "billion", "billion": "billion", "billions": "billion"}
_CURRENCIES = frozenset(["euros", "US dollars", "pounds sterling", "yen", "rupees", "yuan", "CHF", "AUD", "CAD", "SEK"])
_MEGAWATTS = re.compile(r"(?:[a-z_ ]|^)MW$")  # "mw" may be milliwatts
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIXES = {"dbo:": "http://dbpedia.org/ontology/", "schema:": "http://schema.org/"}
_DATATYPES = "http://dbpedia.org/datatype/"


@lru_cache(maxsize=8192)
def _ending(name: str) -> tuple[str, int] | None:
    """The unit in which a relation's name ends, and how many of its words say it."""
    words = relation_words(name)
    if words[-1:] == ("fort",) and name.lower().rstrip(")").endswith("ft"):
        words = (*words[:-1], "ft")
    if _MEGAWATTS.search(name) and len(words) > 1:
        return "megawatts", 1
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        unit = _UNITS.get(words[-count:])
        if unit is None or (words[-1].isdigit() and not name.rstrip(")").endswith(words[-2] + words[-1])):
            continue  # runway_length_m_2 is that of a second runway
        if unit in _CURRENCIES and len(words) > count + 1 and words[-count - 1] in _SCALES:
            return f"{_SCALES[words[-count - 1]]} {unit}", count + 1
        return unit, count
    return None


def unit_in(name: str) -> str | None:
    """The unit that a relation's name ends in, as a person writes it; None where it names none."""
    ending = _ending(name)
    return ending[0] if ending else None


def without_unit(name: str) -> str | None:
    """A relation's name without the unit that it ends in: weight_g → weight. None where it names none."""
    ending = _ending(name)
    return " ".join(relation_words(name)[: -ending[1]]) if ending else None


def stems_to_say(name: str) -> list[tuple[str, ...]]:
    """The stems of a relation's name, of which a claim is to say some; and those without the unit that it ends in."""
    stems, plain = name_stems(name), without_unit(name)
    shorter = name_stems(plain) if plain else ()
    return [stems, shorter] if shorter and shorter != stems else [stems]


def in_full(name: str) -> str:
    """A relation's IRI as vocabularies are documented by it: dbo:elevation → http://dbpedia.org/ontology/elevation."""
    for prefix, start in _PREFIXES.items():
        if name.startswith(prefix):
            return start + name[len(prefix) :]
    return name.replace("https://", "http://", 1)


def unit_of_type(datatype: str | None) -> str | None:
    """The unit that a value's datatype is, as DBpedia has them: "squareKilometre" → "square kilometre"."""
    if datatype is None or not datatype.startswith(_DATATYPES):
        return None
    return _CAMEL.sub(" ", local_name(datatype)).lower()
