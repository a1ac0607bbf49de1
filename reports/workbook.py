"""A result as a workbook: a first sheet that says what it is, then a sheet a table."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pandas as pd

from gis.analysis import Result
from layers.write import flat_table
from locales import Language, text
from reports.about import about
from reports.anonymous import public
from reports.asked import asked
from reports.company import TABLE as REQUESTED
from reports.company import requested_rows
from reports.headings import NOTES, SHEETS, sheet_title
from reports.reporting import blocks
from reports.sheets import book_of
from reports.silent import silent_cells
from reports.stamps import stamp_of

REPORTING = "reporting"
"""The long table whose blocks the national focal point copies into the reporting system."""
SHAPES = frozenset({"bases", "new_bases", "not_ranked"})
"""Features of which a table tells all but the shapes."""


def workbook(result: Result, language: Language) -> bytes:
    """A result as an XLSX file.

    Texts stay texts whatever they begin with; a code keeps its zero; what is unknown says so, and
    so does what is withheld.

    Parameters
    ----------
    result
        A result, fresh or read back.
    language
        Of headings, notes and words; names of places stand in both.
    """
    return workbook_of(result, public(result), language)


def workbook_of(inside: Result, result: Result, language: Language) -> bytes:
    """The same of what may leave of a result, beside what is known of it inside the house."""
    content, whole = BytesIO(), tables_of(inside)
    made, title = result.provenance, text("workbook.title", language)
    tables = {name: table for name, table in tables_of(result).items() if not table.empty}
    silent = silent_cells(whole, tables)
    titles = {name: sheet_title(name, language) for name in tables}
    with book_of(content, title, made, language, stamp_of(result, language)) as book:
        lines = about(result, tuple(titles.values()), language)
        book.lines(text("workbook.about", language), lines)
        for name, table in tables.items():
            if name == REPORTING:
                book.blocks(titles[name], blocks(table, language, made.parameters))
            else:
                found, hidden = table, silent.get(name)
                if name == REQUESTED:  # in an order of its own, and withheld by the row
                    found, hidden = requested_rows(table, language), None
                book.table(titles[name], found, name, _notes(name, result, language), hidden)
    return content.getvalue()


def tables_of(result: Result) -> dict[str, pd.DataFrame]:
    """Tables in the order of their sheets; features that no table tells come last."""
    tables = dict(result.outcome.tables)
    order = [*(name for name in SHEETS if name in tables), *tables]
    found = {name: flat_table(tables[name]) for name in dict.fromkeys(order)}
    for name, frame in result.outcome.features.items():
        if name not in found and name not in SHAPES:
            found[name] = flat_table(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    return found


def _notes(name: str, result: Result, language: Language) -> Iterator[str]:
    if name in NOTES:
        yield text(NOTES[name], language)
    if said := asked(name, result, language):
        yield said
