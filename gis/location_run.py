"""From a choice as asked for to its answer: search, bound, proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from gis.analysis import Progress
from gis.errors import DemandUnreached, NoSitesInTime
from gis.location_answer import (
    BoundBy,
    Location,
    Shares,
    amount_of,
    cost_of,
    largest,
    shares_of,
)
from gis.location_contradiction import contradiction
from gis.location_models import Model, capacitated, covering, median, set_covering
from gis.location_problem import Given, Problem, numbered
from gis.location_reach import Positions

_PROOF = 1e-6
"""Share of the bound that may be missing in an answer that a solver calls the best."""


@dataclass(frozen=True)
class Kind:
    """A model of location: its program, whether most is sought, and what the value of sites is."""

    build: Callable[[Problem], Model]
    most: bool
    value: Callable[[Given, Positions, Shares], float]


COVERING = Kind(covering, True, lambda given, sites, shares: amount_of(shares))
CAPACITATED = Kind(capacitated, True, lambda given, sites, shares: amount_of(shares))
SETS = Kind(set_covering, False, lambda given, sites, shares: float(len(sites)))
MEDIAN = Kind(
    lambda problem: median(problem, np.full(len(problem.worth), problem.size)),
    False,
    lambda given, sites, shares: cost_of(given, shares),
)


def answer(kind: Kind, given: Given, limits: tuple[float, float], progress: Progress) -> Location:
    """The answer of a choice of sites.

    Parameters
    ----------
    limits
        Seconds and gap.

    Raises
    ------
    DemandUnreached, NoSitesInTime, RulesContradict
        As :mod:`gis.location` says.
    """
    if kind in (SETS, MEDIAN):
        _expect_reached(given)
    return _solved(kind, given, limits, progress)


def _expect_reached(given: Given) -> None:
    """Refuse demand that no allowed candidate reaches."""
    reach = given.reach
    allowed = np.ones(reach.candidates, dtype=np.bool_)
    allowed[np.asarray(given.rules.forbidden, dtype=np.int64)] = False
    allowed[given.fixed] = True
    reached = np.zeros(reach.demand, dtype=np.bool_)
    reached[reach.points[allowed[reach.candidate]]] = True
    lost = np.flatnonzero((given.demand > 0) & ~reached)
    if lost.size:
        raise DemandUnreached(tuple(lost.tolist()))


def _solved(kind: Kind, given: Given, limits: tuple[float, float], progress: Progress) -> Location:
    started = perf_counter()
    problem = numbered(given)
    model = kind.build(problem)

    def watch() -> None:
        progress("steps.proving", 3, 3)

    found = model.program.solved(limits[0], gap=limits[1], watch=watch)
    if found.infeasible:
        raise contradiction(given, kind.build, watch)
    if found.columns is None:
        raise NoSitesInTime(limits[0])
    chosen = np.flatnonzero(found.columns[: problem.size] > 0.5)
    sites = np.sort(problem.original[chosen])
    shares = shares_of(given, problem, sites)
    objective = kind.value(given, sites, shares)
    bound = found.bound * model.scale + model.offset
    bound = max(bound, objective) if kind.most else min(bound, objective)
    close = abs(bound - objective) <= _PROOF * abs(bound)
    bound_by: BoundBy = "time" if not found.ended else "proof" if close else "gap"
    return Location(
        sites=sites,
        allocation=largest(given, shares),
        shares=shares,
        objective=objective,
        bound=objective if bound_by == "proof" else bound,
        seconds=perf_counter() - started,
        bound_by=bound_by,
    )
