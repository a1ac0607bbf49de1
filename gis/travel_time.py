"""Least minutes of travel from machinery bases over a raster of friction, and the nearest base.

Edges join the middles of cells. A straight or diagonal move costs the mean friction of its two
ends times its length; a knight's move the mean of the four cells that it touches, and it is
refused where one of them is impassable. A diagonal between two impassable cells is allowed, as
in GRASS r.cost: who draws barriers draws them so that cells join by their sides.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numba import get_num_threads
from numpy.typing import ArrayLike, NDArray

from gis.errors import (
    BadFriction,
    BadParameter,
    GridMismatch,
    NothingPassable,
    PlaceImpassable,
    PlaceOutside,
)
from gis.travel_kernel import MOST_TICKS, NO_SOURCE, PADDING, cell_type, moves, off_road, spread

Minutes: TypeAlias = NDArray[np.float32]
Sources: TypeAlias = NDArray[np.int32]
Cells: TypeAlias = NDArray[np.int64]

NEIGHBOURS = (8, 16)
_NO_STEPS = np.empty(0, dtype=np.uint8)
_NO_ROOM = np.empty(0, dtype=np.int32)
_SOME_ROOM = np.empty(1, dtype=np.int32)
_WITHIN = (slice(PADDING, -PADDING), slice(PADDING, -PADDING))
_BEYOND_FLOAT32 = 2.0**128 - 2.0**103
"""The least number that float32 has no room for."""

_LONGEST_MOVE, _LEAST_TICK = 3.0, 1e-300
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
    field = _Field.of(friction, cell_size, neighbours)
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
    field = _Field.of(friction, cell_size, neighbours)
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
    field = _Field.of(friction, cell_size, neighbours)
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
    given = _pairs(cells, friction.shape, "cells")
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


@dataclass(frozen=True)
class _Field:
    """Friction, how its cells are joined, and the minutes of the shortest possible move."""

    friction: NDArray[Any]
    ways: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
    tick: float

    @classmethod
    def of(cls, friction: NDArray[Any], cell_size: float, neighbours: int) -> _Field:
        if neighbours not in NEIGHBOURS:
            raise BadParameter("neighbours", str(neighbours), NEIGHBOURS)
        if not 0 < cell_size < np.inf:
            raise BadParameter("cell_size", str(cell_size), "> 0")
        if friction.ndim != 2:
            raise BadParameter("friction", str(friction.shape), "(rows, columns)")
        least = float(np.fmin.reduce(friction, axis=None, initial=np.inf))
        most = float(np.fmax.reduce(friction, axis=None, initial=0))
        if least <= 0 or most == np.inf:
            raise _bad(friction)
        longest = most * cell_size * friction.size * _LONGEST_MOVE
        tick = max(min(least, most) * cell_size, longest / MOST_TICKS, _LEAST_TICK)
        ways = moves(friction.shape[1] + 2 * PADDING, float(cell_size), int(neighbours))
        return cls(friction, ways, tick)

    def cells(self, limit: float | None) -> NDArray[Any]:
        """Flat padded cells before any way is known."""
        rows, columns = self.friction.shape
        cells = np.empty(
            (rows + 2 * PADDING, columns + 2 * PADDING), cell_type(self.friction.dtype)
        )
        cells["minutes"] = _beyond(limit)
        cells["friction"] = np.nan
        cells["friction"][_WITHIN] = self.friction
        cells["source"] = NO_SOURCE
        return cells.ravel()

    def inner(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values on the cells as they were given."""
        rows, columns = self.friction.shape
        return values.reshape(rows + 2 * PADDING, columns + 2 * PADDING)[_WITHIN]

    def minutes(self, cells: NDArray[Any]) -> Minutes:
        """Minutes as the result holds them."""
        with np.errstate(over="ignore"):
            found = self.inner(cells["minutes"]).astype(np.float32)
        found[self.inner(cells["source"]) == NO_SOURCE] = np.nan
        return found

    def places(self, cells: ArrayLike, name: str, passable: bool = True) -> Cells:
        """Flat places of cells."""
        pairs = _pairs(cells, self.friction.shape, name)
        rows, columns = pairs.T
        if passable:
            for row, column in pairs[np.isnan(self.friction[rows, columns])]:
                raise PlaceImpassable(int(row), int(column))
        width = self.friction.shape[1] + 2 * PADDING
        flat: Cells = (rows + PADDING) * width + columns + PADDING
        return flat

    def spread(
        self,
        cells: NDArray[Any],
        starts: Cells,
        steps: NDArray[np.uint8] = _NO_STEPS,
        met: NDArray[np.int32] = _NO_ROOM,
    ) -> NDArray[np.int32]:
        """Fill the cells; those that were met, when there is room for them."""
        found: NDArray[np.int32] = spread(cells, self.ways, self.tick, starts, steps, met)
        return found


def _bad(friction: NDArray[Any]) -> BadFriction:
    """The first value that no friction can be."""
    row, column = np.argwhere((friction <= 0) | np.isposinf(friction))[0]
    return BadFriction(int(row), int(column), float(friction[row, column]))


def _pairs(cells: ArrayLike, shape: tuple[int, ...], name: str) -> Cells:
    """Rows and columns as int64, (n, 2), all inside."""
    pairs = np.asarray(cells)
    if pairs.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
        raise BadParameter(name, f"{pairs.dtype} {pairs.shape}", "int (n, 2)")
    for row, column in pairs[((pairs < 0) | (pairs >= shape)).any(axis=1)]:
        raise PlaceOutside(int(row), int(column), *shape)
    return pairs.astype(np.int64)


def _beyond(limit: float | None) -> float:
    """The least number that float32 rounds to one above the limit."""
    if limit is None:
        return _BEYOND_FLOAT32
    if not limit >= 0:
        raise BadParameter("limit", str(limit), ">= 0")
    with np.errstate(over="ignore"):
        last = np.float32(limit)
    above = float(np.nextafter(last, np.float32(np.inf)))
    middle = (float(last) + above) / 2
    if middle >= _BEYOND_FLOAT32:
        return _BEYOND_FLOAT32
    return middle if np.float32(middle) > last else float(np.nextafter(middle, np.inf))
