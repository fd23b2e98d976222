"""What each sentence is: a statement, of which kind, or nothing that can be checked. Quotations and formulas too."""

import pytest

from groundwire.model import Kind, Reason

from .test_extract import EXTRACTOR, check

STATEMENTS = {
    Kind.FACT: [
        "Whales are mammals.",
        "The heart pumps blood through the body.",
        "Photosynthesis converts light into chemical energy.",
        "Note that you need an account.",
        "I believe Rome is the capital of Italy.",
        "I think that whales are mammals.",
        "It is important to note that aspirin thins the blood.",
        "Note that aspirin thins the blood.",
        "Keep in mind that aspirin thins the blood.",
        "Remember that whales are mammals.",
        "Of course, whales are mammals.",
        "The law requires that drivers wear seat belts.",
        "Doctors recommend that adults drink water.",
        "Users must have an account.",
        "Aspirin should not be taken with alcohol.",
        "It may cause nausea.",
        "She is best known for her novels.",
        "The best-known symptom is fever.",
        "Critics called the film beautiful.",
        "The company is a better-known rival of Acme.",
        "Set theory is a branch of mathematics.",
    ],
    Kind.RELATION: [
        "Rome is the capital of Italy.",
        "Jane Austen wrote Emma.",
        "Tim Cook succeeded Steve Jobs.",
        "Paris lies on the Seine.",
        "Toyota is headquartered in Japan.",
    ],
    Kind.QUANTITY: [
        "Rome has 2.8 million people.",
        "The tower is 330 metres tall.",
        "The maximum dose is 1000 mg.",
        "The loan costs 3.1 % a year.",
        "Twice as many people voted.",
        "The recipe serves four people.",
        "A marathon is 42.195 km long.",
        "Sales fell by half.",
    ],
    Kind.DATE: [
        "It was founded in 1913.",
        "The treaty was signed on 3 May 1994.",
        "The war ended in November.",
        "The style emerged in the 19th century.",
        "She was born on 7/11/1867.",
        "The temple was built around 500 BC.",
        "The firm has sold cars since 1998.",
    ],
    Kind.QUOTE: [
        'He said that "the war was lost and over".',
        '"We shall fight on the beaches," Churchill said.',
        'According to the CEO, "profits will rise again next year".',
        "“I have a dream that one day,” King said in Washington.",
    ],
}
NO_CLAIMS = {
    Kind.OPINION: [
        "I think Paris is beautiful.",
        "I think the best programming language is Java.",
        "You should visit Rome.",
        "Rome is a wonderful city.",
        "The food is delicious.",
        "In my opinion, the plan is bad.",
        "I'd recommend the first option.",
        "Personally, I prefer tea.",
        "I hope this helps!",
        "I'm sorry, but I can't help with that.",
        "As an AI language model, I don't have personal opinions.",
        "I cannot provide medical advice.",
        "I don't have access to real-time data.",
        "Unfortunately, I am unable to browse the web.",
        "Sure!",
        "Great question!",
        "You're welcome!",
        "Happy to help!",
        "Thanks for asking.",
        "Here is a summary of the article:",
        "Below are three examples:",
        "I hope you find this useful.",
        "Good luck with your trip!",
        "Have a great day!",
        "That's a good question.",
        "I apologize for the confusion.",
        "You're right, I made a mistake.",
    ],
    Kind.INSTRUCTION: [
        "Let me know if you have any questions.",
        "Feel free to ask if you need more details.",
        "Please let me know if you need anything else.",
        "Please contact our support team.",
        "Let's look at an example.",
        "Don't forget to water it.",
    ],
    Kind.QUESTION: [
        "What is the capital?",
        "Would you like to know more?",
        "Did you know that Rome is old?",
    ],
}


def by_kind(sentences: dict[Kind, list[str]]) -> list[tuple[Kind, str]]:
    return [(kind, sentence) for kind, those in sentences.items() for sentence in those]


@pytest.mark.parametrize(("kind", "sentence"), by_kind(STATEMENTS))
def test_a_statement_is_checked(kind: Kind, sentence: str) -> None:
    (claim,) = EXTRACTOR.extract(sentence)
    assert (claim.kind, claim.skipped) == (kind, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "We offer refunds to all customers.",
        "We propose a new method that needs no labels.",
        "We show that aspirin thins the blood.",
        "We are based in Rome.",
        "We can ship to Canada.",
        "We do not share your data.",
        "We know that Rome is the capital of Italy.",
        "I have booked your flight for May 3.",
        "We made a profit last year.",
        "We see patients on weekends.",
        "We need your passport.",
        "I can offer you 20 % off.",
        "I can confirm that aspirin cures cancer.",
        "I'm afraid the warranty does not cover water damage.",
        "We're pleased to announce that Acme acquired Globex.",
        "I think he was convicted of fraud.",
        "I think it is the capital of France.",
        "I am the cheapest provider of insurance in France.",
        "You should know that aspirin cures cancer.",
        "You should not take ibuprofen because it causes blindness.",
        "Take it because the drug cures cancer.",
        "It should be taken with food.",
        "Paris is the capital of Germany, isn't it?",
        "I was born in 1990.",
        "Snap-on reported a rise in earnings per share of $3.50, up 50.6% from the previous year.",
    ],
)
def test_what_we_do_and_have_done_is_checked(sentence: str) -> None:
    assert all(claim.checkable and claim.skipped is None for claim in EXTRACTOR.extract(sentence))


@pytest.mark.parametrize(
    "sentence",
    ["Take 400 mg every four hours.", "Preheat the oven to 180 °C.", "Mix well and bake for 20 minutes."],
)
def test_an_instruction_that_gives_a_quantity_is_checked(sentence: str) -> None:
    for claim in EXTRACTOR.extract(sentence):
        assert claim.kind is Kind.INSTRUCTION
    assert any(claim.checkable and claim.skipped is None for claim in EXTRACTOR.extract(sentence))


@pytest.mark.parametrize(("kind", "sentence"), by_kind(NO_CLAIMS))
def test_what_states_nothing_of_the_world_is_not(kind: Kind, sentence: str) -> None:
    for claim in EXTRACTOR.extract(sentence):
        assert (claim.kind, claim.skipped) == (kind, Reason.NOT_A_CLAIM)


@pytest.mark.parametrize(
    ("answer", "claim"),
    [
        ("Note that aspirin thins the blood.", "Aspirin thins the blood."),
        ("However, it is important to note that Rome is old.", "Rome is old."),
        ("Sure, please remember that whales are mammals.", "Whales are mammals."),
    ],
)
def test_what_only_leads_to_a_statement_is_not_in_it_but_in_its_span(answer: str, claim: str) -> None:
    (found,) = EXTRACTOR.extract(answer)
    assert found.text == claim
    assert found.span.of(answer) == answer.rstrip(".") or found.span.of(answer) == answer
    check(answer, (found,))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            '"The war is over," said Anna Berg. "We won the whole war." Bo Ek left.',
            ['"The war is over," said Anna Berg.', 'Anna Berg said: "We won the whole war."', "Bo Ek left."],
        ),
        ('"We won," Bo Ek said, "and it was easy for us."', ['"We won," Bo Ek said, "and it was easy for us."']),
        ('"I am happy to be here." — Anna Berg', ['"I am happy to be here." — Anna Berg.']),
        ('Anna Berg: "We won the whole war."', ['Anna Berg: "We won the whole war."']),
        ('Bo Ek said: "I came. I saw. I left."', ['Bo Ek said: "I came. I saw. I left."']),
        (
            '"Rome will win," Anna Berg told the BBC and left the room.',
            ['"Rome will win," Anna Berg told the BBC.', "Anna Berg left the room."],
        ),
        ('Bo Ek called it "a great day for us all".', ['Bo Ek called it "a great day for us all".']),
    ],
)
def test_who_said_it_is_part_of_the_claim(answer: str, expected: list[str]) -> None:
    found = EXTRACTOR.extract(answer)
    assert [claim.text for claim in found] == expected
    assert all(claim.checkable for claim in found)
    check(answer, found)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The energy is $E = mc^2$ and it is huge.", ["The energy is $E = mc^2$.", "The energy is huge."]),
        ("The mass is \\(m_0\\).", ["The mass is \\(m_0\\)."]),
        ("The limit is $a_i^{*}$.", ["The limit is $a_i^{*}$."]),
        (
            "The ratio is $\\alpha_{1}$, and it is *not* zero.",
            ["The ratio is $\\alpha_{1}$.", "The ratio is not zero."],
        ),
        ("It holds that $$a^2 + b^2 = c^2$$ here.", ["It holds that $$a^2 + b^2 = c^2$$ here."]),
        ("A ticket costs $5 or **$10** a day.", ["A ticket costs $5 or $10 a day."]),
        ("$m$ is mass.", ["$m$ is mass."]),
        ("The cost is $O(n \\log n)$.", ["The cost is $O(n \\log n)$."]),
        ("An open $x is a **bold** word.", ["An open $x is a bold word."]),
    ],
)
def test_a_formula_stays_in_the_claim_as_text(answer: str, expected: list[str]) -> None:
    found = EXTRACTOR.extract(answer)
    assert [claim.text for claim in found] == expected
    check(answer, found)


@pytest.mark.parametrize(
    "answer",
    [
        "Happy gardening!",
        "Buon appetito!",
        "Enjoy your trip!",
        "Dear Mr. Okafor,",
        "Kind regards,\n[Your name]\nOkafor & Sons",
        "With many thanks and warm wishes,\nAnn Lee",
        "Of course — here's a summary of the **Ferry Act** (as of May 2):",
        "This is not legal advice.",
        "⚠️ *The information above is not a substitute for professional medical advice.*",
        "I'm not a doctor, so please ask one before you take it.",
        "I can't help with opening the lock, since that could be used to steal it.",
        "I don't mean to say that this is what you want!",
    ],
)
def test_greetings_closings_refusals_and_disclaimers_are_no_claims(answer: str) -> None:
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    assert [claim.skipped for claim in found] == [Reason.NOT_A_CLAIM] * len(found)
    assert found


@pytest.mark.parametrize(
    "answer",
    [
        "The ruling is not legal advice.",
        "With best wishes, Anna Berg left the firm.",
        "We do not support Windows 7.",
        "I'm not a doctor, but aspirin thins the blood.",
        "What I can tell you is that Rome is old.",
        "Sources close to the king confirmed the plan.",
        "**Canberra**",
        "The capital of Australia is:\n\n**Canberra**",
        "It has three parts.\n\n**Canberra**",
        "- **Rome**",
    ],
)
def test_what_only_looks_like_one_is_checked(answer: str) -> None:
    assert EXTRACTOR.extract(answer)[-1].checkable


@pytest.mark.parametrize("label", ["Troubleshooting", "Getting around", "Day 2 – New Harbor", "Early life"])
def test_a_bold_line_that_heads_what_follows_is_no_claim(label: str) -> None:
    found = EXTRACTOR.extract(f"Rome is old.\n\n**{label}**\n\nMilan is rich.")
    assert [(claim.text, claim.checkable) for claim in found] == [
        ("Rome is old.", True),
        (label, False),
        ("Milan is rich.", True),
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "**Sources**\n[1] City Archive, *Bridges*\n[2] H. Pym, *Half a Bridge*",
        "Sources:\n- City Archive, *Bridges*\n- museum.example",
        "## References\n\n1. H. Pym, *Half a Bridge*\n2. N. Okafor, Depth and Debt (2006)",
    ],
)
def test_a_list_of_sources_is_no_claim(listed: str) -> None:
    found = EXTRACTOR.extract(f"Rome is old.\n\n{listed}")
    assert [claim.text for claim in found if claim.checkable] == ["Rome is old."]
    said = EXTRACTOR.extract("Sources:\n- H. Pym found that the bridge was built in 1911.")
    assert said[-1].checkable
