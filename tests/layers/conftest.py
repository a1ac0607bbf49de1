"""Small files made by hand, and layers that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import Layer, layer_of, variables
from layers.files import toml_text
from layers.workspace import Workspace

CORNER = (300_000.0, 1_420_000.0)
"""Upper left corner of the small files, in UTM 48N: in Banan."""


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The embedded gazetteer."""
    return gazetteer(Workspace(tmp_path_factory.mktemp("nothing")))


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace with nothing in it."""
    return Workspace(tmp_path / "bare")


@pytest.fixture
def make_raster(tmp_path: Path) -> Callable[..., Path]:
    """Write a GeoTIFF of an array (or of one a band); by default UTM 48N, cells of 100 m."""

    def make(
        values: Any,
        crs: str | None = "EPSG:32648",
        corner: tuple[float, float] = CORNER,
        cell: float = 100.0,
        nodata: float | None = -9999.0,
        unit: str | None = None,
        name: str = "small.tif",
        dtype: str = "float32",
    ) -> Path:
        array = np.asarray(values, dtype=dtype)
        bands = array if array.ndim == 3 else array[np.newaxis]
        path = tmp_path / name
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=bands.shape[1],
            width=bands.shape[2],
            count=len(bands),
            dtype=dtype,
            crs=crs,
            transform=from_origin(*corner, cell, cell),
            nodata=nodata,
        ) as target:
            target.write(bands)
            if unit:
                target.units = (unit,) * len(bands)
        return path

    return make


@pytest.fixture
def make_polygons(tmp_path: Path) -> Callable[..., Path]:
    """Write boxes ``(left, bottom, right, top)`` or shapes with one column."""

    def make(
        shapes: list[Any],
        values: list[Any],
        field: str = "Name",
        crs: str | None = "EPSG:4326",
        name: str = "small.gpkg",
    ) -> Path:
        geometry = [shapely.box(*s) if isinstance(s, tuple) else s for s in shapes]
        path = tmp_path / name
        gpd.GeoDataFrame({field: values}, geometry=geometry, crs=crs).to_file(path)
        return path

    return make


@pytest.fixture
def make_meta(tmp_path: Path) -> Callable[..., Path]:
    """Write the table of a layer; ``None`` leaves a key out."""

    def make(**keys: Any) -> Path:
        stated = {
            "id": "own",
            "variable": "slope",
            "unit": "degree",
            "title": {"en": "Slope", "km": "ជម្រាល"},
            "source": "survey",
            "licence": "office use",
            "edition": "2024",
        } | keys
        path = tmp_path / "meta.toml"
        kept = {key: value for key, value in stated.items() if value is not None}
        path.write_text(toml_text(kept), encoding="utf-8")
        return path

    return make


@pytest.fixture(scope="session")
def layer() -> Callable[..., Layer]:
    """A layer of a file, as an import would describe it."""
    known = variables()

    def make(path: Path, variable: str = "slope", geometry: str = "raster", **keys: Any) -> Layer:
        table = {
            "variable": variable,
            "unit": known[variable].unit,
            "geometry": geometry,
            "path": path.name,
            "title": {"en": "A layer", "km": "ស្រទាប់"},
            "source": "survey",
            "licence": "office use",
            "edition": "2024",
        }
        return layer_of("small", table | keys, known, path, path.parent)

    return make
