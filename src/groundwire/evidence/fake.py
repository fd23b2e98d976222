"""An evidence source for tests: the same passages for every claim."""

from collections.abc import Sequence

from groundwire.model import Claim, Evidence, Span


class FakeEvidence:
    """Hands out the given passages, in the given order, whatever the claim; `asked` keeps the claims it saw."""

    def __init__(self, passages: Sequence[str], *, speaks: bool = True, revision: str = "fake") -> None:
        self.speaks = speaks
        self.revision = revision
        self.asked: list[Claim] = []
        self._evidence = tuple(
            Evidence(source=f"passage {number}", text=text, span=Span(0, len(text)), score=1.0 / number)
            for number, text in enumerate(passages, start=1)
        )

    def gather(self, claim: Claim, limit: int = 6) -> tuple[Evidence, ...]:
        self.asked.append(claim)
        return self._evidence[:limit]
