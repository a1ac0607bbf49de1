"""What a file of records must look like: one frozen table a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import shapely

from gis.errors import AmbiguousArea, Fault, UnknownArea, UsageError
from registry.models import Base
from registry.vocabulary import COVER_CROPS, CROPS, SEASONS

Type = Literal["text", "number", "integer", "flag", "date", "word", "words", "commune", "code"]
Shape = Literal["polygon", "point"]
Rows = list[dict[str, Any]]


class Area(Protocol):
    """An administrative area as the gazetteer gives it."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...


class Gazetteer(Protocol):
    """What intake asks of the gazetteer.

    ``communes`` is a GeoDataFrame in EPSG:4326 with the code of 2014 as index; ``find`` raises
    UnknownArea or AmbiguousArea.
    """

    @property
    def communes(self) -> Any: ...
    def find(self, words: str) -> Area: ...
    def at(self, lon: float, lat: float) -> Area | None: ...


class Remembering:
    """A gazetteer that looks each word up once: a file names few places in many rows."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._found: dict[str, Area | UsageError] = {}

    @property
    def communes(self) -> Any:
        return self._gazetteer.communes

    def find(self, words: str) -> Area:
        if words not in self._found:
            try:
                self._found[words] = self._gazetteer.find(words)
            except (UnknownArea, AmbiguousArea) as unknown:
                self._found[words] = unknown
        found = self._found[words]
        if isinstance(found, UsageError):
            raise found.with_traceback(None)
        return found

    def at(self, lon: float, lat: float) -> Area | None:
        return self._gazetteer.at(lon, lat)


@dataclass(frozen=True)
class Column:
    """One column of a file.

    ``allowed`` are the words of a ``word`` or ``words`` column, ``same_as`` other ways to write
    them. ``low`` and ``high`` are inclusive, in ``unit``. ``longest`` is in characters. ``code``
    is the official code of any area or village.
    """

    name: str
    type: Type = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    same_as: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    unit: str = ""
    longest: int = 100


@dataclass
class Record:
    """One row of a file whose cells were understood; those that were not are absent."""

    row: int
    values: dict[str, Any]
    shape: shapely.Geometry | None = None


@dataclass(frozen=True)
class PublishedList:
    """A published table that is taken as it comes: its headings -> our columns.

    Several headings of one column are joined as a list cell; other columns are passed over, and
    so are rows without ``needs``.
    """

    headings: Mapping[str, str]
    needs: str

    def matches(self, headings: Sequence[str]) -> bool:
        return set(self.headings) <= set(headings)


@dataclass(frozen=True)
class Findings:
    """What a check of a kind found beyond single cells: faults refuse the file."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def nothing_more(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """The check of a kind that has no rule across its columns."""
    return Findings()


@dataclass(frozen=True)
class Kind:
    """A kind of records.

    Attributes
    ----------
    table
        Where they are kept, with the same key.
    key
        Columns that name a record; a second import of the same key replaces the record.
    shape
        The geometry that each record has.
    rows
        Records -> rows of the tables that hold them, the main table first.
    refers
        Column -> table whose key it must name.
    check
        Rules that need several columns, several rows or the gazetteer.
    repeats
        Columns of ``key`` that name a row of the file when a record may take several rows.
    """

    name: str
    columns: tuple[Column, ...]
    table: type[Base]
    key: tuple[str, ...]
    rows: Callable[[Sequence[Record]], Sequence[tuple[type[Base], Rows]]]
    shape: Shape | None = None
    refers: tuple[tuple[str, type[Base]], ...] = ()
    check: Callable[[Sequence[Record], Gazetteer], Findings] = nothing_more
    repeats: tuple[str, ...] = ()
    published: tuple[PublishedList, ...] = ()

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


REFERENCE = Column("reference", required=True, longest=60)
COMMUNE = Column("commune", "commune", required=True)
VILLAGE = Column("village", "code")
SEASON = Column("season", "word", required=True, allowed=SEASONS)
YEAR = Column("year", "integer", required=True, low=2000, high=2100)
CROP = Column("crop", "word", required=True, allowed=CROPS)
COVER_CROP = Column(
    "cover_crop", "word", allowed=COVER_CROPS, same_as={"crotalaria-juncea": "sunn-hemp"}
)
SINCE_YEAR = Column("since_year", "integer", low=1990, high=2100)
NOTE = Column("note", longest=500)
EXAMPLE = Column("example", "flag")


def row_of(record: Record, columns: Sequence[str]) -> dict[str, Any]:
    """The named values of a record, None where the file states nothing."""
    row = {name: record.values.get(name) for name in columns}
    row["example"] = bool(record.values.get("example"))
    if record.shape is not None:
        row["geometry"] = shapely.to_wkb(record.shape, byte_order=1)
    return row
