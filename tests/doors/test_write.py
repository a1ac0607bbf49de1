"""A result is written whole or not at all, and reads back as it was."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Note, Outcome, Provenance, Result
from gis.errors import FileMissing, FileUnreadable, OutputForeign, OutputNotEmpty, OutputUnwritable
from gis.grid import NO_DATA, OUTSIDE, raster
from layers import write
from layers.runs import CODES, latest_run, load_run, read_result, run_id, save_run
from layers.workspace import Workspace
from layers.write import write_result
from locales import error_text


@pytest.fixture
def result() -> Result:
    grid = GeoBox.from_bbox((300000, 1400000, 300300, 1400200), "EPSG:32648", resolution=100)
    score = raster(np.float32([[0, 0.5, 1], [np.nan, 0.25, 0.75]]), grid, "suitability", "1")
    classes = raster(
        np.int16([[1, 2, 5], [NO_DATA, OUTSIDE, 6]]),
        grid,
        "suitability_class",
        "",
        classes={1: "criteria.class_s1"},
    )
    table = pd.DataFrame(
        {"name_en": ["=1+1", "Sdau"], "name_km": ["ស្ដៅ", "x"], "hectares": [-1.5, np.nan]},
        index=pd.Index(["020701", "020702"], name="code"),
    )
    sites = gpd.GeoDataFrame(
        {"code": ["020701"], "name_km": ["ស្ដៅ"], "reason_en": ["<img src=x onerror=alert(1)>"]},
        geometry=gpd.points_from_xy([300100], [1400100]),
        crs="EPSG:32648",
    )
    outcome = Outcome(
        {"suitability": score, "suitability_class": classes},
        {"communes": table},
        {"sites": sites},
        {"chosen": np.int64(1), "hectares": np.float32("nan")},
        (Note("sources.grid_finer", (("cell", 90.0), ("finest", 455))),),
    )
    use = LayerUse(
        "slope", "slope", (("en", "Slope"), ("km", "ជម្រាល")), "s", "l", "e", 2011, "ab", True, None
    )
    provenance = Provenance(
        "suitability",
        ("0207",),
        {"track": "upland"},
        (use,),
        "deimap 0",
        "now",
        "EPSG:32648",
        100,
        True,
    )
    return Result(outcome, provenance, grid)


def test_round_trip(result: Result, tmp_path: Path) -> None:
    files = write_result(result, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(files)
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
    back = read_result(tmp_path / "out")
    for name, array in result.outcome.rasters.items():
        np.testing.assert_array_equal(back.outcome.rasters[name], array)
        assert back.outcome.rasters[name].attrs["units"] == array.attrs["units"]
    assert back.grid == result.grid
    assert back.provenance == result.provenance
    assert back.outcome.warnings == result.outcome.warnings
    assert back.outcome.rasters["suitability_class"].attrs["classes"] == {1: "criteria.class_s1"}
    assert back.outcome.tables["communes"].loc["020701", "name_km"] == "ស្ដៅ"
    assert back.outcome.features["sites"]["reason_en"][0] == "<img src=x onerror=alert(1)>"


def test_raster_is_a_cog_with_its_band_named(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "out")
    with rasterio.open(tmp_path / "out/suitability.tif") as source:
        assert source.crs == "EPSG:32648"
        assert source.descriptions == ("suitability",)
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert np.isnan(source.nodata)


def test_every_file_says_that_it_is_example(result: Result, tmp_path: Path) -> None:
    files = write_result(result, tmp_path / "out")
    suffixes = {Path(name).suffix for name in files}
    assert suffixes == {".tif", ".xml", ".qml", ".gpkg", ".csv", ".json"}
    for name in files:
        path = tmp_path / "out" / name
        if name.endswith(".tif"):
            with rasterio.open(path) as source:
                assert source.tags()["example"] == "yes"
        elif name.endswith(".gpkg"):
            assert gpd.read_file(path, layer="sites")["example"].all()
        elif name.endswith(".csv"):
            assert pd.read_csv(path)["example"].all()
        elif name.endswith(".xml"):
            assert '<MDI key="example">yes</MDI>' in path.read_text(encoding="utf-8")
        elif name.endswith(".qml"):
            assert 'name="example" type="QString" value="yes"' in path.read_text(encoding="utf-8")
        else:
            assert json.loads(path.read_text(encoding="utf-8"))["example"] is True


def test_table_runs_no_formula_and_keeps_codes(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "out")
    written = (tmp_path / "out/communes.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfcode,")
    text = written.decode("utf-8-sig")
    assert "020701,'=1+1,ស្ដៅ,-1.5" in text
    back = read_result(tmp_path / "out").outcome.tables["communes"]
    assert back.loc["020701", "name_en"] == "=1+1"


@pytest.mark.parametrize("column", CODES)
def test_a_code_is_text_in_whatever_column_it_stands(
    column: str, result: Result, tmp_path: Path
) -> None:
    """Read as a number it would lose its zero, and no join with official lists would hold."""
    codes = pd.DataFrame({column: ["02070404", None, "13010203"], "rank": [1, 2, 3]})
    outcome = replace(result.outcome, tables={"sites_of": codes})
    write_result(replace(result, outcome=outcome), tmp_path / "out")
    back = read_result(tmp_path / "out").outcome.tables["sites_of"].reset_index()
    assert back[column].tolist()[::2] == ["02070404", "13010203"]
    assert back["rank"].tolist() == [1, 2, 3]


def test_long_table_keeps_its_rows_and_puts_the_code_first(result: Result, tmp_path: Path) -> None:
    """A row number is no column of anybody's; a table without codes has none to lead."""
    long = pd.DataFrame({"period": ["baseline"], "code": ["02"], "hectares": [1.5]})
    pairs = pd.DataFrame({"initial": [1, 2], "final": [3, 3], "hectares": [1.0, 2.0]})
    named = pairs.set_index(["initial", "final"])
    outcome = replace(result.outcome, tables={"areas": long, "transitions": pairs, "named": named})
    write_result(replace(result, outcome=outcome), tmp_path / "out")
    headers = {
        name: (tmp_path / f"out/{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        for name in outcome.tables
    }
    assert headers == {
        "areas": "code,period,hectares,example",
        "transitions": "initial,final,hectares,example",
        "named": "initial,final,hectares,example",
    }
    back = read_result(tmp_path / "out").outcome.tables
    assert back["areas"].loc["02", "hectares"] == 1.5
    assert back["transitions"]["final"].tolist() == [3, 3]


def test_summary_is_json_without_nan(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "out")
    document = json.loads(
        (tmp_path / "out/result.json").read_text(), parse_constant=lambda word: pytest.fail(word)
    )
    assert document["summary"] == {"chosen": 1, "hectares": None}
    assert document["example"] is True
    assert document["warnings"][0].startswith("The grid of 90 m is finer")
    assert set(document) >= {
        "analysis",
        "areas",
        "parameters",
        "example",
        "summary",
        "files",
        "layers",
        "software",
        "created",
        "crs",
        "resolution_m",
        "warnings",
    }
    assert set(document["layers"][0]) >= {"id", "edition", "year", "sha256", "example"}


def test_occupied_folder_is_refused(result: Result, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(OutputNotEmpty):
            write_result(result, tmp_path, overwrite)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_overwrite_replaces_an_earlier_result(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "out")
    (tmp_path / "out/communes.csv").write_text("old")
    (tmp_path / "out/result.gpkg-wal").write_text("left by a GIS")
    with pytest.raises(OutputNotEmpty):
        write_result(result, tmp_path / "out")
    write_result(result, tmp_path / "out", overwrite=True)
    assert (tmp_path / "out/communes.csv").read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


@pytest.mark.parametrize("summary", ["{}", "[]", "not JSON", None])
def test_overwrite_never_takes_what_is_no_result(
    result: Result, tmp_path: Path, summary: str | None
) -> None:
    out = tmp_path / "out"
    write_result(result, out)
    if summary is not None:
        (out / "result.json").write_text(summary)
    (out / "notes.docx").write_text("mine")
    with pytest.raises(OutputForeign) as error:
        write_result(result, out, overwrite=True)
    assert "notes.docx" in error.value.found
    assert (out / "notes.docx").read_text() == "mine"


def test_two_runs_into_one_folder_at_once(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder was free when the second began; the first has filled it meanwhile."""
    document = write._document

    def other_first(*words: Any) -> dict[str, Any]:
        (tmp_path / "out").mkdir()
        (tmp_path / "out/result.json").write_text("{}")
        return document(*words)

    monkeypatch.setattr(write, "_document", other_first)
    with pytest.raises(OutputNotEmpty):
        write_result(result, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_run_left_does_not_stand_in_the_way(result: Result, tmp_path: Path) -> None:
    (tmp_path / "out/.deimap-killed").mkdir(parents=True)
    write_result(result, tmp_path / "out")
    assert (tmp_path / "out/result.json").is_file()


def test_name_too_long_for_a_folder(result: Result, tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="too long"):
        write_result(result, tmp_path / ("y" * 300))


def test_empty_folder_and_link_to_it_are_filled(result: Result, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_result(result, tmp_path / "link")
    assert (tmp_path / "real/result.json").is_file()
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_stop_or_full_disk_leaves_nothing(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(write, "write_csv", fail)
    expected = OutputUnwritable if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_result(result, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_full_disk_while_overwriting_keeps_the_old(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(result, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_cog", fail)
    with pytest.raises(OutputUnwritable):
        write_result(result, tmp_path / "out", overwrite=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_file_in_place_of_the_folder(result: Result, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputUnwritable):
        write_result(result, tmp_path / "out")
    with pytest.raises(OutputUnwritable):
        write_result(result, tmp_path / "out/below")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that refuses everybody")
def test_place_that_nobody_may_write(result: Result) -> None:
    with pytest.raises(OutputUnwritable):
        write_result(result, Path("/proc/deimap/out"))


def test_kept_run_has_the_id_of_what_went_into_it(result: Result, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    identity = save_run(result, workspace)
    assert save_run(result, workspace) == identity == run_id(result.provenance)
    assert load_run(identity, workspace).provenance == result.provenance
    assert latest_run("suitability", ("0207",), workspace) == identity
    assert latest_run("suitability", ("0208",), workspace) is None
    for number, damaged in enumerate(["{", "[]", "3"]):
        (workspace.runs / f"{number:016x}").mkdir()
        (workspace.runs / f"{number:016x}" / "result.json").write_text(damaged)
    assert latest_run("suitability", ("0207",), workspace) == identity


@pytest.mark.parametrize("identity", ["../../etc/passwd", "", "0" * 15, "A" * 16, "%2e%2e"])
def test_only_an_id_names_a_run(identity: str, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        load_run(identity, Workspace(tmp_path))


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def other(path: Path, columns: str) -> None:
    path.write_text(f"{columns}\r\n1,2\r\n", encoding="utf-8-sig")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "raster": lambda out: (out / "suitability.tif").write_bytes(b"II*\0short"),
    "vectors cut in their head": lambda out: cut(out / "result.gpkg", 200),
    "vectors cut in the middle": lambda out: cut(out / "result.gpkg", 30_000),
    "no vectors at all": lambda out: (out / "result.gpkg").write_bytes(b""),
    "another table": lambda out: other(out / "communes.csv", "a,b"),
    "a column lost": lambda out: other(out / "communes.csv", "code,name_en"),
    "no table": lambda out: (out / "communes.csv").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_result_is_named(damage: str, result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "out")
    DAMAGES[damage](tmp_path / "out")
    with pytest.raises(FileUnreadable):
        read_result(tmp_path / "out")


def test_a_result_from_before_columns_were_stated_needs_the_codes_of_its_places(
    result: Result, tmp_path: Path
) -> None:
    write_result(result, tmp_path / "out")
    summary = tmp_path / "out/result.json"
    stated = json.loads(summary.read_text(encoding="utf-8"))
    del stated["columns"]
    summary.write_text(json.dumps(stated), encoding="utf-8")
    assert read_result(tmp_path / "out").outcome.tables["communes"].index.name == "code"
    other(tmp_path / "out/communes.csv", "a,b")
    with pytest.raises(FileUnreadable) as refused:
        read_result(tmp_path / "out")
    assert error_text(refused.value, "en").count("code") == 1
