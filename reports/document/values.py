"""What results were set to, and which of it is a working value that nobody has published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gis.coverage.parameters import COVERAGE_BASES
from gis.land_degradation.parameters import DEGRADATION_BASES
from gis.parameters import Basis
from gis.sites.bases_parameters import BASES_BASES
from gis.sites.parameters import SITES_BASES
from gis.suitability_parameters import SUITABILITY_BASES
from layers.basis import function_text, parameter_title
from layers.catalogue import Catalogue
from locales import NO_BREAK_SPACE, Language, text
from reports.document.content import Column, Table
from reports.document.machinery import machinery_table
from reports.document.told import Told
from reports.headings import analysis_title

_OF_ADOPTERS = tuple(one for one in SITES_BASES if one not in BASES_BASES)
_OF_ALL = (
    *("count", "spacing_m", "min_reach", "min_per_district", "min_share_per_district"),
    "time_limit_s",
)
"""Numbers that a choice of new bases takes too."""
BASES: Mapping[str, tuple[Basis, ...]] = {
    "suitability": SUITABILITY_BASES,
    "sites": _OF_ADOPTERS,
    "bases": tuple(one for one in SITES_BASES if one in BASES_BASES or one.name in _OF_ALL),
    "coverage": COVERAGE_BASES,
    # the years of its periods are published, and stand with its figures
    "land-degradation": tuple(one for one in DEGRADATION_BASES if one.working_value),
}
"""What a result tells of -> the numbers it takes when nobody sets them; criteria name their own."""
_WEIGHED = ("sites", "suitability")
_UNITS = ("m", "min", "US$", "s")


def working_values(told: Sequence[Told], known: Catalogue, language: Language) -> Iterator[Table]:
    """Criteria of each track once, settings of each result, and what machines are taken to do.

    A weight or a rate that the run replaced is the replaced one. A setting that stands in one
    table with the same value is not repeated in the next.
    """
    yield from _of_tracks(told, known, language)
    said: set[tuple[str, str]] = set()
    for one in told:
        title = analysis_title(one.result.provenance, language)
        rows = tuple(row for row in _settings(one, language) if row[:2] not in said)
        said |= {row[:2] for row in rows}
        if rows:
            caption = text("document.settings", language, analysis=title)
            yield Table(caption, tuple(_setting_columns(language)), rows)
    yield from machinery_table(told, language)


def _of_tracks(told: Sequence[Told], known: Catalogue, language: Language) -> Iterator[Table]:
    """Criteria of results that weigh them; two results with the same ones tell them once."""
    tables = {}
    for one in told:
        if one.kind in _WEIGHED:
            parameters = one.result.provenance.parameters
            tracks = {track["key"]: track for track in parameters["tracks"]}
            found = _criteria(tracks[parameters["track"]], parameters, known, language)
            tables[(found.caption, found.rows)] = found
    yield from tables.values()


def _criteria(
    track: Mapping[str, Any], parameters: Mapping[str, Any], known: Catalogue, language: Language
) -> Table:
    columns = (
        Column(text("sites.criterion", language), width=2.0),
        Column(text("document.axis", language), width=1.3),
        Column(text("sites.weight", language), True, 0.8),
        Column(text("document.limits", language), width=3.4),
        Column(text("document.working", language), width=1.2),
    )
    replaced = parameters.get("criterion_weights", {})
    rows = tuple(
        (
            text(f"criteria.{one['key']}", language),
            text(f"criteria.axis_{one['axis']}", language),
            f"{float(replaced.get(one['key'], one['weight'])):g}",
            function_text(one, lambda: known, language),
            _yes(one["working_value"], language),
        )
        for one in track["criteria"]
    )
    name = text(f"criteria.track_{track['key']}", language)
    return Table(text("document.criteria", language, track=name), columns, rows)


def _setting_columns(language: Language) -> Iterator[Column]:
    yield Column(text("sites.parameter", language), width=4.0)
    yield Column(text("sites.set_to", language), width=1.6)
    yield Column(text("document.working", language), width=1.2)


def _settings(told: Told, language: Language) -> Iterator[tuple[str, str, str]]:
    parameters = told.result.provenance.parameters
    for one in BASES.get(told.kind, ()):
        value = _at(parameters, one.name)
        if value is not None:
            shown = _written(value, one.units, language)
            yield parameter_title(one.name, language), shown, _yes(one.working_value, language)


def _at(parameters: Mapping[str, Any], path: str) -> Any:
    found: Any = parameters
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _written(value: Any, units: str, language: Language) -> str:
    """A number, or several in their order, with the unit where it says more than what it is."""
    several = value if isinstance(value, list | tuple) else (value,)
    written = ", ".join(f"{float(one):,.6g}" for one in several)
    if units not in _UNITS:
        return written
    unit = text("terms.minutes", language) if units == "min" else units
    return f"{written}{NO_BREAK_SPACE}{unit}"


def _yes(working: bool, language: Language) -> str:
    return text("workbook.yes" if working else "workbook.no", language)
