"""The linear program of an allocation: hectares on ways, days of machines and tractors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import block_array, csc_array, vstack

from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet
from gis.coverage.demand_groups import Groups, by_unit, numbered
from gis.errors import AllocationFailed

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]

_METHODS = ("highs-ipm", "highs-ds")
"""Interior point with crossover is the faster here; the simplex where it meets trouble."""
_TOLERANCE = 1e-6
"""Relative gap between a solution and its bound above which it is refused."""
_FEW = 50_000
"""Ways that a program takes in at once."""
_PREMIUM = 20.0
"""A hectare served is worth this many of the longest ways when ways are picked to begin with."""
_MARGIN = 5.0
"""Minutes by which a way may seem too long and still be among them."""


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


def solved(groups: Groups, work: Work) -> tuple[Amounts, Amounts]:
    """Hectares on each way of ``groups`` and days of each entry of ``work``.

    Most hectares first; among these solutions least hectare-minutes. Both are proved by the dual
    over all ways. The limits are kept up to the solver's tolerance only.

    Raises
    ------
    AllocationFailed
        When the solver stops without an optimum, or its optimum misses the bound of its own dual.
    """
    ways, entries = len(groups.way_base), len(work.base)
    if not ways or not entries:
        return np.zeros(ways), np.zeros(entries)
    program = _Program.of(groups, work)
    served = program.padded(-np.ones(ways))
    most = program.least(served, _worth_a_look(groups, work))
    # The first solution is one way to serve so much, so the second program has one too.
    capped = program.capped(served, float(served @ most.values))
    best = capped.least(program.padded(groups.way_minutes), most.ways).values
    return best[:ways], best[ways:]


def _worth_a_look(groups: Groups, work: Work) -> NDArray[np.bool_]:
    """Ways to begin with: those likely at the prices of a program by units; all when few."""
    if len(groups.way_base) <= _FEW:
        return np.ones(len(groups.way_base), dtype=np.bool_)
    units = by_unit(groups)
    coarse = _Program.of(units, work)
    cost = units.way_minutes - _PREMIUM * units.way_minutes.max()
    price = coarse.least(coarse.padded(cost), np.ones(len(cost), dtype=np.bool_)).price
    # The same bases and crops stand in both programs, in the same order.
    full = groups.way_minutes - price[base_and_crop(groups, work)[0][: len(groups.way_base)]]
    least = np.full(len(groups.hectares), np.inf)
    np.minimum.at(least, groups.way_group, full)
    likely: NDArray[np.bool_] = full <= least[groups.way_group] + _MARGIN
    return likely


@dataclass(frozen=True)
class _Optimum:
    """Values of all columns, the ways that were looked at, and the price of each balance."""

    values: Amounts
    ways: NDArray[np.bool_]
    price: Amounts


@dataclass(frozen=True)
class _Program:
    """Columns are the ways, then the entries of work; ``limits`` of them are at most ``most``,
    and in ``balance`` the hectares that a base serves in a crop are those that it works."""

    groups: Groups
    limits: csc_array
    most: Amounts
    balance: csc_array

    @classmethod
    def of(cls, groups: Groups, work: Work) -> _Program:
        machine, one = numbered(work.base, work.machine, work.period)
        tractor, other = numbered(work.base, work.period)
        blocks = [
            [_rows(groups.way_group, len(groups.hectares)), None],
            [None, _rows(machine, len(one))],
            [None, _rows(tractor, len(other))],
        ]
        most = [groups.hectares, work.machine_days[one], work.tractor_days[other]]
        pair, pairs = base_and_crop(groups, work)
        value = np.append(np.ones(len(groups.way_base)), -work.hectares_a_day)
        balance = _rows(pair, len(pairs), value)
        return cls(groups, block_array(blocks, format="csc"), np.concatenate(most), balance)

    def padded(self, cost: Amounts) -> Amounts:
        """Cost of the ways, and 0 for the work."""
        return np.append(cost, np.zeros(self.limits.shape[1] - len(cost)))

    def capped(self, cost: Amounts, most: float) -> _Program:
        """The program with one more limit."""
        limits = vstack([self.limits, csc_array(cost[np.newaxis])], format="csc")
        return replace(self, limits=limits, most=np.append(self.most, most))

    def least(self, cost: Amounts, ways: NDArray[np.bool_]) -> _Optimum:
        """Values of least cost, proved over all ways.

        Begins with some of the ways and takes in those that would lower the cost, until the dual
        shows that none can (column generation).
        """
        work = np.ones(len(cost) - len(ways), dtype=np.bool_)
        while True:
            columns = np.flatnonzero(np.append(ways, work))
            found = _optimum(
                cost[columns], self.limits[:, columns], self.most, self.balance[:, columns]
            )
            worth, price = found.ineqlin.marginals, found.eqlin.marginals
            gain = self.limits.T @ worth + self.balance.T @ price - cost
            best = np.zeros(len(self.groups.hectares))
            np.maximum.at(best, self.groups.way_group, gain[: len(ways)])
            bound = float(self.most @ worth - self.groups.hectares @ best)
            if found.fun - bound <= _TOLERANCE * max(1.0, abs(bound)):
                values = np.zeros(len(cost))
                values[columns] = found.x
                return _Optimum(values, ways, price)
            top = best[self.groups.way_group]
            missing = ~ways & (top > 0) & (gain[: len(ways)] == top)
            if not missing.any():
                raise AllocationFailed(f"{found.fun:.9g} > {bound:.9g}")
            ways = ways | missing


def _optimum(cost: Amounts, limits: csc_array, most: Amounts, balance: csc_array) -> OptimizeResult:
    """What the solver finds, with its dual."""
    for method in _METHODS:
        found = linprog(
            cost,
            A_ub=limits,
            b_ub=most,
            A_eq=balance,
            b_eq=np.zeros(balance.shape[0]),
            method=method,
        )
        if found.status == 0:
            return found
    raise AllocationFailed(str(found.message))


def _rows(row: Positions, number: int, value: Amounts | None = None) -> csc_array:
    """A matrix with one entry a column, in the row of that column."""
    values = np.ones(len(row)) if value is None else value
    return csc_array((values, (row, np.arange(len(row)))), shape=(number, len(row)))
