"""Rasters as people open them: the colours of classes and bands inside, the styles beside.

What GDAL reads is checked with GDAL; what QGIS reads, against the elements of its own styles.
"""

from __future__ import annotations

import json
import math
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from odc.geo.geobox import GeoBox

from gis.grid import NO_DATA, OUTSIDE, raster
from layers.bands import CHANGES, bands_of
from layers.bands import MINUTES as TRAVEL_TIME
from layers.cogs import CLEAR, codes_of, numbered, write_cog
from layers.colours import COLOURS, FURTHER, palette
from locales import texts

CLASSES = {1: "criteria.class_s1", 2: "criteria.class_s2", 6: "criteria.class_excluded"}
DEGRADATION = ("degradation.class", "degradation.productivity", "degradation.status")
TAGS = {"example": "yes", "analysis": "suitability"}


def grid(rows: int, columns: int) -> GeoBox:
    edges = (300000, 1400000, 300000 + 100 * columns, 1400000 + 100 * rows)
    return GeoBox.from_bbox(edges, "EPSG:32648", resolution=100)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    codes = np.int16([[1, 2, 6], [NO_DATA, OUTSIDE, -1]])
    array = raster(codes, grid(2, 3), "suitability_class", "", classes=CLASSES)
    names = write_cog(array, tmp_path / "suitability_class.tif", TAGS)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    return tmp_path / "suitability_class_colours.tif"


def test_codes_stay_and_colours_stand_beside(written: Path) -> None:
    with rasterio.open(written.with_name("suitability_class.tif")) as source:
        assert source.dtypes == ("int16",)
        assert source.read(1).tolist() == [[1, 2, 6], [NO_DATA, OUTSIDE, -1]]
        assert source.nodata == NO_DATA
    with rasterio.open(written) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.descriptions == ("suitability_class",)
        assert source.tags()["example"] == "yes"
        # -1 occurs without a title: it is drawn as a class of its own, not as no data
        assert source.read(1).tolist() == [[2, 3, 4], [CLEAR, CLEAR, 1]]
        assert source.nodata == CLEAR
        colours = source.colormap(1)
        stated = json.loads(source.tags()["palette"])
    assert [(item["number"], item["code"]) for item in stated] == [(1, -1), (2, 1), (3, 2), (4, 6)]
    assert stated[1]["en"].startswith("S1")
    assert stated[1]["km"] == texts()["criteria.class_s1"]["km"]
    for item in stated:
        red, green, blue, _ = colours[item["number"]]
        assert f"#{red:02X}{green:02X}{blue:02X}" == item["colour"]


def test_gdal_reads_the_attribute_table(written: Path, tmp_path: Path) -> None:
    """GDAL hands the table on when it makes a PNG: it understood the one we wrote."""
    rasterio.shutil.copy(str(written), str(tmp_path / "copy.png"), driver="PNG")
    table = ElementTree.parse(tmp_path / "copy.png.aux.xml").find(".//GDALRasterAttributeTable")  # noqa: S314
    assert table is not None
    assert [field.findtext("Name") for field in table.findall("FieldDefn")][:2] == ["Value", "Code"]
    rows = [[cell.text for cell in row] for row in table.findall("Row")]
    assert rows[1][:3] == ["2", "1", texts()["criteria.class_s1"]["en"]]
    assert rows[1][4:] == ["10", "92", "74"]


def test_style_names_codes_in_both_languages(written: Path) -> None:
    style = ElementTree.parse(written.with_name("suitability_class.qml")).getroot()  # noqa: S314
    renderer = style.find("pipe/rasterrenderer")
    assert renderer is not None
    assert renderer.get("type") == "paletted"
    entries = {entry.get("value"): entry for entry in renderer.findall("colorPalette/paletteEntry")}
    assert list(entries) == ["-1", "1", "2", "6"]
    named = texts()["criteria.class_s2"]
    assert entries["2"].get("label") == f"{named['en']} / {named['km']}"
    assert entries["2"].get("color") == "#3C8F6D"


def test_overviews_keep_whole_classes(tmp_path: Path) -> None:
    """Nine cells in ten are class 2: an average of 1 and 6 would show classes nobody has."""
    codes = np.full((1200, 1200), 2, dtype=np.int16)
    codes[::4, ::4], codes[1::4, ::4] = 1, 6
    array = raster(codes, grid(1200, 1200), "suitability_class", "", classes=CLASSES)
    write_cog(array, tmp_path / "a.tif", TAGS)
    for name, expected in (("a.tif", {2}), ("a_colours.tif", {2})):
        with rasterio.open(tmp_path / name) as source:
            assert source.overviews(1)
            assert set(np.unique(source.read(1, out_shape=(150, 150)))) == expected


MINUTES = np.float32([[0, 30, 30.5, 60], [120, 240, 240.5, np.nan]])
BANDED = [[1, 1, 2, 2], [3, 4, 5, CLEAR]]
"""A value on a limit belongs to the band below it: 60 minutes means up to and including 60."""


@pytest.fixture
def reached(tmp_path: Path) -> Path:
    array = raster(MINUTES, grid(2, 4), "travel_time", "min")
    names = write_cog(array, tmp_path / "travel_time.tif", TAGS)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    return tmp_path / "travel_time_colours.tif"


def test_minutes_stay_and_bands_stand_beside(reached: Path) -> None:
    with rasterio.open(reached.with_name("travel_time.tif")) as source:
        np.testing.assert_array_equal(source.read(1), MINUTES)
        assert source.units == ("min",)
    with rasterio.open(reached) as source:
        assert source.read(1).tolist() == BANDED
        assert source.nodata == CLEAR
        colours = source.colormap(1)
        stated = json.loads(source.tags()["palette"])
    assert [item["colour"] for item in stated] == list(TRAVEL_TIME)
    assert [colours[number][:3] for number in (1, 5)] == [(255, 243, 196), (106, 38, 28)]
    assert (stated[0]["en"], stated[4]["km"]) == ("≤ 30\xa0min", "> 240\xa0នាទី")


def test_style_of_minutes_takes_a_limit_into_the_band_below(reached: Path) -> None:
    """``DISCRETE`` of QGIS: the first item whose value is not below the cell's colours it."""
    style = ElementTree.parse(reached.with_name("travel_time.qml")).getroot()  # noqa: S314
    renderer = style.find("pipe/rasterrenderer")
    assert renderer is not None
    assert renderer.get("type") == "singlebandpseudocolor"
    shader = renderer.find("rastershader/colorrampshader")
    assert shader is not None
    assert shader.get("colorRampType") == "DISCRETE"
    items = shader.findall("item")
    limits = [float(item.get("value", "")) for item in items]
    assert limits == [30, 60, 120, 240, math.inf]
    drawn = [
        next((band for band, limit in enumerate(limits, 1) if value <= limit), CLEAR)
        for value in MINUTES.ravel().tolist()
    ]
    assert drawn == np.ravel(BANDED).tolist()
    assert items[1].get("label") == "30 – 60\xa0min / 30 – 60\xa0នាទី"


@pytest.mark.parametrize("cells", [np.int16([[2]]), np.float32([[2]])])
def test_one_cell_is_a_picture_too(tmp_path: Path, cells: np.ndarray) -> None:
    array = raster(cells, grid(1, 1), "travel_time", "min")
    write_cog(array, tmp_path / "one.tif", TAGS)
    with rasterio.open(tmp_path / "one_colours.tif") as source:
        assert source.read(1).tolist() == [[1]]
        assert source.bounds == (300000, 1400000, 300100, 1400100)


def test_a_change_has_its_sign_in_words(tmp_path: Path) -> None:
    changed = np.float32([[-61, -60, -5.5, -5, 5, 5.5, 61, np.nan]])
    array = raster(changed, grid(1, 8), "travel_time_change", "min")
    write_cog(array, tmp_path / "travel_time_change.tif", TAGS)
    with rasterio.open(tmp_path / "travel_time_change_colours.tif") as source:
        assert source.read(1).tolist() == [[1, 1, 3, 3, 4, 5, 7, CLEAR]]
        stated = json.loads(source.tags()["palette"])
    words = [item["en"].split(" by")[0] for item in stated]
    assert words[:3] == ["nearer"] * 3
    assert words[4:] == ["farther"] * 3


@pytest.mark.parametrize("name", ["travel_time", "travel_time_change", "off_road_share"])
def test_bands_have_a_colour_and_words_each(name: str) -> None:
    scale = bands_of(name)
    assert scale is not None
    assert len(scale.colours) == len(scale.labels) == len(scale.breaks) + 1
    assert list(scale.breaks) == sorted(set(scale.breaks))
    for side in zip(*scale.labels, strict=True):
        assert len(set(side)) == len(side)


def test_minutes_grow_darker_from_band_to_band() -> None:
    """In grey print; lightness of CIE L*a*b* falls by 10 or more."""
    lightness = [seen_without_green(colour)[0] for colour in TRAVEL_TIME]
    assert min(one - other for one, other in pairwise(lightness)) >= 10


def test_quantity_has_no_palette(tmp_path: Path) -> None:
    array = raster(np.float32([[0.5, np.nan]]), grid(1, 2), "need", "1")
    assert write_cog(array, tmp_path / "need.tif", TAGS) == ("need.tif",)


def test_more_classes_than_a_palette_holds_stay_codes(tmp_path: Path) -> None:
    array = raster(np.arange(300, dtype=np.int16)[None, :], grid(1, 300), "limiting", "")
    assert write_cog(array, tmp_path / "limiting.tif", TAGS) == ("limiting.tif",)


@given(arrays(np.int16, st.tuples(st.integers(1, 5), st.integers(1, 5))))
def test_every_code_gets_its_number_back(codes: np.ndarray) -> None:
    classes = palette({}, codes_of(codes))
    back = {CLEAR: None} | {item.number: item.code for item in classes}
    known = (codes != NO_DATA) & (codes != OUTSIDE)
    drawn = numbered(codes, classes)
    assert (drawn == CLEAR).tolist() == (~known).tolist()
    assert [back[number] for number in drawn[known]] == codes[known].tolist()


def test_more_rows_than_one_look(tmp_path: Path) -> None:
    codes = np.arange(3000, dtype=np.int16)[:, None] % 7
    assert codes_of(codes) == tuple(range(7))
    assert numbered(codes, palette({}, range(7)))[:, 0].tolist() == (codes[:, 0] + 1).tolist()


def test_one_colour_a_class() -> None:
    assert len(set(FURTHER)) == len(FURTHER)
    for subject in ("criteria.class", *DEGRADATION):
        drawn = [colour for key, colour in COLOURS.items() if key.startswith(f"{subject}_")]
        assert len(drawn) == len(set(drawn)) > 2


@pytest.mark.parametrize("subject", ["criteria.class", *DEGRADATION, "minutes", "changes"])
def test_classes_stay_apart_for_the_colour_blind(subject: str) -> None:
    """Deuteranopia after Machado et al. 2009, full severity; differences in CIE L*a*b*."""
    colours = [value for key, value in COLOURS.items() if key.startswith(f"{subject}_")]
    colours = list({"minutes": TRAVEL_TIME, "changes": CHANGES}.get(subject, colours))
    seen = [seen_without_green(colour) for colour in colours]
    apart = [float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)]
    assert min(apart) > 11


def seen_without_green(colour: str) -> np.ndarray:
    red_green_blue = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(
        red_green_blue <= 0.04045, red_green_blue / 12.92, ((red_green_blue + 0.055) / 1.055) ** 2.4
    )
    deuteranopia = [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    white = np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.cbrt(to_xyz @ np.clip(deuteranopia @ linear, 1e-3, 1) / white)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
