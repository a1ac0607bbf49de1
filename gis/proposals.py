"""Proposed sites as a table: numbers, years, cost and the sentence that says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely import Point

from gis.analysis import Inputs
from gis.demand import QUANTITIES
from gis.grid import GEOGRAPHIC
from gis.sites.against import against_it
from gis.sites.alternatives import Second
from gis.sites.candidates import Candidates
from gis.sites.chosen import Choice, Chosen
from gis.sites.for_it import Means, for_it, mean, means_of
from gis.sites.ground import Ground
from gis.surface import Surface, limiting_legend
from gis.tracks import AXES, BESIDE

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
    "rank_proposed",
    "override_reason",
    "group",
    *AXES,
    "suitability",
    "limiting",
    *QUANTITIES,
    "degraded_hectares",
    "learning_groups",
    "lost_hectares",
    "next_best",
    "next_best_en",
    "next_best_km",
    "next_best_hectares",
    "bound_by",
    "stays_share",
    "stays_without_suspect",
    "reason",
    "against",
    "sureness",
    "figures",
    "years",
    "cost_usd",
)


def proposals(choice: Choice, seconds: Sequence[Second], ground: Ground) -> gpd.GeoDataFrame:
    """One row a site, best first; ``code`` is that of the commune, the point its village.

    Scores are means over the land that the site wins, weighted by the objective; ``limiting`` is
    the key of the criterion that most of that land is limited by, empty when none is.
    """
    means = means_of(ground)
    rows = [
        _row(rank, site, second, means, ground)
        for rank, (site, second) in enumerate(zip(choice.chosen, seconds, strict=True), 1)
    ]
    points = [Point(*place) for place in ground.offered.points[choice.positions]]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(cost_usd=_costs(choice, ground))
    return gpd.GeoDataFrame(table, geometry=points, crs=ground.inputs.communes.crs)


def table_of(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sites as a table: index ``code`` of the commune, ``lon`` and ``lat`` in place of points."""
    degrees = sites.geometry.to_crs(GEOGRAPHIC)
    table = pd.DataFrame(sites.drop(columns="geometry")).set_index("code")
    return table.assign(lon=degrees.x.round(5).to_numpy(), lat=degrees.y.round(5).to_numpy())


def _row(rank: int, site: Chosen, second: Second, means: Means, ground: Ground) -> dict[str, Any]:
    found, places, parameters = ground.found, ground.places, ground.parameters
    village = ground.offered.table.iloc[site.position]
    commune = ground.communes.loc[village["commune"]]
    district = ground.inputs.districts.loc[village["district"]]
    cells, weight = _land(site, ground)
    scores: dict[str, float] = {
        axis: mean(found.axes[axis].ravel()[cells], weight) for axis in AXES
    }
    won = {name: site.sum(places.amounts[name]) for name in QUANTITIES}
    limiting = _limiting(found, cells, weight)
    return {
        "code": village["commune"],
        "name_en": commune["name_en"],
        "name_km": commune["name_km"],
        "district": village["district"],
        "district_en": district["name_en"],
        "district_km": district["name_km"],
        "village": village.name,
        "village_en": village["name_en"],
        "village_km": village["name_km"],
        "rank": rank,
        "rank_proposed": rank,
        "override_reason": "",
        "group": commune["group"],
        **scores,
        "suitability": mean(found.score.ravel()[cells], weight),
        "limiting": limiting,
        **won,
        "degraded_hectares": site.sum(places.amounts["degraded_hectares"]),
        "learning_groups": parameters.groups_per_site,
        "lost_hectares": second.lost_hectares,
        **_next_best(second, ground.offered),
        "bound_by": second.bound_by,
        "stays_share": np.nan,
        "stays_without_suspect": "",
        "reason": for_it(site, won, scores, limiting, means, ground),
        "against": against_it(second, won["hectares"], ground),
        "sureness": (),
        "figures": commune["reason"],
        "years": _years(found, ground.inputs),
    }


def _land(site: Chosen, ground: Ground) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Cells that a site wins land in, and how much of the objective each of them adds."""
    part = np.zeros(len(ground.places))
    part[site.places] = site.parts
    share = part[ground.places.place]
    won = share > 0
    amounts = ground.demand.amounts[ground.parameters.objective]
    return ground.demand.cells[won], amounts[won] * share[won]


def _next_best(second: Second, offered: Candidates) -> dict[str, Any]:
    names = ("next_best", "next_best_en", "next_best_km")
    if second.next_best < 0:
        return {**dict.fromkeys(names, ""), "next_best_hectares": np.nan}
    other = offered.table.iloc[second.next_best]
    said = (other.name, other["name_en"], other["name_km"])
    return {**dict(zip(names, said, strict=True)), "next_best_hectares": second.next_hectares}


def _costs(choice: Choice, ground: Ground) -> NDArray[np.float64]:
    """Of each new site; its commune is paid once, by the first, and not where a site stands."""
    units, parameters = ground.offered.table["commune"], ground.parameters
    own = units.iloc[choice.positions]
    paid = own.duplicated() | own.isin(units.iloc[choice.standing])
    costs = parameters.site_usd + np.where(paid, 0.0, parameters.commune_cost_usd)
    return costs.astype(np.float64)


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


def _years(found: Surface, inputs: Inputs) -> str:
    """Year of each input, ``maize_ha 2011; slope 2000``; ``?`` where no year is stated."""
    track = found.scored.track
    used = [name for item in found.scored.criteria for name in item.variables]
    used += [*track.figures, "households", "poor_households", "roads", "adopters"]
    years = {name: inputs.years[name] for name in dict.fromkeys(used) if name in inputs.years}
    for analysis in sorted({BESIDE[name] for name in used if name in BESIDE}):
        years = {**inputs.beside[analysis].years, **years}
    return "; ".join(f"{name} {year or '?'}" for name, year in years.items())
