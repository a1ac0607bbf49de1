"""The same commands on the real files of Cambodia, and what they change against the default."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from cli.main import exit_code
from layers.workspace import Workspace

FOUR = "0207,0208,0201,13"
STRICT = {"National Park", "Wildlife Sanctuary", "Protected Forests", "Protected Forest"}
COARSE = ("--resolution", "500")
"""Metres of a cell, half as fine as by default, where only what moves is asked."""
REAL = {"soil_group", "fertility", "slope", "roads", "protected_zone"}


@pytest.fixture
def at_real(real_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(real_workspace.root))
    return real_workspace


def run(
    analysis: str, area: str, out: Path, *settings: str, grid: tuple[str, ...] = ()
) -> dict[str, object]:
    words = [word for setting in settings for word in ("--set", setting)]
    assert exit_code(["run", analysis, "--area", area, *words, *grid, "--out", str(out)]) == 0
    document: dict[str, object] = json.loads((out / "result.json").read_text(encoding="utf-8"))
    return document


@pytest.mark.usefixtures("at_real")
@pytest.mark.parametrize("track", ["upland", "rice"])
def test_four_areas(track: str, tmp_path: Path, shared_data: Path) -> None:
    """Twelve sites a track, none in a strict zone or a lake of the published shapes."""
    settings = (f"track={track}", "min_per_district=1", "samples=0")
    document = run("sites", FOUR, tmp_path / "out", *settings)
    used = {layer["variable"]: layer for layer in document["layers"]}  # type: ignore[attr-defined]
    assert used.keys() >= REAL
    for variable in REAL:
        assert used[variable]["id"] == f"real_{variable}"
        assert len(used[variable]["sha256"]) == 64
    found = gpd.read_file(tmp_path / "out/result.gpkg", layer="sites")
    communes = pd.read_csv(tmp_path / "out/communes.csv", dtype={"code": str, "district": str})
    assert set(found["district"]) == set(communes["district"])
    assert len(found) == 12
    zones = gpd.read_file(shared_data / "protected/protected_areas_and_forests.geojson")
    strict = zones[zones["Status"].isin(STRICT)].to_crs(found.crs)
    lakes = gpd.read_file(shared_data / "water/perennial_water.geojson").to_crs(found.crs)
    for closed in (strict, lakes):
        assert found.sjoin(closed).empty
    for part in ("reason", "against", "figures"):
        assert found[f"{part}_km"].str.contains("[\u1780-\u17ff]").all()


@pytest.mark.usefixtures("at_real")
def test_a_commune_far_from_roads_is_far_and_a_guess(tmp_path: Path) -> None:
    """No main road lies in 1301 and 1306, north and east of Preah Vihear; 1308 is on one."""
    document = run("coverage", FOUR, tmp_path / "out", "demand=scenario")
    used = {layer["variable"]: layer["id"] for layer in document["layers"]}  # type: ignore[attr-defined]
    assert (used["roads"], used["slope"]) == ("real_roads", "real_slope")
    communes = pd.read_csv(tmp_path / "out/communes.csv", dtype={"code": str, "district": str})
    far = communes[communes["district"].isin(["1301", "1306"])]
    assert set(far["group"]) == {"too-weak"}
    assert far["reason_en"].str.contains("no known road lies in the commune").all()
    town = communes[communes["code"] == "130801"].iloc[0]
    assert town["median_minutes"] < 60 < 2 * 60 < far["median_minutes"].min()
    assert town["off_road_share"] < 0.25 < far["off_road_share"].mean()
    served = document["summary"]["served_ha"]  # type: ignore[index]
    assert communes["served_ha"].sum() == pytest.approx(served)


@pytest.mark.usefixtures("at_real")
def test_country_keeps_the_criteria_that_exist_there(tmp_path: Path) -> None:
    document = run("suitability", "KH", tmp_path / "out")
    assert document["resolution_m"] == 1000
    used = {layer["variable"] for layer in document["layers"]}  # type: ignore[attr-defined]
    assert used >= REAL - {"slope"}
    assert not used & {"slope", "poor_share", "annual_crop_share"}
    warnings = " ".join(document["warnings"])  # type: ignore[arg-type]
    assert "Slope (48 %)" in warnings
    assert "the other weights are scaled up" in warnings
    communes = pd.read_csv(tmp_path / "out/communes.csv", dtype={"code": str})
    assert len(communes) == 1633


def test_what_moves_against_the_embedded_default(
    at_real: Workspace, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real terrain, soils and zones move fit and hectares; figures and strength stay.

    Need moves where the real slope under annual crops differs; service by roads that the
    generalised outlines and lines cut. What does not depend on a replaced layer must not move.
    """
    tables = {}
    for name, used in (("default", workspace), ("real", at_real)):
        monkeypatch.setenv("DEIMAP_WORKSPACE", str(used.root))
        run("suitability", FOUR, tmp_path / name, grid=COARSE)
        table = pd.read_csv(tmp_path / name / "communes.csv", dtype={"code": str})
        tables[name] = table.set_index("code")
    default, real = tables["default"], tables["real"]
    assert default.index.equals(real.index)
    # Too weak is a matter of figures alone; firm or borderline also one of ways off known roads.
    assert (default["group"] == "too-weak").equals(real["group"] == "too-weak")
    assert default["reported_ha"].equals(real["reported_ha"])
    # Strict zones are masked by their outline now, no longer by a share of each commune.
    assert (default["excluded"] == 0).all()
    assert real["excluded"].sum() > 500_000
    assert (real["S1"].sum() + real["S2"].sum()) < (default["S1"].sum() + default["S2"].sum())
    # Both outlines hold the same communes: their land agrees within the generalisation.
    land = ["S1", "S2", "S3", "N1", "N2", "excluded", "no_data"]
    ratio = real[land].sum(axis=1) / default[land].sum(axis=1)
    assert ratio.sum() == pytest.approx(len(ratio), rel=0.01)
    assert ratio.between(0.5, 2).all()
