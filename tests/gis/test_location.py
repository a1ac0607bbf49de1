"""Choices of sites: hand-computed answers, clear errors, no luck of the order of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gis.errors import BadParameter, DemandUnreached, NoSitesInTime, RulesContradict
from gis.location import Location, Reach, Rules, maximal_covering, p_median, set_covering
from locales import error_text

NAN = np.nan
LINE = np.abs(np.arange(7)[:, None] - np.arange(7)[None]).astype(float)
"""Seven places along a road, each a candidate too."""
PEOPLE = np.array([5.0, 1, 4, 1, 1, 3, 2])


def sites(found: Location) -> list[int]:
    return found.sites.tolist()


def test_covering_by_hand() -> None:
    """Within 1 of place 1: 5 + 1 + 4 = 10; of place 5: 1 + 3 + 2 = 6; together all but place 3."""
    found = maximal_covering(LINE, PEOPLE, 1.0, 2)
    assert (sites(found), found.objective, found.bound) == ([1, 5], 16, 16)
    assert found.allocation.tolist() == [1, 1, 1, -1, 5, 5, 5]
    assert (found.optimal, found.gap, found.bound_by) == (True, 0, "proof")
    assert found.seconds > 0


def test_the_radius_counts_and_just_above_does_not() -> None:
    cost = [[2.0, np.nextafter(2.0, 3.0)]]
    assert sites(maximal_covering(cost, [1.0], 2.0, 2)) == [0]
    assert sites(maximal_covering(cost, [1.0], np.nextafter(2.0, 0.0), 2)) == []


def test_demand_goes_to_the_nearest_site() -> None:
    cost = [[1.0, 2.0], [2.0, 1.0], [NAN, 1.0], [NAN, NAN]]
    found = maximal_covering(cost, np.ones(4), 2.0, 2, fixed=[0])
    assert found.allocation.tolist() == [0, 1, 1, -1]
    assert found.shares.amount.tolist() == [1, 1, 1]


def test_fixed_sites_belong_to_p() -> None:
    found = maximal_covering(LINE, PEOPLE, 1.0, 2, fixed=[3])
    assert (sites(found), found.objective) == ([1, 3], 12)
    assert sites(maximal_covering(LINE, PEOPLE, 1.0, 1, fixed=[3])) == [3]


def test_a_site_that_adds_nothing_is_not_chosen() -> None:
    found = maximal_covering(LINE, PEOPLE, 1.0, 99)
    assert found.objective == PEOPLE.sum()
    assert len(sites(found)) <= 4
    assert sites(maximal_covering(LINE, PEOPLE, 6.0, 5)) in [[place] for place in range(7)]


def test_capacity_divides_demand_and_takes_short_ways() -> None:
    """Place 0 has room for 6 of 5 + 4; the other takes what is left, and the nearer one first."""
    cost = [[0.0, 3.0], [1.0, 1.0]]
    found = maximal_covering(cost, [5.0, 4.0], 3.0, 2, capacity=[6.0, 2.0])
    assert found.objective == pytest.approx(8)
    parts = {
        (int(demand), int(site)): amount
        for demand, site, amount in zip(
            found.shares.demand, found.shares.site, found.shares.amount, strict=True
        )
    }
    assert parts == pytest.approx({(0, 0): 5, (1, 0): 1, (1, 1): 2})
    assert found.allocation.tolist() == [0, 1]
    assert maximal_covering(cost, [5.0, 4.0], 3.0, 1, capacity=[6.0, 2.0]).sites.tolist() == [0]


def test_capacity_that_does_not_bind_changes_nothing() -> None:
    plain = maximal_covering(LINE, PEOPLE, 1.0, 2)
    for capacity in (np.full(7, 100.0), np.full(7, np.inf)):
        found = maximal_covering(LINE, PEOPLE, 1.0, 2, capacity=capacity)
        assert (sites(found), found.objective) == (sites(plain), pytest.approx(plain.objective))
        assert found.allocation.tolist() == plain.allocation.tolist()


def test_median_by_hand() -> None:
    """Sites 0 and 5: 0 + 1 + 8 + 2 + 1 + 0 + 2 = 14; 1 and 5: 5 + 0 + 4 + 2 + 1 + 0 + 2 = 14."""
    found = p_median(LINE, PEOPLE, 2)
    assert (
        found.objective
        == found.bound
        == min(
            float((PEOPLE * np.minimum(LINE[:, one], LINE[:, other])).sum())
            for one in range(7)
            for other in range(one)
        )
    )
    assert found.optimal
    assert (found.allocation >= 0).all()


def test_the_gap_of_what_is_least_is_no_less_than_0() -> None:
    found = p_median(LINE, PEOPLE, 2)
    worse = replace(found, objective=20.0, bound=16.0)
    assert worse.gap == pytest.approx(0.25)
    assert replace(found, objective=20.0, bound=25.0).gap == pytest.approx(0.2)
    assert replace(found, objective=1.0, bound=0.0).gap == np.inf


def test_fewest_sites_by_hand() -> None:
    found = set_covering(LINE, PEOPLE, 1.0)
    assert (found.objective, found.bound, found.optimal) == (3, 3, True)
    assert (found.allocation >= 0).all()
    assert set_covering(LINE, PEOPLE, 1.0, fixed=[0]).objective == 3
    assert set_covering(LINE, np.where(np.arange(7) < 3, 1.0, 0.0), 1.0).sites.tolist() == [1]


RULES: list[tuple[str, Rules, list[int], float]] = [
    ("forbidden", Rules(forbidden=[1]), [0, 5], 12),
    ("one a commune", Rules(unit=[0, 0, 0, 0, 0, 0, 0]), [1], 10),
    ("two a commune", Rules(unit=[0] * 7, most_per_unit=2), [1, 5], 16),
    ("in no commune", Rules(unit=[-1] * 7), [1, 5], 16),
    ("beside one that stands", Rules(unit=[0] * 7, standing=[6]), [1, 6], 15),
    ("a district each", Rules(group=[0, 0, 0, 1, 1, 2, 2], least_per_group={1: 1}), [1, 4], 15),
    ("far apart", Rules(x=np.arange(7.0), y=np.zeros(7), spacing=5), [1, 6], 15),
    ("as far as they stand", Rules(x=np.arange(7.0), y=np.zeros(7), spacing=4), [1, 5], 16),
    ("not together", Rules(conflicts=[(5, 1)]), [1, 4], 15),
    ("fair", Rules(demand_group=[0, 0, 0, 1, 0, 0, 0], least_share={1: 1.0}), [1, 4], 15),
]


@pytest.mark.parametrize(
    ("name", "rules", "wanted", "served"), RULES, ids=[row[0] for row in RULES]
)
def test_a_rule_by_hand(name: str, rules: Rules, wanted: list[int], served: float) -> None:
    found = maximal_covering(LINE, PEOPLE, 1.0, 2, rules=rules)
    assert found.objective == served
    if name in ("forbidden", "not together", "a district each", "fair"):
        assert len(sites(found)) == 2  # several are as good
    else:
        assert sites(found) == wanted
    again = maximal_covering(LINE, PEOPLE, 1.0, 2, capacity=np.full(7, 99.0), rules=rules)
    assert again.objective == pytest.approx(served)


def test_a_commune_is_paid_once_and_what_stands_is_paid_already() -> None:
    """1,000 for a commune and 600 for a site: two sites in one commune are 2,200, in two 3,200."""
    rules = Rules(unit=[0, 0, 0, 1, 1, 1, 1], unit_cost=1000, site_cost=600, most_per_unit=None)

    def bought(budget: float, **more: Any) -> list[int]:
        given = replace(rules, budget=budget, **more)
        return sites(maximal_covering(LINE, PEOPLE, 1.0, None, rules=given))

    assert bought(0) == []
    assert bought(1599) == []
    assert bought(1600) == [1]
    assert bought(2199) == [1]
    assert bought(2200) in ([0, 2], [1, 2])
    assert bought(3200) == [1, 5]
    assert bought(599, standing=[2]) == [2]
    assert bought(600, standing=[2]) in ([0, 2], [1, 2])
    assert len(bought(1e9)) == 3
    assert sites(maximal_covering(LINE, PEOPLE, 1.0, 1, rules=replace(rules, budget=9e9))) == [1]


def test_what_stands_breaks_no_rule() -> None:
    beside = Rules(
        standing=[2, 3],
        unit=[0] * 7,
        x=np.arange(7.0),
        y=np.zeros(7),
        spacing=3,
        site_cost=1,
        budget=0,
    )
    found = maximal_covering(LINE, PEOPLE, 1.0, None, rules=beside)
    assert sites(found) == [2, 3]
    fewer = maximal_covering(LINE, PEOPLE, 1.0, 3, rules=replace(beside, budget=None))
    assert sites(fewer) == [2, 3, 6]


@pytest.mark.parametrize(
    ("cost", "demand", "p"),
    [
        (np.empty((0, 0)), [], 3),
        (np.empty((3, 0)), [1.0, 2.0, 3.0], 3),
        (np.empty((0, 3)), [], 3),
        (np.full((2, 2), NAN), [1.0, 2.0], 1),
        (np.zeros((2, 2)), [0.0, 0.0], 1),
        (np.zeros((2, 2)), [1.0, 2.0], 0),
    ],
    ids=["nothing", "no candidate", "no demand", "no way", "all served already", "no site"],
)
def test_nothing_to_choose(cost: Any, demand: list[float], p: int) -> None:
    found = maximal_covering(cost, demand, 1.0, p)
    assert (sites(found), found.objective, found.bound, found.gap) == ([], 0, 0, 0)
    assert found.optimal
    assert found.allocation.tolist() == [-1] * len(demand)


def test_one_candidate_and_one_demand() -> None:
    for found in (
        maximal_covering([[0.0]], [2.0], 0.0, 5),
        maximal_covering([[0.0]], [2.0], 0.0, 5, capacity=[3.0]),
        p_median([[0.0]], [2.0], 5),
        set_covering([[0.0]], [2.0], 0.0),
    ):
        assert (sites(found), found.allocation.tolist(), found.optimal) == ([0], [0], True)


CONTRADICTIONS: list[tuple[int | None, list[int], Rules, tuple[str, ...]]] = [
    (1, [0, 1], Rules(), ("fixed", "count")),
    (5, [3], Rules(forbidden=[3]), ("forbidden", "fixed")),
    (None, [3], Rules(site_cost=5, budget=4), ("fixed", "budget")),
    (5, [1, 2], Rules(conflicts=[(1, 2)]), ("spacing", "fixed")),
    (5, [1, 2], Rules(unit=[0] * 7), ("unit", "fixed")),
    (1, [], Rules(group=[0] * 6 + [1], least_per_group=1), ("group", "count")),
    (7, [], Rules(group=[0] * 6 + [1], least_per_group={1: 2}), ("group",)),
    (7, [], Rules(group=[0] * 6 + [1], least_per_group={9: 1}), ("group",)),
    (1, [], Rules(demand_group=[0] * 7, least_share=0.9), ("share", "count")),
    (
        None,
        [],
        Rules(demand_group=[0] * 7, least_share=0.9, budget=1, site_cost=1),
        ("share", "budget"),
    ),
]


@pytest.mark.parametrize(("p", "fixed", "rules", "names"), CONTRADICTIONS)
def test_rules_that_contradict_are_named(
    p: int | None, fixed: list[int], rules: Rules, names: tuple[str, ...]
) -> None:
    with pytest.raises(RulesContradict) as caught:
        maximal_covering(LINE, PEOPLE, 1.0, p, fixed, rules=rules)
    assert caught.value.names == names
    for language in ("en", "km"):
        assert error_text(caught.value, language)


def test_who_takes_part_in_a_contradiction_is_named() -> None:
    """Of three districts that ask for sites one has too few; of three fixed sites two are near."""
    rules = Rules(group=[0, 0, 1, 1, 2, 2, 2], least_per_group={0: 1, 1: 3, 2: 1})
    with pytest.raises(RulesContradict) as caught:
        maximal_covering(LINE, PEOPLE, 1.0, 7, rules=rules)
    assert caught.value.groups == (1,)
    near = Rules(x=np.arange(7.0), y=np.zeros(7), spacing=2)
    with pytest.raises(RulesContradict) as caught:
        maximal_covering(LINE, PEOPLE, 1.0, 7, [0, 3, 4], rules=near)
    assert caught.value.candidates == (3, 4)
    fair = Rules(demand_group=[0, 1, 2, 3, 4, 5, 6], least_share=1.0, forbidden=[5, 6])
    with pytest.raises(RulesContradict) as caught:
        maximal_covering(LINE, PEOPLE, 1.0, 7, rules=fair)
    assert (caught.value.names, caught.value.demand_groups) == (("forbidden", "share"), (6,))


def test_demand_that_nobody_reaches_is_named() -> None:
    cost = np.where(LINE > 1, NAN, LINE)
    with pytest.raises(DemandUnreached) as caught:
        set_covering(cost, PEOPLE, 1.0, rules=Rules(forbidden=[0, 1, 5, 6]))
    assert caught.value.points == (0, 6)
    with pytest.raises(DemandUnreached) as caught:
        p_median(cost, PEOPLE, 7, rules=Rules(forbidden=[5, 6]))
    assert caught.value.points == (6,)
    assert "1" in error_text(caught.value, "en")
    with pytest.raises(RulesContradict) as contradiction:
        p_median(cost, PEOPLE, 2)
    assert contradiction.value.names == ("count",)


def test_a_time_limit_is_never_called_optimal() -> None:
    """No second to prove anything: sites of the search, a bound that holds, and said so."""
    random = np.random.default_rng(5)
    cost = random.uniform(0, 10, (40, 25))
    demand = random.uniform(1, 2, 40)
    for model in (
        lambda limit: maximal_covering(cost, demand, 1.0, 5, time_limit=limit),
        lambda limit: maximal_covering(
            cost, demand, 1.0, 5, capacity=np.full(25, 7.0), time_limit=limit
        ),
    ):
        quick, whole = model(0.0), model(60.0)
        assert whole.optimal
        assert (quick.optimal, quick.bound_by) == (False, "time")
        assert quick.objective <= whole.objective <= quick.bound
    quick, whole = p_median(cost, demand, 5, time_limit=0), p_median(cost, demand, 5)
    assert quick.bound <= whole.objective <= quick.objective
    assert not quick.optimal
    quick, whole = set_covering(cost, demand, 2.0, time_limit=0), set_covering(cost, demand, 2.0)
    assert quick.bound <= whole.objective <= quick.objective
    assert not quick.optimal


def test_no_time_and_no_sites_is_an_error() -> None:
    """What the search does not see is left to the proof, for which there is no time."""
    fair = Rules(demand_group=[0] * 6 + [1], least_share={0: 0.9, 1: 1.0})
    with pytest.raises((NoSitesInTime, RulesContradict)):
        maximal_covering(LINE, PEOPLE, 1.0, 1, rules=fair, time_limit=0)


def test_a_gap_that_may_remain_ends_the_search() -> None:
    found = maximal_covering(LINE, PEOPLE, 1.0, 2, gap=0.9)
    assert found.bound_by in ("proof", "gap")
    assert found.gap <= 0.9


def test_progress_is_told_and_may_stop() -> None:
    told: list[str] = []
    maximal_covering(LINE, PEOPLE, 1.0, 2, progress=lambda step, number, of: told.append(step))
    assert told[0] == "steps.searching"

    class Stopped(Exception):
        pass

    random = np.random.default_rng(3)
    cost, demand = random.uniform(0, 10, (80, 60)), random.uniform(1, 2, 80)
    for wanted in ("steps.searching", "steps.proving"):

        def stop(step: str, number: int, of: int, wanted: str = wanted) -> None:
            if step == wanted:
                raise Stopped

        with pytest.raises(Stopped):
            set_covering(cost, demand, 2.5, progress=stop)


def test_without_keys_the_order_of_rows_is_no_matter_either() -> None:
    """Ties too: candidates that stand for each other are told apart by where they are."""
    random = np.random.default_rng(8)
    places, spots = random.integers(0, 9, (50, 2)), random.integers(0, 9, (30, 2)) + 0.25
    cost = np.hypot(*(places[:, None] - spots[None]).transpose(2, 0, 1))
    demand = random.integers(1, 4, 50).astype(float)

    def chosen(rows: Any, columns: Any) -> list[tuple[float, float]]:
        rules = Rules(x=spots[columns, 0], y=spots[columns, 1])
        found = maximal_covering(cost[np.ix_(rows, columns)], demand[rows], 2.0, 4, rules=rules)
        return sorted(map(tuple, spots[columns][found.sites].tolist()))

    first = chosen(np.arange(50), np.arange(30))
    for _ in range(3):
        assert chosen(random.permutation(50), random.permutation(30)) == first


def test_lists_of_positions_are_as_good_as_a_table() -> None:
    lists = [np.flatnonzero(LINE[:, place] <= 1) for place in range(7)]
    reach = Reach.of_lists(lists, 7, [LINE[one, place] for place, one in enumerate(lists)])
    one, other = maximal_covering(reach, PEOPLE, 1.0, 2), maximal_covering(LINE, PEOPLE, 1.0, 2)
    assert one.allocation.tolist() == other.allocation.tolist()
    assert sites(maximal_covering(Reach.of_lists(lists, 7), PEOPLE, 0.0, 2)) == [1, 5]
    assert Reach.of_lists([], 3).candidates == 0


BAD: list[tuple[str, dict[str, Any]]] = [
    ("demand", {"demand": [1.0]}),
    ("demand", {"demand": [NAN] * 7}),
    ("demand", {"demand": [-1.0] * 7}),
    ("demand", {"demand": [np.inf] * 7}),
    ("cost", {"cost": -LINE}),
    ("cost", {"cost": [1.0]}),
    ("cost", {"cost": np.full((7, 7), np.inf), "radius": np.inf}),
    ("radius", {"radius": -1.0}),
    ("radius", {"radius": NAN}),
    ("p", {"p": None}),
    ("p", {"p": -1}),
    ("fixed", {"fixed": [7]}),
    ("fixed", {"fixed": [-1]}),
    ("capacity", {"capacity": [1.0]}),
    ("capacity", {"capacity": [-1.0] * 7}),
    ("time_limit", {"time_limit": -1.0}),
    ("gap", {"gap": NAN}),
    ("keys", {"keys": ["a"]}),
    ("unit", {"rules": Rules(unit=[1])}),
    ("forbidden", {"rules": Rules(forbidden=[9])}),
    ("conflicts", {"rules": Rules(conflicts=[(0, 9)])}),
    ("budget", {"rules": Rules(budget=-1)}),
    ("site_cost", {"rules": Rules(site_cost=[1.0])}),
    ("least_share", {"rules": Rules(demand_group=[0] * 7, least_share=1.5)}),
    ("spacing", {"rules": Rules(spacing=1.0)}),
]


@pytest.mark.parametrize(("name", "given"), BAD)
def test_what_cannot_be_is_refused(name: str, given: dict[str, Any]) -> None:
    words = {"cost": LINE, "demand": PEOPLE, "radius": 1.0, "p": 2} | given
    with pytest.raises(BadParameter) as caught:
        maximal_covering(**words)
    assert caught.value.name == name
