"""Draw a page: everything in its place, exact to the scale that is printed on it."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from layers.drawing import LegendGroup
from locales import text
from reports.figure.content import MapContent
from reports.figure.furniture import (
    draw_foot,
    draw_head,
    draw_locator,
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
from reports.figure.names import draw_on_top
from reports.figure.page import Page
from reports.figure.paper import Paper
from reports.figure.pins import Pin, legend_with, pins_of
from reports.figure.scale import MapFrame, frame_for

_LONGEST = (100, 99)
"""Kilometres between lines, and names without room, whose words need the most room."""


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
    foot = foot_lines(_foot(content), room, unit)
    layout, frame, pins, legend = _placed(content, paper, foot_height(foot, unit))
    stamp = stamp_box(content.stamp, frame, unit)
    draw_ground(page, content, frame)
    labels = draw_on_top(page, content, frame, pins, [stamp] if stamp else [])
    draw_rulers(page, frame)
    if content.title:
        draw_head(page, content, layout.head)
    draw_legend(page, legend, layout.legend, columns_of(paper))
    draw_scale(page, frame, layout.scale)
    draw_north(page, frame, layout.north, content.language)
    draw_locator(page, content, frame, layout.inset)
    draw_foot(
        page, [*foot_lines([_grid_line(content, frame, labels)], room, unit), *foot], layout.foot
    )
    if stamp is not None:
        draw_stamp(page, content.stamp, stamp, frame)
    return Drawn(page.figure, layout, frame, labels, pins, legend)


def _placed(
    content: MapContent, paper: Paper, foot_mm: float
) -> tuple[Layout, MapFrame, tuple[Pin, ...], tuple[LegendGroup, ...]]:
    """Where all stands: the legend tells of signs whose places depend on the room it leaves."""
    unit, own = UNITS[paper.name], content.ground.own
    width, columns = legend_width(paper), columns_of(paper)
    west, south, east, north = own.total_bounds
    room = paper.width - 2 * paper.margin
    spare = foot_height(foot_lines([_grid_words(content, *_LONGEST)], room, unit), unit)
    legend = content.legend
    for _ in range(2):
        layout = layout_of(
            paper,
            legend_height(legend, width, columns, unit),
            foot_mm + spare,
            titled=bool(content.title),
        )
        frame = frame_for((west, south, east, north), layout.map)
        pins = pins_of(content.points, own, content.legend, frame, unit)
        legend = legend_with(content.legend, pins, content.languages)
    return layout, frame, pins, legend


def _foot(content: MapContent) -> tuple[str, ...]:
    """Sentences whose words do not depend on the drawing."""
    return (*content.remarks, *content.sources, content.code)


def _grid_line(content: MapContent, frame: MapFrame, labels: Labels) -> str:
    """The grid, and how many names found no room; those of neighbours nobody misses."""
    missing = sum(label.kind != "around" for label in labels.left_out)
    return _grid_words(content, grid_step(frame), missing)


def _grid_words(content: MapContent, step: int, missing: int) -> str:
    words = text("figure.grid", content.language, step=f"{step}")
    if not missing:
        return words
    return f"{words} {text('figure.left_out', content.language, count=missing)}"
