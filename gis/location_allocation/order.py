"""An order of candidates that does not depend on the order in which they were given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.location_allocation.reach import Amounts, Positions, Reach

_ROUNDS = 2
"""Rounds of telling candidates apart by what they reach, and demand by who reaches it."""


def stable_order(
    reach: Reach, demand: Amounts, marks: Sequence[NDArray[np.generic]], keys: Sequence[object]
) -> Positions:
    """Positions of candidates in an order of their own.

    By ``keys`` where there are any; else by ``marks`` (one array a property of candidates), then
    by what they reach: candidates that stay equal can stand for each other.
    """
    if len(keys):
        return np.argsort(np.asarray(keys), kind="stable").astype(np.int64)
    signs = _signs(reach.starts, reach.points, _bits(reach.cost), _bits(demand), _ROUNDS)
    return np.lexsort((signs, *reversed(marks))).astype(np.int64)


def _bits(values: Amounts) -> NDArray[np.uint64]:
    return (np.ascontiguousarray(values, dtype=np.float64) + 0.0).view(np.uint64)


@njit(cache=True, nogil=True)
def _mixed(value):  # type: ignore[no-untyped-def]
    """Bits spread over a word (the finaliser of SplitMix64; Steele and others 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def _signs(starts, points, cost, demand, rounds):  # type: ignore[no-untyped-def]
    """One number a candidate, from sums that no order changes."""
    sign = np.zeros(starts.size - 1, np.uint64)
    mark = np.empty(demand.size, np.uint64)
    for place in range(demand.size):
        mark[place] = _mixed(demand[place])
    for _ in range(rounds):
        news = np.zeros(demand.size, np.uint64)
        for candidate in range(sign.size):
            total = np.uint64(0)
            for way in range(starts[candidate], starts[candidate + 1]):
                total += _mixed(mark[points[way]] ^ _mixed(cost[way] + np.uint64(1)))
            sign[candidate] = _mixed(total + sign[candidate])
            for way in range(starts[candidate], starts[candidate + 1]):
                news[points[way]] += _mixed(sign[candidate] ^ _mixed(cost[way]))
        for place in range(mark.size):
            mark[place] = _mixed(mark[place] + news[place])
    return sign
