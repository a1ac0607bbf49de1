"""Weighted overlay of scored criteria in one pass over memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from gis.membership import Scores
from gis.overlay_kernel import CRITERIA, NOT_APPLICABLE, TOGETHER, overlay

__all__ = ["NOTHING_LIMITS", "NOT_APPLICABLE", "Contribution", "contributions", "weighted_overlay"]

NOTHING_LIMITS = -1
"""Index where no criterion costs anything, and where the score is unknown."""

_SLOTS = 3 * TOGETHER
_ONE_AT_A_TIME = Lock()
"""Not every threading layer of numba may be entered by two threads at once."""


def weighted_overlay(
    scores: Sequence[Scores],
    weights: Sequence[float],
    limiting: Sequence[bool],
    partial: Sequence[bool] | None = None,
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
    partial
        True for a criterion that may hold ``NOT_APPLICABLE``; the others are not asked about it,
        which saves time. Without it, each may.

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
    if partial is None:
        partial = [True] * len(scores)
    if not len(scores) == len(weights) == len(limiting) == len(partial):
        raise ValueError("each criterion needs a weight and a limiting rule")
    taken = [index for index, weight in enumerate(weights) if weight > 0]
    # Those that need not apply go together: only their group asks.
    taken.sort(key=lambda index: not partial[index])
    if len(scores) > CRITERIA:
        raise ValueError("at most 127 criteria can be told apart")
    if not taken:
        raise ValueError("one weight must be above 0")
    if len({scores[index].shape for index in taken}) > 1:
        raise ValueError("scores differ in shape")
    layers = [np.ascontiguousarray(scores[index], dtype=np.float32) for index in taken]
    # The kernel is compiled once for a fixed number of slots and takes layers five by five: the
    # first stands again, without weight, where one is missing; further slots are never read.
    spare = -len(layers) % TOGETHER
    slots = -(-len(layers) // _SLOTS) * _SLOTS
    score = np.empty(layers[0].shape, dtype=np.float32)
    limits = np.empty(layers[0].shape, dtype=np.int8)
    with _ONE_AT_A_TIME:
        overlay(
            tuple(layers + layers[:1] * (slots - len(layers))),
            np.array([weights[index] for index in taken] + [0.0] * spare, dtype=np.float32),
            np.array([limiting[index] for index in taken] + [False] * spare, dtype=np.bool_),
            np.array(taken + [0] * spare, dtype=np.int32),
            np.array([partial[index] for index in taken] + [False] * spare, dtype=np.bool_),
            score,
            limits,
        )
    return score, limits


def capped(mean: Scores, caps: Sequence[Scores]) -> Scores:
    """A score that exceeds none of the caps; one that does not apply caps nothing.

    >>> capped(np.float32([0.9, 0.9]), [np.float32([0.5, NOT_APPLICABLE])])
    array([0.5, 0.9], dtype=float32)
    """
    for cap in caps:
        mean = np.where(cap == NOT_APPLICABLE, mean, np.minimum(mean, cap))
    return mean


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
