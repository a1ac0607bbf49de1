"""The overview against an exact run on the same grid, for any weights."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.analyses import suitability
from gis.errors import NothingToScore, UnknownParameter
from gis.grid import NO_DATA
from gis.overview import overview
from gis.suitability_parameters import AxisWeights, Cutoffs, SuitabilityParameters

NAN = float("nan")
WEIGHT = st.floats(0, 10).map(lambda weight: round(weight, 2))


@pytest.fixture
def stated(sketch: SimpleNamespace) -> SuitabilityParameters:
    more = sketch.criterion("wet", "fit", "wetness", "w", weight=0.5)
    track = replace(sketch.track, criteria=(*sketch.track.criteria, more))
    return SuitabilityParameters(tracks=(track,), weights=AxisWeights(need=0.5, fit=0.5))


@pytest.fixture
def inputs(world: Any, sketch: SimpleNamespace) -> Any:
    """One commune is excluded, of one nothing is known, one is too steep."""
    layers = {
        "slope": sketch.band(0, 2, 6, 0, 0, NAN),
        "wetness": sketch.band(0.2, 0.4, 0.6, 0.8, 1, 1),
        "protected_zone": sketch.band(0, 0, 0, 1, NO_DATA, 0, dtype=np.int16),
    }
    rasters = dict(world.rasters) | layers
    adopters = [("upland", "practised", 1.5, 1.5)]
    return world.but(rasters=rasters, adopters=adopters).inputs()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(weights=st.tuples(WEIGHT, WEIGHT, WEIGHT), own=st.tuples(WEIGHT, WEIGHT))
def test_it_is_the_exact_run(
    inputs: Any,
    stated: SuitabilityParameters,
    weights: tuple[float, ...],
    own: tuple[float, ...],
) -> None:
    need, fit, spread = weights
    axes = AxisWeights(need=need, fit=fit, service=1, spread=spread)
    criteria = {"slope": own[0], "wet": own[1]}
    cutoffs = Cutoffs(0.7, 0.5, 0.3, 0.1)
    kept = overview(inputs, stated)
    again = replace(stated, weights=axes, criterion_weights=criteria, cutoffs=cutoffs)
    try:
        exact = suitability.compute(inputs, again)
    except NothingToScore:
        with pytest.raises(NothingToScore):
            kept.at(axes, criteria, cutoffs)
        return
    shown = kept.at(axes, criteria, cutoffs)
    np.testing.assert_array_equal(shown.score, exact.rasters["suitability"].to_numpy())
    np.testing.assert_array_equal(shown.classes, exact.rasters["suitability_class"].to_numpy())
    # The outlines of this world lie on cell edges: cells and exact shares agree.
    assert shown.hectares == pytest.approx(exact.summary["land_by_class_ha"])
    assert shown.notes == exact.warnings
    assert kept.groups.to_dict() == exact.tables["communes"]["group"].to_dict()


def test_weights_of_the_reading_do_not_stay(inputs: Any, stated: SuitabilityParameters) -> None:
    plain = overview(inputs, stated).at(AxisWeights(), {}, Cutoffs())
    moved = overview(inputs, replace(stated, criterion_weights={"slope": 9.0}))
    np.testing.assert_array_equal(moved.at(AxisWeights(), {}, Cutoffs()).score, plain.score)
    with pytest.raises(UnknownParameter):
        moved.at(AxisWeights(), {"rain": 1.0}, Cutoffs())


def test_what_is_kept_does_not_change(inputs: Any, stated: SuitabilityParameters) -> None:
    kept = overview(inputs, stated)
    before = [score.copy() for score in kept.area.scored.scores]
    kept.at(AxisWeights(need=1, fit=0, service=0), {}, Cutoffs())
    kept.at(AxisWeights(need=0, fit=1, service=0), {"slope": 1.0, "wet": 0.0}, Cutoffs())
    for then, now in zip(before, kept.area.scored.scores, strict=True):
        np.testing.assert_array_equal(then, now)


def test_land_of_communes_too_weak_to_rank_is_counted_apart(
    inputs: Any, stated: SuitabilityParameters
) -> None:
    kept = overview(inputs, stated)
    first = kept.groups.index[0]
    weak = replace(kept, groups=kept.groups.where(kept.groups.index != first, "too-weak"))
    shown, whole = (one.at(AxisWeights(), {}, Cutoffs()) for one in (weak, kept))
    cell = abs(float(shown.grid.resolution.x * shown.grid.resolution.y)) / 10_000
    known = shown.classes[(kept.area.zone == kept.area.communes.index.get_loc(first))] > 0
    apart = shown.ranked_hectares["no_data"] - whole.ranked_hectares["no_data"]
    assert whole.ranked_hectares == pytest.approx(whole.hectares)
    assert known.any()
    assert apart == pytest.approx(known.sum() * cell)
    assert sum(shown.ranked_hectares.values()) == pytest.approx(sum(shown.hectares.values()))
