"""The company sheet: hectares requested by commune, crop, season and machine, and nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Result
from gis.errors import TableMissing
from layers.write import flat_table
from locales import LANGUAGES, Language, text
from reports.about import Line, areas_and_time, sources
from reports.asked import COVERAGE
from reports.headings import NOTES
from reports.sheets import book_of
from reports.stamps import stamp_of

TABLE = "requested"
"""Table of a result of coverage. It names no commune for what fewer than five farmers asked."""
COLUMNS = (
    *("district_en", "district_km", "code", "name_en", "name_km"),
    *("crop", "season", "year", "machine", "hectares", "meetings"),
)
"""What leaves the house of it."""
_ORDER = ["district_en", "nameless", "code", "year", "season", "crop", "machine"]
RECORDS = ("requests", "boundaries")
"""Layers behind the sheet; the others of the result made none of its numbers."""


def company_sheet(result: Result, language: Language) -> bytes:
    """Requested hectares as an XLSX file for companies that offer machines and seed.

    Parameters
    ----------
    result
        A result of coverage, fresh or read back.
    language
        Of headings, notes and words; names of communes stand in both.

    Raises
    ------
    TableMissing
        When the result is of another analysis.
    """
    made, title = result.provenance, text("workbook.company", language)
    found = result.outcome.tables.get(TABLE)
    if found is None:
        raise TableMissing(TABLE, made.analysis, COVERAGE)
    content = BytesIO()
    with book_of(content, title, made, language, stamp_of(result, language)) as book:
        head, note = text("workbook.sheet_requested", language), text(NOTES[TABLE], language)
        none = (text("workbook.company_none", language),) if found.empty else ()
        book.table(head, requested_rows(found, language), TABLE, (*none, note))
        book.lines(text("workbook.company_sources", language), _sources(result, language))
    return content.getvalue()


def requested_rows(requested: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Rows by district, commune, year, season and crop; what has no commune after those that have.

    What was left open has words: any machine, somewhere in the district or the area.
    """
    table = flat_table(requested)[list(COLUMNS)]
    texts = [name for name in COLUMNS if name not in ("year", "hectares", "meetings")]
    # read back from a file, an empty text is a missing one
    table[texts] = table[texts].astype(object).fillna("")
    table["nameless"] = table["name_en"] == ""
    table = table.iloc[np.lexsort([_ranks(table[name]) for name in reversed(_ORDER)])]
    table["machine"] = table["machine"].replace("", text("workbook.company_any", language))
    nameless, in_district = table["nameless"], table["code"] != ""
    for side in LANGUAGES:
        district, area = (text(f"workbook.company_{of}", side) for of in ("district", "area"))
        table.loc[nameless & in_district, f"name_{side}"] = district
        table.loc[nameless & ~in_district, f"name_{side}"] = area
    return table[list(COLUMNS)].reset_index(drop=True)


def _ranks(column: pd.Series) -> NDArray[np.float64]:
    """Position of each value among those of its column, an empty text last."""
    ranks = column.mask(column == "").rank(na_option="bottom")
    return np.asarray(ranks, dtype=np.float64)


def _sources(result: Result, language: Language) -> Iterator[Line]:
    yield from areas_and_time(result, language)
    used = tuple(use for use in result.provenance.layers if use.variable in RECORDS)
    yield from sources(used, language)
