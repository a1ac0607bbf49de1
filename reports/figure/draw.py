"""Draw a page: everything in its place, exact to the scale that is printed on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from layers.drawing import LegendGroup
from locales import Language, text
from reports.figure.content import CellField, MapContent
from reports.figure.furniture import (
    draw_foot,
    draw_head,
    draw_north,
    draw_rulers,
    draw_scale,
    draw_stamp,
    foot_height,
    foot_lines,
    stamp_box,
)
from reports.figure.graticule import grid_step
from reports.figure.ground import draw_ground
from reports.figure.key import draw_legend, legend_height
from reports.figure.labels import Labels
from reports.figure.layout import UNITS, Layout, columns_of, layout_of, legend_width
from reports.figure.locator import draw_locator
from reports.figure.names import draw_names
from reports.figure.numbered import draw_numbers, numbers_of
from reports.figure.page import Page
from reports.figure.paper import Paper
from reports.figure.pins import Pin, legend_with, pins_of
from reports.figure.scale import MapFrame, frame_for
from reports.figure.wanted import First, all_names, first_names, key_of

_LONGEST = (100, 99)
"""Kilometres between lines, and names without room, whose words need the most room."""

_ROUNDS = 3
"""Tries until the legend fits what its own height leaves room for."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A page as a figure; where the map lies on it, at which scale, which names and signs it bears.

    ``legend`` is that of the page: what has become a dot is told as one.
    """

    figure: Figure
    layout: Layout
    frame: MapFrame
    labels: Labels
    pins: tuple[Pin, ...]
    legend: tuple[LegendGroup, ...]


def draw(content: MapContent, paper: Paper) -> Drawn:
    """One page.

    Parameters
    ----------
    paper
        The page, turned as it shall be.
    """
    unit = UNITS[paper.name]
    page = Page(paper, unit)
    room = paper.width - 2 * paper.margin
    foot = foot_lines(_foot(content, paper), room, unit)
    layout, frame, pins, legend, first = _placed(content, paper, foot_height(foot, unit))
    labels = all_names(content, frame, unit, pins, first)
    draw_ground(page, content, frame)
    _on_top(page, content, frame, pins, labels)
    draw_rulers(page, frame)
    if content.title:
        draw_head(page, content, layout.head)
    draw_legend(page, legend, layout.legend, columns_of(paper))
    draw_scale(page, frame, layout.scale)
    draw_north(page, frame, layout.north, content.languages)
    draw_locator(page, content, frame, layout.inset)
    above = foot_lines(_grid_lines(content, paper, frame, labels), room, unit)
    draw_foot(page, [*above, *foot], layout.foot)
    if stamp := stamp_box(content.stamp, layout.head, unit):
        draw_stamp(page, content.stamp, stamp, frame)
    return Drawn(page.figure, layout, frame, labels, pins, legend)


def _on_top(
    page: Page, content: MapContent, frame: MapFrame, pins: Sequence[Pin], labels: Labels
) -> None:
    """Signs, names, and numbers of classes where there is room for them; above the map."""
    for pin in pins:
        page.sign(pin.sign.sign, pin.x, pin.y, pin.sign.number)
    draw_names(page, labels)
    if isinstance(content.surface, CellField):
        written = [*(pin.box for pin in pins), *labels.boxes]
        draw_numbers(page, numbers_of(content.surface, frame, page.unit, written))


def _placed(
    content: MapContent, paper: Paper, foot_mm: float
) -> tuple[Layout, MapFrame, tuple[Pin, ...], tuple[LegendGroup, ...], First]:
    """Where all stands: the legend tells of signs and names that depend on the room it leaves."""
    unit, own = UNITS[paper.name], content.ground.own
    width, columns = legend_width(paper), columns_of(paper)
    west, south, east, north = own.total_bounds
    room = paper.width - 2 * paper.margin
    spare = foot_height(foot_lines(_grid_words(content, paper, *_LONGEST), room, unit), unit)
    told = content.legend
    for _ in range(_ROUNDS):
        legend = told
        layout = layout_of(
            paper,
            legend_height(legend, width, columns, unit),
            foot_mm + spare,
            titled=bool(content.title),
            stamped=bool(content.stamp),
        )
        frame = frame_for((west, south, east, north), layout.map)
        first = first_names(content, frame, unit)
        pins = pins_of(content.points, own, frame, unit, first.labels.boxes)
        told = legend_with(content.legend, pins, content.languages)
        told = (*told, *key_of(first, content.languages))
        if told == legend:
            break
    return layout, frame, pins, told, first


def _foot(content: MapContent, paper: Paper) -> tuple[str, ...]:
    """Sentences whose words do not depend on the drawing."""
    told = len(_languages(content, paper))
    return (*content.remarks[:told], *content.sources[:told], content.code)


def _languages(content: MapContent, paper: Paper) -> tuple[Language, ...]:
    """Languages of the foot: of a slide the first, its map needs the room of the second."""
    return content.languages[:1] if paper.name == "slide" else content.languages


def _grid_lines(content: MapContent, paper: Paper, frame: MapFrame, labels: Labels) -> list[str]:
    """The grid, and how many names found no room; those of neighbours nobody misses."""
    missing = sum(label.kind != "around" for label in labels.left_out)
    return _grid_words(content, paper, grid_step(frame), missing)


def _grid_words(content: MapContent, paper: Paper, step: int, missing: int) -> list[str]:
    said = []
    for language in _languages(content, paper):
        words = text("figure.grid", language, step=f"{step}")
        if missing:
            words = f"{words} {text('figure.left_out', language, count=missing)}"
        said.append(words)
    return said
