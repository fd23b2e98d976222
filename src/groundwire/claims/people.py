"""Which nouns mean people, and which names tell whether a man or a woman is meant."""

from groundwire.claims.lexicon import FEMALE, MALE, NOT_PEOPLE, PERSON_NOUNS


def is_person_noun(word: str) -> bool:
    """Whether a common noun (lower case, singular) means a person."""
    if word in PERSON_NOUNS:
        return True
    return word.endswith(("ist", "ian", "eer", "woman", "man")) and word not in NOT_PEOPLE


def gender_of(name: str) -> str | None:
    """ "m" or "f" where a title in the name says so."""
    for word in name.lower().replace(".", "").split():
        if word in MALE:
            return "m"
        if word in FEMALE:
            return "f"
    return None
