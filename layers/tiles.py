"""Reading a grid tile by tile, all at once or lazily: a part has the very bits of the whole.

Warping and burning round differently in every window. So both are done on tiles that begin at the
corner of the whole grid, whatever part of it is asked for, and parts are cut out of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

if TYPE_CHECKING:
    import dask.array as da

Part = tuple[slice, slice]
"""Rows and columns of a grid."""
ONE_AT_A_TIME = Lock()
"""Held while rasterio warps or burns and while tables are read: each silences warnings of its own
meanwhile, which the threads of one process would undo for each other."""


def whole(grid: GeoBox) -> Part:
    """All rows and columns of a grid."""
    return slice(0, grid.shape[0]), slice(0, grid.shape[1])


def in_tiles(
    read: Callable[[GeoBox], NDArray[np.float32]], grid: GeoBox, part: Part, planes: int, size: int
) -> NDArray[np.float32]:
    """A part of a grid, read on whole tiles.

    Parameters
    ----------
    read
        Reads one tile: its grid in, float32 (planes, rows, columns) out.
    size
        Cells along a full tile.

    Returns
    -------
    ndarray
        float32, shape (planes, rows, columns) of the part.
    """
    rows, columns = part
    shape = (planes, rows.stop - rows.start, columns.stop - columns.start)
    values = np.full(shape, np.nan, dtype=np.float32)
    for down in _tiles(rows, grid.shape[0], size):
        for across in _tiles(columns, grid.shape[1], size):
            tile = read(grid[down, across])
            here = _shared(rows, down), _shared(columns, across)
            there = _shared(down, rows), _shared(across, columns)
            values[:, here[0], here[1]] = tile[:, there[0], there[1]]
    return values


def _tiles(asked: slice, length: int, size: int) -> Iterator[slice]:
    for start in range(asked.start // size * size, asked.stop, size):
        yield slice(start, min(start + size, length))


def _shared(one: slice, other: slice) -> slice:
    """What two stretches share, counted from the start of the first."""
    start, stop = max(one.start, other.start), min(one.stop, other.stop)
    return slice(start - one.start, stop - one.start)


@dataclass(frozen=True)
class _Block:
    """Reads the block of a dask array that it is called for."""

    read: Callable[[Part], NDArray[Any]]

    def __call__(self, block_info: Mapping[Any, Any]) -> NDArray[Any]:
        _, rows, columns = block_info[None]["array-location"]
        return self.read((slice(*rows), slice(*columns)))


def lazily(
    read: Callable[[Part], NDArray[Any]],
    grid: GeoBox,
    planes: int,
    dtype: type[np.generic],
    chunk: int,
) -> da.Array:
    """An array (planes, rows, columns) of blocks that are read when they are needed."""
    # takes its time to load, and most maps read no layer by blocks
    import dask.array as da

    sides = [_lengths(length, chunk) for length in grid.shape]
    return da.map_blocks(
        _Block(read),
        chunks=((planes,), *sides),
        dtype=dtype,
        meta=np.empty((0, 0, 0), dtype=dtype),
        # What is read is not content that dask could hash: outlines, a file that may change.
        name=f"read-{uuid4().hex}",
    )


def _lengths(length: int, chunk: int) -> tuple[int, ...]:
    full, rest = divmod(length, chunk)
    return (chunk,) * full + ((rest,) if rest else ())
