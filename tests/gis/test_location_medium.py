"""Medium choices under mixed rules: search, bound and ruling out change no answer.

The oracle is the same choice as one program, with nothing searched, bounded or ruled out before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gis.errors import RulesContradict
from gis.location import Location, Rules, maximal_covering, p_median, set_covering
from gis.location_allocation.bound import covering_bound, ruled_out
from gis.location_allocation.kinds import CAPACITATED, COVERING, MEDIAN, SETS, Kind
from gis.location_allocation.median import median_bound
from gis.location_allocation.problem import Given, checked, numbered
from gis.location_allocation.reach import reach_of

PLACES, SPOTS, COUNT, RADIUS, FAR = 80, 50, 6, 11.0, 20.0
KINDS = {"covering": COVERING, "capacitated": CAPACITATED, "median": MEDIAN, "sets": SETS}


class World:
    """Places in a square of 60, rules drawn by a seed."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        places, spots = random.uniform(0, 60, (PLACES, 2)), random.uniform(0, 60, (SPOTS, 2))
        self.cost = np.hypot(*(places[:, None] - spots[None]).transpose(2, 0, 1))
        self.demand = random.gamma(1.0, 500, PLACES)
        self.capacity = random.uniform(500, 4000, SPOTS)
        self.words: dict[str, Any] = {}
        choices: list[dict[str, Any]] = [
            {"unit": random.integers(-1, 12, SPOTS), "most_per_unit": [1, 2, None][seed % 3]},
            {"budget": 12.0, "site_cost": random.uniform(1, 3, SPOTS), "unit_cost": seed % 2},
            {"group": random.integers(0, 4, SPOTS), "least_per_group": 1},
            {"demand_group": random.integers(0, 3, PLACES), "least_share": 0.4},
            {"x": spots[:, 0], "y": spots[:, 1], "spacing": 12.0},
            {"standing": [1, 2], "forbidden": [5, 6, 7]},
        ]
        for choice in choices:
            if random.random() < 0.4:
                self.words |= choice

    def rules(self, model: str) -> Rules:
        words = dict(self.words)
        if model == "median":
            words.pop("least_share", None)
        return Rules(**words)

    def given(self, model: str) -> Given:
        radius = {"median": np.inf, "sets": FAR}.get(model, RADIUS)
        return checked(
            Given(
                reach=reach_of(self.cost, radius),
                demand=self.demand,
                count=None if model == "sets" else COUNT,
                fixed=np.empty(0, dtype=np.int64),
                capacity=self.capacity if model == "capacitated" else None,
                rules=self.rules(model),
                merges=model in ("covering", "sets"),
            )
        )

    def solved(self, model: str) -> Location:
        rules = self.rules(model)
        if model == "median":
            return p_median(self.cost, self.demand, COUNT, rules=rules)
        if model == "sets":
            return set_covering(self.cost, self.demand, FAR, rules=rules)
        capacity = self.capacity if model == "capacitated" else None
        return maximal_covering(self.cost, self.demand, RADIUS, COUNT, (), capacity, rules=rules)


def whole(kind: Kind, given: Given) -> float | None:
    """Value of the one program, None when there is no choice."""
    model = kind.build(numbered(given), ())
    found = model.program.solved(300.0)
    assert found.ended
    return None if found.infeasible else found.value * model.scale + model.offset


@pytest.mark.parametrize("model", list(KINDS))
@pytest.mark.parametrize("seed", range(6))
def test_the_answer_is_that_of_the_whole_program(model: str, seed: int) -> None:
    world = World(seed)
    wanted = whole(KINDS[model], world.given(model))
    if wanted is None:
        with pytest.raises(RulesContradict):
            world.solved(model)
        return
    found = world.solved(model)
    assert found.optimal
    assert found.objective == pytest.approx(wanted, rel=2e-6)


@pytest.mark.parametrize("model", list(KINDS))
def test_the_same_again(model: str) -> None:
    one, other = World(1).solved(model), World(1).solved(model)
    assert one.sites.tolist() == other.sites.tolist()
    assert one.allocation.tolist() == other.allocation.tolist()
    assert (one.objective, one.bound) == (other.objective, other.bound)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("model", ["covering", "capacitated", "median"])
def test_a_bound_holds_and_rules_out_no_best_choice(model: str, seed: int) -> None:
    """Bounds by prices, against the best of the whole program, from a poor known value too."""
    given = World(seed).given(model)
    problem, kind = numbered(given), KINDS[model]
    program = kind.build(problem, ())
    found = program.program.solved(300.0)
    if found.columns is None:
        return
    best = (found.value * program.scale + program.offset) * kind.sign
    chosen: NDArray[np.bool_] = found.columns[: problem.size] > 0.5
    for known in (best, best - 0.1 * abs(best)):
        bounded = median_bound if model == "median" else covering_bound
        bound = bounded(problem, known, lambda: True)
        assert bound.value >= best - 1e-6 * abs(best)
        never, always = ruled_out(bound, problem.terms, known - 1e-6 * abs(best))
        assert not (never & chosen).any()
        assert not (always & ~chosen).any()
