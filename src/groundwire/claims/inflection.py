"""Verb forms, for statements made of questions: "Did it end?" asks whether it ended."""

_IRREGULAR = (
    "be:was become:became begin:began bite:bit blow:blew break:broke bring:brought build:built buy:bought "
    "catch:caught choose:chose come:came cost:cost cut:cut deal:dealt do:did draw:drew drink:drank drive:drove "
    "eat:ate fall:fell feed:fed feel:felt fight:fought find:found fly:flew forbid:forbade forget:forgot "
    "freeze:froze get:got give:gave go:went grow:grew hang:hung have:had hear:heard hide:hid hit:hit hold:held "
    "keep:kept know:knew lay:laid lead:led leave:left lend:lent let:let lie:lay lose:lost make:made mean:meant "
    "meet:met pay:paid put:put read:read ride:rode ring:rang rise:rose run:ran say:said see:saw seek:sought "
    "sell:sold send:sent set:set shake:shook shoot:shot show:showed shut:shut sing:sang sink:sank sit:sat "
    "sleep:slept speak:spoke spend:spent split:split spread:spread stand:stood steal:stole stick:stuck "
    "strike:struck swim:swam swing:swung take:took teach:taught tear:tore tell:told think:thought throw:threw "
    "understand:understood wake:woke wear:wore win:won wind:wound withdraw:withdrew write:wrote admit:admitted "
    "commit:committed control:controlled occur:occurred permit:permitted prefer:preferred refer:referred "
    "submit:submitted transfer:transferred "
)
_PAST = dict(form.split(":") for form in _IRREGULAR.split())
_VOWELS = "aeiou"


def past(verb: str) -> str:
    """The past tense of a base form in small letters: "end" gives "ended", "write" gives "wrote"."""
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    sounds = sum(c in _VOWELS and (not i or verb[i - 1] not in _VOWELS) for i, c in enumerate(verb))
    closed = len(verb) > 2 and verb[-1] not in _VOWELS + "wxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    return verb + (verb[-1] if closed and sounds == 1 else "") + "ed"


def present(verb: str) -> str:
    """The third person singular of a base form: "have" gives "has", "reach" gives "reaches"."""
    if verb in ("have", "be"):
        return "has" if verb == "have" else "is"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
