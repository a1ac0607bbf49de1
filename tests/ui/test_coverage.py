"""The page Coverage in both languages: figures, bases, what if, empty states, faults."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin
from streamlit.testing.v1 import AppTest

from gis.analysis import Result
from gis.coverage.maps import REACH
from gis.errors import OutsideArea
from gis.grid import raster
from layers.bands import (
    REACH_DRAWN,
    bands_of,
    round_step,
    scale_of_values,
    with_no_demand,
    with_reach,
)
from layers.legend import UNKNOWN_STEP
from layers.run import run
from layers.runs import load_run, save_run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from ui import running
from ui.coverage_answer import bars_of, range_of, signed
from ui.coverage_below import NOBODY_ASKS, ratio_shown, without_demand
from ui.coverage_compared import as_shown, most_changed_first
from ui.coverage_curve import curve_spec
from ui.coverage_state import DEFAULTS, ENTERED, edited, fits, jsoned, plain, settings_of
from ui.coverage_use import use_bars

from .conftest import Open, all_text, map_arguments

NBSP = "\N{NO-BREAK SPACE}"
HERE = (102.80, 12.78)
"""A place in the district 0207."""


@pytest.fixture(scope="module")
def with_coverage(
    prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A workspace in which the coverage of one district is known; not to be written."""
    folder = tmp_path_factory.mktemp("with-coverage") / "workspace"
    made = Workspace(Path(shutil.copytree(prepared_workspace.root, folder)))
    save_run(run("coverage", "0207", workspace=made), made)
    return made


@pytest.fixture(scope="module")
def result(with_coverage: Workspace) -> Result:
    (folder,) = [path for path in with_coverage.runs.iterdir() if path.is_dir()]
    return load_run(folder.name, with_coverage)


@pytest.fixture
def own(with_coverage: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it that a test may write."""
    return Workspace(Path(shutil.copytree(with_coverage.root, tmp_path / "own")))


@pytest.fixture
def open_coverage(
    request: pytest.FixtureRequest,
    with_coverage: Workspace,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    """Opens the page on the kept result."""
    asked = "own" in request.fixturenames
    space: Workspace = request.getfixturevalue("own") if asked else with_coverage
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(space.root))

    def opened(**query: str) -> AppTest:
        test = open_page("coverage", **({"area": "0207"} | query))
        assert not test.exception
        return test

    return opened


def setting(test: AppTest, **values: Any) -> AppTest:
    """The page after somebody chose other settings."""
    for name, value in values.items():
        test.session_state[f"coverage-{name}"] = value
    test.run()
    assert not test.exception
    return test


def bars(test: AppTest) -> list[dict[str, Any]]:
    (found,) = [item for item in test.get("bidi_component") if "bars" in item.proto.component_name]
    rows: list[dict[str, Any]] = json.loads(found.proto.json)["rows"]
    return rows


def drawn(test: AppTest) -> str:
    return str(map_arguments(test)["feature_group"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_view_answers_for_the_main_wet_season_and_what_was_asked_for(
    open_coverage: Open, result: Result, language: Language
) -> None:
    test = open_coverage(lang=language)
    assert not test.error
    said, summary = all_text(test), result.outcome.summary
    hectares = text("map.hectares", language)
    for name in ("reachable", "served", "unmet"):
        amount = f"{summary[f'{name}_ha']:,.0f}<i>{NBSP}{hectares}</i>"
        assert f"<b>{amount}</b><span>{text(f'workbook.{name}', language)}</span>" in said
        ends = sorted(summary[f"{name}_{end}_ha"] for end in ("low", "high"))
        assert f"<small>{ends[0]:,.0f}–{ends[1]:,.0f}</small>" in said
    assert text("coverage_page.demand_requested", language) in said
    assert text("frame.example", language) in said
    assert "/pictures/" in drawn(test)
    assert text("coverage_page.surface_travel_time", language) in drawn(test)
    assert test.query_params["layer"] == "travel_time"
    assert len(test.get("vega_lite_chart")) == 1


def test_no_reference_of_a_provider_reaches_map_or_address(
    open_coverage: Open, result: Result
) -> None:
    test = open_coverage()
    numbers = set(result.outcome.tables["providers"].index)
    assert {f'"id":"{number}"' for number in numbers} & set(drawn(test).split(",")) != set()
    assert "EX-" not in drawn(test)
    test = setting(test, selected="base:1")
    assert "selected" not in test.query_params
    assert text("coverage_page.supply", "en", track="upland") in all_text(test)


def test_communes_stand_with_the_most_hectares_left_first(
    open_coverage: Open, result: Result
) -> None:
    table = result.outcome.tables["communes"]
    left = (table["demand_ha"] - table["served_ha"])[table["demand_ha"] > 0]
    rows = bars(open_coverage())
    assert [row["code"] for row in rows] == list(left.sort_values(ascending=False).index)
    assert rows[0]["value"] == f"{left.max():,.0f}"
    for row in rows:
        assert sum(part["percent"] for part in row["parts"]) == pytest.approx(100)


@pytest.mark.parametrize("layer", ["unmet_ha", "supply_demand_ratio"])
def test_a_link_names_what_colours_the_map(open_coverage: Open, layer: str) -> None:
    test = open_coverage(layer=layer)
    test.query_params["layer"] = layer
    test.run()
    assert not test.error
    assert text(f"coverage_page.surface_{layer}", "en") in drawn(test)
    assert '"kind":"units"' in drawn(test)


@pytest.mark.parametrize("layer", ["nothing", "../x", "served_ha_difference"])
def test_a_link_that_names_nothing_shows_travel_time(open_coverage: Open, layer: str) -> None:
    assert open_coverage(layer=layer).query_params["layer"] == "travel_time"


def test_a_click_on_a_commune_gives_three_demands_by_name(
    open_coverage: Open, result: Result
) -> None:
    table = result.outcome.tables["communes"]
    code = str(table["requested_ha"].idxmax())
    test = setting(open_coverage(), selected=f"area:{code}")
    said, row = all_text(test), table.loc[code]
    for name in ("crop-area", "scenario", "requested"):
        assert text(f"coverage_page.fact_{name}", "en") in said
    assert f"{row['crop_area_ha']:,.0f}{NBSP}ha" in said
    assert row["reason_en"] in said
    assert [bar["code"] for bar in bars(test) if bar["chosen"]] == [code]


def test_crop_area_is_never_called_unmet(own: Workspace, open_coverage: Open) -> None:
    test = setting(open_coverage(), demand="crop-area")
    assert test.query_params["result"]
    said = all_text(test)
    assert text("coverage_page.demand_crop-area", "en") in said
    assert f"<span>{text('workbook.unmet', 'en')}</span>" not in said
    (surfaces,) = [
        item for item in test.get("button_group") if "surface-now" in item.proto.id
    ]  # fmt: skip
    options = [option.content for option in surfaces.proto.options]
    assert text("coverage_page.short_unmet_ha", "en") not in options


def test_another_season_is_worked_out_by_itself_and_kept(
    own: Workspace, open_coverage: Open
) -> None:
    test = open_coverage()
    before = test.query_params["result"]
    test = setting(test, season="early-wet")
    after = test.query_params["result"]
    assert after != before
    assert load_run(after, own).provenance.parameters["season"] == "early-wet"
    test = setting(test, season="main-wet")
    assert test.query_params["result"] == before
    assert len([path for path in own.runs.iterdir() if path.is_dir()]) == 2


def test_no_request_is_said_and_leads_to_a_scenario(own: Workspace, open_coverage: Open) -> None:
    test = setting(open_coverage(), season="dry")
    assert not test.error
    assert text("coverage_page.no_requests", "en") in all_text(test)
    assert test.get("vega_lite_chart") == []
    test.button(key="coverage-scenario").click().run()
    assert test.session_state["coverage-demand"] == "scenario"
    assert not test.exception


def test_a_base_is_tried_out_and_compared_with_now(own: Workspace, open_coverage: Open) -> None:
    test = setting(open_coverage(), tab="what-if")
    assert test.button(key="coverage-compare").disabled
    base = {"lon": HERE[0], "lat": HERE[1], "machine": "no-till-planter", "count": 2}
    changes = test.session_state["coverage-what_if"]
    new = base | {"hectares_a_day": None, "crops": []}
    test = setting(test, what_if=changes | {"bases": [new]})
    assert '"base-new"' in drawn(test)
    test.button(key="coverage-compare").click().run()
    assert not test.exception
    assert not test.error
    made = load_run(test.query_params["result"], own)
    now, then = made.outcome.summary["now"], made.outcome.summary
    more = round(then["served_ha"]) - round(now["served_ha"])
    said = all_text(test)
    assert f"now {now['served_ha']:,.0f}{NBSP}ha ({signed(more)}{NBSP}ha)" in said
    assert f"<small>{range_of(then['served_low_ha'], then['served_high_ha'])}</small>" in said
    assert f": {abs(more):,.0f}{NBSP}ha more are served." in said
    assert text("coverage_page.tables_sheet", "en") in {
        item.proto.label for item in test.get("download_button")
    }
    assert then["served_ha"] > now["served_ha"]
    assert text("coverage_page.surface_travel_time_change", "en") in drawn(test)
    assert test.query_params["layer"] == "travel_time_change"
    test.button(key="coverage-undo-bases-0").click().run()
    assert text("coverage_page.surface_travel_time", "en") in drawn(test)
    assert test.query_params["layer"] == "travel_time"


def test_a_provider_is_closed_given_a_machine_and_left_alone_again(
    open_coverage: Open, result: Result
) -> None:
    test = setting(open_coverage(), tab="what-if", selected="base:1")
    test.button(key="coverage-more").click().run()
    test.button(key="coverage-more").click().run()
    (more,) = test.session_state["coverage-what_if"]["more_machines"]
    assert (more["machine"], more["count"]) == ("no-till-planter", 2)
    test.button(key="coverage-close").click().run()
    tried = test.session_state["coverage-what_if"]
    assert (len(tried["closed"]), tried["more_machines"]) == (1, [])
    assert '"base-closed"' in drawn(test)
    test.button(key="coverage-clear").click().run()
    assert test.button(key="coverage-compare").disabled
    assert "closed" not in test.query_params


def test_a_result_of_another_table_of_speeds_is_not_taken_for_this_one(result: Result) -> None:
    made = jsoned(result.provenance.parameters)
    wanted = settings_of(made)
    assert fits(made, wanted)
    made["machinery"]["speeds"][0]["dry"] += 1
    assert not fits(made, wanted)
    assert not fits({}, wanted)


def test_speeds_that_somebody_entered_are_read_back_from_the_result() -> None:
    table = edited({"track": {"dry": 3.5}})
    (row,) = [row for row in table.speeds if row.key == "track"]
    assert (row.dry, row.working_value) == (3.5, True)
    made = jsoned({**plain(DEFAULTS), "machinery": {"speeds": [vars(row)]}})
    assert settings_of(made)["speeds"] == {"track": {"dry": 3.5}}


def test_a_speed_written_into_the_table_makes_another_result(
    own: Workspace, open_coverage: Open
) -> None:
    """The form hands over what an editor holds: row and column of each number changed."""
    test = open_coverage()
    before = test.query_params["result"]
    test.session_state["coverage-editor-speeds"] = "written"
    test.session_state["written"] = {"edited_rows": {0: {"main-wet": 11.0}}}
    (send,) = [
        item for item in test.button if item.key is None or "tables-form" in str(item.proto.form_id)
    ][:1]
    send.click().run()
    assert not test.exception
    assert not test.error
    assert test.query_params["result"] != before
    made = load_run(test.query_params["result"], own).provenance.parameters
    first = made["machinery"]["speeds"][0]
    assert (first["main_wet"], first["source"]) == (11.0, ENTERED)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(OutsideArea("what_if.bases", "0207"), "0207"), (RuntimeError("<b>x</b>"), "RuntimeError")],
)
def test_a_failure_is_a_sentence_and_is_not_tried_again_by_itself(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    tries = []

    def fails(*_: object, **__: object) -> None:
        tries.append(1)
        raise fault

    monkeypatch.setattr(running, "run", fails)
    test = open_page("coverage", area="0208")
    assert not test.exception
    (said,) = test.error
    assert words in said.value
    assert "<b>" not in said.value
    test.run()
    assert len(tries) == 1
    assert text("coverage_page.work_out", "en") in all_text(test)


COMMUNES = pd.DataFrame(
    {
        "name_en": ["A", "B", "C", "D"],
        "name_km": ["ក", "ខ", "គ", "ឃ"],
        "demand_ha": [100.0, 40.0, 0.0, float("nan")],
        "reachable_ha": [80.0, 40.0, 0.0, float("nan")],
        "served_ha": [50.0, 40.0, 0.0, float("nan")],
    },
    index=["020701", "020702", "020703", "020704"],
)
"""By hand: 50 served, 30 in reach without capacity, 20 out of reach; all served; none asked."""


def test_bars_split_the_demand_and_unknown_comes_first() -> None:
    rows = bars_of(COMMUNES, "020701")
    assert [row.code for row in rows] == ["020704", "020701", "020702"]
    assert [row.value for row in rows] == ["unknown", "50", "0"]
    assert [part.percent for part in rows[1].parts] == [50.0, 30.0, 20.0]
    assert [part.colour for part in rows[0].parts] == [""]
    assert [row.chosen for row in rows] == [False, True, False]


def test_the_curve_holds_percent_and_the_limit() -> None:
    table = pd.DataFrame(
        {"minutes": [0, 5], "share": [0.0, 0.5], "share_low": [0.0, 0.25], "share_high": [0.1, 1.0]}
    )
    spec = curve_spec(table, 120.0, "min")
    assert spec["data"]["values"][1] == {"minutes": 5.0, "share": 50.0, "low": 25.0, "high": 100.0}
    assert spec["layer"][-1]["data"]["values"] == [{"minutes": 120.0}]


def test_ranges_and_differences_in_words() -> None:
    assert range_of(1200.0, 188.4) == "188–1,200"
    assert range_of(float("nan"), 1.0) == "unknown"
    assert [signed(value) for value in (294.2, -36.0, -0.2, float("nan"))] == [
        *("+294", "\N{MINUS SIGN}36", "0", "unknown"),
    ]


def test_steps_are_round_and_nothing_is_a_step_of_its_own() -> None:
    assert [round_step(value) for value in (0.2, 3.0, 5.0, 61.0)] == [1.0, 5.0, 5.0, 100.0]
    scale = scale_of_values("unmet_ha", pd.Series([0.0, 10.0, 75.0, float("nan")]))
    assert scale.breaks == (1.0, 20.0, 40.0, 60.0)
    assert scale.steps([0.0, 10.0, 75.0]).tolist() == [0, 1, 4]
    changed = scale_of_values("served_ha_difference", pd.Series([-30.0, 0.0, 30.0]))
    assert changed.breaks == (-20.0, -10.0, -0.5, 0.5, 10.0, 20.0)
    less = scale_of_values("unmet_ha_difference", pd.Series([-30.0]))
    assert less.colours == changed.colours[::-1]


def test_a_difference_is_read_by_what_it_changes_most() -> None:
    table = pd.DataFrame(
        {"reachable_ha_difference": [0.0, -5.0, 2.0], "served_ha_difference": [0.0, 0.0, 9.0]},
        index=["a", "b", "c"],
    )
    assert most_changed_first(table).index.tolist() == ["c", "b", "a"]


def test_differences_agree_with_the_numbers_beside_them() -> None:
    """1.4 to 2.6 reads 1 to 3: +2, though 1.2 is nearer to 1."""
    table = pd.DataFrame(
        {
            "name_en": ["A", "B"],
            "served_ha_now": [1.4, float("nan")],
            "served_ha_then": [2.6, 1.0],
            "served_ha_difference": [1.2, float("nan")],
        }
    )
    found = as_shown(table)
    assert found.iloc[0].tolist() == ["A", 1.0, 3.0, 2.0]
    assert found["served_ha_difference"].isna().tolist() == [False, True]


def test_where_nobody_asks_there_is_no_ratio_of_supply() -> None:
    table = pd.DataFrame(
        {"demand_ha": [0.0, 2.0, float("nan")], "supply_demand_ratio": [50.67, 0.5, float("nan")]}
    )
    ratios = without_demand(table)["supply_demand_ratio"]
    assert [ratio_shown(ratio) for ratio in ratios] == ["no demand", "0.50", "unknown"]
    assert ratio_shown(NOBODY_ASKS) == "no demand"
    scale = with_no_demand(scale_of_values("supply_demand_ratio", pd.Series([0.5])))
    assert scale.labels[-1] == ("No demand", text("coverage_page.no_demand_here", "km"))
    assert scale.steps([9.0]).tolist() == [len(scale.colours) - 2]


def test_land_gained_and_lost_stand_among_nearer_and_farther() -> None:
    """By hand: code 1 is gained, -1 lost; both have no difference in minutes."""
    bands = bands_of("travel_time_change")
    assert bands is not None
    minutes = np.array([[-90.0, 0.0], [np.nan, np.nan], [np.nan, 90.0]])
    grid = GeoBox((3, 2), from_origin(500_000, 1_400_000, 250, 250), "EPSG:32648")
    codes = np.array([[0, 0], [1, -1], [0, 0]], dtype=np.int16)
    reach = raster(codes, grid, "reach_change", "", classes=dict(REACH))
    scale, steps = with_reach(bands, bands.steps(minutes), reach)
    assert steps.tolist() == [[0, 3], [7, 8], [UNKNOWN_STEP, 6]]
    assert scale.labels[7:] == (
        ("Newly reached", text("coverage.reach_gained", "km")),
        ("No longer reached", text("coverage.reach_lost", "km")),
    )
    assert [REACH[code] for code in REACH_DRAWN] == ["coverage.reach_gained", "coverage.reach_lost"]
    assert len(set(scale.colours)) == len(scale.colours)


def test_bases_by_use_stand_over_one_scale_of_hectares(
    read_only: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: 200 ha is the most; 8 percent more is the scale, 216 ha; 113 ha lies at 52.3.

    Hectares of each system stand apart: base 4 serves rice only, with 35 of 100 tractor days.
    """
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(read_only.root))
    table = pd.DataFrame(
        {
            "commune": ["020701", "020702", "", ""],
            "machines": [1, 2, 0, 0],
            "supply_ha": [100.0, 200.0, 0.0, 0.0],
            "served_ha": [54.0, 108.0, 0.0, 0.0],
            "other_track_ha": [0.0, 54.0, 0.0, 20.0],
            "tractor_days": [50.0, 100.0, 0.0, 100.0],
            "tractor_days_used": [27.0, 81.0, 0.0, 35.0],
        },
        index=["1", "2", "3", "4"],
    )
    said = use_bars(table, "upland", "rice")
    assert f"108 of 200{NBSP}ha upland; 54{NBSP}ha rice; tractor days used 81{NBSP}%" in said
    assert f"0 of 0{NBSP}ha upland; 20{NBSP}ha rice; tractor days used 35{NBSP}%" in said
    assert text("coverage_page.use_elsewhere", "en", bases="4", track="rice") in said
    assert said.index("Base 2") < said.index("Base 1")
    assert '<b style="width:50.0%"></b><em style="left:50.0%;width:25.0%">' in said
    assert "left:52.3%" in said
    assert text("coverage_page.use_idle", "en", bases="3") in said


def test_a_scenario_names_its_share(own: Workspace, open_coverage: Open) -> None:
    test = setting(open_coverage(), demand="scenario", scenario_share=0.25)
    assert not test.error
    assert text("coverage_page.demand_scenario", "en", share="25") in all_text(test)


def test_the_page_opens_on_the_house_settings_not_on_the_last_run(
    own: Workspace, open_coverage: Open
) -> None:
    other = run("coverage", "0207", {"season": "dry", "track": "rice"}, workspace=own)
    last = save_run(other, own)
    test = open_coverage()
    assert test.session_state["coverage-season"] == DEFAULTS.season
    assert test.query_params["result"] != last
    assert len([path for path in own.runs.iterdir() if path.is_dir()]) == 2


def test_a_change_that_changes_nothing_says_why(own: Workspace, open_coverage: Open) -> None:
    """A land leveller plants nothing upland, wherever it stands."""
    test = setting(open_coverage(), tab="what-if")
    base = {"lon": HERE[0], "lat": HERE[1], "machine": "land-leveller", "count": 1}
    changes = test.session_state["coverage-what_if"]
    new = base | {"hectares_a_day": None, "crops": []}
    test = setting(test, what_if=changes | {"bases": [new]})
    test.button(key="coverage-compare").click().run()
    assert not test.exception
    assert not test.error
    said = all_text(test)
    assert f": hectares stay as now, for {text('coverage_page.why_no_work', 'en')}." in said
    assert f"<small>{text('coverage_page.as_now', 'en')}</small>" in said


def test_a_closed_base_shows_the_hectares_of_now_as_such(open_coverage: Open) -> None:
    test = setting(open_coverage(), tab="what-if", selected="base:1")
    assert text("coverage_page.figures_now", "en") in all_text(test)
    test.button(key="coverage-close").click().run()
    assert text("coverage_page.closed_figures_now", "en") in all_text(test)


def test_a_click_where_no_commune_is_known_is_answered_without_a_pin(open_coverage: Open) -> None:
    test = setting(open_coverage(), selected="at:90.0,5.0")
    assert text("coverage_page.no_commune", "en") in all_text(test)
    assert '"place":null' in drawn(test)


def test_a_result_that_a_link_names_sets_the_page(
    own: Workspace, open_coverage: Open, result: Result
) -> None:
    other = run("coverage", "0207", {"season": "early-wet", "demand": "scenario"}, workspace=own)
    identity = save_run(other, own)
    test = open_coverage()
    test.query_params["result"] = identity
    test.run()
    assert test.session_state["coverage-season"] == "early-wet"
    assert test.session_state["coverage-demand"] == "scenario"
    assert test.query_params["result"] == identity


def test_a_link_to_a_result_that_is_gone_says_so(open_coverage: Open) -> None:
    test = open_coverage()
    test.query_params["result"] = "0" * 16
    test.run()
    assert text("results.lost", "en") in all_text(test)
