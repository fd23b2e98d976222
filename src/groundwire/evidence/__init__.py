"""Evidence: a request's own messages and given documents come in, ranked passages for a claim go out.

Documents are cut into passages with exact spans, nothing is dropped, and each claim gets those that bear on it.
This room never judges a claim, and never reads anything but the documents and paths that it is given.
"""

from groundwire.evidence.document import Document, EvidenceSource
from groundwire.evidence.fake import FakeEvidence
from groundwire.evidence.files import read_documents
from groundwire.evidence.index import EvidenceIndex
from groundwire.evidence.prose import Prose, read_prose
from groundwire.evidence.request import documents_of

__all__ = [
    "Document",
    "EvidenceIndex",
    "EvidenceSource",
    "FakeEvidence",
    "Prose",
    "documents_of",
    "read_documents",
    "read_prose",
]
