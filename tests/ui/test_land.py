"""The page Land in both languages: shares, bars, tables, answers, soil, faults."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyproj import Transformer
from streamlit.testing.v1 import AppTest

from gis.analysis import Result
from gis.errors import AllNoData
from gis.land_degradation.carbon_account import RECORDED
from gis.land_degradation.tables import CLASSES
from gis.land_degradation.trend import PointTrend
from layers.colours import COLOURS
from layers.run import run
from layers.runs import load_run, save_run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from ui import running
from ui.land_carbon import summed
from ui.land_place import Vegetation, class_at, spec_of
from ui.land_shares import Shares, bars_of
from ui.land_tables import transition_matrix

from .conftest import Open, all_text, map_arguments

NBSP = "\N{NO-BREAK SPACE}"
PLACE = "at:102.78,12.88"
"""In the commune 020704, on land."""


@pytest.fixture(scope="module")
def with_land(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which the degradation of one district is known; not to be written."""
    folder = tmp_path_factory.mktemp("with-land") / "workspace"
    made = Workspace(Path(shutil.copytree(prepared_workspace.root, folder)))
    save_run(run("land-degradation", "0207", workspace=made), made)
    return made


@pytest.fixture(scope="module")
def result(with_land: Workspace) -> Result:
    (folder,) = [path for path in with_land.runs.iterdir() if path.is_dir()]
    return load_run(folder.name, with_land)


@pytest.fixture
def open_land(with_land: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page on the kept result."""
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_land.root))

    def opened(**query: str) -> AppTest:
        test = open_page("land", **({"area": "0207"} | query))
        assert not test.exception
        return test

    return opened


def at(test: AppTest, **query: str) -> AppTest:
    """The page after somebody followed a link on it."""
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    assert not test.error
    return test


def bars(test: AppTest) -> list[dict[str, Any]]:
    """The bars that the page hands to the browser."""
    (found,) = [item for item in test.get("bidi_component") if "bars" in item.proto.component_name]
    rows: list[dict[str, Any]] = json.loads(found.proto.json)["rows"]
    return rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_view_answers_for_the_newest_period(
    open_land: Open, result: Result, language: Language
) -> None:
    test = open_land(lang=language)
    assert not test.error
    newest = result.outcome.summary["periods"]["report_2"]
    share = newest["degraded_ha"] / newest["land_ha"] * 100
    said = all_text(test)
    assert f"<b>{share:.0f}{NBSP}%</b><span>{text('degradation.class_degraded', language)}" in said
    assert f"{newest['land_ha']:,.0f}{NBSP}{text('map.hectares', language)}" in said
    assert text("frame.example", language) in said
    drawn = map_arguments(test)["feature_group"]
    assert text("land.part_indicator", language) in drawn
    assert json.dumps(text("land.screening", language), ensure_ascii=False)[1:-1] in drawn
    assert "/pictures/" in drawn
    assert test.query_params["layer"] == "indicator"


def test_the_communes_stand_with_the_most_degraded_first(open_land: Open, result: Result) -> None:
    rows = bars(open_land())
    table = result.outcome.tables["communes"]
    worst = table.sort_values("degraded_share", ascending=False)
    assert [row["code"] for row in rows] == list(worst.index)
    assert [row["value"] for row in rows] == [f"{v * 100:.0f}{NBSP}%" for v in worst.degraded_share]
    for row in rows:
        assert sum(part["percent"] for part in row["parts"]) == pytest.approx(100)


@pytest.mark.parametrize(
    ("layer", "tab", "period"),
    [
        ("status_report_1", "indicator", "report_1"),
        ("indicator_baseline", "indicator", "baseline"),
        ("soil_carbon_report_1", "parts", "report_1"),
        ("productivity", "parts", "report_2"),
    ],
)
def test_a_link_names_part_and_period(open_land: Open, layer: str, tab: str, period: str) -> None:
    test = at(open_land(), tab=tab, layer=layer)
    assert test.session_state["land-period"] == period
    assert test.query_params["layer"] == layer
    part = layer.removesuffix(f"_{period}")
    for key in CLASSES[part].values():
        assert text(f"degradation.{key}", "en") in all_text(test)


@pytest.mark.parametrize("layer", ["nothing", "../x", "slope_figures", "indicator_baseline_"])
def test_a_link_that_names_nothing_shows_the_first_choice(open_land: Open, layer: str) -> None:
    assert at(open_land(), layer=layer).query_params["layer"] == "indicator"


def test_there_is_no_status_of_the_baseline(open_land: Open) -> None:
    test = at(open_land(), layer="status_report_1")
    (period,) = [item for item in test.get("button_group") if item.proto.id.endswith("land-period")]
    assert [option.content for option in period.proto.options] == ["2004–2019", "2008–2023"]


def test_a_click_is_answered_by_the_cell_and_its_years(open_land: Open, result: Result) -> None:
    test = at(open_land(), selected=PLACE)
    said = all_text(test)
    assert "ត្រែង · Traeng" in said
    key = class_at(result, "indicator", 102.78, 12.88)
    assert f"<dd>{text(key, 'en')}</dd>" in said
    assert "Trend 2008–2023:" in said
    assert len(test.get("vega_lite_chart")) == 1
    assert [row["code"] for row in bars(test) if row["chosen"]] == ["020704"]


def test_a_commune_has_shares_but_no_single_series(open_land: Open) -> None:
    test = at(open_land(), selected="area:020704")
    assert "ត្រែង · Traeng" in all_text(test)
    assert test.get("vega_lite_chart") == []


@pytest.mark.parametrize("selected", ["at:102.9,12.70", "area:020101", "area:0207", "area:99"])
def test_a_place_beside_the_area_is_said_to_be_beside_it(open_land: Open, selected: str) -> None:
    test = at(open_land(), selected=selected)
    assert not [row for row in bars(test) if row["chosen"]]
    assert "<b>" in all_text(test)


def test_the_class_at_a_place_is_that_of_its_cell(result: Result) -> None:
    array = result.outcome.rasters["status"]
    row, column = 200, 210
    x, y = array.odc.geobox.transform * (column + 0.5, row + 0.5)
    lon, lat = Transformer.from_crs(32648, 4326, always_xy=True).transform(x, y)
    code = int(array.to_numpy()[row, column])
    assert class_at(result, "status", lon, lat) == f"degradation.status_{code}"
    assert class_at(result, "status", 10.0, 50.0) == ""


def test_the_chart_holds_the_series_of_the_layer_and_the_line_of_its_period() -> None:
    """Trend by hand: values 0.50 to 0.53 in 2020 to 2023 rise by 0.01 a year."""
    values = pd.Series({2019: 0.4, **{2020 + step: 0.5 + step / 100 for step in range(4)}})
    values[2018] = float("nan")
    trend = PointTrend(slope=0.01, intercept=0.5 - 0.01 * 2020, s=6, p=0.083, n=4)
    layers: Any = spec_of(Vegetation(None, values.sort_index(), 2020, 2023, trend))["layer"]  # type: ignore[arg-type]
    line, dots, ends = (layer["data"]["values"] for layer in layers)
    assert [row["year"] for row in line] == [2019, 2020, 2021, 2022, 2023]
    assert [row["inside"] for row in dots] == [False, True, True, True, True]
    assert [round(row["index"], 3) for row in ends] == [0.5, 0.53]
    assert layers[2]["mark"]["strokeDash"] == [4, 3]  # p of 8 % is no proof


HECTARES = pd.DataFrame(
    {
        "degradation.class_degraded": [10.0, 60.0, 0.0, 0.0],
        "degradation.class_stable": [60.0, 20.0, 0.0, 0.0],
        "degradation.class_improved": [20.0, 20.0, 0.0, 0.0],
    },
    index=["020701", "020702", "020703", "020704"],
)
SHARES = Shares(
    HECTARES,
    no_data=pd.Series([10.0, 0.0, 50.0, 0.0], index=HECTARES.index),
    water=pd.Series([0.0, 5.0, 0.0, 30.0], index=HECTARES.index),
    degraded=1,
)
"""By hand: 100 ha of which 10 unknown; 100 ha beside 5 of water; nothing known; water only."""


def test_shares_are_of_land_and_unknown_is_neither_zero_nor_last(
    read_only: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(read_only.root))
    assert SHARES.land.tolist() == [100.0, 100.0, 50.0, 0.0]
    assert SHARES.percent_degraded.tolist()[:2] == [10.0, 60.0]
    assert SHARES.percent_degraded.isna().tolist()[2:] == [True, True]
    rows = bars_of(SHARES, "020702")
    assert [row.code for row in rows] == ["020703", "020704", "020702", "020701"]
    assert [row.value for row in rows] == ["unknown", "unknown", f"60{NBSP}%", f"10{NBSP}%"]
    assert [row.chosen for row in rows] == [False, False, True, False]
    assert [round(part.percent) for part in rows[3].parts] == [10, 60, 20, 10]
    assert [part.colour for part in rows[0].parts if part.percent] == [""]


def test_the_matrix_shows_each_change_under_what_it_counts_as() -> None:
    table = pd.DataFrame(
        [
            ("report_2", "cover_1", "cover_3", "class_degraded", 12.0),
            ("report_2", "cover_3", "cover_3", "class_stable", 400.0),
            ("report_1", "cover_1", "cover_5", "class_degraded", 77.0),
            ("report_2", "no_data", "cover_3", "no_data", 3.0),
        ],
        columns=["period", "initial", "final", "degradation", "hectares"],
    )
    said = transition_matrix(table, "report_2")
    assert (
        f'<td style="background:{COLOURS["degradation.class_degraded"]};color:#FFFFFF">12' in said
    )
    assert f'{COLOURS["degradation.class_stable"]};color:#1E2A2B">400</td>' in said
    assert "77" not in said
    assert said.count("<tr>") == 8
    assert said.count("<td></td>") == 49 - 2


def test_carbon_is_said_as_a_range_against_the_standard(result: Result) -> None:
    """By hand: 100 and 50 t more than the standard at most, 10 and -5 t at least."""
    rows = pd.DataFrame(
        {
            "scenario": RECORDED,
            "hectares": [10.0, 5.0, 2.0],
            "standard_t": [400.0, 200.0, float("nan")],
            "ca_low_t": [410.0, 195.0, float("nan")],
            "ca_high_t": [500.0, 250.0, float("nan")],
            "years": [3.0, 2.0, 1.0],
            "edition": "ipcc-2019",
        }
    )
    said = summed(result, rows, RECORDED)
    assert f"15{NBSP}ha" in said
    assert "+5 to +150 t" in said
    assert "3 years" in said
    assert summed(result, rows.iloc[2:], RECORDED) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_folded_away_is_there(open_land: Open, language: Language) -> None:
    test = open_land(lang=language)
    said = all_text(test)
    assert text("land.transitions_help", language) in said
    assert text("land.carbon_why", language) in said
    assert text("land.balance_help", language) in said
    (report,) = [item for item in test.selectbox if item.key == f"land-report-{language}"]
    assert len(report.options) == 9
    assert text("workbook.sheet_hotspots", language) in {item.label for item in test.expander}
    for option in report.options:
        report.set_value(option).run()
        assert not test.exception
        assert not test.error


def test_other_rules_ask_for_another_run(open_land: Open) -> None:
    test = open_land()
    assert text("results.stale", "en") not in all_text(test)
    test.session_state["land-rules"] = "gpg-v2"
    test.run()
    assert text("results.stale", "en") in all_text(test)


def test_nothing_is_stale_while_nothing_changed(open_land: Open) -> None:
    assert text("results.stale_data", "en") not in all_text(open_land())


def test_the_first_visit_works_it_out_and_keeps_it(workspace: Workspace, open_page: Open) -> None:
    test = open_page("land", area="0201")
    assert not test.exception
    assert not test.error
    assert len(bars(test)) == 8
    kept = test.query_params["result"]
    assert open_page("land", area="0201").query_params["result"] == kept


def test_what_was_stopped_does_not_start_again(open_page: Open) -> None:
    test = open_page("explore", area="0201")
    test.session_state["land-given-up"] = ("0201",)
    test.switch_page("ui/pages/land.py").run()
    said = all_text(test)
    assert text("land.no_result", "en") in said
    assert text("land.work_out", "en") in said
    assert not test.error


@pytest.mark.parametrize(
    ("fault", "words"),
    [(AllNoData("land_cover", "0207"), "cover"), (RuntimeError("<b>broken</b>"), "RuntimeError")],
)
def test_a_failure_is_a_sentence_and_is_not_tried_again_by_itself(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    tries = []

    def fails(*_: object, **__: object) -> None:
        tries.append(1)
        raise fault

    monkeypatch.setattr(running, "run", fails)
    test = open_page("land", area="0208")
    assert not test.exception
    (said,) = test.error
    assert words in said.value
    assert "<b>" not in said.value
    test.button(key="again-land.what_work").click().run()
    assert len(tries) == 2
    test.run()
    assert len(tries) == 2
    assert text("land.work_out", "en") in all_text(test)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_soil_layer_says_its_edition_and_how_far_it_can_be_relied_on(
    open_land: Open, language: Language
) -> None:
    test = at(open_land(lang=language), tab="soil", selected="area:020704")
    said = all_text(test)
    assert "<dd>1962" in said
    assert f"<dd>{text('land.confidence_low', language)}</dd>" in said
    assert test.query_params["layer"] == "soil_group_figures"
    assert "Crocker" in map_arguments(test)["feature_group"]
    assert "ត្រែង · Traeng" in said
    assert text("sources.no_soil_ph", language) in said  # and not that of its soil group
    shown = at(test, layer="fertility_figures")
    assert shown.session_state["land-soil"] == "fertility_figures"
