"""Rules turn a verdict into a decision: packs of YAML in, one Decision a claim out.

Every rule is looked at; the most severe action wins, ties go to the rule that stands first, and the decision names
all that fired. This room never reads evidence for itself, never edits an answer and never lets a broken rule pass.
"""

from groundwire.rules.examples import Check, ExampleResult, run_examples
from groundwire.rules.hearing import Ask, Hearing, nobody
from groundwire.rules.lint import Problem, lint
from groundwire.rules.load import (
    OVERRIDABLE,
    Overrides,
    available,
    files_of,
    load_rules,
    packs_folder,
    read_pack,
    rules_of,
)
from groundwire.rules.rule import Example, Expect, OnError, Pack, Rule, schema
from groundwire.rules.ruleset import ALLOWED, Pair, RuleSet, Unknown
from groundwire.rules.source import EVERY_S, RuleSource

__all__ = [
    "ALLOWED",
    "EVERY_S",
    "OVERRIDABLE",
    "Ask",
    "Check",
    "Example",
    "ExampleResult",
    "Expect",
    "Hearing",
    "OnError",
    "Overrides",
    "Pack",
    "Pair",
    "Problem",
    "Rule",
    "RuleSet",
    "RuleSource",
    "Unknown",
    "available",
    "files_of",
    "lint",
    "load_rules",
    "nobody",
    "packs_folder",
    "read_pack",
    "rules_of",
    "run_examples",
    "schema",
]
