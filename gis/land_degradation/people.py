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
from gis.zonal import zonal_sums

LAYERS = {"people": "population", "women": "population_female", "men": "population_male"}
"""Column -> its layer: people in each cell."""
UNIT = "people"
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
    layers: dict[str, NDArray[np.float32]] = {}
    for name, people in _counts(inputs).items():
        layers[name] = people
        for part, code in CLASSES.items():
            layers[f"{name}_{part}"] = np.where(indicator == code, people, np.float32(0))
    rasters = {name: raster(people, inputs.grid, name, UNIT) for name, people in layers.items()}
    table = zonal_sums(rasters, inputs.communes)
    for name in [name for name in LAYERS if name in layers]:
        known = table[[f"{name}_{part}" for part in CLASSES]].sum(axis=1)
        place = list(table.columns).index(f"{name}_{next(reversed(CLASSES))}") + 1
        table.insert(place, f"{name}_no_data", (table[name] - known).clip(lower=0.0))
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
