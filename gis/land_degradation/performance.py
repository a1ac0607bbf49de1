"""Performance of land: its productivity against the best of comparable land."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation

from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.cells import require_one_shape
from gis.land_degradation.productivity_kernel import gather_units, share_of_reference

Mean: TypeAlias = NDArray[np.floating[Any] | np.integer[Any]]
Units: TypeAlias = NDArray[np.integer[Any]]
Reference: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float64]]
_AROUND = np.ones((3, 3), dtype=np.bool_)


def land_units(soil: Units, land_cover: NDArray[np.int16]) -> NDArray[np.int32]:
    """Units of comparable land: soil class x 100 + land-cover class, as in the reference.

    ``OUTSIDE`` where one is outside, else ``NO_DATA`` where one is unknown; ``GridMismatch``
    when shapes differ.

    >>> land_units(np.int16([12, 12, -32768]), np.int16([3, 4, 3]))
    array([  1203,   1204, -32768], dtype=int32)
    """
    require_one_shape(soil=soil, land_cover=land_cover)
    outside = (soil == OUTSIDE) | (land_cover == OUTSIDE)
    unknown = (soil == NO_DATA) | (land_cover == NO_DATA)
    units = np.asarray(soil, dtype=np.int32) * np.int32(100) + land_cover
    return np.where(outside, np.int32(OUTSIDE), np.where(unknown, np.int32(NO_DATA), units))


def beyond_edge(soil: NDArray[np.int16], inside: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The soil of cells inside also in those next to them, where it is not known there.

    A soil known by commune ends with its cell centres; the cells beyond, of which the communes
    cover a part, would else be unknown land.

    Examples
    --------
    >>> soil, inside = np.int16([[12, -32768, -32768]]), np.array([[True, False, False]])
    >>> beyond_edge(soil, inside)
    array([[    12,     12, -32768]], dtype=int16)
    """
    found = soil.copy()
    rows, columns = np.nonzero(binary_dilation(inside, _AROUND) & ~inside & (soil == NO_DATA))
    known = np.pad(np.where(inside, soil, NO_DATA), 1, constant_values=NO_DATA)
    for down, right in np.argwhere(_AROUND):
        empty = found[rows, columns] == NO_DATA
        found[rows[empty], columns[empty]] = known[rows[empty] + down, columns[empty] + right]
    return found


def performance_reference(mean: Mean, units: Units) -> Reference:
    """The 90th percentile of the index in each unit.

    Parameters
    ----------
    mean
        Mean of the index over the period, in any unit; NaN and ``NO_DATA`` = unknown. Zero is
        left out, as in the reference.
    units
        Codes of units of comparable land, ``NO_DATA`` and ``OUTSIDE`` among them.

    Returns
    -------
    codes : array of int32
        Units that have a value, ascending.
    p90 : array of float64
        Linear between values.

    Examples
    --------
    >>> performance_reference(np.float32([0.1, 0.2, 0.5, np.nan]), np.int32([1, 1, 2, 2]))
    (array([1, 2], dtype=int32), array([0.19, 0.5 ]))
    """
    values, flat = _flat_units(mean, units)
    counts = (flat != NO_DATA) & (flat != OUTSIDE) & (values != 0) & ~np.isnan(values)
    # A mean in whole numbers, index x 10000, has no NaN.
    counts &= (values != NO_DATA) & (values != OUTSIDE)
    codes, inverse, sizes = np.unique(flat[counts], return_inverse=True, return_counts=True)
    place = np.full(flat.size, -1, dtype=np.int64)
    place[counts] = inverse
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    grouped = np.empty(starts[-1], dtype=np.float32)
    gather_units(values, place, starts[:-1], grouped)
    p90 = [
        np.quantile(grouped[start:end].astype(np.float64), 0.9) for start, end in pairwise(starts)
    ]
    return codes, np.array(p90, dtype=np.float64)


def performance(mean: Mean, units: Units, reference: Reference | None = None) -> NDArray[np.int16]:
    """Land at most half as productive as the best of its kind.

    Parameters
    ----------
    mean
        Mean of the index over the period, in any unit; NaN and ``NO_DATA`` = unknown.
    units
        Codes of units of comparable land, see :func:`land_units`.
    reference
        Of the whole area, from :func:`performance_reference`, so that blocks of a raster share
        one; by default that of these cells. The result depends on the area it was made of.

    Returns
    -------
    array of int16
        -1 where mean / reference is at most 0.5, else 0; ``OUTSIDE`` where one is outside;
        ``NO_DATA`` where the mean or unit is unknown, or the reference has no such unit or is 0.

    Raises
    ------
    GridMismatch
        When shapes differ.
    ValueError
        When a unit does not fit int32.

    Notes
    -----
    After ``productivity_performance`` of Trends.Earth, which samples very large areas and takes
    percentiles from a histogram; here every cell counts.

    Examples
    --------
    >>> mean, units = np.float32([[0.2, 0.8, 0.8, 0.3]]), np.int32([[1, 1, 1, 2]])
    >>> performance(mean, units)
    array([[-1,  0,  0,  0]], dtype=int16)
    """
    known, p90 = performance_reference(mean, units) if reference is None else reference
    values, flat = _flat_units(mean, units)
    codes = np.empty(flat.size, dtype=np.int16)
    share_of_reference(values, flat, known, p90, codes)
    return codes.reshape(np.shape(mean))


def _flat_units(mean: Mean, units: Units) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    require_one_shape(mean=mean, units=units)
    values = np.ascontiguousarray(mean, dtype=np.float32).reshape(-1)
    codes = np.ascontiguousarray(units, dtype=np.int32).reshape(-1)
    if not np.can_cast(units.dtype, np.int32) and (codes != units.reshape(-1)).any():
        raise ValueError("units do not fit int32")
    return values, codes
