"""Contrast of every pair of tokens that meet on a page, as WCAG 2.2 computes it (criteria 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "app/static/css/tokens.css").read_text(encoding="utf-8")
BOTH = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]+, #[0-9a-f]+)\)", TOKENS))
COLOURS = {name: dict(zip(("light", "dark"), both.split(", "), strict=True)) for name, both in BOTH.items()}
WITHOUT_THEMES = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", TOKENS.partition("@supports")[0]))

TEXT, SHAPE = 4.5, 3.0
STATES = ("ok", "warn", "bad")
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "ink-2", "accent") for ground in ("paper", "paper-2", "accent-wash")),
    *((text, f"{state}-wash", TEXT) for text in ("ink", "ink-2", "accent") for state in STATES),
    *((state, ground, TEXT) for state in STATES for ground in ("paper", "paper-2", f"{state}-wash")),
    *(("accent-strong", ground, TEXT) for ground in ("paper", "paper-2", "accent-wash")),
    *(("accent-strong", f"{state}-wash", TEXT) for state in STATES),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("edge", "paper", SHAPE),
    ("edge", "paper-2", SHAPE),
    ("accent", "rule", SHAPE),
]
DECORATION = {"rule"}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "floor"), PAIRS)
def test_two_tokens_that_meet_are_told_apart(front: str, ground: str, floor: float, theme: str) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[ground][theme]) >= floor


def test_every_colour_is_in_a_pair() -> None:
    met = {name for front, ground, _ in PAIRS for name in (front, ground)}
    assert set(COLOURS) - DECORATION <= met


def test_a_browser_without_themes_gets_the_light_one() -> None:
    assert {name: themes["light"] for name, themes in COLOURS.items()} == WITHOUT_THEMES
