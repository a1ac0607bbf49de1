"""Good sites for a p-median, a bound from prices, and which costs a proof must look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gis.location_allocation.bound import Bound, Choosing
from gis.location_allocation.kernel import MISSING, empty_state, put
from gis.location_allocation.median_kernel import descend, nearest_two, priced, takers
from gis.location_allocation.models import Model, cost_levels, median
from gis.location_allocation.problem import Problem
from gis.location_allocation.reach import Amounts
from gis.location_allocation.search import limits_of
from gis.location_allocation.terms import Flags

_SEED = 20_260_103
_STARTS = 2
_WORK = 1.5e8
"""Ways walked in kicks, about: kicks are as many as this allows."""
_KICKS = (4, 60)
_ROUNDS, _PATIENCE, _SHORTEST = 900, 15, 1e-3
_MEMORY = 0.3
_MORE = 3
"""Costs beyond the one in use that a proof looks at."""


def good_median(problem: Problem, go_on: Callable[[], bool]) -> Flags | None:
    """Flags of candidates that keep the rules and cost little; None when the search finds none."""
    if not problem.size:
        return np.zeros(0, dtype=np.bool_)
    return _Search(problem).run(go_on)


class _Search:
    """Starts and kicks, and the best so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ways = (problem.reach.starts, problem.reach.points, problem.reach.cost)
        self.far = 1e3 * (1.0 + float(problem.reach.cost.max(initial=0.0)))
        self.limits = limits_of(problem.terms)
        size = len(problem.worth)
        self.two = (np.empty(size), np.empty(size), np.empty(size, dtype=np.int64))
        self.random = np.random.default_rng(_SEED)
        self.plain = np.ones(problem.size)
        self.best: tuple[float, Flags] | None = None

    def run(self, go_on: Callable[[], bool]) -> Flags | None:
        """The best choice that serves all demand and keeps the rules."""
        for number in range(_STARTS):
            pull = self.random.uniform(0.7, 1.3, self.problem.size) if number else self.plain
            self._from(self.problem.terms.fixed, pull)
            if not go_on():
                break
        walked = 10 * (len(self.ways[1]) + self.problem.size)
        for _ in range(int(np.clip(_WORK / walked, *_KICKS))):
            if self.best is None or not go_on():
                break
            members = np.flatnonzero(self.best[1] & ~self.problem.terms.fixed)
            gone = self.random.integers(1, max(2, len(members) // 4) + 1)
            kept = self.problem.terms.fixed.copy()
            kept[self.random.permutation(members)[gone:]] = True
            self._from(kept, self.random.uniform(0.8, 1.2, self.problem.size))
        return None if self.best is None else self.best[1]

    def _from(self, begun: Flags, pull: Amounts) -> None:
        problem, state = self.problem, self._state(begun)
        given = (*self.ways, problem.worth, self.limits, state, self.far)
        cost = float(descend(*given, pull, self.two))
        lost = bool((self.two[0] >= self.far).any())
        if lost or state.totals[MISSING] > 0 or (self.best and cost >= self.best[0]):
            return
        self.best = cost, state.inside.copy()

    def _state(self, chosen: Flags) -> Any:
        problem = self.problem
        units = len(problem.terms.unit_cost)
        state = empty_state(problem.size, 0, units, problem.terms.least, _SEED)
        none = np.zeros(0, dtype=np.int64)
        nothing = np.zeros(problem.size + 1, dtype=np.int64)
        for j in np.flatnonzero(chosen):
            put(int(j), 1, nothing, none, none, none, problem.worth, self.limits, state)
        return state


def median_bound(problem: Problem, known: float, go_on: Callable[[], bool]) -> Bound:
    """Bound on what all demand costs, turned: no choice has minus its cost above ``value``.

    Lagrangian relaxation of "each demand goes to one site" (Narula, Ogbu and Samuelsson 1977,
    Operations Research 25). ``known`` is minus the cost of the best known choice.
    """
    reach, demand = problem.reach, problem.worth
    ways = (reach.starts, reach.points, reach.cost)
    choose = Choosing(problem.terms)
    worth, count = np.empty(problem.size), np.empty(len(demand))
    price = best = _dearest(problem)
    least, step, stale = np.inf, 2.0, 0
    before = np.zeros(len(demand))
    for _ in range(_ROUNDS):
        priced(*ways, demand, price, worth)
        total, taken = choose(worth)
        value = total - float(demand @ price)
        if value < least - 1e-7 * abs(known):
            best, least, stale = price, value, 0
        else:
            stale += 1
            if stale > _PATIENCE:
                step, stale, price = step / 1.5, 0, best
        takers(*ways, price, taken, count)
        before = (1 - _MEMORY) * (1 - count) + _MEMORY * before
        length = float(demand @ before**2)
        apart = max(value - known, 1e-7 * abs(known))
        if step < _SHORTEST or length <= 1e-18 or least <= known + 1e-7 * abs(known) or not go_on():
            break
        price = np.maximum(price + step * apart / length * before, 0)
    priced(*ways, demand, best, worth)
    return Bound(choose(worth)[0] - float(demand @ best), worth, -float(demand @ best))


def _dearest(problem: Problem) -> Amounts:
    """Prices to begin with: a fair part of the mean cost of the ways to each demand."""
    reach, size = problem.reach, len(problem.worth)
    ways = np.bincount(reach.points, minlength=size)
    mean = np.bincount(reach.points, reach.cost, minlength=size) / np.maximum(ways, 1)
    return np.asarray(mean / 2, dtype=np.float64)


def median_program(problem: Problem, used: Sequence[Flags]) -> Model:
    """The program with costs up to a few beyond those in ``used``; with all where none is."""
    size = len(problem.worth)
    if not used:
        return median(problem, np.full(size, max(problem.size, 1)))
    _, _, _, costs, starts = cost_levels(problem)
    two = (np.empty(size), np.empty(size), np.empty(size, dtype=np.int64))
    ways = (problem.reach.starts, problem.reach.points, problem.reach.cost)
    levels = np.ones(size, dtype=np.int64)
    owner = np.repeat(np.arange(size), np.diff(starts))
    for chosen in used:
        nearest_two(*ways, chosen, np.inf, *two)
        reached = np.bincount(owner[costs <= two[0][owner]], minlength=size)
        levels = np.maximum(levels, reached + _MORE)
    return median(problem, levels)
