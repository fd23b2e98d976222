"""Colours that can be read: WCAG AA, in light and in dark, for every pair that the style sheet uses for text."""

import re
from pathlib import Path

import pytest

import groundwire.review

CSS = (Path(groundwire.review.__file__).parent / "static" / "review.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r":root \{(.*?)\n\s*\}", CSS, re.S)
)

ON_GROUND = ("ink", "quiet", "accent", "red", "green", "blue", "grey", "amber")
PAIRS = [
    *((text, ground) for text in ON_GROUND for ground in ("ground", "card")),
    *((text, ground) for text in ("ink", "quiet", "accent") for ground in ("chosen", "grey-soft")),
    *((name, f"{name}-soft") for name in ("red", "amber", "green", "blue", "grey", "black")),
    *(("ink", ground) for ground in ("red-soft", "amber-soft", "green-soft", "mark")),
]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str]) -> None:
    weak = []
    for text, ground in PAIRS:
        bright, dim = sorted((luminance(theme[text]), luminance(theme[ground])), reverse=True)
        contrast = (bright + 0.05) / (dim + 0.05)
        if contrast < 4.5:
            weak.append(f"{text} on {ground}: {contrast:.2f}")
    assert not weak


def test_bars_can_be_told_from_the_ground() -> None:
    for theme in (LIGHT, DARK):
        for name, colour in theme.items():
            if name.startswith("bar-") and name != "bar-clean":
                bright, dim = sorted((luminance(colour), luminance(theme["ground"])), reverse=True)
                assert (bright + 0.05) / (dim + 0.05) >= 2, name


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not re.search(r"url\(|@import|https?:", CSS)
