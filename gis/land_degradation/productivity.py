"""Land productivity: trend, state and performance together give five classes of dynamics.

Rules of the UNCCD reporting manual for the 2026 round and of Trends.Earth, which agree on all
rows; Good Practice Guidance version 2 (2021) differs on three.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.codes import DEGRADED, IMPROVED, STABLE
from gis.land_degradation.performance import land_units, performance, performance_reference
from gis.land_degradation.productivity_kernel import combine, recode
from gis.land_degradation.state import period_mean, state, state_z, z_degradation

__all__ = [
    "RULES",
    "Rules",
    "land_units",
    "performance",
    "performance_reference",
    "period_mean",
    "productivity_degradation",
    "productivity_dynamics",
    "state",
    "state_degradation",
    "state_z",
    "trend_degradation",
    "z_degradation",
]

Codes: TypeAlias = NDArray[np.int16]
Rules = Literal["unccd-2026", "gpg-v2"]
RULES: tuple[Rules, ...] = ("unccd-2026", "gpg-v2")
_CODES = np.iinfo(np.int16)
_DOWN, _SAME, _UP = DEGRADED, STABLE, IMPROVED
_TREND = np.array([_DOWN, _DOWN, _SAME, _SAME, _SAME, _UP, _UP], dtype=np.int16)
_STATE = np.array([_DOWN] * 9 + [_SAME] * 3 + [_UP] * (_CODES.max - 1), dtype=np.int16)
_FIVE = np.array([_DOWN, _DOWN, _SAME, _SAME, _UP], dtype=np.int16)

# Rows: trend -1, 0, 1 and in it state -1, 0, 1; columns: performance -1, 0, 1. The reference
# writes performance as -1 or 0; 1 is as good as 0.
_DYNAMICS: dict[Rules, tuple[tuple[int, int, int], ...]] = {
    "unccd-2026": (
        *((1, 1, 1), (1, 1, 1), (1, 1, 1)),
        *((1, 2, 2), (3, 4, 4), (4, 4, 4)),
        *((2, 5, 5), (5, 5, 5), (5, 5, 5)),
    ),
    "gpg-v2": (
        *((1, 1, 1), (1, 3, 3), (1, 1, 1)),
        *((1, 3, 3), (2, 4, 4), (4, 4, 4)),
        *((2, 5, 5), (5, 5, 5), (5, 5, 5)),
    ),
}


def trend_degradation(significance: Codes) -> Codes:
    """A trend significant at 95 % as decline or gain.

    Parameters
    ----------
    significance
        -3..3 as :func:`gis.land_degradation.trend.significance` gives them.

    Returns
    -------
    array of int16
        -3, -2 -> -1; -1, 0, 1 -> 0; 2, 3 -> 1; any other code unchanged, as in ``recode_traj``.

    Examples
    --------
    >>> trend_degradation(np.int16([-3, -1, 0, 2, -32768]))
    array([    -1,      0,      0,      1, -32768], dtype=int16)
    """
    return _recoded(significance, _TREND, -3, others_stay=True)


def state_degradation(change: Codes) -> Codes:
    """A change of two percentile classes and more as decline or gain.

    Parameters
    ----------
    change
        Classes gained or lost, as :func:`state` gives them.

    Returns
    -------
    array of int16
        -10..-2 -> -1; -1, 0, 1 -> 0; 2 and more -> 1; below -10 -> ``NO_DATA``.

    Examples
    --------
    >>> state_degradation(np.int16([-10, -2, -1, 1, 2, -11]))
    array([    -1,     -1,      0,      0,      1, -32768], dtype=int16)
    """
    return _recoded(change, _STATE, -10)


def productivity_dynamics(
    trend: Codes, state: Codes, performance: Codes, rules: Rules = "unccd-2026"
) -> Codes:
    """Five classes of land productivity dynamics from the three measures.

    Parameters
    ----------
    trend, state
        -1 degraded, 0 stable, 1 improved.
    performance
        -1 degraded; 0 or 1 not.
    rules
        ``unccd-2026``: table 13 of the reporting manual, equal to ``calc_prod5`` of Trends.Earth.
        ``gpg-v2``: Good Practice Guidance version 2, whose three classes differ on three rows;
        they are written as 3 (stable) and 2 (degraded).

    Returns
    -------
    array of int16
        1 declining, 2 moderate decline, 3 stable but stressed, 4 stable, 5 increasing.
        ``OUTSIDE`` where one of the three is outside; else ``NO_DATA`` where one of them is no
        data or no such code. The reference takes -32767 for a value; here it stays outside.

    Raises
    ------
    BadParameter
        When the rules are unknown.
    GridMismatch
        When shapes differ.

    Examples
    --------
    >>> trend, state, performance = np.int16([-1, 0, 0]), np.int16([0, 0, -1]), np.int16([0, -1, 0])
    >>> productivity_dynamics(trend, state, performance)
    array([1, 3, 2], dtype=int16)
    >>> productivity_dynamics(trend, state, performance, rules="gpg-v2")
    array([3, 2, 3], dtype=int16)
    """
    if rules not in _DYNAMICS:
        raise BadParameter("rules", rules, RULES)
    shape = require_one_shape(trend=trend, state=state, performance=performance)
    flat = [flat_codes(codes) for codes in (trend, state, performance)]
    dynamics = np.empty(flat[0].size, dtype=np.int16)
    combine(*flat, np.array(_DYNAMICS[rules], dtype=np.int16).ravel(), dynamics)
    return dynamics.reshape(shape)


def productivity_degradation(dynamics: Codes) -> Codes:
    """Five classes as three.

    Parameters
    ----------
    dynamics
        1..5, computed or from a ready-made map (JRC, FAO-WOCAT), where 0 and 15 are no data.

    Returns
    -------
    array of int16
        1, 2 -> -1; 3, 4 -> 0; 5 -> 1; ``OUTSIDE`` stays; any other code -> ``NO_DATA``. (The
        status of the reference takes 15 over; it is no class there either.)

    Examples
    --------
    >>> productivity_degradation(np.int16([1, 2, 3, 4, 5, 15])).tolist()
    [-1, -1, 0, 0, 1, -32768]
    """
    return _recoded(dynamics, _FIVE, 1)


def _recoded(codes: Codes, table: Codes, lowest: int, others_stay: bool = False) -> Codes:
    flat = flat_codes(codes)
    recoded = np.empty(flat.size, dtype=np.int16)
    recode(flat, table, np.int32(lowest), others_stay, recoded)
    return recoded.reshape(np.shape(codes))
