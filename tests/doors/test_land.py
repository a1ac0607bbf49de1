"""Land degradation through the doors: files of a run, blocks against the whole, wrong words."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from cli.main import exit_code
from gis.errors import BadParameter, PeriodOutsideData
from gis.grid import CRS
from layers.boundaries import gazetteer
from layers.run import run
from layers.runs import read_result, run_id
from layers.workspace import Workspace

AREA = "0207"
PARTS = ("productivity", "land_cover", "soil_carbon", "indicator")
RASTERS = {
    *(f"{part}{suffix}" for part in PARTS for suffix in ("", "_baseline", "_report_1")),
    *("status", "status_report_1", "water", "water_report_1", "water_baseline"),
}
TABLES = {
    *("communes", "districts", "provinces", "areas", "transitions", "ldn_balance"),
    *("reporting", "carbon"),
}


@pytest.fixture(scope="module")
def out(land_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one run over a district."""
    folder = tmp_path_factory.mktemp("degradation") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEIMAP_WORKSPACE", str(land_workspace.root))
        assert exit_code(["run", "land-degradation", "--area", AREA, "--out", str(folder)]) == 0
    return folder


def test_files_of_a_run(out: Path) -> None:
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert {path.name for path in out.iterdir()} == set(document["files"])
    assert {f"{name}.tif" for name in RASTERS} <= set(document["files"])
    assert {f"{name}.csv" for name in TABLES} <= set(document["files"])
    assert document["example"] is True
    assert document["parameters"]["rules"] == "unccd-2026"
    assert document["parameters"]["baseline"]["first"] == 2000
    variables = {layer["variable"] for layer in document["layers"]}
    assert {"vegetation_index", "land_cover", "soil_carbon", "management"} <= variables
    assert any("screening, not official" in warning for warning in document["warnings"])
    assert len(document["warnings"]) == len(document["warnings_km"])


@pytest.mark.parametrize("name", sorted(RASTERS))
def test_every_raster_is_a_cog_with_names_and_colours(out: Path, name: str) -> None:
    with rasterio.open(out / f"{name}.tif") as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.descriptions == (name,)
        assert (source.dtypes[0], source.nodata) == ("int16", -32768)
        assert json.loads(source.tags(1)["classes"])
        assert source.crs.to_epsg() == 32648
    with rasterio.open(out / f"{name}_colours.tif") as source:
        assert source.colormap(1)
        assert source.descriptions == (name,)


def test_tables_agree_with_a_count_of_the_cells(out: Path, land_workspace: Workspace) -> None:
    """Areas by the share of a cell that a commune covers, against whole cells by their centre."""
    communes = pd.read_csv(out / "communes.csv", dtype={"code": str}).set_index("code")
    shapes = gazetteer(land_workspace).communes_of([AREA]).to_crs(CRS)
    hectares = shapes.area / 1e4
    total = communes["land_ha"] + communes["water_ha"]
    np.testing.assert_allclose(total, hectares.reindex(communes.index), rtol=1e-6)
    shares = communes[["degraded_share", "stable_share", "improved_share", "no_data_share"]]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)
    with rasterio.open(out / "indicator.tif") as source:
        cells, cell = source.read(1), abs(source.res[0] * source.res[1]) / 1e4
    for code, column in ((-1, "degraded_ha"), (0, "stable_ha"), (1, "improved_ha")):
        counted = (cells == code).sum() * cell
        assert communes[column].sum() == pytest.approx(counted, rel=0.01), column
    states = communes[[f"status_{code}_ha" for code in range(1, 8)]].sum().sum()
    with rasterio.open(out / "status.tif") as source:
        status = source.read(1)
    assert states == pytest.approx(((status >= 1) & (status <= 7)).sum() * cell, rel=0.01)
    districts = pd.read_csv(out / "districts.csv", dtype={"code": str}).set_index("code")
    assert districts.loc[AREA, "degraded_ha"] == pytest.approx(communes["degraded_ha"].sum())
    provinces = pd.read_csv(out / "provinces.csv", dtype={"code": str}).set_index("code")
    assert provinces.loc["02", "inside_share"] < 0.1
    assert "of this run" in provinces.loc["02", "reason_en"]


def test_no_plot_leaves_the_house(out: Path) -> None:
    carbon = pd.read_csv(out / "carbon.csv", dtype={"code": str})
    assert set(carbon["scenario"]) == {"recorded plots", "scenario"}
    assert (carbon["code"].str.len() == 6).all()
    ranges = carbon.dropna(subset=["ca_central_t"])
    assert (ranges["ca_low_t"] <= ranges["ca_central_t"]).all()
    assert (ranges["ca_central_t"] <= ranges["ca_high_t"]).all()
    for path in out.glob("*.csv"):
        assert "EX-P-" not in path.read_text(encoding="utf-8-sig"), path.name
    names = set(gpd.list_layers(out / "result.gpkg")["name"])
    assert names == {"hotspots", "communes", "districts", "provinces"}


def test_in_blocks_every_bit_is_the_same(out: Path, land_workspace: Workspace) -> None:
    kept = read_result(out)
    parted = run("land-degradation", AREA, workspace=land_workspace, chunk=100)
    for name in RASTERS:
        np.testing.assert_array_equal(
            parted.outcome.rasters[name].to_numpy(), kept.outcome.rasters[name].to_numpy(), name
        )
    communes = parted.outcome.tables["communes"]
    np.testing.assert_array_equal(
        communes["degraded_ha"], kept.outcome.tables["communes"]["degraded_ha"]
    )
    assert run_id(parted.provenance) == run_id(kept.provenance)


def test_blocks_are_for_analyses_that_can(land_workspace: Workspace) -> None:
    for analysis, chunk in (("suitability", 100), ("land-degradation", 0)):
        with pytest.raises(BadParameter):
            run(analysis, AREA, workspace=land_workspace, chunk=chunk)


def test_a_period_beyond_the_data_is_refused(land_workspace: Workspace) -> None:
    later = {"report_2": {"first": 2012, "last": 2027, "state_from": 2025, "cover_from": 2015}}
    with pytest.raises(PeriodOutsideData) as caught:
        run("land-degradation", AREA, later, workspace=land_workspace)
    assert caught.value.missing == (2024, 2025, 2026, 2027)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("rules=gpg-v3", "gpg-v2"),
        ("transitions.paddy_lake=0", "transitions.cropland_wetland"),
        ("transitions.cropland_wetland=3", "-1, 0, 1"),
        ("report_2.last=2007", "state_from"),
        ("report_2.lats=2022", "report_2.last"),
        ("scenario.share=2", "1 or less"),
        ("track=rice", "significance"),
    ],
)
def test_wrong_words(
    setting: str,
    said: str,
    land_workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(land_workspace.root))
    words = ["run", "land-degradation", "--area", AREA, "--set", setting]
    assert exit_code([*words, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


OWN = {
    "vegetation_index": ("1", "float32", 0.5, range(2000, 2024)),
    "land_cover": ("", "int16", 3, range(2000, 2024)),
    "soil_carbon": ("t/ha", "float32", 40.0, ()),
}


def own_layers(places: Workspace, folder: Path) -> None:
    """Real land layers of an office, each the same everywhere, around one commune."""
    shape = gazetteer(places).communes_of(["020702"]).to_crs(CRS)
    west, south, east, north = shape.total_bounds
    rows, columns = int((north - south) // 500) + 5, int((east - west) // 500) + 5
    for name, (unit, kind, value, years) in OWN.items():
        file, about = folder / f"{name}.tif", folder / f"{name}.toml"
        with rasterio.open(
            file,
            "w",
            driver="GTiff",
            height=rows,
            width=columns,
            count=max(len(years), 1),
            dtype=kind,
            crs=CRS,
            transform=rasterio.transform.from_origin(west - 1000, north + 1000, 500, 500),
        ) as target:
            target.write(np.full((max(len(years), 1), rows, columns), value, dtype=kind))
        dated = f"years = {list(years)}" if years else "year = 2000"
        about.write_text(
            f'id = "own_{name}"\nvariable = "{name}"\nunit = "{unit}"\n{dated}\n'
            'title = { en = "Own", km = "ផ្ទាល់ខ្លួន" }\n'
            'source = "x"\nlicence = "y"\nedition = "1"\n',
            encoding="utf-8",
        )
        assert exit_code(["import", str(file), "--as", "layer", "--meta", str(about)]) == 0


def test_real_land_is_not_stamped_by_example_people_and_plots(
    workspace: Workspace, tmp_path: Path
) -> None:
    own_layers(workspace, tmp_path)
    out = tmp_path / "out"
    assert exit_code(["run", "land-degradation", "--area", "020702", "--out", str(out)]) == 0
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert document["example"] is False
    assert not any(layer["example"] for layer in document["layers"])
    assert any("made-up content is left out" in warning for warning in document["warnings"])
    communes = pd.read_csv(out / "communes.csv")
    assert "people_degraded" not in communes
    assert communes["stable_share"].iloc[0] > 0.99
