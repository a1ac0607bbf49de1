"""Land productivity: state, performance, and with the trend the five classes of dynamics.

Rules of the UNCCD reporting manual for the 2026 round and of Trends.Earth, which agree on all
rows; Good Practice Guidance version 2 (2021) differs on three.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter, PeriodOutsideData
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.codes import DEGRADED, IMPROVED, STABLE
from gis.land_degradation.productivity_kernel import (
    class_change,
    combine,
    gather_units,
    mean_of,
    recode,
    score_of_means,
    share_of_reference,
)
from gis.land_degradation.trend import stack

Codes: TypeAlias = NDArray[np.int16]
Series: TypeAlias = NDArray[np.floating[Any]]
Reference: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float64]]
Rules = Literal["unccd-2026", "gpg-v2"]
RULES: tuple[Rules, ...] = ("unccd-2026", "gpg-v2")
LEAST_CHANGE = 0.01
"""Difference of two means of the index up to which the state is unchanged."""

_ROUNDING = 1e-6
"""What means of float32 values may lose: a difference of exactly the least one is still none, and
a mean on a decile lies below it."""
_CODES = np.iinfo(np.int16)
_DOWN, _SAME, _UP = DEGRADED, STABLE, IMPROVED
_TREND = np.array([_DOWN, _DOWN, _SAME, _SAME, _SAME, _UP, _UP], dtype=np.int16)
_STATE = np.array([_DOWN] * 9 + [_SAME] * 3 + [_UP] * (_CODES.max - 1), dtype=np.int16)
_FIVE = np.array([_DOWN, _DOWN, _SAME, _SAME, _UP], dtype=np.int16)

# Rows: trend -1, 0, 1 and in it state -1, 0, 1; columns: performance -1, 0, 1. The reference
# writes performance as -1 or 0; 1 is as good as 0.
_DYNAMICS: dict[Rules, tuple[tuple[int, int, int], ...]] = {
    "unccd-2026": (
        *((1, 1, 1), (1, 1, 1), (1, 1, 1)),
        *((1, 2, 2), (3, 4, 4), (4, 4, 4)),
        *((2, 5, 5), (5, 5, 5), (5, 5, 5)),
    ),
    "gpg-v2": (
        *((1, 1, 1), (1, 3, 3), (1, 1, 1)),
        *((1, 3, 3), (2, 4, 4), (4, 4, 4)),
        *((2, 5, 5), (5, 5, 5), (5, 5, 5)),
    ),
}


def trend_degradation(significance: Codes) -> Codes:
    """A trend significant at 95 % as decline or gain.

    Parameters
    ----------
    significance
        -3..3 as :func:`gis.land_degradation.trend.significance` gives them.

    Returns
    -------
    array of int16
        -3, -2 -> -1; -1, 0, 1 -> 0; 2, 3 -> 1; any other code unchanged, as in ``recode_traj``.

    Examples
    --------
    >>> trend_degradation(np.int16([-3, -1, 0, 2, -32768]))
    array([    -1,      0,      0,      1, -32768], dtype=int16)
    """
    return _recoded(significance, _TREND, -3, others_stay=True)


def state_degradation(change: Codes) -> Codes:
    """A change of two percentile classes and more as decline or gain.

    Parameters
    ----------
    change
        Classes gained or lost, as :func:`state` gives them.

    Returns
    -------
    array of int16
        -10..-2 -> -1; -1, 0, 1 -> 0; 2 and more -> 1; below -10 -> ``NO_DATA``.

    Examples
    --------
    >>> state_degradation(np.int16([-10, -2, -1, 1, 2, -11]))
    array([    -1,     -1,      0,      0,      1, -32768], dtype=int16)
    """
    return _recoded(change, _STATE, -10)


def productivity_dynamics(
    trend: Codes, state: Codes, performance: Codes, rules: Rules = "unccd-2026"
) -> Codes:
    """Five classes of land productivity dynamics from the three measures.

    Parameters
    ----------
    trend, state
        -1 degraded, 0 stable, 1 improved.
    performance
        -1 degraded; 0 or 1 not.
    rules
        ``unccd-2026``: table 13 of the reporting manual, equal to ``calc_prod5`` of Trends.Earth.
        ``gpg-v2``: Good Practice Guidance version 2, whose three classes differ on three rows;
        they are written as 3 (stable) and 2 (degraded).

    Returns
    -------
    array of int16
        1 declining, 2 moderate decline, 3 stable but stressed, 4 stable, 5 increasing.
        ``OUTSIDE`` where one of the three is outside; else ``NO_DATA`` where one of them is no
        data or no such code. The reference takes -32767 for a value; here it stays outside.

    Raises
    ------
    BadParameter
        When the rules are unknown.
    GridMismatch
        When shapes differ.

    Examples
    --------
    >>> trend, state, performance = np.int16([-1, 0, 0]), np.int16([0, 0, -1]), np.int16([0, -1, 0])
    >>> productivity_dynamics(trend, state, performance)
    array([1, 3, 2], dtype=int16)
    >>> productivity_dynamics(trend, state, performance, rules="gpg-v2")
    array([3, 2, 3], dtype=int16)
    """
    if rules not in _DYNAMICS:
        raise BadParameter("rules", rules, RULES)
    shape = require_one_shape(trend=trend, state=state, performance=performance)
    flat = [flat_codes(codes) for codes in (trend, state, performance)]
    dynamics = np.empty(flat[0].size, dtype=np.int16)
    combine(*flat, np.array(_DYNAMICS[rules], dtype=np.int16).ravel(), dynamics)
    return dynamics.reshape(shape)


def productivity_degradation(dynamics: Codes) -> Codes:
    """Five classes as three.

    Parameters
    ----------
    dynamics
        1..5, computed or from a ready-made map (JRC, FAO-WOCAT), where 0 and 15 are no data.

    Returns
    -------
    array of int16
        1, 2 -> -1; 3, 4 -> 0; 5 -> 1; ``OUTSIDE`` stays; any other code -> ``NO_DATA``. (The
        status of the reference takes 15 over; it is no class there either.)

    Examples
    --------
    >>> productivity_degradation(np.int16([1, 2, 3, 4, 5, 15])).tolist()
    [-1, -1, 0, 0, 1, -32768]
    """
    return _recoded(dynamics, _FIVE, 1)


def state(
    series: Series,
    years: Sequence[int],
    baseline: tuple[int, int] = (2000, 2012),
    recent: tuple[int, int] = (2013, 2015),
) -> Codes:
    """Change of percentile class between two periods.

    Parameters
    ----------
    series
        Annual vegetation index (year, ...), float, in index units; NaN = unknown.
    years
        The year of each plane, ascending.
    baseline, recent
        First and last year of each period; every year of both must be there.

    Returns
    -------
    array of int16
        -9..9; 0 where the means differ by at most 0.01; ``NO_DATA`` where a year is missing.

    Raises
    ------
    PeriodOutsideData
        When the series lacks years of a period.
    YearsOutOfOrder
    ValueError

    Notes
    -----
    After ``productivity_state`` of Trends.Earth. The baseline's values, one 5 % of their range
    below the least and one 5 % above the greatest give nine deciles (linear between values; the
    reference leaves that to Earth Engine), hence classes 1 (up to the first) to 10 (above the
    ninth).

    Examples
    --------
    >>> series = np.float32([*np.linspace(0.4, 0.52, 13), 0.6, 0.6, 0.6]).reshape(16, 1)
    >>> state(series, range(2000, 2016))
    array([5], dtype=int16)
    """
    early, late = _periods(series, years, baseline, recent)
    change = np.empty(early.shape[1], dtype=np.int16)
    class_change(early, late, LEAST_CHANGE, _ROUNDING, change)
    return change.reshape(series.shape[1:])


def state_z(
    series: Series,
    years: Sequence[int],
    baseline: tuple[int, int] = (2000, 2012),
    recent: tuple[int, int] = (2013, 2015),
) -> NDArray[np.float32]:
    """How far the recent mean lies from the baseline's, in standard errors.

    Parameters
    ----------
    series, years, baseline, recent
        As in :func:`state`.

    Returns
    -------
    array of float32
        z = (recent mean - baseline mean) / (s / sqrt(recent years)), s the standard deviation of
        the baseline's years (divided by their number); infinite where a baseline that never
        changes is left, NaN where a year is missing.

    Raises
    ------
    PeriodOutsideData, YearsOutOfOrder, ValueError

    Notes
    -----
    Good Practice Guidance, SDG indicator 15.3.1, version 2 (UNCCD 2021), state.
    """
    early, late = _periods(series, years, baseline, recent)
    z = np.empty(early.shape[1], dtype=np.float32)
    score_of_means(early, late, z)
    return z.reshape(series.shape[1:])


def z_degradation(z: NDArray[np.floating[Any]]) -> Codes:
    """A z beyond 1.96 as decline (-1) or gain (1), else 0; NaN -> ``NO_DATA``.

    >>> z_degradation(np.float32([-2, 1.96, 2, np.nan]))
    array([    -1,      0,      1, -32768], dtype=int16)
    """
    limit = np.float32(1.96)
    codes = (z > limit).astype(np.int16) - (z < -limit).astype(np.int16)
    return np.where(np.isnan(z), NO_DATA, codes)


def period_mean(series: Series, years: Sequence[int], first: int, last: int) -> NDArray[np.float32]:
    """Mean of the index over the years ``first`` to ``last``; NaN where one is missing.

    Raises
    ------
    PeriodOutsideData
        When the series lacks years of the period.
    YearsOutOfOrder, ValueError

    Examples
    --------
    >>> period_mean(np.float32([[0.4], [0.5], [0.9]]), (2000, 2001, 2002), 2000, 2001)
    array([0.45], dtype=float32)
    """
    planes, stated = stack(series, years)
    mean = np.empty(planes.shape[1], dtype=np.float32)
    mean_of(_within(planes, stated, (first, last)), mean)
    return mean.reshape(series.shape[1:])


def land_units(soil: NDArray[np.integer[Any]], land_cover: Codes) -> NDArray[np.int32]:
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


def performance_reference(mean: Series, units: NDArray[np.integer[Any]]) -> Reference:
    """The 90th percentile of the index in each unit.

    Parameters
    ----------
    mean
        Mean of the index over the period, NaN = unknown. Zero is left out, as in the reference.
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
    counts = ~np.isnan(values) & (values != 0) & (flat != NO_DATA) & (flat != OUTSIDE)
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


def performance(
    mean: Series, units: NDArray[np.integer[Any]], reference: Reference | None = None
) -> Codes:
    """Land at most half as productive as the best of its kind.

    Parameters
    ----------
    mean
        Mean of the index over the period, NaN = unknown.
    units
        Codes of units of comparable land, see :func:`land_units`.
    reference
        Of the whole area, from :func:`performance_reference`, so that blocks of a raster share
        one; by default that of these cells. The result depends on the area it was made of.

    Returns
    -------
    array of int16
        -1 where mean / reference is at most 0.5, else 0; ``OUTSIDE`` where the unit says so;
        ``NO_DATA`` where the mean or unit is unknown, or the reference has no such unit or is 0.

    Raises
    ------
    GridMismatch
        When shapes differ.

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


def _recoded(codes: Codes, table: Codes, lowest: int, others_stay: bool = False) -> Codes:
    flat = flat_codes(codes)
    recoded = np.empty(flat.size, dtype=np.int16)
    recode(flat, table, np.int32(lowest), others_stay, recoded)
    return recoded.reshape(np.shape(codes))


def _periods(
    series: Series, years: Sequence[int], baseline: tuple[int, int], recent: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    planes, stated = stack(series, years)
    return _within(planes, stated, baseline), _within(planes, stated, recent)


def _within(
    planes: NDArray[np.float32], years: tuple[int, ...], period: tuple[int, int]
) -> NDArray[np.float32]:
    """The planes of a period, which must be whole."""
    first, last = period
    if last < first:
        raise BadParameter("period", f"{first}-{last}", f"{last}-{first}")
    missing = tuple(sorted(set(range(first, last + 1)) - set(years)))
    if missing:
        raise PeriodOutsideData("vegetation_index", f"{first}-{last}", missing)
    return planes[years.index(first) : years.index(last) + 1]


def _flat_units(
    mean: Series, units: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    require_one_shape(mean=mean, units=units)
    values = np.ascontiguousarray(mean, dtype=np.float32).ravel()
    return values, np.ascontiguousarray(units, dtype=np.int32).ravel()
