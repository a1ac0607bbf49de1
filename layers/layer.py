"""A layer: what it tells, of which years, where it lies, whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from gis.analysis import Note
from gis.errors import YearsOutOfOrder

Kind = Literal["quantity", "class", "features", "figures"]
Geometry = Literal["commune_figures", "raster", "polygons", "lines", "points"]
Text = Annotated[str, Field(min_length=1)]
Title = Annotated[dict[Literal["en", "km"], Text], Field(min_length=2)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, config=_STRICT)
class LegendClass:
    """One class of a class variable; ``found_as`` lists how sources write it."""

    code: Annotated[int, Field(ge=0, le=32767)]
    key: Identifier
    title: Title
    colour: Colour
    found_as: tuple[str, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Variable:
    """A thing that layers tell about.

    Attributes
    ----------
    unit
        Unit in which every layer of the variable is stated; empty for classes and features.
    range
        Lowest and highest value that the unit can hold; what lies beyond is a fault.
    breaks
        Four bounds between the five steps of a quantity's legend.
    legend
        Classes of a class variable.
    classes, column
        Classes of features by key with other words that sources write for them, and the column in
        which a feature's class arrives.
    background
        Code of the class where no polygon lies; without it that is unknown.
    count
        A number of things in each cell (people), not a property of it: onto another grid it is
        summed, and the total stays.
    annual
        What it tells is of one year: each of its layers states ``years`` or ``year``.
    """

    key: Identifier
    kind: Kind
    title: Title
    unit: str = ""
    range: tuple[float, float] | None = None
    breaks: tuple[float, float, float, float] | None = None
    legend: tuple[LegendClass, ...] = ()
    classes: dict[Identifier, tuple[str, ...]] = Field(default_factory=dict)
    column: str = ""
    background: int | None = None
    count: bool = False
    annual: bool = False

    @property
    def units(self) -> str:
        return self.unit

    @property
    def codes(self) -> tuple[int, ...]:
        return tuple(item.code for item in self.legend)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the classes of cells or features."""
        return (*(item.key for item in self.legend), *self.classes)


@dataclass(frozen=True, config=_STRICT)
class Layer:
    """One layer: what it tells, where it lies, whose it is.

    Attributes
    ----------
    geometry
        How it is stored; ``commune_figures`` are columns of a table, one value a commune.
    path
        Its file, absolute.
    year
        Of what it tells; of a series the newest.
    years
        Of a series: the year of each band, ascending.
    field
        Column (or band number) that holds the values.
    scale
        What the numbers of the file are multiplied by to be in the unit (SoilGrids writes clay in
        g/kg: 0.001), beside a scale that the file states itself.
    classes
        How the file writes a class -> key of the variable's class.
    legend
        A known legend of land cover that the file is written in: ``esa-cci`` or ``worldcover``.
    extent
        Areas that the layer covers, where its features cannot tell (no road in a commune may
        mean that there is none); empty: as far as its values or features reach.
    coarse
        Made from commune figures: one value a commune, whatever the cell size.
    confidence
        ``high``, ``medium`` or ``low``: how far a plan may lean on it.
    generated
        Made up by the program when it is first read, and kept in the workspace.
    """

    id: Identifier
    variable: str
    unit: str
    title: Title
    source: Text
    licence: Text
    edition: Text
    geometry: Geometry
    path: Path
    about: Variable
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    years: tuple[Annotated[int, Field(ge=1900, le=2100)], ...] = ()
    field: str = ""
    scale: Annotated[float, Field(gt=0)] = 1.0
    classes: dict[str, str] = Field(default_factory=dict)
    legend: Literal["", "esa-cci", "worldcover"] = ""
    extent: tuple[str, ...] = ()
    resolution_m: Annotated[float, Field(gt=0)] | None = None
    confidence: Literal["high", "medium", "low"] = "medium"
    style: str = ""
    coarse: bool = False
    example: bool = False
    own: bool = False
    generated: bool = False
    sha256: str = ""

    @property
    def kind(self) -> Kind:
        return self.about.kind

    @property
    def code_of(self) -> dict[str, int]:
        """How the file writes a class -> its code."""
        by_key = {item.key: item.code for item in self.about.legend}
        written = {word: item.code for item in self.about.legend for word in item.found_as}
        return by_key | written | self.codes_in_file

    @property
    def class_of(self) -> dict[str, str]:
        """Of features: how the file writes a class -> its key."""
        known = self.about.classes
        by_key = {key: key for key in known}
        return by_key | {word: key for key in known for word in known[key]} | self.classes

    @property
    def codes_in_file(self) -> dict[str, int]:
        """Numbers of a class file -> codes, as its table states them; empty: they are the same."""
        by_key = {item.key: item.code for item in self.about.legend}
        known = {str(code): int(to) for code, to in crosswalk_of(self.legend).items()}
        return known | {word: by_key[key] for word, key in self.classes.items()}

    @property
    def dated(self) -> tuple[int, ...]:
        """Years that it tells about; of a layer that is no series its one year, if it has any."""
        return self.years or (() if self.year is None else (self.year,))


def crosswalk_of(legend: str) -> Mapping[int, int]:
    """Codes of a known legend of land cover -> those of ours; none for a legend of our own."""
    if not legend:
        return {}
    # The module compiles kernels, which a list of layers does not need.
    from gis.land_degradation.land_cover import ESA_CCI, WORLDCOVER

    return {"esa-cci": ESA_CCI, "worldcover": WORLDCOVER}[legend]


def fault_of(layer: Layer) -> tuple[str, Note] | None:
    """The first key that does not go with the others of a layer, and what it may be."""
    if layer.legend and layer.variable != "land_cover":
        return "legend", Note("allowed.only_land_cover")
    if list(layer.years) != sorted(set(layer.years)):
        raise YearsOutOfOrder(layer.id, layer.years)
    if layer.about.annual and not layer.dated:
        return "years", Note("allowed.missing")
    if len(layer.years) > 1 and layer.geometry != "raster":
        return "years", Note("allowed.one_year")
    if layer.years and layer.field and layer.geometry == "raster":
        return "field", Note("allowed.no_band_of_a_series")
    if layer.years and layer.year not in (None, layer.years[-1]):
        return "year", Note("allowed.newest_year", (("year", str(layer.years[-1])),))
    return None
