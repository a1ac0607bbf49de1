"""What a file of boundaries must look like: its columns, its names, its outlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gis.errors import CatalogueInvalid, Fault, UnknownColumns
from layers.allowed import first_fault
from layers.files import read_toml

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


def meta_of(read: gpd.GeoDataFrame, path: Path, meta: Path | None) -> BoundaryMeta:
    """The columns of a file: as its meta table says, else as a published file has them.

    Raises
    ------
    UnknownColumns
        When no published file has these columns and no meta table names them.
    CatalogueInvalid
        When the meta table does not hold or names a column that is not there.
    """
    columns = ", ".join(str(name) for name in read.columns if name != read.geometry.name)
    if meta is None:
        known = (item for item in PUBLISHED if _has(read, item))
        found = next(known, None)
        if found is None:
            raise UnknownColumns(str(path), columns)
        return found
    try:
        stated = TypeAdapter(BoundaryMeta).validate_python(read_toml(meta))
    except ValidationError as error:
        where, _, may_be = first_fault(error)
        raise CatalogueInvalid(str(meta), where, may_be) from error
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
