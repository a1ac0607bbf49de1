"""What coloured surfaces of results are called, and what stands beside their colours."""

from __future__ import annotations

from gis.analysis import Result
from layers.bands import capital
from layers.legend import strength_words
from locales import Language, text
from reports.asked import CROP_AREA, REQUESTED, year_of
from reports.headings import heading

WATER = "water"
"""Part of a result of land degradation that is called as its class."""
OF_A_DEMAND = {"requested_ha": REQUESTED, "crop_area_ha": CROP_AREA, "scenario_ha": CROP_AREA}
"""Columns of one demand, whatever was asked for, and which."""


def title_of_raster(result: Result, name: str, language: Language) -> str:
    """A raster as its page names it."""
    part = name.removesuffix("_report_1").removesuffix("_baseline")
    if result.provenance.analysis == "land-degradation":
        key = "degradation.cover_7" if part == WATER else f"land.part_{part}"
        return capital(text(key, language))
    if name == "suitability_class":
        track = text(f"criteria.track_{result.provenance.parameters['track']}", language)
        return text("map.suitability", language, track=track)
    if name in ("travel_time", "travel_time_change"):
        return text(f"coverage_page.surface_{name}", language)
    return heading(name, language).words


def when(result: Result, name: str, language: Language) -> str:
    """The period or season that a variable tells about, empty where it has none."""
    summary, made = result.outcome.summary, result.provenance
    if made.analysis == "land-degradation" and name in result.outcome.rasters:
        period = in_period("", name).removeprefix("_") or "report_2"
        years = made.parameters[period]
        span = f"{years['first']}–{years['last']}"
        return text(f"land.period_{period}", language, years=span)
    if "season" not in summary:
        return ""
    season = text(f"frame.season_{summary['season']}", language)
    year = year_of(result, OF_A_DEMAND.get(name, ""))
    if year is None:
        return text("coverage_page.any_year", language, season=season)
    return text("coverage_page.in_year", language, season=season, year=str(year))


def hatch_words(unknown: bool, weak: bool, language: Language) -> str:
    """What plain hatch stands for on this map."""
    words = [capital(text("terms.no_data", language))] * unknown
    return " · ".join([*words, *[strength_words("too-weak", language)] * weak])


def in_period(part: str, name: str) -> str:
    """The raster of another part in the period of a raster."""
    for period in ("report_1", "baseline"):
        if name.endswith(f"_{period}"):
            return f"{part}_{period}"
    return part
