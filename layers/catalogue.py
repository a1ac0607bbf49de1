"""What data exist: variables with their units and legends, and the layers that offer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gis.analysis import Note
from gis.errors import CatalogueInvalid, UnknownLayer, WrongUnit, YearsOutOfOrder
from layers.allowed import first_fault
from layers.files import file_sha256, read_toml
from layers.generated import generated_path, recipe
from layers.workspace import EMBEDDED, Workspace

EMBEDDED_CATALOGUE = Path(__file__).with_name("catalogue.toml")
QUANTITY_COLOURS = ("#F7F1DD", "#EBCFA0", "#D79A5B", "#B05F33", "#74301B")
"""Five steps of a quantity, light to dark."""

Kind = Literal["quantity", "class", "features", "figures"]
Geometry = Literal["commune_figures", "raster", "polygons", "lines", "points"]
Text = Annotated[str, Field(min_length=1)]
Title = Annotated[dict[Literal["en", "km"], Text], Field(min_length=2)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
T = TypeVar("T")
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
    background: int | None = None
    count: bool = False
    annual: bool = False

    @property
    def units(self) -> str:
        return self.unit

    @property
    def codes(self) -> tuple[int, ...]:
        return tuple(item.code for item in self.legend)


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
        How the file writes a class -> key of the legend.
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
    def codes_in_file(self) -> dict[str, int]:
        """Numbers of a class file -> codes, as its table states them; empty: they are the same."""
        by_key = {item.key: item.code for item in self.about.legend}
        known = {str(code): int(to) for code, to in crosswalk_of(self.legend).items()}
        return known | {word: by_key[key] for word, key in self.classes.items()}

    @property
    def dated(self) -> tuple[int, ...]:
        """Years that it tells about; of a layer that is no series its one year, if it has any."""
        return self.years or (() if self.year is None else (self.year,))


@dataclass(frozen=True, config=_STRICT)
class Catalogue:
    """All variables and layers of a workspace."""

    variables: Mapping[str, Variable]
    layers: Mapping[str, Layer]

    def layer(self, id: str) -> Layer:  # noqa: A002
        """The layer of an id.

        Raises
        ------
        UnknownLayer
            When the catalogue has none.
        """
        if id not in self.layers:
            raise UnknownLayer(id, tuple(sorted(self.layers)))
        return self.layers[id]

    def for_variable(self, variable: str) -> tuple[Layer, ...]:
        """Layers of a variable, best first: own before embedded, then the finest."""
        found = (layer for layer in self.layers.values() if layer.variable == variable)
        return tuple(sorted(found, key=_worse))


def _worse(layer: Layer) -> tuple[bool, bool, float, str]:
    resolution = float("inf") if layer.resolution_m is None else layer.resolution_m
    return (not layer.own, layer.coarse, resolution, layer.id)


def crosswalk_of(legend: str) -> Mapping[int, int]:
    """Codes of a known legend of land cover -> those of ours; none for a legend of our own."""
    if not legend:
        return {}
    # The module compiles kernels, which a list of layers does not need.
    from gis.land_degradation.land_cover import ESA_CCI, WORLDCOVER

    return {"esa-cci": ESA_CCI, "worldcover": WORLDCOVER}[legend]


def catalogue(workspace: Workspace) -> Catalogue:
    """The embedded layers and those of the workspace; an own layer replaces one of its id.

    Raises
    ------
    CatalogueInvalid
        When a table holds an unknown key, lacks one or contradicts its variable.
    """
    tables = read_toml(EMBEDDED_CATALOGUE)
    known = variables(EMBEDDED_CATALOGUE)
    layers = {
        name: _placed(layer_of(name, table, known, EMBEDDED_CATALOGUE, EMBEDDED), workspace)
        for name, table in tables.get("layers", {}).items()
    }
    for path in sorted(workspace.layers.glob("*.toml")):
        if path.stem not in NOT_LAYERS:
            own = layer_of(path.stem, read_toml(path), known, path, workspace.layers)
            layers[own.id] = replace(own, own=True)
    return Catalogue(known, layers)


def _placed(layer: Layer, workspace: Workspace) -> Layer:
    """A layer that is made at first use lies in the workspace; it bears the hash of its recipe."""
    if not layer.generated:
        return layer
    return replace(layer, path=generated_path(layer.path.name, workspace), sha256=recipe())


NOT_LAYERS = ("boundaries",)
"""Tables of the workspace's layer folder that describe something else."""


def variables(path: Path = EMBEDDED_CATALOGUE) -> dict[str, Variable]:
    """The variables of a catalogue.

    Raises
    ------
    CatalogueInvalid
        When a table does not hold.
    """
    adapter = TypeAdapter(Variable)
    return {
        key: _validated(adapter, {"key": key}, table, path, f"variables.{key}")
        for key, table in read_toml(path).get("variables", {}).items()
    }


def layer_of(
    name: str, table: object, known: Mapping[str, Variable], path: Path, folder: Path
) -> Layer:
    """One layer from its table, its path resolved and its unit compared with its variable's.

    Raises
    ------
    CatalogueInvalid
        When the table does not hold.
    WrongUnit
        When it states another unit than its variable has.
    YearsOutOfOrder
        When the years of a series do not ascend.
    """
    where = f"layers.{name}"
    variable = table.get("variable") if isinstance(table, Mapping) else None
    if not isinstance(variable, str) or variable not in known:
        raise CatalogueInvalid(str(path), f"{where}.variable", f"one of: {', '.join(known)}")
    stated = {"id": name, "about": known[variable]}
    layer = _validated(TypeAdapter(Layer), stated, table, path, where)
    if layer.unit != layer.about.unit:
        raise WrongUnit(name, layer.unit or "none", layer.about.unit or "none")
    keys = {item.key for item in layer.about.legend}
    if unknown := set(layer.classes.values()) - keys:
        reason = f"{', '.join(sorted(unknown))}: one of {', '.join(sorted(keys))}"
        raise CatalogueInvalid(str(path), f"{where}.classes", reason)
    if fault := _fault_of(layer):
        raise CatalogueInvalid(str(path), f"{where}.{fault[0]}", fault[1])
    years = layer.years or (layer.dated if layer.about.annual else ())
    path = folder / layer.path
    year = years[-1] if years else layer.year
    sha256 = layer.sha256 or _sha256(path)
    return replace(layer, path=path, years=years, year=year, sha256=sha256)


def _fault_of(layer: Layer) -> tuple[str, Note] | None:
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


def _sha256(path: Path) -> str:
    """Hash of a file that its table does not state; empty when the file is missing."""
    return file_sha256(path) if path.is_file() else ""


def _validated(
    adapter: TypeAdapter[T], stated: dict[str, object], table: object, path: Path, where: str
) -> T:
    """A table as its dataclass; what the catalogue itself states may not stand in the table."""
    if not isinstance(table, dict):
        raise CatalogueInvalid(str(path), where, "must be a table")
    if taken := stated.keys() & table.keys():
        raise CatalogueInvalid(str(path), f"{where}.{min(taken)}", "unknown key")
    try:
        return adapter.validate_python(stated | table)
    except ValidationError as error:
        place, _, may_be = first_fault(error)
        raise CatalogueInvalid(str(path), f"{where}.{place}", may_be) from error
