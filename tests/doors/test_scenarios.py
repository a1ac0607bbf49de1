"""Scenarios at the terminal: kept, repeated, listed, compared; words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import text as sql

from cli.main import exit_code
from gis.analysis import Result
from layers.run import run
from layers.scenarios import save_scenario, scenarios
from layers.workspace import Workspace
from locales import LANGUAGES
from registry.database import Database

SITES = ("run", "sites", "--area", "0207", "--resolution", "1000", "--set", "samples=0")


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = exit_code(words)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    asked = {"samples": 0, "count": 3}
    return run("sites", "0207", asked, resolution=1000, workspace=prepared_workspace)


@pytest.fixture
def kept(workspace: Workspace, made: Result) -> Workspace:
    save_scenario("ផែនការ ក", made, workspace)
    return workspace


def test_saved_repeated_and_compared(
    kept: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (*SITES, "--set", "count=2", "--save", "Plan B", "--out", str(tmp_path / "b"))
    assert call(capsys, *words)[0] == 0
    words = ("run", "sites", "--scenario", "Plan B", "--out", str(tmp_path / "again"))
    assert call(capsys, *words)[0] == 0
    first, again = (
        gpd.read_file(tmp_path / name / "result.gpkg", layer="sites") for name in ("b", "again")
    )
    assert first.equals(again)
    code, out, _ = call(capsys, "scenarios")
    lines = [line.split("\t") for line in out.splitlines()]
    assert (code, {line[0] for line in lines[1:]}) == (0, {"Plan B", "ផែនការ ក"})
    assert lines[1][1:3] == ["sites", "0207"]
    both = ("scenarios", "--compare", "ផែនការ ក", "Plan B", "--out", str(tmp_path / "both"))
    code, out, err = call(capsys, *both)
    assert code == 0
    assert "Number of communes: first 3; second 2." in out
    assert "Example data" in err
    document = json.loads((tmp_path / "both" / "comparison.json").read_text(encoding="utf-8"))
    assert (document["totals"]["first"]["sites"], document["totals"]["second"]["sites"]) == (3, 2)
    assert call(capsys, *both)[0] == 3


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "sites", "--scenario", "Plan Z"), 2, "ផែនការ ក"),
        (("run", "sites", "--scenario", "ផែនការ ក", "--set", "count=1"), 2, "--set"),
        (("run", "sites", "--scenario", "ផែនការ ក", "--area", "0207"), 2, "--area"),
        (("run", "sites", "--scenario", "ផែនការ ក", "--resolution", "90"), 2, "--resolution"),
        (("run", "coverage", "--scenario", "ផែនការ ក"), 2, "sites"),
        (("run", "sites", "--area", "0207", "--present-data"), 2, "--scenario"),
        (("run", "sites"), 2, "--area"),
        (("run", "sites", "--area", "0207", "--save", "ផែនការ ក"), 3, "ផែនការ ក"),
        (("run", "sites", "--area", "0207", "--save", "a\nb"), 2, "80"),
        (("scenarios",), 2, "--compare"),
        (("scenarios", "--compare", "ផែនការ ក", "Plan Z"), 2, "Plan Z"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_words(
    words: tuple[str, ...],
    code: int,
    said: str,
    language: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    got, printed, err = call(capsys, "--lang", language, *words, "--out", str(out))
    assert (got, printed) == (code, "")
    assert said in err
    assert not out.exists()


def test_changed_records_are_named_and_present_data_is_asked_for(
    kept: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Database.open(kept.database_url) as database, database.write() as connection:
        connection.execute(sql("UPDATE plot_seasons SET status = 'stopped'"))
    words = ("run", "sites", "--scenario", "ផែនការ ក", "--out", str(tmp_path / "out"))
    code, _, err = call(capsys, *words)
    assert code == 3
    assert "early adopter" in err
    assert "--present-data" in err
    assert not (tmp_path / "out").exists()
    code, _, err = call(capsys, *words, "--present-data")
    assert code == 0
    assert "Repeated with present data" in err


def test_a_name_is_a_name_and_no_path(
    workspace: Workspace, made: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path for path in tmp_path.rglob("*") if workspace.root not in path.parents}
    for name in ("../../escape", "con", "a/b\\c", "[red]x[/red]", "%(x)s {y}"):
        save_scenario(name, made, workspace)
    assert {path for path in tmp_path.rglob("*") if workspace.root not in path.parents} == before
    assert len(scenarios(workspace)) == 5
    assert "[red]x[/red]" in call(capsys, "scenarios")[1]
