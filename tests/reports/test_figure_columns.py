"""Communes coloured by a value: withheld is not unknown, nothing is a class, less may be better."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Outcome, Provenance, Result
from gis.errors import BadParameter
from gis.grid import raster
from layers.bands import WITHHELD
from layers.legend import UNKNOWN_STEP, scale_of_fifths
from locales import LANGUAGES, Language, text
from reports.figure.columns import withheld_of
from reports.figure.content import UnitField
from reports.figure.notices import notices_of
from reports.figure.surfaces import rasters_of, surface_of_result
from reports.webmap.surfaces import variables

CODES = ["020701", "020702", "020703", "020704"]
GRID = GeoBox.from_bbox((300000, 1400000, 300200, 1400100), "EPSG:32648", resolution=100)


@pytest.fixture
def own() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([300_000] * 4, [1_400_000] * 4).buffer(10),
        index=pd.Index(CODES, name="code"),
        crs="EPSG:32648",
    )


@pytest.fixture
def covered() -> Result:
    """Coverage of four communes, asked for requests of 2026 beside crops of 2011; the last one's
    figures are too weak, and of the third nobody knows the requests."""
    index = pd.Index(CODES, name="code")
    asked = [174.0, 20.0, np.nan, 9000.0]
    communes = pd.DataFrame(
        {"requested_ha": asked, "demand_ha": asked, "crop_area_ha": [0.0, 10.0, 20.0, 1.0]}
        | {"group": ["firm", "firm", "firm", "too-weak"]},
        index=index,
    )
    changes = pd.DataFrame(
        {"served_ha_now": 0.0, "served_ha_difference": [30.0, -30.0, 0.0, 1.0]}
        | {"median_minutes_difference": [-30.0, 30.0, 0.0, 1.0]},
        index=index,
    )
    cells = np.array([[30.0, 60.0]], dtype=np.float32)
    rasters = {
        "travel_time": raster(cells, GRID, "travel_time", "min"),
        "nearest_base": raster(np.array([[1, 23]], np.int16), GRID, "nearest_base", ""),
    }
    use = LayerUse(
        *("commune_figures", "commune_figures", (("en", "Crops"), ("km", "ដំណាំ"))),
        *("a source", "CC BY 4.0", "2026-1", 2011, "ab" * 32, False, None),
    )
    parameters = {"track": "upland", "season": "main-wet", "demand": "requested"}
    made = Provenance(
        *("coverage", ("0207",), parameters, (use,), "deimap 0", "2026-11-22T05:28:05+00:00"),
        *("EPSG:32648", 100.0, False),
    )
    summary = {"season": "main-wet", "year": 2026}
    tables = {"communes": communes, "changes": changes}
    return Result(Outcome(rasters, tables, {}, summary, ()), made, GRID)


def without(result: Result, *codes: str) -> Result:
    """As it leaves the house where the requests of some must not be told."""
    tables = dict(result.outcome.tables)
    communes = tables["communes"].copy()
    communes.loc[list(codes), "requested_ha"] = np.nan
    tables["communes"] = communes
    return replace(result, outcome=replace(result.outcome, tables=tables))


@pytest.mark.parametrize("language", LANGUAGES)
def test_withheld_has_a_colour_and_a_row_of_its_own(
    covered: Result, own: gpd.GeoDataFrame, language: Language
) -> None:
    told = without(covered, "020701")
    withheld = withheld_of(covered.outcome, told.outcome)
    assert {name: codes for name, codes in withheld.items() if codes} == {
        "requested_ha": {"020701"}
    }
    surface = surface_of_result(told, "requested_ha", own, language, withheld)
    field = surface.field
    assert isinstance(field, UnitField)
    assert field.colours[field.steps["020701"]] == WITHHELD
    assert field.steps["020703"] == field.steps["020704"] == UNKNOWN_STEP
    rows = {item.colour: item.text for item in surface.legend.items}
    assert rows[WITHHELD].lower() == text("workbook.cell_withheld", language)
    assert not list(notices_of(None, field, (), language))


def test_a_map_on_which_all_is_withheld_says_so_and_not_that_nobody_knows(
    covered: Result, own: gpd.GeoDataFrame
) -> None:
    told, there = without(covered, "020701", "020702"), own.iloc[:2]
    withheld = withheld_of(covered.outcome, told.outcome)
    field = surface_of_result(told, "requested_ha", there, "en", withheld).field
    (notice,) = notices_of(None, field, (), "en")
    assert [item.text for item in notice.items] == [text("figure.all_withheld", "en")]
    # of the same communes known to nobody
    blank = surface_of_result(told, "requested_ha", there, "en").field
    (notice,) = notices_of(None, blank, (), "en")
    assert [item.text for item in notice.items] == [text("figure.all_unknown", "en")]


def test_a_column_is_of_the_year_of_its_own_figures(covered: Result, own: gpd.GeoDataFrame) -> None:
    def year(result: Result, name: str) -> str:
        return surface_of_result(result, name, own, "en").legend.note[-4:]

    names = ("requested_ha", "demand_ha", "crop_area_ha")
    assert [year(covered, name) for name in names] == ["2026", "2026", "2011"]
    stated = {**covered.provenance.parameters, "demand": "crop-area"}
    other = replace(covered, provenance=replace(covered.provenance, parameters=stated))
    assert [year(other, name) for name in names] == ["2026", "2011", "2011"]


def test_differences_have_their_unit_and_green_is_better(
    covered: Result, own: gpd.GeoDataFrame
) -> None:
    served, minutes = (
        surface_of_result(covered, name, own, "en")
        for name in ("served_ha_difference", "median_minutes_difference")
    )
    for surface in (served, minutes):
        assert isinstance(surface.field, UnitField)
    more, nearer = (
        surface.field.colours[surface.field.steps["020701"]]
        for surface in (served, minutes)
        if isinstance(surface.field, UnitField)
    )
    assert more == nearer
    labels = [surface.legend.items[0].text for surface in (served, minutes)]
    assert [label.split("\N{NO-BREAK SPACE}")[1] for label in labels] == ["ha", "min"]
    assert ("served_ha_difference", False) in variables(covered)


def test_mere_numbers_of_bases_colour_no_map(covered: Result, own: gpd.GeoDataFrame) -> None:
    assert rasters_of(covered) == ("travel_time",)
    assert "nearest_base" not in [name for name, _ in variables(covered)]
    with pytest.raises(BadParameter, match="nearest_base"):
        surface_of_result(covered, "nearest_base", own, "en")


def test_nothing_is_a_class_and_cuts_that_are_written_alike_are_one() -> None:
    """Most communes ask for nothing: by hand, quarters of 10, 20, 30, 40."""
    scale = scale_of_fifths([0.0] * 30 + [10.0, 20.0, 30.0, 40.0], "ha")
    assert scale.breaks == (0.0, 18.0, 25.0, 32.0)
    assert scale.steps([0.0, 10.0, 40.0]).tolist() == [0, 1, 4]
    hairs = scale_of_fifths([0.0, 1e-9, 2e-9, 0.5, 20.0], "people")
    labels = [label for label, _ in hairs.labels]
    assert len(set(labels)) == len(labels)
    assert not any(label.startswith("0 \N{EN DASH} 0\N{NO-BREAK SPACE}") for label in labels)
    # what may be below nothing has no such class
    assert scale_of_fifths([-2.0, -1.0, 0.0, 1.0, 2.0], "index").breaks[0] < 0
