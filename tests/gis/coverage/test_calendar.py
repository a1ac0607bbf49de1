"""Working days: counted by hand on a calendar, and day by day whatever the windows."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.coverage.calendar import periods, planting_days
from gis.coverage.machinery import Machinery, RainDays, Window


def window(crop: str, season: str, first: str, last: str) -> Window:
    return Window(crop, season, first, last, "test", True)  # type: ignore[arg-type]


def table(*windows: Window, rain: dict[int, float] | None = None) -> Machinery:
    rows = tuple(RainDays(month, days, "test", True) for month, days in (rain or {}).items())
    return Machinery(windows=windows, rain=rows)


@pytest.mark.parametrize(
    ("first", "last", "year", "rain", "expected"),
    [
        ("05-01", "05-31", 2026, {}, {5: 31}),
        ("04-16", "05-10", 2026, {}, {4: 15, 5: 10}),
        # Half of April loses half of April's ten rain days: 15 x (1 - 10 / 30).
        ("04-16", "05-10", 2026, {4: 10}, {4: 10, 5: 10}),
        ("05-07", "05-07", 2026, {}, {5: 1}),
        # A month of nothing but rain, and a table that counts more rain than days.
        ("06-01", "07-05", 2026, {6: 30}, {6: 0, 7: 5}),
        ("06-01", "07-05", 2026, {6: 31}, {6: 0, 7: 5}),
    ],
)
def test_days_of_a_window(
    first: str, last: str, year: int, rain: dict[int, float], expected: dict[int, float]
) -> None:
    found = planting_days(
        table(window("maize", "early-wet", first, last), rain=rain), "maize", "early-wet", year
    )
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("first", "last", "year", "expected"),
    [
        ("11-15", "02-28", 2027, {11: 16, 12: 31, 1: 31, 2: 28}),
        # The dry season of 2027 holds February 2028, which has 29 days.
        ("11-15", "03-15", 2027, {11: 16, 12: 31, 1: 31, 2: 29, 3: 15}),
        ("11-15", "03-15", 2028, {11: 16, 12: 31, 1: 31, 2: 28, 3: 15}),
        ("02-01", "03-15", 2027, {2: 29, 3: 15}),
        ("02-01", "03-15", 2028, {2: 28, 3: 15}),
        # A season without a year has no 29 February.
        ("11-15", "03-15", None, {11: 16, 12: 31, 1: 31, 2: 28, 3: 15}),
    ],
)
def test_a_dry_season_runs_into_the_next_year(
    first: str, last: str, year: int | None, expected: dict[int, float]
) -> None:
    machinery = table(window("rice", "dry", first, last))
    assert planting_days(machinery, "rice", "dry", year) == expected
    years = [period.year for period in periods(machinery, ["rice"], "dry", year)]
    autumn = [month >= 11 for month in expected]
    assert years == [year if year is None or early else year + 1 for early in autumn]


def test_rain_days_given_take_the_place_of_the_tables() -> None:
    machinery = table(window("maize", "early-wet", "04-01", "05-31"), rain={4: 6, 5: 31})
    assert planting_days(machinery, "maize", "early-wet", 2026, {5: 0}) == {4: 24, 5: 31}


def test_a_crop_without_a_window_has_no_days() -> None:
    machinery = table(window("maize", "early-wet", "04-01", "05-31"))
    assert planting_days(machinery, "maize", "dry", 2026) == {}
    assert planting_days(machinery, "rice", "early-wet", 2026) == {}
    assert periods(machinery, ["rice"], "early-wet", 2026) == ()
    assert periods(Machinery(), ["maize"], "early-wet", 2026) == ()


def test_periods_part_where_a_window_opens_or_closes_and_where_a_month_ends() -> None:
    machinery = table(
        window("maize", "main-wet", "07-16", "08-20"),
        window("rice", "main-wet", "07-01", "08-10"),
        window("soybean", "main-wet", "09-05", "09-10"),
        window("cassava", "main-wet", "07-01", "08-10"),
        rain={8: 15.5},
    )
    found = periods(machinery, ["maize", "rice", "soybean"], "main-wet", 2026)
    assert [(one.month, one.days, set(one.crops)) for one in found] == [
        (7, 15, {"rice"}),
        (7, 16, {"rice", "maize"}),
        (8, 5, {"rice", "maize"}),
        (8, 5, {"maize"}),
        (9, 6, {"soybean"}),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: f"{day:%m-%d}")


@given(
    st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=4),
    st.sampled_from(["early-wet", "main-wet"]),
    st.integers(2026, 2028),
    st.dictionaries(st.integers(1, 12), st.floats(0, 31), max_size=12),
)
def test_each_day_counts_once_for_each_crop_open_on_it(
    bounds: list[tuple[str, str]], season: str, year: int, rain: dict[int, float]
) -> None:
    """Against a count day by day."""
    windows = [window(f"crop{n}", season, *pair) for n, pair in enumerate(bounds)]
    machinery = table(*windows, rain=rain)
    crops = [one.crop for one in windows]
    found = periods(machinery, crops, season, year)  # type: ignore[arg-type]
    for crop, (first, last) in zip(crops, bounds, strict=True):
        start = date(year, *map(int, first.split("-")))
        end = date(year + (last < first), *map(int, last.split("-")))
        expected = 0.0
        day = start
        while day <= end:
            dry = 1 - rain.get(day.month, 0) / monthrange(day.year, day.month)[1]
            expected += max(0.0, dry)
            day += timedelta(days=1)
        assert sum(one.days for one in found if crop in one.crops) == pytest.approx(expected)
        by_month = planting_days(machinery, crop, season, year)  # type: ignore[arg-type]
        assert sum(by_month.values()) == pytest.approx(expected)
        assert all(days >= 0 for days in by_month.values())
