"""Hectares that fewer than five farmers asked for leave the house at a coarser level only.

The hectares of every case are set by hand; what may be told is worked out on paper beside them.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

from gis.analysis import Note, Outcome, Provenance, Result
from reports.anonymous import public

COMMUNES = {"020701": 50.0, "020702": 10.0, "020703": 8.0, "020801": 20.0, "020802": 0.0}
"""Requested hectares of the run."""
ALL_NAMED = [("020701", 50.0), ("020702", 10.0), ("020703", 8.0), ("020801", 20.0)]
TWO_FEW = [("020701", 50.0), ("0207", 18.0), ("020801", 20.0)]
"""Two communes had few farmers each, together enough to be told of their district."""
DISTRICT_FEW = [("020701", 50.0), ("", 18.0), ("020801", 20.0)]
AREA_FEW = [("020701", 50.0), ("020801", 20.0)]
BOTH = ["0207", "0208"]


def result(named: list[tuple[str, float]], demand: str = "requested") -> Result:
    index = pd.Index(list(COMMUNES), name="code")
    hectares = np.array(list(COMMUNES.values()))
    communes = pd.DataFrame(
        {
            "district": [code[:4] for code in COMMUNES],
            "crop_area_ha": 1000.0,
            "requested_ha": hectares,
            "demand_ha": hectares if demand == "requested" else 100.0,
            "reachable_ha": hectares / 2,
            "served_low_ha": hectares / 2,
            "supply_demand_ratio": 1.5,
            "median_minutes": 40.0,
        },
        index=index,
    )
    columns = ["requested_ha", "demand_ha", "reachable_ha", "served_low_ha", "crop_area_ha"]
    districts = communes.groupby("district")[columns].sum().rename_axis("code")
    districts = districts.assign(median_minutes=40.0, share_30=0.4, off_road_share=0.2)
    requested = pd.DataFrame(named, columns=["code", "hectares"]).set_index("code")
    requested["district"] = [code[:4] for code in requested.index]
    requested = requested.assign(crop="maize", season="main-wet", year=2026, machine="")
    # rows that are not of this run tell nothing of its hectares
    others = [
        requested.assign(season="dry"),
        requested.assign(year=2025),
        requested.assign(crop="cashew"),
        requested.assign(machine="roller-crimper"),
    ]
    one = pd.Index(["1"], name="code")
    tables = {
        "communes": communes,
        "districts": districts,
        "requested": pd.concat([requested, *others]),
        "changes": communes[["district"]].assign(served_ha_now=hectares, median_minutes_now=3.0),
        "need": districts[[]].assign(
            planters_there=1, hectares=8.0, planters=pd.array([1, pd.NA], "Int64")
        ),
        "providers": pd.DataFrame(
            {"served_ha": [44.0], "other_track_ha": [0.0], "supply_ha": [298.0]}, index=one
        ),
        "curve": pd.DataFrame({"minutes": [30], "share": [0.4], "share_low": [0.1]}, index=one),
    }
    shapes = gpd.GeoDataFrame(
        communes.reset_index(), geometry=gpd.points_from_xy([0] * 5, [0] * 5), crs="EPSG:32648"
    )
    summary = {"year": 2026, "machines": ["no-till-planter"], "requested_ha": 88.0, "bases": 2}
    summary |= {"served_ha": 44.0, "seed_kg": 2640.0, "share_30": 0.4}
    tracks = [
        {"key": "upland", "crops": ["maize"], "other_crops": ["soybean"]},
        {"key": "rice", "crops": ["rice"], "other_crops": [], "planters": ["seed-drill"]},
    ]
    parameters = {"track": "upland", "tracks": tracks, "season": "main-wet", "demand": demand}
    provenance = Provenance(
        *("coverage", ("0207", "0208"), parameters, (), "deimap 0", "2026-11-22T05:28:05+00:00"),
        *("EPSG:32648", 100.0, False),
    )
    outcome = Outcome({}, tables, {"communes": shapes}, {**summary, "now": dict(summary)})
    grid = GeoBox.from_bbox((300000, 1400000, 300200, 1400100), "EPSG:32648", resolution=100)
    return Result(outcome, provenance, grid)


def unknown(table: pd.DataFrame, column: str) -> list[str]:
    return table.index[table[column].isna()].tolist()


EVERYWHERE = list(COMMUNES)


@pytest.mark.parametrize(
    ("named", "communes", "mixed", "districts", "area"),
    [
        (ALL_NAMED, [], [], [], False),
        # with 020701 and the district told, 18 ha of two communes are what anybody may know
        (TWO_FEW, ["020701", "020702", "020703"], ["0207"], [], False),
        # a district less its named rows would tell of 18 ha; so would the other from the sum
        (DISTRICT_FEW, ["020701", "020702", "020703"], BOTH, BOTH, False),
        (AREA_FEW, ["020701", "020702", "020703"], BOTH, BOTH, True),
        ([], EVERYWHERE, BOTH, BOTH, True),
    ],
)
def test_few_farmers_are_told_of_the_next_level_only(
    named: list[tuple[str, float]],
    communes: list[str],
    mixed: list[str],
    districts: list[str],
    area: bool,
) -> None:
    found = public(result(named)).outcome
    tables, summary = found.tables, found.summary
    for column in ("requested_ha", "demand_ha", "reachable_ha"):
        assert unknown(tables["communes"], column) == communes
    for column in ("requested_ha", "demand_ha"):
        assert unknown(tables["districts"], column) == districts
    # means over a district weigh its communes by their hectares: an equation each
    for column in ("reachable_ha", "median_minutes", "share_30"):
        assert unknown(tables["districts"], column) == mixed
    # all wait for the same machines: who is served tells of who is not
    for table, column, rows in (
        ("communes", "served_low_ha", EVERYWHERE),
        ("communes", "supply_demand_ratio", EVERYWHERE),
        ("districts", "served_low_ha", BOTH),
        ("changes", "served_ha_now", EVERYWHERE),
        ("providers", "served_ha", ["1"]),
        ("providers", "other_track_ha", ["1"]),
        ("curve", "share", ["1"]),
        ("curve", "share_low", ["1"]),
    ):
        assert unknown(tables[table], column) == (rows if communes else [])
    assert unknown(tables["need"], "hectares") == mixed
    drawn = found.features["communes"].set_index("code")
    assert unknown(drawn, "requested_ha") == communes
    for name in ("served_ha", "share_30"):
        assert (summary[name] is None) == (summary["now"][name] is None) == bool(communes)
    assert (summary["requested_ha"] is None) == area
    assert (summary["now"]["seed_kg"] is None) == area
    assert (Note("workbook.withheld") in found.warnings) == bool(communes)
    assert (Note("workbook.withheld_limit") in found.warnings) == bool(communes)


def others(code: str, machine: str = "") -> pd.DataFrame:
    """A row of the other track, of a commune, a district or the area."""
    row = {"code": code, "hectares": 9.0, "district": code[:4], "crop": "rice"}
    row |= {"season": "main-wet", "year": 2026, "machine": machine}
    return pd.DataFrame([row]).set_index("code")


def beside(row: pd.DataFrame | None = None, *notes: Note) -> Result:
    """Everybody of the track is told; another track stands beside it."""
    found = result(ALL_NAMED)
    tables = dict(found.outcome.tables)
    tables["requested"] = pd.concat([tables["requested"], *([] if row is None else [row])])
    return replace(found, outcome=replace(found.outcome, tables=tables, warnings=notes))


def note(*kinds: tuple[object, ...]) -> Note:
    return Note("coverage.requests_withheld", (("fewest", 5), ("kinds", kinds)))


@pytest.mark.parametrize(
    ("found", "silent"),
    [
        (beside(others("020702")), False),
        (beside(others("0207")), True),
        (beside(others("")), True),
        (beside(others("0207", "seed-drill")), True),
        # no machine of the track: not in the run
        (beside(others("0207", "roller-crimper")), False),
        (beside(None, note(("rice", "main-wet", 2026, ""))), True),
        (beside(None, note(("rice", "dry", 2026, ""), ("cashew", "main-wet", 2026, ""))), False),
        # older results do not say of what
        (beside(None, Note("coverage.requests_withheld", (("fewest", 5),))), True),
    ],
)
def test_few_of_another_track_silence_what_machines_serve(found: Result, silent: bool) -> None:
    left = public(found).outcome
    for table, column in (
        ("communes", "served_low_ha"),
        ("districts", "served_low_ha"),
        ("providers", "other_track_ha"),
    ):
        assert left.tables[table][column].isna().all() == silent
    assert (left.summary["served_ha"] is None) == silent
    # of the track itself nobody is few
    for table, column in (("communes", "requested_ha"), ("districts", "share_30")):
        assert left.tables[table][column].notna().all()
    assert left.tables["curve"]["share"].notna().all()
    assert left.summary["share_30"] == 0.4


def test_an_export_does_not_say_what_it_withholds() -> None:
    left = public(beside(None, note(("rice", "dry", 2026, ""))))
    assert left.outcome.warnings == (Note("coverage.requests_withheld", (("fewest", 5),)),)


def test_what_tells_of_no_request_stays() -> None:
    before, found = result(AREA_FEW).outcome, public(result(AREA_FEW)).outcome
    for table, column in (
        ("communes", "crop_area_ha"),
        ("communes", "median_minutes"),
        ("changes", "median_minutes_now"),
        ("districts", "crop_area_ha"),
        ("providers", "supply_ha"),
        ("need", "planters_there"),
    ):
        assert found.tables[table][column].equals(before.tables[table][column])
    assert found.tables["requested"] is not None
    assert found.summary["bases"] == 2
    assert before.tables["communes"]["requested_ha"].notna().all()


def test_a_scenario_hides_requests_only() -> None:
    found = public(result(DISTRICT_FEW, "scenario")).outcome
    assert unknown(found.tables["communes"], "requested_ha") == ["020701", "020702", "020703"]
    assert unknown(found.tables["districts"], "requested_ha") == ["0207", "0208"]
    for table in ("communes", "districts"):
        assert found.tables[table][["demand_ha", "served_low_ha"]].notna().all(axis=None)
    assert found.tables["need"]["hectares"].notna().all()


def test_nobody_few_and_other_analyses_stay_as_they_are() -> None:
    named = result(ALL_NAMED)
    assert public(named).outcome is named.outcome
    other = replace(named, outcome=Outcome({}, {"communes": pd.DataFrame({"need": [1.0]})}))
    assert public(other).outcome is other.outcome
