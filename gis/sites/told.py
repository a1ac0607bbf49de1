"""What a choice of sites says of itself: totals, and what must be known before it is trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Note
from gis.demand import QUANTITIES
from gis.sites.chosen import Choice
from gis.sites.ground import Ground
from gis.sites.parameters import SitesParameters
from gis.strength import GROUPS

NEARLY_ALL, FAR_FEWER = 0.95, 0.75
"""Working values: share of the reach, and of the sites, at which a reader asks what the rest is
for."""


def summary_of(
    communes: pd.DataFrame, sites: gpd.GeoDataFrame, choice: Choice, ground: Ground
) -> dict[str, Any]:
    """Headline numbers of the choice; a sum with an unknown part is unknown (NaN)."""
    parameters = ground.parameters
    reached = {name: float(sites[name].sum(skipna=False)) for name in QUANTITIES}
    open_ha = float(ground.demand.amounts["hectares"].sum())
    return {
        "objective": parameters.objective,
        "wanted": parameters.count,
        "sites": len(sites),
        "reached": reached,
        "open_hectares": open_ha,
        "share_of_open_hectares": reached["hectares"] / open_ha if open_ha else float("nan"),
        "cost_usd": float(sites["cost_usd"].sum()),
        "chosen_by_group": {name: int((sites["group"] == name).sum()) for name in GROUPS},
        "stopped_by": dict(sorted(Counter(communes["stopped_by"].dropna()).items())),
        "candidates": len(ground.offered) - len(ground.offered.admitted),
        "search": search_of(choice, parameters),
    }


def search_of(choice: Choice, parameters: SitesParameters) -> dict[str, Any]:
    """How sure it is that no other sites are better.

    ``objective`` is the weighted demand reached (maximal covering), the demand served
    (capacitated), demand times metres (p-median) or the number of sites (set covering).
    """
    found = choice.location
    if found is None:
        return {"model": parameters.model}
    return {
        "model": parameters.model,
        "objective": found.objective,
        "bound": found.bound if np.isfinite(found.bound) else None,
        "gap": found.gap if np.isfinite(found.gap) else None,
        "seconds": round(found.seconds, 2),
        "proven_best": found.optimal,
        "overridden": bool(parameters.overrides),
    }


def notes_of(
    choice: Choice, communes: pd.DataFrame, districts: pd.DataFrame, ground: Ground
) -> tuple[Note, ...]:
    """What a reader must know before trusting the list."""
    parameters, offered = ground.parameters, ground.offered
    notes = [*how_sure(choice)]
    stops = Counter(communes["stopped_by"].dropna())
    if not len(offered) and stops:
        most = min(stops, key=lambda name: (-stops[name], name))
        notes.append(Note("reasons.no_candidates", (("rule", Note(f"reasons.rule_{most}")),)))
    elif parameters.budget_usd is not None and not choice.chosen:
        notes.append(Note("reasons.budget_too_small", (("budget", parameters.budget_usd),)))
    elif _counted(parameters) and len(choice.chosen) < parameters.count:
        counts = (("found", len(choice.chosen)), ("wanted", parameters.count))
        notes.append(Note("reasons.fewer_sites", counts))
    if ground.places.gathered:
        notes.append(Note("reasons.gathered", (("km", ground.places.side_m / 1000),)))
    if parameters.model == "capacitated":
        notes.append(Note("reasons.capacity_plain"))
    if parameters.apart_m < parameters.spacing_m:
        notes.append(Note("reasons.spacing_no_rule", (("km", parameters.spacing_m / 1000),)))
    if parameters.objective != "hectares":
        notes.append(Note("reasons.all_households"))
    notes += _few_reach_most(choice, ground)
    notes += _beyond(ground)
    if parameters.min_per_district:
        able = set(offered.table["district"])
        without = [str(code) for code in districts.index if code not in able]
        notes += _named("reasons.districts_without", without, districts)
    return tuple(notes)


def _few_reach_most(choice: Choice, ground: Ground) -> tuple[Note, ...]:
    """How many of the sites reach nearly all that all of them reach, where those are far fewer."""
    amounts = ground.places.amounts[ground.parameters.objective]
    sums = np.cumsum([site.sum(amounts) for site in choice.chosen])
    few = int(np.searchsorted(sums, NEARLY_ALL * sums[-1])) + 1 if len(sums) else 0
    if not few or few > FAR_FEWER * len(sums) or not np.isfinite(sums[-1]):
        return ()
    share = ("percent", round(100 * float(sums[few - 1] / sums[-1])))
    return (Note("reasons.few_reach_most", (("few", few), ("sites", len(sums)), share)),)


def _counted(parameters: SitesParameters) -> bool:
    return parameters.budget_usd is None and parameters.model != "set-covering"


def how_sure(choice: Choice) -> tuple[Note, ...]:
    """Whether other sites may be better, and by how much at most."""
    found = choice.location
    if found is None or found.optimal:
        return ()
    seconds = ("seconds", round(found.seconds))
    if not np.isfinite(found.gap):
        return (Note("reasons.not_proven_unbounded", (seconds,)),)
    return (Note("reasons.not_proven", (("percent", f"{100 * found.gap:.1f}"), seconds)),)


def _beyond(ground: Ground) -> tuple[Note, ...]:
    """Demand that no candidate reaches: what it means for a model that is to reach all, else that
    large communes, whose figures are spread evenly, look emptier than they are."""
    reached = np.zeros(len(ground.places), dtype=np.bool_)
    reached[ground.offered.reach.points] = True
    amounts = np.nan_to_num(ground.places.amounts["hectares"])
    hectares = float(amounts[~reached].sum())
    if reached.all():
        return ()
    if ground.parameters.model == "set-covering":
        return (Note("reasons.out_of_reach", (("hectares", hectares),)),)
    share = hectares / float(amounts.sum()) if amounts.any() else 0.0
    if share < 1 - NEARLY_ALL:
        return ()
    values = (("percent", round(100 * share)), ("km", ground.parameters.reach_m / 1000))
    return (Note("reasons.spread_evenly", values),)


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
