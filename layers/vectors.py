"""Vector files: only what lies near the area is read; polygons become cells of a grid."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from rasterio.features import rasterize
from rasterio.warp import transform_bounds

from gis.errors import AllNoData, CatalogueInvalid, FileMissing
from gis.grid import GEOGRAPHIC
from gis.unreadable import because, unreadable
from layers.catalogue import Layer
from layers.checks import (
    mended,
    require_classes,
    require_crs,
    require_in_cambodia,
    require_range,
)

Bounds = tuple[float, float, float, float]
LONGITUDES = ("lon", "longitude", "x")
LATITUDES = ("lat", "latitude", "y")


def read_vector(path: Path, bounds: Bounds | None = None) -> gpd.GeoDataFrame:
    """Features of a file, or those that touch ``bounds`` (in degrees).

    A CSV becomes points by its columns of longitude and latitude, in degrees.

    Raises
    ------
    FileMissing, FileUnreadable, MissingCrs
    """
    if not path.is_file():
        raise FileMissing(str(path))
    try:
        if path.suffix.lower() == ".csv":
            return _points_of(path)
        box = _box_in_file(path, bounds) if bounds else None
        read = gpd.read_file(path, bbox=box)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not isinstance(read, gpd.GeoDataFrame):
        raise because(path, "no_geometry")
    require_crs(read.crs, str(path))
    return read


def _box_in_file(path: Path, bounds: Bounds) -> Bounds:
    about = pyogrio.read_info(path, force_total_bounds=True)
    crs = require_crs(about["crs"], str(path))
    if about["features"]:
        require_in_cambodia(about["total_bounds"], crs, str(path))
    box: Bounds = transform_bounds(GEOGRAPHIC, crs.to_wkt(), *bounds, densify_pts=21)
    return box


def _points_of(path: Path) -> gpd.GeoDataFrame:
    table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    names = {name.strip().casefold(): name for name in table.columns}
    lon = next((names[name] for name in LONGITUDES if name in names), None)
    lat = next((names[name] for name in LATITUDES if name in names), None)
    if lon is None or lat is None:
        raise because(path, "no_places")
    points = gpd.points_from_xy(pd.to_numeric(table[lon]), pd.to_numeric(table[lat]))
    return gpd.GeoDataFrame(table.drop(columns=[lon, lat]), geometry=points, crs=GEOGRAPHIC)


def read_near(layer: Layer, area: gpd.GeoDataFrame, margin_m: float, crs: str) -> gpd.GeoDataFrame:
    """Features of a layer within a margin of an area, in a metre CRS."""
    around = shapely.union_all(area.to_crs(crs).geometry.to_numpy()).buffer(margin_m)
    bounds = transform_bounds(crs, GEOGRAPHIC, *around.bounds, densify_pts=21)
    read = mended(read_vector(layer.path, bounds), layer.id).to_crs(crs)
    return classed(layer, read[read.intersects(around)].reset_index(drop=True))


def classed(layer: Layer, read: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features with the key of their class in the column that their variable names.

    A class that neither the variable nor the layer's table knows stays as it is written: a road
    of an unknown class is a road all the same. Without a field no feature states its class.

    Raises
    ------
    CatalogueInvalid
        When the file lacks the column that the layer names.
    """
    column = layer.about.column
    if not column:
        return read
    if not layer.field:
        return read.assign(**{column: None})
    require_field(layer, read)
    words = read[layer.field].astype(object).map(_word)
    return read.assign(**{column: words.map(lambda word: layer.class_of.get(word, word))})


def burnt(layer: Layer, grid: GeoBox) -> NDArray[np.float32]:
    """Polygons of a layer on a grid by cell centre, NaN where none lies; classes as codes.

    Where polygons of a class layer overlap, the one whose class stands first in the legend wins.
    """
    bounds = transform_bounds(str(grid.crs), GEOGRAPHIC, *grid.boundingbox, densify_pts=21)
    read = mended(read_vector(layer.path, bounds), layer.id)
    values = polygon_values(layer, read)
    order = np.argsort(-_place_in_legend(layer, values), kind="stable")
    shapes = read.to_crs(str(grid.crs)).geometry.to_numpy()[order]
    background = layer.about.background
    empty = np.nan if background is None else float(background)
    return burn(shapes, values[order], grid, empty)


def burn(
    shapes: NDArray[np.object_], values: NDArray[np.floating], grid: GeoBox, empty: float
) -> NDArray[np.float32]:
    """Shapes on a grid by cell centre, later ones above earlier ones."""
    pairs = [(shape, value) for shape, value in zip(shapes, values, strict=True) if shape]
    if not pairs:
        return np.full(grid.shape, empty, dtype=np.float32)
    cells: NDArray[np.float32] = rasterize(
        pairs, grid.shape, fill=empty, transform=grid.transform, dtype="float32"
    )
    return cells


def polygon_values(layer: Layer, read: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """The value of each polygon: a quantity checked, a class as its code.

    Raises
    ------
    CatalogueInvalid
        When the file lacks the column that the layer names.
    UnknownClass, ValueOutOfRange
    """
    require_field(layer, read)
    column = read[layer.field]
    if layer.kind == "quantity":
        numbers: NDArray[np.float64] = pd.to_numeric(column, errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        )
        require_range(numbers, layer.about, layer.id)
        return numbers
    words = column.astype(object).map(_word)
    require_classes(set(words.dropna()), layer, layer.id)
    codes: NDArray[np.float64] = words.map(dict(layer.code_of)).to_numpy(
        dtype=float, na_value=np.nan
    )
    return codes


def require_field(layer: Layer, read: gpd.GeoDataFrame) -> None:
    """Check that the column is there that a layer names.

    Raises
    ------
    CatalogueInvalid
        With the columns that there are.
    """
    if layer.field not in read.columns:
        columns = ", ".join(str(name) for name in read.columns if name != read.geometry.name)
        raise CatalogueInvalid(str(layer.path), f"{layer.id}.field", f"one of: {columns}")


def _word(value: object) -> str | None:
    """How a class is written; whole numbers without their decimal point."""
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _place_in_legend(layer: Layer, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if layer.kind != "class":
        return np.zeros(len(values))
    place = {float(code): number for number, code in enumerate(layer.about.codes)}
    return np.array([place.get(value, len(place)) for value in values], dtype=float)


def value_of_polygon(layer: Layer, lon: float, lat: float) -> float:
    """Value of the polygon that holds a point, NaN where none lies."""
    point = shapely.Point(lon, lat)
    read = mended(read_vector(layer.path, (lon, lat, lon, lat)), layer.id).to_crs(GEOGRAPHIC)
    holding = read[read.intersects(point)]
    if holding.empty:
        background = layer.about.background
        return float("nan") if background is None else float(background)
    values = polygon_values(layer, holding)
    return float(values[np.argmin(_place_in_legend(layer, values))])


def check_vector(layer: Layer) -> None:
    """Open a vector layer and look at every feature.

    Raises
    ------
    DataError
        The named fault.
    """
    check_features(layer, read_vector(layer.path))


def check_features(layer: Layer, read: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features that hold what every source must, mended where that moves nothing.

    Raises
    ------
    DataError
    """
    present = read[~(read.geometry.isna() | read.geometry.is_empty)]
    if present.empty:
        raise AllNoData(layer.id, "KH")
    bounds: Bounds = tuple(present.total_bounds)
    require_in_cambodia(bounds, CRS.from_user_input(present.crs), layer.id)
    sound = mended(present, layer.id)
    if layer.kind == "features":
        if layer.field:
            require_field(layer, sound)
    elif layer.geometry == "polygons":
        values = polygon_values(layer, sound)
        if np.isnan(values).all():
            raise AllNoData(layer.id, "KH")
    return sound
