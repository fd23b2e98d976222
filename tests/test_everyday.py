"""Everyday statements against a policy, a leaflet, a report, a lease and a manual: what a first user tries."""

from pathlib import Path

import pytest

from groundwire import Groundwire
from groundwire.nli.training.corpora import ENTAILMENT
from groundwire.nli.training.written import parsed

STATEMENTS = [
    (
        "Refund policy. Customers may return any item within 30 days of delivery for a full refund. Items "
        "must be unused and in their original packaging. Shipping costs are not refunded. Gift cards cannot "
        "be returned. Refunds are issued to the original payment method within 5 to 7 business days after we "
        "receive the return.",
        [
            "You can return items within 30 days of delivery.",
            "We don't refund shipping costs.",
            "Gift cards are not returnable.",
            "Your refund arrives within a week or so after we receive the return.",
            "The refund goes back to the card or account you paid with.",
            "Items must be unused.",
        ],
        [
            "You can return items within 60 days of delivery.",
            "Shipping costs are refunded too.",
            "Gift cards can be returned.",
            "Refunds are issued as store credit.",
            "You need a receipt to return an item.",
            "Used items can also be returned.",
        ],
    ),
    (
        "Metformin is the first-line medication for the treatment of type 2 diabetes. The usual starting dose"
        " is 500 mg twice daily with meals. The maximum recommended dose is 2,550 mg per day. Common side "
        "effects include nausea, diarrhea and abdominal pain. Metformin should not be used in patients with "
        "severe renal impairment (eGFR below 30). Lactic acidosis is a rare but serious side effect.",
        [
            "Metformin treats type 2 diabetes.",
            "The usual starting dose is 500 mg twice a day, taken with meals.",
            "You should not take more than 2,550 mg per day.",
            "Nausea and diarrhea are common side effects.",
            "Lactic acidosis occurs rarely but is serious.",
            "Patients with an eGFR below 30 should not use metformin.",
        ],
        [
            "Metformin is used for type 1 diabetes.",
            "The usual starting dose is 500 mg once daily.",
            "The maximum dose is 3,000 mg per day.",
            "Headache is a common side effect.",
            "Lactic acidosis is common.",
            "Metformin is safe for patients with severe kidney disease.",
        ],
    ),
    (
        "Acme Corp reported revenue of $4.2 billion for the third quarter of 2025, up 12% from a year "
        "earlier. Net income fell to $310 million from $355 million. CEO Dana Whitfield said the decline was "
        "due to higher logistics costs. The company raised its full-year revenue guidance to between $16.5 "
        "billion and $16.9 billion. Shares rose 3% in after-hours trading.",
        [
            "Acme's revenue was $4.2 billion in Q3 2025.",
            "Acme's revenue grew 12% year over year.",
            "Net income dropped from $355 million to $310 million.",
            "Dana Whitfield blamed higher logistics costs for the decline.",
            "The full-year revenue guidance is $16.5 billion to $16.9 billion.",
            "Net income decreased by $45 million.",
        ],
        [
            "Acme's revenue fell 12% year over year.",
            "Net income rose to $310 million.",
            "Dana Whitfield is the CFO of Acme.",
            "Acme lowered its full-year guidance.",
            "Shares fell 3% after hours.",
            "Acme announced a stock buyback.",
        ],
    ),
    (
        "The tenant shall pay rent of 1,450 euros on the first day of each month. The tenant may terminate "
        "this lease with three months' written notice. The landlord must give six months' notice. Pets are "
        "allowed only with the written consent of the landlord. The deposit amounts to three months' rent and"
        " is returned within 60 days after the end of the lease, less any damages. Subletting is prohibited.",
        [
            "Rent is due on the first of every month.",
            "The tenant can end the lease with three months' notice.",
            "You may keep pets if the landlord agrees in writing.",
            "The deposit is 4,350 euros.",
            "Subletting is not permitted.",
            "The monthly rent is €1,450.",
        ],
        [
            "Rent is due on the 15th of each month.",
            "The landlord can end the lease with three months' notice.",
            "Pets are not allowed under any circumstances.",
            "The deposit is returned within 30 days.",
            "You may sublet the apartment with the landlord's consent.",
            "Utilities are included in the rent.",
        ],
    ),
    (
        "Marie Curie was a Polish and naturalised-French physicist and chemist who conducted pioneering "
        "research on radioactivity. She was the first woman to win a Nobel Prize, the first person to win a "
        "Nobel Prize twice, and the only person to win a Nobel Prize in two scientific fields. Her husband, "
        "Pierre Curie, was a co-winner of her first Nobel Prize. She was born in Warsaw in 1867 and died in "
        "1934 in Passy.",
        [
            "Marie Curie was born in Warsaw.",
            "She won two Nobel Prizes.",
            "Marie Curie and her husband Pierre shared a Nobel Prize.",
            "She died at the age of 66 or 67.",
            "She was the first woman to win a Nobel Prize.",
            "Curie researched radioactivity.",
        ],
        [
            "Marie Curie was born in Paris.",
            "She won three Nobel Prizes.",
            "Pierre Curie was her brother.",
            "Marie Curie discovered penicillin.",
            "She was the second woman to win a Nobel Prize.",
            "Curie was a mathematician.",
        ],
    ),
    (
        "To reset your password, open Settings, choose Security and click Reset password. A link is sent to "
        "your registered e-mail address and is valid for 24 hours. After five failed attempts the account is "
        "locked for 30 minutes. Two-factor authentication can be turned on in the same menu. Administrators "
        "can unlock accounts at any time.",
        [
            "The reset link is valid for one day.",
            "Your account is locked for half an hour after five failed attempts.",
            "An administrator can unlock the account.",
            "You'll find two-factor authentication under Security.",
            "You can reset the password from the Security page in Settings.",
        ],
        [
            "The reset link expires after one hour.",
            "Your account is locked after three failed attempts.",
            "Only support can unlock the account.",
            "The link is sent by text message.",
            "Two-factor authentication is mandatory.",
        ],
    ),
]
# What the document does not speak of, or counts otherwise, and the model takes for said.
OPEN = ["You need a receipt to return an item.", "She won three Nobel Prizes."]


@pytest.fixture(scope="module")
def groundwire() -> Groundwire:
    return Groundwire()


def supported(groundwire: Groundwire, document: str, statement: str) -> bool:
    report = groundwire.verify(statement, context=[document])
    return {claim.verdict for claim in report.claims} == {"supported"}


def test_most_are_judged_rightly(groundwire: Groundwire) -> None:
    """63 of 70 when this was written; what is missed needs arithmetic, or is left open by the document."""
    wrong = [
        statement
        for document, true, false in STATEMENTS
        for statement in (*true, *false)
        if supported(groundwire, document, statement) != (statement in true)
    ]
    assert len(wrong) <= 7, wrong


@pytest.mark.parametrize(
    ("place", "statement"),
    [
        (place, statement)
        for place, (_, _, false) in enumerate(STATEMENTS)
        for statement in false
        if statement not in OPEN
    ],
)
def test_what_the_document_denies_is_not_supported(groundwire: Groundwire, place: int, statement: str) -> None:
    assert not supported(groundwire, STATEMENTS[place][0], statement)


def test_what_was_written_by_others_is_judged_better_than_by_chance(groundwire: Groundwire) -> None:
    """74 of 84 right ones passed and 45 of 84 false ones flagged when this was written: far from good enough."""
    text = (Path(__file__).parent / "statements.txt").read_text("utf-8")
    passed = {True: 0, False: 0}
    for pair in parsed(text, "statements.txt", "statements"):
        passed[pair.label == ENTAILMENT] += supported(groundwire, pair.premise, pair.hypothesis)
    print(f"{passed[True]} of 84 right ones supported, {84 - passed[False]} of 84 others flagged")
    assert passed[True] >= 71
    assert passed[False] <= 40
