"""The kernel of the weighted overlay: plain arrays, each value read once.

A strip of a row is taken at a time, its running values in one array that stays in cache: sum of
costs, sum of weights, dearest cost, least cap and whose it is, one behind the other at
fixed distances. That, and that every choice is arithmetic, lets the compiler see what does not
overlap and turn the loops into vector instructions; written with branches or with one array a
value they take several times as long.

A cost is ``weight * (1 - score)``, so the costs give the mean as well as what costs most. A cost
and whose it is share one number: the bits of a float that is not negative ascend as the
float does, and the lowest seven hold the criterion. The same with the caps, where as unsigned
numbers "not applicable" (-1) and NaN lie above every score and therefore never win.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

NOT_APPLICABLE = np.float32(-1)
TOGETHER = 5
"""Layers that the kernel takes at a time."""

CRITERIA = 127
"""Criteria that seven bits can tell apart."""

_STRIP = 10240
_ROWS = 8
_WEIGHTS, _COST, _CAP, _CAPPER = _STRIP, 2 * _STRIP, 3 * _STRIP, 4 * _STRIP
_NO_CAP = np.float32(2)
_NAMES = np.int32(127)
_COST_BITS = np.int32(~127)
_CAP_BITS = np.uint32(0xFFFFFF80)


@njit(parallel=True, cache=True, error_model="numpy")
def overlay(layers, weights, limiting, names, partial, score, limits):  # type: ignore[no-untyped-def]
    """Fill ``score`` and ``limits``; the number of weights is a multiple of ``TOGETHER``."""
    rows, columns = score.shape
    for block in prange((rows + _ROWS - 1) // _ROWS):
        state = np.empty(5 * _STRIP, dtype=np.float32)
        for row in range(block * _ROWS, min(rows, block * _ROWS + _ROWS)):
            for left in range(0, columns, _STRIP):
                right = min(left + _STRIP, columns)
                state[:_CAP] = 0
                state[_CAP:] = _NO_CAP
                always = np.float32(0)
                for first in range(0, len(weights), TOGETHER):
                    if partial[first : first + TOGETHER].any():
                        _add_partial(
                            layers[first][row, left:right],
                            layers[first + 1][row, left:right],
                            layers[first + 2][row, left:right],
                            layers[first + 3][row, left:right],
                            layers[first + 4][row, left:right],
                            weights[first : first + TOGETHER],
                            names[first : first + TOGETHER],
                            state,
                        )
                    else:
                        always += weights[first : first + TOGETHER].sum()
                        _add_whole(
                            layers[first][row, left:right],
                            layers[first + 1][row, left:right],
                            layers[first + 2][row, left:right],
                            layers[first + 3][row, left:right],
                            layers[first + 4][row, left:right],
                            weights[first : first + TOGETHER],
                            names[first : first + TOGETHER],
                            state,
                        )
                    for place in range(first, first + TOGETHER):
                        if limiting[place]:
                            _cap(layers[place][row, left:right], np.uint32(names[place]), state)
                _finish(state, always, score[row, left:right], limits[row, left:right])


def _adder(partial: bool):  # type: ignore[no-untyped-def]
    # Known when compiled: the question is left out where it need not be asked.
    @njit(cache=True, error_model="numpy", fastmath={"contract"})
    def _add(a, b, c, d, e, weights, names, state):  # type: ignore[no-untyped-def]
        weight_a, weight_b, weight_c, weight_d, weight_e = (
            weights[0],
            weights[1],
            weights[2],
            weights[3],
            weights[4],
        )
        # The highest number wins: the first of equals must have it.
        code_a, code_b, code_c, code_d, code_e = (
            np.int32(_NAMES - names[0]),
            np.int32(_NAMES - names[1]),
            np.int32(_NAMES - names[2]),
            np.int32(_NAMES - names[3]),
            np.int32(_NAMES - names[4]),
        )
        for cell in range(len(a)):
            on_a, on_b, on_c, on_d, on_e = weight_a, weight_b, weight_c, weight_d, weight_e
            if partial:
                on_a *= np.float32(a[cell] != NOT_APPLICABLE)
                on_b *= np.float32(b[cell] != NOT_APPLICABLE)
                on_c *= np.float32(c[cell] != NOT_APPLICABLE)
                on_d *= np.float32(d[cell] != NOT_APPLICABLE)
                on_e *= np.float32(e[cell] != NOT_APPLICABLE)
            cost_a, cost_b, cost_c = (
                on_a - on_a * a[cell],
                on_b - on_b * b[cell],
                on_c - on_c * c[cell],
            )
            cost_d, cost_e = on_d - on_d * d[cell], on_e - on_e * e[cell]
            state[cell] += (cost_a + cost_b) + (cost_c + cost_d) + cost_e
            if partial:
                state[cell + _WEIGHTS] += (on_a + on_b) + (on_c + on_d) + on_e
            one = np.maximum(_cost(cost_a, code_a), _cost(cost_b, code_b))
            two = np.maximum(_cost(cost_c, code_c), _cost(cost_d, code_d))
            dearest = np.maximum(_bits(state[cell + _COST]), _cost(cost_e, code_e))
            state[cell + _COST] = _float(np.maximum(dearest, np.maximum(one, two)))

    return _add


_add_partial, _add_whole = _adder(True), _adder(False)


@njit(cache=True, error_model="numpy")
def _cap(values, name, state):  # type: ignore[no-untyped-def]
    for cell in range(len(values)):
        value = np.float32(values[cell]).view(np.uint32)
        least = np.float32(state[cell + _CAP]).view(np.uint32)
        state[cell + _CAP] = np.uint32(np.minimum(least, value)).view(np.float32)
        named = np.bitwise_or(np.bitwise_and(value, _CAP_BITS), name)
        capper = np.float32(state[cell + _CAPPER]).view(np.uint32)
        state[cell + _CAPPER] = np.uint32(np.minimum(capper, named)).view(np.float32)


@njit(cache=True, error_model="numpy")
def _finish(state, always, score, limits):  # type: ignore[no-untyped-def]
    for cell in range(len(score)):
        mean = np.float32(1) - state[cell] / (always + state[cell + _WEIGHTS])
        state[cell] = mean
        score[cell] = np.minimum(mean, state[cell + _CAP])
    for cell in range(len(score)):
        mean = state[cell]
        capped = np.int32(state[cell + _CAP] < mean)
        dearest = _bits(state[cell + _COST])
        name = _NAMES - np.bitwise_and(dearest, _NAMES)
        name += capped * (np.bitwise_and(_bits(state[cell + _CAPPER]), _NAMES) - name)
        # A cost of nothing leaves no bit above the name; NaN differs from itself.
        told = np.int32(mean == mean) * np.int32(dearest > _NAMES)
        limits[cell] = np.int8(told * (name + 1) - 1)


@njit(cache=True, error_model="numpy")
def _cost(cost, code):  # type: ignore[no-untyped-def]
    return np.bitwise_or(np.bitwise_and(_bits(cost), _COST_BITS), code)


@njit(cache=True, error_model="numpy")
def _bits(value):  # type: ignore[no-untyped-def]
    return np.float32(value).view(np.int32)


@njit(cache=True, error_model="numpy")
def _float(bits):  # type: ignore[no-untyped-def]
    return np.int32(bits).view(np.float32)
