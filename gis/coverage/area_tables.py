"""Communes, districts and the whole area: hectares reached, served and unmet, and how far away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.coverage.measures import measures, ranges
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities
from gis.coverage.routes import has_road, route_strength
from gis.coverage.service import Service, Wanted
from gis.coverage.units import Units
from gis.standing import NAMES, district_group
from gis.strength import GROUPS

QUANTITIES = {
    "crop_area_ha": "crop-area",
    "scenario_ha": "scenario",
    "requested_ha": "requested",
}
"""Column -> kind of demand; all three stand side by side."""


def commune_table(
    inputs: Inputs,
    parameters: CoverageParameters,
    amounts: Quantities,
    wanted: Wanted,
    service: Service,
) -> pd.DataFrame:
    """One row a commune, index ``code``."""
    communes = inputs.communes.sort_index()
    units = Units(wanted.places.unit, len(communes))
    rows = measures(units, parameters, wanted, service)
    by_kind = {name: amounts.of_track(kind).to_numpy() for name, kind in QUANTITIES.items()}  # type: ignore[arg-type]
    groups, reasons = _strength(amounts, parameters, wanted, service, rows["off_road_share"])
    table = pd.DataFrame(communes[[*NAMES, "district"]]).assign(
        group=groups,
        reason=pd.Series(reasons, index=communes.index, dtype=object),
        demand_ha=amounts.of_track(parameters.demand).to_numpy(),
        **by_kind,
    )
    return _with(table, rows, parameters)


def district_table(
    inputs: Inputs,
    parameters: CoverageParameters,
    communes: pd.DataFrame,
    wanted: Wanted,
    service: Service,
) -> pd.DataFrame:
    """One row a district, index ``code``: sums of its communes' hectares, times of its land."""
    districts = inputs.districts.sort_index()
    owner = districts.index.get_indexer(communes["district"])
    units = Units(owner[wanted.places.unit], len(districts))
    by_district = communes.groupby("district")
    sums = by_district[["demand_ha", *QUANTITIES]].sum(min_count=1).reindex(districts.index)
    members = by_district["group"].apply(list).reindex(districts.index)
    unknown = by_district["demand_ha"].apply(lambda one: int(one.isna().sum()))
    reasons = [
        _members_note(groups, count)
        for groups, count in zip(members, unknown.reindex(districts.index), strict=True)
    ]
    table = pd.DataFrame(districts[NAMES]).assign(
        group=[district_group(groups) for groups in members],
        reason=pd.Series(reasons, index=districts.index, dtype=object),
        **{str(name): column for name, column in sums.items()},
    )
    return _with(table, measures(units, parameters, wanted, service), parameters)


def area_totals(
    communes: pd.DataFrame, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> dict[str, float]:
    """The same for the whole area with every range; unknown communes are left out of the sums."""
    units = Units(np.zeros(len(wanted.places), dtype=np.intp), 1)
    sums = communes[["demand_ha", *QUANTITIES]].sum(min_count=1)
    table = _with(pd.DataFrame([sums]), measures(units, parameters, wanted, service), parameters)
    more = ranges(units, parameters, wanted, service)
    both = table.iloc[0].to_dict() | {name: amounts[0] for name, amounts in more.items()}
    return {str(name): float(value) for name, value in both.items()}


def _with(
    table: pd.DataFrame, rows: Mapping[str, NDArray[np.float64]], parameters: CoverageParameters
) -> pd.DataFrame:
    """Measures beside the demand; what is left of it is unmet, but never of a crop area."""
    found = table.assign(**rows)
    demand = found["demand_ha"] if parameters.demand != "crop-area" else np.nan
    left = {"unmet": "served", "unmet_low": "served_high", "unmet_high": "served_low"}
    for name, served in left.items():
        left_ha: pd.Series = demand - found[f"{served}_ha"]
        # Square metres: what the rounding of sums leaves is none of them.
        found[f"{name}_ha"] = left_ha.round(4).clip(lower=0) + 0.0
    found.index.name = "code"
    first = [name for name in found if name not in rows and not str(name).startswith("unmet")]
    return found[[*first, *_order(rows)]]


def _order(rows: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """Headlines, then how far, then the ranges."""
    heads = ["reachable_ha", "served_ha", "unmet_ha"]
    ranges = [
        f"{name}_{case}_ha" for name in ("reachable", "served", "unmet") for case in ("low", "high")
    ]
    return [*heads, *(name for name in rows if name not in (*heads, *ranges)), *ranges]


def _strength(
    amounts: Quantities,
    parameters: CoverageParameters,
    wanted: Wanted,
    service: Service,
    off_road: NDArray[np.float64],
) -> tuple[list[str], list[tuple[Note, ...]]]:
    """Group and reasons of each commune: the worse of its figures and the way to it."""
    rests_on_figures = parameters.demand != "requested"
    groups, reasons = [], []
    figures = zip(amounts.figures["group"], amounts.figures["reason"], strict=True)
    roads = has_road(wanted.places, service.ways.on_road, len(off_road))
    for (figure, why), share, road in zip(figures, off_road.tolist(), roads.tolist(), strict=True):
        route, notes = route_strength(share, road, parameters)
        both = [route, *([figure] if rests_on_figures else [])]
        groups.append(max(both, key=GROUPS.index))
        reasons.append((*(why if rests_on_figures else ()), *notes))
    return groups, reasons


def _members_note(groups: list[str], unknown: int) -> tuple[Note, ...]:
    counts = tuple((group.replace("-", "_"), groups.count(group)) for group in GROUPS)
    return (Note("coverage.district", (*counts, ("unknown", unknown))),)
