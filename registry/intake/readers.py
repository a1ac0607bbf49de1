"""Reading files of records into rows of plain cells. Nothing is judged here but the file itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis.errors import Fault, FileMissing, ImportRefused
from gis.unreadable import because, unreadable

GEOGRAPHIC = CRS.from_epsg(4326)
_FIRST_ROW = {"table": 2, "features": 1}
_NO_SHAPE = (ValueError, TypeError, AttributeError, KeyError, IndexError)
_ROW_NUMBERS = ("fid", "ogc_fid", "objectid")


@dataclass(frozen=True)
class Row:
    """A row as its program shows it: ``number`` counts the heading of a table, features from 1.

    ``shape`` is None where there is no geometry; ``broken`` says why one could not be read.
    """

    number: int
    cells: Mapping[str, object]
    shape: BaseGeometry | None = None
    broken: str = ""


@dataclass(frozen=True)
class Table:
    """A file as rows. ``spatial`` is whether it carries geometry; ``crs`` of that geometry."""

    path: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    spatial: bool = False
    crs: CRS | None = None


def read(path: Path, kind: str) -> Table:
    """Read a GeoPackage, GeoJSON or CSV file; ``kind`` names its layer where it has several.

    Raises
    ------
    FileMissing
    FileUnreadable
        The file is truncated, of another format, or may not be read.
    ImportRefused
        The file is read but its encoding, layers or headings are off.
    """
    if not path.is_file():
        raise FileMissing(str(path))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise because(path, "suffix", known=tuple(_READERS))
    try:
        return reader(path, kind)
    except OSError as problem:
        raise unreadable(path, problem) from problem


def heading(written: object) -> str:
    """A heading as it is compared: ``Cover crop`` is ``cover_crop``."""
    return "_".join(str(written).strip().casefold().split())


def _csv(path: Path, kind: str) -> Table:
    words = _decoded(path)
    first = words.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = list(enumerate(lines, start=1))
    except csv.Error as problem:
        raise because(path, "line", line=str(lines.line_num)) from problem
    if not numbered:
        raise _refused(path, Fault(None, None, "no_rows"))
    headings = tuple(heading(cell) for cell in numbered[0][1])
    while headings and not headings[-1]:
        headings = headings[:-1]
    rows, faults = [], []
    for number, cells in numbered[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(headings) :]):
            values = (("cells", len(cells)), ("headings", len(headings)))
            faults.append(Fault(number, None, "row_too_long", values))
        padded = cells + [""] * (len(headings) - len(cells))
        rows.append(Row(number, dict(zip(headings, padded, strict=False))))
    faults += _repeated(headings)
    if faults:
        raise ImportRefused(str(path), tuple(faults))
    return Table(str(path), headings, tuple(rows))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _refused(path, Fault(None, None, "encoding", (("found", "UTF-16"),)))
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = str(content[: problem.start].count(b"\n") + 1)
        fault = Fault(None, None, "encoding_line", (("line", line),))
        raise _refused(path, fault) from problem
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _geojson(path: Path, kind: str) -> Table:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError as problem:
        raise unreadable(path, problem) from problem
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise because(path, "no_features")
    headings: dict[str, None] = {}
    rows = []
    for number, feature in enumerate(features, start=_FIRST_ROW["features"]):
        cells = {heading(name): cell for name, cell in (feature.get("properties") or {}).items()}
        headings |= dict.fromkeys(cells)
        outline, broken = _shape(feature.get("geometry"))
        rows.append(Row(number, cells, outline, broken))
    spatial = any(row.shape is not None or row.broken for row in rows)
    return Table(str(path), _named(headings), tuple(rows), spatial, _geojson_crs(document))


def _shape(geometry: Any) -> tuple[BaseGeometry | None, str]:
    if geometry is None:
        return None, ""
    try:
        return shape(geometry), ""
    except (*_NO_SHAPE, ShapelyError) as problem:
        return None, str(problem) or type(problem).__name__


def _geojson_crs(document: Mapping[str, Any]) -> CRS | None:
    """WGS 84, as the format says, unless the old ``crs`` member names another; null is none."""
    if "crs" not in document:
        return GEOGRAPHIC
    try:
        name = str(document["crs"]["properties"]["name"])
        return GEOGRAPHIC if name.endswith("CRS84") else CRS.from_user_input(name)
    except (TypeError, KeyError, CRSError):
        return None


def _geopackage(path: Path, kind: str) -> Table:
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if len(layers) != 1 and kind not in layers:
            values = (("kind", kind), ("layers", tuple(layers)))
            raise _refused(path, Fault(None, None, "which_layer", values))
        layer = kind if kind in layers else layers[0]
        meta, fids, wkb, columns = pyogrio.raw.read(path, layer=layer, return_fids=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as problem:
        raise unreadable(path, problem) from problem
    names = [heading(name) for name in meta["fields"]]
    shapes = [None] * len(fids) if wkb is None else list(shapely.from_wkb(wkb, on_invalid="ignore"))
    texts = [column.astype(object) for column in columns]
    rows = tuple(
        Row(number, dict(zip(names, cells, strict=True)), outline)
        for number, outline, *cells in zip(
            range(_FIRST_ROW["features"], len(fids) + 1), shapes, *texts, strict=True
        )
    )
    crs = CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    return Table(str(path), _named(dict.fromkeys(names)), rows, wkb is not None, crs)


def _named(headings: Mapping[str, None]) -> tuple[str, ...]:
    """Headings without the row numbers that programs add by themselves."""
    return tuple(name for name in headings if name not in _ROW_NUMBERS)


def _repeated(headings: tuple[str, ...]) -> list[Fault]:
    twice = {name for name in headings if name and headings.count(name) > 1}
    return [Fault(None, name, "column_twice") for name in sorted(twice)]


def _refused(path: Path, fault: Fault) -> ImportRefused:
    return ImportRefused(str(path), (fault,))


_READERS = {".csv": _csv, ".geojson": _geojson, ".json": _geojson, ".gpkg": _geopackage}
