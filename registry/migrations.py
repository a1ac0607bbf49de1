"""Bringing the tables of an earlier version up to date, without touching a record."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from sqlalchemy import Connection, update

from registry.models import SCHEMA_VERSION, Base, Scenario, SchemaVersion, WeightSet


def migrate(connection: Connection, found: int) -> None:
    """Take the tables from version ``found`` to the present one, step by step.

    All of it belongs to the caller's transaction: a stop in the middle leaves version ``found``.
    """
    if found == SCHEMA_VERSION:
        return
    for version in range(found, SCHEMA_VERSION):
        STEPS[version](connection)
    connection.execute(update(SchemaVersion).values(version=SCHEMA_VERSION))


def _add_scenarios(connection: Connection) -> None:
    """Version 2: named results and named weights; the records stay as they are."""
    added = [Scenario.__table__, WeightSet.__table__]
    Base.metadata.create_all(connection, tables=added)  # type: ignore[arg-type]


STEPS = MappingProxyType[int, Callable[[Connection], None]]({1: _add_scenarios})
"""By the version that a step starts from; each leads to the next one."""
