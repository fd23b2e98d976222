"""Finds the evidence that a request carries, and the question it asks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from groundwire.errors import InputError
from groundwire.evidence.document import Document
from groundwire.evidence.prose import Prose, read_prose

_TEXT_PARTS = ("text", "input_text", "output_text", "guarded_text", "guard_content", "guardContent")
_WRITERS = {"user": "user message", "system": "system message", "developer": "system message"}
_TOOLS = ("tool", "function")
_QUESTION = 4000  # characters


class _Block(NamedTuple):
    """A piece of a message: what it is ("source", "query", "tool" or "prose"), its text, and what it calls itself."""

    role: str
    text: str
    title: str | None = None
    uri: str | None = None


def documents_of(
    messages: Sequence[Mapping[str, Any]], groundwire: Mapping[str, Any] | None = None
) -> tuple[tuple[Document, ...], str | None]:
    """Return the documents that a request carries and the question it asks, None where it asks none.

    `messages` are OpenAI's (chat or Responses items) or Anthropic's; Anthropic's top-level `system` goes in as a
    message with the role "system". Blocks marked `grounding_source` (by `type`, or by Amazon Bedrock's `qualifiers`),
    tool results, documents and search results speak. So does what a user or system message states, where that is
    source material (see `read_prose`). What the assistant said is never evidence.

    `groundwire` is the request's own extension: `{"documents": [text | {"text", "source"?, "uri"?}], "question"?}`.
    The question is its `question`, else the `query` blocks, else what the last user message asks.

    Raises:
        InputError: `groundwire.documents` or `groundwire.question` is not of that form.
    """
    documents = list(_explicit(groundwire or {}))
    queries: list[str] = []
    asked: str | None = None
    for number, message in enumerate(messages, start=1):
        role = _role(message)
        asks: list[str] = []
        for block in _blocks(message, role):
            if block.role == "query":
                queries.append(block.text)
            elif block.role == "prose":
                prose = read_prose(block.text)
                documents.extend(_from_prose(prose, f"{_WRITERS[role]} {number}"))
                asks.append(prose.asks)
            elif block.text.strip():
                named = block.title or f"{block.role} {number}"
                documents.append(Document(_unused(named, documents), block.text, block.uri))
        if role == "user" and any(asks):
            asked = " ".join(ask for ask in asks if ask)
    question = (groundwire or {}).get("question") or " ".join(queries) or asked
    if question is not None and not isinstance(question, str):
        raise InputError("groundwire.question", f"{type(question).__name__} is not text.", "a string")
    return tuple(documents), (question.strip()[:_QUESTION] or None) if question else None


def _explicit(groundwire: Mapping[str, Any]) -> Iterator[Document]:
    given = groundwire.get("documents") or ()
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise InputError("groundwire.documents", f"{type(given).__name__} is not a list.", "a list of texts")
    for number, item in enumerate(given):
        where = f"groundwire.documents[{number}]"
        fields = {"text": item} if isinstance(item, str) else item
        if not isinstance(fields, Mapping):
            raise InputError(where, f"{type(item).__name__} is no document.", 'a text or {"text", "source", "uri"}')
        if unknown := sorted(set(map(str, fields)) - {"text", "source", "uri"}):
            raise InputError(where, f'"{unknown[0][:80]}" is not a field of a document.', "text, source, uri")
        for field in ("text", "source", "uri"):
            value = fields.get(field)
            if not isinstance(value, str) and (field == "text" or value is not None):
                raise InputError(f"{where}.{field}", f"{type(value).__name__} is not text.", "a string")
        yield Document(fields.get("source") or f"document {number + 1}", fields["text"], fields.get("uri"))


def _unused(name: str, documents: Sequence[Document]) -> str:
    """A name that no document has yet: reports cite evidence by it."""
    taken = sum(document.source == name or document.source.startswith(f"{name} (") for document in documents)
    return f"{name} ({taken + 1})" if taken else name


def _from_prose(prose: Prose, source: str) -> Iterator[Document]:
    if prose.evidence.strip():
        yield Document(source, prose.evidence, speaks=prose.speaks)


def _role(message: Any) -> str:
    if not isinstance(message, Mapping):
        return ""
    if message.get("type") == "function_call_output":
        return "tool"
    role = message.get("role")
    return role if isinstance(role, str) else ""


def _blocks(message: Any, role: str) -> Iterator[_Block]:
    if role not in _WRITERS and role not in _TOOLS:
        return
    content = message.get("output") if message.get("type") == "function_call_output" else message.get("content")
    name = message.get("name")
    title = f"tool result of {name}" if role in _TOOLS and isinstance(name, str) and name else None
    default = "tool result" if role in _TOOLS else "prose"
    if isinstance(content, str):
        yield _Block(default, content, title)
        return
    for part in _parts(content):
        yield from _of_part(part, default, title)


def _parts(content: Any) -> Iterator[Any]:
    if isinstance(content, Mapping):
        yield content
    elif isinstance(content, Sequence) and not isinstance(content, str | bytes):
        yield from content


def _of_part(part: Any, default: str, title: str | None) -> Iterator[_Block]:
    """The blocks of one content part. Parts nest at most once (tool results, search results): no recursion here."""
    if isinstance(part, str):
        yield _Block(default, part, title)
        return
    if not isinstance(part, Mapping):
        return
    kind = part.get("type") or next((key for key in ("guardContent", "toolResult", "text") if key in part), None)
    if kind in ("tool_result", "toolResult"):
        inner = part.get("content") if kind == "tool_result" else _get(part, "toolResult", "content")
        for piece in [inner] if isinstance(inner, str) else _parts(inner):
            yield from _leaf(piece, "tool result", title)
    else:
        yield from _leaf(part, default, title)


def _leaf(part: Any, default: str, title: str | None) -> Iterator[_Block]:
    if isinstance(part, str):
        yield _Block(default, part, title)
        return
    if not isinstance(part, Mapping):
        return
    kind = part.get("type")
    name = part.get("title") if isinstance(part.get("title"), str) else None
    if kind == "document":
        for words in _document_texts(part.get("source")):
            yield _Block("document", words, name or title)
    elif kind == "search_result":
        uri = part.get("source") if isinstance(part.get("source"), str) else None
        found = (_text(piece) for piece in _parts(part.get("content")))
        yield _Block("search result", "\n".join(text for text in found if text), name or title, uri)
    elif (text := _text(part)) is not None:
        yield _Block(_marked(part, default), text, name or title)


def _marked(part: Mapping[str, Any], default: str) -> str:
    """What a block says it is: `type`, or Bedrock's qualifiers."""
    marks = [part.get("type"), *(_get(part, "guardContent", "text", "qualifiers") or ())]
    for holder in (part, part.get("guard_content"), part.get("text")):
        qualifiers = holder.get("qualifiers") if isinstance(holder, Mapping) else None
        marks.extend(qualifiers if isinstance(qualifiers, list | tuple) else ())
    if "grounding_source" in marks:
        return "grounding source"
    return "query" if "query" in marks else default


def _text(part: Any) -> str | None:
    """The words of a text part; None for images, calls and other things."""
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping):
        return None
    kind = part.get("type")
    if kind is not None and kind not in (*_TEXT_PARTS, "grounding_source", "query"):
        return None
    for path in (("text",), ("text", "text"), ("guard_content", "text"), ("guardContent", "text", "text")):
        if isinstance(text := _get(part, *path), str):
            return text
    return None


def _document_texts(source: Any) -> Iterator[str]:
    """Anthropic's plain-text and content documents; files in other forms are not read here."""
    if not isinstance(source, Mapping):
        return
    if source.get("type") == "text" and isinstance(source.get("data"), str):
        yield source["data"]
    elif source.get("type") == "content":
        content = source.get("content")
        texts = [content] if isinstance(content, str) else [_text(piece) for piece in _parts(content)]
        yield "\n".join(text for text in texts if text)


def _get(value: Any, *path: str) -> Any:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
