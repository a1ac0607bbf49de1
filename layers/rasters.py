"""Raster files: opened, checked, read in windows and at points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import transform
from rasterio.windows import Window

from gis.analysis import Note
from gis.errors import AllNoData, CatalogueInvalid, FileMissing, UnknownClass
from gis.grid import GEOGRAPHIC
from gis.unreadable import because, unreadable
from layers.catalogue import Layer
from layers.checks import require_crs, require_in_cambodia, require_range, require_unit
from layers.generated import file_of

MOST_CODES = 65_536
CHECK_CELLS = 1024
"""Rows and columns of the picture by which a whole file is checked."""


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
        read = window_values(source, layer, Window(column, row, 1, 1), (1, 1), wanted)
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
            if np.isnan(window_values(source, layer, every, shape, [band])).all():
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
                yield window_values(source, layer, window, (window.height, window.width), [band])[0]


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


def window_values(
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
    codes = layer.codes_in_file or {str(code): code for code in layer.about.codes}
    known = ~np.isnan(values)
    numbers = values[known]
    whole = numbers.astype(np.int32)
    if not whole.size:
        return values
    # By counting, as sorting the cells of a series would take longer than to read them.
    plain = bool((whole == numbers).all()) and whole.min() >= 0 and whole.max() < MOST_CODES
    found = np.flatnonzero(np.bincount(whole)) if plain else np.unique(numbers)
    unknown = [f"{number:g}" for number in found if f"{number:g}" not in codes]
    if unknown:
        raise UnknownClass(layer.id, tuple(unknown), tuple(codes))
    to = np.zeros(int(found.max()) + 1, dtype=np.float32)
    to[found] = [codes[f"{number:g}"] for number in found]
    values[known] = to[whole]
    return values
