"""Service providers at their bases, without names of people."""

from __future__ import annotations

from collections.abc import Sequence

from registry.intake.column import (
    COMMUNE,
    EXAMPLE,
    NOTE,
    REFERENCE,
    SINCE_YEAR,
    VILLAGE,
    Column,
    Kind,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Provider
from registry.vocabulary import ORGANISATIONS

_STORED = ("reference", "commune", "village", "organisation", "since_year", "note")


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    return [(Provider, [row_of(record, _STORED) for record in records])]


KIND = Kind(
    name="providers",
    columns=(
        REFERENCE,
        COMMUNE,
        VILLAGE,
        Column("organisation", "word", required=True, allowed=ORGANISATIONS),
        SINCE_YEAR,
        NOTE,
        EXAMPLE,
    ),
    table=Provider,
    key=("reference",),
    rows=rows,
    shape="point",
)
