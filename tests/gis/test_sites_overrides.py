"""Officers' overrides stay beside the proposal: both ranks, and the reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gis.analyses import sites
from gis.analysis import Note, Outcome
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
    # of a commune that was never proposed nothing was removed
    assert idle.tables["communes"].loc["010203", "reason"][0] == Note(
        "reasons.not_wanted", (("reason", "No road."),)
    )
    assert "reasons.overridden" not in {note.key for note in idle.warnings}
    both = run(world, sketch, REMOVED, Override("010203", "remove", "No road."))
    said = {note.key: dict(note.values) for note in both.warnings}
    assert said["reasons.overridden"] == {"added": 0, "removed": 1}


def test_a_site_that_stands_is_not_removed(world: Any, sketch: SimpleNamespace) -> None:
    for code in ("010101", "01010101"):
        with pytest.raises(BadParameter) as caught:
            run(world, sketch, Override(code, "remove", "Gone."), existing=("01010101",))
        assert caught.value.allowed == Note("reasons.stands_already")


def test_all_removed_leaves_an_empty_answer(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, REMOVED, count=1)
    assert outcome.features["sites"].empty
    assert outcome.tables["overrides"].index.tolist() == ["010101"]


def test_what_cannot_be_decided_is_named(world: Any, sketch: SimpleNamespace) -> None:
    with pytest.raises(BadParameter, match="999999"):
        run(world, sketch, Override("999999", "add", "?"))
    with pytest.raises(BadParameter, match="010101"):
        run(world, sketch, REMOVED, Override("01010101", "add", "?"))
    with pytest.raises(NotACandidate) as caught:
        run(world.but(villages=world.villages[:5]), sketch, ADDED)
    assert caught.value.rule == Note("reasons.rule_no_villages")


def test_an_officer_may_set_a_rule_aside(world: Any, sketch: SimpleNamespace) -> None:
    """Nothing is known of the last commune: what its village reaches next door still counts."""
    weak = world.but(figures=sketch.figures(maize_ha=[90, 90, 90, 90, 90, NAN]))
    outcome = run(weak, sketch, ADDED, reach_m=2000.0)
    row = outcome.features["sites"].set_index("code").loc["010203"]
    # Of the commune before it one cell of 10 ha lies 2 km off.
    assert (row["group"], row["village"]) == ("too-weak", "01020301")
    assert row["hectares"] == pytest.approx(10)
    assert row["reason"][:2] == (
        Note("reasons.added", (("reason", ADDED.reason),)),
        Note("reasons.set_aside", (("rules", (Note("reasons.rule_too_weak"),)),)),
    )
    plain = run(weak, sketch, reach_m=2000.0)
    # The proposal is what it was, and no model may choose what an officer adds.
    assert outcome.summary["candidates"] == plain.summary["candidates"] == 5
    assert outcome.summary["search"]["objective"] == plain.summary["search"]["objective"]
    communes = outcome.tables["communes"].loc["010203"]
    assert (communes["chosen"], communes["stopped_by"]) == (True, "too_weak")
    assert pd.isna(communes["rank"])


def test_every_rule_set_aside_is_named(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(
        world, sketch, ADDED, count=2, forbidden=("010203",), spacing_m=2900.0, budget_usd=3200.0
    )
    row = outcome.features["sites"].set_index("code").loc["010203"]
    assert dict(row["reason"][1].values)["rules"] == (Note("location.rule_forbidden"),)
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert said["reasons.over_budget"] == {"cost": 4800, "budget": 3200}
    near = run(world, sketch, Override("010102", "add", "Near."), count=1, spacing_m=3100.0)
    row = near.features["sites"].set_index("code").loc["010102"]
    assert dict(row["reason"][1].values)["rules"] == (Note("location.rule_spacing"),)


def test_nobody_adds_a_site_on_excluded_land(world: Any, sketch: SimpleNamespace) -> None:
    zones = sketch.band(0, 0, 0, 0, 0, 0, dtype=np.int16)
    zones[1, 16] = 1  # under the village of the last commune
    strict = world.but(rasters=dict(world.rasters) | {"protected_zone": zones})
    lake = gpd.GeoSeries([sketch.place(16.5, 1.5).buffer(600)])
    for closed in (strict, world.but(water=lake)):
        plain = run(closed, sketch, count=6)
        assert "010203" not in plain.features["sites"]["code"].tolist()
        assert plain.tables["left_out"].loc["01020301", "stopped_by"] == "excluded_land"
        for code in ("010203", "01020301"):
            with pytest.raises(NotACandidate) as caught:
                run(closed, sketch, Override(code, "add", "?"))
            assert caught.value.rule == Note("reasons.rule_excluded_land")


def test_where_a_commune_gets_several_sites_each_place_has_its_override(
    world: Any, sketch: SimpleNamespace
) -> None:
    villages = [("01010101", "010101", 0.5, 1.5), ("01010102", "010101", 2.5, 1.5)]
    two = world.but(villages=[*villages, *world.villages[1:]])
    outcome = run(
        two,
        sketch,
        Override("01010101", "remove", "No cooperative."),
        Override("010203", "add", "A partner."),
        one_per_commune=False,
        reach_m=1100.0,
        count=4,
    )
    table = outcome.tables["overrides"].set_index("village")
    assert table.loc["01010102", "rank_decided"] > 0
    assert table.loc["01010101", "override"] == "remove"
    assert table.loc["01010102", "override"] == ""
    assert table.loc["01020301", "override_reason"] == "A partner."
    assert "01010101" not in outcome.features["sites"]["village"].tolist()


VILLAGES = [("01010101", "010101", 0.5, 1.5), ("01010102", "010101", 2.5, 1.5)]
SEVERAL = {"one_per_commune": False, "reach_m": 1100.0}


def several(world: Any) -> Any:
    """Two villages in the first commune: the one in the east reaches more."""
    return world.but(villages=[*VILLAGES, *world.villages[1:]])


def test_a_commune_added_is_one_place(world: Any, sketch: SimpleNamespace) -> None:
    """What is said of it stands beside that place alone, not beside all of the commune."""
    there = Override("010101", "add", "A school.")
    outcome = run(several(world), sketch, there, count=6, **SEVERAL)
    table = outcome.tables["overrides"].reset_index().set_index("village")
    own = table[table["code"] == "010101"]
    assert sorted(own["override"]) == ["", "add"]
    sites = outcome.features["sites"].set_index("village")
    added = own.index[own["override"] == "add"][0]
    assert sites.loc[added, "override_reason"] == "A school."


def test_what_is_removed_is_not_the_best_of_its_commune(
    world: Any, sketch: SimpleNamespace
) -> None:
    changes = (Override("010101", "add", "A school."), Override("01010102", "remove", "A flood."))
    found = run(several(world), sketch, *changes, count=1, **SEVERAL).features["sites"]
    reasons = found.set_index("village")["override_reason"].to_dict()
    assert "01010102" not in reasons
    assert reasons["01010101"] == "A school."


@pytest.mark.parametrize(
    "others",
    [
        (Override("010101", "add", "A."), Override("01010102", "add", "B.")),
        (Override("010101", "remove", "A."), Override("01010102", "add", "B.")),
        (Override("010101", "remove", "A."), Override("010101", "add", "B.")),
        (Override("010203", "add", "A."), Override("01020301", "remove", "B.")),
    ],
)
def test_two_overrides_do_not_meet_in_one_place(
    others: tuple[Override, Override], world: Any, sketch: SimpleNamespace
) -> None:
    with pytest.raises(BadParameter) as caught:
        run(several(world), sketch, *others, count=3, **SEVERAL)
    assert caught.value.allowed == Note("reasons.one_override")
