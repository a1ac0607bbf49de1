"""Arrays as the kernels take them: flat, int16, of one shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch
from gis.grid import NO_DATA, OUTSIDE

_CODES = np.iinfo(np.int16)
_LEAST = int(OUTSIDE) + 1


def require_one_shape(**arrays: NDArray[Any]) -> tuple[int, ...]:
    """The one shape of all arrays, each given by its name.

    Raises
    ------
    GridMismatch
        When two differ in shape.
    """
    (first, one), *others = arrays.items()
    for name, other in others:
        if other.shape != one.shape:
            raise GridMismatch(first, name)
    return one.shape


def flat_codes(values: ArrayLike) -> NDArray[np.int16]:
    """Whole numbers as a flat int16 array, a view where they are that already.

    Numbers beyond int16 become its ends: no legend holds them, and a change is no less for it.
    The lower end is that above the sentinels.

    >>> flat_codes([[1, 70_000], [-70_000, -32768]])
    array([     1,  32767, -32766, -32768], dtype=int16)

    Raises
    ------
    TypeError
        When the values are not whole numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iub":
        raise TypeError("codes are whole numbers")
    if not np.can_cast(array.dtype, np.int16):
        wide = np.minimum(array, _CODES.max).astype(np.int64)
        sentinel = (wide == NO_DATA) | (wide == OUTSIDE)
        array = np.where(sentinel, wide, np.maximum(wide, _LEAST))
    return np.ascontiguousarray(array, dtype=np.int16).reshape(-1)
