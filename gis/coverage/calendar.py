"""Working days of a season: the window of each crop, less the days that rain takes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from gis.coverage.machinery import Machinery, Window, month_day
from gis.parameters import Season

_NO_YEAR = 2001
"""Stands for a season without a year: it and the next are common years."""
_HALF_YEAR = 6
"""A dry season starts late in its year: what begins in January to June lies in the next."""


@dataclass(frozen=True)
class Period:
    """Days within one month in which the same crops may be planted.

    Attributes
    ----------
    days
        Working days: days of the calendar less the month's share of rain days.
    crops
        Crops whose window holds all of these days.
    month
        Month, 1 to 12.
    year
        Calendar year of the month; None for a season without a year.
    """

    days: float
    crops: frozenset[str]
    month: int
    year: int | None = None


def periods(
    machinery: Machinery,
    crops: Iterable[str],
    season: Season,
    year: int | None,
    rain_days: Mapping[int, float] | None = None,
) -> tuple[Period, ...]:
    """Elementary periods between the bounds of windows and the ends of months, in order.

    Rain days are taken to lie evenly in a month: a period of half a month loses half of them.
    A dry season of ``year`` begins in that year and ends in the next.

    Parameters
    ----------
    crops
        Crops that count; one without a window in the season has no days.
    year
        Year of the season; None stands for one without a 29 February.
    rain_days
        Month -> rain days in place of the table's; a month that neither names has none.

    Examples
    --------
    >>> from gis.coverage.machinery import RainDays, Window
    >>> table = Machinery(
    ...     windows=(
    ...         Window("maize", "early-wet", "04-16", "05-31", "test", True),
    ...         Window("cassava", "early-wet", "05-01", "05-31", "test", True),
    ...     ),
    ...     rain=(RainDays(4, 6, "test", True),),
    ... )
    >>> for period in periods(table, ["cassava", "maize"], "early-wet", 2026):
    ...     print(period.year, period.month, period.days, sorted(period.crops))
    2026 4 12.0 ['maize']
    2026 5 31.0 ['cassava', 'maize']
    """
    wanted = frozenset(crops)
    windows = {
        window.crop: _dates(window, year)
        for window in machinery.windows
        if window.season == season and window.crop in wanted
    }
    rain = {row.month: row.days for row in machinery.rain} | dict(rain_days or {})
    found = []
    for first, after in pairwise(_bounds(windows.values())):
        open_now = frozenset(crop for crop, (one, end) in windows.items() if one <= first < end)
        if open_now:
            days = (after - first).days * _dry_share(first, rain)
            stated = None if year is None else first.year
            found.append(Period(days, open_now, first.month, stated))
    return tuple(found)


def planting_days(
    machinery: Machinery,
    crop: str,
    season: Season,
    year: int | None,
    rain_days: Mapping[int, float] | None = None,
) -> Mapping[int, float]:
    """Month -> working days for one crop; empty where it has no window in the season.

    Parameters are those of :func:`periods`.
    """
    days: dict[int, float] = {}
    for period in periods(machinery, (crop,), season, year, rain_days):
        days[period.month] = days.get(period.month, 0.0) + period.days
    return days


def _dates(window: Window, year: int | None) -> tuple[date, date]:
    """First day of a window, and the day after its last."""
    start = _NO_YEAR if year is None else year
    first, last = month_day(window.first), month_day(window.last)
    if window.season == "dry" and first[0] <= _HALF_YEAR:
        start += 1
    end = start if last >= first else start + 1
    return date(start, *first), date(end, *last) + timedelta(days=1)


def _bounds(windows: Iterable[tuple[date, date]]) -> list[date]:
    """Every day on which something changes, ascending."""
    days = {day for window in windows for day in window}
    if not days:
        return []
    first, last = min(days), max(days)
    months = (
        date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)
    )
    return sorted(days | {day for day in months if first < day < last})


def _dry_share(day: date, rain: Mapping[int, float]) -> float:
    """Part of the days of a month that rain leaves."""
    lost = rain.get(day.month, 0.0) / monthrange(day.year, day.month)[1]
    return max(0.0, 1.0 - lost)
