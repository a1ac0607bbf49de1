"""The trail of precise exports: no file leaves before its entry stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import pandas as pd
from sqlalchemy import insert, select, update

from registry.database import Database
from registry.models import Export
from registry.officers import Grant, require
from registry.records import table_of
from registry.vocabulary import ExportState


@dataclass(frozen=True)
class Entry:
    """What is told of a precise export.

    Attributes
    ----------
    areas
        Codes of the result.
    run
        Id of the result.
    format
        Ending of the file.
    sha256
        Of its content.
    rows
        Records that are told precisely in it.
    """

    account: str
    purpose: str
    areas: Sequence[str]
    analysis: str
    run: str
    format: str
    file: str
    sha256: str
    rows: int
    example: bool


def may_export(database: Database, account: str, provinces: Sequence[str]) -> Grant:
    """The role by which an account exports precisely from provinces (or ``KH``).

    Raises
    ------
    NotGranted, RoleTooNarrow, OutsideProvinces
        When it may not.
    """
    with database.read() as connection:
        return require(connection, account, "exports", provinces)


@contextmanager
def recorded(database: Database, told: Entry, provinces: Sequence[str]) -> Iterator[None]:
    """Enter an export, then let its file be written in the block.

    The right is asked for once more in the step that makes the entry. A block that fails leaves
    the entry as ``failed``; a process that is killed inside it leaves it as ``begun``.

    Raises
    ------
    NotGranted, RoleTooNarrow, OutsideProvinces
        When the account may not; nothing is entered.
    RegistryUnwritable
        When the entry cannot be stored; the block does not begin.
    """
    with database.write() as connection:
        held = require(connection, told.account, "exports", provinces)
        stated = {**asdict(told), "areas": list(told.areas), "account": held.account}
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        values = {**stated, "at": at, "role": held.role, "state": "begun"}
        made = connection.execute(insert(Export).values(**values))
        number = int(made.inserted_primary_key[0])  # type: ignore[index]
    try:
        yield
    except BaseException:
        _close(database, number, "failed")
        raise
    _close(database, number, "written")


def _close(database: Database, number: int, state: ExportState) -> None:
    with database.write() as connection:
        connection.execute(update(Export).where(Export.id == number).values(state=state))


def exports(database: Database, by: str) -> pd.DataFrame:
    """The trail, oldest first.

    Raises
    ------
    NotGranted, RoleTooNarrow
        When ``by`` may not see it.
    """
    with database.read() as connection:
        require(connection, by, "reads_trail")
    return table_of(database, select(*Export.__table__.columns).order_by(Export.id))
