"""For tests, yours too: an extractor without spaCy whose claims are sentences, and a language model that is none."""

from collections.abc import Callable

from groundwire.claims.language import is_english
from groundwire.claims.segments import Sort, segments
from groundwire.claims.states import of_cell, of_leaf, passed_over, whole
from groundwire.model import Claim, Kind, Reason


class FakeExtractor:
    """One claim a sentence, as it stands: no splitting, no pronouns, no triples. Questions and code are skipped."""

    name = "sentences"
    version = "1"

    def warm(self) -> None:
        """Nothing to load."""

    def extract(
        self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
    ) -> tuple[Claim, ...]:
        found: list[Claim] = []
        for segment in segments(answer):
            words = segment.words
            if segment.start < since:
                continue
            if segment.sort is Sort.LEAF:
                claim = of_leaf(segment)
            elif segment.sort is Sort.CELL:
                claim = of_cell(segment)
            elif segment.sort in (Sort.CODE, Sort.HEADING) or not any(char.isalnum() for char in words.text):
                claim = passed_over(words, Kind.INSTRUCTION if segment.sort is Sort.CODE else Kind.FACT)
            elif words.text.endswith("?"):
                claim = passed_over(words, Kind.QUESTION)
            elif not is_english(words.text):
                claim = passed_over(words, Kind.FACT, Reason.LANGUAGE)
            else:
                claim = whole(words)
            found.append(claim.model_copy(update={"id": f"c{len(found) + 1}"}))
        return tuple(found)


class ScriptedModel:
    """A language model that replies what `script` returns, or raises what it raises. Keeps what was `asked`."""

    def __init__(self, script: Callable[[str], str] | str, *, name: str = "scripted") -> None:
        self.name = name
        self.asked: list[str] = []
        self._script: Callable[[str], str] = (lambda text: script) if isinstance(script, str) else script

    def warm(self) -> None:
        """Nothing to load."""

    def complete(self, instructions: str, text: str, *, timeout: float) -> str:
        self.asked.append(text)
        return self._script(text)
