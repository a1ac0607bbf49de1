"""Headline numbers of a run, each with its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gis.coverage.needs import most_planters
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities, kinds_wanted
from gis.coverage.service import CASES, Case, Service, Wanted
from gis.coverage.supply_tables import working_days
from gis.strength import GROUPS


def summary_of(
    parameters: CoverageParameters,
    amounts: Quantities,
    wanted: Wanted,
    service: Service,
    communes: pd.DataFrame,
    needs: Mapping[Case, pd.DataFrame],
    totals: dict[str, float],
) -> dict[str, Any]:
    """What a page says first: hectares of the area, and who is there to serve them."""
    planters = {case: most_planters(need) for case, need in needs.items()}
    known = [number for number in planters.values() if number is not None]
    supplies = [float(service.supply[case].sum()) for case in CASES]
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
        "supply_ha": float(service.supply["middle"].sum()),
        "supply_low_ha": min(supplies),
        "supply_high_ha": max(supplies),
        "bases": len(counted),
        "planters": sum(base.machines(wanted.own_crops) for base in counted),
        "planters_needed": planters["middle"],
        "planters_needed_low": min(known, default=None),
        "planters_needed_high": max(known, default=None),
        "seed_kg": float(needs["middle"]["seed_kg"].sum()),
        "working_days": working_days(parameters, amounts),
        "communes": len(communes),
        "groups": {name: int((communes["group"] == name).sum()) for name in GROUPS},
    }
