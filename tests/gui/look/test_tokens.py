"""Colours can be read in both schemes."""

import json
import re

import pytest

from themeloom.base.paths import resource
from themeloom.gui.look import sizes, style
from themeloom.gui.look.tokens import SCHEMES, Tokens

#: Text colours and the grounds that they stand on.
PAIRS = [
    (text, ground)
    for text in ("text", "text-2", "accent", "ok", "warn", "bad")
    for ground in ("surface", "window", "selection")
] + [
    ("on-accent", "accent"),
    ("text", "sunken"),
    ("text-2", "sunken"),
    ("ok", "ok-tint"),
    ("warn", "warn-tint"),
    ("bad", "bad-tint"),
    ("text", "warn-tint"),
    ("text", "bad-tint"),
    ("text", "ok-tint"),
    ("text", "mark"),
]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out(scheme: str, text: str, ground: str) -> None:
    colors = Tokens(scheme)
    assert contrast(colors.hex(text), colors.hex(ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["surface", "window"])
def test_borders_of_controls_can_be_seen(scheme: str, ground: str) -> None:
    colors = Tokens(scheme)
    assert contrast(colors.hex("edge"), colors.hex(ground)) >= 2.99


@pytest.mark.parametrize("scheme", SCHEMES)
def test_theme_colours_can_be_seen_on_the_surface(scheme: str) -> None:
    colors = Tokens(scheme)
    for place in range(10):
        assert contrast(colors.theme(place).name(), colors.hex("surface")) >= 2.99


def test_an_eleventh_group_is_grey() -> None:
    colors = Tokens("light")
    assert colors.theme(10) == colors.theme(-1) == colors.color("edge")


def test_both_schemes_have_the_same_names() -> None:
    table = json.loads(resource("look", "tokens.json").read_text(encoding="utf-8"))
    assert set(table["light"]) == set(table["dark"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_sheet_is_filled_in(scheme: str) -> None:
    sheet = style.style_sheet(Tokens(scheme))
    assert "@" not in sheet
    assert Tokens(scheme).hex("accent") in sheet


def test_lengths_follow_the_zoom_but_hairlines_do_not() -> None:
    def lengths() -> list[int]:
        return [int(found) for found in re.findall(r"(\d+)px", style.style_sheet(Tokens("light")))]

    before = lengths()
    sizes.set_zoom(2.0)
    after = lengths()
    assert after == [length if length <= 2 else 2 * length for length in before]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: (lighter + 0.05) / (darker + 0.05) of relative luminances."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
