"""The kernels of travel time: least accumulated minutes over flat arrays of padded cells.

Dijkstra's algorithm with buckets in place of a heap (Dial 1969, Communications of the ACM 12).
Labels are counted in ticks, the cost of the shortest possible move: those of one tick cannot
improve each other, so they are taken together, in any order. Ticks are numbers of eight digits to
the base 256. A label waits under the highest digit in which it differs from now, and is handed
down when that digit comes up (Denardo and Fox 1979, Operations Research 27), so that any range of
friction is met in a few steps.

A label that improves is queued again, and the entry that it had is passed over. What a cell knows
lies together: neighbours share lines of cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

NO_SOURCE = -1
PADDING = 2
"""Impassable cells around the grid, as far as a knight's move reaches."""

MOST_TICKS = 2.0**60
"""Ticks that a label may have."""

_ENTRY = np.dtype([("minutes", np.float64), ("cell", np.int32), ("after", np.int32)])
_NONE = -1
_MOVES = 16
_KNIGHTS = 8
"""Moves from here on are those of the knight."""
_ROOM = 4096
_DIGITS, _BITS, _BASE = 8, 8, 256
_FREE, _SPARE, _MET = 0, 1, 2


def cell_type(friction: np.dtype[Any]) -> np.dtype[Any]:
    """What a cell knows; friction keeps its own precision."""
    kind = np.float32 if friction.kind == "f" and friction.itemsize <= 4 else np.float64
    fields = [("minutes", np.float64), ("friction", kind), ("source", np.int32)]
    return np.dtype(fields, align=True)


@njit(cache=True, nogil=True, error_model="numpy")
def spread(cells, ways, tick, starts, steps, met):  # type: ignore[no-untyped-def]
    """Fill minutes and sources from ``starts``; return the cells that were met.

    Parameters
    ----------
    cells : array of cell_type
        ``minutes`` filled with the number that every label must stay below; ``friction`` in
        minutes per metre, NaN impassable, as is the padding.
    ways
        What :func:`moves` gives.
    tick : float
        Minutes of the shortest possible move, or more.
    starts : array of int64
        Cells at zero minutes; of those that are the same the first counts.
    steps : array of uint8
        Gets the number of the move that led to each cell; empty when nobody asks.
    met : array of int32
        Room for the cells that get a label; empty when nobody asks.
    """
    beyond, ticks = cells[0].minutes, 1 / tick
    heads = np.full(_DIGITS * _BASE, _NONE, np.int32)
    state = np.array([_NONE, 0, 0])
    queue = _longer_queue(np.empty(0, _ENTRY), starts.size + _MOVES, state)
    kept = met.size > 0
    if kept:
        met = _longer(met, starts.size + _MOVES)
    for place in range(starts.size):
        start = starts[place]
        if cells[start].minutes == beyond:
            cells[start].minutes = 0.0
            cells[start].source = place
            if kept:
                _keep(start, met, state)
            _push(0.0, start, 0, queue, heads, state)
    now = np.int64(0)
    while now >= 0:
        entry = heads[now % _BASE]
        heads[now % _BASE] = _NONE
        while entry != _NONE:
            here, label = np.int64(queue[entry].cell), queue[entry].minutes
            entry = _pop(entry, queue, state)
            if label == cells[here].minutes:
                if state[_SPARE] < _MOVES:
                    queue = _longer_queue(queue, queue.size, state)
                if kept and state[_MET] + _MOVES > met.size:
                    met = _longer(met, met.size)
                _move_on(here, now, ticks, beyond, cells, ways, queue, heads, state, steps, met)
        now = _next_tick(now, ticks, queue, heads)
    return met[: state[_MET]]


@njit(cache=True, nogil=True, error_model="numpy")
def _move_on(here, now, ticks, beyond, cells, ways, queue, heads, state, steps, met):  # type: ignore[no-untyped-def]
    offsets, beside, factors = ways
    traced, kept = steps.size > 0, met.size > 0
    label, own, source = (
        cells[here].minutes,
        np.float64(cells[here].friction),
        cells[here].source,
    )
    for move in range(offsets.size):
        there = here + offsets[move]
        along = own + cells[there].friction
        if move >= _KNIGHTS:
            along += cells[here + beside[move, 0]].friction
            along += cells[here + beside[move, 1]].friction
        # Of an impassable cell it is NaN, which nothing equals.
        found, known = label + along * factors[move], cells[there].minutes
        if found <= known and (found < known or source < cells[there].source):
            if kept and known == beyond:
                _keep(there, met, state)
            cells[there].minutes = found
            cells[there].source = source
            if traced:
                steps[there] = move
            _push(found, there, _bucket(np.int64(found * ticks), now), queue, heads, state)


@njit(cache=True, nogil=True)
def moves(width, cell_size, neighbours):  # type: ignore[no-untyped-def]
    """How cells are joined.

    Returns
    -------
    offsets : array of int64, (moves,)
        From a cell to its neighbours, in flat cells.
    beside : array of int64, (moves, 2)
        To the two other cells that a knight's move touches.
    factors : array of float64, (moves,)
        Metres in each of the cells that a move touches: two, or four.
    """
    rows = np.array([-1, 0, 0, 1, -1, -1, 1, 1, -2, -2, -1, -1, 1, 1, 2, 2])[:neighbours]
    columns = np.array([0, -1, 1, 0, -1, 1, -1, 1, -1, 1, -2, 2, -2, 2, -1, 1])[:neighbours]
    offsets = rows * width + columns
    factors = np.sqrt(rows**2 + columns**2) * cell_size / 2
    factors[_KNIGHTS:] /= 2
    beside = np.zeros((neighbours, 2), dtype=np.int64)
    for move in range(_KNIGHTS, neighbours):
        # One cell along the longer side; then the same seen from the other end.
        down = rows[move] // 2 if abs(rows[move]) == 2 else 0
        right = columns[move] // 2 if abs(columns[move]) == 2 else 0
        beside[move, 0] = down * width + right
        beside[move, 1] = offsets[move] - beside[move, 0]
    return offsets, beside, factors


@njit(cache=True, nogil=True)
def off_road(on_road, cells, starts, steps, ways):  # type: ignore[no-untyped-def]
    """Share of the length of each cell's way that is off roads, float32; NaN without a way.

    A way is followed back to the nearest cell that is worked out, and its cells are worked out
    from there: each once.
    """
    offsets, beside, factors = ways
    length, off = np.full(cells.size, np.nan), np.zeros(cells.size)
    share = np.full(cells.size, np.nan, np.float32)
    way = np.empty(_ROOM, np.int32)
    for start in starts:
        length[start] = 0.0
        share[start] = 0.0 if on_road[start] else 1.0
    for last in range(cells.size):
        there, count = np.int64(last), 0
        while cells[there].source != NO_SOURCE and np.isnan(length[there]):
            if count == way.size:
                way = _longer(way, count)
            way[count] = there
            count += 1
            there -= offsets[steps[there]]
        for place in range(count - 1, -1, -1):
            there = np.int64(way[place])
            move = steps[there]
            here = there - offsets[move]
            touched, bare = 2, np.int64(not on_road[here]) + np.int64(not on_road[there])
            if move >= _KNIGHTS:
                touched = 4
                bare += np.int64(not on_road[here + beside[move, 0]])
                bare += np.int64(not on_road[here + beside[move, 1]])
            length[there] = length[here] + touched * factors[move]
            off[there] = off[here] + bare * factors[move]
            share[there] = off[there] / length[there]
    return share


@njit(cache=True, nogil=True)
def _bucket(key, now):  # type: ignore[no-untyped-def]
    """Place of the list in which a tick waits: the highest digit that differs, and its value."""
    differing, digit = key ^ now, 0
    while differing >= _BASE:
        differing >>= _BITS
        digit += 1
    return digit * _BASE + (key >> (digit * _BITS)) % _BASE


@njit(cache=True, nogil=True)
def _next_tick(now, ticks, queue, heads):  # type: ignore[no-untyped-def]
    """The next tick with a label, its list handed down to the last digit; -1 after the last."""
    digit = 0
    while digit < _DIGITS:
        shift = digit * _BITS
        value = (now >> shift) % _BASE
        while value < _BASE and heads[digit * _BASE + value] == _NONE:
            value += 1
        if value == _BASE:
            digit += 1
            continue
        now = (((now >> shift) // _BASE) * _BASE + value) << shift
        if digit == 0:
            return now
        entry = heads[digit * _BASE + value]
        heads[digit * _BASE + value] = _NONE
        while entry != _NONE:
            after = queue[entry].after
            lower = _bucket(np.int64(queue[entry].minutes * ticks), now)
            queue[entry].after = heads[lower]
            heads[lower] = entry
            entry = after
        digit = 0
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _push(minutes, cell, bucket, queue, heads, state):  # type: ignore[no-untyped-def]
    entry = state[_FREE]
    state[_FREE] = queue[entry].after
    state[_SPARE] -= 1
    queue[entry].minutes = minutes
    queue[entry].cell = cell
    queue[entry].after = heads[bucket]
    heads[bucket] = entry


@njit(cache=True, nogil=True)
def _pop(entry, queue, state):  # type: ignore[no-untyped-def]
    """Give an entry back; the one behind it."""
    after = queue[entry].after
    queue[entry].after = state[_FREE]
    state[_FREE] = entry
    state[_SPARE] += 1
    return after


@njit(cache=True, nogil=True)
def _keep(cell, met, state):  # type: ignore[no-untyped-def]
    met[state[_MET]] = cell
    state[_MET] += 1


@njit(cache=True, nogil=True)
def _longer_queue(queue, more, state):  # type: ignore[no-untyped-def]
    """Room for more entries, which are free."""
    old = queue.size
    size = old + max(more, _ROOM)
    longer = np.empty(size, _ENTRY)
    longer[:old] = queue
    for entry in range(old, size):
        longer[entry].after = entry + 1
    longer[size - 1].after = state[_FREE]
    state[_FREE] = old
    state[_SPARE] += size - old
    return longer


@njit(cache=True, nogil=True)
def _longer(values, more):  # type: ignore[no-untyped-def]
    longer = np.empty(values.size + max(more, _ROOM), np.int32)
    longer[: values.size] = values
    return longer
