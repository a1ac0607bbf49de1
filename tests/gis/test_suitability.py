"""Suitability of the made-up world by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gis.analyses import suitability
from gis.analysis import Note, Outcome
from gis.errors import NothingToScore, WrongUnit
from gis.grid import NO_DATA
from gis.masks import FIRST_MASK
from gis.membership import CategoryTable, Gaussian, Linear, RangeTable, Sigmoid, Trapezoid
from gis.suitability_parameters import AxisWeights, SuitabilityParameters
from gis.tracks import Mask

NAN = float("nan")


def settings(sketch: SimpleNamespace, **changes: Any) -> SuitabilityParameters:
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=0.5, fit=0.5, service=0, spread=0),
    }
    return SuitabilityParameters(**(stated | changes))


def values(outcome: Outcome, name: str) -> Any:
    """The middle row: one value a cell, three cells a commune."""
    return outcome.rasters[name].to_numpy()[1]


def test_by_hand(world: Any, sketch: SimpleNamespace, keys: Callable[[Any], set[str]]) -> None:
    # Poor share 0.9 .. 0.4 is need; slope 0, 2 (3.49 %), 6 (10.5 %) degrees is fit 1, 0.5, 0.1.
    world = world.but(
        rasters=dict(world.rasters) | {"slope": sketch.band(0, 2, 6, 0, 0, NAN)},
        adopters=[("upland", "practised", 1.5, 1.5)],
    )
    outcome = suitability.compute(world.inputs(), settings(sketch))
    np.testing.assert_allclose(values(outcome, "need")[::3], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    np.testing.assert_allclose(values(outcome, "fit")[::3], [1, 0.5, 0.1, 1, 1, NAN])
    assert np.isnan(values(outcome, "service")).all()
    np.testing.assert_allclose(values(outcome, "spread")[1::3], [1, 0.7, 0.4, 0.1, 0, 0], atol=1e-6)
    # Means 0.95, 0.65, 0.4, 0.8, 0.75; slope caps the second at 0.5, the third at 0.1.
    np.testing.assert_allclose(
        values(outcome, "suitability")[::3], [0.95, 0.5, 0.1, 0.8, 0.75, NAN], atol=1e-6
    )
    assert values(outcome, "suitability_class")[::3].tolist() == [1, 3, 5, 1, 2, NO_DATA]
    assert values(outcome, "limiting")[::3].tolist() == [1, 2, 2, 1, 1, NO_DATA]
    legend = outcome.rasters["limiting"].attrs["classes"]
    assert (legend[1], legend[2]) == ("criteria.poverty", "criteria.slope")
    assert legend[FIRST_MASK] == "criteria.mask_protected_strict"
    assert outcome.rasters["suitability"].attrs["units"] == "1"
    assert keys(outcome) == {"reasons.masks_absent", "reasons.protected_reduces"}

    communes = outcome.tables["communes"]
    assert communes.index.name == "code"
    first = communes.loc["010102"]
    assert (first["district"], first["group"], first["hectares"]) == ("0101", "firm", 90)
    assert first["suitability"] == pytest.approx(0.5)
    assert first["S3"] == pytest.approx(900)
    columns = ["S1", "S2", "S3", "N1", "N2", "excluded", "no_data"]
    np.testing.assert_allclose(communes[columns].sum(axis=1), 900)
    assert communes.loc["010203", "no_data"] == pytest.approx(900)
    assert np.isnan(communes.loc["010203", "suitability"])
    districts = outcome.tables["districts"]
    assert districts["hectares"].tolist() == [270, 270]
    assert districts.loc["0101", "need"] == pytest.approx(0.8)
    np.testing.assert_allclose(districts[columns].sum(axis=1), 2700)
    assert outcome.summary["land_by_class_ha"]["no_data"] == pytest.approx(900)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (Linear(0, 5), [0, 0.2, 0.4, 0.6, 0.8, NAN]),
        (RangeTable((2,), (0.3, 0.9)), [0.3, 0.3, 0.9, 0.9, 0.9, NAN]),
        (Sigmoid(2, np.log(3)), [1 / 10, 1 / 4, 1 / 2, 3 / 4, 9 / 10, NAN]),
        (Trapezoid(0, 1, 2, 4), [0, 1, 1, 0.5, 0, NAN]),
        (Gaussian(2, 1), [np.exp(-2), np.exp(-0.5), 1, np.exp(-0.5), np.exp(-2), NAN]),
        (CategoryTable(((0, 0.1), (1, 0.2), (2, 0.3), (3, 1.0))), [0.1, 0.2, 0.3, 1, NAN, NAN]),
    ],
    ids=lambda item: type(item).__name__,
)
def test_every_value_function_reaches_the_surface(
    world: Any, sketch: SimpleNamespace, function: Any, expected: list[float]
) -> None:
    layer = sketch.band(0, 1, 2, 3, 4, NAN)
    if isinstance(function, CategoryTable):
        layer = np.where(np.isnan(layer), NO_DATA, layer).astype(np.int16)
    track = replace(
        sketch.track, criteria=(sketch.criterion("one", "fit", "thing", "x", function=function),)
    )
    world = world.but(rasters={"thing": layer})
    outcome = suitability.compute(world.inputs(), settings(sketch, tracks=(track,)))
    for name in ("fit", "suitability"):
        np.testing.assert_allclose(values(outcome, name)[::3], expected, atol=1e-6)


def test_a_share_multiplies_and_a_criterion_may_not_apply(
    world: Any, sketch: SimpleNamespace
) -> None:
    track = replace(
        sketch.track,
        criteria=(
            sketch.criterion("poverty", "need", "poor_share", "p"),
            sketch.criterion("erosion", "need", "steep", "e", share="crop_share"),
            sketch.criterion("yield_gap", "need", "gap", "y", applies_where="maize_share"),
        ),
    )
    world = world.but(
        rasters={
            "poor_share": sketch.band(0.6, 0.6, 0.6, 0.6, 0.6, 0.6),
            "steep": sketch.band(1, 1, 1, 1, 1, 1),
            "crop_share": sketch.band(0.3, 0, 0.3, 0.3, NAN, 0.3),
            "gap": sketch.band(0.9, 0.9, 0.9, NAN, 0.9, NAN),
            "maize_share": sketch.band(0.5, 0.5, 0, 0, 0.5, NAN),
        }
    )
    outcome = suitability.compute(world.inputs(), settings(sketch, tracks=(track,)))
    # Where there is no maize its yield says nothing, known or not.
    expected = [0.6, 0.5, 0.45, 0.45, NAN, NAN]
    np.testing.assert_allclose(values(outcome, "need")[::3], expected, atol=1e-6)


def test_masks_exclude_ask_or_are_unknown(
    world: Any, sketch: SimpleNamespace, keys: Callable[[Any], set[str]]
) -> None:
    zones = sketch.band(0, 1, 2, NO_DATA, 0, 0, dtype=np.int16)
    world = world.but(
        rasters=dict(world.rasters) | {"protected_zone": zones},
        figures=sketch.figures(protected_share=0.5),
    )
    outcome = suitability.compute(world.inputs(), settings(sketch))
    assert values(outcome, "suitability_class")[::3].tolist() == [1, 6, 1, NO_DATA, 2, 2]
    assert values(outcome, "limiting")[3] == FIRST_MASK
    assert np.isnan(values(outcome, "suitability")[3:6]).all()
    communes = outcome.tables["communes"]
    assert communes["excluded"].round().tolist() == [0, 900, 0, 0, 0, 0]
    assert communes["to_check"].round().tolist() == [0, 0, 900, 0, 0, 0]
    # A mask tells where: it takes its part, the share of the figures no longer does.
    assert communes["hectares"].tolist() == [90, 0, 90, 90, 90, 90]
    assert keys(outcome) == {"reasons.criteria_dropped"}


def test_two_layers_may_ask_for_a_check(world: Any, sketch: SimpleNamespace) -> None:
    masks = tuple(Mask(f"check_{name}", name, (2,), "check") for name in ("one", "two"))
    gap = NO_DATA
    layers = {
        "one": sketch.band(2, 0, 0, gap, gap, gap, dtype=np.int16),
        "two": sketch.band(gap, 2, 0, 2, 0, gap, dtype=np.int16),
    }
    track = replace(sketch.track, masks=masks)
    outcome = suitability.compute(
        world.but(rasters=dict(world.rasters) | layers).inputs(), settings(sketch, tracks=(track,))
    )
    # Asked by one is asked; else what one does not know is not known. Nothing is excluded.
    assert outcome.tables["communes"]["to_check"].round().tolist() == [900, 900, 0, 900, 0, 0]
    assert (values(outcome, "suitability_class") <= 2).all()


def test_an_absent_criterion_is_dropped_and_said(world: Any, sketch: SimpleNamespace) -> None:
    only_need = {"poor_share": world.rasters["poor_share"]}
    outcome = suitability.compute(world.but(rasters=only_need).inputs(), settings(sketch))
    np.testing.assert_allclose(values(outcome, "suitability"), values(outcome, "need"))
    said = {note.key: dict(note.values) for note in outcome.warnings}
    dropped = said["reasons.criteria_dropped"]["criteria"]
    assert dropped == (Note("criteria.slope"), Note("criteria.adopters_near"))
    assert said["reasons.axes_dropped"]["axes"] == (Note("criteria.axis_fit"),)
    # Positions are those of the track, whatever is absent.
    assert set(values(outcome, "limiting").tolist()) == {1}


def test_weights_are_rescaled_inside_an_axis(world: Any, sketch: SimpleNamespace) -> None:
    first, second = (
        sketch.criterion("one", "need", "one", "x", weight=3.0),
        sketch.criterion("two", "need", "two", "y", weight=1.0),
    )
    fit = sketch.criterion("fit", "fit", "fit", "f")
    track = replace(sketch.track, criteria=(first, second, fit))
    rasters = {"one": sketch.band(*[0.2] * 6), "two": sketch.band(*[1.0] * 6)}
    rasters |= {"fit": sketch.band(*[0.5] * 6)}
    given = settings(sketch, tracks=(track,))
    whole = suitability.compute(world.but(rasters=rasters).inputs(), given)
    np.testing.assert_allclose(values(whole, "suitability"), 0.5 * 0.4 + 0.5 * 0.5, atol=1e-6)
    del rasters["one"]
    part = suitability.compute(world.but(rasters=rasters).inputs(), given)
    np.testing.assert_allclose(values(part, "suitability"), 0.5 * 1.0 + 0.5 * 0.5, atol=1e-6)


def test_an_axis_without_weight_leaves_no_gap(world: Any, sketch: SimpleNamespace) -> None:
    world = world.but(rasters=dict(world.rasters) | {"slope": sketch.band(*[NAN] * 6)})
    weights = AxisWeights(need=1, fit=0, service=0, spread=0)
    outcome = suitability.compute(world.inputs(), settings(sketch, weights=weights))
    np.testing.assert_allclose(values(outcome, "suitability"), values(outcome, "need"))
    assert np.isnan(values(outcome, "fit")).all()


def test_nothing_to_score_and_a_wrong_unit_are_errors(world: Any, sketch: SimpleNamespace) -> None:
    with pytest.raises(NothingToScore):
        suitability.compute(world.but(rasters={}).inputs(), settings(sketch))
    with pytest.raises(WrongUnit):
        suitability.compute(world.but(units={"slope": "m"}).inputs(), settings(sketch))


def test_roads_serve_also_from_next_door(world: Any, sketch: SimpleNamespace) -> None:
    road = sketch.criterion(
        "road", "service", "road_distance", "r", function=Linear(10000, 0), units="m"
    )
    track = replace(sketch.track, criteria=(*sketch.track.criteria, road))
    outside = gpd.GeoSeries([sketch.line((-2.5, -9), (-2.5, 9))])
    outcome = suitability.compute(
        world.but(roads=outside).inputs(), settings(sketch, tracks=(track,))
    )
    np.testing.assert_allclose(
        values(outcome, "service")[:9], [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0], atol=1e-6
    )


def test_records_that_stopped_are_knowledge_no_record_is_none(
    world: Any, sketch: SimpleNamespace
) -> None:
    given = settings(sketch)
    stopped = world.but(adopters=[("upland", "stopped", 1.5, 1.5)])
    assert (values(suitability.compute(stopped.inputs(), given), "spread") == 0).all()
    for adopters in ([("rice", "practised", 1.5, 1.5)], (), None):
        outcome = suitability.compute(world.but(adopters=adopters).inputs(), given)
        assert np.isnan(values(outcome, "spread")).all()


def test_weak_figures_and_protected_land(world: Any, sketch: SimpleNamespace) -> None:
    table = sketch.figures(
        maize_ha=[90, 1000, 1900, NAN, 90, 90], protected_share=[0.25, 0, 0, 0, NAN, 1]
    )
    outcome = suitability.compute(world.but(figures=table).inputs(), settings(sketch))
    communes = outcome.tables["communes"]
    assert communes["group"].tolist() == [
        "firm",
        "borderline",
        "too-weak",
        "too-weak",
        "too-weak",
        "firm",
    ]
    np.testing.assert_allclose(communes["hectares"], [67.5, 900, NAN, NAN, NAN, 0])
    assert [
        [note.key.removeprefix("reasons.") for note in notes] for notes in communes["reason"]
    ] == [
        ["firm", "protected_share"],
        ["capped"],
        ["impossible"],
        ["not_reported"],
        ["firm", "protected_unknown"],
        ["firm", "protected_share"],
    ]
    districts = outcome.tables["districts"]
    assert districts["group"].tolist() == ["borderline", "borderline"]
    assert districts["hectares"].tolist() == [967.5, 0]
    assert dict(districts.loc["0101", "reason"][0].values) == {
        "firm": 1,
        "borderline": 1,
        "too_weak": 1,
    }


def test_figures_that_nobody_has(world: Any, sketch: SimpleNamespace) -> None:
    nothing = pd.DataFrame(index=pd.Index(sketch.codes, name="code"))
    outcome = suitability.compute(world.but(figures=nothing).inputs(), settings(sketch))
    assert set(outcome.tables["communes"]["group"]) == {"too-weak"}
    assert outcome.tables["districts"]["hectares"].isna().all()
    assert "reasons.protected_absent" in {note.key for note in outcome.warnings}


def test_a_seam_does_not_make_the_unknown_known(world: Any, sketch: SimpleNamespace) -> None:
    """A commune without figures is not scored by the cells that its neighbours share with it."""
    world = world.but(
        rasters=dict(world.rasters) | {"poor_share": sketch.band(0.9, NAN, 0.7, 0.6, 0.5, 0.4)}
    )
    inputs = world.inputs()
    moved = inputs.communes.set_geometry(inputs.communes.translate(-300))
    outcome = suitability.compute(replace(inputs, communes=moved), settings(sketch))
    assert np.isnan(
        outcome.tables["communes"].loc["010102", ["need", "suitability"]].astype(float)
    ).all()
    assert np.isfinite(outcome.tables["communes"].loc["010103", "need"])


def test_contributions_of_a_cell(world: Any, sketch: SimpleNamespace) -> None:
    inputs = world.inputs()
    cells = np.zeros(inputs.grid.shape, dtype=bool)
    cells[1, 3] = True
    found = suitability.contributions_at(inputs, settings(sketch), cells)
    assert found["axis"].to_dict() == {"poverty": "need", "slope": "fit"}
    assert found["gain"].to_dict() == pytest.approx({"poverty": 0.4, "slope": 0.5})
    assert found["loss"].to_dict() == pytest.approx({"poverty": 0.1, "slope": 0.0})
