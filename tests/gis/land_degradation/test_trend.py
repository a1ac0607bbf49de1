"""Trajectory: by hand, against scipy, at every limit; blocks, gaps and series that do not do."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import dask.array as da
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, linregress

from gis.errors import BadParameter, GridMismatch, TooFewYears, TooManyYears, YearsOutOfOrder
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.mann_kendall import p_values, reference_limits
from gis.land_degradation.trend import (
    THRESHOLDS,
    PointTrend,
    Thresholds,
    point_trend,
    significance,
    trajectory,
)

NAN = float("nan")


def series_of(rows: int, columns: int, years: int, seed: int = 0, digits: int = 2) -> Any:
    """Few digits, so that years tie; a cell in fifty lacks a year."""
    random = np.random.default_rng(seed)
    found = random.normal(0.5, 0.08, (years, rows, columns)).round(digits).astype(np.float32)
    found += random.choice(np.float32([-0.01, 0, 0.01]), (rows, columns)) * np.arange(
        years, dtype=np.float32
    ).reshape(-1, 1, 1)
    found[random.random(found.shape) < 0.02 / years] = NAN
    return found


BY_HAND = [
    # values, slope, S, p
    ((0.1, 0.2, 0.3, 0.4), 0.1, 6, 2 / 24),
    ((0.4, 0.3, 0.2, 0.1), -0.1, -6, 2 / 24),
    ((0.1, 0.3, 0.2, 0.4), 0.08, 4, 8 / 24),
    # Twelve orders of two equal values and two others; S = 5 or -5 in two of them.
    ((0.1, 0.2, 0.2, 0.4), 0.09, 5, 2 / 12),
    # Six orders of two pairs; S = 4 or -4 in two of them.
    ((0.1, 0.1, 0.4, 0.4), 0.12, 4, 2 / 6),
    ((0.5, 0.5, 0.5, 0.5), 0.0, 0, 1.0),
    ((0.5, 0.5, 0.5, 0.9), 0.12, 3, 2 / 4),
]


@pytest.mark.parametrize(("values", "slope", "score", "p"), BY_HAND)
def test_by_hand(values: tuple[float, ...], slope: float, score: int, p: float) -> None:
    series = np.array(values, dtype=np.float32).reshape(4, 1, 1)
    found = trajectory(series, (2000, 2001, 2002, 2003))
    assert (found.slope.dtype, found.s.dtype, found.p.dtype) == (np.float32, np.int16, np.float32)
    assert found.years_used == 4
    np.testing.assert_allclose(found.slope, [[slope]], atol=1e-8)
    assert found.s.tolist() == [[score]]
    np.testing.assert_allclose(found.p, [[p]], rtol=1e-6)


def test_land_that_never_changed_has_a_slope_of_nothing() -> None:
    found = trajectory(np.full((24, 3, 3), 0.1, dtype=np.float32), range(2000, 2024))
    assert (found.slope == 0).all()
    assert (found.s == 0).all()
    assert (found.p == 1).all()


def test_a_gap_between_years_widens_the_step() -> None:
    series = np.float32([0.1, 0.2, 0.3, 0.6]).reshape(4, 1)
    # On 0, 1, 2, 5 the line through the ends is exact.
    assert trajectory(series, (2000, 2001, 2002, 2005)).slope[0] == pytest.approx(0.1)


@settings(deadline=None, max_examples=25)
@given(years=st.integers(4, 40), seed=st.integers(0, 2**32 - 1), digits=st.sampled_from([1, 2, 6]))
def test_equals_scipy(years: int, seed: int, digits: int) -> None:
    stated = np.arange(1990, 1990 + years)
    series = series_of(2, 3, years, seed, digits)
    found = trajectory(series, stated.tolist())
    for cell in np.ndindex(2, 3):
        values = series[(slice(None), *cell)].astype(np.float64)
        if np.isnan(values).any():
            assert np.isnan(found.slope[cell])
            assert np.isnan(found.p[cell])
            assert found.s[cell] == NO_DATA
            continue
        score = sum(np.sign(later - earlier) for earlier, later in combinations(values, 2))
        assert found.s[cell] == score
        line = linregress(stated, values)
        assert found.slope[cell] == pytest.approx(line.slope, rel=1e-5, abs=1e-9)
        sizes = np.unique(values, return_counts=True)[1]
        assert found.p[cell] == np.float32(p_values(years, tuple(sizes))[abs(int(score))])
        if sizes.max() == 1:
            peer = kendalltau(stated, values, method="exact").pvalue
            assert found.p[cell] == pytest.approx(peer, rel=1e-6)


@settings(deadline=None, max_examples=20)
@given(years=st.integers(4, 30), seed=st.integers(0, 2**32 - 1))
def test_time_reversed_is_decline_for_gain(years: int, seed: int) -> None:
    series = series_of(3, 3, years, seed)
    forth = trajectory(series, range(2000, 2000 + years))
    back = trajectory(series[::-1], range(2000, 2000 + years))
    known = ~np.isnan(forth.slope)
    np.testing.assert_allclose(back.slope[known], -forth.slope[known], atol=1e-7)
    np.testing.assert_array_equal(back.s[known], -forth.s[known])
    np.testing.assert_array_equal(back.p, forth.p)


def test_a_missing_year_leaves_the_other_cells_alone() -> None:
    series = series_of(5, 5, 12, digits=4)
    series[np.isnan(series)] = 0.5
    whole = trajectory(series, range(2000, 2012))
    for year in (0, 5, 11):
        holed = series.copy()
        holed[year, 2, 3] = NAN
        found = trajectory(holed, range(2000, 2012))
        assert np.isnan(found.slope[2, 3])
        assert np.isnan(found.p[2, 3])
        assert found.s[2, 3] == NO_DATA
        others = np.ones((5, 5), dtype=bool)
        others[2, 3] = False
        np.testing.assert_array_equal(found.slope[others], whole.slope[others])
        np.testing.assert_array_equal(found.p[others], whole.p[others])


def test_all_no_data_and_one_valid_cell() -> None:
    series = np.full((10, 3, 4), NAN, dtype=np.float32)
    empty = trajectory(series, range(2000, 2010))
    assert np.isnan(empty.slope).all()
    assert (empty.s == NO_DATA).all()
    series[:, 1, 2] = np.linspace(0.2, 0.6, 10)
    found = trajectory(series, range(2000, 2010))
    assert (found.s != NO_DATA).sum() == 1
    assert found.s[1, 2] == 45
    for thresholds in THRESHOLDS:
        codes = significance(found.slope, found.s, 10, thresholds, found.p)
        expected = 2 if thresholds == "gpg-v2" else 3
        assert codes[1, 2] == expected
        assert (codes == NO_DATA).sum() == 11


@pytest.mark.parametrize(
    ("years", "error"),
    [
        ((2000, 2002, 2001, 2003), YearsOutOfOrder),
        ((2000, 2001, 2001, 2003), YearsOutOfOrder),
        ((2003, 2002, 2001, 2000), YearsOutOfOrder),
        ((2000, 2001, 2002), TooFewYears),
        ((), TooFewYears),
        (tuple(range(1900, 2001)), TooManyYears),
        ((2000, 2001, 2002, 2003, 2004), None),
    ],
)
def test_years_that_do_not_do(years: tuple[int, ...], error: type[Exception] | None) -> None:
    planes = len(years) if error else 4
    series = np.zeros((planes, 2, 2), dtype=np.float32)
    with pytest.raises(error or ValueError):
        trajectory(series, years)


def test_a_series_holds_quantities_by_year() -> None:
    with pytest.raises(ValueError, match="quantities"):
        trajectory(np.zeros((4, 2, 2), dtype=np.int16), range(4))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="4 years"):
        trajectory(np.float32(0.5), range(4))  # type: ignore[arg-type]
    assert trajectory(np.zeros((4, 0, 3), dtype=np.float32), range(4)).s.shape == (0, 3)
    assert trajectory(np.zeros(4, dtype=np.float32), range(4)).s.shape == ()


def test_the_longest_series_holds_its_numbers() -> None:
    series = np.stack([np.arange(100), -np.arange(100), np.arange(100) // 4], axis=1)
    found = trajectory(series.astype(np.float32), range(1950, 2050))
    assert found.s.tolist() == [4950, -4950, 4950 - 25 * 6]
    assert (found.p == 0).tolist() == [True, True, True]  # below the least float32
    np.testing.assert_allclose(found.slope[:2], [1, -1])


def classes(
    slope: float, score: int, years: int, thresholds: Thresholds = "reference", p: float = NAN
) -> int:
    found = significance(
        np.array([[slope]], dtype=np.float32),
        np.array([[score]], dtype=np.int16),
        years,
        thresholds,
        np.array([[p]], dtype=np.float32),
    )
    assert found.dtype == np.int16
    assert found.shape == (1, 1)
    return int(found[0, 0])


@pytest.mark.parametrize("years", range(4, 61))
def test_reference_at_its_limits(years: int) -> None:
    """In the words of the reference: from k90, k95, k99 on 1, 2, 3; then up to k90 again 0."""
    k90, k95, k99 = reference_limits(years)
    for score, sign in product(range(years * (years - 1) // 2 + 1), (1, -1)):
        expected = 0
        for rank, limit in enumerate((k90, k95, k99), 1):
            expected = rank if score >= limit else expected
        expected = 0 if score <= k90 else expected
        assert classes(0.01 * sign, score * sign, years) == expected * sign


@pytest.mark.parametrize(
    ("slope", "expected"),
    [(0.0011, 3), (0.001, 0), (-0.001, 0), (0, 0), (0.0009, 0), (-0.0011, -3), (NAN, NO_DATA)],
)
def test_a_small_slope_is_no_trend(slope: float, expected: int) -> None:
    assert classes(slope, 105, 15) == expected
    assert classes(slope, 105, 15, "exact", 1e-6) == expected


def test_a_slope_of_just_one_thousandth_a_year_is_none() -> None:
    for start in (0.1, 0.37, 0.8):
        rising = np.array([start + 0.001 * year for year in range(16)], dtype=np.float32)
        found = trajectory(rising.reshape(16, 1, 1), range(2000, 2016))
        assert found.s.item() == 120
        assert significance(found.slope, found.s, 16).item() == 0


def test_the_slope_tells_the_direction() -> None:
    # A late fall may outweigh many small gains.
    assert classes(-0.01, 60, 15) == -3
    assert classes(-0.01, 60, 15, "exact", 0.001) == -3
    assert classes(-0.01, 60, 15, "gpg-v2") == 2


@pytest.mark.parametrize(
    ("p", "expected"),
    [(1, 0), (0.1001, 0), (0.1, 1), (0.0501, 1), (0.05, 2), (0.0101, 2), (0.01, 3), (0, 3)],
)
def test_exact_at_its_limits(p: float, expected: int) -> None:
    assert classes(0.01, 30, 16, "exact", p) == expected
    assert classes(-0.01, -30, 16, "exact", p) == -expected
    assert classes(0.01, 30, 16, "exact", NAN) == NO_DATA


@pytest.mark.parametrize(
    ("years", "scores"),
    [
        # The least S beyond Z = 1.28 and 1.96: 1 + Z x sqrt(n (n - 1) (2 n + 5) / 18).
        (10, (17, 23)),  # spread 11.18: 15.3 and 22.9
        (16, (30, 46)),  # 22.21: 29.4 and 44.5
        (24, (54, 82)),  # 40.32: 52.6 and 80.03
    ],
)
def test_guidance_at_its_limits(years: int, scores: tuple[int, int]) -> None:
    potential, sure = scores
    assert classes(0.01, potential - 2, years, "gpg-v2") == 0
    assert classes(0.01, potential, years, "gpg-v2") == 1
    assert classes(0.01, sure - 2, years, "gpg-v2") == 1
    assert classes(0.01, sure, years, "gpg-v2") == 2
    assert classes(-0.01, -sure, years, "gpg-v2") == -2
    assert classes(0.0001, sure, years, "gpg-v2") == 2
    assert classes(NAN, sure, years, "gpg-v2") == NO_DATA


def test_the_reference_takes_for_sure_what_is_not() -> None:
    """S = 36 in 16 years: "95 %" of the reference, two-sided p = 0.116."""
    assert p_values(16)[36] == pytest.approx(0.116, abs=5e-4)
    assert classes(0.01, 38, 16) == 2
    assert classes(0.01, 38, 16, "exact", float(p_values(16)[38])) == 1
    assert classes(0.01, 38, 16, "gpg-v2") == 1


@pytest.mark.parametrize("thresholds", THRESHOLDS)
def test_no_data_and_outside_stay(thresholds: Thresholds) -> None:
    slope = np.float32([[NAN, NAN, 0.01, 0.01, NAN]])
    score = np.array([[NO_DATA, OUTSIDE, OUTSIDE, NO_DATA, 40]], dtype=np.int16)
    p = np.float32([[NAN, NAN, 0.001, 0.001, 0.001]])
    found = significance(slope, score, 16, thresholds, p)
    assert found.tolist() == [[NO_DATA, OUTSIDE, OUTSIDE, NO_DATA, NO_DATA]]


def test_what_significance_refuses() -> None:
    slope, score = np.ones((2, 3), dtype=np.float32), np.ones((2, 3), dtype=np.int16)
    with pytest.raises(BadParameter) as caught:
        significance(slope, score, 16, "95 %")  # type: ignore[arg-type]
    assert caught.value.allowed == THRESHOLDS
    with pytest.raises(ValueError, match="need p"):
        significance(slope, score, 16, "exact")
    with pytest.raises(GridMismatch):
        significance(slope.T, score, 16)
    with pytest.raises(GridMismatch):
        significance(slope, score, 16, "exact", slope.T)
    for thresholds, years in product(THRESHOLDS, (3, 101)):
        with pytest.raises((TooFewYears, TooManyYears)):
            significance(slope, score, years, thresholds, slope)


def test_inputs_are_left_alone() -> None:
    series = series_of(4, 4, 9)
    kept = series.copy()
    found = trajectory(series, range(9))
    slope, score, p = found.slope.copy(), found.s.copy(), found.p.copy()
    for thresholds in THRESHOLDS:
        significance(found.slope, found.s, 9, thresholds, found.p)
    np.testing.assert_array_equal(series, kept)
    for before, after in ((slope, found.slope), (score, found.s), (p, found.p)):
        np.testing.assert_array_equal(before, after)


def test_one_place() -> None:
    values = [0.40, NAN, 0.44, 0.46, NAN, 0.50, NAN]
    found = point_trend(values, range(2000, 2007))
    assert isinstance(found, PointTrend)
    assert (found.n, found.s) == (4, 6)
    assert found.slope == pytest.approx(0.02)
    assert found.p == pytest.approx(2 / 24)
    for year in (2000, 2006):
        line = found.intercept + found.slope * year
        assert line == pytest.approx(0.40 + 0.02 * (year - 2000), abs=1e-5)
    with pytest.raises(TooFewYears) as caught:
        point_trend([0.4, NAN, 0.5, NAN, 0.5], range(5))
    assert caught.value.found == 3
    with pytest.raises(YearsOutOfOrder):
        point_trend([0.1, 0.2, 0.3, 0.4], (2000, 2002, 2001, 2003))


def test_blocks_give_the_same_bits() -> None:
    years = list(range(2000, 2016))
    series = series_of(61, 83, 16, seed=4)
    assert np.isnan(series).any()
    whole = trajectory(series, years)
    blocks = da.from_array(series, chunks=(16, 20, 27))
    for name in ("slope", "s", "p"):
        expected = getattr(whole, name)
        part = blocks.map_blocks(
            lambda block, name=name: getattr(trajectory(block, years), name),
            drop_axis=0,
            dtype=expected.dtype,
        )
        np.testing.assert_array_equal(part.compute(), expected)


def test_lazily_through_xarray_the_same_bits() -> None:
    years = list(range(2000, 2016))
    series = xr.DataArray(series_of(30, 41, 16, seed=5), dims=("year", "y", "x"))

    def classed(block: Any) -> Any:
        found = trajectory(np.moveaxis(block, -1, 0), years)
        return significance(found.slope, found.s, found.years_used, "exact", found.p)

    def run(array: xr.DataArray) -> xr.DataArray:
        return xr.apply_ufunc(
            classed,
            array,
            input_core_dims=[["year"]],
            dask="parallelized",
            output_dtypes=[np.int16],
        )

    lazy = run(series.chunk({"year": -1, "y": 7, "x": 11}))
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy.compute(), run(series))
