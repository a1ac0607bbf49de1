"""Good sites of limited capacity: a search like that of covering, over exact flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gis.location_allocation.capacity_kernel import Flow, fill, improve, serve
from gis.location_allocation.kernel import MISSING, begin, empty_state, put
from gis.location_allocation.problem import Problem, backwards
from gis.location_allocation.reach import Amounts
from gis.location_allocation.search import limits_of, served_enough
from gis.location_allocation.terms import Flags

_SEED = 20_260_102
_STARTS = 2
_WORK = 4e6
"""Ways looked at in kicks, about, for each site: kicks are as many as this allows."""
_KICKS = (3, 40)


def good_capacity(problem: Problem, go_on: Callable[[], bool]) -> Flags | None:
    """Flags of candidates that keep the rules and serve much; None when the search finds none."""
    if not problem.size:
        return np.zeros(0, dtype=np.bool_)
    return _Search(problem).run(go_on)


class _Search:
    """A choice with its flow, and the best so far."""

    def __init__(self, problem: Problem) -> None:
        assert problem.capacity is not None  # noqa: S101  (a model of its own)
        self.problem, self.capacity = problem, problem.capacity
        reach = problem.reach
        self.ways = (reach.starts, reach.points, *backwards(problem))
        self.worth, self.limits = problem.worth, limits_of(problem.terms)
        self.seen = np.zeros(problem.size)
        self.came = np.zeros((problem.size, 3), dtype=np.int64)
        self.plain = np.ones(problem.size)
        self.random = np.random.default_rng(_SEED)
        self.best: tuple[float, Flags] | None = None

    def run(self, go_on: Callable[[], bool]) -> Flags | None:
        """Starts, and kicks from the best of them."""
        for number in range(_STARTS):
            pull = self.plain
            if number:
                pull = self.random.uniform(0.7, 1.3, self.problem.size)
            state, flow = self._begun()
            self._climb(state, flow, pull)
            if not go_on():
                break
        walked = len(self.ways[1]) + 10 * self.problem.size
        most = min(_KICKS[1], _KICKS[0] + self.problem.size // 10)
        for _ in range(int(np.clip(_WORK / walked, _KICKS[0], most))):
            if self.best is None or not go_on():
                break
            state, flow = self._begun()
            self._throw_out(self.best[1], state, flow)
            self._climb(state, flow, self.plain)
        return None if self.best is None else self.best[1]

    def _begun(self) -> tuple[Any, Any]:
        """Nothing but the fixed sites."""
        problem = self.problem
        terms, (starts, points, rows, candidates, _) = problem.terms, self.ways
        state = empty_state(problem.size, len(self.worth), len(terms.unit_cost), terms.least, _SEED)
        begin(starts, points, self.worth, self.limits, state, rows, candidates)
        flow = Flow(np.zeros(len(points)), self.worth.copy(), self.capacity.copy())
        for j in np.flatnonzero(terms.fixed):
            serve(j, self.ways, flow, state, self.came)
        return state, flow

    def _throw_out(self, chosen: Flags, state: Any, flow: Any) -> None:
        """The best choice without some sites, and one at random."""
        members = np.flatnonzero(chosen & ~self.problem.terms.fixed)
        gone = self.random.integers(1, max(2, len(members) // 3) + 1)
        stay = np.sort(self.random.permutation(members)[gone:])
        for j in stay:
            self._take(int(j), state, flow)

    def _take(self, j: int, state: Any, flow: Any) -> None:
        put(j, 1, *self.ways[:4], self.worth, self.limits, state)
        serve(j, self.ways, flow, state, self.came)

    def _climb(self, state: Any, flow: Any, pull: Amounts) -> None:
        given = (self.limits, state, flow, self.came, self.seen)
        fill(self.ways, self.worth, *given, pull)
        improve(self.ways, self.worth, self.capacity, *given, self.plain)
        served = float(self.worth.sum() - flow.open.sum())
        if state.totals[MISSING] > 0 or (self.best and served <= self.best[0] * (1 + 1e-12)):
            return
        if served_enough(self.problem, self.worth - flow.open):
            self.best = served, state.inside.copy()
