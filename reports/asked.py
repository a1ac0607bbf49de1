"""What a result of coverage was asked: no number of demand or service stands without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.analysis import Result
from locales import Language, text

COVERAGE, BASES = "coverage", "bases"
REQUESTED, CROP_AREA = "requested", "crop-area"
_FIGURES = "commune_figures"
"""Layer of the crops, where it is not their requests that are asked for."""
_OF_DEMAND = (
    *("communes", "districts", "providers", "need", "curve"),
    *("changes", "changes_districts"),
)
"""Tables whose hectares are those of one demand."""
_CHANGED = ("changes", "changes_districts")
_PARTS = ("bases", "closed", "moved", "more_machines", "speeds")


def as_coverage(analysis: str, parameters: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Parameters by the names of coverage, where numbers are made of its demand; None elsewhere.

    New bases are sites whose hectares are those of coverage.
    """
    if analysis == COVERAGE:
        return parameters
    if parameters.get("goal") != BASES:
        return None
    bases = parameters["bases"]
    named = {name: bases[name] for name in ("demand", "scenario_share", "year")}
    return {**parameters, **named, "season": parameters["service_season"]}


def asked(table: str, result: Result, language: Language) -> str:
    """A sentence to be read with a table: which season and which demand; empty for others."""
    parameters = as_coverage(result.provenance.analysis, result.provenance.parameters)
    if parameters is None or table not in _OF_DEMAND:
        return ""
    year = year_of(result)
    said = text(
        "workbook.asked",
        language,
        track=text(f"criteria.track_{parameters['track']}", language),
        season=text(f"frame.season_{parameters['season']}", language),
        year=str(year or text("terms.unknown", language)),
        demand=_demand(parameters, language),
    )
    if table not in _CHANGED:
        return said
    changes = parameters.get("what_if", {"bases": result.outcome.summary.get("sites", 0)})
    return f"{said} {_changes(changes, language)}"


def year_of(result: Result, demand: str = "") -> int | None:
    """The year that its demand is of: of requests, or of the figures of crops; None unknown.

    ``demand`` is another one that stands beside it.
    """
    made = result.provenance
    parameters = as_coverage(made.analysis, made.parameters) or {}
    if (demand or parameters.get("demand")) == REQUESTED:
        return result.outcome.summary.get("year") or parameters.get("year")
    years = (use.year for use in made.layers if use.variable == _FIGURES)
    return next(years, None)


def _demand(parameters: Mapping[str, Any], language: Language) -> str:
    percent = f"{100 * parameters['scenario_share']:g}"
    return text(f"coverage_page.demand_{parameters['demand']}", language, share=percent)


def _changes(what_if: Mapping[str, Any], language: Language) -> str:
    """How much was changed, never whose."""
    counts = {name: _count(what_if.get(name, ())) for name in _PARTS}
    factors = {name: what_if.get(name, 1.0) for name in ("speed_factor", "capacity_factor")}
    return text("workbook.changes", language, **counts, **factors)


def _count(changes: Any) -> int:
    """How many; what an export states is counted already."""
    return changes if isinstance(changes, int) else len(changes)
