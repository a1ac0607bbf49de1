"""Suitability: where a track's land needs conservation agriculture and can take it."""

from __future__ import annotations

from gis.analysis import Analysis, Inputs, Outcome, Progress, Role, silent
from gis.membership import CategoryTable
from gis.parameters import SuitabilityParameters
from gis.tracks import DERIVED

DISTANCE_CAP_M = 20_000.0
"""Working value: beyond this a distance only says "far"."""

UNITS = {"slope": "degree", "elevation": "m", "flood_hazard": "index 0-100"} | {
    "maize_yield": "t/ha",
    "cassava_yield": "t/ha",
}
"""Units in which layers arrive; every other quantity is a share, ``1``."""


def roles(parameters: SuitabilityParameters) -> tuple[Role, ...]:
    """What the chosen track needs to be read."""
    track = parameters.chosen
    classes = {mask.variable for mask in track.masks} | {
        item.variable for item in track.criteria if isinstance(item.function, CategoryTable)
    }
    names = [name for item in track.criteria for name in item.variables]
    names += [mask.variable for mask in track.masks]
    found = [_role(name, name in classes) for name in dict.fromkeys(names)]
    return (*found, Role("figures", "figures"))


def _role(variable: str, is_class: bool) -> Role:
    if variable in DERIVED:
        return Role(DERIVED[variable], "features", margin_m=DISTANCE_CAP_M)
    if is_class:
        return Role(variable, "class")
    return Role(variable, "quantity", UNITS.get(variable, "1"))


def compute(
    inputs: Inputs, parameters: SuitabilityParameters, progress: Progress = silent
) -> Outcome:
    """Score every cell of the area on the axes of the chosen track."""
    raise NotImplementedError


ANALYSIS = Analysis("suitability", SuitabilityParameters, roles, compute)
