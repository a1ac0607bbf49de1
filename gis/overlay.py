"""Weighted overlay of scored criteria in one pass over memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from gis.membership import Scores

NOT_APPLICABLE = np.float32(-1)
"""Score of a criterion where it says nothing; its weight goes to the others there."""

NOTHING_LIMITS = -1
"""Index where no criterion costs anything, and where the score is unknown."""

_NO_CAP = np.float32(2)
_CODES = np.int32(127)
_COST_BITS = np.int32(~127)
_NO_CODE = np.int32(127)
"""Code of no criterion; that of criterion ``i`` is 126 - i, so that the first of equals wins."""
_SLOTS = 16
_ROWS = 8
_COLUMNS = 1024
_ONE_AT_A_TIME = Lock()
"""Not every threading layer of numba may be entered by two threads at once."""


def weighted_overlay(
    scores: Sequence[Scores], weights: Sequence[float], limiting: Sequence[bool]
) -> tuple[Scores, NDArray[np.int8]]:
    """Weighted mean of scores, capped by limiting criteria.

    Parameters
    ----------
    scores
        One array a criterion, all of one shape (rows, columns), values 0 to 1, NaN = unknown,
        ``NOT_APPLICABLE`` = the criterion says nothing there. They are read in place, not copied.
    weights
        One weight a criterion, 0 or more; one that weighs 0 has no effect at all.
    limiting
        True where the mean may not exceed the criterion's own score.

    Returns
    -------
    score : array of float32
        0 to 1, NaN where a weighted criterion is unknown or none applies.
    limits : array of int8
        Index of the criterion that caps the score, else of the one that costs most
        (``weight * (1 - score)``; the first of equals, and within 1/65,536 costs are equal),
        else ``NOTHING_LIMITS``.

    Notes
    -----
    After FAO (1976), A framework for land evaluation: weighted combination with a rule of the
    most limiting factor for the criteria that are marked so.

    Examples
    --------
    >>> slope = np.array([[0.2, 1.0]], dtype=np.float32)
    >>> soil = np.array([[0.9, 1.0]], dtype=np.float32)
    >>> score, limits = weighted_overlay([slope, soil], [1, 3], [True, False])
    >>> score, limits
    (array([[0.2, 1. ]], dtype=float32), array([[ 0, -1]], dtype=int8))
    """
    if not len(scores) == len(weights) == len(limiting):
        raise ValueError("each criterion needs a weight and a limiting rule")
    taken = [index for index, weight in enumerate(weights) if weight > 0]
    if len(scores) > _NO_CODE:
        raise ValueError("at most 127 criteria can be told apart")
    if not taken:
        raise ValueError("one weight must be above 0")
    if len({scores[index].shape for index in taken}) > 1:
        raise ValueError("scores differ in shape")
    layers = [np.ascontiguousarray(scores[index], dtype=np.float32) for index in taken]
    # The kernel is compiled once for a fixed number of slots. It takes layers two by two: beside
    # an odd last one stands the first again, without weight; further slots are never read.
    slots = -(-len(layers) // _SLOTS) * _SLOTS
    even = [*taken, taken[0]][: len(taken) + len(taken) % 2]
    heavy = [*(weights[index] for index in taken), 0.0][: len(even)]
    firm = [*(limiting[index] for index in taken), False][: len(even)]
    score = np.empty(layers[0].shape, dtype=np.float32)
    limits = np.empty(layers[0].shape, dtype=np.int8)
    with _ONE_AT_A_TIME:
        _overlay(
            tuple(layers + layers[:1] * (slots - len(layers))),
            np.array(heavy, dtype=np.float32),
            np.array(firm, dtype=np.bool_),
            _NO_CODE - 1 - np.array(even, dtype=np.int32),
            score,
            limits,
        )
    return score, limits


@njit(parallel=True, cache=True, error_model="numpy")
def _overlay(layers, weights, limiting, codes, score, limits):  # type: ignore[no-untyped-def]
    """Strip by strip of a row, layers two by two, so that the running values stay in cache."""
    rows, columns = score.shape
    for block in prange((rows + _ROWS - 1) // _ROWS):
        # Five arrays, not one of five rows: the compiler must see that they do not overlap.
        totals, sums = np.empty(_COLUMNS, np.float32), np.empty(_COLUMNS, np.float32)
        caps, cappers = np.empty(_COLUMNS, np.float32), np.empty(_COLUMNS, np.int32)
        costs = np.empty(_COLUMNS, np.int32)
        for row in range(block * _ROWS, min(rows, block * _ROWS + _ROWS)):
            for left in range(0, columns, _COLUMNS):
                right = min(left + _COLUMNS, columns)
                total, weight_sum = totals[: right - left], sums[: right - left]
                cap, capper = caps[: right - left], cappers[: right - left]
                dearest = costs[: right - left]
                total[:], weight_sum[:], dearest[:] = 0, 0, 0
                cap[:], capper[:] = _NO_CAP, _NO_CODE
                for index in range(0, len(weights), 2):
                    one, two = layers[index][row, left:right], layers[index + 1][row, left:right]
                    here, there = weights[index], weights[index + 1]
                    _add(one, two, here, there, total, weight_sum)
                    _cost(one, two, here, there, codes[index], codes[index + 1], dearest)
                    if limiting[index]:
                        _cap(one, codes[index], cap, capper)
                    if limiting[index + 1]:
                        _cap(two, codes[index + 1], cap, capper)
                _mean(total, weight_sum)
                _lower(total, cap, score[row, left:right])
                _name(total, cap, capper, dearest, limits[row, left:right])


# The loops below are short, write few arrays each and choose by arithmetic: only so does the
# compiler turn them into vector instructions, which makes them several times faster.


@njit(cache=True, error_model="numpy")
def _add(one, two, weight, weight_two, total, weight_sum):  # type: ignore[no-untyped-def]
    for cell in range(len(total)):
        here = np.float32(one[cell] != NOT_APPLICABLE) * weight
        there = np.float32(two[cell] != NOT_APPLICABLE) * weight_two
        total[cell] += here * one[cell] + there * two[cell]
        weight_sum[cell] += here + there


@njit(cache=True, error_model="numpy")
def _cost(one, two, weight, weight_two, code, code_two, dearest):  # type: ignore[no-untyped-def]
    """Keep the highest cost and whose it is in one number: bits of a float ascend as it does."""
    for cell in range(len(dearest)):
        here = np.float32(one[cell] != NOT_APPLICABLE) * weight
        there = np.float32(two[cell] != NOT_APPLICABLE) * weight_two
        cost = np.float32(here - here * one[cell]).view(np.int32) & _COST_BITS | code
        other = np.float32(there - there * two[cell]).view(np.int32) & _COST_BITS | code_two
        dearest[cell] = max(dearest[cell], max(cost, other))


@njit(cache=True, error_model="numpy")
def _cap(values, code, cap, capper):  # type: ignore[no-untyped-def]
    for cell in range(len(cap)):
        absent = np.float32(values[cell] == NOT_APPLICABLE)
        value = values[cell] + absent * (_NO_CAP - NOT_APPLICABLE)
        capper[cell] += np.int32(value < cap[cell]) * (code - capper[cell])
        cap[cell] = np.minimum(value, cap[cell])


@njit(cache=True, error_model="numpy")
def _mean(total, weight_sum):  # type: ignore[no-untyped-def]
    for cell in range(len(total)):
        total[cell] /= weight_sum[cell]


@njit(cache=True, error_model="numpy")
def _lower(total, cap, score):  # type: ignore[no-untyped-def]
    for cell in range(len(total)):
        score[cell] = np.minimum(total[cell], cap[cell])


@njit(cache=True, error_model="numpy")
def _name(total, cap, capper, dearest, limits):  # type: ignore[no-untyped-def]
    for cell in range(len(total)):
        costs = np.int32(dearest[cell] > _CODES)
        code = costs * (dearest[cell] & _CODES) + (1 - costs) * _NO_CODE
        code += np.int32(cap[cell] < total[cell]) * (capper[cell] - code)
        known = np.int32(total[cell] == total[cell])
        limits[cell] = np.int8(known * (_NO_CODE - code) - 1)


@dataclass(frozen=True)
class Contribution:
    """What one criterion adds to a score, and what it costs.

    ``weight`` is its part of all weights that apply (0 to 1), ``gain`` = weight * score,
    ``loss`` = weight * (1 - score). Gains of all criteria add to the uncapped score.
    """

    score: float
    weight: float
    gain: float
    loss: float


def contributions(
    scores: Sequence[Scores], weights: Sequence[float], cells: NDArray[np.bool_]
) -> tuple[Contribution, ...]:
    """Contribution of each criterion, averaged over the cells where all of them are known.

    Parameters
    ----------
    scores, weights
        As in :func:`weighted_overlay`.
    cells
        The cells asked about: one, or those of a zone.

    Examples
    --------
    >>> slope, soil = np.float32([[0.5]]), np.float32([[1.0]])
    >>> [part.gain for part in contributions([slope, soil], [1, 1], np.array([[True]]))]
    [0.25, 0.5]
    """
    table = np.stack([score[cells] for score in scores]).astype(np.float64)
    applies = table != NOT_APPLICABLE
    shares = np.where(applies, np.asarray(weights, dtype=np.float64)[:, None], 0.0)
    known = ~np.isnan(np.where(shares > 0, table, 0.0)).any(axis=0) & (shares.sum(axis=0) > 0)
    if not known.any():
        return tuple(Contribution(np.nan, np.nan, np.nan, np.nan) for _ in scores)
    table, applies, shares = table[:, known], applies[:, known], shares[:, known]
    shares = shares / shares.sum(axis=0)
    gain = np.where(shares > 0, shares * table, 0.0).mean(axis=1)
    weight = shares.mean(axis=1)
    return tuple(
        Contribution(
            float(row[where].mean()) if where.any() else np.nan,
            float(part),
            float(won),
            float(part - won),
        )
        for row, where, part, won in zip(table, applies, weight, gain, strict=True)
    )
