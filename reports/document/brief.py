"""A brief: two pages for a meeting, the numbers and the first sites, then the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from gis.analysis import Result
from locales import Language, text
from reports.document.compose import (
    asked_of,
    code_of,
    codes_of,
    communes_of,
    districts_of,
    in_order,
    map_block,
    stamp_of,
)
from reports.document.content import Document, Figures, Section
from reports.document.key_figures import key_figures
from reports.document.shown import places_table
from reports.document.sites import none_here, sites_table
from reports.document.told import Told
from reports.figure.compose import Atlas
from reports.headings import analysis_title

FIGURES, SITES, PLACES = 3, 3, 12
"""What the first page has room for: key figures of each of four results, and sites.

Without sites, of one result so many places."""


def brief(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """Two pages for a meeting: key figures with the first sites, then the map.

    The map is that of what comes first in :data:`reports.document.compose.ORDER`.

    Raises
    ------
    UnknownArea, AmbiguousArea, BadParameter
        As of :func:`reports.document.compose.compose`.
    """
    codes = codes_of(atlas, areas)
    told = in_order(atlas, results)
    drawn = map_block(atlas, codes, told[0], language)
    sections = (*_first_page(atlas, codes, told, language), Section("", (drawn,)))
    return Document(
        language,
        text("document.brief", language),
        drawn.content.subtitle,
        text("figure.made", language, date=date.today()),
        sections,
        stamp_of(told, language, sections),
        code_of(told),
        cover=False,
    )


def _first_page(
    atlas: Atlas, areas: tuple[str, ...], told: tuple[Told, ...], language: Language
) -> Iterator[Section]:
    communes = communes_of(atlas, areas)
    for one in told:
        figures = key_figures(one, areas, communes, language)[:FIGURES]
        if figures:
            title = analysis_title(one.result.provenance, language)
            yield Section(title, (*asked_of(one, language), Figures(figures)))
    if none := none_here(told[0], communes, language):
        yield Section("", none)
    first = sites_table(told[0], communes, language, SITES)
    if first is not None:
        yield Section(text("document.first_sites", language), (first,))
    elif len(told) == 1:
        yield from _places(atlas, communes, told[0], language)


def _places(
    atlas: Atlas, communes: tuple[str, ...], told: Told, language: Language
) -> Iterator[Section]:
    """The communes of a small area, where the first page has room for them."""
    districts = districts_of(atlas, communes)
    table = places_table(told, communes, districts, language)
    if table is not None and len(table.rows) <= PLACES:
        yield Section("", (table,))
