"""The project's own figures: `groundwire bench NAME [--json]` prints each, and anyone can run it again.

In: data sets in a folder, or nothing. Out: figures, with what they were measured on and beside what. This room never
tunes anything by what it measures, and prints the bad figures too.
"""

from groundwire.bench.figures import balanced_accuracy, best_balanced_accuracy, percentile
from groundwire.bench.machine import machine

__all__ = ["balanced_accuracy", "best_balanced_accuracy", "machine", "percentile"]
