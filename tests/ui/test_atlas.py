"""The map builder: escaping, local files, hatch, legend, pictures."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import folium
import folium.plugins
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from rasterio.errors import NotGeoreferencedWarning
from rasterio.warp import transform

from gis.errors import FileMissing, MapAssetMissing
from gis.grid import NO_DATA, OUTSIDE, raster
from layers import map as atlas
from layers.backdrop import backdrop
from layers.boundaries import gazetteer
from layers.catalogue import Variable
from layers.drawing import Drawing, esc
from layers.hatch import hatch_levels, hatch_lines
from layers.legend import UNKNOWN_STEP, scale_of, value_text
from layers.map import Served, base_map, localised, overlay
from layers.render import picture, picture_file
from layers.workspace import Workspace

words = st.text() | st.sampled_from(["</script>", "${x}", "`", "{{ 'a' }}", "\u2028", "a_b"])
values = st.recursive(
    words | st.integers(-9, 9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=12,
)


@given(values)
def test_escaping_loses_nothing_and_leaves_nothing_that_runs(value: object) -> None:
    written = esc(value)
    assert json.loads(written) == value
    inside = [part for index, part in enumerate(written.split('"')) if index % 2]
    assert not set("".join(inside)) & set("<>`$_\u2028\u2029")


def test_a_class_without_a_local_file_is_refused(static: Path) -> None:
    made = folium.Map(tiles=None)
    folium.plugins.MiniMap().add_to(made)
    with pytest.raises(MapAssetMissing) as caught:
        localised(made, Served())
    assert caught.value.element == "MiniMap"


def test_a_file_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "STATIC", tmp_path)
    with pytest.raises(FileMissing) as caught:
        localised(folium.Map(tiles=None), Served())
    assert caught.value.path.endswith("leaflet.js")


def test_a_map_asks_no_outside_host(
    static: Path, monkeypatch: pytest.MonkeyPatch, prepared_workspace: Workspace
) -> None:
    monkeypatch.setattr(atlas, "STATIC", static)
    made = base_map(backdrop(gazetteer(prepared_workspace), ("0207", "13")), Served())
    overlay(Drawing("en", {})).add_to(made)
    page = made.get_root().render()
    assert "http" not in page.replace("http-equiv", "")


def test_hatch_lies_inside_and_joins_between_neighbours() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    lines = shapely.linestrings(hatch_lines(np.array([left]), 0.1))
    assert shapely.within(lines, left.buffer(1e-9)).all()
    border = [
        {round(y, 6) for x, y in shapely.get_coordinates(found) if abs(x - 1) < 1e-9}
        for found in (lines, shapely.linestrings(hatch_lines(np.array([right]), 0.1)))
    ]
    assert border[0] - {0.0, 1.0} == border[1] - {0.0, 1.0}


@pytest.mark.parametrize("way", [1, -1])
def test_hatch_leaves_holes_clear_and_fills_the_rest(way: int) -> None:
    ring = shapely.Point(0, 0).buffer(3).difference(shapely.Point(0.5, 0).buffer(1))
    shape = shapely.union_all([ring, shapely.box(5, 5, 7, 6)])
    lines = shapely.linestrings(hatch_lines(np.array([shape]), 0.05, way))
    assert shapely.within(lines, shape.buffer(1e-9)).all()
    # lines as wide as they are apart cover the area
    assert shapely.length(lines).sum() * 0.05 == pytest.approx(shape.area, rel=0.02)


def test_hatch_grows_denser_with_the_zoom(prepared_workspace: Workspace) -> None:
    communes = gazetteer(prepared_workspace).communes.geometry.head(3)
    levels = hatch_levels(communes, (8.0, 9.0, 10.0))
    counts = [len(level.lines["features"][0]["geometry"]["coordinates"]) for level in levels]
    assert counts == sorted(counts)
    assert counts[2] > 3 * counts[0]
    assert hatch_levels(communes.head(0), (8.0,)) == ()


SLOPE = Variable(
    key="slope",
    kind="quantity",
    unit="degree",
    breaks=(1.0, 2.0, 5.0, 10.0),
    title={"en": "Slope", "km": "ជម្រាល"},
)


@pytest.mark.parametrize(
    ("value", "step"),
    [(0.0, 0), (1.0, 0), (1.01, 1), (5.0, 2), (9.9, 3), (10.0, 3), (11.0, 4), (math.nan, -1)],
)
def test_a_value_on_a_bound_belongs_to_the_step_that_says_up_to(value: float, step: int) -> None:
    assert scale_of(SLOPE, []).steps([value])[0] == step


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.123, "1", "12\N{NO-BREAK SPACE}%"),
        (0.0, "1", "0\N{NO-BREAK SPACE}%"),
        (2.04, "degree", "2.0°"),
        (1234.5, "m", "1,234\N{NO-BREAK SPACE}m"),
        (0.2, "index 0-100", "0.20"),
        (None, "m", "unknown"),
        (math.nan, "m", "unknown"),
    ],
)
def test_values_as_people_read_them(value: float | None, unit: str, shown: str) -> None:
    variable = Variable(key="x", kind="quantity", unit=unit, title={"en": "x", "km": "x"})
    assert value_text(value, variable, "en") == shown


def test_a_picture_sits_where_its_cells_are(tmp_path: Path) -> None:
    grid = GeoBox.from_bbox((300_000, 1_400_000, 400_000, 1_500_000), "EPSG:32648", resolution=500)
    cells = np.full(grid.shape, OUTSIDE, dtype=np.int16)
    cells[50:150, 50:150] = 1
    cells[100:, 100:] = 2
    cells[60:70, 60:70] = NO_DATA
    array = raster(cells, grid, "class", "1")
    steps = np.where(cells > 0, cells - 1, UNKNOWN_STEP).astype(np.int16)
    space = Workspace(tmp_path)
    drawn = picture(steps, array, ("#0A5C4A", "#D6DCA6"), space)
    path = picture_file(drawn.name, space)
    assert path is not None
    (south, west), (north, east) = drawn.bounds
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", NotGeoreferencedWarning
        )  # a picture has no place of its own
        source = rasterio.open(path)
    with source:
        painted = source.read(1)
        assert source.colormap(1)[0][:3] == (0x0A, 0x5C, 0x4A)
        assert source.colormap(1)[255][3] == 0
    # the centre of one class-2 cell, found again by longitude and Mercator latitude
    x, y = grid.transform * (120.5, 120.5)
    (lon,), (lat,) = transform("EPSG:32648", "EPSG:4326", [x], [y])
    up = [math.log(math.tan(math.pi / 4 + math.radians(at) / 2)) for at in (south, lat, north)]
    column = int((lon - west) / (east - west) * painted.shape[1])
    row = int((up[2] - up[1]) / (up[2] - up[0]) * painted.shape[0])
    assert painted[row, column] == 1
    assert (painted == 255).any()


@pytest.mark.parametrize("name", ["../registry.sqlite", "a.png", "0" * 20 + ".png", ""])
def test_only_pictures_of_ours_are_served(tmp_path: Path, name: str) -> None:
    assert picture_file(name, Workspace(tmp_path)) is None
