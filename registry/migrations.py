"""Bringing the tables of an earlier version up to date, without touching a record."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    update,
)

from registry.models import SCHEMA_VERSION, SchemaVersion

VERSION_2 = MetaData()
"""Tables as version 2 added them: a step makes what its version had, whatever came after."""
Table(
    "scenarios",
    VERSION_2,
    Column("name", String, primary_key=True),
    Column("analysis", String, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("layers", JSON, nullable=False),
    Column("resolution_m", Double, nullable=False),
    Column("software", String, nullable=False),
    Column("run", String, nullable=False),
    Column("created", String, nullable=False),
    Column("saved_at", DateTime, nullable=False),
    Column("note", String, nullable=False),
    Column("example", Boolean, nullable=False),
)
Table(
    "weight_sets",
    VERSION_2,
    Column("name", String, primary_key=True),
    Column("track", String),
    Column("weights", JSON, nullable=False),
    Column("criterion_weights", JSON, nullable=False),
    Column("judgements", JSON, nullable=False),
    Column("saved_at", DateTime, nullable=False),
)
VERSION_3 = MetaData()
Table(
    "officers",
    VERSION_3,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("provinces", JSON, nullable=False),
    Column("granted_at", DateTime, nullable=False),
    Column("granted_by", String, nullable=False),
    Column("revoked_at", DateTime),
    Column("revoked_by", String),
    CheckConstraint("role IN ('reader', 'officer', 'planner', 'administrator')", name="role_known"),
)
Table(
    "exports",
    VERSION_3,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("account", String, nullable=False),
    Column("role", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("analysis", String, nullable=False),
    Column("run", String, nullable=False),
    Column("format", String, nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("example", Boolean, nullable=False),
    Column("state", String, nullable=False),
    CheckConstraint("state IN ('begun', 'written', 'failed')", name="state_known"),
)


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
    VERSION_2.create_all(connection)


def _add_officers(connection: Connection) -> None:
    """Version 3: who may export precisely, and what was; nobody may before a grant."""
    VERSION_3.create_all(connection)


STEPS = MappingProxyType[int, Callable[[Connection], None]]({1: _add_scenarios, 2: _add_officers})
"""By the version that a step starts from; each leads to the next one."""
