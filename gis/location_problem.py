"""A choice of sites in numbers: candidates in an order of their own, demand merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.errors import BadParameter
from gis.location_order import stable_order
from gis.location_reach import Amounts, Positions, Reach
from gis.location_rules import Rules, expect_positions

Flags = NDArray[np.bool_]
NONE = -1


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
class Terms:
    """Rules by number, one value a candidate.

    Attributes
    ----------
    count
        Most sites.
    fixed, standing
        Sites in any case; those that cost nothing and break no rule.
    closed
        Forbidden, and yet here because they are fixed.
    cost, unit_cost, budget
        Of a new site, of each unit, and what all may cost (infinite without a rule).
    unit, most
        Number of the unit, -1 none; most new sites in one.
    group, least
        Number of the group, -1 none; least sites in each group.
    pairs
        (pairs, 2) candidates that exclude each other.
    """

    count: int
    fixed: Flags
    standing: Flags
    closed: Flags
    cost: Amounts
    unit: Positions
    most: int
    unit_cost: Amounts
    budget: float
    group: Positions
    least: Positions
    pairs: Positions

    @property
    def free(self) -> bool:
        """Whether nothing but the count and the fixed sites limits a choice."""
        return not (
            np.isfinite(self.budget) or (self.unit >= 0).any() or self.least.size or self.pairs.size
        )


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
    labels, shares = _numbers(rules.demand_group, len(demand), rules.least_shares())
    member, first = _merged(reach, labels, demand, given.merges)
    totals = np.bincount(labels[labels >= 0], demand[labels >= 0], minlength=len(shares))
    return Problem(
        original=order,
        member=member,
        reach=_once(reach, member, first),
        worth=_sums(demand, member, len(first)),
        capacity=None if given.capacity is None else given.capacity[order],
        terms=_terms(given, order),
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


def _numbers(
    labels: object, size: int, wanted: dict[int, float] | dict[int, int]
) -> tuple[Positions, dict[int, float]]:
    """Labels as 0, 1, ... in the order of ``wanted``, -1 for the others."""
    found = np.full(size, NONE, dtype=np.int64)
    for number, label in enumerate(wanted):
        if labels is not None:
            found[np.asarray(labels) == label] = number
    return found, {label: float(least) for label, least in wanted.items()}


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


def _terms(given: Given, order: Positions) -> Terms:
    rules, size = given.rules, given.reach.candidates
    standing = np.zeros(size, dtype=np.bool_)
    standing[np.asarray(rules.standing, dtype=np.int64)] = True
    fixed = standing.copy()
    fixed[given.fixed] = True
    closed = np.zeros(size, dtype=np.bool_)
    closed[np.asarray(rules.forbidden, dtype=np.int64)] = True
    closed &= ~standing
    least = rules.least_sites()
    group, _ = _numbers(None if not least else rules.group, size, least)
    unit = np.full(size, NONE, dtype=np.int64)
    paid = np.empty(0)
    if rules.unit is not None:
        names, numbers = np.unique(np.asarray(rules.unit, dtype=np.int64), return_inverse=True)
        shift = int((names < 0).sum())
        unit = np.maximum(numbers.astype(np.int64) - shift, NONE)
        paid = np.full(len(names) - shift, float(rules.unit_cost))
        paid[unit[standing & (unit >= 0)]] = 0.0
    cost = np.where(standing, 0.0, np.broadcast_to(rules.site_cost, size))
    return Terms(
        count=size if given.count is None else given.count,
        fixed=fixed[order],
        standing=standing[order],
        closed=closed[order],
        cost=cost[order],
        unit=unit[order],
        most=size if rules.most_per_unit is None else rules.most_per_unit,
        unit_cost=paid,
        budget=np.inf if rules.budget is None else float(rules.budget),
        group=group[order],
        least=np.array(list(least.values()), dtype=np.int64),
        pairs=_pairs(rules, standing, order),
    )


def _pairs(rules: Rules, standing: Flags, order: Positions) -> Positions:
    """Pairs of candidates that exclude each other, by number, each once."""
    pairs = np.asarray(() if rules.conflicts is None else rules.conflicts, dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    if rules.spacing > 0 and len(standing):
        places = np.column_stack([rules.x, rules.y]).astype(np.float64)  # type: ignore[list-item]
        near = cKDTree(places).query_pairs(rules.spacing * (1 + 1e-9), output_type="ndarray")
        apart = np.hypot(*(places[near[:, 0]] - places[near[:, 1]]).T)
        pairs = np.vstack([pairs, near[apart < rules.spacing]])
    number = np.full(len(standing), NONE, dtype=np.int64)
    number[order] = np.arange(len(order))
    here = ~standing[pairs].all(axis=1) & (pairs[:, 0] != pairs[:, 1])
    pairs = np.sort(number[pairs[here]], axis=1)
    return np.unique(pairs[pairs[:, 0] >= 0], axis=0)
