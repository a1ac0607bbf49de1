"""A result as one file to take along, in the formats that other programs open."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from gis.analysis import Note, Result
from gis.errors import BadParameter, FileMissing, TableMissing
from gis.unreadable import unreadable
from layers.folder import SUMMARY
from layers.runs import read_result, run_id
from layers.write import csv_bytes, write_result
from locales import Language
from reports.anonymous import is_changed, public
from reports.company import company_sheet
from reports.exchange.geopackage import geopackage
from reports.exchange.kmz import kmz
from reports.exchange.parcel import furnish, packed
from reports.exchange.rasters import STYLE, main_file
from reports.exchange.shapefile import shapefiles
from reports.precise import FORMATS as PRECISE
from reports.precise import Precise, leaving
from reports.whole import require_free, write_whole
from reports.workbook import workbook


def zipped(folder: Path, language: Language = "en") -> bytes:
    """A result folder to open elsewhere: its files, styled, with a QGIS project and the font.

    Only what the summary of the result lists comes along, under the folder's name. Files that tell
    of farmers or providers are written anew as they may leave the house.

    Raises
    ------
    FileMissing, FileUnreadable
        When the folder holds no result or a file cannot be read.
    OutputUnwritable
        When there is no room to write them anew.
    """
    name = folder.resolve().name or "result"
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        left = Path(place) / name
        _leave(folder, left)
        furnish(left, language)
        return packed(left)


def _leave(folder: Path, left: Path) -> None:
    """Copy the files of a result into an empty folder, as they may leave the house."""
    made = _document(folder)
    notes = (str(note.get("key")) for note in made.get("notes", ()))
    if is_changed(str(made.get("analysis")), made.get("parameters", {}), notes):
        write_result(public(read_result(folder)), left)
        return
    left.mkdir()
    try:
        for file in files_of(folder):
            shutil.copyfile(folder / file, left / file)
    except OSError as error:
        raise unreadable(folder, error) from error


def table_of(result: Result, name: str) -> bytes:
    """A table of a result as CSV, as it may leave the house.

    Columns bear the names by which programs know them, both languages side by side; in each row
    stands what made it and whether anything in it is made up.
    """
    made = result.provenance
    stated = f"{made.software} · {made.analysis} · {run_id(made)} · {made.created[:10]}"
    # no table needs the maps
    bare = replace(result, outcome=replace(result.outcome, rasters={}))
    table = public(bare).outcome.tables[name]
    return csv_bytes(table.assign(example=made.example, made_by=stated))


def files_of(folder: Path) -> tuple[str, ...]:
    """Names that the summary of a result lists, in order of the alphabet.

    Raises
    ------
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one.
    """
    try:
        # plain names only: a summary that was tampered with names nothing outside its folder
        return tuple(sorted({Path(str(name)).name for name in _document(folder)["files"]}))
    except (KeyError, TypeError) as error:
        raise unreadable(folder / SUMMARY, error) from error


def _document(folder: Path) -> dict[str, Any]:
    if not (folder / SUMMARY).is_file():
        raise FileMissing(str(folder / SUMMARY))
    try:
        found = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return {str(name): value for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise unreadable(folder / SUMMARY, error) from error


def _workbook(folder: Path, language: Language) -> bytes:
    return workbook(read_result(folder), language)


def _geopackage(folder: Path, language: Language) -> bytes:
    return geopackage(public(read_result(folder)), language)


def _table(folder: Path, language: Language) -> bytes:
    result = read_result(folder)
    name = next((one for one in MAIN_TABLES if one in result.outcome.tables), None)
    if name is None:
        raise TableMissing("communes", result.provenance.analysis, "suitability")
    return table_of(result, name)


def _raster(folder: Path, language: Language) -> bytes:
    return _of_map(folder, ".tif")


def _raster_style(folder: Path, language: Language) -> bytes:
    return _of_map(folder, STYLE)


def _of_map(folder: Path, ending: str) -> bytes:
    """A file of the map of a result as it may leave the house."""
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        left = Path(place) / "left"
        _leave(folder, left)
        return main_file(left, files_of(left), ending)


def _kmz(folder: Path, language: Language) -> bytes:
    return kmz(public(read_result(folder)), language)


def _shapefiles(folder: Path, language: Language) -> bytes:
    return shapefiles(public(read_result(folder)), language)


def _geopdf(folder: Path, language: Language) -> bytes:
    # the figure is drawn with matplotlib, which takes its time to load
    from reports.exchange.geopdf import geopdf

    return geopdf(read_result(folder), language)


def _picture(folder: Path, language: Language) -> bytes:
    from reports.exchange.geopdf import picture

    return picture(read_result(folder), language)


def _web_map(folder: Path, language: Language) -> bytes:
    from reports.webmap.file import web_map

    return web_map(read_result(folder), language)


def _company(folder: Path, language: Language) -> bytes:
    return company_sheet(read_result(folder), language)


Maker: TypeAlias = Callable[[Path, Language], bytes]
FORMATS: Mapping[str, Maker] = {
    ".zip": zipped,
    ".gpkg": _geopackage,
    ".xlsx": _workbook,
    ".csv": _table,
    ".kmz": _kmz,
    ".tif": _raster,
    ".shp.zip": _shapefiles,
    ".pdf": _geopdf,
    ".png": _picture,
    ".html": _web_map,
}
"""Ending of a file -> what makes it of the whole result, or of what tells most of it."""
BESIDE: Mapping[str, Mapping[str, Maker]] = {".tif": {STYLE: _raster_style}}
"""Ending of a file -> what stands beside it under the same name."""
WARNINGS: Mapping[str, str] = {".shp.zip": "exchange.shapefile"}
"""Ending of a file -> text key of what the format loses."""
MAIN_TABLES = ("sites", "communes", "districts")
"""The first that a result has is its CSV file; the others are sheets of its workbook."""
SHEETS: Mapping[str, Mapping[str, Maker]] = {"company": {".xlsx": _company}}
"""Sheet for a reader outside the house -> ending of its file -> what makes it."""


def export(
    folder: Path,
    out: Path,
    language: Language,
    overwrite: bool = False,
    sheet: str | None = None,
    precise: Precise | None = None,
) -> None:
    """Write a result, or one sheet of it, as one file, whole or not at all; a map with its style.

    Parameters
    ----------
    sheet
        One of :data:`SHEETS`; by default the whole result.
    precise
        With plots and providers, for a purpose; by default as it may leave the house.

    Raises
    ------
    BadParameter
        When no format has this ending, or a sheet is asked for precisely.
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one.
    TableMissing
        When the result has no such sheet.
    OutputTaken
        When the file is there already, unless ``overwrite`` is set.
    OutputUnwritable
        When it cannot be written.
    NotGranted, RoleTooNarrow, OutsideProvinces, RegistryUnwritable
        When it may not be told precisely, or cannot be entered in the trail.
    """
    if precise is not None and sheet is not None:
        raise BadParameter("--sheet", sheet, Note("allowed.not_precise"))
    formats = FORMATS if sheet is None else SHEETS[sheet]
    known = formats if precise is None else PRECISE
    ending = ending_of(out, known)
    if ending is None:
        raise BadParameter("--out", out.name, Note("allowed.ending", (("choices", tuple(known)),)))
    beside = BESIDE.get(ending, {}) if sheet is None else {}
    makers = {out.with_name(out.name[: -len(ending)] + one): beside[one] for one in beside}
    for path in (*makers, out):
        require_free(path, overwrite)
    if precise is not None:
        with leaving(folder, ending, out.name, language, precise) as found:
            write_whole(out, found, private=True)
        return
    # all are made before the first is written; the one that was asked for comes last
    makers[out] = formats[ending]
    made = {path: make(folder, language) for path, make in makers.items()}
    for path, content in made.items():
        write_whole(path, content)


def content(
    folder: Path,
    ending: str,
    language: Language,
    precise: Precise | None = None,
    file: str = "",
) -> bytes:
    """What :func:`export` would write, to be handed out by a page; a precise one is entered.

    Parameters
    ----------
    file
        Name under which it is handed out, for the trail; by default that of the folder.

    Raises
    ------
    BadParameter
        When no format has this ending.
    FileMissing, FileUnreadable, TableMissing
        When the folder holds no result or a damaged one, or the format has nothing to hold.
    NotGranted, RoleTooNarrow, OutsideProvinces, RegistryUnwritable
        When it may not be told precisely, or cannot be entered in the trail.
    """
    known: Collection[str] = FORMATS if precise is None else PRECISE
    if ending not in known:
        raise BadParameter("ending", ending, Note("allowed.one_of", (("choices", tuple(known)),)))
    if precise is None:
        return FORMATS[ending](folder, language)
    called = file or f"{folder.resolve().name or 'result'}{ending}"
    with leaving(folder, ending, called, language, precise) as found:
        return found


def ending_of(out: Path, formats: Collection[str]) -> str | None:
    """The longest known ending of a file name, in whatever letters; none is no name alone.

    >>> ending_of(Path("a.SHP.ZIP"), FORMATS), ending_of(Path(".zip"), FORMATS)
    ('.shp.zip', None)
    """
    name = out.name.lower()
    found = [one for one in formats if name.endswith(one) and len(name) > len(one)]
    return max(found, key=len, default=None)
