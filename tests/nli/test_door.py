"""The door of the room names what others may use, and opening it loads no heavy library."""

import subprocess
import sys

import groundwire.nli as nli


def test_the_door_names_what_it_opens() -> None:
    assert [name for name in nli.__all__ if not hasattr(nli, name)] == []
    assert len(set(nli.__all__)) == len(nli.__all__)


def test_import_loads_no_runtime() -> None:
    code = (
        "import sys, groundwire.nli, groundwire.nli.training.cli\n"
        "heavy = ('onnxruntime', 'tokenizers', 'torch', 'transformers', 'onnx', 'spacy')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
