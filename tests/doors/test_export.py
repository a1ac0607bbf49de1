"""`deimap export`: one file of a result folder, whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from cli.commands import EXPORT_SHEETS
from cli.main import exit_code
from gis.errors import FileMissing, FileUnreadable, OutputUnwritable
from layers.run import run
from layers.runs import read_result
from layers.workspace import Workspace
from layers.write import write_result
from locales import text
from reports import package, whole
from reports.headings import heading
from reports.package import export, zipped
from reports.workbook import tables_of


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "made"
    write_result(run("suitability", "0207", resolution=500, workspace=prepared_workspace), folder)
    return folder


@pytest.mark.parametrize(
    ("name", "begins"), [("a.zip", b"PK"), ("b/a.xlsx", b"PK"), ("a.gpkg", b"SQLite format 3\0")]
)
def test_file_is_written(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, begins: bytes
) -> None:
    assert exit_code(["export", str(made), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in (tmp_path / name).parent.iterdir()] == [Path(name).name]
    assert str(tmp_path / name) in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "km"])
def test_shapefile_comes_with_a_warning(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    out = tmp_path / "a.shp.zip"
    assert exit_code(["export", str(made), "--out", str(out), "--lang", language]) == 0
    assert text("exchange.shapefile", "km" if language == "km" else "en") in capsys.readouterr().err
    with zipfile.ZipFile(out) as package:
        assert {"communes.shp", "READ_ME.txt"} <= set(package.namelist())


def test_zip_holds_what_the_summary_lists_and_nothing_else(made: Path, tmp_path: Path) -> None:
    files = json.loads((made / "result.json").read_text(encoding="utf-8"))["files"]
    (made / "farmers.csv").write_text("somebody's own")
    try:
        export(made, tmp_path / "a.zip", "en")
    finally:
        (made / "farmers.csv").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip") as package:
        held = {name.removeprefix("made/") for name in package.namelist()}
    # and what lets it open styled elsewhere
    more = {"deimap.qgs", "fonts/DeimapKhmer-Regular.ttf", "fonts/DeimapKhmer-LICENSE.txt"}
    assert held == {*files, *more}


def test_a_summary_names_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "made").mkdir()
    (tmp_path / "made/result.json").write_text(json.dumps({"files": ["../secret"]}))
    with pytest.raises(FileUnreadable):
        zipped(tmp_path / "made")


def test_language_stands_behind_the_command_or_before_it(made: Path, tmp_path: Path) -> None:
    for number, words in enumerate((["export", "--lang", "km"], ["--lang", "km", "export"])):
        out = tmp_path / f"{number}.xlsx"
        assert exit_code([*words, str(made), "--out", str(out)]) == 0
        with zipfile.ZipFile(out) as book:
            assert "ឃុំ" in book.read("xl/workbook.xml").decode("utf-8")


def test_a_file_that_is_there_stays(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_text("mine")
    assert exit_code(["export", str(made), "--out", str(out)]) == 3
    assert "--overwrite" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert exit_code(["export", str(made), "--out", str(out), "--overwrite"]) == 0
    assert out.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("name", ["a.docx", "a", "a.xls"])
def test_other_endings_are_refused_with_those_that_are(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    call = ["export", str(made), "--out", str(tmp_path / name), "--lang", language]
    assert exit_code(call) == 2
    said = capsys.readouterr().err
    assert ", ".join(package.FORMATS) in said
    assert ("ឈ្មោះឯកសារ" in said) == (language == "km")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.zip", "a.gpkg", "a.xlsx"])
def test_a_folder_without_result_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissing):
        export(tmp_path, tmp_path / name, "en")
    (tmp_path / "result.json").write_text('{"files": 3}')
    with pytest.raises(FileUnreadable):
        export(tmp_path, tmp_path / name, "en")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_full_disk_leaves_nothing(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: int) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole, "_new_file", full)
    with pytest.raises(OutputUnwritable, match="No space"):
        export(made, tmp_path / "a.zip", "en")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_place_of_the_file(made: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    with pytest.raises(OutputUnwritable, match=r"a\.zip"):
        export(made, tmp_path / "a.zip", "en", overwrite=True)
    with pytest.raises(OutputUnwritable, match=r"a\.zip"):
        whole.write_whole(tmp_path / "a.zip", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are those of POSIX")
@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_the_umask_decides_who_reads_a_file(tmp_path: Path, umask: int, rights: int) -> None:
    before = os.umask(umask)
    try:
        whole.write_whole(tmp_path / "a.kmz", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a.kmz").stat().st_mode & 0o777 == rights


def test_three_farmers_of_a_commune_are_not_told(
    prepared_workspace: Workspace, tmp_path: Path
) -> None:
    """Of the examples, three people attended where 130101 asked for 10 ha of maize."""
    folder = tmp_path / "out"
    asked = {"year": 2025}
    write_result(
        run("coverage", "1301", asked, resolution=500, workspace=prepared_workspace), folder
    )
    assert read_result(folder).outcome.tables["communes"].loc["130101", "requested_ha"] == 10
    export(folder, tmp_path / "out.zip", "en")
    with zipfile.ZipFile(tmp_path / "out.zip") as package:
        package.extractall(tmp_path / "home")
    left = read_result(tmp_path / "home/out")
    communes = left.outcome.tables["communes"]
    assert communes.filter(regex="requested|demand|served|reachable|unmet").isna().all(axis=None)
    drawn = left.outcome.features["communes"]
    assert drawn["requested_ha"].isna().all()
    # nor from anything that weighs communes by them, or shares machines among them
    outlines = left.outcome.features["districts"]
    for frame in (left.outcome.tables["districts"], outlines):
        told = ["requested_ha", "reachable_ha", "served_ha", "median_minutes", "share_60"]
        assert frame[told].isna().all(axis=None)
    bases = left.outcome.tables["providers"]
    assert bases[["served_ha", "other_track_ha", "tractor_days_used"]].isna().all(axis=None)
    assert left.outcome.tables["curve"]["share"].isna().all()
    summary = left.outcome.summary
    assert {summary[name] for name in ("requested_ha", "served_ha", "seed_kg", "share_60")} == {
        None
    }
    assert any(note.key == "workbook.withheld" for note in left.outcome.warnings)
    # maps, strength and travel are no secret
    assert communes[["group", "off_road_share", "crop_area_ha"]].notna().all(axis=None)
    assert set(left.outcome.rasters) == set(read_result(folder).outcome.rasters)


PAGES = (".pdf", ".png")
"""Drawn: there are no words in them to look for."""
CHANGES = {"what_if": {"bases": [{"lon": 102.9, "lat": 12.9}], "closed": ["EX-S-01"]}}


@pytest.fixture(scope="module")
def covered(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("covered") / "covered"
    result = run("coverage", "0207", CHANGES, resolution=500, workspace=prepared_workspace)
    write_result(result, folder)
    return folder


def test_company_sheet_is_one_of_a_result(
    covered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "company.xlsx"
    call = ["export", str(covered), "--sheet", "company", "--out", str(out), "--lang", "km"]
    assert exit_code(call) == 0
    with zipfile.ZipFile(out) as book:
        names = book.read("xl/workbook.xml").decode("utf-8")
        words = book.read("xl/sharedStrings.xml").decode("utf-8")
    assert text("workbook.sheet_requested", "km") in names
    assert names.count("<sheet ") == 2
    assert text("map.stamp", "km") in words
    assert "EX-" not in words


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("a.zip", 2, ".xlsx"), ("a.xlsx", 3, "deimap run coverage")],
)
def test_company_sheet_of_something_else_is_refused(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, said: str
) -> None:
    call = ["export", str(made), "--sheet", "company", "--out", str(tmp_path / name)]
    assert exit_code(call) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_door_knows_every_sheet() -> None:
    assert tuple(package.SHEETS) == EXPORT_SHEETS


@pytest.mark.parametrize(
    "name", sorted(f"a{ending}" for ending in package.FORMATS if ending not in PAGES)
)
def test_no_export_names_a_provider(covered: Path, tmp_path: Path, name: str) -> None:
    export(covered, tmp_path / name, "en")
    held = {name: (tmp_path / name).read_bytes()}
    if zipfile.is_zipfile(tmp_path / name):
        with zipfile.ZipFile(tmp_path / name) as opened:
            held = {item: opened.read(item) for item in opened.namelist()}
    assert [item for item, content in held.items() if b"EX-S-" in content] == []
    assert b"EX-S-01" in (covered / "result.json").read_bytes()


@pytest.mark.parametrize(
    ("analysis", "parameters"),
    [
        ("suitability", {}),
        ("sites", {"samples": 2}),
        ("land-degradation", {}),
        ("coverage", CHANGES),
    ],
)
def test_every_column_of_every_analysis_has_its_words(
    analysis: str, parameters: dict[str, object], prepared_workspace: Workspace
) -> None:
    result = run(analysis, "0207", parameters, resolution=500, workspace=prepared_workspace)
    own = {"table", "row", "column", "value", "unit"}  # of the reporting tables, shown as blocks
    unnamed = {
        (table, column)
        for table, found in tables_of(result).items()
        for column in map(str, found.columns)
        if heading(column, "en", table).words == column and not own & {column}
    }
    assert unnamed == set()
