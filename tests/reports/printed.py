"""What stands on pages: of a PDF by its bytes, of a map by matplotlib itself."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg

from reports.figure.draw import Drawn
from reports.figure.file import SETTINGS
from reports.figure.paper import Box


def pages(pdf: bytes) -> int:
    """As the page tree tells; it may stand in a compressed stream."""
    objects = pdf + b"".join(streams(pdf))
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", objects))


def streams(pdf: bytes) -> Iterator[bytes]:
    """Contents of the compressed streams of a PDF."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def texts_on(drawn: Drawn) -> Iterator[tuple[str, Box]]:
    """Every text of a page with its box in millimetres, as matplotlib draws it."""
    drawn.figure.set_dpi(100)
    renderer = FigureCanvasAgg(drawn.figure).get_renderer()
    inverse = drawn.figure.axes[0].transData.inverted()
    for found in drawn.figure.axes[0].texts:
        with mpl.rc_context(SETTINGS):
            (x, y), (right, top) = inverse.transform(found.get_window_extent(renderer))
        yield found.get_text(), Box(x, y, right - x, top - y)
