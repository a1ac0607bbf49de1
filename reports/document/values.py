"""Working values that results rest on: criteria of the track, their weights and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.analysis import Result
from locales import Language, number, text
from reports.document.content import Column, Table

_ABOUT_LAND = ("sites", "suitability")


def working_values(results: tuple[Result, ...], language: Language) -> Table | None:
    """Criteria of the first result that has a track; None where none has one.

    A weight that the run replaced is the replaced one.
    """
    for result in results:
        parameters = result.provenance.parameters
        if result.provenance.analysis in _ABOUT_LAND:
            tracks = {track["key"]: track for track in parameters["tracks"]}
            return _criteria(tracks[parameters["track"]], parameters, language)
    return None


def _criteria(track: Mapping[str, Any], parameters: Mapping[str, Any], language: Language) -> Table:
    columns = (
        Column(text("sites.criterion", language), width=2.0),
        Column(text("document.axis", language), width=1.4),
        Column(text("sites.weight", language), True, 0.8),
        Column(text("document.limits", language), width=2.4),
        Column(text("document.values", language), width=1.2),
    )
    replaced = parameters.get("criterion_weights", {})
    rows = tuple(
        (
            text(f"criteria.{one['key']}", language),
            text(f"criteria.axis_{one['axis']}", language),
            f"{float(replaced.get(one['key'], one['weight'])):g}",
            _limits(one, language),
            text("workbook.yes" if one["working_value"] else "workbook.no", language),
        )
        for one in track["criteria"]
    )
    name = text(f"criteria.track_{track['key']}", language)
    return Table(text("document.criteria", language, track=name), columns, rows)


def _limits(criterion: Mapping[str, Any], language: Language) -> str:
    """Where the score is 0 and where it is 100, or the limits between its steps."""
    function, units = criterion["function"], _unit(criterion["units"], language)
    if "low" in function:
        low, high = function["low"], function["high"]
        return text("document.from_to", language, low=_value(low, units), high=_value(high, units))
    if "limits" in function:
        shown = ", ".join(f"{limit:g}" for limit in function["limits"])
        return f"{shown} {units}".strip()
    return text("document.by_class", language, count=len(function["scores"]))


def _value(value: float, units: str) -> str:
    if units == "%1":  # a share
        return f"{100 * value:g}\u00a0%"
    shown = number(value, "en") if abs(value) >= 1000 else f"{value:g}"
    return f"{shown}\u00a0{units}".strip()


def _unit(units: str, language: Language) -> str:
    """The unit as it is written in a report."""
    if units == "1":
        return "%1"
    return {"percent": "%"}.get(
        units, text("document.index", language) if "index" in units else units
    )
