"""Bringing files of records in: checked whole, stored whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from gis.errors import Fault, ImportRefused, UnknownParameter
from registry.database import Database
from registry.intake import events, machines, names, plots, providers, seasons, villages
from registry.intake.checks import checked, stored_faults
from registry.intake.column import Column, Gazetteer, Kind, Record, Remembering
from registry.intake.meta import Meta
from registry.intake.readers import read
from registry.intake.report import Report
from registry.store import Plan, carry_out, plan, record_import

__all__ = ["KINDS", "Column", "Gazetteer", "Kind", "Meta", "Report", "intake"]

KINDS: tuple[Kind, ...] = (
    plots.KIND,
    seasons.KIND,
    providers.KIND,
    machines.KIND,
    events.KIND,
    villages.KIND,
    names.KIND,
)


def intake(
    path: Path,
    kind: str,
    database: Database,
    gazetteer: Gazetteer,
    *,
    example: bool = False,
    dry_run: bool = False,
    meta: Meta | None = None,
) -> Report:
    """Check a file of records and store it, all of it or nothing.

    A record replaces the one with the same key; the same file twice changes nothing.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, or CSV in UTF-8 with ``lon`` and ``lat`` (plots: ``wkt``).
    kind
        One of ``plots, seasons, providers, machines, events, villages, names``.
    example
        Marks every record as made up; a column ``example`` marks single ones.
    dry_run
        Say what would happen and store nothing.
    meta
        Whose data they are, and which of the file's columns is which.

    Raises
    ------
    UnknownParameter
        There is no such kind.
    FileMissing, FileUnreadable
        The file cannot be read at all.
    ImportRefused
        With every fault and the row it stands in; nothing was stored.
    """
    spec = kind_of(kind)
    path = Path(path)
    stated = meta or Meta()
    found = checked(read(path, kind), spec, Remembering(gazetteer), stated.columns)
    for record in found.records:
        record.values["example"] = example or bool(record.values.get("example"))
    with database.write() as connection:
        faults = (*found.faults, *stored_faults(connection, spec, found.records))
        if faults:
            raise ImportRefused(str(path), tuple(sorted(faults, key=_place)))
        plans = _plans(connection, spec, found.records)
        report = _report(spec, plans, found.rows, found.warnings, dry_run=dry_run)
        if not dry_run and not all(made.idle for made in plans):
            _store(connection, plans, report, path, found.records, stated)
    return report


def kind_of(name: str) -> Kind:
    """The kind of that name."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UnknownParameter(name, tuple(kind.name for kind in KINDS))


def _place(fault: Fault) -> tuple[int, str]:
    return fault.row or 0, fault.column or ""


def _plans(connection: Connection, kind: Kind, records: Sequence[Record]) -> tuple[Plan, ...]:
    (main, rows), *parts = kind.rows(records)
    first = plan(connection, main, rows)
    owners = [row[kind.key[0]] for row in rows]
    return first, *(plan(connection, model, part, owners) for model, part in parts)


def _report(
    kind: Kind, plans: Sequence[Plan], rows: int, warnings: tuple[Fault, ...], *, dry_run: bool
) -> Report:
    main, *parts = plans
    touched = {
        key[:1]
        for part in parts
        for group in (part.added, part.changed, part.removed)
        for key in group
    }
    changed = set(main.changed) | {key for key in main.unchanged if key[:1] in touched}
    return Report(
        kind=kind.name,
        added=len(main.added),
        changed=len(changed),
        unchanged=len(main.unchanged - changed),
        rows=rows,
        warnings=warnings,
        dry_run=dry_run,
    )


def _store(
    connection: Connection,
    plans: Sequence[Plan],
    report: Report,
    path: Path,
    records: Sequence[Record],
    stated: Meta,
) -> None:
    number = record_import(
        connection,
        kind=report.kind,
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        owner=stated.owner,
        agreement=stated.agreement,
        rows=report.rows,
        added=report.added,
        changed=report.changed,
        example=all(record.values["example"] for record in records),
    )
    for made in plans:
        carry_out(connection, made, number)
