"""The linear program of an allocation: hectares on ways, days of machines and tractors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import block_array, csc_array, vstack

from gis.coverage.demand_groups import Groups, by_unit, numbered
from gis.coverage.field_work import Work, base_and_crop, within_limits
from gis.errors import AllocationFailed

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]

_METHODS = (("highs-ipm", True), ("highs-ds", True), ("highs-ds", False))
"""Interior point with crossover is the faster here; then the simplex, last without presolve, which
may call a program infeasible whose only solution lies on a limit."""
_TOLERANCE = 1e-6
"""Relative gap between a solution and its bound above which it is refused."""
_FEW = 50_000
"""Ways that a program takes in at once."""
_PREMIUM = 20.0
"""A hectare served is worth this many of the longest ways when ways are picked to begin with."""
_MARGIN = 5.0
"""Minutes by which a way may seem too long and still be among them."""


def solved(groups: Groups, work: Work) -> tuple[Amounts, Amounts]:
    """Hectares on each way of ``groups`` and days of each entry of ``work``.

    Most hectares first; among these solutions least hectare-minutes. Both are proved by the dual
    over all ways. No limit is exceeded.

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
    # Within its limits the first solution is one way to serve so much: the second has one too.
    hectares, _ = within_limits(groups, work, most.values[:ways], most.values[ways:])
    capped = program.capped(served, -float(hectares.sum()))
    best = capped.least(program.padded(groups.way_minutes), most.ways).values
    return within_limits(groups, work, best[:ways], best[ways:])


def _worth_a_look(groups: Groups, work: Work) -> NDArray[np.bool_]:
    """Ways to begin with: those likely at the prices of a program by units; all when few."""
    if len(groups.way_base) <= _FEW:
        return np.ones(len(groups.way_base), dtype=np.bool_)
    units = by_unit(groups)
    coarse = _Program.of(units, work)
    cost = units.way_minutes - _PREMIUM * units.way_minutes.max()
    price = coarse.least(coarse.padded(cost), np.ones(len(cost), dtype=np.bool_)).price
    # The same bases and crops stand in both programs, in the same order.
    pair, _ = base_and_crop(groups, work)
    full = groups.way_minutes - price[pair[: len(groups.way_base)]]
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
    and in ``balance`` the hectares that a base serves in a crop are those that it works.
    ``pair`` is the row of a column there, ``workable`` bounds its hectares."""

    groups: Groups
    limits: csc_array
    most: Amounts
    balance: csc_array
    pair: Positions
    workable: Amounts

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
        days = np.minimum(work.machine_days, work.tractor_days)
        return cls(
            groups=groups,
            limits=block_array(blocks, format="csc"),
            most=np.concatenate(most),
            balance=_rows(pair, len(pairs), value),
            pair=pair,
            workable=np.bincount(
                pair[len(groups.way_base) :], days * work.hectares_a_day, minlength=len(pairs)
            ).astype(np.float64),
        )

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
            gain = np.clip(gain[: len(ways)], 0.0, None)
            bound = float(self.most @ worth) - self._open(gain)
            room = max(1.0, abs(bound), found.x[: ways.sum()].sum())
            if abs(found.fun - bound) <= _TOLERANCE * room:
                values = np.zeros(len(cost))
                values[columns] = found.x
                return _Optimum(values, ways, price)
            best = _highest(self.groups.way_group, gain, len(self.groups.hectares))
            top = best[self.groups.way_group]
            missing = ~ways & (top > 0) & (gain == top)
            if not missing.any():
                raise AllocationFailed(f"{found.fun:.9g} > {bound:.9g}")
            ways = ways | missing

    def _open(self, gain: Amounts) -> float:
        """At most so much is there to gain on the ways: a group has only so many hectares, and
        so has the work of a base in a crop."""
        by_group = _highest(self.groups.way_group, gain, len(self.groups.hectares))
        by_pair = _highest(self.pair[: len(gain)], gain, len(self.workable))
        return float(min(by_group @ self.groups.hectares, by_pair @ self.workable))


def _highest(row: Positions, amounts: Amounts, number: int) -> Amounts:
    """Highest amount of each row, at least 0."""
    found = np.zeros(number)
    np.maximum.at(found, row, amounts)
    return found


def _optimum(cost: Amounts, limits: csc_array, most: Amounts, balance: csc_array) -> OptimizeResult:
    """What the solver finds, with its dual."""
    for method, presolve in _METHODS:
        found = linprog(
            cost,
            A_ub=limits,
            b_ub=most,
            A_eq=balance,
            b_eq=np.zeros(balance.shape[0]),
            method=method,
            options={"presolve": presolve},
        )
        if found.status == 0:
            return found
    raise AllocationFailed(str(found.message))


def _rows(row: Positions, number: int, value: Amounts | None = None) -> csc_array:
    """A matrix with one entry a column, in the row of that column."""
    values = np.ones(len(row)) if value is None else value
    return csc_array((values, (row, np.arange(len(row)))), shape=(number, len(row)))
