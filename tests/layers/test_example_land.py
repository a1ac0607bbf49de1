"""Example land: made up when it is first read, whole, the same each time, and of every class."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin
from scipy.ndimage import generic_filter

from gis.analysis import Role, silent
from gis.errors import OutputUnwritable
from gis.grid import CRS, NO_DATA, analysis_grid
from gis.zonal import zone_of_cells
from layers import generated
from layers.boundaries import NAMES, Gazetteer
from layers.catalogue import Catalogue, catalogue
from layers.example_change import CROP, TREE, WATER, YEARS
from layers.example_land import Scaled, example_land
from layers.gather import gather
from layers.generated import file_of, generated_path, recipe
from layers.sources import read_raster
from layers.tracks import tracks
from layers.workspace import EMBEDDED, PROJECT, Workspace

Make = Callable[..., Path]
LAYERS = (
    "vegetation_index_example",
    "land_cover_example",
    "soil_carbon_example",
    "population_female_example",
    "population_male_example",
)


@pytest.fixture(scope="module")
def made() -> dict[str, Scaled]:
    return dict(example_land())


@pytest.fixture(scope="module")
def known(land_workspace: Workspace) -> Catalogue:
    return catalogue(land_workspace)


def small() -> dict[str, Scaled]:
    """What stands in for the landscape where only its files matter."""
    grid = GeoBox((1, 1), from_origin(300_000, 1_420_000, 250, 250), CRS)
    cell = np.ones((1, 1, 1), dtype=np.int16)
    return {name.removesuffix("_example"): Scaled(cell, 1.0, ("2000",), grid) for name in LAYERS}


def test_every_layer_of_the_example_says_so(known: Catalogue) -> None:
    found = [layer for layer in known.layers.values() if layer.generated]
    assert tuple(layer.id for layer in found) == LAYERS
    for layer in found:
        assert layer.example
        assert layer.confidence == "low"
        assert "example" in layer.title["en"]
        assert "ឧទាហរណ៍" in layer.title["km"]
        assert layer.sha256 == recipe()
        assert layer.extent == ("02", "13")


def test_the_same_seed_gives_the_same_numbers(made: dict[str, Scaled]) -> None:
    again = example_land()
    assert again.keys() == made.keys()
    for name, content in made.items():
        assert content.numbers.tobytes() == again[name].numbers.tobytes()


def test_series_are_annual_and_whole(made: dict[str, Scaled]) -> None:
    years = tuple(str(year) for year in YEARS)
    assert tuple(range(2000, 2024)) == YEARS
    for name in ("vegetation_index", "land_cover"):
        assert made[name].names == years
        assert made[name].numbers.shape == (len(YEARS), *made[name].grid.shape)
    cover = made["land_cover"].numbers
    told = cover != NO_DATA
    assert (told == told[0]).all()
    assert set(np.unique(cover[told])) == set(range(1, 8))


def test_land_lies_in_patches_and_changes_seldom(made: dict[str, Scaled]) -> None:
    """Not salt and pepper: most cells are of the class of most of their neighbours."""
    cover = made["land_cover"].numbers
    window = cover[0, 300:400, 100:200]
    alike = generic_filter(window, lambda cells: (cells == cells[4]).mean(), size=3)
    assert alike.mean() > 0.85
    told = cover[0] != NO_DATA
    changes = sum((one != other) & told for one, other in pairwise(cover))
    assert changes[told].max() <= 4
    assert 0.05 < (changes[told] > 0).mean() < 0.3
    assert ((cover[0] == TREE) & (cover[-1] == CROP)).sum() > (
        (cover[0] == CROP) & (cover[-1] == TREE)
    ).sum()


def test_vegetation_is_an_index_and_follows_the_land(made: dict[str, Scaled]) -> None:
    content = made["vegetation_index"]
    values = np.where(content.numbers == NO_DATA, np.nan, content.numbers * content.scale)
    assert np.nanmin(values) > -0.201
    assert np.nanmax(values) < 0.951
    cover = made["land_cover"].numbers
    by_class = [np.nanmean(values[0][cover[0] == code]) for code in (TREE, CROP, WATER)]
    assert by_class == sorted(by_class, reverse=True)
    unknown = np.isnan(values) & (cover != NO_DATA)
    assert 0 < unknown.any(axis=0).sum() < 0.02 * (cover[0] != NO_DATA).sum()


def test_people_add_up_to_the_census_of_each_district(known: Catalogue, places: Gazetteer) -> None:
    census = pd.read_csv(NAMES, dtype={"code": str}, index_col="code")["population_2019"]
    area = places.communes_of(["0207"]).to_crs(CRS)
    grid = analysis_grid(area, 250)
    found = sum(
        read_raster(known.layer(f"population_{sex}_example"), grid, places).values
        for sex in ("female", "male")
    )
    inside = zone_of_cells(area, grid) >= 0
    assert np.nansum(found[inside]) == pytest.approx(census["0207"], rel=0.03)


def test_it_is_made_when_it_is_first_read(
    bare: Workspace, places: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def counted() -> dict[str, Scaled]:
        calls.append(1)
        return small()

    monkeypatch.setattr("layers.example_land.example_land", counted)
    layers = [catalogue(bare).layer(name) for name in LAYERS]
    assert not any(layer.path.exists() for layer in layers)
    for layer in layers:
        assert file_of(layer) == layer.path
        assert layer.path.is_file()
    assert calls == [1]
    assert len(list(layers[0].path.parent.iterdir())) == len(LAYERS)


def test_a_stop_leaves_nothing_half_made_and_the_next_goes_on(
    bare: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.example_land.example_land", small)
    write = generated._write_raster

    def stopped(content: Scaled, path: Path) -> None:
        write(content, path)
        if "soil_carbon" in {item.stem.split("-")[0] for item in path.parent.glob("[!.]*")}:
            raise KeyboardInterrupt

    layer = catalogue(bare).layer("vegetation_index_example")
    with monkeypatch.context() as patch:
        patch.setattr(generated, "_write_raster", stopped)
        with pytest.raises(KeyboardInterrupt):
            file_of(catalogue(bare).layer("population_male_example"))
    folder = layer.path.parent
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert len(list(folder.iterdir())) < len(LAYERS)
    for name in LAYERS:
        assert file_of(catalogue(bare).layer(name)).is_file()


def test_a_new_recipe_replaces_what_an_older_one_made(
    bare: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.example_land.example_land", small)
    layer = catalogue(bare).layer("land_cover_example")
    old = layer.path.with_name(f"land_cover-{'0' * 12}.tif")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"of an earlier version")
    foreign = old.with_name("notes.txt")
    foreign.write_text("kept", encoding="utf-8")
    file_of(layer)
    assert not old.exists()
    assert foreign.exists()


def test_a_folder_that_cannot_be_written(bare: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.example_land.example_land", small)
    bare.root.mkdir()
    (bare.root / "cache").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputUnwritable):
        file_of(catalogue(bare).layer("land_cover_example"))


def test_two_processes_at_once_write_the_same(land_workspace: Workspace, tmp_path: Path) -> None:
    """Each file takes its place whole; the bytes are those that this process made."""
    code = (
        "import sys; from pathlib import Path; from layers.workspace import Workspace;"
        "from layers.catalogue import catalogue; from layers.generated import file_of;"
        "print(file_of(catalogue(Workspace(Path(sys.argv[1]))).layer('land_cover_example')))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "shared")]
    both = [subprocess.Popen(command, cwd=PROJECT) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    for name in LAYERS:
        file = generated_path(
            f"{name.removesuffix('_example')}.tif", Workspace(tmp_path / "shared")
        )
        other = generated_path(file.name.split("-")[0] + ".tif", land_workspace)
        assert file.read_bytes() == other.read_bytes()
    size = sum(path.stat().st_size for path in file.parent.iterdir())
    assert size < 40_000_000


def test_other_analyses_do_not_read_it(known: Catalogue) -> None:
    """Its variables are those of land degradation alone: no criterion scores made-up land."""
    asked = {name for track in tracks() for item in track.criteria for name in item.variables}
    asked |= {mask.variable for track in tracks() for mask in track.masks}
    assert not asked & {known.layer(name).variable for name in LAYERS}


def test_own_layers_come_before_it(
    known: Catalogue, land_workspace: Workspace, places: Gazetteer
) -> None:
    """And where none covers the area there is none at all: it lies in two provinces."""
    area = places.communes_of(["020704"]).to_crs(CRS)
    role = Role("soil_carbon", "quantity", "t/ha")
    found = gather((role,), analysis_grid(area, 250), area, places, land_workspace, silent)
    assert found.uses[0].example
    assert known.for_variable("soil_carbon")[-1].id == "soil_carbon_example"


def test_nothing_of_it_is_stored_with_the_project() -> None:
    assert not list(EMBEDDED.rglob("*.tif"))
