"""Charts and maps of a report as pictures, at the size in which they stand on the page."""

from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from reports.document.content import Chart, Map
from reports.figure.content import MapContent
from reports.figure.file import SETTINGS, figure_of, page_of, paper_for
from reports.figure.paper import Paper
from reports.figure.text import font, wrapped
from reports.figure.vectors import pdf_pages

TEXT_WIDTH = 174.0
"""Width of the text of a page in millimetres."""
MAP_HEIGHT = 226.0
"""A map takes a page, without its head, its foot and its caption: its scale stays true."""
ACROSS = (261.0, 144.0)
"""Width and height of a map on a page that lies across."""
INK, GREY = "#1E2A2B", "#D5DAD3"
_INCH = 25.4
_BAR, _LEGEND_LINE = 7.5, 6.5
_NAMES = 42.0


class Album:
    """Pictures of a document as the pages of one PDF; without any it stays empty.

    Fonts are cut to the signs in use and embedded once a file: for pictures in files of their
    own that took longer than drawing them.
    """

    def __init__(self, target: BytesIO) -> None:
        self._target = target
        self._open = ExitStack()
        self._pdf: PdfPages | None = None
        self._pages = 0

    def __enter__(self) -> Album:
        self._open.enter_context(mpl.rc_context(SETTINGS))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, found: Chart | Map, dpi: int = 200) -> int:
        """The number of the page of a picture, from 1 on."""
        if self._pdf is None:
            self._pdf = self._open.enter_context(pdf_pages(self._target))
        figure = _chart(found) if isinstance(found, Chart) else _map(found)
        self._pdf.savefig(figure, dpi=dpi)  # type: ignore[no-untyped-call]
        self._pages += 1
        return self._pages


def map_picture(found: Map, ending: str, dpi: int = 200) -> bytes:
    """A map that fits between the margins of a page without being shrunk."""
    return page_of(found.content, _paper(found), ending, dpi)


def _map(found: Map) -> Figure:
    return figure_of(found.content, _paper(found))


def _paper(found: Map) -> Paper:
    return Paper("A4", *map_size(found), 1.0)


def map_size(found: Map) -> tuple[float, float]:
    """Width and height in millimetres."""
    return ACROSS if found.across else (TEXT_WIDTH, found.height or MAP_HEIGHT)


def lies_across(content: MapContent) -> bool:
    """Whether an area has more room on a page that lies across."""
    return paper_for(content, "A4").orientation == "landscape"


def chart_size(chart: Chart) -> tuple[float, float]:
    """Width and height in millimetres."""
    lines = -(-len(chart.parts) // 3)
    return TEXT_WIDTH, _BAR * len(chart.places) + _LEGEND_LINE * lines + 14.0


def chart_picture(chart: Chart, ending: str, dpi: int = 200) -> bytes:
    """Bars of hectares, the first place above; the legend names the parts in their order."""
    made = BytesIO()
    with mpl.rc_context(SETTINGS):
        metadata = {"Title": chart.caption}
        _chart(chart).savefig(made, format=ending[1:], dpi=dpi, metadata=metadata)
    return made.getvalue()


def _chart(chart: Chart) -> Figure:
    width, height = chart_size(chart)
    figure = Figure(figsize=(width / _INCH, height / _INCH))
    FigureCanvasAgg(figure)
    _draw(figure, chart, width, height)
    return figure


def _draw(figure: Figure, chart: Chart, width: float, height: float) -> None:
    lines = -(-len(chart.parts) // 3)
    legend = _LEGEND_LINE * lines
    bottom = legend + 9.0
    box = (_NAMES / width, bottom / height, (width - _NAMES - 6.0) / width)
    axes = figure.add_axes((*box, (height - bottom - 2.0) / height))
    rows = list(range(len(chart.places)))
    left = [0.0] * len(rows)
    for part in chart.parts:
        axes.barh(rows, part.hectares, 0.7, left, color=part.colour, edgecolor=INK, linewidth=0.3)
        left = [one + more for one, more in zip(left, part.hectares, strict=True)]
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, max(max(left), 1e-9) * 1.02)
    names = ["\n".join(wrapped(name, _NAMES - 3.0, 8.5)[:1]) for name in chart.places]
    axes.set_yticks(rows, names)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}\u00a0{chart.unit}")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=GREY, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    for label in (*axes.get_yticklabels(), *axes.get_xticklabels()):
        label.set_fontproperties(font())
        label.set_fontsize(8.5)
        label.set_parse_math(False)
    for place, part in enumerate(chart.parts):
        _entry(figure, part.words, part.colour, place, (width, height, legend))


def _entry(
    figure: Figure, words: str, colour: str, place: int, size: tuple[float, float, float]
) -> None:
    width, height, legend = size
    line, column = divmod(place, 3)
    x, y = column * width / 3 + 1.0, legend - _LEGEND_LINE * line - 4.0
    swatch = mpl.patches.Rectangle(
        (x / width, y / height),
        *(4.0 / width, 3.0 / height),
        transform=figure.transFigure,
        facecolor=colour,
        edgecolor=INK,
        linewidth=0.3,
    )
    figure.add_artist(swatch)
    figure.text(
        (x + 5.5) / width,
        (y + 1.4) / height,
        wrapped(words, width / 3 - 7.0, 8.5)[0],
        fontproperties=font(),
        fontsize=8.5,
        color=INK,
        va="center",
        parse_math=False,
    )
