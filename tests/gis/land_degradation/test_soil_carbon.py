"""Soil organic carbon: the 20-year rule by hand, credits of management, and what a change means."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import BadParameter, GridMismatch, UnknownClass
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.soil_carbon import (
    percent_degradation,
    stock_degradation,
    stock_series,
)

TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER, WATER = range(1, 8)
NAN = float("nan")
F = {
    "temperate-dry": 0.80,
    "temperate-moist": 0.69,
    "tropical-dry": 0.58,
    "tropical-moist": 0.48,
    "tropical-montane": 0.64,
}
ZONES = ("-", *("moist", "dry") * 4, "montane", "moist", "moist", "dry")
"""Of IPCC zones 0 to 12, as the reference recodes them; 9 and above are tropical."""
FACTORS = """
1   1   f  1    .1 .1 1
1   1   f  1    .1 .1 1
1/f 1/f 1  w    .1 .1 1
1   1  .71 1    .1 .1 1
2   2   2  2    1  1  1
2   2   2  2    1  1  1
1   1   1  1    1  1  1
"""
"""FL of the reference, rows initial, columns final; w is 1 / .71."""


def factor(initial: int, final: int, f: float) -> float:
    cell = FACTORS.strip().splitlines()[initial - 1].split()[final - 1]
    named = {"f": f, "1/f": 1 / f, "w": 1 / 0.71}
    return named[cell] if cell in named else float(cell)


def series(cover: list[int], initial: float = 100.0, **stated: Any) -> list[float]:
    """Stocks of one cell; tropical moist unless told otherwise."""
    years = np.array(cover, dtype=np.int16).reshape(-1, 1)
    climate = stated.pop("climate", "tropical-moist")
    found = stock_series(np.float32([initial]), years, climate, **stated)
    assert found.dtype == np.float32
    return [float(stock) for stock in found[:, 0]]


BY_HAND = [
    # tree or grass to crop, tropical moist: 52 % in 20 years, 2.6 a year
    ([TREE, CROP, CROP, CROP, CROP], "tropical-moist", [100, 97.4, 94.8, 92.2, 89.6]),
    ([GRASS, CROP, CROP], "tropical-moist", [100, 97.4, 94.8]),
    # tropical dry: 42 % in 20 years, 2.1 a year
    ([TREE] + [CROP] * 5, "tropical-dry", [100, 97.9, 95.8, 93.7, 91.6, 89.5]),
    # crop to tree: 100 / .48 in 20 years, 5.41667 a year
    ([CROP, TREE, TREE], "tropical-moist", [100, 105.41667, 110.83333]),
    # wetland drained, built over, restored
    ([WETLAND, CROP, CROP], "tropical-moist", [100, 98.55, 97.1]),
    ([CROP, ARTIFICIAL, ARTIFICIAL], "tropical-moist", [100, 95.5, 91]),
    ([OTHER, TREE, TREE], "tropical-moist", [100, 105, 110]),
    # no factor other than 1
    ([TREE, WETLAND, GRASS, WATER, CROP], "tropical-moist", [100, 100, 100, 100, 100]),
    # a new change restarts from the stock of that year: 94.8 x .52 / .48 / 20 = 5.135 a year
    ([TREE, CROP, CROP, TREE, TREE], "tropical-moist", [100, 97.4, 94.8, 99.935, 105.07]),
    # and ends the old one: to water nothing moves on
    ([TREE, CROP, WATER, WATER], "tropical-moist", [100, 97.4, 97.4, 97.4]),
    ([TREE], "tropical-moist", [100]),
]


@pytest.mark.parametrize(("cover", "climate", "stocks"), BY_HAND)
def test_by_hand(cover: list[int], climate: str, stocks: list[float]) -> None:
    assert series(cover, climate=climate) == pytest.approx(stocks, rel=1e-6)


@pytest.mark.parametrize(
    ("cover", "climate", "year", "meaning"),
    [
        (TREE, "tropical-moist", 3, 0),
        (TREE, "tropical-moist", 4, -1),
        (GRASS, "tropical-moist", 4, -1),
        (TREE, "tropical-dry", 4, 0),
        (TREE, "tropical-dry", 5, -1),
        (TREE, "temperate-dry", 9, 0),
        # 1 % a year: exactly -10 % in year 10 counts
        (TREE, "temperate-dry", 10, -1),
    ],
)
@pytest.mark.parametrize("initial", [100.0, 73.3, 41.17, 0.9])
def test_clearing_trips_in_year(
    cover: int, climate: str, year: int, meaning: int, initial: float
) -> None:
    stocks = series([cover] + [CROP] * 12, initial, climate=climate)
    found = stock_degradation(np.float32([stocks[0]]), np.float32([stocks[year]]), [False])
    assert found.tolist() == [meaning]


def test_trees_on_a_field_are_a_gain_in_year_two() -> None:
    stocks = series([CROP, TREE, TREE])
    dry = np.zeros(2, dtype=bool)
    found = stock_degradation(np.float32([100, 100]), np.float32(stocks[1:]), dry)
    assert found.tolist() == [0, 1]


@pytest.mark.parametrize("climate", F)
def test_every_transition_ends_at_its_factor_after_20_years(climate: str) -> None:
    pairs = list(product(range(1, 8), repeat=2))
    cover = np.array([[a] + [b] * 25 for a, b in pairs], dtype=np.int16).T
    found = stock_series(np.full(49, 50, dtype=np.float32), cover, climate)
    wanted = np.array([50 * factor(a, b, F[climate]) for a, b in pairs])
    np.testing.assert_allclose(found[20], wanted, rtol=1e-6)
    np.testing.assert_allclose(found[19], 50 + (wanted - 50) * 0.95, rtol=1e-6)
    # What was reached is kept.
    assert (found[21:] == found[20]).all()


@pytest.mark.parametrize("zone", range(1, 13))
def test_every_climate_zone(zone: int) -> None:
    name = f"{'tropical' if zone >= 9 else 'temperate'}-{ZONES[zone]}"
    for climate in (zone, np.int16([zone])):
        assert series([TREE, CROP, CROP], climate=climate) == series(
            [TREE, CROP, CROP], climate=name
        )


@pytest.mark.parametrize("zone", [0, 13, -1, int(NO_DATA), int(OUTSIDE)])
def test_without_a_climate_only_what_depends_on_it_is_unknown(zone: int) -> None:
    found = series([TREE, GRASS, CROP, CROP], climate=zone)
    assert found == pytest.approx([100, 100, NAN, NAN], nan_ok=True)
    assert series([OTHER, TREE], climate=zone) == [100, 105]


def test_names_of_zones_are_climates_too() -> None:
    assert series([TREE, CROP], climate="tropical-wet") == series([TREE, CROP])
    with pytest.raises(BadParameter):
        series([TREE, CROP], climate="none")
    with pytest.raises(BadParameter):
        series([TREE, CROP], climate="monsoon")


@pytest.mark.parametrize("strange", [0, 8, -1, 13, int(NO_DATA), int(OUTSIDE)])
def test_an_unknown_class_makes_the_stock_unknown_from_then_on(strange: int) -> None:
    found = series([TREE, CROP, strange, CROP])
    assert found == pytest.approx([100, 97.4, NAN, NAN], nan_ok=True)
    assert series([strange, CROP]) == pytest.approx([NAN, NAN], nan_ok=True)


def test_initial_stocks_of_any_kind() -> None:
    cover = np.full((2, 1, 4), CROP, dtype=np.int16)
    stocks = stock_series(np.int16([[40, 0, NO_DATA, OUTSIDE]]), cover, "tropical-moist")
    np.testing.assert_array_equal(stocks[1], np.float32([[40, 0, NAN, NAN]]))


def test_one_stock_serves_all_cells_and_one_cell_needs_no_axes() -> None:
    cover = np.int16([TREE, CROP, CROP])
    alone = stock_series(100.0, cover, "tropical-moist")
    assert alone.tolist() == pytest.approx([100, 97.4, 94.8])
    wide = np.broadcast_to(cover[:, None, None], (3, 2, 2))
    np.testing.assert_array_equal(
        stock_series(100, wide, 11), np.full((3, 2, 2), alone[:, None, None])
    )


def reference(initial: float, cover: list[int], f: float) -> list[float]:
    """The stepping of the reference, cell by cell (``gee/soc.py``), without its fault above ten."""
    stocks, change, since = [initial], 0.0, 2
    for before, now in pairwise(cover):
        since = since + 1 if before == now else 1
        if before != now:
            change = (stocks[-1] - stocks[-1] * factor(before, now, f)) / 20
        stocks.append(stocks[-1] - (0.0 if since > 20 else change))
    return stocks


@settings(deadline=None)
@given(
    cover=st.lists(st.integers(1, 7), min_size=1, max_size=40),
    stay=st.integers(1, 24),
    climate=st.sampled_from(sorted(F)),
    initial=st.floats(1, 300, width=32),
)
def test_follows_the_reference(cover: list[int], stay: int, climate: str, initial: float) -> None:
    held = [now for now in cover for _ in range(stay)]
    found = series(held, initial, climate=climate)
    assert found == pytest.approx(reference(initial, held, F[climate]), rel=1e-5, abs=1e-30)


FULL, REDUCED, NO_TILL = 1, 2, 3
LOW, MEDIUM, HIGH = 1, 2, 3
CREDITS = [
    # No-till in the moist tropics, 22 % in 20 years: 1.1 a year
    ([FULL, NO_TILL, NO_TILL, NO_TILL], None, [100, 101.1, 102.2, 103.3]),
    ([FULL, REDUCED, REDUCED], None, [100, 100.75, 101.5]),
    # one replough ends the credit, and the next starts from nothing
    (
        [FULL, NO_TILL, NO_TILL, NO_TILL, FULL, NO_TILL, NO_TILL],
        None,
        [100, 101.1, 102.2, 103.3, 100, 101.1, 102.2],
    ),
    # a year that nobody recorded counts as full
    ([FULL, NO_TILL, NO_DATA, NO_TILL], None, [100, 101.1, 100, 101.1]),
    ([NO_DATA, NO_TILL], None, [100, 101.1]),
    # from no-till back to reduced the credit moves, from where it is: (.15 - .033) / 20 a year
    (
        [FULL, NO_TILL, NO_TILL, NO_TILL, REDUCED, REDUCED],
        None,
        [100, 101.1, 102.2, 103.3, 103.885, 104.47],
    ),
    # the initial stock is one of full tillage, whatever is done in its year
    ([NO_TILL, NO_TILL, NO_TILL], None, [100, 101.1, 102.2]),
    ([NO_TILL, FULL, FULL], None, [100, 100, 100]),
    ([REDUCED, NO_TILL, NO_TILL], None, [100, 101.1, 102.2]),
    # inputs, low -8 %, high +11 %, in a straight line both ways
    (None, [MEDIUM, LOW, LOW], [100, 99.6, 99.2]),
    (None, [MEDIUM, HIGH, HIGH, MEDIUM], [100, 100.55, 101.1, 101.045]),
    (None, [LOW, LOW, LOW], [100, 99.6, 99.2]),
    (None, [LOW, MEDIUM], [100, 100]),
    # both multiply
    ([FULL, NO_TILL], [MEDIUM, HIGH], [100, 101.1 * 1.0055]),
]


@pytest.mark.parametrize(("tillage", "inputs", "stocks"), CREDITS)
def test_credits_by_hand(
    tillage: list[int] | None, inputs: list[int] | None, stocks: list[float]
) -> None:
    found = series(
        [CROP] * len(stocks),
        tillage=None if tillage is None else np.int16(tillage),
        inputs=None if inputs is None else np.int16(inputs),
    )
    assert found == pytest.approx(stocks, rel=1e-6)


def test_a_credit_is_whole_after_20_years_and_stays() -> None:
    years = 30
    found = series([CROP] * years, tillage=np.int16([FULL] + [NO_TILL] * (years - 1)))
    assert found[20:] == pytest.approx([122] * (years - 20), rel=1e-6)
    assert found[19] == pytest.approx(120.9, rel=1e-6)
    assert found == sorted(found)


def test_credits_count_on_cropland_only() -> None:
    tillage = np.int16([FULL, NO_TILL, NO_TILL, NO_TILL, NO_TILL])
    assert series([TREE] * 5, tillage=tillage) == [100] * 5
    # Cleared in the third year: both the loss and the credit begin then.
    cleared = series([TREE, TREE, CROP, CROP, CROP], tillage=tillage)
    wanted = [100, 100, 97.4 * 1.011, 94.8 * 1.022, 92.2 * 1.033]
    assert cleared == pytest.approx(wanted, rel=1e-6)


def test_leaving_cropland_ends_the_credits() -> None:
    levels = {"tillage": np.int16([FULL] + [NO_TILL] * 4), "inputs": np.int16([2] + [HIGH] * 4)}
    found = series([CROP, CROP, CROP, TREE, CROP], **levels)
    gain = 100 * (1 / 0.48 - 1) / 20
    tree = 100 + gain
    # Back on cropland: the stock of that year loses 2.6 %, credits start from nothing.
    again = tree * (1 - 0.026) * 1.011 * 1.0055
    wanted = [100, 101.1 * 1.0055, 102.2 * 1.011, tree, again]
    assert found == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(
    ("edition", "bound", "climate", "after_20"),
    [
        ("ipcc-2006", "central", "tropical-moist", 1.22),
        ("ipcc-2006", "low", "tropical-moist", 1.22 * 0.93),
        ("ipcc-2006", "high", "tropical-moist", 1.22 * 1.07),
        ("ipcc-2006", "central", "tropical-dry", 1.17),
        ("ipcc-2019", "central", "tropical-moist", 1.10),
        ("ipcc-2019", "low", "tropical-moist", 1.10 * 0.95),
        ("ipcc-2019", "central", "tropical-dry", 1.04),
        ("ipcc-2019", "central", "tropical-montane", 1.04),
        ("ipcc-2006", "central", "temperate-dry", 1.10),
        ("ipcc-2019", "central", 3, 1.09),
    ],
)
def test_editions_and_bounds(edition: str, bound: str, climate: Any, after_20: float) -> None:
    tillage = np.int16([FULL] + [NO_TILL] * 20)
    found = series([CROP] * 21, climate=climate, tillage=tillage, edition=edition, bound=bound)
    assert found[20] == pytest.approx(100 * after_20, rel=1e-6)


def test_ends_of_the_range_hold_the_centre_and_the_standard_has_no_range() -> None:
    tillage, inputs = np.int16([FULL] + [NO_TILL] * 9), np.int16([MEDIUM] + [HIGH] * 9)
    low, centre, high = (
        series([CROP] * 10, tillage=tillage, inputs=inputs, bound=bound)
        for bound in ("low", "central", "high")
    )
    assert all(a < b < c for a, b, c in zip(low[1:], centre[1:], high[1:], strict=True))
    standard = {tuple(series([TREE] + [CROP] * 9, bound=bound)) for bound in ("low", "high")}
    assert len(standard) == 1


@pytest.mark.parametrize("name", ["tillage", "inputs"])
def test_levels_by_year_or_by_cell_and_year(name: str) -> None:
    random = np.random.default_rng(1)
    cover = np.full((6, 3, 4), CROP, dtype=np.int16)
    by_year = random.integers(1, 4, 6).astype(np.int16)
    stock = random.uniform(20, 90, (3, 4)).astype(np.float32)
    one = stock_series(stock, cover, "tropical-dry", **{name: by_year})
    every = np.broadcast_to(by_year[:, None, None], cover.shape)
    np.testing.assert_array_equal(stock_series(stock, cover, "tropical-dry", **{name: every}), one)
    with pytest.raises(GridMismatch):
        stock_series(stock, cover, "tropical-dry", **{name: by_year[:5]})
    with pytest.raises(UnknownClass):
        stock_series(stock, cover, "tropical-dry", **{name: np.full(6, 4, dtype=np.int16)})


def test_settings_that_do_not_exist_and_shapes_that_differ_are_refused() -> None:
    for wrong in ({"edition": "ipcc-1996"}, {"bound": "middle"}):
        with pytest.raises(BadParameter):
            series([CROP, CROP], **wrong)
    cover = np.full((2, 3, 4), CROP, dtype=np.int16)
    with pytest.raises(GridMismatch):
        stock_series(np.ones((4, 3), dtype=np.float32), cover, "tropical-moist")
    with pytest.raises(GridMismatch):
        stock_series(np.ones((3, 4), dtype=np.float32), cover, np.ones((4, 3), dtype=np.int16))


def test_inputs_stay_as_they_are() -> None:
    random = np.random.default_rng(2)
    cover = random.integers(1, 8, (5, 4, 4)).astype(np.int16)
    stock = random.uniform(10, 80, (4, 4)).astype(np.float32)
    levels = random.integers(1, 4, (5, 4, 4)).astype(np.int16)
    climate = random.integers(0, 13, (4, 4)).astype(np.int16)
    for array in (cover, stock, levels, climate):
        array.flags.writeable = False
    stock_series(stock, cover, climate, levels, levels)


PERCENT = [
    # cut towards zero; both bounds count
    (-101, -1),
    (-100, -1),
    (-11, -1),
    (-10, -1),
    (-9, 0),
    (-1, 0),
    (0, 0),
    (9, 0),
    (10, 1),
    (32767, 1),
    (-102, int(NO_DATA)),
    (-32766, int(NO_DATA)),
    (int(NO_DATA), int(NO_DATA)),
    (int(OUTSIDE), int(OUTSIDE)),
]


@pytest.mark.parametrize(("percent", "meaning"), PERCENT)
def test_percent(percent: int, meaning: int) -> None:
    for dtype in (np.int16, np.int32, np.int64):
        values = np.array([percent], dtype=dtype)
        assert percent_degradation(values, np.array([False])).tolist() == [meaning]
    wet = percent_degradation(np.int16([percent]), np.array([True]))
    assert wet.tolist() == [OUTSIDE if percent == OUTSIDE else NO_DATA]


@pytest.mark.parametrize(
    ("percent", "meaning"),
    [
        (-9.99, 0),
        (-10.0, -1),
        (-10.9, -1),
        (9.99, 0),
        (10.0, 1),
        (-101.9, -1),
        (-102.0, int(NO_DATA)),
        (1e9, 1),
        (float("inf"), 1),
        (-1e9, int(NO_DATA)),
        (NAN, int(NO_DATA)),
    ],
)
def test_percent_with_decimals(percent: float, meaning: int) -> None:
    for dtype in (np.float32, np.float64):
        found = percent_degradation(np.array([percent], dtype=dtype), np.array([False]))
        assert found.tolist() == [meaning]


STOCKS = [
    # initial, final -> by hand: percent of the first, cut towards zero
    (40, 36, -1),
    (40, 37, 0),
    (40, 43, 0),
    (40, 44, 1),
    (40, 40, 0),
    (40, 0, -1),
    (30, 27, -1),
    (31, 28, 0),
    (1, 2, 1),
    (0, 5, int(NO_DATA)),
    (0, 0, int(NO_DATA)),
    (-3, 5, int(NO_DATA)),
    # more lost than there was: -101 still counts, below it is 0 as in the reference
    (100, -1, -1),
    (100, -2, 0),
    (40, -10, 0),
    # no difference overflows
    (32767, -32766, 0),
    (1, 32767, 1),
    (32767, 29491, 0),
    (32767, 29490, -1),
    (int(NO_DATA), 5, int(NO_DATA)),
    (5, int(NO_DATA), int(NO_DATA)),
    (int(OUTSIDE), int(NO_DATA), int(OUTSIDE)),
    (int(NO_DATA), int(OUTSIDE), int(OUTSIDE)),
]


@pytest.mark.parametrize(("initial", "final", "meaning"), STOCKS)
def test_stocks(initial: int, final: int, meaning: int) -> None:
    for dtype in (np.int16, np.int32, np.int64):
        first, second = np.array([initial], dtype=dtype), np.array([final], dtype=dtype)
        assert stock_degradation(first, second, np.array([False])).tolist() == [meaning]
    wet = stock_degradation(np.int16([initial]), np.int16([final]), np.array([True]))
    assert wet.tolist() == [meaning if meaning == OUTSIDE else NO_DATA]
    floats = [np.float32([NAN if value < -32766 else value]) for value in (initial, final)]
    found = stock_degradation(*floats, np.array([False]))
    assert found.tolist() == [NO_DATA if meaning == OUTSIDE else meaning]


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_stocks_beyond_int16(dtype: type) -> None:
    first, second = np.array([60_000, 60_000], dtype), np.array([54_000, 54_001], dtype)
    assert stock_degradation(first, second, np.zeros(2, bool)).tolist() == [-1, 0]


@pytest.mark.parametrize("dtypes", [(np.float32,) * 2, (np.float64, np.int16), (np.int32,) * 2])
def test_stocks_of_any_kind_may_carry_codes(dtypes: tuple[type, type]) -> None:
    initial = np.array([NO_DATA, 40, OUTSIDE, 40, 40], dtype=dtypes[0])
    final = np.array([40, NO_DATA, 40, OUTSIDE, 30], dtype=dtypes[1])
    codes = stock_degradation(initial, final, np.zeros(5, dtype=bool))
    assert codes.tolist() == [NO_DATA, NO_DATA, OUTSIDE, OUTSIDE, -1]
    stocks = stock_series(initial, np.full((2, 5), 3, dtype=np.int16), "tropical-moist")
    assert np.isnan(stocks[:, [0, 2]]).all()
    assert (stocks[:, [1, 3, 4]] == 40).all()


def test_kinds_of_stocks_may_differ() -> None:
    first, second = np.int16([[40, NO_DATA]]), np.float64([[36.0, 1.0]])
    assert stock_degradation(first, second, np.zeros((1, 2), bool)).tolist() == [[-1, NO_DATA]]


@settings(deadline=None)
@given(st.integers(1, 32767), st.integers(0, 32767))
def test_whole_stocks_are_judged_by_the_exact_percent(initial: int, final: int) -> None:
    percent = int(100 * abs(final - initial) / initial) * (1 if final >= initial else -1)
    wanted = -1 if percent <= -10 else 1 if percent >= 10 else 0
    found = stock_degradation(np.int16([initial]), np.int16([final]), np.array([False]))
    assert found.tolist() == [wanted]


def test_shapes_must_agree() -> None:
    one, two = np.zeros(3, dtype=np.int16), np.zeros(2, dtype=np.int16)
    with pytest.raises(GridMismatch):
        stock_degradation(one, two, np.zeros(3, bool))
    with pytest.raises(GridMismatch):
        stock_degradation(one, one, np.zeros(2, bool))
    with pytest.raises(GridMismatch):
        percent_degradation(one, np.zeros(2, bool))


def test_all_water() -> None:
    stocks = np.full((3, 3), 50, dtype=np.int16)
    assert (stock_degradation(stocks, stocks, np.ones((3, 3), bool)) == NO_DATA).all()
