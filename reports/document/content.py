"""What a report says, as values: the same for the PDF and the Word file; nothing here draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from locales import Language
from reports.figure.content import MapContent

ONE_LINE = 90
"""Signs that the head of a page has room for beside the stamp."""


@dataclass(frozen=True)
class Words:
    """A paragraph; a small one says how to read what stands beside it."""

    words: str
    small: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences under a few words of its own."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Key figures, each with what it counts."""

    items: tuple[tuple[str, str], ...]


def tiles_wide(count: int) -> int:
    """How many key figures stand side by side."""
    return 4 if count == 4 else min(count, 3)


@dataclass(frozen=True)
class Column:
    """Words over a column, and the share of the width that it takes beside the others."""

    words: str
    number: bool = False
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """Rows of words: numbers are written as they stand on paper.

    Attributes
    ----------
    height
        Least height of a row in millimetres, where a hand writes in it: such a table is ruled.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    height: float = 0.0


@dataclass(frozen=True)
class Part:
    """One colour of the bars of a chart: what it stands for, and its hectares by bar."""

    words: str
    colour: str
    hectares: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """Bars, a place each, of parts that add to the whole of the place.

    Attributes
    ----------
    alt
        What the chart tells, for who cannot see it.
    unit
        How hectares are written along the bars.
    """

    caption: str
    places: tuple[str, ...]
    parts: tuple[Part, ...]
    alt: str
    unit: str = "ha"


@dataclass(frozen=True, eq=False)
class Map:
    """A map, drawn at the size in which it is printed.

    Attributes
    ----------
    height
        In millimetres; None for a page of its own.
    across
        Whether that page lies across, as a wide area does.
    """

    caption: str
    content: MapContent
    alt: str
    height: float | None = None
    across: bool = False


Block: TypeAlias = Words | Points | Figures | Table | Chart | Map


@dataclass(frozen=True, eq=False)
class Section:
    """A heading, empty where none is needed, and what stands under it.

    Attributes
    ----------
    alone
        Whether it takes a page of its own, to be torn off.
    """

    title: str
    blocks: tuple[Block, ...]
    alone: bool = False


@dataclass(frozen=True, eq=False)
class Document:
    """A report.

    Attributes
    ----------
    stamp
        Words on every page where anything is made up; else empty.
    code
        Which runs it rests on, at the foot of every page.
    cover
        Whether it begins with a page of its own; a brief does not.
    """

    language: Language
    title: str
    subtitle: str
    made: str
    sections: tuple[Section, ...]
    stamp: str = ""
    code: str = ""
    cover: bool = True

    @property
    def head(self) -> str:
        """What stands above every page, in one line: of many areas the title alone."""
        whole = f"{self.title} · {self.subtitle}"
        return whole if len(whole) <= ONE_LINE else self.title


def opening(document: Document) -> Iterator[tuple[Section, bool]]:
    """Sections, and whether each begins on a page of its own: with a whole map, or after one.

    The first one stands under the head of a document without cover.
    """
    before = document.cover
    for place, section in enumerate(document.sections):
        mapped = section.alone or any(
            isinstance(block, Map) and block.height is None for block in section.blocks
        )
        yield section, before or (mapped and place > 0)
        before = mapped
