"""Opening the registry: SQLite by default, PostgreSQL when the address names one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from gis.errors import RegistryNewer, RegistryUnreadable, RegistryUnwritable
from registry.migrations import migrate
from registry.models import SCHEMA_VERSION, Base, SchemaVersion

BUSY_SECONDS = 30
"""How long a writer waits for another one."""

_LOCK = 0x0DE1
"""Key of the advisory lock that makes writers of a PostgreSQL registry queue."""


class Database:
    """An open registry.

    Every write is one transaction: :meth:`write` commits at its end or leaves nothing. On SQLite
    the journal is write-ahead with full synchronisation, so what was confirmed survives a killed
    process and a power cut.

    Examples
    --------
    >>> with Database.open("sqlite://") as database:
    ...     database.schema_version
    3
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the registry at ``url`` and make its tables when there are none.

        Tables of an earlier version are brought up to date, all of it in one transaction.

        Raises
        ------
        RegistryUnreadable
            The database cannot be reached, or is none.
        RegistryNewer
            A later version of the program has written it.
        """
        shown = re.sub(r".*@", "***@", url)
        try:
            address = make_url(url)
            shown = address.render_as_string(hide_password=True)
            database = cls(_engine(address))
            database._make_tables()
        except (ArgumentError, ImportError, OSError, RegistryUnwritable) as problem:
            reason = problem.reason if isinstance(problem, RegistryUnwritable) else str(problem)
            raise RegistryUnreadable(shown, reason) from problem
        return database

    def _make_tables(self) -> None:
        try:
            with self.write() as connection:
                _prepare(connection)
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address, without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @property
    def schema_version(self) -> int:
        with self.read() as connection:
            return connection.execute(select(SchemaVersion.version)).scalar_one()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the records."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as problem:
            raise RegistryUnreadable(self.url, _reason(problem)) from problem

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is stored at the end, or nothing."""
        try:
            with self._engine.connect() as plain:
                connection = plain.execution_options(writes=True)
                with connection.begin():
                    if self._engine.dialect.name == "postgresql":
                        connection.execute(
                            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK}
                        )
                    yield connection
        except DBAPIError as problem:
            raise RegistryUnwritable(self.url, _reason(problem)) from problem

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _: object) -> None:
    # The driver would otherwise begin late and commit before table definitions.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once; two that start by reading would block each other for good.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(connection: Connection) -> None:
    if connection.dialect.has_table(connection, SchemaVersion.__tablename__):
        found = connection.execute(select(SchemaVersion.version)).scalar_one()
        if found > SCHEMA_VERSION:
            raise RegistryNewer(found, SCHEMA_VERSION)
        migrate(connection, found)
        return
    Base.metadata.create_all(connection)
    connection.execute(insert(SchemaVersion).values(version=SCHEMA_VERSION))


def _reason(problem: SQLAlchemyError) -> str:
    """The database's own words, without the statement and its values."""
    original = problem.orig if isinstance(problem, DBAPIError) else problem
    return (
        str(original).strip().splitlines()[0] if str(original).strip() else type(original).__name__
    )
