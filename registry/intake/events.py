"""Meetings and demonstrations, with what was asked for there.

A file has one row an event, or several when hectares were asked for several crops, seasons or
machines; the columns of the event then say the same in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis.errors import Fault
from registry.intake.column import (
    COMMUNE,
    CROP,
    EXAMPLE,
    NOTE,
    REFERENCE,
    SEASON,
    VILLAGE,
    YEAR,
    Column,
    Findings,
    Gazetteer,
    Kind,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Event, Request
from registry.vocabulary import EVENTS, MACHINES

_EVENT = ("reference", "event", "date", "commune", "village", "women", "men", "note")
_NEEDED = ("requested_crop", "requested_season", "requested_year", "requested_ha")
_REQUEST = (*_NEEDED, "requested_machine")


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    events: dict[str, dict[str, object]] = {}
    requests: Rows = []
    for record in records:
        events.setdefault(record.values["reference"], row_of(record, _EVENT))
        if record.values.get("requested_ha") is not None:
            requests.append(_request(record))
    return [(Event, list(events.values())), (Request, requests)]


def _request(record: Record) -> dict[str, object]:
    values = record.values
    return {
        "reference": values["reference"],
        "crop": values["requested_crop"],
        "season": values["requested_season"],
        "year": values["requested_year"],
        "machine": values.get("requested_machine") or "",
        "hectares": values["requested_ha"],
        "example": bool(values.get("example")),
    }


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """Rows of one event agree; a request names its crop, season, year and hectares."""
    faults: list[Fault] = []
    first: dict[str, Record] = {}
    for record in records:
        reference = record.values.get("reference")
        if reference is not None:
            faults += _disagreements(record, first.setdefault(reference, record))
        stated = {name for name in _REQUEST if record.values.get(name) is not None}
        if stated:
            missing = (name for name in _NEEDED if name not in stated)
            faults += [Fault(record.row, name, "request_incomplete") for name in missing]
    return Findings(tuple(faults))


def _disagreements(record: Record, first: Record) -> list[Fault]:
    if record is first:
        return []
    values = (("first", str(first.row)),)
    names = [name for name in _EVENT if record.values.get(name) != first.values.get(name)]
    faults = [Fault(record.row, name, "event_differs", values) for name in names]
    if record.shape is not None and record.shape != first.shape:
        faults.append(Fault(record.row, "geometry", "event_differs", values))
    return faults


KIND = Kind(
    name="events",
    columns=(
        REFERENCE,
        Column("event", "word", required=True, allowed=EVENTS),
        Column("date", "date", required=True),
        COMMUNE,
        VILLAGE,
        Column("women", "integer", low=0, high=100_000),
        Column("men", "integer", low=0, high=100_000),
        replace(CROP, name="requested_crop", required=False),
        replace(SEASON, name="requested_season", required=False),
        replace(YEAR, name="requested_year", required=False),
        Column("requested_ha", "number", low=0.01, high=100_000, unit="ha"),
        Column("requested_machine", "word", allowed=MACHINES),
        NOTE,
        EXAMPLE,
    ),
    table=Event,
    key=("reference",),
    rows=rows,
    shape="point",
    check=check,
    repeats=("requested_crop", "requested_season", "requested_year", "requested_machine"),
)
