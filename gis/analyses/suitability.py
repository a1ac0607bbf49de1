"""Suitability: where a track's land needs conservation agriculture and can take it.

Multi-criteria evaluation after FAO (1976), A framework for land evaluation: each criterion has a
value function and a weight, some limit, masks exclude; four axes (need, fit, service, spread)
stand side by side and are combined by weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analyses import coverage, land_degradation
from gis.analysis import Analysis, Inputs, Outcome, Progress, Role, silent
from gis.classes import CLASSES
from gis.criteria import DISTANCE_CAP_M
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.parts import PARTS
from gis.land_degradation.periods import NEWEST
from gis.land_degradation.series import VEGETATION
from gis.membership import CategoryTable
from gis.overlay import contributions
from gis.standing import commune_standing, district_standing
from gis.strength import GROUPS
from gis.suitability_parameters import SuitabilityParameters
from gis.surface import rasters_of, surface
from gis.tracks import BESIDE, DERIVED, Track

INDICATOR = (*PARTS.values(), "soil_group", "climate_zone")
"""What the indicator of land degradation rests on, without those whom it affects."""
UNITS = {
    "slope": "degree",
    "elevation": "m",
    "flood_hazard": "index 0-100",
    "maize_yield": "t/ha",
    "cassava_yield": "t/ha",
}
"""Units in which layers arrive; every other quantity is a share, ``1``."""


def roles(parameters: SuitabilityParameters) -> tuple[Role, ...]:
    """What the chosen track needs to be read.

    Raises
    ------
    BadParameter, UnknownParameter
        When the track or the weight of a criterion is unknown.
    """
    track = parameters.chosen
    classes = {mask.variable for mask in track.masks} | {
        item.variable for item in track.criteria if isinstance(item.function, CategoryTable)
    }
    names = [name for item in track.criteria for name in item.variables]
    names += [mask.variable for mask in track.masks]
    found = [_role(name, name in classes) for name in dict.fromkeys(names) if name not in BESIDE]
    return (*found, Role("figures", "figures"), *_beside(parameters, track))


def _beside(parameters: SuitabilityParameters, track: Track) -> tuple[Role, ...]:
    """What analyses read that the criteria rest on; what is made up only accompanies."""
    found: dict[str, tuple[Role, ...]] = {}
    if track.rests_on("coverage"):
        found["coverage"] = tuple(
            role for role in coverage.roles(parameters.coverage) if role.kind != "figures"
        )
    if track.rests_on("land-degradation"):
        stated = LandDegradationParameters()
        newest = tuple(stated.periods[NEWEST].years)
        found["land-degradation"] = tuple(
            replace(role, years=newest) if role.variable == VEGETATION else role
            for role in land_degradation.roles(stated)
            if role.variable in INDICATOR
        )
    return tuple(
        replace(role, beside=analysis, accompanies=True)
        for analysis, roles in found.items()
        for role in roles
    )


def _role(variable: str, is_class: bool) -> Role:
    if variable in DERIVED:
        return Role(DERIVED[variable], "features", margin_m=DISTANCE_CAP_M)
    if is_class:
        return Role(variable, "class")
    return Role(variable, "quantity", UNITS.get(variable, "1"))


def compute(
    inputs: Inputs, parameters: SuitabilityParameters, progress: Progress = silent
) -> Outcome:
    """Score every cell of the area on the axes of the chosen track.

    Returns
    -------
    Outcome
        Rasters ``suitability``, ``suitability_class``, ``limiting`` and one an axis; tables
        ``communes`` and ``districts``.

    Raises
    ------
    NothingToScore
        When no criterion that weighs has a layer over the area.
    WrongUnit
        When a layer's unit cannot be converted to its criterion's.
    """
    progress("steps.scoring", 1, 2)
    found = surface(inputs, parameters)
    progress("steps.summing", 2, 2)
    communes = commune_standing(found, inputs)
    districts = district_standing(found, inputs, communes)
    return Outcome(
        rasters=rasters_of(found, inputs),
        tables={"communes": communes, "districts": districts},
        summary=summary_of(communes, parameters.track),
        warnings=found.notes,
    )


def summary_of(communes: pd.DataFrame, track: str) -> dict[str, Any]:
    """Headline numbers over all communes."""
    land = {name: float(communes[name].sum()) for name in (*CLASSES, "no_data")}
    return {
        "track": track,
        "communes": len(communes),
        "groups": {name: int((communes["group"] == name).sum()) for name in GROUPS},
        "hectares": float(communes["hectares"].sum()),
        "land_by_class_ha": land,
    }


def contributions_at(
    inputs: Inputs, parameters: SuitabilityParameters, cells: NDArray[np.bool_]
) -> pd.DataFrame:
    """What each criterion adds to the score of a cell or zone, and what it costs.

    Parameters
    ----------
    cells
        Grid-shaped; True for the cells asked about, which are averaged.

    Returns
    -------
    DataFrame
        Index = key of the criterion; columns ``axis``, ``score`` (its own), ``weight`` (share of
        all weights that apply), ``gain`` and ``loss`` (weight times score, weight times what it
        lacks). NaN where nothing is known. Gains add to the score before a limiting criterion caps
        its axis or the whole.
    """
    scored = surface(inputs, parameters).scored
    shares = scored.axis_shares(parameters.weights)
    rows = {}
    for axis, share in shares.items():
        own = [place for place, item in enumerate(scored.criteria) if item.axis == axis]
        parts = contributions(
            [scored.scores[place] for place in own],
            [scored.criteria[place].weight for place in own],
            cells,
        )
        for place, part in zip(own, parts, strict=True):
            parted = (share * part.weight, share * part.gain, share * part.loss)
            rows[place] = (axis, part.score, *parted)
    keys = pd.Index([scored.criteria[place].key for place in sorted(rows)], name="criterion")
    return pd.DataFrame(
        [rows[place] for place in sorted(rows)],
        index=keys,
        columns=["axis", "score", "weight", "gain", "loss"],
    )


ANALYSIS = Analysis("suitability", SuitabilityParameters, roles, compute)
