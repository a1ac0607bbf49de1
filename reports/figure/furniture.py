"""What stands around the map: title, numbers of the grid, scale, north, locator, foot, stamp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D
from shapely.geometry.base import BaseGeometry

from locales import NO_BREAK_SPACE, Language, text
from reports.figure.content import MapContent
from reports.figure.graticule import geographic_ticks, grid_ticks
from reports.figure.names import in_scripts
from reports.figure.page import INK, LINE, MUTED, Page
from reports.figure.paper import Box
from reports.figure.scale import MapFrame, convergence, scale_bar
from reports.figure.text import fitted, line_height, size_of, wrapped

FOOT_POINTS = 6.2
TWO_LINES = (10.0, 6.4)
"""Points of a title and of its areas where they take two lines."""
RED, STAMP_GROUND = "#8A2B0E", "#FFF4D6"
_LAND, _FRAME = "#E4E6DD", "#B3261E"
_TITLES = {1: ((12.0,), (16.0,)), 2: ((9.6, 14.4), (13.0, 11.0))}
"""Lines of a title -> how far below the top each stands in millimetres, and in which size."""
_LEAST_HALVED = 18.0
"""Millimetres of a scale bar that has a number in its middle."""
_TICK = 1.3
FEW_PROVINCES = 6
_LEAST_BOX = 2.2
"""Millimetres: a map smaller than this in the locator is marked so large."""
_BELOW = 3.0
"""Millimetres of the locator that stay free below for names."""


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


def draw_north(page: Page, frame: MapFrame, box: Box, language: Language) -> None:
    """The needle points to true north; the thin upright line is the north of the grid."""
    unit = page.unit
    x = box.x + box.width / 2
    words = wrapped(north_text(frame, language), box.width, 6.0 * unit)
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
        text("figure.north", language),
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


def draw_locator(page: Page, content: MapContent, frame: MapFrame, box: Box) -> None:
    """The area in its country, and what the map shows of it."""
    axes = page.inner(box)
    axes.set_facecolor("white")
    w, s, e, n = frame.extent
    known = content.ground.country.total_bounds
    west, south = min(known[0], w), min(known[1], s)
    east, north = max(known[2], e), max(known[3], n)
    low = _BELOW * page.unit  # names of provinces stand under them
    room = Box(0, low, box.width * 0.92, box.height * 0.94 - low)
    per_mm = max((east - west) / room.width, (north - south) / room.height)
    x = (west + east) / 2
    y = (south + north) / 2 - low / 2 * per_mm
    axes.set_xlim(x - per_mm * box.width / 2, x + per_mm * box.width / 2)
    axes.set_ylim(y - per_mm * box.height / 2, y + per_mm * box.height / 2)
    for shape in content.ground.country:
        _area(axes, shape, _LAND, MUTED)
    own = shapely.coverage_union_all(content.ground.own.geometry.to_numpy())
    _area(axes, own.simplify(per_mm / 5), LINE, LINE)
    across, up = max(e - w, _LEAST_BOX * per_mm), max(n - s, _LEAST_BOX * per_mm)
    corner = ((w + e - across) / 2, (s + n - up) / 2)
    axes.add_patch(
        Rectangle(corner, across, up, fill=False, edgecolor=_FRAME, linewidth=0.9 * page.unit)
    )
    _provinces(page, content, box, (x, y), per_mm)
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
        spine.set_color(MUTED)


def _provinces(
    page: Page, content: MapContent, box: Box, middle: tuple[float, float], per_mm: float
) -> None:
    """Names of provinces in the locator, under their middle, where it shows a few alone."""
    provinces = content.ground.provinces
    if len(provinces) > FEW_PROVINCES:
        return
    points = 5.6 * page.unit
    written: list[Box] = []
    for row in provinces.itertuples():
        west, south, east, _ = row.geometry.bounds
        name = in_scripts(row.name_en, row.name_km, content.scripts[:1])
        wide, high = size_of(name, points)
        x = box.middle[0] + ((west + east) / 2 - middle[0]) / per_mm
        x = min(max(x, box.x + wide / 2 + 0.6), box.right - wide / 2 - 0.6)
        y = max(box.middle[1] + (south - middle[1]) / per_mm - high, box.y + 0.6)
        place = Box(x - wide / 2, y, wide, high)
        if box.holds(place) and not any(place.overlaps(other) for other in written):
            halo = [withStroke(linewidth=1.4 * page.unit, foreground="white")]
            how: dict[str, Any] = {"ha": "center", "color": MUTED, "path_effects": halo}
            page.text(x, y + 0.25 * high, name, points, **how)
            written.append(place)


def _area(axes: Axes, shape: BaseGeometry, face: str, edge: str) -> None:
    for part in shapely.get_parts(shape):
        path = Path(shapely.get_coordinates(part.exterior), closed=True)
        axes.add_patch(PathPatch(path, facecolor=face, edgecolor=edge, linewidth=0.4))


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


def stamp_box(words: str, frame: MapFrame, unit: float) -> Box | None:
    """Where the stamp stands inside the frame; nowhere without words."""
    if not words:
        return None
    width, height = size_of(words, 10.0 * unit, True)
    width, height = width + 4.0 * unit, height + 1.6 * unit
    box = frame.box
    return Box(box.right - width - 2.0 * unit, box.top - height - 2.0 * unit, width, height)


def draw_stamp(page: Page, words: str, box: Box, frame: MapFrame) -> None:
    """A label in the corner, and the same words pale across the map: no part is cut out unseen."""
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
    page.text(*box.middle, words, 10.0 * page.unit, bold=True, zorder=13, **how)
    long = math.hypot(frame.box.width, frame.box.height) * 0.62
    points = 10.0 * page.unit * long / max(size_of(words, 10.0 * page.unit, True)[0], 1.0)
    angle = math.degrees(math.atan2(frame.box.height, frame.box.width))
    how |= {"rotation": angle, "alpha": 0.13, "zorder": 6, "bold": True}
    page.text(*frame.box.middle, words, min(points, 60.0), **how)
