"""Which outlines lie in a protected area, or may: where nothing is known they may."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.grid import CRS, analysis_grid
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, catalogue
from layers.figures import figure_values
from layers.sources import coverage, read_features, read_raster
from layers.vectors import polygon_values
from layers.workspace import Workspace

ZONE, SHARE = "protected_zone", "protected_share"
COVERED = 0.99
"""Share of a commune from which a layer of zones tells about it; the rest are its ragged edges."""
FINEST_M = 10.0
"""Cells on which a raster of zones is looked at under an outline."""


def may_be_protected(
    outlines: gpd.GeoDataFrame, gazetteer: Gazetteer, workspace: Workspace
) -> NDArray[np.bool_]:
    """Whether each outline touches a protected area, or nobody can say that it does not.

    In a commune that a layer of zones covers, the outline itself is looked at; of several layers
    the strictest counts. Elsewhere the share of the commune decides: none protected is outside.

    Parameters
    ----------
    outlines
        Polygons with the column ``commune``, in any CRS.

    Returns
    -------
    ndarray
        One value an outline.
    """
    known = catalogue(workspace)
    shapes = outlines.to_crs(CRS)
    told, inside = np.zeros(len(shapes), np.bool_), np.zeros(len(shapes), np.bool_)
    for layer in known.for_variable(ZONE):
        covers = shapes["commune"].isin(_covered(layer, shapes["commune"], gazetteer)).to_numpy()
        told |= covers
        inside[covers] |= _touches(layer, shapes[covers], gazetteer)
    shares = [figure_values(one) for one in known.for_variable(SHARE) if _by_commune(one)]
    none_there = _none(shares, shapes["commune"])
    return np.where(told, inside, ~none_there)


def _by_commune(layer: Layer) -> bool:
    return layer.geometry == "commune_figures"


def _covered(layer: Layer, communes: pd.Series[str], gazetteer: Gazetteer) -> list[str]:
    known = [code for code in communes.unique() if code in gazetteer.communes.index]
    return [
        code
        for code in known
        if coverage(layer, gazetteer.communes.loc[[code]], gazetteer) >= COVERED
    ]


def _touches(layer: Layer, shapes: gpd.GeoDataFrame, gazetteer: Gazetteer) -> NDArray[np.bool_]:
    if shapes.empty:
        return np.zeros(0, np.bool_)
    if layer.geometry == "raster":
        found = [_touches_cells(layer, shape, gazetteer) for shape in shapes.geometry]
        return np.array(found, np.bool_)
    near = read_features(layer, shapes)
    zones = near[polygon_values(layer, near) != layer.about.background].geometry
    hit, _ = zones.sindex.query(shapes.geometry, predicate="intersects")
    touched = np.zeros(len(shapes), np.bool_)
    touched[hit] = True
    return touched


def _touches_cells(layer: Layer, shape: Any, gazetteer: Gazetteer) -> bool:
    """Whether any cell under an outline, or beside it, is of a zone or unknown."""
    cell = layer.resolution_m or FINEST_M
    around = gpd.GeoDataFrame(geometry=[shape.buffer(cell)], crs=CRS)
    grid = analysis_grid(around, min(cell, FINEST_M))
    return bool((read_raster(layer, grid, gazetteer).to_numpy() != layer.about.background).any())


def _none(shares: list[pd.Series[float]], communes: pd.Series[str]) -> NDArray[np.bool_]:
    """Whether a figure says of each commune that nothing of it is protected, and none differs."""
    found = np.zeros(len(communes), np.bool_)
    other = np.zeros(len(communes), np.bool_)
    for share in shares:
        values = share.reindex(communes).to_numpy(dtype=np.float64)
        found |= values == 0.0
        other |= values > 0.0
    return found & ~other
