"""The page of a result with its coordinates, read from the PDF as ISO 32000-2 has them."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from pyproj import Transformer

from gis.analysis import Result
from layers.run import run
from layers.workspace import Workspace
from reports.exchange.geopdf import CHAT, DPI, page_with_place, picture, transform_of
from reports.figure.compose import Atlas, compose
from reports.figure.content import MapContent
from reports.figure.draw import draw
from reports.figure.file import SETTINGS, paper_for
from reports.figure.furniture import draw_scale
from reports.figure.page import Page
from reports.figure.paper import PAPERS, Box
from reports.figure.scale import MapFrame

POINTS_AN_INCH, INCH_MM = 72.0, 25.4


@pytest.fixture(scope="module")
def result(land_workspace: Workspace) -> Result:
    return run("suitability", "0207", resolution=1000, workspace=land_workspace)


@pytest.fixture(scope="module")
def content(result: Result, land_workspace: Workspace) -> MapContent:
    return compose(Atlas.of(land_workspace), ("0207",), "km", result=result)


def numbers(document: bytes, name: str) -> list[float]:
    found = re.search(rf"/{name} \[([^\]]*)\]".encode(), document)
    assert found is not None, name
    return [float(part) for part in found[1].split()]


def test_frame_of_the_map_has_its_coordinates(content: MapContent) -> None:
    """Corners against pyproj; the viewport is the frame on the page, to half a pixel."""
    paper = paper_for(content, "A4")
    document = page_with_place(content, paper)
    frame = draw(content, paper).frame
    west, south, east, north = frame.extent
    to_degrees = Transformer.from_crs(32648, 4326, always_xy=True)
    corners = [(west, north), (west, south), (east, south), (east, north)]
    expected = [part for corner in corners for part in to_degrees.transform(*corner)[::-1]]
    # a hundred-thousandth of a degree is a metre
    assert numbers(document, "GPTS") == pytest.approx(expected, abs=1e-5)
    assert b"/EPSG 32648" in document
    box, point = frame.box, INCH_MM / POINTS_AN_INCH
    edges = (box.x, box.y, box.right, box.top)
    assert [edge * point for edge in numbers(document, "BBox")] == pytest.approx(edges, abs=0.2)
    sides = numbers(document, "MediaBox")[2:]
    assert [side * point for side in sides] == pytest.approx((paper.width, paper.height), abs=0.2)


def test_a_pixel_is_where_the_frame_has_it(content: MapContent) -> None:
    paper = paper_for(content, "A4")
    drawn = draw(content, paper)
    west, south, _, _ = drawn.frame.extent
    column, row = ~transform_of(drawn, paper) @ (west, south)
    pixel = INCH_MM / DPI
    assert column * pixel == pytest.approx(drawn.frame.box.x, abs=1e-6)
    assert paper.height - row * pixel == pytest.approx(drawn.frame.box.y, abs=1e-6)


def test_picture_suits_a_chat(
    result: Result, land_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(Path(land_workspace.root)))
    drawn = picture(result, "km")
    assert drawn.startswith(b"\x89PNG")
    width, height = (int.from_bytes(drawn[at : at + 4]) for at in (16, 20))
    assert width / height == pytest.approx(9 / 16, abs=0.005)
    # as wide as the screen of a phone, and half as wide as the page whose letters it has
    assert width == pytest.approx(1080, rel=0.05)
    assert PAPERS["A4"].height / 2 == pytest.approx(CHAT.width, rel=0.01)
    assert len(drawn) < 1_500_000


@pytest.mark.parametrize(
    "denominator", [100e3, 250e3, 400e3, 500e3, 600e3, 1e6, 1.5e6, 2.5e6, 3e6, 4e6]
)
def test_numbers_of_a_scale_bar_keep_apart_on_a_narrow_page(denominator: float) -> None:
    """A wide area makes the bar short."""
    with mpl.rc_context(SETTINGS):
        page = Page(CHAT, 1.0)
        frame = MapFrame(Box(10, 120, 128, 100), denominator, (300_000.0, 1_430_000.0))
        draw_scale(page, frame, Box(5, 40, 44, 18))
        renderer = FigureCanvasAgg(page.figure).get_renderer()
        places = [words.get_window_extent(renderer) for words in page.axes.texts]
    assert len(places) >= 3
    for one, other in combinations(places, 2):
        assert not one.overlaps(other)
