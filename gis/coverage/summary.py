"""Headline numbers of a run, each with its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gis.coverage.needs import seed_rate
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities, kinds_wanted
from gis.coverage.service import Case, Service, Wanted
from gis.coverage.supply_tables import working_days
from gis.strength import GROUPS


def summary_of(
    parameters: CoverageParameters,
    amounts: Quantities,
    wanted: Wanted,
    service: Service,
    communes: pd.DataFrame,
    planters: Mapping[Case, int | None],
    totals: dict[str, float],
) -> dict[str, Any]:
    """What a page says first: hectares of the area, and who is there to serve them."""
    hectares = float(totals["demand_ha"])
    kinds = dict.fromkeys(kind for crop in amounts.own for kind in kinds_wanted(parameters)[crop])
    counted = [base for base in service.bases if base.machines(wanted.own_crops)]
    return {
        "track": parameters.track,
        "season": parameters.season,
        "year": amounts.year,
        "demand": parameters.demand,
        "machine": parameters.machine,
        "machines": list(kinds),
        **totals,
        **{
            f"supply{'' if case == 'middle' else f'_{case}'}_ha": float(supply.sum())
            for case, supply in service.supply.items()
        },
        "bases": len(counted),
        "planters": sum(base.machines(wanted.own_crops) for base in counted),
        "planters_needed": planters["middle"],
        # Machines that do more in a day are fewer.
        "planters_needed_low": planters["high"],
        "planters_needed_high": planters["low"],
        "seed_kg": seed_rate(parameters) * hectares,
        "working_days": working_days(parameters, amounts),
        "communes": len(communes),
        "groups": {name: int((communes["group"] == name).sum()) for name in GROUPS},
    }
