"""The locator: where the map lies in its country, with the names of provinces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from reports.figure.both import BETWEEN
from reports.figure.content import MapContent
from reports.figure.names import in_scripts
from reports.figure.page import LINE, MUTED, Page
from reports.figure.paper import Box
from reports.figure.scale import MapFrame
from reports.figure.text import size_of

FEW_PROVINCES = 6
_LAND, _FRAME = "#E4E6DD", "#B3261E"
_LEAST_BOX = 2.2
"""Millimetres: a map smaller than this in the locator is marked so large."""
_BELOW = 3.0
"""Millimetres of the locator that stay free below for names."""
_APART, _OFF = 0.4, 0.5
"""Least millimetres between names and lines, and those at which one is put beside another."""


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
    x0, y0 = box.middle[0] - x / per_mm, box.middle[1] - y / per_mm
    shown = Box(x0 + corner[0] / per_mm, y0 + corner[1] / per_mm, across / per_mm, up / per_mm)
    provinces = content.ground.provinces
    if len(provinces) <= FEW_PROVINCES:
        places = [
            Box(x0 + w / per_mm, y0 + s / per_mm, (e - w) / per_mm, (n - s) / per_mm)
            for w, s, e, n in (shape.bounds for shape in provinces.geometry)
        ]
        rows = zip(provinces["name_en"], provinces["name_km"], strict=True)
        names = [in_scripts(*row, content.scripts).replace("\n", BETWEEN) for row in rows]
        _write(page, names, placed(names, places, box, shown, page.unit))
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
        spine.set_color(MUTED)


def placed(
    names: Sequence[str], provinces: Sequence[Box], box: Box, shown: Box, unit: float
) -> list[Box | None]:
    """Boxes of names by the boxes of their provinces, off one another and off the frame shown.

    Parameters
    ----------
    shown
        What the map shows, drawn as a frame that strikes out what lies under its lines.

    Returns
    -------
    list
        None where a name has no room.
    """
    taken, found = list(_sides(shown)), list[Box | None]()
    for name, province in zip(names, provinces, strict=True):
        wide, high = size_of(name, _points(unit))
        spots = (Box(x, y, wide, high) for x, y in _spots(province, box, shown, wide, high))
        free = (
            spot
            for spot in spots
            if box.holds(spot) and not any(spot.overlaps(other, _APART) for other in taken)
        )
        chosen = next(free, None)
        found.append(chosen)
        if chosen is not None:
            taken.append(chosen)
    return found


def _sides(shown: Box) -> Iterator[Box]:
    wide, high = shown.width, shown.height
    yield from (Box(x, shown.y, 0.0, high) for x in (shown.x, shown.right))
    yield from (Box(shown.x, y, wide, 0.0) for y in (shown.y, shown.top))


def _spots(
    province: Box, box: Box, shown: Box, wide: float, high: float
) -> Iterator[tuple[float, float]]:
    """Corners of a name, the nearest first: under its province, above it, beside lines, in it."""
    middle = province.middle[0] - wide / 2
    least, most = box.x + _OFF, box.right - wide - _OFF
    clear = (shown.right - wide - _OFF, shown.right + _OFF, shown.x + _OFF, shown.x - wide - _OFF)
    across = [middle, *sorted(clear, key=lambda x: abs(x - middle))]
    for y in (
        province.y - high,
        shown.y - high - _OFF,
        province.top,
        shown.y + _OFF,
        province.middle[1] - high / 2,
    ):
        for x in across:
            yield min(max(x, least), most), max(y, box.y + _OFF)


def _write(page: Page, names: Sequence[str], places: Sequence[Box | None]) -> None:
    halo = [withStroke(linewidth=1.4 * page.unit, foreground="white")]
    how: dict[str, Any] = {"ha": "center", "color": MUTED, "path_effects": halo}
    for name, place in zip(names, places, strict=True):
        if place is not None:
            at = place.middle[0], place.y + 0.25 * place.height
            page.text(*at, name, _points(page.unit), **how)


def _points(unit: float) -> float:
    return 5.6 * unit


def _area(axes: Axes, shape: BaseGeometry, face: str, edge: str) -> None:
    for part in shapely.get_parts(shape):
        path = Path(shapely.get_coordinates(part.exterior), closed=True)
        axes.add_patch(PathPatch(path, facecolor=face, edgecolor=edge, linewidth=0.4))
