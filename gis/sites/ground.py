"""What all sites of a choice are described by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.demand import Demand, demand_of
from gis.errors import BadParameter, NotACandidate
from gis.sites.candidates import Candidates, candidates_of, no_place
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces, gathered
from gis.surface import Surface

MEDIAN_WAYS = 1_000_000
"""Ways between demand and candidates that a p-median may hold; squares are doubled until it can."""


@dataclass(frozen=True)
class Ground:
    """What all sites are described by."""

    found: Surface
    communes: pd.DataFrame
    demand: Demand
    places: DemandPlaces
    offered: Candidates
    inputs: Inputs
    parameters: SitesParameters

    @property
    def districts(self) -> pd.Index:
        """Codes of districts by position."""
        districts: pd.Index = self.inputs.districts.sort_index().index
        return districts


def ground_of(
    found: Surface,
    communes: pd.DataFrame,
    inputs: Inputs,
    away: NDArray[np.float32] | None,
    parameters: SitesParameters,
) -> Ground:
    """Demand, its places and the candidates; squares grow until a p-median can hold all ways.

    Parameters
    ----------
    away
        As for :func:`gis.demand.demand_of`.

    Raises
    ------
    BadParameter
        When a forbidden or standing place is none of the area.
    NotACandidate
        When a site is wanted in a commune without any place on offer, or on excluded land.
    """
    demand = demand_of(found, communes, inputs, away, parameters)
    districts = inputs.districts.sort_index().index
    side = parameters.gather_m
    while True:
        places = gathered(found, demand, inputs.grid, districts, side)
        offered = candidates_of(found, demand, places, inputs, parameters)
        if parameters.model != "p-median" or len(places) * len(offered) <= MEDIAN_WAYS:
            break
        side *= 2
    expect_known(offered, communes, parameters)
    return Ground(found, communes, demand, places, offered, inputs, parameters)


def expect_known(offered: Candidates, communes: pd.DataFrame, parameters: SitesParameters) -> None:
    """Refuse codes of no place or commune of the area, and communes without any place on offer.

    Raises
    ------
    BadParameter, NotACandidate
        As :func:`ground_of`.
    """
    known = {*communes.index, *offered.table.index, *offered.left_out.index}
    for code in parameters.forbidden:
        if code not in known:
            raise BadParameter("forbidden", code, Note("reasons.codes_of_places"))
    bare = set(communes.index) - {*offered.table["commune"], *offered.left_out["commune"]}
    added = [item.code for item in parameters.overrides if item.action == "add"]
    for code in (*parameters.required, *added):
        if code in bare:
            raise NotACandidate(code, Note(f"reasons.rule_{no_place(parameters)}"))
