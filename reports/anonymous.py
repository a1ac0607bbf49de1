"""What leaves the house: no provider, no farmer's plot, no hectares that few farmers asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd

from gis.analysis import Note, Outcome, Result
from gis.coverage.requested import KINDS, WITHHELD
from layers.boundaries import Gazetteer
from reports.asked import as_coverage
from reports.bases import at_villages
from reports.plots import by_commune, scores_by_commune, tables_by_commune, telling
from reports.stamps import MARK, is_marked
from reports.withheld import REQUESTED, Withheld, withheld

PLOTS, PROVIDERS, PLOTS_BY_COMMUNE = "plots", "service_providers", "plots_by_commune"
REGISTERED = (PLOTS, PROVIDERS, PLOTS_BY_COMMUNE)
"""Layers and table of a precise export; a folder that was unpacked from one holds them."""
OF_PROVIDERS = ("closed", "moved", "more_machines")
"""Changes of a what-if that name providers by their references."""
NOTES = (Note("workbook.withheld"), Note("workbook.withheld_limit"))
"""What a reader must know of an export from which something is withheld."""
BY_COMMUNE = Note("workbook.maps_by_commune")
"""What a reader must know of maps that nearness to early adopters shapes."""
_REACHABLE = ("reachable_",)
_SERVED = ("served_", "unmet_")
"""All who ask wait for the same machines: what is served of one tells of the others."""
_RATIO = ("supply_demand_ratio", "supply_demand_ratio_")
_MEANS = ("median_minutes", "median_minutes_", "share", "share_")
"""Of a commune means over its land; of what is larger weighed by the demand of its communes, whose
own means the map and the table of communes tell: an equation each."""
_OF_BASES = ("served_", "other_track_", "use_share", "break_even_", "tractor_days_used")
_OF_NEED = ("hectares", "planters", "seed_kg")
_OF_SITES = (
    *("hectares", "other_hectares", "lost_hectares", "next_best_hectares"),
    *("served_ha", "use_share", "unmet_now_ha", "served_more_ha", "other_track_more_ha"),
    "minutes",
)
"""Of new bases: what they serve of the demand and how far it lies, and what is unmet without."""
_TELLING = ("machine_bases.checked",)
"""Sentences about a whole result that state such hectares."""
_SENTENCES = ("reason_", "against_")
"""Of new bases: sentences that state such hectares."""

Table = TypeVar("Table", bound=pd.DataFrame)
Columns: TypeAlias = tuple[str, ...]
"""Names of columns; with ``_`` at the end, all that begin so."""
Blanks: TypeAlias = list[tuple[Collection[str] | None, Columns]]
"""Codes of rows (None: all) and the columns that they must not tell."""


def public(result: Result, places: Gazetteer | None = None) -> Result:
    """A result as it may leave the house.

    Parameters name no provider. Hectares requested at meetings that fewer than five attended are
    told at the next coarser level only, and so is whatever they could be worked out from: a number
    of a larger place that weighs its communes by demand, and all that machines serve, since those
    told and those withheld share them. What remains is made of the rows of ``requested``, of land
    and of supply alone. Bases of machines stand at their village. Maps do not tell of hectares;
    those that nearness to plots of early adopters shapes are told by commune, and no commune with
    fewer than five plots is named. What a precise export added stays out, where the folder of one
    is taken for a result. ``places`` are those of the workspace in use, where none are given.
    """
    made = replace(result.provenance, parameters=stated(result.provenance.parameters))
    result = replace(result, outcome=without_registered(result.outcome))
    result = replace(result, outcome=without_plots(result, places))
    about = as_coverage(made.analysis, made.parameters)
    if about is None:
        return replace(result, provenance=made)
    found = withheld(result.outcome, about)
    is_demand = about["demand"] == REQUESTED
    outcome = at_villages(_without_kinds(result.outcome), places)
    if found.own or (is_demand and found.of_others):
        outcome = _without(outcome, found, is_demand)
    return replace(result, outcome=outcome, provenance=made)


def is_changed(analysis: str, parameters: Mapping[str, Any], notes: Iterable[str] = ()) -> bool:
    """Whether files of such a result are written anew before they leave the house.

    ``notes`` are the keys of what it says.
    """
    registered = MARK in notes
    return registered or as_coverage(analysis, parameters) is not None or bool(telling(parameters))


def stated(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as an export states them: of changes to providers only how many.

    >>> stated({"what_if": {"closed": ["EX-S-01", "EX-S-02"], "moved": [], "speed_factor": 2.0}})
    {'what_if': {'closed': 2, 'moved': 0, 'speed_factor': 2.0}}
    """
    said = dict(parameters)
    what_if = said.get("what_if")
    if isinstance(what_if, Mapping):
        said["what_if"] = {
            name: len(value) if name in OF_PROVIDERS and isinstance(value, list | tuple) else value
            for name, value in what_if.items()
        }
    return said


def without_registered(outcome: Outcome) -> Outcome:
    """Without plots and providers of the registry, and without the mark of what told of them."""
    if not (is_marked(outcome) or {*outcome.tables, *outcome.features}.intersection(REGISTERED)):
        return outcome
    return replace(
        outcome,
        tables={name: one for name, one in outcome.tables.items() if name not in REGISTERED},
        features={name: one for name, one in outcome.features.items() if name not in REGISTERED},
        warnings=tuple(note for note in outcome.warnings if not note.key.startswith("precise.")),
    )


def without_plots(result: Result, places: Gazetteer | None = None) -> Outcome:
    """What a result says when its maps point to no plot and its tables to no few of them."""
    outcome, names = result.outcome, telling(result.provenance.parameters)
    if not names:
        return outcome
    rasters, features = by_commune(result, names, places), dict(outcome.features)
    if "sites" in features:
        features["sites"] = scores_by_commune(features["sites"], outcome, names)
    tables = tables_by_commune(outcome, names)
    changed = any(rasters[name] is not outcome.rasters[name] for name in rasters)
    said = (BY_COMMUNE,) if changed and BY_COMMUNE not in outcome.warnings else ()
    # first: what leaves out others must be read with all of it
    warnings = (*said, *outcome.warnings)
    return replace(outcome, rasters=rasters, tables=tables, features=features, warnings=warnings)


def _without_kinds(outcome: Outcome) -> Outcome:
    """The note of requests that stand nowhere, without saying what was requested."""
    if not any(note.key == WITHHELD for note in outcome.warnings):
        return outcome
    said = tuple(
        replace(note, values=tuple(pair for pair in note.values if pair[0] != KINDS))
        for note in outcome.warnings
    )
    return replace(outcome, warnings=said)


def _without(outcome: Outcome, found: Withheld, is_demand: bool) -> Outcome:
    rows = _blanks_of_demand(found) if is_demand else _blanks_of_requests(found)
    tables = {name: _blanked(table, rows.get(name, [])) for name, table in outcome.tables.items()}
    features = {
        name: _blanked(frame, rows.get(name, [])) for name, frame in outcome.features.items()
    }
    summary = _unsaid(outcome.summary, _of_summary(found, is_demand))
    kept = (note for note in outcome.warnings if note.key not in _TELLING)
    others = kept if is_demand else outcome.warnings
    warnings = (*NOTES, *(note for note in others if note not in NOTES))
    return replace(outcome, tables=tables, features=features, summary=summary, warnings=warnings)


def _blanks_of_requests(found: Withheld) -> Mapping[str, Blanks]:
    """Where another demand was asked about: requests stand beside it."""
    asked = ("requested_",)
    return {"communes": [(found.communes, asked)], "districts": [(found.districts, asked)]}


def _blanks_of_demand(found: Withheld) -> Mapping[str, Blanks]:
    """Where requests are the demand; of other tracks only what machines serve tells."""
    asked = ("requested_", "demand_")
    served: Columns = (*_SERVED, *(_RATIO if found.own else ()))
    larger = {*found.mixed, *found.districts}
    of_larger: Blanks = [(None, served), (larger, (*_REACHABLE, *_MEANS))]
    of_communes: Blanks = [(None, (*served, *_OF_SITES)), (found.communes, _REACHABLE)]
    return {
        "communes": [*of_communes, (found.communes, asked)],
        "districts": [*of_larger, (found.districts, asked)],
        "changes": of_communes,
        "changes_districts": of_larger,
        "providers": [(None, _OF_BASES)],
        "need": [(larger, _OF_NEED)],
        "curve": [(None, _MEANS)] if found.own else [],
        "sites": [(None, (*_OF_SITES, *_SENTENCES))],
        "trade_off": [(None, _OF_SITES)],
    }


def _of_summary(found: Withheld, is_demand: bool) -> Columns:
    area = ("requested_",) if found.area else ()
    if not is_demand:
        return area
    own = (*_REACHABLE, *_RATIO, *_MEANS, "planters_needed", "planters_needed_")
    told = (*_SERVED, *_OF_SITES, "search")
    return (*area, *told, *(own if found.own else ()), *(("demand_", "seed_kg") * found.area))


def _blanked(table: Table, blanks: Blanks) -> Table:
    """A table that does not know some columns of some rows."""
    for codes, columns in blanks:
        told = [name for name in map(str, table.columns) if _tells(name, columns)]
        if not told or (codes is not None and not len(codes)):
            continue
        # read back from a file, features have their code as a column
        there = table.index if table.index.name == "code" else table["code"]
        rows = np.ones(len(table), bool) if codes is None else there.isin(list(codes))
        blank = table.copy()
        for name in told:
            nothing = np.nan if pd.api.types.is_numeric_dtype(blank[name]) else ""
            kept = blank[name].astype(np.float64) if nothing != "" else blank[name]
            blank[name] = kept.mask(np.asarray(rows), nothing)
        table = blank
    return table


def _unsaid(summary: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in summary.items():
        inner = _unsaid(value, columns) if isinstance(value, Mapping) else value
        said[name] = None if _tells(name, columns) else inner
    return said


def _tells(name: str, columns: Columns) -> bool:
    return name in columns or name.startswith(tuple(one for one in columns if one.endswith("_")))
