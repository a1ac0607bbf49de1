"""Writing a result into a folder, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from gis.analysis import Result
from layers.cogs import write_cog
from layers.folder import SUMMARY, require_free, staged
from layers.provenance import plain, stated
from locales import LANGUAGES, text

VECTORS = "result.gpkg"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_result(result: Result, directory: Path, overwrite: bool = False) -> tuple[str, ...]:
    """Write rasters, vectors, tables and ``result.json`` into ``directory``.

    Everything is written beside it first and moved into place in one step, so that a stop or a
    full disk leaves nothing half written.

    Returns
    -------
    tuple of str
        Names of the files written.

    Raises
    ------
    OutputNotEmpty
        When the folder holds anything, unless ``overwrite`` is set and it holds a result.
    OutputForeign
        When ``overwrite`` is set and something besides the earlier result lies there.
    OutputUnwritable
        When it cannot be written (no permission, disk full, a file in its place).
    """
    require_free(directory, overwrite)
    with staged(directory, overwrite) as staging:
        files = [*_write_rasters(result, staging), *write_vectors(result, staging)]
        files += [*_write_tables(result, staging), SUMMARY]
        document = json.dumps(_document(result, files), ensure_ascii=False, indent=1)
        (staging / SUMMARY).write_text(document + "\n", encoding="utf-8")
    return tuple(files)


def _write_rasters(result: Result, directory: Path) -> Iterator[str]:
    provenance = result.provenance
    tags = {
        "example": "yes" if provenance.example else "no",
        "analysis": provenance.analysis,
        "software": provenance.software,
        "created": provenance.created,
    }
    for name, array in result.outcome.rasters.items():
        yield from write_cog(array, directory / f"{name}.tif", tags)


def write_vectors(result: Result, directory: Path) -> Iterator[str]:
    """Write the features of a result into one GeoPackage, a layer each; its name where any are."""
    features = result.outcome.features
    for name, frame in features.items():
        frame.assign(example=result.provenance.example).to_file(
            directory / VECTORS,
            layer=name,
            driver="GPKG",
            engine="pyogrio",
            index=frame.index.name is not None,
            dataset_options={"VERSION": "1.2"},
        )
    if features:
        yield VECTORS


def _write_tables(result: Result, directory: Path) -> Iterator[str]:
    """Each table carries the mark of what is made up: a file travels without its folder."""
    for name, table in result.outcome.tables.items():
        file = f"{name}.csv"
        write_csv(table.assign(example=result.provenance.example), directory / file)
        yield file


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table that a spreadsheet opens rightly."""
    path.write_bytes(csv_bytes(table))


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as a spreadsheet opens it rightly: BOM for Khmer, no text becomes a formula."""
    flat = flat_table(table)
    for column in flat.columns:
        if not pd.api.types.is_numeric_dtype(flat[column]):
            flat[column] = flat[column].map(without_formula)
    written: str = flat.to_csv(index=False, lineterminator="\r\n")
    return written.encode("utf-8-sig")


def flat_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its index as columns, ``code`` first; a mere row number is none."""
    named = any(name is not None for name in table.index.names)
    flat = table.reset_index(drop=not named)
    if "code" not in flat.columns:
        return flat
    return flat[["code", *(name for name in flat.columns if name != "code")]]


def without_formula(value: Any) -> Any:
    """A text with ``'`` before what a spreadsheet would run; numbers stay as they are."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def with_formula(value: Any) -> Any:
    """What :func:`without_formula` made of a text, undone."""
    if isinstance(value, str) and value.startswith("'") and value[1:].startswith(_FORMULA_STARTS):
        return value[1:]
    return value


def _document(result: Result, files: list[str]) -> dict[str, Any]:
    outcome, provenance = result.outcome, result.provenance
    sentences = {
        language: [text(note.key, language, **dict(note.values)) for note in outcome.warnings]
        for language in LANGUAGES
    }
    return {
        **stated(provenance),
        "summary": plain(outcome.summary),
        "files": files,
        "columns": {
            name: [str(column) for column in flat_table(table).columns]
            for name, table in outcome.tables.items()
        },
        "warnings": sentences["en"],
        "warnings_km": sentences["km"],
        "notes": plain(outcome.warnings),
    }
