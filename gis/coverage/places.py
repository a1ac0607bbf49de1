"""Places: where a commune's hectares lie, gathered into squares that a machine is driven to."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.terrain import cell_centres, cells_at
from gis.travel_time import nearest_passable
from gis.zonal import NO_ZONE, zone_of_cells

NOWHERE = -1
"""Row and column of a place to which no way can lead."""


@dataclass(frozen=True)
class Places:
    """Parts of communes, at most one square wide.

    Attributes
    ----------
    unit
        Position of the commune of each place, ascending.
    share
        Part of its commune's land, and so of its hectares; adds to 1 in each commune.
    place, cells
        For each cell of land its place, and its row and column on the grid, int (cells, 2).
    """

    unit: NDArray[np.intp]
    share: NDArray[np.float64]
    place: NDArray[np.intp]
    cells: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.unit)


def places_of(
    communes: gpd.GeoDataFrame, grid: GeoBox, barrier: NDArray[np.bool_], side_m: float
) -> Places:
    """Gather the land of each commune into squares.

    A commune's hectares are taken to lie evenly over its land: its cells without a barrier; all
    its cells where nothing else is left. One that is smaller than a cell has the cell that holds
    its middle. Every commune has a place, so no hectare is lost.

    Parameters
    ----------
    communes
        Outlines in the grid's CRS.
    barrier
        True where water stands, grid-shaped.
    side_m
        Side of the squares, which lie on whole multiples of it: two areas share them.
    """
    zone = zone_of_cells(communes, grid)
    rows, columns = np.nonzero(zone != NO_ZONE)
    unit = zone[rows, columns].astype(np.intp)
    dry = ~barrier[rows, columns]
    has_land = np.bincount(unit[dry], minlength=len(communes)) > 0
    land = dry | ~has_land[unit]
    rows, columns, unit = rows[land], columns[land], unit[land]
    rows, columns, unit = _with_small_ones(communes, grid, rows, columns, unit)
    eastings, northings = cell_centres(grid)
    across, down = _squares(eastings, side_m), _squares(northings, side_m)
    size = (len(communes), int(down.max(initial=0)) + 1, int(across.max(initial=0)) + 1)
    square = np.ravel_multi_index((unit, down[rows], across[columns]), size)
    first, place = np.unique(square, return_inverse=True)
    of_place = np.bincount(place, minlength=len(first))
    of_unit = np.bincount(unit, minlength=len(communes))
    owner = np.unravel_index(first, size)[0]
    return Places(owner, of_place / of_unit[owner], place, np.column_stack([rows, columns]))


def stops(
    places: Places, passable: NDArray[np.bool_], at_most: float = 0.0
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Cell of each place at which its travel time is read.

    The passable cell nearest to the middle of its land, ties by row then column. Where none of its
    cells can be passed it is the nearest one beside them, if that is near enough.

    Parameters
    ----------
    passable
        Grid-shaped.
    at_most
        Cells from the middle of such a place to one beside it, inclusive.

    Returns
    -------
    cells : int (places, 2)
        Row and column; ``NOWHERE`` where nothing near can be passed.
    moved : bool (places,)
        Places whose cell lies beside them.
    """
    cells = places.cells
    number = np.bincount(places.place, minlength=len(places))
    middle = np.column_stack(
        [
            np.bincount(places.place, cells[:, axis], minlength=len(places)) / number
            for axis in (0, 1)
        ]
    )
    off = ((cells - middle[places.place]) ** 2).sum(axis=1).round(9)
    closed = ~passable[cells[:, 0], cells[:, 1]]
    order = np.lexsort((cells[:, 1], cells[:, 0], off, closed, places.place))
    best = order[np.append(0, np.cumsum(number)[:-1])]
    found = cells[best]
    shut = np.flatnonzero(closed[best])
    moved = np.zeros(len(places), dtype=np.bool_)
    if len(shut) and passable.any():
        beside, far = nearest_passable(np.where(passable, 1.0, np.nan), found[shut])
        moved[shut] = far <= at_most
        found[shut] = beside
    found[closed[best] & ~moved] = NOWHERE
    return found, moved


def _squares(metres: NDArray[np.float64], side_m: float) -> NDArray[np.intp]:
    """Number of the square that holds each coordinate, from 0."""
    found = np.floor(metres / side_m).astype(np.intp)
    from_first: NDArray[np.intp] = found - found.min()
    return from_first


def _with_small_ones(
    communes: gpd.GeoDataFrame,
    grid: GeoBox,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    unit: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Cells of land with one for each commune that holds the centre of none."""
    small = np.flatnonzero(np.bincount(unit, minlength=len(communes)) == 0)
    points = communes.geometry.iloc[small].representative_point()
    at_row, at_column = cells_at(np.column_stack([points.x, points.y]), grid)
    return (
        np.concatenate([rows, at_row]),
        np.concatenate([columns, at_column]),
        np.concatenate([unit, small]),
    )
