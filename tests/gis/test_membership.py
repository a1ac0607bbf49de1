"""Value functions by hand on 3 x 3 grids; unknown stays unknown in each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError

from gis.grid import NO_DATA, OUTSIDE
from gis.membership import (
    CategoryTable,
    Gaussian,
    Linear,
    RangeTable,
    Sigmoid,
    Trapezoid,
    ValueFunction,
    at_least,
    beyond,
    classified,
    holds,
)

NAN = np.nan
GRID = [[NAN, 0, 2], [3, 4, 5], [8, 10, 20]]

BY_HAND: list[tuple[ValueFunction, list[list[float]]]] = [
    (
        RangeTable((3, 5, 10), (1.0, 0.7, 0.5, 0.1)),
        [[NAN, 1, 1], [0.7, 0.7, 0.5], [0.5, 0.1, 0.1]],
    ),
    (Linear(0, 10), [[NAN, 0, 0.2], [0.3, 0.4, 0.5], [0.8, 1, 1]]),
    (Linear(10, 2), [[NAN, 1, 1], [0.875, 0.75, 0.625], [0.25, 0, 0]]),
    (
        Sigmoid(4, np.log(3)),
        [[NAN, 1 / 82, 1 / 10], [1 / 4, 1 / 2, 3 / 4], [81 / 82, 729 / 730, 3**16 / (3**16 + 1)]],
    ),
    (
        Sigmoid(4, -np.log(3)),
        [[NAN, 81 / 82, 9 / 10], [3 / 4, 1 / 2, 1 / 4], [1 / 82, 1 / 730, 1 / (3**16 + 1)]],
    ),
    (Trapezoid(0, 4, 5, 10), [[NAN, 0, 0.5], [0.75, 1, 1], [0.4, 0, 0]]),
    (Trapezoid(2, 2, 8, 8), [[NAN, 0, 1], [1, 1, 1], [1, 0, 0]]),
    (Trapezoid(-9, -9, 4, 8), [[NAN, 1, 1], [1, 1, 0.75], [0, 0, 0]]),
    (
        Gaussian(4, 2),
        [
            [NAN, np.exp(-2), np.exp(-0.5)],
            [np.exp(-0.125), 1, np.exp(-0.125)],
            [np.exp(-2), np.exp(-4.5), np.exp(-32)],
        ],
    ),
]


@pytest.mark.parametrize(("function", "expected"), BY_HAND, ids=lambda item: str(item)[:24])
def test_by_hand(function: ValueFunction, expected: list[list[float]]) -> None:
    found = function.score(np.array(GRID, dtype=np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_category_table_by_hand() -> None:
    codes = np.array([[1, 2, 3], [NO_DATA, OUTSIDE, 4], [3, 1, 0]], dtype=np.int16)
    found = CategoryTable(((1, 0.2), (3, 1.0), (0, 0.5))).score(codes)
    expected = [[0.2, NAN, 1], [NAN, NAN, NAN], [1, 0.2, 0.5]]
    np.testing.assert_allclose(found, np.array(expected, dtype=np.float32))


@pytest.mark.parametrize("function", [function for function, _ in BY_HAND])
def test_sentinels_of_classes_are_unknown_quantities(function: ValueFunction) -> None:
    found = function.score(np.array([[NO_DATA, OUTSIDE]], dtype=np.int16))
    assert np.isnan(found).all()


@given(
    values=arrays(np.float32, (3, 3), elements=st.floats(-1e6, 1e6, width=32)),
    unknown=arrays(np.bool_, (3, 3)),
)
@pytest.mark.parametrize("function", [function for function, _ in BY_HAND])
def test_scores_lie_between_0_and_1_and_unknown_stays(
    function: ValueFunction, values: Any, unknown: Any
) -> None:
    found = function.score(np.where(unknown, np.float32(NAN), values))
    assert (np.isnan(found) == unknown).all()
    assert ((found[~unknown] >= 0) & (found[~unknown] <= 1)).all()


@pytest.mark.parametrize(
    "build",
    [
        lambda: CategoryTable(()),
        lambda: CategoryTable(((1, 0.2), (1, 0.3))),
        lambda: CategoryTable(((-1, 0.2),)),
        lambda: CategoryTable(((1, 1.2),)),
        lambda: RangeTable((3, 3), (1, 1, 1)),
        lambda: RangeTable((3,), (1,)),
        lambda: Linear(2, 2),
        lambda: Sigmoid(2, 0),
        lambda: Trapezoid(1, 0, 2, 3),
        lambda: Trapezoid(1, 1, 1, 1),
        lambda: Gaussian(1, 0),
        lambda: Linear(NAN, 1),
    ],
)
def test_what_makes_no_sense_is_refused(build: Any) -> None:
    with pytest.raises(ValidationError):
        build()


def test_classes_meet_their_cut_offs() -> None:
    # 0.6 as a weighted mean of float32 scores falls a hair short of 0.6.
    short = np.float32(0.6) - np.float32(1e-7)
    scores = np.array([1, 0.8, 0.7999, short, 0.4, 0.2, 0.19, 0, NAN], dtype=np.float32)
    found = classified(scores, (0.8, 0.6, 0.4, 0.2))
    assert found.dtype == np.int16
    assert found.tolist() == [1, 1, 2, 2, 3, 4, 5, 5, NO_DATA]


def test_comparisons_with_the_unknown_are_false() -> None:
    values = np.array([NAN, 0, 0.4, 0.5], dtype=np.float32)
    assert at_least(values, 0.4).tolist() == [False, False, True, True]
    assert beyond(values, 0.4).tolist() == [False, False, False, True]
    assert holds(values).tolist() == [False, False, True, True]
