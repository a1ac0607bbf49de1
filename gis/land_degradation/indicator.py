"""SDG indicator 15.3.1 out of its three parts, and its status against the baseline.

After the reference implementation (Trends.Earth, ``calc_deg_sdg`` and ``sdg_status_expanded``) and
the UNCCD reporting manual for the 2026 round (SO1, figure 4). Unlike there, a cell outside the
area in any input is outside in the result; the reference does not treat -32767 as no data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.errors import BadParameter
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.codes import DEGRADED, IMPROVED, STABLE

MISSING = ("reference", "available")
"""What a missing part does: overrides the known ones, or leaves them to decide."""

_STATUS = np.array([[1, 3, 6], [2, 4, 6], [2, 5, 7]], dtype=np.int16)
"""Rows baseline degraded, stable, improved; columns reporting period."""


def one_out_all_out(
    productivity: NDArray[Any],
    land_cover: NDArray[Any],
    soil_carbon: NDArray[Any],
    missing: str = "reference",
) -> NDArray[np.int16]:
    """Degraded where one part is, else improved where one part is, else stable.

    Parameters
    ----------
    productivity, land_cover, soil_carbon
        Codes -1 degraded, 0 stable, 1 improved, one shape; ``NO_DATA``, ``OUTSIDE``. A code that
        is none of these is no data.
    missing
        ``reference``: no data in one part makes the cell no data, even where another part is
        degraded, as the reference does. ``available``: the known parts decide; no data only where
        all three are missing. Initial-year water, missing in soil carbon, then counts by the
        other two.

    Returns
    -------
    array of int16
        -1, 0, 1, ``NO_DATA``, ``OUTSIDE``; the shape of the inputs, which are not changed.

    Raises
    ------
    GridMismatch
        When the inputs differ in shape.
    BadParameter
        When ``missing`` is none of ``MISSING``.

    Examples
    --------
    >>> parts = np.array([[0, 0, -1], [0, 1, 1], [0, 0, -32768]], dtype=np.int16)
    >>> one_out_all_out(*parts)
    array([     0,      1, -32768], dtype=int16)
    >>> one_out_all_out(*parts, missing="available")
    array([ 0,  1, -1], dtype=int16)
    """
    if missing not in MISSING:
        raise BadParameter("missing", missing, ", ".join(MISSING))
    arrays = [np.asarray(part) for part in (productivity, land_cover, soil_carbon)]
    shape = require_one_shape(productivity=arrays[0], land_cover=arrays[1], soil_carbon=arrays[2])
    combined = np.empty(arrays[0].size, dtype=np.int16)
    kernel = _combine if missing == "reference" else _combine_available
    kernel(*[flat_codes(part) for part in arrays], combined)
    return combined.reshape(shape)


def status(baseline: NDArray[Any], reporting: NDArray[Any]) -> NDArray[np.int16]:
    """How a reporting period stands against the baseline.

    Parameters
    ----------
    baseline, reporting
        The indicator of each: -1, 0, 1, ``NO_DATA``, ``OUTSIDE``; one shape.

    Returns
    -------
    array of int16
        1 persistent degradation, 2 recent degradation, 3 baseline degradation, 4 stability,
        5 baseline improvement, 6 recent improvement, 7 persistent improvement, ``NO_DATA``,
        ``OUTSIDE``.

    Raises
    ------
    GridMismatch
        When the inputs differ in shape.

    Examples
    --------
    >>> status(np.int16([-1, -1, 1]), np.int16([-1, 0, 1]))
    array([1, 3, 7], dtype=int16)
    """
    first, second = np.asarray(baseline), np.asarray(reporting)
    shape = require_one_shape(baseline=first, reporting=second)
    found = np.empty(first.size, dtype=np.int16)
    _compare(flat_codes(first), flat_codes(second), _STATUS, found)
    return found.reshape(shape)


def status_degradation(status: NDArray[Any]) -> NDArray[np.int16]:
    """The seven classes of :func:`status` as three: 1 to 3 degraded, 4 stable, 5 to 7 improved.

    Examples
    --------
    >>> status_degradation(np.arange(8, dtype=np.int16))
    array([-32768,     -1,     -1,     -1,      0,      1,      1,      1],
          dtype=int16)
    """
    classes = np.asarray(status)
    found = np.empty(classes.size, dtype=np.int16)
    _simplify(flat_codes(classes), found)
    return found.reshape(classes.shape)


@njit(cache=True, nogil=True)
def _combine(productivity, land_cover, soil_carbon, out):  # type: ignore[no-untyped-def]
    for cell in range(out.size):
        a, b, c = productivity[cell], land_cover[cell], soil_carbon[cell]
        worst, best = min(a, min(b, c)), max(a, max(b, c))
        found = DEGRADED if worst < 0 else best
        found = NO_DATA if (worst < DEGRADED) | (best > IMPROVED) else found
        outside = (a == OUTSIDE) | (b == OUTSIDE) | (c == OUTSIDE)
        out[cell] = OUTSIDE if outside else found


@njit(cache=True, nogil=True)
def _combine_available(productivity, land_cover, soil_carbon, out):  # type: ignore[no-untyped-def]
    for cell in range(out.size):
        a, b, c = productivity[cell], land_cover[cell], soil_carbon[cell]
        degraded = (a == DEGRADED) | (b == DEGRADED) | (c == DEGRADED)
        improved = (a == IMPROVED) | (b == IMPROVED) | (c == IMPROVED)
        stable = (a == STABLE) | (b == STABLE) | (c == STABLE)
        found = STABLE if stable else NO_DATA
        found = IMPROVED if improved else found
        found = DEGRADED if degraded else found
        outside = (a == OUTSIDE) | (b == OUTSIDE) | (c == OUTSIDE)
        out[cell] = OUTSIDE if outside else found


@njit(cache=True, nogil=True)
def _compare(baseline, reporting, table, out):  # type: ignore[no-untyped-def]
    for cell in range(out.size):
        a, b = baseline[cell], reporting[cell]
        known = (a >= DEGRADED) & (a <= IMPROVED) & (b >= DEGRADED) & (b <= IMPROVED)
        if known:
            out[cell] = table[a + 1, b + 1]
        else:
            out[cell] = OUTSIDE if (a == OUTSIDE) | (b == OUTSIDE) else NO_DATA


@njit(cache=True, nogil=True)
def _simplify(status, out):  # type: ignore[no-untyped-def]
    for cell in range(out.size):
        code = status[cell]
        found = DEGRADED if code < 4 else IMPROVED
        found = STABLE if code == 4 else found
        found = NO_DATA if (code < 1) | (code > 7) else found
        out[cell] = OUTSIDE if code == OUTSIDE else found
