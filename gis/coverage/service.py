"""Service: hectares reached and served from the bases of one state, with their ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from gis.coverage.allocation import Allocation, allocate
from gis.coverage.bases import Base
from gis.coverage.calendar import Period
from gis.coverage.capacity import able, supply
from gis.coverage.catchment import decay_weights, enhanced_two_step
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import Places
from gis.coverage.ways import Ways
from gis.membership import beyond

Case: TypeAlias = Literal["middle", "low", "high"]
CASES: tuple[Case, ...] = get_args(Case)
Hectares = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What is asked for in one season: hectares by place and crop, and the days to do them.

    Attributes
    ----------
    demand
        Hectares (places, crops); NaN where unknown.
    own
        Columns of the chosen track's crops.
    cell_ha
        Hectares of a cell of land.
    """

    places: Places
    crops: tuple[str, ...]
    own: NDArray[np.bool_]
    demand: Hectares
    periods: tuple[Period, ...]
    cell_ha: float

    @property
    def of_track(self) -> Hectares:
        """Hectares of the chosen track at each place; unknown where one crop is."""
        total: Hectares = self.demand[:, self.own].sum(axis=1)
        return total

    @property
    def own_crops(self) -> tuple[str, ...]:
        return tuple(crop for crop, own in zip(self.crops, self.own, strict=True) if own)


@dataclass(frozen=True)
class Service:
    """What the bases of one state do.

    Attributes
    ----------
    reached
        Case -> crops of each place that a base within the limit can serve: it has a machine for
        them that does anything on the days of the season; bool (places, crops).
    allocations
        Case -> who serves what.
    supply
        Case -> hectares of the chosen track that each base can serve at most (bases,).
    supply_all
        The same for the crops of all tracks, without a range.
    ratio
        Case -> supply for each hectare of demand at each place, by floating catchments (places,).
        The supply is that of all tractors on all days, as if the other tracks asked for none.
    """

    bases: tuple[Base, ...]
    ways: Ways
    reached: Mapping[Case, NDArray[np.bool_]]
    allocations: Mapping[Case, Allocation]
    supply: Mapping[Case, Hectares]
    supply_all: Hectares
    ratio: Mapping[Case, Hectares]


def factors(parameters: CoverageParameters, case: Case) -> tuple[float, float]:
    """Factors of speed and of field capacity: low ones together, and high ones."""
    ranges = parameters.ranges
    return {
        "middle": (1.0, 1.0),
        "low": (ranges.speed_low, ranges.capacity_low),
        "high": (ranges.speed_high, ranges.capacity_high),
    }[case]


def service_of(
    bases: tuple[Base, ...], ways: Ways, wanted: Wanted, parameters: CoverageParameters
) -> Service:
    """Reach, allocation, supply and ratio of every case.

    Raises
    ------
    AllocationFailed
        When the solver ends without an optimum.
    """
    limit = parameters.limit_minutes
    reached, allocations, supplies, ratio = {}, {}, {}, {}
    for case in CASES:
        speed, capacity = factors(parameters, case)
        fleets = [base.fleet.scaled(capacity) for base in bases]
        between = ways.between / np.float32(speed)
        does = able(fleets, wanted.periods, wanted.crops)
        within = ~np.isnan(between) & ~beyond(between, limit)
        reached[case] = within.T.astype(np.float32) @ does.astype(np.float32) > 0
        allocations[case] = allocate(
            between,
            wanted.demand,
            wanted.places.unit,
            wanted.crops,
            fleets,
            wanted.periods,
            limit,
        )
        supplies[case] = np.array(
            [supply(fleet, wanted.periods, wanted.own_crops) for fleet in fleets]
        )
        ratio[case] = _ratio(between, supplies[case], does, wanted, parameters)
    return Service(
        bases=bases,
        ways=ways,
        reached=reached,
        allocations=allocations,
        supply=supplies,
        supply_all=np.array([supply(one.fleet, wanted.periods, wanted.crops) for one in bases]),
        ratio=ratio,
    )


def lowest_and_highest(cases: Sequence[Hectares]) -> tuple[Hectares, Hectares]:
    """Ends of a range, item by item; of an item that one case does not know, those of the others.

    A fast and large case may serve less of one track or commune than a slow and small one, as one
    program serves them all: the ends are not simply that of one case.

    >>> low, high = lowest_and_highest([np.array([1.0, 4.0]), np.array([2.0, 3.0])])
    >>> low.tolist(), high.tolist()
    ([1.0, 3.0], [2.0, 4.0])
    """
    return np.fmin.reduce(list(cases)), np.fmax.reduce(list(cases))


def _ratio(
    between: NDArray[np.float32],
    supplies: Hectares,
    does: NDArray[np.bool_],
    wanted: Wanted,
    parameters: CoverageParameters,
) -> Hectares:
    weights = decay_weights(
        between,
        parameters.limit_minutes,
        parameters.decay,
        parameters.bands,
        parameters.band_weights,
    )
    own = wanted.own
    return enhanced_two_step(supplies, wanted.demand[:, own], weights, does[:, own])
