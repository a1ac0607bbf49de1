"""The registry opens, keeps what was confirmed, and says what is wrong with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from gis.errors import DeimapError, RegistryNewer, RegistryUnreadable, RegistryUnwritable
from registry.database import Database
from registry.models import SCHEMA_VERSION, Base, Name, SchemaVersion

NAME = {"code": "02", "spelling": "Bat Dambang", "example": False, "import_id": 1}
IMPORT = {
    "at": sa.func.now(),
    "kind": "names",
    "file": "f",
    "sha256": "0",
    "owner": "",
    "agreement": "",
    "rows": 1,
    "added": 1,
    "changed": 0,
    "example": False,
}


def put(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.insert(Base.metadata.tables["imports"]).values(IMPORT))
        connection.execute(sa.insert(Name).values(NAME))


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(Name)).scalar_one()


def test_tables_are_made_once(url: str) -> None:
    with Database.open(url) as first:
        put(first)
    with Database.open(url) as again:
        assert again.schema_version == SCHEMA_VERSION
        assert count(again) == 1


def test_sqlite_is_write_ahead_with_foreign_keys(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new' / 'r.sqlite'}"
    asked = ("journal_mode", "foreign_keys", "synchronous")
    with Database.open(address) as database, database.read() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 1, 2]


def test_an_error_inside_a_write_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.execute(sa.insert(Base.metadata.tables["imports"]).values(IMPORT))
            connection.execute(sa.insert(Name).values(NAME))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(database) == 0


def test_a_broken_reference_is_refused(database: Database) -> None:
    with pytest.raises(RegistryUnwritable), database.write() as connection:
        connection.execute(sa.insert(Name).values(NAME | {"import_id": 99}))
    assert count(database) == 0


def test_what_is_written_is_not_seen_before_it_is_confirmed(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.insert(Base.metadata.tables["imports"]).values(IMPORT))
        connection.execute(sa.insert(Name).values(NAME))
        assert count(database) == 0
    assert count(database) == 1


def test_writers_queue(url: str) -> None:
    """Eight writers that read and then add one: none is lost, none fails."""
    with Database.open(url) as database:
        put(database)

        def add() -> None:
            with database.write() as connection:
                so_far = connection.execute(sa.select(sa.func.max(Name.code))).scalar_one()
                row = NAME | {"code": f"{int(so_far) + 1:02d}"}
                connection.execute(sa.insert(Name).values(row))

        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert count(database) == 9


def test_many_open_a_new_registry_at_once(url: str) -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            Database.open(url).close()
        except DeimapError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_later_version_is_not_touched(url: str) -> None:
    with Database.open(url) as database, database.write() as connection:
        connection.execute(sa.update(SchemaVersion).values(version=SCHEMA_VERSION + 1))
    with pytest.raises(RegistryNewer) as caught:
        Database.open(url)
    assert caught.value.values == {"found": SCHEMA_VERSION + 1, "supported": SCHEMA_VERSION}


@pytest.mark.parametrize("content", [b"not a database, but long enough to look", b"\0" * 5000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(content)
    with pytest.raises(RegistryUnreadable):
        Database.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "address", ["", "no address", "oracle9://x", "sqlite:////proc/none/r.sqlite"]
)
def test_an_address_that_leads_nowhere(address: str) -> None:
    with pytest.raises(RegistryUnreadable):
        Database.open(address)


def test_the_password_is_not_told() -> None:
    address = "postgresql+psycopg://deimap:secret@127.0.0.1:1/none?connect_timeout=2"
    with pytest.raises(RegistryUnreadable) as caught:
        Database.open(address)
    assert "secret" not in str(caught.value)
    assert "deimap" in caught.value.url
