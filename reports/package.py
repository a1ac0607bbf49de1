"""A result as one file to take along, in the formats that other programs open."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from gis.analysis import Note, Result
from gis.errors import BadParameter, FileMissing, OutputTaken, OutputUnwritable
from gis.unreadable import unreadable
from layers.folder import SUMMARY
from layers.runs import read_result, run_id
from layers.write import csv_bytes, write_result
from locales import Language
from reports.anonymous import is_changed, public
from reports.company import company_sheet
from reports.exchange.geopackage import geopackage
from reports.exchange.parcel import furnish
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
        return _packed(left, name)


def _leave(folder: Path, left: Path) -> None:
    """Copy the files of a result into an empty folder, as they may leave the house."""
    made = _document(folder)
    if is_changed(str(made.get("analysis")), made.get("parameters", {})):
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


def _packed(folder: Path, name: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            package.write(file, Path(name) / file.relative_to(folder))
    return content.getvalue()


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


def _company(folder: Path, language: Language) -> bytes:
    return company_sheet(read_result(folder), language)


Maker: TypeAlias = Callable[[Path, Language], bytes]
FORMATS: Mapping[str, Maker] = {
    ".zip": zipped,
    ".gpkg": _geopackage,
    ".xlsx": _workbook,
}
"""Ending of a file -> what makes it of the whole result."""
SHEETS: Mapping[str, Mapping[str, Maker]] = {"company": {".xlsx": _company}}
"""Sheet for a reader outside the house -> ending of its file -> what makes it."""


def export(
    folder: Path,
    out: Path,
    language: Language,
    overwrite: bool = False,
    sheet: str | None = None,
) -> None:
    """Write a result, or one sheet of it, as one file, whole or not at all.

    Parameters
    ----------
    sheet
        One of :data:`SHEETS`; by default the whole result.

    Raises
    ------
    BadParameter
        When no format has this ending.
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one.
    TableMissing
        When the result has no such sheet.
    OutputTaken
        When the file is there already, unless ``overwrite`` is set.
    OutputUnwritable
        When it cannot be written.
    """
    formats = FORMATS if sheet is None else SHEETS[sheet]
    make = formats.get(out.suffix.lower())
    if make is None:
        raise BadParameter(
            "--out", out.name, Note("allowed.ending", (("choices", tuple(formats)),))
        )
    if out.exists() and not overwrite:
        raise OutputTaken(str(out))
    content = make(folder, language)
    _write(out, content)


def _write(out: Path, content: bytes) -> None:
    """Beside it first, then into its place in one step."""
    part = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".deimap-", dir=out.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        part.chmod(0o644)
        part.replace(out)
    except OSError as error:
        raise OutputUnwritable(str(out.parent), error.strerror or str(error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
