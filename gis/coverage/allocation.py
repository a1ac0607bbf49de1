"""Who is served by whom when days are scarce: an exact allocation of hectares to bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet, able
from gis.coverage.demand_groups import Groups, Members, grouped
from gis.coverage.field_work import possible_work
from gis.coverage.linear_program import solved

Hectares = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Allocation:
    """Hectares served, by place and by base, and the days that this takes.

    Attributes
    ----------
    served
        Hectares served (places, crops), NaN where the demand is unknown.
    by_base
        Hectares served (bases, crops); their sum is that of ``served``.
    machine_days
        One a base: days worked by all machines of a row of its fleet (machines, periods).
    tractor_days
        Days worked by all tractors of a base (bases, periods).
    hectare_minutes
        Sum over served hectares of the minutes from the base that serves them.
    """

    served: Hectares
    by_base: Hectares
    machine_days: tuple[NDArray[np.float64], ...]
    tractor_days: NDArray[np.float64]
    hectare_minutes: float


def allocate(
    minutes: NDArray[np.floating],
    demand: Hectares,
    unit: NDArray[np.integer],
    crops: Sequence[str],
    fleets: Sequence[Fleet],
    periods: Sequence[Period],
    limit: float,
) -> Allocation:
    """Serve as many hectares as the days allow; of the ways to do so, that of least travel.

    A hectare is served once, by a base within ``limit`` whose machines do its crop, in a period
    open for the crop. All crops, and with them all tracks, share the tractor days of a base in
    each period. Within a unit, places with the same bases in reach are served in the same
    proportion, whatever their distance.

    Parameters
    ----------
    minutes
        Travel times (bases, places), NaN = unreachable.
    demand
        Hectares (places, crops); NaN where unknown: such a place asks for nothing.
    unit
        Number of the commune (or other unit) of each place.
    crops
        Names of the columns of ``demand``.
    fleets
        Fleet of each base.
    periods
        Elementary periods of the season.
    limit
        Longest way, minutes, inclusive.

    Raises
    ------
    AllocationFailed
        When the solver ends without an optimum.
    ValueError
        When shapes disagree or a demand is negative.

    Notes
    -----
    A linear program over groups of places, solved twice by HiGHS: most hectares, then, of these
    solutions, least hectare-minutes. Among equal ones the solver's choice stands.

    Examples
    --------
    >>> from gis.coverage.capacity import Machine
    >>> planter = Fleet((Machine("no-till-planter", 1, 4.0, frozenset({"maize"})),), tractors=1)
    >>> found = allocate(
    ...     minutes=np.array([[10.0, 50.0]]),
    ...     demand=np.array([[30.0], [30.0]]),
    ...     unit=np.array([0, 1]),
    ...     crops=("maize",),
    ...     fleets=[planter],
    ...     periods=[Period(10.0, frozenset({"maize"}), 5)],
    ...     limit=60.0,
    ... )
    >>> found.served.ravel().tolist(), found.by_base.tolist(), found.tractor_days.tolist()
    ([30.0, 10.0], [[40.0]], [[10.0]])
    """
    _check(minutes, demand, unit, crops, fleets)
    merged, part = _merged(periods)
    reach = np.isfinite(minutes) & (minutes <= limit)
    groups, members = grouped(minutes, reach, demand, unit, able(fleets, merged, crops))
    work = possible_work(crops, fleets, merged)
    flows, days = solved(groups, work)
    machines = max((len(fleet.machines) for fleet in fleets), default=0)
    shape = (len(fleets), machines, len(merged))
    by_machine = _sums((work.base, work.machine, work.period), days, shape) @ part
    return Allocation(
        served=_served(groups, members, flows, demand),
        by_base=_sums((groups.way_base, groups.way_crop), flows, (len(fleets), len(crops))),
        machine_days=tuple(
            by_machine[base, : len(fleet.machines)] for base, fleet in enumerate(fleets)
        ),
        tractor_days=by_machine.sum(axis=1),
        hectare_minutes=float(flows @ groups.way_minutes),
    )


def _check(
    minutes: NDArray[np.floating],
    demand: Hectares,
    unit: NDArray[np.integer],
    crops: Sequence[str],
    fleets: Sequence[Fleet],
) -> None:
    if minutes.shape != (len(fleets), len(demand)) or demand.shape != (len(unit), len(crops)):
        raise ValueError(f"shapes disagree: {minutes.shape}, {demand.shape}, {unit.shape}")
    if (demand < 0).any() or np.isinf(demand).any():
        raise ValueError("hectares must be 0 or more")


def _merged(periods: Sequence[Period]) -> tuple[list[Period], Hectares]:
    """Periods with the same crops as one, and the part of its days in each of ``periods``.

    Days of such periods can stand for one another, so nothing is lost.
    """
    kinds = list(dict.fromkeys(period.crops for period in periods))
    days = np.array([period.days for period in periods])
    place = np.array([kinds.index(period.crops) for period in periods], dtype=np.intp)
    total = np.bincount(place, days, minlength=len(kinds))
    part = np.zeros((len(kinds), len(periods)))
    known = total[place] > 0
    part[place[known], np.flatnonzero(known)] = days[known] / total[place[known]]
    merged = [Period(float(sum_), crops, 0) for sum_, crops in zip(total, kinds, strict=True)]
    return merged, part


def _served(groups: Groups, members: Members, flows: Hectares, demand: Hectares) -> Hectares:
    """Hectares of each group shared among its places as they ask."""
    total = np.bincount(groups.way_group, flows, minlength=len(groups.hectares))
    served = np.where(np.isnan(demand), np.nan, 0.0)
    served[members.place, groups.crop[members.group]] = total[members.group] * members.share
    return served


def _sums(places: tuple[Positions, ...], amounts: Hectares, shape: tuple[int, ...]) -> Hectares:
    found = np.zeros(shape)
    np.add.at(found, places, amounts)
    return found
