"""What suitability takes from analyses that it rests on: ways to machines, degraded land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.degraded_land import degraded_land
from gis.grid import raster
from gis.land_degradation.parameters import LandDegradationParameters
from gis.machine_ways import machine_ways
from gis.suitability_parameters import SuitabilityParameters
from gis.zonal import SQUARE_METRES


@dataclass(frozen=True)
class RestedOn:
    """Variables of criteria that other analyses compute.

    Attributes
    ----------
    variables
        Variable -> raster on the area's grid; those that could not be computed are missing.
    routes
        As of :class:`gis.machine_ways.MachineWays`; None without ways.
    """

    variables: Mapping[str, xr.DataArray] = field(default_factory=dict)
    routes: pd.DataFrame | None = None
    notes: tuple[Note, ...] = ()


def rested_on_by(
    inputs: Inputs,
    communes: gpd.GeoDataFrame,
    inside: NDArray[np.bool_],
    parameters: SuitabilityParameters,
) -> RestedOn:
    """Compute what the criteria of the chosen track need of other analyses.

    Parameters
    ----------
    communes
        The area, in the order in which its communes are counted.
    inside
        Its cells.

    Raises
    ------
    BadParameter, DataError
        As :func:`gis.machine_ways.machine_ways` and :func:`gis.degraded_land.degraded_land`.
    """
    track = parameters.chosen
    ways, land = RestedOn(), RestedOn()
    if track.rests_on("coverage") and "coverage" in inputs.beside:
        ways = _ways(inputs, communes, inside, parameters)
    if track.rests_on("land-degradation") and "land-degradation" in inputs.beside:
        land = _land(inputs, inside)
    variables = {**ways.variables, **land.variables}
    return RestedOn(variables, ways.routes, (*ways.notes, *land.notes))


def _ways(
    inputs: Inputs,
    communes: gpd.GeoDataFrame,
    inside: NDArray[np.bool_],
    parameters: SuitabilityParameters,
) -> RestedOn:
    coverage = parameters.coverage
    found = machine_ways(inputs.beside["coverage"], communes, coverage)
    if found is None:
        values = (("km", coverage.margin_m / 1000),)
        return RestedOn(notes=(Note("reasons.no_machines", values),))
    reached = ~np.isnan(found.minutes)
    variables = {
        "machine_minutes": raster(found.minutes, inputs.grid, "machine_minutes", "min"),
        "machine_way": raster(reached.astype(np.float32), inputs.grid, "machine_way", "1"),
    }
    cell = abs(float(inputs.grid.resolution.x * inputs.grid.resolution.y)) / SQUARE_METRES
    cut_off = round(float((inside & ~reached).sum()) * cell)
    notes = (Note("reasons.machines_unseen", (("land", cut_off),)),) if cut_off else ()
    return RestedOn(variables, found.routes, (*found.notes, *notes))


def _land(inputs: Inputs, inside: NDArray[np.bool_]) -> RestedOn:
    found = degraded_land(inputs.beside["land-degradation"], LandDegradationParameters(), inside)
    if isinstance(found, Note):
        return RestedOn(notes=(found,))
    variables = {
        "degradation": raster(found.degraded, inputs.grid, "degradation", "1"),
        "degradation_land": raster(found.land, inputs.grid, "degradation_land", "1"),
    }
    return RestedOn(variables, None, found.notes)
