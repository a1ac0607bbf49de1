"""Tables on pages: of columns in two languages the one that is spoken."""

from __future__ import annotations

import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

from gis.analysis import Outcome, Provenance, Result
from locales import LANGUAGES, Language
from reports.headings import heading
from ui.results import worded

ROWS = {
    "code": ["020701", "020702"],
    "district": ["0207", "0207"],
    "district_en": ["Rotanak Mondol", "Rotanak Mondol"],
    "district_km": ["រតនមណ្ឌល", "រតនមណ្ឌល"],
    "village": ["02070111", "02070201"],
    "village_en": ["Badak Chheung", "Sdau"],
    "village_km": [float("nan"), "ស្ដៅ"],
}


@pytest.fixture
def result() -> Result:
    made = Provenance("sites", ("0207",), {}, (), "deimap 0", "now", "EPSG:32648", 100, True)
    grid = GeoBox.from_bbox((300000, 1400000, 300100, 1400100), "EPSG:32648", resolution=100)
    return Result(Outcome({}), made, grid)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_of_columns_under_one_heading_the_language_spoken_stays(
    result: Result, spoken: Language
) -> None:
    """The last would win else: Khmer on an English page, nothing where Khmer is missing."""
    said = worded(pd.DataFrame(ROWS), result, "sites", spoken)
    village, code = (heading(name, spoken).words for name in ("village_en", "village"))
    assert said.columns.is_unique
    assert len(said.columns) == 4
    assert said[heading("district_en", spoken).words].tolist() == ROWS[f"district_{spoken}"]
    first = {"en": "Badak Chheung", "km": "Badak Chheung (en)"}[spoken]
    assert said[village].tolist() == [first, ROWS[f"village_{spoken}"][1]]
    assert said[code].tolist() == ROWS["village"]


def test_what_has_no_khmer_and_no_english_stays_unknown(result: Result) -> None:
    said = worded(pd.DataFrame({"village_en": [None], "village_km": [None]}), result, "", "km")
    assert said.isna().all(axis=None)
