"""Layers of years: which bands are read, what a faulty series is called, counts, legends."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from gis.analysis import Note, Role, silent
from gis.errors import (
    AllNoData,
    CatalogueInvalid,
    PeriodOutsideData,
    UnknownClass,
    ValueOutOfRange,
    WrongUnit,
    YearsOutOfOrder,
)
from gis.grid import CRS, NO_DATA, analysis_grid
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, catalogue, variables
from layers.gather import CELLS_AT_ONCE, CHUNK, chunk_for, gather
from layers.imports import import_layer
from layers.legend import scale_of, value_text
from layers.sources import check, coverage, read_raster, series_at, value_at
from layers.workspace import Workspace
from locales import error_text

MakeLayer = Callable[..., Layer]
Make = Callable[..., Path]
NAN = math.nan
CORNER = (300_000.0, 1_420_000.0)
YEARS = (2000, 2001, 2005)
VEGETATION = [[[0.1, 0.2]], [[0.3, NAN]], [[0.5, 0.6]]]
"""Three years of two cells; one cell is missed in one year."""


def grid(rows: int, columns: int, cell: float, corner: tuple[float, float] = CORNER) -> GeoBox:
    return GeoBox((rows, columns), from_origin(*corner, cell, cell), CRS)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (YEARS, [[[0.1, 0.2]], [[0.3, NAN]], [[0.5, 0.6]]]),
        ((2001,), [[[0.3, NAN]]]),
        ((2000, 2005), [[[0.1, 0.2]], [[0.5, 0.6]]]),
    ],
)
def test_years_are_read_from_their_bands(
    make_raster: Make,
    layer: MakeLayer,
    places: Gazetteer,
    asked: tuple[int, ...],
    expected: list[list[list[float]]],
) -> None:
    series = layer(make_raster(VEGETATION), "vegetation_index", years=YEARS)
    read = read_raster(series, grid(1, 2, 100), places, asked)
    assert read.dims == ("year", "y", "x")
    assert read["year"].values.tolist() == list(asked)
    assert (read.dtype, read.name, read.attrs["units"]) == (np.float32, "vegetation_index", "1")
    assert read.odc.geobox == grid(1, 2, 100)
    np.testing.assert_allclose(read.values, expected, rtol=1e-6)


def test_without_years_the_newest_is_read(
    make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    series = layer(make_raster(VEGETATION), "vegetation_index", years=YEARS)
    assert series.year == 2005
    read = read_raster(series, grid(1, 2, 100), places)
    assert read.dims == ("y", "x")
    np.testing.assert_allclose(read.values, [[0.5, 0.6]], rtol=1e-6)


def test_a_cell_missed_in_one_year_is_not_mixed_with_its_neighbour(
    make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    """One cell of 200 m: the mean of both where both are known, of the known one elsewhere."""
    series = layer(make_raster(VEGETATION), "vegetation_index", years=YEARS)
    read = read_raster(series, grid(1, 1, 200), places, YEARS)
    np.testing.assert_allclose(read.values.ravel(), [0.15, 0.3, 0.55], rtol=1e-6)


def test_a_scale_of_the_table_and_one_of_the_file(
    make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    """MODIS writes the index times 10,000, SoilGrids clay in g/kg."""
    path = make_raster([[[4500]], [[6000]]], dtype="int16")
    series = layer(path, "vegetation_index", years=(2000, 2001), scale=0.0001)
    read = read_raster(series, grid(1, 1, 100), places, (2000, 2001))
    np.testing.assert_allclose(read.values.ravel(), [0.45, 0.6], rtol=1e-6)
    with rasterio.open(path, "r+") as target:
        target.scales = (0.1, 0.1)
    with pytest.raises(ValueOutOfRange):
        read_raster(layer(path, "soil_clay", scale=0.01), grid(1, 1, 100), places)
    clay = read_raster(layer(path, "soil_clay", scale=0.001), grid(1, 1, 100), places)
    np.testing.assert_allclose(clay.values, [[0.45]], rtol=1e-6)


def test_a_year_at_a_place(make_raster: Make, layer: MakeLayer, places: Gazetteer) -> None:
    path = make_raster(VEGETATION, crs="EPSG:4326", corner=(103.0, 13.0), cell=0.1)
    series = layer(path, "vegetation_index", years=YEARS)
    found = series_at(series, 103.15, 12.95, places)
    assert (found.index.name, found.index.tolist()) == ("year", list(YEARS))
    np.testing.assert_allclose(found.to_numpy(), [0.2, NAN, 0.6], rtol=1e-6)
    assert series_at(series, 105.0, 12.95, places).isna().all()
    assert value_at(series, 103.15, 12.95, places) == pytest.approx(0.6)


def test_one_dated_map_is_a_series_of_one_year(
    make_polygons: Make, make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    shapes = make_polygons([(103.0, 12.8, 103.3, 13.1)], ["forest"])
    drawn = layer(
        shapes,
        "land_cover",
        "polygons",
        field="Name",
        classes={"forest": "tree_covered"},
        year=2002,
    )
    assert drawn.years == (2002,)
    assert series_at(drawn, 103.1, 13.0, places).to_dict() == {2002: 1.0}
    assert series_at(drawn, 103.9, 13.0, places).isna().tolist() == [True]
    read = read_raster(drawn, grid(1, 1, 100), places, (2002,))
    assert (read.dims, read.values.tolist()) == (("year", "y", "x"), [[[1]]])
    carbon = layer(make_raster([[40.0]], name="soc.tif"), "soil_carbon", year=2000)
    assert (carbon.years, carbon.dated) == ((), (2000,))


@pytest.mark.parametrize(
    ("legend", "codes", "expected"),
    [
        # ESA CCI 2.0 user guide: 10 cropland, 61 tree cover, 190 urban, 210 water
        ("esa-cci", [10, 61, 190, 210], [3, 1, 5, 7]),
        # WorldCover 2021 manual: 10 trees, 40 cropland, 50 built-up, 90 herbaceous wetland
        ("worldcover", [10, 40, 50, 90], [1, 3, 5, 4]),
        ("", [1, 3, 7, 6], [1, 3, 7, 6]),
    ],
)
def test_land_cover_in_known_legends(
    make_raster: Make,
    layer: MakeLayer,
    places: Gazetteer,
    legend: str,
    codes: list[int],
    expected: list[int],
) -> None:
    path = make_raster([codes], dtype="uint8", nodata=0)
    found = read_raster(
        layer(path, "land_cover", year=2020, legend=legend), grid(1, 4, 100), places
    )
    assert found.values.tolist() == [expected]
    assert found.attrs["classes"] == (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize("code", [7, 256, -5])
def test_a_code_outside_a_known_legend_is_refused(
    make_raster: Make, layer: MakeLayer, places: Gazetteer, code: int
) -> None:
    path = make_raster([[10, code]], dtype="int16", nodata=0)
    cover = layer(path, "land_cover", year=2020, legend="esa-cci")
    with pytest.raises(UnknownClass) as error:
        check(cover, places)
    assert error.value.found == (str(code),)
    with pytest.raises(UnknownClass):
        read_raster(cover, grid(1, 2, 100), places)


@pytest.mark.parametrize(("dtype", "nodata"), [("int16", -9999), ("uint8", 255), ("uint8", 0)])
@pytest.mark.parametrize("imported", [False, True])
def test_classes_beside_no_data_stay_classes_when_read_coarsely(
    make_raster: Make,
    make_meta: Make,
    bare: Workspace,
    layer: MakeLayer,
    places: Gazetteer,
    dtype: str,
    nodata: int,
    imported: bool,
) -> None:
    """GDAL's mode of a window without data is 0, which no legend names."""
    values = np.full((1200, 1200), nodata)
    values[:, 500:] = 3
    path = make_raster(values, dtype=dtype, nodata=nodata, cell=30.0)
    cover = layer(path, "land_cover", year=2020)
    if imported:
        meta = make_meta(variable="land_cover", unit="", year=2020)
        import_layer(path, meta, bare)
        cover = catalogue(bare).layer("own")
    check(cover, places)
    read = read_raster(cover, grid(12, 12, 3000), places)
    assert set(np.unique(read.values)) == {NO_DATA, 3}
    assert read.values[0, :5].tolist() == [NO_DATA] * 5
    assert read.values[0, 5:].tolist() == [3] * 7


@pytest.mark.parametrize(
    ("keys", "where", "reason"),
    [
        ({"years": ()}, "layers.small.years", "allowed.missing"),
        ({"years": YEARS, "year": 2001}, "layers.small.year", "allowed.newest_year"),
        ({"years": YEARS, "field": "2"}, "layers.small.field", "allowed.no_band_of_a_series"),
        ({"years": YEARS, "geometry": "polygons"}, "layers.small.years", "allowed.one_year"),
        ({"years": YEARS, "legend": "esa-cci"}, "layers.small.legend", "allowed.only_land_cover"),
        ({"years": (1492,)}, "layers.small.years.0", "allowed.greater_than_equal"),
        ({"years": "2000-2005"}, "layers.small.years", "allowed.list"),
        ({"years": (2000.5,)}, "layers.small.years.0", "allowed.whole_number"),
        ({"years": YEARS, "scale": 0}, "layers.small.scale", "allowed.greater_than"),
        ({"years": YEARS, "yaers": 1}, "layers.small.yaers", "allowed.unknown_key"),
    ],
)
def test_years_that_do_not_hold(
    layer: MakeLayer, keys: dict[str, object], where: str, reason: str
) -> None:
    with pytest.raises(CatalogueInvalid) as error:
        layer(Path("/x/a.tif"), "vegetation_index", **keys)
    assert error.value.where == where
    assert isinstance(error.value.reason, Note)
    assert error.value.reason.key == reason


@pytest.mark.parametrize("years", [(2001, 2000), (2000, 2000), (2000, 2002, 2001)])
def test_years_out_of_order(layer: MakeLayer, years: tuple[int, ...]) -> None:
    with pytest.raises(YearsOutOfOrder) as error:
        layer(Path("/x/a.tif"), "vegetation_index", years=years)
    assert error.value.found == years
    assert f"{years[0]}, {years[1]}" in error_text(error.value, "en")


@pytest.mark.parametrize("bands", [1, 2, 4])
def test_as_many_years_as_bands(
    make_raster: Make, layer: MakeLayer, places: Gazetteer, bands: int
) -> None:
    path = make_raster(np.full((bands, 1, 2), 0.5))
    series = layer(path, "vegetation_index", years=YEARS)
    for read in (check, lambda one, known: read_raster(one, grid(1, 2, 100), known)):
        with pytest.raises(CatalogueInvalid) as error:
            read(series, places)
        assert error.value.where == "small.years"
        assert dict(error.value.reason.values) == {"bands": bands}


def test_a_band_that_the_file_has_not(
    make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    with pytest.raises(CatalogueInvalid) as error:
        check(layer(make_raster([[1.0]]), field="2"), places)
    assert error.value.where == "small.field"


@pytest.mark.parametrize(
    ("values", "unit", "fault"),
    [
        ([[[0.1]], [[NAN]], [[0.1]]], None, AllNoData),
        ([[[0.1]], [[0.1]], [[1.1]]], None, ValueOutOfRange),
        ([[[0.1]], [[0.1]], [[0.1]]], "percent", WrongUnit),
    ],
)
def test_every_year_is_looked_at(
    make_raster: Make,
    layer: MakeLayer,
    places: Gazetteer,
    values: list[list[list[float]]],
    unit: str | None,
    fault: type[Exception],
) -> None:
    series = layer(make_raster(values, unit=unit), "vegetation_index", years=YEARS)
    with pytest.raises(fault) as error:
        check(series, places)
    if fault is AllNoData:
        assert error.value.source == "small 2001"


# ---- counts ----


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (grid(2, 2, 100), [[1, 2], [3, NAN]]),
        # summed, not averaged
        (grid(1, 1, 200), [[6.0]]),
        # a finer grid shares a cell out: a quarter of it each
        (grid(2, 2, 50), [[0.25, 0.25], [0.25, 0.25]]),
        # half of the left column
        (grid(2, 1, 100, (299_950.0, 1_420_000.0)), [[0.5], [1.5]]),
    ],
)
def test_counts_are_summed(
    make_raster: Make,
    layer: MakeLayer,
    places: Gazetteer,
    box: GeoBox,
    expected: list[list[float]],
) -> None:
    people = layer(make_raster([[1, 2], [3, -9999]]), "population")
    found = read_raster(people, box, places)
    assert found.attrs["units"] == "people"
    np.testing.assert_allclose(found.values, expected, rtol=1e-5)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 999), cell=st.sampled_from([37.0, 90.0, 250.0, 1000.0]))
def test_the_total_stays_on_any_grid(
    make_raster: Make, layer: MakeLayer, places: Gazetteer, seed: int, cell: float
) -> None:
    """In degrees and onto a grid that holds all of the file; a third of the cells is unknown."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(0.5, 20.0, (40, 50))
    values[rng.random(values.shape) < 1 / 3] = -9999
    path = make_raster(values, crs="EPSG:4326", corner=(103.0, 13.0), cell=0.001)
    box = grid(int(7000 / cell), int(7000 / cell), cell, (282_000.0, 1_438_500.0))
    found = read_raster(layer(path, "population"), box, places).values
    assert np.nansum(found, dtype=float) == pytest.approx(values[values >= 0].sum(), rel=2e-3)


# ---- roles ----


def test_a_role_gets_those_of_its_years_that_the_layer_has(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    area = places.communes_of(["020704"]).to_crs(CRS)
    box = analysis_grid(area, 500)
    corner = (box.boundingbox.left - 500, box.boundingbox.top + 500)
    path = make_raster(np.full((3, 60, 60), 0.5), corner=corner, cell=1000.0)
    import_layer(path, make_meta(variable="vegetation_index", unit="1", years=list(YEARS)), bare)
    assert coverage(catalogue(bare).layer("own"), area, places) == 1

    def read(*years: int) -> object:
        role = Role("vegetation_index", "quantity", "1", years=years)
        return gather((role,), box, area, places, bare, silent)

    found = read(1999, 2000, 2001, 2002)
    assert found.rasters["vegetation_index"]["year"].values.tolist() == [2000, 2001]
    assert found.years == {"vegetation_index": 2001}
    assert (found.uses[0].id, found.uses[0].year) == ("own", 2001)
    with pytest.raises(PeriodOutsideData) as error:
        read(2010, 2009)
    assert error.value.values == {
        "source": "own",
        "period": "2009-2010",
        "missing": ("2009", "2010"),
    }
    assert "2009, 2010" in error_text(error.value, "en")


def test_where_no_layer_tells_a_series_its_role_is_absent(
    bare: Workspace, places: Gazetteer
) -> None:
    """Example land lies in the two provinces, climate zones nowhere."""
    area = places.communes_of(["020704"]).to_crs(CRS)
    roles = (Role("climate_zone", "class"), Role("population", "quantity", "people", years=(2020,)))
    found = gather(roles, analysis_grid(area, 500), area, places, bare, silent)
    assert found.absent == ("climate_zone", "population")


def test_what_does_not_fit_is_read_in_blocks() -> None:
    series = Role("vegetation_index", "quantity", "1", years=tuple(range(24)))
    roads = Role("roads", "features")
    side = int((CELLS_AT_ONCE / 25) ** 0.5)
    assert chunk_for((series, Role("slope", "quantity"), roads), grid(side, side, 30)) is None
    assert chunk_for((series, Role("slope", "quantity")), grid(side + 1, side, 30)) == CHUNK
    assert chunk_for((roads,), grid(60_000, 60_000, 30)) is None


@pytest.mark.parametrize(
    ("variable", "value", "en", "km"),
    [
        ("vegetation_index", 0.56, "0.56", "0.56"),
        ("soil_clay", 0.56, "56\xa0%", "56\xa0%"),
        ("population", 12.0, "12\xa0people", "12\xa0នាក់"),
        ("soil_ph", 5.25, "5.2\xa0pH", "5.2\xa0pH"),
    ],
)
def test_values_are_written_with_their_unit(variable: str, value: float, en: str, km: str) -> None:
    """An index that may be negative is no share: it is not written in percent."""
    about = variables()[variable]
    assert value_text(value, about, "en") == en
    assert value_text(value, about, "km") == km
    assert all("%" in label for label, _ in scale_of(about, []).labels) == ("%" in en)
