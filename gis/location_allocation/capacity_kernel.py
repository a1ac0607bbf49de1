"""The kernel of the search for sites of limited capacity: exact flows, exchanges by their look.

A choice serves as much as a flow from sites to demand carries. It is kept greatest by paths that
make room (Ford and Fulkerson 1956): a site with capacity left takes over demand of another, which
then serves what nobody served. An exchange is judged by what the new site could serve at once; the
few that look best are tried.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import njit

from gis.location_allocation.kernel import MISSING, NONE, SITES, allowed, movable, put

_LEAST = 1e-12
_TRIED = 3
"""Exchanges tried for each site that leaves."""

Flow = namedtuple("Flow", "amount open room")
"""Amount on each way, demand not served, capacity left of each site."""


@njit(cache=True, nogil=True)
def serve(j, ways, flow, state, came):  # type: ignore[no-untyped-def]
    """Let ``j`` serve as much as it can, by paths too; what is served more."""
    starts, points = ways[0], ways[1]
    gained = 0.0
    for way in range(starts[j], starts[j + 1]):
        part = min(flow.open[points[way]], flow.room[j])
        flow.amount[way] += part
        flow.open[points[way]] -= part
        flow.room[j] -= part
        gained += part
    while flow.room[j] > _LEAST:
        part = _path(j, ways, flow, state, came)
        if part <= 0:
            break
        gained += part
    return gained


@njit(cache=True, nogil=True)
def _path(j, ways, flow, state, came):  # type: ignore[no-untyped-def]
    """One path of sites from ``j`` to demand that nobody serves; what it carries, 0 without one."""
    starts, points, rows, row_candidates, row_ways = ways
    came[:, 0] = NONE
    came[j, 0] = j
    queue = np.empty(came.shape[0], np.int64)
    queue[0] = j
    head, tail = 0, 1
    while head < tail:
        site = queue[head]
        head += 1
        for way in range(starts[site], starts[site + 1]):
            point = points[way]
            if site != j and flow.open[point] > _LEAST:
                return _carried(j, site, way, ways, flow, came)
            for place in range(rows[point], rows[point + 1]):
                other = row_candidates[place]
                gives = flow.amount[row_ways[place]] > _LEAST
                if gives and state.inside[other] and came[other, 0] == NONE:
                    came[other, 0] = site
                    came[other, 1] = way
                    came[other, 2] = row_ways[place]
                    queue[tail] = other
                    tail += 1
    return 0.0


@njit(cache=True, nogil=True)
def _carried(j, last, way, ways, flow, came):  # type: ignore[no-untyped-def]
    """Send along the path that ends with ``way`` of the site ``last`` what it can carry."""
    points = ways[1]
    part = min(flow.room[j], flow.open[points[way]])
    site = last
    while site != j:
        part = min(part, flow.amount[came[site, 2]])
        site = came[site, 0]
    flow.room[j] -= part
    flow.open[points[way]] -= part
    flow.amount[way] += part
    site = last
    while site != j:
        flow.amount[came[site, 2]] -= part
        flow.amount[came[site, 1]] += part
        site = came[site, 0]
    return part


@njit(cache=True, nogil=True)
def leave(j, ways, capacity, flow, state, came):  # type: ignore[no-untyped-def]
    """Take the flow of ``j`` away, others take over what they can; what is served less."""
    starts, points = ways[0], ways[1]
    lost = 0.0
    for way in range(starts[j], starts[j + 1]):
        flow.open[points[way]] += flow.amount[way]
        lost += flow.amount[way]
        flow.amount[way] = 0.0
    flow.room[j] = capacity[j]
    for other in range(state.inside.size):
        if state.inside[other] and flow.room[other] > _LEAST:
            lost -= serve(other, ways, flow, state, came)
    return lost


@njit(cache=True, nogil=True)
def looks(ways, flow, state, seen):  # type: ignore[no-untyped-def]
    """Fill ``seen`` with what each candidate could serve at once."""
    starts, points = ways[0], ways[1]
    for j in range(starts.size - 1):
        seen[j] = 0.0
        if state.inside[j]:
            continue
        for way in range(starts[j], starts[j + 1]):
            seen[j] += flow.open[points[way]]
        seen[j] = min(seen[j], flow.room[j])


@njit(cache=True, nogil=True)
def _best_seen(s, seen, pull, limits, state):  # type: ignore[no-untyped-def]
    """The candidate that looks best among those allowed in place of ``s``."""
    best, into = 0.0, NONE
    for j in range(seen.size):
        value = seen[j] * pull[j]
        group = limits.group[j]
        if group >= 0 and state.in_group[group] < limits.least[group]:
            value += 1e30
        if value > best and allowed(s, j, limits, state):
            best, into = value, j
    return into


@njit(cache=True, nogil=True)
def fill(ways, worth, limits, state, flow, came, seen, pull):  # type: ignore[no-untyped-def]
    """Take the candidate that looks best again and again; what is served more."""
    gained = 0.0
    while state.totals[SITES] < limits.count:
        looks(ways, flow, state, seen)
        into = _best_seen(NONE, seen, pull, limits, state)
        if into == NONE:
            break
        put(into, 1, ways[0], ways[1], ways[2], ways[3], worth, limits, state)
        gained += serve(into, ways, flow, state, came)
    return gained


@njit(cache=True, nogil=True)
def improve(ways, worth, capacity, limits, state, flow, came, seen, pull):  # type: ignore[no-untyped-def]
    """Exchange the sites one after another while that helps; what is served more."""
    total, least = 0.0, 1e-9 * worth.sum()
    sites = np.empty(seen.size, np.int64)
    spare = Flow(flow.amount.copy(), flow.open.copy(), flow.room.copy())
    helped = True
    while helped:
        helped = False
        size = movable(limits, state, sites)
        for place in range(size):
            s = sites[place]
            gain = _exchanged(
                s, least, ways, worth, capacity, limits, state, flow, came, seen, pull, spare
            )
            if gain > 0:
                total += gain
                helped = True
        total += fill(ways, worth, limits, state, flow, came, seen, pull)
    return total


@njit(cache=True, nogil=True)
def _exchanged(s, least, ways, worth, capacity, limits, state, flow, came, seen, pull, spare):  # type: ignore[no-untyped-def]
    """Put the best of a few others in place of ``s``; what that gains, 0 when ``s`` stays."""
    starts, points, rows, row_candidates = ways[0], ways[1], ways[2], ways[3]
    missing = state.totals[MISSING]
    _copied(flow, spare)
    put(s, -1, starts, points, rows, row_candidates, worth, limits, state)
    lost = leave(s, ways, capacity, flow, state, came)
    looks(ways, flow, state, seen)
    seen[s] = 0.0
    for _ in range(_TRIED):
        into = _best_seen(NONE, seen, pull, limits, state)
        if into == NONE:
            break
        seen[into] = 0.0
        put(into, 1, starts, points, rows, row_candidates, worth, limits, state)
        gain = serve(into, ways, flow, state, came)
        if gain > lost + least and state.totals[MISSING] <= missing:
            return gain - lost
        put(into, -1, starts, points, rows, row_candidates, worth, limits, state)
        leave(into, ways, capacity, flow, state, came)
    put(s, 1, starts, points, rows, row_candidates, worth, limits, state)
    _copied(spare, flow)
    return 0.0


@njit(cache=True, nogil=True)
def _copied(flow, onto):  # type: ignore[no-untyped-def]
    onto.amount[:] = flow.amount
    onto.open[:] = flow.open
    onto.room[:] = flow.room
