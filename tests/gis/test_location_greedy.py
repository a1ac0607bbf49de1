"""The choice of places: rules never broken, nothing counted twice, no luck of the order."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.location_greedy import Candidate, Rules, select


def candidate(
    code: str, reach: list[int], unit: str = "", district: str = "d", x: float = 0, y: float = 0
) -> Candidate:
    return Candidate(code, unit or code, district, x, y, np.array(sorted(reach), dtype=np.intp))


def codes(selection: Any) -> list[str]:
    return [choice.candidate.code for choice in selection.choices]


def test_the_best_first_and_shared_demand_once() -> None:
    demand = np.array([5.0, 4, 3, 2, 1])
    places = [candidate("a", [0, 1]), candidate("b", [1, 2, 3]), candidate("c", [4])]
    found = select(places, demand, Rules(3))
    assert codes(found) == ["a", "b", "c"]
    assert [choice.gain for choice in found.choices] == [9, 5, 1]
    assert [choice.covered.tolist() for choice in found.choices] == [[0, 1], [2, 3], [4]]


def test_one_in_each_unit_and_nothing_for_nothing() -> None:
    demand = np.array([5.0, 4, 0])
    places = [
        candidate("a1", [0], "a"),
        candidate("a2", [1], "a"),
        candidate("b", [2], "b"),
        candidate("c", [], "c"),
    ]
    assert codes(select(places, demand, Rules(9))) == ["a1"]
    assert codes(select([], demand, Rules(9))) == []
    assert codes(select(places, np.zeros(3), Rules(9, min_per_district=1))) == []


def test_equal_gains_are_settled_by_code() -> None:
    places = [candidate(code, [number]) for number, code in enumerate("cab")]
    assert codes(select(places, np.ones(3), Rules(2))) == ["a", "b"]


def test_spacing_is_kept_and_touching_it_is_allowed() -> None:
    places = [candidate(code, [n], x=1000.0 * n) for n, code in enumerate("abc")]
    assert codes(select(places, np.array([3.0, 2, 1]), Rules(3, spacing=2000))) == ["a", "c"]
    assert codes(select(places, np.array([3.0, 2, 1]), Rules(3, spacing=1000))) == ["a", "b", "c"]


def test_every_district_before_the_richest() -> None:
    demand = np.array([9.0, 8, 1])
    places = [
        candidate("a", [0], district="rich"),
        candidate("b", [1], district="rich"),
        candidate("c", [2], district="poor"),
    ]
    assert codes(select(places, demand, Rules(2))) == ["a", "b"]
    found = select(places, demand, Rules(2, min_per_district=1))
    assert codes(found) == ["a", "c"]
    assert found.short == ()
    assert select(places, demand, Rules(2, min_per_district=2)).short == ("poor",)
    assert select(places, demand, Rules(1, min_per_district=1)).short == ("poor",)


def test_a_quota_gives_way_to_no_better_place() -> None:
    """The best of the west stands too near the only place of the east: the second best goes."""
    demand = np.array([9.0, 2, 1])
    places = [
        candidate("a", [0], district="west", x=900),
        candidate("b", [1], district="west", x=-5000),
        candidate("c", [2], district="east", x=1000),
    ]
    found = select(places, demand, Rules(2, spacing=2000, min_per_district=1))
    assert sorted(codes(found)) == ["b", "c"]
    assert found.short == ()


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Candidate], np.ndarray, Rules]:
    size = draw(st.integers(1, 12))
    demand = np.array(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)), dtype=float)
    number = draw(st.integers(0, 7))
    places = [
        candidate(
            f"v{n}",
            list(draw(st.sets(st.integers(0, size - 1), max_size=6))),
            unit=draw(st.sampled_from("abcd")),
            district="",
            x=draw(st.integers(0, 6)) * 1000.0,
            y=draw(st.integers(0, 3)) * 1000.0,
        )
        for n in range(number)
    ]
    # A unit lies in one district.
    home = {"a": "west", "b": "west", "c": "east", "d": "north"}
    places = [Candidate(p.code, p.unit, home[p.unit], p.x, p.y, p.reach) for p in places]
    rules = Rules(
        draw(st.integers(1, 5)), draw(st.sampled_from([0, 1500, 3000])), draw(st.integers(0, 2))
    )
    return places, demand, rules


def fits(places: tuple[Candidate, ...], rules: Rules) -> bool:
    return all(
        one.unit != two.unit and np.hypot(one.x - two.x, one.y - two.y) >= rules.spacing
        for one, two in combinations(places, 2)
    )


@settings(deadline=None, max_examples=300)
@given(problems(), st.randoms(use_true_random=False))
def test_rules_hold_whatever_the_problem(
    problem: tuple[list[Candidate], np.ndarray, Rules], luck: Any
) -> None:
    places, demand, rules = problem
    found = select(places, demand, rules)
    chosen = tuple(choice.candidate for choice in found.choices)
    assert len(chosen) <= rules.count
    assert fits(chosen, rules)
    gains = [choice.gain for choice in found.choices]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > 0 for gain in gains)

    covered = [cell for choice in found.choices for cell in choice.covered.tolist()]
    assert len(covered) == len(set(covered))
    assert set(covered) == {cell for place in chosen for cell in place.reach.tolist()}
    assert sum(gains) == demand[covered].sum()

    # A district is short exactly when it is said to be.
    able = {p.district for p in places if demand[p.reach].sum() > 0}
    count = {name: sum(place.district == name for place in chosen) for name in able}
    assert set(found.short) == {name for name in able if count[name] < rules.min_per_district}

    # Stopping early means that nothing that may be added adds anything.
    if len(chosen) < rules.count:
        left = np.ones(len(demand), dtype=bool)
        left[covered] = False
        for place in places:
            if fits((*chosen, place), rules):
                assert demand[place.reach][left[place.reach]].sum() == 0

    shuffled = list(places)
    luck.shuffle(shuffled)
    again = select(shuffled, demand, rules)
    assert codes(again) == codes(found)
    assert [c.covered.tolist() for c in again.choices] == [
        c.covered.tolist() for c in found.choices
    ]


@settings(deadline=None, max_examples=200)
@given(problems())
def test_quotas_are_met_whenever_they_can_be(
    problem: tuple[list[Candidate], np.ndarray, Rules],
) -> None:
    places, _, rules = problem
    # With no demand in common every place adds what it reaches, whoever else is chosen.
    alone = [
        Candidate(p.code, p.unit, p.district, p.x, p.y, np.array([n], dtype=np.intp))
        for n, p in enumerate(places)
    ]
    able = {place.district for place in alone}
    wanted = rules.min_per_district * len(able)
    possible = wanted <= rules.count and any(
        fits(group, rules)
        and all(
            sum(place.district == name for place in group) == rules.min_per_district
            for name in able
        )
        for group in combinations(alone, wanted)
    )
    found = select(alone, np.ones(len(alone)), rules)
    if possible:
        assert found.short == ()
