"""The kernel of travel time: least accumulated minutes over flat, padded arrays.

Dijkstra's algorithm with a monotone queue in place of a heap. Labels that lie less than the
shortest possible edge above the least one in the queue are final, so they are taken together, in
any order. The others wait in buckets by the highest bit in which they differ from the least label
of the last round (a radix heap; Ahuja, Mehlhorn, Orlin and Tarjan 1990, Journal of the ACM
37(2)): of positive floats the bits ascend as the floats do. The lowest bucket is handed down to
lower ones when its turn comes. Any range of friction is met by the same steps.

A label that improves is queued again and its old entry left behind, so rounding can cost a cell a
second visit but never its minutes.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NO_SOURCE = -1
PADDING = 2
"""Impassable cells around the grid, as far as a knight's move reaches."""

_MOVES = 16
_STRAIGHT_AND_DIAGONAL = 8
_FIRST_ROOM = 4096
_NONE = -1
_BUCKETS = 54
_SHIFT = 11
"""Bits left off the end of a label: the rest is exact as a float, whose exponent tells the
highest bit."""

_EXPONENT, _BIAS = 52, 1022
_READY, _FREE, _SPARE = 0, 0, 1


@njit(cache=True, nogil=True, error_model="numpy")
def spread(  # type: ignore[no-untyped-def]  # noqa: C901
    friction, width, cell_size, least, sixteen, starts, minutes, source, steps, touched
):
    """Fill ``minutes``, ``source`` and ``steps`` from ``starts``; return the cells that were met.

    Parameters
    ----------
    friction : array of float32
        Minutes per metre, flat; NaN impassable, as are ``PADDING`` cells on each side.
    width : int
        Columns with padding.
    cell_size, least : float
        Side of a cell in metres; least friction of a passable cell.
    sixteen : bool
        Knight's moves too.
    starts : array of int64
        Cells at zero minutes; of those that are the same the first counts.
    minutes : array of float64
        Filled beforehand with the number that every label must stay below.
    source : array of int32
        Gets the place in ``starts``; empty where there is one start only.
    steps : array of uint8
        Gets the move that led to each cell, by its row in :func:`moves`; may be empty.
    touched : array of int32
        Room for the cells that got a label; empty when nobody asks.
    """
    offsets, beside, factors = moves(width, cell_size)
    count = _MOVES if sixteen else _STRAIGHT_AND_DIAGONAL
    several, traced, kept = source.size > 0, steps.size > 0, touched.size > 0
    shortest, beyond, met = least * cell_size, minutes[0], 0
    cost, cell, after = np.empty(0), np.empty(0, np.int32), np.empty(0, np.int32)
    heads, stock = np.full(_BUCKETS, _NONE, np.int32), np.array([_NONE, 0])
    last = 0.0
    for place in range(starts.size):
        start = starts[place]
        if minutes[start] == beyond:
            if stock[_SPARE] == 0:
                cost, cell, after = _more_room(cost, cell, after, stock)
            if kept:
                touched = _with_one(touched, met, start)
                met += 1
            minutes[start] = 0.0
            if several:
                source[start] = place
            _push(0.0, start, 0, cost, cell, after, heads, stock)
    while True:
        entry = heads[_READY]
        if entry == _NONE:
            last = _next_round(last, shortest, cost, after, heads)
            if last < 0:
                return touched[:met]
            continue
        heads[_READY] = after[entry]
        after[entry] = stock[_FREE]
        stock[_FREE] = entry
        stock[_SPARE] += 1
        here, label = np.int64(cell[entry]), cost[entry]
        if label != minutes[here]:
            continue
        if stock[_SPARE] < _MOVES:
            cost, cell, after = _more_room(cost, cell, after, stock)
        own, origin = np.float64(friction[here]), source[here] if several else 0
        for move in range(count):
            there = here + offsets[move]
            along = own + friction[there]
            if move >= _STRAIGHT_AND_DIAGONAL:
                along += friction[here + beside[move, 0]]
                along += friction[here + beside[move, 1]]
            found, known = label + along * factors[move], minutes[there]
            # An impassable cell makes it NaN, which is neither.
            if found < known or (several and found == known and origin < source[there]):
                if kept and known == beyond:
                    touched = _with_one(touched, met, there)
                    met += 1
                minutes[there] = found
                if several:
                    source[there] = origin
                if traced:
                    steps[there] = move
                bucket = _bucket(found, last, shortest)
                _push(found, there, bucket, cost, cell, after, heads, stock)


@njit(cache=True, nogil=True)
def moves(width, cell_size):  # type: ignore[no-untyped-def]
    """Offsets, offsets of the two cells that a knight's move crosses, metres a cell of the way."""
    rows = np.array([-1, 0, 0, 1, -1, -1, 1, 1, -2, -2, -1, -1, 1, 1, 2, 2])
    columns = np.array([0, -1, 1, 0, -1, 1, -1, 1, -1, 1, -2, 2, -2, 2, -1, 1])
    beside = np.zeros((_MOVES, 2), dtype=np.int64)
    factors = np.empty(_MOVES)
    for move in range(_MOVES):
        row, column = rows[move], columns[move]
        factors[move] = np.sqrt(row * row + column * column) * cell_size / 2
        if move >= _STRAIGHT_AND_DIAGONAL:
            factors[move] /= 2
            # Along the longer side: one cell on, first in the own line, then in the other's.
            long_row, long_column = row // 2, column // 2
            if abs(row) == 1:
                long_row = 0
            if abs(column) == 1:
                long_column = 0
            beside[move, 0] = long_row * width + long_column
            beside[move, 1] = (row - long_row) * width + column - long_column
    return rows * width + columns, beside, factors


@njit(cache=True, nogil=True)
def _bucket(label, last, shortest):  # type: ignore[no-untyped-def]
    """0 when final, otherwise 1 + the place of the highest bit that differs from ``last``."""
    if label < last + shortest:
        return 0
    key = (np.float64(label).view(np.int64) >> _SHIFT) ^ (np.float64(last).view(np.int64) >> _SHIFT)
    if key == 0:
        return 0
    return (np.float64(key).view(np.int64) >> _EXPONENT) - _BIAS


@njit(cache=True, nogil=True)
def _push(label, there, bucket, cost, cell, after, heads, stock):  # type: ignore[no-untyped-def]
    entry = stock[_FREE]
    stock[_FREE] = after[entry]
    stock[_SPARE] -= 1
    cost[entry] = label
    cell[entry] = there
    after[entry] = heads[bucket]
    heads[bucket] = entry


@njit(cache=True, nogil=True)
def _next_round(last, shortest, cost, after, heads):  # type: ignore[no-untyped-def]
    """Hand the lowest bucket down; return its least label, or -1 when all are empty."""
    bucket = 1
    while bucket < _BUCKETS and heads[bucket] == _NONE:
        bucket += 1
    if bucket == _BUCKETS:
        return -1.0
    first = heads[bucket]
    least, entry = cost[first], after[first]
    while entry != _NONE:
        least = min(least, cost[entry])
        entry = after[entry]
    heads[bucket] = _NONE
    entry = first
    while entry != _NONE:
        following = after[entry]
        lower = _bucket(cost[entry], least, shortest)
        after[entry] = heads[lower]
        heads[lower] = entry
        entry = following
    return least


@njit(cache=True, nogil=True)
def _more_room(cost, cell, after, stock):  # type: ignore[no-untyped-def]
    """Twice the entries, the new ones free."""
    old = cost.size
    size = max(_FIRST_ROOM, 2 * old)
    new_cost, new_cell = np.empty(size), np.empty(size, np.int32)
    new_after = np.empty(size, np.int32)
    new_cost[:old], new_cell[:old], new_after[:old] = cost, cell, after
    for entry in range(old, size):
        new_after[entry] = entry + 1
    new_after[size - 1] = stock[_FREE]
    stock[_FREE] = old
    stock[_SPARE] += size - old
    return new_cost, new_cell, new_after


@njit(cache=True, nogil=True)
def _with_one(cells, count, one):  # type: ignore[no-untyped-def]
    if count == cells.size:
        longer = np.empty(2 * count, np.int32)
        longer[:count] = cells
        cells = longer
    cells[count] = one
    return cells


@njit(cache=True, nogil=True)
def off_road(on_road, source, starts, steps, width):  # type: ignore[no-untyped-def]
    """Share of the length of each cell's way that is off roads, float32; NaN without a way.

    Each way is followed back to the nearest cell that is worked out, then its cells are worked
    out from there: every cell once.
    """
    offsets, beside, factors = moves(width, 1.0)
    length, off = np.full(source.size, np.nan), np.zeros(source.size)
    share = np.full(source.size, np.nan, np.float32)
    way = np.empty(_FIRST_ROOM, np.int32)
    for start in starts:
        length[start] = 0.0
        share[start] = 0.0 if on_road[start] else 1.0
    for last in range(source.size):
        if source[last] == NO_SOURCE:
            continue
        there, count = np.int64(last), 0
        while np.isnan(length[there]):
            way = _with_one(way, count, there)
            count += 1
            there -= offsets[steps[there]]
        for place in range(count - 1, -1, -1):
            there = np.int64(way[place])
            move = steps[there]
            here, factor = there - offsets[move], factors[move]
            parts, bare = 2, np.int64(not on_road[here]) + np.int64(not on_road[there])
            if move >= _STRAIGHT_AND_DIAGONAL:
                parts = 4
                bare += np.int64(not on_road[here + beside[move, 0]])
                bare += np.int64(not on_road[here + beside[move, 1]])
            length[there] = length[here] + parts * factor
            off[there] = off[here] + bare * factor
            share[there] = off[there] / length[there]
    return share
