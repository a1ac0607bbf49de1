"""Areas: cells against geodesics of PROJ, tallies against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import BoundingBox
from pyproj import Geod, Transformer

from gis.errors import GridMismatch, WrongCrs
from gis.grid import CRS, NO_DATA, OUTSIDE, cell_area_m2, row_areas_m2
from gis.land_degradation.areas import area_by_class

WGS84 = Geod(ellps="WGS84")


def geodesic_m2(south: float, north: float, width: float) -> float:
    """Area of a cell by PROJ, its parallels cut into short geodesics."""
    steps = np.linspace(0, width, 201)
    longitude = np.concatenate([steps, steps[::-1]])
    latitude = np.concatenate([np.full(201, south), np.full(201, north)])
    return abs(WGS84.polygon_area_perimeter(longitude, latitude)[0])


@pytest.mark.parametrize("latitude", [-60.0, -14.7, 0.0, 9.9, 10.5, 12.25, 14.7, 45.0, 80.0])
@pytest.mark.parametrize("size", [0.0025, 0.05, 1.0])
def test_a_cell_is_as_large_as_on_the_ellipsoid(latitude: float, size: float) -> None:
    south, north = latitude - size / 2, latitude + size / 2
    found = float(cell_area_m2(south, north, size))
    assert found == pytest.approx(geodesic_m2(south, north, size), rel=2e-7)


def test_the_cell_of_the_reference() -> None:
    # A cell of 0.0025 degrees at 14.7 N: 0.074478 square kilometres.
    found = float(cell_area_m2(14.7 - 0.00125, 14.7 + 0.00125, 0.0025))
    assert round(found / 1e6, 6) == 0.074478


def test_the_whole_ellipsoid() -> None:
    # 510,065,621.7 km2, Snyder (1987) and PROJ.
    assert float(cell_area_m2(-90, 90, 360)) / 1e6 == pytest.approx(510_065_621.7, rel=1e-8)


@settings(deadline=None)
@given(st.floats(-89, 88), st.floats(1e-4, 1.0), st.floats(1e-4, 1.0), st.floats(0.001, 10.0))
def test_areas_add_up(south: float, one: float, other: float, width: float) -> None:
    middle, north = south + one, south + one + other
    parts = cell_area_m2(south, middle, width) + cell_area_m2(middle, north, width)
    assert float(parts) == pytest.approx(float(cell_area_m2(south, north, width)), rel=1e-7)
    assert float(cell_area_m2(-north, -south, width)) == pytest.approx(
        float(cell_area_m2(south, north, width)), rel=1e-7
    )


def grid(crs: str, cell: float, rows: int = 4, left: float = 103.0, top: float = 14.0) -> GeoBox:
    box = BoundingBox(left, top - rows * cell, left + 3 * cell, top, crs)
    return GeoBox.from_bbox(box, resolution=cell, tight=True)


def test_rows_of_a_grid_in_degrees() -> None:
    found = row_areas_m2(grid("EPSG:4326", 0.25))
    wanted = [geodesic_m2(14 - 0.25 * (row + 1), 14 - 0.25 * row, 0.25) for row in range(4)]
    np.testing.assert_allclose(found, wanted, rtol=2e-7)
    assert (np.diff(found) > 0).all()


def test_rows_of_a_grid_upside_down() -> None:
    upright = grid("EPSG:4326", 0.25)
    found = row_areas_m2(upright.flipy())
    np.testing.assert_array_equal(found, row_areas_m2(upright)[::-1])


@pytest.mark.parametrize("crs", [CRS, "EPSG:6933", "EPSG:3148"])
def test_rows_of_a_grid_in_metres(crs: str) -> None:
    # UTM 48N, an equal-area one, and the UTM of the older national maps.
    found = row_areas_m2(grid(crs, 250.0, left=400_000.0, top=1_450_000.0))
    assert found.tolist() == [62_500.0] * 4


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(102.335, 13.55), (105.0, 12.0), (107.63, 14.0)]
)
def test_utm_is_off_by_little(longitude: float, latitude: float) -> None:
    # A cell of 250 m at the western tip of Cambodia, in its middle and at its eastern tip.
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(longitude, latitude)
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    corners = to_degrees.transform([x, x + 250, x + 250, x], [y, y, y + 250, y + 250])
    true = abs(WGS84.polygon_area_perimeter(*corners)[0])
    assert abs(62_500 / true - 1) <= 0.0013


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:3395"])
def test_projections_that_distort_areas_are_refused(crs: str) -> None:
    with pytest.raises(WrongCrs):
        row_areas_m2(grid(crs, 250.0, left=11_500_000.0, top=1_450_000.0))


def codes_of(values: NDArray[np.int16], areas: NDArray[np.float64]) -> dict[int, float]:
    """The same in plain numpy."""
    cells = np.broadcast_to(areas[:, None], values.shape)
    return {int(code): float(cells[values == code].sum()) for code in np.unique(values)}


@settings(deadline=None)
@given(rows=st.integers(1, 9), columns=st.integers(1, 9), seed=st.integers(0, 2**32 - 1))
def test_tallies_equal_plain_numpy(rows: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    choices = np.array([-1, 0, 1, NO_DATA, OUTSIDE, 32767], dtype=np.int16)
    first = random.choice(choices, (rows, columns))
    areas = random.uniform(60_000, 62_500, rows)
    total = columns * areas.sum()

    codes, m2 = area_by_class(first, areas)
    assert dict(zip(codes.tolist(), m2, strict=True)) == pytest.approx(codes_of(first, areas))
    assert codes.tolist() == sorted(codes.tolist())
    assert m2.sum() == pytest.approx(total)


def test_shares_add_to_one() -> None:
    random = np.random.default_rng(4)
    codes = random.choice(np.int16([-1, 0, 1, NO_DATA]), (300, 400))
    areas = row_areas_m2(grid("EPSG:4326", 0.0025, rows=300))
    _, m2 = area_by_class(codes, areas)
    assert (m2 / m2.sum()).sum() == pytest.approx(1, abs=1e-12)
    assert m2.sum() == pytest.approx(areas.sum() * 400, rel=1e-12)


def test_cells_of_one_size_are_counted_exactly() -> None:
    codes = np.ones((1000, 1000), dtype=np.int16)
    assert area_by_class(codes, np.full(1000, 62_500.0))[1].tolist() == [62_500.0 * 1e6]


def test_one_cell_and_none() -> None:
    assert area_by_class(np.int16([[NO_DATA]]), [5.0]) == (np.int16([NO_DATA]), [5.0])
    codes, m2 = area_by_class(np.empty((0, 3), dtype=np.int16), np.empty(0))
    assert codes.size == m2.size == 0


def test_what_does_not_fit_is_refused() -> None:
    codes = np.zeros((2, 3), dtype=np.int16)
    with pytest.raises(GridMismatch):
        area_by_class(codes, [1.0])
    with pytest.raises(GridMismatch):
        area_by_class(codes[0], [1.0, 1.0, 1.0])
