"""Where records lie: shape, country, commune."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from gis.errors import ImportRefused
from registry.database import Database
from registry.intake import Report, intake
from registry.intake.column import Gazetteer
from registry.records import plots, providers

Told = Callable[..., list[tuple[int | None, str | None, str]]]
SQUARE = [[102.85, 12.85], [102.851, 12.85], [102.851, 12.851], [102.85, 12.851], [102.85, 12.85]]
BOW_TIE = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
PLOT = {"reference": "A", "commune": "020704", "track": "rice", "crop": "rice"}
PROVIDER = {"reference": "A", "commune": "020704", "organisation": "enterprise"}


def moved(ring: list[list[float]], east: float, north: float = 0.0) -> list[list[float]]:
    return [[x + east, y + north] for x, y in ring]


def polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def geojson(tmp_path: Path, *geometries: Any, cells: dict[str, Any], **member: Any) -> Path:
    features = [
        {"type": "Feature", "properties": cells | {"reference": f"R{n}"}, "geometry": geometry}
        for n, geometry in enumerate(geometries)
    ]
    path = tmp_path / "f.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | member))
    return path


FAULTS = [
    (polygon(BOW_TIE), "geometry_invalid"),
    (polygon(SQUARE[:2]), "geometry_invalid"),
    ({"type": "Polygon", "coordinates": "no"}, "geometry_invalid"),
    ({"type": "Blob"}, "geometry_invalid"),
    (None, "geometry_empty"),
    ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
    ({"type": "Point", "coordinates": [102.85, 12.85]}, "geometry_not_polygon"),
    ({"type": "LineString", "coordinates": SQUARE}, "geometry_not_polygon"),
    (polygon([[y, x] for x, y in SQUARE]), "place_swapped"),
    (polygon(moved(SQUARE, 20)), "place_abroad"),
    (polygon(moved(SQUARE, 300_000)), "place_not_degrees"),
    (polygon(moved(SQUARE, 0.3)), "outside_commune"),
    (polygon(moved(SQUARE, 0.2)), "in_commune"),
    (polygon([[102.82 + x, 12.82 + y] for x, y in ((0, 0), (0.03, 0), (0.03, 0.03))]), "plot_size"),
    (polygon([[102.85 + x, 12.85 + y] for x, y in ((0, 0), (1e-5, 0), (1e-5, 1e-5))]), "plot_size"),
]


@pytest.mark.parametrize(("geometry", "key"), FAULTS)
def test_plots_that_are_off(
    tmp_path: Path, memory: Database, places: Gazetteer, geometry: Any, key: str, told: Told
) -> None:
    if geometry and isinstance(geometry.get("coordinates"), list) and key == "plot_size":
        geometry["coordinates"][0].append(geometry["coordinates"][0][0])
    path = geojson(tmp_path, polygon(SQUARE), geometry, cells=PLOT)
    with pytest.raises(ImportRefused) as caught:
        intake(path, "plots", memory, places)
    column = "commune" if "commune" in key else None
    assert told(caught) == [(2, column, key)]
    assert plots(memory).empty


def test_a_commune_is_uncertain_by_two_kilometres(
    tmp_path: Path, memory: Database, places: Gazetteer
) -> None:
    """0.018 degree of longitude is 1.95 km at 12.85 north, 0.0195 is 2.12 km."""
    edge = moved(SQUARE, 0.05)
    near, far = polygon(moved(edge, 0.018)), polygon(moved(edge, 0.0195))
    path = geojson(tmp_path, near, cells=PLOT)
    assert intake(path, "plots", memory, places).added == 1
    path = geojson(tmp_path, near, far, cells=PLOT)
    with pytest.raises(ImportRefused) as caught:
        intake(path, "plots", memory, places)
    fault = caught.value.faults[0]
    assert (fault.row, fault.column, fault.key) == (2, "commune", "outside_commune")
    assert fault.values == (("commune", "020704"), ("km", "2.1"))


def test_a_code_of_2025_written_bare_is_recognised_by_its_place(
    tmp_path: Path, memory: Database, places: Gazetteer
) -> None:
    in_020407 = polygon(moved(SQUARE, 0.2))
    path = geojson(tmp_path, in_020407, cells=PLOT | {"commune": "020408"})
    with pytest.raises(ImportRefused) as caught:
        intake(path, "plots", memory, places)
    assert caught.value.faults[0].key == "outside_commune_2025"
    path = geojson(tmp_path, in_020407, cells=PLOT | {"commune": "2025:020408"})
    intake(path, "plots", memory, places)
    assert plots(memory)["commune"].tolist() == ["020407"]


def test_area_is_geodesic(tmp_path: Path, memory: Database, places: Gazetteer) -> None:
    """A thousandth of a degree at 12.85 north: 108.555 m by 110.639 m on the ellipsoid."""
    intake(geojson(tmp_path, polygon(SQUARE), cells=PLOT), "plots", memory, places)
    assert plots(memory)["area_ha"].item() == pytest.approx(1.20104, rel=1e-3)


@pytest.mark.parametrize(("stated", "said"), [("1.3", 0), ("1.6", 1)])
def test_a_stated_area_that_differs_is_said(
    tmp_path: Path, memory: Database, places: Gazetteer, stated: str, said: int
) -> None:
    path = geojson(tmp_path, polygon(SQUARE), cells=PLOT | {"area_ha": stated})
    report = intake(path, "plots", memory, places)
    assert [warning.key for warning in report.warnings] == ["area_differs"] * said
    assert plots(memory)["area_ha"].item() == pytest.approx(1.2, rel=0.01)


def stored(tmp_path: Path, frame: gpd.GeoDataFrame, memory: Database, places: Gazetteer) -> Report:
    frame.to_file(tmp_path / "f.gpkg", layer="plots", driver="GPKG")
    return intake(tmp_path / "f.gpkg", "plots", memory, places)


def frame(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    cells = {name: [value] * len(shapes) for name, value in PLOT.items()}
    cells["reference"] = [f"R{n}" for n in range(len(shapes))]
    return gpd.GeoDataFrame(cells, geometry=list(shapes), crs="EPSG:4326")


def test_metres_become_degrees(tmp_path: Path, memory: Database, places: Gazetteer) -> None:
    square = shapely.Polygon(SQUARE)
    stored(tmp_path, frame(square).to_crs("EPSG:32648"), memory, places)
    assert plots(memory).geometry.item().equals_exact(square, 1e-8)


def test_a_layer_without_crs(
    tmp_path: Path, memory: Database, places: Gazetteer, told: Told
) -> None:
    without = frame(shapely.Polygon(SQUARE)).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"), pytest.raises(ImportRefused) as caught:
        stored(tmp_path, without, memory, places)
    assert told(caught) == [(None, None, "crs_missing")]


def test_one_part_is_a_polygon_and_height_is_dropped(
    tmp_path: Path, memory: Database, places: Gazetteer
) -> None:
    high = shapely.force_3d(shapely.Polygon(SQUARE), 12.0)
    stored(tmp_path, frame(shapely.MultiPolygon([high])), memory, places)
    assert plots(memory).geometry.item().wkt == shapely.Polygon(SQUARE).wkt


def test_plots_from_a_spreadsheet_have_their_outline_as_text(
    tmp_path: Path, memory: Database, places: Gazetteer, told: Told
) -> None:
    rows = [*PLOT, "wkt"], [*PLOT.values(), f'"{shapely.Polygon(SQUARE).wkt}"']
    path = tmp_path / "f.csv"
    path.write_text("\n".join(",".join(row) for row in rows))
    assert intake(path, "plots", memory, places).added == 1
    for words, key in (("POLYGON ((1", "geometry_invalid"), ("", "geometry_empty")):
        path.write_text(",".join(rows[0]) + "\n" + ",".join([*PLOT.values(), f'"{words}"']))
        with pytest.raises(ImportRefused) as caught:
            intake(path, "plots", memory, places)
        assert told(caught) == [(2, None, key)]


@pytest.mark.parametrize(
    ("lon", "lat", "fault"),
    [
        ("12.85", "102.85", (2, None, "place_swapped")),
        ("302000", "1421000", (2, None, "place_not_degrees")),
        ("", "12.85", (2, "lon", "value_missing")),
        ("102.85", "twelve", (2, "lat", "not_a_number")),
        ("0", "0", (2, None, "place_abroad")),
    ],
)
def test_points_of_a_spreadsheet_that_are_off(
    tmp_path: Path,
    memory: Database,
    places: Gazetteer,
    lon: str,
    lat: str,
    fault: tuple[int, str | None, str],
    told: Told,
) -> None:
    path = tmp_path / "f.csv"
    rows = [[*PROVIDER, "longitude", "latitude"], [*PROVIDER.values(), lon, lat]]
    path.write_text("\n".join(",".join(row) for row in rows))
    with pytest.raises(ImportRefused) as caught:
        intake(path, "providers", memory, places)
    assert told(caught) == [fault]
    assert providers(memory).empty
