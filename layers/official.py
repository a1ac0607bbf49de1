"""Official boundaries: a file of commune outlines that replaces the embedded ones everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import CRS

from gis.errors import Fault, ImportRefused
from gis.grid import GEOGRAPHIC
from layers.boundaries import ENTRY, names_file, parents, read_names
from layers.checks import require_in_cambodia
from layers.files import file_sha256, replacing, toml_text, write_toml
from layers.outlines import BoundaryMeta, faults_of, meta_of, named
from layers.vectors import read_vector
from layers.workspace import Workspace
from registry.intake.report import Report


def import_boundaries(
    path: Path, workspace: Workspace, *, meta: Path | None = None, dry_run: bool = False
) -> Report:
    """Check a file of boundaries and use it in place of the embedded outlines.

    Parameters
    ----------
    path
        Polygons with official codes.
    meta
        TOML with the keys of :class:`BoundaryMeta`; not needed for the files of ``PUBLISHED``.

    Raises
    ------
    ImportRefused
        With every fault and the number of its feature; nothing was stored.
    DataError
        When the file cannot be read at all.
    """
    read = read_vector(path)
    stated = meta_of(read, path, meta)
    require_in_cambodia(_bounds(read), CRS.from_user_input(read.crs), path.name)
    table = named(read, stated)
    faults = faults_of(table, stated)
    if faults:
        raise ImportRefused(str(path), tuple(faults))
    table = table.set_index("code").sort_index()
    if stated.level != "commune":
        return _store_names(table, stated, workspace, dry_run)
    return _store(path, table.to_crs(GEOGRAPHIC), stated, workspace, dry_run)


def _bounds(read: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(value) for value in read.total_bounds)
    return left, bottom, right, top


def _store(
    path: Path, table: gpd.GeoDataFrame, meta: BoundaryMeta, workspace: Workspace, dry_run: bool
) -> Report:
    """Store outlines: the data under a name of their own, then the table that names them."""
    sha256 = file_sha256(path)
    data = workspace.layers / f"boundaries-{sha256[:12]}.gpkg"
    entry = workspace.layers / ENTRY
    stated: dict[str, Any] = {
        "path": data.name,
        "source": meta.source or path.name,
        "licence": meta.licence,
        "edition": meta.edition,
        "sha256": sha256,
    }
    stated |= {"year": meta.year} if meta.year else {}
    before = entry.read_text(encoding="utf-8") if entry.is_file() else None
    same = before == toml_text(stated) and data.is_file()
    if not same and not dry_run:
        write_outlines(table, data)
        write_toml(entry, stated)
        for old in workspace.layers.glob("boundaries-*.gpkg"):
            if old != data:
                old.unlink(missing_ok=True)
    count = len(table)
    return Report(
        kind="boundaries",
        added=0 if before else count,
        changed=count if before and not same else 0,
        unchanged=count if same else 0,
        rows=count,
        dry_run=dry_run,
    )


def write_outlines(table: gpd.GeoDataFrame, data: Path) -> None:
    """Communes, and the districts and provinces dissolved from them, in one file."""
    communes = table.assign(district=table.index.str[:4], province=table.index.str[:2])
    with replacing(data) as scratch:
        for level in ("district", "province"):
            frame = parents(communes, level).reset_index()
            pyogrio.write_dataframe(frame, scratch, layer=level, driver="GPKG")
        pyogrio.write_dataframe(communes.reset_index(), scratch, layer="commune", driver="GPKG")


def _store_names(
    table: gpd.GeoDataFrame, meta: BoundaryMeta, workspace: Workspace, dry_run: bool
) -> Report:
    """Store the names of districts or provinces; their outlines stay those of their communes."""
    file = names_file(workspace, meta.level)
    names = pd.DataFrame(table[["name_en", "name_km", "spellings"]])
    before = read_names(file) if file.is_file() else names.iloc[:0]
    known = names[names.index.isin(before.index)]
    same = int((known == before.reindex(known.index)).all(axis=1).sum())
    if not dry_run and same < len(names):
        with replacing(file) as scratch:
            names.to_csv(scratch, encoding="utf-8")
    return Report(
        kind="boundaries",
        added=len(names) - len(known),
        changed=len(known) - same,
        unchanged=same,
        rows=len(names),
        warnings=(Fault(None, None, "boundary_names_only", (("level", meta.level),)),),
        dry_run=dry_run,
    )
