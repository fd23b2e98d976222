"""Values: numbers, dates and amounts in a claim and its evidence come in, how they compare goes out.

Everything here is deterministic and explains itself in words. This room never reads a value into words that hold
none, and never says more of a claim than of the values in it.
"""

from groundwire.values.compare import Relation, compare, relate
from groundwire.values.form import in_form_of
from groundwire.values.judge import ValueJudge
from groundwire.values.read import values
from groundwire.values.value import Bound, Day, Measure, Value

__all__ = ["Bound", "Day", "Measure", "Relation", "Value", "ValueJudge", "compare", "in_form_of", "relate", "values"]
