"""Indicator and status: every triple and pair, no data and outside among them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from gis.errors import BadParameter, GridMismatch
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.indicator import one_out_all_out, status, status_degradation

TRIPLES = {
    -1: "-1 -1 -1 / -1 -1 -1 / -1 -1 -1",
    0: "-1 -1 -1 / -1 0 1 / -1 1 1",
    1: "-1 -1 -1 / -1 1 1 / -1 1 1",
}
"""Productivity -> rows land cover -1, 0, 1, columns soil carbon (``calc_deg_sdg``)."""
STATUS = {
    (-1, -1): (1, -1),
    (-1, 0): (3, -1),
    (-1, 1): (6, 1),
    (0, -1): (2, -1),
    (0, 0): (4, 0),
    (0, 1): (6, 1),
    (1, -1): (2, -1),
    (1, 0): (5, 1),
    (1, 1): (7, 1),
}
"""Manual, figure 4: (baseline, report) -> seven classes, three classes."""
KNOWN = (-1, 0, 1)
CODES = (*KNOWN, int(NO_DATA), int(OUTSIDE), 5, -2, -9999)


def cells(*columns: tuple[int, ...]) -> list[np.ndarray]:
    return [np.array(column, dtype=np.int16) for column in zip(*columns, strict=True)]


def simple(status_code: int) -> int:
    return dict(STATUS.values())[status_code]


def expected(triple: tuple[int, ...]) -> int:
    if OUTSIDE in triple:
        return int(OUTSIDE)
    if any(code not in KNOWN for code in triple):
        return int(NO_DATA)
    productivity, cover, carbon = triple
    rows = TRIPLES[productivity].split("/")
    return int(rows[cover + 1].split()[carbon + 1])


def test_every_triple() -> None:
    triples = list(product(CODES, repeat=3))
    found = one_out_all_out(*cells(*triples)).tolist()
    assert dict(zip(triples, found, strict=True)) == {one: expected(one) for one in triples}


def available(triple: tuple[int, ...]) -> int:
    known = [code for code in triple if code in KNOWN]
    if OUTSIDE in triple:
        return int(OUTSIDE)
    if not known:
        return int(NO_DATA)
    # What is missing says nothing: as if it were stable.
    return expected(tuple(code if code in KNOWN else 0 for code in triple))


def test_every_triple_when_the_known_decide() -> None:
    triples = list(product(CODES, repeat=3))
    found = one_out_all_out(*cells(*triples), missing="available").tolist()
    assert dict(zip(triples, found, strict=True)) == {one: available(one) for one in triples}


def test_a_clear_loss_is_no_data_where_soil_carbon_is_missing() -> None:
    parts = cells((0, -1, int(NO_DATA)))
    assert one_out_all_out(*parts).tolist() == [NO_DATA]
    assert one_out_all_out(*parts, missing="available").tolist() == [-1]


def test_another_rule_for_what_is_missing_is_refused() -> None:
    with pytest.raises(BadParameter):
        one_out_all_out(*cells((0, 0, 0)), missing="guess")


@pytest.mark.parametrize("pair", list(product(CODES, repeat=2)))
def test_every_pair_of_periods(pair: tuple[int, int]) -> None:
    if OUTSIDE in pair:
        wanted = int(OUTSIDE), int(OUTSIDE)
    else:
        wanted = STATUS.get(pair, (int(NO_DATA), int(NO_DATA)))
    found = status(*cells(pair))
    assert found.tolist() == [wanted[0]]
    assert status_degradation(found).tolist() == [wanted[1]]


def test_codes_that_are_no_status() -> None:
    codes = np.array([0, 8, -1, 100, int(NO_DATA), int(OUTSIDE)], dtype=np.int16)
    assert status_degradation(codes).tolist() == [NO_DATA] * 5 + [OUTSIDE]


def test_not_degraded_are_four_to_seven() -> None:
    assert [code for code in range(1, 8) if simple(code) != -1] == [4, 5, 6, 7]


def test_shapes_must_agree_and_inputs_stay() -> None:
    one, two = np.zeros((2, 3), dtype=np.int16), np.zeros((3, 2), dtype=np.int16)
    with pytest.raises(GridMismatch):
        one_out_all_out(one, one, two)
    with pytest.raises(GridMismatch):
        status(one, two)
    one.flags.writeable = False
    assert one_out_all_out(one, one, one).shape == (2, 3)
    assert status(one, one).tolist() == [[4] * 3] * 2


def test_all_water_and_one_valid_cell() -> None:
    dry = np.full((4, 5), NO_DATA, dtype=np.int16)
    land = np.zeros((4, 5), dtype=np.int16)
    assert (one_out_all_out(land, land, dry) == NO_DATA).all()
    dry[2, 3] = 1
    found = one_out_all_out(land, land, dry)
    assert found[2, 3] == 1
    assert (found == NO_DATA).sum() == 19


def test_no_cell_at_all() -> None:
    nothing = np.empty((0, 0), dtype=np.int16)
    assert one_out_all_out(nothing, nothing, nothing).shape == (0, 0)
