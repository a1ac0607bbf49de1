"""Baseline and reporting periods, and which years of a series stand for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from gis.errors import PeriodOutsideData
from gis.membership import STRICT

Year = Annotated[int, Field(ge=1900, le=2200)]
PERIODS = ("baseline", "report_1", "report_2")
"""In the order of time; the last is the newest reporting period."""
NEWEST = PERIODS[-1]


@dataclass(frozen=True, config=STRICT)
class Period:
    """Years that one figure of the indicator is about.

    Attributes
    ----------
    first, last
        Years of the trend and of the mean, both included.
    state_from
        First of the last years that state compares with those before them.
    cover_from
        Year of the land cover and soil carbon that those of ``last`` are compared with.
    """

    first: Year
    last: Year
    state_from: Year
    cover_from: Year

    def __post_init__(self) -> None:
        if not self.first < self.state_from <= self.last or self.cover_from >= self.last:
            raise PydanticCustomError("period", "first < state_from <= last, cover_from < last")

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def before(self) -> tuple[int, int]:
        """First and last of the years that the last ones are compared with."""
        return self.first, self.state_from - 1

    @property
    def recent(self) -> tuple[int, int]:
        return self.state_from, self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


BASELINE = Period(2000, 2015, 2013, 2000)
REPORT_1 = Period(2004, 2019, 2017, 2015)
REPORT_2 = Period(2008, 2023, 2021, 2015)
"""Periods of the 2026 round (UNCCD reporting manual, SO1, table 12)."""


def require_years(period: Period, known: Iterable[int], source: str) -> None:
    """Check that an annual series has every year of a period.

    Raises
    ------
    PeriodOutsideData
        When it lacks one: a trend over fewer years is another one.
    """
    have = set(known)
    missing = tuple(year for year in period.years if year not in have)
    if missing:
        raise PeriodOutsideData(source, str(period), missing)


def cover_years(period: Period, known: Iterable[int], source: str) -> tuple[int, int]:
    """Years whose map stands for the first and the last year of land cover of a period.

    A year without a map takes that of the year before it which has one: land cover is published
    some years late.

    Raises
    ------
    PeriodOutsideData
        When no map is old enough for the first, or both would be the same map.

    Examples
    --------
    >>> cover_years(Period(2008, 2023, 2021, 2015), [2000, 2015, 2022], "land_cover")
    (2015, 2022)
    """
    first, last = (
        max((year for year in known if year <= wanted), default=None)
        for wanted in (period.cover_from, period.last)
    )
    if first is None or last is None or first == last:
        missing = tuple(y for y in (period.cover_from, period.last) if y not in set(known))
        raise PeriodOutsideData(source, str(period), missing)
    return first, last
