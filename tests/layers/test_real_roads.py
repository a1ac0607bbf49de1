"""Travel time over the real roads, relief, rivers and villages of the four areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import binary_dilation

from gis.friction import Friction, friction
from gis.grid import CRS, GEOGRAPHIC, analysis_grid, padded
from gis.terrain import cells_at, in_units
from gis.travel_time import nearest_passable, off_road_share, travel_time
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import catalogue
from layers.files import write_toml
from layers.imports import import_boundaries, import_layer
from layers.machinery import machinery
from layers.sources import check, read_features, read_raster
from layers.vectors import read_vector
from layers.workspace import Workspace

FOUR = ("0207", "0208", "0201", "13")
CELL, MARGIN = 250.0, 30_000.0
TOWNS = {"Battambang": (103.1987, 13.0957), "Preah Vihear": (104.9740, 13.7917)}
"""Two bases of no real provider: the two provincial towns, which the national roads pass."""
LAYERS = {
    "roads": ("roads/main_roads_osm.geojson", {"field": "fclass", "extent": ["KH"], "year": 2020}),
    "slope": ("terrain/slope_deg_15s.tif", {"unit": "degree", "year": 2000}),
    "water": ("water.gpkg", {"extent": ["KH"], "year": 1990}),
}


@dataclass(frozen=True)
class Land:
    """The four areas with their margin, and ways over them in the dry season."""

    communes: gpd.GeoDataFrame
    grid: GeoBox
    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    slope: NDArray[np.float32]
    found: Friction
    bases: NDArray[np.int64]


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Rivers and lakes are two files there; one layer here, as a planner would join them."""
    folder = tmp_path_factory.mktemp("ways")
    parts = [
        gpd.read_file(shared_data / f"water/{name}.geojson").geometry
        for name in ("perennial_water", "rivers_kh")
    ]
    shapes = pd.concat(parts, ignore_index=True)
    gpd.GeoDataFrame(geometry=shapes, crs=GEOGRAPHIC).to_file(folder / "water.gpkg")
    workspace = Workspace(folder / "workspace")
    import_boundaries(shared_data / "boundaries/adm3_coded.geojson", workspace)
    for variable, (name, keys) in LAYERS.items():
        meta = folder / f"{variable}.toml"
        stated = {"id": f"real_{variable}", "variable": variable, "edition": "as published"}
        stated |= {"source": "see the folder", "licence": "see the folder"}
        write_toml(meta, stated | {"title": {"en": variable, "km": variable}} | keys)
        file = folder / name if variable == "water" else shared_data / name
        assert import_layer(file, meta, workspace).added == 1
    return workspace


@pytest.fixture(scope="module")
def places(imported: Workspace) -> Gazetteer:
    return gazetteer(imported)


@pytest.fixture(scope="module")
def land(imported: Workspace, places: Gazetteer) -> Land:
    known = catalogue(imported)
    communes = places.communes_of(FOUR).to_crs(CRS)
    grid = padded(analysis_grid(communes, CELL), MARGIN)
    roads = read_features(known.layer("real_roads"), communes, MARGIN)
    water = read_features(known.layer("real_water"), communes, MARGIN)
    slope = in_units(read_raster(known.layer("real_slope"), grid, places), "percent")
    found = friction(
        grid,
        season="dry",
        machinery=machinery(),
        roads=roads,
        water=water,
        slope_percent=slope,
    )
    bases, moved = nearest_passable(found.minutes_per_metre, cells(TOWNS.values(), grid))
    assert max(moved) <= 2
    return Land(communes, grid, roads, water, slope, found, bases)


def cells(places: object, grid: GeoBox) -> NDArray[np.intp]:
    lon, lat = zip(*places, strict=True)  # type: ignore[call-overload]
    points = gpd.GeoSeries.from_xy(lon, lat, crs=GEOGRAPHIC).to_crs(CRS)
    return np.column_stack(cells_at(np.column_stack([points.x, points.y]), grid))


def test_the_layers_are_sound(imported: Workspace, places: Gazetteer, land: Land) -> None:
    for name in LAYERS:
        check(catalogue(imported).layer(f"real_{name}"), places)
    assert set(land.roads["road_class"]) <= {
        *("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link")
    }
    keys = [note.key for note in land.found.notes]
    assert keys == ["friction.no_land_cover", "friction.slope_unknown"]


def by_commune(land: Land, shared_data: Path) -> pd.DataFrame:
    """Medians over the villages: minutes, share off the road, kilometres as the crow flies."""
    minutes, source, share = off_road_share(
        land.found.minutes_per_metre, land.bases, CELL, land.found.on_road, 16
    )
    villages = read_vector(shared_data / "villages/villages_kh.csv").to_crs(CRS)
    villages = villages[villages["commune_code"].isin(land.communes.index)]
    row, column = cells_at(np.column_stack([villages.geometry.x, villages.geometry.y]), land.grid)
    size = CELL / 1000
    away = np.hypot(*(np.column_stack([row, column]) - land.bases[source[row, column]]).T) * size
    table = pd.DataFrame(
        {"minutes": minutes[row, column], "off_road": share[row, column], "km": away}
    )
    found = table.groupby(villages["commune_code"].to_numpy()).median()
    outlines = land.communes.geometry.reindex(found.index)
    return found.assign(
        district=land.communes["district"].reindex(found.index),
        road=[bool(land.roads.intersects(outline).any()) for outline in outlines],
        kmh=found["km"] / found["minutes"] * 60,
    )


def test_a_commune_far_from_roads_is_far(land: Land, shared_data: Path) -> None:
    """The road data hold no line in 1301 and 1306, and the national road in 1307."""
    found = by_commune(land, shared_data)
    assert len(found) == 71, "three communes hold no village of the list"
    assert found["minutes"].notna().all()
    districts = found.groupby("district")
    assert not districts["road"].any()[["1301", "1306"]].any()
    assert districts["road"].sum()["1307"] == 4
    minutes = districts["minutes"].median()
    assert minutes["1306"] > 5 * minutes["1307"]
    assert minutes["1301"] > 5 * minutes["1307"]
    # As far as the crow flies, 1306 is no farther than communes on the road to Rovieng.
    near_road = found[found["road"] & found["km"].between(20, 60)]
    roadless = found[found["district"].isin(["1301", "1306"]) & found["km"].between(20, 60)]
    assert len(roadless) >= 8
    assert roadless["kmh"].max() < 0.6 * near_road["kmh"].median()
    assert near_road["off_road"].median() < 0.05 < 0.25 < roadless["off_road"].min() + 0.05
    # The north-east corner, by Laos: no line within ten kilometres.
    corner = found.loc["130207"]
    assert not corner["road"]
    assert corner["minutes"] == found["minutes"].nlargest(3)["130207"] > 480
    assert found.loc["130801", "minutes"] < 20, "the town itself"


def test_rivers_stop_where_no_road_crosses(land: Land) -> None:
    """No step between passable cells crosses a line of the file, but where a road does.

    A cell stands for its middle, one of a road for the road: a road may run beside a river.
    """
    parts = shapely.get_parts(land.water.geometry.to_numpy())
    rivers = shapely.STRtree(parts[shapely.get_dimensions(parts) == 1])
    bridges = shapely.STRtree(shapely.get_parts(land.roads.intersection(land.water.union_all())))
    passable = ~np.isnan(land.found.minutes_per_metre)
    near = passable & binary_dilation(land.found.barrier, np.ones((3, 3)), iterations=2)
    at = np.argwhere(near)
    x, y = (land.grid.coordinates[axis].values for axis in "xy")
    places = shapely.points(x[at[:, 1]], y[at[:, 0]])
    on_road = land.found.on_road[near]
    way = land.roads.union_all()
    places[on_road] = shapely.get_point(shapely.shortest_line(way, places[on_road]), 0)
    number = np.full(near.shape, -1)
    number[near] = np.arange(len(at))
    crossed = 0
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = np.roll(number, (-down, -right), (0, 1))[near]
        begin = np.flatnonzero((other >= 0) & ~(on_road & on_road[other]))
        ends = shapely.get_coordinates(places[begin]), shapely.get_coordinates(places[other[begin]])
        steps = shapely.linestrings(np.stack(ends, axis=1))
        over = steps[np.unique(rivers.query(steps, predicate="intersects")[0])]
        bridged = np.unique(bridges.query(over, predicate="dwithin", distance=CELL)[0])
        assert len(bridged) == len(over)
        crossed += len(over)
    assert len(at) > 5000
    assert crossed < 50, "only beside bridges"


def test_water_makes_ways_longer_and_never_shorter(land: Land) -> None:
    dry = friction(
        land.grid, season="dry", machinery=machinery(), roads=land.roads, slope_percent=land.slope
    )
    with_water, _ = travel_time(land.found.minutes_per_metre, land.bases, CELL, 16)
    without, _ = travel_time(dry.minutes_per_metre, land.bases, CELL, 16)
    both = ~np.isnan(with_water)
    assert not np.isnan(without[both]).any()
    longer = with_water[both] - without[both]
    assert longer.min() >= -1e-3
    assert np.quantile(longer, 0.9) > 10
    wet = friction(
        land.grid,
        season="main-wet",
        machinery=machinery(),
        roads=land.roads,
        water=land.water,
        slope_percent=land.slope,
    )
    in_rain, _ = travel_time(wet.minutes_per_metre, land.bases, CELL, 16)
    assert (in_rain[both] >= with_water[both] - 1e-3).all()
