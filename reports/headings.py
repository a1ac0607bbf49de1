"""What columns, sheets and codes of a result are called in plain words, and what numbers count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.analysis import Provenance
from locales import Language, text, texts
from reports.asked import BASES

HECTARES, SHARE, TONNES, PEOPLE = "hectares", "share", "tonnes", "people"
WHOLE, YEAR, SCORE, MINUTES = "whole", "year", "score", "minutes"

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
COLUMNS: Mapping[str, tuple[str, str]] = {
    "code": ("results.code", ""),
    "name_en": ("workbook.name_en", ""),
    "name_km": ("workbook.name_km", ""),
    "district": ("results.district", ""),
    "district_en": ("results.district", ""),
    "district_km": ("results.district", ""),
    "village": ("workbook.village_code", ""),
    "village_en": ("workbook.village", ""),
    "village_km": ("workbook.village", ""),
    "group": ("sites.group", ""),
    "reason_en": ("sites.reason", ""),
    "reason_km": ("sites.reason", ""),
    "against_en": ("workbook.against", ""),
    "against_km": ("workbook.against", ""),
    "sureness_en": ("workbook.sureness", ""),
    "sureness_km": ("workbook.sureness", ""),
    "figures_en": ("workbook.figures", ""),
    "figures_km": ("workbook.figures", ""),
    "hectares": ("workbook.hectares", HECTARES),
    "need": ("criteria.axis_need", SCORE),
    "fit": ("criteria.axis_fit", SCORE),
    "service": ("criteria.axis_service", SCORE),
    "spread": ("criteria.axis_spread", SCORE),
    "suitability": ("sites.suitability", SCORE),
    "rank": ("sites.rank", WHOLE),
    "chosen": ("workbook.chosen", ""),
    "site": ("workbook.site", WHOLE),
    "stopped_by": ("workbook.stopped_by", ""),
    "limiting": ("workbook.limiting", ""),
    "households": ("workbook.households", PEOPLE),
    "poor_households": ("workbook.poor_households", PEOPLE),
    "degraded_hectares": ("workbook.degraded_hectares", HECTARES),
    "degraded_land": ("criteria.degradation", HECTARES),
    "lost_hectares": ("workbook.lost_hectares", HECTARES),
    "other_hectares": ("workbook.other_hectares", HECTARES),
    "unmet_now_ha": ("workbook.unmet_now", HECTARES),
    "lon": ("workbook.longitude", ""),
    "lat": ("workbook.latitude", ""),
    "next_best": ("workbook.next_best_code", ""),
    "next_best_en": ("workbook.next_best", ""),
    "next_best_km": ("workbook.next_best", ""),
    "next_best_hectares": ("workbook.next_best_hectares", HECTARES),
    "bound_by": ("workbook.bound_by", ""),
    "rank_proposed": ("workbook.rank_proposed", WHOLE),
    "rank_decided": ("workbook.rank_decided", WHOLE),
    "override": ("workbook.override", ""),
    "override_reason": ("workbook.override_reason", ""),
    "stays_share": ("workbook.stays_share", SHARE),
    "stays_without_suspect": ("workbook.stays_without_suspect", ""),
    "plots": ("workbook.plots", WHOLE),
    "scores_higher_share": ("workbook.scores_higher", SHARE),
    "one_at_a_time.code": ("workbook.what_moves", ""),
    "side": ("workbook.side", ""),
    "now": ("workbook.value_now", ""),
    "then": ("workbook.value_then", ""),
    "kept_share": ("workbook.kept_share", SHARE),
    "gone_en": ("workbook.gone", ""),
    "gone_km": ("workbook.gone", ""),
    "come_en": ("workbook.come", ""),
    "come_km": ("workbook.come", ""),
    "sites": ("workbook.number_of_sites", WHOLE),
    "learning_groups": ("workbook.learning_groups", WHOLE),
    "cost_usd": ("workbook.cost_usd", PEOPLE),
    "years": ("workbook.years", YEAR),
    "example": ("results.example", ""),
    "screening": ("workbook.screening", ""),
    "period": ("land.period", ""),
    "level": ("workbook.level", ""),
    "part": ("workbook.part", ""),
    "class": ("land.class", ""),
    "share": ("workbook.share", SHARE),
    "initial": ("workbook.initial", ""),
    "final": ("workbook.final", ""),
    "degradation": ("workbook.counts_as", ""),
    "land_ha": ("land.land_ha", HECTARES),
    "land_type": ("land.land_type", ""),
    "gains_ha": ("land.gains_ha", HECTARES),
    "losses_ha": ("land.losses_ha", HECTARES),
    "neutral_ha": ("land.neutral_ha", HECTARES),
    "no_data_ha": ("land.no_data_ha", HECTARES),
    "balance_ha": ("land.balance_ha", HECTARES),
    "neutrality": ("workbook.neutrality", ""),
    "scenario": ("land.carbon_basis", ""),
    "standard_t": ("land.carbon_standard", TONNES),
    "ca_low_t": ("land.carbon_low", TONNES),
    "ca_central_t": ("land.carbon_central", TONNES),
    "ca_high_t": ("land.carbon_high", TONNES),
    "edition": ("workbook.factors", ""),
    "z": ("workbook.z", SCORE),
    "commune": ("results.commune", ""),
    "commune_en": ("results.commune", ""),
    "commune_km": ("results.commune", ""),
    "supply_demand_ratio": ("workbook.supply_demand_ratio", SCORE),
    "median_minutes": ("workbook.median_minutes", MINUTES),
    "minutes": ("workbook.minutes", MINUTES),
    "isochrones.from_minutes": ("workbook.from_minutes", MINUTES),
    "isochrones.minutes": ("workbook.to_minutes", MINUTES),
    "organisation": ("workbook.organisation", ""),
    "machines": ("explore.machines", WHOLE),
    "tractor_assumed": ("workbook.tractor_assumed", ""),
    "state": ("workbook.state", ""),
    "tractors": ("workbook.tractors", WHOLE),
    "break_even": ("workbook.break_even", SHARE),
    "tractor_days": ("workbook.tractor_days", WHOLE),
    "tractor_days_used": ("workbook.tractor_days_used", WHOLE),
    "moved_m": ("workbook.moved_m", PEOPLE),
    "crop": ("explore.crop", ""),
    "cover_crop": ("explore.cover_crop", ""),
    "season": ("explore.observed", ""),
    "year": ("results.year", YEAR),
    "month": ("workbook.month", WHOLE),
    "machine": ("workbook.machine", ""),
    "meetings": ("workbook.meetings", WHOLE),
    "planters": ("workbook.planters", WHOLE),
    "planters_there": ("workbook.planters_there", WHOLE),
    "seed_kg": ("workbook.seed_kg", PEOPLE),
    "providers.code": ("workbook.base", ""),
    "providers.example_base": ("workbook.example_base", ""),
    "curve.code": ("frame.area", ""),
    "curve.share": ("workbook.share_reached", SHARE),
    "requested.hectares": ("coverage_page.demand_requested", HECTARES),
    "requested_ha": ("coverage_page.demand_requested", HECTARES),
    "need.hectares": ("workbook.need_hectares", HECTARES),
    "reference": ("precise.reference", ""),
    "plots.track": ("sites.track", ""),
    "principles_en": ("precise.principles", ""),
    "principles_km": ("precise.principles", ""),
    "plots.status": ("explore.status", ""),
    "plots.area_ha": ("explore.area_ha_column", HECTARES),
    "record": ("results.kind", ""),
    "since_year": ("precise.since_year", YEAR),
    "service_providers.kind": ("precise.sign", ""),
    "not_ranked.what": ("results.kind", ""),
}
"""Column -> text key of its words, and what it counts; ``table.column`` where a table has its own.
Those of :data:`STEMS` are put together."""
STEMS: Mapping[str, str] = {
    "S1": "criteria.class_s1",
    "S2": "criteria.class_s2",
    "S3": "criteria.class_s3",
    "N1": "criteria.class_n1",
    "N2": "criteria.class_n2",
    "excluded": "criteria.class_excluded",
    "no_data": "terms.no_data",
    "to_check": "criteria.mask_protected_check",
    "reported": "workbook.reported",
    "known": "workbook.known",
    "lost": "workbook.lost",
    "inside": "workbook.inside",
    "status_degraded": "workbook.status_degraded",
    "degraded": "degradation.class_degraded",
    "stable": "degradation.class_stable",
    "improved": "degradation.class_improved",
    "water": "degradation.cover_7",
    "demand": "terms.demand",
    "crop_area": "coverage_page.demand_crop-area",
    "scenario": "workbook.scenario",
    "reachable": "workbook.reachable",
    "served": "workbook.served",
    "unmet": "workbook.unmet",
    "supply": "workbook.supply",
    "other_track": "workbook.other_track",
    "use": "workbook.use",
    "off_road": "workbook.off_road",
    **{f"status_{code}": f"degradation.status_{code}" for code in range(1, 8)},
}
"""What stands before ``_ha`` or ``_share`` in a column; alone it is hectares."""
ENDINGS: Mapping[str, str] = {"_ha": HECTARES, "_share": SHARE, "": HECTARES}
GROUPS: Mapping[str, str] = {
    "people": "workbook.people",
    "women": "workbook.women",
    "men": "workbook.men",
}
"""Columns that count people; ``<group>_<class>`` counts those on land of the class."""
VARIANTS: Mapping[str, str] = {
    "_low": "workbook.variant_low",
    "_high": "workbook.variant_high",
    "_now": "workbook.variant_now",
    "_then": "workbook.variant_then",
    "_difference": "workbook.variant_difference",
}
"""Part of a column that makes another of one with words, wherever it stands."""
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
        return Heading(_capital(text(key, language)), counts)
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
    return Heading(_capital(words), PEOPLE)


def _put_together(column: str, language: Language, table: str) -> Heading | None:
    for ending, counts in ENDINGS.items():
        stem = column.removesuffix(ending)
        if column.endswith(ending) and stem in STEMS:
            words = text(f"workbook.in_{counts}", language, what=text(STEMS[stem], language))
            return Heading(_capital(words), counts)
    for part, key in VARIANTS.items():
        if part in column and (of := _named(column.replace(part, "", 1), language, table)):
            return Heading(text(key, language, what=of.words), of.counts)
    return None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


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
        return words if column == "unit" else _capital(words)
    stated = parameters.get(str(value))
    if not isinstance(stated, Mapping):
        return value
    return text(key, language, years=f"{stated['first']}–{stated['last']}")
