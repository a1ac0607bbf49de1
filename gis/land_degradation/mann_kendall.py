"""Mann-Kendall's S under no trend: its exact distribution, ties included, and critical values."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import factorial, prod, sqrt
from operator import sub
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.errors import TooFewYears, TooManyYears
from gis.land_degradation.series import VEGETATION

MIN_YEARS = 4
"""Below, no S is rarer than one in ten."""
MAX_YEARS = 100
"""Up to which p is computed, always exactly."""
TABLE_YEARS = 60
"""Where the reference's tables end."""

_K90 = (
    *(4, 6, 7, 9, 10, 12, 15, 17, 18, 22, 23, 27, 28, 32, 35, 37, 40, 42, 45, 49, 52, 56, 59, 61),
    *(66, 68, 73, 75, 80, 84, 87, 91, 94, 98, 103, 107, 110, 114, 119, 123, 128, 132, 135, 141),
    *(144, 150, 153, 159, 162, 168, 173, 177, 182, 186, 191, 197, 202),
)
_K95 = (
    *(4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 31, 33, 36, 40, 43, 47, 50, 54, 59, 63, 66, 70, 75, 79),
    *(84, 88, 93, 97, 102, 106, 111, 115, 120, 126, 131, 137, 142, 146, 151, 157, 162, 168, 173),
    *(179, 186, 190, 197, 203, 208, 214, 221, 227, 232, 240, 245, 251, 258),
)
_K99 = (
    *(6, 8, 11, 18, 22, 25, 29, 34, 38, 41, 47, 50, 56, 61, 65, 70, 76, 81, 87, 92, 98, 105, 111),
    *(116, 124, 129, 135, 142, 150, 155, 163, 170, 176, 183, 191, 198, 206, 213, 221, 228, 236),
    *(245, 253, 260, 268, 277, 285, 294, 302, 311, 319, 328, 336, 345, 355, 364),
)


class Limits(NamedTuple):
    """Values of |S| from which a trend counts as significant at 90, 95 and 99 percent."""

    k90: float
    k95: float
    k99: float


def reference_limits(years: int) -> Limits:
    """Limits of the reference for a number of years.

    Parameters
    ----------
    years
        4 to 60.

    Raises
    ------
    TooFewYears, TooManyYears

    Notes
    -----
    From ``get_kendall_coef`` of Trends.Earth (trends.earth-algorithms, ``gee/stats.py``), which
    names table A.30 of Hollander and Wolfe (1999), *Nonparametric Statistical Methods*, 2nd
    edition. Compared with the exact distribution, each value is one step (2) below the least S
    whose **one-sided** p is at most 10, 5 or 1 %: "95 %" admits a two-sided p of about 0.12. In
    the last column the value for 7 years (15) is missing and every later one stands a year too
    early, so that 18 belongs to 8 years, not 7; it therefore ends at 59 years, and at 60 nothing
    is significant at 99 %.

    Examples
    --------
    >>> reference_limits(16)
    Limits(k90=28, k95=36, k99=56)
    """
    require_years(years, TABLE_YEARS)
    place = years - MIN_YEARS
    return Limits(_K90[place], _K95[place], _K99[place] if place < len(_K99) else float("inf"))


def score_limit(years: int, z: float) -> float:
    """The S at which the standard normal score Z reaches ``z``, without ties.

    Z = (abs(S) - 1) / sqrt(n (n - 1) (2 n + 5) / 18), after Kendall (1975), *Rank Correlation
    Methods*.

    >>> round(score_limit(16, 1.96), 2)
    44.53
    """
    require_years(years, MAX_YEARS)
    return 1 + z * sqrt(years * (years - 1) * (2 * years + 5) / 18)


@lru_cache(maxsize=10_000)
def p_values(years: int, ties: tuple[int, ...] = ()) -> NDArray[np.float64]:
    """Exact two-sided p of abs(S) = 0, 1, 2, ... when there is no trend.

    Parameters
    ----------
    years
        Number of years, all different.
    ties
        How many years share a value, one number a group of equals; groups of one may be left
        out. Their order has no effect.

    Returns
    -------
    array of float64
        Probability that abs(S) is at least its index; read-only.

    Notes
    -----
    Under no trend every order of the values is equally likely. The number of discordant pairs
    then has the generating function [n]! / ([t1]! [t2]! ...) with [k] = 1 + q + ... + q^(k-1)
    (MacMahon 1913, inversions of a multiset), and S = comparable pairs - 2 x discordant pairs.
    It is expanded in whole numbers and divided once, at the end.

    Examples
    --------
    >>> p_values(4).round(3).tolist()  # of 24 orders one has S = 6, one S = -6
    [1.0, 0.75, 0.75, 0.333, 0.333, 0.083, 0.083]
    >>> p_values(4, (2,)).round(3).tolist()  # of 12 orders
    [1.0, 1.0, 0.5, 0.5, 0.167, 0.167]
    """
    groups = [group for group in ties if group > 1]
    if sum(groups) > years:
        raise ValueError(f"{groups} equal values among {years}")
    below = list(accumulate(_inversions(years, groups)))
    orders = factorial(years) // prod(map(factorial, groups))
    pairs = len(below) - 1
    tails = [2 * below[(pairs - score) // 2] / orders for score in range(1, pairs + 1)]
    found: NDArray[np.float64] = np.minimum(np.array([1.0, *tails]), 1.0)
    found.flags.writeable = False
    return found


def require_years(years: int, most: int) -> None:
    """Check that a series is long enough for a trend, and not too long.

    Raises
    ------
    TooFewYears, TooManyYears
    """
    if years < MIN_YEARS:
        raise TooFewYears(VEGETATION, years, MIN_YEARS)
    if years > most:
        raise TooManyYears(VEGETATION, years, most)


def _inversions(years: int, groups: list[int]) -> list[int]:
    """Orders of the values by number of discordant pairs."""
    numerator = list(range(2, years + 1))
    divisor: list[int] = []
    for factor in (factor for group in groups for factor in range(2, group + 1)):
        if factor in numerator:
            numerator.remove(factor)
        else:
            divisor.append(factor)
    counts = [1]
    for factor in numerator:
        counts = _times(counts, factor)
    for factor in divisor:
        counts = _divided(counts, factor)
    return counts


def _times(counts: list[int], factor: int) -> list[int]:
    """Product with 1 + q + ... + q^(factor - 1)."""
    sums = list(accumulate(counts + [0] * (factor - 1)))
    return sums[:factor] + list(map(sub, sums[factor:], sums))


def _divided(counts: list[int], factor: int) -> list[int]:
    """Quotient by 1 + q + ... + q^(factor - 1), which leaves no rest."""
    steps = counts[:1] + list(map(sub, counts[1:], counts))
    for first in range(factor):
        steps[first::factor] = accumulate(steps[first::factor])
    return steps[: len(counts) - factor + 1]
