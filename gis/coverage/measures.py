"""Measures of units: hectares reached and served, how far and how well, each with its range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.coverage.parameters import CoverageParameters
from gis.coverage.routes import off_road_mean
from gis.coverage.service import (
    CASES,
    Case,
    Service,
    Wanted,
    factors,
    lowest_and_highest,
)
from gis.coverage.units import Amounts, Units, weighted_mean
from gis.membership import beyond


def measures(
    units: Units, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> dict[str, Amounts]:
    """Hectares reached and served, how far away and how far from known roads, of each unit.

    Means and medians weigh places by their hectares of demand, by their land in a unit that
    demands nothing.
    """
    cases = {case: _hectares(units, wanted, service, case) for case in CASES}
    found = dict(cases["middle"])
    for name in cases["middle"]:
        low, high = lowest_and_highest([cases[case][name] for case in CASES])
        found |= {name.replace("_ha", "_low_ha"): low, name.replace("_ha", "_high_ha"): high}
    weight = _weight(units, wanted)
    found["supply_demand_ratio"] = weighted_mean(units, service.ratio["middle"], weight)
    found |= _times(units, parameters, service, weight, "middle")
    ways = service.ways
    found["off_road_share"] = off_road_mean(units, wanted.places, ways.minutes, ways.off_road)
    return found


def ranges(
    units: Units, parameters: CoverageParameters, wanted: Wanted, service: Service
) -> dict[str, Amounts]:
    """Lowest and highest ratio, median and shares of the three cases."""
    weight = _weight(units, wanted)
    cases = [
        {"supply_demand_ratio": weighted_mean(units, service.ratio[case], weight)}
        | _times(units, parameters, service, weight, case)
        for case in CASES
    ]
    found: dict[str, Amounts] = {}
    for name in cases[0]:
        low, high = lowest_and_highest([one[name] for one in cases])
        found |= {f"{name}_low": low, f"{name}_high": high}
    return found


def _hectares(units: Units, wanted: Wanted, service: Service, case: Case) -> dict[str, Amounts]:
    demand = wanted.demand[:, wanted.own]
    reached = np.where(service.reached[case][:, wanted.own], np.nan_to_num(demand), 0.0)
    # Where one crop is unknown, so is the sum.
    reached = np.where(np.isnan(wanted.of_track), np.nan, reached.sum(axis=1))
    served = service.allocations[case].served[:, wanted.own].sum(axis=1)
    return {"reachable_ha": units.sums(reached), "served_ha": units.sums(served)}


def _times(
    units: Units,
    parameters: CoverageParameters,
    service: Service,
    weight: Amounts,
    case: Case,
) -> dict[str, Amounts]:
    """Median of the minutes, and the share within each band."""
    speed, _ = factors(parameters, case)
    near = service.ways.nearest
    found = {"median_minutes": weighted_median(units, near, weight) / speed}
    for minutes in parameters.bands:
        within = ~np.isnan(near) & ~beyond(near, minutes * speed)
        found[f"share_{minutes:g}"] = weighted_mean(units, within.astype(float), weight)
    return found


def _weight(units: Units, wanted: Wanted) -> Amounts:
    """What each place counts: its hectares of demand; its land in units that demand nothing."""
    demand = np.nan_to_num(wanted.of_track, nan=0.0)
    land = np.bincount(wanted.places.place, minlength=len(wanted.places)).astype(float)
    asked = np.bincount(units.of_place, demand, units.count) > 0
    return np.where(asked[units.of_place], demand, land)


def weighted_median(units: Units, minutes: NDArray[np.float32], weight: Amounts) -> Amounts:
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
