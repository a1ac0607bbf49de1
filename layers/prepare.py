"""The workspace on first use, and files that come into it."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gis.errors import CatalogueInvalid, OutputUnwritable, RegistryGone
from layers.allowed import first_fault
from layers.boundaries import gazetteer
from layers.files import read_toml
from layers.imports import import_layer
from layers.official import import_boundaries
from layers.workspace import EMBEDDED, Workspace
from registry.database import Database
from registry.intake import Meta, Report, intake

EXAMPLES = (
    ("plots", "plots.geojson"),
    ("seasons", "plot_seasons.csv"),
    ("providers", "providers.csv"),
    ("machines", "machines.csv"),
    ("events", "events.csv"),
)
_READY = "ready"


def prepare(workspace: Workspace) -> Workspace:
    """Make the workspace of the embedded default where there is none yet.

    Killed half-way, it goes on at the next call: each step may be done twice.

    Raises
    ------
    OutputUnwritable
        When the folder cannot be made.
    RegistryGone
        When records were kept here and their file is missing or empty.
    """
    mark = workspace.root / _READY
    if mark.is_file():
        _require_registry(workspace, mark)
        return workspace
    try:
        for folder in (workspace.root, workspace.layers, workspace.runs):
            folder.mkdir(parents=True, exist_ok=True)
        _bring_examples(workspace)
        mark.write_text("", encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(str(workspace.root), error.strerror or str(error)) from error
    return workspace


def _require_registry(workspace: Workspace, mark: Path) -> None:
    file = workspace.registry_file
    # Opened now it would be made anew, and nobody would notice that records are lost.
    if file is not None and not (file.is_file() and file.stat().st_size):
        raise RegistryGone(str(file), str(mark))


def _bring_examples(workspace: Workspace) -> None:
    places = gazetteer(workspace)
    with Database.open(workspace.database_url) as database:
        for kind, name in EXAMPLES:
            intake(EMBEDDED / "examples" / name, kind, database, places, example=True)


def bring_in(
    file: Path, kind: str, workspace: Workspace, *, meta: Path | None = None, dry_run: bool = False
) -> Report:
    """Check a file and store it, whole or not at all.

    Parameters
    ----------
    kind
        ``layer``, ``boundaries`` or a kind of records.
    meta
        TOML file that states unit, source, licence and titles of a layer or of boundaries; of
        records whose they are (``owner``, ``agreement``) and which column is which (``columns``).

    Raises
    ------
    ImportRefused
        With every fault and its row; nothing was stored.
    DataError
        When the file cannot be read at all.
    """
    if kind == "layer":
        return import_layer(file, meta, workspace, dry_run=dry_run)
    if kind == "boundaries":
        return import_boundaries(file, workspace, meta=meta, dry_run=dry_run)
    stated = None if meta is None else _record_meta(meta)
    with Database.open(workspace.database_url) as database:
        return intake(file, kind, database, gazetteer(workspace), meta=stated, dry_run=dry_run)


def _record_meta(path: Path) -> Meta:
    try:
        return TypeAdapter(Meta).validate_python(read_toml(path))
    except ValidationError as error:
        where, _, may_be = first_fault(error)
        raise CatalogueInvalid(str(path), where, may_be) from error
