"""A page as a file: PDF and SVG as vectors with their fonts, PNG in the resolution asked for."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from layers.assets import FAMILY, STATIC, WEIGHTS
from reports.figure.content import MapContent
from reports.figure.draw import draw
from reports.figure.paper import PAPERS, Orientation, Paper, PaperName
from reports.figure.vectors import pdf_pages

ENDINGS = (".pdf", ".png", ".svg")
DPI = 200
SETTINGS: Any = {
    "pdf.fonttype": 42,  # whole TrueType fonts: text stays text
    "svg.fonttype": "none",
    "text.hinting": "none",  # a name is as wide on the screen as on paper
    "path.simplify": True,
    "axes.unicode_minus": False,
}
WIDER = 1.12
"""An area that is wider than high by more than this lies across the page."""


def paper_for(
    content: MapContent, name: PaperName, orientation: Orientation | None = None
) -> Paper:
    """The page as asked for, else as the shape of the area has it."""
    west, south, east, north = content.ground.own.total_bounds
    wide = (east - west) > WIDER * (north - south)
    return PAPERS[name].turned(orientation or ("landscape" if wide else "portrait"))


def figure_of(content: MapContent, paper: Paper) -> Figure:
    """One page as a matplotlib figure of the paper's size."""
    with mpl.rc_context(SETTINGS):
        return draw(content, paper).figure


def page_of(content: MapContent, paper: Paper, ending: str, dpi: int = DPI) -> bytes:
    """One page as the content of a file.

    Parameters
    ----------
    ending
        One of :data:`ENDINGS`.
    dpi
        Dots an inch of a PNG, and of the cells of a surface in a PDF or SVG.
    """
    made = BytesIO()
    with mpl.rc_context(SETTINGS):
        figure = draw(content, paper).figure
        if ending == ".pdf":
            with pdf_pages(made, titled(content)) as pages:
                pages.savefig(figure, dpi=dpi)  # type: ignore[no-untyped-call]
        else:
            about = {"Title": titled(content)}
            metadata = about if ending == ".png" else about | {"Creator": "deimap"}
            figure.savefig(made, format=ending[1:], dpi=dpi, metadata=metadata)
    drawn = made.getvalue()
    return _with_fonts(drawn) if ending == ".svg" else drawn


def titled(content: MapContent) -> str:
    """What a page is called in one line."""
    return f"{content.title}, {content.subtitle}".replace("\n", " · ")


def _with_fonts(svg: bytes) -> bytes:
    """An SVG that brings its fonts: no other machine has the family of the house."""
    faces = "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{base64.b64encode(_font(name)).decode()})}}"
        for name, weight in WEIGHTS.items()
    )
    return svg.replace(b"<defs>", f"<defs><style>{faces}</style>".encode(), 1)


def _font(name: str) -> bytes:
    return (STATIC / f"{FAMILY.replace(' ', '')}-{name}.ttf").read_bytes()
