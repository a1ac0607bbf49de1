"""The kernel of the search for a p-median: interchange with the two cheapest sites kept in mind.

What a candidate saves in place of a site follows from the cheapest and the second cheapest site of
each demand (Whitaker 1983, INFOR 21), in one walk over the ways of the candidate for all sites.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.location_allocation.kernel import FIRST, NONE, SITES, allowed, duty, movable, put


@njit(cache=True, nogil=True)
def nearest_two(starts, points, cost, inside, far, first, second, site):  # type: ignore[no-untyped-def]
    """Cost of the cheapest and the second cheapest site of each demand, and the cheapest."""
    first[:] = far
    second[:] = far
    site[:] = NONE
    for j in range(inside.size):
        if not inside[j]:
            continue
        for way in range(starts[j], starts[j + 1]):
            point = points[way]
            if cost[way] < first[point]:
                second[point] = first[point]
                first[point] = cost[way]
                site[point] = j
            elif cost[way] < second[point]:
                second[point] = cost[way]


@njit(cache=True, nogil=True)
def descend(starts, points, cost, worth, limits, state, far, pull, two):  # type: ignore[no-untyped-def]
    """The best move again and again until none helps; the cost of all demand then."""
    first, second, site = two
    nothing = np.zeros(state.inside.size + 1, np.int64)
    none = np.zeros(0, np.int64)
    loss, over = np.zeros(state.inside.size), np.zeros(state.inside.size)
    sites = np.empty(state.inside.size, np.int64)
    while True:
        nearest_two(starts, points, cost, state.inside, far, first, second, site)
        loss[:] = 0.0
        for point in range(worth.size):
            if site[point] != NONE:
                loss[site[point]] += worth[point] * (second[point] - first[point])
        filling = state.totals[SITES] < limits.count
        size = movable(limits, state, sites)
        out, into = _best_move(
            starts, points, cost, worth, limits, state, pull, two, loss, over, sites[:size], filling
        )
        if into == NONE:
            return (worth * first).sum()
        if out != NONE:
            put(out, -1, nothing, none, none, none, worth, limits, state)
        put(into, 1, nothing, none, none, none, worth, limits, state)


@njit(cache=True, nogil=True)
def _best_move(starts, points, cost, worth, limits, state, pull, two, loss, over, sites, filling):  # type: ignore[no-untyped-def]
    """The best addition where there is a place and one is allowed, else the best exchange."""
    added, addition = 0.0, NONE
    best, out, into = 1e-9 * (worth * two[0]).sum() + 1e-12, NONE, NONE
    for j in range(state.inside.size):
        if state.inside[j]:
            continue
        gain = _saved(starts, points, cost, worth, j, two, over)
        group = limits.group[j]
        brings = group >= 0 and state.in_group[group] < limits.least[group]
        value = (gain + FIRST * brings) * pull[j]
        if filling and value > added and allowed(NONE, j, limits, state):
            added, addition = value, j
        if addition == NONE:
            for s in sites:
                value = gain - loss[s] + over[s] + duty(s, j, limits, state)
                if value > best and allowed(s, j, limits, state):
                    best, out, into = value, s, j
        for s in sites:
            over[s] = 0.0
    if addition != NONE:
        return NONE, addition
    return out, into


@njit(cache=True, nogil=True)
def _saved(starts, points, cost, worth, j, two, over):  # type: ignore[no-untyped-def]
    """What ``j`` saves beside all sites; ``over`` gets what it takes over from each that goes."""
    first, second, site = two
    gain = 0.0
    for way in range(starts[j], starts[j + 1]):
        point = points[way]
        here = cost[way]
        if here >= second[point]:
            continue
        if here < first[point]:
            gain += worth[point] * (first[point] - here)
        if site[point] != NONE:
            over[site[point]] += worth[point] * (second[point] - max(here, first[point]))
    return gain


@njit(cache=True, nogil=True)
def priced(starts, points, cost, worth, price, parts):  # type: ignore[no-untyped-def]
    """Fill ``parts`` with what each candidate is worth when demand pays ``price``."""
    for j in range(parts.size):
        total = 0.0
        for way in range(starts[j], starts[j + 1]):
            point = points[way]
            if cost[way] < price[point]:
                total += worth[point] * (price[point] - cost[way])
        parts[j] = total


@njit(cache=True, nogil=True)
def takers(starts, points, cost, price, taken, count):  # type: ignore[no-untyped-def]
    """Fill ``count`` with how many of the candidates ``taken`` each demand goes to."""
    count[:] = 0.0
    for j in range(taken.size):
        if taken[j] > 0:
            for way in range(starts[j], starts[j + 1]):
                if cost[way] < price[points[way]]:
                    count[points[way]] += taken[j]
