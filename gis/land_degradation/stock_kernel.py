"""Kernels of soil organic carbon: plain arrays, block by block of cells, all years of a block.

State of a block stays in cache while its years are stepped through. Each cell is on its own: a
part of the cells gives the same bits as the whole.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.codes import CROPLAND, DEGRADED, IMPROVED, STABLE

YEARS = 20
"""Years over which a stock moves to what a change implies."""

_BLOCK = 2048
_CLASSES = 7
_CREDIT, _GOAL, _RATE, _TO_GO = 0, 1, 2, 3
_LIMIT = 10
_BEYOND = -101
_NEAR = 1e-5
"""Share of a stock by which a float may miss a percent: stocks are float32."""


@njit(cache=True, nogil=True, error_model="numpy")
def step_years(initial, cover, zones, land_use, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` (year, cell) with stocks by land use; ``zones`` may be one for all cells."""
    years, cells = cover.shape
    each = np.intp(zones.size > 1)
    stock, step, left = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK, dtype=np.int32)
    for first in range(0, cells, _BLOCK):
        size = min(_BLOCK, cells - first)
        for place in range(size):
            given = initial[first + place]
            stock[place] = np.nan if (given == NO_DATA) | (given == OUTSIDE) else given
        left[:] = 0
        for year in range(years):
            past = max(year - 1, 0)
            for place in range(size):
                cell = first + place
                before, now = cover[past, cell], cover[year, cell]
                if not 1 <= now <= _CLASSES:
                    stock[place] = np.nan
                elif now != before and 1 <= before <= _CLASSES:
                    factor = land_use[zones[cell * each], before, now]
                    step[place] = stock[place] * (1 - factor) / YEARS
                    left[place] = YEARS
                if left[place] > 0:
                    stock[place] -= step[place]
                    left[place] -= 1
                out[year, cell] = stock[place]


@njit(cache=True, nogil=True, error_model="numpy")
def add_credits(cover, zones, levels, table, standard, at_once, out):  # type: ignore[no-untyped-def]
    """Multiply ``out`` (year, cell) by 1 + the credit that the levels of one factor earn.

    ``levels`` is (year, cell) or (year, 1); no data in it is the standard level, which ends a
    credit ``at_once`` or is moved to like any other.
    """
    years, cells = cover.shape
    each, every = np.intp(zones.size > 1), np.intp(levels.shape[1] > 1)
    state = np.empty((4, _BLOCK))
    for first in range(0, cells, _BLOCK):
        size = min(_BLOCK, cells - first)
        for year in range(years):
            for place in range(size):
                cell = first + place
                level = levels[year, cell * every]
                level = level if level > 0 else standard
                factor = table[zones[cell * each], level]
                cropped = cover[year, cell] == CROPLAND
                _credit(state, place, year, cropped, factor, at_once and level == standard)
                out[year, cell] *= 1 + state[_CREDIT, place]


@njit(cache=True, nogil=True, error_model="numpy")
def _credit(state, place, year, cropped, factor, at_once):  # type: ignore[no-untyped-def]
    """Move one credit of one cell on by a year."""
    if not cropped or year == 0:
        state[_CREDIT, place] = state[_GOAL, place] = state[_TO_GO, place] = 0
        return
    goal = factor - 1
    if at_once:
        state[_CREDIT, place] = goal
        state[_TO_GO, place] = 0
    elif goal != state[_GOAL, place]:
        state[_RATE, place] = (goal - state[_CREDIT, place]) / YEARS
        state[_TO_GO, place] = YEARS
    state[_GOAL, place] = goal
    if state[_TO_GO, place] > 0:
        state[_CREDIT, place] += state[_RATE, place]
        state[_TO_GO, place] -= 1
        if state[_TO_GO, place] == 0:
            state[_CREDIT, place] = goal


@njit(cache=True, nogil=True)
def judge(percent, water, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` with what a whole percent means."""
    for cell in range(out.size):
        value = percent[cell]
        found = DEGRADED if value <= -_LIMIT else STABLE
        found = IMPROVED if value >= _LIMIT else found
        found = NO_DATA if (value < _BEYOND) | water[cell] else found
        out[cell] = OUTSIDE if value == OUTSIDE else found


@njit(cache=True, nogil=True)
def judge_stocks(initial, final, water, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` from whole stocks; in int64, so that no difference overflows."""
    for cell in range(out.size):
        a, b = np.int64(initial[cell]), np.int64(final[cell])
        gain = 100 * (b - a)
        found = DEGRADED if gain <= -_LIMIT * a else STABLE
        found = STABLE if gain <= (_BEYOND - 1) * a else found
        found = IMPROVED if gain >= _LIMIT * a else found
        unknown = (a <= 0) | (b == NO_DATA) | water[cell]
        found = NO_DATA if unknown else found
        out[cell] = OUTSIDE if (a == OUTSIDE) | (b == OUTSIDE) else found


@njit(cache=True, nogil=True)
def judge_floats(initial, final, water, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` from stocks of float32, NaN and no data unknown."""
    for cell in range(out.size):
        a, b = np.float64(initial[cell]), np.float64(final[cell])
        near = _NEAR * a
        gain = b - a
        found = DEGRADED if 100 * (gain - near) <= -_LIMIT * a else STABLE
        found = STABLE if 100 * (gain - near) <= (_BEYOND - 1) * a else found
        found = IMPROVED if 100 * (gain + near) >= _LIMIT * a else found
        unknown = (not a > 0) | (b != b) | (b == NO_DATA) | water[cell]
        found = NO_DATA if unknown else found
        out[cell] = OUTSIDE if (a == OUTSIDE) | (b == OUTSIDE) else found
