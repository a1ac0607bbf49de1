"""Trajectory of an annual vegetation index: slope, Mann-Kendall's S, its p, and the class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.mann_kendall import (
    MAX_YEARS,
    p_values,
    reference_limits,
    require_years,
    score_limit,
)
from gis.land_degradation.series import Series, stack
from gis.land_degradation.trend_kernel import (
    class_by_p,
    class_by_score,
    slope_and_score,
    tie_keys,
    untied_p,
)

Thresholds = Literal["reference", "exact", "gpg-v2"]
THRESHOLDS: tuple[Thresholds, ...] = ("reference", "exact", "gpg-v2")
LEAST_SLOPE = 0.001
"""Change of the index in a year up to which there is no trend, however steady."""

_ROUNDING = 1e-7
"""What a slope of float32 values may lose; a slope of exactly the least one is still none."""
_LEVELS = (0.10, 0.05, 0.01)
_POTENTIAL_Z, _SIGNIFICANT_Z = 1.28, 1.96


@dataclass(frozen=True)
class Trajectory:
    """The trend of every cell over the same years.

    Attributes
    ----------
    slope
        float32, least squares, index units a year; NaN where a year is missing.
    s
        int16, concordant less discordant pairs of years; ``NO_DATA`` where a year is missing.
    p
        float32, exact two-sided p of S, ties taken into account; NaN where a year is missing.
    years_used
        How many years there are.
    """

    slope: NDArray[np.float32]
    s: NDArray[np.int16]
    p: NDArray[np.float32]
    years_used: int


@dataclass(frozen=True)
class PointTrend:
    """The trend at one place: the line ``intercept + slope * year``, S, p and years known."""

    slope: float
    intercept: float
    s: int
    p: float
    n: int


def trajectory(series: Series, years: Sequence[int]) -> Trajectory:
    """Slope, S and p of every cell.

    Parameters
    ----------
    series
        Annual vegetation index (year, ...), float, in index units (-1 to 1); NaN = unknown.
    years
        The year of each plane, ascending; gaps are allowed. 4 to 100 of them.

    Returns
    -------
    Trajectory
        Arrays of the shape of one plane. A cell with a missing year has no trend.

    Raises
    ------
    ValueError
        When the series does not hold one plane a year.
    YearsOutOfOrder, TooFewYears, TooManyYears

    Notes
    -----
    Mann (1945), *Econometrica* 13; Kendall (1975), *Rank Correlation Methods*. The reference
    computes the same slope and S, but no p.

    Examples
    --------
    >>> series = np.float32([0.50, 0.52, 0.51, 0.54, 0.56]).reshape(5, 1)
    >>> found = trajectory(series, range(2000, 2005))
    >>> found.slope.round(3), found.s, found.p.round(3)
    (array([0.014], dtype=float32), array([8], dtype=int16), array([0.083], dtype=float32))
    """
    planes, stated = stack(series, years)
    require_years(len(stated), MAX_YEARS)
    slope = np.empty(planes.shape[1], dtype=np.float32)
    score = np.empty(planes.shape[1], dtype=np.int16)
    equal = np.empty(planes.shape[1], dtype=np.int16)
    slope_and_score(planes, _weights(stated), slope, score, equal)
    p = _p(planes, score, np.flatnonzero(equal))
    shape = series.shape[1:]
    return Trajectory(slope.reshape(shape), score.reshape(shape), p.reshape(shape), len(stated))


def significance(
    slope: NDArray[np.float32],
    s: NDArray[np.int16],
    number_of_years: int,
    thresholds: Thresholds = "reference",
    p: NDArray[np.float32] | None = None,
) -> NDArray[np.int16]:
    """How sure a trend is: 1, 2, 3 at 90, 95, 99 % (-1, -2, -3 for decline), 0 for none.

    Parameters
    ----------
    slope, s, p
        As in :class:`Trajectory`; ``p`` is needed by ``exact`` only.
    number_of_years
        On which they rest.
    thresholds
        ``reference``: abs(S) against the tables of Trends.Earth, whose "95 %" is about p = 0.12;
        a slope of at most 0.001 a year is none. ``exact``: p at most 0.10, 0.05, 0.01, and the
        same least slope. ``gpg-v2``: Good Practice Guidance version 2 (2021), Z beyond 1.28
        (potential: 1) or 1.96 (2), its sign that of S, no least slope; Z without correction for
        ties, which are few in an index of four decimals and would only raise it.

    Returns
    -------
    array of int16
        ``NO_DATA`` where the trend is unknown, ``OUTSIDE`` where S says so.

    Raises
    ------
    BadParameter
        When the thresholds are unknown.
    GridMismatch
        When shapes differ.
    ValueError
        When ``exact`` is asked for without p.
    TooFewYears, TooManyYears
        The reference's tables end at 60 years.

    Examples
    --------
    >>> slope, s = np.float32([0.01, 0.01, -0.01, 0.0005]), np.int16([28, 36, -60, 90])
    >>> significance(slope, s, 16)
    array([ 0,  2, -3,  0], dtype=int16)
    """
    shape = require_one_shape(slope=slope, s=s)
    score, slopes = flat_codes(s), _flat(slope)
    codes = np.empty(score.size, dtype=np.int16)
    least = np.float64(LEAST_SLOPE + _ROUNDING)
    if thresholds == "reference":
        limits = np.array(reference_limits(number_of_years), dtype=np.float64)
        class_by_score(slopes, score, limits, least, codes)
    elif thresholds == "exact":
        if p is None:
            raise ValueError("exact thresholds need p")
        require_years(number_of_years, MAX_YEARS)
        require_one_shape(p=p, s=s)
        class_by_p(slopes, score, _flat(p), np.array(_LEVELS, dtype=np.float32), least, codes)
    elif thresholds == "gpg-v2":
        potential = score_limit(number_of_years, _POTENTIAL_Z)
        # S is a whole number: beyond a limit is at the next one.
        sure = np.floor(score_limit(number_of_years, _SIGNIFICANT_Z)) + 1
        limits = np.array([potential, sure, np.inf])
        signs = np.where(np.isnan(slopes), slopes, score.astype(np.float32))
        class_by_score(signs, score, limits, np.float64(0), codes)
    else:
        raise BadParameter("significance", thresholds, THRESHOLDS)
    return codes.reshape(shape)


def point_trend(values: Sequence[float], years: Sequence[int]) -> PointTrend:
    """The trend at one place, over the years that are known there.

    Parameters
    ----------
    values
        Vegetation index of each year; NaN = unknown, left out.
    years
        Ascending.

    Raises
    ------
    YearsOutOfOrder
    TooFewYears
        When fewer than four years are known.

    Examples
    --------
    >>> found = point_trend([0.5, 0.52, float("nan"), 0.51, 0.54, 0.56], range(2000, 2006))
    >>> found.n, found.s, round(found.slope, 4), round(found.p, 3)
    (5, 8, 0.01, 0.083)
    """
    planes, stated = stack(np.asarray(values, dtype=np.float64).reshape(-1, 1), years)
    known = ~np.isnan(planes[:, 0])
    kept = tuple(year for year, there in zip(stated, known, strict=True) if there)
    found = trajectory(planes[known], kept)
    slope = float(found.slope[0])
    intercept = float(planes[known].mean(dtype=np.float64)) - slope * float(np.mean(kept))
    return PointTrend(slope, intercept, int(found.s[0]), float(found.p[0]), len(kept))


def _weights(years: tuple[int, ...]) -> NDArray[np.float64]:
    away = np.array(years, dtype=np.float64) - np.mean(years)
    return np.asarray(away / np.square(away).sum(), dtype=np.float64)


def _p(
    planes: NDArray[np.float32], score: NDArray[np.int16], tied: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Exact p of every cell; a table is made once for each set of tie groups that occurs."""
    years = len(planes)
    p = np.empty(score.size, dtype=np.float32)
    untied_p(score, p_values(years).astype(np.float32), p)
    primes = _primes(years)
    keys = np.empty(tied.size, dtype=np.int64)
    tie_keys(planes, tied, np.array(primes, dtype=np.int64), keys)
    patterns, pattern = np.unique(keys, return_inverse=True)
    tables = [p_values(years, _groups(int(key), primes)) for key in patterns]
    if tables:
        starts = np.cumsum([0, *map(len, tables[:-1])])
        joined = np.concatenate(tables).astype(np.float32)
        p[tied] = joined[starts[pattern] + np.abs(score[tied])]
    return p


def _primes(years: int) -> list[int]:
    """For each size of a group of equal years 0, 1, 2, ... a number: 1 for up to one, then primes.

    Up to 100 years the product of all groups stays below 2^63.
    """
    primes: list[int] = []
    number = 2
    while len(primes) < years - 1:
        if all(number % prime for prime in primes):
            primes.append(number)
        number += 1
    return [1, 1, *primes]


def _groups(key: int, primes: list[int]) -> tuple[int, ...]:
    groups: list[int] = []
    for size, prime in enumerate(primes[2:], 2):
        while key % prime == 0:
            key //= prime
            groups.append(size)
    return tuple(groups)


def _flat(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
