"""What data exist: variables with their units and legends, and the layers that offer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gis.errors import CatalogueInvalid, UnknownLayer, WrongUnit
from layers.allowed import first_fault
from layers.files import file_sha256, read_toml
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
    """

    key: Identifier
    kind: Kind
    title: Title
    unit: str = ""
    range: tuple[float, float] | None = None
    breaks: tuple[float, float, float, float] | None = None
    legend: tuple[LegendClass, ...] = ()
    background: int | None = None

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
    field
        Column (or band number) that holds the values.
    classes
        How the file writes a class -> key of the legend.
    extent
        Areas that the layer covers, where its features cannot tell (no road in a commune may
        mean that there is none); empty: as far as its values or features reach.
    coarse
        Made from commune figures: one value a commune, whatever the cell size.
    confidence
        ``high``, ``medium`` or ``low``: how far a plan may lean on it.
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
    field: str = ""
    classes: dict[str, str] = Field(default_factory=dict)
    extent: tuple[str, ...] = ()
    resolution_m: Annotated[float, Field(gt=0)] | None = None
    confidence: Literal["high", "medium", "low"] = "medium"
    style: str = ""
    coarse: bool = False
    example: bool = False
    own: bool = False
    sha256: str = ""

    @property
    def kind(self) -> Kind:
        return self.about.kind

    @property
    def code_of(self) -> Mapping[str, int]:
        """How the file writes a class -> its code."""
        by_key = {item.key: item.code for item in self.about.legend}
        written = {word: item.code for item in self.about.legend for word in item.found_as}
        return by_key | written | {word: by_key[key] for word, key in self.classes.items()}


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
        name: layer_of(name, table, known, EMBEDDED_CATALOGUE, EMBEDDED)
        for name, table in tables.get("layers", {}).items()
    }
    for path in sorted(workspace.layers.glob("*.toml")):
        if path.stem not in NOT_LAYERS:
            own = layer_of(path.stem, read_toml(path), known, path, workspace.layers)
            layers[own.id] = replace(own, own=True)
    return Catalogue(known, layers)


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
    path = folder / layer.path
    return replace(layer, path=path, sha256=layer.sha256 or _sha256(path))


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
