"""Who holds which role: granting it, ending it, and asking whether somebody may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, RowMapping, insert, select, update

from gis.analysis import Note
from gis.errors import (
    BadParameter,
    LastAdministrator,
    NoAdministrator,
    NotGranted,
    OutsideProvinces,
    RoleTooNarrow,
)
from gis.naming import name_of
from registry.database import Database
from registry.models import Officer
from registry.records import table_of
from registry.roles import ADMINISTRATOR, ROLES, Right, with_right

COUNTRY = "KH"
"""Stands for all provinces where provinces are asked for."""
_HOLDS = Officer.revoked_at.is_(None)


@dataclass(frozen=True)
class Grant:
    """A role that holds; without provinces in the whole country."""

    account: str
    role: str
    provinces: tuple[str, ...]


def grant(database: Database, account: str, role: str, provinces: Iterable[str], by: str) -> Grant:
    """Give an account a role, which ends the one that it held.

    While nobody is administrator, anybody who reaches the registry may name the first one, and
    nothing else.

    Parameters
    ----------
    provinces
        Codes, or ``KH``; none is the whole country too.
    by
        Account of who gives it.

    Raises
    ------
    BadParameter
        When there is no such role, or it needs provinces and has none.
    NoAdministrator, NotGranted, RoleTooNarrow
        When ``by`` may not.
    LastAdministrator
        When nobody would be left to give roles.
    """
    kept, codes = name_of(account), tuple(sorted(set(provinces)))
    _require_known(role, codes)
    with database.write() as connection:
        _require_granter(connection, by, role)
        if role != ADMINISTRATOR:
            _require_another(connection, kept)
        _end(connection, kept, by)
        told = {"account": kept, "role": role, "provinces": _without_country(codes)}
        made = {"granted_at": _now(), "granted_by": name_of(by)}
        connection.execute(insert(Officer).values(**told, **made))
    return Grant(kept, role, tuple(_without_country(codes)))


def revoke(database: Database, account: str, by: str) -> Grant:
    """End the role of an account and give what it was.

    Raises
    ------
    NotGranted, RoleTooNarrow
        When the account has none, or ``by`` may not.
    LastAdministrator
        When nobody would be left to give roles.
    """
    kept = name_of(account)
    with database.write() as connection:
        require(connection, by, "grants")
        found = held(connection, kept)
        _require_another(connection, kept)
        _end(connection, kept, by)
    return found


def officers(database: Database, by: str) -> pd.DataFrame:
    """All grants, ended ones too, oldest first.

    Raises
    ------
    NotGranted, RoleTooNarrow
        When ``by`` may not see them.
    """
    with database.read() as connection:
        require(connection, by, "reads_trail")
    return table_of(database, select(*Officer.__table__.columns).order_by(Officer.id))


def held(connection: Connection, account: str) -> Grant:
    """The role that an account holds.

    Raises
    ------
    NotGranted
        When it holds none.
    """
    query = select(*Officer.__table__.columns).where(Officer.account == account, _HOLDS)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotGranted(account)
    return _grant(row)


def require(
    connection: Connection, account: str, right: Right, provinces: Iterable[str] = ()
) -> Grant:
    """The role of an account that has a right, and has it in these provinces (or ``KH``).

    Raises
    ------
    NotGranted
        When it holds no role.
    RoleTooNarrow
        When its role has not this right.
    OutsideProvinces
        When the role was granted for other provinces.
    """
    found = held(connection, name_of(account))
    if not getattr(ROLES[found.role], right):
        raise RoleTooNarrow(found.account, found.role, with_right(right))
    beyond = tuple(sorted(set(provinces) - set(found.provinces))) if found.provinces else ()
    if beyond:
        raise OutsideProvinces(found.account, found.provinces, beyond)
    return found


def _require_known(role: str, codes: tuple[str, ...]) -> None:
    if role not in ROLES:
        raise BadParameter("--role", role, Note("allowed.one_of", (("choices", tuple(ROLES)),)))
    if not ROLES[role].everywhere and (not codes or COUNTRY in codes):
        raise BadParameter("--province", ", ".join(codes), Note("allowed.provinces"))


def _require_granter(connection: Connection, by: str, role: str) -> None:
    """Somebody must be the first: only as administrator, or nobody could give a role after."""
    if not _administrators(connection):
        if role != ADMINISTRATOR:
            raise NoAdministrator(ADMINISTRATOR)
        return
    require(connection, by, "grants")


def _require_another(connection: Connection, account: str) -> None:
    if _administrators(connection) == {account}:
        raise LastAdministrator(account)


def _administrators(connection: Connection) -> set[str]:
    query = select(Officer.account).where(Officer.role == ADMINISTRATOR, _HOLDS)
    return set(connection.execute(query).scalars())


def _end(connection: Connection, account: str, by: str) -> None:
    ended = {"revoked_at": _now(), "revoked_by": name_of(by)}
    connection.execute(update(Officer).where(Officer.account == account, _HOLDS).values(**ended))


def _without_country(codes: tuple[str, ...]) -> list[str]:
    return [] if COUNTRY in codes else list(codes)


def _grant(row: RowMapping) -> Grant:
    return Grant(row["account"], row["role"], tuple(row["provinces"]))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
