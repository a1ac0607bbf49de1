"""The example records: the same bytes again, inside real communes, marked, and importable."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

from layers.boundaries import gazetteer
from layers.workspace import EMBEDDED, Workspace
from registry import records
from registry.database import Database
from registry.intake import intake

FOLDER = EMBEDDED / "examples"
FILES = {
    "plots": "plots.geojson",
    "seasons": "plot_seasons.csv",
    "providers": "providers.csv",
    "machines": "machines.csv",
    "events": "events.csv",
}
DISTRICTS = {"0207", "0208", "0201", *(f"130{digit}" for digit in range(1, 9))}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A registry with all examples; every file passes the checks without a warning."""
    places = gazetteer(Workspace(tmp_path_factory.mktemp("workspace")))
    database = Database.open("sqlite://")
    for kind, name in FILES.items():
        report = intake(FOLDER / name, kind, database, places, example=True)
        assert report.warnings == ()
    return database


def test_made_again_they_are_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, FOLDER / "generate.py", tmp_path], check=True)
    for name in FILES.values():
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_there_are_as_many_as_said(filled: Database) -> None:
    assert len(records.plots(filled)) == 120
    assert len(records.providers(filled)) == 14
    assert len(records.events(filled)) == 12
    assert records.requests(filled)["hectares"].gt(0).all()


def test_each_is_marked(filled: Database) -> None:
    for name in FILES.values():
        words = (FOLDER / name).read_text(encoding="utf-8")
        marked = re.findall(r'"example":true|,true$', words, re.MULTILINE)
        assert len(marked) == len(words.splitlines()) - (2 if name.endswith("geojson") else 1)
    for query in (records.plots, records.plot_seasons, records.providers, records.machines):
        found = query(filled)
        assert found["example"].all()
        assert found["reference"].str.startswith("EX-").all()


def test_plots_are_fields_of_the_four_areas(filled: Database, tmp_path: Path) -> None:
    found = records.plots(filled)
    assert found["area_ha"].between(0.3, 17).all()
    assert set(found["commune"].str[:4]) == DISTRICTS
    assert set(found["track"]) == {"upland", "rice"}
    assert found.geometry.count_coordinates().eq(5).all()
    communes = gazetteer(Workspace(tmp_path)).communes
    held = gpd.GeoSeries(communes.geometry.reindex(found["commune"]).to_numpy(), crs=found.crs)
    assert found.geometry.within(held).all()
    pairs = found.sindex.query(found.geometry, predicate="intersects")
    assert len(pairs[0]) == len(found)


def test_every_status_and_track_is_there_in_the_last_three_years(filled: Database) -> None:
    found = records.plot_seasons(filled)
    assert set(found["year"]) == {2024, 2025, 2026}
    for track in ("upland", "rice"):
        statuses = found.loc[found["track"] == track, "status"]
        assert set(statuses) == {"practised", "partly", "stopped", "not-visited"}
    assert not found.duplicated(["reference", "season", "year"]).any()
    assert set(found["reference"]) == set(records.plots(filled)["reference"])


def test_field_capacities_are_working_values(filled: Database) -> None:
    assert set(records.machines(filled)["field_capacity_basis"]) == {"working-value"}


def test_both_provinces_have_a_no_till_planter(filled: Database) -> None:
    found = records.providers(filled)
    assert set(found.loc[found["no_till"], "commune"].str[:2]) == {"02", "13"}


def test_no_names_of_people() -> None:
    for name in FILES.values():
        if name.endswith("csv"):
            with (FOLDER / name).open(encoding="utf-8") as file:
                headings = next(csv.reader(file))
            assert not {"name", "phone", "owner", "farmer", "note"} & set(headings)
