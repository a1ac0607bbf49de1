"""Communes, districts and the whole area: hectares reached, served and unmet, and how far away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities
from gis.coverage.service import CASES, Service, Wanted
from gis.membership import beyond
from gis.standing import NAMES, district_group
from gis.strength import GROUPS

QUANTITIES = {
    "crop_area_ha": "crop-area",
    "scenario_ha": "scenario",
    "requested_ha": "requested",
}
"""Column -> kind of demand; all three stand side by side."""


@dataclass(frozen=True)
class Units:
    """Places under the units that hold them: number of the unit of each place, and how many."""

    of_place: NDArray[np.intp]
    count: int

    def sums(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of what is known in each unit; unknown where nothing is."""
        known = ~np.isnan(amounts)
        total = np.bincount(self.of_place, np.where(known, amounts, 0.0), self.count)
        some = np.bincount(self.of_place, known, self.count)
        return np.where(some > 0, total, np.nan)


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
    rows = _measures(units, parameters, wanted, service)
    by_kind = {name: amounts.of_track(kind).to_numpy() for name, kind in QUANTITIES.items()}  # type: ignore[arg-type]
    groups, reasons = _strength(amounts, parameters, service, rows["off_road_share"])
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
    return _with(table, _measures(units, parameters, wanted, service), parameters)


def area_totals(
    communes: pd.DataFrame, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> dict[str, float]:
    """The same for the whole area; unknown communes are left out of the sums."""
    units = Units(np.zeros(len(wanted.places), dtype=np.intp), 1)
    sums = communes[["demand_ha", *QUANTITIES]].sum(min_count=1)
    table = _with(pd.DataFrame([sums]), _measures(units, parameters, wanted, service), parameters)
    return {str(name): float(value) for name, value in table.iloc[0].items()}


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


def _measures(
    units: Units, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> dict[str, NDArray[np.float64]]:
    demand = wanted.of_track
    found = {}
    for case in CASES:
        suffix = "" if case == "middle" else f"_{case}"
        served = service.allocations[case].served[:, wanted.own].sum(axis=1)
        found[f"reachable{suffix}_ha"] = units.sums(
            np.where(service.reached[case], demand, _zero(demand))
        )
        found[f"served{suffix}_ha"] = units.sums(served)
    weight = _weight(units, wanted)
    near = service.ways.nearest
    found["supply_demand_ratio"] = _mean(units, service.ratio, weight)
    found["median_minutes"] = weighted_median(units, near, weight)
    for minutes in parameters.bands:
        within = ~np.isnan(near) & ~beyond(near, minutes)
        found[f"share_{minutes:g}"] = _mean(units, within.astype(float), weight)
    found["off_road_share"] = _off_road(units, wanted, service)
    return found


def _zero(demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 where the demand is known."""
    return np.where(np.isnan(demand), np.nan, 0.0)


def _weight(units: Units, wanted: Wanted) -> NDArray[np.float64]:
    """What each place counts: its hectares of demand; its land in units that demand nothing."""
    demand = np.nan_to_num(wanted.of_track, nan=0.0)
    land = np.bincount(wanted.places.place, minlength=len(wanted.places)).astype(float)
    asked = np.bincount(units.of_place, demand, units.count) > 0
    return np.where(asked[units.of_place], demand, land)


def _mean(
    units: Units, values: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted mean of what is known; unknown where nothing is."""
    known = ~np.isnan(values) & (weight > 0)
    of_place = units.of_place[known]
    total = np.bincount(of_place, weight[known], units.count)
    amount = np.bincount(of_place, (values * weight)[known], units.count)
    nothing = np.full(units.count, np.nan)
    found: NDArray[np.float64] = np.divide(amount, total, out=nothing, where=total > 0)
    return found


def weighted_median(
    units: Units, minutes: NDArray[np.float32], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Minutes within which half the weight of each unit lies; unknown where half is unreachable.

    Examples
    --------
    >>> minutes = np.array([10.0, 30.0, 20.0, 5.0, np.nan], dtype=np.float32)
    >>> units = Units(np.array([0, 0, 0, 1, 1]), 2)
    >>> weighted_median(units, minutes, np.array([1.0, 3.0, 1.0, 1.0, 2.0])).tolist()
    [30.0, nan]
    """
    far = np.where(np.isnan(minutes), np.inf, minutes).astype(np.float64)
    order = np.lexsort((far, units.of_place))
    unit, far, part = units.of_place[order], far[order], weight[order]
    total = np.bincount(unit, part, units.count)
    run = np.cumsum(part)
    before = np.append(0.0, np.cumsum(total)[:-1])
    # A hair below a half: the rounding of a running sum must not skip the place that reaches it.
    half = run - before[unit] >= total[unit] * (0.5 - 1e-9)
    units_hit, first = np.unique(unit[half], return_index=True)
    found = np.full(units.count, np.nan)
    found[units_hit] = far[half][first]
    return np.where(np.isfinite(found), found, np.nan)


def _off_road(units: Units, wanted: Wanted, service: Service) -> NDArray[np.float64]:
    """Mean over the land of the share of the way off known roads; long ways count by their minutes.

    A field beside a base is reached off the road whatever the roads are: it says little of them.
    """
    rows, columns = wanted.places.cells.T
    share = service.ways.off_road[rows, columns].astype(np.float64)
    minutes = service.ways.minutes[rows, columns].astype(np.float64)
    cells = Units(units.of_place[wanted.places.place], units.count)
    return _mean(cells, share, np.where(np.isnan(minutes), 0.0, minutes))


def _strength(
    amounts: Quantities,
    parameters: CoverageParameters,
    service: Service,
    off_road: NDArray[np.float64],
) -> tuple[list[str], list[tuple[Note, ...]]]:
    """Group and reasons of each commune: the worse of its figures and the way to it."""
    rests_on_figures = parameters.demand != "requested"
    no_base = bool(np.isnan(service.ways.minutes).all())
    groups, reasons = [], []
    rows = zip(amounts.figures["group"], amounts.figures["reason"], off_road.tolist(), strict=True)
    for figure, why, share in rows:
        route, note = ("firm", None) if no_base else _route(share, parameters)
        both = [route, *([figure] if rests_on_figures else [])]
        groups.append(max(both, key=GROUPS.index))
        reasons.append((*(why if rests_on_figures else ()), *((note,) if note else ())))
    return groups, reasons


def _route(share: float, parameters: CoverageParameters) -> tuple[str, Note | None]:
    if np.isnan(share):
        return "too-weak", Note("coverage.route_none")
    values = (("percent", round(100 * share)),)
    if share > parameters.weak_off_road:
        return "too-weak", Note("coverage.route_too_weak", values)
    if share > parameters.borderline_off_road:
        return "borderline", Note("coverage.route_borderline", values)
    return "firm", Note("coverage.route_firm", values)


def _members_note(groups: list[str], unknown: int) -> tuple[Note, ...]:
    counts = tuple((group.replace("-", "_"), groups.count(group)) for group in GROUPS)
    return (Note("coverage.district", (*counts, ("unknown", unknown))),)
