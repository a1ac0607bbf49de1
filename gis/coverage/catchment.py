"""Supply against demand where catchments overlap: floating catchment areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.coverage.parameters import Decay

_AT_LIMIT = 0.01
"""Weight of the continuous decay at the limit."""


def decay_weights(
    minutes: NDArray[np.floating],
    limit: float,
    decay: Decay,
    bands: Sequence[float],
    band_weights: Sequence[float],
) -> NDArray[np.float64]:
    """Weight of each way: 0 when it is longer than ``limit`` or there is none.

    Parameters
    ----------
    minutes
        Travel times (bases, places), NaN = unreachable.
    limit
        Longest way that counts, minutes, inclusive.
    decay
        ``bands``: the weight of the band, whose upper end belongs to it, and 0 beyond the last;
        ``gaussian``: 1 at the base, falling to 0.01 at the limit.
    bands, band_weights
        Ascending upper ends in minutes, and the weight within each.

    Examples
    --------
    >>> way = np.array([0.0, 30.0, 30.1, 120.0, np.nan])
    >>> decay_weights(way, 100.0, "bands", (30, 60, 120), (1, 0.68, 0.22)).tolist()
    [1.0, 1.0, 0.68, 0.0, 0.0]
    >>> decay_weights(way, 120.0, "gaussian", (), ()).round(2).tolist()
    [1.0, 0.75, 0.75, 0.01, 0.0]
    """
    far = np.where(np.isnan(minutes), np.inf, minutes).astype(np.float64)
    if decay == "bands":
        weights = np.append(np.asarray(band_weights, dtype=np.float64), 0.0)
        found = weights[np.searchsorted(np.asarray(bands, dtype=np.float64), far, side="left")]
    else:
        found = _AT_LIMIT ** ((far / limit) ** 2)
    return np.where(far <= limit, found, 0.0)


def base_ratios(
    supply: NDArray[np.float64],
    demand: NDArray[np.float64],
    weights: NDArray[np.float64],
    able: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """First step: hectares that a base can serve for each weighted hectare of its catchment.

    Parameters
    ----------
    supply
        Hectares each base can serve (bases,).
    demand
        Hectares (places, crops); a place of which one is unknown (NaN) takes no part.
    weights
        Of the way from base to place (bases, places), see :func:`decay_weights`.
    able
        Which base can serve which crop (bases, crops): it counts in its catchment no other.

    Returns
    -------
    float64 (bases,)
        NaN where no demand lies in the catchment: a ratio to nothing says nothing.
    """
    catchment = (weights * _for_base(demand, able)).sum(axis=1)
    nobody = np.full(len(supply), np.nan)
    ratios: NDArray[np.float64] = np.divide(supply, catchment, out=nobody, where=catchment > 0)
    return ratios


def enhanced_two_step(
    supply: NDArray[np.float64],
    demand: NDArray[np.float64],
    weights: NDArray[np.float64],
    able: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Supply/demand ratio of each place by enhanced two-step floating catchment areas.

    Parameters are those of :func:`base_ratios`.

    Returns
    -------
    float64 (places,)
        Sum over the bases within reach of the base's ratio times the weight of the way times the
        share of the place's demand that the base can serve (1 at a place without demand, if it can
        serve anything); 0 where no base reaches; NaN where the demand is unknown. A base without
        demand in its catchment adds nothing. The sum of ratio times demand over all places is the
        supply of the bases that have demand in their catchment.

    Notes
    -----
    Luo, W. and Qi, Y. (2009): An enhanced two-step floating catchment area (E2SFCA) method for
    measuring spatial accessibility to primary care physicians. Health & Place 15(4), 1100-1107.
    (Theirs has one kind of demand; with a base that serves every crop this is theirs.)

    Examples
    --------
    Two bases of 60 and 50 ha; the second place is in both catchments:

    >>> weights = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.5]])
    >>> demand, every = np.array([[40.0], [40.0], [20.0]]), np.array([[True], [True]])
    >>> enhanced_two_step(np.array([60.0, 50.0]), demand, weights, every).tolist()
    [1.0, 1.5, 0.5]
    """
    ratios = np.nan_to_num(base_ratios(supply, demand, weights, able), nan=0.0)
    total = demand.sum(axis=1)
    anything = np.zeros(weights.shape)
    anything[able.any(axis=1)] = 1.0
    share = np.divide(_for_base(demand, able), total, out=anything, where=total > 0)
    found = (ratios[:, None] * weights * share).sum(axis=0)
    return np.where(np.isnan(total), np.nan, found)


def _for_base(demand: NDArray[np.float64], able: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Hectares of each place that each base can serve (bases, places)."""
    known = demand.copy()
    known[np.isnan(demand.sum(axis=1))] = 0.0
    found: NDArray[np.float64] = able.astype(np.float64) @ known.T
    return found
