"""Sites in the made-up world: what is chosen, why, and what is said when nothing can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.analyses import sites
from gis.analysis import Inputs, Note, Outcome
from gis.errors import RulesContradict
from gis.proposals import COLUMNS
from gis.sites.parameters import SitesParameters
from gis.suitability_parameters import AxisWeights

NAN = float("nan")
SENTENCES = ("reason", "against", "sureness", "figures")


def wanted(sketch: SimpleNamespace, **changes: Any) -> SitesParameters:
    """Need alone weighs; a site sees its own commune and not the next."""
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=1, fit=0, service=0, spread=0),
        "count": 3,
        "reach_m": 1450.0,
        "diffusion_m": 1600.0,
        "spacing_m": 0.0,
        "samples": 0,
    }
    return SitesParameters(**(stated | changes))


def chosen(outcome: Outcome) -> list[str]:
    return outcome.features["sites"]["code"].tolist()


def test_by_hand(world: Any, sketch: SimpleNamespace) -> None:
    inputs = replace(world.inputs(), years={"maize_ha": 2011, "poor_share": 2022, "slope": None})
    outcome = sites.compute(inputs, wanted(sketch))
    found = outcome.features["sites"]
    assert list(found.columns) == [*COLUMNS, "geometry"]
    assert found["code"].tolist() == ["010101", "010102", "010103"]
    assert found["rank"].tolist() == [1, 2, 3]
    first = found.iloc[0]
    # 90 ha over 9 cells; the village reaches all nine (corners lie 1,414 m off).
    assert first["hectares"] == pytest.approx(90)
    assert first["households"] == pytest.approx(100)
    assert first["poor_households"] == pytest.approx(40)
    assert first["need"] == pytest.approx(0.9)
    assert first["fit"] == pytest.approx(1)
    assert np.isnan(first["service"])
    assert first["limiting"] == "poverty"
    assert (first["village"], first["village_en"]) == ("01010101", "V01010101")
    assert (first["district"], first["district_en"], first["district_km"]) == ("0101", "West", "លិច")
    assert (first["learning_groups"], first["cost_usd"]) == (1, 1600)
    assert first["years"] == "poor_share 2022; slope ?; maize_ha 2011"
    assert {part: [note.key for note in first[part]] for part in SENTENCES} == {
        "reason": [
            *("reasons.site_hectares", "reasons.counts_hectares"),
            *("reasons.speaks_for", "reasons.costs_most"),
        ],
        "against": ["reasons.site_lost_all", "reasons.second_none"],
        "sureness": [],
        "figures": ["reasons.firm"],
    }
    # A hectare counts its need, 0.9; the six communes have 0.65 on average.
    notes = {note.key: dict(note.values) for note in first["reason"]}
    assert notes["reasons.counts_hectares"] == {"percent": 90, "mean": 65}
    assert (notes["reasons.speaks_for"]["score"], notes["reasons.speaks_for"]["mean"]) == (90, 65)
    assert notes["reasons.costs_most"]["axis"] == Note("criteria.axis_need")
    assert found.crs == inputs.communes.crs
    communes = outcome.tables["communes"]
    assert communes["chosen"].tolist() == [True] * 3 + [False] * 3
    assert communes["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    assert outcome.summary["reached"] == pytest.approx(
        {"hectares": 270, "households": 300, "poor_households": 120}
    )
    assert outcome.summary["cost_usd"] == 4800


def test_no_hectare_is_counted_twice(world: Any, sketch: SimpleNamespace) -> None:
    outcome = sites.compute(world.inputs(), wanted(sketch, count=6, reach_m=50_000.0))
    found = outcome.features["sites"]
    # The first sees everything, nothing is left to win.
    assert len(found) == 1
    assert found["hectares"].sum() == pytest.approx(540)
    assert outcome.summary["share_of_open_hectares"] == pytest.approx(1)
    near = sites.compute(world.inputs(), wanted(sketch, count=6, reach_m=2500.0))
    assert near.features["sites"]["hectares"].sum() <= 540 + 1e-9


def test_land_near_an_early_adopter_is_reached(world: Any, sketch: SimpleNamespace) -> None:
    for status, left in [("practised", 0), ("partly", 0), ("stopped", 90), ("not-visited", 90)]:
        near = world.but(adopters=[("upland", status, 1.5, 1.5)])
        found = sites.compute(near.inputs(), wanted(sketch, count=6)).features["sites"]
        assert found.loc[found["code"] == "010101", "hectares"].sum() == pytest.approx(left)
    # An adopter of rice shows nothing to upland farmers.
    other = world.but(adopters=[("rice", "practised", 1.5, 1.5)])
    assert "010101" in chosen(sites.compute(other.inputs(), wanted(sketch)))
    # Exactly at the distance counts as reached: cells 1,000 m off are, 1,414 m are not.
    edge = world.but(adopters=[("upland", "practised", 1.5, 1.5)])
    found = sites.compute(edge.inputs(), wanted(sketch, count=6, diffusion_m=1000.0))
    rows = found.features["sites"].set_index("code")
    assert rows.loc["010101", "hectares"] == pytest.approx(40)


@pytest.mark.parametrize(
    ("objective", "first"),
    [("hectares", "010102"), ("households", "010103"), ("poor_households", "010104")],
)
def test_the_objective_decides(
    world: Any, sketch: SimpleNamespace, objective: Any, first: str
) -> None:
    even = dict(world.rasters) | {"poor_share": sketch.band(*[0.5] * 6)}
    codes = [*sketch.codes[:3], "010104"]
    table = sketch.figures(
        maize_ha=[90, 500, 90, 90, 90, 90],
        households=[100, 100, 500, 100, 100, 100],
        poor_households=[40, 40, 40, 90, 40, 40],
    )
    outcome = sites.compute(
        world.but(rasters=even, figures=table).inputs(), wanted(sketch, objective=objective)
    )
    best = outcome.features["sites"].iloc[0]
    assert best["code"] == {"010104": "010201"}.get(first, codes[codes.index(first)])
    assert best["reason"][0].key == f"reasons.site_{objective}"


def test_need_weighs_and_fit_is_a_threshold(world: Any, sketch: SimpleNamespace) -> None:
    steep = dict(world.rasters) | {"slope": sketch.band(6, 2, 0, 0, 0, 0)}
    outcome = sites.compute(world.but(rasters=steep).inputs(), wanted(sketch, count=6))
    # 6 degrees (fit 0.1) stays under 0.4; 2 degrees (fit 0.5) passes and is not weighed down.
    assert chosen(outcome) == ["010102", "010103", "010201", "010202", "010203"]
    communes = outcome.tables["communes"]
    assert communes.loc["010101", "stopped_by"] == "unfit"
    assert communes.loc["010101", "reason"][0].key == "reasons.stopped_unfit"


def test_weak_communes_are_named_never_ranked(world: Any, sketch: SimpleNamespace) -> None:
    table = sketch.figures(maize_ha=[NAN, 5000, 1000, 0, 90, 90])
    outcome = sites.compute(world.but(figures=table).inputs(), wanted(sketch, count=6))
    assert chosen(outcome) == ["010103", "010202", "010203"]
    communes = outcome.tables["communes"]
    assert communes["rank"].isna().tolist() == [True, True, False, True, False, False]
    assert [notes[0].key for notes in communes["reason"]] == [
        "reasons.not_reported",
        "reasons.impossible",
        "reasons.capped",
        "reasons.stopped_no_hectares",
        "reasons.firm",
        "reasons.firm",
    ]
    found = outcome.features["sites"].set_index("code")
    assert found.loc["010103", ["group", "hectares"]].tolist() == ["borderline", 900]


def test_districts_first(world: Any, sketch: SimpleNamespace) -> None:
    assert chosen(sites.compute(world.inputs(), wanted(sketch, count=2))) == ["010101", "010102"]
    both = sites.compute(world.inputs(), wanted(sketch, count=2, min_per_district=1))
    assert chosen(both) == ["010101", "010201"]
    with pytest.raises(RulesContradict) as caught:
        sites.compute(world.inputs(), wanted(sketch, count=1, min_per_district=1))
    assert caught.value.names == ("group", "count")
    assert dict(caught.value.rules[0].values)["codes"] == "0101, 0102"  # type: ignore[attr-defined]
    weak = world.but(figures=sketch.figures(maize_ha=[90, 90, 90, NAN, NAN, NAN]))
    none = sites.compute(weak.inputs(), wanted(sketch, count=2, min_per_district=1))
    said = {note.key: dict(note.values) for note in none.warnings}
    assert said["reasons.districts_without"]["districts"][0]["en"] == "East (0102)"


EMPTY: list[tuple[str, dict[str, Any], str, str]] = [
    ("no villages", {"villages": ()}, "reasons.no_candidates", "no_villages"),
    (
        "all demand reached",
        {"adopters": [("upland", "practised", 1.5 + 3 * n, 1.5) for n in range(6)]},
        "reasons.no_candidates",
        "reached",
    ),
]


@pytest.mark.parametrize(
    ("changes", "note", "rule"), [case[1:] for case in EMPTY], ids=[c[0] for c in EMPTY]
)
def test_nothing_to_choose_is_said_with_the_rule(
    world: Any, sketch: SimpleNamespace, changes: dict[str, Any], note: str, rule: str
) -> None:
    outcome = sites.compute(world.but(**changes).inputs(), wanted(sketch))
    assert outcome.features["sites"].empty
    assert list(outcome.features["sites"].columns) == [*COLUMNS, "geometry"]
    said = {item.key: dict(item.values) for item in outcome.warnings}
    assert said[note]["rule"] == Note(f"reasons.rule_{rule}")
    assert outcome.summary["sites"] == 0
    assert outcome.summary["stopped_by"] == {rule: 6}


def test_every_commune_too_weak(world: Any, sketch: SimpleNamespace) -> None:
    outcome = sites.compute(
        world.but(figures=sketch.figures(maize_ha=NAN)).inputs(), wanted(sketch)
    )
    assert outcome.features["sites"].empty
    assert outcome.summary["stopped_by"] == {"too_weak": 6}
    assert np.isnan(outcome.summary["share_of_open_hectares"])


def test_more_wanted_than_there_is(world: Any, sketch: SimpleNamespace) -> None:
    outcome = sites.compute(world.inputs(), wanted(sketch, count=50))
    said = {item.key: dict(item.values) for item in outcome.warnings}
    assert said["reasons.fewer_sites"] == {"found": 6, "wanted": 50}
    assert len(outcome.features["sites"]) == 6


def test_no_adopters_on_record_is_said(
    world: Any, sketch: SimpleNamespace, keys: Callable[[Any], set[str]]
) -> None:
    for adopters in ((), None):
        outcome = sites.compute(world.but(adopters=adopters).inputs(), wanted(sketch))
        assert "reasons.no_adopters" in keys(outcome)
        assert len(outcome.features["sites"]) == 3


def test_a_commune_without_villages_or_need_does_not_stop_the_others(
    world: Any, sketch: SimpleNamespace
) -> None:
    gap = dict(world.rasters) | {"poor_share": sketch.band(0.9, NAN, 0.7, 0.6, 0.5, 0.4)}
    outcome = sites.compute(
        world.but(villages=world.villages[1:], rasters=gap).inputs(), wanted(sketch, count=6)
    )
    stops = outcome.tables["communes"]["stopped_by"]
    assert (stops["010101"], stops["010102"]) == ("no_villages", "unknown")
    assert len(outcome.features["sites"]) == 4


def test_a_commune_is_stopped_by_what_stops_most_of_its_places(
    world: Any, sketch: SimpleNamespace
) -> None:
    """Two of three villages lie on protected land, one sees only protected land."""
    zones = sketch.band(0, 0, 0, 0, 0, 0, dtype=np.int16)
    zones[1, :2] = 1
    villages = [("01010101", "010101", 0.5, 1.5), ("01010102", "010101", 1.5, 1.5)]
    near = world.but(
        villages=[*villages, ("01010103", "010101", 0.5, 0.5), *world.villages[1:]],
        rasters=dict(world.rasters) | {"protected_zone": zones},
    )
    found = sites.compute(near.inputs(), wanted(sketch, count=6, min_reach=80.0, reach_m=10.0))
    assert found.tables["communes"]["stopped_by"].tolist() == ["excluded_land", *["too_little"] * 5]
    assert found.tables["communes"]["reason"].iloc[0][0].key == "reasons.stopped_excluded_land"


def test_an_unknown_quantity_is_not_counted_as_none(world: Any, sketch: SimpleNamespace) -> None:
    table = sketch.figures(households=[NAN, 100, 100, 100, 100, 100])
    inputs = world.but(figures=table).inputs()
    people = sites.compute(inputs, wanted(sketch, objective="households"))
    assert people.tables["communes"].loc["010101", "stopped_by"] == "unknown"
    land = sites.compute(inputs, wanted(sketch)).features["sites"].set_index("code")
    assert np.isnan(land.loc["010101", "households"])
    assert land.loc["010101", "hectares"] == pytest.approx(90)


def test_without_fit_the_threshold_is_left_out(
    world: Any, sketch: SimpleNamespace, keys: Callable[[Any], set[str]]
) -> None:
    only_need = {"poor_share": world.rasters["poor_share"]}
    outcome = sites.compute(world.but(rasters=only_need).inputs(), wanted(sketch))
    assert "reasons.fit_unknown" in keys(outcome)
    assert len(outcome.features["sites"]) == 3


def test_protected_land_gives_no_demand(world: Any, sketch: SimpleNamespace) -> None:
    zones = sketch.band(1, 0, 0, 0, 0, 0, dtype=np.int16)
    zones[0, 3:6] = 1
    masked = world.but(rasters=dict(world.rasters) | {"protected_zone": zones})
    outcome = sites.compute(masked.inputs(), wanted(sketch, count=6))
    found = outcome.features["sites"].set_index("code")
    assert outcome.tables["communes"].loc["010101", "stopped_by"] == "no_cells"
    # Hectares lie evenly: three of the nine cells are protected and take a third of the 90.
    assert found.loc["010102", "hectares"] == pytest.approx(60)


def shuffled(inputs: Inputs, seed: int) -> Inputs:
    random = np.random.default_rng(seed)

    def mix(table: Any) -> Any:
        return table.iloc[random.permutation(len(table))]

    return replace(
        inputs,
        communes=mix(inputs.communes),
        districts=mix(inputs.districts),
        figures=mix(inputs.figures),
        features={name: mix(table) for name, table in inputs.features.items()},
    )


def without_time(summary: Any) -> dict[str, Any]:
    """All that a second run must say again."""
    search = {name: value for name, value in summary["search"].items() if name != "seconds"}
    return {**summary, "search": search}


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(world: Any, sketch: SimpleNamespace, seed: int) -> None:
    random = np.random.default_rng(seed)
    villages = [
        (f"{code}{n:02}", code, 3 * place + random.uniform(0, 3), random.uniform(0, 3))
        for place, code in enumerate(sketch.codes)
        for n in range(3)
    ]
    adopters = [("upland", "practised", random.uniform(0, 18), 1.5) for _ in range(2)]
    inputs = world.but(villages=villages, adopters=adopters).inputs()
    given_ = wanted(sketch, spacing_m=2000.0, min_per_district=1, count=4, diffusion_m=1000.0)
    one = sites.compute(inputs, given_)
    two = sites.compute(shuffled(inputs, seed), given_)
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.features["sites"]), pd.DataFrame(two.features["sites"])
    )
    for name in ("communes", "districts", "trade_off", "left_out"):
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name])
    assert without_time(one.summary) == without_time(two.summary)
    points = one.features["sites"].geometry
    for place, point in enumerate(points):
        assert (points.iloc[place + 1 :].distance(point) >= 2000).all()


def test_roles_ask_for_villages_and_adopters_far_enough(sketch: SimpleNamespace) -> None:
    margins = {
        role.variable: role.margin_m for role in sites.roles(wanted(sketch, diffusion_m=9e4))
    }
    assert margins["adopters"] == 9e4
    assert margins["villages"] == 0


def test_land_of_other_communes_is_told(world: Any, sketch: SimpleNamespace) -> None:
    """Beside the border a village sees four cells of its own, three of the next: 40 and 30 ha."""
    outcome = sites.compute(
        world.but(villages=[("01010101", "010101", 2.9, 1.5)]).inputs(), wanted(sketch, count=1)
    )
    row = outcome.features["sites"].iloc[0]
    notes = {note.key: dict(note.values) for note in row["reason"]}
    assert row["hectares"] == pytest.approx(70)
    assert notes["reasons.elsewhere"]["percent"] == 43
    assert notes["reasons.elsewhere"]["communes"] == ({"en": "C010102", "km": "ឃុំ010102"},)


def test_where_no_axis_stands_out_the_amount_speaks(world: Any, sketch: SimpleNamespace) -> None:
    even = dict(world.rasters) | {"poor_share": sketch.band(*[0.5] * 6)}
    table = sketch.figures(maize_ha=[90, 500, 90, 90, 90, 90])
    outcome = sites.compute(
        world.but(rasters=even, figures=table).inputs(), wanted(sketch, count=1)
    )
    keys = [note.key for note in outcome.features["sites"]["reason"].iloc[0]]
    assert "reasons.amount_alone" in keys
    assert "reasons.speaks_for" not in keys
