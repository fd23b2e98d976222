"""Words that exclude each other: what one says of a thing, the other denies of it, or says of another.

A line is a set, `|` parts its sides, and the words of one side say about the same. Words are in their base form; a
word may stand in several sets. Only the sides of one set exclude each other.
"""

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from groundwire.contrast.forms import lemma

# What is one of these is not the other: the passage says the opposite.
OPPOSITES = """
rise increase grow gain climb soar surge jump upward rally up raise higher | \
    fall drop decline decrease lose slide sink plunge slip tumble slump shrink downward down lower reduce cut | \
    unchanged stagnate
more | less fewer
raise increase hike lift boost double triple | lower cut reduce decrease slash halve
accelerate quicken | decelerate slow ease
expand | contract shrink
strengthen | weaken
improve | worsen deteriorate
profit | loss
surplus | deficit
mandatory compulsory obligatory require | optional voluntary
rare rarely seldom uncommon infrequent infrequently | \
    common commonly frequent frequently often usual usually typical typically widespread
always | sometimes occasionally rarely seldom
permanent permanently | temporary temporarily
majority | minority
maximum | minimum
before | after
first | last second third fourth fifth sixth seventh eighth ninth tenth
second | third fourth fifth sixth seventh eighth ninth tenth
third | fourth fifth sixth seventh eighth ninth tenth
fourth | fifth sixth seventh eighth ninth tenth
once | twice thrice
early | late
earlier | later
safe harmless | dangerous hazardous harmful
effective | useless
positive positively | negative negatively
good | bad terrible
success | failure
succeed | fail
healthy | sick ill
strong strongly | weak weakly
large big huge | small little tiny
high highly | low
tall | short
long | short
fast quick quickly rapid rapidly | slow slowly
hot warm | cold cool
old elderly | young
heavy heavily | light lightly
hard difficult | easy easily
rich wealthy | poor
cheap inexpensive | expensive costly
clean | dirty
wet | dry
full | empty
open | close shut
public publicly | private privately
alive | dead
awake | asleep sleep
happy | sad
loud loudly noisy | quiet quietly silent silently
bright | dark
thick | thin
wide | narrow
deep | shallow
near nearby | far
inside indoors indoor | outside outdoors outdoor
internal internally | external externally
major | minor
upper | lower
above over | below beneath under underneath
left | right
front | back
top | bottom
ancient | modern
guilty | innocent
visible | hidden
active | inactive passive
natural | artificial
rural | urban
senior | junior
vertical | horizontal
online | offline
amateur | professional
free | cost charge
accept grant | reject refuse decline
cheaper | dearer costlier
warmer hotter milder | colder cooler
faster quicker sooner | slower
bigger greater | smaller
older | younger
stronger | weaker
heavier | lighter
lengthen extend prolong | shorten
tighten | loosen relax
lend | borrow
intact | damaged broken
including inclusive | excluding exclusive
approve | reject veto
confirm | deny
agree | disagree
win | lose
victory | defeat
buy purchase acquire | sell
start begin commence launch | end finish stop conclude cease terminate
include | exclude
enter | leave left exit
arrive | depart
remember | forget
love adore | hate
laugh | cry
push | pull
sit | stand
import | export
support | oppose
enable | disable
pass | fail
survive | die
attack | defend
hire | fire dismiss
appear | disappear
create build | destroy demolish
add | remove delete
connect | disconnect
encourage | discourage
hit | miss
friend ally | enemy
optimistic | pessimistic
deposit | withdraw withdrawal
with | without
"""

# Who one of several is: where the passage names one, it does not name the other, who may be another besides.
ROLES = """
tenant lessee renter | landlord lessor
buyer purchaser | seller vendor
lender creditor | borrower debtor
employer | employee
plaintiff claimant | defendant
licensor | licensee
insurer | policyholder
franchisor | franchisee
teacher | student pupil
doctor physician | patient | nurse
sender | recipient
host | guest
winner | loser
predator | prey
husband wife spouse | brother sister sibling father mother parent son daughter child | uncle aunt nephew niece | \
    cousin | grandfather grandmother grandson granddaughter | friend colleague
husband | wife
brother | sister
father | mother
son | daughter
uncle | aunt
nephew | niece
man | woman
boy | girl
male | female
king | queen
prince | princess
ceo | cfo | coo | cto
"""

# What one of several a thing is: where the passage says one, it does not say the other, which may be so besides.
KINDS = """
north northern | south southern | east eastern | west western
northeast northeastern | northwest northwestern | southeast southeastern | southwest southwestern
morning | afternoon | evening night
winter | spring | summer | autumn
monday | tuesday | wednesday | thursday | friday | saturday | sunday
january | february | april | june | july | august | september | october | november | december
breakfast | lunch | dinner supper
gold | silver | bronze
primary | secondary
daily | weekly | monthly | quarterly | annually yearly annual
red | orange | yellow | green | blue | purple violet | pink | brown | black | white | grey gray | silver
wood wooden | stone | brick | metal steel iron | plastic | glass | paper | leather | cotton | wool woolen | silk
america american | britain british england english | france french | germany german | italy italian | \
    spain spanish | portugal portuguese | netherlands dutch | belgium belgian | switzerland swiss | austria austrian | \
    poland polish | sweden swedish | norway norwegian | denmark danish | finland finnish | ireland irish | \
    scotland scottish | wales welsh | greece greek | turkey turkish | russia russian | ukraine ukrainian | \
    china chinese | japan japanese | korea korean | india indian | pakistan pakistani | vietnam vietnamese | \
    thailand thai | indonesia indonesian | malaysia malaysian | australia australian | canada canadian | \
    mexico mexican | brazil brazilian | argentina argentine argentinian | chile chilean | colombia colombian | \
    egypt egyptian | israel israeli | iran iranian | iraq iraqi | nigeria nigerian | kenya kenyan
europe european | asia asian | africa african | america american | australia australian
"""


# "Unlawful" is "not lawful": the words are what `un` and its like stand before.
DENIED = {
    "un": "acceptable affected available aware believable certain clear comfortable conditional "
    "conditionally constitutional controlled covered disclosed employed equal expected fair familiar fit fortunate "
    "friendly happy harmed healthy important injured insured intended known lawful lawfully licensed likely limited "
    "lock married necessary occupied official paid popular predictable reliable restricted safe satisfactory "
    "specified stable successful suitable sure true usable used usual willing",
    "in": "accessible accurate adequate applicable appropriate capable complete consistent correct dependent "
    "direct edible effective eligible offensive secure significant sufficient valid visible voluntary",
    "im": "balanced mature moral mortal partial perfect possible practical proper pure",
    "il": "legal legally legible licit logical",
    "ir": "rational regular relevant replaceable responsible reversible",
    "non": "binding compliant deductible existent negotiable profit refundable returnable smoker taxable "
    "transferable toxic",
    "dis": "honest obey satisfied similar",
}


class Set(StrEnum):
    OPPOSITE = "opposite"
    ROLE = "role"
    KIND = "kind"


class Sense(NamedTuple):
    """A word's place in the lexicon: the number of the set, and of the side."""

    set: int
    side: int
    of: Set


def _senses() -> dict[str, tuple[Sense, ...]]:
    found: defaultdict[str, list[Sense]] = defaultdict(list)
    tables = {Set.OPPOSITE: OPPOSITES, Set.ROLE: ROLES, Set.KIND: KINDS}
    lines = [(line, of) for of, table in tables.items() for line in table.splitlines() if line]
    for number, (line, of) in enumerate(lines):
        for side, words in enumerate(line.split("|")):
            for word in dict.fromkeys(map(lemma, words.split())):
                found[word].append(Sense(number, side, of))
    return {word: tuple(senses) for word, senses in found.items()}


SENSES = _senses()
"""The senses of a lemma."""

NEGATED = {lemma(prefix + word): lemma(word) for prefix, words in DENIED.items() for word in words.split()}
"""Lemmas of words that deny another, and the lemma of that."""


def opposed(one: tuple[Sense, ...], other: tuple[Sense, ...]) -> Sense | None:
    """The sense in which two words exclude each other; None where they do not."""
    for sense in one:
        for against in other:
            if sense.set == against.set and sense.side != against.side:
                return sense
    return None


def alike(one: tuple[Sense, ...], other: tuple[Sense, ...]) -> bool:
    """Whether two words say about the same: father and mother are parents, and yet not the same."""
    sides = {(sense.set, sense.side) for sense in one}
    return any((sense.set, sense.side) in sides for sense in other) and opposed(one, other) is None
