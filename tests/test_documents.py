"""What a document says only in a table, a list or under a heading is found there, by the model that ships."""

import pytest

from groundwire import Groundwire

PADDING = (
    "The text of this section was last revised in the spring and is reviewed by the editors once in every year. "
    "Questions are answered by the office at the address on the last page of the {}. Nobody needs to bring anything "
    "along. Copies can be had at the desk by everyone who asks for one in good time. Older editions are kept in the "
    "archive and may be read there in the mornings."
)
MUSEUM = f"""# Museum of Ships

## Opening hours in winter

{PADDING.format("brochure")} The doors open at ten and close at four.

## Opening hours in summer

{PADDING.format("leaflet")} The doors open at nine and close at eight.
"""
FERRY = f"""# Ticket office

**Can I take my bicycle on the ferry?**

{PADDING.format("brochure")} Yes, without a charge.

**Is there a restaurant on board?**

{PADDING.format("leaflet")} No, only a machine with drinks.
"""
BUS_PASS = f"""# Bus pass

{PADDING.format("brochure")}

The pass is free for:

- pupils of the schools in the town and the villages around
- students of the college in their first three years
- soldiers and firemen in their uniforms
- pensioners from the age of seventy on
- the blind and those who lead them
- nurses on their way to a shift at the hospital
"""
OFFICES = """# Branch offices

| Office | Head of the office | Closed on | Languages spoken at the counter |
|---|---|---|---|
| Lisbon | Marlow | Friday | Portuguese |
| Bergen | Okafor | Monday | Norwegian |
| Leipzig | Weiss | Thursday | German |
| Turin | Ricci | Tuesday | Italian |
| Nantes | Moreau | Sunday | French |
| Gdansk | Novak | Saturday | Polish |
| Porto | Silva | Wednesday | Portuguese, Galician |
| Turku | Virtanen | Monday | Finnish |
| Izmir | Demir | Friday | Turkish |
| Oulu | Huber | Tuesday | Finnish, Sami |
| Ghent | Roy | Thursday | Dutch |
| Malaga | Santos | Sunday | Spanish |
| Basel | Chen | Tuesday | German, French |
"""


@pytest.fixture(scope="module")
def groundwire() -> Groundwire:
    return Groundwire()


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # The wrong hour is that of summer, the wrong head that of another office: only the heading and the row tell.
        (MUSEUM, "In winter, the museum closes at four.", "In winter, the museum closes at eight."),
        (
            OFFICES,
            "The head of the branch office in Basel is Chen.",
            "The head of the branch office in Basel is Demir.",
        ),
        (
            BUS_PASS,
            "Pensioners get a free bus pass from the age of seventy on.",
            "Pensioners get a free bus pass from the age of fifty on.",
        ),
        (
            FERRY,
            "Bicycles can be taken on the ferry without a charge.",
            "Bicycles can be taken on the ferry for nine euros.",
        ),
    ],
    ids=["heading", "table", "list", "question"],
)
def test_it_is_supported_and_another_value_is_not(
    groundwire: Groundwire, document: str, right: str, wrong: str
) -> None:
    good, bad = (groundwire.verify(claim, context=[document]) for claim in (right, wrong))
    assert [claim.verdict for claim in good.claims] == ["supported"]
    assert [claim.verdict for claim in bad.claims] != ["supported"]
    assert bad.score > good.score
    assert document is MUSEUM or "supported" not in [claim.verdict for claim in bad.claims]
