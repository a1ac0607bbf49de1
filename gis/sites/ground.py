"""What all sites of a choice are described by."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gis.analysis import Inputs
from gis.demand import Demand
from gis.parameters import SitesParameters
from gis.sites.candidates import Candidates
from gis.sites.places import DemandPlaces
from gis.surface import Surface


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
