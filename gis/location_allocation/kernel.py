"""The kernel of the search for good sites: one site in, or one for another, while that helps.

Interchange (Teitz and Bart 1968, Operations Research 16) from random starts, then iterated: some
sites are thrown out, one is taken at random, and the search goes on from there (Lourenço, Martin
and Stützle 2003). What a site would add, and what would be lost without it, is kept up to date,
and only the ways of the site that moves are walked. Rules are kept by every move; groups that lack
sites come before all demand.

A candidate is judged by ``gain[j] - loss[s] + (what only s serves and j could)``; the last two are
0 or less together, so candidates whose gain is no better than the best move are passed over.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
from numba import njit

NONE = -1

Limits = namedtuple(
    "Limits",
    "fixed free cost unit most unit_cost budget group least near_starts near count by_price",
)
"""Rules as arrays; ``free`` holds those that count against their unit, ``near`` the neighbours."""

State = namedtuple(
    "State", "inside times owner gain loss blocks blocker in_unit in_group totals bits"
)
"""A choice as it stands. ``totals``: sites, money, served, missing sites of groups.

``owner`` and ``blocker`` are sums of the numbers of sites: a name where there is one only.
"""

FIRST = 1e30
"""What a site that a group lacks counts for, before all demand."""

SITES, MONEY, SERVED, MISSING = 0, 1, 2, 3


def empty_state(candidates: int, demand: int, units: int, least: Any, seed: int) -> State:
    """No site chosen yet; gains are filled by :func:`begin`."""
    return State(
        inside=np.zeros(candidates, np.bool_),
        times=np.zeros(demand, np.int32),
        owner=np.zeros(demand, np.int64),
        gain=np.zeros(candidates),
        loss=np.zeros(candidates),
        blocks=np.zeros(candidates, np.int32),
        blocker=np.zeros(candidates, np.int64),
        in_unit=np.zeros(max(units, 1), np.int64),
        in_group=np.zeros(max(len(least), 1), np.int64),
        totals=np.array([0.0, 0.0, 0.0, float(least.sum())]),
        bits=np.array([seed], np.uint64),
    )


@njit(cache=True, nogil=True)
def begin(starts, points, worth, limits, state, rows, row_candidates):  # type: ignore[no-untyped-def]
    """Gains of all candidates, and the fixed sites in."""
    for j in range(starts.size - 1):
        for way in range(starts[j], starts[j + 1]):
            state.gain[j] += worth[points[way]]
    for j in range(starts.size - 1):
        if limits.fixed[j]:
            put(j, 1, starts, points, rows, row_candidates, worth, limits, state)


@njit(cache=True, nogil=True)
def climb(starts, points, rows, row_candidates, worth, limits, state, pull):  # type: ignore[no-untyped-def]
    """The best move again and again until none helps. ``pull`` scales gains in an empty place."""
    least = 1e-9 * worth.sum() + 1e-12
    over = np.zeros(starts.size - 1)
    sites = np.empty(starts.size - 1, np.int64)
    while True:
        filling = state.totals[SITES] < limits.count
        out, into = NONE, NONE
        if filling:
            into = _best_addition(least, limits, state, pull)
        if into == NONE:
            out, into = _best_exchange(
                starts,
                points,
                worth,
                limits,
                state,
                least,
                over,
                movable(limits, state, sites),
                sites,
            )
        if into == NONE:
            return
        if out != NONE:
            put(out, -1, starts, points, rows, row_candidates, worth, limits, state)
        put(into, 1, starts, points, rows, row_candidates, worth, limits, state)


@njit(cache=True, nogil=True)
def kick(strength, starts, points, rows, row_candidates, worth, limits, state):  # type: ignore[no-untyped-def]
    """Throw out ``strength`` sites and take one that may be taken, all at random."""
    sites = np.empty(starts.size - 1, np.int64)
    for _ in range(strength):
        size = movable(limits, state, sites)
        if size == 0:
            break
        out = sites[random_below(state.bits, size)]
        put(out, -1, starts, points, rows, row_candidates, worth, limits, state)
    for _ in range(50):
        into = random_below(state.bits, starts.size - 1)
        if state.gain[into] > 0 and allowed(NONE, into, limits, state):
            put(into, 1, starts, points, rows, row_candidates, worth, limits, state)
            return


@njit(cache=True, nogil=True)
def change_to(wanted, starts, points, rows, row_candidates, worth, limits, state):  # type: ignore[no-untyped-def]
    """Make the choice ``wanted`` (flags), whatever the rules say."""
    for turn in (-1, 1):
        for j in range(wanted.size):
            if state.inside[j] != wanted[j] and wanted[j] == (turn > 0):
                put(j, turn, starts, points, rows, row_candidates, worth, limits, state)


@njit(cache=True, nogil=True)
def random_below(bits, below):  # type: ignore[no-untyped-def]
    """A number from 0 to ``below`` - 1 (xorshift; Marsaglia 2003)."""
    value = bits[0]
    value ^= value << np.uint64(13)
    value ^= value >> np.uint64(7)
    value ^= value << np.uint64(17)
    bits[0] = value
    return np.int64((value >> np.uint64(11)) % np.uint64(below))


@njit(cache=True, nogil=True)
def movable(limits, state, sites):  # type: ignore[no-untyped-def]
    """Fill ``sites`` with those that may go; how many."""
    size = 0
    for j in range(state.inside.size):
        if state.inside[j] and not limits.fixed[j]:
            sites[size] = j
            size += 1
    return size


@njit(cache=True, nogil=True)
def _best_addition(least, limits, state, pull):  # type: ignore[no-untyped-def]
    best, into = 0.0, NONE
    for j in range(state.inside.size):
        gain = state.gain[j]
        missing = _short(limits, state, limits.group[j])
        if (gain <= least and not missing) or state.inside[j]:
            continue
        value = gain * pull[j] + least
        if limits.by_price:
            value /= _price(NONE, j, limits, state) + 1e-9
        if missing:
            value += FIRST
        if value > best and allowed(NONE, j, limits, state):
            best, into = value, j
    return into


@njit(cache=True, nogil=True)
def _best_exchange(starts, points, worth, limits, state, least, over, size, sites):  # type: ignore[no-untyped-def]
    best, out, into = least, NONE, NONE
    top = np.argmax(state.gain)
    for turn in range(-1, state.inside.size):
        j = _in_turn(turn, top)
        if state.inside[j] or (turn >= 0 and j == top):
            continue
        brings = _short(limits, state, limits.group[j])
        if state.gain[j] <= best and not (brings and best < FIRST / 10):
            continue
        _shared(1, j, starts, points, worth, state, over)
        for place in range(size):
            s = sites[place]
            value = state.gain[j] - state.loss[s] + over[s] + duty(s, j, limits, state)
            if value > best and allowed(s, j, limits, state):
                best, out, into = value, s, j
        _shared(0, j, starts, points, worth, state, over)
    return out, into


@njit(cache=True, nogil=True)
def _in_turn(turn, top):  # type: ignore[no-untyped-def]
    """The candidate with most gain first: it makes many others not worth a look."""
    return top if turn < 0 else turn


@njit(cache=True, nogil=True)
def _shared(turn, j, starts, points, worth, state, over):  # type: ignore[no-untyped-def]
    """What each site alone serves and ``j`` could: add it up, or (0) clear it."""
    for way in range(starts[j], starts[j + 1]):
        point = points[way]
        if state.times[point] == 1:
            over[state.owner[point]] = turn * (over[state.owner[point]] + worth[point])


@njit(cache=True, nogil=True)
def duty(s, j, limits, state):  # type: ignore[no-untyped-def]
    """What an exchange means for groups that need sites."""
    if limits.group[j] == limits.group[s]:
        return 0.0
    brings = _short(limits, state, limits.group[j])
    return FIRST * (brings - _needed(limits, state, limits.group[s]))


@njit(cache=True, nogil=True)
def _short(limits, state, group):  # type: ignore[no-untyped-def]
    return group >= 0 and state.in_group[group] < limits.least[group]


@njit(cache=True, nogil=True)
def _needed(limits, state, group):  # type: ignore[no-untyped-def]
    return group >= 0 and state.in_group[group] <= limits.least[group]


@njit(cache=True, nogil=True)
def _price(s, j, limits, state):  # type: ignore[no-untyped-def]
    """What ``j`` in place of ``s`` costs more."""
    price, unit = limits.cost[j], limits.unit[j]
    leaves = s != NONE and limits.free[s] and limits.unit[s] == unit
    if unit >= 0 and limits.free[j] and state.in_unit[unit] - leaves == 0:
        price += limits.unit_cost[unit]
    if s != NONE:
        price -= limits.cost[s]
        unit = limits.unit[s]
        if unit >= 0 and limits.free[s] and state.in_unit[unit] == 1:
            price -= limits.unit_cost[unit]
    return price


@njit(cache=True, nogil=True)
def allowed(s, j, limits, state):  # type: ignore[no-untyped-def]
    """Whether the rules let ``j`` in, in place of ``s`` or in an empty place."""
    if state.inside[j]:
        return False
    if s == NONE and state.totals[SITES] >= limits.count:
        return False
    if state.blocks[j] > 1 or (state.blocks[j] == 1 and state.blocker[j] != s):
        return False
    unit = limits.unit[j]
    if unit >= 0:
        leaves = s != NONE and limits.free[s] and limits.unit[s] == unit
        if state.in_unit[unit] - leaves >= limits.most:
            return False
    if limits.budget < np.inf:
        return state.totals[MONEY] + _price(s, j, limits, state) <= limits.budget
    return True


@njit(cache=True, nogil=True)
def put(j, turn, starts, points, rows, row_candidates, worth, limits, state):  # type: ignore[no-untyped-def]
    """Take ``j`` in (1) or out (-1)."""
    unit, group = limits.unit[j], limits.group[j]
    state.inside[j] = turn > 0
    state.totals[SITES] += turn
    state.totals[MONEY] += turn * limits.cost[j]
    if unit >= 0 and limits.free[j]:
        before = state.in_unit[unit]
        state.in_unit[unit] += turn
        if min(before, state.in_unit[unit]) == 0:
            state.totals[MONEY] += turn * limits.unit_cost[unit]
    if group >= 0:
        if turn > 0 and state.in_group[group] < limits.least[group]:
            state.totals[MISSING] -= 1
        if turn < 0 and state.in_group[group] <= limits.least[group]:
            state.totals[MISSING] += 1
        state.in_group[group] += turn
    for place in range(limits.near_starts[j], limits.near_starts[j + 1]):
        state.blocks[limits.near[place]] += turn
        state.blocker[limits.near[place]] += turn * j
    if turn > 0:
        state.loss[j] = 0.0
    for way in range(starts[j], starts[j + 1]):
        _serve(points[way], j, turn, rows, row_candidates, worth, state)


@njit(cache=True, nogil=True)
def _serve(point, j, turn, rows, row_candidates, worth, state):  # type: ignore[no-untyped-def]
    """One site more or less serves a demand."""
    amount = worth[point]
    if turn < 0 and state.times[point] == 1:
        state.totals[SERVED] -= amount
        for place in range(rows[point], rows[point + 1]):
            state.gain[row_candidates[place]] += amount
    if turn > 0 and state.times[point] == 1:
        state.loss[state.owner[point]] -= amount
    state.times[point] += turn
    state.owner[point] += turn * j
    if turn < 0 and state.times[point] == 1:
        state.loss[state.owner[point]] += amount
    if turn > 0 and state.times[point] == 1:
        state.totals[SERVED] += amount
        state.loss[j] += amount
        for place in range(rows[point], rows[point + 1]):
            state.gain[row_candidates[place]] -= amount
