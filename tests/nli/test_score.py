from groundwire.model import Finding, Label
from groundwire.nli import answer_score, unsupported_probability


def finding(entailment: float, label: Label = Label.SUPPORTED) -> Finding:
    rest = 1 - entailment
    probabilities = {"entailment": entailment, "neutral": rest, "contradiction": 0.0}
    return Finding(judge="entailment", version="1", label=label, probabilities=probabilities)


def test_the_worst_claim_decides() -> None:
    assert answer_score([finding(0.9), finding(0.25, Label.UNSUPPORTED), finding(0.8)]) == 0.75


def test_what_was_not_judged_says_nothing() -> None:
    unknown = Finding(judge="entailment", version="1", label=Label.ERROR)
    assert unsupported_probability(unknown) is None
    assert answer_score([unknown, finding(0.75)]) == 0.25
    assert answer_score([unknown]) is None
    assert answer_score([]) is None
