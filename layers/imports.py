"""Files that become layers of a workspace: checked first, then stored whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.warp import calculate_default_transform

from gis.errors import AllNoData, CatalogueInvalid, MetaMissing
from gis.grid import CRS, GEOGRAPHIC
from layers.boundaries import gazetteer
from layers.catalogue import NOT_LAYERS, Layer, layer_of, variables
from layers.checks import require_crs, require_in_cambodia
from layers.files import file_sha256, read_toml, replacing, toml_text, write_toml
from layers.official import import_boundaries
from layers.rasters import blocks, check_raster, opened
from layers.vectors import check_features, read_vector
from layers.workspace import Workspace
from registry.intake.report import Report

__all__ = ["import_boundaries", "import_layer"]

RASTERS = (".tif", ".tiff", ".img", ".asc")
OURS = ("path", "geometry", "sha256", "coarse", "own", "generated")
"""Keys of a layer that an import finds out itself."""


def import_layer(
    path: Path, meta_path: Path | None, workspace: Workspace, *, dry_run: bool = False
) -> Report:
    """Check a file and make it a layer of the workspace.

    Parameters
    ----------
    path
        A raster, or features as GeoPackage, GeoJSON or CSV with coordinates.
    meta_path
        TOML with the keys of a table of ``layers/catalogue.toml`` but ``path`` and ``geometry``,
        and ``id``.

    Raises
    ------
    MetaMissing
        Without it: a file does not say its unit, source and licence.
    UnknownArea
        When ``extent`` names an area that the boundaries at hand do not hold.
    DataError
        The named fault of the file or of its meta table; nothing was stored.
    """
    if meta_path is None:
        raise MetaMissing(str(path))
    meta = read_toml(meta_path)
    if stated := set(OURS) & meta.keys():
        raise CatalogueInvalid(str(meta_path), min(stated), "unknown key")
    name = str(meta.pop("id", path.stem.lower().replace("-", "_")))
    bring = _import_raster if path.suffix.lower() in RASTERS else _import_features
    try:
        return bring(path, name, meta, meta_path, workspace, dry_run)
    except CatalogueInvalid as error:
        # A table that does not go with its file: the table is what can be mended.
        raise CatalogueInvalid(str(meta_path), error.where, error.reason) from error


def _import_raster(
    path: Path, name: str, meta: dict[str, Any], meta_path: Path, workspace: Workspace, dry: bool
) -> Report:
    with opened(path) as source:
        require_in_cambodia(source.bounds, require_crs(source.crs, name), name)
        stated = {"resolution_m": _cell_metres(source)}
        small = set(source.dtypes) == {"uint8"}
    table = {"path": path.name, "geometry": "raster", **stated, **meta}
    layer = _layer(name, table, meta_path, path, workspace)
    check_raster(layer)
    told = sum(int(np.isfinite(values).sum()) for values in blocks(layer))
    if not told:
        raise AllNoData(layer.id, "KH")

    def write(scratch: Path) -> None:
        # Overviews of the file's own may be cubic: those go below zero where no value does.
        # GDAL's mode of other types than bytes writes 0 where all is no data.
        way = "AVERAGE" if layer.kind == "quantity" else "MODE" if small else "NEAREST"
        copy_raster(
            path,
            scratch,
            driver="COG",
            compress="DEFLATE",
            overviews="IGNORE_EXISTING",
            overview_resampling=way,
            bigtiff="IF_SAFER",
        )

    return _store(layer, table, ".tif", 1, write, workspace, dry)


def _import_features(
    path: Path, name: str, meta: dict[str, Any], meta_path: Path, workspace: Workspace, dry: bool
) -> Report:
    read = read_vector(path)
    table = {"path": path.name, "geometry": geometry_of(read), **meta}
    layer = _layer(name, table, meta_path, path, workspace)
    sound = check_features(layer, read)
    # Parts of their own, so that a district reads its part of a national soil group alone.
    columns = [layer.field] if layer.field in sound.columns else []
    parts = sound[[*columns, sound.geometry.name]].explode(ignore_index=True).to_crs(GEOGRAPHIC)

    def write(scratch: Path) -> None:
        pyogrio.write_dataframe(parts, scratch, layer=name, driver="GPKG")

    return _store(layer, table, ".gpkg", len(read), write, workspace, dry)


def _layer(
    name: str, table: dict[str, Any], meta_path: Path, path: Path, workspace: Workspace
) -> Layer:
    if name in NOT_LAYERS:
        raise CatalogueInvalid(str(meta_path), "id", f"{name}: taken")
    layer = layer_of(name, table, variables(), meta_path, path.parent)
    gazetteer(workspace).communes_within(layer.extent)
    return replace(layer, sha256=file_sha256(path), own=True)


def _store(
    layer: Layer,
    table: dict[str, Any],
    suffix: str,
    rows: int,
    write: Callable[[Path], None],
    workspace: Workspace,
    dry_run: bool,
) -> Report:
    """Store a checked layer: its data under a name of their own, then the table that names them."""
    data = workspace.layers / f"{layer.id}-{layer.sha256[:12]}{suffix}"
    entry = workspace.layers / f"{layer.id}.toml"
    stated = table | {"path": data.name, "sha256": layer.sha256}
    before = entry.read_text(encoding="utf-8") if entry.is_file() else None
    same = before == toml_text(stated) and data.is_file()
    if not same and not dry_run:
        new = not data.is_file()
        if new:
            with replacing(data) as scratch:
                write(scratch)
        try:
            write_toml(entry, stated)
        except BaseException:
            if new:
                data.unlink(missing_ok=True)
            raise
        remove_others(workspace.layers, layer.id, data)
    return Report(
        kind="layer",
        added=int(before is None),
        changed=int(before is not None and not same),
        unchanged=int(same),
        rows=rows,
        dry_run=dry_run,
    )


def remove_others(folder: Path, name: str, kept: Path) -> None:
    """Remove earlier data of a layer, which no table names any more."""
    for old in folder.glob(f"{name}-{'[0-9a-f]' * 12}.*"):
        if old != kept:
            old.unlink(missing_ok=True)


def geometry_of(read: gpd.GeoDataFrame) -> str:
    """``polygons``, ``lines`` or ``points``: what most of the features are."""
    kinds = read.geom_type.dropna().str.removeprefix("Multi")
    most = kinds.mode().iloc[0] if len(kinds) else "Polygon"
    return {"Polygon": "polygons", "Point": "points"}.get(most, "lines")


def _cell_metres(source: rasterio.DatasetReader) -> float:
    """Size of a cell in metres, whole."""
    transform, _, _ = calculate_default_transform(
        source.crs, CRS, source.width, source.height, *source.bounds
    )
    return float(round(transform.a, 0 if transform.a >= 1 else 3))
