"""A gazetteer of four square communes, and a registry on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from gis.errors import AmbiguousArea, ImportRefused, UnknownArea
from locales import LANGUAGES, fault_text
from registry.database import Database
from registry.intake import Report, intake

CODES_2025 = {"020407": "020408", "020408": "020407", "020704": "020704", "021103": "021106"}
WEST = {"020407": 103.0, "020408": 103.2, "020704": 102.8, "021103": 102.4}


@dataclass(frozen=True)
class Area:
    code: str
    level: str = "commune"


class Places:
    """Communes of 0.1 degree, all between 12.8 and 12.9 north; two have exchanged their codes."""

    def __init__(self) -> None:
        boxes = [shapely.box(west, 12.8, west + 0.1, 12.9) for west in WEST.values()]
        self.communes = gpd.GeoDataFrame(
            {"code_2025": list(CODES_2025.values())},
            geometry=boxes,
            index=list(WEST),
            crs="EPSG:4326",
        )

    def find(self, words: str) -> Area:
        older = {new: code for code, new in CODES_2025.items()}
        code = older.get(words.removeprefix("2025:")) if words.startswith("2025:") else words
        if code in WEST:
            return Area(code)
        if words == "Traeng":
            return Area("020704")
        if words == "Sdau":
            raise AmbiguousArea(words, ("020701 Sdau (commune)", "130601 Sdau (commune)"))
        raise UnknownArea(words)

    def at(self, lon: float, lat: float) -> Area | None:
        hits = self.communes.index[self.communes.intersects(shapely.Point(lon, lat))]
        return Area(hits[0]) if len(hits) else None


@pytest.fixture(scope="session")
def places() -> Places:
    return Places()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty registry of the test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'registry.sqlite'}"
        return
    server = os.environ.get("DEIMAP_TEST_DATABASE_URL")
    if not server:
        unavailable = pytest.fail if os.environ.get("CI") else pytest.skip
        unavailable("DEIMAP_TEST_DATABASE_URL names no PostgreSQL server")
    schema = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    address = sa.make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield address.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database.open(url) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[Database]:
    """A registry in memory, where the database is beside the point."""
    with Database.open("sqlite://") as opened:
        yield opened


Told = list[tuple[int | None, str | None, str]]


@pytest.fixture(scope="session")
def told() -> Callable[[pytest.ExceptionInfo[ImportRefused]], Told]:
    """Row, column and key of each fault, once its sentence stood in both languages."""

    def told(caught: pytest.ExceptionInfo[ImportRefused]) -> Told:
        faults = caught.value.faults
        assert all(fault_text(fault, language) for fault in faults for language in LANGUAGES)
        return [(fault.row, fault.column, fault.key) for fault in faults]

    return told


Take = Callable[..., Report]


@pytest.fixture
def take(tmp_path: Path, places: Places, memory: Database) -> Take:
    """Import the words of a CSV file of a kind."""

    def take(kind: str, words: str, into: Database = memory, **options: object) -> Report:
        path = tmp_path / f"{kind}.csv"
        path.write_text(words, encoding="utf-8")
        report = intake(path, kind, into, places, **options)  # type: ignore[arg-type]
        assert all(fault_text(note, language) for note in report.warnings for language in LANGUAGES)
        return report

    return take
