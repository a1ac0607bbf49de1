"""Made-up land of Battambang and Preah Vihear: vegetation, land cover, soil carbon and people.

No measurement of any place. Seeded noise, pushed about by what the communes report (crop and
rice shares, slope, protection), by main roads and by villages, so that a new office sees the page
Land filled and every class of every result occurs. The same seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

from gis.grid import CRS, GEOGRAPHIC, NO_DATA, analysis_grid
from layers.example_change import (
    ARTIFICIAL,
    CROP,
    OTHER,
    WATER,
    YEARS,
    Field,
    Ground,
    cover_by_year,
    vegetation_by_year,
)
from layers.workspace import EMBEDDED

SEED = 20261123
CELL_M = 250.0
MARGIN_CELLS = 3
"""Cells around the communes that are told too, so that a warp at the border finds values."""
FOLDER = EMBEDDED / "boundaries"
CARBON = np.array([np.nan, 62.0, 44.0, 38.0, 70.0, 30.0, 24.0, np.nan], dtype=np.float32)
"""Made-up stock of each class of land cover, t/ha in 0-30 cm."""
FEMALE_SHARE = 0.51


@dataclass(frozen=True)
class Scaled:
    """Bands of whole numbers, ``NO_DATA`` where nothing is told; times ``scale`` they have a unit.

    ``numbers`` has the shape (bands, rows, columns) of ``grid``.
    """

    numbers: NDArray[np.int16]
    scale: float
    names: tuple[str, ...]
    grid: GeoBox


def example_land() -> Mapping[str, Scaled]:
    """All generated layers by the name of their variable, in a few seconds."""
    rng = np.random.default_rng(SEED)
    communes, grid = _communes()
    ground = _ground(communes, grid, rng)
    cover = cover_by_year(ground)
    vegetation = vegetation_by_year(cover, ground, rng)
    carbon = _carbon(cover[0], ground)
    female, male = _people(cover[-1], ground, communes)

    def spread(numbers: NDArray[np.int16], scale: float, names: tuple[str, ...]) -> Scaled:
        bands = np.full((len(names), *grid.shape), NO_DATA, dtype=np.int16)
        bands[:, ground.told] = numbers
        return Scaled(bands, scale, names, grid)

    years = tuple(str(year) for year in YEARS)
    return {
        "vegetation_index": spread(_steps(vegetation, 0.002), 0.002, years),
        "land_cover": spread(cover, 1.0, years),
        "soil_carbon": spread(_steps(carbon, 0.1), 0.1, ("2000",)),
        "population_female": spread(_steps(female, 0.05), 0.05, ("2019",)),
        "population_male": spread(_steps(male, 0.05), 0.05, ("2019",)),
    }


def _steps(values: Field, scale: float) -> NDArray[np.int16]:
    """Values as whole numbers of a scale, NaN as ``NO_DATA``."""
    steps = np.rint(values / np.float32(scale))
    numbers: NDArray[np.int16] = np.nan_to_num(steps, nan=float(NO_DATA)).astype(np.int16)
    return numbers


def _communes() -> tuple[gpd.GeoDataFrame, GeoBox]:
    outlines = gpd.read_file(FOLDER / "commune_outlines.geojson").set_index("code").sort_index()
    figures = pd.read_csv(FOLDER / "commune_figures.csv", dtype={"code": str}, index_col="code")
    communes = outlines[["geometry"]].join(figures).to_crs(CRS)
    around = communes.set_geometry(communes.buffer(MARGIN_CELLS * CELL_M))
    return communes, analysis_grid(around, CELL_M)


def _ground(communes: gpd.GeoDataFrame, grid: GeoBox, rng: np.random.Generator) -> Ground:
    """What the landscape is made from: where it is, and how its communes lean."""
    pairs = zip(communes.geometry, range(1, len(communes) + 1), strict=True)
    number = rasterize(pairs, grid.shape, transform=grid.transform, dtype="int32")
    away, nearest = distance_transform_edt(number == 0, return_indices=True)
    told = away <= MARGIN_CELLS
    commune = number[tuple(nearest)] - 1

    def smoothed(column: pd.Series[float], sigma: float = 6.0) -> Field:
        filled = column.fillna(column.median()).to_numpy(dtype=np.float32)
        found: Field = gaussian_filter(filled[commune], sigma)[told]
        return found

    crops = communes[["maize_ha_2011", "cassava_ha_2011"]].sum(axis=1) / communes["area_ha"]
    rice = (communes["rice_ha_2011"] / communes["area_ha"]).clip(upper=1.0)
    roads = gpd.read_file(FOLDER / "main_roads.geojson").to_crs(CRS)
    villages = pd.read_csv(FOLDER / "villages.csv", dtype={"code": str, "commune": str})
    points = gpd.GeoSeries.from_xy(villages["lon"], villages["lat"], crs=GEOGRAPHIC).to_crs(CRS)
    places = np.argwhere(told).T.astype(np.float32)
    return Ground(
        told=told,
        commune=np.where(number > 0, commune, -1)[told],
        upland=smoothed(crops.clip(upper=1.0)),
        rice=smoothed(rice),
        slope=smoothed(communes["slope_deg"]),
        height=smoothed(communes["elevation_m"]),
        kept=smoothed(communes["protected_share"], 3.0),
        road_km=_distance_km(roads.geometry, grid)[told],
        village_km=_distance_km(points, grid)[told],
        noise=lambda cells: smooth_noise(places, cells, rng),
    )


def smooth_noise(places: Field, cells: float, rng: np.random.Generator) -> Field:
    """Seeded noise of mean 0 and deviation 1 at places (row, column), patches ``cells`` wide."""
    coarse = max(cells / 4, 1.0)
    rows, columns = (int(side.max() / coarse) + 3 for side in places)
    field = rng.standard_normal((rows, columns), dtype=np.float32)
    field = gaussian_filter(field, cells / coarse / 2, mode="wrap")
    drawn = map_coordinates(field, places / np.float32(coarse), order=1)
    found: Field = (drawn - drawn.mean()) / drawn.std()
    return found


def _distance_km(shapes: gpd.GeoSeries, grid: GeoBox) -> Field:
    cells = rasterize(shapes, grid.shape, transform=grid.transform, all_touched=True)
    found: Field = (distance_transform_edt(cells == 0) * CELL_M / 1000).astype(np.float32)
    return found


def _carbon(first: NDArray[np.int16], ground: Ground) -> Field:
    """Stock of 2000; as in a global map, water is not told, nor are some patches of land."""
    varied = CARBON[np.clip(first, 0, WATER)] * np.exp(0.16 * ground.noise(24))
    found: Field = np.where(ground.noise(20) > 2.6, np.nan, varied).astype(np.float32)
    return found


def _people(
    last: NDArray[np.int16], ground: Ground, communes: gpd.GeoDataFrame
) -> tuple[Field, Field]:
    """People around villages and in built-up cells; districts add up to their census of 2019."""
    lure = np.exp(-ground.village_km / 0.8) + 0.02 * (last == CROP) + 3.0 * (last == ARTIFICIAL)
    lure = lure * np.exp(0.4 * ground.noise(6)) * ((last != WATER) & (last != OTHER))
    names = pd.read_csv(FOLDER / "provinces_districts.csv", dtype={"code": str}, index_col="code")
    known, place = np.unique(communes.index.str[:4], return_inverse=True)
    inside = ground.commune >= 0
    district = np.where(inside, place[ground.commune], len(known))
    total = np.bincount(district, lure, len(known) + 1)[:-1]
    census = names["population_2019"].reindex(known).fillna(0.0).to_numpy()
    people = lure * np.append(census / total, np.nan)[district]
    share = FEMALE_SHARE + 0.01 * ground.noise(30)
    return (people * share).astype(np.float32), (people * (1 - share)).astype(np.float32)
