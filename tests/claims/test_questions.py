"""Short answers, completed by the question that they answer."""

import pytest

from groundwire.claims.inflection import past, present
from groundwire.model import Reason

from .test_extract import EXTRACTOR, check


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("What is the capital of Italy?", "Rome.", "The capital of Italy is Rome."),
        ("What's the capital of France?", "Paris", "The capital of France is Paris."),
        ("Which city is the capital of Italy?", "Rome.", "The capital of Italy is Rome."),
        ("When was the Eiffel Tower built?", "1889.", "The Eiffel Tower was built in 1889."),
        ("When did World War II end?", "2 September 1945.", "World War II ended on 2 September 1945."),
        ("What year was the Eiffel Tower built?", "1889", "The Eiffel Tower was built in 1889."),
        ("In what year did the Titanic sink?", "1912.", "The Titanic sank in 1912."),
        ("Which year did the war end?", "1945", "The war ended in 1945."),
        ("Who wrote Emma?", "Jane Austen.", "Jane Austen wrote Emma."),
        ("Who did Napoleon marry?", "Josephine.", "Napoleon married Josephine."),
        ("Who did Bo Ek vote for?", "Anna Berg.", "Bo Ek voted for Anna Berg."),
        ("Who was Acme founded by?", "Bo Ek.", "Acme was founded by Bo Ek."),
        ("To whom was the prize awarded?", "Marie Curie.", "The prize was awarded to Marie Curie."),
        ("Whose idea was it?", "Anna Berg's.", "It was Anna Berg's idea."),
        ("Whose book won the prize?", "Anna Berg.", "Anna Berg’s book won the prize."),
        ("Where was Marie Curie born?", "In Warsaw.", "Marie Curie was born in Warsaw."),
        ("Which country does Bo Ek live in?", "Italy.", "Bo Ek lives in Italy."),
        ("In what city was Mozart born?", "Salzburg.", "Mozart was born in Salzburg."),
        ("How tall is it?", "300 m.", "It is 300 m tall."),
        ("How tall is the Eiffel Tower?", "About 330 metres tall.", "The Eiffel Tower is about 330 metres tall."),
        ("How old is Tom Cruise?", "62.", "Tom Cruise is 62 years old."),
        ("How far is Paris from London?", "344 km.", "Paris is 344 km from London."),
        ("How long did the war last?", "Six years.", "The war lasted six years."),
        ("How long does it take to boil an egg?", "Five minutes.", "It takes five minutes to boil an egg."),
        ("How long has Bo Ek been CEO of Acme?", "Since 2010.", "Bo Ek has been CEO of Acme since 2010."),
        ("How much does the iPhone 15 cost?", "$799.", "The iPhone 15 costs $799."),
        ("How much of the Earth is wet?", "About 71 %.", "About 71 % of the Earth is wet."),
        ("How many moons does Mars have?", "Two.", "Mars has two moons."),
        ("How many moons does Mars have?", "Two moons.", "Mars has two moons."),
        ("How many people live in Rome?", "2.8 million.", "2.8 million people live in Rome."),
        ("How many planets are there in the solar system?", "Eight.", "There are eight planets in the solar system."),
        ("How many times has India won the World Cup?", "Twice.", "India has won the World Cup twice."),
        ("What language do they speak in Brazil?", "Portuguese.", "They speak Portuguese in Brazil."),
        ("What causes malaria?", "A parasite.", "A parasite causes malaria."),
        ("What does NASA stand for?", "National Aeronautics.", "NASA stands for National Aeronautics."),
        ("At what temperature does water boil?", "100 °C.", "Water boils at 100 °C."),
        ("Why is the sky blue?", "Because of scattering.", "The sky is blue because of scattering."),
        ("Why did Acme close the plant?", "To cut costs.", "Acme closed the plant to cut costs."),
        ("Why did Acme close?", "Because it lost money.", "Acme closed because it lost money."),
        ("Tell me of the Eiffel Tower. When was it built?", "1889.", "The Eiffel Tower was built in 1889."),
        ("Is Canberra the capital?", "Yes.", "Canberra is the capital."),
        ("Is Canberra the capital?", "No.", "Canberra is not the capital."),
        ("Is Canberra the capital?", "Yes, it is.", "Canberra is the capital."),
        ("Is Canberra the capital?", "No, it isn’t.", "Canberra is not the capital."),
        ("Does Mars have moons?", "Yes!", "Mars has moons."),
        ("Did Shakespeare write Hamlet?", "Yes.", "Shakespeare wrote Hamlet."),
        ("Did Shakespeare write Hamlet?", "No.", "Shakespeare did not write Hamlet."),
        ("Can penguins fly?", "No", "Penguins cannot fly."),
        ("Has India won the World Cup?", "Yes.", "India has won the World Cup."),
        ("Are there any moons around Venus?", "No.", "There are no moons around Venus."),
        ("Was Marie Curie born in Warsaw?", "Yes.", "Marie Curie was born in Warsaw."),
        ("How many tablets may an adult take in a day?", "1000 mg.", "An adult may take 1000 mg in a day."),
        ("How many tablets may an adult take in a day?", "Four.", "An adult may take four tablets in a day."),
        ("How many tablets may an adult take in a day?", "4 tablets.", "An adult may take 4 tablets in a day."),
        ("How many tablets can I take a day?", "Four.", "You can take four tablets a day."),
        ("How much water should a horse drink a day?", "50 litres.", "A horse should drink 50 litres of water a day."),
        ("How much may an adult take?", "4 tablets.", "An adult may take 4 tablets."),
        ("How long should the dough rest?", "Two hours.", "The dough should rest two hours."),
        ("How far must a sofa stand from the wall?", "20 cm.", "A sofa must stand 20 cm from the wall."),
        ("How old must a driver be?", "21.", "A driver must be 21 years old."),
        ("How fast can a cheetah run?", "100 km/h.", "A cheetah can run 100 km/h."),
        ("How soon can a dose be repeated?", "After six hours.", "A dose can be repeated after six hours."),
        ("How often should the filter be changed?", "Every month.", "The filter should be changed every month."),
        ("How often does the committee meet?", "Twice a year.", "The committee meets twice a year."),
        ("Which seats can members book?", "The front row.", "Members can book the front row."),
        ("Which card may guests use?", "Visa.", "Guests may use Visa."),
        ("Who should a customer call?", "The help desk.", "A customer should call the help desk."),
        ("What must an applicant bring?", "A passport.", "An applicant must bring a passport."),
        ("What can I use instead of soap?", "Vinegar.", "You can use vinegar instead of soap."),
        ("When may an adult take the next dose?", "After 4 h.", "An adult may take the next dose after 4 h."),
        ("Where should tablets be stored?", "Under the sink.", "Tablets should be stored under the sink."),
        ("How often should I take my medicine?", "Daily.", "You should take your medicine daily."),
    ],
)
def test_the_question_completes_a_short_answer(question: str, answer: str, claim: str) -> None:
    (found,) = EXTRACTOR.extract(answer, question=question)
    assert found.text == claim
    assert found.checkable
    assert found.span.of(answer) in (answer, answer.rstrip("."))
    check(answer, (found,))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do you say cat in French?", "Chat."),
        ("Which is larger, Mars or Venus?", "Venus."),
        ("Who wrote Emma, and when was it published?", "Jane Austen, 1815."),
        ("How tall is the Eiffel Tower?", "Very."),
        ("Why did Acme close?", "Because it lost money, Acme closed."),
        ("Name the capital.", "Rome."),
    ],
)
def test_what_does_not_fit_the_question_stays_as_it_is(question: str, answer: str) -> None:
    (found,) = EXTRACTOR.extract(answer, question=question)
    assert found.text == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [("How do you say cat in French?", "Chat."), ("How tall is the tower?", "Very."), ("Red or blue?", "Blue.")],
)
def test_what_a_question_leaves_without_a_statement_does_not_stand_alone(question: str, answer: str) -> None:
    (found,) = EXTRACTOR.extract(answer, question=question)
    assert found.unresolved == (answer.rstrip("."),)
    (unasked,) = EXTRACTOR.extract(answer)
    assert unasked.unresolved == ()


@pytest.mark.parametrize("question", ["Is it red or blue?", "Can you help me?", "What is red?", "Isn't it red?"])
def test_a_yes_that_confirms_nothing_is_a_pleasantry(question: str) -> None:
    (found,) = EXTRACTOR.extract("Yes.", question=question)
    assert found.skipped is Reason.NOT_A_CLAIM


def test_only_the_first_sentence_answers_the_question() -> None:
    found = EXTRACTOR.extract("No. The Earth is round. No.", question="Is the Earth flat?")
    assert [claim.text for claim in found] == ["The Earth is not flat.", "The Earth is round.", "No."]


@pytest.mark.parametrize(
    ("verb", "before", "now"),
    [
        ("end", "ended", "ends"),
        ("live", "lived", "lives"),
        ("marry", "married", "marries"),
        ("play", "played", "plays"),
        ("stop", "stopped", "stops"),
        ("visit", "visited", "visits"),
        ("write", "wrote", "writes"),
        ("have", "had", "has"),
        ("reach", "reached", "reaches"),
        ("do", "did", "does"),
        ("show", "showed", "shows"),
        ("boil", "boiled", "boils"),
    ],
)
def test_verb_forms(verb: str, before: str, now: str) -> None:
    assert (past(verb), present(verb)) == (before, now)


@pytest.mark.parametrize(
    ("answer", "claim"),
    [
        ("Q: What does the Rhine Pass cost?\nA: 30 euros a year.", "The Rhine Pass costs 30 euros a year."),
        (
            "**Q: What does the Rhine Pass cost?**\nA: 30 euros a year, or nothing if you are under 16 or over 70.",
            "The Rhine Pass costs 30 euros a year, or nothing if you are under 16 or over 70.",
        ),
        ("**Where was Anna Berg born?** In Oslo.", "Anna Berg was born in Oslo."),
        ("### When was the Kessel Tower built?\n\n1889.", "The Kessel Tower was built in 1889."),
        ("Question 2: Is the Rhine Pass free?\nAnswer 2: No.", "The Rhine Pass is not free."),
        ("Q: Is the Rhine Pass free?\nA: Not yet.", "The Rhine Pass is not free so far."),
        (
            "Q: What is the Rhine Pass?\nA: It is a card for trains.\nQ: Is Basel in it?\nA: No.",
            "The Rhine Pass is a card for trains.",
        ),
    ],
)
def test_an_answer_completes_the_question_before_it_in_the_text(answer: str, claim: str) -> None:
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    assert claim in [each.text for each in found if each.checkable]


def test_an_answer_may_be_announced() -> None:
    question = "Was the Kessel Tower ever finished?"
    found = EXTRACTOR.extract("**Short answer:** No. The upper half was not built.", question=question)
    assert next(claim.text for claim in found) == "The Kessel Tower was not finished."


def test_the_question_is_passed_over_and_an_instruction_that_answers_it_has_no_label() -> None:
    found = EXTRACTOR.extract("Q: What if I lose it?\nA: Call 555 0100 at once.")
    assert [(claim.text, claim.skipped) for claim in found] == [
        ("Q: What if I lose it?", Reason.NOT_A_CLAIM),
        ("Call 555 0100 at once.", None),
    ]


def test_a_result_in_percent_is_nobody() -> None:
    found = EXTRACTOR.extract("The plan was rejected by voters, 58% to 42%.")
    assert [claim.text for claim in found] == ["The plan was rejected by voters, 58% to 42%."]
