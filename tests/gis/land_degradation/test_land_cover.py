"""Land cover: every pair of the manual's table 9, other legends, crosswalks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import BadParameter, GridMismatch
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.indicator import one_out_all_out
from gis.land_degradation.land_cover import (
    ESA_CCI,
    UNCCD_MATRIX,
    WORLDCOVER,
    TransitionMatrix,
    crosswalk,
    transition_degradation,
    transitions,
)
from gis.land_degradation.soil_carbon import percent_degradation

TABLE_9 = """
 0 -1 -1 -1 -1 -1  0
 1  0  1 -1 -1 -1  0
 1 -1  0 -1 -1 -1  0
-1 -1 -1  0 -1 -1  0
 1  1  1  1  0  1  0
 1  1  1  1 -1  0  0
 0  0  0  0  0  0  0
"""
"""UNCCD reporting manual 2026, table 9: rows initial 1 to 7, columns final 1 to 7."""
MEANINGS = [[int(cell) for cell in row.split()] for row in TABLE_9.strip().splitlines()]
PAIRS = [(a, b, MEANINGS[a - 1][b - 1]) for a in range(1, 8) for b in range(1, 8)]
TENS = TransitionMatrix(
    codes=tuple(range(10, 80, 10)),
    degradation=UNCCD_MATRIX.degradation,
    names=UNCCD_MATRIX.names,
)
"""The same classes under other codes, water 70."""


def codes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int16)


@pytest.mark.parametrize(("initial", "final", "meaning"), PAIRS)
def test_each_pair(initial: int, final: int, meaning: int) -> None:
    assert transition_degradation(codes(initial), codes(final)).tolist() == [meaning]
    assert transitions(codes(initial), codes(final)).tolist() == [10 * initial + final]
    tens = transition_degradation(codes(10 * initial), codes(10 * final), TENS)
    assert tens.tolist() == [meaning]
    # A position, not the code, makes the code of a transition.
    assert transitions(codes(10 * initial), codes(10 * final), TENS).tolist() == [
        10 * initial + final
    ]


@pytest.mark.parametrize("strange", [0, 8, 9, -1, 10, 99, 255, 32767, -32766, int(NO_DATA)])
@pytest.mark.parametrize("known", [1, 7])
def test_a_code_outside_the_legend_is_no_data(strange: int, known: int) -> None:
    for pair in ((strange, known), (known, strange), (strange, strange)):
        initial, final = (codes(value) for value in pair)
        assert transition_degradation(initial, final).tolist() == [NO_DATA]
        assert transitions(initial, final).tolist() == [NO_DATA]


def test_the_probe_of_eleven_codes() -> None:
    # The 121 pairs of codes -1 to 9: 49 hold, the reference's spare kernel makes the rest stable
    # or, of what the two agree on, no data.
    probe = np.arange(-1, 10, dtype=np.int16)
    initial, final = (grid.astype(np.int16) for grid in np.meshgrid(probe, probe, indexing="ij"))
    found = transition_degradation(initial, final)
    assert found.shape == (11, 11)
    assert (found != NO_DATA).sum() == 49
    assert found[2:9, 2:9].tolist() == MEANINGS


@pytest.mark.parametrize("other", [1, 7, 99, int(NO_DATA), int(OUTSIDE)])
def test_outside_stays_outside(other: int) -> None:
    for pair in ((int(OUTSIDE), other), (other, int(OUTSIDE))):
        initial, final = (codes(value) for value in pair)
        assert transition_degradation(initial, final).tolist() == [OUTSIDE]
        assert transitions(initial, final).tolist() == [OUTSIDE]


@pytest.mark.parametrize(
    ("matrix", "water", "land"), [(UNCCD_MATRIX, 7, 3), (TENS, 70, 30)], ids=["1..7", "10..70"]
)
def test_half_the_map_in_water(matrix: TransitionMatrix, water: int, land: int) -> None:
    # A fault of the reference, which recodes its inputs in place before it masks water: with codes
    # 10..70 it called all 64 cells stable.
    initial = np.full((8, 8), land, dtype=np.int16)
    initial[:, :4] = water
    final = initial.copy()
    before = initial.copy(), final.copy()
    cover = transition_degradation(initial, final, matrix)
    wet = initial == water
    carbon = percent_degradation(np.zeros((8, 8), dtype=np.int16), wet)
    result = one_out_all_out(np.zeros((8, 8), dtype=np.int16), cover, carbon)
    assert (result == 0).sum() == 32
    assert (result == NO_DATA).sum() == 32
    assert (result[:, :4] == NO_DATA).all()
    assert (initial == before[0]).all()
    assert (final == before[1]).all()


def test_inputs_may_not_be_written_to_and_any_shape_holds() -> None:
    initial = np.array([[[1, 2]], [[3, 4]]], dtype=np.int16)
    final = np.asfortranarray(initial[::-1])
    initial.flags.writeable = final.flags.writeable = False
    assert transition_degradation(initial, final).tolist() == [[[-1, -1]], [[1, -1]]]
    empty = np.empty((0, 3), dtype=np.int16)
    assert transition_degradation(empty, empty).shape == (0, 3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int8, np.int32, np.int64, np.uint64])
def test_codes_of_any_whole_type(dtype: type) -> None:
    initial, final = np.array([1, 5, 9], dtype=dtype), np.array([3, 6, 1], dtype=dtype)
    assert transition_degradation(initial, final).tolist() == [-1, 1, NO_DATA]


def test_a_code_beyond_int16_does_not_wrap_into_the_legend() -> None:
    # 65537 is 1 once cut to 16 bits.
    assert transition_degradation(np.array([65537]), np.array([3])).tolist() == [NO_DATA]
    assert transition_degradation(np.array([-65533]), np.array([3])).tolist() == [NO_DATA]
    sentinels = np.array([-32768, -32767], dtype=np.int64)
    assert transition_degradation(sentinels, codes(1, 1)).tolist() == [NO_DATA, OUTSIDE]


def test_shapes_must_agree() -> None:
    with pytest.raises(GridMismatch):
        transition_degradation(codes(1, 2), codes(1))
    with pytest.raises(TypeError):
        transition_degradation(np.array([1.0]), codes(1))


def test_one_meaning_may_be_decided_otherwise() -> None:
    decided = UNCCD_MATRIX.with_meaning(3, 4, 0).with_meaning(1, 4, 0)
    assert transition_degradation(codes(3, 1, 4), codes(4, 4, 1), decided).tolist() == [0, 0, -1]
    assert UNCCD_MATRIX.degradation[2][3] == -1


@pytest.mark.parametrize(
    ("legend", "meanings", "names"),
    [
        ((1, 1), ((0, 0), (0, 0)), ("a", "b")),
        ((), (), ()),
        ((-1, 2), ((0, 0), (0, 0)), ("a", "b")),
        ((1, 40_000), ((0, 0), (0, 0)), ("a", "b")),
        ((1, 2), ((0, 0),), ("a", "b")),
        ((1, 2), ((0, 0), (0, 0, 0)), ("a", "b")),
        ((1, 2), ((0, 2), (0, 0)), ("a", "b")),
        ((1, 2), ((0, 0), (0, 0)), ("a",)),
    ],
)
def test_a_matrix_that_does_not_hold_is_refused(
    legend: tuple[int, ...], meanings: tuple[tuple[int, ...], ...], names: tuple[str, ...]
) -> None:
    with pytest.raises(BadParameter):
        TransitionMatrix(legend, meanings, names)


def test_an_unknown_code_or_meaning_is_refused() -> None:
    with pytest.raises(BadParameter):
        UNCCD_MATRIX.with_meaning(8, 1, 0)
    with pytest.raises(BadParameter):
        UNCCD_MATRIX.with_meaning(1, 2, 5)


@pytest.mark.parametrize(
    ("classes", "multiplier"), [(1, 1), (7, 10), (10, 10), (11, 100), (37, 100)]
)
def test_multiplier_grows_with_the_legend(classes: int, multiplier: int) -> None:
    # m = 10^ceil(log10(classes)); the reference forgets it after the first year above ten classes.
    matrix = TransitionMatrix(
        tuple(range(classes)), ((0,) * classes,) * classes, tuple(map(str, range(classes)))
    )
    assert matrix.multiplier == multiplier
    last = codes(classes - 1)
    assert transitions(last, codes(0), matrix).tolist() == [classes * multiplier + 1]


ESA = {
    1: [50, 60, 61, 62, 70, 71, 72, 80, 81, 82, 90, 100],
    2: [110, 120, 121, 122, 130, 140, 150, 151, 152, 153],
    3: [10, 11, 12, 20, 30, 40],
    4: [160, 170, 180],
    5: [190],
    6: [200, 201, 202, 220],
    7: [210],
}
"""Nesting of the reference (te_schemas, ESA CCI to UNCCD)."""


def test_every_class_of_esa_cci() -> None:
    assert len(ESA_CCI) == 37
    for target, listed in ESA.items():
        assert crosswalk(codes(*listed), ESA_CCI).tolist() == [target] * len(listed)


def test_every_class_of_worldcover() -> None:
    legend = codes(10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100)
    assert crosswalk(legend, WORLDCOVER).tolist() == [1, 2, 2, 3, 5, 6, 6, 7, 4, 4, 2]


def test_a_crosswalk_knows_no_other_code() -> None:
    found = crosswalk(codes(0, 13, -1, int(NO_DATA), int(OUTSIDE)), ESA_CCI)
    assert found.tolist() == [NO_DATA, NO_DATA, NO_DATA, NO_DATA, OUTSIDE]
    assert crosswalk(np.array([[10, 255]], dtype=np.uint8), WORLDCOVER).tolist() == [[1, NO_DATA]]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-32768, 32767), st.integers(-32768, 32767)), max_size=30),
)
def test_agrees_with_the_table_cell_by_cell(pairs: list[tuple[int, int]]) -> None:
    expected = []
    for a, b in pairs:
        if OUTSIDE in (a, b):
            expected.append(int(OUTSIDE))
        else:
            inside = 1 <= a <= 7 and 1 <= b <= 7
            expected.append(MEANINGS[a - 1][b - 1] if inside else int(NO_DATA))
    initial = np.array([a for a, _ in pairs], dtype=np.int16)
    final = np.array([b for _, b in pairs], dtype=np.int16)
    assert transition_degradation(initial, final).tolist() == expected
