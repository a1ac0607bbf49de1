"""Opens a workbook as a spreadsheet does: its XML is read, not the library that wrote it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

import pytest

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


class Read:
    """Sheets of a workbook: name -> rows of cells, as texts and floats."""

    def __init__(self, content: bytes) -> None:
        self.package = zipfile.ZipFile(BytesIO(content))
        assert self.package.testzip() is None
        book = self.xml("xl/workbook.xml")
        self.names = [str(item.get("name")) for item in book.findall("m:sheets/m:sheet", SPACE)]
        strings = self.xml("xl/sharedStrings.xml").findall("m:si", SPACE)
        self.strings = ["".join(item.itertext()) for item in strings]

    def xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.package.read(name))  # noqa: S314

    def sheet(self, name: str) -> ElementTree.Element:
        return self.xml(f"xl/worksheets/sheet{self.names.index(name) + 1}.xml")

    def rows(self, name: str) -> list[list[str | float]]:
        return [
            [self.value(cell) for cell in row]
            for row in self.sheet(name).iter(f"{{{SPACE['m']}}}row")
        ]

    def value(self, cell: ElementTree.Element) -> str | float:
        held = cell.findtext("m:v", "", SPACE)
        if cell.get("t") == "s":
            return self.strings[int(held)]
        return float(held)


@pytest.fixture
def opened() -> Callable[[bytes], Read]:
    """Content of a file -> its sheets."""
    return Read
