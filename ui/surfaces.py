"""Layers of the catalogue as coloured surfaces of an area."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gis.grid import CRS, RESOLUTION_M, analysis_grid
from gis.membership import quantity
from layers.catalogue import Layer
from layers.drawing import Hatch, LegendGroup, PictureSurface, Surface, UnitSurface
from layers.figures import figure_values
from layers.hatch import hatch_levels, zooms
from layers.legend import UNKNOWN_STEP, Scale, legend_of, scale_of
from layers.render import outlines, picture
from layers.sources import read_raster
from ui import cache
from ui.text import language


@dataclass(frozen=True)
class Shown:
    """A layer on the map: its surface, its scale, the steps that occur, its hatch."""

    layer: Layer
    surface: Surface
    scale: Scale
    used: tuple[int, ...]
    hatch: tuple[Hatch, ...]

    @property
    def legend(self) -> LegendGroup:
        return legend_of(self.layer, self.scale, self.used, language())


def shown_layer(layer_id: str, codes: tuple[str, ...]) -> Shown:
    """A layer over an area, drawn once an edition."""
    layer = cache.known_layers().layer(layer_id)
    key = ("surface", layer_id, codes, layer.sha256, cache.edition())
    return cache.kept(key, lambda: _shown(layer, codes))


def _shown(layer: Layer, codes: tuple[str, ...]) -> Shown:
    communes = cache.places().communes_of(codes)
    if layer.geometry == "commune_figures":
        return _by_commune(layer, communes)
    return _by_cell(layer, communes, codes)


def _by_commune(layer: Layer, communes: gpd.GeoDataFrame) -> Shown:
    every = figure_values(layer)
    values = every.reindex(communes.index)
    scale = scale_of(layer.about, every)
    steps = scale.steps(values)
    colours = {
        code: scale.colours[step]
        for code, step in zip(communes.index, steps, strict=True)
        if step != UNKNOWN_STEP
    }
    unknown = communes[steps == UNKNOWN_STEP]
    return Shown(
        layer,
        UnitSurface(colours, tuple(unknown.index)),
        scale,
        tuple(int(step) for step in np.unique(steps)),
        hatch_levels(unknown.geometry, zooms(communes)),
    )


def _by_cell(layer: Layer, communes: gpd.GeoDataFrame, codes: tuple[str, ...]) -> Shown:
    places = cache.places()
    level = max((places.level_of(code) for code in codes), key=lambda item: RESOLUTION_M[item])
    grid = analysis_grid(communes.to_crs(CRS), RESOLUTION_M[level])
    array = read_raster(layer, grid, places)
    values = quantity(array.to_numpy())
    scale = scale_of(layer.about, values)
    steps = scale.steps(values)
    drawn = picture(steps, array, scale.colours, cache.ready())
    unknown = outlines(steps == UNKNOWN_STEP, array).clip(communes.geometry.union_all())
    return Shown(
        layer,
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        scale,
        tuple(int(step) for step in np.unique(steps)),
        hatch_levels(unknown, zooms(communes)),
    )
