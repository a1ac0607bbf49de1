"""How good sites could be: a bound from prices of demand, and candidates that it rules out.

Lagrangian relaxation with subgradients (Geoffrion 1974; Held, Wolfe and Crowder 1974, Mathematical
Programming 6): each demand may be served by several sites at a price, so candidates are worth what
their demand is priced at, and the best choice among them is found by sorting. Rules that sorting
cannot keep (spacing, shares, several sites a unit with a cost) are left out: the bound still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from gis.location_allocation.problem import Problem, backwards
from gis.location_allocation.reach import Amounts, Positions
from gis.location_allocation.terms import Flags, Terms

_ROUNDS = 1500
_PATIENCE = 15
"""Rounds without a better bound after which steps get shorter."""
_SHORTEST = 1e-3
_MEMORY = 0.3
"""Share of the last direction in the next."""
_AWAY = 1e-9


@dataclass(frozen=True, eq=False)
class Bound:
    """No choice is worth more than ``value``; ``worth`` of candidates at the best prices.

    ``served`` is what demand is worth beyond its prices, whoever is chosen.
    """

    value: float
    worth: Amounts
    served: float


def covering_bound(problem: Problem, known: float, go_on: Callable[[], bool]) -> Bound:
    """Bound on the demand served; ``known`` is what the best known choice serves."""
    reach, demand = problem.reach, problem.worth
    room = problem.capacity if problem.capacity is not None else np.full(problem.size, np.inf)
    tight = problem.capacity is not None and bool((room < problem.reached).any())
    flat = csr_array(
        (demand[reach.points], reach.points, reach.starts), (problem.size, len(demand))
    )
    choose = Choosing(problem.terms)
    price = np.full(len(demand), 0.5)
    parts = np.empty(len(reach.points))
    back = backwards(problem)

    def priced(price: Amounts) -> tuple[float, Amounts, Amounts]:
        """Bound, worth of candidates, and demand served once over or too often."""
        if tight:
            _fill(np.argsort(-price, kind="stable"), *back, demand, room.copy(), parts)
            ways = csr_array((parts, reach.points, reach.starts), flat.shape)
        else:
            ways = flat
        worth = ways @ price
        total, taken = choose(worth)
        return float(demand @ (1 - price)) + total, worth, ways.T @ taken - demand

    best = _descended(priced, price, demand, known, go_on)
    value, worth, _ = priced(best)
    return Bound(value, worth, float(demand @ (1 - best)))


def _descended(
    priced: Callable[[Amounts], tuple[float, Amounts, Amounts]],
    price: Amounts,
    demand: Amounts,
    known: float,
    go_on: Callable[[], bool],
) -> Amounts:
    """Prices between 0 and 1 of the least bound found."""
    best, least, step, stale = price, np.inf, 2.0, 0
    before = np.zeros(len(price))
    for _ in range(_ROUNDS):
        value, _, excess = priced(price)
        if value < least - 1e-6 * abs(known):
            best, least, stale = price, value, 0
        else:
            stale += 1
            if stale > _PATIENCE:
                step, stale, price = step / 1.5, 0, best
        excess = np.where((excess > 0) & (price <= 0), 0.0, excess)
        excess = np.where((excess < 0) & (price >= 1), 0.0, excess)
        before = direction = (1 - _MEMORY) * excess + _MEMORY * before
        length = float(direction @ (direction / demand))
        apart = max(value - known, 1e-7 * abs(known))
        if step < _SHORTEST or length <= _AWAY**2 or least <= known * (1 + 1e-7) or not go_on():
            break
        price = np.clip(price - step * apart / length * (direction / demand), 0, 1)
    return best


def ruled_out(bound: Bound, terms: Terms, known: float) -> tuple[Flags, Flags]:
    """Candidates that no choice better than ``known`` has, and those that every such choice has."""
    choose = Choosing(terms)
    with_it, without_it = choose.forced(bound.worth)
    limit = known - bound.served - _AWAY * abs(known)
    never = (with_it < limit) & ~terms.fixed
    always = (without_it < limit) & ~terms.fixed
    return never, always


def likeliest(bound: Bound, terms: Terms, size: int) -> Flags:
    """So many candidates with which a choice may be worth most, and the fixed ones."""
    with_it, _ = Choosing(terms).forced(bound.worth)
    likely = terms.fixed.copy()
    likely[np.argsort(-with_it, kind="stable")[:size]] = True
    return likely & ~terms.closed


class Choosing:
    """The best choice by worth of candidates alone, under the rules that sorting can keep."""

    def __init__(self, terms: Terms) -> None:
        self.fixed = np.flatnonzero(terms.fixed)
        self.free = np.flatnonzero(~terms.fixed & ~terms.closed)
        self.places = max(min(terms.count - len(self.fixed), len(self.free)), 0)
        self.unit, self.most = terms.unit[self.free], terms.most
        taken = np.bincount(terms.unit[terms.fixed & ~terms.standing & (terms.unit >= 0)])
        self.room = np.full(len(terms.unit_cost), terms.most)
        self.room[: len(taken)] -= taken
        self.limited = bool((self.unit >= 0).any()) and terms.most < len(self.free)
        self.budget = terms.budget
        self.cost = terms.cost[self.free]
        if np.isfinite(self.budget):
            alone = terms.unit_cost if terms.most == 1 else np.zeros_like(terms.unit_cost)
            lone = (self.unit >= 0) & (alone.size > 0)
            self.cost = self.cost + (np.where(lone, alone[self.unit], 0.0) if alone.size else 0.0)
            self.budget -= float(terms.cost[self.fixed].sum())

    def __call__(self, worth: Amounts) -> tuple[float, Amounts]:
        """Worth of the best choice, and how much of each candidate it takes (0 to 1)."""
        taken = np.zeros(len(worth))
        taken[self.fixed] = 1.0
        value = worth[self.free]
        best = self._by_count(value)
        part = np.zeros(len(value))
        part[best] = 1.0
        if np.isfinite(self.budget):
            order, spent = self._by_price(value)
            bought = np.clip((self.budget - spent) / np.maximum(self.cost[order], 1e-12), 0, 1)
            if float(value[order] @ bought) < float(value[best].sum()):
                part[:] = 0
                part[order] = bought
        taken[self.free] = part
        return float(worth @ taken), taken

    def forced(self, worth: Amounts) -> tuple[Amounts, Amounts]:
        """Most that a choice is worth with each candidate, and without it."""
        value, base = worth[self.free], float(worth[self.fixed].sum())
        best = self._by_count(value)
        total = float(value[best].sum())
        full = len(best) == self.places
        last = float(value[best].min()) if full and len(best) else 0.0
        with_it = np.full(len(worth), np.inf)
        with_it[self.free] = base + value + total - last if self.places else -np.inf
        without_it = np.full(len(worth), np.inf)
        others = np.setdiff1d(np.arange(len(value)), best)
        spare = float(value[others].max()) if len(others) else 0.0
        without_it[self.free[best]] = base + total - value[best] + max(spare, 0.0)
        if np.isfinite(self.budget):
            order, spent = self._by_price(value)
            money = np.append(spent, spent[-1] + self.cost[order[-1]]) if len(order) else [0.0]
            gained = np.concatenate([[0.0], np.cumsum(value[order])])
            left = self.budget - self.cost
            bought = np.where(left >= 0, np.interp(left, money, gained) + value, -np.inf)
            with_it[self.free] = np.minimum(with_it[self.free], base + bought)
        return with_it, without_it

    def _by_count(self, value: Amounts) -> Positions:
        """The best, as many as there are places, no more of a unit than may be."""
        some = np.flatnonzero(value > 0)
        if self.limited:
            some = some[np.lexsort((-value[some], self.unit[some]))]
            unit = self.unit[some]
            first = np.searchsorted(unit, unit)
            rank = np.arange(len(some)) - first
            some = some[(unit < 0) | (rank < self.room[unit])]
        if len(some) > self.places:
            some = (
                some[np.argpartition(-value[some], self.places - 1)[: self.places]]
                if self.places
                else some[:0]
            )
        return some

    def _by_price(self, value: Amounts) -> tuple[Positions, Amounts]:
        """Candidates by worth for their money, and what those before each cost."""
        order = np.flatnonzero(value > 0)
        order = order[
            np.argsort(-value[order] / np.maximum(self.cost[order], 1e-12), kind="stable")
        ]
        return order, np.cumsum(self.cost[order]) - self.cost[order]


@njit(cache=True, nogil=True)
def _fill(order, rows, row_candidates, row_ways, demand, left, parts):  # type: ignore[no-untyped-def]
    """What each candidate serves of its demand, dearest first, until it is full."""
    for point in order:
        for place in range(rows[point], rows[point + 1]):
            part = min(demand[point], left[row_candidates[place]])
            parts[row_ways[place]] = part
            left[row_candidates[place]] -= part
