"""Takes the marks of Markdown, HTML and citations off a text and leaves its words.

Every pattern is bounded, so that no input makes it quadratic, and none of them touches a number that stands in the
text as one: "2*3*4", "x[1]: [1, 2]" and `{"a": [3]}` stay as they are.
"""

import html
import re

MARKED = re.compile(r"[*_`\[<&\\~|]|\{\{")
"""What a text without it has none of: this is asked of all prose, the rest only of what has one."""

_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\](?:\([^()\n]{0,500}\)|\[[^\]\n]{0,100}\])?|\[\[(?:File|Image):[^\]\n]{0,500}\]\]"
)
_LINK = re.compile(
    r"\[([^\[\]\n]{1,300})\](?:\([^()\n]{0,500}(?:\([^()\n]{0,100}\)[^()\n]{0,300})?\)|\[[^\]\n]{0,100}\])"
)
_WIKI = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
_NUMBERS = r"[1-9]\d{0,2}(?:[,–-] ?\d{1,3}){0,9}"
# A citation stands behind a word or a stop. Behind ":" or "," it is a list of JSON, and its numbers are words.
_NOTE = re.compile(
    rf"\[\^[^\]\n]{{1,40}}\]:?|(?<=[\w.;!?)\"'”’%*_]) ?\[\[?{_NUMBERS}\]?\]\([^()\n]{{0,500}}\)"
    rf"|(?<=[\w.;!?)\"'”’%*_\]]) ?\[(?:{_NUMBERS}|note \d{{1,3}}|citation needed)\](?![\w(])"
)
_ENDS_BLOCK = re.compile(
    r"\s{0,9}(?:</(?:p|li|div|h[1-6]|tr|dd|ul|ol|caption|title|summary)\s?>|<br\s?/?>)\s{0,9}", re.I
)
_ENDS_CELL = re.compile(r"\s{0,9}</(td|th|dt)\s?>\s{0,9}", re.I)
_UNSAID = re.compile(r"<!--[^<>]{0,500}-->|<ref\b[^<>]{0,200}/>|<ref\b[^<>]{0,200}>[^<>]{0,900}</ref>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|body|br|caption|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figure|"
    r"figcaption|font|footer|h[1-6]|head|header|hr|html|i|img|ins|kbd|li|main|mark|nav|ol|p|pre|q|ref|s|section|small|"
    r"span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|title|tr|tt|u|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_TICKS = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,300})\1(?!`)")
_STRONG = re.compile(r"(?<![\w*_])(\*\*\*|\*\*|___|__)(?=[^\s*_])([^*\n]{1,600}?)(?<=[^\s*_])\1(?![*_])")
_INNER = re.compile(r"(?<=[^\W\d_])\*\*([^\W\d_]{1,60})\*\*|\*\*([^\W\d_]{1,60})\*\*(?=[^\W\d_])")
_LIGHT = re.compile(
    r"(?<![\w*])(\*)(?=[^\s*])([^*\n]{1,600}?)(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_\n]{1,600}?)(?<=[^\s_])_(?![\w_])"
)
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,300})~~")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")


def plain(text: str) -> str:
    """Return the words of `text`: no emphasis, no code marks, no link targets, notes, images or tags."""
    if not MARKED.search(text):
        return text
    before = text
    if "[" in text:
        text = _NOTE.sub("", _IMAGE.sub("", text))
        text = _WIKI.sub(r"\1", _LINK.sub(r"\1", text))
    if "<" in text:
        text = _without_tags(text)
    if "`" in text:
        text = _TICKS.sub(r"\2", text)
    if "*" in text or "_" in text:
        text = _INNER.sub(_words, _STRONG.sub(r"\2", text))
        text = _LIGHT.sub(_words, text)
    if "~" in text:
        text = _STRUCK.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text).replace("\u00a0", " ")
    if "{{" in text:
        text = text.replace("{{", "").replace("}}", "")
    return text if text == before else _SPACES.sub(" ", text).strip()


def _words(found: re.Match[str]) -> str:
    return found[found.lastindex or 0]


def _without_tags(text: str) -> str:
    """Tags go; those that end a block or a cell leave the stop that a reader sees in the layout."""
    text = _ENDS_CELL.sub(lambda found: ": " if found[1].lower() == "dt" else ", ", _UNSAID.sub("", text))
    parts = [_TAG.sub("", part).strip().rstrip(",") for part in _ENDS_BLOCK.split(text)]
    if len(parts) == 1:
        return _TAG.sub("", text)
    parts = [part for part in parts if part]
    return " ".join([*map(ended, parts[:-1]), *parts[-1:]])


def ended(words: str, stop: str = ".") -> str:
    """The words with a stop behind them, where they have none."""
    return words if words[-1:] in ".!?…:;,。！？" or words[-2:-1] in (".", "!", "?") else words + stop


def shortened(words: str, most: int) -> str:
    """The first `most` words, with a mark where that is not all of them."""
    found = words.split()
    return " ".join(found) if len(found) <= most else " ".join(found[:most]) + "…"
