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
from gis.travel_kernel import NO_SOURCE, PADDING, off_road, spread

Minutes: TypeAlias = NDArray[np.float32]
Sources: TypeAlias = NDArray[np.int32]
Cells: TypeAlias = NDArray[np.int64]

NEIGHBOURS = (8, 16)
_NO_STEPS = np.empty(0, dtype=np.uint8)
_NO_SOURCES = np.empty(0, dtype=np.int32)
_NO_ROOM = np.empty(0, dtype=np.int32)
_ROOM = 1 << 14
_MOST_THREADS = 4


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
        (rows, columns), minutes per metre, taken as float32; NaN impassable.
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
    minutes, source = field.empty(limit), np.full(field.size, NO_SOURCE, dtype=np.int32)
    field.spread(field.places(sources, "sources"), minutes, source)
    return field.minutes(minutes), field.inner(source).copy()


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
        minutes = field.empty(limit)
        beyond = minutes[0]
        for row in range(first, starts.size, threads):
            met = field.spread(starts[row : row + 1], minutes, room=_ROOM)
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
    if on_road.shape != field.shape:
        raise GridMismatch(f"friction {field.shape}", f"on_road {on_road.shape}")
    minutes, source = field.empty(limit), np.full(field.size, NO_SOURCE, dtype=np.int32)
    steps = np.empty(field.size, dtype=np.uint8)
    starts = field.places(sources, "sources")
    field.spread(starts, minutes, source, steps)
    share = off_road(field.padded(on_road, False), source, starts, steps, field.width)
    return field.minutes(minutes), field.inner(source).copy(), field.inner(share).copy()


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
    """Friction with impassable cells around it, flat, and how its cells are joined."""

    friction: NDArray[np.float32]
    shape: tuple[int, int]
    cell_size: float
    least: float
    sixteen: bool

    @classmethod
    def of(cls, friction: NDArray[Any], cell_size: float, neighbours: int) -> _Field:
        if neighbours not in NEIGHBOURS:
            raise BadParameter("neighbours", str(neighbours), NEIGHBOURS)
        if not 0 < cell_size < np.inf:
            raise BadParameter("cell_size", str(cell_size), "> 0")
        if friction.ndim != 2:
            raise BadParameter("friction", str(friction.shape), "(rows, columns)")
        padded = _padded(friction, np.float32, np.nan)
        least = float(np.fmin.reduce(padded, axis=None))
        if least <= 0 or np.fmax.reduce(padded, axis=None) == np.inf:
            raise _bad(friction)
        rows, columns = friction.shape
        return cls(padded.ravel(), (rows, columns), float(cell_size), least, neighbours == 16)

    @property
    def width(self) -> int:
        """Columns with padding."""
        return self.shape[1] + 2 * PADDING

    @property
    def size(self) -> int:
        """Cells with padding."""
        return self.friction.size

    def empty(self, limit: float | None) -> NDArray[np.float64]:
        """Minutes before anything is known."""
        return np.full(self.size, _beyond(limit))

    def padded(self, values: NDArray[Any], around: object) -> NDArray[Any]:
        """Flat values on the padded cells."""
        return _padded(values, values.dtype, around).ravel()

    def inner(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values on the cells as they were given."""
        rows, columns = self.shape
        wide = values.reshape(-1, self.width)
        return wide[PADDING : rows + PADDING, PADDING : columns + PADDING]

    def minutes(self, labels: NDArray[np.float64]) -> Minutes:
        """Labels as the result holds them."""
        found = self.inner(labels).astype(np.float32)
        found[self.inner(labels) == labels[0]] = np.nan
        return found

    def places(self, cells: ArrayLike, name: str, passable: bool = True) -> Cells:
        """Flat places of cells."""
        pairs = _pairs(cells, self.shape, name)
        flat: Cells = (pairs[:, 0] + PADDING) * self.width + pairs[:, 1] + PADDING
        if passable:
            for row, column in pairs[np.isnan(self.friction[flat])]:
                raise PlaceImpassable(int(row), int(column))
        return flat

    def spread(
        self,
        starts: Cells,
        minutes: NDArray[np.float64],
        source: Sources = _NO_SOURCES,
        steps: NDArray[np.uint8] = _NO_STEPS,
        room: int = 0,
    ) -> Sources:
        """Fill what is given; the cells that were met, when there is room for them."""
        met: Sources = spread(
            self.friction,
            self.width,
            self.cell_size,
            self.least,
            self.sixteen,
            starts,
            minutes,
            source,
            steps,
            np.empty(room, dtype=np.int32) if room else _NO_ROOM,
        )
        return met


def _padded(values: NDArray[Any], dtype: Any, around: object) -> NDArray[Any]:
    rows, columns = values.shape
    wide = np.full((rows + 2 * PADDING, columns + 2 * PADDING), around, dtype=dtype)
    with np.errstate(over="ignore", under="ignore"):
        wide[PADDING : rows + PADDING, PADDING : columns + PADDING] = values
    return wide


def _bad(friction: NDArray[Any]) -> BadFriction:
    """The first value that no friction can be, as float32 sees it."""
    with np.errstate(over="ignore", under="ignore"):
        values = friction.astype(np.float32)
    row, column = np.argwhere((values <= 0) | np.isposinf(values))[0]
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
    """The least number that is above the limit when rounded to float32."""
    if limit is None:
        return float("inf")
    if not limit >= 0:
        raise BadParameter("limit", str(limit), ">= 0")
    with np.errstate(over="ignore"):
        last = np.float32(limit)
    above = np.nextafter(last, np.float32(np.inf))
    if not np.isfinite(above):
        return float("inf")
    middle = (float(last) + float(above)) / 2
    return middle if np.float32(middle) > last else float(np.nextafter(middle, np.inf))
