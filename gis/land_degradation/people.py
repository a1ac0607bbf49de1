"""People living on land of each class of the indicator, by sex where layers tell it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs
from gis.grid import raster
from gis.land_degradation.codes import DEGRADED, IMPROVED, STABLE
from gis.land_degradation.parts import Codes
from gis.zonal import zonal_statistics

LAYERS = {"people": "population", "women": "population_female", "men": "population_male"}
"""Column -> its layer: people in each cell."""
CLASSES = {"degraded": DEGRADED, "stable": STABLE, "improved": IMPROVED}


def people_table(inputs: Inputs, indicator: Codes) -> pd.DataFrame:
    """People of each commune by class of the land they live on.

    Where only women and men are known, people are their sum.

    Returns
    -------
    DataFrame
        Index of the communes; of ``people``, ``women``, ``men`` those that layers tell:
        ``people`` in all, ``people_degraded``, ``people_stable``, ``people_improved`` and
        ``people_no_data`` (the rest, water among it). A cell counts with the share of it that a
        commune covers, its people spread evenly; they add to all people.
    """
    counts = dict(_counts(inputs))
    table = pd.DataFrame(index=inputs.communes.index)
    for name, people in counts.items():
        table[name] = _sum(people, inputs)
        for part, code in CLASSES.items():
            there = np.where(indicator == code, people, np.float32(0))
            table[f"{name}_{part}"] = _sum(there, inputs)
        known = table[[f"{name}_{part}" for part in CLASSES]].sum(axis=1)
        table[f"{name}_no_data"] = (table[name] - known).clip(lower=0.0)
    return table


def _counts(inputs: Inputs) -> Mapping[str, NDArray[np.float32]]:
    found = {
        name: np.asarray(inputs.rasters[layer].to_numpy(), dtype=np.float32)
        for name, layer in LAYERS.items()
        if layer in inputs.rasters
    }
    if "people" not in found and {"women", "men"} <= found.keys():
        found = {"people": found["women"] + found["men"]} | found
    return found


def _sum(people: NDArray[np.float32], inputs: Inputs) -> pd.Series:
    """Sum over each commune; unknown where no cell of it is known."""
    counted = raster(people, inputs.grid, "people", "people")
    found: pd.Series = zonal_statistics(counted, inputs.communes, ("sum",))["sum"]
    return found
