"""Names on a map: in which size, in which script, and how they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.patheffects import withStroke

from locales import Language
from reports.figure.labels import Labels, Placed
from reports.figure.page import INK, LINE, MUTED, Page
from reports.figure.text import size_of

GAP = "\u00a0" * 3
"""Between the number of a page, or a letter on the map, and the name that it stands for."""
_HALO = 2.2
KHMER = re.compile("[\u1780-\u17ff]")
_SECOND = 0.86
"""Size of the second script beside the first."""
_LINE = 0.86
"""Height of a line of a name, as a share of the height of its font."""


@dataclass(frozen=True)
class NameStyle:
    """How names of one rank are written; ``points`` at the size of A4."""

    points: float
    colour: str
    bold: bool
    rank: float


STYLES: Mapping[str, NameStyle] = {
    "page": NameStyle(8.6, LINE, True, -1.0),
    "page-small": NameStyle(5.6, LINE, True, -1.0),
    "province": NameStyle(12.5, INK, True, 0.0),
    "district": NameStyle(9.6, LINE, True, 1.0),
    "commune": NameStyle(7.8, INK, True, 2.0),
    "letter": NameStyle(7.6, LINE, True, 2.0),
    "small": NameStyle(6.8, INK, False, 2.0),
    "village": NameStyle(6.6, INK, False, 4.0),
    "around": NameStyle(8.0, MUTED, False, 5.0),
}
"""``page`` numbers of pages of an atlas, ``letter`` what stands for a name that has no room;
``small`` are communes under names of districts, ``around`` districts outside the area."""
VILLAGE = "village"
"""The sign that has its name beside it."""


def in_scripts(english: str, khmer: str, scripts: tuple[Language, ...]) -> str:
    """A name in the scripts asked for, one a line; without a Khmer one the English, marked.

    >>> in_scripts("Treng", "", ("km",)), in_scripts("Treng", "", ("km", "en"))
    ('Treng (en)', 'Treng (en)')
    """
    if "km" in scripts and not khmer:
        return f"{english} (en)"
    return "\n".join({"en": english, "km": khmer}[script] for script in scripts)


def _lines(words: str, kind: str, unit: float) -> Iterator[tuple[str, float, bool]]:
    """Each line with its points and weight: the first script leads, the second follows."""
    style = STYLES[kind]
    lines = words.split("\n")
    both = KHMER.search(words) and any(not KHMER.search(line) for line in lines)
    for line in lines:
        second = bool(both) and not KHMER.search(line)
        yield line, style.points * unit * (_SECOND if second else 1.0), style.bold and not second


def name_size(words: str, kind: str, unit: float) -> tuple[float, float]:
    """Width and height of a name in millimetres."""
    sizes = [size_of(*line) for line in _lines(words, kind, unit)]
    return max(wide for wide, _ in sizes), sum(high for _, high in sizes) * _LINE


def draw_names(page: Page, labels: Labels) -> None:
    """Names in their places, above all else on the map."""
    for label in labels.placed:
        _draw(page, label)


def _draw(page: Page, label: Placed) -> None:
    style = STYLES[label.wanted.kind]
    if label.leader is not None:
        (x0, y0), (x1, y1) = label.leader
        halo = [withStroke(linewidth=1.6 * page.unit, foreground="white")]
        page.line((x0, x1), (y0, y1), 0.7, zorder=9, path_effects=halo)
        page.line((x0,), (y0,), 0.4, zorder=9, marker="o", markersize=2.2 * page.unit)
    how: dict[str, Any] = {
        "ha": "center",
        "va": "center",
        "color": style.colour,
        "zorder": 10,
        "path_effects": [withStroke(linewidth=_HALO * page.unit, foreground="white")],
    }
    x, top = label.box.middle[0], label.box.top
    for line, points, bold in _lines(label.wanted.text, label.wanted.kind, page.unit):
        high = size_of(line, points, bold)[1] * _LINE
        page.text(x, top - high / 2, line, points, bold=bold, **how)
        top -= high
