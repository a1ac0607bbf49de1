"""A second workspace: the real files of the test collection, imported through the door."""

from pathlib import Path

import pytest

from layers.files import toml_text
from layers.prepare import bring_in, prepare
from layers.workspace import Workspace

ODC = {"source": "Open Development Cambodia", "licence": "not stated", "edition": "2014"}
SRTM = {"source": "USGS relief via Open Development Cambodia", "licence": "public domain"}
LAYERS = {
    "soils/crocker_soil_map_1962.geojson": ODC
    | {"variable": "soil_group", "unit": "", "field": "Name", "year": 1962},
    "soils/soil_fertility_map.geojson": ODC
    | {"variable": "fertility", "unit": "", "field": "Name", "year": 2003},
    "protected/protected_areas_and_forests.geojson": ODC
    | {"variable": "protected_zone", "unit": "", "field": "Status", "year": 2014},
    "rice_ecosystems/rice_ecosystem_map.geojson": ODC
    | {"variable": "rice_ecosystem", "unit": "", "field": "Name", "year": 2014},
    "roads/main_roads_osm.geojson": {
        "variable": "roads",
        "unit": "",
        "source": "OpenStreetMap contributors",
        "licence": "ODbL 1.0",
        "edition": "2020",
        "year": 2020,
        "field": "fclass",
    },
    "water/perennial_water.geojson": {
        "variable": "water",
        "unit": "",
        "source": "Digital Chart of the World via DIVA-GIS",
        "licence": "not stated",
        "edition": "1990s",
        "year": 1992,
        "extent": ["KH"],
    },
    "terrain/slope_deg_15s.tif": SRTM
    | {"variable": "slope", "unit": "degree", "edition": "15 arc-seconds", "year": 2000},
    "terrain/dem_m_15s.tif": SRTM
    | {"variable": "elevation", "unit": "m", "edition": "15 arc-seconds", "year": 2000},
}


@pytest.fixture(scope="session")
def real_workspace(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Boundaries, soils, terrain, water, protected areas, roads, villages, rice ecosystems."""
    folder = tmp_path_factory.mktemp("real")
    workspace = prepare(Workspace(folder / "workspace"))
    bring_in(shared_data / "boundaries/adm3_coded.geojson", "boundaries", workspace)
    bring_in(shared_data / "boundaries/adm2_coded.geojson", "boundaries", workspace)
    bring_in(shared_data / "boundaries/adm1_2022.geojson", "boundaries", workspace)
    bring_in(shared_data / "villages/villages_kh.csv", "villages", workspace)
    for name, table in LAYERS.items():
        variable = str(table["variable"])
        meta = folder / f"{variable}.toml"
        stated = table | {"id": f"real_{variable}", "title": {"en": variable, "km": variable}}
        meta.write_text(toml_text(stated), encoding="utf-8")
        bring_in(shared_data / name, "layer", workspace, meta=meta)
    return workspace
