"""What lies under a map beside its surface: roads, water, relief, each of the best layer there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import geopandas as gpd

from gis.errors import DataError
from gis.grid import CRS
from layers.boundaries import Gazetteer
from layers.catalogue import Catalogue, Layer
from layers.sources import read_features
from reports.figure.content import Relief
from reports.figure.relief import relief_of

T = TypeVar("T")
AROUND = 0.3
"""How far beyond the area roads and water are looked for, as a share of its extent."""


@dataclass(frozen=True, eq=False)
class Backdrop:
    """Roads, water and relief with their layers; ``None`` where an area has none.

    Attributes
    ----------
    lost
        Layers whose file is gone or damaged: a map without them is still a map, and says so.
    """

    roads: gpd.GeoDataFrame | None
    water: gpd.GeoDataFrame | None
    relief: Relief | None
    water_layer: Layer | None
    used: tuple[Layer, ...]
    lost: tuple[Layer, ...]


def backdrop_of(known: Catalogue, own: gpd.GeoDataFrame, places: Gazetteer) -> Backdrop:
    """The backdrop of an area.

    Parameters
    ----------
    own
        Communes of the area in any CRS.
    """
    west, south, east, north = own.to_crs(CRS).total_bounds
    rim = AROUND * max(east - west, north - south)
    lost: list[Layer] = []

    def features(layer: Layer) -> gpd.GeoDataFrame | None:
        found = read_features(layer, own, rim)
        return None if found.empty else found

    def relief(layer: Layer) -> Relief | None:
        return relief_of(layer, own, places)

    # commune figures of elevation are flat inside a commune
    heights = [layer for layer in known.for_variable("elevation") if layer.geometry == "raster"]
    roads, by_roads = _best(known.for_variable("roads"), features, lost)
    water, by_water = _best(known.for_variable("water"), features, lost)
    shade, by_relief = _best(heights, relief, lost)
    used = tuple(layer for layer in (by_roads, by_water, by_relief) if layer is not None)
    return Backdrop(roads, water, shade, by_water, used, tuple(lost))


def _best(
    layers: Iterable[Layer], read: Callable[[Layer], T | None], lost: list[Layer]
) -> tuple[T | None, Layer | None]:
    """What the first layer tells that can be read and has anything there."""
    for layer in layers:
        try:
            found = read(layer)
        except DataError:
            lost.append(layer)
            continue
        if found is not None:
            return found, layer
    return None, None
