"""Words around a printed map: title, areas, sources, remarks, provenance, stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import version

from gis.analysis import Result
from layers.boundaries import COUNTRY, Gazetteer
from layers.catalogue import Layer
from layers.runs import run_id
from locales import Language, text
from reports.cited import cited
from reports.figure.content import Surface
from reports.headings import analysis_title

SITES = "sites"
"""Whose map is named after the analysis: its sites count more than what lies under them."""
REMARKS = 3
"""Warnings of a result that stand on its map; the others are counted."""
PROVINCES = 25
"""Provinces of Cambodia, the capital among them."""
LAST = ("machine_bases.checked",)
"""What is of use to a reader of the numbers, not of the map: after all others."""


def title_of(
    result: Result | None, variable: str | None, surface: Surface | None, language: Language
) -> str:
    if surface is None:
        return text("figure.places", language)
    if result is None:
        return surface.title
    named = result.provenance.analysis == SITES and variable is None
    return analysis_title(result.provenance, language) if named else surface.title


def subtitle_of(codes: tuple[str, ...], places: Gazetteer, scripts: tuple[Language, ...]) -> str:
    """The areas with their level, in each script; one alone with what it belongs to."""
    if COUNTRY in codes:
        return " · ".join(_country(places, language) for language in scripts)
    told = tuple(_upwards(codes[0], places)) if len(codes) == 1 else codes
    return " · ".join(
        ", ".join(with_level(places, code, language) for code in told) for language in scripts
    )


def _upwards(code: str, places: Gazetteer) -> Iterator[str]:
    """An area and those above it, without the country."""
    at: str | None = code
    while at and at != COUNTRY:
        yield at
        at = places.area(at).parent


def _country(places: Gazetteer, language: Language) -> str:
    """The country, with the provinces that are known where some are not."""
    area = places.area(COUNTRY)
    name = {"en": area.name_en, "km": area.name_km}[language]
    if len(places.provinces) >= PROVINCES:
        return name
    known = ", ".join(with_level(places, code, language) for code in places.provinces.index)
    return text("figure.known_provinces", language, country=name, provinces=known)


def with_level(places: Gazetteer, code: str, language: Language) -> str:
    """``Rattanak Mondul district``, ``ស្រុករតនមណ្ឌល``."""
    area = places.area(code)
    level = text(f"frame.level_{area.level}", language)
    if language == "km":
        return f"{level}{area.name_km}" if area.name_km else f"{area.name_en} (en)"
    return f"{area.name_en} {level}"


def is_example(result: Result | None, layers: list[Layer]) -> bool:
    made = result is not None and result.provenance.example
    return made or any(layer.example for layer in layers)


def stamp_of(result: Result | None, made_up: bool, language: Language) -> str:
    """Real communes ranked on made-up records: not for decisions."""
    if not made_up:
        return ""
    return text("map.stamp" if result is not None else "frame.example", language)


def sources_of(
    result: Result | None, layers: list[Layer], places: Gazetteer, language: Language
) -> str:
    """Every source once, with its years, under its licence."""
    rows = [(places.licence, places.source, str(places.year or ""))]
    rows += [(one.licence, one.source, str(one.year or "")) for one in layers]
    if result is not None:
        rows += [(one.licence, one.source, str(one.year or "")) for one in result.provenance.layers]
    found: dict[str, dict[str, set[str]]] = {}
    for licence, source, year in rows:
        found.setdefault(licence, {}).setdefault(source, set()).add(year)
    said = (
        f"{_with_years(told, language)} ({cited(licence, language)})"
        for licence, told in found.items()
    )
    return text("figure.sources", language, sources="; ".join(said))


def _with_years(told: Mapping[str, set[str]], language: Language) -> str:
    said = (f"{cited(source, language)}{_of_years(years)}" for source, years in told.items())
    return "; ".join(said)


def _of_years(years: set[str]) -> str:
    told = sorted(year for year in years if year)
    return f", {', '.join(told)}" if told else ""


def lost_of(layers: Iterable[Layer], language: Language) -> Iterator[str]:
    """Which layers the map goes without."""
    names = [f"{layer.title[language]} ({layer.id})" for layer in layers]
    if names:
        yield text("figure.not_read", language, layers=", ".join(names))


def remarks_of(
    result: Result | None, codes: tuple[str, ...], places: Gazetteer, language: Language
) -> Iterator[str]:
    """The first warnings of a result, of what they are; how many more its report has."""
    notes = () if result is None else result.outcome.warnings
    told = sorted(notes, key=lambda note: note.key in LAST)[:REMARKS]
    if result is not None and told and (whole := of_whole(result, codes, places, language)):
        yield text("figure.whole_of", language, whole=whole)
    for note in told:
        yield text(note.key, language, **dict(note.values))
    if len(notes) > REMARKS:
        yield text("figure.more_remarks", language, count=len(notes) - REMARKS)


def of_whole(result: Result, codes: tuple[str, ...], places: Gazetteer, language: Language) -> str:
    """What the warnings of a result are of, where that is more than the areas that are told."""
    covered = result.provenance.areas
    if set(places.communes_within(covered)) <= set(places.communes_within(codes)):
        return ""
    areas = subtitle_of(tuple(covered), places, (language,))
    return text("figure.of_whole", language, areas=areas)


def code_of(result: Result | None, layers: list[Layer], language: Language) -> str:
    """When it was made, by which software, of which run or editions."""
    today = text("figure.made", language, date=date.today())
    if result is not None:
        made = result.provenance
        title = analysis_title(made, language)
        parts = (today, made.software, title, run_id(made), f"{made.resolution_m:g} m")
        return " · ".join(parts)
    editions = dict.fromkeys(f"{layer.id} {layer.sha256[:8]}" for layer in layers)
    return " · ".join((today, f"deimap {version('deimap')}", *editions))
