"""Light on the land, against the cosine of the angle between light and slope by hand.

And on a page, from real heights where they are at hand.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import AxesImage

from layers.prepare import bring_in, prepare
from layers.workspace import Workspace
from reports.figure.compose import Atlas, compose
from reports.figure.draw import draw
from reports.figure.paper import PAPERS, Paper
from reports.figure.relief import ALTITUDE, EXAGGERATION, hillshade

ROWS, COLUMNS = np.mgrid[0:5, 0:5].astype(np.float32)
RISE = math.tan(math.radians(30.0)) / EXAGGERATION
"""Metres up a metre that are drawn as 30 degrees."""


def test_flat_land_has_the_light_of_the_sun_alone() -> None:
    shade = hillshade(np.full((5, 5), 12.0, dtype=np.float32), 30.0)
    assert shade == pytest.approx(math.sin(math.radians(ALTITUDE)))


def test_a_slope_to_the_light_is_lighter_and_one_away_from_it_darker() -> None:
    """Light from the north-west at 45 degrees on slopes of 30: cos 15 and cos 75."""
    down_to_north_west = (ROWS + COLUMNS) / math.sqrt(2) * RISE * 30.0
    to, away = hillshade(down_to_north_west, 30.0), hillshade(-down_to_north_west, 30.0)
    assert to[2, 2] == pytest.approx(math.cos(math.radians(15)), abs=1e-4)
    assert away[2, 2] == pytest.approx(math.cos(math.radians(75)), abs=1e-4)


def test_unknown_heights_have_no_shade() -> None:
    heights = np.zeros((5, 5), dtype=np.float32)
    heights[2, 2] = np.nan
    assert np.isnan(hillshade(heights, 30.0)[1, 2])


META = """
id = "heights"
variable = "elevation"
unit = "m"
source = "USGS relief"
licence = "public domain"
edition = "15 arc-seconds"
year = 2000
title = { en = "Elevation", km = "កម្ពស់" }
"""


@pytest.fixture(scope="module")
def high(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """A workspace with heights of about 455 m."""
    folder = tmp_path_factory.mktemp("high")
    workspace = prepare(Workspace(folder / "workspace"))
    (folder / "heights.toml").write_text(META, encoding="utf-8")
    heights = shared_data / "terrain" / "dem_m_15s.tif"
    bring_in(heights, "layer", workspace, meta=folder / "heights.toml")
    return Atlas.of(workspace)


@pytest.mark.parametrize("turned", ["portrait", "landscape"])
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_relief_lies_under_all_of_the_frame(high: Atlas, paper: Paper, turned: str) -> None:
    """Samlout, where it is steepest: seen on the page, to every edge of the map."""
    content = compose(high, ["0209"], "en")
    assert content.relief is not None
    drawn = draw(content, paper.turned(turned))  # type: ignore[arg-type]
    west, south, east, north = drawn.frame.extent
    box = content.relief.grid.boundingbox
    assert box.left <= west
    assert box.bottom <= south
    assert box.right >= east
    assert box.top >= north
    pictures = [one for axes in drawn.figure.axes for one in axes.get_children()]
    (shade,) = [one.get_array() for one in pictures if isinstance(one, AxesImage)]
    depth = np.asarray(shade)[..., 3]
    assert depth.max() > 60
    assert np.median(depth) < 25  # flat land keeps its colours


def test_heights_are_a_source_of_the_page(high: Atlas) -> None:
    assert "USGS relief" in compose(high, ["0209"], "en").sources[0]


def test_without_heights_in_cells_there_is_no_relief(prepared_workspace: Workspace) -> None:
    """Commune figures of elevation are flat inside a commune."""
    known = Atlas.of(prepared_workspace)
    assert known.known.for_variable("elevation")
    assert compose(known, ["0209"], "en").relief is None
