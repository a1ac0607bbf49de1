"""Two results side by side: rows written by hand, and two real runs."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.analysis import Note, Result
from gis.errors import BadParameter, OutputNotEmpty
from gis.sites.parameters import SitesParameters
from layers.run import run
from layers.runs import read_result
from layers.scenarios import compare, write_comparison
from layers.scenarios.asked import MOST, asked_differently, title_of
from layers.scenarios.moved import Side, moved
from layers.workspace import Workspace
from layers.write import write_result
from locales import LANGUAGES, text


def site(rank: int, village: str, hectares: float = 100.0) -> dict[str, Any]:
    """A site; the first six digits of its village are its commune."""
    return {
        "code": village[:6],
        "name_en": f"Commune {village[:6]}",
        "name_km": "ឃុំ",
        "village": village,
        "village_en": f"Village {village}",
        "village_km": "",
        "rank": rank,
        "hectares": hectares,
    }


def side(*villages: str, stopped: dict[str, str] | None = None, **parameters: Any) -> Side:
    """A result: sites of 100 ha in these villages, communes 1 to 9 of one district."""
    rows = [site(rank, village) for rank, village in enumerate(villages, 1)]
    codes = [f"02070{digit}" for digit in range(1, 10)]
    communes = pd.DataFrame({"stopped_by": [(stopped or {}).get(code) for code in codes]}, codes)
    return Side(pd.DataFrame(rows, columns=list(site(1, "02070101"))), communes, parameters)


A = {"lon": 102.95, "lat": 12.9, "name": "Mill"}
B = {"lon": 102.85, "lat": 12.8, "name": "Pagoda"}


def place(code: str) -> Side:
    """A result with one site at a hexagon or a drawn point in the first commune."""
    made = side("02070101")
    return made._replace(sites=made.sites.assign(village=code))


def keys(table: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Village of the first and of the second -> keys of what is said."""
    pairs = zip(table["village_first"], table["village_second"], table["what"], strict=True)
    return {
        (first[-3:], second[-3:]): [note.key.partition(".")[2] for note in notes]
        for first, second, notes in pairs
    }


def test_sites_are_paired_by_village_and_then_by_commune() -> None:
    """Commune 1 keeps a village and loses one, 2 has another village, 3 goes, 4 comes."""
    first = side("02070101", "02070102", "02070201", "02070301")
    second = side("02070102", "02070202", "02070401", stopped={"020703": "too_weak"})
    table = moved(first, second)
    assert table["change"].tolist() == ["dropped", "stays", "moved", "dropped", "added"]
    assert keys(table) == {
        ("101", ""): ["others_second"],
        ("102", "102"): ["other_rank"],
        ("201", "202"): ["other_village", "other_rank"],
        ("301", ""): ["stopped_second"],
        ("", "401"): ["others_first"],
    }
    assert table["rank_first"].tolist() == [1, 2, 3, 4, pd.NA]
    assert table["rank_second"].tolist() == [pd.NA, 1, 2, pd.NA, 3]
    assert table["code"].tolist() == ["020701", "020701", "020702", "020703", "020704"]


@pytest.mark.parametrize(
    ("hectares", "said"),
    [
        (100.0, ["unchanged"]),
        (100.4, ["unchanged"]),
        (150.0, ["reaches_more"]),
        (50.0, ["reaches_less"]),
    ],
)
def test_hectares_that_are_shown_are_told(hectares: float, said: list[str]) -> None:
    second = side("02070101")
    table = moved(side("02070101"), second._replace(sites=second.sites.assign(hectares=hectares)))
    assert keys(table) == {("101", "101"): said}


@pytest.mark.parametrize("name", ["track", "goal"])
def test_hectares_of_two_kinds_of_land_are_not_compared(name: str) -> None:
    first = side("02070201", "02070101", **{name: "one"})
    second = side("02070101", **{name: "other"})
    second = second._replace(sites=second.sites.assign(hectares=150.0))
    assert keys(moved(first, second))["101", "101"] == ["other_rank"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (side("02070101"), side(forbidden=("020701",)), "ruled_forbidden"),
        (side("02070101", required=["02070101"]), side(), "ruled_required"),
        (side(), side("02070101", required=["020701"]), "ruled_required"),
        (
            side(),
            side("02070101", overrides=[{"code": "020701", "action": "add", "reason": "x"}]),
            "officer_add",
        ),
        (
            side("02070101"),
            side(overrides=[{"code": "02070101", "action": "remove", "reason": "x"}]),
            "officer_remove",
        ),
        (side("02071001"), side(), "outside_second"),
        (side(), side("02071001"), "outside_first"),
        (side(stopped={"020701": "unfit"}), side("02070101"), "stopped_first"),
        # a place of another kind, width or list is not there to be chosen
        (side("02070101"), side(candidates="hexagons", hexagon_m=5000.0), "absent_second"),
        (side(), place("H5000-61-331"), "absent_first"),
        (side(candidates="hexagons", hexagon_m=4000.0), place("H5000-61-331"), "absent_first"),
        (side(candidates="hexagons", hexagon_m=5000.0), place("H5000-61-331"), "others_first"),
        (place("P102.9500-12.9000"), side(candidates="points", points=[B]), "absent_second"),
        (place("P102.9500-12.9000"), side(candidates="points", points=[A, B]), "others_second"),
    ],
)
def test_who_decided_is_told_before_what_reaches_more(first: Side, second: Side, said: str) -> None:
    (notes,) = moved(first, second)["what"]
    assert [note.key for note in notes] == [f"scenarios.{said}"]
    assert all(text(n.key, language, **dict(n.values)) for n in notes for language in LANGUAGES)


VILLAGES = st.lists(
    st.sampled_from(
        [f"02070{commune}0{village}" for commune in (1, 2, 3) for village in (1, 2, 3)]
    ),
    unique=True,
    max_size=9,
)


@given(first=VILLAGES, second=VILLAGES)
def test_every_site_of_both_stands_once_and_communes_are_kept(
    first: list[str], second: list[str]
) -> None:
    table = moved(side(*first), side(*second))
    assert sorted(table["village_first"][table["village_first"] != ""]) == sorted(first)
    assert sorted(table["village_second"][table["village_second"] != ""]) == sorted(second)
    stays = table.loc[table["change"] == "stays", "village_first"]
    assert set(stays) == set(first) & set(second)
    for one, other in zip(table["village_first"], table["village_second"], strict=True):
        assert not one or not other or one[:6] == other[:6]


def said(first: dict[str, Any], second: dict[str, Any], language: Any = "en") -> list[str]:
    notes = asked_differently(first, second)
    return [text(note.key, language, **dict(note.values)) for note in notes]


@pytest.mark.parametrize(
    ("first", "second", "sentences"),
    [
        ({"count": 12}, {"count": 12}, []),
        ({"points": ()}, {"points": []}, []),
        (
            {"reach_m": 5000.0},
            {"reach_m": 7500.0},
            ["Distance a site reaches: first 5,000; second 7,500."],
        ),
        (
            {"weights": {"need": 0.4, "fit": 0.3}},
            {"weights": {"need": 0.45, "fit": 0.3}},
            ["Weight: Need: first 0.4; second 0.45."],
        ),
        (
            {"criterion_weights": {}},
            {"criterion_weights": {"slope": 0.5}},
            ["Weight: Slope: first not set; second 0.5."],
        ),
        (
            {"cutoffs": {"s1": 0.8}},
            {"cutoffs": {"s1": 0.9}},
            ["Lowest score of class S1: first 0.8; second 0.9."],
        ),
        (
            {"season": None},
            {"season": "dry"},
            ["Season of the records of early adopters: first not set; second Dry."],
        ),
        (
            {"required": ()},
            {"required": ("020701", "020702")},
            ["Places that must be sites: first not set; second 020701, 020702."],
        ),
        # as many points, others: which came and which went
        (
            {"points": [A]},
            {"points": [B]},
            [
                "Drawn points: only in the first Mill (102.95, 12.9); "
                "only in the second Pagoda (102.85, 12.8)."
            ],
        ),
        (
            {"points": []},
            {"points": [A]},
            ["Drawn points: only in the first none; only in the second Mill (102.95, 12.9)."],
        ),
        ({"future": 1}, {"future": 2}, ["future: first 1; second 2."]),
    ],
)
def test_parameters_in_words(
    first: dict[str, Any], second: dict[str, Any], sentences: list[str]
) -> None:
    assert said(first, second) == sentences
    assert len(said(second, first, "km")) == len(sentences)


def table_of(track: str, **weights: float) -> dict[str, Any]:
    criteria = [{"key": key, "weight": weight} for key, weight in weights.items()]
    return {"track": track, "tracks": [{"key": "upland", "criteria": criteria}]}


def test_of_the_tables_the_row_is_named_where_it_is_used() -> None:
    first, second = table_of("upland", slope=0.2), table_of("upland", slope=0.4)
    assert said(first, second) == [
        "Table of production systems (upland, criteria, slope, weight): first 0.2; second 0.4."
    ]
    assert said(first | {"track": "rice"}, second | {"track": "rice"}) == []


def test_many_differences_in_tables_are_counted() -> None:
    names = [f"c{number}" for number in range(MOST + 3)]
    first = table_of("upland", **dict.fromkeys(names, 0.1))
    sentences = said(first, table_of("upland", **dict.fromkeys(names, 0.2)))
    assert len(sentences) == MOST + 1
    assert sentences[-1].endswith(": 3.")


@pytest.mark.parametrize("name", [item.name for item in fields(SitesParameters)])
def test_every_parameter_of_sites_has_a_title(name: str) -> None:
    assert isinstance(title_of((name, "need") if name == "weights" else (name, "s1")), Note)


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    asked = {"count": 2, "samples": 0}
    return run("sites", "0207", asked, resolution=1000, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def other(made: Result, prepared_workspace: Workspace) -> Result:
    """The same without the commune that came first."""
    first = made.outcome.features["sites"].set_index("rank").loc[1, "code"]
    asked = {"count": 2, "samples": 0, "forbidden": [first]}
    return run("sites", "0207", asked, resolution=1000, workspace=prepared_workspace)


def test_a_result_and_itself(made: Result) -> None:
    found = compare(made, made)
    assert found.why == ()
    assert set(found.sites["change"]) == {"stays"}
    assert set(found.sites["what_en"]) == {"The same place and rank in both."}
    assert (found.totals["first"] == found.totals["second"]).loc[["sites", "hectares"]].all()
    assert found.shared == found.totals.loc["sites", "first"] == 2


def test_two_results_and_the_same_read_back(made: Result, other: Result, tmp_path: Path) -> None:
    found = compare(made, other)
    gone = made.outcome.features["sites"].set_index("rank").loc[1]
    row = found.sites.set_index("code").loc[gone["code"]]
    assert (row["change"], row["rank_first"]) == ("dropped", 1)
    assert row["hectares_first"] == gone["hectares"]
    assert [note.key for note in found.why] == ["scenarios.parameter_differs"]
    hectares = [result.outcome.features["sites"]["hectares"].sum() for result in (made, other)]
    assert found.totals.loc["hectares"].tolist() == hectares
    assert found.example
    assert len(found.communes) == 5
    write_result(made, tmp_path / "kept")
    again = compare(read_result(tmp_path / "kept"), other)
    assert again.why == found.why
    pd.testing.assert_frame_equal(again.sites, found.sites, check_dtype=False)


def test_another_area_is_said_once(made: Result) -> None:
    """Records and villages of another area differ anyhow: that is no second reason."""
    uses = tuple(
        replace(use, sha256="0") if use.id in ("adopters", "villages") else use
        for use in made.provenance.layers
    )
    wider = replace(made, provenance=replace(made.provenance, areas=("02",), layers=uses))
    assert [note.key for note in compare(made, wider).why] == ["scenarios.areas"]


def test_only_sites_are_compared(made: Result) -> None:
    ground = replace(made, provenance=replace(made.provenance, analysis="suitability"))
    with pytest.raises(BadParameter):
        compare(made, ground)


def test_written_whole_or_not_at_all(made: Result, other: Result, tmp_path: Path) -> None:
    found, out = compare(made, other), tmp_path / "out"
    names = ("ទីមួយ", "=cmd()")
    files = write_comparison(found, names, out)
    assert sorted(files) == sorted(path.name for path in out.iterdir())
    document = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert (document["first"], document["second"]) == names
    assert len(document["why"]) == len(document["why_km"]) == 1
    sites = pd.read_csv(out / "sites.csv", dtype={"code": str}, encoding="utf-8-sig")
    assert sites.columns[0] == "code"
    assert sites["example"].all()
    assert sites["what_km"].str.contains("[\u1780-\u17ff]").all()
    with pytest.raises(OutputNotEmpty):
        write_comparison(found, names, out)
