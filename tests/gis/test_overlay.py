"""Weighted overlay: by hand, and against plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.overlay import NOT_APPLICABLE, contributions, weighted_overlay

NAN = float("nan")
NA = float(NOT_APPLICABLE)

BY_HAND = [
    # scores, weights, limiting -> score, index
    ([0.5, 1.0], [1, 1], [False, False], 0.75, 0),
    ([0.5, 1.0], [1, 3], [False, False], 0.875, 0),
    ([1.0, 1.0], [1, 3], [True, True], 1.0, -1),
    ([0.9, 0.5], [1, 1], [False, False], 0.7, 1),
    ([0.5, 0.5], [1, 1], [False, False], 0.5, 0),
    ([0.5, 0.6], [1, 4], [False, False], 0.58, 1),
    # a limiting criterion caps only when it lies under the mean
    ([0.2, 1.0], [1, 3], [True, False], 0.2, 0),
    ([0.9, 0.5], [1, 1], [True, False], 0.7, 1),
    ([0.2, 0.1, 1.0], [1, 1, 8], [True, True, False], 0.1, 1),
    ([0.1, 0.1, 1.0], [1, 1, 8], [True, True, False], 0.1, 0),
    # unknown
    ([NAN, 1.0], [1, 1], [False, False], NAN, -1),
    ([NAN, 1.0], [0, 1], [True, False], 1.0, -1),
    ([1.0, NAN], [1, 1], [False, True], NAN, -1),
    # not applicable: the weight goes to the others
    ([NA, 0.4], [3, 1], [False, False], 0.4, 1),
    ([NA, 0.4, 0.8], [3, 1, 1], [True, False, False], 0.6, 1),
    ([NA, NA], [3, 1], [True, False], NAN, -1),
    ([NA, NAN], [3, 1], [False, False], NAN, -1),
    # weight 0: no effect, not even as a limit
    ([0.0, 0.8], [0, 1], [True, False], 0.8, 1),
    ([0.3], [2], [False], 0.3, 0),
]


@pytest.mark.parametrize(("scores", "weights", "limiting", "score", "index"), BY_HAND)
def test_by_hand(
    scores: list[float], weights: list[float], limiting: list[bool], score: float, index: int
) -> None:
    layers = [np.full((2, 3), value, dtype=np.float32) for value in scores]
    found, limits = weighted_overlay(layers, weights, limiting)
    np.testing.assert_allclose(found, np.full((2, 3), score), atol=1e-6)
    assert (limits == index).all()


def plain(scores: list[Any], weights: list[float], limiting: list[bool]) -> tuple[Any, Any]:
    """The same in plain numpy, cell by cell."""
    shape = scores[0].shape
    score, limits = np.full(shape, np.nan), np.full(shape, -1)
    for cell in np.ndindex(shape):
        used = [
            (float(values[cell]), weight, limit, place)
            for place, (values, weight, limit) in enumerate(
                zip(scores, weights, limiting, strict=True)
            )
            if weight > 0 and values[cell] != NOT_APPLICABLE
        ]
        total = sum(weight for _, weight, _, _ in used)
        if not total or any(np.isnan(value) for value, *_ in used):
            continue
        mean = sum(weight * value for value, weight, _, _ in used) / total
        costs = [(weight * (1 - value), -place) for value, weight, _, place in used]
        caps = [(value, place) for value, _, limit, place in used if limit]
        if caps and min(caps)[0] < mean:
            score[cell], limits[cell] = min(caps)
        else:
            score[cell] = mean
            limits[cell] = -max(costs)[1] if max(costs)[0] > 0 else -1
    return score, limits


@settings(deadline=None)
@given(
    number=st.integers(1, 18),
    rows=st.integers(1, 11),
    columns=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_plain_numpy(number: int, rows: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    # Eighths and whole weights are exact in float32: ties are ties in both.
    scores = [
        (random.integers(0, 9, (rows, columns)) / 8).astype(np.float32) for _ in range(number)
    ]
    partial = (random.random(number) < 0.5).tolist()
    for values, asked in zip(scores, partial, strict=True):
        values[random.random(values.shape) < 0.05] = NAN
        if asked:
            values[random.random(values.shape) < 0.1] = NOT_APPLICABLE
    weights = [1.0, *random.integers(0, 4, number - 1).astype(float).tolist()]
    limiting = (random.random(number) < 0.3).tolist()
    found, limits = weighted_overlay(scores, weights, limiting, partial)
    score, index = plain(scores, weights, limiting)
    np.testing.assert_allclose(found, score, atol=1e-5)
    assert (limits == index).all()
    asked, names = weighted_overlay(scores, weights, limiting)
    np.testing.assert_allclose(asked, found, atol=1e-6)
    assert (names == limits).all()


def test_a_wide_raster_crosses_strips() -> None:
    random = np.random.default_rng(3)
    scores = [random.random((3, 20_501), dtype=np.float32) for _ in range(5)]
    found, _ = weighted_overlay(scores, [1, 2, 3, 4, 5], [False] * 5)
    mean = sum(w * s.astype(float) for w, s in enumerate(scores, 1)) / 15
    np.testing.assert_allclose(found, mean, atol=1e-6)


def test_inputs_are_left_alone_and_must_agree() -> None:
    one = np.ones((2, 2), dtype=np.float32)
    weighted_overlay([one, one], [1, 1], [True, False])
    assert (one == 1).all()
    for scores, weights, limiting in [
        ([one], [1, 1], [False]),
        ([one], [0], [False]),
        ([one, np.ones((2, 3), dtype=np.float32)], [1, 1], [False, False]),
        ([one] * 128, [1] * 128, [False] * 128),
    ]:
        with pytest.raises(ValueError, match=r"weight|shape|criteria"):
            weighted_overlay(scores, weights, limiting)


def test_contributions_add_to_the_score() -> None:
    scores = [
        np.array([[0.2, NA, NAN]], dtype=np.float32),
        np.array([[0.6, 0.8, 1.0]], dtype=np.float32),
    ]
    first, second = contributions(scores, [1, 3], np.array([[True, False, False]]))
    assert (first.weight, second.weight) == (0.25, 0.75)
    assert first.gain + second.gain == pytest.approx(0.5)
    assert first.loss + second.loss == pytest.approx(0.5)
    # The zone's mean leaves out the unknown cell; the second cell is all the second criterion's.
    first, second = contributions(scores, [1, 3], np.array([[True, True, True]]))
    assert first.gain + second.gain == pytest.approx((0.5 + 0.8) / 2)
    assert first.score == pytest.approx(0.2)
    assert second.weight == pytest.approx((0.75 + 1) / 2)
    unknown = contributions(scores, [1, 3], np.array([[False, False, True]]))
    assert all(np.isnan(part.gain) for part in unknown)
