"""What named things are called when they are taken up again: "the firm" for a company, "the drug" for a medicine."""

_GROUPS = (
    "company firm corporation business manufacturer maker supplier retailer startup conglomerate multinational",
    "organization organisation charity nonprofit ngo foundation association agency institute",
    "bank lender",
    "airline carrier",
    "drug medicine medication pharmaceutical",
    "vaccine",
    "disease illness disorder condition syndrome infection",
    "virus",
    "film movie",
    "book novel memoir",
    "album record",
    "song single track",
    "series show sitcom",
    "game",
    "play musical opera",
    "painting portrait",
    "newspaper paper daily",
    "magazine journal",
    "museum gallery",
    "university college school academy",
    "hospital clinic",
    "church cathedral basilica mosque temple",
    "city town village municipality",
    "country nation",
    "state province",
    "river",
    "lake",
    "mountain volcano",
    "island",
    "bridge",
    "tower skyscraper",
    "castle palace fortress",
    "building",
    "stadium arena",
    "airport",
    "band group duo trio quartet",
    "team club side",
    "party",
    "treaty agreement accord pact convention",
    "law act bill statute",
    "war conflict battle",
    "language",
    "religion",
    "planet",
    "species",
    "protein enzyme gene hormone",
    "software app application program platform website tool",
    "technology technique method",
    "theory theorem",
    "device smartphone phone tablet console",
    "car vehicle model",
    "bike bicycle",
    "lawsuit suit",
    "ship vessel",
    "plane aircraft airliner",
    "currency cryptocurrency",
)
_KIND = {noun: group.split()[0] for group in _GROUPS for noun in group.split()}
_SUFFIXES = frozenset(("inc", "corp", "corporation", "ltd", "gmbh", "ag", "plc", "llc", "co", "company", "holdings"))
_COLLECTIVE = frozenset(("band", "team", "company", "organization", "bank", "airline", "party"))


def kind(noun: str) -> str:
    """What a common noun (small letters, singular) calls a thing, one word for all that mean the same; empty: none."""
    return _KIND.get(noun, "")


def kinds_in(name: str) -> frozenset[str]:
    """What a name says of itself: a museum of "Louvre Museum", a university of "University of Oslo"."""
    words = name.lower().replace(".", "").split()
    words = words[1:] if words[:1] == ["the"] else words
    if not words:
        return frozenset()
    found = {kind(words[-1])}
    if "of" in words[1:3]:
        found = {kind(words[words.index("of") - 1])}
    if words[-1] in _SUFFIXES:
        found.add("company")
    return frozenset(found - {""})


def is_collective(kinds: frozenset[str]) -> bool:
    """Whether something of these kinds may be "they": a band, a team, a company."""
    return bool(kinds & _COLLECTIVE)


def singular(noun: str) -> str:
    """A plural noun's singular, by its ending only: "companies" gives "company"."""
    if noun.endswith("ies") and len(noun) > 4 and noun not in ("series", "species", "movies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun
