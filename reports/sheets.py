"""The looks of a workbook: sheets with title and stamp, tables with headings, cells as they are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gis.analysis import Provenance
from locales import LANGUAGES, Language, text
from reports.about import Line
from reports.headings import (
    HECTARES,
    MINUTES,
    PEOPLE,
    SCORE,
    SHARE,
    TONNES,
    WHOLE,
    YEAR,
    heading,
    in_words,
)
from reports.reporting import Block

FONTS: Mapping[Language, str] = {"en": "Calibri", "km": "Leelawadee UI"}
"""For Khmer a font with Khmer letters that every Windows since 8 has."""
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 9, 44
_FIRST_ROW = 3
_LEADING = ("code", "name_en", "name_km")
"""Columns that stay in sight when a wide table is moved."""
_SMALL = "[>=9.95]#,##0;[<=-9.95]-#,##0;0.0"
"""Whole numbers, one decimal under ten."""
_FORMATS: Mapping[str, str] = {
    HECTARES: _SMALL,
    TONNES: _SMALL,
    PEOPLE: "#,##0",
    MINUTES: "#,##0",
    SHARE: "0.0%",
    WHOLE: "0",
    SCORE: "0.00",
    YEAR: "0",
    "": "#,##0.###",
}


class Book:
    """The sheets of one workbook, with the looks they share."""

    def __init__(
        self, book: xlsxwriter.Workbook, language: Language, made: Provenance, stamp: str
    ) -> None:
        self.book, self.language, self.stamped = book, language, stamp
        self.parameters = made.parameters
        self.names: set[str] = set()
        self.formats = {name: self._format(num_format=look) for name, look in _FORMATS.items()}
        self.plain = self._format(text_wrap=True)
        self.loose = self._format()
        self.title = self._format(bold=True, font_size=14)
        self.strong = self._format(bold=True)
        self.head = self._format(bold=True, text_wrap=True, bg_color="#F4F5F1", bottom=1)
        self.stamp = self._format(bold=True, font_size=12, font_color="#B00020")
        self.unknown = self._format(italic=True, font_color="#6B7280", align="right")

    def _format(self, **look: Any) -> Format:
        return self.book.add_format({"font_name": FONTS[self.language], "valign": "top", **look})

    def _sheet(self, title: str) -> Worksheet:
        sheet = self.book.add_worksheet(sheet_name(title, self.names))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{self.stamped}")
        sheet.set_footer("&L&A&R&P / &N")
        # a spreadsheet would offer to make numbers of codes, and drop their zeros
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.write_string(0, 0, title, self.title)
        if self.stamped:
            sheet.write_string(1, 0, self.stamped, self.stamp)
        return sheet

    def lines(self, title: str, lines: Iterable[Line]) -> None:
        """A sheet of lines as :mod:`reports.about` makes them."""
        sheet = self._sheet(title)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 8, 24)
        for row, line in enumerate(lines, _FIRST_ROW):
            look = self.head if line.heads else self.plain
            for column, words in enumerate(line.cells):
                # A sentence runs over its neighbours instead of standing in a narrow column.
                own = look if line.heads or len(line.cells) > 1 else self.loose
                sheet.write_string(row, column, as_cell(words), own)

    def table(
        self,
        title: str,
        table: pd.DataFrame,
        name: str,
        notes: Iterable[str] = (),
        withheld: pd.DataFrame | None = None,
    ) -> None:
        """A sheet with a table; ``name`` is that of the table, ``notes`` stand above it.

        ``withheld`` is true in the cells whose value must not leave the house: they say so.
        """
        sheet = self._sheet(title)
        if said := " ".join(notes):
            sheet.write_string(_FIRST_ROW - 1, 0, as_cell(said), self.loose)
        table = self._in_language(table)
        last, silent = _FIRST_ROW + len(table), text("workbook.cell_withheld", self.language)
        for place, column in enumerate(map(str, table.columns)):
            found = heading(column, self.language, name)
            sheet.write_string(_FIRST_ROW, place, as_cell(found.words), self.head)
            values = self._values(column, table[column])
            # a count or a yes that is missing is unknown; a remark that is missing is none
            gaps = bool(found.counts) or any(isinstance(value, bool) for value in values)
            for row, value in enumerate(values, _FIRST_ROW + 1):
                self._cell(sheet, row, place, value, gaps, self.formats[found.counts])
            if withheld is not None and column in withheld:
                for gap in np.flatnonzero(withheld[column]).tolist():
                    sheet.write_string(_FIRST_ROW + 1 + gap, place, silent, self.unknown)
            sheet.set_column(place, place, width((found.words, *values)))
        named = [column for column in table.columns if column in _LEADING]
        sheet.freeze_panes(_FIRST_ROW + 1, len(named))
        sheet.autofilter(_FIRST_ROW, 0, last, len(table.columns) - 1)
        sheet.repeat_rows(_FIRST_ROW)

    def blocks(self, title: str, found: Iterable[Block]) -> None:
        """A sheet of blocks as they are filled in."""
        sheet = self._sheet(title)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 12, 18)
        row = _FIRST_ROW
        for block in found:
            sheet.write_string(row, 0, block.title, self.strong)
            for column, words in enumerate(("", *block.columns)):
                sheet.write_string(row + 1, column, words, self.head)
            for place, (words, values) in enumerate(block.rows, row + 2):
                sheet.write_string(place, 0, words, self.plain)
                for column, value in enumerate(values, 1):
                    self._cell(sheet, place, column, value, True, self.formats[TONNES])
            row += len(block.rows) + 3

    def _in_language(self, table: pd.DataFrame) -> pd.DataFrame:
        """Without the texts of the other language; names of places stay in both."""
        others = tuple(f"_{language}" for language in LANGUAGES if language != self.language)
        kept = [
            name
            for name in table.columns
            if str(name).startswith("name_") or not str(name).endswith(others)
        ]
        if "example" in kept and not table["example"].any():
            kept.remove("example")
        return table[kept]

    def _values(self, name: str, column: pd.Series) -> list[Any]:
        held = column.tolist()
        words = {
            value: in_words(name, value, self.language, self.parameters)
            for value in set(held)
            if isinstance(value, str)
        }
        return [words.get(value, value) if isinstance(value, str) else value for value in held]

    def _cell(
        self, sheet: Worksheet, row: int, column: int, value: Any, gaps: bool, look: Format
    ) -> None:
        if isinstance(value, bool):
            words = text("workbook.yes" if value else "workbook.no", self.language)
            sheet.write_string(row, column, words, self.plain)
        elif value is None or pd.isna(value) or value in (math.inf, -math.inf):
            if gaps:
                unknown = text("terms.unknown", self.language)
                sheet.write_string(row, column, unknown, self.unknown)
        elif isinstance(value, Real):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, as_cell(value), self.plain)


@contextmanager
def book_of(
    content: BytesIO, title: str, made: Provenance, language: Language, stamp: str
) -> Iterator[Book]:
    """A workbook that is written into ``content`` when the block ends.

    Texts stay texts whatever they begin with; a code keeps its zero; what is unknown says so.
    ``stamp`` stands on every sheet, on the screen and on paper.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(_properties(title, made))
        yield Book(book, language, made, stamp)


def _properties(title: str, made: Provenance) -> dict[str, Any]:
    stated = {"title": title, "comments": made.software}
    try:
        # of the result, so that the same result gives the same file
        return stated | {"created": datetime.fromisoformat(made.created)}
    except ValueError:
        return stated


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes: no ``[]:*?/\\``, at most 31 signs, each once."""
    base = re.sub(r"[\[\]:*?/\\]", " ", title).strip().strip("'") or "-"
    for name in _candidates(base):
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
    raise AssertionError


def _candidates(base: str) -> Iterator[str]:
    yield base[:_LONGEST_NAME]
    number = 2
    while True:
        ending = f" {number}"
        yield base[: _LONGEST_NAME - len(ending)] + ending
        number += 1


def as_cell(value: object) -> str:
    """A text as a cell holds it; a longer one is cut, or the whole cell would be dropped."""
    return str(value)[:_LONGEST_TEXT]


def width(values: Iterable[object]) -> float:
    """Width of a column in signs: of its longest word or value; Khmer vowels take no room."""
    longest = max((_signs(value) for value in values), default=0)
    return float(min(max(longest + 2, _NARROWEST), _WIDEST))


def _signs(value: object) -> int:
    if isinstance(value, float):
        return len(f"{value:,.0f}")
    words = str(value).split()
    stretch = [sum(unicodedata.category(sign)[0] != "M" for sign in word) for word in words]
    return max(sum(stretch) // 2, *stretch) if len(stretch) > 4 else sum(stretch) + len(stretch)
