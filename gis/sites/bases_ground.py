"""What a choice of bases is made on: unmet hectares, places for a base, the ways between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs
from gis.coverage.bases import capacities
from gis.coverage.capacity import Fleet, Machine, able, supply
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import NOWHERE, stops
from gis.coverage.quantities import crops_of, kinds_wanted
from gis.coverage.routes import has_road
from gis.coverage.state import Present, present_state
from gis.coverage.ways import standing
from gis.masks import masks_of
from gis.membership import beyond
from gis.sites.candidates import Candidates, left_out, named
from gis.sites.ground import expect_known
from gis.sites.offered import offered_places
from gis.sites.open_demand import OpenDemand, open_demand
from gis.sites.parameters import SitesParameters
from gis.sites.water import open_water
from gis.terrain import cells_at
from gis.travel_time import travel_times_between

Amounts = NDArray[np.float64]
Minutes = NDArray[np.float32]

MOST_WAYS = 400_000
"""Ways between demand and candidates in a choice; squares are doubled until it can hold all."""


@dataclass(frozen=True)
class BasesGround:
    """Demand, candidates and ways of a choice of bases.

    Attributes
    ----------
    fleet
        What would stand at a new base.
    demand
        Unmet hectares, gathered.
    offered
        Candidates with their ways, in minutes, to the demand.
    minutes
        From each candidate to each place of the ground, within the limit; NaN beyond.
    capacity
        Hectares of unmet demand that a base at each candidate could serve at most.
    supply_ha
        The same wherever there is demand enough.
    """

    present: Present
    coverage: CoverageParameters
    fleet: Fleet
    demand: OpenDemand
    offered: Candidates
    minutes: Minutes
    capacity: Amounts
    supply_ha: float
    inputs: Inputs
    parameters: SitesParameters

    @property
    def districts(self) -> pd.Index:
        """Codes of districts by position."""
        districts: pd.Index = self.inputs.districts.sort_index().index
        return districts


def coverage_of(parameters: SitesParameters) -> CoverageParameters:
    """The coverage analysis whose unmet hectares are to be served."""
    bases = parameters.bases
    return replace(
        parameters.coverage,
        demand=bases.demand,
        scenario_share=bases.scenario_share,
        year=bases.year,
        machine=bases.machine,
        limit_minutes=bases.limit_minutes,
        margin_m=bases.margin_m,
        place_m=bases.place_m,
    )


def bases_ground(inputs: Inputs, parameters: SitesParameters) -> BasesGround:
    """Present service, what it leaves, and where a base could be.

    Raises
    ------
    BadParameter, UnknownParameter, AllocationFailed
        As :func:`gis.coverage.state.present_state`; a standing or forbidden place that is none of
        the area.
    NotACandidate
        A base is required in a commune without any place on offer.
    """
    coverage = coverage_of(parameters)
    present = present_state(inputs, coverage)
    wanted = present.ground.wanted
    fleet = fleet_of_base(parameters, coverage)
    does = able([fleet], wanted.periods, wanted.crops)[0]
    offered = offered_places(inputs, parameters)
    offered["standing"] = named(parameters.existing, offered)
    points = offered[["x", "y"]].to_numpy(dtype=np.float64)
    minutes, moved_m = _minutes(points, present, coverage)
    side = parameters.bases.gather_m
    while True:
        demand = open_demand(present, does & wanted.own, inputs, side)
        reach = demand.ways(minutes)
        if len(reach.points) <= MOST_WAYS:
            break
        side *= 2
    drawn = Candidates(offered, reach, pd.DataFrame())
    capacity = _capacity(drawn, demand, fleet, present)
    stopped = _stops(drawn, present, capacity, moved_m, inputs, parameters)
    kept = np.flatnonzero(
        np.array([stop is None for stop in stopped], dtype=np.bool_) | offered["standing"]
    )
    out = offered.assign(stopped_by=pd.Series(stopped, index=offered.index, dtype=object))
    held = Candidates(
        offered.iloc[kept], reach.chosen(kept), left_out(out.drop(index=offered.index[kept]))
    )
    expect_known(held, inputs.communes, parameters)
    return BasesGround(
        present=present,
        coverage=coverage,
        fleet=fleet,
        demand=demand,
        offered=held,
        minutes=minutes[kept],
        capacity=capacity[kept],
        supply_ha=supply(fleet, wanted.periods, wanted.own_crops),
        inputs=inputs,
        parameters=parameters,
    )


def machine_of(parameters: SitesParameters, coverage: CoverageParameters) -> str:
    """Kind of machine at a new base."""
    return parameters.bases.machine or coverage.chosen.planters[0]


def fleet_of_base(parameters: SitesParameters, coverage: CoverageParameters) -> Fleet:
    """Machines for the crops of the track alone, each with a tractor."""
    kind, kinds = machine_of(parameters, coverage), kinds_wanted(coverage)
    crops = frozenset(crop for crop in crops_of(coverage.chosen) if kind in kinds.get(crop, ()))
    a_day = parameters.bases.hectares_a_day
    rate = capacities(coverage)[kind] if a_day is None else a_day
    number = parameters.bases.planters_per_base
    return Fleet().joined(Machine(kind, number, rate, crops))


def _minutes(
    points: Amounts, present: Present, coverage: CoverageParameters
) -> tuple[Minutes, Amounts]:
    """Minutes from points to places, and metres from each point to where its ways begin."""
    ground, land = present.ground, present.land
    cell = abs(float(ground.wide.resolution.x))
    passable = ~np.isnan(land.minutes_per_metre)
    cells, moved = standing(points, passable, ground.wide)
    at, _ = stops(ground.places, passable, coverage.place_m / cell)
    origins = np.flatnonzero(cells[:, 0] != NOWHERE)
    ends = np.flatnonzero(at[:, 0] != NOWHERE)
    minutes = np.full((len(points), len(ground.places)), np.nan, dtype=np.float32)
    limit = coverage.limit_minutes
    between = travel_times_between(
        land.minutes_per_metre, cells[origins], at[ends], cell, limit, coverage.neighbours
    )
    minutes[np.ix_(origins, ends)] = np.where(beyond(between, limit), np.float32(np.nan), between)
    return minutes, np.where(cells[:, 0] != NOWHERE, moved * cell, np.inf)


def _capacity(drawn: Candidates, demand: OpenDemand, fleet: Fleet, present: Present) -> Amounts:
    """Hectares that each candidate serves at most of the demand that it reaches.

    Crops are planted in different days. By the cut of least capacity the most is the least, over
    all sets of crops, of what is asked of the others and what the days of these allow.
    """
    wanted = present.ground.wanted
    crops = [crop for crop, amounts in demand.by_crop.items() if amounts.any()]
    asked = {crop: drawn.sums(demand.by_crop[crop]) for crop in crops}
    most = np.full(len(drawn), np.inf if crops else 0.0)
    for number in range(len(crops) + 1):
        for some in combinations(crops, number):
            others = [asked[crop] for crop in crops if crop not in some]
            allowed = supply(fleet, wanted.periods, some)
            most = np.minimum(most, np.sum(others, axis=0) + allowed)
    return most


def _stops(
    drawn: Candidates,
    present: Present,
    capacity: Amounts,
    moved_m: Amounts,
    inputs: Inputs,
    parameters: SitesParameters,
) -> list[str | None]:
    """The rule that leaves each place out; None for a candidate."""
    rows, columns = cells_at(drawn.points, inputs.grid)
    closed = (masks_of(inputs, parameters.chosen).code > 0) | open_water(inputs)
    excluded = (rows >= 0) & closed[rows, columns]
    communes = inputs.communes.sort_index().index
    roads = has_road(present.ground.places, present.land.on_road, len(communes))
    road = pd.Series(roads, index=communes).reindex(drawn.table["commune"]).to_numpy(dtype=np.bool_)
    rules = {
        "excluded_land": excluded,
        "no_road": ~road,
        "no_way": moved_m > parameters.bases.place_m,
        "nothing_unmet": np.diff(drawn.reach.starts) == 0,
        "too_little": capacity < max(parameters.min_reach, 1e-6),
    }
    return [
        next((name for name, holds in rules.items() if holds[place]), None)
        for place in range(len(drawn))
    ]
