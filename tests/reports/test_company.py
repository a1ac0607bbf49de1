"""What leaves the house of a result of coverage: no provider by reference, no small group."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Outcome, Provenance, Result
from gis.errors import TableMissing
from gis.grid import raster
from layers.runs import read_result
from layers.write import write_result
from locales import LANGUAGES, Language, text
from reports.anonymous import stated
from reports.company import company_sheet
from reports.headings import Heading, heading
from reports.package import zipped
from reports.workbook import workbook

Opened = Callable[[bytes], Any]
WHAT_IF = {
    "bases": [{"lon": 102.9, "lat": 12.9, "machine": "seed-drill", "count": 2}],
    "closed": ["EX-S-01", "EX-S-02"],
    "moved": [{"provider": "EX-S-03", "lon": 103.0, "lat": 12.8}],
    "more_machines": [{"provider": "EX-S-04", "machine": "no-till-planter", "count": 1}],
    "speed_factor": 1.0,
    "capacity_factor": 1.5,
    "speeds": {"track": 9.0},
}
REFERENCES = ("EX-S-01", "EX-S-02", "EX-S-03", "EX-S-04")
REQUESTED = (
    # a commune, its district for what few farmers asked, the area for what few asked there too
    ("020704", "Traeng", "ត្រែង", "0207", "Rattanak Mondul", "រតនមណ្ឌល", "", 159.0, 2),
    ("0207", "", "", "0207", "Rattanak Mondul", "រតនមណ្ឌល", "sub-soiler", 12.5, 3),
    ("", "", "", "", "", "", "", 4.0, 1),
)


@pytest.fixture
def result() -> Result:
    grid = GeoBox.from_bbox((300000, 1400000, 300200, 1400100), "EPSG:32648", resolution=100)
    columns = ["code", "name_en", "name_km", "district", "district_en", "district_km"]
    rows = pd.DataFrame(REQUESTED, columns=[*columns, "machine", "hectares", "meetings"])
    requested = rows.assign(crop="maize", season="main-wet", year=2026).set_index("code")
    communes = pd.DataFrame(
        {
            "name_en": ["Traeng"],
            "name_km": ["ត្រែង"],
            "district": ["0207"],
            "demand_ha": [59.0],
            "requested_ha": [159.0],
            "served_low_ha": [40.0],
        },
        index=pd.Index(["020704"], name="code"),
    )
    providers = pd.DataFrame(
        {"organisation": ["cooperative"], "state": ["new"], "break_even_low": [0.5]},
        index=pd.Index(["1"], name="code"),
    )
    changes = communes[["name_en", "name_km"]].assign(served_ha_difference=-3.0)
    bases = gpd.GeoDataFrame(
        {"machines": [1]}, geometry=gpd.points_from_xy([300100], [1400100]), crs="EPSG:32648"
    )
    outcome = Outcome(
        {"travel_time": raster(np.zeros((1, 2), dtype=np.float32), grid, "travel_time", "min")},
        {"communes": communes, "providers": providers, "requested": requested, "changes": changes},
        {"bases": bases},
        {"year": 2026, "machines": ["no-till-planter"]},
    )
    uses = [
        LayerUse(
            *(name, name, (("en", name), ("km", name))),
            *("a source", "a licence", "1", year, "ab" * 32, True, None),
        )
        for name, year in (("requests", 2026), ("roads", 2026), ("commune_figures", 2011))
    ]
    parameters = {
        "track": "upland",
        "season": "main-wet",
        "year": None,
        "demand": "scenario",
        "tracks": [{"key": "upland", "crops": ["maize"], "other_crops": ["soybean"]}],
        "scenario_share": 0.15,
        "what_if": WHAT_IF,
    }
    provenance = Provenance(
        *("coverage", ("0207",), parameters, tuple(uses), "deimap 0"),
        *("2026-11-22T05:28:05+00:00", "EPSG:32648", 100.0, True),
    )
    return Result(outcome, provenance, grid)


@pytest.fixture
def kept(result: Result, tmp_path: Path) -> Path:
    write_result(result, tmp_path / "out")
    return tmp_path / "out"


def test_company_sheet_holds_the_requests_and_their_sources(result: Result, opened: Opened) -> None:
    read = opened(company_sheet(result, "en"))
    assert read.names == ["Requested hectares", "Sources"]
    title, stamp, note, head, *rows = read.rows("Requested hectares")
    assert (title, stamp) == (["Requested hectares"], [text("map.stamp", "en")])
    assert note == [text("workbook.requested_why", "en")]
    assert head == [
        *("District", "Code", "Name (English)", "Name (Khmer)", "Crop", "Season", "Year"),
        *("Machine", "Requested hectares", "Meetings"),
    ]
    crop, district = ["Maize", "Main wet", 2026.0], "Rattanak Mondul"
    assert rows == [
        [district, "020704", "Traeng", "ត្រែង", *crop, "Any", 159.0, 2.0],
        [district, "0207", "(in the district)", "(ក្នុងស្រុក)", *crop, "Sub-soiler", 12.5, 3.0],
        ["", "", "(in the area)", "(ក្នុងតំបន់)", *crop, "Any", 4.0, 1.0],
    ]
    said = [cell for row in read.rows("Sources") for cell in row]
    assert {"requests", "a licence", "ab" * 32, "2026-11-22 05:28 UTC"} <= set(said)
    assert "roads" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_company_sheet_is_the_same_from_the_files(
    result: Result, kept: Path, language: Language
) -> None:
    """Read back, an empty text is a missing one, and a code of digits alone stays text."""
    assert company_sheet(read_result(kept), language) == company_sheet(result, language)


def test_company_sheet_in_khmer(result: Result, opened: Opened) -> None:
    read = opened(company_sheet(result, "km"))
    head, *rows = read.rows(text("workbook.sheet_requested", "km"))[3:]
    assert head[0] == text("results.district", "km")
    assert rows[0][0] == "រតនមណ្ឌល"
    assert "ពោត" in rows[0]


def test_nobody_asked(result: Result, opened: Opened) -> None:
    tables = {"requested": result.outcome.tables["requested"].iloc[:0]}
    none = replace(result, outcome=replace(result.outcome, tables=tables))
    rows = opened(company_sheet(none, "en")).rows("Requested hectares")
    assert rows[2][0].startswith("No request is recorded")
    assert len(rows) == 4


def test_another_analysis_has_no_company_sheet(result: Result) -> None:
    made = replace(result.provenance, analysis="sites")
    with pytest.raises(TableMissing) as caught:
        company_sheet(Result(Outcome(), made, result.grid), "en")
    assert caught.value.values == {"table": "requested", "analysis": "sites", "needed": "coverage"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reference_of_a_provider_leaves_the_house(
    result: Result, kept: Path, opened: Opened, language: Language
) -> None:
    """Workbook, company sheet and every file of the zip; tables and shapes as bytes."""
    read = opened(workbook(result, language))
    texts = {"workbook": "".join(read.strings)}
    texts["company"] = "".join(opened(company_sheet(result, language)).strings)
    with zipfile.ZipFile(BytesIO(zipped(kept))) as package:
        for name in package.namelist():
            texts[name] = package.read(name).decode("utf-8", "replace")
    assert [name for name, words in texts.items() if any(one in words for one in REFERENCES)] == []
    # the folder itself is the office's own: from it a run can be made again
    assert all(one in (kept / "result.json").read_text(encoding="utf-8") for one in REFERENCES)


def test_changes_are_counted(result: Result, kept: Path, opened: Opened) -> None:
    with zipfile.ZipFile(BytesIO(zipped(kept))) as package:
        document = json.loads(package.read("out/result.json"))
    assert document["parameters"] == stated(json.loads(json.dumps(result.provenance.parameters)))
    what_if = document["parameters"]["what_if"]
    assert (what_if["closed"], what_if["moved"], what_if["more_machines"]) == (2, 1, 1)
    assert what_if["bases"] == WHAT_IF["bases"]
    assert document["files"] == json.loads((kept / "result.json").read_text())["files"]
    about = opened(workbook(result, "en")).rows("About")
    assert ["what_if.closed", "2"] in about


def test_every_table_of_demand_says_which(result: Result, opened: Opened) -> None:
    """A share of crop area is of the year of the figures, not of the newest request."""
    read = opened(workbook(result, "en"))
    asked = "Upland, Main wet 2011. Demand: Scenario: 15 % of crop area."
    assert read.rows("Communes")[2] == [asked]
    assert read.rows("Bases")[2] == [f"{text('workbook.break_even_why', 'en')} {asked}"]
    changed = read.rows("Changes by commune")[2][0]
    assert changed.startswith(asked)
    for said in ("added 1", "closed 2", "moved 1", "machines 1", "changed 1", "capacity times 1.5"):
        assert said in changed
    # the table of bases tells what their points do
    assert read.names.count("Bases") == 1
    assert "bases" not in read.names


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("communes", "share_30", Heading("Within 30 min", "share")),
        ("communes", "share_37.5", Heading("Within 37.5 min", "share")),
        ("communes", "served_low_ha", Heading("Served, ha: low end", "hectares")),
        ("changes", "reachable_ha_then", Heading("Reached, ha: with the changes", "hectares")),
        ("providers", "code", Heading("Number of the base", "")),
        ("communes", "code", Heading("Code", "")),
        ("curve", "share_low", Heading("Share of the demand: low end", "share")),
    ],
)
def test_heading_of_a_column(table: str, column: str, expected: Heading) -> None:
    assert heading(column, "en", table) == expected


def test_what_has_a_name_of_its_own_is_no_variant() -> None:
    assert heading("ca_low_t", "en").words == text("land.carbon_low", "en")
