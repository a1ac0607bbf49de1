"""The legend on paper: rows in reading order, flowed into columns, wrapped, never cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from layers.bands import capital
from layers.drawing import LegendGroup, LegendItem
from layers.hatch import hatch_lines
from reports.figure.page import HATCH, INK, LINE, MUTED, Page
from reports.figure.paper import Box
from reports.figure.signs import PX_MM, paper_sign
from reports.figure.text import line_height, shortened, wrapped

ROW, SWATCH, TEXT = 5.2, 8.0, 10.5
"""Millimetres at the size of A4: height of a row, width of a swatch, where its words begin."""
LEAST = 0.62
"""A legend longer than its box is drawn smaller, down to this share of its size."""
LINES: Mapping[str, tuple[float, str, tuple[float, ...]]] = {
    "area": (1.7, LINE, ()),
    "province": (1.1, INK, ()),
    "district": (0.8, INK, ()),
    "commune": (0.45, MUTED, (4.0, 2.4)),
    "dashed": (1.2, INK, (3.0, 2.0)),
}
"""Style of a line -> width in points at the size of A4, colour, dashes; on the map too."""
WHOLE = 9
"""Groups of at most so many rows stay in one column."""
MOST_LINES = 4
"""A row that would take more lines is cut with an ellipsis."""
_POINTS = {"title": 8.4, "item": 7.6, "note": 6.6}
_GUTTER = 3.0
_FREE = 0.8
"""Millimetres between the signs of two rows."""
_HATCH_MM = 1.3


@dataclass(frozen=True)
class Row:
    """A title, an item with its swatch, or a note; ``height`` in millimetres."""

    kind: str
    lines: tuple[str, ...]
    height: float
    item: LegendItem | None = None
    group: int = 0


def rows_of(groups: Sequence[LegendGroup], width: float, unit: float) -> list[Row]:
    """Rows of a legend in reading order, wrapped to a column's width."""
    rows: list[Row] = []
    for number, group in enumerate(groups):
        made = [_row("title", group.title, width, unit)] if group.title else []
        made += [
            _with_sign(_row("item", capital(item.text), width - TEXT * unit, unit), item, unit)
            for item in group.items
        ]
        if group.note:
            made.append(_row("note", group.note, width, unit))
        rows += [replace(row, group=number) for row in made]
    return rows


def _row(kind: str, words: str, width: float, unit: float) -> Row:
    points = _POINTS[kind] * unit
    bold = kind == "title"
    whole = wrapped(words, width, points, bold)
    lines = tuple(shortened(whole, MOST_LINES, width, points, bold))
    step = line_height(words, points) * 0.86
    extra = {"title": 0.6 * unit, "item": 0.0, "note": 0.0}[kind]
    return Row(kind, lines, max(ROW * unit, len(lines) * step + 1.2 * unit) + extra)


def _with_sign(row: Row, item: LegendItem, unit: float) -> Row:
    """The row of an item, high enough for its sign wherever in the row that stands."""
    if not item.sign:
        return replace(row, item=item)
    beside = (len(row.lines) - 1) * line_height("".join(row.lines), _POINTS["item"] * unit) * 0.86
    sign = paper_sign(item.sign).size[1] * PX_MM * unit
    return replace(row, item=item, height=max(row.height, sign + beside + _FREE * unit))


def flowed(rows: Sequence[Row], columns: int) -> list[list[Row]]:
    """Rows in columns of nearly the same height; a title stays with what follows it."""
    blocks = list(_blocks(rows))
    heights = [sum(row.height for row in block) for block in blocks]
    limit = max([sum(heights) / columns, *heights], default=0.0)
    while True:
        made = _filled(blocks, limit)
        if len(made) <= columns:
            return made
        limit += 1.0


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that stay together: short groups; of long ones a title with the first row after it."""
    for _, found in groupby(rows, key=lambda row: row.group):
        group = list(found)
        if len(group) <= WHOLE:
            yield group
        else:
            yield from _parts(group)


def _parts(group: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows of a long group; its title stays with the first of them, its note with the last."""
    block: list[Row] = []
    for row in group:
        if block and row.kind != "note" and block[-1].kind != "title":
            yield block
            block = []
        block.append(row)
    yield block


def _filled(blocks: Sequence[list[Row]], limit: float) -> list[list[Row]]:
    columns: list[list[Row]] = [[]]
    for block in blocks:
        tall = sum(row.height for row in (*columns[-1], *block))
        if columns[-1] and tall > limit + 1e-9:
            columns.append([])
        columns[-1] += block
    return columns


def legend_height(groups: Sequence[LegendGroup], width: float, columns: int, unit: float) -> float:
    """Millimetres that a legend needs in so many columns."""
    rows = rows_of(groups, _column_width(width, columns, unit), unit)
    return max((sum(row.height for row in one) for one in flowed(rows, columns)), default=0.0)


def _column_width(width: float, columns: int, unit: float) -> float:
    return (width - (columns - 1) * _GUTTER * unit) / columns


def draw_legend(page: Page, groups: Sequence[LegendGroup], box: Box, columns: int) -> None:
    """The legend in its box; a long one is drawn smaller."""
    size = page.unit
    while legend_height(groups, box.width, columns, size) > box.height and size > LEAST * page.unit:
        size *= 0.96
    wide = _column_width(box.width, columns, size)
    for number, column in enumerate(flowed(rows_of(groups, wide, size), columns)):
        x, y = box.x + number * (wide + _GUTTER * size), box.top
        for row in column:
            _draw_row(page, row, x, y, size)
            y -= row.height


def _draw_row(page: Page, row: Row, x: float, top: float, size: float) -> None:
    points = _POINTS[row.kind] * size
    step = line_height("".join(row.lines), points) * 0.86
    middle = top - row.height / 2
    first = middle + (len(row.lines) - 1) * step / 2
    if row.item is not None and _has_swatch(row):
        _swatch(page, row.item, x, first, size)
    for number, line in enumerate(row.lines):
        page.text(
            x + (TEXT * size if _has_swatch(row) else 0.0),
            first - number * step,
            line,
            points,
            va="center",
            bold=row.kind == "title",
            color=MUTED if row.kind == "note" else INK,
        )


def _has_swatch(row: Row) -> bool:
    return row.item is not None and row.item.style != "words"


def _swatch(page: Page, item: LegendItem, x: float, y: float, size: float) -> None:
    """A sign, a line or a coloured box, its middle at the height of the first line."""
    if item.sign:
        page.sign(item.sign, x + SWATCH / 2 * size, y, unit=size)
        return
    if item.style in LINES:
        width, colour, dashes = LINES[item.style]
        style: Any = (0, dashes) if dashes else "solid"
        page.line((x, x + SWATCH * size), (y, y), width, linestyle=style, color=colour)
        return
    box = Box(x, y - 1.75 * size, SWATCH * size, 3.5 * size)
    page.axes.add_patch(
        Rectangle(
            (box.x, box.y),
            box.width,
            box.height,
            facecolor=item.colour or "none",
            edgecolor=HATCH,
            linewidth=0.5,
        )
    )
    ways = {"hatch": (1,), "cross": (1, -1)}.get(item.style, ())
    area = np.array([shapely.box(box.x, box.y, box.right, box.top)])
    for way in ways:
        lines = hatch_lines(area, _HATCH_MM * size, way)
        page.axes.add_collection(LineCollection(list(lines), colors=HATCH, linewidths=0.5))
