"""How the built-in model was made, and how to make another: `groundwire nli train | export | eval`.

In: a folder of labelled pairs. Out: a checkpoint, and from it the files that `nli.OnnxModel` reads. Nothing here is
needed to use a model; torch, transformers, onnx and spaCy are imported where they are used.
"""
