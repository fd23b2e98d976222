"""A YAML file that somebody wrote, with something in it changed: comments, order and quotes stay."""

import io
from collections.abc import Callable
from typing import Any


def edited(text: str, change: Callable[[Any], None]) -> str:
    """The text after `change` was made to its mapping. What is said in a form of its own may be set out anew."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16  # long lines stay as they are
    document = yaml.load(text)
    before = ""
    if document is None:  # nothing but comments, which have nothing to hang on
        document, before = CommentedMap(), text if text.endswith("\n") or not text else f"{text}\n"
    else:
        _, indent, offset = load_yaml_guess_indent(text)
        yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
    change(document)
    written = io.StringIO()
    yaml.dump(document, written)
    return before + written.getvalue()


def part(document: Any, name: str, *, flow: bool = False) -> Any:
    """The mapping under a name; made where there is none, with `flow` on one line."""
    from ruamel.yaml.comments import CommentedMap

    if not isinstance(document.get(name), dict):
        document[name] = CommentedMap()
        if flow:
            document[name].fa.set_flow_style()
    return document[name]
