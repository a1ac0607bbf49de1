"""Tillage and inputs of plots, read off their seasons: rows by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shapely

from registry.database import Database
from registry.intake import Report
from registry.management import COLUMNS, FULL, HIGH, MEDIUM, NO_TILL, REDUCED, UNKNOWN, management

Take = Callable[..., Report]
PLOT = f'P1,020704,upland,maize,stylo,"{shapely.box(102.85, 12.85, 102.851, 12.851).wkt}"'
PLOTS = f"reference,commune,track,crop,cover_crop,wkt\n{PLOT}\n"
SEASONS = "reference,season,year,status,cover_crop,principles\n"


@pytest.mark.parametrize(
    ("seasons", "expected"),
    [
        # no-till and a cover crop; soil cover without one leaves inputs as they are
        (["main-wet,2024,practised,,no-till;soil-cover"], [(2024, NO_TILL, HIGH)]),
        (["main-wet,2024,practised,none,no-till;soil-cover"], [(2024, NO_TILL, MEDIUM)]),
        (["main-wet,2024,practised,,no-till"], [(2024, NO_TILL, MEDIUM)]),
        (["main-wet,2024,partly,,no-till"], [(2024, REDUCED, MEDIUM)]),
        (["main-wet,2024,practised,,diversified"], [(2024, FULL, MEDIUM)]),
        (["main-wet,2024,stopped,,"], [(2024, FULL, MEDIUM)]),
        # nobody said what was seen, or nobody came
        (["main-wet,2024,practised,,"], [(2024, UNKNOWN, UNKNOWN)]),
        (["main-wet,2024,not-visited,,"], []),
        # one ploughed season makes a ploughed year; one cover crop makes high inputs
        (
            ["early-wet,2024,practised,,no-till;soil-cover", "main-wet,2024,stopped,,"],
            [(2024, FULL, HIGH)],
        ),
        (
            ["early-wet,2024,practised,,", "main-wet,2024,practised,,no-till"],
            [(2024, NO_TILL, MEDIUM)],
        ),
        (
            ["main-wet,2023,practised,,no-till", "main-wet,2024,practised,,diversified"],
            [(2023, NO_TILL, MEDIUM), (2024, FULL, MEDIUM)],
        ),
    ],
)
def test_levels_of_a_year(
    seasons: list[str], expected: list[tuple[int, int, int]], take: Take, memory: Database
) -> None:
    take("plots", PLOTS)
    take("seasons", SEASONS + "".join(f"P1,{season}\n" for season in seasons))
    found = management(memory)
    assert list(found.columns) == list(COLUMNS)
    rows = found[["year", "tillage", "inputs"]].itertuples(index=False, name=None)
    assert list(rows) == expected
    assert set(found["commune"]) <= {"020704"}
    assert (found["area_ha"] > 0).all()
    assert not found["example"].any()


def test_a_registry_without_records_has_no_rows(database: Database) -> None:
    found = management(database)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
