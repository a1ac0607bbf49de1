"""The area under a map: its communes and districts, what lies around, and its main roads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.boundaries import Gazetteer, dissolved
from layers.drawing import Backdrop, Bounds, bounds_of, esc, features
from layers.gazetteer import COUNTRY

AROUND = 0.35
"""How far beyond the area its neighbours are drawn, as a share of its extent."""
VERTICES = 60_000
"""Above this, outlines are simplified as one coverage, so that shared borders stay shared."""


def backdrop(
    places: Gazetteer, codes: Sequence[str], roads: gpd.GeoDataFrame | None = None
) -> Backdrop:
    """The ground on which one or several areas are drawn.

    Parameters
    ----------
    codes
        Areas of any level; several get buttons to go to each.
    roads
        Lines in EPSG:4326 with ``road_class``.
    """
    own = places.communes_of(codes)
    units = _drawn(places.communes, own)
    units["own"] = units.index.isin(own.index)
    mine = units[units["own"]]
    districts = _districts(places, mine)
    base: dict[str, Any] = {
        "bounds": bounds_of(own),
        "units": features(_named(units), ("code", "en", "km", "own", "area")),
        "districts": features(districts, ("code", "en", "km", "area")),
        "roads": features(_lines(roads, units), ("class",)),
        "regions": [_region(places, code) for code in codes],
    }
    return Backdrop(
        script=esc(base)[1:-1],
        bounds=bounds_of(own),
        version=f"{places.sha256[:8]}-{'-'.join(codes)}",
    )


def _drawn(communes: gpd.GeoDataFrame, own: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Communes in and around the area, no finer than its extent can show."""
    west, south, east, north = own.total_bounds
    margin = AROUND * max(east - west, north - south)
    near = communes.cx[west - margin : east + margin, south - margin : north + margin].copy()
    if shapely.get_num_coordinates(near.geometry.to_numpy()).sum() > VERTICES:
        tolerance = max(east - west, north - south) / 4000
        near["geometry"] = shapely.coverage_simplify(near.geometry.to_numpy(), tolerance)
    return near


def _named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    named = frame.rename(columns={"name_en": "en", "name_km": "km"})
    return named.assign(code=named.index, area=np.round(shapely.area(named.geometry), 5))


def _districts(places: Gazetteer, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Outlines of districts, dissolved from the very communes that are drawn."""
    outlines = dissolved(communes, "district")
    names = places.districts.loc[outlines.index, ["name_en", "name_km"]]
    return _named(gpd.GeoDataFrame(names, geometry=outlines))


def _lines(roads: gpd.GeoDataFrame | None, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if roads is None or roads.empty:
        return gpd.GeoDataFrame({"class": pd.Series(dtype=str)}, geometry=[], crs="EPSG:4326")
    west, south, east, north = units.total_bounds
    seen = roads.cx[west:east, south:north]
    return seen.rename(columns={"road_class": "class"})[["class", "geometry"]]


def _region(places: Gazetteer, code: str) -> dict[str, Any]:
    area = places.area(code)
    bounds: Bounds = bounds_of(places.communes_of([COUNTRY if code == COUNTRY else code]))
    return {"en": area.name_en, "km": area.name_km, "bounds": bounds}
