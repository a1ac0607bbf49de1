"""Layers that nobody measured: made at first use into the workspace, from a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio

from gis.grid import CRS, NO_DATA
from layers.files import replacing
from layers.workspace import EMBEDDED, Workspace

if TYPE_CHECKING:
    from layers.example_land import Scaled
    from layers.layer import Layer

MADE_FROM = (
    Path(__file__).with_name("example_land.py"),
    Path(__file__).with_name("example_change.py"),
    EMBEDDED / "boundaries" / "commune_outlines.geojson",
    EMBEDDED / "boundaries" / "commune_figures.csv",
    EMBEDDED / "boundaries" / "main_roads.geojson",
    EMBEDDED / "boundaries" / "provinces_districts.csv",
    EMBEDDED / "boundaries" / "villages.csv",
)
"""The recipe: what the content of every generated layer follows from."""
BLOCK = 256


@cache
def recipe() -> str:
    """Hash of the recipe; it names what is generated, so that a new recipe is made anew."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in MADE_FROM)).hexdigest()


def generated_path(name: str, workspace: Workspace) -> Path:
    """Where a generated layer lies once it is made."""
    stem, _, suffix = name.rpartition(".")
    return workspace.root / "cache" / "examples" / f"{stem}-{recipe()[:12]}.{suffix}"


def file_of(layer: Layer) -> Path:
    """The file of a layer, made now where it is a generated one that nobody read before.

    All of them are made together. Two processes that do it at once write the same bytes, and each
    file takes its place whole.

    Raises
    ------
    OutputUnwritable
        When the workspace is full or may not be written.
    """
    if layer.generated and not layer.path.is_file():
        from layers.example_land import example_land

        _write(example_land(), layer.path.parent)
    return layer.path


def _write(made: Mapping[str, Scaled], folder: Path) -> None:
    for name, content in made.items():
        path = folder / f"{name}-{recipe()[:12]}.tif"
        if not path.is_file():
            with replacing(path) as scratch:
                _write_raster(content, scratch)
        for old in folder.glob(f"{name}-{'[0-9a-f]' * 12}.tif"):
            if old != path:
                old.unlink(missing_ok=True)


def _write_raster(content: Scaled, path: Path) -> None:
    """A band a year; numbers with a scale, which deflate to a small part of float32."""
    bands, height, width = content.numbers.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=height,
        width=width,
        count=bands,
        dtype="int16",
        crs=CRS,
        transform=content.grid.transform,
        nodata=int(NO_DATA),
        tiled=True,
        blockxsize=BLOCK,
        blockysize=BLOCK,
        interleave="band",
        compress="DEFLATE",
        predictor=2,
        zlevel=4,
    ) as target:
        target.write(content.numbers.astype(np.int16))
        target.scales = (content.scale,) * bands
        for band, name in enumerate(content.names, 1):
            target.set_band_description(band, name)
