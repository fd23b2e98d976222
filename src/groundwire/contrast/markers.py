"""Function words, and the words that deny, allow, oblige, limit and hedge."""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTION = _set(
    "a an the this that these those it its itself he she they him her hers his himself herself them their theirs "
    "themselves we us our ours you your yours i me my mine who whom whose which what where when why how there here and "
    "or but so if then as at by for from in into of off on onto out to within about between through during against "
    "again am is are was were be been being have has had having do does did doing done will would shall should can "
    "could may might must also too both such same very just quite rather really already still even yet ever only own "
    "s t d ll m re ve than each any some all every several many most few half part either one ones someone somebody "
    "anyone anybody everyone everybody people person thing something anything everything able etc up down whatsoever "
    "around along across upon while because since although though however therefore thus hence according"
)
# Function words that a set may exclude: they need not be found, and tell something only beside the same words.
LIGHT = _set("before after above over below under beneath with without more less fewer")
BE = _set("is are was were be been being am ain't get gets got")
NEGATORS = _set("not never no cannot without neither nor nobody nothing none unable non noone lacks lack")
TO_DO = _set("fail fails failed failing refuse refuses refused refusing")  # "failed to", not "failed"
PERMITTED = _set("allowed permitted authorized authorised")
PROHIBITED = _set("prohibited forbidden banned prohibits forbids bans prohibit forbid ban disallowed")
AS_GOOD_AS_DONE = TO_DO | PERMITTED | _set("able unable")  # "failed to pay" did not pay
MAY = _set("may can could")
MUST = _set("must shall")
TURNS = _set("but while whereas although though however because if unless when until than despite except instead")
# How something is not said to be so yet.
YET = {
    **dict.fromkeys(_set("will would might shall"), "will"),
    "should": "should",
    **dict.fromkeys(MAY, "may"),
    "to": "to",
}
# How many of them: all, most, some, few.
SHARE = {"all": 3, "every": 3, "each": 3, "most": 2, "many": 1, "several": 1, "some": 1, "half": 1, "few": 0}
_NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {word: str(number) for number, word in enumerate(_NUMERALS.split())}

# What is not denied as a whole, or not said to be so: of such a sentence nothing is known.
UNCLEAR = re.compile(
    r"\b(?:not|n['’]t|cannot)\s(?:only|just|merely|simply|solely|necessarily|all|every\w*|always|entirely|completely"
    r"|exclusively|until|before|one\b|what|the only|too|very|really|quite|much|just any|more|less|fewer|later|earlier"
    r"|unlike\w*|un\w+|so\b|as\b|to mention|least|if|that|because|but)\b"
    r"|\bor (?:not|no|never)\b"
    r"|\bit (?:is|was|isn['’]t|wasn['’]t)(?: not)? .{1,80}\b(?:that|who|which)\b"
    r"|(?:\bnot|n['’]t) (?:\w+ ){1,5}(?:too|very|much|only)\b"
    r"|\bno (?:doubt|question|wonder|matter|other|more|less|fewer|later|earlier|sooner|one else|exception)\b"
    r"|\b(?:or|if|whether|why|than)(?: or)? not\b|\bnothing (?:but|other)\b|\bnever (?:more|before|mind)\b"
    r"|\bcan(?:not|['’]t| not) (?:help|wait|but|be over\w*)\b|\b(?:hardly|barely|scarcely|nearly|almost)\b"
    r"|\b(?:far(?: removed)? from|anything but|need not|too [a-z])\b|(?<!at )\bleast [a-z]"
    r"|(?:\bnot|n['’]t) (?:have|need) to\b"
    r"|\b(?:den(?:y|ies|ied)|doubt(?:s|ed)?|refut\w+|false(?:ly)?|myth|rumou?r\w*|untrue|alleg\w+|suppos\w+"
    r"|disput\w+|debunk\w+|contrary to|instead of|in place of|rather than|as opposed to|unlike)\b",
    re.IGNORECASE,
)
# What holds only within limits.
LIMIT = re.compile(
    r"\b(?:only|except(?:ing)?|excluding|unless|if|provided|subject to|other than|apart from|until|as long as|when"
    r"|where|in case|at (?:his|her|its|their|the) discretion"
    r"|(?:prior|written|express) (?:consent|permission|approval))\b",
    re.IGNORECASE,
)
# Says no more than the denial that it goes with.
ABSOLUTE = re.compile(
    r"\b(?:under any circumstances?|in any (?:case|way|event)|at all|whatsoever|ever|at any time"
    r"|by any means)\b",
    re.IGNORECASE,
)
HYPOTHETIC = re.compile(r"^\W*(?:if|whether|suppose|imagine|unless|had|were|should)\b", re.IGNORECASE)
