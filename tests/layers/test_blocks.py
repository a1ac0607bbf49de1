"""Reading in blocks has the very bits of reading at once, whatever the file and the blocks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from gis.analysis import Role, silent
from gis.errors import GridTooLarge, ValueOutOfRange
from gis.grid import CRS, MAX_CELLS, MAX_CELLS_IN_BLOCKS, analysis_grid
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, catalogue
from layers.gather import gather
from layers.sources import read_raster
from layers.tiles import in_tiles, lazily, whole
from layers.warp import TILE
from layers.workspace import Workspace

MakeLayer = Callable[..., Layer]
Make = Callable[..., Path]
YEARS = (2000, 2001, 2002)
ROWS, COLUMNS = 300, 530
"""More than one tile of the grid in both directions, and no whole number of them."""
FILES = {
    "in degrees, coarser": {"crs": "EPSG:4326", "corner": (102.9, 13.1), "cell": 0.0037},
    "in degrees, finer": {"crs": "EPSG:4326", "corner": (102.9, 13.1), "cell": 0.0006},
    "in UTM beside the grid's lines": {"corner": (290_013.7, 1_436_011.3), "cell": 97.3},
    "in UTM, in part beside the grid": {"corner": (300_000.0, 1_420_000.0), "cell": 250.0},
}


def box(cell: float = 90.0) -> GeoBox:
    return GeoBox((ROWS, COLUMNS), from_origin(293_040.0, 1_434_960.0, cell, cell), CRS)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("variable", ["vegetation_index", "land_cover", "population"])
def test_blocks_have_the_bits_of_the_whole(
    make_raster: Make,
    layer: MakeLayer,
    places: Gazetteer,
    file: str,
    variable: str,
) -> None:
    rng = np.random.default_rng(7)
    values = rng.random((3, 500, 700))
    values = {
        "vegetation_index": values,
        "land_cover": np.floor(values * 7) + 1,
        "population": values * 90,
    }[variable]
    values[rng.random(values.shape) < 0.2] = -9999
    series = layer(make_raster(values, **FILES[file]), variable, years=YEARS)
    at_once = read_raster(series, box(), places, YEARS)
    newest = read_raster(series, box(), places)
    for chunk in (100, TILE, 2 * TILE):
        blocks = read_raster(series, box(), places, YEARS, chunk)
        assert blocks.data.chunksize[1:] == (min(chunk, ROWS), min(chunk, COLUMNS))
        assert blocks.dtype == at_once.dtype
        assert blocks.compute().values.tobytes() == at_once.values.tobytes()
        blocks = read_raster(series, box(), places, chunk=chunk)
        assert blocks.dims == ("y", "x")
        assert blocks.compute().values.tobytes() == newest.values.tobytes()
    assert (~np.isnan(newest) if newest.dtype.kind == "f" else newest > 0).any()


def test_polygons_and_commune_figures_too(
    make_polygons: Make, layer: MakeLayer, places: Gazetteer, bare: Workspace
) -> None:
    shapes = make_polygons(
        [(102.9, 12.8, 103.2, 13.0), (103.1, 12.7, 103.3, 12.9)], ["low", "high"]
    )
    fertility = layer(shapes, "fertility", "polygons", field="Name")
    figures = catalogue(bare).layer("soil_group_figures")
    for one in (fertility, figures):
        at_once = read_raster(one, box(), places)
        blocks = read_raster(one, box(), places, chunk=128)
        assert isinstance(blocks.data, da.Array)
        assert blocks.compute().values.tobytes() == at_once.values.tobytes()
        assert len(np.unique(at_once)) > 1


def test_roles_are_filled_in_blocks(land_workspace: Workspace, places: Gazetteer) -> None:
    """What stands beside the values does not depend on how they are read."""
    roles = (
        Role("land_cover", "class", years=(2000, 2023)),
        Role("soil_carbon", "quantity", "t/ha"),
        Role("population_female", "quantity", "people"),
        Role("soil_group", "class"),
    )
    area = places.communes_of(["0207"]).to_crs(CRS)
    read = partial(gather, roles, analysis_grid(area, 250), area, places, land_workspace, silent)
    at_once, blocks = read(), read(chunk=64)
    assert blocks.rasters.keys() == at_once.rasters.keys()
    for name, found in at_once.rasters.items():
        other = blocks.rasters[name]
        assert isinstance(other.data, da.Array)
        assert (other.dims, other.odc.geobox) == (found.dims, found.odc.geobox)
        assert repr(other.attrs) == repr(found.attrs)
        assert other.compute().values.tobytes() == found.values.tobytes()
    assert (blocks.uses, blocks.notes, blocks.years) == (
        at_once.uses,
        at_once.notes,
        at_once.years,
    )


def test_nothing_is_read_before_it_is_needed(
    make_raster: Make, layer: MakeLayer, places: Gazetteer
) -> None:
    """And a fault of the file keeps its name when it is."""
    path = make_raster(np.full((1, 40, 40), 3.0), cell=1000.0)
    lazy = read_raster(layer(path, "vegetation_index", year=2000), box(), places, (2000,), 128)
    with pytest.raises(ValueOutOfRange):
        lazy.compute()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 40),
    columns=st.integers(1, 40),
    size=st.integers(1, 20),
    chunk=st.integers(1, 50),
    data=st.data(),
)
def test_any_part_is_cut_from_the_same_tiles(
    rows: int, columns: int, size: int, chunk: int, data: st.DataObject
) -> None:
    """A reader that answers otherwise for every window: only whole tiles give equal parts."""
    grid = GeoBox((rows, columns), from_origin(0, 0, 10, 10), CRS)

    def read(tile: GeoBox) -> np.ndarray:
        corner = tile.boundingbox.left * 1000 + tile.boundingbox.top
        cells = np.arange(tile.shape[0] * tile.shape[1], dtype=np.float32)
        return np.stack([corner + cells.reshape(tile.shape)] * 2)

    every = in_tiles(read, grid, whole(grid), 2, size)
    start, left = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    stop, right = (
        data.draw(st.integers(start + 1, rows)),
        data.draw(st.integers(left + 1, columns)),
    )
    part = slice(start, stop), slice(left, right)
    assert np.array_equal(in_tiles(read, grid, part, 2, size), every[:, part[0], part[1]])
    blocks = lazily(lambda one: in_tiles(read, grid, one, 2, size), grid, 2, np.float32, chunk)
    assert np.array_equal(blocks.compute(scheduler="synchronous"), every)


def test_grids_may_be_larger_in_blocks(places: Gazetteer) -> None:
    area = places.communes_of(["02", "13"])
    with pytest.raises(GridTooLarge) as error:
        analysis_grid(area, 30)
    assert error.value.cells > MAX_CELLS
    assert analysis_grid(area, error.value.coarser)
    assert analysis_grid(area, 30, MAX_CELLS_IN_BLOCKS).shape[0] > 7000
    with pytest.raises(GridTooLarge):
        analysis_grid(area, 20, MAX_CELLS_IN_BLOCKS)
