"""The tab Choose: weights that move the map, comparison by pairs, rules, points, kept weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gis.tracks import AXES
from gis.weights import pairwise
from layers.scenarios import Judgements
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from ui import sites_pairwise as pairs
from ui.sites_pairwise import OPTIONS, whole_percents

from .conftest import Open, all_text, map_arguments


@pytest.fixture
def choose(open_page: Open) -> AppTest:
    return open_page("sites", area="0207")


def settings(test: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = test.session_state["sites-settings"]
    return found


def part(test: AppTest, name: str) -> AppTest:
    test.session_state["sites-part"] = name
    return test.run()


def find_button(test: AppTest) -> Any:
    return test.button(key="sites-find")


def test_a_slider_moves_the_map_and_the_hectares(choose: AppTest) -> None:
    before, strip = map_arguments(choose)["feature_group"], strips(choose)
    assert text("choose.overview_chip", "en")[:8] in before
    choose.slider(key="sites-box-need-en").set_value(90).run()
    assert not choose.exception
    assert not choose.error
    assert settings(choose)["weights"]["need"] == 0.9
    assert map_arguments(choose)["feature_group"] != before
    assert strips(choose) != strip
    assert shares(choose) == {"need": 60, "fit": 20, "service": 20, "spread": 0}


def shares(test: AppTest) -> dict[str, int]:
    """Percent of the whole that the label of each slider says; the slider itself has none."""
    sliders = {axis: test.slider(key=f"sites-box-{axis}-en") for axis in AXES}
    for axis, slider in sliders.items():
        assert slider.label.startswith(text(f"criteria.axis_{axis}", "en"))
        assert slider.proto.format == "%d"
    return {axis: int(slider.label.split()[-2]) for axis, slider in sliders.items()}


def test_shares_of_the_weights_add_to_a_hundred(choose: AppTest) -> None:
    """20, 20, 20 and 100 are an eighth each and five eighths: 12.5 three times, and 62.5."""
    weights = {"need": 0.2, "fit": 0.2, "service": 0.2, "spread": 1.0}
    choose.session_state["sites-settings"] = {**settings(choose), "weights": weights}
    choose.run()
    found = shares(choose)
    assert sum(found.values()) == 100
    assert found["spread"] in (62, 63)


def strips(test: AppTest) -> list[str]:
    """Hectares by class as the panel says them."""
    return [item.proto.body for item in test.get("html") if 'class="classes"' in item.proto.body]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("weights", dict.fromkeys(("need", "fit", "service", "spread"), 0.0), "one_weight"),
        ("cutoffs", {"s1": 0.5, "s2": 0.5, "s3": 0.4, "n1": 0.2}, "cutoffs_fall"),
        ("candidates", "points", "no_points"),
    ],
)
def test_what_cannot_be_searched_is_said_and_not_sent(
    choose: AppTest, name: str, value: Any, words: str
) -> None:
    choose.session_state["sites-settings"] = {**settings(choose), name: value}
    choose.run()
    assert not choose.error
    assert text(f"choose.{words}", "en") in all_text(choose)
    assert find_button(choose).disabled


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["weights", "pairs", "rules", "search"])
def test_every_part_for_experts_opens(open_page: Open, language: Language, name: str) -> None:
    test = part(open_page("sites", area="0207", lang=language), name)
    assert not test.exception
    assert not test.error


def test_a_budget_takes_the_place_of_the_number(choose: AppTest) -> None:
    choose.session_state["sites-settings"] = {**settings(choose), "budget_usd": 5000.0}
    choose.run()
    choose.number_input(key="sites-box-budget-en").set_value(7000.0).run()
    assert settings(choose)["budget_usd"] == 7000.0
    choose.session_state["sites-settings"] = {**settings(choose), "model": "set-covering"}
    choose.run()
    assert text("choose.as_few", "en") in all_text(choose)


def test_rules_become_parameters_in_their_unit(choose: AppTest) -> None:
    part(choose, "rules")
    choose.number_input(key="sites-box-reach_m-en").set_value(4.5).run()
    choose.number_input(key="sites-box-min_share_per_district-en").set_value(15.0).run()
    assert settings(choose)["reach_m"] == 4500.0
    assert settings(choose)["min_share_per_district"] == 0.15


def test_weights_of_criteria_stay_with_their_system(choose: AppTest) -> None:
    part(choose, "weights")
    choose.slider(key="sites-box-weight-poverty-en").set_value(80).run()
    assert settings(choose)["criterion_weights"] == {"poverty": 0.8}
    choose.get("button_group")  # the systems stand in a group of buttons
    choose.session_state["sites-box-track-en"] = "rice"
    choose.run()
    assert not choose.error


def judged(test: AppTest, first: str, second: str, option: int) -> None:
    test.selectbox(key=f"sites-box-pair-axes-{first}/{second}-en").set_value(option).run()


def test_comparing_by_pairs_gives_weights_and_points_at_the_worst(choose: AppTest) -> None:
    """Need over fit 3, fit over service 3, yet service over need 3: no order agrees with that."""
    part(choose, "pairs")
    judged(choose, "need", "fit", 3)
    judged(choose, "fit", "service", 3)
    apart = text("errors.judgements_apart", "en", these=("x",), others=("y",))[:16]
    assert apart in all_text(choose)
    judged(choose, "service", "spread", 2)
    judged(choose, "need", "service", -3)
    said = all_text(choose)
    axes = ("need", "fit", "service", "spread")
    matrix = np.full((4, 4), np.nan)
    matrix[0, 1], matrix[1, 2], matrix[2, 3], matrix[0, 2] = 3, 3, 2, 1 / 3
    expected = pairwise(matrix, axes)
    assert expected.contradictory
    assert f"{expected.consistency_ratio:.2f}".removesuffix(".00") in said
    assert "Saaty" in said
    assert text("pairwise.worst", "en", first="", second="", stated="", implied="")[:10] in said
    choose.button(key="sites-use-weights").click().run()
    percents = whole_percents([expected.weights[axis] for axis in axes])
    found = settings(choose)["weights"]
    assert [round(100 * found[axis]) for axis in axes] == percents
    assert sum(percents) == 100


def test_several_judges_are_kept_apart(choose: AppTest) -> None:
    part(choose, "pairs")
    judged(choose, "need", "fit", 5)
    choose.button(key="sites-judge-more").click().run()
    judged(choose, "need", "fit", -5)
    assert choose.session_state["sites-judgements"]["axes"] == [{"need/fit": 5}, {"need/fit": -5}]
    choose.button(key="sites-judge-off").click().run()
    assert choose.session_state["sites-judgements"]["axes"] == [{"need/fit": 5}]


def test_weights_are_kept_under_a_name_and_taken_again(
    workspace: Workspace, open_page: Open
) -> None:
    test = part(open_page("sites", area="0207"), "weights")
    test.slider(key="sites-box-need-en").set_value(70).run()
    for name, said in (("<b>ទម្ងន់</b>", "set_kept"), ("<b>ទម្ងន់</b>", "set_there")):
        test.text_input(key="sites-set-name").set_value(name).run()
        test.button(key="sites-set-keep").click().run()
        assert text(f"choose.{said}", "en", name="")[:8] in all_text(test)
        assert "<b>" not in all_text(test).replace("<b>", "", strips_bold(test))
    test.slider(key="sites-box-need-en").set_value(10).run()
    test.selectbox(key="sites-set-chosen").set_value("<b>ទម្ងន់</b>").run()
    test.button(key="sites-set-use").click().run()
    assert settings(test)["weights"]["need"] == 0.7


def strips_bold(test: AppTest) -> int:
    """How often the page itself writes bold."""
    return sum(item.count("<b>") for item in strips(test))


def test_points_are_named_and_taken_away(choose: AppTest) -> None:
    points = [{"lon": 102.9, "lat": 12.9, "name": "<script>"}]
    choose.session_state["sites-settings"] = {
        **settings(choose), "candidates": "points", "points": points
    }  # fmt: skip
    part(choose, "rules")
    assert "<script>" not in map_arguments(choose)["feature_group"]
    assert "candidate" in map_arguments(choose)["feature_group"]
    choose.text_input(key="sites-box-point-0-en").set_value("School").run()
    assert settings(choose)["points"][0]["name"] == "School"
    choose.button(key="sites-point-off-0").click().run()
    assert settings(choose)["points"] == []


POINTS = "lon,lat,name\n102.95,12.85,Market\n102.9,12.8,Pagoda\n104.9,11.5,Far away\n"


def sent(test: AppTest, content: str) -> AppTest:
    uploader = test.file_uploader(key="sites-points-file")
    return uploader.set_value(("points.csv", content.encode(), "text/csv")).run()


def test_a_file_of_points_says_what_became_of_it_in_either_language(choose: AppTest) -> None:
    choose.session_state["sites-settings"] = {**settings(choose), "candidates": "points"}
    sent(part(choose, "rules"), "x,title\n1,a\n")
    assert text("choose.points_refused", "en") in all_text(choose)
    assert text("faults.column_missing", "en") in all_text(choose)
    sent(choose, POINTS)
    assert [point["name"] for point in settings(choose)["points"]] == ["Market", "Pagoda"]
    assert text("choose.points_added", "en", count=2) in all_text(choose)
    assert text("choose.points_outside", "en", count=1) in all_text(choose)
    choose.button(key="language").click().run()
    assert not choose.exception
    assert not choose.error
    assert text("choose.points_added", "km", count=2) in all_text(choose)
    assert len(settings(choose)["points"]) == 2


def test_weights_that_cannot_be_kept_say_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise NameError("AxisWeights")

    monkeypatch.setattr("ui.sites_weights.save_weight_set", broken)
    test = part(open_page("sites", area="0207"), "weights")
    test.text_input(key="sites-set-name").set_value("mine").run()
    test.button(key="sites-set-keep").click().run()
    assert not test.exception
    assert "NameError: AxisWeights" in all_text(test)


def test_two_judges_are_told_apart(choose: AppTest) -> None:
    part(choose, "pairs")
    said = [{"need/fit": 5, "fit/service": 2, "service/spread": 2}, {"need/fit": -5}]
    choose.session_state["sites-judgements"] = {"axes": said}
    choose.run()
    assert not choose.error
    assert text("pairwise.disagree", "en", **dict.fromkeys(DISAGREE, "·"))[:28] in all_text(choose)


DISAGREE = ("first", "second", "judge", "said", "other", "answered")


def test_options_run_from_one_side_to_the_other() -> None:
    ratios = [option if option > 0 else -1 / option for option in OPTIONS[1:]]
    assert OPTIONS[0] == pairs.NONE
    assert ratios == sorted(ratios, reverse=True)
    assert len(ratios) == 17


@pytest.mark.parametrize(
    ("shares", "percents"),
    [
        ([1.0], [100]),
        ([1 / 3, 1 / 3, 1 / 3], [34, 33, 33]),
        ([0.005, 0.995], [1, 99]),
        ([2.0, 1.0, 1.0], [50, 25, 25]),
    ],
)
def test_whole_percents_add_to_a_hundred(shares: list[float], percents: list[int]) -> None:
    assert whole_percents(shares) == percents


def test_judgements_come_back_as_they_were_given() -> None:
    matrix = np.array([[1, 5, np.nan], [np.nan, 1, 1 / 7], [np.nan, np.nan, 1]])
    found = Judgements.of(("need", "fit", "service"), matrix)
    assert pairs.sheets_of(found) == [{"need/fit": 5, "fit/service": -7}]
