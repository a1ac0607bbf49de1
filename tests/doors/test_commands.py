"""The terminal door: words, files, sentences and exit codes."""

import json
import re
import signal
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import rasterio

from cli.commands import merged
from cli.main import exit_code
from layers.workspace import Workspace
from locales import LANGUAGES

from .held import held

FOUR = "0207,0208,0201,13"
COARSE = ("--resolution", "1000")
"""Enough where words, files and groups are asked for."""


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = exit_code(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def sites(tmp_path: Path, *words: str) -> Path:
    out = tmp_path / "out"
    assert exit_code(["run", "sites", "--area", FOUR, *COARSE, *words, "--out", str(out)]) == 0
    return out


@pytest.mark.usefixtures("workspace")
def test_twelve_upland_sites(tmp_path: Path) -> None:
    out = sites(tmp_path, "--set", "track=upland", "--set", "count=12")
    found = gpd.read_file(out / "result.gpkg", layer="sites")
    assert sorted(found["rank"]) == list(range(1, 13))
    assert found["code"].is_unique
    for column in (
        *("code", "village", "name_en", "name_km", "group"),
        *("need", "fit", "service", "spread", "reason_en", "reason_km", "cost_usd", "years"),
    ):
        assert found[column].notna().all(), column
    assert (found["code"].str.len() == 6).all()
    assert (found["village"].str.len() == 8).all()
    assert set(found["group"]) <= {"firm", "borderline"}
    assert found["cost_usd"].tolist() == [1600.0] * 12
    with rasterio.open(out / "suitability.tif") as source:
        assert source.crs.to_epsg() == 32648
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert document["example"] is True
    assert set(document["files"]) == {path.name for path in out.iterdir()}
    communes = pd.read_csv(out / "communes.csv", dtype={"code": str}).set_index("code")
    assert communes.index[0] == communes.index.min()
    assert communes.loc["020701", "group"] == "borderline"
    # Its figures are firm; how much of the way there is a guess stands beside them.
    assert communes.loc["020702", "group"] == "firm"
    assert communes.loc["020702", "reason_en"].startswith(
        "Figures firm: 1,970 ha reported on 12,100 ha"
    )
    assert "off known roads" in communes.loc["020702", "reason_en"]
    assert communes.loc["130403", "group"] == "firm"
    weak = communes[communes["group"] == "too-weak"]
    assert set(weak.index) == {"020705", "130307", "130308"}
    assert weak["reason_en"].str.len().gt(20).all()
    assert weak["reason_km"].str.contains("[\u1780-\u17ff]").all()


@pytest.mark.usefixtures("workspace")
def test_rice_gives_every_district_a_site(tmp_path: Path) -> None:
    out = sites(
        tmp_path, "--set", "track=rice", "--set", "min_per_district=1", "--set", "samples=0"
    )
    found = gpd.read_file(out / "result.gpkg", layer="sites")
    communes = pd.read_csv(out / "communes.csv", dtype={"code": str, "district": str})
    assert set(found["district"]) == set(communes["district"])
    weak = communes.loc[communes["group"] == "too-weak", "code"]
    assert set(weak) == {"020702", "130304", "020705", "130307", "130308"}
    assert not set(weak) & set(found["code"])


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["suitability", "--area", "9999"], 2, "No area is called"),
        (["suitability", "--area", "Ratanak Mondull"], 2, "0207 Rattanak Mondul"),
        (["suitability", "--area", "Preah Vihear"], 2, "1308"),
        (["suitability", "--area", " , "], 2, "area"),
        (["suitable", "--area", "0207"], 2, "suitability, sites"),
        (["sites", "--area", "0207", "--set", "conut=3"], 2, "count"),
        (["sites", "--area", "0207", "--set", "weights.nead=3"], 2, "weights.need"),
        (["sites", "--area", "0207", "--set", "count=0"], 2, "count"),
        (["sites", "--area", "0207", "--set", "count=many"], 2, "many"),
        (["sites", "--area", "0207", "--set", "track=cotton"], 2, "cotton"),
        (["sites", "--area", "0207", "--set", "season=wet"], 2, "early-wet, main-wet, dry"),
        (["sites", "--area", "0207", "--set", "year=0"], 2, "2000 or more"),
        (["sites", "--area", "0207", "--set", "weights.need=1e308"], 2, "1000 or less"),
        (["sites", "--area", "0207", "--set", "objective=money"], 2, "poor_households"),
        (["sites", "--area", "0207", "--set", "weights.need=-1"], 2, "weights.need"),
        (["sites", "--area", "0207", "--set", "count"], 2, "KEY=VALUE"),
        (["sites", "--area", "0207", "--resolution", "0"], 2, "resolution"),
        (["sites", "--area", "0207", "--resolution", "1"], 3, "coarser"),
        (["sites", "--area", "0207", "--resolution", "1e9"], 2, "resolution"),
        (["sites"], 2, "--area"),
        (["sites", "--area", "0207", "--params", "/nowhere.toml"], 3, "/nowhere.toml"),
    ],
)
def test_wrong_words(
    words: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got, out, err = call(capsys, "run", *words, "--out", str(tmp_path / "out"))
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("workspace")
def test_errors_are_said_in_khmer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--lang", "km", "run", "sites", "--area", "9999", "--out", str(tmp_path / "o"))
    assert "រកមិនឃើញតំបន់" in call(capsys, *words)[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "sites"], "--area"),
        (["run", "sites", "--area", "0207", "--set", "count", "--out", "x"], "KEY=VALUE"),
        (["run", "--area", "0207", "--out", "x"], "ANALYSIS"),
        (["run", "sites", "--area", "0207", "--out", "x", "--resolution", "0"], "--resolution"),
        (["run", "sites", "--area", "0207", "--out", "x", "--resolution", "fine"], "--resolution"),
        (["run", "sites", "--aera", "0207"], "--aera"),
        (["run", "sites", "suitability", "--area", "0207", "--out", "x"], "deimap run --help"),
        (["areas", "--level", "village"], "province, district, commune"),
        (["import", "file.csv", "--as", "plotz"], "plots, seasons"),
        (["app", "--port", "99999"], "65535"),
        (["rum"], "run"),
        (["--nothing"], "--nothing"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_call_is_said_in_the_language_asked_for(
    words: list[str], said: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, "--lang", language, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert bool(re.search("[\u1780-\u17ff]", err)) == (language == "km")
    if language == "km":
        assert not re.search("Usage|Error|Missing|Invalid|No such|Try", err)


@pytest.mark.usefixtures("workspace")
def test_second_run_into_the_same_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("run", "suitability", "--area", "020702", *COARSE, "--out", str(tmp_path / "out"))
    assert call(capsys, *words)[0] == 0
    code, _, err = call(capsys, *words)
    assert code == 3
    assert "is not empty" in err
    assert call(capsys, *words, "--overwrite")[0] == 0


@pytest.mark.usefixtures("workspace")
def test_areas_and_layers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "areas", "--level", "district")
    assert code == 0
    assert "0207\tdistrict\tRattanak Mondul\tរតនមណ្ឌល" in out
    assert len(out.splitlines()) == 22
    code, out, _ = call(capsys, "layers", "--check")
    assert code == 0


def test_damaged_layer_is_named_by_the_check(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.layers / "slope.toml").write_text('variable = "slope"\nkolour = "red"\n')
    code, _, err = call(capsys, "layers", "--check")
    assert code == 3
    assert "slope.toml" in err


def test_settings_lie_over_the_file() -> None:
    given = {"track": "rice", "weights": {"need": 1.0, "fit": 2.0}}
    assert merged(given, ("weights.need=0.5", "count=3", "objective=households")) == {
        "track": "rice",
        "weights": {"need": 0.5, "fit": 2.0},
        "count": 3,
        "objective": "households",
    }
    assert given["weights"] == {"need": 1.0, "fit": 2.0}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("module", "function"), [("run", "gather"), ("write", "write_csv")])
def test_stop_in_the_middle(
    number: int, module: str, function: str, workspace: Workspace, tmp_path: Path
) -> None:
    words = ["run", "suitability", "--area", "020702", *COARSE, "--out", str(tmp_path / "out")]
    with held(f"layers.{module}", function, words, tmp_path) as child:
        child.send_signal(number)
        _, err = child.communicate(timeout=120)
    assert child.returncode == 130, err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]
