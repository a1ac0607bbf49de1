"""What the parts of the indicator need of each series: a few planes out of many years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.errors import YearsOutOfOrder
from gis.land_degradation.blocks import over_blocks
from gis.land_degradation.parameters import LandDegradationParameters, Thresholds
from gis.land_degradation.periods import PERIODS, Period, cover_years, require_years
from gis.land_degradation.productivity import (
    period_mean,
    state,
    state_degradation,
    state_z,
    trend_degradation,
    z_degradation,
)
from gis.land_degradation.soil_carbon import stock_series
from gis.land_degradation.trend import significance, trajectory


def years_of(series: xr.DataArray) -> tuple[int, ...]:
    """Years of a series.

    Raises
    ------
    YearsOutOfOrder
        When they do not ascend.
    """
    years = tuple(int(year) for year in series["year"].to_numpy())
    if list(years) != sorted(set(years)):
        raise YearsOutOfOrder(str(series.name), years)
    return years


@dataclass(frozen=True)
class Vegetation:
    """A vegetation index by year, and which of the years each period has."""

    values: Any
    years: tuple[int, ...]
    periods: tuple[Period, ...]
    thresholds: Thresholds

    @classmethod
    def of(
        cls, inputs: Inputs, parameters: LandDegradationParameters, names: Sequence[str] = PERIODS
    ) -> Vegetation | None:
        """Periods of these names; None where no layer covers the area.

        Raises
        ------
        PeriodOutsideData, YearsOutOfOrder
            When the years of the layer do not hold a period, or do not ascend.
        """
        series = inputs.rasters.get("vegetation_index")
        if series is None:
            return None
        years = years_of(series)
        periods = tuple(parameters.periods[name] for name in names)
        for period in periods:
            require_years(period, years, "vegetation_index")
        return cls(series.data, years, periods, parameters.significance)

    def codes(self) -> Any:
        """Trend and state of each period, int16 (2 x period, y, x): -1, 0, 1, no data."""
        step = partial(_trends_and_states, self.years, self.periods, self.thresholds)
        return over_blocks(step, 2 * len(self.periods), np.int16, self.values)

    def means(self) -> Any:
        """Mean of each period, float32 (period, y, x)."""
        step = partial(_means, self.years, self.periods)
        return over_blocks(step, len(self.periods), np.float32, self.values)


def _trends_and_states(
    years: tuple[int, ...],
    periods: Sequence[Period],
    thresholds: Thresholds,
    values: NDArray[np.float32],
) -> NDArray[np.int16]:
    found = np.empty((2 * len(periods), *values.shape[1:]), dtype=np.int16)
    for place, period in enumerate(periods):
        part, own = _within(years, period, values)
        line = trajectory(part, own)
        codes = significance(line.slope, line.s, len(own), thresholds, p=line.p)
        found[2 * place] = trend_degradation(codes)
        if thresholds == "gpg-v2":
            change = z_degradation(state_z(part, own, period.before, period.recent))
        else:
            change = state_degradation(state(part, own, period.before, period.recent))
        found[2 * place + 1] = change
    return found


def _means(
    years: tuple[int, ...], periods: Sequence[Period], values: NDArray[np.float32]
) -> NDArray[np.float32]:
    found = [period_mean(values, years, period.first, period.last) for period in periods]
    return np.stack(found).astype(np.float32, copy=False)


def _within(
    years: tuple[int, ...], period: Period, values: NDArray[np.float32]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """The years of a period; a view, for they stand side by side."""
    places = [place for place, year in enumerate(years) if year in period.years]
    return values[places[0] : places[-1] + 1], tuple(years[place] for place in places)


@dataclass(frozen=True)
class Cover:
    """Land cover by year, and the soil carbon that follows it.

    Attributes
    ----------
    bounds
        Name of a period -> years of the maps that stand for its first and last year.
    units
        Name of a period -> year of the map by which land is compared with its like.
    """

    values: Any
    years: tuple[int, ...]
    bounds: Mapping[str, tuple[int, int]]
    units: Mapping[str, int]
    stock: Any
    climate: Any
    notes: tuple[Note, ...]

    @classmethod
    def of(cls, inputs: Inputs, parameters: LandDegradationParameters) -> Cover | None:
        """None where no layer of land cover covers the area.

        Raises
        ------
        PeriodOutsideData, YearsOutOfOrder
            When the years of the layer do not hold a period, or do not ascend.
        """
        series = inputs.rasters.get("land_cover")
        if series is None:
            return None
        years = years_of(series)
        periods = parameters.periods
        bounds = {name: cover_years(one, years, "land_cover") for name, one in periods.items()}
        units = {
            name: max((year for year in years if year <= one.first), default=years[0])
            for name, one in periods.items()
        }
        stock = inputs.rasters.get("soil_carbon")
        zones = inputs.rasters.get("climate_zone")
        return cls(
            series.data,
            years,
            bounds,
            units,
            None if stock is None else stock.data,
            parameters.climate if zones is None else zones.data,
            _said(periods, bounds, inputs),
        )

    @property
    def wanted(self) -> tuple[int, ...]:
        """Years of which the land cover is asked, ascending."""
        asked = {year for pair in self.bounds.values() for year in pair}
        return tuple(sorted(asked | set(self.units.values())))

    @property
    def compared(self) -> tuple[int, ...]:
        """Years of which the stock is asked, ascending."""
        return tuple(sorted({year for pair in self.bounds.values() for year in pair}))

    def maps(self) -> Any:
        """Land cover of the wanted years, int16 (year, y, x)."""
        return self.values[[self.years.index(year) for year in self.wanted]]

    def stocks(self) -> Any:
        """Stocks of the compared years, float32 (year, y, x); None without soil carbon."""
        if self.stock is None:
            return None
        compared = self.compared
        annual = range(compared[0], compared[-1] + 1)
        # A year without a map keeps the land cover of the one before.
        maps = [max(p for p, year in enumerate(self.years) if year <= asked) for asked in annual]
        kept = [year - compared[0] for year in compared]
        if isinstance(self.climate, str):
            step = partial(_stocks, maps, kept, climate=self.climate)
            return over_blocks(step, len(kept), np.float32, self.values, self.stock)
        step = partial(_stocks, maps, kept)
        return over_blocks(step, len(kept), np.float32, self.values, self.stock, self.climate)


def _stocks(
    maps: Sequence[int],
    kept: Sequence[int],
    cover: NDArray[np.int16],
    stock: NDArray[np.float32],
    climate: str | NDArray[np.int16],
) -> NDArray[np.float32]:
    return stock_series(stock, cover[list(maps)], climate)[list(kept)]


def _said(
    periods: Mapping[str, Period], bounds: Mapping[str, tuple[int, int]], inputs: Inputs
) -> tuple[Note, ...]:
    """Where a map or a stock of another year stands in."""
    notes = []
    pairs = {
        (wanted, used)
        for name, one in periods.items()
        for wanted, used in zip((one.cover_from, one.last), bounds[name], strict=True)
        if wanted != used
    }
    for wanted, used in sorted(pairs):
        stated = (("wanted", str(wanted)), ("used", str(used)))
        notes.append(Note("degradation.cover_of_another_year", stated))
    start = min(first for first, _ in bounds.values())
    year = inputs.years.get("soil_carbon")
    if "soil_carbon" in inputs.rasters and year not in (None, start):
        stated = (("year", str(year)), ("start", str(start)))
        notes.append(Note("degradation.stock_of_another_year", stated))
    return tuple(notes)
