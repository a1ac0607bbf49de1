"""Mann-Kendall's p and tables: against full enumeration, scipy, and the published rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.stats import kendalltau, mannwhitneyu, norm

from gis.errors import TooFewYears, TooManyYears
from gis.land_degradation.mann_kendall import Limits, p_values, reference_limits, score_limit

# Trends.Earth against the exact distribution: years; k90, k95, k99; one-sided p at each, None
# where S is always even and the limit odd, or the other way round; what the two-sided 10, 5 and
# 1 % would need.
PUBLISHED = [
    (10, (15, 19, 29), (0.108, 0.054, 0.005), (21, 23, 29)),
    (12, (18, 24, 38), (0.125, 0.058, 0.004), (26, 30, 38)),
    (13, (22, 26, 41), (0.102, 0.064, None), (28, 34, 44)),
    (15, (27, 33, 50), (0.101, 0.057, None), (35, 41, 53)),
    (16, (28, 36, 56), (0.114, 0.058, 0.006), (38, 46, 58)),
    (18, (35, 43, 65), (0.100, 0.056, 0.007), (45, 53, 69)),
    (20, (40, 50, 76), (0.104, 0.056, 0.007), (52, 62, 80)),
    (23, (49, 63, 92), (0.104, 0.051, None), (65, 75, 99)),
    (25, (56, 70, 105), (0.101, 0.054, None), (72, 86, 110)),
]


def least(years: int, level: float, sides: int) -> int:
    """The least S that occurs and whose p is at most the level."""
    p = p_values(years)
    possible = range((len(p) - 1) % 2, len(p) + 2, 2)
    return next(s for s in possible if s >= len(p) or p[s] * sides / 2 <= level)


@pytest.mark.parametrize(("years", "limits", "one_sided", "two_sided"), PUBLISHED)
def test_published_rows(
    years: int,
    limits: tuple[int, int, int],
    one_sided: tuple[float | None, ...],
    two_sided: tuple[int, int, int],
) -> None:
    assert reference_limits(years) == limits
    pairs = years * (years - 1) // 2
    for limit, chance in zip(limits, one_sided, strict=True):
        assert (chance is None) == ((pairs - limit) % 2 == 1)
        if chance is not None:
            assert p_values(years)[limit] / 2 == pytest.approx(chance, abs=5.1e-4)
    assert tuple(least(years, level, 2) for level in (0.10, 0.05, 0.01)) == two_sided


@pytest.mark.parametrize(("years", "limit", "chance"), [(4, 4, 0.167), (5, 6, 0.117)])
def test_two_columns_are_one_for_few_years(years: int, limit: int, chance: float) -> None:
    assert reference_limits(years)[:2] == (limit, limit)
    assert p_values(years)[limit] / 2 == pytest.approx(chance, abs=5e-4)


@pytest.mark.parametrize("years", range(4, 61))
def test_every_row_is_one_step_below_the_exact_one_sided_value(years: int) -> None:
    """Derives the tables anew; the last column misses the value of 7 years, 15."""
    row = years if years < 7 else years + 1
    k99 = least(row, 0.01, 1) - 2 if years < 60 else float("inf")
    expected = Limits(least(years, 0.10, 1) - 2, least(years, 0.05, 1) - 2, k99)
    assert reference_limits(years) == expected
    assert least(7, 0.01, 1) - 2 == 15


def test_too_few_and_too_many_years() -> None:
    for years in (-1, 0, 3):
        with pytest.raises(TooFewYears) as few:
            reference_limits(years)
        assert (few.value.found, few.value.needed) == (years, 4)
    with pytest.raises(TooManyYears) as many:
        reference_limits(61)
    assert (many.value.found, many.value.allowed) == (61, 60)
    assert score_limit(61, 1.96) > 0
    with pytest.raises(TooManyYears):
        score_limit(101, 1.96)


def partitions(years: int, most: int | None = None) -> Iterator[tuple[int, ...]]:
    """Every way of years to share values."""
    if years == 0:
        yield ()
    for size in range(min(years, most or years), 0, -1):
        for rest in partitions(years - size, size):
            yield (size, *rest)


@pytest.mark.parametrize("years", range(1, 8))
def test_exact_p_equals_full_enumeration(years: int) -> None:
    orders = np.array(list(permutations(range(years))))
    for groups in partitions(years):
        values = np.repeat(np.arange(len(groups)), groups)[orders]
        score = np.zeros(len(orders), dtype=int)
        for earlier, later in combinations(range(years), 2):
            score += np.sign(values[:, later] - values[:, earlier])
        expected = [(np.abs(score) >= s).mean() for s in range(np.abs(score).max() + 1)]
        np.testing.assert_allclose(p_values(years, groups), expected, rtol=1e-14)


@pytest.mark.parametrize("years", [4, 9, 13, 16, 24, 33, 60, 100])
def test_exact_p_equals_scipy_without_ties(years: int) -> None:
    random = np.random.default_rng(years)
    pairs = years * (years - 1) // 2
    for strength in (0, 1, 3, 10, 100):
        values = random.normal(size=years) + strength * np.arange(years) / years
        peer = kendalltau(np.arange(years), values, method="exact")
        score = round(abs(peer.statistic) * pairs)
        assert p_values(years)[score] == pytest.approx(peer.pvalue, rel=1e-9)


@pytest.mark.parametrize(("high", "low"), [(1, 5), (2, 2), (3, 9), (12, 12), (5, 19), (20, 40)])
def test_exact_p_of_two_values_equals_scipy(high: int, low: int) -> None:
    """With two values the years of one are compared with those of the other: Mann-Whitney's U."""
    years = high + low
    random = np.random.default_rng(years)
    for shift in (0, low // 2, low):
        first = np.sort(random.permutation(years - shift)[:high]) + shift
        rest = np.setdiff1d(np.arange(years), first)
        peer = mannwhitneyu(first, rest, method="exact")
        score = abs(round(2 * peer.statistic - high * low))
        found = p_values(years, (high, low))[score]
        assert found == pytest.approx(peer.pvalue, rel=1e-9)


def test_with_many_years_and_ties_p_nears_the_normal_distribution() -> None:
    years, groups = 100, (10, 8, 8, 5, 5, 5, 3, 3, 2, 2)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in groups)
    spread = np.sqrt((years * (years - 1) * (2 * years + 5) - ties) / 18)
    p = p_values(years, groups)
    # S moves in steps of 2; the correction for it is half a step.
    for score in range(60 + len(p) % 2, 700, 160):
        near = 2 * norm.sf((score - 1) / spread)
        assert p[score] == pytest.approx(near, rel=0.05)


def test_p_falls_from_one() -> None:
    for years, groups in [(4, ()), (24, ()), (24, (2, 3)), (24, (24,)), (60, (30, 30))]:
        p = p_values(years, groups)
        assert p[0] == 1
        assert (np.diff(p) <= 0).all()
        assert (p > 0).all()
        assert not p.flags.writeable
    assert len(p_values(24, (24,))) == 1
    assert (p_values(9, (2, 3)) == p_values(9, (3, 1, 2))).all()
    with pytest.raises(ValueError, match="among 4"):
        p_values(4, (3, 2))
