"""What is known of a commune's soil: each thing with its edition and confidence, or why not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
from odc.geo.geobox import GeoBox

from gis.analysis import Note
from gis.errors import DataError, UnknownArea
from gis.grid import CRS, RESOLUTION_M, analysis_grid
from gis.zonal import class_areas, zonal_statistics
from layers.boundaries import Gazetteer
from layers.catalogue import Catalogue, Layer, LegendClass, Variable, catalogue
from layers.figures import figure_shares, figure_values
from layers.gather import COVERS
from layers.sources import coverage, read_raster
from layers.workspace import Workspace

SOIL = (
    "soil_group",
    "fertility",
    "soil_carbon",
    "soil_ph",
    "soil_clay",
    "soil_sand",
    "slope",
    "flood_hazard",
)
"""What a card tells about, in its order."""
NOT_INFERRED = "soil_ph"
"""Soil groups explain 6 % of pH (CASC): nothing is said of it without a layer of its own."""


@dataclass(frozen=True)
class Known:
    """What is known of one thing in one commune.

    Attributes
    ----------
    layer
        Where it is read from: its edition, year, source, confidence, whether it is an example and
        whether it is one value for the whole commune (``coarse``). ``None``: no layer tells it.
    value
        Mean of a quantity over the commune in the variable's unit, NaN where unknown.
    shares
        Classes with their share of the commune, 0 to 1, largest first; the rest is unknown.
    reason
        Why it is unknown; ``None`` where it is known.
    """

    variable: Variable
    layer: Layer | None
    value: float = math.nan
    shares: tuple[tuple[LegendClass, float], ...] = ()
    reason: Note | None = None

    @property
    def known(self) -> bool:
        return self.reason is None


def soil_card(commune: str, workspace: Workspace, gazetteer: Gazetteer) -> tuple[Known, ...]:
    """Everything that the layers of a workspace tell about the soil of a commune.

    Nothing is derived from anything else: pH in particular not from a soil group.

    Parameters
    ----------
    commune
        Code of a commune.

    Returns
    -------
    tuple
        One entry each of ``SOIL``, in that order. A layer that cannot be read is unknown with the
        fault as its reason, and does not hide the others.

    Raises
    ------
    UnknownArea
        When no commune has the code.
    """
    area = gazetteer.communes_of([commune]).to_crs(CRS)
    if len(area) != 1:
        raise UnknownArea(commune)
    known = catalogue(workspace)
    return tuple(_entry(known.variables[name], area, known, gazetteer) for name in SOIL)


def _entry(
    variable: Variable, area: gpd.GeoDataFrame, known: Catalogue, places: Gazetteer
) -> Known:
    """What the best layer that covers the commune tells; a broken one only if no other does."""
    fault: Known | None = None
    for layer in known.for_variable(variable.key):
        try:
            if coverage(layer, area, places) >= COVERS:
                return _told(layer, area, places)
        except DataError as error:
            reason = Note(f"errors.{error.key}", tuple(error.values.items()))
            fault = fault or Known(variable, layer, reason=reason)
    key = "no_soil_ph" if variable.key == NOT_INFERRED else "no_layer_here"
    return fault or Known(variable, None, reason=Note(f"sources.{key}"))


def _told(layer: Layer, area: gpd.GeoDataFrame, places: Gazetteer) -> Known:
    if layer.kind == "class":
        told = Known(layer.about, layer, shares=_shares(layer, area, places))
    else:
        told = Known(layer.about, layer, value=_value(layer, area, places))
    if told.shares or not math.isnan(told.value):
        return told
    return Known(layer.about, layer, reason=Note("sources.no_value_here"))


def _value(layer: Layer, area: gpd.GeoDataFrame, places: Gazetteer) -> float:
    """Mean over the commune, cells weighted by the share of them that it covers."""
    if layer.geometry == "commune_figures":
        return float(figure_values(layer).get(area.index[0], math.nan))
    read = read_raster(layer, _grid(area), places)
    return float(zonal_statistics(read, area, ("mean",))["mean"].iloc[0])


def _shares(
    layer: Layer, area: gpd.GeoDataFrame, places: Gazetteer
) -> tuple[tuple[LegendClass, float], ...]:
    if layer.geometry == "commune_figures":
        found = figure_shares(layer, str(area.index[0]))
    else:
        hectares = class_areas(read_raster(layer, _grid(area), places), area).iloc[0]
        land = float(hectares.sum())
        found = {
            item.code: float(hectares.get(item.code, 0.0)) / land for item in layer.about.legend
        }
    shares = [(item, found.get(item.code, 0.0)) for item in layer.about.legend]
    return tuple(sorted(((i, s) for i, s in shares if s > 0), key=lambda one: -one[1]))


def _grid(area: gpd.GeoDataFrame) -> GeoBox:
    return analysis_grid(area, RESOLUTION_M["commune"])
