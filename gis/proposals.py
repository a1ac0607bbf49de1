"""Proposed sites as a table: numbers, years, cost and the sentence that says why."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely import Point

from gis.analysis import Inputs, Note
from gis.demand import PRIORITY, QUANTITIES, Demand
from gis.location_greedy import Choice, Selection
from gis.parameters import SitesParameters
from gis.surface import Surface, limiting_legend
from gis.tracks import AXES

COLUMNS = (
    "code",
    "name_en",
    "name_km",
    "district",
    "district_en",
    "district_km",
    "village",
    "village_en",
    "village_km",
    "rank",
    "group",
    *AXES,
    "suitability",
    "limiting",
    *QUANTITIES,
    "learning_groups",
    "reason",
    "years",
    "cost_usd",
)


def proposals(
    found: Surface,
    communes: pd.DataFrame,
    demand: Demand,
    chosen: Selection,
    inputs: Inputs,
    parameters: SitesParameters,
) -> gpd.GeoDataFrame:
    """One row a site, best first; ``code`` is that of the commune, the point its village.

    Scores are means over the land that the site wins, weighted by the objective; ``limiting`` is
    the key of the criterion that most of that land is limited by, empty when none is.
    """
    rows = [
        _row(rank, choice, found, communes, demand, inputs, parameters)
        for rank, choice in enumerate(chosen.choices, 1)
    ]
    points = [Point(choice.candidate.x, choice.candidate.y) for choice in chosen.choices]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return gpd.GeoDataFrame(table, geometry=points, crs=inputs.communes.crs)


def _row(
    rank: int,
    choice: Choice,
    found: Surface,
    communes: pd.DataFrame,
    demand: Demand,
    inputs: Inputs,
    parameters: SitesParameters,
) -> dict[str, Any]:
    place = choice.candidate
    commune = communes.loc[place.unit]
    district = inputs.districts.loc[place.district]
    village = inputs.features["villages"].loc[place.code]
    cells = demand.cells[choice.covered]
    weight = demand.amounts[parameters.objective][choice.covered]
    scores: dict[str, float] = {
        axis: _mean(found.axes[axis].ravel()[cells], weight) for axis in AXES
    }
    won = {name: float(demand.amounts[name][choice.covered].sum()) for name in QUANTITIES}
    limiting = _limiting(found, cells, weight)
    return {
        "code": place.unit,
        "name_en": commune["name_en"],
        "name_km": commune["name_km"],
        "district": place.district,
        "district_en": district["name_en"],
        "district_km": district["name_km"],
        "village": place.code,
        "village_en": village["name_en"],
        "village_km": village["name_km"],
        "rank": rank,
        "group": commune["group"],
        **scores,
        "suitability": _mean(found.score.ravel()[cells], weight),
        "limiting": limiting,
        **won,
        "learning_groups": parameters.groups_per_site,
        "reason": (*_why(won, scores, limiting, parameters), *commune["reason"]),
        "years": _years(found, inputs),
        "cost_usd": parameters.commune_cost_usd
        + parameters.groups_per_site * parameters.group_cost_usd,
    }


def _mean(values: NDArray[np.float32], weight: NDArray[np.float64]) -> float:
    """Weighted mean of what is known; NaN when nothing is."""
    known = ~np.isnan(values) & ~np.isnan(weight)
    total = weight[known].sum()
    if total <= 0:
        return float("nan")
    return float((values[known] * weight[known]).sum() / total)


def _limiting(found: Surface, cells: NDArray[np.intp], weight: NDArray[np.float64]) -> str:
    codes = found.limiting.ravel()[cells].astype(np.intp)
    legend = {
        code: key.removeprefix("criteria.")
        for code, key in limiting_legend(found.scored.track).items()
        if code > 0
    }
    shares = {code: float(weight[codes == code].sum()) for code in legend}
    most = min(shares, key=lambda code: (-shares[code], code))
    return legend[most] if shares[most] > 0 else ""


def _why(
    won: dict[str, float], scores: dict[str, float], limiting: str, parameters: SitesParameters
) -> tuple[Note, ...]:
    """What the site wins, what speaks most for it, what limits it."""
    track = Note(f"criteria.track_{parameters.track}")
    notes = [
        Note(
            f"reasons.site_{parameters.objective}",
            (
                ("amount", won[parameters.objective]),
                ("hectares", won["hectares"]),
                ("track", track),
                ("reach", parameters.reach_m / 1000),
                ("diffusion", parameters.diffusion_m / 1000),
            ),
        )
    ]
    known = {
        axis: parameters.weights.of(axis) * scores[axis]
        for axis in PRIORITY
        if parameters.weights.of(axis) > 0 and not np.isnan(scores[axis])
    }
    if known:
        best = max(known, key=lambda axis: known[axis])
        values = (("axis", Note(f"criteria.axis_{best}")), ("score", round(100 * scores[best])))
        notes.append(Note("reasons.speaks_for", values))
    if limiting:
        notes.append(Note("reasons.costs_most", (("criterion", Note(f"criteria.{limiting}")),)))
    return tuple(notes)


def _years(found: Surface, inputs: Inputs) -> str:
    """Year of each input, ``maize_ha 2011; slope 2000``; ``?`` where no year is stated."""
    track = found.scored.track
    used = [name for item in found.scored.criteria for name in item.variables]
    used += [*track.figures, "households", "poor_households", "roads", "adopters"]
    years = {name: inputs.years[name] for name in dict.fromkeys(used) if name in inputs.years}
    return "; ".join(f"{name} {year or '?'}" for name, year in years.items())
