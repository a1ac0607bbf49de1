"""Compiled passes of state, performance and the table of productivity dynamics."""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.grid import NO_DATA, OUTSIDE

CLASSES = 10
_UNKNOWN = np.int16(NO_DATA)
_OUTSIDE = np.int16(OUTSIDE)


@njit(nogil=True, cache=True, error_model="numpy")
def recode(codes, table, lowest, others_stay, recoded):  # type: ignore[no-untyped-def]
    """Fill from a table of the codes ``lowest`` and up; others stay or become no data.

    Outside stays outside.
    """
    for cell in range(len(codes)):
        code = codes[cell]
        place = np.int32(code) - lowest
        if 0 <= place < len(table):
            recoded[cell] = table[place]
        elif code == _OUTSIDE or others_stay:
            recoded[cell] = code
        else:
            recoded[cell] = _UNKNOWN


@njit(nogil=True, cache=True, error_model="numpy")
def combine(trend, state, performance, table, dynamics):  # type: ignore[no-untyped-def]
    """Fill 1..5 from three codes -1, 0, 1; ``table`` is flat, the first code slowest."""
    for cell in range(len(trend)):
        first, second, third = trend[cell], state[cell], performance[cell]
        one, two, three = np.int32(first) + 1, np.int32(second) + 1, np.int32(third) + 1
        if 0 <= one < 3 and 0 <= two < 3 and 0 <= three < 3:
            dynamics[cell] = table[9 * one + 3 * two + three]
        elif first == _OUTSIDE or second == _OUTSIDE or third == _OUTSIDE:
            dynamics[cell] = _OUTSIDE
        else:
            dynamics[cell] = _UNKNOWN


@njit(nogil=True, cache=True, error_model="numpy")
def mean_of(series, mean):  # type: ignore[no-untyped-def]
    """Fill the mean over all years; NaN where one of them is."""
    for cell in range(len(mean)):
        mean[cell] = _mean(series, cell)


@njit(nogil=True, cache=True, error_model="numpy")
def class_change(baseline, recent, least, rounding, change):  # type: ignore[no-untyped-def]
    """Fill the change of percentile class from the baseline's mean to the recent one.

    ``rounding`` is by how much equal numbers may differ.
    """
    years = baseline.shape[0]
    values = np.empty(years + 2, dtype=np.float64)
    for cell in range(len(change)):
        early, late = _mean(baseline, cell), _mean(recent, cell)
        if np.isnan(early) or np.isnan(late):
            change[cell] = _UNKNOWN
        elif abs(late - early) <= least + rounding:
            change[cell] = 0
        else:
            _extended(baseline, cell, values)
            change[cell] = _class(values, late - rounding) - _class(values, early - rounding)


@njit(nogil=True, cache=True, error_model="numpy")
def score_of_means(baseline, recent, z):  # type: ignore[no-untyped-def]
    """Fill (recent mean - baseline mean) / (SD of the baseline / root of the recent years)."""
    years = baseline.shape[0]
    for cell in range(len(z)):
        early, late = _mean(baseline, cell), _mean(recent, cell)
        squares = 0.0
        for year in range(years):
            squares += (baseline[year, cell] - early) ** 2
        spread = np.sqrt(squares / years)
        if spread > 0:
            z[cell] = (late - early) / spread * np.sqrt(np.float64(recent.shape[0]))
        else:
            z[cell] = np.float32(0) if late == early else np.float32((late - early) * np.inf)


@njit(nogil=True, cache=True, error_model="numpy")
def share_of_reference(mean, units, known, reference, codes):  # type: ignore[no-untyped-def]
    """Fill -1 where a mean is at most half its unit's reference, else 0.

    ``known`` are the codes of units, ascending, ``reference`` the value of each. No data is not
    among them.
    """
    last = 0
    for cell in range(len(mean)):
        unit = units[cell]
        if unit == _OUTSIDE or mean[cell] == _OUTSIDE:
            codes[cell] = _OUTSIDE
            continue
        if last == len(known) or known[last] != unit:
            last = np.searchsorted(known, unit)
        found = last < len(known) and known[last] == unit and reference[last] != 0
        if found and not np.isnan(mean[cell]) and mean[cell] != _UNKNOWN:
            codes[cell] = -1 if mean[cell] / reference[last] <= 0.5 else 0
        else:
            codes[cell] = _UNKNOWN


@njit(nogil=True, cache=True, error_model="numpy")
def gather_units(mean, place, starts, grouped):  # type: ignore[no-untyped-def]
    """Sort the values of the cells by unit: unit ``u`` from ``starts[u]`` on; -1 = none."""
    free = starts.copy()
    for cell in range(len(mean)):
        unit = place[cell]
        if unit >= 0:
            grouped[free[unit]] = mean[cell]
            free[unit] += 1


@njit(nogil=True, cache=True, error_model="numpy")
def _mean(series, cell):  # type: ignore[no-untyped-def]
    total = 0.0
    for year in range(series.shape[0]):
        total += series[year, cell]
    return total / series.shape[0]


@njit(nogil=True, cache=True, error_model="numpy")
def _extended(baseline, cell, values):  # type: ignore[no-untyped-def]
    """The baseline's values in order, with one 5 % of the range below and one above them."""
    years = baseline.shape[0]
    for year in range(years):
        value = np.float64(baseline[year, cell])
        slot = year + 1
        while slot > 1 and values[slot - 1] > value:
            values[slot] = values[slot - 1]
            slot -= 1
        values[slot] = value
    margin = 0.05 * (values[years] - values[1])
    values[0] = values[1] - margin
    values[years + 1] = values[years] + margin


@njit(nogil=True, cache=True, error_model="numpy")
def _class(values, mean):  # type: ignore[no-untyped-def]
    """1 up to the first decile of ordered values, 10 above the ninth; deciles interpolated."""
    steps = len(values) - 1
    found = 1
    for decile in range(1, CLASSES):
        low = decile * steps // CLASSES
        share = (decile * steps % CLASSES) / CLASSES
        # The ninth decile of one value would ask for the next one.
        high = min(low + 1, steps)
        found += mean > values[low] + share * (values[high] - values[low])
    return found
