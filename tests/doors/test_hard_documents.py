"""Maps, atlases, reports and exports when things go wrong: a sentence, an exit code, no remains."""

from __future__ import annotations

import signal
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

from cli.main import exit_code
from layers.prepare import bring_in
from layers.run import run
from layers.workspace import Workspace
from layers.write import write_result
from reports import whole

from .held import held

AREA = "0207"
ROADS = """
id = "own_roads"
variable = "roads"
unit = ""
title = { en = "Own roads", km = "ផ្លូវ" }
source = "x"
licence = "y"
edition = "1"
field = "fclass"
year = 2020
"""


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "made"
    write_result(run("suitability", AREA, resolution=1000, workspace=prepared_workspace), folder)
    return folder


@pytest.fixture
def at_home(prepared_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(prepared_workspace.root))


@pytest.fixture
def roads(workspace: Workspace, tmp_path: Path) -> Path:
    """The file of an own layer of roads, through the area."""
    source, about = tmp_path / "roads.geojson", tmp_path / "roads.toml"
    line = LineString([(102.7, 12.8), (103.0, 12.95)])
    gpd.GeoDataFrame({"fclass": ["trunk"]}, geometry=[line], crs=4326).to_file(source)
    about.write_text(ROADS, encoding="utf-8")
    bring_in(source, "layer", workspace, meta=about)
    (stored,) = workspace.layers.glob("own_roads*.gpkg")
    return stored


def words_for(command: str, made: Path, out: Path) -> list[str]:
    """A call of each door; ``command`` may name the ending too."""
    name, _, ending = command.partition(".")
    target = out / f"a.{ending}"
    if name == "export":
        return ["export", str(made), "--out", str(target)]
    words = [name, "--area", AREA, "--result", str(made), "--out", str(target)]
    return [*words, "--dpi", "150"] if name == "map" else words


DOORS = ("map.png", "atlas.pdf", "report.pdf", "report.docx", "export.xlsx", "export.zip")


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("command", DOORS)
def test_where_nothing_can_be_written_it_is_said(
    command: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A read-only folder, as the system tells of it: root may write wherever modes forbid it."""

    def refused(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(whole, "_new_file", refused)
    assert exit_code(words_for(command, made, tmp_path)) == 3
    said = capsys.readouterr().err
    assert str(tmp_path) in said
    assert "Read-only file system" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("at_home")
def test_a_file_where_a_folder_must_be_is_said(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "file"
    place.write_text("mine")
    assert exit_code(words_for("map.png", made, place)) == 3
    assert str(place) in capsys.readouterr().err
    assert place.read_text() == "mine"


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_a_map_goes_without_roads_that_cannot_be_read_and_says_so(
    how: str, roads: Path, tmp_path: Path
) -> None:
    """The embedded roads take their place; the picture names what is missing."""
    whole_file = roads.read_bytes()
    roads.unlink()
    if how == "cut":
        roads.write_bytes(whole_file[: len(whole_file) // 2])
    out = tmp_path / "a.svg"
    assert exit_code(["map", "--area", AREA, "--out", str(out)]) == 0
    drawn = out.read_text(encoding="utf-8")
    assert "Own roads (own_roads)" in drawn
    assert "OpenStreetMap" in drawn


@pytest.mark.usefixtures("roads")
@pytest.mark.parametrize("held", ["", "nonsense = [", 'id = "own_roads"'])
def test_a_catalogue_table_that_does_not_hold_is_named(
    held: str, workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (table,) = workspace.layers.glob("own_roads*.toml")
    table.write_text(held, encoding="utf-8")
    out = tmp_path / "out"
    assert exit_code(["map", "--area", AREA, "--out", str(out / "a.png")]) == 3
    assert str(table) in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("command", ["map.png", "report.pdf", "export.kmz"])
def test_a_result_with_a_file_less_is_named(
    command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged, out = tmp_path / "damaged", tmp_path / "out"
    damaged.mkdir()
    for file in made.iterdir():
        if file.name != "suitability_class.tif":
            (damaged / file.name).symlink_to(file)
    assert exit_code(words_for(command, damaged, out)) == 3
    assert "suitability_class.tif" in capsys.readouterr().err
    assert not out.exists()


HALF_WAY = {
    "map.png": ("reports.figure.draw", "draw_foot"),
    "atlas.pdf": ("reports.figure.draw", "draw_locator"),
    "report.pdf": ("reports.figure.draw", "draw_foot"),
    "report.docx": ("reports.figure.draw", "draw_foot"),
    "export.zip": ("layers.runs", "read_result"),
}
"""Call -> where it is held: in the middle of a page, or of reading."""


@pytest.mark.parametrize(
    ("command", "number"),
    [
        *((command, signal.SIGINT) for command in HALF_WAY),
        ("map.png", signal.SIGKILL),
        ("report.pdf", signal.SIGKILL),
    ],
)
def test_stopped_half_way_nothing_is_left(
    command: str, number: int, made: Path, prepared_workspace: Workspace, tmp_path: Path
) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    out.mkdir()
    scratch.mkdir()
    module, function = HALF_WAY[command]
    places = {"DEIMAP_WORKSPACE": str(prepared_workspace.root), "TMPDIR": str(scratch)}
    words = words_for(command, made, out)
    with held(module, function, words, tmp_path, **places) as child:
        child.send_signal(number)
        _, err = child.communicate(timeout=120)
    assert child.returncode == (130 if number == signal.SIGINT else -number), err
    assert "Traceback" not in err
    assert list(out.iterdir()) == []
    assert list(scratch.iterdir()) == []


def test_stopped_while_the_file_is_put_in_place_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "a.pdf"
    old.write_bytes(b"the one before")

    def stopped(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        whole.write_whole(old, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a.pdf"]
    assert old.read_bytes() == b"the one before"
