"""The tab Result of Sites: a place in parts, how sure it is, decisions with their reasons."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gis.analysis import Note, Result
from layers.run import run
from layers.runs import run_id, save_run
from layers.scenarios import save_scenario, scenarios
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from ui.sites_compared import by_name
from ui.sites_confidence import stays_bar
from ui.sites_result import sites_of
from ui.sites_rules import rule_behind, rules_before_more
from ui.sites_state import still_wanted, take_over
from ui.sites_trade_off import curve_spec, in_words
from ui.sites_why import is_ranked, reached

from .conftest import HOSTILE, Open, all_text

AREA = "0207"
FEW = {"count": 3, "samples": 4}
TAKEN_OUT = {"code": "020704", "action": "remove", "reason": f"Flood {HOSTILE[0]}"}


@pytest.fixture(scope="module")
def made(
    prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, Result, Result]:
    """A workspace with a result as proposed, and one that an officer changed, saved by name."""
    folder = tmp_path_factory.mktemp("sites-result") / "workspace"
    space = Workspace(Path(shutil.copytree(prepared_workspace.root, folder)))
    changed = run("sites", AREA, {**FEW, "overrides": [TAKEN_OUT]}, workspace=space)
    save_scenario("Without Traeng <b>", changed, space, "after the flood")
    proposed = run("sites", AREA, FEW, workspace=space)
    save_run(proposed, space)
    return space, proposed, changed


@pytest.fixture
def opened(
    made: tuple[Workspace, Result, Result], open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Opens one of the two results."""

    def opens(result: Result, language: Language = "en", **query: str) -> AppTest:
        monkeypatch.setenv("DEIMAP_WORKSPACE", str(made[0].root))
        named = run_id(result.provenance)
        return open_page("sites", area=AREA, lang=language, result=named, **query)

    return opens


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_is_explained_in_parts(
    made: tuple[Workspace, Result, Result], opened: Any, language: Language
) -> None:
    result = made[1]
    site = result.outcome.features["sites"].sort_values("rank").iloc[0]
    said = all_text(opened(result, language))
    for part in ("reason", "against", "figures"):
        assert str(site[f"{part}_{language}"])[:40] in said
    count = round(float(site["stays_share"]) * FEW["samples"])
    assert text("sites_result.stays", language, count=count, of=FEW["samples"]) in said
    assert text("sites_result.trade_off", language) in said


def test_conditions_and_changes_wait_for_the_next_search_and_can_be_undone(
    made: tuple[Workspace, Result, Result], opened: Any
) -> None:
    test = opened(made[1], selected="area:020704")
    find_again = text("sites.find_again", "en")
    assert find_again not in [item.label for item in test.button]
    (control,) = [item for item in test.get("button_group") if "condition" in str(item.proto.id)]
    control.set_value("required").run()
    assert test.session_state["sites-required"] == ["020704"]
    assert find_again in [item.label for item in test.button]
    test.button(key="sites-undo-required-020704").click().run()
    assert test.session_state["sites-required"] == []
    assert find_again not in [item.label for item in test.button]


def test_an_officer_needs_a_reason(made: tuple[Workspace, Result, Result], opened: Any) -> None:
    test = opened(made[1], selected="area:020704")
    (do,) = [item for item in test.button if item.label == text("sites_result.do_remove", "en")]
    do.click().run()
    assert text("sites_result.reason_missing", "en") in all_text(test)
    assert test.session_state["sites-overrides"] == []
    (box,) = test.text_area
    box.set_value("  Dry pond  ")
    (do,) = [item for item in test.button if item.label == text("sites_result.do_remove", "en")]
    do.click().run()
    assert test.session_state["sites-overrides"] == [
        {"code": "020704", "action": "remove", "reason": "Dry pond"}
    ]


def test_both_rankings_stand_below_with_the_reason_as_text(
    made: tuple[Workspace, Result, Result], opened: Any
) -> None:
    test = opened(made[2])
    assert text("sites_result.both_rankings", "en") in all_text(test)
    (table,) = [
        item.value for item in test.dataframe if "Officer's reason" in list(item.value.columns)
    ]
    assert TAKEN_OUT["reason"] in table["Officer's reason"].tolist()
    row = table[table["Officer's reason"] != ""].iloc[0]
    assert row["Rank as proposed"] == 1
    assert pd.isna(row["Rank as decided"])
    assert "<img src=x" not in all_text(test).replace("\\<", "")
    # what officers took out is not offered as the next best
    assert "020704" not in made[2].outcome.tables["trade_off"].index


def test_two_results_are_compared_side_by_side(
    made: tuple[Workspace, Result, Result], opened: Any
) -> None:
    test = opened(made[1])
    test.selectbox(key="sites-compare-second").set_value("Without Traeng <b>").run()
    assert not test.exception
    assert not test.error
    said = all_text(test)
    assert "Without Traeng &lt;b&gt;" in said
    assert "Without Traeng <b>" not in said
    assert len(test.get("component_instance")) == 3
    (moved,) = [
        item.value for item in test.dataframe
        if ("", text("sites_result.change", "en")) in list(item.value.columns)
    ]  # fmt: skip
    changes = moved[("", text("sites_result.change", "en"))].tolist()
    assert text("sites_result.change_dropped", "en") in changes


def test_a_result_is_saved_under_a_name_once(
    made: tuple[Workspace, Result, Result], opened: Any
) -> None:
    test = opened(made[1])
    for name, error in (("ជម្រើស ១", False), ("ជម្រើស ១", True), ("  ", True)):
        (box,) = [item for item in test.text_input if item.label == text("sites_result.name", "en")]
        box.set_value(name)
        (save,) = [item for item in test.button if item.label == text("sites_result.save_it", "en")]
        save.click().run()
        assert bool(test.error) == error
    assert "ជម្រើស ១" in {item.name for item in scenarios(made[0])}


def test_a_renamed_scenario_stays_chosen_and_is_removed_only_when_confirmed(
    made: tuple[Workspace, Result, Result], opened: Any
) -> None:
    for name in ("Zeta", "Alpha"):
        save_scenario(name, made[1], made[0])
    test = opened(made[1])
    test.selectbox(key="sites-managed").set_value("Zeta").run()
    test.text_input(key="sites-new-name").set_value("Omega").run()
    test.button(key="sites-rename").click().run()
    assert test.selectbox(key="sites-managed").value == "Omega"
    test.button(key="sites-remove").click().run()
    assert {"Omega", "Alpha"} <= {item.name for item in scenarios(made[0])}
    assert text("sites_result.remove_asked", "en", name="Omega") in all_text(test)
    test.button(key="sites-remove-confirmed").click().run()
    left = {item.name for item in scenarios(made[0])}
    assert "Omega" not in left
    assert "Alpha" in left


def test_what_a_result_did_not_use_does_not_make_it_outdated(
    made: tuple[Workspace, Result, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that were drawn for another search came along in parameters of older results."""
    monkeypatch.setattr(st, "session_state", {"area": AREA})
    drawn = {"lon": 102.9, "lat": 12.9, "name": "mill"}
    estimate = {"code": "020704", "hectares": 40.0, "source": "visit", "year": 2025}
    own = json.loads(json.dumps(made[1].provenance.parameters))
    asked = {**own, "points": [drawn], "forbidden": ["020705"], "estimates": [estimate]}
    take_over(asked)
    assert still_wanted(asked)
    assert not still_wanted({**asked, "forbidden": []})
    assert not still_wanted({**asked, "candidates": "points"})


def told(least: int, hectares: list[float], further: float) -> Any:
    """Sites in two districts, the second with one; a further site would add ``further`` ha."""
    sites = pd.DataFrame(
        {
            "code": [f"02070{place}" for place in range(1, len(hectares) + 1)],
            "rank": range(1, len(hectares) + 1),
            "hectares": hectares,
            "district": ["0207"] * (len(hectares) - 1) + ["0208"],
            "district_en": "Sangkae",
            "district_km": None,
            "geometry": None,
        }
    )
    sums = [sum(hectares), sum(hectares) + further]
    table = pd.DataFrame({"hectares": sums, "chosen": [True, False]})
    asked = {"objective": "hectares", "min_per_district": least, "required": [], "overrides": []}
    outcome = SimpleNamespace(features={"sites": sites}, tables={"trade_off": table})
    return SimpleNamespace(outcome=outcome, provenance=SimpleNamespace(parameters=asked))


def test_the_rule_that_keeps_a_small_site_is_named() -> None:
    """2 ha stay although 90 ha could be had elsewhere: only the district's number asks for them."""
    small = told(1, [400.0, 300.0, 2.0], 90.0)
    last = sites_of(small).iloc[-1]
    assert "every district gets at least 1: Sangkae" in rule_behind(small, last)
    assert rule_behind(small, sites_of(small).iloc[0]) == ""
    assert rule_behind(told(0, [400.0, 300.0, 2.0], 90.0), last) == ""
    assert rule_behind(told(1, [400.0, 300.0, 2.0], 1.0), last) == ""
    assert "chosen sites reach (1)" in rules_before_more(small)
    assert "at least 1 in every district" in rules_before_more(small)
    assert rules_before_more(told(1, [400.0, 300.0, 95.0], 90.0)) == ""


def test_only_a_ranked_commune_is_one_that_was_not_chosen() -> None:
    assert is_ranked(pd.Series({"group": "borderline", "rank": 4}))
    assert not is_ranked(pd.Series({"group": "borderline", "rank": pd.NA}))
    assert not is_ranked(pd.Series({"group": "too-weak", "rank": pd.NA}))


def test_places_that_differ_are_told_by_name(
    made: tuple[Workspace, Result, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(made[0].root))
    assert by_name("020704, 020705").startswith("Traeng, ")
    assert by_name(("020704", 3)) == ("Traeng", 3)
    assert by_name("1,200") == "1,200"
    inside = by_name(Note("scenarios.inside", (("title", "X"), ("path", "020704"))))
    assert dict(inside.values)["path"] == "Traeng"


def test_the_bar_has_a_piece_for_each_repetition() -> None:
    """17 of 20 is 85 %: 'mostly' in the words of gis.sensitivity."""
    bar = stays_bar(0.85, 20)
    assert "17 of 20" in bar
    assert "--of:20" in bar
    assert "width:85.0%" in bar
    assert text("sensitivity.mostly", "en") in bar
    assert "doubt" not in bar
    assert "doubt" in stays_bar(0.25, 20)
    assert ">always<" in stays_bar(1.0, 20)
    assert "nearly" in stays_bar(0.95, 20)
    assert stays_bar(float("nan"), 0) == ""


def table_of(chosen: int, further: int) -> pd.DataFrame:
    """Each site reaches half of what the one before does, from 800 ha; US$1,600 each."""
    rows = chosen + further
    hectares = pd.Series([800 / 2**place for place in range(rows)]).cumsum()
    return pd.DataFrame(
        {
            "name_en": [f"C{place}" for place in range(rows)],
            "name_km": [None] * rows,
            "sites": range(1, rows + 1),
            "cost_usd": [1600.0 * (place + 1) for place in range(rows)],
            "hectares": hectares,
            "chosen": [place < chosen for place in range(rows)],
        }
    )


def test_the_curve_in_words_by_hand() -> None:
    """800 + 400 of 800 + 400 + 200 + 100 is 80 %; the fifth site adds 50 ha."""
    said = in_words(table_of(4, 1), "hectares")
    assert "first 2 of 4 sites reach 80 %" in said
    assert "50 ha for US$1,600" in said
    assert "first 1 of 4 sites reach 53 %" in in_words(table_of(4, 1), "hectares", 1)
    assert "%" not in in_words(table_of(1, 0), "hectares")
    assert in_words(table_of(0, 0), "hectares") == text("sites.none_chosen", "en")


def test_the_curve_goes_on_dashed_from_the_last_chosen_site() -> None:
    spec = curve_spec(table_of(3, 2), "hectares", "cost_usd")
    full, dashed, open_points, points = (layer["data"]["values"] for layer in spec["layer"])
    assert [row["at"] for row in full] == [0, 1600, 3200, 4800]
    assert dashed[0] == full[-1]
    assert len(open_points) == 2
    assert [row["reach"] for row in points] == [800, 1200, 1400]


def test_the_goal_comes_first_among_what_a_site_reaches() -> None:
    site = pd.Series({"hectares": 12.0, "households": 40.0, "learning_groups": 1, "cost_usd": 1600})
    said = reached(site, "households")
    assert said.index(">40<") < said.index(">12<")
    assert said.count('class="goal"') == 1
    assert "poor" not in said
    base = pd.Series(
        {"hectares": 90.0, "minutes": 25.0, "planters": 2, "use_share": 0.5, "cost_usd": None}
    )
    assert ">50<" in reached(base, "hectares")
    assert "US$" not in reached(base, "hectares")
