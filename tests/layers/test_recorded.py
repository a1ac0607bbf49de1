"""Roles that records fill: who is near, which columns, real or example, what changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from sqlalchemy import text

from gis.analysis import Role, silent
from gis.grid import CRS, NO_DATA, analysis_grid, padded
from layers.boundaries import Gazetteer
from layers.gather import CELLS_AT_ONCE, CHUNK, Gathered, chunk_for, gather
from layers.imports import import_layer
from layers.recorded import KINDS, MACHINES, PROVIDERS, REQUESTS, recorded
from layers.workspace import Workspace
from registry.database import Database
from registry.intake import intake

Make = Callable[..., Path]
MARGIN = 20_000.0
SERVICE = (
    Role("providers", "features", "", MARGIN),
    Role("machines", "features", "", MARGIN),
    Role("requests", "features"),
)
BASES = """reference,commune,organisation,since_year,note,lon,lat
S1,020704,enterprise,2024,at the bridge,102.82,12.85
S2,020102,cooperative,,,103.14,12.95
S3,130502,enterprise,2020,,105.128,13.389
"""
FLEET = """reference,provider,machine,count,crops,field_capacity_ha_day,field_capacity_basis,note
M1,S1,tractor,2,rice;maize,,,red
M2,S1,no-till-planter,1,maize,4,measured,
M3,S3,seed-drill,1,rice,4,measured,
"""
_ASKED = "requested_crop,requested_season,requested_year,requested_ha,requested_machine"
MEETINGS = f"""reference,event,date,commune,women,men,note,lon,lat,{_ASKED}
E1,field-showcase,2026-01-05,020704,12,9,late,102.82,12.85,maize,early-wet,2026,40,no-till-planter
E1,field-showcase,2026-01-05,020704,12,9,late,102.82,12.85,rice,dry,2025,15.5,
E2,annual-meeting,2026-02-01,020102,,,,103.14,12.95,rice,dry,2027,7,
"""
RECORDS = {"providers": BASES, "machines": FLEET, "events": MEETINGS}


@pytest.fixture
def take(tmp_path: Path, places: Gazetteer) -> Callable[..., None]:
    """Bring records of some kinds into a workspace."""

    def take(into: Workspace, *kinds: str, example: bool = False, keep: str = "") -> None:
        for kind in kinds:
            heading, *rows = RECORDS[kind].splitlines()
            chosen = [row for row in rows if row.startswith(keep)]
            path = tmp_path / f"{kind}.csv"
            path.write_text("\n".join([heading, *chosen]) + "\n", encoding="utf-8")
            with Database.open(into.database_url) as database:
                intake(path, kind, database, places, example=example)

    return take


@pytest.fixture(scope="module")
def communes(places: Gazetteer) -> gpd.GeoDataFrame:
    return places.communes_of(["0207"]).to_crs(CRS)


@pytest.fixture
def office(bare: Workspace) -> Workspace:
    """A workspace with a folder and no record."""
    bare.root.mkdir(parents=True)
    return bare


COLUMNS = {"providers": PROVIDERS, "machines": MACHINES, "requests": REQUESTS}


def test_records_near_an_area(
    take: Callable[..., None], office: Workspace, communes: gpd.GeoDataFrame
) -> None:
    """S1 lies inside, S2 14 km beyond, S3 in Preah Vihear; E2 was held beyond."""
    take(office, *RECORDS)
    found = recorded(SERVICE, communes, office)
    assert {name: tuple(item.frame.columns) for name, item in found.items()} == COLUMNS
    bases, fleet, asked = (found[role.variable].frame for role in SERVICE)
    assert bases["reference"].tolist() == ["S1", "S2"]
    assert bases["since_year"].fillna(0).tolist() == [2024, 0]
    assert fleet["reference"].tolist() == ["M1", "M2"]
    assert fleet["crops"].tolist() == [("rice", "maize"), ("maize",)]
    assert fleet["field_capacity_ha_day"].fillna(0).tolist() == [0, 4]
    assert str(bases.crs) == str(fleet.crs) == CRS
    assert bases.distance(communes.union_all()).round(-3).tolist() == [0, 14000]
    assert asked[
        ["crop", "season", "year", "machine", "hectares", "farmers"]
    ].to_numpy().tolist() == [
        ["rice", "dry", 2025, "", 15.5, 21],
        ["maize", "early-wet", 2026, "no-till-planter", 40, 21],
    ]


@pytest.mark.parametrize(
    ("margin", "inside"), [(0.0, ["S1"]), (13_000.0, ["S1"]), (15_000.0, ["S1", "S2"])]
)
def test_a_margin_reaches_as_far_as_it_says(
    take: Callable[..., None],
    office: Workspace,
    communes: gpd.GeoDataFrame,
    margin: float,
    inside: list[str],
) -> None:
    take(office, "providers")
    role = Role("providers", "features", "", margin)
    assert recorded((role,), communes, office)["providers"].frame["reference"].tolist() == inside


def test_where_nobody_recorded_anything_frames_are_empty(
    office: Workspace, communes: gpd.GeoDataFrame, places: Gazetteer
) -> None:
    found = gather(SERVICE, analysis_grid(communes, 250), communes, places, office, silent)
    assert found.absent == ()
    for role in SERVICE:
        frame = found.features[role.variable]
        assert (len(frame), tuple(frame.columns)) == (0, COLUMNS[role.variable])
    uses = {use.id: use for use in found.uses if use.id != "boundaries"}
    assert list(uses) == [role.variable for role in SERVICE]
    assert {(use.example, use.edition, use.year) for use in uses.values()} == {(False, "0", None)}


def test_where_they_came_from(
    take: Callable[..., None], office: Workspace, communes: gpd.GeoDataFrame
) -> None:
    take(office, *RECORDS)
    uses = {name: item.use for name, item in recorded(SERVICE, communes, office).items()}
    told = {name: (use.variable, use.edition, use.year, use.example) for name, use in uses.items()}
    assert told == {
        "providers": ("providers", "2", 2024, False),
        "machines": ("machines", "2", None, False),
        "requests": ("requests", "1", 2026, False),
    }
    titles = {dict(use.title)["en"] for use in uses.values()}
    assert titles == {
        "service provider",
        "agricultural machinery",
        "hectares requested at meetings",
    }


@pytest.mark.parametrize(
    ("kinds", "keep", "real"),
    [
        (("providers",), "S3", False),  # real, but far
        (("events",), "E2", False),
        (("providers",), "S2", True),  # within the margin
        (("events",), "E1", True),
        (("providers", "machines"), "", True),
    ],
)
def test_one_real_record_makes_all_example_service_leave(
    take: Callable[..., None],
    workspace: Workspace,
    communes: gpd.GeoDataFrame,
    kinds: tuple[str, ...],
    keep: str,
    real: bool,
) -> None:
    """A real meeting served by made-up providers would be no answer, nor the other way round."""
    adopter = Role("adopters", "features", "", 5000.0)
    before = recorded((*SERVICE, adopter), communes, workspace)
    assert all(item.use.example for item in before.values())
    take(workspace, *kinds, keep=keep)
    after = recorded((*SERVICE, adopter), communes, workspace)
    for role in SERVICE:
        frame = after[role.variable].frame
        assert not (real and frame["example"].any())
        assert real or len(frame) == len(before[role.variable].frame)
    assert after["adopters"].use == before["adopters"].use


def test_a_machine_of_an_example_base_is_no_real_record(
    take: Callable[..., None], workspace: Workspace, communes: gpd.GeoDataFrame
) -> None:
    take(workspace, "providers", example=True)
    take(workspace, "machines")
    found = recorded(SERVICE, communes, workspace)
    assert "M1" in set(found["machines"].frame["reference"])
    assert all(item.frame["example"].all() for item in found.values())


CHANGES = {
    "providers": "UPDATE providers SET organisation = 'individual'",
    "machines": "UPDATE machines SET count = count + 1",
    "requests": "UPDATE requests SET hectares = hectares + 1",
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_fingerprint_is_that_of_the_content(
    workspace: Workspace, communes: gpd.GeoDataFrame, name: str
) -> None:
    def prints() -> dict[str, str]:
        found = recorded(SERVICE, communes, workspace)
        return {key: item.use.sha256 for key, item in found.items()}

    before = prints()
    assert prints() == before
    with Database.open(workspace.database_url) as database, database.write() as open_:
        open_.execute(text(CHANGES[name]))
    after = prints()
    assert [key for key in before if after[key] != before[key]] == [name]


def test_no_kind_tells_of_persons_or_notes() -> None:
    shown = {column for columns in COLUMNS.values() for column in columns}
    assert not {"note", "name", "phone", "village", "women", "men"} & shown
    assert set(COLUMNS) < set(KINDS)


# ---- rasters with a margin ----


def read(
    role: Role, cell: float, places: Gazetteer, bare: Workspace, chunk: int | None = None
) -> Gathered:
    area = places.communes_of(["020704"]).to_crs(CRS)
    return gather((role,), analysis_grid(area, cell), area, places, bare, silent, chunk)


@pytest.mark.parametrize("chunk", [None, 100])
def test_a_raster_with_a_margin_goes_on_beyond_the_area(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer, chunk: int | None
) -> None:
    """The layer reaches 3 km around the commune; what lies farther is unknown."""
    area = places.communes_of(["020704"]).to_crs(CRS)
    box = analysis_grid(area, 500)
    reach = padded(box, 3000)
    rows, columns = reach.shape.yx
    values = np.arange(rows * columns, dtype=float).reshape(rows, columns) % 40
    bounds = reach.boundingbox
    path = make_raster(values, corner=(bounds.left, bounds.top), cell=500.0)
    import_layer(path, make_meta(), bare)
    near = read(Role("slope", "quantity", "degree"), 500, places, bare).rasters["slope"]
    role = Role("slope", "quantity", "degree", 10_000.0)
    far = read(role, 500, places, bare, chunk).rasters["slope"]
    assert near.odc.geobox == box
    assert far.odc.geobox == padded(box, 10_000)
    held = far.values
    np.testing.assert_array_equal(held[20:-20, 20:-20], near.values)
    np.testing.assert_allclose(held[14:-14, 14:-14], values)
    outside = held.copy()
    outside[14:-14, 14:-14] = math.nan
    assert np.isnan(outside).all()


def test_of_a_series_the_newest_year_comes_alone(
    land_workspace: Workspace, places: Gazetteer
) -> None:
    """Example land cover of many years, asked for without one."""
    role = Role("land_cover", "class", "", 30_000.0)
    found = read(role, 1000, places, land_workspace)
    cover = found.rasters["land_cover"]
    assert cover.dims == ("y", "x")
    assert cover.dtype == np.int16
    assert found.years == {"land_cover": 2023}
    several = Role("land_cover", "class", "", 30_000.0, years=(2000, 2023))
    both = read(several, 1000, places, land_workspace).rasters["land_cover"]
    np.testing.assert_array_equal(both.sel(year=2023).values, cover.values)
    assert {NO_DATA} < set(np.unique(cover.values)) <= {NO_DATA, *range(1, 8)}


def test_a_margin_counts_when_memory_is_reckoned(places: Gazetteer) -> None:
    area = places.communes_of(["020704"]).to_crs(CRS)
    box = analysis_grid(area, 90)
    rows, columns = padded(box, 100_000).shape.yx
    years = tuple(range(CELLS_AT_ONCE // (rows * columns) + 1))
    role = Role("vegetation_index", "quantity", "1", years=years)
    assert chunk_for((role,), box) is None
    wide = Role("vegetation_index", "quantity", "1", 100_000.0, years=years)
    assert chunk_for((wide,), box) == CHUNK
