"""An annual series as compiled passes read it, and the years of a period in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter, PeriodOutsideData, YearsOutOfOrder

VEGETATION = "vegetation_index"
"""The variable that the errors of a series name."""

Series: TypeAlias = NDArray[np.floating[Any]]
"""Values of a quantity (year, ...), NaN = unknown."""


def stack(series: Series, years: Sequence[int]) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """A series as compiled passes read it: (year, cell), float32, its years checked.

    Raises
    ------
    ValueError
        When the series does not hold one plane a year, or holds no quantities.
    YearsOutOfOrder
        When the years do not ascend.
    """
    stated = tuple(int(year) for year in years)
    if any(later <= earlier for earlier, later in pairwise(stated)):
        raise YearsOutOfOrder(VEGETATION, stated)
    if series.ndim == 0 or series.shape[0] != len(stated):
        raise ValueError(f"{len(stated)} years do not fit a series of shape {series.shape}")
    if series.dtype.kind != "f":
        raise ValueError(f"a series holds quantities, not {series.dtype}")
    planes = np.ascontiguousarray(series, dtype=np.float32)
    return planes.reshape(len(stated), planes[:1].size), stated


def within(
    planes: NDArray[np.float32], years: tuple[int, ...], period: tuple[int, int]
) -> NDArray[np.float32]:
    """The planes of a period; not copied, for its years stand side by side.

    Raises
    ------
    BadParameter
        When the period ends before it begins.
    PeriodOutsideData
        When the series lacks years of it.
    """
    first, last = period
    if last < first:
        raise BadParameter("period", f"{first}-{last}", f"{last}-{first}")
    missing = tuple(sorted(set(range(first, last + 1)) - set(years)))
    if missing:
        raise PeriodOutsideData(VEGETATION, f"{first}-{last}", missing)
    return planes[years.index(first) : years.index(last) + 1]
