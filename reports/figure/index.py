"""The index of an atlas: the number of each page on the map of all, and their list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from matplotlib.figure import Figure

from layers.boundaries import Area, Gazetteer
from layers.drawing import LegendGroup, LegendItem
from locales import text
from reports.figure.both import BETWEEN
from reports.figure.content import MapContent
from reports.figure.layout import UNITS
from reports.figure.names import GAP, in_scripts
from reports.figure.page import LINE, Page
from reports.figure.paper import Paper
from reports.figure.text import wrapped
from reports.figure.words import subtitle_of

BESIDE_MAP = 45
"""Pages that are listed below the map of the index; more of them stand on pages of their own."""
_LINE_MM, _HEAD_MM, _COLUMN_MM, _POINTS = 6.2, 18.0, 60.0, 8.6


def index_of(
    content: MapContent, parts: Sequence[Area], places: Gazetteer, first: int
) -> MapContent:
    """The map of all areas with the number of the page of each part.

    Parameters
    ----------
    content
        The map of all areas.
    first
        Number of the first page of a part.
    """
    lines = zip(content.languages, content.title.split("\n"), strict=False)
    titles = (text("figure.atlas", language, title=line) for language, line in lines)
    below = tuple(
        LegendGroup(title, tuple(LegendItem(words, style="words") for words in listed))
        for title, listed in entries(content, parts, places, first)
        if len(parts) <= BESIDE_MAP
    )
    return replace(
        content,
        title="\n".join(titles),
        points=(),
        numbers=tuple((part.code, str(number)) for number, part in enumerate(parts, first)),
        borderline=(),
        legend=(*below, *(_plain(group) for group in content.legend if _colours(group))),
    )


def _plain(group: LegendGroup) -> LegendGroup:
    """A group without the outline of doubtful communes: the index does not draw it."""
    return replace(group, items=tuple(item for item in group.items if item.style != "dashed"))


def lists_of(parts: Sequence[Area], paper: Paper) -> int:
    """Pages that the list of so many pages takes beside the map of the index."""
    lines = len(parts) + sum(1 for _ in groupby(parts, key=_parent))
    return 0 if len(parts) <= BESIDE_MAP else -(-lines // (_rows(paper) * _columns(paper)))


def list_pages(
    content: MapContent, parts: Sequence[Area], places: Gazetteer, paper: Paper, first: int
) -> Iterator[Figure]:
    """The list of pages where it has no room below the map, column by column."""
    words = [
        (line, line == title)
        for title, listed in entries(content, parts, places, first)
        for line in (title, *listed)
        if len(parts) > BESIDE_MAP
    ]
    rows, columns = _rows(paper), _columns(paper)
    for start in range(0, len(words), rows * columns):
        page = Page(paper, UNITS[paper.name])
        top = paper.height - paper.margin - 8.0 * page.unit
        page.text(paper.margin, top, _pages(content), 16.0 * page.unit, bold=True, color=LINE)
        wide = (paper.width - 2 * paper.margin) / columns
        for place, (line, bold) in enumerate(words[start : start + rows * columns]):
            column, row = divmod(place, rows)
            x = paper.margin + column * wide
            y = top - (_HEAD_MM * 0.6 + row * _LINE_MM) * page.unit
            fitting = wrapped(line, wide - 3.0, _POINTS * page.unit, bold)[0]
            page.text(x, y, fitting, _POINTS * page.unit, bold=bold)
        yield page.figure


def _rows(paper: Paper) -> int:
    unit = UNITS[paper.name]
    return int((paper.height - 2 * paper.margin - _HEAD_MM * unit) / (_LINE_MM * unit))


def _columns(paper: Paper) -> int:
    return int((paper.width - 2 * paper.margin) / (_COLUMN_MM * UNITS[paper.name]))


def entries(
    content: MapContent, parts: Sequence[Area], places: Gazetteer, first: int
) -> Iterator[tuple[str, list[str]]]:
    """Number and name of each page, under what its area belongs to: names alone are ambiguous."""
    numbers = {part.code: str(number) for number, part in enumerate(parts, first)}
    for parent, group in groupby(parts, key=_parent):
        above = (subtitle_of((parent,), places, (language,)) for language in content.languages)
        title = BETWEEN.join((_pages(content), *above)) if parent else _pages(content)
        yield title, [f"{numbers[part.code]}{GAP}{_name(part, content)}" for part in group]


def _parent(part: Area) -> str:
    """Code of the district of a commune, of the province of a district."""
    return "" if part.level == "province" else part.parent or ""


def _name(part: Area, content: MapContent) -> str:
    return in_scripts(part.name_en, part.name_km, content.languages).replace("\n", BETWEEN)


def _pages(content: MapContent) -> str:
    return BETWEEN.join(text("figure.pages", language) for language in content.languages)


def _colours(group: LegendGroup) -> bool:
    """Whether a group explains colours: signs and borders stand on the pages themselves."""
    return any(item.colour for item in group.items)
