"""The colour of each class of a result, in one place: pages, palettes and styles take it here.

Classes of a layer have theirs in the layer's legend (``catalogue.toml``).
Stated by the text key of the class, so that a class has one name and one colour everywhere. Any two
of one set stay apart under simulated deuteranopia (dE76 at least 16; status 4 and 5: 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from locales import LANGUAGES, Language, text, texts

COLOURS: Mapping[str, str] = {
    "criteria.class_s1": "#0A5C4A",
    "criteria.class_s2": "#3C8F6D",
    "criteria.class_s3": "#8CC2A0",
    "criteria.class_n1": "#D6DCA6",
    "criteria.class_n2": "#FAF5E8",
    "criteria.class_excluded": "#8E8FA6",  # a picture has no cross-hatch to tell it by
    "criteria.nothing_limits": "#FFFFFF",
    # drawn among nearer (green) and farther (purple): neither of these
    "coverage.reach_gained": "#2B6CB0",
    "coverage.reach_same": "#F1EEDC",
    "coverage.reach_lost": "#E5873C",
    "degradation.class_degraded": "#8C2D6B",
    "degradation.class_stable": "#F1EEDC",
    "degradation.class_improved": "#6FB08A",
    "degradation.productivity_1": "#4A1039",
    "degradation.productivity_2": "#8C2D6B",
    "degradation.productivity_3": "#C77BAA",
    "degradation.productivity_4": "#F1EEDC",
    "degradation.productivity_5": "#6FB08A",
    "degradation.status_1": "#4A1039",
    "degradation.status_2": "#8C2D6B",
    "degradation.status_3": "#C77BAA",
    "degradation.status_4": "#F6F3E6",
    "degradation.status_5": "#CFE3BF",
    "degradation.status_6": "#86C29D",
    "degradation.status_7": "#2F7F63",
    "degradation.cover_7": "#B9D3E6",
}
FURTHER = (
    "#1F3A5F",
    "#E5873C",
    "#5E8FA8",
    "#A9C46C",
    "#8A2B0E",
    "#C77BAA",
    "#E8C35A",
    "#2F7F63",
    "#D8D2C4",
    "#6A1B9A",
    "#B9D3E6",
    "#6B7280",
)
"""For classes that no table of the house colours (criteria, say), in their order, over again."""


@dataclass(frozen=True)
class PaletteClass:
    """A class in a picture: its palette number from 1, its code, colour and titles."""

    number: int
    code: int
    colour: str
    title: Mapping[Language, str]

    @property
    def both(self) -> str:
        """Title in both languages, once where they are the same."""
        return " / ".join(dict.fromkeys(self.title[language] for language in LANGUAGES))

    @property
    def rgb(self) -> tuple[int, int, int]:
        red, green, blue = bytes.fromhex(self.colour[1:])
        return red, green, blue


def palette(classes: Mapping[int, str], found: Iterable[int] = ()) -> tuple[PaletteClass, ...]:
    """The classes of a raster as a palette shows them, in the order of their codes.

    Parameters
    ----------
    classes
        Code -> text key of its title.
    found
        Codes that occur. One without a title is shown under its number: it must not vanish.

    Examples
    --------
    >>> [(item.number, item.code, item.colour) for item in palette({2: "criteria.class_s2"}, [9])]
    [(1, 2, '#3C8F6D'), (2, 9, '#1F3A5F')]
    """
    made: list[PaletteClass] = []
    uncoloured = 0
    for number, code in enumerate(sorted({*classes, *found}), 1):
        key = classes.get(code, "")
        if key not in COLOURS:
            uncoloured += 1
        colour = COLOURS.get(key) or FURTHER[(uncoloured - 1) % len(FURTHER)]
        made.append(PaletteClass(number, code, colour, _title(key, code)))
    return tuple(made)


def _title(key: str, code: int) -> dict[Language, str]:
    if key not in texts():
        return dict.fromkeys(LANGUAGES, key or str(code))
    return {language: text(key, language) for language in LANGUAGES}
