"""What passages are cut from."""

from typing import NamedTuple, Protocol

from groundwire.model import Claim, Evidence


class Document(NamedTuple):
    """One text that claims are held against.

    `source` names it for a reader ("policy.md", "tool result 3"); spans of evidence index `text` in code points.
    `speaks`: its silence counts. With a document that speaks, a claim that nothing backs is unsupported; where only
    silent ones were given (a user's own remark), such a claim stays unchecked.
    """

    source: str
    text: str
    uri: str | None = None
    speaks: bool = True


class EvidenceSource(Protocol):
    """Where the passages for a claim come from.

    `speaks` says whether a claim that no passage backs is unsupported. `revision` changes when any document does.
    """

    speaks: bool
    revision: str

    def gather(self, claim: Claim, limit: int = 6) -> tuple[Evidence, ...]:
        """Return at most `limit` passages for the claim, best first. Raises nothing."""
