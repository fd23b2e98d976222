"""What the scores are worth on your own answers: `groundwire calibrate labelled.jsonl`.

In: answers of which a person said whether they hold something that their context does not support. Out: the
calibration and the threshold of the entailment judge that suit them, as a section of groundwire.yaml, and how good the
result is. This room never changes how anything is decided: it runs the product's own way and finds numbers for it.
"""

from groundwire.calibrate.figures import Share, area_under_curve, expected_calibration_error, wilson

__all__ = ["Share", "area_under_curve", "expected_calibration_error", "wilson"]
