"""What a stranger does to the terminal door: each is answered with a sentence, none is hidden."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely import LineString

from cli.main import exit_code
from gis.errors import OutputUnwritable
from gis.parameters import SEASON_KEYS
from layers.workspace import PROJECT, Workspace
from registry.vocabulary import SEASONS

from .held import held

ABOUT = """
id = "own_slope"
variable = "slope"
unit = "degree"
title = { en = "Own slope", km = "ជម្រាល" }
source = "x"
licence = "y"
edition = "1"
year = 2020
"""


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = exit_code(words)
    return code, capsys.readouterr().err


def slope(path: Path, west: float = 102.0, north: float = 15.0, of: float = 5.0) -> Path:
    """Five degrees square of slope, over all of the west of the country unless moved."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=100,
        width=100,
        count=1,
        dtype="complex64" if of == 1j else "float32",
        crs="EPSG:4326",
        transform=from_origin(west, north, 0.05, 0.05),
    ) as target:
        target.write(np.full((100, 100), of), 1)
    return path


def roads(path: Path, line: list[tuple[float, float]]) -> Path:
    """One road in degrees."""
    gpd.GeoDataFrame(geometry=[LineString(line)], crs=4326).to_file(path)
    return path


@pytest.fixture
def about(tmp_path: Path) -> Path:
    path = tmp_path / "about.toml"
    path.write_text(ABOUT, encoding="utf-8")
    return path


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"west": 9.0, "north": 108.0}, "changed places"),
        ({"west": 0.0, "north": 50.0}, "does not touch"),
        ({"of": 1j}, "complex"),
        ({"of": np.nan}, "no value"),
    ],
)
def test_raster_that_is_refused(
    place: dict[str, float],
    said: str,
    about: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = slope(tmp_path / "slope.tif", **place)
    code, err = call(capsys, "import", str(file), "--as", "layer", "--meta", str(about))
    assert code == 3
    assert said in err


def test_own_layer_that_was_exchanged_is_not_passed_over_in_silence(
    workspace: Workspace, about: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = slope(tmp_path / "slope.tif")
    assert call(capsys, "import", str(file), "--as", "layer", "--meta", str(about))[0] == 0
    (stored,) = workspace.layers.glob("own_slope-*.tif")
    run = ("run", "suitability", "--area", "020702", "--out")
    slope(stored, west=9.0, north=108.0)
    code, err = call(capsys, *run, str(tmp_path / "a"))
    assert (code, "changed places" in err) == (3, True)
    slope(stored, of=np.nan)
    code, err = call(capsys, *run, str(tmp_path / "b"))
    assert (code, "Own slope (0 %)" in err) == (0, True)
    stored.unlink()
    code, err = call(capsys, *run, str(tmp_path / "c"))
    assert (code, "is not there" in err) == (3, True)


def test_own_roads_that_were_exchanged_are_not_passed_over_in_silence(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = tmp_path / "about.toml"
    about.write_text(
        ABOUT.replace("own_slope", "own_roads")
        .replace('"slope"', '"roads"')
        .replace('"degree"', '""'),
        encoding="utf-8",
    )
    file = roads(tmp_path / "roads.gpkg", [(102.5, 12.7), (103.2, 13.2)])
    code, err = call(capsys, "import", str(file), "--as", "layer", "--meta", str(about))
    assert code == 0, err
    (stored,) = workspace.layers.glob("own_roads-*.gpkg")
    run = ("run", "suitability", "--area", "020702", "--out")
    stored.unlink()
    roads(stored, [(12.7, 102.5), (13.2, 103.2)])
    code, err = call(capsys, *run, str(tmp_path / "swapped"))
    assert (code, "changed places" in err) == (3, True), err
    stored.unlink()
    roads(stored, [(2.0, 48.0), (3.0, 49.0)])
    code, err = call(capsys, *run, str(tmp_path / "foreign"))
    assert (code, "does not touch" in err) == (3, True), err


def test_layer_that_does_not_fit_the_disk_leaves_nothing(
    workspace: Workspace, about: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputUnwritable("layers", "No space left on device")

    monkeypatch.setattr("layers.imports.write_toml", full)
    file = slope(tmp_path / "slope.tif")
    assert exit_code(("import", str(file), "--as", "layer", "--meta", str(about))) == 3
    assert list(workspace.layers.iterdir()) == []


@pytest.mark.usefixtures("workspace")
def test_season_counts_its_own_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A season of which nobody recorded anything reaches nobody, and that is said."""
    run = ("run", "sites", "--area", "0207,0208", "--resolution", "1000", "--set", "samples=0")
    assert call(capsys, *run, "--out", str(tmp_path / "any"))[0] == 0
    settings = ("--set", "season=dry", "--set", "year=2001")
    code, err = call(capsys, *run, *settings, "--out", str(tmp_path / "none"))
    assert code == 0
    assert "No record of early adopters here for dry 2001" in err
    open_land = [
        json.loads((tmp_path / name / "result.json").read_text())["summary"]["open_hectares"]
        for name in ("any", "none")
    ]
    assert open_land[0] < open_land[1]


def test_seasons_are_those_of_the_records() -> None:
    assert SEASON_KEYS == SEASONS


@pytest.mark.usefixtures("workspace")
def test_part_of_the_country_is_not_shown_as_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("run", "suitability", "--area", "KH", "--resolution", "5000")
    code, err = call(capsys, *words, "--out", str(tmp_path / "out"))
    assert code == 0
    assert "only a part of the country: Battambang, Preah Vihear" in err


@pytest.mark.usefixtures("workspace")
def test_limits_are_said_in_khmer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--lang", "km", "run", "sites", "--area", "0207", "--set", "count=0")
    code, err = call(capsys, *words, "--out", str(tmp_path / "out"))
    assert code == 2
    assert "ចាប់ពី 1 ឡើងទៅ" in err


@pytest.mark.parametrize("content", [None, b""])
def test_lost_records_are_not_made_anew(
    content: bytes | None, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workspace.root / "registry.sqlite"
    for path in workspace.root.glob("registry.sqlite*"):
        path.unlink()
    if content is not None:
        file.write_bytes(content)
    code, err = call(capsys, "areas")
    assert code == 3
    assert "are gone" in err
    assert file.exists() == (content is not None)


def test_password_of_a_wrong_address_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEIMAP_DATABASE_URL", "oracle9:u:secret@host")
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(tmp_path / "fresh"))
    code, err = call(capsys, "areas")
    assert code == 3
    assert "secret" not in err


def test_file_without_features(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    code, err = call(capsys, "import", str(file), "--as", "plots")
    assert code == 3
    assert "holds no records" in err
    assert "is missing" not in err


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("areas | head -1; exit ${PIPESTATUS[0]}", 0, ""),
        ("areas > /dev/full", 3, "No space left"),
        ("areas | grep -q រតនមណ្ឌល", 0, ""),
        ("app --host 198.51.100.1", 2, "host"),
    ],
)
def test_reader_that_goes_and_full_output(
    line: str, code: int, said: str, workspace: Workspace
) -> None:
    start = f"'{sys.executable}' -c 'from cli.main import main; main()' "
    done = subprocess.run(
        ["bash", "-c", start + line],
        cwd=PROJECT,
        env=os.environ | {"DEIMAP_WORKSPACE": str(workspace.root), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_killed_while_writing(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    words = ["run", "suitability", "--area", "020702", "--out", str(out)]
    with held("layers.write", "write_csv", words, tmp_path) as child:
        child.send_signal(signal.SIGKILL)
    assert not (out / "result.json").exists()
    assert call(capsys, *words)[0] == 0
    assert (out / "result.json").is_file()
