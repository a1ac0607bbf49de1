"""Rasters as palette pictures for a web map: warped once to Web Mercator, served by address."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import geopandas as gpd
import numpy as np
import rasterio
import shapely
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import geometry_mask, shapes
from rasterio.io import MemoryFile
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform_bounds
from scipy.ndimage import binary_dilation

from gis.grid import GEOGRAPHIC, OUTSIDE
from layers.drawing import Bounds
from layers.workspace import Workspace

MERCATOR = "EPSG:3857"
ADDRESS = "/pictures"
MOST_CELLS = 16_000_000
KEPT = 200
"""Pictures kept on disk; the oldest go first."""

_GROWN = 3
"""Cells beyond the area that are drawn."""
_NEAREST_FIRST = sorted(
    (
        (row, column)
        for row in range(-_GROWN, _GROWN + 1)
        for column in range(-_GROWN, _GROWN + 1)
        if 0 < math.hypot(row, column) <= _GROWN
    ),
    key=lambda step: math.hypot(*step),
)
"""Steps from a cell to those around it."""

_NAME = re.compile(r"[0-9a-f]{20}\.png")
EMPTY = 255
"""Of a picture's cells: clear."""


@dataclass(frozen=True)
class Picture:
    """A palette picture: its file name, its corners, its size in cells."""

    name: str
    bounds: Bounds
    size: tuple[int, int]

    @property
    def url(self) -> str:
        return f"{ADDRESS}/{self.name}"


def folder(workspace: Workspace) -> Path:
    return workspace.root / "cache" / "pictures"


def picture_file(name: str, workspace: Workspace) -> Path | None:
    """The file of a picture; ``None`` for any name that is not one of ours."""
    path = folder(workspace) / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def picture(
    steps: NDArray[np.int16], grid: xr.DataArray, colours: Sequence[str], workspace: Workspace
) -> Picture:
    """Draw steps of a legend as a picture in Web Mercator.

    Parameters
    ----------
    steps
        Position of each cell in ``colours``; negative cells stay clear.
    grid
        The array the steps were made from: its grid, and which cells lie outside the area.
    """
    content, bounds, size = painted(_grown(steps, outside_of(grid)), grid, colours)
    name = f"{hashlib.sha256(content).hexdigest()[:20]}.png"
    _keep(folder(workspace) / name, content)
    return Picture(name, bounds, size)


def painted(
    cells: NDArray[np.uint8], grid: xr.DataArray, colours: Sequence[str]
) -> tuple[bytes, Bounds, tuple[int, int]]:
    """A palette picture in Web Mercator as PNG, its corners, its columns and rows.

    Parameters
    ----------
    cells
        Position of each cell in ``colours``; ``EMPTY`` stays clear.
    """
    warped, transform = _warped(cells, grid)
    corners = _corners(warped.shape, transform)
    return _png(warped, colours, transform), corners, (warped.shape[1], warped.shape[0])


def outside_of(array: xr.DataArray) -> NDArray[np.bool_]:
    """Cells beyond the area, where a class array says so."""
    cells = array.to_numpy()
    if cells.dtype.kind == "f":
        return np.zeros(cells.shape, dtype=bool)
    return np.asarray(cells == OUTSIDE)


def cells_of(array: xr.DataArray, zones: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Cells whose centre lies in one of the zones."""
    if zones.empty:
        return np.zeros(array.shape, dtype=bool)
    grid = array.odc.geobox
    shapes_there = zones.to_crs(str(grid.crs)).geometry
    found: NDArray[np.bool_] = geometry_mask(shapes_there, array.shape, grid.transform, invert=True)
    return found


def outlines(cells: NDArray[np.bool_], array: xr.DataArray) -> gpd.GeoSeries:
    """Outlines of some cells of the area, in EPSG:4326, for the hatch."""
    wanted = cells & ~outside_of(array)
    affine = array.odc.geobox.transform
    found = [
        shapely.geometry.shape(outline)
        for outline, _ in shapes(wanted.astype(np.uint8), mask=wanted, transform=affine)
    ]
    return gpd.GeoSeries(found, crs=array.odc.geobox.crs).to_crs(GEOGRAPHIC)


def _grown(steps: NDArray[np.int16], outside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Cells just beyond the area take the nearest colour: the outline cuts them on the map."""
    cells = np.where(steps < 0, EMPTY, steps).astype(np.uint8)
    beyond = np.flatnonzero(outside & binary_dilation(~outside, iterations=2 * _GROWN))
    rows, columns = np.unravel_index(beyond, outside.shape)
    for down, right in _NEAREST_FIRST:
        row, column = rows + down, columns + right
        there = (row >= 0) & (row < len(cells)) & (column >= 0) & (column < cells.shape[1])
        there[there] = ~outside[row[there], column[there]]
        cells[rows[there], columns[there]] = cells[row[there], column[there]]
        rows, columns = rows[~there], columns[~there]
    return cells


def _warped(
    cells: NDArray[np.uint8], grid: xr.DataArray
) -> tuple[NDArray[np.uint8], rasterio.Affine]:
    geobox = grid.odc.geobox
    transform, width, height = calculate_default_transform(
        str(geobox.crs), MERCATOR, geobox.shape[1], geobox.shape[0], *geobox.boundingbox
    )
    shrink = max(1.0, (width * height / MOST_CELLS) ** 0.5)
    width, height = int(width / shrink), int(height / shrink)
    transform = transform * rasterio.Affine.scale(shrink)
    warped = np.full((height, width), EMPTY, dtype=np.uint8)
    reproject(
        cells,
        warped,
        src_transform=geobox.transform,
        src_crs=str(geobox.crs),
        dst_transform=transform,
        dst_crs=MERCATOR,
        src_nodata=EMPTY,
        dst_nodata=EMPTY,
        resampling=Resampling.nearest,
    )
    return warped, transform


def _corners(shape: tuple[int, ...], transform: rasterio.Affine) -> Bounds:
    """Corners of the warped picture, not those of the source: else it sits up to 1 km off."""
    edges = array_bounds(shape[0], shape[1], transform)
    west, south, east, north = transform_bounds(MERCATOR, GEOGRAPHIC, *edges)
    return (south, west), (north, east)


def _png(cells: NDArray[np.uint8], colours: Sequence[str], transform: rasterio.Affine) -> bytes:
    palette = {step: (*bytes.fromhex(colour[1:]), 255) for step, colour in enumerate(colours)}
    palette[EMPTY] = (0, 0, 0, 0)
    with MemoryFile() as memory:
        with memory.open(
            driver="PNG",
            width=cells.shape[1],
            height=cells.shape[0],
            count=1,
            dtype="uint8",
            transform=transform,
        ) as target:
            target.write(cells, 1)
            target.write_colormap(1, palette)
        return bytes(memory.read())


def _keep(path: Path, content: bytes) -> None:
    """Write a picture whole or not at all, and drop the oldest ones."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)
    kept = sorted(path.parent.glob("*.png"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-KEPT]:
        old.unlink(missing_ok=True)
