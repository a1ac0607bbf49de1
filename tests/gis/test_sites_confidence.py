"""How sure the sites are: repetitions, the answer without weak data, known early adopters."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gis.analyses import sites
from gis.analysis import Note, Outcome
from gis.sites import again
from gis.sites.again import spans
from gis.sites.chosen import Choice
from gis.sites.parameters import Override, SitesParameters
from gis.suitability_parameters import AxisWeights


def run(world: Any, sketch: SimpleNamespace, **changes: Any) -> Outcome:
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=1, fit=0, service=0, spread=0),
        "count": 2,
        "reach_m": 1800.0,
        "spacing_m": 0.0,
        "samples": 6,
    }
    return sites.compute(world.inputs(), SitesParameters(**(stated | changes)))


def keys(outcome: Outcome) -> list[list[str]]:
    return [[note.key for note in said] for said in outcome.features["sites"]["sureness"]]


def test_sites_far_above_the_others_always_stay(world: Any, sketch: SimpleNamespace) -> None:
    """Hectares ten times as many as elsewhere: no weight or distance changes the order."""
    table = sketch.figures(maize_ha=[900, 900, 90, 90, 90, 90])
    outcome = run(world.but(figures=table), sketch)
    found = outcome.features["sites"]
    assert found["stays_share"].tolist() == [1, 1]
    assert all("sensitivity.stays" in said for said in keys(outcome))
    # Nothing is borderline: nothing to leave out.
    assert found["stays_without_suspect"].tolist() == ["", ""]


def test_a_tie_that_weights_break_does_not_always_stay(world: Any, sketch: SimpleNamespace) -> None:
    """Need speaks for the first commune, nearness to an adopter for the last: weights decide."""
    rasters = dict(world.rasters) | {"poor_share": sketch.band(0.6, 0.1, 0.1, 0.1, 0.1, 0.1)}
    near = world.but(rasters=rasters, adopters=[("upland", "practised", 17.9, 1.5)])
    weights = AxisWeights(need=0.5, fit=0, service=0, spread=0.5)
    found = run(near, sketch, count=1, weights=weights, diffusion_m=100.0, samples=40)
    share = found.features["sites"]["stays_share"].iloc[0]
    assert 0.1 < share < 0.95


def test_the_same_seed_says_the_same(world: Any, sketch: SimpleNamespace) -> None:
    one, two = (run(world, sketch, samples=5, seed=3).features["sites"] for _ in range(2))
    assert one["stays_share"].tolist() == two["stays_share"].tolist()


def test_without_samples_nothing_is_said(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, samples=0)
    assert np.isnan(outcome.features["sites"]["stays_share"]).all()
    assert not any("sensitivity.stays" in said for said in keys(outcome))


def test_borderline_communes_are_left_out_once(world: Any, sketch: SimpleNamespace) -> None:
    # 1,000 ha on 900 ha of land are borderline and count as 900.
    table = sketch.figures(maize_ha=[90, 90, 1000, 90, 90, 90])
    outcome = run(world.but(figures=table), sketch, samples=0)
    found = outcome.features["sites"].set_index("code")["stays_without_suspect"]
    assert found["010103"] == "itself"
    assert set(found.drop("010103")) <= {"yes", "no"}
    assert any("reasons.stays_itself" in said for said in keys(outcome))


def test_limits_of_the_working_values() -> None:
    found = spans(SitesParameters(fit_threshold=0.95, reach_m=100_000.0, diffusion_m=0.0))
    assert (found["fit_threshold"].low, found["fit_threshold"].high) == pytest.approx((0.85, 1))
    assert (found["reach_m"].low, found["reach_m"].high) == (80_000, 100_000)
    assert (found["diffusion_m"].low, found["diffusion_m"].high) == (0, 0)


def test_known_adopters_are_a_check(world: Any, sketch: SimpleNamespace) -> None:
    """An adopter in the commune of the second highest need of six: four of five others lower."""
    outcome = run(world.but(adopters=[("upland", "practised", 4.5, 1.5)]), sketch, samples=0)
    table = outcome.tables["known_adopters"]
    assert table.index.tolist() == ["010102"]
    assert table["scores_higher_share"].tolist() == pytest.approx([0.8])
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert said["reasons.known_adopters"] == {"count": 1, "percent": 80}
    none = run(world, sketch, samples=0)
    assert none.tables["known_adopters"].empty


def test_what_the_sites_hang_on_comes_first(world: Any, sketch: SimpleNamespace) -> None:
    """One site: need speaks for the first commune, an adopter near for the last."""
    rasters = dict(world.rasters) | {"poor_share": sketch.band(0.6, 0.1, 0.1, 0.1, 0.1, 0.1)}
    near = world.but(rasters=rasters, adopters=[("upland", "practised", 17.9, 1.5)])
    weights = AxisWeights(need=0.7, fit=0, service=0, spread=0.3)
    outcome = run(near, sketch, count=1, weights=weights, diffusion_m=100.0, samples=1)
    assert outcome.features["sites"]["code"].tolist() == ["010101"]
    table = outcome.tables["one_at_a_time"]
    assert table["kept_share"].is_monotonic_increasing
    kept = table.set_index("side", append=True)["kept_share"]
    # Ten points more need cannot take the site of need away.
    assert kept["need", "higher"] == 1
    gone = table[table["kept_share"] == 0]
    assert set(gone["gone_en"]) <= {"C010101 (010101)"}
    assert run(near, sketch, samples=0).tables["one_at_a_time"].empty


def test_what_a_short_search_misses_does_not_come_and_go(
    world: Any, sketch: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that stops at the worst of six communes: the site of the choice is better, and so
    stays in all repetitions."""
    full = again.choose

    def short(offered: Any, places: Any, districts: Any, parameters: Any, progress: Any) -> Choice:
        if not parameters.required:
            parameters = replace(parameters, required=("010203",))
        found = full(offered, places, districts, parameters, progress)
        assert found.location is not None
        return replace(found, location=replace(found.location, bound_by="time"))

    monkeypatch.setattr(again, "choose", short)
    outcome = run(world, sketch, count=1, reach_m=1450.0)
    found = outcome.features["sites"]
    assert (found["code"].tolist(), found["stays_share"].tolist()) == (["010101"], [1])
    assert (outcome.tables["one_at_a_time"]["kept_share"] == 1).all()
    rough = next(note for note in outcome.warnings if note.key == "reasons.repetitions_rough")
    assert rough.values == (("count", 6 + len(outcome.tables["one_at_a_time"])),)


def test_a_required_place_that_drops_out_takes_no_other_with_it(
    world: Any, sketch: SimpleNamespace
) -> None:
    """Without the borderline third commune, the best two of the firm ones are left."""
    table = sketch.figures(maize_ha=[90, 90, 1000, 90, 90, 90])
    outcome = run(world.but(figures=table), sketch, samples=0, reach_m=1450.0, required=("010103",))
    found = outcome.features["sites"].set_index("code")["stays_without_suspect"]
    assert found.to_dict() == {"010103": "itself", "010101": "yes"}


def test_rules_that_contradict_are_not_asked(world: Any, sketch: SimpleNamespace) -> None:
    """A village sees all nine cells of its commune; of four fifths of that distance, five: less
    than the 0.7 that each district asks for."""
    outcome = run(
        world, sketch, count=6, reach_m=1450.0, diffusion_m=100.0, samples=9,
        min_share_per_district=0.7,
    )  # fmt: skip
    kept = outcome.tables["one_at_a_time"].set_index("side", append=True)["kept_share"]
    assert np.isnan(kept["reach_m", "lower"])
    assert kept["reach_m", "higher"] == 1
    unasked = next(note for note in outcome.warnings if note.key == "reasons.repetitions_unasked")
    asked = outcome.summary["repetitions"]
    assert 0 < asked < 9
    assert dict(unasked.values)["count"] == 9 - asked + 1
    # In all that could be asked every commune is needed.
    assert (outcome.features["sites"]["stays_share"] == 1).all()


def test_of_an_added_site_no_model_is_asked(world: Any, sketch: SimpleNamespace) -> None:
    added = (Override("010203", "add", "School"),)
    found = run(world, sketch, samples=2, overrides=added).features["sites"].set_index("code")
    assert np.isnan(found.loc["010203", "stays_share"])
    assert found.loc["010203", "sureness"] == (Note("reasons.officer_decided"),)
    assert found.drop("010203")["stays_share"].notna().all()
