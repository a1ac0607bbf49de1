"""Both pages in both languages: what they say, what they draw, what they do with a URL."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gis.errors import AllNoData
from layers.boundaries import gazetteer
from layers.run import run
from layers.runs import save_run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from registry.database import Database
from registry.intake import intake
from registry.records import adopters
from ui import running
from ui.state import public

from .conftest import HOSTILE, Open, all_text, hostile_plots, map_arguments

FOCUS = "0207,0208,0201,13"


def tab(test: AppTest, page: str, name: str) -> AppTest:
    test.session_state[f"{page}-tab"] = name
    return test.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["explore", "sites"])
def test_a_page_opens_in_its_language_and_asks_no_outside_host(
    open_page: Open, page: str, language: Language
) -> None:
    test = open_page(page, lang=language, area="0207")
    assert not test.exception
    assert not test.error
    assert text(f"frame.page_{page}", language) in {
        item.proto.label for item in test.get("page_link")
    }
    arguments = map_arguments(test)
    links = arguments["js_links"] + arguments["css_links"]
    assert links
    assert all(link.startswith("/app/static/") for link in links)
    assert "http" not in arguments["script"] + arguments["feature_group"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_shows_the_pages_that_exist(open_page: Open, language: Language) -> None:
    labels = [item.proto.label for item in open_page(lang=language).get("page_link")]
    pages = ("explore", "land", "coverage", "sites", "report")
    assert labels == [text(f"frame.page_{page}", language) for page in pages]


def test_the_first_view_is_the_four_focus_areas(open_page: Open) -> None:
    test = open_page()
    assert test.session_state["area"] == FOCUS
    assert test.query_params["area"] == FOCUS
    assert "Early adopters · 120" in all_text(test)
    assert "Service providers · 24" in all_text(test)


def test_the_url_says_what_is_shown(open_page: Open) -> None:
    test = open_page(area="0207", lang="km", layer="slope_figures", tab="layers")
    assert test.session_state["area"] == "0207"
    assert test.session_state["explore-layer"] == "slope_figures"
    assert test.query_params["lang"] == "km"
    assert test.query_params["layer"] == "slope_figures"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("area", "nowhere"),
        ("area", "0207;drop"),
        ("layer", "../../etc/passwd"),
        ("selected", "adopter:nobody"),
        ("selected", "at:east,north"),
        ("selected", "area:99"),
        ("tab", "<b>"),
        ("lang", "fr"),
    ],
)
def test_rubbish_in_the_url_is_ignored(open_page: Open, name: str, value: str) -> None:
    test = open_page(**{"area": "0207", name: value})
    assert not test.exception
    assert not test.error


@pytest.fixture(scope="module")
def with_result(
    prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A workspace in which sites of one district have been found; not to be written."""
    folder = tmp_path_factory.mktemp("with-result") / "workspace"
    made = Workspace(Path(shutil.copytree(prepared_workspace.root, folder)))
    save_run(run("sites", "0207", {"count": 3}, workspace=made), made)
    return made


@pytest.mark.parametrize(
    "value",
    ["at:abc", "at:1", "at:1,2,3", "at:nan,inf", "area:99", "adopter:nobody", ":", "village:x"],
)
def test_rubbish_is_ignored_beside_a_kept_result(
    with_result: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_result.root))
    test = open_page("sites", area="0207")
    test.query_params["selected"] = value
    test.run()
    assert not test.exception
    assert not test.error
    assert "communes reach" in all_text(test)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_shows_its_criteria_and_the_numbers_behind_it(
    with_result: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_result.root))
    test = open_page("sites", area="0207", lang=language)
    poverty = f"<td>{text('criteria.poverty', language)}</td>"
    assert poverty not in all_text(test)
    test.toggle(key="sites-criteria").set_value(True).run()
    assert poverty in all_text(test)
    before = map_arguments(test)["feature_group"]
    test.slider(key="sites-opacity").set_value(40).run()
    assert not test.exception
    assert map_arguments(test)["feature_group"] != before
    table = test.dataframe[-1].value
    basis = table[text("sites.basis", language)]
    assert set(basis) == {
        text(f"sites.basis_{name}", language) for name in ("working", "published")
    }
    titles = " ".join(table[text("sites.parameter", language)])
    assert "weights." not in titles
    assert "_" not in titles


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ("adopter:EX-P-001", ""),
        ("provider:EX-S-001", ""),
        ("event:EX-E-001", ""),
        ("at:102.81999,12.85812", "at:102.82,12.858"),
        ("at:-0.00049,12", "at:-0.0,12.0"),
        ("at:here", ""),
        ("area:020704", "area:020704"),
        ("village:02070401", "village:02070401"),
        ("", ""),
    ],
)
def test_the_url_names_no_record_and_no_exact_point(selected: str, said: str) -> None:
    assert public(selected) == said


def test_a_selected_plot_stays_in_the_session(open_page: Open) -> None:
    test = open_page(area="0207", selected="adopter:EX-P-001", tab="place")
    assert "EX-P-001" not in all_text(test)
    test.session_state["explore-selected"] = "adopter:EX-P-001"
    test.run()
    assert "EX-P-001" in all_text(test).replace("\\", "")
    assert "selected" not in test.query_params
    test.session_state["explore-selected"] = "at:102.81999,12.85812"
    test.run()
    assert test.query_params["selected"] == "at:102.82,12.858"
    assert test.session_state["explore-selected"] == "at:102.81999,12.85812"


def test_the_panel_speaks_of_the_season_that_the_map_shows(
    workspace: Workspace, open_page: Open
) -> None:
    with Database.open(workspace.database_url) as database:
        latest = adopters(database).set_index("reference")["status"]
        dry = adopters(database, "dry").set_index("reference")["status"]
        inside = adopters(database).set_index("reference")["commune"].str.startswith("0207")
    reference = latest.index[inside & (latest != dry)][0]
    test = open_page(area="0207", tab="place")
    for season, status in (("latest", latest), ("dry", dry)):
        test.session_state["explore-season"] = season
        test.session_state["explore-selected"] = f"adopter:{reference}"
        test.run()
        assert f"<dd>{text(f'map.adopter_{status[reference]}', 'en')}</dd>" in all_text(test)


@pytest.mark.parametrize("value", ["../../etc", "0" * 16, "x"])
def test_a_result_that_is_not_here_is_said(open_page: Open, value: str) -> None:
    test = open_page("sites", area="0207")
    test.query_params["result"] = value
    test.run()
    assert not test.error
    assert text("results.lost", "en") in all_text(test)


def test_a_click_reads_every_layer_with_its_year(open_page: Open) -> None:
    test = open_page(area="0207", selected="at:102.82,12.858", tab="place")
    said = all_text(test)
    assert "ត្រែង · Traeng" in said
    assert "020704" in said
    assert "112\N{NO-BREAK SPACE}m" in said
    assert "2000 · USGS, SRTM-derived relief" in said
    assert said.count("<tr>") >= 10


def test_an_unusable_figure_is_unknown_with_its_reason(open_page: Open) -> None:
    test = open_page(area="13", selected="area:130304", tab="place", lang="en")
    said = all_text(test)
    assert text("explore.unknown_figure", "en") in said
    assert '<td class="unknown">unknown</td>' in said


def test_switching_the_language_keeps_the_map(open_page: Open) -> None:
    test = open_page(area="0207")
    before = map_arguments(test)
    test.button(key="language").click().run()
    after = map_arguments(test)
    assert test.query_params["lang"] == "km"
    assert after["script"] == before["script"]
    assert after["feature_group"] != before["feature_group"]


def test_search_finds_both_scripts_and_references(open_page: Open) -> None:
    test = open_page(area="0207")
    for words, wanted in (("ត្រែង", "Traeng"), ("traeng", "ត្រែង"), ("EX\\-P\\-001", "")):
        test.text_input(key="explore-search").set_value(words.replace("\\", "")).run()
        labels = "".join(item.label for item in test.button if str(item.key).startswith("hit-"))
        assert (wanted or words) in labels
    test.button(key="hit-0").click().run()
    assert test.session_state["explore-tab"] == "place"
    assert test.session_state["explore-selected"] == "adopter:EX-P-001"


def test_the_legend_names_only_what_is_drawn(open_page: Open) -> None:
    test = open_page(area="0207", layer="slope_figures")
    drawn = map_arguments(test)["feature_group"]
    assert "2 – 5°" in drawn
    assert "5 – 10°" not in drawn
    for name in ("adopters", "providers", "roads"):
        test.checkbox(key=f"explore-{name}").uncheck()
    test.run()
    drawn = map_arguments(test)["feature_group"]
    assert text("map.adopter_practised", "en") not in drawn
    assert text("frame.example", "en") not in drawn


def test_a_season_changes_what_the_signs_say(open_page: Open) -> None:
    test = open_page(area="0207")
    before = map_arguments(test)["feature_group"]
    test.session_state["explore-season"] = "dry"
    test.run()
    assert map_arguments(test)["feature_group"] != before


def test_hostile_references_are_text_everywhere(
    workspace: Workspace, open_page: Open, tmp_path: Path
) -> None:
    with Database.open(workspace.database_url) as database:
        intake(hostile_plots(tmp_path), "plots", database, gazetteer(workspace))
    test = open_page(area="0207")
    drawn = map_arguments(test)["feature_group"]
    for sign in ("<img", "${", "`", "</script"):
        assert sign not in drawn
    assert "onerror=alert(1)" in drawn
    for reference in HOSTILE:
        test.session_state["explore-selected"] = f"adopter:{reference}"
        tab(test, "explore", "place")
        said = all_text(test).replace("\\<", "")  # escaped for Markdown
        assert "<img src=x" not in said
        assert "<script>" not in said
        test.text_input(key="explore-search").set_value(reference[:8]).run()
        labels = [item.label for item in test.button if str(item.key).startswith("hit-")]
        assert labels
        assert not any(label.startswith(reference[:4]) for label in labels)
        assert not test.exception


def test_sites_from_choice_to_reasons(workspace: Workspace, open_page: Open) -> None:
    test = open_page("sites", area="0207")
    assert test.session_state["sites-tab"] == "choose"
    test.number_input(key="sites-box-count-en").set_value(3)
    (find,) = [item for item in test.button if item.label == text("sites.find", "en")]
    find.click().run()
    assert not test.error
    said = all_text(test)
    assert test.session_state["sites-tab"] == "result"
    assert "communes reach" in said
    assert text("criteria.axis_need", "en") in said
    assert text("frame.example", "en") in said
    assert test.query_params["result"] == test.session_state["sites-result"]
    again = open_page("sites", area="0207", lang="km")
    assert again.session_state["sites-tab"] == "result"
    assert "ឃុំ ទៅដល់" in all_text(again)


def test_a_changed_setting_keeps_the_old_result_and_says_so(
    workspace: Workspace, open_page: Open
) -> None:
    test = open_page("sites", area="0207")
    (find,) = [item for item in test.button if item.label == text("sites.find", "en")]
    find.click().run()
    assert text("results.stale", "en") not in all_text(test)
    test.session_state["sites-settings"] = {**test.session_state["sites-settings"], "count": 2}
    test.run()
    assert text("results.stale", "en") in all_text(test)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(AllNoData("slope", "0207"), "slope"), (RuntimeError("<b>broken</b>"), "RuntimeError")],
)
def test_a_failure_is_a_sentence_and_nothing_is_lost(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(running, "run", fails)
    test = open_page("sites", area="0207")
    (find,) = [item for item in test.button if item.label == text("sites.find", "en")]
    find.click().run()
    assert not test.exception
    (said,) = test.error
    assert words in said.value
    assert "<b>" not in said.value
