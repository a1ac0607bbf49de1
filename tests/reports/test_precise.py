"""What a precise export tells, what it keeps even then, and what the next reader may not get."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from gis.analysis import Result
from gis.errors import BadParameter, NotGranted, OutsideProvinces
from gis.grid import CRS
from layers.boundaries import gazetteer
from layers.files import toml_text
from layers.protected import may_be_protected
from layers.runs import read_result
from layers.workspace import Workspace
from layers.write import write_result
from locales import LANGUAGES, text
from registry.database import Database
from registry.exports import exports
from registry.officers import Grant, grant
from registry.records import adopters, plots
from reports import precise as module
from reports.anonymous import public
from reports.package import content, export
from reports.precise import FORMATS, Precise, machine_account, with_registered
from reports.registered import Registered, registered
from reports.stamps import stamp_of

HIDDEN = "020703"
"""The one commune of Rotanak Mondol of which a share is protected by the embedded figures."""
ASKED = Precise("Visit of the fields in March", "dara")
HELD = Grant("dara", "officer", ("02",))


@pytest.fixture(scope="module")
def found(prepared_workspace: Workspace) -> Registered:
    with Database.open(prepared_workspace.database_url) as database:
        return registered(("0207",), prepared_workspace, database)


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with Database.open(workspace.database_url) as database:
        grant(database, "chan", "administrator", (), "chan")
        grant(database, "dara", "officer", ("02",), "chan")
    return workspace


def test_outlines_outside_protected_areas_are_told(
    found: Registered, prepared_workspace: Workspace
) -> None:
    """Nine plots lie in the commune with a protected share: told as nine, and nothing of any."""
    with Database.open(prepared_workspace.database_url) as database:
        known, seen = plots(database), adopters(database).set_index("reference")
    own = known[known["commune"].str.startswith("0207")]
    told = found.plots.set_index("reference")
    assert set(told.index) == set(own.loc[own["commune"] != HIDDEN, "reference"])
    for reference in told.index[:3]:
        outline = own.set_index("reference").to_crs(CRS).geometry[reference]
        assert told.geometry[reference].equals_exact(outline, 1e-6)
        assert told.loc[reference, "status"] == seen.loc[reference, "status"]
    hidden = own[own["commune"] == HIDDEN]
    assert found.by_commune.index.tolist() == [HIDDEN]
    assert found.by_commune.loc[HIDDEN, "plots"] == len(hidden) == 9
    assert found.by_commune.loc[HIDDEN, "hectares"] == pytest.approx(hidden["area_ha"].sum())


def test_few_protected_plots_are_not_even_counted(prepared_workspace: Workspace) -> None:
    with Database.open(prepared_workspace.database_url) as database:
        there = registered(("13",), prepared_workspace, database).by_commune
        every = plots(database)["commune"].value_counts()
    few = there.index[every.reindex(there.index) < 5]
    assert len(few) > 0
    assert there.loc[few, ["plots", "hectares"]].isna().all(axis=None)
    assert there.drop(index=few)["plots"].ge(5).all()


def test_no_remark_and_nobody_is_told(found: Registered) -> None:
    for frame in found.features.values():
        assert not {"note", "village", "observed_by", "import_id"} & set(frame.columns)
        assert set(frame["record"]) == {"example"}
        assert frame.crs.to_epsg() == 32648
    assert found.example


def test_real_records_leave_no_example_beside_them(
    prepared_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_real(database: Database) -> gpd.GeoDataFrame:
        known = plots(database)
        return known.assign(example=known.index != known.index[known["commune"] == "020701"][0])

    monkeypatch.setattr("reports.registered.plots", one_real)
    with Database.open(prepared_workspace.database_url) as database:
        told = registered(("0207",), prepared_workspace, database)
    assert told.plots["record"].tolist() == ["real"]
    assert set(told.providers["record"]) == {"example"}


@pytest.mark.parametrize("words", ["", "visit", " " * 40, "x" * 201, "call 012 345 678 first"])
def test_a_purpose_says_something_and_holds_no_number(words: str) -> None:
    with pytest.raises(BadParameter):
        Precise(words, "dara")


def test_a_purpose_is_one_line() -> None:
    assert Precise(" Visit of\nthe  fields ", "dara").purpose == "Visit of the fields"


def test_the_account_is_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before = machine_account()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "chan")
    assert machine_account() == before != "chan"


def test_it_says_why_by_which_role_and_when(mapped: Result, found: Registered) -> None:
    whole = with_registered(mapped, found, ASKED, HELD)
    first = whole.outcome.warnings[0]
    for language in LANGUAGES:
        said = text(first.key, language, **dict(first.values))
        assert ASKED.purpose in said
        assert text("precise.role_officer", language) in said
        assert "dara" not in said
        assert text("precise.stamp", language) in stamp_of(whole, language)
        assert text("precise.stamp", language) not in stamp_of(mapped, language)


def shaped(mapped: Result) -> Result:
    """The same, whose suitability the nearness to plots shapes."""
    criterion = {"key": "near", "axis": "spread", "variable": "adopter_distance", "weight": 1.0}
    track = {"key": "upland", "criteria": [criterion]}
    more = {"track": "upland", "tracks": [track], "weights": {"spread": 1.0}}
    parameters = {**mapped.provenance.parameters, **more}
    return replace(mapped, provenance=replace(mapped.provenance, parameters=parameters))


def test_surfaces_that_plots_shape_stay_by_commune(mapped: Result, found: Registered) -> None:
    """Peaks would be the plots of neighbours and of protected areas, which are not told."""
    result = shaped(mapped)
    whole, left = with_registered(result, found, ASKED, HELD), public(result)
    for name, cells in whole.outcome.rasters.items():
        assert np.array_equal(cells, left.outcome.rasters[name])
    before = result.outcome.rasters["suitability_class"]
    assert not np.array_equal(whole.outcome.rasters["suitability_class"], before)


def files_in(data: bytes) -> dict[str, bytes]:
    if not zipfile.is_zipfile(BytesIO(data)):
        return {"": data}
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_each_format_tells_what_it_may_and_no_protected_plot(
    office: Workspace, mapped: Result, tmp_path: Path
) -> None:
    write_result(mapped, tmp_path / "kept")
    with Database.open(office.database_url) as database:
        known = plots(database)
    own = known[known["commune"].str.startswith("0207")]
    hidden = [name.encode() for name in own.loc[own["commune"] == HIDDEN, "reference"]]
    told = [name.encode() for name in own.loc[own["commune"] != HIDDEN, "reference"]]
    assert len(hidden) == 9
    for ending in FORMATS:
        held = files_in(content(tmp_path / "kept", ending, "en", ASKED))
        joined = b"".join(held.values())
        assert not any(name in joined for name in hidden), ending
        assert all(name in joined for name in told), ending
        assert ASKED.purpose.encode() in joined, ending
        assert text("precise.stamp", "en").encode() in joined, ending
    content(tmp_path / "kept", ".kmz", "en", ASKED, "fields\x1b[2J.kmz")
    with Database.open(office.database_url) as database:
        trail = exports(database, "chan")
    assert trail["format"].tolist() == [*FORMATS, ".kmz"]
    assert set(trail["state"]) == {"written"}
    # what a terminal would take for a command is shown as a sign that cannot be read
    kept = [f"kept{ending}" for ending in FORMATS]
    assert trail["file"].tolist() == [*kept, "fields\N{REPLACEMENT CHARACTER}[2J.kmz"]


def test_its_folder_taken_for_a_result_is_anonymised_again(
    office: Workspace, mapped: Result, tmp_path: Path
) -> None:
    write_result(mapped, tmp_path / "kept")
    with zipfile.ZipFile(BytesIO(content(tmp_path / "kept", ".zip", "en", ASKED))) as package:
        package.extractall(tmp_path / "home")
    home = tmp_path / "home" / "kept"
    assert {"plots", "service_providers"} <= set(read_result(home).outcome.features)
    for ending in FORMATS:
        joined = b"".join(files_in(content(home, ending, "en")).values())
        assert b"EX-P-" not in joined, ending
        assert text("precise.stamp", "en").encode() not in joined, ending


def test_neither_result_nor_page_leads_round_the_right(
    office: Workspace, mapped: Result, tmp_path: Path
) -> None:
    for name, areas in (("east", ("13",)), ("both", ("0207", "1301")), ("all", ("KH",))):
        result = replace(mapped, provenance=replace(mapped.provenance, areas=areas))
        write_result(result, tmp_path / name)
        with pytest.raises(OutsideProvinces):
            content(tmp_path / name, ".kmz", "en", ASKED)
        with pytest.raises(OutsideProvinces):
            export(tmp_path / name, tmp_path / "a.kmz", "en", precise=ASKED)
    with pytest.raises(NotGranted):
        content(tmp_path / "east", ".kmz", "en", replace(ASKED, account="sok"))
    with pytest.raises(BadParameter):
        content(tmp_path / "east", ".csv", "en", ASKED)
    assert not (tmp_path / "a.kmz").exists()
    with Database.open(office.database_url) as database:
        assert exports(database, "chan").empty


def test_a_format_that_fails_leaves_no_entry(
    office: Workspace, mapped: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    write_result(mapped, tmp_path / "kept")
    monkeypatch.setattr(module, "FORMATS", {".kmz": broken})
    with pytest.raises(ZeroDivisionError):
        content(tmp_path / "kept", ".kmz", "en", ASKED)
    with Database.open(office.database_url) as database:
        assert exports(database, "chan").empty


Outlines = Callable[..., gpd.GeoDataFrame]


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without records: the embedded outlines and figures."""
    (tmp_path / "bare" / "layers").mkdir(parents=True)
    return Workspace(tmp_path / "bare")


@pytest.fixture
def squares(bare: Workspace) -> Outlines:
    """Squares of 100 m in the middle of communes, moved east by so many metres."""
    communes = gazetteer(bare).communes.to_crs(CRS)

    def squares(*places: tuple[str, float]) -> gpd.GeoDataFrame:
        middles = [communes.geometry.get(code, shapely.Point(3e5, 14e5)) for code, _ in places]
        shapes = [
            shapely.box(x - 50, y - 50, x + 50, y + 50)
            for (_, moved), middle in zip(places, middles, strict=True)
            for x, y in [(middle.representative_point().x + moved, middle.representative_point().y)]
        ]
        codes = [code for code, _ in places]
        return gpd.GeoDataFrame({"commune": codes}, geometry=shapes, crs=CRS)

    return squares


def hidden_of(bare: Workspace, outlines: gpd.GeoDataFrame) -> list[bool]:
    return may_be_protected(outlines, gazetteer(bare), bare).tolist()


def test_without_a_layer_the_share_of_the_commune_decides(
    bare: Workspace, squares: Outlines
) -> None:
    """Nothing of 020701 is protected, something of 020703; of a commune nobody knows it may be."""
    outlines = squares(("020701", 0), ("020703", 0), ("999999", 0))
    assert hidden_of(bare, outlines) == [False, True, True]
    assert hidden_of(bare, outlines[:0]) == []


STATED = {"variable": "protected_zone", "unit": "", "source": "-", "licence": "-"}
STATED |= {"edition": "1", "title": {"en": "Zones", "km": "តំបន់"}, "field": "Status"}


def test_a_layer_of_zones_decides_where_it_covers(bare: Workspace, squares: Outlines) -> None:
    """Its edge runs 25 m into the second square; 020703, of which a share is protected, is free."""
    outlines = squares(("020701", 0), ("020701", 125), ("020701", 300), ("020703", 0))
    zone = outlines.geometry[:1].buffer(50, join_style="mitre")
    drawn = gpd.GeoDataFrame({"Status": ["Multiple-use Area"]}, geometry=zone.to_numpy(), crs=CRS)
    drawn.to_file(bare.layers / "zones.gpkg")
    table = STATED | {"geometry": "polygons", "path": "zones.gpkg", "extent": ["0207"]}
    (bare.layers / "zones.toml").write_text(toml_text(table), encoding="utf-8")
    assert hidden_of(bare, outlines) == [True, True, False, False]
    # beyond what it covers the figure still decides
    assert hidden_of(bare, squares(("020806", 0))) == [True]


def test_a_raster_of_zones_decides_by_its_cells(bare: Workspace, squares: Outlines) -> None:
    """Cells of 30 m: a zone under the first square, none under the second, nothing known after."""
    outlines = squares(("020701", 0), ("020701", 300), ("020701", 600))
    area = gazetteer(bare).communes.loc[["020701"]].to_crs(CRS).total_bounds
    west, south, east, north = area[0] - 3000, area[1] - 3000, area[2] + 3000, area[3] + 3000
    shape = (round((north - south) / 30), round((east - west) / 30))
    cells = np.zeros(shape, np.uint8)
    transform = Affine(30, 0, west, 0, -30, north)
    for outline, code in zip(outlines.geometry, (1, 0, 255), strict=True):
        x, y = outline.centroid.x, outline.centroid.y
        column, row = (int(at) for at in ~transform @ (x, y))
        cells[row, column] = code
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 255, "crs": CRS}
    size = {"height": shape[0], "width": shape[1], "transform": transform}
    with rasterio.open(bare.layers / "zones.tif", "w", **profile, **size) as target:
        target.write(cells, 1)
    table = {name: value for name, value in STATED.items() if name != "field"}
    table |= {"geometry": "raster", "path": "zones.tif", "resolution_m": 30}
    table |= {"classes": {"0": "none", "1": "strict", "2": "to_check"}}
    (bare.layers / "zones.toml").write_text(toml_text(table), encoding="utf-8")
    assert hidden_of(bare, outlines) == [True, False, True]
