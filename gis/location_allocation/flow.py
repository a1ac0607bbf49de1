"""Demand divided among sites of limited capacity."""

from __future__ import annotations

import numpy as np

from gis.errors import AllocationFailed
from gis.location_allocation.problem import Problem
from gis.location_allocation.program import Program
from gis.location_allocation.reach import Amounts, Positions

_SECONDS = 60.0


def divided(problem: Problem, chosen: Positions) -> tuple[Positions, Positions, Amounts]:
    """Most demand that ``chosen`` can serve; among these divisions one of least cost.

    Returns
    -------
    tuple
        Of each part: number of the demand, place in ``chosen``, amount.

    Raises
    ------
    AllocationFailed
        When the solver stops without an optimum.
    """
    assert problem.capacity is not None  # noqa: S101  (a model of its own)
    ways = problem.reach.chosen(chosen)
    site, capacity = ways.candidate, problem.capacity[chosen]
    most = np.minimum(problem.worth[ways.points], capacity[site])
    some = most > 0
    points, site, most, cost = ways.points[some], site[some], most[some], ways.cost[some]
    if not len(points):
        return points, site, most
    served = _least(problem, capacity, points, site, most, -most)
    total = float(most @ served)
    dear = most * cost
    if dear.any():
        served = _least(problem, capacity, points, site, most, dear, total)
    amount = _within(np.clip(served, 0, 1) * most, points, problem.worth)
    amount = _within(amount, site, capacity)
    return points, site, amount


def _least(
    problem: Problem,
    capacity: Amounts,
    points: Positions,
    site: Positions,
    most: Amounts,
    cost: Amounts,
    total: float | None = None,
) -> Amounts:
    program, ways = Program(), np.arange(len(points))
    program.columns(len(ways), cost=cost / np.abs(cost).max(), whole=False)
    program.rows(len(problem.worth), [(points, ways, most / problem.worth[points])], high=1.0)
    program.rows(len(capacity), [(site, ways, most / capacity[site])], high=1.0)
    if total is not None:
        program.rows(1, [(np.zeros(len(ways)), ways, most / total)], low=1.0)
    found = program.solved(_SECONDS)
    if found.columns is None or not found.ended:
        raise AllocationFailed("divided demand")
    return found.columns


def _within(amount: Amounts, owner: Positions, limit: Amounts) -> Amounts:
    """Amounts scaled so that no limit is passed by the tolerance of the solver."""
    total = np.bincount(owner, amount, minlength=len(limit))
    over = total > limit
    factor = np.ones(len(limit))
    factor[over] = limit[over] / total[over]
    scaled: Amounts = amount * factor[owner]
    return scaled
