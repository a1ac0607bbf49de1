"""What data exist: variables with their units and legends, and the layers that offer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from gis.analysis import Note
from gis.errors import CatalogueInvalid, UnknownLayer, WrongUnit
from layers.allowed import first_fault
from layers.files import file_sha256, read_toml
from layers.generated import generated_path, recipe
from layers.layer import Layer, LegendClass, Variable, fault_of
from layers.workspace import EMBEDDED, Workspace

__all__ = ["Catalogue", "Layer", "LegendClass", "Variable", "catalogue", "layer_of", "variables"]

EMBEDDED_CATALOGUE = Path(__file__).with_name("catalogue.toml")
QUANTITY_COLOURS = ("#F7F1DD", "#EBCFA0", "#D79A5B", "#B05F33", "#74301B")
"""Five steps of a quantity, light to dark."""

T = TypeVar("T")


@dataclass(frozen=True)
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
        choices = Note("allowed.one_of", (("choices", tuple(known)),))
        raise CatalogueInvalid(str(path), f"{where}.variable", choices)
    stated: dict[str, object] = {"id": name, "about": known[variable]}
    if not known[variable].unit and isinstance(table, dict) and "unit" not in table:
        stated["unit"] = ""
    layer = _validated(TypeAdapter(Layer), stated, table, path, where)
    if layer.unit != layer.about.unit:
        raise WrongUnit(name, layer.unit or "none", layer.about.unit or "none")
    keys = layer.about.keys
    if unknown := set(layer.classes.values()) - set(keys):
        reason = f"{', '.join(sorted(unknown))}: one of {', '.join(sorted(keys))}"
        raise CatalogueInvalid(str(path), f"{where}.classes", reason)
    if fault := fault_of(layer):
        raise CatalogueInvalid(str(path), f"{where}.{fault[0]}", fault[1])
    years = layer.years or (layer.dated if layer.about.annual else ())
    path = folder / layer.path
    year = years[-1] if years else layer.year
    sha256 = layer.sha256 or _sha256(path)
    return replace(layer, path=path, years=years, year=year, sha256=sha256)


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
