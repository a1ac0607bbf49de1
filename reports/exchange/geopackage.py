"""A result as one GeoPackage: features with their styles, tables, and what the result is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import tostring

import pandas as pd

from gis.analysis import Result
from layers.folder import writing
from layers.geopackage import Style, write_styles, write_tables
from layers.write import VECTORS, write_vectors
from locales import Language
from reports.about import about
from reports.exchange.looks import look_of
from reports.exchange.qml import feature_style
from reports.exchange.unranked import with_unranked
from reports.headings import sheet_title
from reports.stamps import stamp_of
from reports.workbook import tables_of

ABOUT = "about"
"""Table that says what the result is, what it rests on and what is missing from it."""
FILLED, OUTLINES = "deimap", "deimap outlines"
"""Names of the two styles of a layer; the first is drawn when it is opened."""
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def geopackage(result: Result, language: Language) -> bytes:
    """A result that may leave the house as the content of a ``.gpkg``.

    Raises
    ------
    OutputUnwritable
        When there is no room to write it.
    """
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        whole = with_unranked(result)
        return write_geopackage(whole, Path(place), language).read_bytes()


def write_geopackage(result: Result, directory: Path, language: Language) -> Path:
    """Write it into a folder anew; the tables of features stand with their shapes only.

    Raises
    ------
    OutputUnwritable
        When there is no room to write it.
    """
    path = directory / VECTORS
    tables = {
        name: table.assign(example=result.provenance.example)
        for name, table in tables_of(result).items()
        if name not in result.outcome.features and not table.empty
    }
    with writing(directory):
        path.unlink(missing_ok=True)
        list(write_vectors(result, directory))
        write_tables({ABOUT: about_table(result, language), **tables}, path)
        write_styles(styles(result, language), path, result.provenance.created)
    return path


def about_table(result: Result, language: Language) -> pd.DataFrame:
    """The first sheet of a workbook as a table of two columns."""
    titles = [sheet_title(name, language) for name in tables_of(result)]
    lines = [line.cells for line in about(result, titles, language) if line.cells]
    if stamp := stamp_of(result, language):
        lines.insert(0, (stamp,))
    rows = [(cells[0], " · ".join(cell for cell in cells[1:] if cell)) for cells in lines]
    return pd.DataFrame(rows, columns=["what", "value"])


def styles(result: Result, language: Language) -> Iterator[Style]:
    """A style a layer; polygons that are coloured also as outlines, to lie over a raster."""
    for name, frame in result.outcome.features.items():
        look = look_of(name, frame, result.provenance)
        for called, filled in ((FILLED, True), (OUTLINES, False)):
            if filled or look.scale is not None:
                root = feature_style(look, frame, name, language, filled)
                written = DOCTYPE + tostring(root, encoding="unicode")
                yield Style(name, called, written, default=filled)
