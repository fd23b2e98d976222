"""Rules turn a verdict into a decision: packs of YAML in, one Decision a claim out.

Every rule is looked at; the most severe action wins, ties go to the rule that stands first, and the decision names
all that fired. This room never reads evidence for itself, never edits an answer and never lets a broken rule pass.
"""

from groundwire.rules.examples import Check, ExampleResult, Problem, lint, run_examples
from groundwire.rules.load import available, load_rules, packs_folder, read_pack, rules_of
from groundwire.rules.rule import Example, Expect, OnError, Pack, Rule, schema
from groundwire.rules.ruleset import ALLOWED, RuleSet

__all__ = [
    "ALLOWED",
    "Check",
    "Example",
    "ExampleResult",
    "Expect",
    "OnError",
    "Pack",
    "Problem",
    "Rule",
    "RuleSet",
    "available",
    "lint",
    "load_rules",
    "packs_folder",
    "read_pack",
    "rules_of",
    "run_examples",
    "schema",
]
