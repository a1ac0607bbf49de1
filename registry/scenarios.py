"""Named results and named weights: storing, finding, renaming and removing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from gis.errors import NameTaken, UnknownScenario, UnknownWeightSet
from gis.naming import name_of
from registry.database import Database
from registry.models import Base, Scenario, WeightSet

Row = dict[str, Any]
Named = type[Scenario] | type[WeightSet]
_UNKNOWN = {Scenario: UnknownScenario, WeightSet: UnknownWeightSet}


def store(
    database: Database, model: Named, name: str, told: Mapping[str, Any], replace: bool = False
) -> str:
    """Keep a row under a name and give the name as it is kept.

    Raises
    ------
    BadParameter
        When the name does not hold.
    NameTaken
        When something bears it already, unless ``replace`` is set.
    RegistryUnwritable
        When nothing could be stored.
    """
    kept = name_of(name)
    saved_at = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    with database.write() as connection:
        if _holds(connection, model, kept):
            if not replace:
                raise NameTaken(kept)
            connection.execute(delete(model).where(model.name == kept))
        connection.execute(insert(model).values(name=kept, saved_at=saved_at, **told))
    return kept


def stored(database: Database, model: Named) -> list[Row]:
    """All rows, the newest first."""
    query = select(*model.__table__.columns).order_by(model.saved_at.desc(), model.name)
    return _rows(database, query)


def one(database: Database, model: Named, name: str) -> Row:
    """The row of a name.

    Raises
    ------
    UnknownScenario, UnknownWeightSet
        When nothing bears it.
    """
    kept = name_of(name)
    query = select(*model.__table__.columns).where(model.name == kept)
    found = _rows(database, query)
    if not found:
        with database.read() as connection:
            raise _unknown(connection, model, kept)
    return found[0]


def taken(database: Database, model: Named, name: str) -> bool:
    """Whether something bears a name."""
    with database.read() as connection:
        return _holds(connection, model, name_of(name))


def rename(database: Database, model: Named, name: str, new: str) -> str:
    """Give a row another name, which is returned as it is kept.

    Raises
    ------
    BadParameter, NameTaken, UnknownScenario, UnknownWeightSet
    """
    old, kept = name_of(name), name_of(new)
    with database.write() as connection:
        if not _holds(connection, model, old):
            raise _unknown(connection, model, old)
        if old != kept and _holds(connection, model, kept):
            raise NameTaken(kept)
        connection.execute(update(model).where(model.name == old).values(name=kept))
    return kept


def remove(database: Database, model: Named, name: str) -> None:
    """Forget a name.

    Raises
    ------
    UnknownScenario, UnknownWeightSet
        When nothing bears it.
    """
    kept = name_of(name)
    with database.write() as connection:
        if not _holds(connection, model, kept):
            raise _unknown(connection, model, kept)
        connection.execute(delete(model).where(model.name == kept))


def _holds(connection: Connection, model: Named, kept: str) -> bool:
    query = select(func.count()).select_from(model).where(model.name == kept)
    return bool(connection.execute(query).scalar_one())


def _unknown(connection: Connection, model: type[Base], kept: str) -> Exception:
    query = select(model.__table__.columns["name"]).order_by("name")
    return _UNKNOWN[model](kept, tuple(connection.execute(query).scalars()))


def _rows(database: Database, query: Select[*tuple[Any, ...]]) -> list[Row]:
    with database.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
