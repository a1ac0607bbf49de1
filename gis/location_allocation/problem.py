"""A choice of sites in numbers: candidates in an order of their own, demand merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter
from gis.location_allocation.order import stable_order
from gis.location_allocation.reach import Amounts, Positions, Reach
from gis.location_allocation.rules import Rules, expect_positions
from gis.location_allocation.terms import NONE, Flags, Terms, numbers_of, terms_of


@dataclass(frozen=True, eq=False)
class Given:
    """A choice of sites as it was asked for; ``reach`` ends at the radius, where there is one."""

    reach: Reach
    demand: Amounts
    count: int | None
    fixed: Positions
    capacity: Amounts | None
    rules: Rules
    keys: Sequence[object] = ()
    merges: bool = True
    """Whether demand that the same candidates reach is one demand, whatever the way costs."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A choice of sites in numbers.

    Attributes
    ----------
    original
        Position of each candidate as it was given.
    member
        Number of each given demand point here, -1 where it has no demand or nobody reaches it.
    reach
        Ways between candidates and demand here.
    worth
        Amount of each demand.
    capacity
        Of each candidate; None without limits.
    share, least_served
        Demand group of each demand, -1 none; least amount served in each group.
    """

    original: Positions
    member: Positions
    reach: Reach
    worth: Amounts
    capacity: Amounts | None
    terms: Terms
    share: Positions
    least_served: Amounts

    @property
    def size(self) -> int:
        """Number of candidates."""
        return len(self.original)

    @property
    def reached(self) -> Amounts:
        """Demand within reach of each candidate."""
        amount = self.worth[self.reach.points]
        found = np.bincount(self.reach.candidate, amount, minlength=self.size)
        return found.astype(np.float64)


def checked(given: Given) -> Given:
    """Itself.

    Raises
    ------
    BadParameter
        A length, a position or an amount that cannot be.
    """
    reach, demand = given.reach, given.demand
    if demand.shape != (reach.demand,):
        raise BadParameter("demand", str(demand.shape), str((reach.demand,)))
    for name, values, length in (
        ("demand", demand, reach.demand),
        ("capacity", given.capacity, reach.candidates),
    ):
        if values is None:
            continue
        if values.shape != (length,):
            raise BadParameter(name, str(values.shape), str((length,)))
        if values.size and not (
            values.min() >= 0 and (name == "capacity" or values.max() < np.inf)
        ):
            raise BadParameter(name, f"{values.min():g}..{values.max():g}", ">= 0")
    expect_positions("fixed", given.fixed, reach.candidates)
    given.rules.checked(reach.demand, reach.candidates)
    if given.count is not None and given.count < 0:
        raise BadParameter("p", str(given.count), ">= 0")
    if len(given.keys) not in (0, reach.candidates):
        raise BadParameter("keys", str(len(given.keys)), str(reach.candidates))
    return given


def numbered(given: Given) -> Problem:
    """``given`` in numbers."""
    rules, demand = given.rules, given.demand
    wanted = np.where(demand > 0, np.arange(len(demand)), NONE)
    reach = given.reach.renamed(wanted, len(demand))
    order = _able(given, reach)
    order = order[
        stable_order(reach.chosen(order), demand, _marks(given, order), _keys(given, order))
    ]
    reach = reach.chosen(order)
    labels, shares = numbers_of(rules.demand_group, len(demand), rules.least_shares())
    member, first = _merged(reach, labels, demand, given.merges)
    totals = np.bincount(labels[labels >= 0], demand[labels >= 0], minlength=len(shares))
    return Problem(
        original=order,
        member=member,
        reach=_once(reach, member, first),
        worth=_sums(demand, member, len(first)),
        capacity=None if given.capacity is None else given.capacity[order],
        terms=terms_of(rules, given.count, given.fixed, order, given.reach.candidates),
        share=labels[first],
        least_served=np.array(list(shares.values())) * totals if shares else np.empty(0),
    )


def narrowed(problem: Problem, never: Flags, always: Flags, *, merges: bool) -> Problem:
    """``problem`` without the candidates of ``never``, with those of ``always`` fixed."""
    kept = np.flatnonzero(~never)
    number = np.full(problem.size, NONE, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    reach, terms = problem.reach.chosen(kept), problem.terms
    member, first = _merged(reach, problem.share, problem.worth, merges)
    pairs = number[terms.pairs]
    return Problem(
        original=problem.original[kept],
        member=np.append(member, NONE)[problem.member],
        reach=_once(reach, member, first),
        worth=_sums(problem.worth, member, len(first)),
        capacity=None if problem.capacity is None else problem.capacity[kept],
        terms=replace(
            terms,
            fixed=(terms.fixed | always)[kept],
            standing=terms.standing[kept],
            closed=terms.closed[kept],
            cost=terms.cost[kept],
            unit=terms.unit[kept],
            group=terms.group[kept],
            pairs=pairs[(pairs >= 0).all(axis=1)],
        ),
        share=problem.share[first],
        least_served=problem.least_served,
    )


def backwards(problem: Problem) -> tuple[Positions, Positions, Positions]:
    """Ways by demand: starts, their candidates, their numbers."""
    reach = problem.reach
    order = np.argsort(reach.points, kind="stable")
    sizes = np.bincount(reach.points, minlength=len(problem.worth))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return starts, reach.candidate[order], order.astype(np.int64)


def keeps(problem: Problem, chosen: Flags) -> bool:
    """Whether a choice keeps the rules of candidates (not those of demand)."""
    terms, new = problem.terms, chosen & ~problem.terms.standing
    units = np.bincount(terms.unit[new & (terms.unit >= 0)], minlength=len(terms.unit_cost))
    groups = np.bincount(terms.group[chosen & (terms.group >= 0)], minlength=len(terms.least))
    money = float(terms.cost[new].sum() + terms.unit_cost[units > 0].sum())
    return bool(
        not (terms.fixed & ~chosen).any()
        and not (terms.closed & chosen).any()
        and chosen.sum() <= terms.count
        and (units <= terms.most).all()
        and (groups >= terms.least).all()
        and money <= terms.budget * (1 + 1e-12)
        and not (chosen[terms.pairs].all(axis=1)).any()
    )


def _able(given: Given, reach: Reach) -> Positions:
    """Candidates that may be chosen and could matter."""
    rules = given.rules
    useful = np.diff(reach.starts) > 0
    if rules.least_sites():
        useful |= np.isin(np.asarray(rules.group), list(rules.least_sites()))
    useful[np.asarray(rules.forbidden, dtype=np.int64)] = False
    useful[given.fixed] = True
    useful[np.asarray(rules.standing, dtype=np.int64)] = True
    return np.flatnonzero(useful)


def _keys(given: Given, order: Positions) -> list[object]:
    return [given.keys[position] for position in order] if len(given.keys) else []


def _marks(given: Given, order: Positions) -> list[NDArray[np.generic]]:
    """Properties of candidates besides what they reach."""
    rules, size = given.rules, given.reach.candidates
    named = (rules.x, rules.y, rules.unit, rules.group, given.capacity)
    marks = [np.asarray(values)[order] for values in named if values is not None]
    fixed = np.zeros(size, dtype=np.int64)
    fixed[given.fixed] = 1
    fixed[np.asarray(rules.standing, dtype=np.int64)] = 2
    return [*marks, np.broadcast_to(rules.site_cost, size)[order], fixed[order]]


def _merged(
    reach: Reach, labels: Positions, demand: Amounts, by_candidates: bool
) -> tuple[Positions, Positions]:
    """Number of each demand point, and one point of each number: alike are one.

    Numbers ascend by what reaches the demand, whatever the order of the points.
    """
    starts = np.concatenate([[0], np.cumsum(np.bincount(reach.points, minlength=len(demand)))])
    order = np.argsort(reach.points, kind="stable")
    candidate, cost = reach.candidate[order], reach.cost[order]
    kinds: dict[tuple[int, bytes, bytes], list[int]] = {}
    for point in np.flatnonzero(np.diff(starts)).tolist():
        ways = slice(starts[point], starts[point + 1])
        paid = b"" if by_candidates else cost[ways].tobytes()
        kinds.setdefault((int(labels[point]), candidate[ways].tobytes(), paid), []).append(point)
    member = np.full(len(demand), NONE, dtype=np.int64)
    for number, kind in enumerate(sorted(kinds)):
        member[kinds[kind]] = number
    return member, np.array([kinds[kind][0] for kind in sorted(kinds)], dtype=np.int64)


def _once(reach: Reach, member: Positions, first: Positions) -> Reach:
    """Ways to one point of each number, under its number."""
    number = np.full(reach.demand, NONE, dtype=np.int64)
    number[first] = member[first]
    return reach.renamed(number, len(first))


def _sums(demand: Amounts, member: Positions, size: int) -> Amounts:
    """Demand by number, added up from the smallest so that the order of points is no matter."""
    order = np.argsort(demand, kind="stable")
    order = order[member[order] >= 0]
    return np.bincount(member[order], demand[order], minlength=size).astype(np.float64)
