"""Officers' overrides stay beside the proposal: both ranks, and the reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gis.analyses import sites
from gis.analysis import Outcome
from gis.errors import BadParameter, NotACandidate
from gis.sites.parameters import Override, SitesParameters
from gis.suitability_parameters import AxisWeights

NAN = float("nan")


def run(world: Any, sketch: SimpleNamespace, *overrides: Override, **changes: Any) -> Outcome:
    """Of need 0.9, 0.8, 0.7 | 0.6, 0.5, 0.4 the first three are proposed."""
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=1, fit=0, service=0, spread=0),
        "count": 3,
        "reach_m": 1450.0,
        "spacing_m": 0.0,
        "samples": 0,
    }
    return sites.compute(
        world.inputs(), SitesParameters(**(stated | changes), overrides=tuple(overrides))
    )


REMOVED = Override("010101", "remove", "The road is cut.")
ADDED = Override("010203", "add", "A partner works there.")


def test_both_ranks_stand_side_by_side(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, REMOVED, ADDED)
    found = outcome.features["sites"]
    assert found["code"].tolist() == ["010102", "010103", "010203"]
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["rank_proposed"].fillna(0).tolist() == [2, 3, 0]
    assert found["override_reason"].tolist() == ["", "", "A partner works there."]
    assert found["reason"].iloc[2][0].key == "reasons.added"
    table = outcome.tables["overrides"]
    assert table.index.tolist() == ["010101", "010102", "010103", "010203"]
    assert table["rank_proposed"].fillna(0).tolist() == [1, 2, 3, 0]
    assert table["rank_decided"].fillna(0).tolist() == [0, 1, 2, 3]
    assert table["override"].tolist() == ["remove", "", "", "add"]
    communes = outcome.tables["communes"]
    assert not communes.loc["010101", "chosen"]
    assert communes.loc["010101", "reason"][0].key == "reasons.removed"
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert said["reasons.overridden"] == {"added": 1, "removed": 1}
    assert outcome.summary["search"]["overridden"]
    assert outcome.summary["reached"]["hectares"] == pytest.approx(270)


def test_a_village_added_takes_the_place_of_its_commune(
    world: Any, sketch: SimpleNamespace
) -> None:
    villages = [*world.villages, ("01010102", "010101", 0.5, 0.5)]
    there = Override("01010102", "add", "The school stands there.")
    found = run(world.but(villages=villages), sketch, there).features["sites"]
    assert found["code"].is_unique
    assert found.set_index("code").loc["010101", "village"] == "01010102"
    # It sees four of the nine cells: the third best now.
    assert found["code"].tolist() == ["010102", "010103", "010101"]


def test_capacities_hold_for_what_officers_add(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, ADDED, model="capacitated", site_capacity=50.0)
    assert outcome.features["sites"]["hectares"].tolist() == pytest.approx([50] * 4)


def test_nothing_changed_is_the_proposal(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch)
    found = outcome.features["sites"]
    assert found["rank_proposed"].tolist() == found["rank"].tolist()
    assert "overrides" not in outcome.tables
    idle = run(world, sketch, Override("010203", "remove", "No road."))
    assert idle.features["sites"]["code"].tolist() == found["code"].tolist()
    assert idle.tables["overrides"].loc["010203", "override_reason"] == "No road."


def test_all_removed_leaves_an_empty_answer(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, REMOVED, count=1)
    assert outcome.features["sites"].empty
    assert outcome.tables["overrides"].index.tolist() == ["010101"]


def test_what_cannot_be_decided_is_named(world: Any, sketch: SimpleNamespace) -> None:
    with pytest.raises(BadParameter, match="999999"):
        run(world, sketch, Override("999999", "add", "?"))
    with pytest.raises(BadParameter, match="010101"):
        run(world, sketch, REMOVED, Override("01010101", "add", "?"))
    weak = world.but(figures=sketch.figures(maize_ha=[90, 90, 90, 90, 90, NAN]))
    with pytest.raises(NotACandidate):
        run(weak, sketch, ADDED)
