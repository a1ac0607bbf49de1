"""Where records lie: the right shape, the right country, the commune they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from gis.errors import Fault, UnknownArea
from registry.intake.cells import Refused, plain, value_of
from registry.intake.column import Column, Gazetteer, Kind, Record, Shape
from registry.intake.headings import OUTLINE
from registry.intake.readers import GEOGRAPHIC, Row, Table

COUNTRY = (102.3, 9.9, 107.7, 14.8)
"""West, south, east, north of Cambodia with its sea, in degrees."""

COMMUNE_TOLERANCE_M = 2_000.0
"""How far from the commune it names a record may lie: outlines are generalised to 700 m, and lines
moved between editions (working value)."""

_TYPES: dict[Shape, tuple[str, ...]] = {"polygon": ("Polygon", "MultiPolygon"), "point": ("Point",)}
_METRES = "EPSG:32648"


@dataclass(frozen=True)
class Placed:
    """A row's geometry in EPSG:4326, or the fault that it has."""

    shape: BaseGeometry | None = None
    fault: Fault | None = None


def table_faults(table: Table, kind: Kind) -> list[Fault]:
    """Does the file say in which coordinate system its geometry is?"""
    if kind.shape is not None and table.spatial and table.crs is None:
        return [Fault(None, None, "crs_missing")]
    return []


def placed(row: Row, table: Table, wanted: Shape, gazetteer: Gazetteer) -> Placed:
    """The geometry of a row, checked and in EPSG:4326."""
    column = None
    try:
        if table.spatial:
            found = _drawn(row)
        elif wanted == "polygon":
            found = _written(row)
        else:
            column = "lon"
            lon = _coordinate(row, column, gazetteer)
            column = "lat"
            lat = _coordinate(row, column, gazetteer)
            column, found = None, shapely.Point(lon, lat)
        return Placed(_checked(found, table.crs or GEOGRAPHIC, wanted))
    except Refused as refused:
        return Placed(fault=refused.fault(row.number, column))


def _drawn(row: Row) -> BaseGeometry:
    if row.broken:
        raise Refused("geometry_invalid", reason=row.broken)
    if row.shape is None or row.shape.is_empty:
        raise Refused("geometry_empty")
    return row.shape


def _written(row: Row) -> BaseGeometry:
    words = plain(row.cells.get(OUTLINE))
    if not words:
        raise Refused("geometry_empty")
    try:
        return shapely.from_wkt(words)
    except shapely.GEOSException as problem:
        raise Refused("geometry_invalid", reason=str(problem)) from None


def _coordinate(row: Row, name: str, gazetteer: Gazetteer) -> float:
    cell = row.cells.get(name)
    return float(value_of(cell, Column(name, "number", required=True), gazetteer))


def _checked(found: Any, crs: CRS, wanted: Shape) -> BaseGeometry:
    if found.geom_type in ("MultiPolygon", "MultiPoint") and len(found.geoms) == 1:
        found = found.geoms[0]
    if found.geom_type not in _TYPES[wanted]:
        raise Refused(f"geometry_not_{wanted}", found=found.geom_type)
    if found.is_empty or not np.isfinite(shapely.get_coordinates(found)).all():
        raise Refused("geometry_empty")
    if not found.is_valid:
        raise Refused("geometry_invalid", reason=shapely.is_valid_reason(found))
    flat: BaseGeometry = shapely.force_2d(found)
    if crs != GEOGRAPHIC:
        flat = shapely.transform(flat, _to(crs, GEOGRAPHIC), interleaved=False)
    _inside_country(flat)
    return flat


@cache
def _to(source: CRS, target: CRS) -> Any:
    return Transformer.from_crs(source, target, always_xy=True).transform


def _inside_country(found: BaseGeometry) -> None:
    west, south, east, north = COUNTRY
    x0, y0, x1, y1 = shapely.bounds(found)
    if west <= x0 and south <= y0 and x1 <= east and y1 <= north:
        return
    if not np.isfinite([x0, y0, x1, y1]).all():
        raise Refused("geometry_empty")
    at = {"lon": f"{x0:.6g}", "lat": f"{y0:.6g}"}
    if west <= y0 and south <= x0 and y1 <= east and x1 <= north:
        raise Refused("place_swapped", **at)
    if max(abs(x0), abs(x1)) > 180 or max(abs(y0), abs(y1)) > 90:
        raise Refused("place_not_degrees", **at)
    raise Refused("place_abroad", **at)


def commune_faults(records: Sequence[Record], gazetteer: Gazetteer) -> list[Fault]:
    """Records farther from the commune they name than the outlines are uncertain."""
    stated = [
        record for record in records if record.shape is not None and record.values.get("commune")
    ]
    if not stated:
        return []
    outlines = gazetteer.communes.geometry.to_crs(_METRES)
    held = outlines.reindex([record.values["commune"] for record in stated])
    forward = _to(GEOGRAPHIC, CRS.from_user_input(_METRES))
    shapes = shapely.transform([record.shape for record in stated], forward, interleaved=False)
    away = shapely.distance(shapes, held.to_numpy())
    return [
        _elsewhere(record, float(metres), gazetteer)
        for record, metres in zip(stated, away, strict=True)
        if metres > COMMUNE_TOLERANCE_M
    ]


def _elsewhere(record: Record, metres: float, gazetteer: Gazetteer) -> Fault:
    commune = record.values["commune"]
    point: Any = shapely.point_on_surface(record.shape)
    area = gazetteer.at(point.x, point.y)
    values: tuple[tuple[str, object], ...] = (("commune", commune), ("km", f"{metres / 1000:.1f}"))
    if area is None:
        return Fault(record.row, "commune", "outside_commune", values)
    values = (*values, ("found", area.code))
    key = "outside_commune_2025" if _meant_2025(commune, area.code, gazetteer) else "in_commune"
    return Fault(record.row, "commune", key, values)


def _meant_2025(code: str, found: str, gazetteer: Gazetteer) -> bool:
    try:
        return gazetteer.find(f"2025:{code}").code == found
    except UnknownArea:
        return False
