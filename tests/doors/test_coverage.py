"""Coverage through the doors: files of a run, a change from a file, wrong words, no names."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from cli.main import exit_code
from gis.coverage.parameters import CoverageParameters
from gis.grid import NO_DATA, OUTSIDE
from layers.changes import changed
from layers.colours import COLOURS
from layers.parameters import parameters_of
from layers.runs import read_result
from layers.workspace import Workspace
from registry.database import Database
from registry.records import providers, requests

AREA = "0207"
RASTERS = {"travel_time", "nearest_base", "off_road_share"}
TABLES = {"communes", "districts", "providers", "curve", "need", "requested"}
CHANGE = """
season = "main-wet"

[what_if]
closed = ["{closed}"]
speeds = {{ track = 9.0 }}

[[what_if.bases]]
lon = 102.85
lat = 12.80
count = 2

[[what_if.more_machines]]
provider = "{more}"
"""


def run(workspace: Workspace, out: Path, *words: str) -> dict[str, object]:
    """Run over the district at 250 m and read what the run says of itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEIMAP_WORKSPACE", str(workspace.root))
        stated = ["run", "coverage", "--area", AREA, "--resolution", "250", "--out", str(out)]
        assert exit_code([*stated, *words]) == 0
    document: dict[str, object] = json.loads((out / "result.json").read_text(encoding="utf-8"))
    return document


def table(out: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(out / f"{name}.csv", dtype={"code": str, "commune": str}, index_col="code")


def references(workspace: Workspace) -> list[str]:
    with Database.open(workspace.database_url) as database:
        return sorted(providers(database)["reference"])


@pytest.fixture(scope="module")
def out(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coverage") / "out"
    run(prepared_workspace, folder, "--set", "season=early-wet", "--set", "demand=requested")
    return folder


@pytest.fixture(scope="module")
def tried(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a change: the first provider closed, a base more, a machine more."""
    folder = tmp_path_factory.mktemp("changed")
    own = [name for name in references(prepared_workspace) if name.startswith("EX-S-0")]
    (folder / "p.toml").write_text(CHANGE.format(closed=own[0], more=own[3]), encoding="utf-8")
    run(prepared_workspace, folder / "out", "--params", str(folder / "p.toml"))
    return folder / "out"


def test_files_of_a_run(out: Path) -> None:
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert {path.name for path in out.iterdir()} == set(document["files"])
    assert {f"{name}.tif" for name in RASTERS} <= set(document["files"])
    assert {f"{name}.csv" for name in TABLES} <= set(document["files"])
    assert document["example"] is True
    assert document["parameters"]["season"] == "early-wet"
    assert document["parameters"]["machinery"]["speeds"][0]["source"]
    assert [track["key"] for track in document["parameters"]["tracks"]] == ["upland", "rice"]
    variables = {layer["variable"] for layer in document["layers"]}
    assert variables >= {"roads", "providers", "machines", "requests", "communes"}
    assert len(document["warnings"]) == len(document["warnings_km"])
    assert set(gpd.list_layers(out / "result.gpkg")["name"]) == {
        *("bases", "isochrones", "communes", "districts"),
    }


def test_requested_hectares_are_those_of_the_records(
    out: Path, prepared_workspace: Workspace
) -> None:
    with Database.open(prepared_workspace.database_url) as database:
        known = requests(database)
    known = known[known["commune"].str.startswith(AREA) & (known["season"] == "early-wet")]
    known = known[known["year"] == known["year"].max()]
    upland = known["crop"].isin(["maize", "cassava", "soybean", "mung-bean"])
    planted = known["machine"].fillna("").isin(["", "no-till-planter"])
    by_commune = known[upland & planted].groupby("commune")["hectares"].sum()
    communes = table(out, "communes")
    found = communes["requested_ha"][communes["requested_ha"] > 0]
    assert found.to_dict() == pytest.approx(by_commune.to_dict())
    summary = read_result(out).outcome.summary
    assert summary["year"] == known["year"].max()
    assert summary["demand_ha"] == pytest.approx(by_commune.sum())


def test_the_tables_agree_with_each_other(out: Path) -> None:
    communes, bases = table(out, "communes"), table(out, "providers")
    summary = read_result(out).outcome.summary
    for name in ("demand", "reachable", "served", "unmet", "served_low", "unmet_high"):
        assert communes[f"{name}_ha"].sum() == pytest.approx(summary[f"{name}_ha"], abs=1e-2), name
    assert bases["served_ha"].sum() == pytest.approx(summary["served_ha"])
    assert bases["supply_ha"].sum() == pytest.approx(summary["supply_ha"])
    assert table(out, "districts").loc[AREA, "served_ha"] == pytest.approx(summary["served_ha"])
    need = table(out, "need")
    assert need["seed_kg"].sum() == pytest.approx(summary["seed_kg"])
    assert need["hectares"].sum() == pytest.approx(summary["demand_ha"])
    curve = table(out, "curve").set_index("minutes")["share"]
    assert curve[120] * summary["demand_ha"] == pytest.approx(summary["reachable_ha"])


def test_the_nearest_base_is_a_row_of_the_providers(out: Path) -> None:
    with rasterio.open(out / "nearest_base.tif") as source:
        numbers = set(np.unique(source.read(1)).tolist()) - {int(OUTSIDE), int(source.nodata)}
    bases = table(out, "providers")
    assert {str(number) for number in numbers} <= set(bases.index[bases["machines"] > 0])


def test_the_same_parameters_read_back_are_the_same(
    out: Path, tried: Path, prepared_workspace: Workspace
) -> None:
    for folder in (out, tried):
        made = read_result(folder).provenance
        again = parameters_of(CoverageParameters, made.parameters)
        assert again.season == made.parameters["season"]
        assert len(again.machinery.speeds) == len(made.parameters["machinery"]["speeds"])
        assert len(again.what_if.bases) == len(made.parameters["what_if"]["bases"])
        assert changed(made, prepared_workspace) == ()


def test_a_change_against_the_present(tried: Path) -> None:
    communes, summary = table(tried, "changes"), read_result(tried).outcome.summary
    for name in ("reachable_ha", "served_ha", "unmet_ha"):
        assert communes[f"{name}_now"].sum() == pytest.approx(summary["now"][name], abs=1e-2)
        assert communes[f"{name}_then"].sum() == pytest.approx(summary[name], abs=1e-2)
    assert table(tried, "changes_districts").index.tolist() == [AREA]
    with rasterio.open(tried / "travel_time_change.tif") as source:
        change = source.read(1, masked=True)
    assert change.min() < 0 < change.max()
    with rasterio.open(tried / "reach_change.tif") as source:
        assert source.dtypes == ("int16",)
        assert set(np.unique(source.read(1))) <= {-1, 0, 1, NO_DATA, OUTSIDE}
    with rasterio.open(tried / "reach_change_colours.tif") as source:
        drawn = {source.colormap(1)[number] for number in (1, 2, 3)}
    named = [COLOURS[f"coverage.reach_{name}"] for name in ("lost", "same", "gained")]
    assert drawn == {(*bytes.fromhex(colour[1:]), 255) for colour in named}
    bases = gpd.read_file(tried / "result.gpkg", layer="bases").set_index("code")
    new = gpd.read_file(tried / "result.gpkg", layer="new_bases")
    assert new["code"].tolist() == bases.index[bases["state"] == "new"].tolist()
    assert bases.loc["1", "state"] == "closed"
    assert "1" not in table(tried, "providers").index


def test_no_table_or_layer_names_a_provider(
    out: Path, tried: Path, prepared_workspace: Workspace
) -> None:
    names = references(prepared_workspace)
    for folder in (out, tried):
        for path in folder.glob("*.csv"):
            said = path.read_text(encoding="utf-8-sig")
            assert not any(name in said for name in names), path.name
        for layer in gpd.list_layers(folder / "result.gpkg")["name"]:
            said = gpd.read_file(folder / "result.gpkg", layer=layer).to_csv()
            assert not any(name in said for name in names), layer


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("season=summer", "early-wet"),
        ("demand=wishes", "crop-area"),
        ("track=orchard", "upland, rice"),
        ("machine=seed-drill", "no-till-planter"),
        ("what_if.speed_factor=-1", "more than 0"),
        ("what_if.speeds.track=-5", "0 or more"),
        ("what_if.speeds.runway=5", "what_if.speeds.trunk"),
        ("hectares_a_day.plane=5", "hectares_a_day.tractor"),
        ("limit_minutes=0", "more than 0"),
        ("neighbours=4", "8"),
        ("ranges.speed_low=2", "at least 1"),
        ('what_if.closed=["EX-S-99"]', "EX-S-99"),
        ("scenario_share=2", "1 or less"),
    ],
)
def test_wrong_words(
    setting: str,
    said: str,
    workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["run", "coverage", "--area", AREA, "--resolution", "1000", "--set", setting]
    assert exit_code([*words, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_base_abroad_is_refused(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = tmp_path / "p.toml"
    change.write_text("[[what_if.bases]]\nlon = 100.5\nlat = 13.75\n", encoding="utf-8")
    words = ["run", "coverage", "--area", AREA, "--resolution", "1000", "--params", str(change)]
    assert exit_code([*words, "--out", str(tmp_path / "out")]) == 3
    assert "100.5" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_season_that_nobody_asked_for_is_an_empty_state(
    prepared_workspace: Workspace, tmp_path: Path
) -> None:
    document = run(prepared_workspace, tmp_path / "out", "--set", "season=dry")
    assert document["summary"]["demand_ha"] == 0  # type: ignore[index]
    assert any("record a meeting" in warning for warning in document["warnings"])  # type: ignore[attr-defined]
