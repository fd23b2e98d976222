"""Entailment: does a passage say what a claim says?

In: claims with their evidence (`EntailmentJudge`), or pairs of premise and hypothesis (`EntailmentModel`). Out: one
finding a claim, or one row of probabilities a pair. All callers of a process share one queue in front of the model
(`QueuedModel`). This room never looks for evidence, never reads an answer as a whole, and never cuts a text off in
silence; what fails in it becomes a finding labelled `error`, what comes too late one labelled `deadline`.
"""

from groundwire.nli.calibration import Calibration, log_odds
from groundwire.nli.classifiers import OnnxClassifier, TransformersModel
from groundwire.nli.entailment import COLUMNS, EntailmentModel, checked
from groundwire.nli.fake import FakeEntailment
from groundwire.nli.judge import EntailmentJudge, Thresholds
from groundwire.nli.load import load_model
from groundwire.nli.onnx_model import BuiltinModel, OnnxModel
from groundwire.nli.queue import QueuedModel
from groundwire.nli.weights import read_weights

__all__ = [
    "COLUMNS",
    "BuiltinModel",
    "Calibration",
    "EntailmentJudge",
    "EntailmentModel",
    "FakeEntailment",
    "OnnxClassifier",
    "OnnxModel",
    "QueuedModel",
    "Thresholds",
    "TransformersModel",
    "checked",
    "load_model",
    "log_odds",
    "read_weights",
]
