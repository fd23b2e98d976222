"""Answers for tests: of the kinds that language models write, and made up to be hard."""

from hypothesis import strategies as st

RECORDED = (
    "Sure! Here are the facts:\n\nMarie Curie was a Polish physicist and chemist born on 7 November 1867 in Warsaw. "
    "She discovered radium, which is radioactive, and won the Nobel Prize twice. Her husband, Pierre Curie, was a "
    "physicist. They worked in Paris. It is the capital of France. Let me know if you need more!",
    "## Capitals\n\n| Country | Capital | Since |\n|---|:---:|---|\n| Italy | **Rome** | 1871 |\n| Australia "
    "| Canberra | 1913 |\n\n1. **Rome**: It has 2.8 million people, e.g. tourists.\n2. *Canberra*, a planned city, is "
    "younger.\n"
    "   - It was founded in 1913.\n\n> Rome was not built in a day.\n\n"
    "Note: see [the list](https://example.org/a.b) [1].",
    "```python\nprint('Hello. World')\n```\n\nThe code prints a greeting. If it fails, restart it and wait. You should "
    "try it. Is it fast? I think it is fast. I believe Python was created by Guido van Rossum in 1991.",
    '{"country": {"name": "Italy", "capital": "Rome", "population": 58900000}, "cities": ["Rome", "Milan"]}',
    "Dr. J. R. Smith (born 1950. Some say 1951) lives in the U.S. The U.S. Army hired him in Jan. 1970... and he left. "
    'He said, "I came. I saw. I left." Then he moved to St. Louis, Mo., with approx. 3.5 kg of luggage!',
    "悉尼是澳大利亚的首都。它很大。\n\nLa capitale de la France est Paris et elle est sur la Seine dans le nord.\n\n"
    "Paris is the capital of France. 😀😀\n\nНью-Йорк большой город.",
    "While Rome is old, Brasília is young; it was built in 1960. Either Rome or Milan will win. He did not eat or "
    "sleep.\nName: Rome\nFounded: 753 BC\n\n$$\nE = mc^2\n$$\n\n---\n\n\\[ x \\]\nThe end",
)

_PARTS = [
    '\n', '\n\n', ' ', '. ', 'A', 'b', 'Dr. ', '- ', '1. ', '**', '_', '`', '```', '\n```\n', '|',
    '\n| a | b |\n', '|-|-|\n', '"', '(', ')', '[', '](u)', '“', '”', '!', '?', '...', '# ', '> ', '$$', '\\',
    '\\[', '<b>', 'e.g. ', 'U.S. ', 'No. ', '3', '{', '}', '"a":', ',', '1', '\r\n', '$', '$x_1$', '\\(', '\\)',
    'é', '中。', '😀', 'Label: ', 'The ', '\t',
]  # fmt: skip
# What no reader sees, or sees elsewhere: zero-width and bidirectional marks, halves of characters, odd white space.
_UNSEEN = [
    '\u200b', '\u200d', '\ufeff', '\u00ad', '\u0301', '\u202e', '\u202c', '\u2066', '\u2069', '\ud800', '\udfff',
    '\x00', '\x0b', '\x1c', '\u00a0', '\u2028', '\u3000', '\U0010ffff', 'روما ', 'רומא. ',
]  # fmt: skip
# Of these the parser makes clauses, and pronouns find names in them.
_WORDS = [
    'Anna Berg ', 'Rome', 'It ', 'She ', 'their ', 'was born in ', 'is the capital of ', ' and ', 'or ', ', who ', '; ',
    'which ', 'the king ', 'met ', 'said that ', 'not ', 'only ', 'It is old.', ' (', '— ', "don't ", "'s ", '’s ',
    ': ', 'in 1990', '5 km', 'if ', 'The members are:\n- ', 'Rome: It is old. ', 'Who ', 'He said "',
    '{"name": "Rome", "x": [',
]  # fmt: skip

MADE_UP = st.lists(st.sampled_from([*_PARTS, *_UNSEEN]), max_size=60).map("".join)
"""Markup, abbreviations, quotes, odd characters and words in any order."""

WORDED = st.lists(st.sampled_from([*_WORDS, *_WORDS, *_PARTS, *_UNSEEN]), max_size=60).map("".join)
"""The same with words that make clauses and stand for names."""

LONG = st.builds(
    lambda parts, times, tail: "".join(parts * times)[:3000] + tail,
    st.lists(
        st.sampled_from([*("word ", "A", "x" * 100, ", ", "; ", "a. ", ". ", "U.S. ", "Dr. ", "?", " (He ran. ", "\n"),
                         *("\t", "    ", "(", ")", '"', "“", "”", "[", "](u)", "**", "word, ", "Name: ")]),
        min_size=1, max_size=14,
    ),
    st.integers(30, 400),
    WORDED,
)  # fmt: skip
"""Sentences so long that they are cut."""

NESTED = st.builds(
    lambda opener, depth, inner, closer: opener * depth + inner + closer * depth,
    st.sampled_from([*_PARTS, *_WORDS, "[", '{"a":', "> ", "  - ", "“", "(a ", "**a ", "[a](", "<b>", "1. - "]),
    st.integers(1, 300),
    WORDED,
    st.sampled_from(["", "]", "}", "”", ")", "**", "](u)", "</b>", '"']),
)
"""Something opened many times over, and closed or not."""
