"""A page being drawn: matplotlib in millimetres, text that is never math, signs as vectors."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.transforms import Affine2D

from reports.figure.paper import Box, Paper
from reports.figure.signs import PX_MM, Stroke, paper_sign
from reports.figure.text import POINT_MM, font

INK, MUTED, LINE = "#1E2A2B", "#5B6668", "#0F3D36"
HATCH = "#7C8683"
NUMBERS, SMALLEST = {1: 6.4, 2: 6.0, 3: 4.4}, 3.6
"""Points of a number in a sign by its digits: it keeps inside."""
_INCH_MM = 25.4


class Page:
    """One axes over the whole page in millimetres, and further ones inside for maps."""

    def __init__(self, paper: Paper, unit: float) -> None:
        self.paper = paper
        self.unit = unit
        self.figure = Figure(figsize=(paper.width / _INCH_MM, paper.height / _INCH_MM))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, paper.width)
        self.axes.set_ylim(0, paper.height)
        self.axes.axis("off")
        self.axes.set_zorder(5)  # signs and names lie over the map

    def inner(self, box: Box) -> Axes:
        """Axes over a box of the page."""
        width, height = self.paper.width, self.paper.height
        axes = self.figure.add_axes(
            (box.x / width, box.y / height, box.width / width, box.height / height)
        )
        axes.set_xticks([])
        axes.set_yticks([])
        return axes

    def text(self, x: float, y: float, words: str, points: float, **how: Any) -> None:
        """A line of text, its left end on (x, y) unless ``how`` says otherwise."""
        chosen = font(how.pop("bold", False)).copy()
        chosen.set_size(points)
        stated: dict[str, Any] = {"color": INK, "va": "baseline", "parse_math": False} | how
        self.axes.text(x, y, words, fontproperties=chosen, **stated)

    def line(self, xs: tuple[float, ...], ys: tuple[float, ...], width: float, **how: Any) -> None:
        """A line through points, ``width`` in points."""
        stated: dict[str, Any] = {"color": INK, "linewidth": width * self.unit} | how
        self.axes.add_artist(Line2D(xs, ys, **stated))

    def sign(
        self, name: str, x: float, y: float, number: str = "", unit: float | None = None
    ) -> None:
        """A sign of ``static/signs`` with its middle at a point, of the page's unit or another."""
        unit = unit or self.unit
        for stroke in paper_sign(name).strokes:
            self._stroke(stroke, x, y, PX_MM * unit)
        if number:
            size = NUMBERS.get(len(number), SMALLEST) * unit
            above = 0.55 * unit if name.startswith("site") else 0.0
            self.text(x, y + above, number, size, ha="center", va="center", bold=True, zorder=9)

    def _stroke(self, stroke: Stroke, x: float, y: float, per_px: float) -> None:
        dashes = tuple(part / stroke.width for part in stroke.dashes)
        self.axes.add_artist(  # not add_patch, which measures every one
            PathPatch(
                stroke.path,
                transform=Affine2D().scale(per_px).translate(x, y) + self.axes.transData,
                facecolor=stroke.fill,
                edgecolor=stroke.edge,
                linewidth=stroke.width * per_px / POINT_MM if stroke.edge != "none" else 0,
                linestyle=(0, dashes) if dashes else "solid",
                capstyle="round" if stroke.round_ends else "butt",
                zorder=8,
            )
        )
