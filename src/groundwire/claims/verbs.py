"""Forms of English verbs, where a clause that is cut out needs another one: earning → earned, live → lives."""

import re

_FORMS = (
    ": arising:arose beating:beat becoming:became beginning:began bending:bent binding:bound biting:bit "
    "bleeding:bled blowing:blew breaking:broke breeding:bred bringing:brought broadcasting:broadcast "
    "building:built buying:bought casting:cast catching:caught choosing:chose coming:came costing:cost "
    "cutting:cut dealing:dealt digging:dug doing:did drawing:drew drinking:drank driving:drove eating:ate "
    "falling:fell feeding:fed feeling:felt fighting:fought finding:found flying:flew forbidding:forbade "
    "forgetting:forgot freezing:froze getting:got giving:gave going:went growing:grew having:had hearing:heard "
    "hiding:hid hitting:hit holding:held hurting:hurt keeping:kept knowing:knew laying:laid leading:led "
    "leaving:left lending:lent letting:let losing:lost making:made meaning:meant meeting:met overcoming:overcame "
    "paying:paid putting:put quitting:quit reading:read riding:rode ringing:rang rising:rose running:ran "
    "saying:said seeing:saw seeking:sought selling:sold sending:sent setting:set shaking:shook shooting:shot "
    "showing:showed shutting:shut singing:sang sinking:sank sitting:sat sleeping:slept speaking:spoke "
    "spending:spent spreading:spread standing:stood stealing:stole sticking:stuck striking:struck swearing:swore "
    "sweeping:swept swimming:swam taking:took teaching:taught telling:told thinking:thought throwing:threw "
    "undergoing:underwent understanding:understood undertaking:undertook waking:woke wearing:wore winning:won "
    "withdrawing:withdrew writing:wrote being:was dying:died tying:tied "
)
_IRREGULAR = dict(form.split(":") for form in _FORMS.split())


def past(gerund: str) -> str:
    """The simple past of a verb that is given as its -ing form: "moving" is "mov" and "ed" as "moved" is."""
    word = gerund.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    stem = word.removesuffix("ing")
    if re.search(r"[^aeiou]y$", stem):
        return stem[:-1] + "ied"
    return stem + ("d" if stem.endswith("ee") else "ed")


def third_person(verb: str) -> str:
    """live → lives, carry → carries, have → has."""
    fixed = {"have": "has", "do": "does", "go": "goes", "are": "is", "were": "was", "'re": "is", "’re": "is"}
    if verb.lower() in fixed:
        return fixed[verb.lower()]
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|sh|ch|x|z)$", verb) else "s")
