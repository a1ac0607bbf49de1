"""The printed page of a result for a phone: a GeoPDF with its place, a picture for a chat."""

from __future__ import annotations

import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
import rasterio.shutil
import shapely
from affine import Affine
from matplotlib.backends.backend_agg import FigureCanvasAgg
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from gis.analysis import Result
from gis.grid import CRS
from layers.folder import writing
from layers.workspace import Workspace
from locales import Language
from reports.figure.compose import Atlas, compose
from reports.figure.content import MapContent
from reports.figure.draw import Drawn, draw
from reports.figure.file import SETTINGS, page_of, paper_for
from reports.figure.paper import Paper

DPI = 200
"""Of the page, which is a picture here: GDAL takes no vectors with a place."""
CHAT = Paper("A4", 148.0, 263.0, 5.0)
"""A phone held upright (9 : 16). Type and signs are as large as on A4, which is twice as wide."""
CHAT_DPI = 180
_INCH_MM = 25.4


def geopdf(result: Result, language: Language) -> bytes:
    """The map of a result over its areas, as ``deimap map`` draws it, with its coordinates.

    Raises
    ------
    BadParameter
        When the result has nothing to draw.
    OutputUnwritable
        When there is no room to write it.
    """
    content = _content(result, language)
    return page_with_place(content, paper_for(content, "A4"))


def picture(result: Result, language: Language) -> bytes:
    """The same map as a PNG for a phone chat, upright: 1,048 by 1,864 pixels.

    Raises
    ------
    BadParameter
        When the result has nothing to draw.
    """
    return page_of(_content(result, language), CHAT, ".png", CHAT_DPI)


def _content(result: Result, language: Language) -> MapContent:
    atlas = Atlas.of(Workspace.default())
    return compose(atlas, result.provenance.areas, language, result=result)


def page_with_place(content: MapContent, paper: Paper) -> bytes:
    """One page as a PDF whose map frame has the coordinates of the grid (EPSG:32648)."""
    with mpl.rc_context(SETTINGS):
        drawn = draw(content, paper)
        pixels = _pixels(drawn)
    _, height, width = pixels.shape
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "height": height, "width": width}
    with tempfile.TemporaryDirectory(prefix="deimap-") as place, MemoryFile() as memory:
        with memory.open(**profile, crs=CRS, transform=transform_of(drawn, paper)) as target:
            target.write(pixels)
        with writing(Path(place)), memory.open() as source:
            rasterio.shutil.copy(
                source,
                Path(place) / "printed.pdf",
                driver="PDF",
                DPI=DPI,
                NEATLINE=shapely.box(*drawn.frame.extent).wkt,
                COMPRESS="DEFLATE",
                PREDICTOR=2,
                TITLE=f"{content.title}, {content.subtitle}",
                CREATOR="deimap",
            )
        return (Path(place) / "printed.pdf").read_bytes()


def transform_of(drawn: Drawn, paper: Paper) -> Affine:
    """Pixels of the page -> metres of the grid: the map goes on beyond its frame."""
    west, south, _, _ = drawn.frame.extent
    box, per_mm = drawn.frame.box, drawn.frame.metres_per_mm
    per_pixel = per_mm * _INCH_MM / DPI
    left, top = west - box.x * per_mm, south + (paper.height - box.y) * per_mm
    return Affine(per_pixel, 0.0, left, 0.0, -per_pixel, top)


def _pixels(drawn: Drawn) -> NDArray[np.uint8]:
    """Red, green and blue of the page, shape (3, rows, columns)."""
    drawn.figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(drawn.figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    cells: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(cells.transpose(2, 0, 1))
