"""Providers by use, and the curve of hectares by travel time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gis.analysis import Inputs
from gis.coverage.calendar import planting_days
from gis.coverage.parameters import BREAK_EVEN_HA, CoverageParameters
from gis.coverage.quantities import Quantities
from gis.coverage.service import CASES, Service, Wanted, factors, lowest_and_highest
from gis.membership import beyond

CURVE_STEP, CURVE_END = 5, 240
"""Minutes."""


def rain_of(parameters: CoverageParameters) -> Mapping[int, float]:
    """Month -> rain days in place of the table's."""
    return {int(month): days for month, days in parameters.rain_days.items()}


def provider_table(inputs: Inputs, wanted: Wanted, service: Service) -> pd.DataFrame:
    """One row a base, index ``code``: its number. References and names stand nowhere.

    ``use_share`` is what it serves of both tracks against the most it could; ``break_even_low``
    and ``break_even_high`` set the hectares of the season against those of a year at which
    tractor hire broke even (Banan 2019; not no-till).
    """
    own = service.allocations["middle"].by_base
    total = own.sum(axis=1)
    days = sum(period.days for period in wanted.periods)
    names = inputs.communes.reindex([base.commune for base in service.bases])
    low, high = BREAK_EVEN_HA
    tractors = np.array([base.fleet.tractors for base in service.bases], dtype=float)
    able = service.supply_all
    lowest, highest = lowest_and_highest([service.supply[case] for case in CASES])
    use = np.divide(total, able, out=np.full(len(able), np.nan), where=able > 0)
    return pd.DataFrame(
        {
            "name_en": names["name_en"].fillna("").to_numpy(),
            "name_km": names["name_km"].fillna("").to_numpy(),
            "commune": [base.commune for base in service.bases],
            "district": [base.commune[:4] for base in service.bases],
            "organisation": [base.organisation for base in service.bases],
            "state": [base.state for base in service.bases],
            "machines": [base.machines(wanted.own_crops) for base in service.bases],
            "tractors": tractors.astype(int),
            "tractor_assumed": [base.fleet.tractor_assumed for base in service.bases],
            "supply_ha": service.supply["middle"],
            "supply_low_ha": lowest,
            "supply_high_ha": highest,
            "served_ha": own[:, wanted.own].sum(axis=1),
            "other_track_ha": own[:, ~wanted.own].sum(axis=1),
            "use_share": use.clip(max=1),
            "break_even_low": total / high,
            "break_even_high": total / low,
            "tractor_days": tractors * days,
            "tractor_days_used": service.allocations["middle"].tractor_days.sum(axis=1),
            "moved_m": service.ways.moved_m,
            "example_base": [base.example for base in service.bases],
        },
        index=pd.Index([str(base.number) for base in service.bases], name="code", dtype=object),
    )


def curve_table(
    inputs: Inputs, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> pd.DataFrame:
    """Share of the demand's hectares within t minutes of a base, at half and double speed too."""
    weight = np.nan_to_num(wanted.of_track, nan=0.0)
    total = weight.sum()
    near = service.ways.nearest
    minutes = np.arange(0, CURVE_END + CURVE_STEP, CURVE_STEP)
    shares = {}
    for case in CASES:
        speed, _ = factors(parameters, case)
        within = [weight[~np.isnan(near) & ~beyond(near, limit * speed)].sum() for limit in minutes]
        shares[case] = np.array(within) / total if total > 0 else np.full(len(minutes), np.nan)
    low, high = lowest_and_highest(list(shares.values()))
    columns = {"share": shares["middle"], "share_low": low, "share_high": high}
    code = pd.Index([",".join(inputs.areas)] * len(minutes), name="code")
    return pd.DataFrame({"minutes": minutes, **columns}, index=code)


def working_days(parameters: CoverageParameters, amounts: Quantities) -> dict[str, float]:
    """Crop of the track -> working days of its window in the season."""
    return {
        crop: sum(
            planting_days(
                parameters.machinery, crop, parameters.season, amounts.year, rain_of(parameters)
            ).values()
        )
        for crop in amounts.own
    }
