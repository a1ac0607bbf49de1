"""The tables of the registry.

Geometry is WKB in EPSG:4326 in a plain binary column, so the same tables work on SQLite and on
PostgreSQL. Keys are the references that the office itself uses; places are NCDD 2014 codes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from registry.roles import ROLES
from registry.vocabulary import EXPORT_STATES, SEASONS, STATUSES

SCHEMA_VERSION = 3
CRS = "EPSG:4326"


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Base(DeclarativeBase):
    """Base of every table."""

    type_annotation_map = {  # noqa: RUF012
        bytes: LargeBinary,
        str: String,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class SchemaVersion(Base):
    """One row: the version of the tables in this database."""

    __tablename__ = "schema_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Import(Base):
    """Audit trail: one row an import that changed something. Times are UTC."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    file: Mapped[str]
    sha256: Mapped[str]
    owner: Mapped[str]
    agreement: Mapped[str]
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    example: Mapped[bool]


class Change(Base):
    """Audit trail: what a record said before an import changed it."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)
    record_table: Mapped[str]
    record_key: Mapped[str]
    before: Mapped[dict[str, Any]]


class Recorded:
    """Columns that every record has."""

    example: Mapped[bool]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)


class Plot(Recorded, Base):
    """A field of an early adopter; ``area_ha`` is geodesic, from its outline."""

    __tablename__ = "plots"
    __table_args__ = (CheckConstraint("area_ha > 0", name="area_positive"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    commune: Mapped[str] = mapped_column(index=True)
    village: Mapped[str | None]
    track: Mapped[str]
    crop: Mapped[str]
    cover_crop: Mapped[str | None]
    since_year: Mapped[int | None]
    area_ha: Mapped[float]
    note: Mapped[str | None]
    geometry: Mapped[bytes]


class PlotSeason(Recorded, Base):
    """What was seen on a plot in one season; ``principles`` is a list cell."""

    __tablename__ = "plot_seasons"
    __table_args__ = (_one_of("season", SEASONS), _one_of("status", STATUSES))

    reference: Mapped[str] = mapped_column(ForeignKey("plots.reference"), primary_key=True)
    season: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    crop: Mapped[str | None]
    cover_crop: Mapped[str | None]
    principles: Mapped[str | None]
    observed_by: Mapped[str | None]
    observed_on: Mapped[dt.date | None]
    note: Mapped[str | None]


class Provider(Recorded, Base):
    """A service provider at its base. No names of people are kept."""

    __tablename__ = "providers"

    reference: Mapped[str] = mapped_column(primary_key=True)
    commune: Mapped[str] = mapped_column(index=True)
    village: Mapped[str | None]
    organisation: Mapped[str]
    since_year: Mapped[int | None]
    note: Mapped[str | None]
    geometry: Mapped[bytes]


class Machine(Recorded, Base):
    """Machines of one kind at one provider; ``crops`` is a list cell."""

    __tablename__ = "machines"
    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(ForeignKey("providers.reference"), index=True)
    machine: Mapped[str]
    count: Mapped[int]
    crops: Mapped[str]
    field_capacity_ha_day: Mapped[float | None]
    field_capacity_basis: Mapped[str | None]
    note: Mapped[str | None]


class Event(Recorded, Base):
    """A meeting or demonstration, with attendance by sex."""

    __tablename__ = "events"

    reference: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str]
    date: Mapped[dt.date]
    commune: Mapped[str] = mapped_column(index=True)
    village: Mapped[str | None]
    women: Mapped[int | None]
    men: Mapped[int | None]
    note: Mapped[str | None]
    geometry: Mapped[bytes]


class Request(Recorded, Base):
    """Hectares asked for at an event; an empty ``machine`` means any service."""

    __tablename__ = "requests"
    __table_args__ = (
        _one_of("season", SEASONS),
        CheckConstraint("hectares > 0", name="hectares_positive"),
    )

    reference: Mapped[str] = mapped_column(ForeignKey("events.reference"), primary_key=True)
    crop: Mapped[str] = mapped_column(primary_key=True)
    season: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    machine: Mapped[str] = mapped_column(primary_key=True)
    hectares: Mapped[float]


class Village(Recorded, Base):
    """A village point with its official code."""

    __tablename__ = "villages"

    code: Mapped[str] = mapped_column(primary_key=True)
    commune: Mapped[str] = mapped_column(index=True)
    name_en: Mapped[str]
    name_km: Mapped[str | None]
    geometry: Mapped[bytes]


class Name(Recorded, Base):
    """One more spelling of an area."""

    __tablename__ = "names"

    code: Mapped[str] = mapped_column(primary_key=True)
    spelling: Mapped[str] = mapped_column(primary_key=True)


class Scenario(Base):
    """A result under a name: all that repeats it exactly.

    ``layers`` are those that were read, each with its edition and hash; ``run`` is the id of the
    kept result, ``created`` when it was computed and ``saved_at`` when it got its name, in UTC.
    """

    __tablename__ = "scenarios"

    name: Mapped[str] = mapped_column(primary_key=True)
    analysis: Mapped[str]
    areas: Mapped[list[Any]]
    parameters: Mapped[dict[str, Any]]
    layers: Mapped[list[Any]]
    resolution_m: Mapped[float]
    software: Mapped[str]
    run: Mapped[str]
    created: Mapped[str]
    saved_at: Mapped[dt.datetime]
    note: Mapped[str]
    example: Mapped[bool]


class WeightSet(Base):
    """Weights under a name; without a track they are of the axes only, for any track."""

    __tablename__ = "weight_sets"

    name: Mapped[str] = mapped_column(primary_key=True)
    track: Mapped[str | None]
    weights: Mapped[dict[str, Any]]
    criterion_weights: Mapped[dict[str, Any]]
    judgements: Mapped[dict[str, Any]]
    saved_at: Mapped[dt.datetime]


class Officer(Base):
    """Who may do what, from a grant to its end; one without ``revoked_at`` holds.

    ``account`` is what the machine or the web calls the person, ``provinces`` are codes; none
    means the whole country. Rows stay: the trail says who held which role when.
    """

    __tablename__ = "officers"
    __table_args__ = (_one_of("role", tuple(ROLES)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    provinces: Mapped[list[Any]]
    granted_at: Mapped[dt.datetime]
    granted_by: Mapped[str]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None]


class Export(Base):
    """Audit trail: one row a precise export, begun before its file is written.

    ``rows`` are the records told precisely, ``sha256`` is that of the file, ``run`` the id of the
    result; ``role`` is the one that allowed it. Times are UTC.
    """

    __tablename__ = "exports"
    __table_args__ = (_one_of("state", EXPORT_STATES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    account: Mapped[str]
    role: Mapped[str]
    purpose: Mapped[str]
    areas: Mapped[list[Any]]
    analysis: Mapped[str]
    run: Mapped[str]
    format: Mapped[str]
    file: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]
    example: Mapped[bool]
    state: Mapped[str]
