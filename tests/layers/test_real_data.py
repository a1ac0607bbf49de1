"""Real files of Cambodia, imported as layers of a workspace and read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from gis.grid import CRS, NO_DATA, analysis_grid
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import Catalogue, catalogue
from layers.files import write_toml
from layers.imports import import_boundaries, import_layer
from layers.sources import check, coverage, read_features, read_raster, value_at
from layers.vectors import burn
from layers.workspace import Workspace
from registry.database import Database
from registry.intake import intake

FOUR = ("0207", "0208", "0201", "13")
ODC = {"source": "Open Development Cambodia", "licence": "not stated"}
USGS = {"source": "USGS relief", "licence": "not stated", "year": 2000}
LAYERS: dict[str, tuple[str, dict[str, Any]]] = {
    "crocker": (
        "soils/crocker_soil_map_1962.geojson",
        ODC | {"variable": "soil_group", "unit": "", "field": "Name", "year": 1962},
    ),
    "fertility": (
        "soils/soil_fertility_map.geojson",
        ODC | {"variable": "fertility", "unit": "", "field": "Name", "year": 2003},
    ),
    "slope": ("terrain/slope_deg_15s.tif", USGS | {"variable": "slope", "unit": "degree"}),
    "dem": ("terrain/dem_m_15s.tif", USGS | {"variable": "elevation", "unit": "m"}),
    "protected": (
        "protected/protected_areas_and_forests.geojson",
        ODC | {"variable": "protected_zone", "unit": "", "field": "Status", "extent": ["KH"]},
    ),
    "rice": (
        "rice_ecosystems/rice_ecosystem_map.geojson",
        ODC | {"variable": "rice_ecosystem", "unit": "", "field": "Name", "extent": ["KH"]},
    ),
    "osm": (
        "roads/main_roads_osm.geojson",
        {"variable": "roads", "unit": "", "field": "fclass", "extent": ["KH"], "year": 2020}
        | {"source": "OpenStreetMap contributors", "licence": "ODbL 1.0"},
    ),
}


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A second workspace with the real files as its layers."""
    folder = tmp_path_factory.mktemp("real")
    workspace = Workspace(folder / "workspace")
    import_boundaries(shared_data / "boundaries/adm3_coded.geojson", workspace)
    for name, (path, keys) in LAYERS.items():
        meta = folder / f"{name}.toml"
        titles = {"en": name.capitalize(), "km": name}
        write_toml(meta, {"id": name, "title": titles, "edition": "as published"} | keys)
        report = import_layer(shared_data / path, meta, workspace)
        assert report.added == 1
    return workspace


@pytest.fixture(scope="module")
def known(real: Workspace) -> Catalogue:
    return catalogue(real)


@pytest.fixture(scope="module")
def areas(real: Workspace) -> Gazetteer:
    return gazetteer(real)


def test_official_outlines_replace_the_embedded_ones(areas: Gazetteer) -> None:
    counts = [len(table) for table in (areas.provinces, areas.districts, areas.communes)]
    assert counts == [25, 197, 1633]
    assert shapely.coverage_is_valid(areas.communes.geometry.to_numpy())
    assert not areas.communes["name_en"].str.contains(r"\*").any()
    assert (areas.communes["name_en"] == "").sum() == 0
    assert len(areas.communes_of(FOUR)) == 74
    km2 = areas.provinces.to_crs(CRS).area / 1e6
    assert km2["02"] == pytest.approx(11872, rel=0.01)
    assert km2["13"] == pytest.approx(14030, rel=0.01)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2025:020408", "020407"),
        ("020408", "020408"),
        ("2025:021404", "021403"),
        ("2025:1210", "1212"),
        ("Chrang Chamreh Ti Muoy", "120711"),
        ("Rattanak Mondul", "0207"),
        ("អណ្ដើកហែប", "020702"),
    ],
)
def test_both_vintages_and_scripts(areas: Gazetteer, words: str, code: str) -> None:
    assert areas.find(words).code == code


def test_the_same_boundaries_twice_change_nothing(
    real: Workspace, shared_data: Path, areas: Gazetteer
) -> None:
    again = import_boundaries(shared_data / "boundaries/adm3_coded.geojson", real)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1633)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_opens(known: Catalogue, name: str, areas: Gazetteer) -> None:
    check(known.layer(name), areas)
    assert known.for_variable(known.layer(name).variable)[0].id == name


def test_the_four_areas_are_covered(known: Catalogue, areas: Gazetteer) -> None:
    """Own layers first; the soil maps leave out less than a hundredth."""
    area = areas.communes_of(FOUR)
    for name in LAYERS:
        assert coverage(known.layer(name), area, areas) > 0.99


def test_terrain_does_not_cover_the_country(known: Catalogue, areas: Gazetteer) -> None:
    country = areas.communes_of(["KH"])
    assert coverage(known.layer("slope"), country, areas) == pytest.approx(0.476, abs=0.005)
    assert coverage(known.layer("slope_figures"), country, areas) < 0.15
    for name in ("crocker", "fertility", "protected", "osm"):
        assert coverage(known.layer(name), country, areas) > 0.99


def test_slope_agrees_with_the_commune_figures(known: Catalogue, areas: Gazetteer) -> None:
    """The mean slope of a commune is its figure: both come from the same relief."""
    area = areas.communes_of(["0207"])
    box = analysis_grid(area, 90)
    slope = read_raster(known.layer("slope"), box, areas).values
    figure = read_raster(known.layer("slope_figures"), box, areas).values
    inside = burn(area.to_crs(CRS).geometry.to_numpy(), np.ones(len(area)), box, 0.0) > 0
    for mean in np.unique(figure[inside]):
        own = inside & (figure == mean)
        assert np.nanmean(slope[own]) == pytest.approx(mean, rel=0.05, abs=0.03)
    assert np.nanmin(slope) >= 0


@pytest.mark.parametrize("codes", [FOUR, ("KH",)], ids=["four", "country"])
@pytest.mark.parametrize("name", ["crocker", "fertility", "protected", "rice"])
def test_classes_on_the_grid_are_those_of_the_legend(
    known: Catalogue, areas: Gazetteer, name: str, codes: tuple[str, ...]
) -> None:
    layer = known.layer(name)
    box = analysis_grid(areas.communes_of(codes), 1000)
    read = read_raster(layer, box, areas)
    assert read.dtype == np.int16
    found = set(np.unique(read.values)) - {NO_DATA}
    assert found <= set(layer.about.codes)
    if codes == ("KH",):
        assert found == set(layer.about.codes)


def test_one_fertility_class_over_rattanak_mondul(known: Catalogue, areas: Gazetteer) -> None:
    area = areas.communes_of(["0207"])
    box = analysis_grid(area, 90)
    read = read_raster(known.layer("fertility"), box, areas).values
    inside = burn(area.to_crs(CRS).geometry.to_numpy(), np.ones(len(area)), box, 0.0) > 0
    assert np.unique(read[inside]).tolist() == [3]


def test_known_places(known: Catalogue, areas: Gazetteer) -> None:
    lake = (104.1, 12.85)
    assert value_at(known.layer("crocker"), *lake, areas) == 17
    assert value_at(known.layer("protected"), 104.85, 13.95, areas) == 1  # Kulen Promtep
    assert value_at(known.layer("protected"), 103.2, 13.1, areas) == 0
    sdau = value_at(known.layer("dem"), 102.96, 12.9, areas)
    assert isinstance(sdau, float)
    assert 60 < sdau < 260


def test_roads_near_an_area(known: Catalogue, areas: Gazetteer) -> None:
    area = areas.communes_of(["0207"])
    near = read_features(known.layer("osm"), area, margin_m=5000)
    inside = read_features(known.layer("osm"), area)
    assert 0 < len(inside) < len(near) < 2713
    assert near.crs == CRS
    assert set(near["fclass"]) <= {"trunk", "primary", "secondary"} | {
        f"{road}_link" for road in ("trunk", "primary", "secondary")
    }


def test_names_of_every_vintage_by_the_crosswalk(
    shared_data: Path, real: Workspace, areas: Gazetteer, tmp_path: Path
) -> None:
    """Each spelling of the lists is found by the code of 2014, not by that of 2025."""
    own = Workspace(Path(shutil.copytree(real.root, tmp_path / "workspace")))
    with Database.open(own.database_url) as database:
        for file in ("districts.csv", "communes.csv"):
            intake(shared_data / "crosswalk" / file, "names", database, areas)
    richer = gazetteer(own)
    table = pd.read_csv(shared_data / "crosswalk/communes.csv", dtype=str, keep_default_na=False)
    table = table[table["code_2014"].isin(richer.communes.index)]
    trapped = table[table["commune_code"] != table["code_2014"]]
    assert len(trapped) > 5
    for column in ("name_en_mef2025", "name_kh", "name_en_ncdd2014"):
        named = zip(table["code_2014"], table[column], strict=True)
        missed = [name for code, name in named if name and code not in richer.named(name)]
        assert missed == []
    # the outlines bring no name of a district elsewhere; the recorded names fill it
    assert areas.area("0102").name_en == "0102"
    assert (richer.area("0102").name_en, richer.area("0102").name_km) == (
        "Mangkul Bourei",
        "មង្គលបូរី",
    )
    assert richer.find("Mongkol Borei").code == "0102"
