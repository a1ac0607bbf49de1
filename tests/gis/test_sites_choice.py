"""Choosing sites under the planner's rules, by hand; and how each choice is explained."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.analyses import sites
from gis.analysis import Note, Outcome
from gis.errors import BadParameter, NotACandidate, RulesContradict
from gis.sites import choice
from gis.sites.parameters import SitesParameters
from gis.suitability_parameters import AxisWeights

NAN = float("nan")


def wanted(sketch: SimpleNamespace, **changes: Any) -> SitesParameters:
    """Need alone weighs: 0.9, 0.8, 0.7 | 0.6, 0.5, 0.4 of 90 ha; a site sees its own commune."""
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=1, fit=0, service=0, spread=0),
        "count": 3,
        "reach_m": 1450.0,
        "spacing_m": 0.0,
        "samples": 0,
    }
    return SitesParameters(**(stated | changes))


def run(world: Any, sketch: SimpleNamespace, **changes: Any) -> Outcome:
    return sites.compute(world.inputs(), wanted(sketch, **changes))


def chosen(outcome: Outcome) -> list[str]:
    return outcome.features["sites"]["code"].tolist()


def said(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {note.key: dict(note.values) for note in outcome.warnings}


ALL = ["010101", "010102", "010103", "010201", "010202", "010203"]
RULES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing asked", {}, ["010101", "010102", "010103"]),
    ("required commune", {"required": ("010203",)}, ["010101", "010102", "010203"]),
    ("required village", {"required": ("01020301",)}, ["010101", "010102", "010203"]),
    ("forbidden commune", {"forbidden": ("010102",)}, ["010101", "010103", "010201"]),
    ("forbidden village", {"forbidden": ("01010201",)}, ["010101", "010103", "010201"]),
    # 6 km leave every second village, 3 km apart.
    ("spacing", {"spacing_m": 6000.0}, ["010101", "010103", "010202"]),
    ("a site stands in 010101", {"existing": ("01010101",)}, ["010102", "010103", "010201"]),
    ("budget", {"budget_usd": 3200.0}, ["010101", "010102"]),
    ("budget of two sites less a dollar", {"budget_usd": 3199.0}, ["010101"]),
    # All of a district of 0.6 + 0.5 + 0.4: a share of 0.7 needs the first two of it.
    (
        "equity",
        {"count": 4, "min_share_per_district": 0.7},
        ["010101", "010102", "010201", "010202"],
    ),
    ("fewest that reach all", {"model": "set-covering"}, ALL),
]


@pytest.mark.parametrize(("changes", "codes"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_rules_by_hand(
    world: Any, sketch: SimpleNamespace, changes: dict[str, Any], codes: list[str]
) -> None:
    outcome = run(world, sketch, **changes)
    assert sorted(chosen(outcome)) == codes
    assert outcome.summary["search"]["proven_best"]
    assert "reasons.not_proven" not in said(outcome)


def test_objective_and_bound_by_hand(world: Any, sketch: SimpleNamespace) -> None:
    search = run(world, sketch).summary["search"]
    # 90 ha times 0.9 + 0.8 + 0.7 of need
    assert search["objective"] == pytest.approx(90 * 2.4)
    assert search["bound"] == pytest.approx(90 * 2.4)
    assert (search["gap"], search["model"]) == (0, "maximal-covering")


def test_the_best_together_is_not_the_best_one_by_one(world: Any, sketch: SimpleNamespace) -> None:
    """The village in the middle sees most alone; two others together see all of it and more."""
    even = dict(world.rasters) | {"poor_share": sketch.band(*[0.5] * 6)}
    villages = [("01010201", "010102", 4.5, 1.5), ("01010101", "010101", 1.5, 1.5)]
    villages += [("01010301", "010103", 7.5, 1.5)]
    outcome = run(
        world.but(rasters=even, villages=villages),
        sketch,
        count=2,
        reach_m=2600.0,
    )
    # Within 2.6 km of x = 4.5: five columns; of 1.5: four (the area ends), of 7.5: five.
    # Middle and either side share two columns; the outer two share none.
    assert sorted(chosen(outcome)) == ["010101", "010103"]


def test_a_capacity_limits_what_a_site_serves(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, model="capacitated", site_capacity=50.0, count=2)
    found = outcome.features["sites"]
    assert found["hectares"].tolist() == pytest.approx([50, 50])
    assert "reasons.capacity_plain" in said(outcome)
    wide = run(world, sketch, model="capacitated", site_capacity=1000.0, count=1, reach_m=5000.0)
    # From a village inside: 11 columns of the middle row, 9 of each other within 5 km, 10 ha each.
    assert wide.features["sites"]["hectares"].tolist() == pytest.approx([290])


def test_what_is_lost_is_what_the_others_cannot_serve(world: Any, sketch: SimpleNamespace) -> None:
    """A site of 50 ha loses 50, whatever lies around it; the corner village sees 40 of the 90."""
    villages = [("01010101", "010101", 1.5, 1.5), ("01010102", "010101", 0.5, 0.5)]
    limits: dict[str, Any] = {"model": "capacitated", "site_capacity": 50.0}
    one = run(world.but(villages=villages), sketch, count=1, **limits).features["sites"].iloc[0]
    assert (one["hectares"], one["lost_hectares"]) == (pytest.approx(50), pytest.approx(50))
    assert (one["next_best"], one["next_best_hectares"]) == ("01010102", pytest.approx(40))
    assert one["against"][0].key == "reasons.site_served"
    # Two see the same 180 ha and serve 100 each: without one the other takes 100, 80 are lost.
    both = run(
        world.but(figures=sketch.figures(maize_ha=[90, 90, 0, 0, 0, 0])),
        sketch, count=2, reach_m=5000.0, model="capacitated", site_capacity=100.0,
    ).features["sites"]  # fmt: skip
    assert both["hectares"].sum() == pytest.approx(180)
    assert both["lost_hectares"].tolist() == pytest.approx([80, 80])


def test_a_commune_that_another_site_pays_costs_an_alternative_nothing(
    world: Any, sketch: SimpleNamespace
) -> None:
    """Two sites of one commune cost 1,000 + 2 x 600. In the place of the first its neighbour in the
    corner costs as much, and wins three cells of 10 ha, none of them the other site's."""
    villages = [
        ("01010101", "010101", 0.5, 1.5),
        ("01010102", "010101", 2.5, 1.5),
        ("01010103", "010101", 0.5, 0.5),
    ]
    near = world.but(villages=villages, figures=sketch.figures(maize_ha=[90, 0, 0, 0, 0, 0]))
    found = run(near, sketch, reach_m=1100.0, budget_usd=2200.0, one_per_commune=False)
    rows = found.features["sites"].set_index("village")
    assert rows["cost_usd"].to_dict() == {"01010101": 1600, "01010102": 600}
    assert rows.loc["01010101", ["next_best", "bound_by"]].tolist() == ["01010103", ""]
    # Of its three cells one in the row above, two in its column; the middle is the other site's.
    assert rows.loc["01010101", "next_best_hectares"] == pytest.approx(30)


def test_a_share_means_nothing_where_all_demand_goes(world: Any, sketch: SimpleNamespace) -> None:
    with pytest.raises(BadParameter) as caught:
        run(world, sketch, model="p-median", min_share_per_district=0.1)
    assert caught.value.name == "min_share_per_district"


def test_a_distance_that_is_no_rule_is_said(world: Any, sketch: SimpleNamespace) -> None:
    notes = said(run(world, sketch, model="set-covering", spacing_m=3000.0))
    assert notes["reasons.spacing_no_rule"] == {"km": 3}
    assert "reasons.spacing_no_rule" not in said(run(world, sketch, spacing_m=3000.0))


def test_a_sum_with_an_unknown_part_is_unknown(world: Any, sketch: SimpleNamespace) -> None:
    table = sketch.figures(households=[NAN, 100, 100, 100, 100, 100])
    reached = run(world.but(figures=table), sketch).summary["reached"]
    assert np.isnan(reached["households"])
    assert reached["poor_households"] == pytest.approx(120)


def test_the_shortest_ways_stand_in_the_middle(world: Any, sketch: SimpleNamespace) -> None:
    even = dict(world.rasters) | {"poor_share": sketch.band(*[0.5] * 6)}
    villages = [row for row in world.villages if row[1] in ("010101", "010103", "010203")]
    outcome = run(world.but(rasters=even, villages=villages), sketch, model="p-median", count=1)
    # From x = 7.5 the 18 columns are nearer than from 1.5 or 16.5.
    assert chosen(outcome) == ["010103"]
    assert outcome.summary["search"]["objective"] > 0


def test_land_beyond_every_candidate_is_said_not_hidden(
    world: Any, sketch: SimpleNamespace
) -> None:
    outcome = run(world.but(villages=world.villages[1:]), sketch, model="set-covering")
    assert len(chosen(outcome)) == 5
    assert said(outcome)["reasons.out_of_reach"]["hectares"] == pytest.approx(90)


def test_a_site_is_explained(world: Any, sketch: SimpleNamespace) -> None:
    villages = [*world.villages, ("01010102", "010101", 0.5, 0.5)]
    outcome = run(world.but(villages=villages), sketch, count=1, spacing_m=1000.0)
    best = outcome.features["sites"].iloc[0]
    assert best["village"] == "01010101"
    # Without it nobody reaches its 90 ha. The corner village sees 4 of 9 cells: 40 ha.
    assert best["lost_hectares"] == pytest.approx(90)
    assert (best["next_best"], best["next_best_en"]) == ("01010102", "V01010102")
    assert best["next_best_hectares"] == pytest.approx(40)
    assert best["bound_by"] == ""
    second = next(note for note in best["against"] if note.key.startswith("reasons.second"))
    assert second.key == "reasons.second_less_land"
    assert dict(second.values)["village"] == {
        "en": "V01010102 (C010101)",
        "km": "ភូមិ01010102 (ឃុំ010101)",
    }


def test_as_much_land_but_less_need_comes_second(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, count=1, reach_m=2000.0)
    best = outcome.features["sites"].iloc[0]
    # Nine cells of 0.9 and one of 0.8 are 8.9; nine of 0.8, one of 0.9 and one of 0.7 are 8.8.
    assert (best["code"], best["lost_hectares"]) == ("010101", pytest.approx(100))
    second = next(note for note in best["against"] if note.key.startswith("reasons.second"))
    assert second.key == "reasons.second_less_need"
    values = dict(second.values)
    assert (values["own"], values["hectares"]) == (pytest.approx(100), pytest.approx(110))
    assert values["percent"] == 1


BOUND: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("required", {"count": 1, "required": ("010203",)}, "010203", "fixed", ""),
    ("forbidden", {"count": 1, "forbidden": ("010101",)}, "010102", "forbidden", "V01010101"),
    ("district", {"count": 2, "min_per_district": 1}, "010201", "group", "V01010301"),
    ("spacing", {"count": 2, "spacing_m": 4000.0}, "010103", "spacing", "V01010201"),
    # 0.3 of what the second district asks takes one site there: the third of the first waits.
    ("share", {"count": 3, "min_share_per_district": 0.3}, "010201", "share", "V01010301"),
]


@pytest.mark.parametrize(
    ("changes", "code", "rule", "village"), [b[1:] for b in BOUND], ids=[b[0] for b in BOUND]
)
def test_the_rule_that_bound_is_named(
    world: Any,
    sketch: SimpleNamespace,
    changes: dict[str, Any],
    code: str,
    rule: str,
    village: str,
) -> None:
    outcome = run(world, sketch, reach_m=1600.0, **changes)
    row = outcome.features["sites"].set_index("code").loc[code]
    assert row["bound_by"] == rule
    notes = {note.key: dict(note.values) for note in row["against"]}
    if village:
        assert notes["reasons.bound_by_rule"]["village"]["en"].startswith(village)
        assert notes["reasons.bound_by_rule"]["rule"] == Note(f"location.rule_{rule}")
    else:
        assert "reasons.bound_required" in notes


def test_two_that_share_land_lose_less_than_they_add(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, count=6, reach_m=2500.0)
    found = outcome.features["sites"]
    assert (found["lost_hectares"] <= found["hectares"] + 1e-9).all()
    assert found["lost_hectares"].sum() < found["hectares"].sum()


def test_the_trade_off_adds_up(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, count=2)
    table = outcome.tables["trade_off"]
    assert table["sites"].tolist() == [1, 2, 3, 4]
    assert table["cost_usd"].tolist() == [1600, 3200, 4800, 6400]
    assert table["hectares"].tolist() == pytest.approx([90, 180, 270, 360])
    assert table["chosen"].tolist() == [True, True, False, False]
    found = outcome.features["sites"]
    assert table[table["chosen"]].index.tolist() == found["code"].tolist()
    assert table.loc[found["code"].iloc[-1], "hectares"] == pytest.approx(found["hectares"].sum())


def test_who_is_no_candidate_is_listed_with_the_rule(world: Any, sketch: SimpleNamespace) -> None:
    zones = sketch.band(0, 0, 0, 0, 0, 0, dtype=np.int16)
    zones[1, 4] = 1  # under the village of 010102
    figures = sketch.figures(maize_ha=[90, 90, NAN, 0, 0.9, 90])
    outcome = run(
        world.but(rasters=dict(world.rasters) | {"protected_zone": zones}, figures=figures), sketch
    )
    left = outcome.tables["left_out"]
    assert dict(left["stopped_by"]) == {
        "01010201": "excluded_land",
        "01010301": "too_weak",
        "01020101": "no_hectares",
        "01020201": "too_little",
    }
    assert left["reason"].iloc[0] == (
        Note("reasons.left_out", (("rule", Note("reasons.rule_excluded_land")),)),
    )
    assert chosen(outcome) == ["010101", "010203"]


REFUSED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("unknown code", {"required": ("999999",)}, BadParameter, "999999"),
    ("unknown forbidden", {"forbidden": ("999999",)}, BadParameter, "999999"),
    ("unknown existing", {"existing": ("999999",)}, BadParameter, "999999"),
    (
        "more required than wanted",
        {"count": 1, "required": ("010101", "010102")},
        RulesContradict,
        "fixed",
    ),
    (
        "required and forbidden",
        {"required": ("010101",), "forbidden": ("010101",)},
        RulesContradict,
        "forbidden",
    ),
    (
        "required too near",
        {"required": ("010101", "010102"), "spacing_m": 4000.0},
        RulesContradict,
        "spacing",
    ),
    (
        "districts beyond the budget",
        {"budget_usd": 1600.0, "min_per_district": 1},
        RulesContradict,
        "budget",
    ),
    ("a share of all", {"min_share_per_district": 1.0}, RulesContradict, "share"),
]


@pytest.mark.parametrize(
    ("changes", "kind", "name"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_cannot_be_is_named(
    world: Any,
    sketch: SimpleNamespace,
    changes: dict[str, Any],
    kind: type[Exception],
    name: str,
) -> None:
    with pytest.raises(kind) as caught:
        run(world, sketch, **changes)
    told = getattr(caught.value, "names", ()) or (getattr(caught.value, "value", ""),)
    assert name in told


def test_a_place_that_a_rule_leaves_out_cannot_be_required(
    world: Any, sketch: SimpleNamespace
) -> None:
    weak = world.but(figures=sketch.figures(maize_ha=[NAN, 90, 90, 90, 90, 90]))
    with pytest.raises(NotACandidate) as caught:
        run(weak, sketch, required=("010101",))
    assert caught.value.rule == Note("reasons.rule_too_weak")


def test_all_can_be_too_much_for_one_village_a_commune(world: Any, sketch: SimpleNamespace) -> None:
    """The left and the right column of a commune that only two villages of its own see."""
    villages = [("01010101", "010101", 0.5, 1.5), ("01010102", "010101", 2.5, 1.5)]
    two = world.but(villages=villages)
    both = run(two, sketch, model="set-covering", reach_m=1100.0)
    assert chosen(both) == ["010101", "010101"]
    near = run(two, sketch, model="set-covering", reach_m=1100.0, spacing_m=3000.0)
    assert chosen(near) == chosen(both), "a distance would leave land that must be reached"
    # The commune is paid once.
    assert both.features["sites"]["cost_usd"].tolist() == [1600, 600]
    assert both.tables["communes"].loc["010101", "site"] == 1
    with pytest.raises(RulesContradict) as caught:
        run(two, sketch, model="set-covering", reach_m=1100.0, one_per_commune=True)
    assert caught.value.names == ("unit",)
    assert caught.value.rules[-1] == Note("location.rule_all")


def test_no_money_no_site(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, budget_usd=0.0)
    assert chosen(outcome) == []
    assert said(outcome)["reasons.budget_too_small"] == {"budget": 0}


def test_one_village(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world.but(villages=world.villages[:1]), sketch)
    assert chosen(outcome) == ["010101"]
    assert said(outcome)["reasons.fewer_sites"] == {"found": 1, "wanted": 3}
    against = [note.key for note in outcome.features["sites"]["against"].iloc[0]]
    assert "reasons.second_none" in against


def test_a_site_that_stands_costs_nothing_and_wins_its_land_first(
    world: Any, sketch: SimpleNamespace
) -> None:
    villages = [*world.villages, ("01010102", "010101", 2.5, 1.5)]
    outcome = run(
        world.but(villages=villages), sketch, count=6, existing=("01010101",), reach_m=1600.0
    )
    found = outcome.features["sites"].set_index("village")
    assert "01010101" not in found.index
    # Beside the standing one only the next column is left: of its own commune nothing.
    if "01010102" in found.index:
        assert found.loc["01010102", "cost_usd"] == 600
        assert found.loc["01010102", "hectares"] < 90


def test_time_that_ran_out_is_never_the_best(
    world: Any, sketch: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = choice.maximal_covering

    def stopped(*given: Any, **named: Any) -> Any:
        found = full(*given, **named)
        return replace(found, bound=found.objective * 1.25, bound_by="time")

    monkeypatch.setattr(choice, "maximal_covering", stopped)
    outcome = run(world, sketch)
    assert not outcome.summary["search"]["proven_best"]
    assert said(outcome)["reasons.not_proven"]["percent"] == "20.0"


def test_gathering_is_said(world: Any, sketch: SimpleNamespace) -> None:
    assert "reasons.gathered" not in said(run(world, sketch))
    outcome = run(world, sketch, gather_m=3000.0)
    assert said(outcome)["reasons.gathered"]["km"] == 3
    assert outcome.features["sites"]["hectares"].sum() == pytest.approx(270)


def test_rows_in_another_order_give_the_same_explanation(
    world: Any, sketch: SimpleNamespace
) -> None:
    one = run(world, sketch, reach_m=2500.0)
    inputs = world.inputs()
    turned = replace(
        inputs, features={name: table.iloc[::-1] for name, table in inputs.features.items()}
    )
    two = sites.compute(turned, wanted(sketch, reach_m=2500.0))
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.features["sites"]), pd.DataFrame(two.features["sites"])
    )


def test_sites_that_hardly_add_are_told(world: Any, sketch: SimpleNamespace) -> None:
    """1,600 of 1,615 ha lie in two communes: the other sites bring less than one in a hundred."""
    table = sketch.figures(maize_ha=[800, 800, 5, 5, 5, 5])
    notes = said(run(world.but(figures=table), sketch, count=5))
    assert notes["reasons.few_reach_most"] == {"few": 2, "sites": 5, "percent": 99}
    assert "reasons.few_reach_most" not in said(run(world, sketch, count=5))


def test_land_far_from_every_village_is_told(world: Any, sketch: SimpleNamespace) -> None:
    """Without its village nobody sees the first of six communes of 90 ha."""
    notes = said(run(world.but(villages=world.villages[1:]), sketch, count=2))
    assert notes["reasons.spread_evenly"] == {"percent": 17, "km": 1.45}
    assert "reasons.spread_evenly" not in said(run(world, sketch))


def test_households_are_all_who_live_there(world: Any, sketch: SimpleNamespace) -> None:
    assert "reasons.all_households" in said(run(world, sketch, objective="households"))
    assert "reasons.all_households" not in said(run(world, sketch))
