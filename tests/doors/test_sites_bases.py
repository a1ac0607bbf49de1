"""New bases through the terminal: files of a run, and words that have no meaning for them."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from cli.main import exit_code
from layers.workspace import Workspace

ASKED = ["run", "sites", "--set", "goal=bases", "--area", "0207", "--resolution", "250"]


def test_a_run_proposes_bases(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(workspace.root))
    out = tmp_path / "out"
    assert exit_code([*ASKED, "--set", "count=2", "--out", str(out)]) == 0
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    summary = document["summary"]
    assert document["example"]
    assert (summary["goal"], summary["sites"]) == ("bases", 2)
    assert summary["served_ha"] - summary["now"]["served_ha"] == pytest.approx(
        summary["served_more_ha"], abs=0.01
    )
    sites = gpd.read_file(out / "result.gpkg", layer="sites")
    assert sites["rank"].tolist() == [1, 2]
    assert sites["reason_km"].str.len().min() > 0
    curve = pd.read_csv(out / "trade_off.csv", dtype={"code": str})
    assert curve["hectares"].iloc[-1] == pytest.approx(summary["served_more_ha"], abs=0.01)
    left = pd.read_csv(out / "left_out.csv", dtype={"code": str})
    assert left["reason_en"].str.len().min() > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("budget_usd=5000", "bases.cost_usd"),
        ("model=p-median", "days of its machines"),
        ("bases.planters=2", "bases.planters_per_base"),
    ],
)
def test_words_that_are_off(
    words: str,
    said: str,
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(workspace.root))
    out = tmp_path / "out"
    assert exit_code([*ASKED, "--set", words, "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()
