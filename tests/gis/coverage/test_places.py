"""Places: every hectare of a commune lies somewhere, and is reached where a machine can stand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from gis.coverage.places import NOWHERE, places_of, stops
from gis.grid import CRS


def communes_of(sketch: SimpleNamespace, *boxes: tuple[float, float, float, float]) -> Any:
    """Communes by their corners in kilometres east and south."""
    outlines = []
    for west, north, east, south in boxes:
        corners = (sketch.place(west, south), sketch.place(east, north))
        outlines.append(box(corners[0].x, corners[0].y, corners[1].x, corners[1].y))
    return gpd.GeoDataFrame(geometry=outlines, crs=CRS)


def test_squares_part_a_commune_by_its_cells(sketch: SimpleNamespace) -> None:
    """3 x 2 cells of 1 km on squares of 2 km whose seams lie on even kilometres: 4 and 2 cells."""
    grid = sketch.grid_of(2, 6)
    found = places_of(communes_of(sketch, (0, 0, 3, 2)), grid, np.zeros((2, 6), bool), 2000)
    assert found.unit.tolist() == [0, 0]
    assert found.share.tolist() == [4 / 6, 2 / 6]


@pytest.mark.parametrize("side", [90.0, 1000.0, 2500.0, 10_000.0])
def test_shares_of_each_commune_add_to_one(sketch: SimpleNamespace, side: float) -> None:
    grid = sketch.grid_of(6, 9)
    barrier = np.random.default_rng(3).random((6, 9)) < 0.4
    communes = communes_of(sketch, (0, 0, 4, 6), (4, 0, 9, 3), (4, 3, 9, 6))
    found = places_of(communes, grid, barrier, side)
    assert np.bincount(found.unit, found.share) == pytest.approx([1, 1, 1])
    assert not barrier[found.cells[:, 0], found.cells[:, 1]].any()


def test_a_commune_under_water_keeps_its_hectares(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(2, 4)
    barrier = np.zeros((2, 4), dtype=bool)
    barrier[:, :2] = True
    communes = communes_of(sketch, (0, 0, 2, 2), (2, 0, 4, 2))
    found = places_of(communes, grid, barrier, 10_000)
    assert found.unit.tolist() == [0, 1]
    assert stops(found, ~barrier)[0].tolist() == [[NOWHERE, NOWHERE], [0, 2]]


@pytest.mark.parametrize(
    ("at_most", "first"), [(0.9, [NOWHERE, NOWHERE]), (1.0, [0, 2]), (5.0, [0, 2])]
)
def test_a_place_that_cannot_be_passed_is_read_beside_it(
    sketch: SimpleNamespace, at_most: float, first: list[int]
) -> None:
    """Its only cell is closed; the one to the right is open, one cell away."""
    grid = sketch.grid_of(1, 4)
    passable = np.array([[False, False, True, True]])
    communes = communes_of(sketch, (1, 0, 2, 1), (2, 0, 4, 1))
    found = places_of(communes, grid, np.zeros((1, 4), bool), 10_000)
    cells, moved = stops(found, passable, at_most)
    assert cells.tolist() == [first, [0, 2]]
    assert moved.tolist() == [first != [NOWHERE, NOWHERE], False]


def test_nothing_can_be_passed(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(1, 2)
    found = places_of(communes_of(sketch, (0, 0, 2, 1)), grid, np.zeros((1, 2), bool), 10_000)
    cells, moved = stops(found, np.zeros((1, 2), bool), 5.0)
    assert cells.tolist() == [[NOWHERE, NOWHERE]]
    assert not moved.any()


def test_a_commune_smaller_than_a_cell_has_the_cell_of_its_middle(sketch: SimpleNamespace) -> None:
    grid = sketch.grid_of(2, 4)
    communes = communes_of(sketch, (0, 0, 2, 2), (3.1, 1.1, 3.3, 1.3))
    found = places_of(communes, grid, np.zeros((2, 4), bool), 10_000)
    assert found.share.tolist() == [1, 1]
    assert found.cells[found.place == 1].tolist() == [[1, 3]]


def test_a_place_stands_at_the_passable_cell_nearest_to_its_middle(sketch: SimpleNamespace) -> None:
    """Of nine cells the middle is closed: the one above is first by row among the equally near."""
    grid = sketch.grid_of(3, 3)
    nothing = np.zeros((3, 3), dtype=bool)
    found = places_of(communes_of(sketch, (0, 0, 3, 3)), grid, nothing, 10_000)
    passable = ~nothing
    assert stops(found, passable)[0].tolist() == [[1, 1]]
    passable[1, 1] = False
    assert stops(found, passable)[0].tolist() == [[0, 1]]
