"""One error family: each error carries values; the doors turn them into sentences.

The sentence of an error is the text ``errors.<key>`` in ``locales/``, filled with ``values``.
``exit_code`` is what the terminal door returns: 2 when the words of the call are off, 3 when the
data are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar


class DeimapError(Exception):
    """Base of every error that a user can mend. Subclasses are dataclasses of plain values."""

    exit_code: ClassVar[int] = 3

    @property
    def key(self) -> str:
        """Text key of the error, e.g. ``unknown_area``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, object]:
        """The values named in the sentence."""
        return {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        stated = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.key}({stated})"


class UsageError(DeimapError):
    """The words of the call are off."""

    exit_code: ClassVar[int] = 2


class DataError(DeimapError):
    """The data are refused."""


@dataclass(eq=False)
class UnknownArea(UsageError):
    """No area has this code or name; ``nearest`` holds the closest spellings, may be empty."""

    name: str
    nearest: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "unknown_area" if self.nearest else "unknown_area_alone"


@dataclass(eq=False)
class AmbiguousArea(UsageError):
    """A name that several areas bear; ``choices`` are ``code name`` strings."""

    name: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class UnknownAnalysis(UsageError):
    name: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class UnknownParameter(UsageError):
    name: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class BadParameter(UsageError):
    """A parameter outside what it may be; ``allowed`` is a list or a note."""

    name: str
    value: str
    allowed: object


@dataclass(eq=False)
class UnknownLayer(UsageError):
    name: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class UnknownScenario(UsageError):
    """No scenario has this name; ``choices`` are those that are kept, may be empty."""

    name: str
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "unknown_scenario" if self.choices else "no_scenarios"


@dataclass(eq=False)
class UnknownWeightSet(UsageError):
    """No set of weights has this name; ``choices`` are those that are kept, may be empty."""

    name: str
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "unknown_weight_set" if self.choices else "no_weight_sets"


@dataclass(eq=False)
class JudgementOffScale(UsageError):
    """A comparison outside 1/9 to 9; ``value`` says how much more the first counts."""

    first: str
    second: str
    value: float


@dataclass(eq=False)
class JudgementsClash(UsageError):
    """Two sides of a comparison that are not each other's reciprocal."""

    first: str
    second: str
    stated: float
    reverse: float


@dataclass(eq=False)
class JudgementsApart(UsageError):
    """Criteria that no comparison joins with the others."""

    these: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(eq=False)
class TooManyCompared(UsageError):
    """More criteria than pairs of them can be judged."""

    found: int
    allowed: int


@dataclass(eq=False)
class FileMissing(DataError):
    path: str


@dataclass(eq=False)
class FileUnreadable(DataError):
    """A file that is there but cannot be read (truncated, wrong format, no permission).

    ``reason`` is a note or a reader's own words.
    """

    path: str
    reason: object


@dataclass(eq=False)
class CatalogueInvalid(DataError):
    """A table of the catalogue that does not hold; ``where`` is the table and key."""

    path: str
    where: str
    reason: object


@dataclass(eq=False)
class MetaMissing(UsageError):
    """A layer without the table that states its unit, source and licence."""

    path: str


@dataclass(eq=False)
class UnknownColumns(UsageError):
    """A file of boundaries whose columns nobody named; ``found`` lists them."""

    path: str
    found: str


@dataclass(eq=False)
class MissingCrs(DataError):
    source: str


@dataclass(eq=False)
class WrongCrs(DataError):
    source: str
    found: str
    expected: str


@dataclass(eq=False)
class WrongUnit(DataError):
    source: str
    found: str
    expected: str


@dataclass(eq=False)
class ValueOutOfRange(DataError):
    """Values that the stated unit cannot hold."""

    source: str
    lowest: float
    highest: float
    allowed: str


@dataclass(eq=False)
class UnknownClass(DataError):
    """Values of a class layer that its legend does not name."""

    source: str
    found: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(eq=False)
class GridMismatch(DataError):
    left: str
    right: str


@dataclass(eq=False)
class OutsideArea(DataError):
    """A layer that does not touch the area or the country."""

    source: str
    area: str


@dataclass(eq=False)
class SwappedAxes(DataError):
    """Longitude and latitude seem to have changed places."""

    source: str


@dataclass(eq=False)
class AllNoData(DataError):
    source: str
    area: str


@dataclass(eq=False)
class InvalidGeometry(DataError):
    source: str
    where: str
    reason: str


@dataclass(eq=False)
class NothingToScore(DataError):
    """Every criterion of the track is absent from the area."""

    track: str
    area: str


@dataclass(eq=False)
class NothingToAssess(DataError):
    """None of the layers of land degradation covers the area."""

    area: str


@dataclass(eq=False)
class GridTooLarge(DataError):
    """The grid asked for does not fit; ``coarser`` is a resolution that does, in metres."""

    resolution: float
    cells: int
    coarser: float


@dataclass(eq=False)
class BadFriction(DataError):
    """Minutes per metre that nothing can have: 0, negative or infinite."""

    row: int
    column: int
    value: float


@dataclass(eq=False)
class PlaceOutside(DataError):
    """A row and column that a raster does not have."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(eq=False)
class PlaceImpassable(DataError):
    """A start of ways on a cell that nobody can cross."""

    row: int
    column: int


@dataclass(eq=False)
class NothingPassable(DataError):
    """Every cell is impassable."""


def _as_years(years: tuple[int, ...]) -> tuple[str, ...]:
    """Years as they are written in a sentence: 2001, not 2,001."""
    return tuple(str(year) for year in years)


@dataclass(eq=False)
class YearsOutOfOrder(DataError):
    """The years of a series do not ascend, or one stands twice."""

    source: str
    found: tuple[int, ...]

    @property
    def values(self) -> dict[str, object]:
        return {"source": self.source, "found": _as_years(self.found)}


@dataclass(eq=False)
class TooFewYears(DataError):
    """A series is too short for what is asked of it."""

    source: str
    found: int
    needed: int


@dataclass(eq=False)
class TooManyYears(DataError):
    """A series longer than the tables of a test."""

    source: str
    found: int
    allowed: int


@dataclass(eq=False)
class PeriodOutsideData(DataError):
    """A period of which a series lacks years; ``missing`` are those."""

    source: str
    period: str
    missing: tuple[int, ...]

    @property
    def values(self) -> dict[str, object]:
        missing = _as_years(self.missing)
        return {"source": self.source, "period": self.period, "missing": missing}


@dataclass(eq=False)
class OutputNotEmpty(DataError):
    path: str


@dataclass(eq=False)
class OutputForeign(DataError):
    """A folder to be replaced that holds more than a result; ``found`` are the other names."""

    path: str
    found: tuple[str, ...]


@dataclass(eq=False)
class OutputTaken(DataError):
    """A file that is there already, or a folder in its place."""

    path: str


@dataclass(eq=False)
class OutputUnwritable(DataError):
    path: str
    reason: str


@dataclass(eq=False)
class TableMissing(DataError):
    """A sheet of a table that only another analysis makes."""

    table: str
    analysis: str
    needed: str


@dataclass(eq=False)
class RegistryUnreadable(DataError):
    """The database of records cannot be opened or read; ``url`` hides the password."""

    url: str
    reason: str


@dataclass(eq=False)
class RegistryGone(DataError):
    """A workspace that had records and whose database is missing or empty."""

    path: str
    mark: str


@dataclass(eq=False)
class RegistryUnwritable(DataError):
    """A write that the database refused (full, locked, read-only); nothing of it was stored."""

    url: str
    reason: str


@dataclass(eq=False)
class RegistryNewer(DataError):
    """The database was written by a later version of the program."""

    found: int
    supported: int


@dataclass(eq=False)
class NotGranted(DataError):
    """An account that holds no role."""

    account: str


@dataclass(eq=False)
class RoleTooNarrow(DataError):
    """A role without the right that was needed; ``needed`` are the roles that have it."""

    account: str
    role: str
    needed: tuple[str, ...]


@dataclass(eq=False)
class OutsideProvinces(DataError):
    """A right that was granted for some provinces and asked for in others."""

    account: str
    provinces: tuple[str, ...]
    beyond: tuple[str, ...]


@dataclass(eq=False)
class NoAdministrator(DataError):
    """A role is to be given, and nobody may give any yet; ``role`` is the one to begin with."""

    role: str


@dataclass(eq=False)
class LastAdministrator(DataError):
    """The only account that may give roles would lose its own."""

    account: str


@dataclass(eq=False)
class NameTaken(DataError):
    """Something is kept under this name already."""

    name: str


@dataclass(eq=False)
class ScenarioChanged(DataError):
    """A scenario whose layers or records are gone or have another content now."""

    name: str
    found: tuple[object, ...]


@dataclass(eq=False)
class ScenarioOutdated(DataError):
    """A scenario whose parameters this version does not take; ``reason`` names the parameter."""

    name: str
    reason: object


@dataclass(frozen=True)
class Fault:
    """One fault of an imported file: ``key`` names the text ``faults.<key>``."""

    row: int | None
    column: str | None
    key: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(eq=False)
class ImportRefused(DataError):
    """An import with faults; nothing of the file was stored."""

    path: str
    faults: tuple[Fault, ...]

    @property
    def values(self) -> dict[str, object]:
        return {"path": self.path, "count": len(self.faults)}


@dataclass(eq=False)
class PortTaken(DataError):
    host: str
    port: str


@dataclass(eq=False)
class MapAssetMissing(DataError):
    """A class on a web map asks for a script or style that has no file on this machine."""

    element: str
    asset: str


@dataclass(eq=False)
class AllocationFailed(DeimapError):
    """The solver of an allocation stopped without an optimum; ``reason`` are its own words."""

    exit_code: ClassVar[int] = 1
    reason: str


@dataclass(eq=False)
class DemandUnreached(DataError):
    """Demand that no allowed candidate reaches, where all must be served; ``points`` positions."""

    points: tuple[int, ...]

    @property
    def values(self) -> dict[str, object]:
        return {"count": len(self.points)}


@dataclass(eq=False)
class RulesContradict(UsageError):
    """Rules of a choice of sites that cannot all be kept; without any one of them they can.

    ``rules`` are the texts of their names, ``names`` the names. Where they can be told:
    ``candidates`` are positions of fixed sites that take part, ``groups`` labels of groups that
    ask for sites, ``demand_groups`` of those that ask for a share of their demand.
    """

    rules: tuple[object, ...]
    names: tuple[str, ...] = ()
    candidates: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    demand_groups: tuple[int, ...] = ()

    @property
    def values(self) -> dict[str, object]:
        return {"rules": self.rules}


@dataclass(eq=False)
class NotACandidate(UsageError):
    """A place was required as a site and a rule leaves it out; ``rule`` is a text of its name."""

    code: str
    rule: object

    @property
    def values(self) -> dict[str, object]:
        return {"code": self.code, "rule": self.rule}


@dataclass(eq=False)
class NoSitesInTime(DataError):
    """Time ran out before any choice of sites that keeps the rules was found."""

    seconds: float
