"""Files that become layers of a workspace: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from gis.errors import (
    AllNoData,
    CatalogueInvalid,
    DeimapError,
    FileMissing,
    MetaMissing,
    OutputUnwritable,
    UnknownArea,
    UnknownClass,
    ValueOutOfRange,
    WrongUnit,
    YearsOutOfOrder,
)
from gis.grid import CRS, analysis_grid
from layers import imports
from layers.boundaries import Gazetteer
from layers.catalogue import catalogue
from layers.imports import import_layer
from layers.sources import check, read_raster
from layers.workspace import Workspace

Make = Callable[..., Path]


def files(workspace: Workspace) -> list[str]:
    folder = workspace.layers
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def counts(path: Path, meta: Path, workspace: Workspace, **options: bool) -> tuple[int, ...]:
    report = import_layer(path, meta, workspace, **options)
    assert report.kind == "layer"
    return report.added, report.changed, report.unchanged


def test_a_raster_becomes_a_layer_and_the_same_file_twice_changes_nothing(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    path, meta = make_raster(np.full((600, 600), 3.0)), make_meta(year=2024)
    assert counts(path, meta, bare, dry_run=True) == (1, 0, 0)
    assert files(bare) == []
    assert counts(path, meta, bare) == (1, 0, 0)
    stored = files(bare)
    before = {name: (bare.layers / name).stat().st_mtime_ns for name in stored}
    assert counts(path, meta, bare) == (0, 0, 1)
    assert {name: (bare.layers / name).stat().st_mtime_ns for name in files(bare)} == before

    layer = catalogue(bare).layer("own")
    assert (layer.own, layer.geometry, layer.resolution_m, layer.year) == (
        True,
        "raster",
        100,
        2024,
    )
    check(layer, places)
    with rasterio.open(layer.path) as source:
        assert source.overviews(1)
    area = places.communes_of(["0201"])
    assert np.nanmax(read_raster(layer, analysis_grid(area, 90), places).values) == 3.0


def test_a_changed_file_replaces_the_earlier_one(
    make_raster: Make, make_meta: Make, bare: Workspace
) -> None:
    meta = make_meta()
    counts(make_raster([[1.0, 2.0]]), meta, bare)
    first = catalogue(bare).layer("own")
    assert counts(make_raster([[1.0, 4.0]]), meta, bare, dry_run=True) == (0, 1, 0)
    assert counts(make_raster([[1.0, 4.0]]), meta, bare) == (0, 1, 0)
    second = catalogue(bare).layer("own")
    assert second.sha256 != first.sha256
    assert not first.path.exists()
    assert len(files(bare)) == 2
    # only the table changes: the data stay as they are
    assert counts(make_raster([[1.0, 4.0]]), make_meta(edition="2025"), bare) == (0, 1, 0)
    assert catalogue(bare).layer("own").path == second.path


def test_overviews_are_made_anew(make_raster: Make, make_meta: Make, bare: Workspace) -> None:
    """Cubic overviews of a file swing below zero beside a step; ours are averages."""
    values = np.zeros((1200, 1200))
    values[:, 601:] = 80.0
    path = make_raster(values)
    with rasterio.open(path, "r+") as target:
        target.build_overviews([2, 4], rasterio.enums.Resampling.cubic)
    counts(path, make_meta(), bare)
    with rasterio.open(catalogue(bare).layer("own").path, overview_level=0) as source:
        assert source.read(1).min() >= 0.0


def test_features_become_a_layer_of_parts(
    make_polygons: Make, make_meta: Make, bare: Workspace
) -> None:
    two = shapely.MultiPolygon(
        [shapely.box(103, 13, 103.1, 13.1), shapely.box(104, 13, 104.1, 13.1)]
    )
    path = make_polygons([two, (103.2, 13.0, 103.3, 13.1)], ["Regurs", "Great Lake"])
    meta = make_meta(variable="soil_group", unit="", field="Name")
    report = import_layer(path, meta, bare)
    assert (report.added, report.rows) == (1, 2)
    layer = catalogue(bare).layer("own")
    assert (layer.geometry, layer.path.suffix) == ("polygons", ".gpkg")
    stored = gpd.read_file(layer.path)
    assert stored["Name"].tolist() == ["Regurs", "Regurs", "Great Lake"]
    assert counts(path, meta, bare) == (0, 0, 1)


def test_roads_and_points_of_a_csv(tmp_path: Path, make_meta: Make, bare: Workspace) -> None:
    path = tmp_path / "ways.geojson"
    line = shapely.LineString([(103.0, 13.0), (103.2, 13.1)])
    gpd.GeoDataFrame({"fclass": ["primary"]}, geometry=[line], crs=4326).to_file(path)
    meta = make_meta(id="ways", variable="roads", unit="", field="fclass", extent=["02"])
    counts(path, meta, bare)
    stops = tmp_path / "stops.csv"
    stops.write_text("name,lon,lat\na,103.1,13.1\n", encoding="utf-8")
    counts(stops, make_meta(id="stops", variable="roads", unit=""), bare)
    known = catalogue(bare)
    assert known.layer("ways").geometry == "lines"
    assert known.layer("ways").extent == ("02",)
    assert known.layer("stops").geometry == "points"


REFUSED = [
    ({"unit": "percent"}, [[1.0]], WrongUnit),
    ({"unit": None}, [[1.0]], CatalogueInvalid),
    ({"licence": None}, [[1.0]], CatalogueInvalid),
    ({"source": None}, [[1.0]], CatalogueInvalid),
    ({"title": {"en": "Slope"}}, [[1.0]], CatalogueInvalid),
    ({"variable": "slopes"}, [[1.0]], CatalogueInvalid),
    ({"colour": "red"}, [[1.0]], CatalogueInvalid),
    ({"path": "/etc/passwd"}, [[1.0]], CatalogueInvalid),
    ({"sha256": "0"}, [[1.0]], CatalogueInvalid),
    ({"id": "../escape"}, [[1.0]], CatalogueInvalid),
    ({"id": "boundaries"}, [[1.0]], CatalogueInvalid),
    ({"extent": ["KH", "77"]}, [[1.0]], UnknownArea),
    ({}, [[1.0, 91.0]], ValueOutOfRange),
    ({}, [[-9999.0]], AllNoData),
    ({"variable": "fertility", "unit": ""}, [[8.0]], UnknownClass),
]


@pytest.mark.parametrize(("keys", "values", "fault"), REFUSED)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_refused_leaves_nothing(
    make_raster: Make,
    make_meta: Make,
    bare: Workspace,
    keys: dict[str, object],
    values: list[list[float]],
    fault: type[DeimapError],
    dry_run: bool,
) -> None:
    with pytest.raises(fault):
        import_layer(make_raster(values), make_meta(**keys), bare, dry_run=dry_run)
    assert files(bare) == []


def test_one_impossible_cell_in_a_large_file_is_found(
    make_raster: Make, make_meta: Make, bare: Workspace
) -> None:
    values = np.full((2100, 2100), 5.0)
    values[1999, 7] = 400.0
    with pytest.raises(ValueOutOfRange) as error:
        import_layer(make_raster(values), make_meta(), bare)
    assert error.value.highest == 400.0


def test_no_meta_and_no_file(make_raster: Make, make_meta: Make, bare: Workspace) -> None:
    path = make_raster([[1.0]])
    with pytest.raises(MetaMissing):
        import_layer(path, None, bare)
    with pytest.raises(FileMissing):
        import_layer(path, path.with_name("none.toml"), bare)
    with pytest.raises(FileMissing):
        import_layer(path.with_name("none.tif"), make_meta(), bare)
    with pytest.raises(FileMissing):
        import_layer(path.with_name("none.gpkg"), make_meta(), bare)


def test_a_stop_in_the_middle_leaves_what_was_there(
    make_raster: Make, make_meta: Make, bare: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = make_meta()
    counts(make_raster([[1.0, 2.0]]), meta, bare)
    before = {name: (bare.layers / name).read_bytes() for name in files(bare)}

    def stopped(source: Path, target: Path, **_: object) -> None:
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(imports, "copy_raster", stopped)
    with pytest.raises(KeyboardInterrupt):
        import_layer(make_raster([[3.0, 4.0]]), meta, bare)
    assert {name: (bare.layers / name).read_bytes() for name in files(bare)} == before


def test_killed_between_data_and_table_the_earlier_layer_stands(
    make_raster: Make,
    make_meta: Make,
    bare: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    places: Gazetteer,
) -> None:
    meta = make_meta()
    counts(make_raster([[1.0, 2.0]]), meta, bare)
    before = catalogue(bare).layer("own")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imports, "write_toml", killed)
        with pytest.raises(KeyboardInterrupt):
            import_layer(make_raster([[3.0, 4.0]]), meta, bare)
    assert catalogue(bare).layer("own") == before
    check(before, places)
    assert counts(make_raster([[3.0, 4.0]]), meta, bare) == (0, 1, 0)
    assert len(files(bare)) == 2


@pytest.mark.parametrize("kind", ["raster", "polygons"])
def test_a_folder_that_cannot_be_written(
    make_raster: Make, make_polygons: Make, make_meta: Make, bare: Workspace, kind: str
) -> None:
    bare.root.mkdir()
    bare.layers.write_text("a file where the folder should be", encoding="utf-8")
    if kind == "raster":
        path, meta = make_raster([[1.0]]), make_meta()
    else:
        path = make_polygons([(103.0, 13.0, 103.1, 13.1)], ["Regurs"])
        meta = make_meta(variable="soil_group", unit="", field="Name")
    with pytest.raises(OutputUnwritable) as error:
        import_layer(path, meta, bare)
    assert error.value.path == str(bare.layers)


def test_a_full_disk(
    make_raster: Make, make_meta: Make, bare: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path, **_: object) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(imports, "copy_raster", full)
    with pytest.raises(OutputUnwritable) as error:
        import_layer(make_raster([[1.0]]), make_meta(), bare)
    assert error.value.reason == "No space left on device"
    assert files(bare) == []


def test_a_file_in_utm_keeps_its_place(
    make_polygons: Make, make_meta: Make, bare: Workspace
) -> None:
    shape = shapely.box(300_000, 1_419_000, 301_000, 1_420_000)
    path = make_polygons([shape], ["Regurs"], crs=CRS)
    counts(path, make_meta(variable="soil_group", unit="", field="Name"), bare)
    stored = gpd.read_file(catalogue(bare).layer("own").path).to_crs(CRS)
    assert stored.area[0] == pytest.approx(1e6, rel=1e-6)


SERIES = {"variable": "vegetation_index", "unit": "1", "years": [2000, 2001]}
TWO_YEARS = [[[0.1, 0.2]], [[0.3, 0.4]]]


def test_a_series_becomes_a_layer_of_years(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    path, meta = make_raster(TWO_YEARS), make_meta(**SERIES)
    assert counts(path, meta, bare) == (1, 0, 0)
    assert counts(path, meta, bare) == (0, 0, 1)
    layer = catalogue(bare).layer("own")
    assert (layer.years, layer.year) == ((2000, 2001), 2001)
    check(layer, places)
    with rasterio.open(layer.path) as stored:
        np.testing.assert_array_equal(stored.read(), np.float32(TWO_YEARS))


def test_land_cover_of_a_known_legend(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    codes = [[[10, 61], [190, 0]], [[10, 10], [190, 210]]]
    path = make_raster(codes, dtype="uint8", nodata=0)
    meta = make_meta(variable="land_cover", unit="", years=[2000, 2001], legend="esa-cci")
    counts(path, meta, bare)
    check(catalogue(bare).layer("own"), places)


REFUSED_SERIES = [
    ({"years": None}, TWO_YEARS, "uint8", CatalogueInvalid),
    ({"years": None, "year": 2000}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"years": [2001, 2000]}, TWO_YEARS, "float32", YearsOutOfOrder),
    ({"years": [2000, 2000]}, TWO_YEARS, "float32", YearsOutOfOrder),
    ({"years": [2000, 2001, 2002]}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"years": ["2000", "x"]}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"year": 2000}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"generated": True}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"legend": "esa-cci"}, TWO_YEARS, "float32", CatalogueInvalid),
    ({"scale": -1.0}, TWO_YEARS, "float32", CatalogueInvalid),
    ({}, [[[0.1, 0.2]], [[-9999, -9999]]], "float32", AllNoData),
    ({}, [[[0.1, 0.2]], [[0.3, 4000]]], "float32", ValueOutOfRange),
    ({"variable": "land_cover", "unit": ""}, [[[1, 2]], [[1, 8]]], "int16", UnknownClass),
    (
        {"variable": "land_cover", "unit": "", "legend": "worldcover"},
        [[[10, 20]], [[10, 11]]],
        "int16",
        UnknownClass,
    ),
    (
        {"variable": "population", "unit": "people"},
        [[[1, 2]], [[1, -1]]],
        "float32",
        ValueOutOfRange,
    ),
    ({"variable": "soil_ph", "unit": "pH"}, [[[54]], [[55]]], "float32", ValueOutOfRange),
    ({"variable": "soil_clay", "unit": "g/kg"}, [[[300]], [[300]]], "float32", WrongUnit),
]
"""SoilGrids writes pH times 10 and clay in g/kg: without ``scale`` that is not believed."""


@pytest.mark.parametrize(("keys", "values", "dtype", "fault"), REFUSED_SERIES)
def test_a_series_that_is_refused_leaves_nothing(
    make_raster: Make,
    make_meta: Make,
    bare: Workspace,
    keys: dict[str, object],
    values: list[list[list[float]]],
    dtype: str,
    fault: type[DeimapError],
) -> None:
    path = make_raster(values, dtype=dtype, nodata=0 if dtype == "uint8" else -9999)
    meta = make_meta(**(SERIES | keys))
    with pytest.raises(fault) as error:
        import_layer(path, meta, bare)
    if fault is CatalogueInvalid:
        assert error.value.values["path"] == str(meta)
    assert files(bare) == []
