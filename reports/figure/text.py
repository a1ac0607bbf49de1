"""Text on paper: one family for both scripts, measured and wrapped before it is placed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import text_to_path

from gis.errors import FileMissing
from layers.assets import FAMILY, STATIC, WEIGHTS

POINT_MM = 25.4 / 72
SIGNS = "DejaVu Sans"
MEASURED = 20_000
"""Widths of words that are kept: pages of a document share most of them."""
ELLIPSIS = "…"
_WORDS = re.compile(r"[^ \u200b]+[ \u200b]*|[ \u200b]+")
_CLUSTER = re.compile(r".(?:\u17d2.|[\u17b4-\u17d1\u17d3\u17dd\u200c\u200d])*", re.S)
"""A Khmer cluster: a line never breaks inside one."""


@cache
def font(bold: bool = False) -> FontProperties:
    """Noto Sans Khmer, which has Latin letters too, from the files that the pages use.

    Signs that it lacks (``≤``) come from the font that matplotlib brings.

    Raises
    ------
    FileMissing
        When the font was not made (``python -m layers.assets``).
    """
    _register()
    return FontProperties(family=[FAMILY, SIGNS], weight="bold" if bold else "normal")


@cache
def _register() -> None:
    """Make the files known to matplotlib; a font of the system never takes their place.

    Those are forgotten: at each size matplotlib would compare all of them anew.
    """
    fontManager.ttflist = [known for known in fontManager.ttflist if known.name == SIGNS]
    for name in WEIGHTS:
        file = STATIC / f"{FAMILY.replace(' ', '')}-{name}.ttf"
        if not file.is_file():
            raise FileMissing(str(file))
        fontManager.addfont(str(file))


def size_of(words: str, points: float, bold: bool = False) -> tuple[float, float]:
    """Width and height of a line in millimetres; the height is that of the font, not the ink."""
    # word by word, which no letter of the other moves: each is shaped once, not with every line
    width = sum(_width_of(word, bold) for word in _WORDS.findall(words)) * points
    return (width if words.strip() else 0.0), line_height(words, points)


@lru_cache(MEASURED)
def _width_of(words: str, bold: bool) -> float:
    """Millimetres of a word in letters of one point: letters are not hinted, so widths scale."""
    width, _, _ = text_to_path.get_text_width_height_descent(words, font(bold), ismath=False)
    return float(width) * POINT_MM / font(bold).get_size_in_points()


def line_height(words: str, points: float) -> float:
    """Room of a line in millimetres: Khmer stacks signs above and below."""
    khmer = any("\u1780" <= char <= "\u17ff" for char in words)
    return points * POINT_MM * (1.75 if khmer else 1.35)


def wrapped(words: str, width: float, points: float, bold: bool = False) -> list[str]:
    """Lines no wider than ``width`` millimetres, broken at spaces, else between clusters."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        lines += _filled(paragraph, lambda part: size_of(part.rstrip(), points, bold)[0] <= width)
    return lines


def fitted(
    words: str, width: float, points: tuple[float, float], bold: bool = False, most: int = 2
) -> tuple[list[str], float]:
    """Lines of a title and their size: smaller where it is long, then on more lines, then cut.

    Parameters
    ----------
    points
        The largest and the smallest size.
    most
        Lines at most; the last of them ends in an ellipsis where words are left.
    """
    size, least = points
    stated = words.split("\n")
    while size > least and max(size_of(line, size, bold)[0] for line in stated) > width:
        size *= 0.96
    return shortened(wrapped(words, width, size, bold), most, width, size, bold), size


def shortened(
    lines: list[str], most: int, width: float, points: float, bold: bool = False
) -> list[str]:
    """The first lines; the last of them ends in an ellipsis where others are left."""
    if len(lines) <= most:
        return lines
    clusters = _CLUSTER.findall(lines[most - 1])
    kept = _most(clusters, lambda part: size_of(part + ELLIPSIS, points, bold)[0] <= width)
    return [*lines[: most - 1], "".join(clusters[:kept]).rstrip() + ELLIPSIS]


def _filled(words: str, fits: Callable[[str], bool]) -> Iterator[str]:
    line = ""
    for word in _WORDS.findall(words):
        if fits(line + word):
            line += word
            continue
        if line.strip():
            yield line.rstrip(" \u200b")
        line = word
        while not fits(line):
            clusters = _CLUSTER.findall(line)
            number = max(_most(clusters, fits), 1)
            if number >= len(clusters):
                break
            yield "".join(clusters[:number])
            line = "".join(clusters[number:])
    yield line.rstrip(" \u200b")


def _most(clusters: list[str], fits: Callable[[str], bool]) -> int:
    """How many clusters fit at most; a word of a whole page is not measured cluster by cluster."""
    low, high = 0, len(clusters)
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(clusters[:middle])):
            low = middle
        else:
            high = middle - 1
    return low
