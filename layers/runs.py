"""Results read back, and those the web keeps, each under an id made from what went into it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox
from rasterio.errors import RasterioError

from gis.analysis import Note, Outcome, Provenance, Result
from gis.errors import FileMissing
from gis.grid import raster
from gis.unreadable import because, unreadable
from layers.cogs import COLOURED
from layers.folder import SUMMARY
from layers.kept import kept_results
from layers.provenance import provenance_of
from layers.workspace import Workspace
from layers.write import VECTORS, with_formula, write_result

_ID = re.compile(r"[0-9a-f]{16}")
CODES = ("code", "commune", "district", "province", "village", "next_best")
"""Columns of tables that hold official codes: a number would lose the zero before it."""
_OF_PLACES = ("country", "provinces", "districts", "communes", "sites")
"""Tables with a row a place, also of a result that does not state the columns of its tables."""
_FAULTS_OF_READING = (
    OSError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    StopIteration,
    RasterioError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
)


def run_id(provenance: Provenance) -> str:
    """Id of a run: the same inputs, parameters and software give the same id."""
    uses = sorted((use.id, use.edition, use.sha256) for use in provenance.layers)
    stated = [
        provenance.analysis,
        provenance.areas,
        dict(provenance.parameters),
        uses,
        provenance.software,
        provenance.resolution_m,
    ]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:16]


def run_folder(identity: str, workspace: Workspace) -> Path:
    """Folder of a run; the id comes from a URL, so nothing but an id passes.

    Raises
    ------
    FileMissing
        When it is no id.
    """
    if not _ID.fullmatch(identity):
        raise FileMissing(identity)
    return workspace.runs / identity


def save_run(result: Result, workspace: Workspace) -> str:
    """Keep a result; one that is there already stays."""
    identity = run_id(result.provenance)
    folder = run_folder(identity, workspace)
    if not (folder / SUMMARY).is_file():
        write_result(result, folder)
    return identity


def load_run(identity: str, workspace: Workspace) -> Result:
    """A kept result.

    Raises
    ------
    FileMissing, FileUnreadable
        When there is none of this id, or it is damaged.
    """
    return read_result(run_folder(identity, workspace))


def latest_run(
    analysis: str,
    areas: tuple[str, ...],
    workspace: Workspace,
    suits: Callable[[Mapping[str, Any]], bool] | None = None,
) -> str | None:
    """Id of the newest kept result of an analysis over exactly these areas.

    ``suits`` may ask for more of its parameters.
    """
    for kept in kept_results(workspace):
        suit = suits is None or suits(kept.parameters)
        if (kept.analysis, kept.areas) == (analysis, areas) and suit:
            return kept.identity
    return None


def read_result(directory: Path) -> Result:
    """Read back a folder that :func:`write_result` wrote.

    Raises
    ------
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one.
    """
    if not (directory / SUMMARY).is_file():
        raise FileMissing(str(directory / SUMMARY))
    try:
        document = json.loads((directory / SUMMARY).read_text(encoding="utf-8"))
        rasters = {
            Path(name).stem: _read_raster(directory / name)
            for name in document["files"]
            if name.endswith(".tif") and not name.endswith(f"{COLOURED}.tif")
        }
        return Result(
            Outcome(
                rasters,
                _read_tables(directory, document["files"], document.get("columns", {})),
                _read_vectors(directory, document["files"]),
                document["summary"],
                tuple(read_note(note) for note in document["notes"]),
            ),
            provenance_of(document),
            next(iter(rasters.values())).odc.geobox,
        )
    except _FAULTS_OF_READING as error:
        raise unreadable(directory, error) from error


def read_note(stored: Any) -> Any:
    """A note with the notes among its values; other values as JSON kept them."""
    if isinstance(stored, dict) and stored.keys() == {"key", "values"}:
        values = stored["values"].items()
        return Note(stored["key"], tuple((name, read_note(value)) for name, value in values))
    if isinstance(stored, list):
        return tuple(read_note(item) for item in stored)
    return stored


def _read_raster(path: Path) -> xr.DataArray:
    with rasterio.open(path) as source:
        grid = GeoBox(source.shape, source.transform, source.crs)
        classes = json.loads(source.tags(1).get("classes", "{}"))
        named = {int(code): key for code, key in classes.items()}
        attrs: dict[str, Any] = {"classes": named} if named else {}
        return raster(source.read(1), grid, path.stem, source.units[0] or "", **attrs)


def _read_tables(
    directory: Path, files: list[str], columns: Mapping[str, list[str]]
) -> dict[str, pd.DataFrame]:
    """Tables with all columns that the summary states, whoever opened and saved them since."""
    names = [Path(name).stem for name in files if name.endswith(".csv")]
    usual = {name: ["code"] for name in names if name in _OF_PLACES}
    needed = {name: columns.get(name, usual.get(name, [])) for name in names}
    return {name: _read_table(directory / f"{name}.csv", needed[name]) for name in names}


def _read_table(path: Path, needed: list[str]) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=dict.fromkeys(CODES, str), encoding="utf-8-sig")
    if lost := [name for name in needed if name not in table.columns]:
        raise because(path, "columns_lost", columns=", ".join(lost))
    for column in table.select_dtypes(exclude=["number", "bool"]).columns:
        table[column] = table[column].map(with_formula)
    return table.set_index("code") if "code" in table.columns else table


def _read_vectors(directory: Path, files: list[str]) -> dict[str, gpd.GeoDataFrame]:
    if VECTORS not in files:
        return {}
    path = directory / VECTORS
    # one that was taken along holds tables without places too
    names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    return {name: gpd.read_file(path, layer=name) for name in names}
