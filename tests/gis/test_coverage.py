"""Coverage from end to end on a small world: hand-computed cases, ranges, changes, what is off.

Off the road a cell of 1 km takes 10 minutes straight and 14.1 across; a commune of nine cells has
90 ha of maize, 10 in each; maize has ten working days, a planter does 4 ha a day.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from gis.analyses.coverage import compute
from gis.analysis import Outcome
from gis.coverage.machinery import SlopeBand
from gis.coverage.parameters import CoverageParameters, MoreMachines, MovedBase, NewBase, WhatIf
from gis.errors import BadParameter, OutsideArea
from gis.grid import CRS, GEOGRAPHIC, NO_DATA, OUTSIDE

MIDDLE = 1.5
MAIZE = ("maize",)


def planter(count: int = 1, ha_day: float = 4.0, crops: tuple[str, ...] = MAIZE) -> Any:
    return ("no-till-planter", count, ha_day, crops)


@pytest.fixture
def covered(world: Any, sketch: SimpleNamespace) -> Any:
    """Run coverage over the world: all hectares are the scenario, places are cells."""

    def run(world: Any = world, **stated: Any) -> Outcome:
        settled = {
            "tracks": (sketch.track, sketch.rice),
            "machinery": sketch.machinery,
            "season": "early-wet",
            "year": 2026,
            "demand": "scenario",
            "scenario_share": 1.0,
            "margin_m": 0.0,
            "limit_minutes": 15.0,
        }
        return compute(world.inputs(), CoverageParameters(**settled | stated))

    return run


def lonlat(sketch: SimpleNamespace, east: float, south: float) -> dict[str, float]:
    point = gpd.GeoSeries([sketch.place(east, south)], crs=CRS).to_crs(GEOGRAPHIC).iloc[0]
    return {"lon": point.x, "lat": point.y}


def column(outcome: Outcome, name: str, table: str = "communes") -> list[float]:
    return [round(float(value), 4) for value in outcome.tables[table][name]]


# ---- hand-computed ----


def test_one_planter_serves_its_days(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """From the middle of the first commune all its cells lie within 14.1 minutes, and no other."""
    outcome = covered(world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]))
    assert column(outcome, "demand_ha") == [90] * 6
    assert column(outcome, "reachable_ha") == [90, 0, 0, 0, 0, 0]
    assert column(outcome, "served_ha") == [40, 0, 0, 0, 0, 0]
    assert column(outcome, "unmet_ha") == [50, 90, 90, 90, 90, 90]
    # the fifth of the next nine: a knight's move, then a straight one
    assert column(outcome, "median_minutes")[:2] == [10, 32.3607]
    assert column(outcome, "share_30")[:3] == [1, 0.4444, 0]
    assert column(outcome, "served_ha", "districts") == [40, 0]
    provider = outcome.tables["providers"].loc["1"]
    assert (provider["supply_ha"], provider["served_ha"], provider["use_share"]) == (40, 40, 1)
    assert (provider["tractor_days"], provider["tractor_days_used"]) == (20, 10)
    assert provider["break_even_low"] == pytest.approx(40 / 116)
    assert provider["break_even_high"] == pytest.approx(40 / 113)


def test_half_and_double_speed_and_capacity(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """Low: 7.5 minutes reach the base's cell only, 10 of 30 possible hectares. High: 30 minutes
    reach four more cells of the next commune, and 50 ha are served."""
    outcome = covered(world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]))
    assert column(outcome, "reachable_low_ha")[:2] == [10, 0]
    assert column(outcome, "served_low_ha")[:2] == [10, 0]
    assert sum(column(outcome, "reachable_high_ha")) == 130
    assert sum(column(outcome, "served_high_ha")) == 50
    summary = outcome.summary
    served = [summary[f"served{case}_ha"] for case in ("_low", "", "_high")]
    assert served == pytest.approx([10, 40, 50])
    assert (summary["unmet_low_ha"], summary["unmet_high_ha"]) == (490, 530)
    assert (summary["supply_low_ha"], summary["supply_high_ha"]) == (30, 50)
    minutes = [summary[f"median_minutes{case}"] for case in ("", "_low", "_high")]
    assert minutes[1:] == pytest.approx([minutes[0] / 2, minutes[0] * 2])
    needed = [summary[f"planters_needed{case}"] for case in ("", "_low", "_high")]
    assert needed == [14, 12, 18]  # 6.75, 5.4 and 9 in each of two districts
    for name in ("share_30", "share_120", "supply_demand_ratio"):
        assert summary[f"{name}_low"] < summary[name] < summary[f"{name}_high"], name


def test_a_base_shares_its_tractor_between_tracks(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """20 days of one tractor: ten of maize, and rice on the others; never both on one day."""
    both = [planter(), ("seed-drill", 1, 4.0, ("rice",)), ("tractor", 1, 5.0, ())]
    asked = world.but(
        figures=sketch.figures(rice_ha=90.0),
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, both)],
    )
    upland, rice = covered(asked), covered(asked, track="rice")
    for outcome in (upland, rice):
        provider = outcome.tables["providers"].loc["1"]
        assert provider["served_ha"] + provider["other_track_ha"] == pytest.approx(80)
        assert provider["tractor_days_used"] == pytest.approx(20)
    assert upland.summary["served_ha"] == pytest.approx(
        rice.tables["providers"]["other_track_ha"]["1"]
    )


def test_requests_are_demand_of_their_own(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    first = sketch.codes[0]
    asked = world.but(
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])],
        requests=[sketch.request("E1", first, "maize", 30)],
    )
    outcome = covered(asked, demand="requested", year=None)
    assert column(outcome, "demand_ha") == [30, 0, 0, 0, 0, 0]
    assert column(outcome, "crop_area_ha") == [90] * 6
    assert column(outcome, "served_ha")[0] == 30
    assert outcome.summary["year"] == 2026
    assert outcome.tables["requested"].index.tolist() == [first]


def test_a_crop_area_has_no_unmet_hectares(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """Against all crop land everything looks unserved: only what is wanted may be unmet."""
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, demand="crop-area")
    assert (
        outcome.tables["communes"][["unmet_ha", "unmet_low_ha", "unmet_high_ha"]]
        .isna()
        .all(axis=None)
    )
    assert np.isnan(outcome.summary["unmet_ha"])
    assert outcome.summary["served_ha"] == pytest.approx(40)


def test_an_unknown_figure_is_unknown_not_zero(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    figures = sketch.figures(maize_ha=[np.nan, 90, 90, 90, 90, 90])
    near = world.but(
        figures=figures, providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]
    )
    outcome = covered(near)
    first = outcome.tables["communes"].iloc[0]
    assert first["group"] == "too-weak"
    assert first[["demand_ha", "reachable_ha", "served_ha", "unmet_ha"]].isna().all()
    assert first["median_minutes"] == 10
    assert outcome.summary["demand_ha"] == 450
    assert "coverage.hectares_unknown" in {note.key for note in outcome.warnings}


def test_the_route_rates_a_commune(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """A road runs through the first three communes: beyond it the layer knows of none.

    In the first one ways are short, and half of a step from the road lies beside it. Through the
    last one runs another road, to which none leads.
    """
    roads = [sketch.line((0, 1.5), (8.8, 1.5)), sketch.line((15.2, 1.5), (17.8, 1.5))]
    road = gpd.GeoSeries(roads, crs=CRS)
    near = world.but(roads=road, providers=[sketch.provider("P1", 0.5, MIDDLE, [planter()])])
    outcome = covered(near, limit_minutes=300.0, weak_off_road=0.35)
    shares = column(outcome, "off_road_share")
    assert shares == sorted(shares[:3], reverse=True) + sorted(shares[3:])
    groups = outcome.tables["communes"]["group"].tolist()
    assert groups == ["borderline", "firm", "firm", "too-weak", "too-weak", "too-weak"]


def test_the_curve_ascends_to_what_the_limit_reaches(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    outcome = covered(world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]))
    curve = outcome.tables["curve"].set_index("minutes")
    assert curve.index.tolist() == list(range(0, 245, 5))
    assert (curve["share_low"] <= curve["share"]).all()
    assert (curve["share"] <= curve["share_high"]).all()
    assert curve["share"].is_monotonic_increasing
    assert curve["share"][15] == pytest.approx(outcome.summary["reachable_ha"] / 540)
    assert curve["share"][0] == pytest.approx(10 / 540)


def test_planters_and_seed_by_month(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """270 ha a district in ten days of April: 27 a day, seven planters of 4 ha; 20 kg a hectare."""
    outcome = covered(world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter(2)])]))
    need = outcome.tables["need"]
    assert need.index.tolist() == ["0101", "0102"]
    assert need["month"].tolist() == [4, 4]
    assert need["year"].tolist() == [2026, 2026]
    assert need["hectares"].tolist() == pytest.approx([270, 270])
    assert need["planters"].tolist() == [7, 7]
    assert need["planters_there"].tolist() == [2, 0]
    assert need["seed_kg"].tolist() == pytest.approx([5400, 5400])
    assert outcome.summary["planters_needed"] == 14
    assert outcome.summary["seed_kg"] == pytest.approx(10_800)


def test_crops_planted_one_after_the_other_share_their_planters(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """270 ha of maize, then 540 of cassava, ten days each: seven planters, then fourteen."""
    need = covered(world.but(figures=sketch.figures(cassava_ha=180.0))).tables["need"]
    assert need["planters"].tolist() == [14, 14]
    assert need["hectares"].tolist() == pytest.approx([810, 810])


# ---- maps ----


def test_rasters_name_bases_by_number(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    bases = [
        sketch.provider("ZZ", 1.5, MIDDLE, [planter()]),
        sketch.provider("AA", 16.5, MIDDLE, [planter()]),
    ]
    outcome = covered(world.but(providers=bases))
    nearest = outcome.rasters["nearest_base"].to_numpy()
    assert nearest[1, 1] == 2
    assert nearest[1, 16] == 1
    assert outcome.tables["providers"].loc["1", "commune"] == "010203"
    minutes = outcome.rasters["travel_time"].to_numpy()
    assert minutes[1, :4].tolist() == [10, 0, 10, 20]
    assert not any("ZZ" in table.to_csv() for table in outcome.tables.values())
    rings = outcome.features["isochrones"]
    assert rings["minutes"].tolist() == [30, 60, 120]
    assert rings["hectares"].sum() == 5400


def test_water_stops_the_way(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """A river across the third column: what lies beyond cannot be reached."""
    corner, end = sketch.place(6, 3), sketch.place(7, 0)
    river = gpd.GeoSeries([box(corner.x, corner.y, end.x, end.y)], crs=CRS)
    near = world.but(water=river, providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, limit_minutes=300.0)
    assert column(outcome, "reachable_ha")[:2] == [90, 90]
    assert column(outcome, "reachable_ha")[3:] == [0, 0, 0]
    nearest = outcome.rasters["nearest_base"].to_numpy()
    assert (nearest[:, 6:] == NO_DATA).all()
    notes = [note.key for note in outcome.tables["communes"]["reason"].iloc[4]]
    assert "coverage.route_none" in notes


# ---- what if ----


def test_a_base_more_brings_the_farther_half_nearer(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    what_if = WhatIf(bases=(NewBase(**lonlat(sketch, 16.5, 1.5), count=2, crops=MAIZE),))
    outcome = covered(near, what_if=what_if)
    changes = outcome.tables["changes"]
    assert changes["served_ha_now"].tolist() == pytest.approx([40, 0, 0, 0, 0, 0])
    assert changes["served_ha_then"].tolist() == pytest.approx([40, 0, 0, 0, 0, 80])
    assert changes["served_ha_difference"].tolist() == pytest.approx([0, 0, 0, 0, 0, 80])
    assert outcome.tables["changes_districts"]["served_ha_difference"].tolist() == pytest.approx(
        [0, 80]
    )
    assert outcome.summary["now"]["served_ha"] == pytest.approx(40)
    assert outcome.summary["served_ha"] == pytest.approx(120)
    change = outcome.rasters["travel_time_change"].to_numpy()
    assert (change[:, :9] == 0).all()
    assert change[1, 16] == -150
    assert outcome.features["new_bases"].index.tolist() == ["2"]
    assert outcome.tables["providers"]["state"].tolist() == ["present", "new"]


def test_a_base_closes_moves_and_gets_a_machine(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    bases = [
        sketch.provider("P1", MIDDLE, MIDDLE, [planter()]),
        sketch.provider("P2", 4.5, MIDDLE, [planter()]),
        sketch.provider("P3", 7.5, MIDDLE, [planter()]),
    ]
    what_if = WhatIf(
        closed=("P1",),
        moved=(MovedBase("P2", **lonlat(sketch, 13.5, 1.5)),),
        more_machines=(MoreMachines("P3", crops=MAIZE),),
    )
    outcome = covered(world.but(providers=bases), what_if=what_if)
    changes = outcome.tables["changes"]
    assert changes["served_ha_now"].tolist() == pytest.approx([40, 40, 40, 0, 0, 0])
    assert changes["served_ha_then"].tolist() == pytest.approx([0, 0, 80, 0, 40, 0])
    providers = outcome.tables["providers"]
    assert providers.index.tolist() == ["2", "3"]
    assert providers.loc["2", ["state", "commune"]].tolist() == ["moved", "010202"]
    states = outcome.features["bases"]["state"]
    assert states.to_dict() == {"2": "moved", "3": "present", "1": "closed"}


@pytest.mark.parametrize(
    ("what_if", "reached"),
    [
        (WhatIf(speed_factor=2.0), 130),
        (WhatIf(speeds={"unknown-land": 12.0}), 130),
        (WhatIf(speed_factor=0.5), 10),
    ],
)
def test_other_speeds(
    world: Any, sketch: SimpleNamespace, covered: Any, what_if: WhatIf, reached: float
) -> None:
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, what_if=what_if)
    assert outcome.summary["now"]["reachable_ha"] == pytest.approx(90)
    assert outcome.summary["reachable_ha"] == pytest.approx(reached)


def test_capacity_by_a_factor(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, what_if=WhatIf(capacity_factor=2.0))
    assert outcome.summary["served_ha"] == pytest.approx(80)
    # 270 ha a district in ten days: 6.75 planters of 4 ha a day, 3.375 of 8.
    assert outcome.tables["need"]["planters"].tolist() == [4, 4]
    needed = [f"planters_needed{case}" for case in ("_low", "", "_high")]
    assert [outcome.summary[name] for name in needed] == [6, 8, 10]
    assert [outcome.summary["now"][name] for name in needed] == [12, 14, 18]


@pytest.mark.parametrize(
    "change",
    [
        {"closed": ("P9",)},
        {"moved": (MovedBase("P9", 102.0, 13.0),)},
        {"more_machines": (MoreMachines("P9"),)},
        {"closed": ("P1",), "more_machines": (MoreMachines("P1"),)},
        {"bases": (NewBase(102.0, 13.1, machine="balloon"),)},
    ],
)
def test_a_change_of_what_is_not_there_is_refused(
    world: Any, sketch: SimpleNamespace, covered: Any, change: Any
) -> None:
    with pytest.raises((BadParameter, OutsideArea)):
        covered(
            world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]),
            what_if=WhatIf(**change),
        )


def test_a_base_abroad_is_refused(world: Any, covered: Any) -> None:
    with pytest.raises(OutsideArea):
        covered(what_if=WhatIf(bases=(NewBase(100.5, 13.75),)))


def test_a_base_in_the_lake_starts_from_its_shore(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """The lake covers the first commune but its last column: the base moves a kilometre."""
    corner, end = sketch.place(0, 3), sketch.place(2, 0)
    lake = gpd.GeoSeries([box(corner.x, corner.y, end.x, end.y)], crs=CRS)
    base = NewBase(**lonlat(sketch, 1.5, 1.5), crops=MAIZE)
    outcome = covered(world.but(water=lake), what_if=WhatIf(bases=(base,)))
    assert outcome.tables["providers"]["moved_m"].tolist() == [1000]
    assert outcome.summary["served_ha"] == pytest.approx(40)
    assert "coverage.bases_moved" in {note.key for note in outcome.warnings}


@pytest.mark.parametrize(
    ("machine", "seen"),
    [
        ({"machine": "roller-crimper"}, {"coverage.machines_idle"}),
        ({"hectares_a_day": 0.0}, {"coverage.machines_idle"}),
        ({"crops": ("soybean",)}, {"coverage.machines_idle"}),
        ({"machine": "tractor"}, set()),
    ],
)
def test_a_machine_that_does_nothing_here_brings_no_tractor(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any, machine: Any, seen: set[str]
) -> None:
    """Two planters with one tractor: another tractor would let both work, a roller does not; nor
    does a planter for a crop that is not planted in the season."""
    fleet = [planter(2), ("tractor", 1, 5.0, ())]
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, fleet)])
    outcome = covered(near, what_if=WhatIf(more_machines=(MoreMachines("P1", **machine),)))
    assert outcome.summary["now"]["served_ha"] == pytest.approx(40)
    assert outcome.summary["served_ha"] == pytest.approx(40 if seen else 80)
    assert outcome.tables["providers"]["tractors"].tolist() == [1 if seen else 2]
    assert keys(outcome) & {"coverage.machines_idle"} == seen


def test_a_seed_drill_more_serves_the_other_track(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """Planned for the upland or recorded there, it serves rice: 20 days of 4 ha less what its
    tractor does for maize."""
    figures = sketch.figures(rice_ha=90.0)
    alone = world.but(
        figures=figures, providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]
    )
    both = world.but(
        figures=figures,
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter(), ("seed-drill", 1, 4.0, ())])],
    )
    more = WhatIf(more_machines=(MoreMachines("P1", machine="seed-drill"),))
    planned = covered(alone, what_if=more).tables["providers"].loc["1"]
    recorded = covered(both).tables["providers"].loc["1"]
    assert planned["other_track_ha"] == pytest.approx(recorded["other_track_ha"])
    assert planned["other_track_ha"] > 0
    assert planned["tractors"] == recorded["tractors"] == 2


def test_land_reached_for_the_first_time_and_no_longer(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """A river parts the world in the seventh column; the base moves from west to east of it."""
    corner, end = sketch.place(6, 3), sketch.place(7, 0)
    river = gpd.GeoSeries([box(corner.x, corner.y, end.x, end.y)], crs=CRS)
    near = world.but(water=river, providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    assert "reach_change" not in covered(near).rasters
    outcome = covered(near, what_if=WhatIf(moved=(MovedBase("P1", **lonlat(sketch, 16.5, 1.5)),)))
    change = outcome.rasters["reach_change"]
    assert change.dtype == np.int16
    assert change.to_numpy().tolist() == [[-1] * 6 + [0] + [1] * 11] * 3
    assert np.isnan(outcome.rasters["travel_time_change"].to_numpy()).all()
    nothing = covered(near, what_if=WhatIf(capacity_factor=2.0)).rasters["reach_change"]
    assert (nothing.to_numpy() == 0).all()


# ---- what may be missing ----


def test_no_provider(covered: Any, keys: Any) -> None:
    outcome = covered()
    assert outcome.tables["providers"].empty
    assert outcome.summary["served_ha"] == 0
    assert outcome.summary["unmet_ha"] == 540
    assert np.isnan(outcome.rasters["travel_time"].to_numpy()).all()
    assert set(np.unique(outcome.rasters["nearest_base"].to_numpy())) <= {NO_DATA, OUTSIDE}
    assert outcome.features["bases"].empty
    assert outcome.features["isochrones"].empty
    assert "coverage.no_provider" in keys(outcome)
    assert "coverage.no_way" not in keys(outcome)
    communes = outcome.tables["communes"]
    assert communes["group"].tolist() == ["too-weak"] * 6
    assert {notes[-1].key for notes in communes["reason"]} == {"coverage.route_none"}
    assert outcome.tables["districts"]["group"].tolist() == ["too-weak"] * 2


def test_no_machine_of_the_kind(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any
) -> None:
    roller = ("roller-crimper", 1, 5.0, MAIZE)
    outcome = covered(world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [roller])]))
    assert outcome.summary["served_ha"] == outcome.summary["reachable_ha"] == 0
    assert "coverage.no_machine" in keys(outcome)
    asked = covered(
        world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [roller])]),
        machine="roller-crimper",
    )
    assert asked.summary["served_ha"] == pytest.approx(50)


def test_no_machine_for_a_crop(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any
) -> None:
    near = world.but(
        figures=sketch.figures(cassava_ha=90.0),
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])],
    )
    assert "coverage.no_machine_for" in keys(covered(near))


def test_zero_capacity(world: Any, sketch: SimpleNamespace, covered: Any, keys: Any) -> None:
    """A record states none, and the planner sets that of the table to 0."""
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter(1, np.nan)])])
    assert covered(near).summary["served_ha"] == pytest.approx(40)
    outcome = covered(near, hectares_a_day={"no-till-planter": 0.0})
    assert outcome.summary["reachable_ha"] == outcome.summary["reachable_high_ha"] == 0
    assert outcome.summary["served_ha"] == outcome.summary["supply_ha"] == 0
    assert outcome.summary["supply_demand_ratio"] == 0
    assert np.isnan(outcome.tables["providers"]["use_share"]).all()
    assert outcome.tables["need"]["planters"].isna().all()
    assert "coverage.no_capacity" in keys(outcome)


@pytest.mark.parametrize(
    ("given", "demand", "said"),
    [
        ({"season": "dry"}, 0, "coverage.crops_left_out"),
        ({"season": "dry", "demand": "requested"}, 30, "coverage.no_days"),
        ({"rain_days": {"4": 31.0}}, 540, "coverage.no_days"),
    ],
)
def test_a_season_without_days(
    world: Any,
    sketch: SimpleNamespace,
    covered: Any,
    keys: Any,
    given: Any,
    demand: float,
    said: str,
) -> None:
    """Nothing is reached either, and neither seed nor planters are needed for what is not
    planted."""
    near = world.but(
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])],
        requests=[sketch.request("E1", sketch.codes[0], "maize", 30, season="dry")],
    )
    outcome = covered(near, **given)
    summary = outcome.summary
    assert summary["demand_ha"] == pytest.approx(demand)
    assert summary["served_ha"] == summary["supply_ha"] == summary["reachable_ha"] == 0
    assert summary["working_days"]["maize"] == summary["seed_kg"] == 0
    assert summary["planters_needed"] in (0, None)
    assert said in keys(outcome)


def test_no_requests(world: Any, sketch: SimpleNamespace, covered: Any, keys: Any) -> None:
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, demand="requested", year=None)
    assert outcome.summary["year"] is None
    assert outcome.summary["demand_ha"] == outcome.summary["served_ha"] == 0
    assert column(outcome, "median_minutes")[0] == 10
    assert outcome.tables["curve"]["share"].isna().all()
    assert outcome.tables["requested"].empty
    assert "coverage.no_requests" in keys(outcome)


def test_a_provider_who_starts_later_does_not_count_yet(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any
) -> None:
    later = [
        sketch.provider("P1", MIDDLE, MIDDLE, [planter()], since_year=2027),
        sketch.provider("P2", 16.5, MIDDLE, [planter()], since_year=2026),
    ]
    outcome = covered(world.but(providers=later))
    assert outcome.tables["providers"].index.tolist() == ["2"]
    assert "coverage.providers_later" in keys(outcome)


def test_an_area_of_one_cell(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """The whole of it: one commune, one cell, its base on it."""
    near = world.but(rasters={}, providers=[sketch.provider("P1", 0.5, 0.5, [planter()])]).inputs()
    communes = near.communes.iloc[:1].copy()
    corner, end = sketch.place(0, 1), sketch.place(1, 0)
    communes.geometry = [box(corner.x, corner.y, end.x, end.y)]
    one = replace(
        near,
        grid=sketch.grid_of(1, 1),
        communes=communes,
        districts=near.districts.iloc[:1],
        figures=near.figures.iloc[:1],
    )
    outcome = covered(SimpleNamespace(inputs=lambda: one))
    assert outcome.rasters["travel_time"].to_numpy().tolist() == [[0]]
    notes = outcome.tables["communes"]["reason"].iloc[0]
    assert notes[-1].key == "coverage.route_no_road", "there is a way, off the road"
    assert outcome.summary["served_ha"] == pytest.approx(40)


def test_land_that_nobody_can_cross(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any
) -> None:
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near.but(water=gpd.GeoSeries([near.inputs().communes.union_all()], crs=CRS)))
    assert outcome.summary["served_ha"] == outcome.summary["reachable_ha"] == 0
    assert outcome.summary["demand_ha"] == 540
    assert "coverage.bases_nowhere" in keys(outcome)
    assert outcome.features["bases"].empty


def test_a_place_on_closed_land_is_read_beside_it(
    world: Any, sketch: SimpleNamespace, covered: Any, keys: Any
) -> None:
    """Slopes close a column of cells in the first commune; places are cells. Those of the middle
    of the second commune are closed all around, and no way leads to one."""
    slope = np.zeros((3, 18), dtype=np.float32)
    slope[:, 2] = slope[:, 4:8] = 45.0
    rasters = dict(world.rasters) | {"slope": slope}
    bands = (SlopeBand(30, 1, 1, "test", True), SlopeBand(1000, 1, 0, "test", True))
    near = world.but(
        rasters=rasters, providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])]
    )
    outcome = covered(near, machinery=replace(sketch.machinery, slopes=bands), limit_minutes=60.0)
    notes = {note.key: dict(note.values) for note in outcome.warnings}
    # columns 2, 4 and 7 lie one cell from open land; 5 and 6 lie two or more from it
    assert notes["coverage.places_moved"] == {"count": 9, "metres": 1000}
    # column 2 is read at column 1; all from column 3 on is cut off by it
    assert notes["coverage.no_way"] == {"land": 4500, "hectares": 450}
    assert outcome.summary["reachable_ha"] == pytest.approx(90)
    asked = covered(
        near,
        machinery=replace(sketch.machinery, slopes=bands),
        demand="requested",
    )
    assert "coverage.no_way_land" in keys(asked)
    assert "coverage.no_way" not in keys(asked)


def test_hectares_count_as_reached_where_a_base_serves_their_crop(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """In the first commune 90 ha of maize and 30 of cassava: the base's planter does maize alone.

    Its 40 ha meet 90 of maize: R = 4/9, of which three quarters count at a place whose demand is
    maize for three quarters.
    """
    near = world.but(
        figures=sketch.figures(cassava_ha=[30.0, 0, 0, 0, 0, 0]),
        providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])],
    )
    outcome = covered(near)
    assert column(outcome, "demand_ha")[0] == 120
    for case in ("", "_high"):
        assert column(outcome, f"reachable{case}_ha")[0] == 90
    assert column(outcome, "reachable_low_ha")[0] == 10
    assert column(outcome, "supply_demand_ratio")[0] == pytest.approx(0.3333)
    total = (outcome.tables["communes"]["supply_demand_ratio"] * column(outcome, "demand_ha")).sum()
    assert total == pytest.approx(40)


def test_seed_of_a_season_without_sowing(world: Any, sketch: SimpleNamespace, covered: Any) -> None:
    """What the summary says is what the table adds up to: nothing is sown."""
    near = world.but(providers=[sketch.provider("P1", MIDDLE, MIDDLE, [planter()])])
    outcome = covered(near, machinery=replace(sketch.machinery, sowing=()))
    assert outcome.summary["seed_kg"] == outcome.tables["need"]["seed_kg"].sum() == 0
    assert covered(near).summary["seed_kg"] == pytest.approx(540 * 20)


def test_seed_is_needed_where_something_is_planted(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """Soybean has no window: of 40 ha asked for 30 are planted, 20 kg on each."""
    code = sketch.codes[0]
    asked = [sketch.request("E1", code, "maize", 30), sketch.request("E1", code, "soybean", 10)]
    outcome = covered(world.but(requests=asked), demand="requested", year=None)
    assert outcome.summary["demand_ha"] == pytest.approx(40)
    assert outcome.summary["seed_kg"] == pytest.approx(600)
    assert outcome.tables["need"]["hectares"].sum() == pytest.approx(30)


# ---- ranges ----


def test_a_fast_and_large_case_may_serve_less_of_one_track(
    world: Any, sketch: SimpleNamespace, covered: Any
) -> None:
    """Rice near the base, maize two communes away, one tractor and a planter twice as large.

    With half the speed only rice is in reach, and all days go to it; at the stated one maize takes
    the days on which it may be planted, since a day does twice as much there.
    """
    near = world.but(
        figures=sketch.figures(maize_ha=[0, 0, 90.0, 0, 0, 0], rice_ha=[90.0, 0, 0, 0, 0, 0]),
        providers=[
            sketch.provider(
                "P1",
                MIDDLE,
                MIDDLE,
                [planter(1, 8.0), ("seed-drill", 1, 4.0, ("rice",)), ("tractor", 1, 5.0, ())],
            )
        ],
    )
    summary = covered(near, track="rice", limit_minutes=75.0).summary
    served = [summary[f"served{case}_ha"] for case in ("_low", "", "_high")]
    assert served == pytest.approx([40, 40, 60])
    left = [summary[f"unmet{case}_ha"] for case in ("_low", "", "_high")]
    assert left == pytest.approx([30, 50, 50])


def in_order(rows: pd.DataFrame) -> bool:
    """Whether every range of a table holds the number that it is of."""
    for lowest in (str(name) for name in rows if "_low" in str(name)):
        middle, highest = lowest.replace("_low", ""), lowest.replace("_low", "_high")
        if middle not in rows:
            continue
        low, here, high = (rows[name].astype(float) for name in (lowest, middle, highest))
        if (low > here).any() or (here > high).any():
            return False
    return True


# ---- totals ----

KINDS = st.tuples(
    st.sampled_from(["no-till-planter", "seed-drill", "tractor"]),
    st.integers(1, 3),
    st.sampled_from([0.0, 1.5, 4.0, np.nan]),
    st.sampled_from([(), MAIZE, ("maize", "cassava"), ("rice", "maize"), ("rice",)]),
)
BASES = st.lists(
    st.tuples(st.floats(0.1, 17.9), st.floats(0.1, 2.9), st.lists(KINDS, max_size=3)), max_size=4
)
HECTARES = st.lists(st.sampled_from([0.0, 5.0, 90.0, 700.0, np.nan]), min_size=6, max_size=6)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    bases=BASES,
    maize=HECTARES,
    rice=HECTARES,
    limit=st.sampled_from([5.0, 25.0, 90.0]),
    track=st.sampled_from(["upland", "rice"]),
)
def test_totals_agree_and_never_exceed(
    bases: Any,
    maize: list[float],
    rice: list[float],
    limit: float,
    track: str,
    world: Any,
    sketch: SimpleNamespace,
    covered: Any,
) -> None:
    """Served over communes = served over providers, at most the supply, at most the demand."""
    near = world.but(
        figures=sketch.figures(maize_ha=maize, rice_ha=rice),
        providers=[
            sketch.provider(f"P{place}", east, south, machines)
            for place, (east, south, machines) in enumerate(bases)
        ],
    )
    outcome = covered(near, limit_minutes=limit, track=track)
    communes, providers = outcome.tables["communes"], outcome.tables["providers"]
    hair = 1e-6
    for table in (communes, outcome.tables["districts"], pd.DataFrame([outcome.summary])):
        for case in ("", "_low", "_high"):
            served, reached = table[f"served{case}_ha"], table[f"reachable{case}_ha"]
            assert not (served > reached * (1 + hair) + hair).any()
            assert not (reached > table["demand_ha"] * (1 + hair)).any()
    total = communes["served_ha"].sum()
    for table in (*outcome.tables.values(), pd.DataFrame([outcome.summary])):
        assert in_order(table)
    assert providers["served_ha"].sum() == pytest.approx(total, rel=hair, abs=hair)
    assert outcome.tables["districts"]["served_ha"].sum() == pytest.approx(
        total, rel=hair, abs=hair
    )
    for used, there in (("served_ha", "supply_ha"), ("tractor_days_used", "tractor_days")):
        assert (providers[used] <= providers[there] * (1 + hair) + hair).all()
    demand = communes["demand_ha"].fillna(0)
    left = communes["unmet_ha"].fillna(0) + communes["served_ha"].fillna(0)
    np.testing.assert_allclose(left, demand, atol=1e-3)
