"""What a season needs: machines that keep up with the demand, and seed of a cover crop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pandas as pd

from gis.analysis import Inputs
from gis.coverage.bases import capacities
from gis.coverage.calendar import Period, periods
from gis.coverage.machinery import Machinery, Window
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities, kinds_wanted
from gis.coverage.service import Service, Wanted
from gis.parameters import Season

Month: TypeAlias = tuple[int, int]
"""Calendar year (0 where none is stated) and month."""
COLUMNS = (
    *("code", "name_en", "name_km", "year", "month", "hectares", "planters"),
    *("planters_there", "cover_crop", "seed_kg"),
)


@dataclass(frozen=True)
class _Season:
    """What does not change from district to district.

    ``a_day`` is what the best kind of machine does of each crop; ``seed_kg`` that of one hectare
    of demand in each month of sowing.
    """

    periods: tuple[Period, ...]
    days: Mapping[str, float]
    a_day: Mapping[str, float]
    seed_kg: Mapping[Month, float]

    @property
    def months(self) -> list[Month]:
        return sorted({_month(period) for period in self.periods} | set(self.seed_kg))


def need_table(
    inputs: Inputs,
    parameters: CoverageParameters,
    amounts: Quantities,
    wanted: Wanted,
    service: Service,
    capacity: float = 1.0,
) -> pd.DataFrame:
    """Machines and cover-crop seed for the track's demand, a row a district and month.

    Hectares of a crop are spread evenly over its working days; ``planters`` are the machines that
    keep up with all crops on the fullest day of the month, whole ones. Seed is sown evenly over
    the days of sowing, for crops with working days in the season; a season without a row of sowing
    takes none. A district of which a hectare is unknown counts what is known. Field capacities are
    taken times ``capacity``.
    """
    hectares = amounts.by_kind[parameters.demand][list(amounts.own)]
    owner = inputs.communes["district"].reindex(hectares.index)
    by_district = hectares.groupby(owner).sum(min_count=1).sort_index()
    season = _season(parameters, amounts, wanted, capacity)
    there = machines_by_district(service, wanted)
    rows = []
    for district, crops in by_district.iterrows():
        names = inputs.districts.loc[str(district)]
        for month in season.months:
            planted, machines = _planting(crops, season, month)
            rows.append(
                (
                    *(
                        str(district),
                        names["name_en"],
                        names["name_km"],
                        month[0] or None,
                        month[1],
                    ),
                    *(planted, machines, there.get(str(district), 0), parameters.cover_crop),
                    season.seed_kg.get(month, 0.0) * _planted(crops, season),
                )
            )
    table = pd.DataFrame(rows, columns=list(COLUMNS)).set_index("code")
    return table.astype({"year": "Int64", "planters": "Int64"})


def machines_by_district(service: Service, wanted: Wanted) -> Mapping[str, int]:
    """District -> machines of the track that stand there."""
    found: Counter[str] = Counter()
    for base in service.bases:
        found[base.commune[:4]] += base.machines(wanted.own_crops)
    return found


def sowing_days(machinery: Machinery, season: Season, year: int | None) -> Mapping[Month, float]:
    """Month -> days on which cover crops are sown; rain does not stop a hand that sows.

    Examples
    --------
    >>> from gis.coverage.machinery import Sowing
    >>> table = Machinery(sowing=(Sowing("early-wet", "04-21", "05-10", "test", True),))
    >>> dict(sowing_days(table, "early-wet", 2026))
    {(2026, 4): 10.0, (2026, 5): 10.0}
    """
    windows = tuple(
        Window("cover-crop", row.season, row.first, row.last, row.source, row.working_value)
        for row in machinery.sowing
    )
    days: dict[Month, float] = {}
    table = replace(machinery, windows=windows, rain=())
    for period in periods(table, ("cover-crop",), season, year):
        days[_month(period)] = days.get(_month(period), 0.0) + period.days
    return days


def most_planters(need: pd.DataFrame) -> int | None:
    """Machines of the fullest month over all districts; unknown where no district's are."""
    by_month = need.groupby(["year", "month"], dropna=False)["planters"].sum(min_count=1)
    return None if by_month.isna().all() else int(by_month.max())


def seed_rate(parameters: CoverageParameters) -> float:
    """Kilograms of the chosen cover crop's seed for each hectare of demand."""
    table = {row.cover_crop: row.seed_kg_ha for row in parameters.machinery.cover_crops}
    rate = (table | parameters.seed_kg_ha)[parameters.cover_crop]
    return rate * parameters.cover_crop_share


def _season(
    parameters: CoverageParameters, amounts: Quantities, wanted: Wanted, capacity: float
) -> _Season:
    kinds = kinds_wanted(parameters)
    table = {kind: capacity * a_day for kind, a_day in capacities(parameters).items()}
    own = set(amounts.own)
    sowing = sowing_days(parameters.machinery, parameters.season, amounts.year)
    total = sum(sowing.values())
    rate = seed_rate(parameters)
    return _Season(
        periods=tuple(period for period in wanted.periods if period.crops & own),
        days={
            crop: sum(period.days for period in wanted.periods if crop in period.crops)
            for crop in own
        },
        a_day={
            crop: max((table.get(kind, 0.0) for kind in kinds[crop]), default=0.0) for crop in own
        },
        seed_kg={month: rate * days / total for month, days in sowing.items()},
    )


def _planted(crops: pd.Series, season: _Season) -> float:
    """Hectares of crops that are planted in the season; unknown where none is known."""
    days = np.array([season.days[crop] for crop in crops.index])
    return float(crops.where(days > 0, crops * 0.0).sum(min_count=1))


def _planting(crops: pd.Series, season: _Season, month: Month) -> tuple[float, int | None]:
    """Hectares planted in a month, and machines for its fullest day; unknown without capacity."""
    planted, most = 0.0, 0.0
    for period in season.periods:
        if _month(period) != month:
            continue
        a_day = {
            crop: hectares / season.days[crop]
            for crop, hectares in crops.items()
            if crop in period.crops and season.days[crop] > 0 and hectares > 0
        }
        planted += sum(a_day.values()) * period.days
        needed = [
            daily / season.a_day[crop] if season.a_day[crop] else np.inf
            for crop, daily in a_day.items()
        ]
        most = max(most, sum(needed))
    # Rounded first: three machines that just do it are not four.
    return planted, int(np.ceil(round(most, 9))) if np.isfinite(most) else None


def _month(period: Period) -> Month:
    return (period.year or 0, period.month)
