"""Sites: where the programme starts next.

Communes are chosen, one village proposed in each: the villages that together reach most
need-weighted demand which suits the track and which no early adopter reaches yet. Exact models
choose (:mod:`gis.location`), and say whether their answer is proven best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analyses import suitability
from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Role, silent
from gis.criteria import DISTANCE_CAP_M
from gis.demand import QUANTITIES, Demand, adopters_away
from gis.proposals import proposals
from gis.sites.alternatives import seconds_of
from gis.sites.choice import Choice, choose
from gis.sites.confidence import known_adopters, note_on_adopters, with_confidence
from gis.sites.estimates import with_estimates
from gis.sites.ground import Ground, ground_of
from gis.sites.overrides import both_ranks, decided, notes_on, overrides_table, removed_notes
from gis.sites.parameters import SitesParameters
from gis.sites.trade_off import trade_off
from gis.standing import commune_standing, district_standing
from gis.strength import GROUPS
from gis.surface import rasters_of, surface


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
        group, reasons, rank inside the group and whether it was chosen), ``districts``,
        ``trade_off`` (sites one after another against what they reach), ``left_out`` (villages
        that are no candidates, and why) and ``known_adopters`` (how communes score where the
        practice is known: a check, no proof); with overrides ``overrides`` (rank as proposed and
        as decided, and why).

    Raises
    ------
    NothingToScore, WrongUnit
        As :func:`gis.analyses.suitability.compute`.
    BadParameter, NotACandidate, RulesContradict, NoSitesInTime
        As :func:`gis.sites.choice.choose`.
    """
    progress("steps.scoring", 1, 3)
    found = surface(inputs, parameters)
    progress("steps.summing", 2, 3)
    communes = with_estimates(commune_standing(found, inputs), found, inputs, parameters)
    districts = district_standing(found, inputs, communes)
    progress("steps.choosing", 3, 3)
    away = adopters_away(found, inputs, parameters.diffusion_m)
    ground = ground_of(found, communes, inputs, away, parameters)
    proposed = choose(ground.offered, ground.places, ground.districts, parameters, progress)
    choice = decided(proposed, ground)
    seconds = seconds_of(choice, ground.offered, ground.places, parameters)
    sites = both_ranks(proposals(choice, seconds, ground), proposed, ground)
    sites = with_confidence(sites, ground, progress)
    ranked = _ranked(ground, sites)
    adopters = known_adopters(ground)
    return Outcome(
        rasters=rasters_of(found, inputs),
        tables={
            "communes": ranked,
            "districts": districts,
            "trade_off": trade_off(choice, ground.offered, ground.places, communes, parameters),
            "left_out": ground.offered.left_out,
            "known_adopters": adopters,
            **_overridden(sites, proposed, ground),
        },
        features={"sites": sites},
        summary=_summary(ranked, sites, choice, ground),
        warnings=(
            *found.notes,
            *ground.demand.notes,
            *_notes(proposed, ranked, districts, ground),
            *note_on_adopters(adopters),
            *notes_on(parameters),
        ),
    )


def _overridden(
    sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground
) -> dict[str, pd.DataFrame]:
    if not ground.parameters.overrides:
        return {}
    return {"overrides": overrides_table(sites, proposed, ground)}


def _ranked(ground: Ground, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every commune: its rank inside its group by its best village, chosen or why not."""
    communes, offered, demand = ground.communes, ground.offered, ground.demand
    gain = pd.Series(offered.sums(ground.places.worth), index=offered.table["commune"])
    gains = gain.groupby(level=0).max()
    reaching = set(offered.left_out.query("stopped_by == 'too_little'")["commune"])
    order = pd.DataFrame({"group": communes["group"], "gain": gains.reindex(communes.index)})
    order = order.dropna().sort_values("gain", ascending=False, kind="stable")
    rank = (order.groupby("group").cumcount() + 1).reindex(communes.index).astype("Int64")
    site = sites.groupby("code")["rank"].min().reindex(communes.index).astype("Int64")
    stops = [_stop(str(code), demand, set(gains.index), reaching) for code in communes.index]
    reasons = [
        (
            *(Note(f"reasons.stopped_{stop}") for stop in [stop] if stop not in (None, "too_weak")),
            *removed_notes(str(code), ground.parameters),
            *reason,
        )
        for code, stop, reason in zip(communes.index, stops, communes["reason"], strict=True)
    ]
    return communes.assign(
        reason=pd.Series(reasons, index=communes.index, dtype=object),
        rank=rank,
        chosen=site.notna(),
        site=site,
        stopped_by=pd.Series(stops, index=communes.index, dtype=object),
    )


def _stop(code: str, demand: Demand, gains: set[str], reaching: set[str]) -> str | None:
    """The rule that keeps a commune from being ranked; None when it is."""
    if code in demand.stopped or code in gains:
        return demand.stopped.get(code)
    return "too_little" if code in reaching else "no_villages"


def _summary(
    communes: pd.DataFrame, sites: gpd.GeoDataFrame, choice: Choice, ground: Ground
) -> dict[str, Any]:
    parameters = ground.parameters
    reached = {name: float(sites[name].sum()) for name in QUANTITIES}
    open_ha = float(ground.demand.amounts["hectares"].sum())
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
        "candidates": len(ground.offered),
        "search": _search(choice, parameters),
    }


def _search(choice: Choice, parameters: SitesParameters) -> dict[str, Any]:
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


def _notes(
    choice: Choice, communes: pd.DataFrame, districts: pd.DataFrame, ground: Ground
) -> tuple[Note, ...]:
    """What a reader must know before trusting the list."""
    parameters, offered = ground.parameters, ground.offered
    notes = [*_how_sure(choice)]
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
    notes += _beyond(ground)
    if parameters.min_per_district:
        able = set(offered.table["district"])
        without = [str(code) for code in districts.index if code not in able]
        notes += _named("reasons.districts_without", without, districts)
    return tuple(notes)


def _counted(parameters: SitesParameters) -> bool:
    return parameters.budget_usd is None and parameters.model != "set-covering"


def _how_sure(choice: Choice) -> tuple[Note, ...]:
    """Whether other sites may be better, and by how much at most."""
    found = choice.location
    if found is None or found.optimal:
        return ()
    seconds = ("seconds", round(found.seconds))
    if not np.isfinite(found.gap):
        return (Note("reasons.not_proven_unbounded", (seconds,)),)
    return (Note("reasons.not_proven", (("percent", f"{100 * found.gap:.1f}"), seconds)),)


def _beyond(ground: Ground) -> tuple[Note, ...]:
    """Demand that no candidate reaches, where a model is to reach all."""
    if ground.parameters.model != "set-covering":
        return ()
    reached = np.zeros(len(ground.places), dtype=np.bool_)
    reached[ground.offered.reach.points] = True
    hectares = float(np.nansum(ground.places.amounts["hectares"][~reached]))
    if reached.all():
        return ()
    return (Note("reasons.out_of_reach", (("hectares", hectares),)),)


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
