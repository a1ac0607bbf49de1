"""The grid with a margin: whole cells more, the same cells where both lie."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from gis.errors import GridTooLarge
from gis.grid import CRS, analysis_grid, padded


def grid(rows: int, columns: int, cell: float) -> GeoBox:
    return GeoBox((rows, columns), Affine(cell, 0, 300_000, 0, -cell, 1_420_000), CRS)


@pytest.mark.parametrize(
    ("margin", "shape", "corner"),
    [
        (0, (2, 3), (300_000, 1_420_000)),
        (1, (4, 5), (299_900, 1_420_100)),
        (100, (4, 5), (299_900, 1_420_100)),
        (100.5, (6, 7), (299_800, 1_420_200)),
        (30_000, (602, 603), (270_000, 1_450_000)),
    ],
)
def test_a_margin_is_whole_cells(
    margin: float, shape: tuple[int, int], corner: tuple[float, float]
) -> None:
    """By hand on two rows and three columns of 100 m."""
    wide = padded(grid(2, 3, 100), margin)
    assert wide.shape.yx == shape
    assert (wide.transform.c, wide.transform.f) == corner
    assert wide.crs == grid(2, 3, 100).crs


@given(
    margin=st.integers(0, 40_000),
    cell=st.sampled_from([90.0, 250.0, 1000.0]),
    rows=st.integers(1, 9),
)
def test_its_cells_are_those_of_the_grid(margin: int, cell: float, rows: int) -> None:
    inner = grid(rows, 4, cell)
    wide = padded(inner, margin)
    more = (wide.shape.y - rows) // 2
    assert (more - 1) * cell < margin <= more * cell
    assert wide[more : more + rows, more : more + 4] == inner


def test_a_margin_that_no_computer_holds_is_refused() -> None:
    """A commune at 2 m is possible, 30 km around it are not."""
    area = gpd.GeoDataFrame(geometry=[shapely.box(3e5, 14e5, 306_000, 1_406_000)], crs=CRS)
    fine = analysis_grid(area, 2)
    with pytest.raises(GridTooLarge) as error:
        padded(fine, 30_000)
    coarser = float(error.value.values["coarser"])
    assert padded(analysis_grid(area, coarser), 30_000).shape.y > 0
