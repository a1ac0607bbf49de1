"""New machinery bases: planters where most demand stays unmet.

The capacitated model of sites over the ways of coverage: what the present bases leave is served
from villages by machines that a season gives only so many days. What is told of the result is
worked out again by coverage, with the chosen bases as its ``what_if``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analyses import coverage
from gis.analysis import Inputs, Note, Outcome, Progress, Role, silent
from gis.coverage.parameters import NewBase, WhatIf
from gis.grid import GEOGRAPHIC
from gis.proposals import table_of
from gis.sites.bases_choice import as_sites, check_goal, choose_bases
from gis.sites.bases_ground import BasesGround, bases_ground, coverage_of, machine_of
from gis.sites.bases_served import served_more
from gis.sites.bases_settled import Settled, settled
from gis.sites.bases_table import base_sites, told, trade_off_of_bases
from gis.sites.candidates import no_place
from gis.sites.parameters import SitesParameters
from gis.sites.told import how_sure, search_of


def roles(parameters: SitesParameters) -> tuple[Role, ...]:
    """What coverage needs, villages, and layers of land that is excluded.

    Raises
    ------
    BadParameter, UnknownParameter
        As :func:`gis.analyses.coverage.roles`, and as :func:`compute`.
    """
    check_goal(parameters)
    masks = dict.fromkeys(
        mask.variable for mask in parameters.chosen.masks if mask.effect == "exclude"
    )
    return (
        *coverage.roles(coverage_of(parameters)),
        Role("villages", "features"),
        *(Role(variable, "class") for variable in masks),
    )


def compute(inputs: Inputs, parameters: SitesParameters, progress: Progress = silent) -> Outcome:
    """Choose villages for bases.

    Returns
    -------
    Outcome
        That of coverage with the chosen bases, and features ``sites``; tables ``trade_off`` (bases
        one after another) and ``left_out`` (villages that are no candidates, and why);
        ``communes`` says which was ``chosen``.

    Raises
    ------
    BadParameter, NotACandidate, RulesContradict, NoSitesInTime
        As :func:`gis.sites.bases_choice.choose_bases`.
    AllocationFailed
        When a solver ends without an optimum.
    """
    check_goal(parameters)
    progress("steps.serving", 1, 4)
    ground = bases_ground(inputs, parameters)
    progress("steps.choosing", 2, 4)
    proposed = choose_bases(ground, progress)
    found = settled(proposed, ground, progress)
    choice = found.choice
    progress("steps.changing", 3, 4)
    more = served_more(ground, choice.standing, choice.positions)
    bases = new_bases(ground, np.concatenate([choice.standing, choice.positions]))
    changed = replace(ground.coverage, what_if=WhatIf(bases=bases))
    progress("steps.summing", 4, 4)
    covered = coverage.outcome_of(inputs, changed, ground.present)
    sites = base_sites(choice, more, covered, ground)
    communes = _with_sites(covered.tables["communes"], sites, ground)
    sites = sites.assign(group=communes["group"].reindex(sites["code"]).to_numpy())
    return Outcome(
        rasters=covered.rasters,
        tables={
            **covered.tables,
            "sites": table_of(sites),
            "communes": communes,
            "trade_off": trade_off_of_bases(sites),
            "left_out": ground.offered.left_out,
        },
        features={"sites": sites, **covered.features},
        summary={**covered.summary, **_summary(sites, found, ground)},
        warnings=(*_notes(sites, found, ground), *covered.warnings),
    )


def new_bases(ground: BasesGround, positions: NDArray[np.int64]) -> tuple[NewBase, ...]:
    """The same bases as a change that coverage takes."""
    parameters = ground.parameters
    points = gpd.GeoSeries.from_xy(
        *ground.offered.points[positions].T, crs=ground.inputs.communes.crs
    ).to_crs(GEOGRAPHIC)
    (machine,) = ground.fleet.machines
    return tuple(
        NewBase(
            lon=round(float(point.x), 6),
            lat=round(float(point.y), 6),
            machine=machine_of(parameters, ground.coverage),
            count=parameters.bases.planters_per_base,
            hectares_a_day=parameters.bases.hectares_a_day,
            crops=tuple(sorted(machine.crops)),
        )
        for point in points
    )


def _with_sites(
    communes: pd.DataFrame, sites: gpd.GeoDataFrame, ground: BasesGround
) -> pd.DataFrame:
    """Communes with what stays unmet now, and whether one was chosen."""
    wanted, service = ground.present.ground.wanted, ground.present.service
    left = wanted.demand - service.allocations["middle"].served
    own = left[:, wanted.own].sum(axis=1)
    known = ~np.isnan(own)
    now = np.bincount(wanted.places.unit, np.where(known, own, 0.0), minlength=len(communes)).round(
        4
    )
    unknown = np.bincount(wanted.places.unit, known, minlength=len(communes)) == 0
    rank = sites.groupby("code")["rank"].min().reindex(communes.index).astype("Int64")
    place = list(communes.columns).index("unmet_ha")
    found = communes.assign(
        group=[
            _group(group, notes, demand)
            for group, notes, demand in zip(
                communes["group"], communes["reason"], communes["demand_ha"], strict=True
            )
        ],
        reason=communes["reason"].map(told),
        chosen=rank.notna(),
        site=rank,
    )
    found.insert(place, "unmet_now_ha", np.where(unknown, np.nan, now.clip(min=0)))
    return found


def _group(group: str, notes: tuple[Note, ...], demand: float) -> str:
    """Borderline where only the way is a guess: the hectares are known, and so is a road."""
    guessed = "coverage.route_too_weak" in {note.key for note in notes}
    return "borderline" if group == "too-weak" and guessed and not np.isnan(demand) else group


def _summary(sites: gpd.GeoDataFrame, found: Settled, ground: BasesGround) -> dict[str, Any]:
    parameters, cost = ground.parameters, ground.parameters.bases.cost_usd
    return {
        "goal": "bases",
        "wanted": parameters.count,
        "sites": len(sites),
        "unmet_now_ha": float(ground.demand.hectares.sum()),
        "served_more_ha": float(sites["hectares"].sum()),
        "other_track_more_ha": float(sites["other_hectares"].sum()),
        "planters_more": parameters.bases.planters_per_base * len(sites),
        "base_supply_ha": ground.supply_ha,
        "cost_usd": None if cost is None else cost * len(sites),
        "candidates": len(ground.offered),
        "stopped_by": dict(sorted(Counter(ground.offered.left_out["stopped_by"]).items())),
        "search": _search(found, ground),
    }


def _search(found: Settled, ground: BasesGround) -> dict[str, Any]:
    """How sure the choice of the model is; what was settled after it, nothing proves best."""
    search = search_of(found.choice, as_sites(ground))
    if "proven_best" in search:
        search["proven_best"] &= not (found.spared or found.moved)
        search["settled"] = {"spared": found.spared, "moved": found.moved}
    return search


def _notes(sites: gpd.GeoDataFrame, settled_: Settled, ground: BasesGround) -> tuple[Note, ...]:
    """What a reader must know before trusting the list."""
    parameters, choice = ground.parameters, settled_.choice
    found = choice.location
    unmet = float(ground.demand.hectares.sum())
    notes = []
    if not any(
        base.machines(ground.present.ground.wanted.own_crops) for base in ground.present.bases
    ):
        notes.append(Note("machine_bases.none_there"))
    if ground.supply_ha <= 0:
        notes.append(
            Note(
                "machine_bases.no_days",
                (("season", Note(f"frame.season_{ground.coverage.season}")),),
            )
        )
    elif unmet <= 0:
        notes.append(Note("machine_bases.nothing_unmet"))
    elif not len(ground.offered):
        stops = Counter(ground.offered.left_out["stopped_by"])
        rule = min(stops, key=lambda name: (-stops[name], name)) if stops else no_place(parameters)
        notes.append(Note("reasons.no_candidates", (("rule", Note(f"reasons.rule_{rule}")),)))
    elif parameters.budget_usd is not None and sites.empty:
        notes.append(Note("reasons.budget_too_small", (("budget", parameters.budget_usd),)))
    elif parameters.budget_usd is None and len(sites) < parameters.count:
        counts = (("found", len(sites)), ("wanted", parameters.count))
        notes.append(Note("machine_bases.enough", counts))
    if found is not None:
        hectares = float(sites["hectares"].sum())
        notes += how_sure(choice)
        notes.append(
            Note("machine_bases.checked", (("model", found.objective), ("hectares", hectares)))
        )
        if settled_.spared:
            notes.append(Note("machine_bases.spared", (("count", settled_.spared),)))
        if settled_.moved:
            notes.append(Note("machine_bases.moved", (("count", settled_.moved),)))
    return tuple(notes)
