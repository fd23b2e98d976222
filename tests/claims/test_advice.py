"""What the reader is told to do: rules, which a source can have otherwise, and what is only talk."""

import pytest

from groundwire.model import Kind, Reason

from .test_extract import EXTRACTOR

COMMANDS = [
    "If your skin comes out in a rash, stop taking Nevoral and go to a doctor right away.",
    "Before you make your first coffee, let two cups of plain water run through the machine.",
    "Unplug the machine before cleaning it.",
    "Take it with alcohol.",
    "Do not take this drug with alcohol.",
    "Never mix bleach with ammonia.",
    "Always wear a helmet.",
    "Store the tablets in a dry place.",
    "Keep out of reach of children.",
    "Swallow the capsule whole with a glass of water.",
    "Tell your doctor if you are pregnant.",
    "Consult your doctor before taking aspirin.",
    "Ask your doctor before using it with other medicines.",
    "Please contact our support team at the Berlin office.",
    "Please contact our support team by phone at 555-0199.",
    "Write to us at help@acme.example.",
    "Call 911 in an emergency.",
    "Submit the form to your manager by Friday.",
    "Press and hold the power button until the light turns green.",
    "Turn the knob clockwise to open the valve.",
    "To install it, run pip install acme.",
    "If it fails, restart the server.",
    "Mix well and bake it until it is brown.",
    "Add the flour.",
    "First, preheat the oven.",
    'Then, click "Save" and close the window.',
    "Make sure to back up your data.",
    "Make sure that the power is off before you open the case.",
    "Ensure the lid is closed.",
    "Be careful not to touch the hot plate.",
    "Avoid grapefruit juice while taking this medicine.",
    "Don't drive after taking the tablets.",
    "Do not smoke.",
    "Remember to unplug the machine before cleaning it.",
    "Don't forget to empty the water tank every evening.",
    "Try to avoid direct sunlight.",
    "Let it cool before serving.",
    "If you miss a dose, skip it.",
    "Wait until the light is green.",
    "Go to Settings and turn off tracking.",
    "Start with a low dose.",
    "Keep the bottle upright.",
    "- Unplug the machine before cleaning it.",
]
ADVICE = [
    "You should stay away from alcohol while you're being treated with Nevoral.",
    "You should take the tablets with food.",
    "You should not take it if you are pregnant.",
    "You shouldn't drink alcohol with it.",
    "You should always carry your card.",
    "Users should regularly update their operating system.",
    "It is best to store it in the fridge.",
    "It is best to drink water.",
    "We recommend changing the filter every month.",
    "We recommend that you change the filter every month.",
    "We recommend that the filter be changed every month.",
    "I recommend storing it in the fridge.",
    "Ibuprofen is not a good choice for people with kidney disease.",
    "Copper is a good conductor of electricity.",
    "Burnt food is bad because it contains acrylamide.",
]
TALK = [
    "Let me know if you need more.",
    "Please let me know if you need anything else.",
    "Let me explain.",
    "Let's say you have a ball.",
    "Let's take a look at the numbers.",
    "Feel free to ask if you need more details.",
    "Feel free to reach out to us.",
    "If you have further questions, please contact your doctor.",
    "If you're unsure, consult a professional.",
    "See the table below.",
    "Please contact our support team.",
    "Imagine a ball on a hill.",
    "Imagine you have a cake with 8 slices.",
    "Consider the following example.",
    "Think of it like a highway.",
    "Think of your brain as a computer.",
    "Suppose you have ten apples.",
    "Say you own a shop.",
    "Picture a balloon.",
    "Note the difference.",
    "Try to be patient.",
    "Be patient.",
    "Be careful.",
    "Take your time.",
    "Take a deep breath.",
    "Give it a try.",
    "Keep it up.",
    "Don't worry.",
    "Don't hesitate to contact us.",
    "Don't be afraid to ask.",
    "Don't give up.",
    "Enjoy your meal!",
    "Trust your gut.",
    "Listen to your body.",
    "Read on to learn more.",
    "Read the article for more information.",
    "Refer to the manual for more information.",
    "Check the website for updates.",
    "Please provide more context.",
    "Please share the text with me.",
    "Please try again later.",
    "Tell me more about your problem.",
    "Compare that with a car.",
    "Bear with me.",
    "Correct me if I'm wrong.",
    "Think about it.",
    "Consult a doctor.",
    "Talk to your doctor.",
    "Seek professional help.",
    "Do your own research.",
    "Just ask.",
    "Rest assured.",
]
TALK_OF_OPINION = [
    "You should try it.",
    "You should visit Rome.",
    "You should be fine.",
    "You should consider your options.",
    "You should ask a lawyer.",
    "We should reduce traffic in the city.",
    "I'd recommend the first option.",
    "It is best to seek professional help.",
    "Rome is a wonderful city.",
]


@pytest.mark.parametrize("sentence", COMMANDS)
def test_a_command_that_a_source_can_have_otherwise_is_checked_in_its_own_words(sentence: str) -> None:
    (claim,) = EXTRACTOR.extract(sentence)
    assert (claim.kind, claim.skipped) == (Kind.INSTRUCTION, None)
    assert claim.text == sentence.removeprefix("- ")


@pytest.mark.parametrize("sentence", ADVICE)
def test_advice_that_a_source_can_have_otherwise_is_checked(sentence: str) -> None:
    (claim,) = EXTRACTOR.extract(sentence)
    assert claim.checkable
    assert claim.kind is not Kind.OPINION
    assert claim.text == sentence


@pytest.mark.parametrize("sentence", TALK)
def test_a_command_that_is_only_talk_is_not(sentence: str) -> None:
    (claim,) = EXTRACTOR.extract(sentence)
    assert (claim.kind, claim.skipped) == (Kind.INSTRUCTION, Reason.NOT_A_CLAIM)


@pytest.mark.parametrize("sentence", TALK_OF_OPINION)
def test_advice_that_is_only_talk_is_not(sentence: str) -> None:
    (claim,) = EXTRACTOR.extract(sentence)
    assert (claim.kind, claim.skipped) == (Kind.OPINION, Reason.NOT_A_CLAIM)


def test_what_is_advised_to_others_in_a_further_clause_is_checked() -> None:
    found = EXTRACTOR.extract("Users should choose a password and should regularly change it.")
    assert [claim.kind for claim in found if claim.checkable] == [Kind.FACT] * len(found)
