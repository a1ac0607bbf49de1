"""Steps cell by cell: over arrays in memory at once, over chunked ones block by block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dask
import dask.array as da
import numpy as np
from numpy.typing import NDArray

Step = Callable[..., NDArray[Any]]


def over_blocks(step: Step, planes: int, dtype: Any, *arrays: Any) -> Any:
    """Apply a step that knows nothing but a cell and its years.

    Parameters
    ----------
    step
        Takes blocks of the arrays, returns (planes, y, x).
    arrays
        (plane, y, x) or (y, x), numpy or dask; planes are never parted.

    Returns
    -------
    numpy or dask array, (planes, y, x)
        Dask, still to be computed, where one of the arrays is: the same bits either way.
    """
    if not any(isinstance(array, da.Array) for array in arrays):
        return step(*arrays)
    stated: list[Any] = []
    for number, array in enumerate(arrays):
        whole = da.asarray(array)
        axes = ("y", "x") if whole.ndim == 2 else (f"planes_{number}", "y", "x")
        stated += [whole if whole.ndim == 2 else whole.rechunk({0: -1}), axes]
    return da.blockwise(
        step,
        ("planes", "y", "x"),
        *stated,
        new_axes={"planes": planes},
        dtype=dtype,
        concatenate=True,
        meta=np.empty((0, 0, 0), dtype=dtype),
    )


def computed(*arrays: Any) -> tuple[NDArray[Any], ...]:
    """All arrays in memory; what several of them read is read once."""
    found: tuple[NDArray[Any], ...] = dask.compute(*arrays)
    return found
