"""Productivity: every row of the tables, and what is no data, outside or in no legend."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.errors import BadParameter, GridMismatch
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.productivity import (
    RULES,
    Rules,
    productivity_degradation,
    productivity_dynamics,
    state_degradation,
    trend_degradation,
)

WORDS = {"degrading": -1, "stable": 0, "improving": 1}

# Table 13 of the UNCCD reporting manual (2026): trend, state, class with performance ok, class
# with performance degraded.
TABLE_13 = [
    ("improving", "improving", 5, 5),
    ("improving", "stable", 5, 5),
    ("improving", "degrading", 5, 2),
    ("stable", "improving", 4, 4),
    ("stable", "stable", 4, 3),
    ("stable", "degrading", 2, 1),
    ("degrading", "improving", 1, 1),
    ("degrading", "stable", 1, 1),
    ("degrading", "degrading", 1, 1),
]

# The rows where Good Practice Guidance version 2 (2021) has another of the three classes.
GUIDANCE = [
    # trend, state, performance, class of the manual, of the guidance
    (-1, 0, 0, 1, 3),
    (0, 0, -1, 3, 2),
    (0, -1, 0, 2, 3),
]

# Good Practice Guidance version 2 (2021), whole, as FAO's SEPAL prints it: trend and state, class
# of three with performance degraded, with performance ok.
GUIDANCE_TABLE = [
    ("degrading", "degrading", "degrading", "degrading"),
    ("degrading", "stable", "degrading", "stable"),
    ("degrading", "improving", "degrading", "degrading"),
    ("stable", "degrading", "degrading", "stable"),
    ("stable", "stable", "degrading", "stable"),
    ("stable", "improving", "stable", "stable"),
    ("improving", "degrading", "degrading", "improving"),
    ("improving", "stable", "improving", "improving"),
    ("improving", "improving", "improving", "improving"),
]


def dynamics(trend: int, state: int, performance: int, rules: Rules = "unccd-2026") -> int:
    codes = [np.array([[code]], dtype=np.int16) for code in (trend, state, performance)]
    found = productivity_dynamics(*codes, rules=rules)
    assert found.dtype == np.int16
    assert found.shape == (1, 1)
    return int(found[0, 0])


@pytest.mark.parametrize(("trend", "state", "ok", "degraded"), TABLE_13)
def test_table_13(trend: str, state: str, ok: int, degraded: int) -> None:
    assert dynamics(WORDS[trend], WORDS[state], 0) == ok
    assert dynamics(WORDS[trend], WORDS[state], 1) == ok
    assert dynamics(WORDS[trend], WORDS[state], -1) == degraded


@pytest.mark.parametrize("triple", list(product((-1, 0, 1), (-1, 0, 1), (-1, 0))))
def test_the_guidance_differs_on_three_rows_only(triple: tuple[int, int, int]) -> None:
    changed = {row[:3]: row[3:] for row in GUIDANCE}
    manual, guidance = dynamics(*triple), dynamics(*triple, rules="gpg-v2")
    assert (manual, guidance) == changed.get(triple, (manual, manual))
    if triple in changed:
        both = productivity_degradation(np.array([manual, guidance], dtype=np.int16))
        assert both[0] != both[1]


@pytest.mark.parametrize(("trend", "state", "degraded", "ok"), GUIDANCE_TABLE)
def test_the_table_of_the_guidance(trend: str, state: str, degraded: str, ok: str) -> None:
    five = [dynamics(WORDS[trend], WORDS[state], code, rules="gpg-v2") for code in (-1, 0)]
    three = productivity_degradation(np.array(five, dtype=np.int16))
    assert three.tolist() == [WORDS[degraded], WORDS[ok]]


@pytest.mark.parametrize("rules", RULES)
def test_every_triple_with_a_code_that_is_none(rules: Rules) -> None:
    codes = (-1, 0, 1, NO_DATA, OUTSIDE, 2, -2, 5, 32767)
    triples = np.array(list(product(codes, repeat=3)), dtype=np.int16)
    found = productivity_dynamics(*triples.T, rules=rules)
    outside = (triples == OUTSIDE).any(axis=1)
    known = ((triples >= -1) & (triples <= 1)).all(axis=1)
    assert (found[outside] == OUTSIDE).all()
    assert (found[~outside & ~known] == NO_DATA).all()
    assert np.isin(found[known], (1, 2, 3, 4, 5)).all()
    assert known.sum() == 27


def test_unknown_rules_are_refused() -> None:
    one = np.zeros((1, 1), dtype=np.int16)
    with pytest.raises(BadParameter) as caught:
        productivity_dynamics(one, one, one, rules="gpg-v3")  # type: ignore[arg-type]
    assert caught.value.allowed == RULES


def recoded(function: Callable[[Any], Any], codes: range) -> dict[int, int]:
    found = function(np.array(codes, dtype=np.int16))
    assert found.dtype == np.int16
    return dict(zip(codes, found.tolist(), strict=True))


def test_every_code_of_a_trend() -> None:
    found = recoded(trend_degradation, range(-32768, 32768))
    changed = {code: new for code, new in found.items() if new != code}
    assert changed == {-3: -1, -2: -1, -1: 0, 1: 0, 2: 1, 3: 1}


def test_every_change_of_state() -> None:
    found = recoded(state_degradation, range(-32768, 32768))
    assert {code for code, new in found.items() if new == -1} == set(range(-10, -1))
    assert {code for code, new in found.items() if new == 0} == {-1, 0, 1}
    assert {code for code, new in found.items() if new == 1} == set(range(2, 32768))
    assert {code for code, new in found.items() if new == OUTSIDE} == {OUTSIDE}
    assert {new for code, new in found.items() if code < -10} == {NO_DATA, OUTSIDE}


def test_every_class_of_dynamics() -> None:
    found = recoded(productivity_degradation, range(-32768, 32768))
    known = {code: new for code, new in found.items() if new != NO_DATA}
    assert known == {1: -1, 2: -1, 3: 0, 4: 0, 5: 1, int(OUTSIDE): int(OUTSIDE)}


KERNELS: list[tuple[Callable[..., Any], int]] = [
    (trend_degradation, 1),
    (state_degradation, 1),
    (productivity_degradation, 1),
    (productivity_dynamics, 3),
]


@pytest.mark.parametrize(("kernel", "inputs"), KERNELS)
@pytest.mark.parametrize("shape", [(), (0,), (4,), (2, 3), (2, 3, 4)])
def test_any_shape_and_no_input_changed(
    kernel: Callable[..., Any], inputs: int, shape: tuple[int, ...]
) -> None:
    random = np.random.default_rng(1)
    given_codes = [random.integers(-4, 5, shape, dtype=np.int16) for _ in range(inputs)]
    before = [codes.copy() for codes in given_codes]
    found = kernel(*given_codes)
    assert found.shape == shape
    for codes, kept in zip(given_codes, before, strict=True):
        np.testing.assert_array_equal(codes, kept)
        codes.flags.writeable = False
    np.testing.assert_array_equal(kernel(*given_codes), found)
    wide = [codes.astype(np.int64) for codes in given_codes]
    np.testing.assert_array_equal(kernel(*wide), found)


@pytest.mark.parametrize(("kernel", "inputs"), KERNELS)
def test_no_data_stays_and_outside_wins(kernel: Callable[..., Any], inputs: int) -> None:
    for place, sentinel in product(range(inputs), (NO_DATA, OUTSIDE)):
        codes = [np.zeros((1, 1), dtype=np.int16) for _ in range(inputs)]
        codes[place][:] = sentinel
        assert kernel(*codes) == sentinel


def test_a_number_too_large_for_a_code_does_not_wrap_round() -> None:
    # 65536 + 2 would be 2 in sixteen bits.
    large = np.array([65538, -65534, 2**40], dtype=np.int64)
    assert productivity_degradation(large).tolist() == [NO_DATA] * 3
    assert state_degradation(large).tolist() == [1, NO_DATA, 1]


def test_fractions_are_no_codes() -> None:
    with pytest.raises(TypeError, match="whole"):
        trend_degradation(np.zeros((2, 2), dtype=np.float32))  # type: ignore[arg-type]


def test_shapes_must_agree() -> None:
    one, other = np.zeros((2, 3), dtype=np.int16), np.zeros((3, 2), dtype=np.int16)
    for trio in [(other, one, one), (one, other, one), (one, one, other)]:
        with pytest.raises(GridMismatch):
            productivity_dynamics(*trio)


@given(
    codes=arrays(np.int16, (3, 6), elements=st.sampled_from([-1, 0, 1, -32768, -32767])),
    cut=st.integers(0, 6),
    rules=st.sampled_from(RULES),
)
def test_a_cell_does_not_depend_on_its_neighbours(codes: Any, cut: int, rules: Rules) -> None:
    whole = productivity_dynamics(*codes, rules=rules)
    parts = [productivity_dynamics(*part, rules=rules) for part in np.split(codes, [cut], axis=1)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
