"""The linear program of an allocation: hectares on ways, days of machines and tractors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array, vstack

from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet
from gis.coverage.demand_groups import Groups
from gis.errors import AllocationFailed

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]

_METHODS = ("highs-ipm", "highs-ds")
"""Interior point with crossover is the faster here; the simplex where it meets trouble."""
_TOLERANCE = 1e-6
"""Relative gap between a solution and its bound above which it is refused."""


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


def solved(groups: Groups, work: Work) -> tuple[Amounts, Amounts]:
    """Hectares on each way of ``groups`` and days of each entry of ``work``.

    Most hectares first; among these solutions least hectare-minutes. The limits are kept up to
    the solver's tolerance only.

    Raises
    ------
    AllocationFailed
        When the solver stops without an optimum, or its optimum misses the bound of its own dual.
    """
    ways, entries = len(groups.way_base), len(work.base)
    if not ways or not entries:
        return np.zeros(ways), np.zeros(entries)
    program = _Program(groups, work)
    served = -np.ones(ways)
    most = program.least(served)
    # The days of the first solution are one way to serve so much; the second travels least.
    best = program.least(groups.way_minutes, at_most=(served, float(served @ most[:ways])))
    return best[:ways], best[ways:]


class _Program:
    """Columns are the ways, then the entries of work; rows are what cannot be exceeded."""

    def __init__(self, groups: Groups, work: Work) -> None:
        self.ways, self.entries = len(groups.way_base), len(work.base)
        machines, machine_days = _pools(
            pool(work.base, work.machine, work.period), work.machine_days
        )
        tractors, tractor_days = _pools(pool(work.base, work.period), work.tractor_days)
        self.limits = block_array(
            [
                [_rows(groups.way_group, len(groups.hectares)), None],
                [None, machines],
                [None, tractors],
            ],
            format="csr",
        )
        self.most = np.concatenate([groups.hectares, machine_days, tractor_days])
        self.balance = _balance(groups, work)

    def least(self, cost: Amounts, at_most: tuple[Amounts, float] | None = None) -> Amounts:
        """Columns at which the cost of the ways is least, and a second cost at most so much."""
        limits, most = self.limits, self.most
        if at_most is not None:
            row = csr_array(self._padded(at_most[0])[np.newaxis])
            limits, most = vstack([limits, row], format="csr"), np.append(most, at_most[1])
        return _optimum(self._padded(cost), limits, most, self.balance)

    def _padded(self, cost: Amounts) -> Amounts:
        return np.append(cost, np.zeros(self.entries))


def _optimum(cost: Amounts, limits: csr_array, most: Amounts, balance: csr_array) -> Amounts:
    """Columns, 0 or more, of least cost; the solver's word is checked against its dual."""
    reason = ""
    for method in _METHODS:
        found = linprog(
            cost,
            A_ub=limits,
            b_ub=most,
            A_eq=balance,
            b_eq=np.zeros(balance.shape[0]),
            method=method,
        )
        if found.status != 0:
            reason = str(found.message)
            continue
        bound = float(most @ found.ineqlin.marginals)
        if abs(found.fun - bound) <= _TOLERANCE * max(1.0, abs(bound)):
            columns: Amounts = found.x
            return columns
        reason = f"{found.fun:.9g} > {bound:.9g}"
    raise AllocationFailed(reason)


def _rows(row: Positions, number: int, value: Amounts | None = None) -> csr_array:
    """A matrix with one entry a column, in the row of that column."""
    values = np.ones(len(row)) if value is None else value
    return csr_array((values, (row, np.arange(len(row)))), shape=(number, len(row)))


def pool(*keys: Positions) -> Positions:
    """Number of the row, from 0, of entries that share all keys."""
    _, row = np.unique(np.vstack(keys), axis=1, return_inverse=True)
    return np.asarray(row, dtype=np.intp).ravel()


def _pools(row: Positions, days: Amounts) -> tuple[csr_array, Amounts]:
    """Entries of work that draw from the same pool of days, and how many it has."""
    _, first = np.unique(row, return_index=True)
    return _rows(row, len(first)), days[first]


def _balance(groups: Groups, work: Work) -> csr_array:
    """Hectares served by a base in a crop are those that its machines work."""
    crop = groups.crop[groups.way_group]
    row = pool(np.append(groups.way_base, work.base), np.append(crop, work.crop))
    value = np.append(np.ones(len(crop)), -work.hectares_a_day)
    return _rows(row, int(row.max()) + 1, value)
