"""The answer of a choice of sites: worked out again from the sites, whatever a solver says."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np

from gis.location_allocation.flow import divided
from gis.location_allocation.problem import Given, Problem, keeps
from gis.location_allocation.reach import Amounts, Positions
from gis.location_allocation.terms import NONE, Flags

BoundBy = Literal["proof", "gap", "time"]


@dataclass(frozen=True, eq=False)
class Shares:
    """Who serves how much of which demand, by demand and site: positions and amounts."""

    demand: Positions
    site: Positions
    amount: Amounts


@dataclass(frozen=True, eq=False)
class Location:
    """Chosen sites, what they serve, and how sure it is that nothing better exists.

    Attributes
    ----------
    sites
        Positions of the chosen candidates, ascending.
    allocation
        (demand,) position of the candidate that serves each demand, the largest part where it is
        divided; -1 none.
    shares
        All parts.
    objective
        Of these sites, worked out from them: demand served, or sum of demand times cost
        (p-median), or number of sites (set covering).
    bound
        No choice does better: at least the objective where most is sought, at most where least.
    seconds
        That the search took.
    bound_by
        ``proof``: searched to the end. ``gap``: the gap asked for was reached. ``time``: time ran
        out; another machine may find other sites.
    """

    sites: Positions
    allocation: Positions
    shares: Shares
    objective: float
    bound: float
    seconds: float
    bound_by: BoundBy

    @property
    def gap(self) -> float:
        """Share of the bound that may be missing, 0 or more: ``|bound - objective| / bound``."""
        apart = abs(self.bound - self.objective)
        if apart == 0:
            return 0.0
        return apart / abs(self.bound) if self.bound else float("inf")

    @property
    def optimal(self) -> bool:
        """Whether it is proven that nothing better exists."""
        return self.bound_by == "proof"


def shares_of(given: Given, problem: Problem, sites: Positions) -> Shares:
    """Who serves how much of which demand: cheapest ways, as capacities allow."""
    if given.capacity is not None:
        return divided_shares(given, problem, sites)
    allocation = nearest(given, problem, sites)
    served = np.flatnonzero(allocation >= 0)
    return Shares(served, allocation[served], given.demand[served])


def busy(given: Given, problem: Problem, chosen: Flags) -> Flags:
    """``chosen`` without sites that nobody would miss, as far as the rules let them go."""
    reach, chosen = problem.reach, chosen.copy()
    times = np.bincount(reach.points[chosen[reach.candidate]], minlength=len(problem.worth))
    if given.capacity is not None:
        used = np.isin(problem.original, shares_of(given, problem, problem.original[chosen]).site)
    for j in np.flatnonzero(chosen & ~problem.terms.fixed)[::-1].tolist():
        points = reach.points[reach.starts[j] : reach.starts[j + 1]]
        missed = (times[points] < 2).any() if given.capacity is None else used[j]
        chosen[j] = False
        if missed or not keeps(problem, chosen):
            chosen[j] = True
        else:
            times[points] -= 1
    return chosen


def nearest(given: Given, problem: Problem, sites: Positions) -> Positions:
    """The cheapest site of each given demand point, -1 none; the first in order where equal."""
    order = np.full(given.reach.candidates, len(problem.original), dtype=np.int64)
    order[problem.original] = np.arange(problem.size)
    ways = given.reach.chosen(sites)
    site = sites[ways.candidate]
    best = np.lexsort((order[site], ways.cost, ways.points))
    found = np.full(given.reach.demand, NONE, dtype=np.int64)
    points, first = np.unique(ways.points[best], return_index=True)
    found[points] = site[best][first]
    return found


def divided_shares(given: Given, problem: Problem, sites: Positions) -> Shares:
    """Most demand within the capacities of ``sites``, the least cost among such."""
    chosen = np.flatnonzero(np.isin(problem.original, sites))
    points, numbers, amounts = divided(problem, chosen)
    order = np.argsort(problem.member, kind="stable")
    members = problem.member[order]
    low, high = np.searchsorted(members, points), np.searchsorted(members, points, side="right")
    sizes = high - low
    way = np.repeat(np.arange(len(points)), sizes)
    start = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    demand = order[np.arange(len(way)) - start[way] + low[way]]
    part = amounts[way] * given.demand[demand] / problem.worth[points[way]]
    site = problem.original[chosen][numbers[way]]
    kept = part > 0
    sorting = np.lexsort((site[kept], demand[kept]))
    return Shares(demand[kept][sorting], site[kept][sorting], part[kept][sorting])


def largest(given: Given, shares: Shares) -> Positions:
    """The site of the largest part of each demand, -1 none."""
    found = np.full(given.reach.demand, NONE, dtype=np.int64)
    order = np.lexsort((-shares.site, shares.amount))
    found[shares.demand[order]] = shares.site[order]
    return found


def fair(given: Given, shares: Shares) -> bool:
    """Whether each group of demand gets the share that the rules ask for."""
    least = given.rules.least_shares()
    labels = np.asarray(given.rules.demand_group if least else ())
    return all(
        shares.amount[labels[shares.demand] == label].sum()
        >= share * given.demand[labels == label].sum() * (1 - 1e-9)
        for label, share in least.items()
    )


def cost_of(given: Given, shares: Shares) -> float:
    """Demand times cost of the way to its site."""
    ways = given.reach
    place = np.searchsorted(
        ways.candidate * ways.demand + ways.points, shares.site * ways.demand + shares.demand
    )
    return fsum((shares.amount * ways.cost[place]).tolist())


def amount_of(shares: Shares) -> float:
    """Demand served, exactly rounded: no order of rows changes it."""
    return fsum(shares.amount.tolist())
