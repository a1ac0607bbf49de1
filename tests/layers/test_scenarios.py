"""Scenarios: kept, repeated exactly or refused with what is in the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text as sql

import layers.run as house
from gis.analysis import Result
from gis.errors import (
    BadParameter,
    NameTaken,
    ScenarioChanged,
    ScenarioOutdated,
    UnknownParameter,
    UnknownScenario,
)
from gis.suitability_parameters import AxisWeights
from gis.weights import pairwise
from layers.prepare import bring_in
from layers.run import run
from layers.runs import run_id
from layers.scenarios import (
    Judgements,
    remove_scenario,
    remove_weight_set,
    rename_scenario,
    repeat,
    result_of,
    save_scenario,
    save_weight_set,
    scenario,
    scenarios,
    weight_set,
    weight_sets,
)
from layers.workspace import Workspace
from locales import LANGUAGES, error_text, text
from registry.database import Database

NAME = "ផែនការ ២០២៦"
ASKED: dict[str, Any] = {
    "count": 3,
    "samples": 0,
    "weights": {"need": 0.1 + 0.2},
    "overrides": [{"code": "020701", "action": "add", "reason": "ទីប្រជុំ"}],
}


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    """Three sites in one district, on coarse cells."""
    return run("sites", "0207", ASKED, resolution=1000, workspace=prepared_workspace)


@pytest.fixture
def kept(workspace: Workspace, made: Result) -> Workspace:
    """A workspace that keeps the result under a name."""
    save_scenario(NAME, made, workspace, note="for the committee")
    return workspace


def change(workspace: Workspace, statement: str) -> None:
    with Database.open(workspace.database_url) as database, database.write() as connection:
        connection.execute(sql(statement))


def said(found: ScenarioChanged | ScenarioOutdated) -> str:
    assert all(error_text(found, language) for language in LANGUAGES)
    return error_text(found, "en")


def test_a_scenario_says_all_that_repeats_it(kept: Workspace, made: Result) -> None:
    found = scenario(NAME, kept)
    assert found.name == NAME
    assert found.note == "for the committee"
    assert found.run == run_id(made.provenance) == run_id(found.provenance)
    assert found.provenance.layers == made.provenance.layers
    assert found.provenance.example
    assert [item.name for item in scenarios(kept)] == [NAME]
    assert (kept.runs / found.run / "result.json").is_file()


def test_repeated_it_is_the_same_bit_by_bit(kept: Workspace, made: Result) -> None:
    again = repeat(NAME, kept)
    assert run_id(again.provenance) == run_id(made.provenance)
    assert again.outcome.warnings == made.outcome.warnings
    for name, table in made.outcome.tables.items():
        pd.testing.assert_frame_equal(again.outcome.tables[name], table)
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.outcome.features["sites"]), pd.DataFrame(made.outcome.features["sites"])
    )
    for name, raster in made.outcome.rasters.items():
        np.testing.assert_array_equal(again.outcome.rasters[name], raster)


def test_a_better_layer_that_came_later_is_not_read(
    kept: Workspace,
    made: Result,
    make_raster: Callable[..., Path],
    make_meta: Callable[..., Path],
) -> None:
    """An own slope of 30 degrees everywhere: a run of now takes it, the repetition does not."""
    steep = make_raster(np.full((40, 40), 30.0), corner=(220_000.0, 1_460_000.0), cell=2500.0)
    bring_in(steep, "layer", kept, meta=make_meta(id="own_slope", year=2024))
    now = repeat(NAME, kept, present_data=True)
    assert "own_slope" in {use.id for use in now.provenance.layers}
    warned = now.outcome.warnings[0]
    assert warned.key == "scenarios.present_data"
    for language, title in (("en", "Slope"), ("km", "ជម្រាល")):
        assert title in text(warned.key, language, **dict(warned.values))
    assert run_id(repeat(NAME, kept).provenance) == run_id(made.provenance)


def test_tables_of_the_house_count_as_they_were_saved(
    kept: Workspace, made: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    upland, *others = house.TABLES["tracks"]()
    first, *criteria = upland.criteria
    heavier = replace(upland, criteria=(replace(first, weight=first.weight + 0.5), *criteria))
    tables = {**house.TABLES, "tracks": lambda: (heavier, *others)}
    monkeypatch.setattr(house, "TABLES", tables)
    assert run_id(repeat(NAME, kept).provenance) == run_id(made.provenance)


@pytest.mark.parametrize(
    ("statement", "title"),
    [
        ("UPDATE plot_seasons SET status = 'stopped'", "early adopter"),
        (
            "INSERT INTO villages SELECT '02070199', '020701', 'New', NULL, geometry, false, 1"
            " FROM events LIMIT 1",
            "village",
        ),
    ],
)
def test_changed_records_are_named(statement: str, title: str, kept: Workspace) -> None:
    change(kept, statement)
    with pytest.raises(ScenarioChanged) as caught:
        repeat(NAME, kept)
    assert len(caught.value.found) == 1
    assert f"different content: {title}" in said(caught.value)
    assert caught.value.exit_code == 3


def test_a_layer_that_is_gone_is_named(workspace: Workspace, made: Result) -> None:
    first, *others = made.provenance.layers
    gone = replace(first, id="own_slope", title=(("en", "Our slope"), ("km", "ជម្រាល")))
    lost = replace(made, provenance=replace(made.provenance, layers=(gone, *others)))
    save_scenario("lost", lost, workspace)
    with pytest.raises(ScenarioChanged) as caught:
        repeat("lost", workspace)
    assert "gone: Our slope" in said(caught.value)


@pytest.mark.parametrize(
    ("stated", "words"), [({"colour": "red"}, "“colour”"), ({"count": 0}, "1 or more")]
)
def test_parameters_of_another_version_are_named(
    stated: dict[str, Any], words: str, workspace: Workspace, made: Result
) -> None:
    parameters = {**made.provenance.parameters, **stated}
    other = replace(made, provenance=replace(made.provenance, parameters=parameters))
    save_scenario("old", other, workspace)
    with pytest.raises(ScenarioOutdated) as caught:
        repeat("old", workspace, present_data=True)
    assert words in said(caught.value)


def test_other_software_is_said(workspace: Workspace, made: Result) -> None:
    older = replace(made, provenance=replace(made.provenance, software="deimap 0.0.1"))
    save_scenario("older", older, workspace)
    (warned,) = set(repeat("older", workspace).outcome.warnings) - set(made.outcome.warnings)
    assert "deimap 0.0.1" in text(warned.key, "km", **dict(warned.values))


def test_a_kept_result_is_read_and_made_again_where_it_is_gone(kept: Workspace) -> None:
    identity = scenario(NAME, kept).run
    table = kept.runs / identity / "communes.csv"
    head, first = table.read_text(encoding="utf-8-sig").splitlines()[:2]
    table.write_text(f"{head}\n{first}\n", encoding="utf-8")
    assert len(result_of(NAME, kept).outcome.tables["communes"]) == 1
    shutil.rmtree(kept.runs / identity)
    assert len(result_of(NAME, kept).outcome.tables["communes"]) == 5


def test_a_name_is_given_once(kept: Workspace, made: Result) -> None:
    with pytest.raises(NameTaken):
        save_scenario(f" {NAME} ", made, kept)
    assert save_scenario(NAME, made, kept, replace=True).note == ""
    assert rename_scenario(NAME, "b", kept).name == "b"
    remove_scenario("b", kept)
    assert scenarios(kept) == ()
    with pytest.raises(UnknownScenario):
        repeat("b", kept)


@pytest.mark.parametrize(("name", "note"), [("", ""), ("a\n", "a\0"), ("a", "x" * 501)])
def test_what_cannot_be_kept_leaves_nothing(
    name: str, note: str, workspace: Workspace, made: Result
) -> None:
    with pytest.raises(BadParameter):
        save_scenario(name, made, workspace, note)
    assert scenarios(workspace) == ()
    assert list(workspace.runs.iterdir()) == []


def test_weights_come_back_with_their_judgements(workspace: Workspace) -> None:
    """Two judges, one of whom left a pair out; the weights follow from what was kept."""
    judged = np.array([[[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]], np.full((3, 3), np.nan)])
    judged[1, 0, 1] = 2.0
    names = ("need", "fit", "service")
    stated = Judgements.of(names, judged)
    save_weight_set("Committee", workspace, AxisWeights(need=0.6), judgements={"axes": stated})
    found = weight_set("Committee", workspace)
    assert found.weights == AxisWeights(need=0.6)
    assert found.track is None
    np.testing.assert_array_equal(found.judgements["axes"].matrix, judged)
    again = pairwise(found.judgements["axes"].matrix, names)
    assert again.weights == pairwise(judged, names).weights


def test_weight_sets_fit_a_track(workspace: Workspace) -> None:
    save_weight_set("any", workspace, asdict(AxisWeights()))
    save_weight_set("steep", workspace, {"need": 1.0}, {"slope": 0.5}, track="upland")
    assert {item.name for item in weight_sets(workspace)} == {"any", "steep"}
    assert [item.name for item in weight_sets(workspace, "rice")] == ["any"]
    assert weight_set("steep", workspace).criterion_weights == {"slope": 0.5}
    with pytest.raises(NameTaken):
        save_weight_set("any", workspace, {"need": 1.0})
    save_weight_set("any", workspace, {"need": 1.0}, replace=True)
    assert weight_set("any", workspace).weights.need == 1.0
    remove_weight_set("any", workspace)
    assert [item.name for item in weight_sets(workspace)] == ["steep"]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"weights": {"need": 0, "fit": 0, "service": 0}}, BadParameter),
        ({"weights": {"need": -1}}, BadParameter),
        ({"weights": {"need": 1}, "criterion_weights": {"slope": 1}}, BadParameter),
        (
            {"weights": {"need": 1}, "criterion_weights": {"x": 1}, "track": "rice"},
            UnknownParameter,
        ),
        ({"weights": {"need": 1}, "track": "cotton"}, BadParameter),
        ({"weights": {"need": 1}, "judgements": {"colour": Judgements((), ((),))}}, BadParameter),
    ],
)
def test_weights_that_do_not_hold(
    told: dict[str, Any], error: type[Exception], workspace: Workspace
) -> None:
    with pytest.raises(error):
        save_weight_set("a", workspace, **told)
    assert weight_sets(workspace) == ()
