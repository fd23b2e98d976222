"""What true and false say under a JSON key: "refundable": false of the fare says "The fare is not refundable."."""

import re

from groundwire.claims.lexicon import ADJECTIVE_KEYS, BE, DOING_KEYS

_TRUE = frozenset(("true", "yes"))
_FALSE = frozenset(("false", "no"))
_HELPING = BE | {"can", "may", "must", "should", "will"}
_BASES = {"applies": "apply", "qualifies": "qualify"}
# What a key ends with that says how something is; any other one names what there is: "pool".
_ENDING = re.compile(r"(?:able|ible|ed|ful|ous|ive|ory|less|-free)\Z")


def truth(value: str) -> bool | None:
    """What a value of JSON affirms or denies; None where it is neither."""
    word = value.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def affirmed(name: str, owner: str, plural: bool, value: bool) -> str:
    """The statement that `value` makes under the key `name`, of `owner`: "It" where nobody knows of whom."""
    words = name.lower().split()
    denied = "" if value else "not "
    who = owner or "It"
    first, last, rest = words[0], words[-1], " ".join(words[1:])
    if first in _HELPING and rest:
        return f"{who} {'are' if plural and first == 'is' else first} {denied}{rest}."
    if first in ("in", "on", "under", "out") and rest:  # in production, on sale, under warranty
        return f"{who} {'are' if plural else 'is'} {denied}{' '.join(words)}."
    if first in ("has", "have") and rest:
        return f"{who} {'have' if plural else 'has'} {'' if value else 'no '}{rest}."
    if first in DOING_KEYS:
        if value and not plural:
            return " ".join((who, *words)) + "."
        base = _BASES.get(first, first.removesuffix("s"))
        return " ".join((who, *(() if value else ("do" if plural else "does", "not")), base, *words[1:])) + "."
    if _ENDING.search(last) or last in ADJECTIVE_KEYS:
        if len(words) > 1:
            thing = " ".join(words[:-1])
            plural = thing.endswith("s") and not thing.endswith("ss")
            who = (
                f"The {thing} of {owner[:1].lower() + owner[1:] if owner[:4] == 'The ' else owner}" if owner else thing
            )
        return f"{who[:1].upper()}{who[1:]} {'are' if plural else 'is'} {denied}{last}."
    if owner:
        return f"{owner} {'have' if plural else 'has'} {'' if value else 'no '}{' '.join(words)}."
    return f"There is {'' if value else 'no '}{' '.join(words)}."
