"""Models of location as programs: rows of the rules, and what each model serves.

Maximal covering after Church and ReVelle (1974), capacitated after Current and Storbeck (1988) with
divisible demand, set covering after Toregas and others (1971), p-median after Elloumi (2010,
Journal of Combinatorial Optimization 19), whose rows grow with levels of cost, not with ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from gis.location_allocation.problem import Problem
from gis.location_allocation.program import Program
from gis.location_allocation.reach import Amounts, Positions
from gis.location_allocation.terms import Terms

_TOTAL = 1e4
"""What all demand together counts in a program, so that its tolerances mean the same anywhere."""


@dataclass(frozen=True, eq=False)
class Model:
    """A program whose first columns are the candidates.

    ``value = scale * (value of the program) + offset``; ``start`` gives columns and their values
    to begin with from flags of candidates.
    """

    program: Program
    scale: float
    offset: float
    start: Callable[[Amounts], tuple[Positions, Amounts]]


def covering(problem: Problem) -> Model:
    """Most demand served by any site."""
    program, scale = Program(), _scale(problem)
    _sites(program, problem.terms)
    first = program.columns(len(problem.worth), cost=-problem.worth / scale, whole=False)
    reach, demand = problem.reach, np.arange(len(problem.worth))
    program.rows(
        len(demand), [(demand, first + demand, 1.0), (reach.points, reach.candidate, -1.0)], high=0
    )
    _shares(program, problem, demand, first + demand, problem.worth)
    ways = csr_array(
        (np.ones(len(reach.points)), reach.points, reach.starts), (problem.size, len(demand))
    )

    def start(chosen: Amounts) -> tuple[Positions, Amounts]:
        served = (ways.T @ chosen > 0).astype(np.float64)
        return np.arange(program.width), np.concatenate([chosen, served])

    return Model(program, -scale, 0.0, start)


def capacitated(problem: Problem) -> Model:
    """Most demand served within the capacity of each site; a demand may be divided."""
    assert problem.capacity is not None  # noqa: S101  (a model of its own)
    program, scale, reach = Program(), _scale(problem), problem.reach
    ways, candidate = np.arange(len(reach.points)), reach.candidate
    amount, room = problem.worth[reach.points], problem.capacity[candidate]
    most = np.minimum(amount, room)
    _sites(program, problem.terms)
    first = program.columns(len(ways), cost=-1.0 / scale * most, whole=False)
    unit = np.bincount(reach.points, minlength=len(problem.worth)) > 0
    demand = np.flatnonzero(unit)
    number = np.cumsum(unit) - 1
    program.rows(len(demand), [(number[reach.points], first + ways, most / amount)], high=1.0)
    tight = np.flatnonzero(problem.capacity > 0)
    row = (np.cumsum(problem.capacity > 0) - 1)[candidate]
    some = room > 0
    bounded = np.minimum(problem.capacity, problem.reached)[tight]
    program.rows(
        len(tight),
        [
            (row[some], first + ways[some], most[some] / problem.capacity[candidate[some]]),
            (np.arange(len(tight)), tight, -bounded / problem.capacity[tight]),
        ],
        high=0,
    )
    program.rows(len(ways), [(ways, first + ways, 1.0), (ways, candidate, -1.0)], high=0)
    _shares(program, problem, reach.points, first + ways, most)
    return Model(program, -scale, 0.0, _sites_alone)


def set_covering(problem: Problem) -> Model:
    """Fewest sites that serve all demand."""
    program, reach = Program(), problem.reach
    _sites(program, problem.terms, cost=1.0)
    program.rows(len(problem.worth), [(reach.points, reach.candidate, 1.0)], low=1)
    return Model(program, 1.0, 0.0, _sites_alone)


def median(problem: Problem, levels: Positions) -> Model:
    """Least cost of all demand, each going to its cheapest site.

    Column ``k`` of a demand says that no site is among its ``k`` cheapest costs. Only so many
    ``levels`` of each demand are kept: a demand that goes beyond costs no more than the next, so
    the value is a bound, and exact where nobody goes beyond.
    """
    program, scale = Program(), _scale(problem)
    _sites(program, problem.terms)
    demand, level, candidate, costs, starts = cost_levels(problem)
    kept = level < levels[demand]
    sizes = np.minimum(levels, np.diff(starts))
    rows = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.arange(rows[-1]) - rows[owner]
    here = starts[owner] + rank
    last = rank == np.diff(starts)[owner] - 1
    step = np.where(last, 0.0, costs[np.minimum(here + 1, len(costs) - 1)] - costs[here])
    first = program.columns(
        len(owner),
        cost=problem.worth[owner] * step / scale,
        high=np.where(last, 0.0, 1.0),
        whole=False,
    )
    number, later = np.arange(len(owner)), np.flatnonzero(rank > 0)
    program.rows(
        len(owner),
        [
            (number, first + number, 1.0),
            (rows[demand[kept]] + level[kept], candidate[kept], 1.0),
            (later, first + later - 1, -1.0),
        ],
        low=(rank == 0).astype(np.float64),
    )
    return Model(program, scale, float(problem.worth @ costs[starts[:-1]]), _sites_alone)


def cost_levels(problem: Problem) -> tuple[Positions, Positions, Positions, Amounts, Positions]:
    """Ways by demand and cost: demand, number of the cost, candidate; costs and their starts."""
    reach = problem.reach
    order = np.lexsort((reach.candidate, reach.cost, reach.points))
    demand, cost = reach.points[order], reach.cost[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(demand) > 0) | (np.diff(cost) > 0)
    starts = np.concatenate(
        [[0], np.cumsum(np.bincount(demand[new], minlength=len(problem.worth)))]
    )
    level = np.cumsum(new) - 1 - starts[demand]
    return demand, level, reach.candidate[order], cost[new], starts.astype(np.int64)


def _sites_alone(chosen: Amounts) -> tuple[Positions, Amounts]:
    return np.arange(len(chosen)), chosen


def _scale(problem: Problem) -> float:
    return float(problem.worth.sum()) / _TOTAL or 1.0


def _sites(program: Program, terms: Terms, cost: object = 0.0) -> None:
    """Candidates as columns 0, 1, ..., and the rows of the rules."""
    size = len(terms.fixed)
    every = np.arange(size)
    low = np.where(terms.closed, 0.0, terms.fixed)
    program.columns(size, cost=cost, low=low, high=np.where(terms.closed, 0.0, 1.0), whole=True)
    required = np.flatnonzero(terms.closed)
    program.rows(len(required), [(np.arange(len(required)), required, 1.0)], low=1.0)
    program.rows(1, [(np.zeros(size), every, 1.0)], high=float(terms.count))
    new = np.flatnonzero((terms.unit >= 0) & ~terms.standing)
    if len(new):
        program.rows(len(terms.unit_cost), [(terms.unit[new], new, 1.0)], high=float(terms.most))
    if terms.least.size:
        placed = np.flatnonzero(terms.group >= 0)
        low = terms.least.astype(np.float64)
        program.rows(len(low), [(terms.group[placed], placed, 1.0)], low=low)
    if len(terms.pairs):
        cliques = together(terms.pairs, size)
        row = np.repeat(np.arange(len(cliques)), [len(clique) for clique in cliques])
        program.rows(len(cliques), [(row, np.concatenate(cliques), 1.0)], high=1.0)
        stands = np.flatnonzero(terms.standing)
        if len(stands):
            _beside(program, terms)
    if np.isfinite(terms.budget):
        _budget(program, terms, new)


def _beside(program: Program, terms: Terms) -> None:
    """New sites too near a standing one are none."""
    stands = terms.standing[terms.pairs]
    lost = np.unique(terms.pairs[stands.any(axis=1)][~stands[stands.any(axis=1)]])
    program.rows(len(lost), [(np.arange(len(lost)), lost, 1.0)], high=0.0)


def _budget(program: Program, terms: Terms, new: Positions) -> None:
    """What new sites and their units cost."""
    size, units = len(terms.fixed), len(terms.unit_cost)
    entries: list[tuple[Positions, Positions, object]] = [
        (np.zeros(size, dtype=np.int64), np.arange(size), terms.cost)
    ]
    if terms.unit_cost.any():
        first = program.columns(units, whole=False)
        opened = (np.arange(len(new)), first + terms.unit[new], -1.0)
        program.rows(len(new), [(np.arange(len(new)), new, 1.0), opened], high=0.0)
        entries.append((np.zeros(units, dtype=np.int64), first + np.arange(units), terms.unit_cost))
    program.rows(1, entries, high=terms.budget * (1 + 1e-12))


def _shares(
    program: Program, problem: Problem, demand: Positions, column: Positions, amount: Amounts
) -> None:
    """Least amount served in groups of demand."""
    if problem.least_served.size:
        label = problem.share[demand]
        some = label >= 0
        total = np.maximum(problem.least_served, 1e-300)
        program.rows(
            len(total),
            [(label[some], column[some], amount[some] / total[label[some]])],
            low=np.where(problem.least_served > 0, 1.0 - 1e-9, 0.0),
        )


def together(pairs: Positions, size: int) -> list[Positions]:
    """Sets of candidates that exclude each other all, such that each pair lies in one.

    Grown greedily from each pair that lies in none yet: fewer and stronger rows than pairs.
    """
    near: list[set[int]] = [set() for _ in range(size)]
    for one, other in pairs.tolist():
        near[one].add(other)
        near[other].add(one)
    open_pairs = {(one, other) for one, other in pairs.tolist()}
    sets = []
    for one, other in pairs.tolist():
        if (one, other) not in open_pairs:
            continue
        members, shared = [one, other], near[one] & near[other]
        while shared:
            member = min(shared)
            members.append(member)
            shared &= near[member]
        members.sort()
        open_pairs.difference_update(
            (first, second)
            for place, first in enumerate(members)
            for second in members[place + 1 :]
        )
        sets.append(np.array(members, dtype=np.int64))
    return sets
