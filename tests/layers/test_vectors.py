"""Vector files: polygons as classes, features near an area, and the name of each fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from gis.errors import (
    AllNoData,
    CatalogueInvalid,
    FileMissing,
    FileUnreadable,
    InvalidGeometry,
    MissingCrs,
    OutsideArea,
    SwappedAxes,
    UnknownClass,
    ValueOutOfRange,
)
from gis.grid import CRS, NO_DATA, analysis_grid
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, catalogue
from layers.figures import figure_values
from layers.sources import check, coverage, read_features, read_raster, value_at
from layers.vectors import read_vector
from layers.workspace import Workspace

MakeLayer = Callable[..., Layer]
MakePolygons = Callable[..., Path]
LEFT, TOP = 300_000.0, 1_420_000.0
BOX = GeoBox((2, 3), from_origin(LEFT, TOP, 100, 100), CRS)
BOW_TIE = shapely.Polygon([(103.0, 13.0), (103.1, 13.1), (103.1, 13.0), (103.0, 13.1)])
TOUCHING = shapely.Polygon(
    [(0, 0), (4, 0), (4, 4), (2, 4), (3, 3), (1, 3), (2, 4), (0, 4)]  # a hole that hangs at (2, 4)
)
LOOPED = shapely.Polygon(
    [(0, 0), (4, 0), (4, 4), (2, 4), (1, 3), (3, 3), (2, 4), (0, 4)]  # the same, enclosed twice
)


def cells(*columns: tuple[float, float], rows: tuple[int, int] = (0, 2)) -> list[object]:
    """Boxes that fill columns ``from, until`` of ``BOX``."""
    return [
        (LEFT + a * 100, TOP - rows[1] * 100, LEFT + b * 100, TOP - rows[0] * 100)
        for a, b in columns
    ]


def test_polygons_become_classes_by_cell_centre(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    names = ["Low Fertility Soil", "High Fertility Soil"]
    path = make_polygons(cells((0, 1), (1, 1.6)), names, crs=CRS)
    read = read_raster(layer(path, "fertility", "polygons", field="Name"), BOX, places)
    assert read.dtype == np.int16
    assert read.values.tolist() == [[1, 3, NO_DATA]] * 2


def test_where_no_polygon_lies_a_variable_may_have_a_class(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_polygons(cells((0, 1)), ["National Park"], field="Status", crs=CRS)
    zones = layer(path, "protected_zone", "polygons", field="Status")
    assert read_raster(zones, BOX, places).values.tolist() == [[1, 0, 0]] * 2


@pytest.mark.parametrize("order", [1, -1])
def test_the_stricter_of_two_overlapping_zones_counts(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer, order: int
) -> None:
    shapes, names = cells((0, 2), (1, 3)), ["Multiple-use Area", "Wildlife Sanctuary"]
    path = make_polygons(shapes[::order], names[::order], crs=CRS)
    zones = layer(path, "protected_zone", "polygons", field="Name")
    assert read_raster(zones, BOX, places).values.tolist() == [[2, 1, 1]] * 2
    lon, lat = gpd.GeoSeries.from_xy([LEFT + 150], [TOP - 50], crs=CRS).to_crs(4326)[0].coords[0]
    assert value_at(zones, lon, lat, places) == 1


def test_quantities_of_polygons(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_polygons(cells((0, 1), (1, 2)), [1.5, 30.0], field="deg", crs=CRS)
    read = read_raster(layer(path, "slope", "polygons", field="deg"), BOX, places)
    np.testing.assert_allclose(read.values, [[1.5, 30.0, np.nan]] * 2)


def test_codes_as_numbers_and_own_words(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_polygons(cells((0, 1), (1, 2), (2, 3)), [7.0, 8.0, None], field="K", crs=CRS)
    own = layer(path, "fertility", "polygons", field="K", classes={"7": "low", "8": "high"})
    assert read_raster(own, BOX, places).values.tolist() == [[1, 3, NO_DATA]] * 2


@pytest.mark.parametrize(
    ("shapes", "values", "keys", "fault"),
    [
        ([BOW_TIE], ["Low Fertility Soil"], {}, InvalidGeometry),
        ([(13.0, 103.0, 13.2, 103.2)], ["Low Fertility Soil"], {}, SwappedAxes),
        ([(2.0, 48.0, 3.0, 49.0)], ["Low Fertility Soil"], {}, OutsideArea),
        ([(103.0, 13.0, 103.1, 13.1)], ["Poor"], {}, UnknownClass),
        ([(103.0, 13.0, 103.1, 13.1)], [None], {}, AllNoData),
        ([(103.0, 13.0, 103.1, 13.1)], ["x"], {"field": "Other"}, CatalogueInvalid),
        ([(103.0, 13.0, 103.1, 13.1)], [95.0], {"variable": "slope"}, ValueOutOfRange),
    ],
)
def test_each_fault_has_its_name(
    make_polygons: MakePolygons,
    layer: MakeLayer,
    shapes: list[object],
    values: list[object],
    keys: dict[str, str],
    fault: type[Exception],
    places: Gazetteer,
) -> None:
    path = make_polygons(shapes, values)
    table = {"variable": "fertility", "geometry": "polygons", "field": "Name"} | keys
    with pytest.raises(fault):
        check(layer(path, **table), places)


def test_a_crossing_says_where(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    path = make_polygons([(103.2, 13.0, 103.3, 13.1), BOW_TIE], ["Low Fertility Soil"] * 2)
    with pytest.raises(InvalidGeometry) as error:
        check(layer(path, "fertility", "polygons", field="Name"), places)
    assert error.value.where == "2"
    assert "103.05" in error.value.reason


def test_a_ring_that_touches_itself_is_read_as_what_it_encloses(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    """The four by four square without the triangle that hangs in it: 16 - 1."""
    assert not TOUCHING.is_valid
    shape = shapely.transform(TOUCHING, lambda at: at * 100 + [LEFT, TOP - 400])
    path = make_polygons([shape], ["Low Fertility Soil"], crs=CRS)
    soil = layer(path, "fertility", "polygons", field="Name")
    check(soil, places)
    fine = GeoBox((80, 80), from_origin(LEFT, TOP, 5, 5), CRS)
    read = read_raster(soil, fine, places).values
    assert (read == 1).sum() * 25 == pytest.approx(15 * 100 * 100, rel=0.02)


def test_a_ring_that_encloses_ground_twice_is_refused(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    shape = shapely.transform(LOOPED, lambda at: at * 100 + [LEFT, TOP - 400])
    path = make_polygons([shape], ["Low Fertility Soil"], crs=CRS)
    with pytest.raises(InvalidGeometry):
        check(layer(path, "fertility", "polygons", field="Name"), places)


def test_missing_truncated_without_crs_or_geometry(
    make_polygons: MakePolygons, layer: MakeLayer, tmp_path: Path, places: Gazetteer
) -> None:
    with pytest.raises(FileMissing):
        read_vector(tmp_path / "none.gpkg")
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{"type', encoding="utf-8")
    with pytest.raises(FileUnreadable):
        read_vector(broken)
    shapes = [(103.0, 13.0, 103.1, 13.1)]
    lost = make_polygons(shapes, ["Low Fertility Soil"], name="lost.shp")
    lost.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrs):
        check(layer(lost, "fertility", "polygons", field="Name"), places)
    table = tmp_path / "table.csv"
    table.write_text("code,name\n1,a\n", encoding="utf-8")
    with pytest.raises(FileUnreadable):
        read_vector(table)


def test_points_of_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("name,Longitude,Latitude\nភូមិ,103.1,13.2\n", encoding="utf-8-sig")
    read = read_vector(path)
    assert read.geometry[0].equals(shapely.Point(103.1, 13.2))
    assert read["name"].tolist() == ["ភូមិ"]
    assert read.crs == "EPSG:4326"


def square(side: float) -> gpd.GeoDataFrame:
    box = shapely.box(LEFT, TOP - side, LEFT + side, TOP)
    return gpd.GeoDataFrame(index=["020801"], geometry=[box], crs=CRS)


def test_features_near_an_area(tmp_path: Path, layer: MakeLayer) -> None:
    path = tmp_path / "roads.gpkg"
    lines = [
        shapely.LineString([(LEFT + x, TOP - 5000), (LEFT + x, TOP + 5000)])
        for x in (500, 1900, 2100)
    ]
    gpd.GeoDataFrame({"road_class": ["a", "b", "c"]}, geometry=lines, crs=CRS).to_crs(4326).to_file(
        path
    )
    roads = layer(path, "roads", "lines", field="road_class")
    found = read_features(roads, square(1000).to_crs(4326), margin_m=1000)
    assert found.crs == CRS
    assert found["road_class"].tolist() == ["a", "b"]
    assert read_features(roads, square(1000))["road_class"].tolist() == ["a"]
    far = square(1000).translate(yoff=-200_000).to_frame("geometry")
    assert read_features(roads, far, margin_m=10).empty


def test_roads_bear_the_classes_of_the_catalogue(tmp_path: Path, layer: MakeLayer) -> None:
    """A file with a column of that name but another field: the field counts, not the column."""
    path = tmp_path / "roads.gpkg"
    line = shapely.LineString([(LEFT, TOP), (LEFT + 900, TOP)])
    written = ["trunk_link", "track_grade2", "QN1", "monorail", None]
    gpd.GeoDataFrame(
        {"fclass": written, "road_class": "Main roads"}, geometry=[line] * 5, crs=CRS
    ).to_file(path)
    roads = layer(path, "roads", "lines", field="fclass", classes={"QN1": "primary"})
    found = read_features(roads, square(1000))
    assert found["road_class"].tolist()[:4] == ["trunk_link", "track", "primary", "monorail"]
    assert pd.isna(found["road_class"][4])
    without = read_features(layer(path, "roads", "lines"), square(1000))
    assert without["road_class"].isna().all()
    with pytest.raises(CatalogueInvalid, match="one of: fclass, road_class"):
        read_features(layer(path, "roads", "lines", field="highway"), square(1000))
    with pytest.raises(CatalogueInvalid, match="street"):
        layer(path, "roads", "lines", field="fclass", classes={"QN1": "street"})


def test_water_needs_no_field_and_may_mix_lakes_and_rivers(
    tmp_path: Path, layer: MakeLayer, places: Gazetteer
) -> None:
    path = tmp_path / "water.gpkg"
    lake = shapely.box(LEFT, TOP - 500, LEFT + 500, TOP)
    river = shapely.LineString([(LEFT + 500, TOP - 250), (LEFT + 3000, TOP - 250)])
    gpd.GeoDataFrame(geometry=[lake, lake, river], crs=CRS).to_file(path)
    water = layer(path, "water", "polygons", extent=("02",))
    check(water, places)
    found = read_features(water, square(1000))
    assert sorted(found.geom_type) == ["LineString", "Polygon", "Polygon"]


def test_coverage_of_polygons_and_of_a_stated_extent(
    make_polygons: MakePolygons, layer: MakeLayer, places: Gazetteer
) -> None:
    half = [(LEFT, TOP - 8000, LEFT + 4000, TOP)]
    path = make_polygons(half, ["Low Fertility Soil"], crs=CRS)
    soil = layer(path, "fertility", "polygons", field="Name")
    assert coverage(soil, square(8000), places) == pytest.approx(0.5, abs=0.01)
    zones = layer(path, "protected_zone", "polygons", field="Name")
    assert coverage(zones, square(8000), places) == pytest.approx(0.5, abs=0.01)
    stated = layer(path, "protected_zone", "polygons", field="Name", extent=("0208",))
    assert coverage(stated, square(8000), places) == 1.0
    two = places.communes_of(["020801", "020701"])
    share = two.to_crs(CRS).area["020801"] / two.to_crs(CRS).area.sum()
    assert coverage(stated, two, places) == pytest.approx(share)


KNOWN = catalogue(Workspace(Path("/nowhere")))


def test_commune_figures_keep_one_value_a_commune(places: Gazetteer) -> None:
    area = places.communes_of(["0207"])
    slope = KNOWN.layer("slope_figures")
    box = analysis_grid(area, 250)
    read = read_raster(slope, box, places).values
    values = figure_values(slope)
    for code in area.index:
        inside = shapely.Point(area.geometry[code].representative_point())
        assert value_at(slope, inside.x, inside.y, places) == values[code]
    assert set(np.unique(read[~np.isnan(read)])) <= set(values.astype(np.float32))


def test_a_missing_figure_is_unknown_in_all_its_cells(places: Gazetteer) -> None:
    """020705 was made after 2011."""
    area = places.communes_of(["020705"])
    rice = KNOWN.layer("rice_share_figures")
    read = read_raster(rice, analysis_grid(area, 100), places).values
    inside = area.to_crs(CRS).geometry.iloc[0].representative_point()
    there = gpd.GeoSeries([inside], crs=CRS).to_crs(4326)[0]
    assert value_at(rice, there.x, there.y, places) is None
    assert np.isnan(read).sum() > area.to_crs(CRS).area.iloc[0] / 100**2 * 0.99
    # It lies in the table, so it is told about: unknown, and not absent.
    assert coverage(rice, area, places) == 1.0


def test_features_and_places_without_commune_have_no_value(places: Gazetteer) -> None:
    assert value_at(KNOWN.layer("main_roads"), 103.0, 13.0, places) is None
    assert value_at(KNOWN.layer("slope_figures"), 100.0, 13.0, places) is None
