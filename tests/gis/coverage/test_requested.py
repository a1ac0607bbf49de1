"""The company sheet names no group under five farmers and loses no row that it may name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gis.coverage.requested import requested_table


def rows(world: Any, *asked: Any) -> tuple[list[tuple[Any, ...]], list[str]]:
    table, notes = requested_table(world.but(requests=asked).inputs())
    columns = ["name_en", "district", "crop", "hectares", "meetings"]
    return list(table[columns].itertuples(name=None)), [note.key for note in notes]


def test_meetings_of_one_row_are_summed(world: Any, sketch: SimpleNamespace) -> None:
    asked = [sketch.request(meeting, "010101", "maize", 10, farmers=3) for meeting in ("E1", "E2")]
    found, notes = rows(world, *asked)
    assert found == [("010101", "C010101", "0101", "maize", 20, 2)]
    assert notes == []


def test_too_few_farmers_are_summed_over_the_district(world: Any, sketch: SimpleNamespace) -> None:
    asked = [
        sketch.request("E1", "010101", "maize", 10, farmers=4),
        sketch.request("E2", "010102", "maize", 5, farmers=4),
        sketch.request("E3", "010103", "maize", 50, farmers=5),
    ]
    found, notes = rows(world, *asked)
    assert found == [
        ("0101", "", "0101", "maize", 15, 2),
        ("010103", "C010103", "0101", "maize", 50, 1),
    ]
    assert notes == []


def test_what_is_too_few_in_a_district_stands_without_one(
    world: Any, sketch: SimpleNamespace
) -> None:
    asked = [
        sketch.request("E1", "010101", "maize", 10, farmers=4),
        sketch.request("E2", "010201", "maize", 5, farmers=4),
    ]
    assert rows(world, *asked) == ([("", "", "", "maize", 15, 2)], [])


@pytest.mark.parametrize("farmers", [4, 0, np.nan])
def test_what_is_too_few_even_so_stands_nowhere(
    world: Any, sketch: SimpleNamespace, farmers: float
) -> None:
    found, notes = rows(world, sketch.request("E1", "010101", "maize", 10, farmers=farmers))
    assert found == []
    assert notes == ["coverage.requests_withheld"]


def test_one_meeting_that_asked_twice_is_one_group(world: Any, sketch: SimpleNamespace) -> None:
    """Three farmers are three, however many lines they fill."""
    asked = [sketch.request("E1", "010101", "maize", 10, farmers=3) for _ in range(2)]
    assert rows(world, *asked)[0] == []


def test_seasons_crops_and_machines_stay_apart(world: Any, sketch: SimpleNamespace) -> None:
    asked = [
        sketch.request("E1", "010101", "maize", 1),
        sketch.request("E1", "010101", "maize", 2, season="dry"),
        sketch.request("E1", "010101", "rice", 3),
        sketch.request("E1", "010101", "maize", 4, machine="no-till-planter"),
        sketch.request("E1", "010101", "maize", 5, year=2025),
    ]
    assert sorted(row[4] for row in rows(world, *asked)[0]) == [1, 2, 3, 4, 5]


def test_without_requests_the_table_has_its_columns(world: Any) -> None:
    table, notes = requested_table(world.inputs())
    assert table.empty
    assert {"name_en", "crop", "season", "year", "machine", "hectares", "meetings"} <= set(table)
    assert notes == ()
