"""Good sites, found quickly: where the proof begins, and the answer where it does not end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gis.location_allocation.kernel import (
    MISSING,
    SERVED,
    Limits,
    begin,
    change_to,
    climb,
    empty_state,
    kick,
)
from gis.location_allocation.problem import Problem, backwards
from gis.location_allocation.reach import Amounts, Positions
from gis.location_allocation.terms import Flags, Terms

_SEED = 20_260_101
_STARTS = 4
_WORK = 2.5e8
"""Ways walked by many kicks, about: they are as many as this allows."""
_KICKS = (10, 800)
"""Fewest and most."""
_THROWN = 0.4
"""Largest share of the sites that a kick throws out."""
_WORSE = 0.002
_TURNS = 12
"""Times that the weight of groups whose share is missed is raised."""
Choice = tuple[float, Flags]
"""What a choice serves, and its flags."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways in both directions, demand with its worth."""

    starts: Positions
    points: Positions
    rows: Positions
    row_candidates: Positions

    @classmethod
    def of(cls, problem: Problem) -> Ways:
        """Those of a problem."""
        rows, candidates, _ = backwards(problem)
        return cls(problem.reach.starts, problem.reach.points, rows, candidates)

    @property
    def both(self) -> tuple[Positions, ...]:
        return self.starts, self.points, self.rows, self.row_candidates


def good_cover(
    problem: Problem, go_on: Callable[[], bool], *, enough: bool = False
) -> Flags | None:
    """Flags of candidates that keep the rules and serve much; None when the search finds none.

    Its effort is fixed, so the answer is the same on any machine, unless ``go_on`` ends it. With
    ``enough`` it ends when all demand is served.
    """
    if not problem.size:
        return np.zeros(0, dtype=np.bool_)
    search = _Search(problem, enough=enough)
    times = search.kicks() if enough else _KICKS[0]
    if enough or not problem.least_served.size:
        begun = search.started(problem.worth, go_on)
        return search.kicked(problem.worth, go_on, begun, times)
    weight, best = np.ones(len(problem.least_served)), None
    for _ in range(_TURNS):
        worth = problem.worth * np.where(problem.share >= 0, weight[problem.share], 1.0)
        found = search.kicked(worth, go_on, search.started(worth, go_on), times)
        if found is None or not go_on():
            break
        short = _short(problem, problem.worth * _served(problem, found))
        if not short.any() and (best is None or _worth(problem, found) > _worth(problem, best)):
            best = found
        weight = np.where(short, weight * 2, np.maximum(weight / 1.2, 1.0))
    return best


def better_cover(problem: Problem, chosen: Flags, go_on: Callable[[], bool]) -> Flags:
    """A better choice by many kicks of ``chosen``, where one is found."""
    if problem.least_served.size:
        return chosen
    search = _Search(problem, enough=False)
    begun = (_worth(problem, chosen), chosen)
    found = search.kicked(problem.worth, go_on, begun, search.kicks())
    return chosen if found is None else found


def good_sets(problem: Problem, go_on: Callable[[], bool]) -> Flags | None:
    """Flags of few candidates that keep the rules and serve all; None when the search finds none.

    Fewer and fewer sites are given to the search for most demand until it misses some.
    """
    best = good_cover(problem, go_on, enough=True)
    while best is not None and _served(problem, best).all() and go_on():
        fewer = int(best.sum()) - 1
        tried = replace(problem, terms=replace(problem.terms, count=fewer))
        found = (
            good_cover(tried, go_on, enough=True) if fewer >= problem.terms.fixed.sum() else None
        )
        if found is None or not _served(problem, found).all() or found.sum() > fewer:
            return best
        best = found
    return best if best is not None and _served(problem, best).all() else None


def served_enough(problem: Problem, served: Amounts) -> bool:
    """Whether each group of demand gets the share that it asks for."""
    return not _short(problem, served).any()


def _short(problem: Problem, served: Amounts) -> Flags:
    some = problem.share >= 0
    total = np.bincount(problem.share[some], served[some], len(problem.least_served))
    return np.asarray(total < problem.least_served * (1 - 1e-9), dtype=np.bool_)


def _worth(problem: Problem, chosen: Flags) -> float:
    return float(problem.worth[_served(problem, chosen)].sum())


def _served(problem: Problem, chosen: Flags) -> Flags:
    served = np.zeros(len(problem.worth), dtype=np.bool_)
    served[problem.reach.points[chosen[problem.reach.candidate]]] = True
    return served


def limits_of(terms: Terms, *, by_price: bool = False) -> Any:
    """Rules as the kernel reads them."""
    size = len(terms.fixed)
    ends = np.concatenate([terms.pairs, terms.pairs[:, ::-1]])
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    near = np.concatenate([[0], np.cumsum(np.bincount(ends[:, 0], minlength=size))])
    return Limits(
        fixed=terms.fixed,
        free=~terms.standing,
        cost=terms.cost,
        unit=terms.unit,
        most=terms.most,
        unit_cost=terms.unit_cost if terms.unit_cost.size else np.zeros(1),
        budget=terms.budget,
        group=terms.group,
        least=terms.least if terms.least.size else np.zeros(1, np.int64),
        near_starts=near.astype(np.int64),
        near=np.ascontiguousarray(ends[:, 1]),
        count=terms.count,
        by_price=by_price,
    )


class _Search:
    """Starts and kicks over the same ways and rules."""

    def __init__(self, problem: Problem, *, enough: bool) -> None:
        self.problem, self.ways = problem, Ways.of(problem)
        self.enough = float(problem.worth.sum()) * (1 - 1e-12) if enough else np.inf
        terms = problem.terms
        self.pricing = [False, True] if np.isfinite(terms.budget) else [False]
        self.plain = np.ones(problem.size)
        self.random = np.random.default_rng(_SEED)

    def started(self, worth: Amounts, go_on: Callable[[], bool]) -> Choice | None:
        """The best of several starts; None when rules stay broken."""
        best: Choice | None = None
        for number in range(_STARTS):
            for by_price in self.pricing:
                limits = limits_of(self.problem.terms, by_price=by_price)
                state = self._state(worth, limits)
                pull = self.plain
                if number:
                    pull = self.random.uniform(0.7, 1.3, self.problem.size)
                climb(*self.ways.both, worth, limits, state, pull)
                best = _better(best, state)
            if not go_on() or (best is not None and best[0] >= self.enough):
                break
        return best

    def kicked(
        self, worth: Amounts, go_on: Callable[[], bool], best: Choice | None, times: int
    ) -> Flags | None:
        """The best of kicks, each from the last choice if that was hardly worse than the best."""
        limits = limits_of(self.problem.terms)
        state, here = self._state(worth, limits), best
        for _ in range(times):
            if best is None or here is None or best[0] >= self.enough or not go_on():
                break
            if here[0] < best[0] * (1 - _WORSE):
                here = best
            change_to(here[1], *self.ways.both, worth, limits, state)
            most = max(2, int(_THROWN * np.count_nonzero(here[1])))
            kick(int(self.random.integers(1, most + 1)), *self.ways.both, worth, limits, state)
            climb(*self.ways.both, worth, limits, state, self.plain)
            here = _better(None, state) or best
            best = _better(best, state)
        return None if best is None else best[1]

    def kicks(self) -> int:
        """How many kicks the work allows."""
        walked = 5 * (len(self.ways.points) + self.problem.size)
        return int(np.clip(_WORK / walked, *_KICKS))

    def _state(self, worth: Amounts, limits: Any) -> Any:
        problem = self.problem
        units = len(problem.terms.unit_cost)
        state = empty_state(problem.size, len(worth), units, problem.terms.least, _SEED)
        starts, points, rows, row_candidates = self.ways.both
        begin(starts, points, worth, limits, state, rows, row_candidates)
        return state


def _better(best: Choice | None, state: Any) -> Choice | None:
    served = float(state.totals[SERVED])
    if state.totals[MISSING] > 0 or (best is not None and served <= best[0] * (1 + 1e-12)):
        return best
    return served, state.inside.copy()
