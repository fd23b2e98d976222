"""The demo: answers of a real small model go through the real proxy, and what it finds is shown.

In: nothing, or the name of another model. Out: a page in the terminal, or one JSON document. It ships recordings of
the model, the facts and the documents that they are held against; it never edits an answer, and never fakes a verdict.
"""

from groundwire.demo.cli import demo

__all__ = ["demo"]
