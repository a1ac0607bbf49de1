"""Points that a planner brings: read whole, or refused with the rows to mend."""

from __future__ import annotations

import pytest

from gis.errors import FileUnreadable, ImportRefused
from gis.sites.parameters import DrawnPoint
from layers.boundaries import Gazetteer, gazetteer
from layers.points import MOST_POINTS, uploaded_points
from layers.workspace import Workspace

HEAD = "lon,lat,name\n"


@pytest.fixture(scope="module")
def places(prepared_workspace: Workspace) -> Gazetteer:
    return gazetteer(prepared_workspace)


def test_rows_become_points(places: Gazetteer) -> None:
    content = f"\ufeff{HEAD}102.9,12.9,សាលា\n103.123456789, 12.95 ,Old mill\n".encode()
    assert uploaded_points("places.CSV", content, places) == (
        DrawnPoint(102.9, 12.9, "សាលា"),
        DrawnPoint(103.12346, 12.95, "Old mill"),
    )


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ("", [(None, "no_rows")]),
        (HEAD, [(None, "no_rows")]),
        ("lon,lat\n102.9,12.9\n", [(None, "column_missing")]),
        (f"{HEAD}12.9,102.9,Swapped\n", [(2, "place_swapped")]),
        (f"{HEAD}2.35,48.85,Paris\n", [(2, "place_abroad")]),
        (f"{HEAD}east,12.9,Words\n", [(2, "not_a_number")]),
        (f"{HEAD}nan,12.9,Nothing\n", [(2, "not_a_number")]),
        (f"{HEAD}102.9,12.9,\n", [(2, "value_missing")]),
        (f"{HEAD}102.9,12.9,One\n102.8,12.8,One\n", [(3, "repeated")]),
        (f"{HEAD}102.9,12.9,One\n102.900001,12.9,Two\n", [(3, "same_place")]),
        (f"{HEAD}102.9,12.9,{'x' * 101}\n", [(2, "too_long")]),
        (f"{HEAD}102.9,12.9,a\x07b\n", [(2, "control_characters")]),
        (f"{HEAD}102.9,12.9,\u202eevil\n", [(2, "control_characters")]),
        (f'{HEAD}102.9,12.9,"a\nb"\n', [(2, "control_characters")]),
        (HEAD + "102.9,12.9,p\n" * (MOST_POINTS + 1), [(None, "too_many_points")]),
    ],
)
def test_what_cannot_be_used_is_named_by_its_row(
    places: Gazetteer, words: str, faults: list[tuple[int | None, str]]
) -> None:
    with pytest.raises(ImportRefused) as refused:
        uploaded_points("places.csv", words.encode(), places)
    assert [(fault.row, fault.key) for fault in refused.value.faults] == faults
    assert refused.value.path == "places.csv"


@pytest.mark.parametrize(
    "file",
    ["places.xlsx", "../../etc/passwd", "places", "a.c\x00sv", f"a.{'y' * 300}", "a.csv\x00", ""],
)
def test_other_files_are_refused(places: Gazetteer, file: str) -> None:
    with pytest.raises(FileUnreadable):
        uploaded_points(file, b"lon,lat,name\n1,2,3\n", places)
