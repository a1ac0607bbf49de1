"""What has changed under a result: a record, an outline, a layer; nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from layers.changes import changed
from layers.run import run
from layers.workspace import Workspace
from registry.database import Database

QUICK = {"samples": 0}
"""What a result was made from does not depend on how often it was asked for again."""


@pytest.mark.parametrize("params", [{}, {"season": "main-wet"}])
def test_a_fresh_result_stands(workspace: Workspace, params: dict[str, str]) -> None:
    made = run("sites", "0207", QUICK | params, resolution=1000, workspace=workspace).provenance
    assert changed(made, workspace) == ()


def test_a_changed_record_is_seen(workspace: Workspace) -> None:
    made = run("sites", "0207", QUICK, resolution=1000, workspace=workspace).provenance
    with Database.open(workspace.database_url) as database, database.write() as open_:
        open_.execute(text("UPDATE plot_seasons SET status = 'stopped'"))
    assert changed(made, workspace) == ("adopters",)


SERVICE = {
    "providers": "UPDATE providers SET since_year = 2026",
    "machines": "UPDATE machines SET count = count + 1",
    "requests": "UPDATE requests SET hectares = hectares / 2",
}


@pytest.mark.parametrize("name", SERVICE)
def test_a_changed_provider_machine_or_request_is_seen(workspace: Workspace, name: str) -> None:
    params = {"margin_m": 5000.0, "what_if": {"speed_factor": 2.0}}
    made = run("coverage", "0207", params, resolution=1000, workspace=workspace).provenance
    assert changed(made, workspace) == ()
    with Database.open(workspace.database_url) as database, database.write() as open_:
        open_.execute(text(SERVICE[name]))
    assert changed(made, workspace) == (name,)


@pytest.mark.parametrize("name", ["boundaries", "commune_figures", "slope_figures"])
def test_other_content_under_an_id_is_seen(workspace: Workspace, name: str) -> None:
    made = run("sites", "0207", QUICK, resolution=1000, workspace=workspace).provenance
    uses = tuple(replace(use, sha256="0") if use.id == name else use for use in made.layers)
    assert changed(replace(made, layers=uses), workspace) == (name,)


def test_a_layer_that_is_gone_is_seen(workspace: Workspace) -> None:
    made = run("sites", "0207", QUICK, resolution=1000, workspace=workspace).provenance
    uses = (replace(made.layers[0], id="own_slope"), *made.layers[1:])
    assert changed(replace(made, layers=uses), workspace) == ("own_slope",)
