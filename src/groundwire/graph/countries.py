"""What countries are called in English besides their names: adjectives, short forms, former names."""

# Normal forms. A country with several adjectives is first under the one that corrections use.
_ADJECTIVES = """
afghan afghanistan|albanian albania|algerian algeria|american united states|angolan angola|argentine argentina
argentinian argentina|armenian armenia|australian australia|austrian austria|azerbaijani azerbaijan
bangladeshi bangladesh|belarusian belarus|belgian belgium|bolivian bolivia|bosnian bosnia and herzegovina
brazilian brazil|british united kingdom|bulgarian bulgaria|burmese myanmar|cambodian cambodia|cameroonian cameroon
canadian canada|chilean chile|chinese china|colombian colombia|costa rican costa rica|croatian croatia|cuban cuba
cypriot cyprus|czech czech republic|danish denmark|dominican dominican republic|dutch netherlands|ecuadorian ecuador
egyptian egypt|english england|eritrean eritrea|estonian estonia|ethiopian ethiopia|finnish finland|french france
georgian georgia|german germany|ghanaian ghana|greek greece|guatemalan guatemala|haitian haiti|honduran honduras
hungarian hungary|icelandic iceland|indian india|indonesian indonesia|iranian iran|iraqi iraq|irish ireland
israeli israel|italian italy|ivorian ivory coast|jamaican jamaica|japanese japan|jordanian jordan|kazakh kazakhstan
kenyan kenya|kuwaiti kuwait|laotian laos|latvian latvia|lebanese lebanon|liberian liberia|libyan libya
lithuanian lithuania|luxembourgish luxembourg|macedonian north macedonia|malagasy madagascar|malaysian malaysia
maltese malta|mexican mexico|moldovan moldova|mongolian mongolia|montenegrin montenegro|moroccan morocco
mozambican mozambique|namibian namibia|nepalese nepal|nicaraguan nicaragua|nigerian nigeria|norwegian norway
pakistani pakistan|palestinian palestine|panamanian panama|paraguayan paraguay|peruvian peru|philippine philippines
filipino philippines|polish poland|portuguese portugal|qatari qatar|romanian romania|russian russia|rwandan rwanda
salvadoran el salvador|saudi saudi arabia|scottish scotland|senegalese senegal|serbian serbia|singaporean singapore
slovak slovakia|slovenian slovenia|somali somalia|south african south africa|south korean south korea
soviet soviet union|spanish spain|sri lankan sri lanka|sudanese sudan|surinamese suriname|swedish sweden
swiss switzerland|syrian syria|taiwanese taiwan|tanzanian tanzania|thai thailand|tunisian tunisia|turkish turkey
ugandan uganda|ukrainian ukraine|uruguayan uruguay|uzbek uzbekistan|venezuelan venezuela|vietnamese vietnam
welsh wales|yemeni yemen|zambian zambia|zimbabwean zimbabwe|new zealand new zealand
"""
_TWO_WORDS = ("costa rican", "south african", "south korean", "sri lankan", "new zealand")
_SHORT_FORMS = {
    "us": "united states", "usa": "united states", "america": "united states", "uk": "united kingdom",
    "britain": "united kingdom", "great britain": "united kingdom", "ussr": "soviet union",
    "uae": "united arab emirates", "drc": "democratic republic of congo", "prc": "china",
    "nyc": "new york city", "holland": "netherlands", "burma": "myanmar", "first world war": "world war i",
    "second world war": "world war ii", "ww1": "world war i", "ww2": "world war ii", "wwii": "world war ii",
}  # fmt: skip


_PARTS = {
    "england": "united kingdom", "scotland": "united kingdom", "wales": "united kingdom",
    "northern ireland": "united kingdom",
}  # fmt: skip


def _read() -> dict[str, str]:
    countries = {}
    for entry in _ADJECTIVES.replace("\n", "|").strip("|").split("|"):
        adjective = next((two for two in _TWO_WORDS if entry.startswith(two)), entry.split(" ", 1)[0])
        countries[adjective] = entry[len(adjective) :].strip()
    return countries


_COUNTRIES = _read()
_BY_COUNTRY = {country: adjective for adjective, country in reversed(_COUNTRIES.items())}


def expanded(key: str) -> str:
    """A name in normal form with the short names of countries in it written out: us army → united states army."""
    if key in _SHORT_FORMS:
        return _SHORT_FORMS[key]
    return " ".join(_SHORT_FORMS.get(word, word) for word in key.split()) if " " in key else key


def country_of(adjective: str) -> str | None:
    """The country that an adjective stands for, both in normal form: french → france."""
    return _COUNTRIES.get(adjective)


def adjective_of(country: str) -> str | None:
    """The adjective of a country: france → French."""
    adjective = _BY_COUNTRY.get(expanded(country))
    return adjective.title() if adjective else None


def one_in_other(one: str, other: str) -> bool:
    """Whether one of two countries, or adjectives of countries, is a part of the other: who is English is British."""
    first, second = (expanded(_COUNTRIES.get(key, key)) for key in (one.lower(), other.lower()))
    return _PARTS.get(first) == second or _PARTS.get(second) == first
