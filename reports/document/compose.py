"""From kept results of an area to a report: what is given is told, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from gis.analysis import Note, Result
from gis.errors import BadParameter
from layers.bands import capital
from layers.runs import run_id
from locales import Language, text
from reports.about import areas_and_time
from reports.anonymous import public
from reports.asked import asked
from reports.document.charts import chart_of
from reports.document.content import (
    Block,
    Column,
    Document,
    Figures,
    Map,
    Points,
    Section,
    Table,
    Words,
)
from reports.document.shown import communes_table, key_figures, sites_table
from reports.document.values import working_values
from reports.figure.compose import Atlas
from reports.figure.compose import compose as map_of
from reports.headings import ANALYSES

ORDER = ("sites", "suitability", "coverage", "land-degradation")
"""Analyses in the order of their sections: first what is proposed, then what it rests on."""
BRIEF_FIGURES, BRIEF_SITES = 3, 3
"""What a brief has room for: key figures of each result, and sites."""
_WIDE = 2.2


def compose(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """A report of areas; nothing in it tells of a single farmer.

    Parameters
    ----------
    areas
        Codes or names.
    results
        Kept results that cover the areas, one of each analysis.

    Raises
    ------
    UnknownArea, AmbiguousArea
    BadParameter
        When there is no result, two are of the same analysis, or one does not cover the areas.
    """
    codes = codes_of(atlas, areas)
    given = _in_order(tuple(public(result) for result in results))
    sections = [_section(atlas, codes, result, language) for result in given]
    first = sections[0].blocks
    subtitle = next(block.content.subtitle for block in first if isinstance(block, Map))
    example = any(result.provenance.example for result in given)
    return Document(
        language,
        text("document.title", language),
        subtitle,
        text("figure.made", language, date=date.today()),
        (
            *sections,
            _method(given, language),
            *_values(given, language),
            rests_on(given, language),
            _provenance(given, language),
        ),
        text("map.stamp", language) if example else "",
        " · ".join(run_id(result.provenance) for result in given),
    )


def brief(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """Two pages for a meeting: key figures with the first sites, then the map.

    The map is that of what comes first in :data:`ORDER`.

    Raises
    ------
    UnknownArea, AmbiguousArea, BadParameter
        As of :func:`compose`.
    """
    codes = codes_of(atlas, areas)
    whole = compose(atlas, codes, results, language)
    sections, maps = [], []
    for section in whole.sections:
        maps += [block for block in section.blocks if isinstance(block, Map)]
        kept = [_short(one) for one in section.blocks if isinstance(one, Words | Figures)]
        if any(isinstance(block, Figures) for block in kept):
            sections.append(Section(section.title, tuple(kept)))
    given = _in_order(tuple(public(result) for result in results))
    communes = tuple(map(str, atlas.places.communes_of(codes).index))
    if first := sites_table(given[0], communes, language, BRIEF_SITES):
        sections.append(Section(text("workbook.sheet_sites", language), (first,)))
    return replace(
        whole,
        title=text("document.brief", language),
        sections=(*sections, Section("", (maps[0],))),
        cover=False,
    )


def _short(block: Words | Figures) -> Words | Figures:
    """The first key figures; what was asked stays with them."""
    return Figures(block.items[:BRIEF_FIGURES]) if isinstance(block, Figures) else block


def codes_of(atlas: Atlas, areas: Iterable[str]) -> tuple[str, ...]:
    """Codes of areas, each once, from codes or names."""
    return tuple(dict.fromkeys(atlas.places.find(area).code for area in areas))


def _in_order(results: tuple[Result, ...]) -> tuple[Result, ...]:
    by_name = {result.provenance.analysis: result for result in results}
    if len(by_name) < len(results) or not results or not set(by_name) <= set(ORDER):
        given = ", ".join(result.provenance.analysis for result in results)
        raise BadParameter("--result", given, Note("document.one_of_each"))
    return tuple(by_name[name] for name in ORDER if name in by_name)


def _section(atlas: Atlas, areas: tuple[str, ...], result: Result, language: Language) -> Section:
    """Key figures, the map, the sites, a chart, the communes, and what to bear in mind."""
    codes = tuple(map(str, atlas.places.communes_of(areas).index))
    title = _title(result, language)
    content = map_of(atlas, areas, language, result=result)
    blocks: list[Block] = []
    if said := asked("communes", result, language):
        blocks.append(Words(said, small=True))
    if figures := tuple(key_figures(result, areas, codes, language)):
        blocks.append(Figures(figures))
    found = (
        sites_table(result, codes, language),
        chart_of(result, codes, language),
        communes_table(result, codes, language),
    )
    blocks += [block for block in found if block is not None]
    if remarks := tuple(_warnings(result, language)):
        blocks.append(Points(text("workbook.warnings", language), remarks))
    blocks.append(
        Map(f"{content.title}, {content.subtitle}", content, _alt(content.title, result, language))
    )
    return Section(title, tuple(blocks))


def _alt(title: str, result: Result, language: Language) -> str:
    """What the map shows; its numbers stand in the table of communes."""
    return text(
        "document.map_alt", language, title=title, cell=f"{result.provenance.resolution_m:g}"
    )


def _title(result: Result, language: Language) -> str:
    return text(ANALYSES[result.provenance.analysis], language)


def _warnings(result: Result, language: Language) -> Iterator[str]:
    for note in result.outcome.warnings:
        yield text(note.key, language, **dict(note.values))


def _method(results: tuple[Result, ...], language: Language) -> Section:
    """How each analysis works, in words that need no training."""
    words = (
        Points(
            _title(result, language),
            (text(f"document.method_{result.provenance.analysis.replace('-', '_')}", language),),
        )
        for result in results
    )
    return Section(text("document.method", language), tuple(words))


def _values(results: tuple[Result, ...], language: Language) -> Iterator[Section]:
    table = working_values(results, language)
    if table is not None:
        note = Words(text("document.values_note", language), small=True)
        yield Section(text("document.values", language), (note, table))


def rests_on(results: tuple[Result, ...], language: Language) -> Section:
    """Every layer once."""
    uses = {(use.id, use.edition): use for result in results for use in result.provenance.layers}
    columns = (
        Column(text("results.layer", language), width=_WIDE),
        Column(text("results.year", language), True),
        Column(text("results.source", language), width=1.5 * _WIDE),
        Column(capital(text("terms.licence", language)), width=1.9),
        Column(text("results.kind", language)),
    )
    rows = tuple(
        (
            dict(use.title)[language],
            str(use.year) if use.year else text("terms.unknown", language),
            use.source,
            use.licence,
            text("results.example" if use.example else "results.real", language),
        )
        for use in uses.values()
    )
    title = text("workbook.layers", language)
    return Section(title, (Table(title, columns, rows),))


def _provenance(results: tuple[Result, ...], language: Language) -> Section:
    """What was run, when, with which software; the code finds the run again."""
    columns = (
        Column(text("workbook.analysis", language), width=_WIDE),
        Column(text("workbook.areas", language), width=1.5),
        Column(text("workbook.made", language), width=1.5),
        Column(text("workbook.software", language), width=1.2),
        Column(text("workbook.cell", language), True),
        Column(text("results.code", language), width=1.7),
    )
    rows = []
    for result in results:
        made = result.provenance
        area, time = (line.cells[1] for line in areas_and_time(result, language))
        rows.append(
            (
                _title(result, language),
                area,
                time,
                made.software,
                f"{made.resolution_m:g} m",
                run_id(made),
            )
        )
    title = text("document.provenance", language)
    return Section(title, (Table(title, columns, tuple(rows)),))
