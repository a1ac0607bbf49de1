"""What columns, sheets and codes of a result are called in plain words, and what numbers count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.analysis import Provenance
from layers.bands import capital
from locales import Language, text, texts
from reports.asked import BASES
from reports.columns import (
    COLUMNS,
    ENDINGS,
    GROUPS,
    HECTARES,
    MINUTES,
    PEOPLE,
    SCORE,
    SHARE,
    STEMS,
    TONNES,
    VARIANTS,
    WHOLE,
    YEAR,
)

__all__ = [
    "ANALYSES",
    "CODED",
    "HECTARES",
    "MINUTES",
    "NOTES",
    "PEOPLE",
    "SCORE",
    "SHARE",
    "SHEETS",
    "SINGLE",
    "TONNES",
    "WHOLE",
    "YEAR",
    "Heading",
    "analysis_title",
    "heading",
    "in_words",
    "sheet_title",
]

ANALYSES: Mapping[str, str] = {
    "suitability": "workbook.analysis_suitability",
    "sites": "workbook.analysis_sites",
    "land-degradation": "workbook.analysis_land_degradation",
    "coverage": "workbook.analysis_coverage",
}
"""Analysis -> text key of its title."""
SHEETS: Mapping[str, str] = {
    "country": "workbook.sheet_country",
    "provinces": "workbook.sheet_provinces",
    "districts": "workbook.sheet_districts",
    "communes": "workbook.sheet_communes",
    "sites": "workbook.sheet_sites",
    "trade_off": "workbook.sheet_trade_off",
    "left_out": "workbook.sheet_left_out",
    "overrides": "workbook.sheet_overrides",
    "known_adopters": "workbook.sheet_known_adopters",
    "one_at_a_time": "workbook.sheet_one_at_a_time",
    "ldn_balance": "workbook.sheet_ldn_balance",
    "reporting": "workbook.sheet_reporting",
    "transitions": "workbook.sheet_transitions",
    "carbon": "workbook.sheet_carbon",
    "hotspots": "workbook.sheet_hotspots",
    "areas": "workbook.sheet_areas",
    "providers": "workbook.sheet_providers",
    "requested": "workbook.sheet_requested",
    "need": "workbook.sheet_need",
    "curve": "workbook.sheet_curve",
    "isochrones": "workbook.sheet_isochrones",
    "changes": "workbook.sheet_changes",
    "changes_districts": "workbook.sheet_changes_districts",
    "plots": "precise.plots",
    "plots_by_commune": "precise.plots_by_commune",
    "service_providers": "precise.providers",
    "not_ranked": "exchange.not_ranked",
}
"""Table -> text key of its sheet, in the order of the sheets; others follow by their own name."""
NOTES: Mapping[str, str] = {
    "ldn_balance": "land.balance_help",
    "carbon": "land.carbon_why",
    "one_at_a_time": "workbook.one_at_a_time_why",
    "providers": "workbook.break_even_why",
    "requested": "workbook.requested_why",
    "need": "workbook.need_why",
}
"""Table -> text key of what must be read with it."""
_WITHIN = re.compile(r"share_(\d+(?:\.\d+)?)")
CODED: Mapping[str, tuple[str, ...]] = {
    "code": ("criteria.axis_", "sites.parameter_"),
    "side": ("workbook.side_",),
    "group": ("sites.group_",),
    "limiting": ("criteria.",),
    "stopped_by": ("reasons.rule_",),
    "bound_by": ("location.rule_",),
    "override": ("workbook.override_",),
    "stays_without_suspect": ("reasons.stays_",),
    "level": ("frame.level_",),
    "period": ("land.period_",),
    "part": ("land.part_",),
    "edition": ("land.edition_",),
    "table": ("land.report_",),
    "column": ("land.column_", "degradation."),
    "unit": ("land.unit_",),
    "season": ("frame.season_",),
    "crop": ("explore.crop_",),
    "cover_crop": ("explore.cover_",),
    "machine": ("map.machine_",),
    "organisation": ("workbook.organisation_",),
    "state": ("workbook.state_",),
    "track": ("criteria.track_",),
    "status": ("map.adopter_",),
    "record": ("results.",),
    "kind": ("map.machine_",),
    **dict.fromkeys(
        ("class", "initial", "final", "degradation", "land_type", "row"), ("degradation.",)
    ),
}
"""Column of codes -> what stands before the code in a text key, the first that exists."""
SINGLE: Mapping[tuple[str, str], str] = {
    ("level", "area"): "frame.area",
    ("land_type", "all"): "land.all_types",
    ("scenario", "recorded plots"): "land.carbon_recorded",
    ("scenario", "scenario"): "land.carbon_scenario",
    ("screening", "screening"): "workbook.yes",
    ("what", "excluded"): "criteria.class_excluded",
    ("what", "unknown"): "terms.no_data",
    ("what", "unreachable"): "coverage_page.unreachable",
}
"""Column and code -> text key, where the key is not made from the code."""


@dataclass(frozen=True)
class Heading:
    """Words over a column, and what its numbers count."""

    words: str
    counts: str


def heading(column: str, language: Language, table: str = "") -> Heading:
    """The words over a column; a column nobody named keeps its own name.

    >>> heading("S2", "en")
    Heading(words='S2 moderately suitable, ha', counts='hectares')
    >>> heading("share_60", "en")
    Heading(words='Within 60 min', counts='share')
    """
    return _named(column, language, table) or Heading(column, "")


def analysis_title(made: Provenance, language: Language) -> str:
    """What an analysis is called, of sites by what they are for; one nobody named by its name.

    A result of new bases tells of machines, not of fields.
    """
    key = "workbook.analysis_bases" if made.parameters.get("goal") == BASES else None
    key = key or ANALYSES.get(made.analysis)
    return text(key, language) if key else made.analysis


def _named(column: str, language: Language, table: str) -> Heading | None:
    key, counts = COLUMNS.get(f"{table}.{column}", COLUMNS.get(column, ("", "")))
    if key:
        return Heading(capital(text(key, language)), counts)
    if within := _WITHIN.fullmatch(column):
        return Heading(text("workbook.within", language, minutes=within[1]), SHARE)
    return _of_people(column, language) or _put_together(column, language, table)


def _of_people(column: str, language: Language) -> Heading | None:
    who, _, there = column.partition("_")
    if who not in GROUPS:
        return None
    words = text(GROUPS[who], language)
    if there in STEMS:
        words = f"{words}: {text(STEMS[there], language)}"
    return Heading(capital(words), PEOPLE)


def _put_together(column: str, language: Language, table: str) -> Heading | None:
    for ending, counts in ENDINGS.items():
        stem = column.removesuffix(ending)
        if column.endswith(ending) and stem in STEMS:
            words = text(f"workbook.in_{counts}", language, what=text(STEMS[stem], language))
            return Heading(capital(words), counts)
    for part, key in VARIANTS.items():
        if part in column and (of := _named(column.replace(part, "", 1), language, table)):
            return Heading(text(key, language, what=of.words), of.counts)
    return None


def sheet_title(table: str, language: Language) -> str:
    return text(SHEETS[table], language) if table in SHEETS else table


def in_words(
    column: str, value: object, language: Language, parameters: Mapping[str, Any]
) -> object:
    """A code as words where the column holds codes; anything else as it is.

    A period takes its years from the parameters: they may not be the usual ones.
    """
    keys = [SINGLE.get((column, str(value)), "")]
    keys += [f"{prefix}{value}" for prefix in CODED.get(column, ())]
    key = next((key for key in keys if key in texts()), None)
    if key is None:
        return value
    if column != "period":
        words = text(key, language)
        return words if column == "unit" else capital(words)
    stated = parameters.get(str(value))
    if not isinstance(stated, Mapping):
        return value
    return text(key, language, years=f"{stated['first']}–{stated['last']}")
