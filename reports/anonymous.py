"""What leaves the house: no reference of a provider, no hectares that few farmers asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from gis.analysis import Note, Outcome, Result

OF_PROVIDERS = ("closed", "moved", "more_machines")
"""Changes of a what-if that name providers by their references."""
REQUESTED = "requested"
"""The kind of demand, and the table of it. The table names no commune or district for what fewer
than five farmers asked: hectares that another table has beyond it are theirs."""
_OF_DEMAND = (
    *("demand_", "requested_", "reachable_", "served_", "unmet_"),
    *("supply_demand_ratio", "supply_demand_ratio_"),
)
"""Columns that tell of hectares requested, where these are the demand; with ``_`` at the end, all
that begin so."""
_OF_BASES = ("served_", "use_share", "break_even_", "tractor_days_used")
_OF_NEED = ("hectares", "planters", "seed_kg")
_FOLLOWING = ("seed_kg", "planters_needed", "planters_needed_")
"""Of the summary: what follows from the demand."""
_HAIR = 1e-6

Table = TypeVar("Table", bound=pd.DataFrame)


def public(result: Result) -> Result:
    """A result as it may leave the house.

    Parameters name no provider. Hectares that fewer than five farmers asked for are told at the
    next coarser level only: in a district with such a commune no commune has them, and where a
    district is one itself, none has. Maps do not tell of hectares and stay as they are.
    """
    made = replace(result.provenance, parameters=stated(result.provenance.parameters))
    hidden = _hidden(result.outcome, made.parameters)
    if not any(len(codes) for codes in hidden.values()):
        return replace(result, provenance=made)
    outcome = _without(result.outcome, hidden, made.parameters.get("demand") == REQUESTED)
    return replace(result, outcome=outcome, provenance=made)


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


def _hidden(outcome: Outcome, parameters: Mapping[str, Any]) -> Mapping[str, Collection[str]]:
    """Codes of communes and districts whose requests are withheld; ``area`` where its sum is."""
    requested, communes = outcome.tables.get(REQUESTED), outcome.tables.get("communes")
    if requested is None or communes is None:
        return {}
    rows = _of_run(requested, outcome.summary, parameters)
    asked = communes["requested_ha"].fillna(0.0)
    named = rows.groupby(level=0)["hectares"].sum().reindex(communes.index, fill_value=0.0)
    few = set(communes.loc[asked - named > _HAIR, "district"])
    of_district = rows.groupby(rows["district"].fillna("").astype(str))["hectares"].sum()
    by_district = asked.groupby(communes["district"]).sum()
    beyond = by_district - of_district.reindex(by_district.index, fill_value=0.0) > _HAIR
    return {
        "communes": communes.index[communes["district"].isin(few)],
        "districts": by_district.index if beyond.any() else (),
        "area": ("area",) if asked.sum() - rows["hectares"].sum() > _HAIR else (),
    }


def _of_run(
    requested: pd.DataFrame, summary: Mapping[str, Any], parameters: Mapping[str, Any]
) -> pd.DataFrame:
    """Rows of the table that the demand of the run is made of."""
    chosen = [item for item in parameters["tracks"] if item["key"] == parameters["track"]]
    crops = {crop for item in chosen for crop in (*item["crops"], *item["other_crops"])}
    machine = requested["machine"].fillna("")
    of_run = requested["season"] == parameters["season"]
    of_run &= requested["year"] == summary.get("year")
    of_run &= requested["crop"].isin(crops) & machine.isin(["", *summary.get("machines", ())])
    rows: pd.DataFrame = requested.loc[of_run]
    return rows


def _without(outcome: Outcome, hidden: Mapping[str, Collection[str]], is_demand: bool) -> Outcome:
    columns = _OF_DEMAND if is_demand else ("requested_",)
    rows: dict[str, tuple[Collection[str], tuple[str, ...]]] = {
        "communes": (hidden["communes"], columns),
        "districts": (hidden["districts"], columns),
    }
    summary = dict(outcome.summary)
    if is_demand:
        rows["changes"], rows["changes_districts"] = rows["communes"], rows["districts"]
        rows["need"] = (hidden["districts"], _OF_NEED)
    if hidden["area"]:
        summary = _unsaid(summary, (*columns, *(_FOLLOWING if is_demand else ())))
        if is_demand and "providers" in outcome.tables:
            rows["providers"] = (outcome.tables["providers"].index, _OF_BASES)
    tables = {
        name: _blanked(table, *rows.get(name, ((), ()))) for name, table in outcome.tables.items()
    }
    features = {
        name: _blanked(frame, *rows.get(name, ((), ()))) for name, frame in outcome.features.items()
    }
    warnings = (*outcome.warnings, Note("workbook.withheld"))
    return replace(outcome, tables=tables, features=features, summary=summary, warnings=warnings)


def _blanked(table: Table, codes: Collection[str], columns: tuple[str, ...]) -> Table:
    """A table that does not know some columns of some rows."""
    told = [name for name in map(str, table.columns) if _tells(name, columns)]
    if not len(codes) or not told:
        return table
    # read back from a file, features have their code as a column
    there = table.index if table.index.name == "code" else table["code"]
    blank = table.copy()
    blank[told] = blank[told].astype(np.float64)
    blank.loc[np.asarray(there.isin(list(codes))), told] = np.nan
    return blank


def _unsaid(summary: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in summary.items():
        inner = _unsaid(value, columns) if isinstance(value, Mapping) else value
        said[name] = None if _tells(name, columns) else inner
    return said


def _tells(name: str, columns: tuple[str, ...]) -> bool:
    return name in columns or name.startswith(tuple(one for one in columns if one.endswith("_")))
