"""Raster files: only the window of the grid is read, from the overview that fits its cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import reproject, transform, transform_bounds
from rasterio.windows import Window, from_bounds
from rasterio.windows import transform as window_transform

from gis.errors import AllNoData, FileMissing, UnknownClass
from gis.grid import GEOGRAPHIC, NO_DATA
from gis.unreadable import because, unreadable
from layers.catalogue import Layer
from layers.checks import require_crs, require_in_cambodia, require_range, require_unit

OVERSAMPLING = 2.0
"""Cells of the file across one cell of the grid, at least, where the file is finer."""
CHECK_CELLS = 1024
"""Rows and columns of the picture by which a whole file is checked."""


@contextmanager
def opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """A raster file; what goes wrong while it is open is named.

    Raises
    ------
    FileMissing, FileUnreadable
    """
    if not path.is_file():
        raise FileMissing(str(path))
    try:
        with rasterio.open(path) as source:
            yield source
    except (RasterioError, OSError) as error:
        raise unreadable(path, error) from error


@dataclass(frozen=True)
class Piece:
    """A part of a file: float32 values with NaN, and where they lie."""

    values: NDArray[np.float32]
    transform: Affine


def read_onto(layer: Layer, grid: GeoBox) -> NDArray[np.float32]:
    """Values of a raster layer on a grid, NaN = no data; classes as their codes.

    Quantities are averaged, classes keep the one that most of the cell has.
    """
    values = np.full(grid.shape, np.nan, dtype=np.float32)
    with opened(layer.path) as source:
        crs = require_crs(source.crs, layer.id)
        require_in_cambodia(tuple(source.bounds), crs, layer.id)
        require_unit(source.units[_band(layer) - 1], layer, layer.id)
        piece = _piece(source, layer, grid)
    if piece is None:
        return values
    quantity = layer.kind == "quantity"
    reproject(
        piece.values,
        values,
        src_transform=piece.transform,
        src_crs=crs.to_wkt(),
        src_nodata=np.nan,
        dst_transform=grid.transform,
        dst_crs=str(grid.crs),
        dst_nodata=np.nan,
        resampling=Resampling.average if quantity else Resampling.mode,
    )
    return values


def value_at_point(layer: Layer, lon: float, lat: float) -> float:
    """Value of the cell that holds a point, NaN outside the file."""
    with opened(layer.path) as source:
        crs = require_crs(source.crs, layer.id)
        (x,), (y,) = transform(GEOGRAPHIC, crs.to_wkt(), [lon], [lat])
        row, column = source.index(x, y)
        if not (0 <= row < source.height and 0 <= column < source.width):
            return math.nan
        read = _values(source, layer, Window(column, row, 1, 1), (1, 1))
    return float(read[0, 0])


def check_raster(layer: Layer) -> None:
    """Open a raster layer and look at all of it, coarsely.

    Raises
    ------
    DataError
        The named fault: missing, truncated, no CRS, wrong unit, impossible values, swapped axes,
        outside the country, no data at all, a class that the legend does not name.
    """
    with opened(layer.path) as source:
        crs = require_crs(source.crs, layer.id)
        require_in_cambodia(tuple(source.bounds), crs, layer.id)
        require_unit(source.units[_band(layer) - 1], layer, layer.id)
        shape = (min(source.height, CHECK_CELLS), min(source.width, CHECK_CELLS))
        read = _values(source, layer, Window(0, 0, source.width, source.height), shape)
    if np.isnan(read).all():
        raise AllNoData(layer.id, "KH")


def blocks(layer: Layer) -> Iterator[NDArray[np.float32]]:
    """All values of a file at full size, block by block, checked.

    Raises
    ------
    DataError
        The named fault.
    """
    with opened(layer.path) as source:
        for _, window in source.block_windows(_band(layer)):
            yield _values(source, layer, window, (window.height, window.width))


def _piece(source: rasterio.DatasetReader, layer: Layer, grid: GeoBox) -> Piece | None:
    """The part of a file under a grid, as coarse as the grid allows; ``None`` beside the file."""
    box = grid.boundingbox
    left, bottom, right, top = transform_bounds(str(grid.crs), source.crs, *box, densify_pts=21)
    wanted = from_bounds(left, bottom, right, top, source.transform)
    # Two cells around, and as many more as one cell of the grid is wide.
    across = max(wanted.width / grid.shape[1], wanted.height / grid.shape[0], 1.0)
    pad = 2 + math.ceil(across)
    row, column = math.floor(wanted.row_off) - pad, math.floor(wanted.col_off) - pad
    until_row = math.ceil(wanted.row_off + wanted.height) + pad
    until_column = math.ceil(wanted.col_off + wanted.width) + pad
    row, column = max(row, 0), max(column, 0)
    height = min(until_row, source.height) - row
    width = min(until_column, source.width) - column
    if height <= 0 or width <= 0:
        return None
    window = Window(column, row, width, height)
    factor = max(across / OVERSAMPLING, 1.0)
    shape = (max(round(height / factor), 1), max(round(width / factor), 1))
    values = _values(source, layer, window, shape)
    cell = window_transform(window, source.transform)
    wide, high = width / shape[1], height / shape[0]
    return Piece(
        values, Affine(cell.a * wide, cell.b * high, cell.c, cell.d * wide, cell.e * high, cell.f)
    )


def _values(
    source: rasterio.DatasetReader, layer: Layer, window: Window, shape: tuple[int, int]
) -> NDArray[np.float32]:
    """A window at a size, no data as NaN, scale and offset applied, checked."""
    band = _band(layer)
    quantity = layer.kind == "quantity"
    if source.dtypes[band - 1].startswith("complex"):
        raise because(layer.path, "complex_numbers")
    read = source.read(
        band,
        window=window,
        out_shape=shape,
        masked=True,
        resampling=Resampling.average if quantity else Resampling.mode,
    )
    values: NDArray[np.float32] = read.astype(np.float32).filled(np.nan)
    if not quantity:
        return _codes(values, layer)
    values = values * np.float32(source.scales[band - 1]) + np.float32(source.offsets[band - 1])
    require_range(values, layer.about, layer.id)
    return values


def _codes(values: NDArray[np.float32], layer: Layer) -> NDArray[np.float32]:
    """Numbers of a class file as codes of the legend.

    Raises
    ------
    UnknownClass
    """
    own = {str(code): code for code in layer.about.codes}
    codes = {word: layer.code_of[word] for word in layer.classes} or own
    translated = np.full(values.shape, np.nan, dtype=np.float32)
    found = np.unique(values[~np.isnan(values)])
    unknown = [f"{number:g}" for number in found if f"{number:g}" not in codes]
    if unknown:
        raise UnknownClass(layer.id, tuple(unknown), tuple(codes))
    for number in found:
        translated[values == number] = codes[f"{number:g}"]
    return translated


def _band(layer: Layer) -> int:
    return int(layer.field or 1)


def as_classes(values: NDArray[np.float32]) -> NDArray[np.int16]:
    """Codes as int16, unknown as ``NO_DATA``."""
    known: NDArray[np.int16] = np.nan_to_num(values, nan=float(NO_DATA)).astype(np.int16)
    return known
