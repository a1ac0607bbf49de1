"""Plots of early adopters: outlines with the track and the main crop."""

from __future__ import annotations

from collections.abc import Sequence

from pyproj import Geod

from gis.errors import Fault
from registry.intake.column import (
    COMMUNE,
    COVER_CROP,
    CROP,
    EXAMPLE,
    NOTE,
    REFERENCE,
    SINCE_YEAR,
    VILLAGE,
    Column,
    Findings,
    Gazetteer,
    Kind,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Plot
from registry.vocabulary import TRACKS

SMALLEST_HA, LARGEST_HA = 0.01, 500.0
"""What a plot can be; published holdings run from 1 to 17 ha."""

AREA_TOLERANCE = 0.25
"""Share by which a stated area may differ from its outline before it is said (working value)."""

_GEOD = Geod(ellps="WGS84")
_STORED = ("reference", "commune", "village", "track", "crop", "cover_crop", "since_year", "note")


def hectares(record: Record) -> float:
    """Geodesic area of a plot."""
    area, _ = _GEOD.geometry_area_perimeter(record.shape)
    return round(abs(area) / 10_000, 4)


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    return [(Plot, [row_of(record, _STORED) | {"area_ha": hectares(record)} for record in records])]


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """Outlines too small or too large to be a plot; stated areas that differ."""
    faults, warnings = [], []
    for record in records:
        if record.shape is None:
            continue
        found, stated = hectares(record), record.values.get("area_ha")
        if not SMALLEST_HA <= found <= LARGEST_HA:
            values = (("hectares", f"{found:g}"), ("low", SMALLEST_HA), ("high", LARGEST_HA))
            faults.append(Fault(record.row, None, "plot_size", values))
        elif stated is not None and abs(stated - found) > AREA_TOLERANCE * found:
            said = (("stated", f"{stated:g}"), ("found", f"{found:.2f}"))
            warnings.append(Fault(record.row, "area_ha", "area_differs", said))
    return Findings(tuple(faults), tuple(warnings))


KIND = Kind(
    name="plots",
    columns=(
        REFERENCE,
        COMMUNE,
        VILLAGE,
        Column("track", "word", required=True, allowed=TRACKS),
        CROP,
        COVER_CROP,
        SINCE_YEAR,
        Column("area_ha", "number", low=SMALLEST_HA, high=LARGEST_HA, unit="ha"),
        NOTE,
        EXAMPLE,
    ),
    table=Plot,
    key=("reference",),
    rows=rows,
    shape="polygon",
    check=check,
)
