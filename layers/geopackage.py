"""Tables without places in a GeoPackage: what people read, and the styles that QGIS looks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyogrio

STYLES = "layer_styles"
"""Table in which QGIS and QField look for the styles of layers."""
GEOMETRY = "geom"


@dataclass(frozen=True)
class Style:
    """A style of one layer of a GeoPackage: what a ``.qml`` holds."""

    layer: str
    name: str
    qml: str
    default: bool = True


def write_tables(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Add tables to a GeoPackage, or begin one with them; cells of mixed kinds become texts."""
    for name, table in tables.items():
        _write(table.apply(_one_kind), path, name)


def write_styles(styles: Iterable[Style], path: Path, created: str) -> None:
    """Add the table of styles, with the columns that QGIS itself gives it."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": style.layer,
            "f_geometry_column": GEOMETRY,
            "styleName": style.name,
            "styleQML": style.qml,
            "styleSLD": "",
            "useAsDefault": style.default,
            "description": "",
            "owner": "",
            "ui": "",
            "update_time": pd.to_datetime(created, errors="coerce", utc=True),
        }
        for style in styles
    ]
    if rows:
        _write(pd.DataFrame(rows), path, STYLES)


def _write(table: pd.DataFrame, path: Path, name: str) -> None:
    pyogrio.write_dataframe(
        table, path, layer=name, driver="GPKG", dataset_options={"VERSION": "1.2"}
    )


def _one_kind(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column
    return column.map(lambda value: None if pd.isna(value) else str(value)).astype(object)
