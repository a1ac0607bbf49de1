"""Machines of service providers."""

from __future__ import annotations

from collections.abc import Sequence

from gis.errors import Fault
from registry.intake.column import (
    EXAMPLE,
    NOTE,
    REFERENCE,
    Column,
    Findings,
    Gazetteer,
    Kind,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Machine, Provider
from registry.vocabulary import CAPACITY_BASES, CROPS, LIST_SEPARATOR, MACHINES

_STORED = (
    *("reference", "provider", "machine", "count"),
    *("field_capacity_ha_day", "field_capacity_basis", "note"),
)


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    return [
        (
            Machine,
            [
                row_of(record, _STORED) | {"crops": LIST_SEPARATOR.join(record.values["crops"])}
                for record in records
            ],
        )
    ]


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """A field capacity says where it comes from: none is published for Cambodia."""
    return Findings(
        tuple(
            Fault(record.row, "field_capacity_basis", "capacity_without_basis")
            for record in records
            if record.values.get("field_capacity_ha_day") is not None
            and record.values.get("field_capacity_basis") is None
        )
    )


KIND = Kind(
    name="machines",
    columns=(
        REFERENCE,
        Column("provider", required=True, longest=60),
        Column("machine", "word", required=True, allowed=MACHINES),
        Column("count", "integer", required=True, low=1, high=500),
        Column("crops", "words", required=True, allowed=CROPS),
        Column("field_capacity_ha_day", "number", low=0.01, high=100, unit="ha/day"),
        Column("field_capacity_basis", "word", allowed=CAPACITY_BASES),
        NOTE,
        EXAMPLE,
    ),
    table=Machine,
    key=("reference",),
    rows=rows,
    refers=(("provider", Provider),),
    check=check,
)
