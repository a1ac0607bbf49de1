"""Cropland of each commune and the soil carbon in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs
from gis.grid import NO_DATA
from gis.land_degradation.codes import CROPLAND
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.parts import Parts
from gis.land_degradation.periods import NEWEST
from gis.zonal import NO_ZONE


@dataclass(frozen=True)
class Cropland:
    """Cropland of each commune in the newest year, index = code.

    Attributes
    ----------
    hectares
        Its area.
    stock
        Mean stock of its cells, t/ha; NaN where none is known.
    climate
        Its commonest IPCC zone code, or one name for all.
    """

    hectares: pd.Series
    stock: pd.Series
    climate: pd.Series | str


def cropland_of(
    inputs: Inputs,
    parameters: LandDegradationParameters,
    parts: Parts,
    counted: pd.DataFrame,
    zone: NDArray[np.int32],
) -> Cropland:
    """Cropland of each commune.

    Parameters
    ----------
    counted
        Count of the newest period by commune.
    zone
        Position of each cell's commune in ``inputs.communes``.
    """
    codes = inputs.communes.index
    rows = counted[counted["final"] == CROPLAND]
    hectares = rows.groupby("code")["hectares"].sum().reindex(codes, fill_value=0.0)
    if not parts.stocks:
        return Cropland(hectares, pd.Series(np.nan, index=codes), parameters.climate)
    final, stock = parts.periods[NEWEST].final, parts.stocks[parts.years[NEWEST][1]]
    known = (zone != NO_ZONE) & (final == CROPLAND) & ~np.isnan(stock)
    cells = np.bincount(zone[known], minlength=len(codes))
    sums = np.bincount(zone[known], weights=stock[known].astype(float), minlength=len(codes))
    mean = np.divide(sums, cells, out=np.full(len(codes), np.nan), where=cells > 0)
    zones = inputs.rasters.get("climate_zone")
    climate: pd.Series | str = parameters.climate
    if zones is not None:
        climate = _commonest(zones.to_numpy(), zone, codes)
    return Cropland(hectares, pd.Series(mean, index=codes), climate)


def _commonest(values: NDArray[np.int16], zone: NDArray[np.int32], codes: pd.Index) -> pd.Series:
    """Commonest class of each zone, ``NO_DATA`` where none is known."""
    known = (zone != NO_ZONE) & (values >= 0)
    pairs = pd.DataFrame({"zone": zone[known], "value": values[known]})
    counts = pairs.value_counts(sort=False).rename("cells").reset_index()
    best = counts.sort_values(["cells", "value"], ascending=[False, True])
    found = best.drop_duplicates("zone").set_index("zone")["value"]
    filled = found.reindex(range(len(codes)), fill_value=int(NO_DATA)).astype(np.int16)
    return pd.Series(filled.to_numpy(), index=codes)
