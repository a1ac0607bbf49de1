"""Sites: where the programme starts next.

Communes are chosen, one village proposed in each: the villages that together reach most
need-weighted demand which suits the track and which no early adopter reaches yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analyses import suitability
from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Role, silent
from gis.criteria import DISTANCE_CAP_M
from gis.demand import QUANTITIES, Demand, demand_of, within
from gis.location_greedy import Candidate, Rules, Selection, select
from gis.parameters import SitesParameters
from gis.proposals import proposals
from gis.standing import commune_standing, district_standing
from gis.strength import GROUPS
from gis.surface import Surface, rasters_of, surface
from gis.terrain import cells_at


def roles(parameters: SitesParameters) -> tuple[Role, ...]:
    """What suitability needs, and villages and early adopters.

    Raises
    ------
    BadParameter, UnknownParameter
        As :func:`gis.analyses.suitability.roles`.
    """
    needed = {role.variable: role for role in suitability.roles(parameters)}
    margin = max(DISTANCE_CAP_M, parameters.diffusion_m)
    seen = (parameters.season, parameters.year)
    needed["adopters"] = Role("adopters", "features", "", margin, *seen)
    needed["villages"] = Role("villages", "features")
    return tuple(needed.values())


def compute(inputs: Inputs, parameters: SitesParameters, progress: Progress = silent) -> Outcome:
    """Choose communes, and a village in each.

    Returns
    -------
    Outcome
        Rasters of suitability; features ``sites``; tables ``communes`` (every commune with its
        group, reasons, rank inside the group and whether it was chosen) and ``districts``.

    Raises
    ------
    NothingToScore, WrongUnit
        As :func:`gis.analyses.suitability.compute`.
    """
    progress("steps.scoring", 1, 3)
    found = surface(inputs, parameters)
    progress("steps.summing", 2, 3)
    communes = commune_standing(found, inputs)
    districts = district_standing(found, inputs, communes)
    progress("steps.choosing", 3, 3)
    demand = demand_of(found, communes, inputs, parameters)
    villages = _candidates(found, demand, communes, inputs, parameters)
    least = parameters.min_reach
    amounts = demand.amounts[parameters.objective]
    candidates = [place for place in villages if np.nansum(amounts[place.reach]) >= least]
    rules = Rules(parameters.count, parameters.spacing_m, parameters.min_per_district)
    chosen = select(candidates, demand.worth, rules)
    sites = proposals(found, communes, demand, chosen, inputs, parameters)
    ranked = _ranked(communes, candidates, villages, demand, sites)
    return Outcome(
        rasters=rasters_of(found, inputs),
        tables={"communes": ranked, "districts": districts},
        features={"sites": sites},
        summary=_summary(ranked, sites, demand, parameters),
        warnings=(
            *found.notes,
            *demand.notes,
            *_notes(candidates, chosen, demand, ranked, parameters, districts),
        ),
    )


def _candidates(
    found: Surface,
    demand: Demand,
    communes: pd.DataFrame,
    inputs: Inputs,
    parameters: SitesParameters,
) -> list[Candidate]:
    """Villages of communes with demand of their own that reach some demand.

    A village that itself lies on excluded land is none: no field there may show the practice.
    """
    villages = inputs.features.get("villages")
    if villages is None:
        return []
    able = villages["commune"].isin(communes.index.difference(list(demand.stopped)))
    villages = villages[
        able & ~(villages.geometry.isna() | villages.geometry.is_empty)
    ].sort_index()
    villages = villages[~_on_excluded(villages, found, inputs)]
    points = np.column_stack([villages.geometry.x, villages.geometry.y])
    reach = within(demand, inputs, points, parameters.reach_m)
    return [
        Candidate(str(code), str(unit), str(communes.at[unit, "district"]), x, y, cells)
        for code, unit, (x, y), cells in zip(
            villages.index, villages["commune"], points.tolist(), reach, strict=True
        )
        if cells.size
    ]


def _on_excluded(villages: gpd.GeoDataFrame, found: Surface, inputs: Inputs) -> NDArray[np.bool_]:
    points = np.column_stack([villages.geometry.x, villages.geometry.y])
    rows, columns = cells_at(points, inputs.grid)
    held: NDArray[np.bool_] = (rows >= 0) & found.excluded[rows, columns]
    return held


def _ranked(
    communes: pd.DataFrame,
    candidates: list[Candidate],
    villages: list[Candidate],
    demand: Demand,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Every commune: its rank inside its group by its best village, chosen or why not."""
    reaching = {place.unit for place in villages}
    gains: dict[str, float] = {}
    for place in candidates:
        gain = float(demand.worth[place.reach].sum())
        gains[place.unit] = max(gain, gains.get(place.unit, 0.0))
    best = pd.Series(gains, dtype=float).reindex(communes.index)
    order = pd.DataFrame({"group": communes["group"], "gain": best}).dropna()
    order = order.sort_values("gain", ascending=False, kind="stable")
    rank = (order.groupby("group").cumcount() + 1).reindex(communes.index).astype("Int64")
    site = sites.set_index("code")["rank"].reindex(communes.index).astype("Int64")
    stops = [_stop(str(code), demand, gains, reaching) for code in communes.index]
    reasons = [
        (
            *(Note(f"reasons.stopped_{stop}") for stop in [stop] if stop not in (None, "too_weak")),
            *reason,
        )
        for stop, reason in zip(stops, communes["reason"], strict=True)
    ]
    return communes.assign(
        reason=pd.Series(reasons, index=communes.index, dtype=object),
        rank=rank,
        chosen=site.notna(),
        site=site,
        stopped_by=pd.Series(stops, index=communes.index, dtype=object),
    )


def _stop(code: str, demand: Demand, gains: dict[str, float], reaching: set[str]) -> str | None:
    """The rule that keeps a commune from being ranked; None when it is."""
    if code in demand.stopped or code in gains:
        return demand.stopped.get(code)
    return "too_little" if code in reaching else "no_villages"


def _summary(
    communes: pd.DataFrame, sites: gpd.GeoDataFrame, demand: Demand, parameters: SitesParameters
) -> dict[str, Any]:
    reached = {name: float(sites[name].sum()) for name in QUANTITIES}
    open_ha = float(demand.amounts["hectares"].sum())
    return suitability.summary_of(communes, parameters.track) | {
        "objective": parameters.objective,
        "wanted": parameters.count,
        "sites": len(sites),
        "reached": reached,
        "open_hectares": open_ha,
        "share_of_open_hectares": reached["hectares"] / open_ha if open_ha else float("nan"),
        "cost_usd": float(sites["cost_usd"].sum()),
        "chosen_by_group": {name: int((sites["group"] == name).sum()) for name in GROUPS},
        "stopped_by": dict(sorted(Counter(communes["stopped_by"].dropna()).items())),
    }


def _notes(
    candidates: list[Candidate],
    chosen: Selection,
    demand: Demand,
    communes: pd.DataFrame,
    parameters: SitesParameters,
    districts: pd.DataFrame,
) -> tuple[Note, ...]:
    """What a reader must know before trusting the list."""
    notes = []
    if not candidates:
        stops = Counter(communes["stopped_by"].dropna())
        most = min(stops, key=lambda name: (-stops[name], name))
        notes.append(Note("reasons.no_candidates", (("rule", Note(f"reasons.rule_{most}")),)))
    elif len(chosen.choices) < parameters.count:
        counts = (("found", len(chosen.choices)), ("wanted", parameters.count))
        notes.append(Note("reasons.fewer_sites", counts))
    if parameters.min_per_district:
        able = {place.district for place in candidates}
        without = [str(code) for code in districts.index if code not in able]
        notes += _named("reasons.districts_short", chosen.short, districts)
        notes += _named("reasons.districts_without", without, districts)
    return tuple(notes)


def _named(key: str, codes: Sequence[str], districts: pd.DataFrame) -> list[Note]:
    """A note that names districts in both languages; none when there is none to name."""
    if not codes:
        return []
    named = districts.loc[list(codes)]
    names = tuple(
        {"en": f"{english} ({code})", "km": f"{khmer} ({code})"}
        for code, english, khmer in zip(codes, named["name_en"], named["name_km"], strict=True)
    )
    return [Note(key, (("districts", names),))]


ANALYSIS = Analysis("sites", SitesParameters, roles, compute, uses_records=("adopters",))
