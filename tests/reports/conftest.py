"""Opens a workbook as a spreadsheet does: its XML is read, not the library that wrote it.

And a small result that the other formats are made of, and what pages are made of.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Note, Outcome, Provenance, Result
from gis.classes import CLASSES
from gis.grid import NO_DATA, OUTSIDE, raster
from layers.run import run
from layers.workspace import Workspace
from reports.figure.compose import Atlas

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


class Read:
    """Sheets of a workbook: name -> rows of cells, as texts and floats."""

    def __init__(self, content: bytes) -> None:
        self.package = zipfile.ZipFile(BytesIO(content))
        assert self.package.testzip() is None
        book = self.xml("xl/workbook.xml")
        self.names = [str(item.get("name")) for item in book.findall("m:sheets/m:sheet", SPACE)]
        strings = self.xml("xl/sharedStrings.xml").findall("m:si", SPACE)
        self.strings = ["".join(item.itertext()) for item in strings]

    def xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.package.read(name))  # noqa: S314

    def sheet(self, name: str) -> ElementTree.Element:
        return self.xml(f"xl/worksheets/sheet{self.names.index(name) + 1}.xml")

    def rows(self, name: str) -> list[list[str | float]]:
        return [
            [self.value(cell) for cell in row]
            for row in self.sheet(name).iter(f"{{{SPACE['m']}}}row")
        ]

    def value(self, cell: ElementTree.Element) -> str | float:
        held = cell.findtext("m:v", "", SPACE)
        if cell.get("t") == "s":
            return self.strings[int(held)]
        return float(held)


@pytest.fixture(scope="module")
def atlas(prepared_workspace: Workspace) -> Atlas:
    return Atlas.of(prepared_workspace)


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    """Sites of a district; what another file makes under this name is its own."""
    return run("sites", "0207", {"samples": 0}, resolution=1000, workspace=prepared_workspace)


@pytest.fixture
def opened() -> Callable[[bytes], Read]:
    """Content of a file -> its sheets."""
    return Read


@pytest.fixture
def mapped() -> Result:
    """A small result with polygons, points, classes and tables; example data, all made up here.

    Commune 020701 scores 0.8 (S1 begins there), 020702 is borderline with 0.5 (S3), of 020703
    nothing is known, and the figures of 020704 are too weak to rank.
    """
    grid = GeoBox.from_bbox((300000, 1400000, 304000, 1402000), "EPSG:32648", resolution=1000)
    codes = ["020701", "020702", "020703", "020704"]
    communes = pd.DataFrame(
        {
            "name_en": ["Andaeuk Haeb", "Sdau", "=1+1", "<img src=x onerror=alert(1)>"],
            "name_km": ["អណ្ដើកហែប", "ស្ដៅ", "", "ត្រែង ${a} `b`"],
            "group": ["firm", "borderline", "firm", "too-weak"],
            "suitability": [0.8, 0.5, np.nan, 0.9],
            "hectares": [1234.5, 9.5, 0.0, np.nan],
            "reason_en": ["as measured", "", "", ""],
            "reason_km": ["តាមការវាស់", "", "", ""],
        },
        index=pd.Index(codes, name="code"),
    )
    squares = shapely.box(
        [300000, 301000, 302000, 303000], 1400000, [301000, 302000, 303000, 304000], 1402000
    )
    outlined = gpd.GeoDataFrame(communes, geometry=squares, crs="EPSG:32648")
    sites = gpd.GeoDataFrame(
        {"code": ["020701", "020702"], "name_en": ["Andaeuk Haeb", "Sdau"]}
        | {"name_km": ["អណ្ដើកហែប", "ស្ដៅ"], "rank": [1, 2], "hectares": [410.0, 9.5]},
        geometry=gpd.points_from_xy([300500, 301500], [1401000, 1401000]),
        crs="EPSG:32648",
    )
    bases = gpd.GeoDataFrame(
        {"code": ["1", "2"], "kind": ["no-till-planter", None], "machines": [2, 0]},
        geometry=gpd.points_from_xy([300200, 303000], [1400500, 1400500]),
        crs="EPSG:32648",
    )
    cells = np.array([[1, 3, NO_DATA, 6], [1, 3, 5, OUTSIDE]], dtype=np.int16)
    classes = {code: f"criteria.class_{name.lower()}" for code, name in enumerate(CLASSES, 1)}
    outcome = Outcome(
        {"suitability_class": raster(cells, grid, "suitability_class", "class", classes=classes)},
        {
            "communes": communes,
            "trade_off": pd.DataFrame({"sites": [1, 2], "hectares": [5.0, 6.0]}),
        },
        {"communes": outlined.reset_index(), "sites": sites, "bases": bases},
        {},
        (Note("sources.grid_finer", (("cell", 90.0), ("finest", 455))),),
    )
    use = LayerUse(
        *("land_cover", "land_cover", (("en", "Land cover"), ("km", "គម្របដី"))),
        *("a source", "CC BY 4.0", "2026-1", 2023, "ab" * 32, True, 250.0),
    )
    cutoffs = {"s1": 0.8, "s2": 0.6, "s3": 0.4, "n1": 0.2}
    provenance = Provenance(
        *("sites", ("0207",), {"track": "upland", "cutoffs": cutoffs}, (use,)),
        *("deimap 0", "2026-11-22T05:28:05+00:00", "EPSG:32648", 1000.0, True),
    )
    return Result(outcome, provenance, grid)
