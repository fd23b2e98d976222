"""Which nouns mean people, and which names tell whether a man or a woman is meant."""

PERSON_NOUNS = frozenset(
    "actor actress singer songwriter musician composer conductor pianist guitarist drummer rapper dancer painter "
    "sculptor artist writer author novelist poet playwright journalist editor publisher director producer filmmaker "
    "politician president minister senator governor mayor king queen prince princess emperor empress duke duchess lord "
    "lady lawyer judge attorney doctor physician surgeon nurse scientist physicist chemist biologist mathematician "
    "engineer inventor economist historian philosopher professor teacher scholar researcher student player footballer "
    "cricketer boxer wrestler swimmer athlete cyclist driver coach manager striker midfielder defender goalkeeper "
    "quarterback soldier officer general admiral pilot astronaut explorer priest bishop pope monk nun saint activist "
    "entrepreneur businessman businesswoman businessperson executive founder chairman chairwoman chairperson ceo "
    "banker investor architect designer chef model comedian presenter host broadcaster man woman boy girl person "
    "father mother son daughter brother sister husband wife uncle aunt cousin friend child baby leader member citizen "
    "victim suspect killer criminal spokesman spokeswoman spokesperson ambassador diplomat secretary chancellor "
    "youtuber blogger influencer personality celebrity star winner champion runner golfer skater skier gymnast".split()
)
_MALE = frozenset(
    "mr sir king prince emperor duke lord actor businessman chairman spokesman man boy father son brother husband uncle "
    "pope monk".split()
)
_FEMALE = frozenset(
    "mrs ms miss madam queen princess empress duchess lady actress businesswoman chairwoman spokeswoman woman girl "
    "mother daughter sister wife aunt nun".split()
)
_NOT_PEOPLE = frozenset("computer number tower river water paper letter power center theater chapter order".split())


def is_person_noun(word: str) -> bool:
    """Whether a common noun (lower case, singular) means a person."""
    if word in PERSON_NOUNS:
        return True
    return word.endswith(("ist", "ian", "eer", "woman", "man")) and word not in _NOT_PEOPLE


def gender_of(name: str) -> str | None:
    """ "m" or "f" where a title in the name says so."""
    for word in name.lower().replace(".", "").split():
        if word in _MALE:
            return "m"
        if word in _FEMALE:
            return "f"
    return None
