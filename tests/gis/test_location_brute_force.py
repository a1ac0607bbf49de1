"""Every small choice of sites against trying all of them, whatever the rules; rules never broken.

The oracle knows nothing of the solver: it lists all subsets of candidates, throws out those that
break a rule as its definition reads, and serves demand by the book (divided demand by a plain
linear program of scipy).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from gis.errors import DemandUnreached, RulesContradict
from gis.location import Location, Rules, maximal_covering, p_median, set_covering

MODELS = ("covering", "capacitated", "median", "sets")


@dataclass(frozen=True)
class Case:
    """A small choice of sites; ``words`` are those of its rules."""

    cost: NDArray[np.float64]
    demand: NDArray[np.float64]
    capacity: NDArray[np.float64]
    radius: float
    p: int | None
    fixed: list[int]
    words: dict[str, Any]

    @property
    def size(self) -> int:
        return self.cost.shape[1]

    def rules(self, model: str) -> Rules:
        words = dict(self.words)
        if model == "median":
            words.pop("least_share", None)
        return Rules(**words)

    def solved(self, model: str, **more: Any) -> Location:
        words = {"rules": self.rules(model), **more}
        if model == "median":
            return p_median(self.cost, self.demand, self.p, self.fixed, **words)
        if model == "sets":
            return set_covering(self.cost, self.demand, self.radius, self.fixed, **words)
        capacity = self.capacity if model == "capacitated" else None
        return maximal_covering(
            self.cost, self.demand, self.radius, self.p, self.fixed, capacity, **words
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few places, whole numbers (ties abound), some ways missing, any mixture of rules."""
    places, size = draw(st.integers(0, 7)), draw(st.integers(0, 6))

    def each(values: st.SearchStrategy[Any], count: int = size) -> list[Any]:
        return draw(st.lists(values, min_size=count, max_size=count))

    way = st.integers(0, 5) | st.just(np.nan)
    some = st.lists(st.integers(0, max(size - 1, 0)), max_size=2 if size else 0)
    words: dict[str, Any] = {}
    if draw(st.booleans()):
        words |= {"forbidden": draw(some), "standing": draw(some)}
    if draw(st.booleans()):
        words |= {
            "unit": each(st.integers(-1, 2)),
            "most_per_unit": draw(st.sampled_from([None, 0, 1, 2])),
        }
    if draw(st.booleans()):
        words |= {
            "budget": draw(st.integers(0, 9)),
            "site_cost": each(st.integers(0, 4)),
            "unit_cost": draw(st.integers(0, 3)),
        }
    if draw(st.booleans()):
        least = draw(st.sampled_from([1, {0: 2}, {1: 1}]))
        words |= {"group": each(st.integers(-1, 1)), "least_per_group": least}
    if draw(st.booleans()):
        share = draw(st.sampled_from([0.5, 0.9, {0: 0.25}, {1: 1.0}]))
        words |= {"demand_group": each(st.integers(-1, 1), places), "least_share": share}
    if draw(st.booleans()):
        x, y = each(st.integers(0, 4)), each(st.integers(0, 4))
        words |= {"x": x, "y": y, "spacing": draw(st.integers(0, 3))}
    p = draw(st.integers(0, 4) | st.none()) if "budget" in words else draw(st.integers(0, 4))
    return Case(
        cost=np.array([each(way) for _ in range(places)], dtype=float).reshape(places, size),
        demand=np.array(each(st.integers(0, 5), places), dtype=float),
        capacity=np.array(each(st.integers(0, 9)), dtype=float),
        radius=float(draw(st.integers(0, 5))),
        p=p,
        fixed=draw(some) if draw(st.booleans()) else [],
        words=words,
    )


def broken(case: Case, model: str, chosen: tuple[int, ...]) -> Iterator[str]:
    """Names of the rules of candidates that a choice breaks."""
    rules, inside = case.rules(model), set(chosen)
    standing = set(rules.standing)
    new = inside - standing
    if not set(case.fixed) | standing <= inside:
        yield "fixed"
    if new & set(rules.forbidden):
        yield "forbidden"
    if model != "sets" and case.p is not None and len(inside) > case.p:
        yield "count"
    yield from broken_in_units(rules, new, standing)
    for group, least in rules.least_sites().items():
        if sum(rules.group[site] == group for site in inside) < least:
            yield "group"
    for one, other in combinations(sorted(inside), 2):
        if not {one, other} <= standing and rules.spacing > 0:
            apart = (rules.x[one] - rules.x[other]) ** 2 + (rules.y[one] - rules.y[other]) ** 2
            if apart < rules.spacing**2:
                yield "spacing"


def broken_in_units(rules: Rules, new: set[int], standing: set[int]) -> Iterator[str]:
    units = [rules.unit[site] for site in new if rules.unit[site] >= 0] if rules.unit else []
    if rules.most_per_unit is not None and any(
        units.count(unit) > rules.most_per_unit for unit in units
    ):
        yield "unit"
    if rules.budget is not None:
        paid = {rules.unit[site] for site in standing} if rules.unit else set()
        money = sum(rules.site_cost[site] for site in new)
        if money + rules.unit_cost * len(set(units) - paid) > rules.budget:
            yield "budget"


def value(case: Case, model: str, chosen: tuple[int, ...]) -> float | None:
    """What a choice is worth, more is better; None when it does not serve what it must."""
    cost = case.cost[:, list(chosen)]
    near = cost <= (np.inf if model == "median" else case.radius)
    served = near.any(axis=1)
    if model in ("median", "sets"):
        if not served[case.demand > 0].all():
            return None
        if model == "sets":
            return -float(len(chosen))
        least = np.where(near, cost, np.inf).min(axis=1, initial=np.inf)
        return -float(case.demand[case.demand > 0] @ least[case.demand > 0])
    if model == "capacitated":
        return flow(case, near, case.capacity[list(chosen)])
    for label, share in case.rules(model).least_shares().items():
        members = np.array(case.words["demand_group"]) == label
        if case.demand[members & served].sum() < share * case.demand[members].sum() - 1e-9:
            return None
    return float(case.demand[served].sum())


def flow(case: Case, near: NDArray[np.bool_], capacity: NDArray[np.float64]) -> float | None:
    """Most divisible demand within the capacities, as a linear program in rows of its own."""
    place, site = np.nonzero(near)
    rows = [(place == one).astype(float) for one in range(len(case.demand))]
    rows += [(site == one).astype(float) for one in range(len(capacity))]
    limits = [*case.demand, *capacity]
    for label, share in case.rules("capacitated").least_shares().items():
        members = np.array(case.words["demand_group"]) == label
        rows.append(-members[place].astype(float))
        limits.append(-share * case.demand[members].sum() + 1e-9)
    if not len(place):
        return 0.0 if min(limits, default=0) >= 0 else None
    found = linprog(-np.ones(len(place)), A_ub=np.array(rows), b_ub=np.array(limits))
    return None if found.status == 2 else -float(found.fun)


def best(case: Case, model: str) -> float | None:
    worths = [
        value(case, model, chosen)
        for count in range(case.size + 1)
        for chosen in combinations(range(case.size), count)
        if not any(broken(case, model, chosen))
    ]
    return max((worth for worth in worths if worth is not None), default=None)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=120, deadline=None)
@given(case=cases())
def test_nothing_better_exists_and_no_rule_is_broken(model: str, case: Case) -> None:
    wanted = best(case, model)
    if wanted is None:
        with pytest.raises((RulesContradict, DemandUnreached)):
            case.solved(model)
        return
    found = case.solved(model)
    sign = 1 if model in ("covering", "capacitated") else -1
    assert found.optimal
    assert found.objective * sign == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    assert (found.bound - found.objective) * sign >= 0
    chosen = tuple(found.sites.tolist())
    assert list(broken(case, model, chosen)) == []
    assert value(case, model, chosen) == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    check_shares(case, model, found)


def check_shares(case: Case, model: str, found: Location) -> None:
    """Parts add up to the objective, end at sites within reach, and pass no limit."""
    parts = found.shares
    assert set(parts.site.tolist()) <= set(found.sites.tolist())
    assert (
        case.cost[parts.demand, parts.site] <= (np.inf if model == "median" else case.radius)
    ).all()
    places = np.bincount(parts.demand, parts.amount, minlength=len(case.demand))
    assert (places <= case.demand + 1e-9).all()
    if model in ("covering", "capacitated"):
        assert parts.amount.sum() == pytest.approx(found.objective)
    if model == "capacitated":
        by_site = np.bincount(parts.site, parts.amount, minlength=case.size)
        assert (by_site <= case.capacity + 1e-9).all()
    else:
        assert places[found.allocation >= 0] == pytest.approx(case.demand[found.allocation >= 0])
    assert (found.allocation[parts.demand] >= 0).all()


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_a_contradiction_is_needed_whole(model: str, case: Case) -> None:
    """Without any one of the rules named there is a choice: the set is as small as it gets."""
    error = refusal(case, model)
    if isinstance(error, DemandUnreached):
        assert (case.demand[list(error.points)] > 0).all()
    if not isinstance(error, RulesContradict):
        return
    names = set(error.names)
    assert names
    assume(model != "median" and not names & {"share", "capacity"})
    for name in error.names:
        assert any(
            set(broken(case, model, chosen)) & names <= {name}
            and (model != "sets" or value(case, model, chosen) is not None)
            for count in range(case.size + 1)
            for chosen in combinations(range(case.size), count)
        )


def refusal(case: Case, model: str) -> Exception | None:
    try:
        case.solved(model)
    except (RulesContradict, DemandUnreached) as error:
        return error
    return None


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=40, deadline=None)
@given(case=cases(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_matter(model: str, case: Case, random: Any) -> None:
    """Demand and candidates shuffled: the same sites, by their keys."""
    places, sites = list(range(len(case.demand))), list(range(case.size))
    random.shuffle(places)
    random.shuffle(sites)
    new = {site: place for place, site in enumerate(sites)}
    words = dict(case.words)
    for name in ("unit", "site_cost", "group", "x", "y"):
        if name in words:
            words[name] = [words[name][site] for site in sites]
    for name in ("forbidden", "standing"):
        if name in words:
            words[name] = [new[site] for site in words[name]]
    if "demand_group" in words:
        words["demand_group"] = [words["demand_group"][place] for place in places]
    shuffled = Case(
        cost=case.cost[np.ix_(places, sites)],
        demand=case.demand[places],
        capacity=case.capacity[sites],
        radius=case.radius,
        p=case.p,
        fixed=[new[site] for site in case.fixed],
        words=words,
    )
    if (error := refusal(case, model)) is not None:
        with pytest.raises(type(error)):
            shuffled.solved(model, keys=sites)
        return
    one = case.solved(model, keys=list(range(case.size)))
    other = shuffled.solved(model, keys=sites)
    assert one.sites.tolist() == sorted(sites[place] for place in other.sites)
    assert (one.objective, one.bound) == (other.objective, other.bound)
    back = {
        place: sites[site] if site >= 0 else -1
        for place, site in zip(places, other.allocation, strict=True)
    }
    assert one.allocation.tolist() == [back[place] for place in range(len(places))]
