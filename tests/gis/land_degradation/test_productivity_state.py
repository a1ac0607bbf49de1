"""State, means of periods and performance: by hand, and against plain numpy."""

from __future__ import annotations

from typing import Any

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import BadParameter, GridMismatch, PeriodOutsideData, YearsOutOfOrder
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.productivity import (
    land_units,
    performance,
    performance_reference,
    period_mean,
    state,
    state_z,
    z_degradation,
)

NAN = float("nan")
YEARS = range(2000, 2016)
RISING = [0.40 + 0.01 * step for step in range(13)]
"""With .394 and .526 at its ends the deciles are .404, .418 ... .516; the fifth is the mean."""


def one_cell(*values: float) -> Any:
    return np.array(values, dtype=np.float32).reshape(-1, 1)


@pytest.mark.parametrize(
    ("recent", "change"),
    [
        (0.30, -4),
        (0.404, -4),
        (0.405, -3),
        (0.418, -3),
        (0.419, -2),
        (0.433, -1),
        (0.448, 0),
        # within 0.01 of the mean of 0.46, though class 6
        (0.469, 0),
        (0.470, 0),
        (0.471, 1),
        (0.475, 2),
        (0.489, 3),
        (0.516, 4),
        (0.517, 5),
        (0.90, 5),
    ],
)
def test_state_by_hand(recent: float, change: int) -> None:
    assert state(one_cell(*RISING, recent, recent, recent), YEARS).tolist() == [change]


def test_the_ends_of_a_short_baseline() -> None:
    # Ends .39 and .61: the first decile is six tenths of the way from .39 to .40, .396.
    years, baseline = range(2000, 2006), (0.40, 0.45, 0.50, 0.55, 0.60)
    for recent, change in ((0.3955, -4), (0.3965, -3), (0.6035, 4), (0.6045, 5)):
        series = one_cell(*baseline, recent)
        assert state(series, years, (2000, 2004), (2005, 2005)).tolist() == [change]


def test_land_that_never_changed_is_in_no_other_class() -> None:
    assert state(one_cell(*[0.5] * 16), YEARS).tolist() == [0]
    # One class is all that a baseline without range has: up to it 1, above it 10.
    assert state(one_cell(*[0.5] * 13, 0.52, 0.52, 0.52), YEARS).tolist() == [9]
    assert state(one_cell(*[0.5] * 13, 0.48, 0.48, 0.48), YEARS).tolist() == [0]


def test_only_years_of_the_periods_count() -> None:
    series = one_cell(NAN, *RISING, 0.9, 0.9, 0.9, NAN)
    found = state(series, range(1999, 2017))
    assert found.tolist() == [5]
    moved = state(series, range(2003, 2021), baseline=(2004, 2016), recent=(2017, 2019))
    assert moved.tolist() == [5]
    for missing in (0, 12, 13, 15):
        values = [*RISING, 0.9, 0.9, 0.9]
        values[missing] = NAN
        assert state(one_cell(*values), YEARS).tolist() == [NO_DATA]
        assert np.isnan(state_z(one_cell(*values), YEARS)).all()


def plain_state(series: Any, baseline: int) -> Any:
    """The same with numpy's percentiles, cell by cell, after ``productivity_state``."""
    found = np.zeros(series.shape[1:], dtype=np.int16)
    for cell in np.ndindex(found.shape):
        values = series[(slice(None), *cell)].astype(np.float64)
        early, late = values[:baseline], values[baseline:]
        margin = 0.05 * (early.max() - early.min())
        extended = [*early, early.min() - margin, early.max() + margin]
        deciles = np.percentile(extended, range(10, 100, 10))
        # A mean on a decile, but for rounding, lies below it.
        classes = [1 + int((mean - 1e-6 > deciles).sum()) for mean in (early.mean(), late.mean())]
        if abs(late.mean() - early.mean()) > 0.01 + 1e-6:
            found[cell] = classes[1] - classes[0]
    return found


@settings(deadline=None, max_examples=30)
@given(
    baseline=st.integers(1, 20),
    recent=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
    spread=st.sampled_from([0.01, 0.05, 0.3]),
)
def test_state_equals_plain_numpy(baseline: int, recent: int, seed: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    years = range(2000, 2000 + baseline + recent)
    series = random.normal(0.5, spread, (len(years), 4, 5)).astype(np.float32)
    found = state(
        series, years, (2000, 1999 + baseline), (2000 + baseline, 1999 + baseline + recent)
    )
    np.testing.assert_array_equal(found, plain_state(series, baseline))


def test_z_by_hand() -> None:
    # Baseline 1, 3, 1, 3: mean 2, standard deviation 1. Recent mean 3.5 of four years: z = 3.
    series = one_cell(1, 3, 1, 3, 3.5, 3.5, 3, 4)
    found = state_z(series, range(2000, 2008), (2000, 2003), (2004, 2007))
    assert found.dtype == np.float32
    assert found.tolist() == [3.0]
    flat = np.float32([[0.5, 0.5, 0.5]] * 13 + [[0.5, 0.6, 0.4]] * 3)
    assert state_z(flat, YEARS).tolist() == [0, np.inf, -np.inf]


def test_z_counts_beyond_the_limit() -> None:
    z = np.float32([[-np.inf, -1.97, -1.96, 0], [1.96, 1.97, np.inf, NAN]])
    assert z_degradation(z).tolist() == [[-1, -1, 0, 0], [0, 1, 1, NO_DATA]]


def test_mean_of_a_period() -> None:
    series = one_cell(0.1, 0.2, 0.6, NAN)
    years = (2001, 2002, 2003, 2005)
    assert period_mean(series, years, 2001, 2003)[0] == pytest.approx(0.3)
    assert period_mean(series, years, 2002, 2002)[0] == np.float32(0.2)
    assert np.isnan(period_mean(series, years, 2005, 2005)[0])


@pytest.mark.parametrize(
    ("first", "last", "missing"),
    [(1999, 2003, (1999, 2002)), (2003, 2006, (2005, 2006)), (2010, 2011, (2010, 2011))],
)
def test_a_period_that_the_series_lacks(first: int, last: int, missing: tuple[int, ...]) -> None:
    series, years = one_cell(0.1, 0.2, 0.3, 0.4), (2000, 2001, 2003, 2004)
    with pytest.raises(PeriodOutsideData) as caught:
        period_mean(series, years, first, last)
    assert caught.value.missing == missing
    with pytest.raises(PeriodOutsideData):
        state(series, years, (first, last), (2003, 2004))


def test_years_and_planes_that_do_not_fit() -> None:
    series = one_cell(0.1, 0.2, 0.3)
    with pytest.raises(YearsOutOfOrder):
        state(series, (2000, 2002, 2001))
    with pytest.raises(ValueError, match="4 years"):
        period_mean(series, range(2000, 2004), 2000, 2001)
    with pytest.raises(ValueError, match="quantities"):
        period_mean(series.astype(np.int16), range(2000, 2003), 2000, 2001)
    with pytest.raises(BadParameter):
        period_mean(series, range(2000, 2003), 2001, 2000)


def test_performance_by_hand() -> None:
    # Unit 1: 0.1 to 1.1, 90th percentile 1.0. Unit 2: one cell, its own reference.
    mean = np.float32([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [0.8, 0.9, 1.0, 1.1, 0.1, NAN, NAN]])
    units = np.int32([[1] * 7, [1, 1, 1, 1, 2, 1, 3]])
    codes, p90 = performance_reference(mean, units)
    assert codes.tolist() == [1, 2]
    np.testing.assert_allclose(p90, [1.0, 0.1], rtol=1e-6)
    exact = (codes, np.float64([1.0, 0.1]))
    found = performance(mean, units, exact)
    assert found.dtype == np.int16
    # Half of the reference counts as degraded.
    assert found.tolist() == [
        [-1, -1, -1, -1, -1, 0, 0],
        [0, 0, 0, 0, 0, NO_DATA, NO_DATA],
    ]


def test_what_has_no_performance() -> None:
    mean = np.float32([0.5, 0.5, 0.5, 0.0, 0.0, NAN])
    units = np.int32([1, NO_DATA, OUTSIDE, 1, 2, OUTSIDE])
    codes, p90 = performance_reference(mean, units)
    # Zero is left out of the percentile and is still the lesser half; unit 2 has nothing else.
    assert (codes.tolist(), p90.tolist()) == ([1], [0.5])
    expected = [0, NO_DATA, OUTSIDE, -1, NO_DATA, OUTSIDE]
    assert performance(mean, units).tolist() == expected
    unseen = performance(mean, np.full(6, 9, dtype=np.int32), (codes, p90))
    assert unseen.tolist() == [NO_DATA] * 6
    nothing = (np.int32([1]), np.float64([0.0]))
    assert performance(mean[:1], units[:1], nothing).tolist() == [NO_DATA]
    unknown = np.full((2, 2), NAN, dtype=np.float32)
    assert (performance(unknown, np.ones((2, 2), dtype=np.int32)) == NO_DATA).all()


def test_performance_depends_on_the_area() -> None:
    mean, units = np.float32([0.3, 0.4, 1.0, 1.0]), np.int32([7, 7, 7, 7])
    assert performance(mean, units).tolist() == [-1, -1, 0, 0]
    assert performance(mean[:2], units[:2]).tolist() == [0, 0]
    shared = performance_reference(mean, units)
    assert performance(mean[:2], units[:2], shared).tolist() == [-1, -1]


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_reference_equals_numpy_unit_by_unit(seed: int) -> None:
    random = np.random.default_rng(seed)
    mean = random.normal(0.4, 0.2, (9, 11)).astype(np.float32)
    mean[random.random(mean.shape) < 0.2] = NAN
    units = random.choice(np.int32([-5, 3, 40_000, NO_DATA, OUTSIDE]), mean.shape)
    codes, p90 = performance_reference(mean, units)
    for code, value in zip(codes, p90, strict=True):
        cells = mean[(units == code) & ~np.isnan(mean)].astype(np.float64)
        assert value == pytest.approx(np.percentile(cells, 90), rel=1e-12)
        ratio = mean[units == code] / value
        expected = np.where(np.isnan(ratio), NO_DATA, np.where(ratio <= 0.5, -1, 0))
        np.testing.assert_array_equal(performance(mean, units)[units == code], expected)


def test_units_of_land() -> None:
    soil = np.array([[12, 300, NO_DATA, OUTSIDE, 5]], dtype=np.int16)
    cover = np.array([[3, 36, 3, NO_DATA, OUTSIDE]], dtype=np.int16)
    found = land_units(soil, cover)
    assert found.dtype == np.int32
    assert found.tolist() == [[1203, 30036, NO_DATA, OUTSIDE, OUTSIDE]]
    # Beyond sixteen bits, and beyond thirty-two: neither may wrap round to another unit.
    assert land_units(np.int16([400]), np.int16([1])).tolist() == [40001]
    with pytest.raises(ValueError, match="units"):
        performance(np.ones(1, dtype=np.float32), np.array([2**32 + 1]))


@pytest.mark.parametrize("dtype", [np.int16, np.int64, np.float32, np.float64])
def test_a_mean_may_carry_codes(dtype: type) -> None:
    mean = np.array([2000, 4001, 8000, 8000, NO_DATA, OUTSIDE], dtype=dtype)
    # As values the codes would pull the best of the unit far below zero.
    assert performance_reference(mean, np.ones(6, dtype=np.int16))[1] == [8000]
    codes = performance(mean, np.ones(6, dtype=np.int16))
    assert codes.tolist() == [-1, 0, 0, 0, NO_DATA, OUTSIDE]


def test_shapes_must_agree() -> None:
    mean, units = np.ones((2, 3), dtype=np.float32), np.ones((3, 2), dtype=np.int32)
    for call in (performance, performance_reference):
        with pytest.raises(GridMismatch):
            call(mean, units)
    with pytest.raises(GridMismatch):
        land_units(units.astype(np.int16), mean.astype(np.int16))


def test_blocks_give_the_same_bits() -> None:
    random = np.random.default_rng(2)
    series = random.normal(0.5, 0.1, (16, 37, 53)).astype(np.float32)
    series[random.random(series.shape) < 0.01] = NAN
    units = random.integers(1, 6, (37, 53)).astype(np.int32)
    blocks = da.from_array(series, chunks=(16, 10, 17))
    for call, dtype in ((state, np.int16), (state_z, np.float32)):
        chunked = blocks.map_blocks(call, YEARS, drop_axis=0, dtype=dtype).compute()
        np.testing.assert_array_equal(chunked, call(series, YEARS))
    means = blocks.map_blocks(period_mean, YEARS, 2000, 2015, drop_axis=0, dtype=np.float32)
    whole = period_mean(series, YEARS, 2000, 2015)
    np.testing.assert_array_equal(means.compute(), whole)
    shared = performance_reference(whole, units)
    chunked = da.map_blocks(
        performance, means, da.from_array(units, chunks=(10, 17)), shared, dtype=np.int16
    )
    np.testing.assert_array_equal(chunked.compute(), performance(whole, units))
