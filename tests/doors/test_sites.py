"""Sites through the terminal where nothing, little or nothing sensible can be chosen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from cli.main import exit_code
from layers.workspace import Workspace
from locales import LANGUAGES, text

AREA = "0207"
COARSE = ("--resolution", "1000", "--set", "samples=0", "--set", "track=rice")
"""Enough where words and exit codes are asked for."""
VILLAGE = {"lon": 102.98, "lat": 12.9, "name": "school"}


@pytest.fixture
def at(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(workspace.root))
    return workspace


def run(out: Path, *words: str, area: str = AREA, file: str = "") -> int:
    stated = [part for word in words for part in ("--set", word)]
    if file:
        params = out.parent / "params.toml"
        params.write_text(file, encoding="utf-8")
        stated += ["--params", str(params)]
    return exit_code(["run", "sites", "--area", area, *COARSE, *stated, "--out", str(out)])


def answered(out: Path, *words: str, area: str = AREA, file: str = "") -> dict[str, Any]:
    """The document of a run that gives an answer, however small."""
    assert run(out, *words, area=area, file=file) == 0
    document: dict[str, Any] = json.loads((out / "result.json").read_text(encoding="utf-8"))
    found = gpd.read_file(out / "result.gpkg", layer="sites")
    assert len(found) == document["summary"]["sites"]
    return document


def said(key: str, **values: object) -> str:
    return text(f"reasons.{key}", "en", **values)


EMPTY: list[tuple[str, tuple[str, ...], str, str, str]] = [
    ("no candidate", ("min_reach=1e9",), AREA, "no_candidates", "too_little"),
    ("all demand reached", ("diffusion_m=99999",), AREA, "no_candidates", "reached"),
    ("every commune too weak", (), "020705", "no_candidates", "too_weak"),
]


@pytest.mark.usefixtures("at")
@pytest.mark.parametrize(
    ("words", "area", "key", "rule"), [e[1:] for e in EMPTY], ids=[e[0] for e in EMPTY]
)
def test_nothing_to_choose_is_an_answer(
    tmp_path: Path, words: tuple[str, ...], area: str, key: str, rule: str
) -> None:
    document = answered(tmp_path / "out", *words, area=area)
    assert document["summary"]["sites"] == 0
    assert said(key, rule=text(f"reasons.rule_{rule}", "en")) in document["warnings"]


@pytest.mark.usefixtures("at")
def test_no_money_and_too_many_are_answers(tmp_path: Path) -> None:
    poor = answered(tmp_path / "poor", "budget_usd=0")
    assert poor["summary"]["sites"] == 0
    assert said("budget_too_small", budget=0.0) in poor["warnings"]
    many = answered(tmp_path / "many", "count=5000")
    found = many["summary"]["sites"]
    assert 0 < found < 5000
    assert said("fewer_sites", found=found, wanted=5000) in many["warnings"]
    place = "\n".join(f"{name} = {value!r}" for name, value in VILLAGE.items())
    one = answered(tmp_path / "one", "candidates=points", file=f"[[points]]\n{place}\n")
    assert one["summary"]["sites"] == one["summary"]["candidates"] == 1
    row = gpd.read_file(tmp_path / "one" / "result.gpkg", layer="sites").iloc[0]
    assert row["village"] == "P102.9800-12.9000"
    for language in LANGUAGES:
        for part in ("reason", "against", "figures"):
            assert row[f"{part}_{language}"]


REFUSED: list[tuple[str, tuple[str, ...], str, tuple[str, ...]]] = [
    (
        "required and forbidden",
        ('required=["020701"]', 'forbidden=["020701"]'),
        "",
        ("forbidden sites", "required sites", "02070"),
    ),
    (
        "more required than wanted",
        ('required=["020701","020703"]', "count=1"),
        "",
        ("number of sites", "020701", "020703"),
    ),
    ("no code", ('required=["Sdau"]',), "", ("required",)),
    ("too weak to be required", ('required=["020705"]',), "", ("020705", "too weak")),
    (
        "more hectares than the land can bear",
        (),
        '[[estimates]]\ncode = "020705"\nhectares = 999999\nsource = "?"\nyear = 2026\n',
        ("020705", "more than twice"),
    ),
]


@pytest.mark.usefixtures("at")
@pytest.mark.parametrize(
    ("words", "file", "parts"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_rules_that_cannot_be_kept_are_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    file: str,
    parts: tuple[str, ...],
) -> None:
    assert run(tmp_path / "out", *words, file=file) == 2
    sentence = capsys.readouterr().err
    for part in parts:
        assert part in sentence
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("at")
def test_an_officer_adds_what_a_rule_left_out(tmp_path: Path) -> None:
    file = '[[overrides]]\ncode = "020705"\naction = "add"\nreason = "A partner is there."\n'
    document = answered(tmp_path / "out", "count=1", file=file)
    assert document["summary"]["sites"] == 2
    found = gpd.read_file(tmp_path / "out/result.gpkg", layer="sites").set_index("code")
    words = found.loc["020705", "reason_en"]
    assert "A partner is there." in words
    assert said("set_aside", rules=text("reasons.rule_too_weak", "en")) in words
