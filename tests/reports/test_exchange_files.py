"""CSV, GeoTIFF, KMZ and Shapefile of a result, each read by something that did not write it."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread
from pyproj import Transformer
from rio_cogeo.cogeo import cog_validate

from gis.analysis import Result
from gis.errors import FileMissing, OutputTaken, TableMissing
from layers.colours import COLOURS
from layers.write import write_result
from locales import LANGUAGES, Language, text
from reports.exchange.kmz import kml_colour, kmz, plain
from reports.exchange.shapefile import cut, shapefiles, short_names
from reports.package import FORMATS, export, table_of

KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture
def kept(mapped: Result, tmp_path: Path) -> Path:
    write_result(mapped, tmp_path / "kept")
    return tmp_path / "kept"


def test_csv_is_the_table_that_tells_most(kept: Path, tmp_path: Path) -> None:
    """Read by Python's own reader, as a spreadsheet takes it: marked UTF-8, no formula, no link."""
    export(kept, tmp_path / "a.csv", "km")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == ["020701", "020702", "020703", "020704"]
    assert rows[0]["name_km"] == "អណ្ដើកហែប"
    assert rows[2]["name_en"] == "'=1+1"
    assert rows[0]["hectares"] == "1234.5"
    # what is not known is nothing, not zero
    assert (rows[2]["hectares"], rows[3]["hectares"]) == ("0.0", "")
    assert {row["example"] for row in rows} == {"True"}
    assert {row["made_by"].partition(" · ")[0] for row in rows} == {"deimap 0"}


def test_csv_prefers_sites(mapped: Result, tmp_path: Path) -> None:
    sites = mapped.outcome.features["sites"].drop(columns="geometry").set_index("code")
    tables = {**mapped.outcome.tables, "sites": sites}
    write_result(replace(mapped, outcome=replace(mapped.outcome, tables=tables)), tmp_path / "kept")
    export(tmp_path / "kept", tmp_path / "a.csv", "en")
    content = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["rank"] for row in rows] == ["1", "2"]


def test_a_result_without_places_has_no_csv(mapped: Result, tmp_path: Path) -> None:
    write_result(replace(mapped, outcome=replace(mapped.outcome, tables={})), tmp_path / "kept")
    with pytest.raises(TableMissing):
        export(tmp_path / "kept", tmp_path / "a.csv", "en")
    assert not (tmp_path / "a.csv").exists()


def test_map_is_a_valid_cog_with_its_style_beside_it(kept: Path, tmp_path: Path) -> None:
    export(kept, tmp_path / "a.tif", "km")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        valid, errors, _ = cog_validate(str(tmp_path / "a.tif"), strict=True)
    assert (valid, errors) == (True, [])
    with rasterio.open(tmp_path / "a.tif") as found:
        assert found.crs.to_epsg() == 32648
        assert found.descriptions == ("suitability_class",)
        assert found.tags()["example"] == "yes"
        assert found.read(1).tolist() == [[1, 3, -32768, 6], [1, 3, 5, -32767]]
    root = ElementTree.parse(tmp_path / "a.qml").getroot()  # noqa: S314
    colours = {one.get("value"): one.get("color") for one in root.iter("paletteEntry")}
    assert colours["1"] == COLOURS["criteria.class_s1"]
    assert "ស" in next(one.get("label", "") for one in root.iter("paletteEntry"))


def test_neither_file_of_a_pair_is_replaced_unasked(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "a.qml").write_text("mine")
    with pytest.raises(OutputTaken, match=r"a\.qml"):
        export(kept, tmp_path / "a.tif", "en")
    assert not (tmp_path / "a.tif").exists()
    export(kept, tmp_path / "a.tif", "en", overwrite=True)
    assert (tmp_path / "a.qml").read_text(encoding="utf-8").startswith("<qgis")


def test_a_result_without_a_map_says_so(kept: Path, tmp_path: Path) -> None:
    document = json.loads((kept / "result.json").read_text(encoding="utf-8"))
    document["files"] = ["communes.csv", "result.json"]
    (kept / "result.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(FileMissing, match=r"result\.qml"):
        export(kept, tmp_path / "a.tif", "en")
    assert not (tmp_path / "a.qml").exists()


def document_of(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        found = ElementTree.fromstring(package.read("doc.kml"))  # noqa: S314
        document = found.find("k:Document", KML)
    assert document is not None
    return document


def test_kmz_is_read_by_gdal(mapped: Result, tmp_path: Path) -> None:
    """GDAL's LIBKML: one layer a folder, WGS 84, names in Khmer."""
    path = tmp_path / "a.kmz"
    path.write_bytes(kmz(mapped, "km"))
    communes = gpd.read_file(path, layer=text("workbook.sheet_communes", "km"))
    sites = gpd.read_file(path, layer=text("workbook.sheet_sites", "km"))
    assert communes.crs.to_epsg() == 4326
    assert communes["Name"].tolist()[:3] == ["អណ្ដើកហែប", "ស្ដៅ", "=1+1"]
    assert sites["Name"].tolist() == ["1 · អណ្ដើកហែប", "2 · ស្ដៅ"]
    to_degrees = Transformer.from_crs(32648, 4326, always_xy=True)
    assert sites.geometry[0].coords[0][:2] == pytest.approx(
        to_degrees.transform(300500, 1401000), abs=1e-5
    )
    # within the 60 m by which an outline may move
    assert communes.to_crs(32648).area.tolist() == pytest.approx([2e6] * 4, rel=0.05)


def test_kml_colours_are_blue_before_red(mapped: Result) -> None:
    """S1 is #0A5C4A: KML wants opacity, then 4a, 5c, 0a."""
    assert kml_colour("#0A5C4A") == "ff4a5c0a"
    document = document_of(kmz(mapped, "en"))
    fills = {one.text for one in document.iterfind(".//k:PolyStyle/k:color", KML)}
    assert fills == {"a64a5c0a", "a6a0c28c"}
    # neither unknown nor too weak has a colour: their one style fills nothing
    bare = [one.findtext("k:fill", "1", KML) for one in document.iterfind(".//k:PolyStyle", KML)]
    assert sorted(bare) == ["0", "0", "1", "1"]


def test_kml_draws_the_lines_of_a_hatch(mapped: Result) -> None:
    """Inside what has no colour, and there alone; what is excluded is crossed: both ways."""
    ways: dict[str, set[int]] = {}
    for drawn in document_of(kmz(mapped, "en")).iterfind(".//k:Placemark", KML):
        if drawn.find(".//k:Polygon", KML) is None:
            continue
        rings = [points_of(one) for one in drawn.iterfind(".//k:LinearRing/k:coordinates", KML)]
        inside = shapely.union_all([shapely.Polygon(ring) for ring in rings]).buffer(1e-5)
        lines = [points_of(one) for one in drawn.iterfind(".//k:LineString/k:coordinates", KML)]
        assert all(inside.covers(shapely.LineString(line)) for line in lines)
        slopes = {
            1 if (east - west) * (north - south) > 0 else -1
            for (west, south), (east, north) in lines
        }
        ways[str(drawn.findtext("k:name", "", KML))] = slopes
    assert ways == {
        "Andaeuk Haeb": set(),
        "Sdau": set(),
        "=1+1": {1},
        "<img src=x onerror=alert(1)>": {1},
        text("criteria.class_excluded", "en"): {1, -1},
        "No data": {1},
    }


def points_of(written: ElementTree.Element) -> list[tuple[float, float]]:
    points = (point.split(",") for point in str(written.text).split())
    return [(float(point[0]), float(point[1])) for point in points]


def test_kmz_holds_its_signs(mapped: Result) -> None:
    content = kmz(mapped, "en")
    hrefs = {one.text for one in document_of(content).iterfind(".//k:href", KML)}
    assert hrefs == {f"files/{name}.png" for name in ("site-proposed", "planter", "machine")}
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert {*package.namelist()} == {"doc.kml", *hrefs}
        for name in map(str, hrefs):
            picture = imread(BytesIO(package.read(name)), format="png")
            assert picture.shape == (64, 64, 4)
            assert 0.05 < (picture[..., 3] == 0).mean() < 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_kmz_says_that_it_is_an_example(mapped: Result, language: Language) -> None:
    document = document_of(kmz(mapped, language))
    assert text("map.stamp", language) in str(document.findtext("k:name", "", KML))
    assert "CC BY 4.0" in str(document.findtext("k:description", "", KML))
    real = replace(mapped, provenance=replace(mapped.provenance, example=False))
    assert text("map.stamp", language) not in "".join(document_of(kmz(real, language)).itertext())


def test_no_text_becomes_markup_in_a_balloon(mapped: Result) -> None:
    """Google Earth shows descriptions as HTML and names as they are."""
    document = document_of(kmz(mapped, "en"))
    told = [one.text or "" for one in document.iterfind(".//k:Placemark/k:description", KML)]
    assert any("&lt;img src=x" in words for words in told)
    assert not any("<img" in words for words in told)
    assert "<img src=x onerror=alert(1)>" in {
        one.text for one in document.iterfind(".//k:Placemark/k:name", KML)
    }


@given(st.text(st.characters(), max_size=40))
def test_any_name_can_stand_in_kml(words: str) -> None:
    escaped = plain(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ElementTree.fromstring(f"<name>{escaped}</name>")  # noqa: S314


def test_shapefiles_are_read_by_gdal(mapped: Result, tmp_path: Path) -> None:
    long = "ក" * 100
    communes = mapped.outcome.features["communes"].assign(reason_km=long, status_degraded_share=0.5)
    features = {**mapped.outcome.features, "communes": communes}
    changed = replace(mapped, outcome=replace(mapped.outcome, features=features))
    path = tmp_path / "a.shp.zip"
    path.write_bytes(shapefiles(changed, "km"))
    read = gpd.read_file(f"zip://{path}!communes.shp")
    assert read.crs.to_epsg() == 32648
    assert read["name_km"].tolist()[:2] == ["អណ្ដើកហែប", "ស្ដៅ"]
    assert read["code"].tolist() == ["020701", "020702", "020703", "020704"]
    assert read["reason_km"].tolist() == ["ក" * 84] * 4
    assert read["status_deg"].tolist() == [0.5] * 4
    assert read["example"].tolist() == [1] * 4
    assert np.isnan(read["hectares"][3])


def test_shapefiles_come_with_a_warning(mapped: Result) -> None:
    with zipfile.ZipFile(BytesIO(shapefiles(mapped, "km"))) as package:
        said = package.read("READ_ME.txt").decode("utf-8-sig")
        names = {Path(name).suffix for name in package.namelist()}
    assert names == {".shp", ".shx", ".dbf", ".prj", ".cpg", ".txt"}
    for language in LANGUAGES:
        assert text("exchange.shapefile", language) in said
    # columns by their whole names, and what anything rests on
    assert "suitabilit  suitability" in said
    assert "CC BY 4.0" in said
    assert text("map.stamp", "km") in said


def test_a_result_without_features_is_no_shapefile(mapped: Result) -> None:
    bare = replace(mapped, outcome=replace(mapped.outcome, features={}))
    with pytest.raises(TableMissing):
        shapefiles(bare, "en")


@given(st.lists(st.text("abcAB_é", min_size=1, max_size=30), unique=True, max_size=20))
def test_short_names_are_short_and_each_its_own(columns: list[str]) -> None:
    names = short_names(columns)
    assert len({name.casefold() for name in names}) == len(columns)
    assert all(1 <= len(name) <= 10 for name in names)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_a_cut_text_is_the_beginning_of_the_whole(words: str) -> None:
    kept = cut(words)
    assert words.startswith(kept)
    assert len(kept.encode()) <= 254
    assert kept == words or len(kept.encode()) > 250


@pytest.mark.parametrize("ending", sorted({*FORMATS} - {".pdf", ".png"}))
def test_no_format_tells_of_what_an_empty_result_has_not(
    ending: str, mapped: Result, tmp_path: Path
) -> None:
    """Layers without a single feature, tables without a row: a file is written all the same."""
    none = {name: frame.iloc[:0] for name, frame in mapped.outcome.features.items()}
    tables = {name: table.iloc[:0] for name, table in mapped.outcome.tables.items()}
    write_result(
        replace(mapped, outcome=replace(mapped.outcome, features=none, tables=tables)),
        tmp_path / "kept",
    )
    export(tmp_path / "kept", tmp_path / f"a{ending}", "km")
    assert (tmp_path / f"a{ending}").stat().st_size > 0


def test_a_table_says_what_made_it(mapped: Result) -> None:
    first = table_of(mapped, "communes").decode("utf-8-sig").splitlines()[1]
    assert first.endswith("2026-11-22")
