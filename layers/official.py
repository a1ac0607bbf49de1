"""Official boundaries: a file of commune outlines that replaces the embedded ones everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pyproj import CRS

from gis.errors import CatalogueInvalid, Fault, ImportRefused
from gis.grid import GEOGRAPHIC
from layers.boundaries import ENTRY, names_file, parents, read_names
from layers.checks import require_in_cambodia
from layers.files import file_sha256, read_toml, replacing, toml_text, write_toml
from layers.vectors import read_vector
from layers.workspace import Workspace
from registry.intake.report import Report

DIGITS = {"commune": 6, "district": 4, "province": 2}
CUT_NAME = "*"
"""Sign at the end of a name that was cut to the width of a column."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class BoundaryMeta:
    """Which column holds what. Of several name columns the first whole name counts.

    ``level`` ``district`` and ``province`` bring names only: their outlines are always those of
    their communes.
    """

    code: str
    name_en: tuple[str, ...]
    level: Literal["commune", "district", "province"] = "commune"
    name_km: str = ""
    code_2025: str = ""
    source: str = ""
    licence: str = "not stated"
    edition: str = "not stated"
    year: int | None = None


PUBLISHED = (
    BoundaryMeta(
        code="commune_code_2014",
        name_en=("shapeName", "name_en_mef2025"),
        name_km="name_kh",
        code_2025="commune_code_2025",
        source="geoBoundaries KHM ADM3, official codes attached",
        licence="CC BY 4.0",
        edition="2014-2018",
        year=2018,
    ),
    BoundaryMeta(
        level="district",
        code="district_code_2014",
        name_en=("shapeName", "name_en_mef2025"),
        name_km="name_kh",
        source="geoBoundaries KHM ADM2, official codes attached",
        licence="CC BY 4.0",
        edition="2014-2018",
        year=2018,
    ),
    BoundaryMeta(
        level="province",
        code="Adm1_text",
        name_en=("Adm1_Name",),
        name_km="Adm1_Name_",
        source="Royal Government of Cambodia, as published in WFP PRISM",
        edition="2022",
        year=2022,
    ),
    BoundaryMeta(
        code="ADM3_PCODE",
        name_en=("ADM3_EN",),
        name_km="ADM3_KH",
        source="OCHA common operational data set",
    ),
    BoundaryMeta(code="code", name_en=("name_en",), name_km="name_km", code_2025="code_mef2025"),
)
"""Files that are known by their columns and need no meta table."""


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


def meta_of(read: gpd.GeoDataFrame, path: Path, meta: Path | None) -> BoundaryMeta:
    """The columns of a file: as its meta table says, else as a published file has them.

    Raises
    ------
    CatalogueInvalid
        When the meta table does not hold or names a column that is not there.
    """
    columns = ", ".join(str(name) for name in read.columns if name != read.geometry.name)
    if meta is None:
        known = (item for item in PUBLISHED if _has(read, item))
        found = next(known, None)
        if found is None:
            raise CatalogueInvalid(str(path), "code", f"--meta; {columns}")
        return found
    try:
        stated = TypeAdapter(BoundaryMeta).validate_python(read_toml(meta))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueInvalid(str(meta), where, first["msg"]) from error
    for column in (stated.code, *stated.name_en, stated.name_km, stated.code_2025):
        if column and column not in read.columns:
            raise CatalogueInvalid(str(meta), column, f"one of: {columns}")
    return stated


def _has(read: gpd.GeoDataFrame, meta: BoundaryMeta) -> bool:
    return {meta.code, *meta.name_en} <= set(read.columns)


def named(read: gpd.GeoDataFrame, meta: BoundaryMeta) -> gpd.GeoDataFrame:
    """The file in our columns: ``code, name_en, name_km, code_2025, spellings, geometry``."""
    names = [_texts(read, column) for column in meta.name_en]
    code = _texts(read, meta.code).str.removeprefix("KH")
    return gpd.GeoDataFrame(
        {
            "code": code,
            "name_en": [whole_name(spelt) for spelt in zip(*names, strict=True)],
            "name_km": _texts(read, meta.name_km),
            "code_2025": _texts(read, meta.code_2025),
            "spellings": [
                ";".join(dict.fromkeys(name for name in spelt if name and CUT_NAME not in name))
                for spelt in zip(*names, strict=True)
            ],
        },
        geometry=read.geometry.to_numpy(),
        crs=read.crs,
    )


def whole_name(spelt: Sequence[str]) -> str:
    """The first name that was not cut; the cut one, marked, when all were.

    Examples
    --------
    >>> whole_name(("Chrang Chamreh Ti Mu*", "Chrang Chamres Ti Muoy"))
    'Chrang Chamres Ti Muoy'
    >>> whole_name(("Boeung Tranh Khang C*", ""))
    'Boeung Tranh Khang C…'
    """
    whole = (name for name in spelt if name and not name.endswith(CUT_NAME))
    cut = (name.removesuffix(CUT_NAME) + "…" for name in spelt if name)
    return next(whole, None) or next(cut, "")


def _texts(read: gpd.GeoDataFrame, column: str) -> pd.Series[str]:
    if column not in read.columns:
        return pd.Series([""] * len(read), index=read.index, dtype=str)
    texts: pd.Series[str] = read[column].map(_text).astype(str)
    return texts


def _text(value: Any) -> str:
    """A cell as text: missing is empty, a whole number has no decimal point."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\u200b\ufeff]", "", str(value)).strip()


def faults_of(table: gpd.GeoDataFrame, meta: BoundaryMeta) -> list[Fault]:
    """Every fault of a file of boundaries, by feature from 1."""
    digits = DIGITS[meta.level]
    faults = []
    seen: dict[str, int] = {}
    rows = zip(table["code"], table["name_en"], table["code_2025"], strict=True)
    for row, (code, name, new) in enumerate(rows, 1):
        if not re.fullmatch(rf"\d{{{digits}}}", code):
            faults.append(_fault(row, meta.code, "code", value=code, digits=digits))
        elif code in seen:
            faults.append(_fault(row, meta.code, "twice", value=code, first=str(seen[code])))
        if new and not re.fullmatch(rf"\d{{{digits}}}", new):
            faults.append(_fault(row, meta.code_2025, "code", value=new, digits=digits))
        if not name:
            faults.append(_fault(row, meta.name_en[0], "no_name"))
        seen.setdefault(code, row)
    return faults if meta.level != "commune" else faults + _outline_faults(table)


def _outline_faults(table: gpd.GeoDataFrame) -> list[Fault]:
    """Outlines that are no polygon, cross themselves, or overlap a neighbour."""
    shapes = table.geometry.to_numpy()
    faults = []
    for row, shape in enumerate(shapes, 1):
        if shape is None or shape.is_empty or "Polygon" not in shape.geom_type:
            faults.append(_fault(row, "geometry", "no_polygon"))
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            faults.append(_fault(row, "geometry", "crosses_itself", reason=reason))
    if faults or shapely.coverage_is_valid(shapes):
        return faults
    edges = shapely.coverage_invalid_edges(shapes)
    torn = [row for row, edge in enumerate(edges, 1) if not edge.is_empty]
    return [_fault(row, "geometry", "overlaps") for row in torn]


def _fault(row: int, column: str, key: str, **values: object) -> Fault:
    return Fault(row, column, f"boundary_{key}", tuple(values.items()))


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
