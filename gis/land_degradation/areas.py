"""Areas of classes over a whole raster, from the area of a cell in each row.

Inside polygons :func:`gis.zonal.class_areas` counts, by exact shares of cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch
from gis.land_degradation.cells import flat_codes

_CODES = 1 << 16


def area_by_class(
    codes: NDArray[Any], row_area_m2: ArrayLike
) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Area of each code that occurs.

    Parameters
    ----------
    codes
        (rows, columns), int16; no data and outside count as codes of their own.
    row_area_m2
        Area of one cell of each row, as :func:`gis.grid.row_areas_m2` gives it.

    Returns
    -------
    codes : array of int16
        Those that occur, ascending.
    m2 : array of float64
        Their areas; they add to the area of all cells.

    Raises
    ------
    GridMismatch
        When the number of rows differs.

    Examples
    --------
    >>> area_by_class(np.int16([[1, 1], [-1, 1]]), [100.0, 90.0])
    (array([-1,  1], dtype=int16), array([ 90., 290.]))
    """
    values = np.asarray(codes)
    areas = _row_areas(row_area_m2, values.shape)
    found, place = _places(flat_codes(values))
    tallied = np.zeros((1, found.size), dtype=np.float64)
    _tally_codes(flat_codes(values).view(np.uint16), place, areas, tallied[0])
    return found, tallied[0]


def _row_areas(given: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    areas = np.ascontiguousarray(given, dtype=np.float64)
    if len(shape) != 2 or areas.shape != shape[:1]:
        raise GridMismatch("codes", "row_area_m2")
    return areas


def _places(codes: NDArray[np.int16]) -> tuple[NDArray[np.int16], NDArray[np.intp]]:
    """The codes that occur, ascending, and the place of each possible code among them."""
    seen = np.zeros(_CODES, dtype=np.bool_)
    _see(codes.view(np.uint16), seen)
    found = np.sort(np.flatnonzero(seen).astype(np.uint16).view(np.int16))
    place = np.zeros(_CODES, dtype=np.intp)
    place[found.view(np.uint16)] = np.arange(found.size)
    return found, place


@njit(cache=True, nogil=True)
def _see(codes, seen):  # type: ignore[no-untyped-def]
    for cell in range(codes.size):
        seen[codes[cell]] = True


@njit(cache=True, nogil=True)
def _tally_codes(codes, place, areas, out):  # type: ignore[no-untyped-def]
    columns = codes.size // areas.size if areas.size else 0
    for row in range(areas.size):
        for cell in range(row * columns, (row + 1) * columns):
            out[place[codes[cell]]] += areas[row]
