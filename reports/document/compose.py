"""From kept results of an area to a report: what is given is told, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from gis.analysis import LayerUse, Note, Result
from gis.errors import BadParameter, UnknownArea
from layers.bands import capital
from layers.runs import run_id
from locales import Language, text
from reports.about import time_of
from reports.asked import asked
from reports.cited import cited
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
from reports.document.key_figures import key_figures
from reports.document.picture import lies_across
from reports.document.shown import place_name, places_table
from reports.document.sites import none_here, sites_table
from reports.document.told import Told, told_of
from reports.document.values import working_values
from reports.figure.compose import Atlas
from reports.figure.compose import compose as map_of
from reports.figure.words import of_whole
from reports.headings import analysis_title

ORDER = ("sites", "suitability", "coverage", "land-degradation")
"""Analyses in the order of their sections: first what is proposed, then what it rests on."""
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
    told = in_order(atlas, results)
    sections = [_section(atlas, codes, one, language) for one in told]
    subtitle = next(
        block.content.subtitle for block in sections[0].blocks if isinstance(block, Map)
    )
    return Document(
        language,
        text("document.title", language),
        subtitle,
        text("figure.made", language, date=date.today()),
        (
            *sections,
            _method(told, language),
            *_values(atlas, told, language),
            rests_on(told, language),
            _provenance(atlas, told, language),
        ),
        stamp_of(told, language, sections),
        code_of(told),
    )


def codes_of(atlas: Atlas, areas: Iterable[str]) -> tuple[str, ...]:
    """Codes of areas that are named by code or name, each once."""
    return tuple(dict.fromkeys(atlas.places.find(area).code for area in areas))


def in_order(atlas: Atlas, results: Sequence[Result]) -> tuple[Told, ...]:
    """Results as they may be told, in the order of :data:`ORDER`.

    Raises
    ------
    BadParameter
        When there is none, two are of the same analysis, or one is of none that is known.
    """
    by_name = {result.provenance.analysis: result for result in results}
    if len(by_name) < len(results) or not results or not set(by_name) <= set(ORDER):
        given = ", ".join(result.provenance.analysis for result in results)
        raise BadParameter("--result", given, Note("document.one_of_each"))
    given_in_order = (by_name[name] for name in ORDER if name in by_name)
    return tuple(told_of(result, atlas.public(result)) for result in given_in_order)


def stamp_of(
    told: Sequence[Told],
    language: Language,
    sections: Iterable[Section] = (),
    layers: Iterable[LayerUse] = (),
) -> str:
    """Words on every page where anything is made up, also of maps and further layers."""
    drawn = (block for one in sections for block in one.blocks if isinstance(block, Map))
    example = (
        any(one.result.provenance.example for one in told)
        or any(layer.example for layer in layers)
        or any(block.content.stamp for block in drawn)
    )
    return text("map.stamp", language) if example else ""


def code_of(told: Sequence[Told]) -> str:
    """Which runs a document rests on."""
    return " · ".join(run_id(one.result.provenance) for one in told)


def communes_of(atlas: Atlas, areas: Iterable[str]) -> tuple[str, ...]:
    """Codes of the communes of areas, in their order."""
    return tuple(map(str, atlas.places.communes_of(areas).index))


def districts_of(atlas: Atlas, communes: Sequence[str]) -> tuple[str, ...]:
    """Codes of the districts of communes, each once."""
    return tuple(dict.fromkeys(atlas.places.communes.loc[list(communes), "district"]))


def asked_of(told: Told, language: Language) -> tuple[Words, ...]:
    """What the numbers of a result answer, where they mean nothing without it."""
    said = asked("communes", told.result, language)
    return (Words(said, small=True),) if said else ()


def map_block(atlas: Atlas, areas: tuple[str, ...], told: Told, language: Language) -> Map:
    """The map of a result on a page of its own."""
    content = map_of(atlas, areas, language, result=told.result)
    alt = _alt(content.title, told.result, language)
    caption = f"{content.title}, {content.subtitle}"
    return Map(caption, content, alt, across=lies_across(content))


def _section(atlas: Atlas, areas: tuple[str, ...], told: Told, language: Language) -> Section:
    """Key figures, the sites, a chart, what to bear in mind, the communes, and the map."""
    communes = communes_of(atlas, areas)
    districts = districts_of(atlas, communes)
    figures = key_figures(told, areas, communes, language)
    remarks = tuple(_warnings(told.result, language))
    whole = of_whole(told.result, areas, atlas.places, language)
    title = f"{text('workbook.warnings', language)} {whole}".strip()
    found: tuple[Block | None, ...] = (
        *none_here(told, communes, language),
        sites_table(told, communes, language),
        chart_of(told, communes, districts, language),
        Points(title, remarks) if remarks else None,
        places_table(told, communes, districts, language),
    )
    blocks: tuple[Block, ...] = (
        *asked_of(told, language),
        *((Figures(figures),) if figures else ()),
        *(block for block in found if block is not None),
        map_block(atlas, areas, told, language),
    )
    return Section(_title(told, language), blocks)


def _alt(title: str, result: Result, language: Language) -> str:
    """What the map shows; its numbers stand in the table of communes."""
    return text(
        "document.map_alt", language, title=title, cell=f"{result.provenance.resolution_m:g}"
    )


def _title(told: Told, language: Language) -> str:
    return analysis_title(told.result.provenance, language)


def _warnings(result: Result, language: Language) -> Iterator[str]:
    for note in result.outcome.warnings:
        yield text(note.key, language, **dict(note.values))


def _method(told: tuple[Told, ...], language: Language) -> Section:
    """How each analysis works, in words that need no training."""
    words = (
        Points(
            _title(one, language),
            (text(f"document.method_{one.kind.replace('-', '_')}", language),),
        )
        for one in told
    )
    return Section(text("document.method", language), tuple(words))


def _values(atlas: Atlas, told: tuple[Told, ...], language: Language) -> Iterator[Section]:
    tables = tuple(working_values(told, atlas.known, language))
    if tables:
        note = Words(text("document.values_note", language), small=True)
        yield Section(text("document.values", language), (note, *tables))


def rests_on(told: Iterable[Told], language: Language, layers: Iterable[LayerUse] = ()) -> Section:
    """Every layer once: those of the results, then further ones."""
    used = (use for one in told for use in one.result.provenance.layers)
    uses = {(use.id, use.edition): use for use in (*used, *layers)}
    columns = (
        Column(text("results.layer", language), width=_WIDE),
        Column(text("results.year", language), True),
        Column(text("results.source", language), width=1.5 * _WIDE),
        Column(capital(text("terms.licence", language)), width=1.9),
        Column(text("results.kind", language)),
    )
    rows = tuple(
        (
            capital(dict(use.title)[language]),
            str(use.year) if use.year else text("terms.unknown", language),
            cited(use.source, language),
            cited(use.licence, language),
            text("results.example" if use.example else "results.real", language),
        )
        for use in uses.values()
    )
    title = text("workbook.layers", language)
    return Section(title, (Table(title, columns, rows),))


def _provenance(atlas: Atlas, told: tuple[Told, ...], language: Language) -> Section:
    """What was run, when, with which software; the code finds the run again."""
    columns = (
        Column(text("workbook.analysis", language), width=_WIDE),
        Column(text("workbook.areas", language), width=1.6),
        Column(text("workbook.made", language), width=1.5),
        Column(text("workbook.software", language), width=1.2),
        Column(text("workbook.cell", language), True, 0.8),
        Column(text("results.code", language), width=1.7),
    )
    rows = tuple(
        (
            _title(one, language),
            ", ".join(_named(atlas, code, language) for code in made.areas),
            time_of(made.created),
            made.software,
            f"{made.resolution_m:g}\u00a0m",
            run_id(made),
        )
        for one in told
        for made in (one.result.provenance,)
    )
    title = text("document.provenance", language)
    return Section(title, (Table(title, columns, rows),))


def _named(atlas: Atlas, code: str, language: Language) -> str:
    """An area by code and name; the places of today may not know an old one."""
    try:
        area = atlas.places.area(code)
    except UnknownArea:
        return code
    name = place_name(vars(area), code, language)
    return f"{code}\u00a0{name}"
