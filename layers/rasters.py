"""Raster files: only the window of the grid is read, from the overview that fits its cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

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

from gis.analysis import Note
from gis.errors import AllNoData, CatalogueInvalid, FileMissing, UnknownClass
from gis.grid import GEOGRAPHIC, NO_DATA
from gis.unreadable import because, unreadable
from layers.catalogue import Layer
from layers.checks import require_crs, require_in_cambodia, require_range, require_unit
from layers.generated import file_of
from layers.tiles import Part, in_tiles, whole

OVERSAMPLING = 2.0
"""Cells of the file across one cell of the grid, at least, where the file is finer."""
CHECK_CELLS = 1024
"""Rows and columns of the picture by which a whole file is checked."""
TILE = 256
"""Cells along a tile: of a series all years are warped together, so that it is small."""

_ONE_WARP = Lock()
"""rasterio silences a warning of its own while it warps, which threads undo for each other."""


@contextmanager
def opened(path: Path, overview: int | None = None) -> Iterator[rasterio.DatasetReader]:
    """A raster file, or one of its overviews; what goes wrong while it is open is named.

    Raises
    ------
    FileMissing, FileUnreadable
    """
    if not path.is_file():
        raise FileMissing(str(path))
    try:
        level = {} if overview is None else {"overview_level": overview}
        with rasterio.open(path, **level) as source:
            yield source
    except (RasterioError, OSError) as error:
        raise unreadable(path, error) from error


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
    if piece is None:
        return values
    with _ONE_WARP:
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


def values_at_point(
    layer: Layer, lon: float, lat: float, bands: Sequence[int] | None = None
) -> NDArray[np.float32]:
    """Values of the cell that holds a point, one a band, NaN outside the file."""
    wanted = list(bands or [own_band(layer)])
    with opened(file_of(layer)) as source:
        crs = require_crs(source.crs, layer.id)
        require_bands(source, layer)
        (x,), (y,) = transform(GEOGRAPHIC, crs.to_wkt(), [lon], [lat])
        row, column = source.index(x, y)
        if not (0 <= row < source.height and 0 <= column < source.width):
            return np.full(len(wanted), np.nan, dtype=np.float32)
        read = _values(source, layer, Window(column, row, 1, 1), (1, 1), wanted)
    found: NDArray[np.float32] = read[:, 0, 0]
    return found


def check_raster(layer: Layer) -> None:
    """Open a raster layer and look at all of it, coarsely; of a series at every year.

    Raises
    ------
    DataError
        The named fault: missing, truncated, no CRS, wrong unit, impossible values, swapped axes,
        outside the country, no data at all, a class that the legend does not name, another number
        of bands than of years.
    """
    with opened(file_of(layer)) as source:
        crs = require_crs(source.crs, layer.id)
        require_in_cambodia(tuple(source.bounds), crs, layer.id)
        require_bands(source, layer)
        shape = (min(source.height, CHECK_CELLS), min(source.width, CHECK_CELLS))
        every = Window(0, 0, source.width, source.height)
        for band in bands_of(layer):
            require_unit(source.units[band - 1], layer, layer.id)
            if np.isnan(_values(source, layer, every, shape, [band])).all():
                raise AllNoData(_named(layer, band), "KH")


def blocks(layer: Layer) -> Iterator[NDArray[np.float32]]:
    """All values of a file at full size, block by block and band by band, checked.

    Raises
    ------
    DataError
        The named fault.
    """
    with opened(file_of(layer)) as source:
        require_bands(source, layer)
        for band in bands_of(layer):
            for _, window in source.block_windows(band):
                yield _values(source, layer, window, (window.height, window.width), [band])[0]


def own_band(layer: Layer) -> int:
    """Number of the band that a layer's value is read from; of a series the newest year's."""
    return len(layer.years) or int(layer.field or 1)


def bands_of(layer: Layer, years: Sequence[int] | None = None) -> list[int]:
    """Numbers of the bands of some years, by default of all; of no series its one band."""
    if not layer.years:
        return [own_band(layer)]
    return [layer.years.index(year) + 1 for year in years or layer.years]


def require_bands(source: rasterio.DatasetReader, layer: Layer) -> None:
    """Check that a file has the band that its layer names, or one for each of its years.

    Raises
    ------
    CatalogueInvalid
    """
    if layer.years and source.count != len(layer.years):
        reason = Note("allowed.as_many_as_bands", (("bands", source.count),))
        raise CatalogueInvalid(str(layer.path), f"{layer.id}.years", reason)
    if own_band(layer) > source.count:
        reason = Note("allowed.between", (("low", 1), ("high", source.count)))
        raise CatalogueInvalid(str(layer.path), f"{layer.id}.field", reason)


def _named(layer: Layer, band: int) -> str:
    return f"{layer.id} {layer.years[band - 1]}" if layer.years else layer.id


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
    # Counts are not read coarser, they would change; classes come from an overview (_values).
    shrinks = layer.kind == "quantity" and not layer.about.count
    factor = max(across / OVERSAMPLING, 1.0) if shrinks else 1.0
    shape = (max(round(height / factor), 1), max(round(width / factor), 1))
    values = _values(source, layer, window, shape, bands)
    cell = window_transform(window, source.transform)
    wide, high = width / shape[1], height / shape[0]
    return Piece(
        values, Affine(cell.a * wide, cell.b * high, cell.c, cell.d * wide, cell.e * high, cell.f)
    )


def _values(
    source: rasterio.DatasetReader,
    layer: Layer,
    window: Window,
    shape: tuple[int, int],
    bands: list[int],
) -> NDArray[np.float32]:
    """A window of some bands at a size, no data as NaN, scale and offset applied, checked.

    A coarser size is the mean of a quantity. Of classes it is a sample: GDAL's mode
    writes 0 where all is no data.
    """
    if any(source.dtypes[band - 1].startswith("complex") for band in bands):
        raise because(layer.path, "complex_numbers")
    quantity = layer.kind == "quantity"
    read = source.read(
        bands,
        window=window,
        out_shape=(len(bands), *shape),
        masked=True,
        resampling=Resampling.average if quantity else Resampling.nearest,
    )
    values: NDArray[np.float32] = read.astype(np.float32).filled(np.nan)
    if not quantity:
        return _codes(values, layer)
    for place, band in enumerate(bands):
        values[place] *= np.float32(source.scales[band - 1])
        values[place] += np.float32(source.offsets[band - 1])
    values *= np.float32(layer.scale)
    require_range(values, layer.about, layer.id)
    return values


def _codes(values: NDArray[np.float32], layer: Layer) -> NDArray[np.float32]:
    """Numbers of a class file as codes of the legend.

    Raises
    ------
    UnknownClass
    """
    own = {str(code): code for code in layer.about.codes}
    codes = layer.codes_in_file or own
    translated = np.full(values.shape, np.nan, dtype=np.float32)
    found = np.unique(values[~np.isnan(values)])
    unknown = [f"{number:g}" for number in found if f"{number:g}" not in codes]
    if unknown:
        raise UnknownClass(layer.id, tuple(unknown), tuple(codes))
    for number in found:
        translated[values == number] = codes[f"{number:g}"]
    return translated


def as_classes(values: NDArray[np.float32]) -> NDArray[np.int16]:
    """Codes as int16, unknown as ``NO_DATA``."""
    known: NDArray[np.int16] = np.nan_to_num(values, nan=float(NO_DATA)).astype(np.int16)
    return known
