"""Records as tables: hand-made rows and what each query says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pytest
import shapely

from registry import records
from registry.database import Database
from registry.intake import Report

Take = Callable[..., Report]


def outline(east: float) -> str:
    ring = shapely.box(102.85 + east, 12.85, 102.851 + east, 12.851)
    return f'"{ring.wkt}"'


PLOTS = f"""reference,commune,track,crop,cover_crop,wkt
P1,020704,upland,maize,stylo,{outline(0)}
P2,020704,rice,rice,,{outline(0.01)}
P3,020704,upland,cassava,,{outline(0.02)}
"""
SEASONS = """reference,season,year,status,crop,cover_crop,principles
P1,dry,2024,stopped,,,
P1,early-wet,2025,partly,soybean,sunn-hemp,no-till
P1,main-wet,2024,practised,,,soil-cover;no-till
P1,main-wet,2025,not-visited,,,
P2,main-wet,2024,not-visited,,,
"""
PROVIDERS = """reference,commune,organisation,lon,lat
S1,020704,enterprise,102.85,12.85
S2,020407,cooperative,103.05,12.85
"""
MACHINES = """reference,provider,machine,count,crops
M1,S1,tractor,1,maize;rice
M2,S1,no-till-planter,1,maize
M3,S1,tractor,2,rice
"""


@pytest.fixture
def kept(take: Take, database: Database) -> Database:
    for kind, words in (("plots", PLOTS), ("seasons", SEASONS), ("providers", PROVIDERS)):
        take(kind, words, database)
    take("machines", MACHINES, database)
    return database


_ASKED = "requested_crop,requested_season,requested_year,requested_ha,requested_machine"
EVENTS = f"""reference,event,date,commune,women,men,lon,lat,{_ASKED}
E1,field-showcase,2026-01-05,020704,12,9,102.85,12.85,maize,early-wet,2026,40,no-till-planter
E1,field-showcase,2026-01-05,020704,12,9,102.85,12.85,maize,dry,2025,15.5,
E2,annual-meeting,2026-02-01,020407,,3,103.05,12.86,rice,dry,2026,7,
E3,annual-meeting,2026-02-01,020407,,,103.05,12.86,rice,dry,2026,8,
"""


def test_requests_know_their_meeting(take: Take, database: Database) -> None:
    """Farmers as far as somebody counted them: 12 + 9, 3 men, nobody."""
    take("events", EVENTS, database)
    found = records.requests(database)
    shown = ["reference", "commune", "crop", "season", "year", "machine", "hectares", "farmers"]
    rows = found[shown].fillna({"farmers": -1}).itertuples(index=False, name=None)
    assert list(rows) == [
        ("E1", "020704", "maize", "dry", 2025, "", 15.5, 21),
        ("E1", "020704", "maize", "early-wet", 2026, "no-till-planter", 40, 21),
        ("E2", "020407", "rice", "dry", 2026, "", 7, 3),
        ("E3", "020407", "rice", "dry", 2026, "", 8, -1),
    ]
    assert not found["example"].any()


def test_a_request_of_an_example_meeting_is_an_example(take: Take, memory: Database) -> None:
    take("events", EVENTS, example=True)
    assert records.requests(memory)["example"].all()


SHOWN = ["reference", "status", "season", "year", "crop", "cover_crop", "principles"]
NOBODY = ("not-visited", None, None)


@pytest.mark.parametrize(
    ("season", "year", "rows"),
    [
        (
            None,
            None,
            [
                ("P1", "partly", "early-wet", 2025, "soybean", "sunn-hemp", ("no-till",)),
                ("P2", "not-visited", "main-wet", 2024, "rice", None, None),
                ("P3", "not-visited", None, None, "cassava", None, None),
            ],
        ),
        (
            "main-wet",
            2024,
            [
                ("P1", "practised", "main-wet", 2024, "maize", "stylo", ("no-till", "soil-cover")),
                ("P2", "not-visited", "main-wet", 2024, "rice", None, None),
                ("P3", "not-visited", "main-wet", 2024, "cassava", None, None),
            ],
        ),
        (
            None,
            2024,
            [
                ("P1", "stopped", "dry", 2024, "maize", "stylo", None),
                ("P2", "not-visited", "main-wet", 2024, "rice", None, None),
                ("P3", "not-visited", None, 2024, "cassava", None, None),
            ],
        ),
    ],
)
def test_adopters(
    kept: Database, season: str | None, year: int | None, rows: list[tuple[Any, ...]]
) -> None:
    found = records.adopters(kept, season, year)
    assert list(found[SHOWN].itertuples(index=False, name=None)) == rows
    assert found.crs.to_epsg() == 4326
    assert found.geometry.within(records.plots(kept).geometry).all()


def test_seasons_are_in_the_order_of_time(kept: Database) -> None:
    found = records.plot_seasons(kept)
    order = found[["reference", "season", "year"]].to_numpy().tolist()
    assert order == [
        ["P1", "main-wet", 2024],
        ["P2", "main-wet", 2024],
        ["P1", "dry", 2024],
        ["P1", "early-wet", 2025],
        ["P1", "main-wet", 2025],
    ]
    assert found["commune"].unique().tolist() == ["020704"]
    assert found["track"].tolist() == ["upland", "rice", "upland", "upland", "upland"]


def test_providers_say_what_they_have(kept: Database) -> None:
    found = records.providers(kept).set_index("reference")
    assert found["machines"].to_dict() == {"S1": ("no-till-planter", "tractor"), "S2": ()}
    assert found["no_till"].to_dict() == {"S1": True, "S2": False}


def test_machines_stand_at_their_provider(kept: Database) -> None:
    found = records.machines(kept).set_index("reference")
    assert found.loc["M1", "crops"] == ("rice", "maize")
    assert found["commune"].unique().tolist() == ["020704"]
    assert found.geometry.to_wkt().unique().tolist() == ["POINT (102.85 12.85)"]


def test_a_real_machine_of_an_example_provider_is_an_example(take: Take, memory: Database) -> None:
    """Its place is made up: what is drawn from it must say so."""
    take("providers", PROVIDERS, example=True)
    take("machines", MACHINES)
    assert records.machines(memory)["example"].all()
    take("plots", PLOTS, example=True)
    take("seasons", SEASONS)
    assert records.plot_seasons(memory)["example"].all()
    assert records.adopters(memory)["example"].all()


def test_an_example_season_marks_its_plot(take: Take, memory: Database) -> None:
    take("plots", PLOTS)
    take("seasons", SEASONS, example=True)
    assert records.adopters(memory)["example"].tolist() == [True, True, False]


QUERIES = (
    *(records.plots, records.plot_seasons, records.adopters, records.providers, records.machines),
    *(records.events, records.requests, records.villages, records.names),
    *(records.imports, records.changes),
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.__name__)
def test_an_empty_registry_has_the_same_columns(
    database: Database, query: Callable[[Database], Any]
) -> None:
    found = query(database)
    assert len(found) == 0
    assert len(found.columns) > 2
    if isinstance(found, gpd.GeoDataFrame):
        assert found.crs.to_epsg() == 4326


def frame(*rows: tuple[str, bool]) -> gpd.GeoDataFrame:
    communes, examples = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"commune": communes, "example": examples},
        geometry=[shapely.Point()] * len(rows),
        crs="EPSG:4326",
    )


@pytest.mark.parametrize(
    ("rows", "area_of", "kept"),
    [
        ([("a", True), ("b", True)], None, [0, 1]),
        ([("a", True), ("a", False), ("b", True)], None, [1, 2]),
        ([("a", True), ("a", False), ("b", True)], {"a": "X", "b": "X"}, [1]),
        ([("a", True), ("c", False), ("b", True)], {"a": "X", "b": "X"}, [0, 1, 2]),
    ],
)
def test_examples_leave_where_real_records_are(
    rows: list[tuple[str, bool]], area_of: dict[str, str] | None, kept: list[int]
) -> None:
    found = records.without_examples_where_real(frame(*rows), area_of)
    assert found.index.tolist() == kept
    assert isinstance(found, gpd.GeoDataFrame)
