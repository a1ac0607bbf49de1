"""Files as offices save them: encodings, delimiters, layers, truncated ones."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.errors import FileMissing, FileUnreadable, ImportRefused
from registry.intake.readers import read

Told = Callable[..., list[tuple[int | None, str | None, str]]]
WORDS = 'Reference;Cover crop\nអា;x\n\n=1+1;"a;b\nc"\n'


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_as_spreadsheets_save_it(
    tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    words = WORDS.replace("a;b", "a:b").replace(";", delimiter).replace("\n", newline)
    table = read(written(tmp_path, "f.csv", words.encode(encoding)), "plots")
    assert table.headings == ("reference", "cover_crop")
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (2, {"reference": "អា", "cover_crop": "x"}),
        (4, {"reference": "=1+1", "cover_crop": "a:b\nc"}),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("a,b\n១,2\n".encode("utf-16"), (None, None, "encoding")),
        ("a,b\n1,2\n".encode("utf-16-le"), (None, None, "encoding")),
        ("a,b\n1,2\ncafé,2\n".encode("cp1252"), (None, None, "encoding_line")),
        (b"", (None, None, "no_rows")),
        (b"a,b\n1,2\n1,2,3\n", (3, None, "row_too_long")),
        (b"a,b,A\n1,2,3\n", (None, "a", "column_twice")),
    ],
)
def test_csv_that_is_off(
    tmp_path: Path, content: bytes, fault: tuple[int | None, str | None, str], told: Told
) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(written(tmp_path, "f.csv", content), "plots")
    assert told(caught) == [fault]


def test_the_line_of_a_foreign_letter_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(written(tmp_path, "f.csv", "a\n1\ncafé\n".encode("cp1252")), "plots")
    assert caught.value.faults[0].values == (("line", "3"),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.csv", b'a,b\n"never closed,2\n'),
        ("f.geojson", b'{"type":"FeatureCollection","features":[{"type":"Fea'),
        ("f.geojson", b'{"type":"Topology"}'),
        ("f.geojson", b"[1]"),
        ("f.geojson", b'{"features":[1]}'),
        ("f.geojson", b"\xff\xfe{"),
        ("f.gpkg", b"SQLite format 3\0 and no more"),
        ("f.gpkg", b""),
        ("f.xlsx", b"PK"),
        ("noending", b""),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read(written(tmp_path, name, content), "plots")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileMissing):
            read(path, "plots")


def frame() -> gpd.GeoDataFrame:
    points = [shapely.Point(102.85, 12.85), None]
    cells = {"Reference": ["A", None], "count": [1, 2]}
    return gpd.GeoDataFrame(cells, geometry=points, crs="EPSG:4326")


def test_geopackage(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "f.gpkg", layer="any", driver="GPKG")
    table = read(tmp_path / "f.gpkg", "providers")
    assert table.headings == ("reference", "count")
    assert table.spatial
    assert table.crs is not None
    assert table.crs.to_epsg() == 4326
    assert [(row.number, row.shape) for row in table.rows] == [
        (1, shapely.Point(102.85, 12.85)),
        (2, None),
    ]


def test_geopackage_with_several_layers(tmp_path: Path, told: Told) -> None:
    for layer in ("old", "older"):
        frame().to_file(tmp_path / "f.gpkg", layer=layer, driver="GPKG")
    with pytest.raises(ImportRefused) as caught:
        read(tmp_path / "f.gpkg", "providers")
    assert told(caught) == [(None, None, "which_layer")]
    frame().iloc[:1].to_file(tmp_path / "f.gpkg", layer="providers", driver="GPKG")
    assert len(read(tmp_path / "f.gpkg", "providers").rows) == 1


def test_geopackage_cut_off(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "f.gpkg", driver="GPKG")
    whole = (tmp_path / "f.gpkg").read_bytes()
    for share in (0.1, 0.5, 0.9):
        path = written(tmp_path, "cut.gpkg", whole[: int(len(whole) * share)])
        with pytest.raises(FileUnreadable):
            read(path, "providers")


def test_geopackage_table_without_places(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "f.gpkg", layer="machines", driver="GPKG")
    with sqlite3.connect(tmp_path / "f.gpkg") as raw:
        raw.execute("CREATE TABLE seasons (fid INTEGER PRIMARY KEY, reference TEXT)")
        raw.execute("INSERT INTO seasons VALUES (1, 'A')")
        raw.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
            " VALUES ('seasons', 'attributes', 'seasons')"
        )
    raw.close()
    table = read(tmp_path / "f.gpkg", "seasons")
    assert not table.spatial
    assert [dict(row.cells) for row in table.rows] == [{"reference": "A"}]


@pytest.mark.parametrize(
    ("member", "epsg"),
    [
        ({}, 4326),
        ({"crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, 4326),
        ({"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}}, 32648),
        ({"crs": None}, None),
        ({"crs": {"properties": {"name": "nowhere"}}}, None),
    ],
)
def test_crs_of_geojson(tmp_path: Path, member: dict[str, object], epsg: int | None) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [], **member}).encode()
    crs = read(written(tmp_path, "f.geojson", content), "plots").crs
    assert (crs.to_epsg() if crs else None) == epsg
