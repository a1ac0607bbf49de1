"""Raster files onto a grid: only the window of the grid is read, as coarse as the grid allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.enums import Resampling
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window, from_bounds
from rasterio.windows import transform as window_transform

from gis.grid import NO_DATA
from layers.checks import require_crs, require_in_cambodia, require_unit
from layers.generated import file_of
from layers.layer import Layer
from layers.rasters import opened, own_band, require_bands, window_values
from layers.tiles import ONE_AT_A_TIME, Part, in_tiles, whole

OVERSAMPLING = 2.0
"""Cells of the file across one cell of the grid, at least, where the file is finer."""
TILE = 256
"""Cells along a tile: of a series all years are warped together, so that it is small."""


@dataclass(frozen=True)
class Piece:
    """A part of a file: float32 values (band, row, column) with NaN, and where they lie."""

    values: NDArray[np.float32]
    transform: Affine


def read_onto(
    layer: Layer, grid: GeoBox, bands: Sequence[int] | None = None, part: Part | None = None
) -> NDArray[np.float32]:
    """Values of a raster layer on a grid, NaN = no data; classes as their codes.

    Quantities are averaged, counts shared out so that their sum stays, classes keep the one that
    most of the cell has.

    Parameters
    ----------
    bands
        Numbers of the file's bands, from 1; by default the layer's own, of a series the newest.
    part
        Rows and columns of the grid to read; by default all.

    Returns
    -------
    ndarray
        float32, shape (bands, rows, columns).
    """
    wanted = list(bands or [own_band(layer)])
    with opened(file_of(layer)) as source:
        crs = require_crs(source.crs, layer.id)
        require_in_cambodia(tuple(source.bounds), crs, layer.id)
        require_bands(source, layer)
        for band in wanted:
            require_unit(source.units[band - 1], layer, layer.id)
        overview = None if layer.kind == "quantity" else _overview(source, grid, wanted[0])
    with opened(layer.path, overview) as source:

        def warped(tile: GeoBox) -> NDArray[np.float32]:
            return _warped(source, layer, tile, wanted)

        return in_tiles(warped, grid, part or whole(grid), len(wanted), TILE)


def _warped(
    source: rasterio.DatasetReader, layer: Layer, grid: GeoBox, bands: list[int]
) -> NDArray[np.float32]:
    values = np.full((len(bands), *grid.shape), np.nan, dtype=np.float32)
    piece = _piece(source, layer, grid, bands)
    if piece is None or np.isnan(piece.values).all():
        return values
    with ONE_AT_A_TIME:
        reproject(
            piece.values,
            values,
            src_transform=piece.transform,
            src_crs=source.crs,
            src_nodata=np.nan,
            dst_transform=grid.transform,
            dst_crs=str(grid.crs),
            dst_nodata=np.nan,
            resampling=_resampling(layer),
            # Else a cell that one year knows would count as known in all.
            UNIFIED_SRC_NODATA="NO",
        )
    return values


def _resampling(layer: Layer) -> Resampling:
    if layer.kind != "quantity":
        return Resampling.mode
    return Resampling.sum if layer.about.count else Resampling.average


def _overview(source: rasterio.DatasetReader, grid: GeoBox, band: int) -> int | None:
    """Position of the coarsest overview that is still finer than a grid; ``None``: the file."""
    most = _across(_under(source, grid), grid) / OVERSAMPLING
    fine = [place for place, factor in enumerate(source.overviews(band)) if factor <= most]
    return max(fine, default=None)


def _under(source: rasterio.DatasetReader, grid: GeoBox) -> Window:
    """The window of a file under a grid, beyond the file too."""
    box = transform_bounds(str(grid.crs), source.crs, *grid.boundingbox, densify_pts=21)
    return from_bounds(*box, source.transform)


def _across(wanted: Window, grid: GeoBox) -> float:
    """Cells of a file across one cell of a grid, at least 1."""
    return float(max(wanted.width / grid.shape[1], wanted.height / grid.shape[0], 1.0))


def _piece(
    source: rasterio.DatasetReader, layer: Layer, grid: GeoBox, bands: list[int]
) -> Piece | None:
    """The part of a file under a grid, as coarse as the grid allows; ``None`` beside the file."""
    wanted = _under(source, grid)
    across = _across(wanted, grid)
    # Two cells around, and as many more as one cell of the grid is wide.
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
    # Counts are not read coarser, they would change; classes come from an overview .
    shrinks = layer.kind == "quantity" and not layer.about.count
    factor = max(across / OVERSAMPLING, 1.0) if shrinks else 1.0
    shape = (max(round(height / factor), 1), max(round(width / factor), 1))
    values = window_values(source, layer, window, shape, bands)
    cell = window_transform(window, source.transform)
    wide, high = width / shape[1], height / shape[0]
    return Piece(
        values, Affine(cell.a * wide, cell.b * high, cell.c, cell.d * wide, cell.e * high, cell.f)
    )


def as_classes(values: NDArray[np.float32]) -> NDArray[np.int16]:
    """Codes as int16, unknown as ``NO_DATA``."""
    known: NDArray[np.int16] = np.where(np.isnan(values), NO_DATA, values).astype(np.int16)
    return known
