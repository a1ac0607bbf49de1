"""Where things stand on a page: title, map, legend, scale, locator, foot. Millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports.figure.paper import Box, Paper, PaperName

UNITS: Mapping[PaperName, float] = MappingProxyType({"A4": 1.0, "A3": 1.25, "slide": 1.15})
"""Size of type and signs by paper: a slide is read from farther away."""
RULER_MM = 6.0
"""Room for ticks and their numbers around the frame."""
COLUMNS = 3
"""Columns of a legend below the map; beside it there is one, on a slide there are two."""
MOST_BELOW = 0.34
"""Share of a page that the legend may take below the map; beyond that it is drawn smaller."""
_SIDE, _INSET, _LOCATOR, _NORTH, _SCALE, _HEAD = 68.0, 42.0, 36.0, 46.0, 18.0, 23.0
_LOCATOR_BESIDE, _SCALE_BESIDE, _SIDE_OF_SLIDE = 30.0, 9.0, 100.0
_MOST_LOCATOR = 0.32
"""Share of a low map's height that its locator may take: the legend goes first."""
_STAMP = 6.0
"""Room above a map without a title for what stamps it."""
_GAP = 3.0


@dataclass(frozen=True)
class Layout:
    """Boxes of a page; ``unit`` scales type and signs with the paper."""

    head: Box
    map: Box
    legend: Box
    inset: Box
    scale: Box
    north: Box
    foot: Box
    unit: float


def columns_of(paper: Paper) -> int:
    """Columns of the legend."""
    if paper.orientation == "portrait":
        return COLUMNS
    return 2 if paper.name == "slide" else 1


def legend_width(paper: Paper) -> float:
    """Room of the legend across."""
    unit = UNITS[paper.name]
    if paper.orientation == "portrait":
        return paper.width - 2 * paper.margin - (_INSET + _GAP) * unit
    return (_SIDE_OF_SLIDE if paper.name == "slide" else _SIDE) * unit


def layout_of(
    paper: Paper, legend_mm: float, foot_mm: float, *, titled: bool = True, stamped: bool = False
) -> Layout:
    """Portrait: legend below the map; landscape and slide: in a column on its right.

    Parameters
    ----------
    legend_mm
        Height that the legend needs in its columns.
    foot_mm
        Height of sources and remarks.
    titled
        Whether the map has a head of its own; in a form the form has it.
    stamped
        Whether it bears a stamp: that stands above the map, never over land.
    """
    unit = UNITS[paper.name]
    inner = Box(0, 0, paper.width, paper.height).shrunk(paper.margin)
    foot = Box(inner.x, inner.y, inner.width, foot_mm)
    high = (_HEAD if titled else _STAMP if stamped else 0.0) * unit
    head = Box(inner.x, inner.top - high, inner.width, high)
    if paper.orientation == "portrait":
        return _portrait(inner, head, foot, min(legend_mm, MOST_BELOW * paper.height), unit)
    return _landscape(inner, head, foot, legend_width(paper), unit)


def _portrait(inner: Box, head: Box, foot: Box, legend_mm: float, unit: float) -> Layout:
    """Below the map: legend, under it the scale and the arrow; the locator on the right."""
    ruler, gap = RULER_MM * unit, _GAP * unit
    below = max(legend_mm + _SCALE * unit + gap, _LOCATOR * unit)
    start = foot.top + gap
    low = start + below + ruler + gap
    frame = Box(inner.x + ruler, low, inner.width - 2 * ruler, head.y - gap - ruler - low)
    inset_width = _INSET * unit
    locator = _LOCATOR * unit
    inset = Box(inner.right - inset_width, start + below - locator, inset_width, locator)
    wide = inset.x - inner.x - gap
    north = Box(inner.x + wide - _NORTH * unit, start, _NORTH * unit, _SCALE * unit)
    scale = Box(inner.x, start, north.x - inner.x - gap, _SCALE * unit)
    legend = Box(inner.x, scale.top + gap, wide, start + below - scale.top - gap)
    return Layout(head, frame, legend, inset, scale, north, foot, unit)


def _landscape(inner: Box, head: Box, foot: Box, width: float, unit: float) -> Layout:
    """Beside the map from above: legend, scale, locator with the arrow on its right."""
    ruler, gap = RULER_MM * unit, _GAP * unit
    side = Box(inner.right - width, foot.top + gap, width, head.y - foot.top - 2 * gap)
    frame = Box(
        inner.x + ruler,
        side.y + ruler,
        inner.width - width - 2 * ruler - gap,
        side.height - 2 * ruler,
    )
    high = min(_LOCATOR_BESIDE * unit, _MOST_LOCATOR * side.height)
    inset = Box(side.x, side.y, _INSET * unit, high)
    north = Box(inset.right + gap, side.y, side.right - inset.right - gap, inset.height)
    scale = Box(side.x, inset.top + gap, width, _SCALE_BESIDE * unit)
    legend = Box(side.x, scale.top + gap, width, side.top - scale.top - gap)
    return Layout(head, frame, legend, inset, scale, north, foot, unit)
