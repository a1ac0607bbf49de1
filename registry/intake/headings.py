"""Are the right columns there, and none that must not be kept?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from gis.errors import Fault
from registry.intake.cells import plain
from registry.intake.column import Kind
from registry.intake.readers import Row, Table, heading
from registry.vocabulary import LIST_SEPARATOR

PLACE = ("lon", "lat")
OUTLINE = "wkt"
_SAME = {"longitude": "lon", "latitude": "lat"}
_NEAR = 70

PERSONAL = frozenset(
    heading(name)
    for name in (
        *("name", "full name", "first name", "last name", "family name", "given name", "surname"),
        *("farmer", "farmer name", "owner", "owner name", "contact", "contact name", "head"),
        *("provider name", "operator", "person", "spouse", "sex", "age", "birth", "date of birth"),
        *("phone", "phone number", "telephone", "tel", "mobile", "whatsapp", "telegram", "email"),
        *("id card", "national id", "id number", "passport", "address", "house", "photo"),
        *("bank", "bank account", "account", "wing", "facebook"),
        *("ឈ្មោះ", "នាម", "គោត្តនាម", "ភេទ", "អាយុ", "ទូរស័ព្ទ", "លេខទូរស័ព្ទ", "អាសយដ្ឋាន", "អត្តសញ្ញាណប័ណ្ណ"),
    )
)
"""Headings about people. They are refused, not dropped: such a file should not go around."""


@dataclass(frozen=True)
class Mapped:
    """A table whose headings are ours; ``passed_over`` rows lacked what their list needs."""

    table: Table
    passed_over: int = 0


def mapped(table: Table, kind: Kind, columns: Mapping[str, str]) -> Mapped:
    """The table under our headings: those stated, of a published list, or its own."""
    needs = ""
    stated = {heading(name): own for name, own in columns.items()}
    if not stated:
        published = next((item for item in kind.published if item.matches(table.headings)), None)
        if published is None:
            return Mapped(_renamed(table))
        stated, needs = dict(published.headings), published.needs
    rows = tuple(_under(row, stated) for row in table.rows)
    kept = tuple(row for row in rows if not needs or plain(row.cells.get(needs)))
    names = dict.fromkeys(own for name, own in stated.items() if name in table.headings)
    return Mapped(_replaced(table, tuple(names), kept), len(rows) - len(kept))


def stated_faults(table: Table, columns: Mapping[str, str]) -> list[Fault]:
    """Headings that were stated but that the file lacks, or that are about people."""
    names = [heading(name) for name in columns]
    missing = [Fault(None, name, "column_missing") for name in names if name not in table.headings]
    return missing + [Fault(None, name, "column_personal") for name in names if name in PERSONAL]


def _under(row: Row, stated: Mapping[str, str]) -> Row:
    cells: dict[str, object] = {}
    for name, own in stated.items():
        cell = row.cells.get(name)
        if own not in cells or not plain(cells[own]):
            cells[own] = cell
        elif plain(cell):
            cells[own] = f"{plain(cells[own])}{LIST_SEPARATOR}{plain(cell)}"
    return Row(row.number, cells, row.shape, row.broken)


def _renamed(table: Table) -> Table:
    if not set(_SAME) & set(table.headings):
        return table
    return _replaced(
        table,
        tuple(_SAME.get(name, name) for name in table.headings),
        tuple(
            Row(
                row.number,
                {_SAME.get(name, name): cell for name, cell in row.cells.items()},
                row.shape,
                row.broken,
            )
            for row in table.rows
        ),
    )


def _replaced(table: Table, headings: tuple[str, ...], rows: tuple[Row, ...]) -> Table:
    return Table(table.path, headings, rows, table.spatial, table.crs)


def heading_faults(table: Table, kind: Kind) -> list[Fault]:
    """Columns missing, unknown or about people."""
    wanted = {column.name for column in kind.columns}
    required = [column.name for column in kind.columns if column.required]
    if kind.shape is not None and not table.spatial:
        place = PLACE if kind.shape == "point" else (OUTLINE,)
        wanted |= set(place)
        required += place
    faults = [
        Fault(None, name, "column_missing") for name in required if name not in table.headings
    ]
    unwanted = (name for name in table.headings if name not in wanted)
    return faults + [_unwanted(name, wanted, spatial=table.spatial) for name in unwanted]


def _unwanted(name: str, wanted: set[str], *, spatial: bool) -> Fault:
    if not name:
        return Fault(None, None, "column_unnamed")
    if name in PERSONAL:
        return Fault(None, name, "column_personal")
    if spatial and name in (*PLACE, OUTLINE):
        return Fault(None, name, "column_place_twice")
    near = process.extractOne(name, sorted(wanted), scorer=fuzz.ratio, score_cutoff=_NEAR)
    if near is not None:
        return Fault(None, name, "column_unknown_near", (("perhaps", near[0]),))
    return Fault(None, name, "column_unknown", (("choices", tuple(sorted(wanted))),))
