"""What stands around the map: title, numbers of the grid, scale, north, foot, stamp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D

from locales import NO_BREAK_SPACE, Language, text
from reports.figure.content import MapContent
from reports.figure.graticule import geographic_ticks, grid_ticks
from reports.figure.page import INK, LINE, MUTED, Page
from reports.figure.paper import Box
from reports.figure.scale import MapFrame, convergence, scale_bar
from reports.figure.text import fitted, line_height, size_of, wrapped

FOOT_POINTS = 6.2
STAMP_POINTS = 9.0
TWO_LINES = (10.0, 6.4)
"""Points of a title and of its areas where they take two lines."""
RED, STAMP_GROUND = "#8A2B0E", "#FFF4D6"
_LEAST_HALVED = 18.0
"""Millimetres of a scale bar that has a number in its middle."""
_TICK = 1.3


def draw_rulers(page: Page, frame: MapFrame) -> None:
    """Kilometres of the grid on the left and below, degrees on the right and above."""
    box, unit, points = frame.box, page.unit, 6.2 * page.unit
    for tick in (*grid_ticks(frame), *geographic_ticks(frame)):
        way = 1.0 if tick.side in ("top", "right") else -1.0
        far, off = way * _TICK * unit, way * 2.0 * unit
        if tick.side in ("bottom", "top"):
            edge = box.top if way > 0 else box.y
            page.line((tick.at, tick.at), (edge, edge + far), 0.5)
            place: dict[str, Any] = {"ha": "center", "va": "bottom" if way > 0 else "top"}
            page.text(tick.at, edge + off, tick.text, points, color=MUTED, **place)
        else:
            edge = box.right if way > 0 else box.x
            page.line((edge, edge + far), (tick.at, tick.at), 0.5)
            place = {"ha": "left" if way > 0 else "right", "va": "center"}
            page.text(edge + off, tick.at, tick.text, points, color=MUTED, rotation=90, **place)
    corner = box.x - 2.0 * unit, box.y - 2.0 * unit
    page.text(*corner, "km", points, ha="right", va="top", color=MUTED)


def draw_head(page: Page, content: MapContent, box: Box) -> None:
    """Who publishes, what it shows, of where; what is long is smaller, then on two lines."""
    unit = page.unit
    title, points = fitted(content.title, box.width, (16.0 * unit, 9.0 * unit), True)
    where, small = fitted(content.subtitle, box.width, (10.5 * unit, 6.2 * unit))
    high, low = len(title) > 1, len(where) > 1
    office = text("figure.office", content.language)
    page.text(box.x, box.top - (2.0 if high else 3.0) * unit, office, 7.0 * unit, color=MUTED)
    points, first = (min(points, TWO_LINES[0] * unit), 13.2) if high else (points, 12.0)
    for number, line in enumerate(reversed(title)):
        y = box.top - (first - number * 4.9) * unit
        page.text(box.x, y, line, points, bold=True, color=LINE)
    small, first = (min(small, TWO_LINES[1] * unit), 19.7) if low else (small, 19.0)
    for number, line in enumerate(reversed(where)):
        page.text(box.x, box.top - (first - number * 2.9) * unit, line, small)
    page.line((box.x, box.right), (box.y + 2.2 * unit,) * 2, 1.1, color=LINE)


def draw_scale(page: Page, frame: MapFrame, box: Box) -> None:
    """A bar of round lengths, true in the middle of the map, and the ratio."""
    unit = page.unit
    bar = scale_bar(frame, min(55.0 * unit, box.width - 34.0 * unit))
    part = bar.millimetres / bar.parts
    x, y = box.x + 1.5 * unit, box.y + 3.0 * unit
    for number in range(bar.parts):
        page.axes.add_patch(
            Rectangle(
                (x + number * part, y),
                part,
                1.5 * unit,
                linewidth=0.5 * unit,
                edgecolor=INK,
                facecolor=INK if number % 2 == 0 else "white",
            )
        )
    in_km = bar.metres >= 1000
    # the middle of a short bar leaves no room for its number
    for share in (0.0, 0.5, 1.0) if bar.millimetres >= _LEAST_HALVED * unit else (0.0, 1.0):
        value = bar.metres * share / (1000 if in_km else 1)
        measure = NO_BREAK_SPACE + ("km" if in_km else "m") if share == 1.0 else ""
        place = x + share * bar.millimetres, y + 2.5 * unit
        page.text(*place, f"{value:g}{measure}", 6.8 * unit, ha="center")
    page.text(
        x + bar.millimetres + 9.0 * unit, y, ratio_text(frame.denominator), 9.0 * unit, bold=True
    )


def ratio_text(denominator: float) -> str:
    """A scale as it is written on a map.

    >>> ratio_text(250_000.0)
    '1:250\\xa0000'
    """
    return f"1:{denominator:,.0f}".replace(",", NO_BREAK_SPACE)


def draw_north(page: Page, frame: MapFrame, box: Box, languages: Sequence[Language]) -> None:
    """The needle points to true north; the thin upright line is the north of the grid."""
    unit = page.unit
    x = box.x + box.width / 2
    said = (north_text(frame, language) for language in languages)
    words = [line for one in said for line in wrapped(one, box.width, 6.0 * unit)]
    step = line_height("".join(words), 6.0 * unit) * 0.82
    low = box.y + len(words) * step + 1.9 * unit
    long = min(11.0 * unit, box.top - low - 5.0 * unit)
    lean = math.radians(-convergence(*frame.middle))
    turn = Affine2D().rotate(-lean).translate(x, low) + page.axes.transData
    half = np.array([(0, long), (-0.2 * long, -0.14 * long), (0, 0.07 * long)])
    how: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.5, "transform": turn}
    page.axes.add_patch(Polygon(half, facecolor=INK, **how))
    page.axes.add_patch(Polygon(half * (-1, 1), facecolor="white", **how))
    page.line((x, x), (low, low + long + 0.8 * unit), 0.35, color=MUTED)
    page.text(
        x + (long + 1.4 * unit) * math.sin(lean),
        low + long + 1.4 * unit,
        text("figure.north", languages[0]),
        7.0 * unit,
        ha="center",
        bold=True,
    )
    for number, line in enumerate(words):
        y = box.y + (len(words) - 1 - number) * step
        page.text(x, y + 0.4 * unit, line, 6.0 * unit, ha="center", color=MUTED)


def north_text(frame: MapFrame, language: Language) -> str:
    """How far grid north lies from true north in the middle of the map, and on which side."""
    angle = convergence(*frame.middle)
    key = "figure.grid_west" if angle < 0 else "figure.grid_east"
    return text(key, language, angle=f"{abs(angle):.2f}")


def foot_lines(sentences: Sequence[str], width: float, unit: float) -> list[str]:
    """Sentences wrapped to the page."""
    lines: list[str] = []
    for words in sentences:
        lines += wrapped(words, width, FOOT_POINTS * unit)
    return lines


def foot_height(lines: Sequence[str], unit: float) -> float:
    """Millimetres of the lines at the foot."""
    return sum(line_height(line, FOOT_POINTS * unit) * 0.9 for line in lines) + 1.0


def draw_foot(page: Page, lines: Sequence[str], box: Box) -> None:
    """Sources, remarks and provenance, line by line from above."""
    y = box.top
    for line in lines:
        y -= line_height(line, FOOT_POINTS * page.unit) * 0.9
        page.text(box.x, y + 0.8, line, FOOT_POINTS * page.unit, color=MUTED)


def stamp_box(words: str, head: Box, unit: float) -> Box | None:
    """Where the stamp stands: above the map, never over land; nowhere without words."""
    if not words:
        return None
    width, height = size_of(words, STAMP_POINTS * unit, True)
    width, height = width + 4.0 * unit, height + 0.6 * unit
    return Box(head.right - width, head.top - height + 1.0 * unit, width, height)


def draw_stamp(page: Page, words: str, box: Box, frame: MapFrame) -> None:
    """A label above the map, and the same words pale across it: no part is cut out unseen."""
    page.axes.add_patch(
        Rectangle(
            (box.x, box.y),
            box.width,
            box.height,
            facecolor=STAMP_GROUND,
            edgecolor=RED,
            linewidth=0.9 * page.unit,
            zorder=12,
        )
    )
    how: dict[str, Any] = {"ha": "center", "va": "center", "color": RED}
    page.text(*box.middle, words, STAMP_POINTS * page.unit, bold=True, zorder=13, **how)
    long = math.hypot(frame.box.width, frame.box.height) * 0.62
    points = 10.0 * page.unit * long / max(size_of(words, 10.0 * page.unit, True)[0], 1.0)
    angle = math.degrees(math.atan2(frame.box.height, frame.box.width))
    how |= {"rotation": angle, "alpha": 0.13, "zorder": 6, "bold": True}
    page.text(*frame.box.middle, words, min(points, 60.0), **how)
