"""A workbook as a spreadsheet reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Note, Outcome, Provenance, Result
from gis.grid import raster
from layers.runs import read_result
from layers.write import write_result
from locales import LANGUAGES, Language, text
from reports.columns import COLUMNS, GROUPS, STEMS
from reports.headings import SHEETS, heading
from reports.sheets import sheet_name
from reports.workbook import workbook

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Opened = Callable[[bytes], Any]
CODED = ["020701", "020702"]


@pytest.fixture
def result() -> Result:
    grid = GeoBox.from_bbox((300000, 1400000, 300200, 1400100), "EPSG:32648", resolution=100)
    communes = pd.DataFrame(
        {
            "name_en": ["=1+1", "Sdau"],
            "name_km": ["ស្ដៅ", "http://example.org"],
            "land_ha": [1234.56, np.nan],
            "degraded_share": [0.25, 0.5],
            "people_degraded": [12.0, 13.0],
            "reason_en": ["as measured", "+ more"],
            "reason_km": ["តាមការវាស់", "បន្ថែម"],
            "unheard_of": [1, 2],
            "screening": ["screening", ""],
        },
        index=pd.Index(CODED, name="code"),
    )
    balance = pd.DataFrame(
        {
            "period": ["baseline", "report_2", "report_2"],
            "gains_ha": [3.0, np.nan, 0.0],
            "neutrality": [True, None, False],
        }
    )
    figures = [
        ("so1_1", "report_2", "no_data", "2015", 2.5, "km2"),
        ("so1_1", "report_2", "class_stable", "2015", 1.5, "km2"),
        ("so1_1", "report_2", "no_data", "2000", 4.0, "km2"),
        ("so1_1", "report_2", "class_degraded", "2000", np.nan, "km2"),
    ]
    reporting = pd.DataFrame(figures, columns=["table", "period", "row", "column", "value", "unit"])
    spots = gpd.GeoDataFrame(
        {"rank": [1], "degraded_ha": [9.0]},
        geometry=gpd.points_from_xy([300100], [1400100]),
        crs="EPSG:32648",
    )
    outcome = Outcome(
        {"need": raster(np.zeros((1, 2), dtype=np.float32), grid, "need", "1")},
        {"communes": communes, "ldn_balance": balance, "reporting": reporting},
        {"hotspots": spots, "communes": spots},
        {},
        (Note("sources.grid_finer", (("cell", 90.0), ("finest", 455))),),
    )
    use = LayerUse(
        *("land_cover", "land_cover", (("en", "Land cover"), ("km", "គម្របដី"))),
        *("a source", "a licence", "2026-1", 2023, "ab" * 32, True, 250.0),
    )
    parameters = {"rules": "unccd-2026", "report_2": {"first": 2008, "last": 2023}, "tracks": [{}]}
    created = "2026-11-22T05:28:05+00:00"
    provenance = Provenance(
        *("land-degradation", ("020701",), parameters, (use,)),
        *("deimap 0", created, "EPSG:32648", 250.0, True),
    )
    return Result(outcome, provenance, grid)


def test_first_sheet_says_what_the_result_is(result: Result, opened: Opened) -> None:
    read = opened(workbook(result, "en"))
    assert read.names[:2] == ["About", "Communes"]
    rows = read.rows("About")
    assert rows[1] == [text("map.stamp", "en")]
    cells = [cell for row in rows for cell in row]
    for expected in (
        *("020701 =1+1", "2026-11-22 05:28 UTC", "250 m, EPSG:32648", "unccd-2026", "2008"),
        *("Land cover", "2023", "2026-1", "a licence", "example", "ab" * 32),
        text("sources.grid_finer", "en", cell=90.0, finest=455),
    ):
        assert expected in cells
    assert "tracks" not in cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_of_an_example_says_so(
    result: Result, language: Language, opened: Opened
) -> None:
    read = opened(workbook(result, language))
    stamp = text("map.stamp", language)
    for name in read.names:
        assert read.rows(name)[1] == [stamp]
        assert stamp in read.sheet(name).findtext("m:headerFooter/m:oddHeader", "", SPACE)


def test_real_data_carry_no_stamp(result: Result, opened: Opened) -> None:
    real = replace(result, provenance=replace(result.provenance, example=False))
    read = opened(workbook(real, "en"))
    assert text("map.stamp", "en") not in read.strings


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_formula_or_a_link(
    result: Result, language: Language, opened: Opened
) -> None:
    read = opened(workbook(result, language))
    for name in read.names:
        assert list(read.sheet(name).iter(f"{{{SPACE['m']}}}f")) == []
        assert read.sheet(name).find("m:hyperlinks", SPACE) is None
        errors = read.sheet(name).find("m:ignoredErrors/m:ignoredError", SPACE)
        assert errors is not None
        assert errors.get("numberStoredAsText") == "1"
    assert {"=1+1", "http://example.org", "020701"} <= set(read.strings)


def test_khmer_sheet_is_intact(result: Result, opened: Opened) -> None:
    read = opened(workbook(result, "km"))
    assert read.names[1] == text("workbook.sheet_communes", "km") == "ឃុំ"
    header, first, second = read.rows("ឃុំ")[2:]
    assert header[0] == text("results.code", "km")
    assert "ស្ដៅ" in first
    # names stand in both languages, sentences in the one asked for
    assert "=1+1" in first
    assert "តាមការវាស់" in first
    assert "as measured" not in first
    assert text("terms.unknown", "km") in second
    fonts = read.xml("xl/styles.xml").findall("m:fonts/m:font/m:name", SPACE)
    assert "Leelawadee UI" in {font.get("val") for font in fonts}


def test_a_remark_that_is_missing_is_none(result: Result, tmp_path: Path, opened: Opened) -> None:
    """A column of remarks without any reads back as numbers that are all missing."""
    bare = result.outcome.tables["communes"].assign(reason_en="", reason_km="")
    outcome = replace(result.outcome, tables={"communes": bare[["name_en", "reason_en"]]})
    write_result(replace(result, outcome=outcome), tmp_path / "out")
    rows = opened(workbook(read_result(tmp_path / "out"), "en")).rows("Communes")[3:]
    assert rows == [["020701", "=1+1", "yes"], ["020702", "Sdau", "yes"]]


def test_numbers_are_numbers_and_unknown_is_a_word(result: Result, opened: Opened) -> None:
    header, first, second = opened(workbook(result, "en")).rows("Communes")[2:]
    column = dict(zip(header, zip(first, second, strict=True), strict=True))
    assert column[text("land.land_ha", "en")] == (1234.56, "unknown")
    degraded = heading("degraded_share", "en").words
    assert column[degraded] == (0.25, 0.5)
    assert column["Code"] == ("020701", "020702")
    # a column nobody named is not lost
    assert column["unheard_of"] == (1.0, 2.0)


def test_a_yes_that_is_missing_is_unknown(result: Result, tmp_path: Path, opened: Opened) -> None:
    """Fresh from the analysis and read back from its files."""
    write_result(result, tmp_path / "out")
    for found in (result, read_result(tmp_path / "out")):
        rows = opened(workbook(found, "en")).rows(text("workbook.sheet_ldn_balance", "en"))
        assert [row[2] for row in rows[-3:]] == ["yes", "unknown", "no"]
        assert [row[1] for row in rows[-3:]] == [3.0, "unknown", 0.0]


def test_reporting_tables_are_blocks(result: Result, opened: Opened) -> None:
    """A pair without a row does not occur; a row without a figure is unknown."""
    name = text("workbook.sheet_reporting", "en")
    rows = opened(workbook(result, "en")).rows(name)[2:]
    period = text("land.period_report_2", "en", years="2008–2023")
    assert rows[0] == [f"{text('land.report_so1_1', 'en')} · {period}"]
    assert rows[1:] == [
        ["", "2015, km²", "2000, km²"],
        ["No data", 2.5, 4.0],
        ["Stable", 1.5, 0.0],
        ["Degraded", 0.0, "unknown"],
    ]


def test_hot_spots_come_as_a_table_without_their_shapes(result: Result, opened: Opened) -> None:
    read = opened(workbook(result, "en"))
    assert read.names.count("Communes") == 1
    header, first = read.rows(text("workbook.sheet_hotspots", "en"))[2:]
    assert header[0] == "#"
    assert first == [1.0, 9.0]


def test_same_result_same_file(result: Result) -> None:
    assert workbook(result, "en") == workbook(result, "en")


def test_a_text_longer_than_a_cell_is_cut_not_dropped(result: Result, opened: Opened) -> None:
    long = pd.DataFrame({"name_en": ["ក" * 40_000]}, index=pd.Index(["02"], name="code"))
    outcome = replace(result.outcome, tables={"communes": long})
    header, first = opened(workbook(replace(result, outcome=outcome), "en")).rows("Communes")[2:]
    assert len(header) == len(first) == 2
    assert first[1] == "ក" * 32_767


@given(st.lists(st.text(min_size=0, max_size=60), max_size=12))
def test_sheet_names_are_such_as_a_spreadsheet_takes(titles: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_has_its_words(language: Language) -> None:
    """All keys exist, and no two columns of a kind bear the same words."""
    columns = [*COLUMNS, *GROUPS, *(f"{stem}_ha" for stem in STEMS)]
    words = {column: heading(column, language).words for column in columns}
    for table in SHEETS.values():
        assert text(table, language)
    stems = [words[f"{stem}_ha"] for stem in STEMS]
    assert len(stems) == len(set(stems))
