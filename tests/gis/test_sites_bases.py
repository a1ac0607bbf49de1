"""New bases in the made-up world: what they serve, against coverage's own what-if and all choices.

A road of 12 km/h runs through the last row of every commune. A village in the middle of a commune
reaches all nine of its cells within 15 minutes and no cell of another one; maize has ten working
days, then cassava ten, and a planter does 4 ha a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.analyses import coverage, sites
from gis.analysis import Note, Outcome
from gis.coverage.parameters import NewBase, WhatIf
from gis.errors import BadParameter, NotACandidate, RulesContradict
from gis.grid import CRS
from gis.sites import bases_settled
from gis.sites.bases_ground import coverage_of
from gis.sites.bases_parameters import BasesParameters
from gis.sites.bases_served import Served
from gis.sites.bases_table import COLUMNS
from gis.sites.parameters import Estimate, SitesParameters

MAIZE, UPLAND = ("maize",), ("maize", "cassava", "soybean")
Run = Callable[..., Outcome]


@pytest.fixture
def road_world(world: Any, sketch: SimpleNamespace) -> Any:
    return world.but(roads=gpd.GeoSeries([sketch.line((0.1, 2.5), (17.9, 2.5))], crs=CRS))


@pytest.fixture
def wanted(sketch: SimpleNamespace) -> Callable[..., SitesParameters]:
    def parameters(**changes: Any) -> SitesParameters:
        bases: dict[str, Any] = {"limit_minutes": 15.0, "margin_m": 0.0, "gather_m": 1000.0}
        stated: dict[str, Any] = {
            "goal": "bases",
            "tracks": (sketch.track, sketch.rice),
            "machinery": sketch.machinery,
            "service_season": "early-wet",
            "count": 2,
            "spacing_m": 0.0,
        }
        stated |= {name: value for name, value in changes.items() if name in _PLAIN}
        bases |= {name: value for name, value in changes.items() if name not in _PLAIN}
        return SitesParameters(bases=BasesParameters(**bases), **stated)

    return parameters


_PLAIN = set(SitesParameters.__dataclass_fields__)


@pytest.fixture
def placed(wanted: Callable[..., SitesParameters]) -> Run:
    def run(world: Any, **changes: Any) -> Outcome:
        return sites.compute(world.inputs(), wanted(**changes))

    return run


def asked(sketch: SimpleNamespace, *hectares: float, crop: str = "maize") -> list[Any]:
    """One meeting a commune at which so many hectares were asked for."""
    return [
        sketch.request(f"E{place}", sketch.codes[place], crop, amount)
        for place, amount in enumerate(hectares)
        if amount
    ]


def planter(count: int = 1) -> Any:
    return ("no-till-planter", count, 4.0, MAIZE)


def said(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {note.key: dict(note.values) for note in outcome.warnings}


def rounded(outcome: Outcome, name: str) -> list[float]:
    return [round(float(value), 3) for value in outcome.features["sites"][name]]


def what_if(world: Any, parameters: SitesParameters, bases: tuple[NewBase, ...]) -> Outcome:
    changed = replace(coverage_of(parameters), what_if=WhatIf(bases=bases))
    return coverage.compute(world.inputs(), changed)


def told(outcome: Outcome, crops: tuple[str, ...] = UPLAND) -> tuple[NewBase, ...]:
    """The bases of an outcome as a planner would put them into coverage."""
    table = outcome.features["sites"]
    return tuple(
        NewBase(lon=row.lon, lat=row.lat, count=int(row.planters), crops=crops)
        for row in table.itertuples()
    )


# ---- hand-computed ----


def test_by_hand(road_world: Any, sketch: SimpleNamespace, placed: Run) -> None:
    """30, 20 and 100 ha are asked for; a planter does 40: the third commune, then the first."""
    outcome = placed(road_world.but(requests=asked(sketch, 30, 20, 100)))
    found = outcome.features["sites"]
    assert list(found.columns) == [*COLUMNS, "geometry"]
    assert found["code"].tolist() == ["010103", "010101"]
    assert found["village"].tolist() == ["01010301", "01010101"]
    assert rounded(outcome, "hectares") == rounded(outcome, "lost_hectares") == [40, 30]
    assert rounded(outcome, "served_ha") == [40, 30]
    # Ten days of maize and ten of cassava: 80 ha at most.
    assert rounded(outcome, "supply_ha") == [80, 80]
    assert rounded(outcome, "use_share") == [0.5, 0.375]
    # Of the third commune 40 of 100 ha, the nearest: the middle, south on the road, straight on.
    nearest = (0 * 100 / 9 + 7.5 * 100 / 9 + 10 * (40 - 200 / 9)) / 40
    # Of the first all: four cells straight, one of them on the road, four across.
    whole = (3 * 10 + 7.5 + 2 * 10 * 2**0.5 + 2 * 7.5 * 2**0.5) / 9
    assert rounded(outcome, "minutes") == pytest.approx([nearest, whole], abs=0.01)
    assert found["next_best_hectares"].tolist() == pytest.approx([20, 20])
    assert found["cost_usd"].isna().all()
    summary = outcome.summary
    assert summary["unmet_now_ha"] == pytest.approx(150)
    assert summary["served_more_ha"] == pytest.approx(70)
    assert summary["search"]["objective"] == pytest.approx(70)
    assert summary["search"]["proven_best"]
    assert summary["served_ha"] - summary["now"]["served_ha"] == pytest.approx(70)
    communes = outcome.tables["communes"]
    assert communes["unmet_now_ha"].tolist() == pytest.approx([30, 20, 100, 0, 0, 0])
    assert communes["unmet_ha"].tolist() == pytest.approx([0, 20, 60, 0, 0, 0])
    assert communes["site"].dropna().to_dict() == {"010101": 2, "010103": 1}
    # Most of the way lies off the road: a guess, but the hectares and a road are known.
    assert found["group"].tolist() == ["borderline", "borderline"]
    assert communes.loc["010103", "group"] == "borderline"
    curve = outcome.tables["trade_off"]
    assert curve["hectares"].tolist() == pytest.approx([40, 70])
    assert outcome.tables["left_out"]["stopped_by"].unique().tolist() == ["nothing_unmet"]
    assert "machine_bases.none_there" in said(outcome)


def test_what_the_present_bases_serve_is_not_served_again(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    """A planter stands in the third commune already: of its 100 ha 60 are left."""
    near = road_world.but(
        requests=asked(sketch, 30, 50, 100),
        providers=[sketch.provider("P1", 7.5, 1.5, [planter()])],
    )
    outcome = placed(near, count=1, planters_per_base=2)
    assert outcome.features["sites"]["code"].tolist() == ["010103"]
    assert rounded(outcome, "hectares") == [60]
    assert outcome.summary["unmet_now_ha"] == pytest.approx(140)


def test_crops_that_are_planted_one_after_another_fill_more_days(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    """100 ha of maize take ten days of ten; 40 of maize and 40 of cassava take twenty of twenty."""
    requests = [
        *asked(sketch, 100, 40),
        sketch.request("E9", sketch.codes[1], "cassava", 40),
    ]
    outcome = placed(road_world.but(requests=requests), count=1)
    assert outcome.features["sites"]["code"].tolist() == ["010102"]
    assert rounded(outcome, "hectares") == [80]
    assert outcome.summary["search"]["objective"] == pytest.approx(80)


def test_a_base_stands_where_its_way_is_short(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    """Two villages serve the same 40 ha; the one in the middle has the shorter way."""
    near = road_world.but(
        requests=asked(sketch, 40), villages=[("01010101", "010101", 0.5, 0.5),
                                              ("01010102", "010101", 1.5, 1.5)]
    )  # fmt: skip
    outcome = placed(near, count=1, limit_minutes=40.0)
    assert outcome.features["sites"]["village"].tolist() == ["01010102"]
    assert rounded(outcome, "hectares") == [40]


def test_a_base_that_nobody_would_miss_is_left_out(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    """The present planter serves 40 of the 80 ha of the first commune, nearer to it, and leaves
    those of the second, which it reaches too. The model sees two places to serve."""
    near = road_world.but(
        requests=asked(sketch, 40, 40), providers=[sketch.provider("P1", 4.5, 1.5, [planter()])]
    )
    outcome = placed(near, limit_minutes=60.0)
    assert len(outcome.features["sites"]) == 1
    assert outcome.summary["unmet_ha"] == 0


def test_settling_leaves_each_district_its_least_share(
    road_world: Any, sketch: SimpleNamespace, placed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were coverage to serve nothing by the base in the east, half of the 30 ha there still ask for
    it."""

    def without_east(ground: Any, positions: Any) -> Served:
        west = ground.offered.table["district"].iloc[positions] == "0101"
        return Served(40.0 * int(west.sum()), 0.0, 0.0)

    monkeypatch.setattr(bases_settled, "served", without_east)
    near = road_world.but(requests=asked(sketch, 40, 0, 0, 30))
    free = placed(near)
    assert free.features["sites"]["code"].tolist() == ["010101"]
    search = free.summary["search"]
    assert search["settled"] == {"spared": 1, "moved": 0}
    assert not search["proven_best"], "the model proved another choice"
    fair = placed(near, min_share_per_district=0.5)
    assert sorted(fair.features["sites"]["code"]) == ["010101", "010201"]
    assert fair.summary["search"]["proven_best"]


# ---- against coverage and against every choice ----

HECTARES = st.lists(st.sampled_from([0.0, 15.0, 40.0, 90.0]), min_size=6, max_size=6)
BASES = st.lists(st.tuples(st.floats(0.1, 17.9), st.floats(0.1, 2.9)), max_size=2)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(maize=HECTARES, cassava=HECTARES, bases=BASES, limit=st.sampled_from([15.0, 40.0]))
def test_coverage_finds_the_same_hectares(
    maize: list[float],
    cassava: list[float],
    bases: Any,
    limit: float,
    road_world: Any,
    sketch: SimpleNamespace,
    wanted: Callable[..., SitesParameters],
) -> None:
    """The same bases as ``what_if`` serve as many more; with one crop never less than the model
    counts: what it counts on stays possible when all days are shared out anew."""
    near = road_world.but(
        requests=[*asked(sketch, *maize), *asked(sketch, *cassava, crop="cassava")],
        providers=[
            sketch.provider(f"P{place}", east, south, [("no-till-planter", 1, 4.0, UPLAND)])
            for place, (east, south) in enumerate(bases)
        ],
    )
    parameters = wanted(limit_minutes=limit, min_reach=0.0)
    outcome = sites.compute(near.inputs(), parameters)
    more = sum(rounded(outcome, "hectares"))
    assert outcome.summary["served_more_ha"] == pytest.approx(more, abs=0.01)
    if not len(outcome.features["sites"]):
        return
    checked = what_if(near, parameters, told(outcome)).summary
    assert checked["served_ha"] - checked["now"]["served_ha"] == pytest.approx(more, abs=0.01)
    if not any(cassava):
        assert more >= outcome.summary["search"]["objective"] - 0.01
    assert outcome.summary["search"]["bound"] >= outcome.summary["search"]["objective"] - 1e-6


def test_no_other_choice_serves_more(
    road_world: Any, sketch: SimpleNamespace, wanted: Callable[..., SitesParameters]
) -> None:
    """Every pair of four villages put into coverage, with reach beyond the own commune."""
    near = road_world.but(
        requests=asked(sketch, 25, 15, 35, 10, 70, 5), villages=road_world.villages[1:5]
    )
    parameters = wanted(limit_minutes=30.0)
    outcome = sites.compute(near.inputs(), parameters)
    points = gpd.GeoSeries(
        [sketch.place(1.5 + 3 * number, 1.5) for number in range(1, 5)], crs=CRS
    ).to_crs(4326)
    every = [NewBase(lon=point.x, lat=point.y, crops=UPLAND) for point in points]
    best = max(
        what_if(near, parameters, pair).summary["served_ha"] for pair in combinations(every, 2)
    )
    assert outcome.summary["served_ha"] == pytest.approx(best, abs=0.01)


def test_rows_in_another_order_give_the_same_bases(
    road_world: Any, sketch: SimpleNamespace, wanted: Callable[..., SitesParameters]
) -> None:
    inputs = road_world.but(requests=asked(sketch, 40, 40, 40, 40, 40, 40)).inputs()
    turned = replace(
        inputs, features={name: table.iloc[::-1] for name, table in inputs.features.items()}
    )
    one, two = (sites.compute(each, wanted()).features["sites"] for each in (inputs, turned))
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(two))


# ---- rules ----


def test_rules_of_the_planner_hold(road_world: Any, sketch: SimpleNamespace, placed: Run) -> None:
    near = road_world.but(requests=asked(sketch, 40, 35, 30, 25, 20, 15))

    def codes(**rules: Any) -> list[str]:
        return sorted(placed(near, **rules).features["sites"]["code"])

    assert codes() == ["010101", "010102"]
    assert codes(required=("010203",)) == ["010101", "010203"]
    assert codes(forbidden=("010101",)) == ["010102", "010103"]
    assert codes(min_per_district=1) == ["010101", "010201"]
    assert codes(spacing_m=5000.0) == ["010101", "010103"]
    assert codes(existing=("010101",)) == ["010102", "010103"]
    assert codes(budget_usd=2500.0, cost_usd=1000.0, count=1) == ["010101", "010102"]
    with pytest.raises(RulesContradict):
        codes(required=("010101",), forbidden=("010101",))


def test_costs_are_those_that_are_stated(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    outcome = placed(road_world.but(requests=asked(sketch, 40, 40)), cost_usd=12_000.0)
    assert outcome.features["sites"]["cost_usd"].tolist() == [12_000, 12_000]
    assert outcome.tables["trade_off"]["cost_usd"].tolist() == [12_000, 24_000]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"budget_usd": 5000.0}, "budget_usd"),
        ({"model": "p-median"}, "model"),
        ({"model": "set-covering"}, "model"),
        ({"objective": "households"}, "objective"),
        ({"overrides": ({"code": "010101", "action": "add", "reason": "x"},)}, "overrides"),
        ({"machine": "seed-drill"}, "machine"),
        ({"existing": ("999999",)}, "existing"),
        ({"required": ("999999",)}, "required"),
        ({"forbidden": ("999999",)}, "forbidden"),
        ({"estimates": (Estimate("010101", 5.0, "x", 2026),)}, "estimates"),
    ],
)
def test_what_has_no_meaning_is_refused(
    changes: Any, name: str, road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    with pytest.raises(BadParameter) as raised:
        placed(road_world.but(requests=asked(sketch, 40)), **changes)
    assert raised.value.name == name


# ---- nothing to choose ----


def test_no_requests(road_world: Any, placed: Run) -> None:
    outcome = placed(road_world)
    assert outcome.features["sites"].empty
    assert {"coverage.no_requests", "machine_bases.nothing_unmet"} <= set(said(outcome))
    assert outcome.summary["served_more_ha"] == outcome.summary["unmet_now_ha"] == 0


def test_all_served_already(road_world: Any, sketch: SimpleNamespace, placed: Run) -> None:
    near = road_world.but(
        requests=asked(sketch, 40), providers=[sketch.provider("P1", 1.5, 1.5, [planter()])]
    )
    outcome = placed(near)
    assert outcome.features["sites"].empty
    assert "machine_bases.nothing_unmet" in said(outcome)
    assert outcome.tables["trade_off"].empty


def test_without_a_road_every_way_is_a_guess(
    world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    near = world.but(requests=asked(sketch, 40))
    outcome = placed(near)
    assert outcome.features["sites"].empty
    assert said(outcome)["reasons.no_candidates"]["rule"] == Note("reasons.rule_no_road")
    with pytest.raises(NotACandidate):
        placed(near, required=("010101",))


def test_a_season_without_days(road_world: Any, sketch: SimpleNamespace, placed: Run) -> None:
    near = road_world.but(requests=[sketch.request("E1", sketch.codes[0], "maize", 30, "dry")])
    outcome = placed(near, service_season="dry")
    assert outcome.features["sites"].empty
    assert "machine_bases.no_days" in said(outcome)


def test_land_that_is_excluded_bears_no_base(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    zones = sketch.band(1, 0, 0, 0, 0, 0).astype(np.int16)
    near = road_world.but(
        requests=asked(sketch, 40, 20), rasters=dict(road_world.rasters) | {"protected_zone": zones}
    )
    outcome = placed(near)
    assert outcome.features["sites"]["code"].tolist() == ["010102"]
    left = outcome.tables["left_out"]
    assert left.loc["01010101", "stopped_by"] == "excluded_land"


def test_fewer_than_wanted(road_world: Any, sketch: SimpleNamespace, placed: Run) -> None:
    outcome = placed(road_world.but(requests=asked(sketch, 40)), count=5)
    assert said(outcome)["machine_bases.enough"] == {"found": 1, "wanted": 5}


def test_a_scenario_needs_no_requests(
    road_world: Any, sketch: SimpleNamespace, placed: Run
) -> None:
    """Half of the 90 ha of every commune: each planter is full with 40."""
    outcome = placed(road_world, demand="scenario", scenario_share=0.5)
    assert rounded(outcome, "hectares") == [40, 40]
    assert outcome.summary["unmet_now_ha"] == pytest.approx(270)
