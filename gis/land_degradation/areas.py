"""Areas of classes, of pairs of classes and of classes inside zones, from the area of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch
from gis.land_degradation.cells import flat_codes, require_one_shape

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


def cross_areas(
    first: NDArray[Any], second: NDArray[Any], row_area_m2: ArrayLike
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.float64]]:
    """Area of each pair of codes of two rasters.

    Parameters
    ----------
    first, second
        (rows, columns), int16, one shape.
    row_area_m2
        As in :func:`area_by_class`.

    Returns
    -------
    first_codes, second_codes : array of int16
        Those that occur, ascending.
    m2 : array of float64
        One row a first code, one column a second.

    Raises
    ------
    GridMismatch
        When the shapes differ.

    Examples
    --------
    >>> cross_areas(np.int16([[1, 2]]), np.int16([[3, 3]]), [10.0])[2]
    array([[10.],
           [10.]])
    """
    one, other = np.asarray(first), np.asarray(second)
    areas = _row_areas(row_area_m2, require_one_shape(first=one, second=other))
    rows, row_place = _places(flat_codes(one))
    columns, column_place = _places(flat_codes(other))
    tallied = np.zeros((rows.size, columns.size), dtype=np.float64)
    _tally_pairs(
        flat_codes(one).view(np.uint16),
        flat_codes(other).view(np.uint16),
        row_place,
        column_place,
        areas,
        tallied,
    )
    return rows, columns, tallied


def zone_areas(
    zone: NDArray[Any], codes: NDArray[Any], row_area_m2: ArrayLike, number_of_zones: int
) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Area of each code inside each zone.

    Parameters
    ----------
    zone
        (rows, columns), whole numbers: position of the zone that holds the cell's centre, below 0
        for none (:func:`gis.zonal.zone_of_cells`).
    codes
        (rows, columns), int16.
    row_area_m2
        As in :func:`area_by_class`.
    number_of_zones
        Rows of the result, also for zones without a cell.

    Returns
    -------
    codes : array of int16
        Those that occur inside a zone or outside all, ascending.
    m2 : array of float64
        One row a zone, one column a code; a row adds to the area of the zone's cells.

    Raises
    ------
    GridMismatch
        When the shapes differ.
    ValueError
        When a zone has a position beyond the number of zones.

    Examples
    --------
    >>> zone_areas(np.int32([[0, 0, -1]]), np.int16([[1, -1, 1]]), [10.0], 2)
    (array([-1,  1], dtype=int16), array([[10., 10.],
           [ 0.,  0.]]))
    """
    where, values = np.asarray(zone), np.asarray(codes)
    areas = _row_areas(row_area_m2, require_one_shape(zone=where, codes=values))
    if where.size and where.max() >= number_of_zones:
        raise ValueError("a cell lies in a zone beyond the number of zones")
    found, place = _places(flat_codes(values))
    tallied = np.zeros((number_of_zones, found.size), dtype=np.float64)
    _tally_zones(
        np.ascontiguousarray(where, dtype=np.int32).reshape(-1),
        flat_codes(values).view(np.uint16),
        place,
        areas,
        tallied,
    )
    return found, tallied


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


@njit(cache=True, nogil=True)
def _tally_pairs(first, second, first_place, second_place, areas, out):  # type: ignore[no-untyped-def]
    columns = first.size // areas.size if areas.size else 0
    for row in range(areas.size):
        for cell in range(row * columns, (row + 1) * columns):
            out[first_place[first[cell]], second_place[second[cell]]] += areas[row]


@njit(cache=True, nogil=True)
def _tally_zones(zone, codes, place, areas, out):  # type: ignore[no-untyped-def]
    columns = codes.size // areas.size if areas.size else 0
    for row in range(areas.size):
        for cell in range(row * columns, (row + 1) * columns):
            if zone[cell] >= 0:
                out[zone[cell], place[codes[cell]]] += areas[row]
