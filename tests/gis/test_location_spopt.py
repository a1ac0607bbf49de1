"""Medium choices of sites against spopt (PySAL), which builds its own program, on HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pulp
import pytest
from numpy.typing import NDArray
from spopt.locate import LSCP, MCLP, PMedian

from gis.location import maximal_covering, p_median, set_covering

RADIUS, FAR, COUNT = 12.0, 20.0, 6

# what spopt calls in PuLP is on its way out there
pytestmark = pytest.mark.filterwarnings("ignore:.*in PuLP 4.0:DeprecationWarning")


@pytest.fixture(params=[1, 2, 3])
def world(request: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances and demand of 120 places and 60 candidates in a square of 60."""
    random = np.random.default_rng(request.param)
    places, spots = random.uniform(0, 60, (120, 2)), random.uniform(0, 60, (60, 2))
    distances = np.hypot(*(places[:, None] - spots[None]).transpose(2, 0, 1))
    return distances, random.gamma(1.0, 500, 120)


def solved(model: Any) -> float:
    return float(pulp.value(model.solve(pulp.HiGHS(msg=False)).problem.objective))


def test_maximal_covering(world: Any) -> None:
    cost, demand = world
    theirs = MCLP.from_cost_matrix(cost, demand, RADIUS, COUNT)
    ours = maximal_covering(cost, demand, RADIUS, COUNT)
    assert ours.optimal
    assert ours.objective == pytest.approx(solved(theirs), rel=1e-7)


def test_p_median(world: Any) -> None:
    cost, demand = world
    ours = p_median(cost, demand, COUNT)
    assert ours.optimal
    theirs = PMedian.from_cost_matrix(cost, demand, COUNT)
    assert ours.objective == pytest.approx(solved(theirs), rel=1e-7)


def test_set_covering(world: Any) -> None:
    cost, demand = world
    ours = set_covering(cost, demand, FAR)
    assert ours.optimal
    assert ours.objective == solved(LSCP.from_cost_matrix(cost, FAR))


def test_fixed_sites(world: Any) -> None:
    cost, demand = world
    fixed = np.zeros(60, dtype=int)
    fixed[[3, 40]] = 1
    theirs = MCLP.from_cost_matrix(cost, demand, RADIUS, COUNT, predefined_facilities_arr=fixed)
    ours = maximal_covering(cost, demand, RADIUS, COUNT, fixed=[3, 40])
    assert {3, 40} <= set(ours.sites.tolist())
    assert ours.objective == pytest.approx(solved(theirs), rel=1e-7)
