"""Putting rows into tables: what is new, what changes, what was there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from sqlalchemy import Connection, and_, delete, insert, select, update

from registry.models import Base, Change, Import

Key = tuple[Any, ...]
Row = dict[str, Any]
_CHUNK = 400
"""Keys named in one statement; SQLite takes 999 at most in old builds."""


@dataclass
class Plan:
    """What storing rows of one table would do; nothing is written yet."""

    model: type[Base]
    added: dict[Key, Row] = field(default_factory=dict)
    changed: dict[Key, tuple[Row, Row]] = field(default_factory=dict)
    """Key -> the row as it was and as it will be."""
    removed: dict[Key, Row] = field(default_factory=dict)
    unchanged: set[Key] = field(default_factory=set)

    @property
    def idle(self) -> bool:
        return not (self.added or self.changed or self.removed)


def plan(
    connection: Connection, model: type[Base], rows: Sequence[Row], owners: Iterable[Any] = ()
) -> Plan:
    """Compare rows with what is stored.

    ``owners`` are values of the first key column whose rows are replaced as a whole: stored ones
    that are not among ``rows`` are removed.
    """
    names = [column.name for column in model.__table__.primary_key]
    wanted = {tuple(row[name] for name in names): row for row in rows}
    owned = set(owners)
    stored = _stored(connection, model, names, {key[0] for key in wanted} | owned)
    made = Plan(model)
    for key, row in wanted.items():
        before = stored.get(key)
        if before is None:
            made.added[key] = row
        elif all(before[name] == value for name, value in row.items()):
            made.unchanged.add(key)
        else:
            made.changed[key] = (before, row)
    made.removed = {
        key: row for key, row in stored.items() if key[0] in owned and key not in wanted
    }
    return made


def carry_out(connection: Connection, made: Plan, import_id: int) -> None:
    """Write a plan, and what it replaces into the audit trail."""
    table = made.model.__table__
    keys = list(table.primary_key)
    if made.added:
        stamped = [row | {"import_id": import_id} for row in made.added.values()]
        connection.execute(insert(made.model), stamped)
    for key, (_, after) in made.changed.items():
        here = and_(*(column == part for column, part in zip(keys, key, strict=True)))
        connection.execute(update(made.model).where(here).values(after | {"import_id": import_id}))
    for key in made.removed:
        here = and_(*(column == part for column, part in zip(keys, key, strict=True)))
        connection.execute(delete(made.model).where(here))
    replaced = {key: before for key, (before, _) in made.changed.items()} | made.removed
    if replaced:
        connection.execute(
            insert(Change),
            [
                {
                    "import_id": import_id,
                    "record_table": made.model.__tablename__,
                    "record_key": " ".join(str(part) for part in key),
                    "before": _readable(before),
                }
                for key, before in replaced.items()
            ],
        )


def record_import(connection: Connection, **told: object) -> int:
    """Open an entry of the audit trail and give its number."""
    at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    made = connection.execute(insert(Import).values(at=at, **told))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def known(connection: Connection, model: type[Base], keys: set[Any]) -> set[Any]:
    """Those of the keys that the table holds."""
    column = next(iter(model.__table__.primary_key))
    return {
        found
        for chunk in _chunks(keys)
        for found in connection.execute(select(column).where(column.in_(chunk))).scalars()
    }


def _stored(
    connection: Connection, model: type[Base], names: Sequence[str], firsts: set[Any]
) -> dict[Key, Row]:
    first = model.__table__.columns[names[0]]
    found: dict[Key, Row] = {}
    for chunk in _chunks(firsts):
        query = select(*model.__table__.columns).where(first.in_(chunk))
        for row in connection.execute(query).mappings():
            found[tuple(row[name] for name in names)] = dict(row)
    return found


def _chunks(keys: set[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _readable(row: Row) -> Row:
    """A stored row as JSON: geometry as text, days as ISO dates."""
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        return shapely.to_wkt(shapely.from_wkb(value), rounding_precision=7)
    return value.isoformat() if isinstance(value, dt.date) else value
