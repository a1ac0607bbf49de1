"""An export is attacked: nothing in it lets the hectares of a few be worked out.

Every withheld commune asks for an odd number of hectares. The attacker knows the land (the maps
and the means of each commune), adds and subtracts what the tables tell, and asks a linear program
between which bounds the hectares of each commune lie. Without the rules it finds them exactly.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog, nnls

from gis.analysis import Outcome, Result
from layers.prepare import bring_in
from layers.run import run
from layers.runs import read_result
from layers.workspace import Workspace
from layers.write import write_result
from locales import LANGUAGES, Language, text
from reports.anonymous import public
from reports.asked import as_coverage
from reports.package import zipped
from reports.withheld import REQUESTED, withheld
from reports.workbook import tables_of, workbook

Event = tuple[str, str, float, int]
"""Commune, crop, hectares and how many attended."""
CASES: dict[int, tuple[str, list[Event], tuple[str, ...]]] = {
    # two few in one district: their sum may be told
    2031: ("0207", [("020701", "maize", 7.137, 3), ("020704", "maize", 9.291, 3)], ("upland",)),
    2032: (
        "0207",
        [("020701", "maize", 582.371, 4), ("020704", "maize", 78.613, 2)],
        ("upland",),
    ),
    # beside some that are told, whose hectares wait for the same machines
    2033: (
        "0207,0208",
        [
            ("020701", "maize", 61.171, 4),
            ("020702", "maize", 120.5, 40),
            ("020704", "maize", 47.293, 3),
            ("020801", "maize", 90.5, 25),
        ],
        ("upland",),
    ),
    # a few in each of two districts: the sum of both may be told
    2034: (
        "0207,0208",
        [
            ("020701", "maize", 31.177, 3),
            ("020704", "maize", 80.5, 30),
            ("020808", "maize", 23.719, 4),
            ("020801", "maize", 70.5, 20),
        ],
        ("upland",),
    ),
    # nobody else: told nowhere
    2035: ("0207", [("020704", "maize", 9.173, 2)], ("upland", "rice")),
    # of the other track only
    2036: (
        "0207",
        [("020702", "maize", 70.5, 30), ("020704", "rice", 9.371, 2)],
        ("upland", "rice"),
    ),
    # of both, and a second crop that stands nowhere
    2037: (
        "0207,0208",
        [
            ("020701", "maize", 33.371, 3),
            ("020702", "soybean", 8.713, 2),
            ("020703", "maize", 21.937, 4),
            ("020801", "maize", 90.5, 25),
            ("020808", "rice", 14.397, 3),
            ("020704", "rice", 60.5, 30),
        ],
        ("upland", "rice"),
    ),
    # many everywhere: new bases tell all
    2038: ("0207", [("020701", "maize", 260.5, 30), ("020704", "maize", 270.5, 25)], ()),
}
"""Year -> area, meetings of its main wet season, tracks to run."""
RUNS = [(year, track) for year, (_, _, tracks) in CASES.items() for track in tracks]
WHAT_IF = {"bases": [{"lon": 102.9, "lat": 12.9, "machine": "no-till-planter"}]}
TRACKS = ("upland", "rice")
EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples" / "events.csv"


@pytest.fixture(scope="module")
def asked(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The examples and a season of meetings a case."""
    root = tmp_path_factory.mktemp("asked")
    own = Workspace(Path(shutil.copytree(prepared_workspace.root, root / "workspace")))
    known = pd.read_csv(EXAMPLES, dtype=str).drop_duplicates("commune").set_index("commune")
    rows = [
        {
            **known.loc[commune, ["lon", "lat"]],
            "reference": f"EX-T-{year}-{number}",
            "event": "demand-creation-meeting",
            "date": "2026-01-10",
            "commune": commune,
            "women": attended - 1,
            "men": 1,
            "requested_crop": crop,
            "requested_season": "main-wet",
            "requested_year": year,
            "requested_ha": hectares,
            "example": "true",
        }
        for year, (_, events, _) in CASES.items()
        for number, (commune, crop, hectares, attended) in enumerate(events)
    ]
    pd.DataFrame(rows).to_csv(root / "events.csv", index=False)
    bring_in(root / "events.csv", "events", own)
    return own


Made = Callable[..., tuple[Result, Path]]


@pytest.fixture(scope="module")
def made(asked: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Year and track -> the result inside the house, and its zip unpacked."""

    @cache
    def make(year: int, track: str) -> tuple[Result, Path]:
        home = tmp_path_factory.mktemp("made")
        stated = {"season": "main-wet", "year": year, "demand": REQUESTED, "track": track}
        stated |= {"what_if": WHAT_IF}
        result = run("coverage", CASES[year][0], stated, resolution=500, workspace=asked)
        write_result(result, home / "out")
        with zipfile.ZipFile(BytesIO(zipped(home / "out"))) as package:
            package.extractall(home / "public")
        return result, home / "public" / "out"

    return make


def truth(year: int, track: str) -> dict[str, float]:
    """Withheld commune -> its hectares of the track."""
    crops = ("rice",) if track == "rice" else ("maize", "soybean")
    _, events, _ = CASES[year]
    few = [event for event in events if event[3] < 5 and event[1] in crops]
    return {commune: hectares for commune, _, hectares, _ in few}


@pytest.mark.parametrize(("year", "track"), RUNS)
def test_no_withheld_commune_is_recovered(year: int, track: str, made: Made) -> None:
    _, folder = made(year, track)
    left = read_result(folder).outcome
    codes = left.tables["communes"].index
    for commune, hectares in truth(year, track).items():
        low, high = bounds(left, codes.get_loc(commune))
        assert low < 0.9 * hectares or high > 1.1 * hectares
        guessed = guess(left)[codes.get_loc(commune)]
        assert not 0.9 * hectares <= guessed <= 1.1 * hectares
    # whoever is withheld, of either track, waits for machines with the others
    bases = ["served_ha", "other_track_ha", "use_share", "tractor_days_used", "break_even_low"]
    assert left.tables["providers"][bases].isna().all(axis=None)
    for name in ("communes", "districts", "changes", "changes_districts"):
        assert left.tables[name].filter(regex="served|unmet").isna().all(axis=None)
    assert left.summary["served_ha"] is left.summary["now"]["unmet_high_ha"] is None
    if truth(year, track):
        assert left.tables["curve"][["share", "share_low", "share_high"]].isna().all(axis=None)
        assert left.summary["share_60"] is left.summary["now"]["median_minutes"] is None


@pytest.mark.parametrize("year", [2031, 2032, 2033])
def test_the_attack_works_on_what_stays_in_the_house(year: int, made: Made) -> None:
    """Were only the hectares of communes blank, the means of their district would tell them."""
    inside, _ = made(year, "upland")
    tables = dict(inside.outcome.tables)
    blank = ["requested_ha", "demand_ha", "reachable_ha", "served_ha"]
    tables["communes"] = tables["communes"].assign(**dict.fromkeys(blank, np.nan))
    outcome = Outcome({}, tables, {}, inside.outcome.summary)
    codes = tables["communes"].index
    found = 0
    for commune, hectares in truth(year, "upland").items():
        low, high = bounds(outcome, codes.get_loc(commune))
        found += 0.9 * hectares <= low <= high <= 1.1 * hectares
    assert found


@pytest.mark.parametrize(("year", "track"), RUNS)
def test_no_cell_of_an_export_holds_them(
    year: int, track: str, made: Made, opened: Callable[[bytes], Any]
) -> None:
    """Nor their difference from any sum of rows that is told; zip, workbook and summary."""
    result, folder = made(year, track)
    few = [hectares for which in TRACKS for hectares in truth(year, which).values()]
    read = opened(workbook(result, "en"))
    cells = [cell for name in read.names for row in read.rows(name) for cell in row]
    numbers = [cell for cell in cells if isinstance(cell, float)]
    numbers += [*numbers_of(read_result(folder)), *leaves(read_result(folder).outcome.summary)]
    told = np.unique(np.round([value for value in numbers if np.isfinite(value)], 6))
    rows = read_result(folder).outcome.tables["requested"]["hectares"]
    named = [0.0, *rows, *rows.groupby(rows.index).sum(), rows.sum()]
    for hectares in few:
        for known in named:
            assert not np.isclose(told, hectares + known, rtol=1e-5).any()


def test_new_bases_tell_no_more_than_coverage(
    asked: Workspace, tmp_path: Path, opened: Callable[[bytes], Any]
) -> None:
    """Their hectares are made of the same requests, in tables and in sentences."""
    stated = {
        "goal": "bases",
        "count": 2,
        "service_season": "main-wet",
        "bases": {"demand": REQUESTED, "year": 2033},
    }
    result = run("sites", CASES[2033][0], stated, resolution=500, workspace=asked)
    write_result(result, tmp_path / "out")
    inside = result.outcome.tables["sites"]
    assert inside["hectares"].sum() > 0
    with zipfile.ZipFile(BytesIO(zipped(tmp_path / "out"))) as package:
        package.extractall(tmp_path / "public")
    left = read_result(tmp_path / "public" / "out").outcome
    sites = left.tables["sites"]
    assert list(sites["village"]) == list(inside["village"])
    assert sites[["hectares", "lost_hectares", "served_ha", "minutes"]].isna().all(axis=None)
    assert sites[["reason_en", "reason_km", "against_en"]].isna().all(axis=None)
    assert left.summary["served_more_ha"] is left.summary["unmet_now_ha"] is None
    assert left.tables["communes"]["unmet_now_ha"].isna().all()
    codes = left.tables["communes"].index
    for commune, hectares in truth(2033, "upland").items():
        low, high = bounds(left, codes.get_loc(commune))
        assert low < 0.9 * hectares or high > 1.1 * hectares
    told = [str(round(hectares)) for hectares in inside["hectares"]]
    read = opened(workbook(result, "en"))
    cells = [str(cell) for name in read.names for row in read.rows(name) for cell in row]
    assert not any(f" {number} ha" in cell for number in told for cell in cells)
    assert any("Withheld" in cell or "withheld" in cell for cell in cells)


def test_new_bases_tell_all_where_many_asked(asked: Workspace) -> None:
    """Season and year are those of the bases: of another season everybody would be too few."""
    stated = {
        "goal": "bases",
        "count": 1,
        "service_season": "main-wet",
        "bases": {"demand": REQUESTED, "year": 2038},
    }
    result = run("sites", CASES[2038][0], stated, resolution=500, workspace=asked)
    about = as_coverage("sites", result.provenance.parameters)
    assert about is not None
    assert (about["season"], about["year"]) == ("main-wet", 2038)
    assert not withheld(result.outcome, about).anybody
    left = public(result).outcome
    assert left.tables["communes"]["requested_ha"].sum() == pytest.approx(531)
    assert left.features["sites"]["hectares"].sum() > 0
    for name, table in result.outcome.tables.items():
        pd.testing.assert_frame_equal(left.tables[name], table)
    assert left.summary == result.outcome.summary
    # other seasons are withheld: of which, an export does not say
    assert [one.key for one in left.warnings] == [one.key for one in result.outcome.warnings]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withheld_cell_says_so(
    language: Language, made: Made, opened: Callable[[bytes], Any]
) -> None:
    result, folder = made(2033, "upland")
    read = opened(workbook(result, language))
    said = text("workbook.cell_withheld", language)
    head, *rows = read.rows(text("workbook.sheet_communes", language))[3:]
    column = head.index(text("coverage_page.demand_requested", language))
    cells = {row[column] for row in rows if str(row[0]).startswith("0207")}
    assert cells == {said} != {text("terms.unknown", language)}
    about = [cell for row in read.rows(text("workbook.about", language)) for cell in row]
    for key in ("workbook.withheld", "workbook.withheld_limit"):
        assert text(key, language) in about
    # in files the cell is empty, never 0
    written = pd.read_csv(folder / "communes.csv", dtype={"code": str}).set_index("code")
    assert written["requested_ha"].filter(like="0207", axis=0).isna().all()


def test_what_one_district_withholds_leaves_means_of_the_other(made: Made) -> None:
    """In 0208 everybody is told: what is of it alone stays."""
    result, folder = made(2033, "upland")
    left, before = read_result(folder).outcome.tables, result.outcome.tables
    for column in ("median_minutes", "share_60", "reachable_ha"):
        assert left["districts"].loc["0208", column] == before["districts"].loc["0208", column]
        assert pd.isna(left["districts"].loc["0207", column])
    assert left["communes"].loc["020801", "reachable_ha"] >= 0
    assert left["communes"]["median_minutes"].equals(before["communes"]["median_minutes"])
    assert left["providers"]["supply_ha"].gt(0).any()


def bounds(outcome: Outcome, place: int) -> tuple[float, float]:
    """Least and most hectares that a commune can have, given everything told."""
    left, right = equations(outcome)
    one = np.zeros(left.shape[1])
    one[place] = 1
    # a hair of room: means are rounded when written
    both, ends = np.vstack([left, -left]), np.append(right + 1e-5, 1e-5 - right)
    # a commune has at least what is told of it
    least = outcome.tables["communes"].index.map(named(outcome)).to_numpy()
    found = [
        linprog(sign * one, A_ub=both, b_ub=ends, bounds=[(end - 1e-6, 1e5) for end in least])
        for sign in (1, -1)
    ]
    assert all(answer.status == 0 for answer in found)
    return float(found[0].fun), float(-found[1].fun)


def named(outcome: Outcome) -> Callable[[str], float]:
    """Commune -> hectares of the year that the rows of ``requested`` tell of it."""
    rows = outcome.tables["requested"]
    crops = {"rice"} if outcome.summary["track"] == "rice" else {"maize", "soybean"}
    rows = rows[(rows["year"] == outcome.summary["year"]) & rows["crop"].isin(crops)]
    sums = rows.groupby(level=0)["hectares"].sum()
    return lambda code: float(sums.get(code, 0.0))


def guess(outcome: Outcome) -> Any:
    """Hectares of least squares that are not below 0."""
    left, right = equations(outcome)
    return nnls(np.vstack([left, np.zeros(left.shape[1])]), np.append(right, 0.0))[0]


def equations(outcome: Outcome) -> tuple[Any, Any]:
    """Coefficients of the communes' hectares and what they come to, from tables and summary."""
    found = [(np.zeros(len(outcome.tables["communes"])), 0.0), *_all(outcome)]
    known = [(left, right) for left, right in found if np.isfinite(left).all() & np.isfinite(right)]
    return np.array([left for left, _ in known]), np.array([right for _, right in known])


def _all(outcome: Outcome) -> Iterator[tuple[Any, float]]:
    communes, districts = outcome.tables["communes"], outcome.tables["districts"]
    members = {"": np.ones(len(communes), bool)}
    members |= {code: (communes["district"] == code).to_numpy() for code in districts.index}
    for position, hectares in enumerate(communes["requested_ha"]):
        yield np.eye(len(communes))[position], hectares
    for code, inside in members.items():
        row: Any = districts.loc[code] if code else outcome.summary
        hectares = np.nan if row["requested_ha"] is None else float(row["requested_ha"])
        yield inside.astype(float), hectares
        for name in ("share_30", "share_60", "share_120"):
            if row[name] is None:
                continue
            # the mean of the larger place weighs those of its communes by their hectares
            yield np.where(inside, communes[name] - row[name], 0.0), 0.0
        if row["reachable_ha"] is not None:
            yield np.where(inside, communes["share_120"], 0.0), row["reachable_ha"]
    need = outcome.tables["need"].groupby(level=0)["hectares"].sum(min_count=1)
    for code, hectares in need.items():
        yield members[str(code)].astype(float), hectares


def numbers_of(result: Result) -> list[float]:
    """Every number of the tables and map layers."""
    frames = [*tables_of(result).values(), *result.outcome.features.values()]
    return [
        float(value)
        for frame in frames
        for name in frame.columns
        if name != "requested" and pd.api.types.is_numeric_dtype(frame[name])
        for value in frame[name]
    ]


def leaves(summary: Any) -> list[float]:
    if isinstance(summary, dict):
        return [value for inner in summary.values() for value in leaves(inner)]
    return [float(summary)] if isinstance(summary, int | float) else []
