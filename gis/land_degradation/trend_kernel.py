"""Compiled passes of the trend: a strip of cells at a time, year by year.

A strip of each year stays in cache while every pair of years is compared over it, so the compiler
can compare many cells with one instruction. Nothing is reordered or fused: a block of a raster
gives the same bits as the whole.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.grid import NO_DATA, OUTSIDE

_STRIP = 1024
_UNKNOWN = np.int16(NO_DATA)
_OUTSIDE = np.int16(OUTSIDE)


@njit(nogil=True, cache=True, error_model="numpy")
def slope_and_score(series, weights, slope, score, equal):  # type: ignore[no-untyped-def]
    """Fill slope, S and the number of pairs of equal years of each cell.

    ``series`` is (year, cell); ``weights`` are the years' deviations from their mean, divided by
    the sum of their squares. A cell that lacks a year gets NaN, ``NO_DATA`` and 0.
    """
    years, cells = series.shape
    sums = np.empty(_STRIP, dtype=np.float64)
    scores = np.empty(_STRIP, dtype=np.int32)
    pairs = np.empty(_STRIP, dtype=np.int32)
    for left in range(0, cells, _STRIP):
        right = min(left + _STRIP, cells)
        sums[:] = 0
        scores[:] = 0
        pairs[:] = 0
        first = series[0, left:right]
        for later in range(years):
            strip = series[later, left:right]
            weight = weights[later]
            # From the first year's value, so that equal values give exactly 0.
            for cell in range(right - left):
                sums[cell] += weight * (np.float64(strip[cell]) - np.float64(first[cell]))
            for earlier in range(later):
                _compare(series[earlier, left:right], strip, scores, pairs)
        for cell in range(right - left):
            known = not np.isnan(sums[cell])
            slope[left + cell] = np.float32(sums[cell])
            score[left + cell] = np.int16(scores[cell]) if known else _UNKNOWN
            equal[left + cell] = np.int16(pairs[cell]) if known else np.int16(0)


@njit(nogil=True, cache=True, error_model="numpy")
def _compare(earlier, later, scores, pairs):  # type: ignore[no-untyped-def]
    for cell in range(len(later)):
        scores[cell] += np.int32(later[cell] > earlier[cell])
        scores[cell] -= np.int32(later[cell] < earlier[cell])
        pairs[cell] += np.int32(later[cell] == earlier[cell])


@njit(nogil=True, cache=True, error_model="numpy")
def tie_keys(series, cells, primes, keys):  # type: ignore[no-untyped-def]
    """Fill the key of the groups of equal years of some cells: the product of their primes.

    ``primes[size]`` stands for a group of that size, so a key names one set of groups.
    """
    years = series.shape[0]
    values = np.empty(years, dtype=np.float32)
    for place in range(len(cells)):
        for year in range(years):
            value = series[year, cells[place]]
            slot = year
            while slot > 0 and values[slot - 1] > value:
                values[slot] = values[slot - 1]
                slot -= 1
            values[slot] = value
        key = np.int64(1)
        size = 1
        for year in range(1, years):
            if values[year] == values[year - 1]:
                size += 1
            else:
                key *= primes[size]
                size = 1
        keys[place] = key * primes[size]


@njit(nogil=True, cache=True, error_model="numpy")
def untied_p(score, table, p):  # type: ignore[no-untyped-def]
    """Fill p of cells without equal years; NaN where S is unknown."""
    for cell in range(len(score)):
        known = score[cell] != _UNKNOWN
        p[cell] = table[abs(np.int32(score[cell]))] if known else np.float32(np.nan)


@njit(nogil=True, cache=True, error_model="numpy")
def class_by_score(slope, score, limits, least, codes):  # type: ignore[no-untyped-def]
    """Fill -3..3 from the slope's sign and abs(S): at ``limits[0]`` and below it is 0."""
    for cell in range(len(score)):
        high = abs(np.int32(score[cell]))
        rank = (high > limits[0]) + (high > limits[0] and high >= limits[1])
        rank += high > limits[0] and high >= limits[2]
        codes[cell] = _signed(rank, slope[cell], least, score[cell])


@njit(nogil=True, cache=True, error_model="numpy")
def class_by_p(slope, score, p, levels, least, codes):  # type: ignore[no-untyped-def]
    """Fill -3..3 from the slope's sign and p: at ``levels`` and below it is significant."""
    for cell in range(len(score)):
        chance = p[cell]
        rank = (chance <= levels[0]) + (chance <= levels[1]) + (chance <= levels[2])
        known = np.float32(np.nan) if np.isnan(chance) else slope[cell]
        codes[cell] = _signed(rank, known, least, score[cell])


@njit(nogil=True, cache=True, error_model="numpy")
def _signed(rank, slope, least, score):  # type: ignore[no-untyped-def]
    if score == _OUTSIDE:
        return _OUTSIDE
    if score == _UNKNOWN or np.isnan(slope):
        return _UNKNOWN
    if abs(slope) <= least:
        return np.int16(0)
    return np.int16(rank) if slope > 0 else np.int16(-rank)
