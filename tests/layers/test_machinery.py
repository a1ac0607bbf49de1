"""The table of machinery: whole, honest about its sources, in the words of the house."""

from __future__ import annotations

import json
from calendar import monthrange
from dataclasses import asdict, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from gis.coverage.machinery import Machinery, Speed, Surface, month_day
from gis.coverage.parameters import CoverageParameters
from gis.errors import BadParameter, CatalogueInvalid, UnknownParameter
from gis.friction import LAND, OTHER_ROAD, UNKNOWN_LAND
from gis.parameters import SEASON_KEYS, Season
from layers.catalogue import variables
from layers.files import read_toml
from layers.machinery import TABLE, machinery
from layers.parameters import parameters_of
from layers.run import run
from layers.tracks import tracks
from layers.workspace import Workspace
from registry.vocabulary import COVER_CROPS, CROPS, MACHINES

HOUSE = machinery()
ROWS = [row for part in fields(HOUSE) for row in getattr(HOUSE, part.name)]
PUBLISHED: dict[str, set[int]] = {
    "early-wet": {4, 5, 6},
    "main-wet": {7, 8, 9, 10},
    "dry": {11, 12, 1, 2, 3, 4},
}
"""Months of the seasons as published."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{type(row).__name__}-{row}"[:60])
def test_every_row_says_what_it_rests_on(row: Any) -> None:
    assert len(row.source) > 10
    assert row.working_value == ("working value" in row.source.lower())


def test_speeds_are_of_the_classes_that_layers_tell() -> None:
    known = variables()
    of = {
        surface: [row.key for row in HOUSE.speeds if row.surface == surface]
        for surface in get_args(Surface)
    }
    assert of["road"] == [*known["roads"].keys, OTHER_ROAD]
    assert of["land"] == [*known["land_cover"].keys, UNKNOWN_LAND]
    # Codes of the layer are places in the list by which friction reads them.
    legend = {item.code: item.key for item in known["land_cover"].legend}
    assert legend == dict(enumerate(LAND, 1))


@pytest.mark.parametrize("season", SEASON_KEYS)
def test_speeds_make_sense_together(season: Season) -> None:
    kmh = {row.key: row.in_season(season) for row in HOUSE.speeds}
    ranks = ["motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "track"]
    for faster, slower in pairwise(ranks):
        assert kmh[faster] >= kmh[slower]
    for key, value in kmh.items():
        if key.endswith("_link"):
            assert value == kmh[key.removesuffix("_link")]
    # A road is never slower than the land beside it.
    land = max(kmh[key] for key in LAND)
    assert land <= min(kmh[key] for key in ranks)
    assert kmh["water"] == 0
    assert kmh["track"] < kmh[OTHER_ROAD] < kmh["tertiary"]


def test_tracks_are_slower_in_the_wet_seasons() -> None:
    by_key = {row.key: row for row in HOUSE.speeds}
    for key in ("track", "path", "unclassified", "cropland", "unknown-land"):
        row = by_key[key]
        assert row.main_wet < row.early_wet < row.dry


def test_slopes_only_slow_down() -> None:
    for flatter, steeper in pairwise(HOUSE.slopes):
        assert flatter.on_road >= steeper.on_road >= steeper.off_road
        assert flatter.off_road >= steeper.off_road
    assert HOUSE.slopes[0].on_road == HOUSE.slopes[0].off_road == 1


def days(first: str, last: str) -> list[tuple[int, int]]:
    """Month and day from one date to another, past new year too."""
    every = [(m, d) for m in range(1, 13) for d in range(1, monthrange(2001, m)[1] + 1)]
    start, end = every.index(month_day(first)), every.index(month_day(last))
    return every[start : end + 1] if start <= end else every[start:] + every[: end + 1]


@pytest.mark.parametrize("row", [*HOUSE.windows, *HOUSE.sowing], ids=str)
def test_windows_lie_in_the_published_seasons(row: Any) -> None:
    """Early wet April-June, main wet July-October, dry November-April."""
    found = days(row.first, row.last)
    assert {month for month, _ in found} <= PUBLISHED[row.season]
    assert 14 <= len(found) <= 92


def test_the_table_is_whole() -> None:
    assert [row.month for row in HOUSE.rain] == list(range(1, 13))
    for row in HOUSE.rain:
        assert 0 <= row.days < monthrange(2001, row.month)[1]
    assert {row.machine for row in HOUSE.capacities} == set(MACHINES)
    assert {row.cover_crop for row in HOUSE.cover_crops} == set(COVER_CROPS) - {"other", "none"}
    assert {row.season for row in HOUSE.sowing} == set(SEASON_KEYS)
    planted = {row.crop for row in HOUSE.windows}
    assert planted == {"rice", "maize", "cassava", "soybean", "mung-bean"} <= set(CROPS)
    for track in tracks():
        for season in track.seasons:
            here = {row.crop for row in HOUSE.windows if row.season == season}
            assert here & {*track.crops, *track.other_crops}, (track.key, season)


def test_the_table_comes_back_from_a_result() -> None:
    """Parameters are echoed as JSON: what is read from there runs the same again."""
    given = {"machinery": HOUSE, "tracks": tracks(), "what_if": {"speeds": {"track": 3}}}
    ran = parameters_of(CoverageParameters, given)
    read = parameters_of(CoverageParameters, json.loads(json.dumps(asdict(ran))))
    assert read == ran
    assert read.machinery == HOUSE
    assert read.chosen.key == "upland"


def test_a_run_says_by_which_tables_it_counted(prepared_workspace: Workspace) -> None:
    """All of machinery, and every track: a tractor's days are shared by all of them."""
    said = run("coverage", "020701", resolution=500, workspace=prepared_workspace)
    echoed = json.loads(json.dumps(said.provenance.parameters))
    read = parameters_of(CoverageParameters, echoed)
    assert read.machinery == HOUSE
    assert read.tracks == tracks()
    again = run("coverage", "020701", echoed, resolution=500, workspace=prepared_workspace)
    pd.testing.assert_frame_equal(again.outcome.tables["communes"], said.outcome.tables["communes"])
    slower = echoed | {"machinery": asdict(replace(HOUSE, speeds=_at(0.5)))}
    slow = run("coverage", "020701", slower, resolution=500, workspace=prepared_workspace)
    minutes, more = (one.outcome.rasters["travel_time"].to_numpy() for one in (said, slow))
    np.testing.assert_allclose(more, 2 * minutes, rtol=1e-4)


def _at(factor: float) -> tuple[Speed, ...]:
    return tuple(
        replace(
            row,
            early_wet=factor * row.early_wet,
            main_wet=factor * row.main_wet,
            dry=factor * row.dry,
        )
        for row in HOUSE.speeds
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"machinery": {"speed": []}}, "machinery.speed"),
        (
            {"machinery": {"speeds": [asdict(HOUSE.speeds[0]) | {"dry": -1}]}},
            "machinery.speeds.0.dry",
        ),
        ({"machinery": {"windows": [asdict(HOUSE.windows[0]) | {"first": "02-30"}]}}, "first"),
        ({"machinery": {"sowing": [asdict(HOUSE.sowing[0]) | {"last": "02-29"}]}}, "last"),
        ({"machinery": {"rain": [asdict(HOUSE.rain[0])] * 2}}, "machinery"),
    ],
)
def test_a_table_of_ones_own_is_checked(given: dict[str, Any], named: str) -> None:
    with pytest.raises((BadParameter, UnknownParameter), match=named):
        parameters_of(CoverageParameters, given)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('surface = "road"', 'surface = "sea"', "speeds.0.surface"),
        ("main_wet = 30.0", "", "speeds.0.main_wet"),
        ("main_wet = 30.0", "main_wet = 30.0\nwet = 2", "speeds.0.wet"),
        ('first = "04-15"', 'first = "02-30"', "windows.0"),
        ("[[speeds]]", "[[speed]]", "speed"),
        ("up_to_percent = 3.0", "up_to_percent = 9.0", "machinery"),
        ('key = "motorway_link"', 'key = "motorway"', "machinery"),
    ],
)
def test_a_table_that_does_not_hold_is_refused_by_name(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    path = tmp_path / "machinery.toml"
    path.write_text(TABLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueInvalid) as error:
        machinery(path)
    assert error.value.path == str(path)
    assert error.value.where.startswith(where)


def test_what_the_file_holds_is_what_is_read() -> None:
    written = read_toml(TABLE)
    assert {name: len(rows) for name, rows in written.items()} == {
        part.name: len(getattr(HOUSE, part.name)) for part in fields(Machinery)
    }
