"""Work in the field: what machines and tractors may do, and what a solution makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet
from gis.coverage.demand_groups import Groups, numbered

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Work:
    """Days that may be worked, one entry for a row of a base's fleet, a period and a crop.

    ``machine_days`` bounds the days of all machines of that row in the period, ``tractor_days``
    those of all tractors of the base.
    """

    base: Positions
    machine: Positions
    period: Positions
    crop: Positions
    hectares_a_day: Amounts
    machine_days: Amounts
    tractor_days: Amounts


def possible_work(crops: Sequence[str], fleets: Sequence[Fleet], periods: Sequence[Period]) -> Work:
    """Everything that a machine of a base may do in a period."""
    rows = [
        (
            (base, number, when, crops.index(crop)),
            (machine.hectares_a_day, machine.count * period.days, fleet.tractors * period.days),
        )
        for base, fleet in enumerate(fleets)
        for number, machine in enumerate(fleet.machines)
        for when, period in enumerate(periods)
        for crop in sorted(machine.crops & period.crops & set(crops))
        if machine.hectares_a_day > 0 and period.days > 0
    ]
    places = np.array([row[0] for row in rows], dtype=np.intp).reshape(-1, 4)
    amounts = np.array([row[1] for row in rows], dtype=np.float64).reshape(-1, 3)
    return Work(*places.T, *amounts.T)


def base_and_crop(groups: Groups, work: Work) -> tuple[Positions, Positions]:
    """Number of the base and crop of each way, then of each entry of work, and where it begins."""
    base = np.append(groups.way_base, work.base)
    return numbered(base, np.append(groups.way_crop, work.crop))


def within_limits(
    groups: Groups, work: Work, flows: Amounts, days: Amounts
) -> tuple[Amounts, Amounts]:
    """The solution less what the solver's tolerance lets stand beyond a limit."""
    days = np.clip(days, 0.0, None)
    machine, _ = numbered(work.base, work.machine, work.period)
    days = days * _down_to(work.machine_days, machine, days)
    tractor, _ = numbered(work.base, work.period)
    days = days * _down_to(work.tractor_days, tractor, days)
    flows = np.clip(flows, 0.0, None)
    flows = flows * _down_to(groups.hectares[groups.way_group], groups.way_group, flows)
    # Both sides of a base and crop: hectares served, hectares that the days allow.
    row, pairs = base_and_crop(groups, work)
    served, worked = row[: len(flows)], row[len(flows) :]
    number = len(pairs)
    possible = np.bincount(worked, days * work.hectares_a_day, minlength=number).astype(np.float64)
    flows = flows * _down_to(possible[served], served, flows)
    done = np.bincount(served, flows, minlength=number)
    used = np.divide(done, possible, out=np.zeros(number), where=possible > 0)
    return flows, days * used[worked]


def _down_to(limit: Amounts, row: Positions, amounts: Amounts) -> Amounts:
    """Factor, at most 1, that brings the sum of each row down to its limit."""
    total = np.bincount(row, amounts)[row]
    factor: Amounts = np.divide(limit, total, out=np.ones(len(total)), where=total > limit)
    return factor
