"""Village points with their official codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely

from gis.errors import Fault
from registry.intake.column import (
    COMMUNE,
    EXAMPLE,
    Column,
    Findings,
    Gazetteer,
    Kind,
    PublishedList,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Village

VILLAGE_DIGITS = 8
_STORED = ("code", "commune", "name_en", "name_km")


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    return [
        (
            Village,
            [
                row_of(record, _STORED)
                | {"commune": record.values.get("commune") or record.values["code"][:6]}
                for record in records
            ],
        )
    ]


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """Codes have eight digits; a code or a place shared with another commune is only said."""
    faults, warnings = [], []
    first: dict[bytes, int] = {}
    for record in records:
        code, commune = record.values.get("code"), record.values.get("commune")
        if code is not None and len(code) != VILLAGE_DIGITS:
            faults.append(Fault(record.row, "code", "not_a_village_code", (("value", code),)))
        elif code is not None and commune is not None and code[:6] != commune:
            said = (("code", code), ("commune", commune))
            warnings.append(Fault(record.row, "commune", "village_of_other_commune", said))
        if record.shape is not None:
            earlier = first.setdefault(shapely.to_wkb(record.shape), record.row)
            if earlier != record.row:
                same = (("first", str(earlier)),)
                warnings.append(Fault(record.row, None, "same_place", same))
    return Findings(tuple(faults), tuple(warnings))


KIND = Kind(
    name="villages",
    columns=(
        Column("code", "code", required=True),
        replace(COMMUNE, required=False),
        Column("name_en", required=True),
        Column("name_km"),
        EXAMPLE,
    ),
    table=Village,
    key=("code",),
    rows=rows,
    shape="point",
    check=check,
    published=(
        # Village points of the 2008 census with the commune that holds each.
        PublishedList(
            {
                "village_code": "code",
                "polygon_commune_code_2014": "commune",
                "village": "name_en",
                "name_kh_mef2025_same_code": "name_km",
                "longitude": "lon",
                "latitude": "lat",
            },
            needs="code",
        ),
    ),
)
