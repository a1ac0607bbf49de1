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
    assert len(records.providers(filled)) == 24
    assert len(records.machines(filled)) == 59
    assert len(records.events(filled)) == 30
    assert records.requests(filled)["hectares"].gt(0).all()
    assert len(records.requests(filled)) == 74


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


def test_field_capacities_are_working_values_or_not_stated(filled: Database) -> None:
    found = records.machines(filled)
    stated = found["field_capacity_ha_day"].notna()
    assert found["field_capacity_basis"].notna().tolist() == stated.tolist()
    assert set(found.loc[stated, "field_capacity_basis"]) == {"working-value"}
    assert 0 < (~stated).sum() < stated.sum()


AREAS = ("0207", "0208", "0201", "13")


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("machine", ["no-till-planter", "seed-drill"])
def test_each_area_has_what_plants_on_each_track(filled: Database, area: str, machine: str) -> None:
    found = records.machines(filled)
    there = found[found["commune"].str.startswith(area)]
    assert machine in set(there["machine"])


def test_far_districts_of_preah_vihear_have_planters_too(filled: Database) -> None:
    found = records.providers(filled)
    assert {"1303", "1306", "1307"} <= set(found.loc[found["no_till"], "commune"].str[:4])


def test_bases_share_a_tractor_or_have_none(filled: Database) -> None:
    found = records.machines(filled)
    counts = found.pivot_table(index="provider", columns="machine", values="count", aggfunc="sum")
    working = counts.drop(columns="tractor").sum(axis="columns")
    assert (counts["tractor"] < working).any()
    assert counts["tractor"].isna().sum() == 1


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("season", ["early-wet", "main-wet", "dry"])
def test_hectares_are_requested_in_every_season(filled: Database, year: int, season: str) -> None:
    found = records.requests(filled)
    asked = found[(found["year"] == year) & (found["season"] == season)]
    areas = {area for area in AREAS if asked["commune"].str.startswith(area).any()}
    assert len(areas) >= 3
    crops = set(asked["crop"])
    assert crops == {"rice"} if season == "dry" else crops & {"maize", "soybean"}


def test_the_newest_year_of_each_season_is_the_same(filled: Database) -> None:
    """Areas side by side then speak of one year."""
    found = records.requests(filled)
    assert set(found.groupby("season")["year"].max()) == {2026}


def test_one_season_is_too_short_for_the_planters(filled: Database) -> None:
    """At four hectares a day, every day from July to the middle of September, without a way."""
    asked = records.requests(filled).query("season == 'main-wet' and year == 2026")
    upland = asked[asked["commune"].str.startswith("0207") & (asked["crop"] != "rice")]
    owned = records.machines(filled).query("machine == 'no-till-planter'")
    planters = owned.loc[owned["commune"].str.startswith("02"), "count"].sum()
    assert upland["hectares"].sum() > planters * 4 * 77


def test_some_meetings_are_too_small_to_be_named(filled: Database) -> None:
    farmers = records.requests(filled).drop_duplicates("reference")["farmers"]
    assert (farmers < 5).sum() == 1
    assert farmers.isna().sum() == 1


def test_no_names_of_people() -> None:
    for name in FILES.values():
        if name.endswith("csv"):
            with (FOLDER / name).open(encoding="utf-8") as file:
                headings = next(csv.reader(file))
            assert not {"name", "phone", "owner", "farmer", "note"} & set(headings)
