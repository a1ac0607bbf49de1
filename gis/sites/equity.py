"""The least share of each district's demand: which candidates would fall short of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.sites.candidates import Candidates
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces

_SAME = 1e-9
"""Share that rounding may be off."""


def unequal(
    offered: Candidates,
    places: DemandPlaces,
    worth: NDArray[np.float64],
    served: NDArray[np.float64],
    parameters: SitesParameters,
) -> NDArray[np.bool_]:
    """Candidates with which some district would get less than its least share.

    Parameters
    ----------
    worth
        What each place counts in the model.
    served
        Share of each place that the other sites win (0 to 1).
    """
    least = parameters.min_share_per_district
    short = np.zeros(len(offered), dtype=np.bool_)
    if least <= 0 or parameters.model == "p-median":
        return short
    wanted = least * (1 - _SAME) * np.bincount(places.district, worth)
    won = np.bincount(places.district, worth * served)
    left = worth * (1 - served)
    for district in np.flatnonzero(won < wanted).tolist():
        adds = offered.sums(np.where(places.district == district, left, 0.0))
        short |= won[district] + adds < wanted[district]
    return short
