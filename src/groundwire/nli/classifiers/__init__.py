"""Any sequence classifier of transformers as an entailment model, run by torch, or by ONNX Runtime from its export.

In: a folder or a Hub id. Out: an `EntailmentModel`. Labels and limits are read from the model's own config and refused
when they say nothing. No code of a model's own is ever run, and nothing is fetched that is on this machine already.
"""

from groundwire.nli.classifiers.checkpoint import graph_in
from groundwire.nli.classifiers.hub import is_hub_id
from groundwire.nli.classifiers.onnx_classifier import OnnxClassifier
from groundwire.nli.classifiers.transformers_model import TransformersModel

__all__ = ["OnnxClassifier", "TransformersModel", "graph_in", "is_hub_id"]
