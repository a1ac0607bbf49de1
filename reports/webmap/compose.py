"""From a kept result to a map in one file: every variable of it, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from gis.analysis import Result
from gis.grid import GEOGRAPHIC
from layers.backdrop import backdrop
from layers.boundaries import Gazetteer
from layers.drawing import Drawing, LegendGroup, LegendItem, Sign
from layers.runs import run_id
from locales import LANGUAGES, Language, text
from reports.about import areas_and_time, sources
from reports.asked import asked
from reports.figure.columns import withheld_of
from reports.figure.compose import Atlas
from reports.figure.compose import compose as page_of
from reports.figure.content import MapContent, Surface
from reports.figure.groups import sign_groups
from reports.figure.notices import notices_of
from reports.figure.surfaces import surface_of_result
from reports.figure.words import of_whole, remarks_of
from reports.headings import analysis_title
from reports.webmap.content import Choice, SiteTold, Spoken, WebMap
from reports.webmap.surfaces import shown, variables
from reports.webmap.told import columns_of, communes, headings_of, sites

OPACITY = 0.85
"""Of the surface: names and roads under it stay readable."""
CROWD = 60
"""More pins than this are dots where they have no room (``static/map/pins.js``)."""
OF_THE_MAP = ("legend", "all_areas", "nearer", "farther", "compare")
"""Words that the drawing code needs, ``map.*``."""
OF_THE_PAGE: Mapping[str, str] = {
    "other_language": "frame.other_language",
    "search": "webmap.search",
    "none_found": "webmap.none_found",
    "colours": "webmap.colours",
    "by_cell": "webmap.by_cell",
    "by_commune": "webmap.by_commune",
    "click": "webmap.click",
    "outside": "webmap.outside",
    "here": "webmap.here",
    "example": "frame.example",
    "sites": "workbook.sheet_sites",
    "communes": "workbook.sheet_communes",
    "figures": "webmap.figures",
    "district": "frame.level_district",
    "unknown": "terms.unknown",
    "remarks": "workbook.warnings",
    "about": "workbook.about",
    "layers": "workbook.layers",
    "anonymised": "webmap.anonymised",
    "licences": "webmap.licences",
    "needs_script": "webmap.needs_script",
}
"""Words of the page by the names that its script knows, and their keys."""

_OF_A_LAYER = (0, 1, 3, 4, 5)
"""Of what is stated of a layer: title, year, source, licence, whether it is made up."""


def compose(
    atlas: Atlas,
    whole: Result,
    language: Language,
    areas: Iterable[str] = (),
    variable: str | None = None,
    layers: Iterable[str] = (),
) -> WebMap:
    """The map of a result; nothing in it tells of a single farmer.

    Parameters
    ----------
    whole
        The result as it is kept.
    language
        That the file opens with; the other one is in it too.
    areas
        Codes or names inside the result; by default all that it was made for.
    variable
        What colours the land first; by default what the printed map shows.
    layers
        ``adopters`` and ``providers``: records told by commune, as on the printed map.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer
    BadParameter
        When the result does not cover the areas, has no such variable, has nothing to draw, or a
        layer would colour the land too.
    """
    wanted = areas or whole.provenance.areas
    areas = tuple(dict.fromkeys(atlas.places.find(area).code for area in wanted))
    result, asked_for = atlas.public(whole), tuple(layers)
    own = atlas.places.communes_of(areas)
    pages = {
        one: page_of(atlas, areas, one, layers=asked_for, result=whole, variable=variable)
        for one in LANGUAGES
    }
    roads = pages[language].roads
    ground = backdrop(atlas.places, areas, None if roads is None else roads.to_crs(GEOGRAPHIC))
    withheld = withheld_of(whole.outcome, result.outcome)
    found = [
        (
            name,
            by_cell,
            {one: surface_of_result(result, name, own, one, withheld) for one in LANGUAGES},
        )
        for name, by_cell in variables(result, variable)
    ]
    names = _names([surfaces for _, _, surfaces in found])
    codes = tuple(map(str, own.index))
    proposed = sites(result, codes)
    choices = []
    for (name, by_cell, surfaces), called in zip(found, names, strict=True):
        drawn = shown(surfaces[language], own)
        drawings = {
            one: replace(
                _bare(pages[one], surfaces[one], result, proposed, one),
                surface=drawn.surface,
                hatch=drawn.hatch,
            )
            for one in LANGUAGES
        }
        choices.append(Choice(name, by_cell, called, drawings))
    return WebMap(
        language,
        ground,
        tuple(choices),
        communes(whole, result, codes, atlas.places.districts),
        proposed,
        {one: _spoken(result, pages[one], atlas, areas, one) for one in LANGUAGES},
        bool(pages[language].stamp),
    )


def _names(found: list[Mapping[Language, Surface]]) -> Iterator[dict[Language, str]]:
    """What surfaces are called; several of one title bear the period that each is about."""
    for surfaces in found:
        called: dict[Language, str] = {}
        for language in LANGUAGES:
            title, note = surfaces[language].title, surfaces[language].legend.note
            alike = Counter(other[language].title for other in found)[title] > 1
            called[language] = f"{title} · {note}" if alike and note else title
        yield called


def _bare(
    page: MapContent,
    surface: Surface,
    result: Result,
    told: Mapping[str, tuple[SiteTold, ...]],
    language: Language,
) -> Drawing:
    """A map without its surface: signs, legend and stamp of the printed page."""
    titles = {one.rank: one.commune[language] for there in told.values() for one in there}
    signs = [
        replace(sign, title=f"{sign.number} · {titles[sign.number]}")
        if sign.kind == "site"
        else sign
        for sign in page.points
    ]
    pins = tuple(sign for sign in signs if sign.kind == "site")
    roads = page.roads is not None and not page.roads.empty
    return Drawing(
        language=language,
        texts={key: text(f"map.{key}", language) for key in OF_THE_MAP},
        opacity=OPACITY,
        borderline=surface.borderline,
        roads=roads,
        names=("commune",),
        points=tuple(sign for sign in signs if sign.kind != "site"),
        pins=pins,
        legend=(
            *notices_of(result, surface.field, page.points, language),
            *sign_groups(page.points, result, roads, language),
            *_dots(pins, language),
            surface.legend,
        ),
        chips=(text("frame.example", language),) if page.stamp else (),
        stamp=page.stamp,
    )


def _dots(pins: tuple[Sign, ...], language: Language) -> Iterator[LegendGroup]:
    """What stands for pins that have no room far out."""
    if len(pins) > CROWD:
        yield LegendGroup("", (LegendItem(text("webmap.dots", language), sign="dot-site"),))


def _spoken(
    result: Result, page: MapContent, atlas: Atlas, areas: tuple[str, ...], language: Language
) -> Spoken:
    """Everything around the map in one language."""
    made = result.provenance
    table = result.outcome.tables.get("communes")
    columns = () if table is None else columns_of(table, "communes")
    places = atlas.places
    borders = (
        text("figure.places", language),
        str(places.year or text("terms.unknown", language)),
        places.source,
        places.licence,
        text("results.real", language),
    )
    heads, *rows = (
        tuple(line.cells[place] for place in _OF_A_LAYER)
        for line in sources(made.layers, language)
        if len(line.cells) > 1
    )
    return Spoken(
        analysis_title(made, language),
        page.subtitle,
        {name: text(words, language) for name, words in OF_THE_PAGE.items()},
        made.software,
        headings_of(columns, "communes", language),
        asked("communes", result, language),
        text("webmap.inputs", language, years=_years(result)),
        (
            *((line.cells[0], line.cells[1]) for line in areas_and_time(result, language)),
            (text("workbook.cell", language), f"{made.resolution_m:g} m, {made.crs}"),
            (text("workbook.software", language), made.software),
            (text("results.code", language), run_id(made)),
        ),
        (
            *_of_the_map(result, page, areas, places, language),
            *_of_the_result(result, areas, places, language),
        ),
        heads,
        (borders, *rows),
    )


def _years(result: Result) -> str:
    """From the oldest to the newest layer that went in."""
    found = sorted({use.year for use in result.provenance.layers if use.year})
    return "–".join(str(year) for year in dict.fromkeys(found[:1] + found[-1:]))


def _of_the_result(
    result: Result, areas: tuple[str, ...], places: Gazetteer, language: Language
) -> Iterator[str]:
    """All warnings of a result, and of what they are."""
    if whole := of_whole(result, areas, places, language):
        yield text("figure.whole_of", language, whole=whole)
    for note in result.outcome.warnings:
        yield text(note.key, language, **dict(note.values))


def _of_the_map(
    result: Result,
    page: MapContent,
    areas: tuple[str, ...],
    places: Gazetteer,
    language: Language,
) -> Iterator[str]:
    """What the printed map says of itself, before the warnings of the result: those come whole."""
    told = " ".join(remarks_of(result, areas, places, language))
    if said := " ".join(page.remarks).removesuffix(told).strip():
        yield said
