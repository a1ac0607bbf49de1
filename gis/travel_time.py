"""Least minutes of travel from machinery bases over a raster of friction, and the nearest base.

Edges join the middles of cells. A straight or diagonal move costs the mean friction of its two
ends times its length; a knight's move the mean of the four cells that it touches, and it is
refused where one of them is impassable. A diagonal between two impassable cells is allowed, as
in GRASS r.cost: who draws barriers draws them so that cells join by their sides.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
from numba import get_num_threads
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch, NothingPassable
from gis.travel_field import Cells, Field, Minutes, pairs_of
from gis.travel_kernel import PADDING, off_road

Sources: TypeAlias = NDArray[np.int32]

_SOME_ROOM = np.empty(1, dtype=np.int32)
_MOST_THREADS = 3
"""Each takes 16 bytes a cell, 24 where friction is float64."""


def travel_time(
    friction: NDArray[Any],
    sources: ArrayLike,
    cell_size: float,
    neighbours: int = 8,
    limit: float | None = None,
) -> tuple[Minutes, Sources]:
    """Least minutes from the nearest source to each cell, and that source.

    Parameters
    ----------
    friction
        (rows, columns), minutes per metre, float32 or float64; NaN impassable.
    sources
        (n, 2), row and column; none at all reaches nothing.
    cell_size
        Side of a cell in metres.
    neighbours
        8, or 16 with knight's moves.
    limit
        Minutes, inclusive as the float32 that the result holds; nothing above is left.

    Returns
    -------
    minutes : array of float32
        NaN where no way leads.
    source : array of int32
        Place in ``sources``, the lowest of those equally near; -1 where no way leads.

    Raises
    ------
    BadFriction
        When a value is 0, negative or infinite.
    PlaceOutside, PlaceImpassable
        When a source is not on a passable cell; :func:`nearest_passable` moves it to one.
    BadParameter
        When another argument is outside what it may be.

    Notes
    -----
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.

    Examples
    --------
    >>> minutes, source = travel_time(np.full((1, 4), 0.01), [(0, 0)], 100.0, limit=2)
    >>> minutes
    array([[ 0.,  1.,  2., nan]], dtype=float32)
    >>> source
    array([[ 0,  0,  0, -1]], dtype=int32)
    """
    field = Field.of(friction, cell_size, neighbours)
    cells = field.cells(limit)
    field.spread(cells, field.places(sources, "sources"))
    return field.minutes(cells), field.inner(cells["source"]).copy()


def travel_times_between(
    friction: NDArray[Any],
    origins: ArrayLike,
    destinations: ArrayLike,
    cell_size: float,
    limit: float | None,
    neighbours: int = 8,
) -> Minutes:
    """Least minutes from each origin to each destination.

    The work grows with the cells that lie within the limit of each origin, not with the raster.

    Parameters
    ----------
    friction, cell_size, limit, neighbours
        As in :func:`travel_time`.
    origins, destinations
        (n, 2), row and column. No way leads to an impassable destination.

    Returns
    -------
    minutes : array of float32, (origins, destinations)
        NaN where no way leads, or none within the limit.

    Raises
    ------
    BadFriction, BadParameter, PlaceOutside, PlaceImpassable
        As in :func:`travel_time`.

    Examples
    --------
    >>> ways = np.full((1, 4), 0.01)
    >>> travel_times_between(ways, [(0, 0), (0, 3)], [(0, 1), (0, 3)], 100.0, 2.5)
    array([[ 1., nan],
           [ 2.,  0.]], dtype=float32)
    """
    field = Field.of(friction, cell_size, neighbours)
    starts = field.places(origins, "origins")
    ends = field.places(destinations, "destinations", passable=False)
    found = np.empty((starts.size, ends.size), dtype=np.float32)
    threads = max(1, min(_MOST_THREADS, get_num_threads(), starts.size))

    def every(first: int) -> None:
        minutes = (cells := field.cells(limit))["minutes"]
        beyond = minutes[0]
        for row in range(first, starts.size, threads):
            met = field.spread(cells, starts[row : row + 1], met=_SOME_ROOM)
            reached = minutes[ends]
            found[row] = np.where(reached < beyond, reached, np.nan)
            minutes[met] = beyond

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(every, range(threads)))
    return found


def off_road_share(
    friction: NDArray[Any],
    sources: ArrayLike,
    cell_size: float,
    on_road: NDArray[np.bool_],
    neighbours: int = 8,
    limit: float | None = None,
) -> tuple[Minutes, Sources, NDArray[np.float32]]:
    """:func:`travel_time`, and the share of each way's length that lies off known roads.

    A move belongs in equal parts to the cells that it touches: the two ends, or the four of a
    knight's move.

    Parameters
    ----------
    on_road
        (rows, columns), True where a known road is.

    Returns
    -------
    minutes, source
        The same as from :func:`travel_time`, bit for bit.
    share : array of float32
        0 all on roads, 1 all off; at a source itself 0 on a road and else 1; NaN where no way
        leads.

    Raises
    ------
    GridMismatch
        When ``on_road`` has another shape.
    BadFriction, BadParameter, PlaceOutside, PlaceImpassable
        As in :func:`travel_time`.

    Examples
    --------
    >>> road = np.array([[True, True, False]])
    >>> off_road_share(np.full((1, 3), 0.01), [(0, 0)], 100.0, road)[2]
    array([[0.  , 0.  , 0.25]], dtype=float32)
    """
    field = Field.of(friction, cell_size, neighbours)
    if on_road.shape != friction.shape:
        raise GridMismatch(f"friction {friction.shape}", f"on_road {on_road.shape}")
    starts, cells = field.places(sources, "sources"), field.cells(limit)
    steps = np.empty(cells.size, dtype=np.uint8)
    field.spread(cells, starts, steps)
    share = off_road(np.pad(on_road, PADDING).ravel(), cells, starts, steps, field.ways)
    return field.minutes(cells), field.inner(cells["source"]).copy(), field.inner(share).copy()


def nearest_passable(friction: NDArray[Any], cells: ArrayLike) -> tuple[Cells, NDArray[np.float64]]:
    """The passable cell nearest to each, as the crow flies, and how far it is.

    Parameters
    ----------
    friction
        (rows, columns); NaN impassable.
    cells
        (n, 2), row and column.

    Returns
    -------
    cells : array of int64, (n, 2)
        Of cells equally near the one in the upper row, then the left one.
    moved : array of float64, (n,)
        Distance between the middles, in cells; 0 where the cell itself is passable.

    Raises
    ------
    PlaceOutside
        When a cell lies outside the raster.
    NothingPassable
        When every cell is impassable.

    Examples
    --------
    >>> nan = np.nan
    >>> nearest_passable(np.array([[nan, nan, 0.01], [nan, nan, nan]]), [(1, 0), (0, 2)])
    (array([[0, 2],
           [0, 2]]), array([2.23606798, 0.        ]))
    """
    given = pairs_of(cells, friction.shape, "cells")
    found = given.copy()
    for place in np.flatnonzero(np.isnan(friction[given[:, 0], given[:, 1]])):
        found[place] = _nearest(friction, int(given[place, 0]), int(given[place, 1]))
    return found, np.hypot(*(found - given).T.astype(np.float64))


def _nearest(friction: NDArray[Any], row: int, column: int) -> tuple[int, int]:
    """Look in squares twice as wide each time: in one of radius r all within r is seen."""
    radius, widest = 1, max(friction.shape)
    while True:
        top, left = max(row - radius, 0), max(column - radius, 0)
        window = friction[top : row + radius + 1, left : column + radius + 1]
        rows, columns = np.nonzero(~np.isnan(window))
        if rows.size:
            squared = (rows + top - row) ** 2 + (columns + left - column) ** 2
            first = int(squared.argmin())
            if squared[first] <= radius**2 or radius >= widest:
                return int(rows[first]) + top, int(columns[first]) + left
        elif radius >= widest:
            raise NothingPassable
        radius *= 2
