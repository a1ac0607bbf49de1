"""Land degradation of a made-up world, every figure by hand or recounted another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any

import dask.array as da
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from pydantic import ValidationError
from shapely import box

from gis.analyses import land_degradation
from gis.analysis import Inputs, Outcome
from gis.errors import (
    BadParameter,
    GridMismatch,
    NothingToAssess,
    PeriodOutsideData,
    TooFewYears,
    UnknownParameter,
    WrongUnit,
    YearsOutOfOrder,
)
from gis.grid import CRS, NO_DATA, raster
from gis.land_degradation.carbon_account import BOUNDS, FULL, levels
from gis.land_degradation.hotspots import LEAST_Z, gi_star, hot_spots, squares_of
from gis.land_degradation.land_cover import UNCCD_MATRIX
from gis.land_degradation.parameters import (
    DEGRADATION_BASES,
    CarbonScenario,
    LandDegradationParameters,
)
from gis.land_degradation.parts import PeriodParts
from gis.land_degradation.periods import BASELINE, NEWEST, PERIODS, REPORT_2, Period, cover_years
from gis.land_degradation.tally import tally

YEARS = tuple(range(2000, 2024))
NAN = float("nan")
TREES, GRASS, CROPS, WATER = 1, 2, 3, 7
DEFAULT = LandDegradationParameters()
COMMUNE_HA = 900.0
AVAILABLE = LandDegradationParameters(missing="available")


def by_year(sketch: SimpleNamespace, **change: tuple[Any, ...]) -> Any:
    """One value a commune and year: ``a=(first value, year, later value)`` or ``a=(value,)``."""
    planes = []
    for year in YEARS:
        values = [stated[0] if len(stated) == 1 or year < stated[1] else stated[2]
                  for stated in change.values()]  # fmt: skip
        planes.append(sketch.band(*values))
    return np.stack(planes)


@pytest.fixture
def land(world: Any, sketch: SimpleNamespace) -> Any:
    """Six communes of nine cells.

    a greenness falls by 0.01 a year; b trees become crops in 2018; c crops become trees in 2010;
    d water; e water until 2015, then crops; f greenness falls, soil carbon unknown.
    """
    steady = (0.6,)
    green = by_year(sketch, a=steady, b=steady, c=steady, d=steady, e=steady, f=steady)
    fall = np.float32(0.01) * np.arange(len(YEARS), dtype=np.float32)[:, None, None]
    for columns in (slice(0, 3), slice(15, 18)):
        green[:, :, columns] -= fall
    cover = by_year(
        sketch,
        a=(GRASS,),
        b=(TREES, 2018, CROPS),
        c=(CROPS, 2010, TREES),
        d=(WATER,),
        e=(WATER, 2016, CROPS),
        f=(GRASS,),
    )
    return world.but(
        rasters={"soil_carbon": sketch.band(50, 50, 50, 50, 50, NAN)},
        units={"soil_carbon": "t/ha"},
        series={
            "vegetation_index": (YEARS, green.astype(np.float32)),
            "land_cover": (YEARS, cover.astype(np.int16)),
        },
    )


def computed(world: Any, parameters: LandDegradationParameters = DEFAULT) -> Outcome:
    return land_degradation.compute(world.inputs(), parameters)


def codes(outcome: Outcome, name: str) -> list[int]:
    """One code a commune."""
    values = outcome.rasters[name].to_numpy()
    assert (values == np.repeat(values[:1, ::3], 3, axis=0).repeat(3, axis=1)).all()
    return [int(code) for code in values[0, ::3]]


def test_the_parts_by_hand(land: Any) -> None:
    outcome = computed(land)
    none = int(NO_DATA)
    # a, f: S = -120 in 16 years and a slope of -0.01 are a decline; greenness of the others stays.
    assert codes(outcome, "productivity") == [1, 4, 4, 4, 4, 1]
    # b: trees to crops between 2015 and 2023; c: back to trees, before 2015.
    assert codes(outcome, "land_cover") == [0, -1, 0, 0, 0, 0]
    assert codes(outcome, "land_cover_baseline") == [0, 0, 1, 0, 0, 0]
    # b: 2.6 % a year over 2018 to 2019 are -5 %, to 2023 -16 %. c: 1/0.48 over 20 years is 5.4 % of
    # the stock of 2009 a year: 1.325 times of it in 2015, 1.758 in 2023, +33 %. d, e: water first.
    assert codes(outcome, "soil_carbon_report_1") == [0, 0, 1, none, none, none]
    assert codes(outcome, "soil_carbon") == [0, -1, 1, none, none, none]
    assert codes(outcome, "soil_carbon_baseline") == [0, 0, 1, none, none, none]
    assert codes(outcome, "indicator_baseline") == [-1, 0, 1, none, none, none]
    assert codes(outcome, "indicator_report_1") == [-1, -1, 1, none, none, none]
    assert codes(outcome, "indicator") == [-1, -1, 1, none, none, none]
    assert codes(outcome, "status") == [1, 2, 7, none, none, none]
    assert codes(outcome, "water") == [none, none, none, 7, 7, none]
    assert codes(outcome, "water_baseline") == [none, none, none, 7, 7, none]
    assert outcome.rasters["status"].attrs["classes"][2] == "degradation.status_2"
    assert outcome.rasters["status_report_1"].dtype == np.int16


def test_tables_by_hand(land: Any) -> None:
    tables = computed(land).tables
    communes = tables["communes"]
    assert communes.index.tolist() == [*land.inputs().communes.index]
    hectares = communes[["degraded_ha", "stable_ha", "improved_ha", "no_data_ha", "water_ha"]]
    assert hectares.round(3).to_numpy().tolist() == [
        [900, 0, 0, 0, 0],
        [900, 0, 0, 0, 0],
        [0, 0, 900, 0, 0],
        [0, 0, 0, 0, 900],
        [0, 0, 0, 0, 900],
        [0, 0, 0, 900, 0],
    ]
    assert communes["land_ha"].round(3).tolist() == [900, 900, 900, 0, 0, 900]
    # f: known to be degraded by its greenness, unknown as a whole.
    assert communes["lost_ha"].round(3).tolist() == [0, 0, 0, 0, 0, 900]
    assert communes["degraded_share"].iloc[:3].tolist() == [1, 1, 0]
    assert communes["degraded_share"].iloc[3:5].isna().all()
    assert communes["status_2_ha"].round(3).tolist() == [0, 900, 0, 0, 0, 0]
    assert communes["status_degraded_share"].iloc[:3].tolist() == [1, 1, 0]
    assert set(communes["screening"]) == {"screening"}
    said = [
        [note.key.removeprefix("degradation.") for note in notes] for notes in communes["reason"]
    ]
    assert said[0] == ["screening"]
    assert said[5] == ["screening", "mostly_unknown", "hidden"]
    districts = tables["districts"]
    assert districts["degraded_ha"].round(3).tolist() == [1800, 0]
    assert districts["land_ha"].round(3).tolist() == [2700, 900]
    province = tables["provinces"].loc["01"]
    assert province["degraded_share"] == pytest.approx(0.5)
    assert province["no_data_share"] == pytest.approx(0.25)
    assert province["water_ha"] == pytest.approx(1800)
    assert "country" not in tables


def test_the_country_has_a_table_when_it_was_asked_for(land: Any) -> None:
    inputs = replace(land.inputs(), areas=("KH",))
    tables = land_degradation.compute(inputs, DEFAULT).tables
    assert tables["country"].loc["KH", "degraded_ha"] == pytest.approx(1800)
    assert set(tables["areas"].loc["KH", "level"]) == {"country", "area"}


def test_every_share_adds_to_one_and_every_level_to_the_same(land: Any) -> None:
    areas = computed(land).tables["areas"].reset_index()
    assert set(areas["level"]) == {"commune", "district", "province", "area"}
    assert set(areas["part"]) == {
        "indicator",
        "productivity",
        "land_cover",
        "soil_carbon",
        "status",
    }
    units = areas.groupby(["level", "code", "period", "part"])
    shares = units["share"].sum(min_count=1).dropna()
    np.testing.assert_allclose(shares, 1, atol=1e-12)
    np.testing.assert_allclose(units["hectares"].sum().xs("commune"), COMMUNE_HA, atol=1e-6)
    by_level = areas.pivot_table(
        index=["period", "part", "class"], columns="level", values="hectares", aggfunc="sum"
    )
    for level in ("district", "province", "area"):
        np.testing.assert_allclose(by_level[level], by_level["commune"], atol=1e-6)
    water = areas[areas["class"] == "cover_7"]
    assert water["share"].isna().all()
    assert water.groupby(["level", "period", "part"])["hectares"].sum().round(6).unique() == 1800


def test_transitions_and_reporting_tables_by_hand(land: Any) -> None:
    tables = computed(land).tables
    moves = tables["transitions"].set_index(["period", "initial", "final"])
    newest = moves.loc[NEWEST]
    assert newest["hectares"].round(3).to_dict() == {
        ("cover_1", "cover_1"): 900,
        ("cover_1", "cover_3"): 900,
        ("cover_2", "cover_2"): 1800,
        ("cover_7", "cover_3"): 900,
        ("cover_7", "cover_7"): 900,
    }
    assert newest.loc[("cover_1", "cover_3"), "degradation"] == "class_degraded"
    assert newest.loc[("cover_7", "cover_3"), "degradation"] == "class_stable"
    rows = tables["reporting"].set_index(["table", "period", "row", "column"]).sort_index()
    assert rows["value"].loc[("so1_1_cover", NEWEST, "cover_3", "2023")] == pytest.approx(18)
    assert rows["value"].loc[("so1_1_change", NEWEST, "cover_1", "cover_3")] == pytest.approx(9)
    assert rows["value"].loc[
        ("so1_2_dynamics", NEWEST, "cover_2", "productivity_1")
    ] == pytest.approx(18)
    # Of 36 km2 of land without water 18 are degraded, 9 without data.
    degraded = rows.loc[("so1_4", NEWEST, "class_degraded")]
    assert degraded["value"].to_dict() == pytest.approx({"area": 18, "share": 50})
    assert degraded["unit"].to_dict() == {"area": "km2", "share": "percent"}
    assert rows["value"].loc[("so1_4", NEWEST, "no_data", "share")] == pytest.approx(25)
    # 50 t/ha on 1,800 ha of grass, of which 900 ha are unknown.
    assert rows["value"].loc[("so1_3_stock", NEWEST, "cover_2", "2023")] == pytest.approx(45_000)
    assert rows["value"].loc[("so1_3_stock", NEWEST, "cover_3", "2023")] == pytest.approx(
        900 * 50 * (1 - 6 * 0.026) + 900 * 50, rel=1e-5
    )


def test_gains_against_losses_by_hand(land: Any) -> None:
    balance = computed(land).tables["ldn_balance"]
    newest = balance[balance["period"] == NEWEST].set_index("land_type")
    # b was trees in 2015 and is lost; c was trees by then and stays better: they make up.
    trees = newest.loc["cover_1"]
    assert (trees["gains_ha"], trees["losses_ha"]) == pytest.approx((900, 900))
    assert trees["balance_ha"] == pytest.approx(0, abs=1e-6)
    grass = newest.loc["cover_2"]
    assert (grass["losses_ha"], grass["no_data_ha"]) == pytest.approx((900, 900))
    assert grass["neutrality"] is False
    assert newest.loc["cover_3", "neutrality"] is None
    assert newest.loc["all", "balance_ha"] == pytest.approx(-900)
    assert "cover_7" not in newest.index
    assert set(balance["period"]) == {"report_1", "report_2"}


def test_summary_says_what_the_tables_say(land: Any) -> None:
    outcome = computed(land)
    newest = outcome.summary["periods"][NEWEST]
    assert newest["years"] == "2008-2023"
    assert newest["degraded_ha"] == pytest.approx(1800)
    assert newest["land_ha"] == pytest.approx(3600)
    assert newest["water_ha"] == pytest.approx(1800)
    assert newest["lost_ha"] == pytest.approx(900)
    assert outcome.summary["balance_ha"] == pytest.approx(-900)


# ---- choices ----


def test_known_parts_may_decide(land: Any, keys: Callable[[Any], set[str]]) -> None:
    outcome = computed(land, AVAILABLE)
    # f is degraded by its greenness; water stays out of it by either rule.
    assert codes(outcome, "indicator") == [-1, -1, 1, NO_DATA, NO_DATA, -1]
    assert outcome.tables["communes"]["lost_ha"].sum() == 0
    assert "degradation.hidden_all" not in keys(outcome)


def test_a_country_may_decide_on_a_transition(land: Any) -> None:
    parameters = LandDegradationParameters(transitions={"tree_covered_cropland": 0})
    outcome = computed(land, parameters)
    assert codes(outcome, "land_cover") == [0, 0, 0, 0, 0, 0]
    assert codes(outcome, "indicator")[1] == -1  # soil carbon still tells
    with pytest.raises(UnknownParameter):
        land_degradation.roles(LandDegradationParameters(transitions={"trees_crops": 0}))


def test_a_dry_climate_loses_less(land: Any) -> None:
    # 2.1 % a year over six years are 12.6 %; over four, as in 2021, 8.4 %.
    early = replace(REPORT_2, last=2021, state_from=2019)
    dry = LandDegradationParameters(climate="tropical-dry", report_2=early)
    assert codes(computed(land, dry), "soil_carbon")[1] == 0
    moist = LandDegradationParameters(report_2=early)
    assert codes(computed(land, moist), "soil_carbon")[1] == -1


def test_climate_zones_of_a_layer_count_cell_by_cell(land: Any, sketch: SimpleNamespace) -> None:
    # Zone 12 is tropical dry, 11 tropical moist; six years at 2.1 and 2.6 %.
    zones = sketch.band(11, 12, 12, 12, 12, 12, dtype=np.int16)
    world = land.but(rasters=dict(land.rasters) | {"climate_zone": zones})
    outcome = computed(world)
    assert codes(outcome, "soil_carbon")[1] == -1
    rows = outcome.tables["reporting"].set_index(["table", "period", "row", "column"])["value"]
    assert rows.loc[("so1_3_stock", NEWEST, "cover_3", "2023")] == pytest.approx(
        900 * 50 * (1 - 6 * 0.021) + 900 * 50, rel=1e-5
    )


@pytest.mark.parametrize("significance", ["exact", "gpg-v2"])
@pytest.mark.parametrize("rules", ["unccd-2026", "gpg-v2"])
def test_other_rules_see_a_clear_decline_too(land: Any, significance: Any, rules: Any) -> None:
    outcome = computed(land, LandDegradationParameters(rules=rules, significance=significance))
    assert codes(outcome, "productivity") == [1, 4, 4, 4, 4, 1]


def test_land_is_compared_with_its_like(land: Any, sketch: SimpleNamespace) -> None:
    """Greenness at half of the best of the same land cover and soil is degraded, else stable."""
    green = by_year(sketch, a=(0.8,), b=(0.4,), c=(0.5,), d=(0.4,), e=(0.9,), f=(0.4,))
    cover = by_year(sketch, **dict.fromkeys("abcdef", (GRASS,))).astype(np.int16)
    series = {
        "vegetation_index": (YEARS, green.astype(np.float32)),
        "land_cover": (YEARS, cover),
    }
    rasters = {"soil_carbon": sketch.band(*[50] * 6)}
    alone = land.but(series=series, rasters=rasters)
    # The 90th percentile of all is 0.9: 0.4 is 44 % of it, 0.5 is 56 %.
    assert codes(computed(alone), "productivity") == [4, 3, 4, 3, 4, 3]
    soils = sketch.band(1, 1, 2, 2, 3, NO_DATA, dtype=np.int16)
    apart = land.but(series=series, rasters=rasters | {"soil_group": soils})
    # Best of 0.8 and 0.4: 0.8; of 0.5 and 0.4: 0.5; 0.9 alone; a soil unknown.
    assert codes(computed(apart), "productivity") == [4, 3, 4, 4, 4, NO_DATA]


# ---- people ----


def test_the_edge_of_a_soil_map_by_commune_is_no_unknown_land(
    land: Any, sketch: SimpleNamespace
) -> None:
    soil = sketch.band(*[4] * 6).astype(np.int16)
    inputs = land.but(rasters={**land.rasters, "soil_group": soil}).inputs()
    # 400 m of the first column lie in the first commune, none of its centres.
    shifted = inputs.communes.set_geometry(inputs.communes.translate(600.0))
    inputs = replace(inputs, communes=shifted)
    whole = land_degradation.compute(inputs, DEFAULT).tables["communes"]
    cut = inputs.rasters["soil_group"].copy()
    cut[:, 0] = NO_DATA
    inputs = replace(inputs, rasters={**inputs.rasters, "soil_group": cut})
    pd.testing.assert_frame_equal(
        land_degradation.compute(inputs, DEFAULT).tables["communes"], whole
    )
    assert whole["no_data_ha"].iloc[0] == 0


def test_people_add_up(land: Any, sketch: SimpleNamespace) -> None:
    women, men = sketch.band(10, 20, 30, 0, 5, 1), sketch.band(5, 10, 30, 0, 5, NAN)
    world = land.but(
        rasters=dict(land.rasters) | {"population_female": women, "population_male": men},
        units=dict(land.units) | {"population_female": "people", "population_male": "people"},
    )
    tables = computed(world).tables
    communes = tables["communes"]
    assert communes["women_degraded"].tolist() == pytest.approx([90, 180, 0, 0, 0, 0])
    assert communes["men_improved"].tolist()[:5] == pytest.approx([0, 0, 270, 0, 0])
    assert communes["people"].tolist()[:5] == pytest.approx([135, 270, 540, 0, 90])
    for name in ("people", "women", "men"):
        parts = communes[
            [f"{name}_{part}" for part in ("degraded", "stable", "improved", "no_data")]
        ]
        np.testing.assert_allclose(parts.sum(axis=1), communes[name].fillna(0), atol=1e-6)
    assert tables["districts"]["women_degraded"].tolist() == pytest.approx([270, 0])
    assert tables["provinces"].loc["01", "women"] == pytest.approx(9 * 66)


# ---- hot spots ----


def by_definition(values: Any, known: Any) -> Any:
    """Gi* of Ord and Getis (1995), equation 14.2, by loops."""
    places = list(zip(*np.nonzero(known), strict=True))
    number = len(places)
    listed = [values[place] for place in places]
    mean = sum(listed) / number
    deviation = (sum(value**2 for value in listed) / number - mean**2) ** 0.5
    found = np.full(values.shape, np.nan)
    for row, column in places:
        near = [p for p in places if abs(p[0] - row) <= 1 and abs(p[1] - column) <= 1]
        spread = deviation * ((number * len(near) - len(near) ** 2) / (number - 1)) ** 0.5
        if spread > 0:
            found[row, column] = (sum(values[p] for p in near) - mean * len(near)) / spread
    return found


def test_gi_star_is_that_of_its_definition() -> None:
    random = np.random.default_rng(3)
    values, known = random.random((6, 8)), random.random((6, 8)) < 0.8
    np.testing.assert_allclose(gi_star(values, known), by_definition(values, known), atol=1e-9)
    same = gi_star(np.full((4, 4), 0.3), np.ones((4, 4), dtype=bool))
    assert np.isnan(same).all()


def test_hot_spots_on_a_small_grid(sketch: SimpleNamespace) -> None:
    """Sixteen by sixteen cells of 1 km, squares of 2 km; one corner of 4 x 4 cells is degraded."""
    grid = sketch.grid_of(16, 16)
    indicator = np.zeros((16, 16), dtype=np.int16)
    indicator[:4, :4] = -1
    indicator[10:, 10:] = NO_DATA
    inside = np.ones((16, 16), dtype=bool)
    found = squares_of(indicator, inside, grid, 2000)
    assert found.degraded[:2, :2].tolist() == [[400, 400], [400, 400]]
    assert found.degraded.sum() == 1600
    assert found.known.sum() == (256 - 36) * 100
    bounds = grid.boundingbox
    whole = gpd.GeoDataFrame(
        {"name_en": ["All"], "name_km": ["ទាំងអស់"]},
        geometry=[box(bounds.left, bounds.bottom, bounds.right, bounds.top)],
        index=pd.Index(["010101"], name="code"),
        crs=str(grid.crs),
    )
    spots = hot_spots(found, whole)
    share = np.divide(found.degraded, found.known, where=found.known > 0, out=np.zeros((8, 8)))
    expected = by_definition(share, found.known > 100)
    hot = (expected >= LEAST_Z) & (found.degraded > 0)
    assert len(spots) == hot.sum() == 4
    assert spots["rank"].tolist() == [1, 2, 3, 4]
    assert sorted(spots["z"]) == pytest.approx(sorted(expected[hot]))
    assert set(spots["code"]) == {"010101"}
    np.testing.assert_allclose(spots.area, 4e6)
    nothing = hot_spots(squares_of(np.zeros_like(indicator), inside, grid, 2000), whole)
    assert nothing.empty
    assert list(nothing.columns) == list(spots.columns)


# ---- soil carbon under conservation agriculture ----


def test_a_scenario_by_hand(land: Any) -> None:
    """Crops on 900 ha each of b and e; in b the stock fell to 42.2 t/ha by 2023."""
    scenario = CarbonScenario(share=0.5, years=10, inputs="medium", hectares={"010202": 100.0})
    account = computed(land, LandDegradationParameters(scenario=scenario)).tables["carbon"]
    assert set(account["scenario"]) == {"scenario"}
    b, e = account.loc["010102"], account.loc["010202"]
    stock = 50 * (1 - 6 * 0.026)
    assert (b["hectares"], e["hectares"]) == pytest.approx((450, 100))
    assert b["standard_t"] == pytest.approx(450 * stock, rel=1e-5)
    # IPCC 2019, no-till, tropical moist: 1.10 with an error of 5 %, half of it after ten years.
    assert b["ca_central_t"] == pytest.approx(450 * stock * 1.05, rel=1e-5)
    assert b["ca_low_t"] == pytest.approx(450 * stock * (1 + 0.045 / 2), rel=1e-5)
    assert b["ca_high_t"] == pytest.approx(450 * stock * (1 + 0.155 / 2), rel=1e-5)
    assert e["standard_t"] == pytest.approx(5000)
    assert (b["years"], b["edition"]) == (10, "ipcc-2019")
    # No cropland, nothing to account for; the reason says so.
    assert account.loc["010101", "hectares"] == 0
    assert [note.key for note in account.loc["010101", "reason"]] == ["degradation.no_stock"]


@pytest.mark.parametrize("code", ["999999", "0101", "020101"])
def test_a_scenario_of_another_place_is_refused(land: Any, code: str) -> None:
    scenario = CarbonScenario(hectares={code: 10.0})
    with pytest.raises(BadParameter):
        computed(land, LandDegradationParameters(scenario=scenario))


def test_more_than_the_cropland_is_not_converted(land: Any) -> None:
    scenario = CarbonScenario(hectares={"010102": 5000.0})
    account = computed(land, LandDegradationParameters(scenario=scenario)).tables["carbon"]
    assert account.loc["010102", "hectares"] == pytest.approx(900)


def plots(count: int, tillage: list[int], years: list[int]) -> pd.DataFrame:
    rows = [
        {
            "reference": f"P{number}",
            "commune": "010102",
            "area_ha": 2.0,
            "year": year,
            "tillage": np.int16(level),
            "inputs": np.int16(2),
            "example": False,
        }
        for number in range(count)
        for level, year in zip(tillage, years, strict=True)
    ]
    return pd.DataFrame(rows)


def recorded(land: Any, table: pd.DataFrame) -> pd.Series:
    inputs = land.inputs()
    inputs = replace(inputs, features={**inputs.features, "management": table})
    account = land_degradation.compute(inputs, DEFAULT).tables["carbon"]
    return account[account["scenario"] == "recorded plots"].loc["010102"]


def test_recorded_plots_by_commune(land: Any) -> None:
    found = recorded(land, plots(5, [3, 3], [2022, 2023]))
    stock = 10 * 50 * (1 - 6 * 0.026)
    assert (found["hectares"], found["years"]) == (10, 2)
    assert found["standard_t"] == pytest.approx(stock, rel=1e-5)
    assert found["ca_central_t"] == pytest.approx(stock * (1 + 2 * 0.10 / 20), rel=1e-5)
    assert found["ca_low_t"] == pytest.approx(stock * (1 + 2 * 0.045 / 20), rel=1e-5)
    assert found["ca_high_t"] == pytest.approx(stock * (1 + 2 * 0.155 / 20), rel=1e-5)


def test_one_replough_ends_the_credit(land: Any) -> None:
    ploughed = recorded(land, plots(5, [3, 3, 3, 1], [2019, 2020, 2021, 2022]))
    for end in ("low", "central", "high"):
        assert ploughed[f"ca_{end}_t"] == pytest.approx(ploughed["standard_t"], rel=1e-6)
    again = recorded(land, plots(5, [3, 3, 1, 3], [2019, 2020, 2021, 2022]))
    assert again["ca_central_t"] == pytest.approx(again["standard_t"] * (1 + 0.10 / 20), rel=1e-5)


def test_fewer_than_five_plots_say_nothing(land: Any) -> None:
    found = recorded(land, plots(4, [3], [2023]))
    numbers = found[["hectares", "standard_t", "ca_low_t", "ca_central_t", "ca_high_t", "years"]]
    assert numbers.astype(float).isna().all()
    assert [note.key for note in found["reason"]] == ["degradation.too_few_plots"]


def test_years_that_nobody_saw() -> None:
    seen = pd.DataFrame({"reference": "a", "year": [1, 4, 6], "tillage": [3, 3, 1]})
    found = [levels(seen, "tillage", range(8), end, FULL).ravel().tolist() for end in BOUNDS]
    assert found == [
        [1, 3, 1, 1, 3, 1, 1, 1],
        [1, 3, 3, 3, 3, 1, 1, 1],
        [1, 3, 3, 3, 3, 3, 1, 1],
    ]


# ---- areas, recounted another way ----


def parts(random: np.random.Generator, shape: tuple[int, int]) -> tuple[PeriodParts, Any]:
    """Codes at random, no data and codes of no legend among them."""
    cover = random.choice([1, 2, 3, 4, 5, 6, 7, 9, int(NO_DATA)], (2, *shape)).astype(np.int16)
    three = random.choice([-1, 0, 1, int(NO_DATA)], (4, *shape)).astype(np.int16)
    five = random.choice([1, 2, 3, 4, 5, int(NO_DATA)], shape).astype(np.int16)
    return PeriodParts(five, three[0], three[1], three[2], cover[0], cover[1]), three[3]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.tuples(st.floats(0, 2000), st.floats(0, 2000)))
def test_the_count_is_that_of_cut_polygons(seed: int, shift: tuple[float, float]) -> None:
    """Every commune and combination of codes, against shapely cutting cell by cell."""
    grid = GeoBox.from_bbox((400_000, 1_446_000, 405_000, 1_450_000), CRS, resolution=1000)
    made, baseline = parts(np.random.default_rng(seed), (4, 5))
    left, bottom, right, top = grid.boundingbox
    east, south = left + 800 + shift[0], top - 900 - shift[1]
    zones = gpd.GeoDataFrame(
        geometry=[box(left, south, east, top), box(east, bottom - 500, right, top)],
        index=pd.Index(["a", "b"], name="code"),
        crs=str(grid.crs),
    )
    table = tally(made, baseline, UNCCD_MATRIX, "reference", zones, grid)
    np.testing.assert_allclose(table.groupby("code")["hectares"].sum(), zones.area / 1e4, rtol=1e-6)
    for code in zones.index:
        expected: dict[tuple[int, ...], float] = {}
        for row in range(4):
            for column in range(5):
                cell = box(left + column * 1000, top - (row + 1) * 1000,
                           left + (column + 1) * 1000, top - row * 1000)  # fmt: skip
                initial = int(made.initial[row, column])
                key = (
                    initial if initial in range(1, 8) else int(NO_DATA),
                    int(made.productivity[row, column]),
                    int(made.soil_carbon[row, column]),
                )
                cut = cell.intersection(zones.geometry[code]).area / 1e4
                expected[key] = expected.get(key, 0.0) + cut
        own = table[table["code"] == code]
        found = own.groupby(["initial", "productivity", "soil_carbon"])["hectares"].sum()
        nothing = (int(NO_DATA),) * 3
        for key, hectares in expected.items():
            if key != nothing:
                assert found.get(key, 0.0) == pytest.approx(hectares, abs=1e-3), key


# ---- in blocks ----


def test_in_blocks_every_bit_is_the_same(land: Any, sketch: SimpleNamespace) -> None:
    random = np.random.default_rng(11)
    shape = (len(YEARS), 3, 18)
    green = (0.5 + 0.1 * random.standard_normal(shape)).astype(np.float32)
    green[:, random.random(shape[1:]) < 0.1] = np.nan
    cover = random.choice([1, 1, 2, 3, 3, 4, 5, 6, 7], shape).astype(np.int16)
    cover[np.sort(random.integers(0, 24, 3))] = cover[0]
    world = land.but(
        rasters={
            "soil_carbon": (50 + 10 * random.random(shape[1:])).astype(np.float32),
            "climate_zone": random.integers(9, 13, shape[1:]).astype(np.int16),
            "soil_group": random.integers(1, 3, shape[1:]).astype(np.int16),
            "population": random.random(shape[1:]).astype(np.float32),
        },
        units={"soil_carbon": "t/ha", "population": "people"},
        series={"vegetation_index": (YEARS, green), "land_cover": (YEARS, cover)},
    )
    inputs = world.inputs()
    whole = land_degradation.compute(inputs, DEFAULT)
    for chunk in (1, 2, 5):
        blocks = replace(inputs, rasters={n: chunked(a, chunk) for n, a in inputs.rasters.items()})
        parted = land_degradation.compute(blocks, DEFAULT)
        for name, array in whole.rasters.items():
            np.testing.assert_array_equal(parted.rasters[name].to_numpy(), array.to_numpy())
        for name, table in whole.tables.items():
            pd.testing.assert_frame_equal(parted.tables[name], table, check_exact=True)


def chunked(array: Any, chunk: int) -> Any:
    lazily = da.from_array(array.to_numpy(), chunks=(*[-1] * (array.ndim - 2), chunk, chunk))
    return array.copy(data=lazily)


# ---- what cannot be, and what is said ----


def test_without_soil_carbon_nothing_is_known_and_it_is_said(
    land: Any, keys: Callable[[Any], set[str]]
) -> None:
    world = land.but(rasters={})
    outcome = computed(world)
    assert set(codes(outcome, "indicator")) == {int(NO_DATA)}
    assert codes(outcome, "productivity") == [1, 4, 4, 4, 4, 1]
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert said["degradation.part_absent"]["part"].key == "degradation.part_soil_carbon"
    assert {"degradation.missing_overrides", "degradation.hidden_all"} <= keys(outcome)
    assert outcome.tables["communes"]["lost_ha"].round().tolist() == [900, 900, 0, 0, 0, 900]
    decided = computed(world, AVAILABLE)
    assert codes(decided, "indicator") == [-1, -1, 0, NO_DATA, NO_DATA, -1]


def test_without_land_cover_or_vegetation(land: Any, keys: Callable[[Any], set[str]]) -> None:
    for absent, known in (("land_cover", "vegetation_index"), ("vegetation_index", "land_cover")):
        series = {known: land.series[known]}
        outcome = computed(land.but(series=series), AVAILABLE)
        assert "degradation.part_absent" in keys(outcome), absent
        areas = outcome.tables["areas"]
        shares = areas[areas["level"] == "province"].groupby(["period", "part"])["share"].sum()
        np.testing.assert_allclose(shares, 1)
    with pytest.raises(NothingToAssess):
        computed(land.but(series={}, rasters={}))


def test_all_water(land: Any, sketch: SimpleNamespace) -> None:
    cover = by_year(sketch, **dict.fromkeys("abcdef", (WATER,))).astype(np.int16)
    world = land.but(series=dict(land.series) | {"land_cover": (YEARS, cover)})
    for parameters in (DEFAULT, AVAILABLE):
        outcome = computed(world, parameters)
        assert set(codes(outcome, "indicator")) == {int(NO_DATA)}
        communes = outcome.tables["communes"]
        assert communes["land_ha"].tolist() == [0] * 6
        assert communes["water_ha"].sum() == pytest.approx(5400)
        assert communes["degraded_share"].isna().all()
        assert outcome.features["hotspots"].empty


def test_one_valid_cell(land: Any) -> None:
    green = land.series["vegetation_index"][1].copy()
    green[:, 1:] = np.nan
    green[:, :, 1:] = np.nan
    world = land.but(series=dict(land.series) | {"vegetation_index": (YEARS, green)})
    outcome = computed(world)
    indicator = outcome.rasters["indicator"].to_numpy()
    assert indicator[0, 0] == -1
    assert (indicator == NO_DATA).sum() == indicator.size - 1
    assert outcome.tables["communes"].loc["010101", "degraded_ha"] == pytest.approx(100)


def test_a_code_of_no_legend_is_no_data(land: Any) -> None:
    cover = land.series["land_cover"][1].copy()
    cover[:, :, :3] = 99
    outcome = computed(land.but(series=dict(land.series) | {"land_cover": (YEARS, cover)}))
    for name in ("land_cover", "soil_carbon", "productivity", "indicator"):
        assert codes(outcome, name)[0] == NO_DATA, name
    assert outcome.tables["communes"]["no_data_ha"].iloc[0] == pytest.approx(900)


def test_periods_that_the_data_do_not_hold(land: Any) -> None:
    for name in ("vegetation_index", "land_cover"):
        years, values = land.series[name]
        early = land.but(series=dict(land.series) | {name: (years[:10], values[:10])})
        with pytest.raises(PeriodOutsideData) as caught:
            computed(early)
        assert caught.value.source == name
    gap = land.but(
        series=dict(land.series)
        | {"vegetation_index": tuple(np.delete(item, 4, axis=0) for item in series_of(land))}
    )
    with pytest.raises(PeriodOutsideData) as caught:
        computed(gap)
    assert caught.value.missing == (2004,)


def series_of(land: Any) -> tuple[Any, Any]:
    years, values = land.series["vegetation_index"]
    return np.array(years), values


def test_land_cover_that_ends_early_stands_for_later(
    land: Any, keys: Callable[[Any], set[str]]
) -> None:
    years, values = land.series["land_cover"]
    outcome = computed(
        land.but(series=dict(land.series) | {"land_cover": (years[:23], values[:23])})
    )
    assert codes(outcome, "land_cover") == [0, -1, 0, 0, 0, 0]
    said = {note.key: dict(note.values) for note in outcome.warnings}
    assert said["degradation.cover_of_another_year"] == {"wanted": "2023", "used": "2022"}


def test_faults_of_series(land: Any) -> None:
    years, values = land.series["vegetation_index"]
    mixed = (years[1], years[0], *years[2:])
    with pytest.raises(YearsOutOfOrder):
        computed(land.but(series=dict(land.series) | {"vegetation_index": (mixed, values)}))
    short = Period(2018, 2020, 2020, 2015)
    with pytest.raises(TooFewYears):
        computed(land, LandDegradationParameters(report_2=short))
    with pytest.raises(WrongUnit):
        computed(land.but(units={"soil_carbon": "kg/m2"}))


def test_a_layer_on_another_grid_is_refused(land: Any, sketch: SimpleNamespace) -> None:
    inputs: Inputs = land.inputs()
    other = raster(
        np.full((3, 18), 50, dtype=np.float32), sketch.grid_of(3, 18, 500), "soil_carbon", "t/ha"
    )
    with pytest.raises(GridMismatch):
        land_degradation.compute(
            replace(inputs, rasters={**inputs.rasters, "soil_carbon": other}), DEFAULT
        )


def test_inputs_are_not_changed(land: Any) -> None:
    inputs = land.inputs()
    before = {name: array.to_numpy().copy() for name, array in inputs.rasters.items()}
    land_degradation.compute(inputs, DEFAULT)
    for name, array in inputs.rasters.items():
        np.testing.assert_array_equal(array.to_numpy(), before[name])


# ---- parameters ----


@pytest.mark.parametrize(
    "build",
    [
        lambda: Period(2000, 2015, 2000, 2000),
        lambda: Period(2000, 2015, 2016, 2000),
        lambda: Period(2000, 2015, 2013, 2015),
        lambda: LandDegradationParameters(rules="gpg-v3"),  # type: ignore[arg-type]
        lambda: LandDegradationParameters(transitions={"cropland_wetland": 2}),  # type: ignore[dict-item]
        lambda: CarbonScenario(share=1.5),
        lambda: CarbonScenario(years=0),
    ],
)
def test_what_makes_no_sense_is_refused(build: Any) -> None:
    with pytest.raises(ValidationError):
        build()


def test_periods_are_those_of_the_2026_round() -> None:
    """UNCCD reporting manual, strategic objective 1, table 12."""
    stated = {name: (p.before, p.recent) for name, p in DEFAULT.periods.items()}
    assert stated == {
        "baseline": ((2000, 2012), (2013, 2015)),
        "report_1": ((2004, 2016), (2017, 2019)),
        "report_2": ((2008, 2020), (2021, 2023)),
    }
    assert all(len(period.years) == 16 for period in DEFAULT.periods.values())
    assert tuple(DEFAULT.periods) == PERIODS


def test_maps_that_stand_for_years() -> None:
    assert cover_years(BASELINE, [1992, 2000, 2010], "land_cover") == (2000, 2010)
    with pytest.raises(PeriodOutsideData):
        cover_years(BASELINE, [2001, 2015], "land_cover")
    with pytest.raises(PeriodOutsideData):
        cover_years(REPORT_2, [2000, 2015], "land_cover")


def numbers(kind: Any, prefix: str = "") -> set[str]:
    found = set()
    for item in fields(kind):
        value = getattr(kind, item.name)
        if is_dataclass(value):
            found |= numbers(value, f"{prefix}{item.name}.")
        elif isinstance(value, int | float):
            found.add(prefix + item.name)
    return found


def test_every_number_states_what_it_rests_on() -> None:
    assert {basis.name for basis in DEGRADATION_BASES} == numbers(DEFAULT)
    for basis in DEGRADATION_BASES:
        assert basis.working_value == basis.source.startswith("Working value")


def test_a_unit_that_reaches_beyond_the_area_says_so(land: Any) -> None:
    inputs = land.inputs()
    part = replace(inputs, communes=inputs.communes.iloc[:4])
    tables = land_degradation.compute(part, DEFAULT).tables
    assert tables["districts"]["inside_share"].tolist() == pytest.approx([1, 1 / 3])
    said = [[note.key for note in notes] for notes in tables["districts"]["reason"]]
    assert said == [[], ["degradation.in_part"]]
    assert dict(tables["provinces"].loc["01", "reason"][0].values) == {"percent": 67}
