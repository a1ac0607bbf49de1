"""Allocation: hand-computed cases, totals that always hold, and a plain program as oracle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gis.coverage import linear_program
from gis.coverage.allocation import Allocation, allocate
from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet, Machine, supply
from gis.errors import AllocationFailed

NAN = float("nan")
CROPS = ("maize", "rice")
LIMIT = 60.0


def machine(count: int, a_day: float, *crops: str, kind: str = "no-till-planter") -> Machine:
    return Machine(kind, count, a_day, frozenset(crops))


def period(days: float, *crops: str, month: int = 5) -> Period:
    return Period(days, frozenset(crops), month)


def base(hectares: float) -> Fleet:
    """A base that serves so many hectares of maize in ten days."""
    return Fleet((machine(1, hectares / 10, "maize"),), tractors=1)


TEN_DAYS = [period(10, "maize")]


def serve(
    minutes: Any,
    demand: Any,
    fleets: list[Fleet],
    periods: list[Period] = TEN_DAYS,
    crops: tuple[str, ...] = ("maize",),
    unit: Any = None,
    limit: float = LIMIT,
) -> Allocation:
    hectares = np.array(demand, dtype=float).reshape(-1, len(crops))
    ways = np.array(minutes, dtype=np.float32).reshape(len(fleets), len(hectares))
    units = np.arange(len(hectares)) if unit is None else np.array(unit)
    return allocate(ways, hectares, units, crops, fleets, periods, limit)


OVERLAPPING = [
    [5, 10, NAN, NAN],
    [NAN, 20, 15, NAN],
    [NAN, NAN, 1, 5],
]
"""Three bases and places A, B, C, D: B lies in two catchments, and so does C."""


def test_three_bases_with_overlapping_catchments() -> None:
    """Supply 40, 100, 10; demand 30, 40, 50, 20.

    D is reached by the third base only: its 10 ha go there, not to C next door. C falls to the
    second base whole, A to the first, which has 10 ha left for B, whose other 30 ha the second
    base serves. 130 of 140 ha; reach alone says 140, and each base sent to its nearest place
    first (third base to C) 120.
    """
    found = serve(OVERLAPPING, [30, 40, 50, 20], [base(40), base(100), base(10)])
    assert found.served.ravel() == pytest.approx([30, 40, 50, 10])
    assert found.by_base.ravel() == pytest.approx([40, 80, 10])
    assert found.tractor_days.ravel() == pytest.approx([10, 8, 10])
    assert found.hectare_minutes == pytest.approx(30 * 5 + 10 * 10 + 30 * 20 + 50 * 15 + 10 * 5)


def test_three_bases_all_of_them_bound() -> None:
    """Supply 40, 30, 30 against 140 ha: all 100 ha are used, with the least travel.

    A takes 30 of the first base and B its last 10. The second base stays with C (15 minutes, B
    has 20), which leaves the third 20 ha of C and 10 of D: four minutes more than all of it in C,
    but five less than the second base's way to B.
    """
    found = serve(OVERLAPPING, [30, 40, 50, 20], [base(40), base(30), base(30)])
    assert found.by_base.ravel() == pytest.approx([40, 30, 30])
    assert found.served.ravel() == pytest.approx([30, 10, 50, 10])
    assert found.hectare_minutes == pytest.approx(150 + 100 + 30 * 15 + 20 * 1 + 10 * 5)


def test_a_shared_tractor_never_works_two_tracks_on_one_day() -> None:
    """Planter and seed drill, 4 ha a day each, 10 days open for both: 40 ha with one tractor."""
    machines = (machine(1, 4, "maize"), machine(1, 4, "rice", kind="seed-drill"))
    together = [period(10, "maize", "rice")]
    for tractors, hectares in ((1, 40), (2, 80)):
        fleet = Fleet(machines, tractors)
        found = serve([[10]], [[40, 40]], [fleet], together, CROPS)
        assert found.by_base.sum() == pytest.approx(hectares)
        assert found.tractor_days.tolist() == [[pytest.approx(10 * tractors)]]
        assert found.machine_days[0].sum() == pytest.approx(10 * tractors)
    # Twenty days of which half are open for both tracks: 5 + 10 + 5 days of one tractor.
    calendar = [period(5, "maize"), period(10, "maize", "rice", month=6), period(5, "rice")]
    found = serve([[10]], [[60, 40]], [Fleet(machines, 1)], calendar, CROPS)
    assert found.by_base.sum() == pytest.approx(80)
    assert found.by_base[0, 1] >= 20 - 1e-9
    assert found.tractor_days[0] == pytest.approx([5, 10, 5])


def test_an_idle_machine_leaves_the_tractor_to_the_better_one() -> None:
    """One tractor: the drill does 6 ha a day in rice, the planter 4 in either."""
    fleet = Fleet((machine(1, 4, *CROPS), machine(1, 6, "rice", kind="seed-drill")), 1)
    season = [period(10, "maize", "rice")]
    found = serve([[1]], [[NAN, 100]], [fleet], season, CROPS)
    assert found.by_base[0] == pytest.approx([0, 60])
    assert found.machine_days[0] == pytest.approx(np.array([[0], [10]]))
    # 30 ha of rice take five of the ten days; the other five go to maize.
    found = serve([[1]], [[100, 30]], [fleet], season, CROPS)
    assert found.by_base[0] == pytest.approx([20, 30])
    assert found.machine_days[0] == pytest.approx(np.array([[5], [5]]))


def test_the_limit_is_inclusive_and_far_places_get_nothing() -> None:
    found = serve([[60, 60.1, NAN]], [10, 10, 10], [base(100)])
    assert found.served.ravel() == pytest.approx([10, 0, 0])


def test_places_alike_are_served_in_proportion() -> None:
    """Two places of one commune with the same base in reach share its 40 ha as they ask."""
    found = serve([[10, 50, 30]], [60, 20, 80], [base(40)], unit=[0, 0, 1])
    # Mean of the first commune: (60 x 10 + 20 x 50) / 80 = 20 minutes; the second has 30.
    assert found.served.ravel() == pytest.approx([30, 10, 0])
    assert found.hectare_minutes == pytest.approx(40 * 20)


def test_unknown_demand_asks_for_nothing_and_stays_unknown() -> None:
    found = serve([[1, 1]], [NAN, 30], [base(40)])
    assert found.served.ravel() == pytest.approx([NAN, 30], nan_ok=True)
    assert found.by_base.sum() == pytest.approx(30)


@pytest.mark.parametrize(
    ("fleets", "periods"),
    [
        ([], TEN_DAYS),
        ([Fleet()], TEN_DAYS),
        ([Fleet(tractors=3)], TEN_DAYS),
        ([base(0)], TEN_DAYS),
        ([base(40)], []),
        ([base(40)], [period(0, "maize")]),
        ([base(40)], [period(10, "rice")]),
        ([Fleet((machine(1, 4, "rice"),), 1)], TEN_DAYS),
        ([Fleet((machine(1, 4, "maize"),), 0)], TEN_DAYS),
    ],
    ids=[
        "no base",
        "no machine",
        "no machine of the kind",
        "zero capacity",
        "no period",
        "no days",
        "window of another crop",
        "machine of another crop",
        "no tractor",
    ],
)
def test_nobody_can_serve(fleets: list[Fleet], periods: list[Period]) -> None:
    found = serve([[1.0]] * len(fleets), [30], fleets, periods)
    assert found.served.tolist() == [[0]]
    assert found.by_base.shape == (len(fleets), 1)
    assert found.by_base.sum() == 0
    assert found.tractor_days.shape == (len(fleets), len(periods))
    assert found.tractor_days.sum() == 0
    assert len(found.machine_days) == len(fleets)
    assert found.hectare_minutes == 0


def test_no_place_and_no_demand() -> None:
    assert serve([[]], [], [base(40)]).served.shape == (0, 1)
    assert serve([[1, 2]], [0, 0], [base(40)]).by_base.sum() == 0


@pytest.mark.parametrize(
    ("minutes", "demand", "unit"),
    [
        (np.ones((1, 2)), np.ones((3, 1)), np.zeros(3, dtype=int)),
        (np.ones((2, 3)), np.ones((3, 1)), np.zeros(3, dtype=int)),
        (np.ones((1, 3)), np.ones((3, 2)), np.zeros(3, dtype=int)),
        (np.ones((1, 3)), np.ones((3, 1)), np.zeros(2, dtype=int)),
        (np.ones((1, 1)), -np.ones((1, 1)), np.zeros(1, dtype=int)),
        (np.ones((1, 1)), np.full((1, 1), np.inf), np.zeros(1, dtype=int)),
    ],
)
def test_what_does_not_fit_is_refused(minutes: Any, demand: Any, unit: Any) -> None:
    with pytest.raises(ValueError, match=r"shapes|hectares"):
        allocate(minutes, demand, unit, ("maize",), [base(40)], TEN_DAYS, LIMIT)


@pytest.mark.parametrize(
    "end",
    [
        {"status": 4, "message": "numerical difficulties"},
        {"status": 1, "message": "time limit"},
        # Says that all is well while its own dual proves that more is possible.
        {"status": 0, "fun": -1.0, "x": np.zeros(2)},
    ],
)
def test_a_solver_that_fails_is_named(monkeypatch: pytest.MonkeyPatch, end: dict[str, Any]) -> None:
    def failing(cost: Any, b_ub: Any, b_eq: Any, **_: Any) -> SimpleNamespace:
        duals = {
            "ineqlin": SimpleNamespace(marginals=-np.ones(len(b_ub))),
            "eqlin": SimpleNamespace(marginals=np.zeros(len(b_eq))),
        }
        return SimpleNamespace(**({"message": ""} | duals | end))

    monkeypatch.setattr(linear_program, "linprog", failing)
    with pytest.raises(AllocationFailed):
        serve([[1]], [30], [base(40)])


Problem = tuple[np.ndarray, np.ndarray, np.ndarray, list[Fleet], list[Period]]

SOME = st.sampled_from([("maize",), ("rice",), CROPS, CROPS, ()])
HECTARES = st.sampled_from([NAN, 0.0, *np.geomspace(0.01, 2000, 18).tolist()])
WAYS = st.sampled_from([NAN, 61.0, *np.linspace(0, LIMIT, 10).tolist()])
DAYS = st.sampled_from([0.0, 0.5, 3.0, 11.5, 26.0])
A_DAY = st.sampled_from([0.0, 2.0, 4.5, 4.5, 7.0])
"""Drawn from lists, so that most cases serve something and in many the days are too few."""


@st.composite
def problems(draw: st.DrawFn, one_place_a_unit: bool = False) -> Problem:
    places, bases = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    fleets = [
        Fleet(
            tuple(
                machine(draw(st.integers(1, 3)), draw(A_DAY), *draw(SOME))
                for _ in range(draw(st.integers(1, 3)))
            ),
            draw(st.sampled_from([0, 1, 2, 3])),
        )
        for _ in range(bases)
    ]
    periods = [period(draw(DAYS), *draw(SOME)) for _ in range(draw(st.integers(1, 4)))]
    demand = [[draw(HECTARES) for _ in CROPS] for _ in range(places)]
    minutes = [[draw(WAYS) for _ in range(places)] for _ in range(bases)]
    unit = range(places) if one_place_a_unit else [draw(st.integers(0, 2)) for _ in range(places)]
    return (
        np.array(minutes, dtype=np.float32),
        np.array(demand, dtype=float),
        np.array(unit, dtype=int),
        fleets,
        periods,
    )


def plainly(problem: Problem) -> tuple[float, float]:
    """Most hectares, and least hectare-minutes for them: one column for each place, crop, base,
    machine and period, nothing gathered, solved by the simplex."""
    minutes, demand, _, fleets, periods = problem
    columns = [
        (place, crop, at, number, when)
        for place in range(len(demand))
        for crop, name in enumerate(CROPS)
        if demand[place, crop] > 0
        for at, fleet in enumerate(fleets)
        if minutes[at, place] <= LIMIT
        for number, one in enumerate(fleet.machines)
        if name in one.crops and one.hectares_a_day > 0
        for when, open_now in enumerate(periods)
        if name in open_now.crops
    ]
    if not columns:
        return 0.0, 0.0
    rows: dict[tuple[Any, ...], float] = {}
    entries: list[tuple[tuple[Any, ...], int, float]] = []
    for column, (place, crop, at, number, when) in enumerate(columns):
        one, days = fleets[at].machines[number], periods[when].days
        for key, limit, value in (
            (("place", place, crop), demand[place, crop], 1.0),
            (("machine", at, number, when), one.count * days, 1 / one.hectares_a_day),
            (("tractor", at, when), fleets[at].tractors * days, 1 / one.hectares_a_day),
        ):
            rows[key] = limit
            entries.append((key, column, value))
    order = {key: place for place, key in enumerate(rows)}
    limits = np.zeros((len(rows), len(columns)))
    for key, column, value in entries:
        limits[order[key], column] = value
    most = np.array(list(rows.values()))
    first = linprog(-np.ones(len(columns)), A_ub=limits, b_ub=most, method="highs-ds")
    way = np.array([minutes[at, place] for place, _, at, _, _ in columns])
    limits = np.vstack([limits, -np.ones(len(columns))])
    second = linprog(way, A_ub=limits, b_ub=np.append(most, first.fun), method="highs-ds")
    assert (first.status, second.status) == (0, 0)
    return -first.fun, second.fun


def allocated(problem: Problem) -> Allocation:
    minutes, demand, unit, fleets, periods = problem
    return allocate(minutes, demand, unit, CROPS, fleets, periods, LIMIT)


@settings(deadline=None, max_examples=150)
@given(problems())
def test_no_hectare_twice_and_no_day_twice(problem: Problem) -> None:
    """Sum over places = sum over bases <= supply and <= demand, whatever the case."""
    minutes, demand, _, fleets, periods = problem
    found = allocated(problem)
    room = 1 + 1e-6
    assert np.nansum(found.served) == pytest.approx(found.by_base.sum(), rel=1e-6, abs=1e-9)
    assert np.array_equal(np.isnan(found.served), np.isnan(demand))
    known = ~np.isnan(demand)
    assert (found.served[known] >= 0).all()
    assert (found.served[known] <= demand[known] * room).all()
    reached = (minutes <= LIMIT).any(axis=0)
    assert (found.served[~reached & known.all(axis=1)] == 0).all()
    for at, fleet in enumerate(fleets):
        assert found.by_base[at].sum() <= supply(fleet, periods, CROPS) * room + 1e-9
        for column, crop in enumerate(CROPS):
            assert found.by_base[at, column] <= supply(fleet, periods, (crop,)) * room + 1e-9
        days = np.array([one.days for one in periods])
        assert (found.tractor_days[at] <= fleet.tractors * days * room + 1e-9).all()
        assert found.machine_days[at].shape == (len(fleet.machines), len(periods))
        done = 0.0
        for one, worked in zip(fleet.machines, found.machine_days[at], strict=True):
            assert (worked <= one.count * days * room + 1e-9).all()
            done += one.hectares_a_day * worked.sum()
            closed = [not (one.crops & open_now.crops) for open_now in periods]
            assert (worked[closed] == 0).all()
        assert found.machine_days[at].sum(axis=0) == pytest.approx(found.tractor_days[at])
        assert done == pytest.approx(found.by_base[at].sum(), rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(problems())
def test_gathering_places_loses_no_hectare(problem: Problem) -> None:
    most, _ = plainly(problem)
    assert np.nansum(allocated(problem).served) == pytest.approx(most, rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=100)
@given(problems(one_place_a_unit=True))
def test_least_travel_among_the_most_hectares(problem: Problem) -> None:
    most, travel = plainly(problem)
    found = allocated(problem)
    assert np.nansum(found.served) == pytest.approx(most, rel=1e-6, abs=1e-6)
    assert found.hectare_minutes == pytest.approx(travel, rel=1e-5, abs=1e-4)


@settings(deadline=None, max_examples=100)
@given(problems(), st.booleans())
def test_ways_taken_in_one_by_one_end_with_the_same(problem: Problem, none: bool) -> None:
    """However few ways a large program begins with: none, or those likely at coarse prices."""
    found = allocated(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear_program, "_FEW", 0)
        patch.setattr(linear_program, "_MARGIN", -np.inf if none else 0.0)
        again = allocated(problem)
    assert again.by_base.sum() == pytest.approx(found.by_base.sum(), rel=1e-5, abs=1e-5)
    assert again.hectare_minutes == pytest.approx(found.hectare_minutes, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("days", [5.0, 20.0, 60.0])
def test_a_larger_program_takes_in_the_ways_that_it_lacked(
    monkeypatch: pytest.MonkeyPatch, days: float
) -> None:
    luck = np.random.default_rng(7)
    minutes = luck.uniform(0, 90, (8, 300)).astype(np.float32)
    demand = luck.uniform(0, 8, (300, 2))
    fleets = [Fleet((machine(2, 4, *CROPS), machine(1, 6, "rice")), 1 + at % 3) for at in range(8)]
    season = [period(days, *CROPS), period(days / 2, "rice")]
    problem = (minutes, demand, luck.integers(0, 4, 300), fleets, season)
    found = allocated(problem)

    solved = []
    optimum = linear_program._optimum
    monkeypatch.setattr(linear_program, "_FEW", 0)
    monkeypatch.setattr(linear_program, "_MARGIN", 0.0)
    monkeypatch.setattr(
        linear_program, "_optimum", lambda *program: solved.append(program) or optimum(*program)
    )
    again = allocated(problem)
    assert again.by_base.sum() == pytest.approx(found.by_base.sum(), rel=1e-6)
    assert again.hectare_minutes == pytest.approx(found.hectare_minutes, rel=1e-6)
    assert len(solved) > 3
    assert len(solved[1][0]) < len(solved[-1][0])


@settings(deadline=None, max_examples=50)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_places_and_bases_does_not_matter(problem: Problem, luck: Any) -> None:
    minutes, demand, unit, fleets, periods = problem
    places, bases = list(range(len(demand))), list(range(len(fleets)))
    luck.shuffle(places)
    luck.shuffle(bases)
    turned = (minutes[bases][:, places], demand[places], unit[places])
    again = allocate(*turned, CROPS, [fleets[at] for at in bases], periods, LIMIT)
    found = allocated(problem)
    assert again.by_base.sum() == pytest.approx(found.by_base.sum(), rel=1e-6, abs=1e-6)
    assert again.hectare_minutes == pytest.approx(found.hectare_minutes, rel=1e-5, abs=1e-4)
