"""Rasters as Cloud-Optimised GeoTIFFs; classes and bands also as a picture with their colours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import rasterio.shutil
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.io import DatasetWriter, MemoryFile

from gis.grid import NO_DATA, OUTSIDE, raster
from layers.bands import bands_of
from layers.colours import PaletteClass, palette
from layers.legend import Scale
from layers.styles import attribute_table, banded, qgis_bands, qgis_style

COLOURED = "_colours"
"""Ends the name of the picture of a class raster."""
CLEAR = 0
"""Palette number without colour: no data, or outside the area."""
MOST_CLASSES = 255
Number = TypeVar("Number", np.int16, np.float32)
_BLOCK = 1024
"""Rows looked at in one go, so that a large raster needs no second copy of itself as indices."""


def write_cog(array: xr.DataArray, path: Path, tags: Mapping[str, str]) -> tuple[str, ...]:
    """Write one raster as a Cloud-Optimised GeoTIFF; overviews take the mode of classes.

    Classes keep their codes, quantities their values. Beside classes, and quantities that are drawn
    in bands, stand ``<name>_colours.tif``, the same picture as bytes with a colour table (number 0
    is no data, its tag ``palette`` says which number is which code), its attribute table for ArcGIS
    and others, and ``<name>.qml``, a style for QGIS.

    Returns
    -------
    tuple of str
        Names of the files written.
    """
    if array.dtype.kind == "f":
        _write(path, array, tags, {"predictor": "3", "overview_resampling": "average"})
        scale = bands_of(str(array.name))
        return (path.name, *_write_bands(array, scale, path, tags)) if scale else (path.name,)
    _write(path, array, tags, {"predictor": "2", "overview_resampling": "mode"})
    return (path.name, *_write_colours(array, path, tags))


def _write_colours(array: xr.DataArray, path: Path, tags: Mapping[str, str]) -> Iterator[str]:
    codes = array.to_numpy().astype(np.int16, copy=False)
    classes = palette(array.attrs.get("classes", {}), codes_of(codes))
    if len(classes) > MOST_CLASSES:
        return
    yield from _write_picture(array, numbered(codes, classes), classes, path, tags)
    yield _write_style(path, qgis_style(classes, tags))


def _write_bands(
    array: xr.DataArray, scale: Scale, path: Path, tags: Mapping[str, str]
) -> Iterator[str]:
    # no value is step -1, and so number 0, which is clear
    steps = (scale.steps(rows) + 1 for rows in _blocks(array.to_numpy()))
    numbers = np.concatenate([rows.astype(np.uint8) for rows in steps])
    yield from _write_picture(array, numbers, banded(scale), path, tags)
    yield _write_style(path, qgis_bands(scale, tags))


def _write_picture(
    array: xr.DataArray,
    numbers: NDArray[np.uint8],
    classes: Sequence[PaletteClass],
    path: Path,
    tags: Mapping[str, str],
) -> Iterator[str]:
    # made anew: a copy of one row or one cell has lost its grid
    picture = raster(numbers, array.odc.geobox, str(array.name), array.attrs["units"])
    picture.attrs["nodata"] = CLEAR
    stated = [
        {"number": item.number, "code": item.code, "colour": item.colour, **item.title}
        for item in classes
    ]
    colours = path.with_name(f"{path.stem}{COLOURED}.tif")
    texts = {"palette": json.dumps(stated, ensure_ascii=False)}
    options = {"predictor": "NO", "overview_resampling": "mode"}
    _write(colours, picture, {**tags, **texts}, options, classes)
    yield colours.name
    described = colours.with_name(f"{colours.name}.aux.xml")
    described.write_text(attribute_table(classes, tags), encoding="utf-8")
    yield described.name


def _write_style(path: Path, content: str) -> str:
    style = path.with_suffix(".qml")
    style.write_text(content, encoding="utf-8")
    return style.name


def codes_of(codes: NDArray[np.int16]) -> tuple[int, ...]:
    """Codes that occur, without no data and outside."""
    seen = np.zeros(1 << 16, dtype=bool)
    for rows in _blocks(codes):
        seen[rows.view(np.uint16)] = True
    found = np.flatnonzero(seen).astype(np.uint16).view(np.int16)
    return tuple(sorted(int(code) for code in found if code not in (NO_DATA, OUTSIDE)))


def numbered(codes: NDArray[np.int16], classes: Sequence[PaletteClass]) -> NDArray[np.uint8]:
    """Palette number of each cell, ``CLEAR`` where it has no class."""
    table = np.full(1 << 16, CLEAR, dtype=np.uint8)
    for item in classes:
        table[np.int16(item.code).view(np.uint16)] = item.number
    return np.concatenate([table[rows.view(np.uint16)] for rows in _blocks(codes)])


def _blocks(cells: NDArray[Number]) -> Iterator[NDArray[Number]]:
    whole = np.ascontiguousarray(cells)
    return (whole[row : row + _BLOCK] for row in range(0, max(len(whole), 1), _BLOCK))


def _write(
    path: Path,
    array: xr.DataArray,
    tags: Mapping[str, str],
    options: Mapping[str, str],
    classes: Sequence[PaletteClass] = (),
) -> None:
    with MemoryFile() as memory:
        with memory.open(**_profile(array)) as target:
            _fill(target, array, tags)
            if classes:
                target.write_colormap(1, _colour_table(classes))
        # Written by Python, a full disk is a named fault and not a line of the TIFF library.
        with memory.open() as source, MemoryFile(ext=".tif") as cog:
            rasterio.shutil.copy(source, cog.name, driver="COG", compress="deflate", **options)
            path.write_bytes(cog.read())


def _profile(array: xr.DataArray) -> dict[str, Any]:
    grid: GeoBox = array.odc.geobox
    return {
        "driver": "GTiff",
        "height": grid.height,
        "width": grid.width,
        "count": 1,
        "dtype": str(array.dtype),
        "crs": str(grid.crs),
        "transform": grid.transform,
        "nodata": array.odc.nodata,
    }


def _fill(target: DatasetWriter, array: xr.DataArray, tags: Mapping[str, str]) -> None:
    target.write(array.to_numpy(), 1)
    target.set_band_description(1, str(array.name))
    target.set_band_unit(1, str(array.attrs["units"]))
    if classes := array.attrs.get("classes"):
        target.update_tags(1, classes=json.dumps(classes))
    target.update_tags(**tags)


def _colour_table(classes: Sequence[PaletteClass]) -> dict[int, tuple[int, int, int]]:
    return {CLEAR: (255, 255, 255)} | {item.number: item.rgb for item in classes}
