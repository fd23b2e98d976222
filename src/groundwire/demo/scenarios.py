"""The questions that the demo asks, and what to look at in each answer.

In: nothing. Out: scenarios. The answers are in recordings.json, and are what the model said, not what we wished.
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parent
FACTS = HOME / "facts.ttl"
RECORDINGS = HOME / "recordings.json"


class Scenario(NamedTuple):
    """One question.

    `look` says what to look at in the answer. `document` names a file in documents/ that the question comes with.
    `stream`: asked for as a stream. `plain`: recorded without the examples that show the model what an answer is.
    """

    question: str
    look: str
    document: str | None = None
    stream: bool = False
    plain: bool = False

    def messages(self) -> list[dict[str, Any]]:
        """What the proxy is sent: the document, marked as what the answer must rest on, and the question."""
        question = {"role": "user", "content": self.question}
        if self.document is None:
            return [question]
        source = {"type": "grounding_source", "title": f"{self.document}.md", "text": self.text()}
        return [{"role": "system", "content": [source]}, question]

    def text(self) -> str:
        """The document, without the comment that says it is invented; empty where there is none."""
        if self.document is None:
            return ""
        written = (HOME / "documents" / f"{self.document}.md").read_text("utf-8")
        return written.partition("-->\n")[2].strip()


SCENARIOS = (
    Scenario("What is the capital of Australia?", "The graph has Canberra, and puts it in.", plain=True),
    Scenario("When was Albert Einstein born, and where?", "The year is corrected; the place was right.", stream=True),
    Scenario("Where is the new plant?", "The note says Monterrey, and nothing of Hamburg.", document="earnings-note"),
    Scenario("Tell me about Leo Tolstoy.", "A wrong year in mid-answer, found as it streams.", stream=True),
    Scenario("Who composed The Magic Flute?", "Not Bach. A work may have two composers, so it is not rewritten."),
    Scenario("Who wrote Nineteen Eighty-Four?", "A clean answer."),
    Scenario("When did Apollo 11 land on the Moon?", "The year is right, the month is not."),
    Scenario("Tell me about Mozart.", "One statement holds; the graph does not know of any pupil.", stream=True),
    Scenario("Who founded Microsoft?", "Supported, though it does not answer the question."),
    Scenario("What does the customer pay?", "Every word stands in the contract.", document="service-contract"),
    Scenario(
        "Tell me about the third quarter of Tamarack Instruments.",
        "The figures are the note's; the record year is the model's own.",
        document="earnings-note",
        stream=True,
    ),
    Scenario(
        "How many Neroval tablets may an adult take in a day?",
        "The leaflet allows three.",
        document="medicine-leaflet",
        plain=True,
    ),
    Scenario("Tell me about the village of Ballinskell.", "Nothing is known of it: not checked, and not called true."),
    Scenario("What is the best programming language?", "An opinion: there is nothing to check."),
)


def model_name() -> str:
    """The model that was recorded."""
    return str(json.loads(RECORDINGS.read_text("utf-8"))["model"])


def fact_count() -> int:
    """How many facts the demo's graph holds, as its first line says (a test counts them)."""
    with FACTS.open(encoding="utf-8") as file:
        return int(re.findall(r"\d+", file.readline())[0])
