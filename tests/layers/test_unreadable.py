"""Why a file cannot be read, in both languages, without a reader's jargon."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from gis.errors import FileUnreadable
from gis.unreadable import unreadable
from layers.files import read_toml
from layers.rasters import opened
from layers.vectors import read_vector
from locales import error_text, text
from registry.intake.readers import read


def cut(path: Path) -> None:
    values = np.arange(90_000, dtype=np.float32).reshape(300, 300)
    shape = {"width": 300, "height": 300, "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", driver="GTiff", crs=32648, transform=from_origin(5e5, 14e5, 9, 9), **shape
    ) as target:
        target.write(values, 1)
    path.write_bytes(path.read_bytes()[:9000])


def read_raster(path: Path) -> None:
    with opened(path) as source:
        source.read(1)


def rubbish(path: Path) -> None:
    path.write_bytes(b"no map at all, only words")


def records(path: Path) -> None:
    read(path, "plots")


CASES = {
    "slope.tif": (rubbish, read_raster, "unknown_format"),
    "cut.tif": (cut, read_raster, "truncated"),
    "area.gpkg": (rubbish, read_vector, "unknown_format"),
    "plots.gpkg": (rubbish, records, "unknown_format"),
    "plots.kml": (rubbish, records, "suffix"),
    "plots.geojson": (lambda path: path.write_text("{}"), records, "no_features"),
    "half.geojson": (lambda path: path.write_text('{"type": \n"Feat'), records, "truncated"),
    "meta.toml": (lambda path: path.write_text("a = 1\nb = ,\nc = 2"), read_toml, "line"),
    "khmer.toml": (lambda path: path.write_bytes(b"a = '\xff'"), read_toml, "encoding"),
}


@pytest.mark.parametrize("name", CASES)
def test_reasons_are_ours(name: str, tmp_path: Path) -> None:
    make: Callable[[Path], object]
    reader: Callable[[Path], object]
    make, reader, key = CASES[name]
    make(tmp_path / name)
    with pytest.raises(FileUnreadable) as caught:
        reader(tmp_path / name)
    values = dict(getattr(caught.value.reason, "values", ()))
    assert getattr(caught.value.reason, "key", caught.value.reason) == f"unreadable.{key}"
    for language in ("en", "km"):
        said = error_text(caught.value, language)
        assert text(f"unreadable.{key}", language, **values) in said
        assert not re.search(r"DRIVER|prefixing|\.\.|។។|\.។", said)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (PermissionError(13, "Permission denied"), "unreadable.no_permission"),
        (KeyError("files"), "unreadable.incomplete"),
        (sqlite3.DatabaseError("file is not a database"), "unreadable.unknown_format"),
        (json.JSONDecodeError("Expecting value", "", 0), "unreadable.empty"),
        (OSError(5, "Input/output error."), "Input/output error"),
        (ValueError("odd; It might help to prefix."), "odd"),
    ],
)
def test_what_readers_say(problem: Exception, reason: str) -> None:
    found = unreadable("a.tif", problem).reason
    assert getattr(found, "key", found) == reason
