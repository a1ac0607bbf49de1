"""A registry that an earlier version wrote is brought up to date, whole or not at all.

``version_<number>_*.sql`` is what that version of the tables was made of, with one village in it;
from version 2 on with one scenario too.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gis.errors import DeimapError
from registry.database import Database
from registry.migrations import STEPS, VERSION_2, VERSION_3
from registry.models import SCHEMA_VERSION, Base, Scenario
from registry.records import villages
from registry.scenarios import stored

HERE = Path(__file__).parent
ADDED = {2: VERSION_2, 3: VERSION_3}
"""What each version added to the one before."""


@pytest.fixture(params=range(1, SCHEMA_VERSION))
def version(request: pytest.FixtureRequest) -> int:
    """Each version there was."""
    return int(request.param)


@pytest.fixture
def old(url: str, version: int) -> str:
    """The address of a registry of an earlier version."""
    engine = sa.create_engine(url)
    script = (HERE / f"version_{version}_{engine.dialect.name}.sql").read_text(encoding="utf-8")
    with engine.begin() as connection:
        for statement in filter(str.strip, script.split(";\n")):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return url


@pytest.fixture
def inspected(old: str) -> Iterator[sa.Engine]:
    """The same database without the program."""
    engine = sa.create_engine(old)
    yield engine
    engine.dispose()


def version_of(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT version FROM schema_version").scalar_one())


def tables_of(engine: sa.Engine) -> dict[str, list[tuple[str, str, bool]]]:
    inspector = sa.inspect(engine)
    return {
        name: sorted(
            (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)
        )
        for name in inspector.get_table_names()
    }


def added_since(version: int) -> set[str]:
    return {name for later, made in ADDED.items() if later > version for name in made.tables}


def test_each_earlier_version_has_a_step() -> None:
    assert list(STEPS) == list(range(1, SCHEMA_VERSION))
    assert list(ADDED) == list(range(2, SCHEMA_VERSION + 1))


def test_opening_adds_the_tables_and_keeps_the_records(
    old: str, version: int, inspected: sa.Engine
) -> None:
    before = tables_of(inspected)
    assert version_of(inspected) == version
    assert not added_since(version) & set(before)
    with Database.open(old) as database:
        assert database.schema_version == SCHEMA_VERSION
        found = villages(database)
        assert [row["name"] for row in stored(database, Scenario)] == ["Plan A"] * (version > 1)
    after = tables_of(inspected)
    assert set(after) == set(before) | added_since(version)
    assert {name: after[name] for name in before} == before
    assert found.loc["02070406", "name_km"] == "ស្វាយស"
    assert round(found.geometry.iloc[0].x, 3) == 102.825


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_followed_is_what_is_made_new(old: str, inspected: sa.Engine, tmp_path: Path) -> None:
    Database.open(old).close()
    new = f"sqlite:///{tmp_path / 'new.sqlite'}"
    Database.open(new).close()
    engine = sa.create_engine(new)
    assert tables_of(inspected) == tables_of(engine)
    assert [rules_of(inspected, name) for name in tables_of(inspected)] == [
        rules_of(engine, name) for name in tables_of(inspected)
    ]
    engine.dispose()


def rules_of(engine: sa.Engine, table: str) -> tuple[set[str], set[str]]:
    """Names of what a table checks and of its indexes."""
    inspector = sa.inspect(engine)
    checks = {str(check["name"]) for check in inspector.get_check_constraints(table)}
    return checks, {str(index["name"]) for index in inspector.get_indexes(table)}


def test_a_step_makes_the_tables_of_its_version(
    old: str, version: int, inspected: sa.Engine
) -> None:
    """What later versions change is for their own steps: the present tables are not asked."""
    with inspected.begin() as connection:
        STEPS[version](connection)
    for name, table in ADDED[version + 1].tables.items():
        assert table is not Base.metadata.tables[name]
        found = {column["name"] for column in sa.inspect(inspected).get_columns(name)}
        assert found == {column.name for column in table.columns}


def test_many_open_an_old_registry_at_once(old: str, inspected: sa.Engine) -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            Database.open(old).close()
        except DeimapError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert version_of(inspected) == SCHEMA_VERSION


CHILD = """
import sys, time
sys.path.insert(0, {project!r})
import registry.migrations as migrations
from registry.database import Database

step = migrations.STEPS[{version}]

def step_and_wait(connection):
    step(connection)
    print("now", flush=True)
    time.sleep(60)

migrations.STEPS = {{**migrations.STEPS, {version}: step_and_wait}}
Database.open({url!r})
"""


@pytest.mark.parametrize(
    ("version", "stopped"),
    [(version, step) for version in STEPS for step in STEPS if step >= version],
)
def test_killed_in_the_middle_it_is_still_the_old_one(
    old: str, version: int, stopped: int, inspected: sa.Engine
) -> None:
    code = CHILD.format(project=str(HERE.parents[1]), url=old, version=stopped)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "now\n"
        child.kill()
    assert version_of(inspected) == version
    assert not added_since(version) & set(tables_of(inspected))
    with Database.open(old) as database:
        assert database.schema_version == SCHEMA_VERSION
        assert list(villages(database).index) == ["02070406"]
