"""Floating catchments: worked through by hand after Luo and Qi 2009, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.coverage.catchment import base_ratios, decay_weights, enhanced_two_step

BANDS, WEIGHTS = (30.0, 60.0, 120.0), (1.0, 0.68, 0.22)
EVERY = np.array([[True], [True]])
"""Two bases that serve the one crop."""
MINUTES = np.array(
    [
        [10, 30, 45, 120, np.nan],
        [np.nan, 60, 20, 61, 121],
    ],
    dtype=np.float32,
)


def test_weights_of_bands_count_their_upper_end() -> None:
    assert decay_weights(MINUTES, 120, "bands", BANDS, WEIGHTS).tolist() == [
        [1, 1, 0.68, 0.22, 0],
        [0, 0.68, 1, 0.22, 0],
    ]


def test_the_limit_cuts_bands_and_nothing_lies_beyond_the_last() -> None:
    way = np.array([[45.0, 60.0, 100.0, 130.0]])
    assert decay_weights(way, 50, "bands", BANDS, WEIGHTS).tolist() == [[0.68, 0, 0, 0]]
    assert decay_weights(way, 240, "bands", BANDS, WEIGHTS).tolist() == [[0.68, 0.68, 0.22, 0]]


def test_continuous_decay_falls_to_a_hundredth_at_the_limit() -> None:
    way = np.array([[0, 60, 120, 120.5, np.nan]])
    found = decay_weights(way, 120, "gaussian", BANDS, WEIGHTS)
    # 0.01 ** (1/4) is 0.3162 at half the limit.
    assert found[0] == pytest.approx([1, 0.31622777, 0.01, 0, 0])


def test_two_steps_by_hand() -> None:
    """Five places, two bases; weights as above.

    Step 1: base 1 has 100 + 50 + 0.68 x 100 + 0.22 x 200 = 262 weighted hectares and supplies
    131, ratio 0.5; base 2 has 0.68 x 50 + 100 + 0.22 x 200 = 178 and supplies 44.5, ratio 0.25.
    Step 2: the sums of ratio times weight.
    """
    demand = np.array([[100.0], [50.0], [100.0], [200.0], [70.0]])
    supply = np.array([131.0, 44.5])
    weights = decay_weights(MINUTES, 120, "bands", BANDS, WEIGHTS)
    assert base_ratios(supply, demand, weights, EVERY) == pytest.approx([0.5, 0.25])
    found = enhanced_two_step(supply, demand, weights, EVERY)
    expected = [0.5, 0.5 + 0.25 * 0.68, 0.5 * 0.68 + 0.25, 0.75 * 0.22, 0]
    assert found == pytest.approx(expected)


def test_a_base_counts_the_crops_that_it_serves() -> None:
    """Three places, two crops; base 1 serves the first crop, base 2 both; every weight is 1.

    Step 1: base 1 has 30 + 10 hectares and supplies 20, ratio 0.5; base 2 has all of 100 and
    supplies 25, ratio 0.25. Step 2: of the second place's 40 ha base 1 serves a quarter, of the
    third's none; both bases serve something at the fourth, where nobody asks.
    """
    demand = np.array([[30.0, 0.0], [10.0, 30.0], [0.0, 30.0], [0.0, 0.0]])
    able = np.array([[True, False], [True, True]])
    weights, supply = np.ones((2, 4)), np.array([20.0, 25.0])
    assert base_ratios(supply, demand, weights, able) == pytest.approx([0.5, 0.25])
    found = enhanced_two_step(supply, demand, weights, able)
    assert found == pytest.approx([0.75, 0.5 * 0.25 + 0.25, 0.25, 0.75])
    assert found @ demand.sum(axis=1) == pytest.approx(45)


def test_a_base_that_serves_nothing_adds_nothing() -> None:
    demand, able = np.array([[10.0], [0.0]]), np.array([[False]])
    found = enhanced_two_step(np.array([0.0]), demand, np.ones((1, 2)), able)
    assert found.tolist() == [0, 0]


def test_a_base_without_demand_says_nothing_and_adds_nothing() -> None:
    weights = np.array([[1.0, 0.0], [1.0, 1.0]])
    supply, demand = np.array([10.0, 20.0]), np.array([[0.0], [40.0]])
    found = base_ratios(supply, demand, weights, EVERY)
    assert found == pytest.approx([np.nan, 0.5], nan_ok=True)
    assert enhanced_two_step(supply, demand, weights, EVERY).tolist() == [0.5, 0.5]


def test_unknown_demand_takes_no_part_and_stays_unknown() -> None:
    weights = np.ones((1, 2))
    demand = np.array([[np.nan], [40.0]])
    found = enhanced_two_step(np.array([10.0]), demand, weights, EVERY[:1])
    assert found.tolist() == pytest.approx([np.nan, 0.25], nan_ok=True)


def test_no_base_at_all() -> None:
    found = enhanced_two_step(np.empty(0), np.array([[5.0], [0.0]]), np.empty((0, 2)), EVERY[:0])
    assert found.tolist() == [0, 0]


@given(
    arrays(np.float64, (3, 6), elements=st.one_of(st.floats(0, 200), st.just(np.nan))),
    arrays(np.float64, 3, elements=st.floats(0, 500)),
    arrays(np.float64, (6, 2), elements=st.one_of(st.just(0.0), st.floats(0.1, 500))),
    arrays(np.bool_, (3, 2)),
    st.sampled_from(["bands", "gaussian"]),
)
def test_ratios_hand_out_the_supply_exactly(
    minutes: np.ndarray, supply: np.ndarray, demand: np.ndarray, able: np.ndarray, decay: str
) -> None:
    """The method's own check: ratio times demand adds up to the supply of bases with demand."""
    weights = decay_weights(minutes, 120, decay, BANDS, WEIGHTS)  # type: ignore[arg-type]
    with_demand = ~np.isnan(base_ratios(supply, demand, weights, able))
    found = enhanced_two_step(supply, demand, weights, able)
    assert (found @ demand.sum(axis=1)) == pytest.approx(
        supply[with_demand].sum(), rel=1e-9, abs=1e-9
    )
    assert (found >= 0).all()
