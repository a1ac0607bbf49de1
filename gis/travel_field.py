"""Friction as the kernel of travel time takes it: padded cells, their moves, what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import BadFriction, BadParameter, PlaceImpassable, PlaceOutside
from gis.travel_kernel import MOST_TICKS, NO_SOURCE, PADDING, cell_type, moves, spread

Minutes: TypeAlias = NDArray[np.float32]
Cells: TypeAlias = NDArray[np.int64]

NEIGHBOURS = (8, 16)
_NO_STEPS = np.empty(0, dtype=np.uint8)
_NO_ROOM = np.empty(0, dtype=np.int32)
_WITHIN = (slice(PADDING, -PADDING), slice(PADDING, -PADDING))
_BEYOND_FLOAT32 = 2.0**128 - 2.0**103
"""The least number that float32 has no room for."""

_LONGEST_MOVE, _LEAST_TICK = 3.0, 1e-300


@dataclass(frozen=True)
class Field:
    """Friction, how its cells are joined, and the minutes of the shortest possible move."""

    friction: NDArray[Any]
    ways: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
    tick: float

    @classmethod
    def of(cls, friction: NDArray[Any], cell_size: float, neighbours: int) -> Field:
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
        pairs = pairs_of(cells, self.friction.shape, name)
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


def pairs_of(cells: ArrayLike, shape: tuple[int, ...], name: str) -> Cells:
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
