"""What a fleet can do: hectares counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gis.coverage.calendar import Period
from gis.coverage.capacity import Fleet, Machine, able, fleet_of, supply, works
from gis.errors import BadParameter

TABLE = {"no-till-planter": 4.0, "seed-drill": 5.0, "tractor": 6.0}
SERVES = {
    "maize": ("no-till-planter",),
    "cassava": ("no-till-planter",),
    "rice": ("seed-drill", "no-till-planter"),
}


def records(*rows: tuple[str, int, tuple[str, ...], float]) -> pd.DataFrame:
    columns = ["machine", "count", "crops", "field_capacity_ha_day"]
    return pd.DataFrame(list(rows), columns=columns)


def machine(kind: str, count: int, a_day: float, *crops: str) -> Machine:
    return Machine(kind, count, a_day, frozenset(crops))


def period(days: float, *crops: str, month: int = 5) -> Period:
    return Period(days, frozenset(crops), month)


def test_a_record_states_capacity_and_crops_else_the_table_does() -> None:
    found = fleet_of(
        records(
            ("no-till-planter", 2, ("maize", "rice", "sesame"), 3.5),
            ("seed-drill", 1, ("rice", "maize"), np.nan),
            ("no-till-planter", 1, (), np.nan),
            ("land-leveller", 1, ("rice",), np.nan),
            ("tractor", 3, ("maize",), np.nan),
        ),
        SERVES,
        TABLE,
    )
    assert found == Fleet(
        (
            machine("no-till-planter", 2, 3.5, "maize", "rice"),
            machine("seed-drill", 1, 5.0, "rice"),
            machine("no-till-planter", 1, 4.0, "maize", "cassava", "rice"),
        ),
        tractors=3,
    )


def test_without_a_tractor_on_record_each_machine_comes_with_one() -> None:
    found = fleet_of(
        records(
            ("no-till-planter", 2, ("maize",), np.nan),
            ("seed-drill", 1, ("rice",), np.nan),
            ("roller-crimper", 4, ("maize",), np.nan),
        ),
        SERVES,
        TABLE,
    )
    assert (found.tractors, found.tractor_assumed) == (3, True)


def test_a_base_without_a_machine_of_the_kind_serves_nothing() -> None:
    found = fleet_of(records(("tractor", 2, ("maize",), 5.0)), SERVES, TABLE)
    assert found == Fleet(tractors=2)
    assert fleet_of(records(), SERVES, TABLE) == Fleet()
    assert supply(found, [period(30, "maize")], ["maize"]) == 0


def test_a_tractor_asked_for_itself_needs_only_itself() -> None:
    found = fleet_of(records(("tractor", 2, ("maize",), np.nan)), {"maize": ("tractor",)}, TABLE)
    assert found == Fleet((machine("tractor", 2, 6.0, "maize"),), tractors=2)
    assert supply(found, [period(10, "maize")], ["maize"]) == 2 * 6 * 10


def test_a_kind_whose_capacity_nobody_states_is_an_error() -> None:
    rows = records(("no-till-planter", 1, ("maize",), np.nan))
    with pytest.raises(BadParameter, match="no-till-planter"):
        fleet_of(rows, SERVES, {"seed-drill": 5.0})


def test_zero_capacity_supplies_nothing() -> None:
    found = fleet_of(records(("no-till-planter", 1, ("maize",), np.nan)), SERVES, TABLE)
    assert supply(found.scaled(0.0), [period(10, "maize")], ["maize"]) == 0
    zero = fleet_of(
        records(("no-till-planter", 1, ("maize",), np.nan)), SERVES, {"no-till-planter": 0.0}
    )
    assert supply(zero, [period(10, "maize")], ["maize"]) == 0


PLANTER = machine("no-till-planter", 2, 4.0, "maize", "rice")
DRILL = machine("seed-drill", 1, 6.0, "rice")


@pytest.mark.parametrize(
    ("tractors", "crops", "expected"),
    [
        # May 10 days maize and rice, June 5 days rice only.
        (3, ("maize",), 2 * 4 * 10),
        (1, ("maize",), 1 * 4 * 10),
        (3, ("rice",), (2 * 4 + 6) * 15),
        # One tractor draws the drill, which does more in a day.
        (1, ("rice",), 6 * 15),
        (2, ("rice",), (6 + 4) * 15),
        (2, ("maize", "rice"), (6 + 4) * 15),
        (0, ("rice",), 0),
        (3, ("cassava",), 0),
        (3, (), 0),
    ],
)
def test_supply_by_hand(tractors: int, crops: tuple[str, ...], expected: float) -> None:
    fleet = Fleet((PLANTER, DRILL), tractors)
    season = [period(10, "maize", "rice"), period(5, "rice", month=6)]
    assert supply(fleet, season, crops) == expected
    assert supply(fleet.scaled(0.75), season, crops) == 0.75 * expected


def test_no_days_no_supply() -> None:
    assert supply(Fleet((PLANTER,), 2), [], ["maize"]) == 0
    assert supply(Fleet((PLANTER,), 2), [period(0, "maize")], ["maize"]) == 0


def test_more_machines_bring_their_tractors() -> None:
    fleet = Fleet((PLANTER,), 2, tractor_assumed=True).joined(DRILL)
    assert fleet == Fleet((PLANTER, DRILL), 3, tractor_assumed=True)


@pytest.mark.parametrize(
    ("machine", "found"),
    [
        (DRILL, True),
        (replace(DRILL, hectares_a_day=0.0), False),
        (replace(DRILL, crops=frozenset({"cassava"})), False),
        (replace(DRILL, crops=frozenset()), False),
        (Machine("tractor", 1, 5.0, frozenset()), True),
    ],
)
def test_a_machine_works_that_serves_something_or_draws(machine: Machine, found: bool) -> None:
    season = [period(10, "maize", "rice"), period(0, "cassava")]
    assert works(machine, season) == found


def test_who_is_able_to_serve_what() -> None:
    fleets = [Fleet((PLANTER,), 1), Fleet((DRILL,), 1), Fleet((DRILL,), 0), Fleet()]
    found = able(fleets, [period(10, "rice", "cassava")], ("maize", "rice"))
    assert found.tolist() == [[False, True], [False, True], [False, False], [False, False]]
    assert able([], [], ("maize",)).shape == (0, 1)
