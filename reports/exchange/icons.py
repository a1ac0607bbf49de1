"""Signs of the pages as small pictures, for programs that read no SVG."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from reports.figure.signs import paper_sign

PIXELS = 64
_DPI = 100.0


@cache
def icon(name: str) -> bytes:
    """A sign of ``static/signs`` as a PNG of 64 x 64 pixels on clear ground."""
    sign = paper_sign(name)
    side = max(sign.size)
    points = PIXELS / side * 72.0 / _DPI
    figure = Figure(figsize=(PIXELS / _DPI, PIXELS / _DPI), dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-side / 2, side / 2)
    axes.set_ylim(-side / 2, side / 2)
    for stroke in sign.strokes:
        dashes = tuple(part * points for part in stroke.dashes)
        axes.add_patch(
            PathPatch(
                stroke.path,
                facecolor=stroke.fill,
                edgecolor=stroke.edge,
                linewidth=stroke.width * points if stroke.edge != "none" else 0.0,
                linestyle=(0.0, dashes) if dashes else "solid",
                capstyle="round" if stroke.round_ends else "butt",
                joinstyle="round",
            )
        )
    content = BytesIO()
    figure.savefig(content, format="png", transparent=True)
    return content.getvalue()
