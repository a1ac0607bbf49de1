"""People living on land of each class of the indicator, by sex where layers tell it."""

from __future__ import annotations

from collections.abc import Iterator

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
    tables = [_by_class(name, people, indicator, inputs) for name, people in _counts(inputs)]
    return pd.concat(tables, axis=1) if tables else pd.DataFrame(index=inputs.communes.index)


def _by_class(
    name: str, people: NDArray[np.float32], indicator: Codes, inputs: Inputs
) -> pd.DataFrame:
    layers = {name: people} | {
        f"{name}_{part}": np.where(indicator == code, people, np.float32(0))
        for part, code in CLASSES.items()
    }
    rasters = {key: raster(values, inputs.grid, key, UNIT) for key, values in layers.items()}
    table = zonal_sums(rasters, inputs.communes)
    known = table[[f"{name}_{part}" for part in CLASSES]].sum(axis=1)
    table[f"{name}_no_data"] = (table[name] - known).clip(lower=0.0)
    return table


def _counts(inputs: Inputs) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """People, women and men in each cell, of those that layers tell."""
    known = {
        name: np.asarray(inputs.rasters[layer].to_numpy(), dtype=np.float32)
        for name, layer in LAYERS.items()
        if layer in inputs.rasters
    }
    if "people" not in known and {"women", "men"} <= known.keys():
        yield "people", known["women"] + known["men"]
    yield from known.items()
