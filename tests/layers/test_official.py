"""Official boundaries in place of the embedded outlines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.errors import (
    CatalogueInvalid,
    FileMissing,
    ImportRefused,
    MissingCrs,
    SwappedAxes,
    UnknownColumns,
)
from gis.grid import CRS
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import catalogue
from layers.files import write_toml
from layers.imports import import_boundaries
from layers.sources import coverage, value_at
from layers.workspace import Workspace
from locales import LANGUAGES, text

WriteFile = Callable[..., Path]


def row(code: str, name: str, left: float, **more: object) -> dict[str, object]:
    box = shapely.box(left, 12.8, left + 0.1, 12.9)
    return {"code": code, "name_en": name, "name_km": "", "geometry": box} | more


TWO = [
    row("020701", "Sdau", 103.0, name_km="ស្ដៅ"),
    row("020702", "Andaeuk Haeb", 103.1),
]


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    def make(rows: list[dict[str, object]], crs: object = 4326, name: str = "b.gpkg") -> Path:
        path = tmp_path / name
        gpd.GeoDataFrame(rows, geometry="geometry", crs=crs).to_file(path)
        return path

    return make


def refused(path: Path, workspace: Workspace) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportRefused) as error:
        import_boundaries(path, workspace)
    for fault in error.value.faults:
        for language in LANGUAGES:
            assert text(f"faults.{fault.key}", language, **dict(fault.values))
    assert not workspace.layers.exists()
    return [(fault.row, fault.key) for fault in error.value.faults]


def test_they_replace_the_embedded_ones(write: WriteFile, bare: Workspace) -> None:
    path = write(TWO)
    dry = import_boundaries(path, bare, dry_run=True)
    assert (dry.added, dry.dry_run) == (2, True)
    assert gazetteer(bare).embedded

    assert import_boundaries(path, bare).added == 2
    known = gazetteer(bare)
    assert not known.embedded
    assert known.sha256 != gazetteer(Workspace(bare.root / "other")).sha256
    assert list(known.communes.index) == ["020701", "020702"]
    assert list(known.districts.index) == ["0207"]
    assert known.districts.loc["0207", "name_en"] == "Rattanak Mondul"
    assert known.provinces.to_crs(CRS).area["02"] == pytest.approx(
        known.communes.to_crs(CRS).area.sum()
    )
    assert known.find("Andaeuk Haeb").code == "020702"
    assert known.at(103.05, 12.85) == known.area("020701")
    assert set(known.villages["commune"]) == {"020701", "020702"}
    # figures follow the code onto the new outlines
    slope = catalogue(bare).layer("slope_figures")
    assert value_at(slope, 103.15, 12.85, known) == 3.18
    assert coverage(slope, known.communes, known) == 1.0


def test_the_same_file_twice_changes_nothing_and_a_new_one_replaces_it(
    write: WriteFile, bare: Workspace
) -> None:
    import_boundaries(write(TWO), bare)
    again = import_boundaries(write(TWO), bare)
    # a GeoPackage written twice differs in its date alone; the very same file does not
    assert again.rows == 2
    same = import_boundaries(write(TWO, name="same.geojson"), bare)
    assert (same.added, same.changed, same.unchanged) == (0, 2, 0)
    same = import_boundaries(write(TWO, name="same.geojson"), bare)
    assert (same.added, same.changed, same.unchanged) == (0, 0, 2)
    assert len(list(bare.layers.glob("boundaries-*.gpkg"))) == 1
    import_boundaries(write(TWO[:1], name="one.geojson"), bare)
    assert list(gazetteer(bare).communes.index) == ["020701"]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([row("20701", "Sdau", 103.0)], [(1, "boundary_code")]),
        ([row("0207", "Sdau", 103.0)], [(1, "boundary_code")]),
        ([*TWO, row("020701", "Sdau", 103.2)], [(3, "boundary_twice")]),
        ([row("020701", "", 103.0)], [(1, "boundary_no_name")]),
        (
            [*TWO, row("020703", "Phlov Meas", 103.15)],
            [(2, "boundary_overlaps"), (3, "boundary_overlaps")],
        ),
        (
            [row("020701", "Sdau", 103.0, geometry=shapely.Point(103, 12.8)), row("x", "", 103.1)],
            [(2, "boundary_code"), (2, "boundary_no_name"), (1, "boundary_no_polygon")],
        ),
        (
            [
                row(
                    "020701",
                    "Sdau",
                    103.0,
                    geometry=shapely.Polygon([(103, 13), (103.1, 13.1), (103.1, 13), (103, 13.1)]),
                )
            ],
            [(1, "boundary_crosses_itself")],
        ),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_row(
    write: WriteFile,
    bare: Workspace,
    rows: list[dict[str, object]],
    faults: list[tuple[int, str]],
) -> None:
    assert refused(write(rows, name="b.geojson"), bare) == faults


def test_faults_of_the_file_itself(write: WriteFile, bare: Workspace, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        import_boundaries(tmp_path / "none.gpkg", bare)
    with pytest.raises(UnknownColumns):
        import_boundaries(write([{"name": "a", "geometry": shapely.box(103, 12, 104, 13)}]), bare)
    lost = write(TWO, name="lost.shp")
    lost.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrs):
        import_boundaries(lost, bare)
    turned = [r | {"geometry": shapely.box(12.8, 103.0, 12.9, 103.1)} for r in TWO[:1]]
    with pytest.raises(SwappedAxes):
        import_boundaries(write(turned, name="turned.gpkg"), bare)


def test_columns_by_meta_codes_with_prefix_and_cut_names(
    write: WriteFile, bare: Workspace, tmp_path: Path
) -> None:
    rows = [
        {"pcode": "KH020701", "short": "Sdau Khang Chheu*", "long": "Sdau Khang Chheung",
         "geometry": shapely.box(103.0, 12.8, 103.1, 12.9)},
        {"pcode": "KH020702", "short": "Andaeuk*", "long": None,
         "geometry": shapely.box(103.1, 12.8, 103.2, 12.9)},
    ]  # fmt: skip
    meta = tmp_path / "meta.toml"
    write_toml(
        meta, {"code": "pcode", "name_en": ["short", "long"], "source": "Survey", "year": 2024}
    )
    import_boundaries(write(rows), bare, meta=meta)
    known = gazetteer(bare)
    assert known.communes["name_en"].tolist() == ["Sdau Khang Chheung", "Andaeuk…"]
    assert (known.source, known.year, known.licence) == ("Survey", 2024, "not stated")
    # the name of the embedded default still finds the commune
    assert known.find("Andaeuk Haeb").code == "020702"


@pytest.mark.parametrize(
    "table",
    [{"code": "other", "name_en": ["name_en"]}, {"code": "code", "name_en": ["name_en"], "x": 1}],
)
def test_a_meta_table_that_does_not_hold(
    write: WriteFile, bare: Workspace, tmp_path: Path, table: dict[str, object]
) -> None:
    write_toml(tmp_path / "meta.toml", table)
    with pytest.raises(CatalogueInvalid):
        import_boundaries(write(TWO), bare, meta=tmp_path / "meta.toml")


def test_names_of_districts_come_without_their_outlines(
    write: WriteFile, bare: Workspace, tmp_path: Path
) -> None:
    rows = [row("0207", "Rotonak Mondol", 103.0), row("0999", "Elsewhere", 104.0)]
    meta = tmp_path / "meta.toml"
    write_toml(meta, {"level": "district", "code": "code", "name_en": ["name_en"]})
    report = import_boundaries(write(rows), bare, meta=meta)
    assert (report.added, [fault.key for fault in report.warnings]) == (2, ["boundary_names_only"])
    assert import_boundaries(write(rows), bare, meta=meta).unchanged == 2
    known = gazetteer(bare)
    assert known.embedded
    assert known.area("0207").name_en == "Rotonak Mondol"
    assert known.find("Rattanak Mondul").code == "0207"
    assert len(known.districts) == 22


def test_an_area_that_only_the_official_file_holds_bears_its_code(
    write: WriteFile, bare: Workspace
) -> None:
    import_boundaries(write([row("990101", "Far", 103.0)]), bare)
    known = gazetteer(bare)
    assert known.area("9901").name_en == "9901"
    assert known.find("Far").parent == "9901"
    assert known.villages.empty


def test_a_lost_file_of_outlines_is_said(write: WriteFile, bare: Workspace) -> None:
    import_boundaries(write(TWO), bare)
    next(bare.layers.glob("*.gpkg")).unlink()
    with pytest.raises(FileMissing):
        gazetteer(bare)


def test_a_code_of_2025_finds_the_commune_of_2014(write: WriteFile, bare: Workspace) -> None:
    swapped = [
        row("020407", "Khlaeng Meas", 103.0, code_mef2025="020408"),
        row("020408", "Boeung Pram", 103.1, code_mef2025="020407"),
    ]
    import_boundaries(write(swapped), bare)
    known: Gazetteer = gazetteer(bare)
    assert known.find("2025:020408").name_en == "Khlaeng Meas"
    assert known.find("020408").name_en == "Boeung Pram"
    assert replace(known, spellings=()).find("2025:0204").code == "0204"
