"""All checks of a file, in the order in which their answers make sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from gis.errors import Fault, ImportRefused
from registry.intake.cells import Refused, shown, value_of
from registry.intake.column import Gazetteer, Kind, Record
from registry.intake.headings import heading_faults, mapped, stated_faults
from registry.intake.places import commune_faults, placed, table_faults
from registry.intake.readers import Row, Table
from registry.store import known


@dataclass(frozen=True)
class Checked:
    """The records of a file with all that was found. ``rows`` counts those of the file."""

    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    rows: int


def checked(table: Table, kind: Kind, gazetteer: Gazetteer, columns: Mapping[str, str]) -> Checked:
    """Check everything that the file and the gazetteer can tell.

    Raises
    ------
    ImportRefused
        When the columns are off: cells would then only repeat it.
    """
    ours = mapped(table, kind, columns)
    faults = stated_faults(table, columns)
    faults += heading_faults(ours.table, kind) + table_faults(ours.table, kind)
    if not ours.table.rows and not (faults and ours.table.headings):
        faults = [Fault(None, None, "no_rows")]
    if faults:
        raise ImportRefused(table.path, tuple(faults))
    records = []
    for row in ours.table.rows:
        record, found = _record(row, ours.table, kind, gazetteer)
        records.append(record)
        faults += found
    faults += _repeated(records, kind)
    judged = kind.check(records, gazetteer)
    faults += judged.faults
    warnings = list(judged.warnings)
    away = commune_faults(records, gazetteer)
    # A village keeps the commune it is registered in; its position is only said.
    (warnings if kind.name == "villages" else faults).extend(away)
    if ours.passed_over:
        values = (("count", ours.passed_over),)
        warnings.append(Fault(None, None, "rows_passed_over", values))
    return Checked(tuple(records), tuple(faults), tuple(warnings), len(table.rows))


def _record(row: Row, table: Table, kind: Kind, gazetteer: Gazetteer) -> tuple[Record, list[Fault]]:
    record, faults = Record(row.number, {}), []
    for column in kind.columns:
        try:
            value = value_of(row.cells.get(column.name), column, gazetteer)
        except Refused as refused:
            faults.append(refused.fault(row.number, column.name))
        else:
            if value is not None:
                record.values[column.name] = value
    if kind.shape is not None:
        place = placed(row, table, kind.shape, gazetteer)
        record.shape = place.shape
        faults += [place.fault] if place.fault else []
    return record, faults


def _repeated(records: Sequence[Record], kind: Kind) -> list[Fault]:
    """Rows with the key of an earlier row."""
    first: dict[tuple[Any, ...], int] = {}
    faults = []
    for record in records:
        if not all(name in record.values for name in kind.key):
            continue
        key = tuple(record.values.get(name) for name in (*kind.key, *kind.repeats))
        earlier = first.setdefault(key, record.row)
        if earlier != record.row:
            named = shown(" ".join(str(part) for part in key if part is not None))
            values = (("value", named), ("first", str(earlier)))
            faults.append(Fault(record.row, kind.key[0], "repeated", values))
    return faults


def stored_faults(connection: Connection, kind: Kind, records: Sequence[Record]) -> list[Fault]:
    """What only the registry can tell: unknown references, examples over real records."""
    faults = []
    for name, model in kind.refers:
        stated = {record.values[name] for record in records if name in record.values}
        there = known(connection, model, stated)
        faults += [
            Fault(record.row, name, f"unknown_{model.__tablename__}", (("value", shown(value)),))
            for record in records
            if (value := record.values.get(name)) is not None and value not in there
        ]
    return faults + _over_real(connection, kind, records)


def _over_real(connection: Connection, kind: Kind, records: Sequence[Record]) -> list[Fault]:
    made_up = [record for record in records if record.values["example"]]
    if not made_up:
        return []
    model = kind.table
    names = kind.key
    keys = [model.__table__.columns[name] for name in names]
    query = select(*keys).where(model.__table__.columns["example"].is_(False))
    real = {tuple(row) for row in connection.execute(query)}
    return [
        Fault(record.row, names[0], "example_over_real")
        for record in made_up
        if tuple(record.values.get(name) for name in names) in real
    ]
