"""Three quantities of demand: figures, a share of them, and what was asked for; never mixed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gis.analysis import Note
from gis.coverage.machinery import Window
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities, quantities
from gis.errors import BadParameter, UnknownParameter


def found(world: Any, sketch: SimpleNamespace, **given: Any) -> Quantities:
    stated = {
        "tracks": (sketch.track, sketch.rice),
        "machinery": sketch.machinery,
        "season": "early-wet",
    }
    return quantities(world.inputs(), CoverageParameters(**stated | given), world.inputs().communes)


def test_crop_area_is_capped_and_without_the_protected_share(
    world: Any, sketch: SimpleNamespace
) -> None:
    """Land 900 ha. 90 + 0; 600 + 600 capped to 900; 90 less a tenth; 3,000 impossible; missing."""
    figures = sketch.figures(
        maize_ha=[90, 600, 90, 3000, np.nan, 0],
        cassava_ha=[0, 600, 0, 0, 10, 0],
        protected_share=[0, 0, 0.1, 0, 0, 0],
    )
    amounts = found(world.but(figures=figures), sketch)
    area = amounts.by_kind["crop-area"]
    np.testing.assert_allclose(area["maize"], [90, 450, 81, np.nan, np.nan, 0])
    np.testing.assert_allclose(area["cassava"], [0, 450, 0, np.nan, np.nan, 0])
    np.testing.assert_allclose(amounts.of_track("crop-area"), [90, 900, 81, np.nan, np.nan, 0])
    strong = ["firm", "borderline", "firm", "too-weak", "too-weak", "firm"]
    assert amounts.figures["group"].tolist() == strong


def test_the_scenario_is_its_share_of_the_crop_area(world: Any, sketch: SimpleNamespace) -> None:
    amounts = found(world, sketch, scenario_share=0.25)
    assert amounts.of_track("scenario").tolist() == [22.5] * 6


def test_a_crop_that_is_not_planted_in_the_season_is_left_out(
    world: Any, sketch: SimpleNamespace
) -> None:
    """Cassava has no window in the dry season here, maize has: 90 of 120 ha are left. What was
    asked for stays, planted or not."""
    windows = (*sketch.machinery.windows, Window("maize", "dry", "11-01", "11-10", "test", True))
    table = replace(sketch.machinery, windows=windows)
    near = world.but(
        figures=sketch.figures(cassava_ha=[30, 30, 30, 30, 3000, 30]),
        requests=[sketch.request("E1", sketch.codes[0], "cassava", 7, season="dry")],
    )
    amounts = found(near, sketch, machinery=table, season="dry", scenario_share=0.5)
    np.testing.assert_allclose(amounts.of_track("crop-area"), [90, 90, 90, 90, np.nan, 90])
    np.testing.assert_allclose(amounts.of_track("scenario"), [45, 45, 45, 45, np.nan, 45])
    assert amounts.of_track("requested").tolist() == [7, 0, 0, 0, 0, 0]
    (note,) = amounts.notes
    assert note.key == "coverage.crops_left_out"
    (crop,) = dict(note.values)["crops"]
    assert dict(crop.values) == {"crop": Note("explore.crop_cassava"), "hectares": 150}
    assert found(near, sketch, season="early-wet").notes == ()


def test_crops_of_the_chosen_track_come_first(world: Any, sketch: SimpleNamespace) -> None:
    amounts = found(world, sketch, track="rice")
    assert amounts.crops == ("rice", "maize", "cassava", "soybean")
    assert amounts.own == ("rice",)


def test_requests_count_that_name_the_season_the_year_and_a_machine_that_serves(
    world: Any, sketch: SimpleNamespace
) -> None:
    first, second = sketch.codes[:2]
    asked = [
        sketch.request("E1", first, "maize", 30),
        sketch.request("E1", first, "maize", 5, machine="no-till-planter"),
        sketch.request("E1", first, "soybean", 4),
        sketch.request("E1", first, "maize", 7, machine="roller-crimper"),
        sketch.request("E2", second, "maize", 9, season="main-wet"),
        sketch.request("E2", second, "maize", 11, year=2025),
        sketch.request("E2", second, "rice", 13),
    ]
    amounts = found(world.but(requests=asked), sketch)
    assert amounts.year == 2026
    assert amounts.of_track("requested").tolist() == [39, 0, 0, 0, 0, 0]
    assert amounts.by_kind["requested"]["rice"].tolist() == [0, 13, 0, 0, 0, 0]
    rolled = found(world.but(requests=asked), sketch, machine="roller-crimper")
    assert rolled.of_track("requested").tolist() == [41, 0, 0, 0, 0, 0]
    earlier = found(world.but(requests=asked), sketch, year=2025)
    assert earlier.of_track("requested").tolist() == [0, 11, 0, 0, 0, 0]


def test_the_year_is_the_newest_with_requests_of_the_track(
    world: Any, sketch: SimpleNamespace
) -> None:
    code = sketch.codes[0]
    asked = [
        sketch.request("E1", code, "maize", 30, year=2025),
        sketch.request("E2", code, "rice", 1),
    ]
    assert found(world.but(requests=asked), sketch).year == 2025
    assert found(world.but(requests=asked), sketch, track="rice").year == 2026
    assert found(world.but(requests=asked), sketch, season="dry").year is None


def test_a_crop_of_no_track_is_named(world: Any, sketch: SimpleNamespace) -> None:
    asked = [sketch.request("E1", sketch.codes[0], "cashew", 30)]
    notes = found(world.but(requests=asked), sketch).notes
    assert [note.key for note in notes] == ["coverage.crops_of_no_track"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"track": "orchard"}, BadParameter),
        ({"machine": "seed-drill"}, BadParameter),
        ({"hectares_a_day": {"plane": 3.0}}, UnknownParameter),
        ({"cover_crop": "stylo"}, UnknownParameter),
        ({"rain_days": {"13": 3.0}}, UnknownParameter),
    ],
)
def test_what_is_unknown_is_refused(
    world: Any, sketch: SimpleNamespace, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        found(world, sketch, **given)
