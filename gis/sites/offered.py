"""Places on offer: villages, the middles of hexagons, or points that the planner draws."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Inputs, Note
from gis.errors import BadParameter
from gis.grid import GEOGRAPHIC
from gis.sites.parameters import SitesParameters
from gis.terrain import cell_centres

COLUMNS = ("commune", "district", "name_en", "name_km", "x", "y")


def offered_places(inputs: Inputs, parameters: SitesParameters) -> pd.DataFrame:
    """Places on offer in the communes, by code: ``COLUMNS``, coordinates in metres.

    Raises
    ------
    BadParameter
        A drawn point that lies in no commune of the area, or shares its name or place; points
        without any, or beside other candidates.
    """
    if (parameters.candidates == "points") != bool(parameters.points):
        names = [point.name for point in parameters.points]
        raise BadParameter(
            "points", ", ".join(names) or "[]", Note("reasons.points_with_candidates")
        )
    communes = inputs.communes.sort_index()
    if parameters.candidates == "hexagons":
        return _located(_hexagons(inputs, parameters.hexagon_m), communes)
    if parameters.candidates == "points":
        return _drawn(communes, parameters)
    return _villages(inputs, communes)


def _villages(inputs: Inputs, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Villages of the communes that lie somewhere."""
    villages = inputs.features.get("villages")
    if villages is None or villages.empty:
        index = pd.Index([], name="code", dtype=object)
        return pd.DataFrame(columns=list(COLUMNS), index=index)
    there = ~(villages.geometry.isna() | villages.geometry.is_empty)
    villages = villages[there & villages["commune"].isin(communes.index)].sort_index()
    table = pd.DataFrame(villages.drop(columns="geometry"))
    table = table.assign(
        district=communes["district"].reindex(villages["commune"]).to_numpy(),
        x=villages.geometry.x.to_numpy(),
        y=villages.geometry.y.to_numpy(),
    )
    table.index = pd.Index(table.index.astype(str), name="code", dtype=object)
    return table[list(COLUMNS)]


def _hexagons(inputs: Inputs, across_m: float) -> pd.DataFrame:
    """Middles of hexagons ``across_m`` from side to side, on one lattice for the whole country.

    The code holds width, column and row: two areas share their hexagons, two widths never do.
    """
    eastings, northings = cell_centres(inputs.grid)
    height = across_m * np.sqrt(3) / 2
    rows = np.arange(np.floor(northings.min() / height), np.ceil(northings.max() / height) + 1)
    columns = np.arange(
        np.floor(eastings.min() / across_m) - 1, np.ceil(eastings.max() / across_m) + 1
    )
    column, row = (part.ravel().astype(np.int64) for part in np.meshgrid(columns, rows))
    codes = [f"H{across_m:g}-{one}-{other}" for one, other in zip(column, row, strict=True)]
    return pd.DataFrame(
        {
            "name_en": codes,
            "name_km": codes,
            "x": across_m * (column + 0.5 * (row % 2)),
            "y": height * row,
        },
        index=pd.Index(codes, name="code", dtype=object),
    )


def _drawn(communes: gpd.GeoDataFrame, parameters: SitesParameters) -> pd.DataFrame:
    points = parameters.points
    codes, names = [point.code for point in points], [point.name for point in points]
    for code, name in zip(codes, names, strict=True):
        if names.count(name) > 1 or codes.count(code) > 1:
            raise BadParameter("points", name, Note("reasons.points_once"))
    lon, lat = [point.lon for point in points], [point.lat for point in points]
    placed = gpd.GeoSeries(gpd.points_from_xy(lon, lat, crs=GEOGRAPHIC)).to_crs(communes.crs)
    table = pd.DataFrame(
        {"name_en": names, "name_km": names, "x": placed.x.to_numpy(), "y": placed.y.to_numpy()},
        index=pd.Index(codes, name="code", dtype=object),
    )
    inside = _located(table, communes)
    for code, name in zip(codes, names, strict=True):
        if code not in inside.index:
            raise BadParameter("points", name, Note("reasons.points_inside"))
    return inside


def _located(table: pd.DataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places inside the communes, with commune and district; on a border the first by code."""
    points = gpd.points_from_xy(table["x"], table["y"])
    place, commune = communes.sindex.query(points, predicate="intersects")
    held = np.full(len(table), len(communes))
    np.minimum.at(held, place, commune)
    inside = held < len(communes)
    codes = np.asarray(communes.index.astype(str))[held[inside]]
    district = communes["district"].reindex(codes).to_numpy()
    placed: pd.DataFrame = table[inside].assign(commune=codes, district=district)
    return placed[list(COLUMNS)].sort_index()
