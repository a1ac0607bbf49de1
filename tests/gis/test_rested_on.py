"""Service by ways of machines and need by degraded land: by hand, and as their analyses tell them.

Off the road a cell of 1 km takes 10 minutes, on it 5; a planter stands in the middle of the first
commune.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from gis.analyses import coverage, land_degradation, suitability
from gis.analysis import Inputs, Note, Outcome, silent
from gis.land_degradation.parameters import LandDegradationParameters
from gis.membership import Linear
from gis.scored_area import scored_area
from gis.suitability_parameters import AxisWeights, SuitabilityParameters

NAN = float("nan")
PLANTER = ("no-till-planter", 1, 4.0, ("maize",))
YEARS = tuple(range(2000, 2024))
NEWEST = tuple(range(2008, 2024))
CROPS, TOWN, WATER = 3, 5, 7


@pytest.fixture
def stated(sketch: SimpleNamespace) -> SuitabilityParameters:
    machines = sketch.criterion(
        *("machine_access", "service", "machine_minutes", "h"),
        function=Linear(120, 0),
        units="min",
        applies_where="machine_way",
    )
    degraded = sketch.criterion(
        *("degradation", "need", "degradation", "d"), applies_where="degradation_land"
    )
    road = sketch.criterion(
        *("road", "service", "road_distance", "r"), function=Linear(10000, 0), units="m"
    )
    track = replace(sketch.track, criteria=(*sketch.track.criteria, machines, degraded, road))
    return SuitabilityParameters(
        tracks=(track, sketch.rice),
        machinery=sketch.machinery,
        service_season="early-wet",
        weights=AxisWeights(need=1, fit=0, service=1),
    )


def resting(inputs: Inputs, **beside: Inputs) -> Inputs:
    """The inputs with those of other analyses beside them."""
    named = {name.replace("_", "-"): item for name, item in beside.items()}
    return replace(inputs, beside=named)


def served(world: Any, sketch: SimpleNamespace, **changes: Any) -> Inputs:
    """A world with a planter; slope is unknown to the ways, as it lies on no wider grid."""
    one = world.but(providers=[sketch.provider("P1", 1.5, 1.5, [PLANTER])], **changes)
    inputs: Inputs = one.inputs()
    return replace(inputs, rasters={})


def row(outcome: Outcome, name: str) -> Any:
    return outcome.rasters[name].to_numpy()[1]


# ---- ways of machines ----


def test_minutes_by_hand(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters
) -> None:
    inputs = resting(world.inputs(), coverage=served(world, sketch))
    outcome = suitability.compute(inputs, stated)
    # Cell by cell along the middle row: 10, 0, 10, 20 ... minutes of 120; no road is known.
    minutes = np.abs(np.arange(18) - 1) * 10.0
    np.testing.assert_allclose(row(outcome, "service"), np.clip(1 - minutes / 120, 0, 1), atol=1e-6)
    said = {note.key for note in outcome.warnings}
    assert {"friction.no_roads", "friction.no_water"} <= said
    communes = outcome.tables["communes"]
    assert set(communes["group"]) == {"borderline"}
    assert communes["hectares"].tolist() == [90] * 6
    assert [note.key for note in communes["reason"].iloc[3]] == [
        "reasons.firm",
        "reasons.way_no_road",
    ]


def test_minutes_and_ways_are_those_of_coverage(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters
) -> None:
    """A road leads from the planter through three communes."""
    road = gpd.GeoSeries([sketch.line((1.5, 1.5), (8.5, 1.5))])
    beside = served(world, sketch, roads=road)
    inputs = resting(world.but(roads=road).inputs(), coverage=beside)
    told = coverage.compute(beside, stated.coverage)
    area = scored_area(inputs, stated)
    machines = next(
        score
        for item, score in zip(area.scored.criteria, area.scored.scores, strict=True)
        if item.key == "machine_access"
    )
    minutes = told.rasters["travel_time"].to_numpy()
    np.testing.assert_allclose(machines, np.clip(1 - minutes / 120, 0, 1), atol=1e-6)

    communes = suitability.compute(inputs, stated).tables["communes"]
    shares = told.tables["communes"]["off_road_share"]
    pd.testing.assert_series_equal(communes["off_road_share"], shares)
    # On either side of the road one row of cells: a third and more of each way is off it.
    groups = told.tables["communes"]["group"]
    assert set(groups) >= {"borderline", "too-weak"}
    keys = {
        "firm": (),
        "borderline": ("reasons.way_borderline",),
        "too-weak": ("reasons.way_guessed", "reasons.way_no_road"),
    }
    for group, found, reason in zip(groups, communes["group"], communes["reason"], strict=True):
        way = [note.key for note in reason][1:]
        assert way == [] if group == "firm" else way[0] in keys[group]
        assert found == ("borderline" if "reasons.way_no_road" in way else "firm")


def test_where_no_way_leads_the_road_tells(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters
) -> None:
    """A river between the districts: nothing is known of ways beyond it, and nothing is zero."""
    stream = box(*sketch.place(9, 90).coords[0], *sketch.place(10, -90).coords[0])
    roads = gpd.GeoSeries([sketch.line((0, 1.5), (18, 1.5))])
    beside = served(world, sketch, water=gpd.GeoSeries([stream]))
    outcome = suitability.compute(resting(world.but(roads=roads).inputs(), coverage=beside), stated)
    # On the road its distance scores 1: with machines at 80 minutes (1 + 1/3) / 2, then alone.
    np.testing.assert_allclose(
        row(outcome, "service")[[1, 8, 9, 17]], [1, 0.708333, 1, 1], atol=1e-5
    )
    east = outcome.tables["communes"].loc["010202"]
    assert (east["group"], east["hectares"]) == ("borderline", 90)
    assert [note.key for note in east["reason"]] == ["reasons.firm", "reasons.way_none"]
    assert Note("reasons.machines_unseen", (("land", 2700),)) in outcome.warnings


@pytest.mark.parametrize("providers", [(), [("P1", ())], [("P1", [("tractor", 1, 5.0, ())])]])
def test_without_a_planter_the_criterion_is_dropped_and_said(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters, providers: Any
) -> None:
    rows = [sketch.provider(name, 1.5, 1.5, machines) for name, machines in providers]
    beside = replace(world.but(providers=rows).inputs(), rasters={})
    outcome = suitability.compute(resting(world.inputs(), coverage=beside), stated)
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert Note("criteria.machine_access") in said["reasons.criteria_dropped"]["criteria"]
    assert said["reasons.no_machines"] == {"km": 30}
    assert set(outcome.tables["communes"]["group"]) == {"firm"}
    assert np.isnan(row(outcome, "service")).all()


# ---- degraded land ----


def series(sketch: SimpleNamespace, years: tuple[int, ...] = NEWEST) -> dict[str, Any]:
    """Crops become town in the second commune; the third is water, the fourth has no series."""
    before = sketch.band(CROPS, CROPS, WATER, CROPS, CROPS, CROPS, dtype=np.int16)
    after = sketch.band(CROPS, TOWN, WATER, CROPS, CROPS, CROPS, dtype=np.int16)
    green = sketch.band(0.5, 0.5, 0.5, NAN, 0.5, 0.5)
    return {
        "vegetation_index": (years, np.stack([green] * len(years))),
        "land_cover": (YEARS, np.stack([before if year < 2018 else after for year in YEARS])),
    }


def eroded(world: Any, sketch: SimpleNamespace, years: tuple[int, ...] = NEWEST) -> Inputs:
    inputs: Inputs = world.but(
        rasters={"soil_carbon": sketch.band(*[50] * 6)},
        units={"soil_carbon": "t/ha"},
        series=series(sketch, years),
    ).inputs()
    return inputs


def test_degraded_land_by_hand(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters
) -> None:
    inputs = resting(world.inputs(), land_degradation=eroded(world, sketch))
    outcome = suitability.compute(inputs, stated)
    # Poor share 0.9 .. 0.4 and degradation, half each; on water there is none to count.
    expected = [0.45, 0.9, 0.7, NAN, 0.25, 0.2]
    np.testing.assert_allclose(row(outcome, "need")[::3], expected, atol=1e-6)
    communes = outcome.tables["communes"]
    assert communes["degraded_land"].round(6).tolist() == [0, 900, 0, 0, 0, 0]
    np.testing.assert_allclose(communes["degraded_hectares"], [0, 90, NAN, NAN, 0, 0])
    districts = outcome.tables["districts"]
    assert districts["degraded_hectares"].tolist() == [90, 0]
    assert districts["degraded_land"].round(6).tolist() == [900, 0]


def test_degraded_hectares_are_those_of_the_analysis(
    world: Any, sketch: SimpleNamespace, stated: SuitabilityParameters
) -> None:
    """It has all years, for three periods; and outlines that cut cells."""
    whole = eroded(world, sketch, YEARS)
    moved = whole.communes.set_geometry(whole.communes.translate(-300))
    whole = replace(whole, communes=moved)
    told = land_degradation.compute(whole, LandDegradationParameters(), silent)
    part = replace(eroded(world, sketch), communes=moved)
    inputs = resting(replace(world.inputs(), communes=moved), land_degradation=part)
    found = suitability.compute(inputs, stated).tables["communes"]
    pd.testing.assert_series_equal(
        found["degraded_land"], told.tables["communes"]["degraded_ha"], check_names=False
    )
    assert 0 < found["degraded_land"].iloc[2] < 900


@pytest.mark.parametrize(
    ("left", "key"),
    [
        ((), "reasons.degradation_absent"),
        (("vegetation_index",), "reasons.degradation_unknown"),
        (("vegetation_index", "land_cover", "soil_carbon"), "reasons.degradation_years"),
    ],
)
def test_without_the_series_the_criterion_is_dropped_and_said(
    world: Any,
    sketch: SimpleNamespace,
    stated: SuitabilityParameters,
    left: tuple[str, ...],
    key: str,
) -> None:
    known = eroded(world, sketch, NEWEST[:-2])
    beside = replace(known, rasters={name: known.rasters[name] for name in left})
    if key == "reasons.degradation_unknown":
        whole = eroded(world, sketch)
        beside = replace(whole, rasters={name: whole.rasters[name] for name in left})
    outcome = suitability.compute(resting(world.inputs(), land_degradation=beside), stated)
    assert key in {note.key for note in outcome.warnings}
    np.testing.assert_allclose(row(outcome, "need")[::3], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    communes = outcome.tables["communes"]
    assert communes[["degraded_land", "degraded_hectares"]].isna().all(axis=None)
