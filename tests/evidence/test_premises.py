"""What a passage is read as: rows with their heads, items with their lead-ins, words without marks; prose as it is."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.evidence import Document, EvidenceIndex
from groundwire.evidence.marks import plain
from groundwire.evidence.outline import Outline
from groundwire.evidence.passages import passages
from groundwire.evidence.premises import premise
from groundwire.model import Claim, Evidence, Span

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy

LINES = "# Head\n| a | b |\n|---|---|\n- item\n  - inner:\n```\nLead in:\n\nx\ty\nA,b\n1,2\nWhy?\n**Bold**\n===\n> said"
LINES += "\n<tr><td>1</td></tr>\n<h2>H</h2>\n1. One\nQ: Why?\nA: So.\nT  1\n[^1]"
MARKS = st.sampled_from("aB1 .!?\n\t|:-#*_`\"'[]()<>=,^&。é\u2028\x00")
TEXTS = st.text(MARKS, max_size=400) | st.lists(st.sampled_from(LINES.split("\n")), max_size=40).map("\n".join)


def read(document: str, claim: str) -> str:
    about = Claim(id="c1", text=claim, span=Span(0, len(claim)))
    return EvidenceIndex([Document("d", document)]).gather(about)[0].premise


FILLER = " ".join(f"Nothing else is said about point {n} of this section, which is left to others." for n in range(7))

PLANS = """# Hosting prices

## Pricing, Basic plan

It costs 5 euros a month. It has 3 users.

## Pricing, Pro plan

It costs 12 euros a month. It has 10 users.
"""
LEAFLET = """# Neroval 250 mg tablets

## How to take it

| Age           | Dose      | Times a day |
|:--------------|:---------:|------------:|
| Adults        | 2 tablets | 3           |
| 6 to 12 years | 1 tablet  | 2           |
"""
TERMS = """TERMS OF USE

1. Definitions

The Service is the website and all of its parts.

2. Termination

Either party may end the contract with 30 days' notice to the other party.
"""
INFOBOX = """{{Infobox settlement
| name = Ballinspittle
| population_total = 1,234
| country = [[Republic of Ireland|Ireland]]
}}
Ballinspittle is a [[village]] in County Cork.<ref>Census</ref> It is old.
"""
NESTED = "- Delivery:\n  - within 3 days in Germany\n  - within 9 days abroad\n- Payment:\n  - by card"
FAQ = "# FAQ\n\n**How long do refunds take?**\n\nUp to 14 days.\n\n**Do you ship to Norway?**\n\nYes, for 9 euros."
FAR = f"# Refunds\n\n{FILLER}\n\nIf goods come back, refunds are paid:\n\n" + "\n".join(
    f"- for goods of class {name} within {days} days of the return of all parts"
    for days, name in enumerate("ABCDEFGH", 14)
)


@pytest.mark.parametrize(
    ("document", "claim", "expected"),
    [
        # Headings: the title and the nearest one, once.
        (
            PLANS,
            "The Pro plan has 10 users.",
            "Hosting prices. Pricing, Pro plan. It costs 12 euros a month. It has 10 users.",
        ),
        ("# Rates\nThe rate is 5 %.", "The rate is 5 %.", "Rates. The rate is 5 %."),
        (
            "<h2>Opening hours</h2>\n<p>We open at <b>nine</b>.</p>",
            "We open at nine.",
            "Opening hours. We open at nine.",
        ),
        ("Staff\n-----\n\nIt employs 3,120 people.", "It employs 3,120 people.", "Staff. It employs 3,120 people."),
        (
            "== History ==\nIt was founded in 1812.<br/>It burned.",
            "Founded in 1812.",
            "History. It was founded in 1812. It burned.",
        ),
        (
            TERMS,
            "The contract can be ended with 30 days' notice.",
            "TERMS OF USE. Definitions. The Service is the website and all of its parts. Termination. "
            "Either party may end the contract with 30 days' notice to the other party.",
        ),
        (
            "Opening hours\n\nMonday: 9:00 to 17:00\nSunday: closed",
            "It is closed on Sunday.",
            "Opening hours. Monday: 9:00 to 17:00\nSunday: closed",
        ),
        (
            "# Minutes of 3 May\n\n## Budget\n\nMs Okafor: The budget is 40,000 euros.\nMr Lund: I second that.",
            "The budget is 40,000 euros.",
            "Minutes of 3 May. Budget. Ms Okafor: The budget is 40,000 euros.\nMr Lund: I second that.",
        ),
        (
            FAQ,
            "Shipping to Norway costs 9 euros.",
            "FAQ. How long do refunds take? Up to 14 days. Do you ship to Norway? Yes, for 9 euros.",
        ),
        (
            "Q: How long do refunds take?\nA: Up to 14 days.\n\nQ: Do you ship abroad?\nA: No.",
            "Refunds take 14 days.",
            "How long do refunds take? Up to 14 days. Do you ship abroad? No.",
        ),
        (
            "How long do refunds take?\nUp to 14 days.\n\nDo you ship abroad?\nOnly to Norway and Iceland.",
            "They ship to Norway.",
            "How long do refunds take? Up to 14 days.\n\nDo you ship abroad? Only to Norway and Iceland.".replace(
                "\n\n", " "
            ),
        ),
        # Tables: the columns' heads in each row, and the row that the claim names.
        (
            LEAFLET,
            "Adults take 2 tablets.",
            "Neroval 250 mg tablets. How to take it. Age: Adults. Dose: 2 tablets. Times a day: 3.",
        ),
        (
            LEAFLET,
            "Patients take tablets.",
            "Neroval 250 mg tablets. How to take it. Age: Adults. Dose: 2 tablets. Times a day: 3. "
            "Age: 6 to 12 years. Dose: 1 tablet. Times a day: 2.",
        ),
        (
            "| | |\n|---|---|\n| Capital | Canberra |\n| Motto | |",
            "The capital is Canberra.",
            "Capital: Canberra. Motto.",
        ),
        (
            "| Rank | City |\n|---|---|\n| 2 | Berlin |\n| 3 | Madrid |",
            "Berlin has 3 airports.",
            "Rank: 2. City: Berlin. Rank: 3. City: Madrid.",
        ),
        (
            "| Year | Sales |\n|---|---|\n| 2019 | 4 |\n| 2020 | 5 |",
            "Sales were 4 in 2019.",
            "Year: 2019. Sales: 4.",
        ),
        ("| Berlin | 3.6 | 891 |\n| Paris | 2.1 | 105 |", "Berlin has 891.", "Berlin, 3.6, 891. Paris, 2.1, 105."),
        ("city\tcountry\nBerlin\tGermany\nParis\tFrance", "Paris is in France.", "city: Paris. country: France."),
        (
            'city,people\nBerlin,3600000\nParis,2100000\n"Washington, DC",700000',
            "Washington, DC has 700000 people.",
            "city: Washington, DC. people: 700000.",
        ),
        ("Item    Price\nHammer  12.50\nSaw     18.00", "A saw costs 18.00.", "Item: Saw. Price: 18.00."),
        (
            "<table>\n<tr><th>Plan</th><th>Price</th></tr>\n<tr><td>Pro</td><td>12&nbsp;euros</td></tr>\n</table>",
            "Pro costs 12 euros.",
            "Plan: Pro. Price: 12 euros.",
        ),
        (
            "+------+-------+\n| Plan | Price |\n+======+=======+\n| Pro  | 12    |\n+------+-------+",
            "Pro: 12",
            "Plan: Pro. Price: 12.",
        ),
        (
            INFOBOX,
            "Ballinspittle is in Ireland.",
            "Infobox settlement. name: Ballinspittle. population total: 1,234. country: Ireland. "
            "Ballinspittle is a village in County Cork. It is old.",
        ),
        # Lists: no marks, and the words that they complete.
        (
            "Refunds are paid:\n\n- up to **14 days** after\n- by bank transfer\n- [x] in euros",
            "Refunds are paid in euros.",
            "Refunds are paid: up to 14 days after; by bank transfer; in euros.",
        ),
        (
            FAR,
            "Goods of class F are refunded within 19 days.",
            "Refunds. If goods come back, refunds are paid: "
            "for goods of class D within 17 days of the return of all parts; "
            "for goods of class E within 18 days of the return of all parts; "
            "for goods of class F within 19 days of the return of all parts.",
        ),
        (
            NESTED,
            "Delivery takes 9 days.",
            "Delivery: within 3 days in Germany; within 9 days abroad. Payment: by card.",
        ),
        (
            "1. Open the box.\n2. Press the *red* button.\n3. Wait 5 s.",
            "Wait 5 s.",
            "Open the box. Press the red button. Wait 5 s.",
        ),
        (
            "<p>We ship to:</p><ul><li>Norway</li><li>Iceland</li></ul>",
            "They ship to Norway.",
            "We ship to: Norway. Iceland.",
        ),
        # Marks without words.
        (
            "The [Tower](https://example.org/a_(b)) was *done* in **1889**[1][2] by `E & Co`.[^3] ![photo](x.png)",
            "The tower was done in 1889.",
            "The Tower was done in 1889 by E & Co.",
        ),
        (
            "Canberra is the capital [1]. It has 450,000 people [2, 3].",
            "Canberra.",
            "Canberra is the capital. It has 450,000 people.",
        ),
        ("> The fee is 5 %.\n> It is due at once.", "The fee is 5 %.", "The fee is 5 %. It is due at once."),
        (
            "```sh\nx_1 = 2 * 3  # no_head\n```\nThe value of `x_1` is 6.",
            "x",
            "x_1 = 2 * 3  # no_head The value of x_1 is 6.",
        ),
    ],
)
def test_what_the_best_passage_is_read_as(document: str, claim: str, expected: str) -> None:
    assert read(document, claim) == expected


@pytest.mark.parametrize(
    "text",
    [
        'Plain prose. It has\ntwo parts, 2*3*4 cm, a snake_case name, x[0]: [1, 2] and {"a": [3]}.',
        "A. Smith founded the firm.\nHe sold it in 1999.",
        "Monday: 9 to 17\nTuesday: 10 to 18",
        "It was 5 < 6 and 7 > 3, R&D said; 5 * 6 * 7 is 210.",
        "Is that so? Nobody knows.",
        "Prices rose by 3,120\neuros.",
    ],
)
def test_plain_prose_is_read_as_it_stands(text: str) -> None:
    [evidence] = EvidenceIndex([Document("d", text)]).gather(Claim(id="c1", text="x", span=Span(0, 1)))
    assert evidence.lines == ()
    assert evidence.premise == evidence.text == text
    assert "lines" not in evidence.model_dump(mode="json")


def test_a_wrapped_sentence_keeps_the_number_that_begins_its_line() -> None:
    text = "All of this holds for every contract signed within\n14. of *May*."
    assert "within 14" in " ".join(read(text, "x").split())


def test_the_text_and_its_place_stay_the_documents_own() -> None:
    about = Claim(id="c1", text="Adults take 2 tablets.", span=Span(0, 22))
    for evidence in EvidenceIndex([Document("d", LEAFLET)]).gather(about):
        assert evidence.span is not None
        assert evidence.span.of(LEAFLET) == evidence.text
        assert evidence.lines
        assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence


def test_a_long_heading_is_shortened_above_a_passage_and_a_long_title_left_out() -> None:
    title, head = "# " + "long " * 13 + "title", "## " + "word " * 13 + "end"
    text = f"{title}\n\n{head}\n\n{FILLER} It costs 7 euros."
    said = read(text, "It costs 7 euros.")
    assert said.startswith("word " * 11 + "word… ")


def test_where_a_claim_names_a_row_no_other_row_of_the_table_is_read() -> None:
    cities = [("Berlin", 3.6), ("Hamburg", 1.9), ("Munich", 1.5), ("Cologne", 1.1), ("Essen", 0.6), ("Bremen", 0.5)] * 3
    rows = "".join(f"| {city} {place} | {people} |\n" for place, (city, people) in enumerate(cities))
    claim = Claim(id="c1", text="Munich 14 has 1.5 million people.", span=Span(0, 33))
    text = f"| City | Population in million |\n|---|---|\n{rows}\n{FILLER}"
    said = [e.premise for e in EvidenceIndex([Document("d", text)]).gather(claim, 9)]
    assert said[0] == "City: Munich 14. Population in million: 1.5."
    assert not [words for words in said if "Essen" in words or "Berlin" in words]


@ANY_SPEED
@given(TEXTS, st.text(alphabet="aB1 bc?", max_size=20))
def test_any_text_has_premises(text: str, words: str) -> None:
    outline = Outline(text)
    assert all(one.end <= two.start for one, two in zip(outline.blocks, outline.blocks[1:], strict=False))
    for passage in passages(text):
        found = premise(text, outline, passage.start, passage.end)
        for start, end, said in found.lines:
            assert 0 <= start < end <= len(text)
            assert said.strip()
    index = EvidenceIndex([Document("d", text)])
    claim = Claim(id="c1", text=words, span=Span(0, len(words)))
    assert index.gather(claim) == index.gather(claim)
    assert all(evidence.premise.strip() for evidence in index.gather(claim))


@ANY_SPEED
@given(st.text(max_size=200))
def test_marks_come_off_any_text(text: str) -> None:
    assert isinstance(plain(text), str)


HOSTILE = "*a |_a|[|](|[[a/|**|`|<td>|<ref>|<!--|{{|&|/ |a\t|- a:\n|A\n\n|a?\n|a,b\n|a  b\n|<tr><td>\n"
HOSTILE += '|/-/\n|-=/ |a,|"|\n|1. '


@pytest.mark.parametrize("piece", [piece.replace("/", "|") for piece in HOSTILE.split("|")])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    found = list(passages(text))
    start = time.process_time()
    outline = Outline(text)
    for passage in found:
        premise(text, outline, passage.start, passage.end)
    assert time.process_time() - start < 5.0
