"""The company sheet on paper: hectares requested by commune, crop, season and machine, a map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from gis.analysis import Result
from gis.errors import TableMissing
from layers.bands import scale_of_values
from layers.drawing import LegendGroup
from locales import Language, text
from reports.asked import COVERAGE
from reports.company import RECORDS, TABLE, requested_rows
from reports.document.compose import codes_of, stamp_of
from reports.document.content import Column, Document, Map, Section, Table, Words
from reports.document.sheet import WRITE, fitted, form, needed
from reports.document.shown import cell, place_name
from reports.document.told import Told
from reports.figure.compose import Atlas, require_inside
from reports.figure.compose import compose as map_of
from reports.figure.content import CLEAR, UnitField
from reports.headings import HECTARES, NOTES, heading, in_words

SCALED_AS = "unmet_ha"
"""Hectares that wait for somebody: the map of requests is cut like theirs."""
_MAP = 140.0
"""Height of the map in millimetres."""
_WORDS = ("crop", "season", "year", "machine")
_BY = ("machine", "season", "crop")
"""What hectares are added up by."""
_WIDTHS = {"year": 0.9, "machine": 2.4}
_SIDES = ("forms.of_company", "forms.of_department")
_LINES = ("forms.name", "forms.phone", "forms.offer", "forms.date", "forms.signature")


def company_page(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """What farmers of areas asked for at meetings, for companies; contact lines stay empty.

    Parameters
    ----------
    results
        One of the analysis ``coverage`` that covers the areas; others are not used.

    Raises
    ------
    UnknownArea, AmbiguousArea
    BadParameter
        When there is no such result, or it does not cover the areas.
    TableMissing
        When its requests were taken away.
    """
    codes = codes_of(atlas, areas)
    told = needed(atlas, results, COVERAGE)
    result = told.result
    require_inside(result, codes, atlas.places)
    found = result.outcome.tables.get(TABLE)
    if found is None:
        raise TableMissing(TABLE, result.provenance.analysis, COVERAGE)
    inside = _inside(found, result, atlas.places.communes_within(codes))
    shown = _map(atlas, codes, told, inside, language)
    none = Words(text("workbook.company_none", language))
    blocks = (
        Words(text("forms.how_company", language), small=True),
        Words(text(NOTES[TABLE], language), small=True),
        *((none,) if inside.empty else (_totals(inside, language), _requests(inside, language))),
        _contacts(language),
        *((shown,) if shown.height else ()),
    )
    return form(
        language,
        text("workbook.company", language),
        shown.content.subtitle,
        (Section("", blocks),),
        (told,),
        (_of_requests(told),),
        after=() if shown.height else (Section("", (shown,)),),
    )


def _map(
    atlas: Atlas, codes: tuple[str, ...], told: Told, found: pd.DataFrame, language: Language
) -> Map:
    """Hectares of the newest year by commune; where nobody's stand the land stays bare."""
    bare = map_of(atlas, codes, language)
    newest = found[found["year"] == found["year"].max()]
    communes = list(map(str, bare.ground.own.index))
    hectares = newest.groupby(level=0)["hectares"].sum().reindex(communes)
    scale = scale_of_values(SCALED_AS, hectares)
    steps = np.where(hectares.isna(), CLEAR, scale.steps(hectares))
    title = text("forms.requested_map", language, area=bare.subtitle)
    key = text("forms.requested_key", language, year=", ".join(map(str, newest["year"].unique())))
    legend = LegendGroup(key, scale.items((int(step) for step in steps if step >= 0), language))
    content = replace(
        bare,
        title="",
        surface=UnitField(dict(zip(communes, map(int, steps), strict=True)), scale.colours),
        legend=(*bare.legend[:-1], *((legend,) if legend.items else ()), bare.legend[-1]),
        sources=(),
        code="",
        stamp=stamp_of((told,), language),
    )
    return fitted(Map(title, content, text("forms.map_alt", language, title=title), _MAP))


def _of_requests(told: Told) -> Told:
    """The result with the layers behind its requests alone."""
    made = told.result.provenance
    used = tuple(use for use in made.layers if use.variable in RECORDS)
    return replace(told, result=replace(told.result, provenance=replace(made, layers=used)))


def _inside(found: pd.DataFrame, result: Result, communes: Collection[str]) -> pd.DataFrame:
    """Requests of the communes; those of no commune where all that they may be of lies inside."""
    whole = result.outcome.tables["communes"]["district"].astype(str)
    outside = set(whole.index) - set(communes)
    broken = set(whole[list(outside)])
    code = found.index.to_series().fillna("").astype(str)
    district = found["district"].fillna("").astype(str)
    of_commune = code.isin(set(communes))
    of_district = (code == district) & (district != "") & ~district.isin(broken)
    of_area = (code == "") & (district == "") if not outside else False
    kept: pd.DataFrame = found[(of_commune | of_district | of_area).to_numpy()]
    return kept


def _requests(found: pd.DataFrame, language: Language) -> Table:
    """Rows of the sheet; the district stands in them where there are several."""
    several = found["district"].nunique() > 1
    district = (Column(text("results.district", language), width=2.0),) if several else ()
    columns = (
        *district,
        Column(text("results.commune", language), width=2.4),
        *(Column(heading(name, language).words, width=_WIDTHS.get(name, 1.6)) for name in _WORDS),
        Column(heading("hectares", language, TABLE).words, True, 1.5),
    )
    rows = tuple(
        (
            *((place_name(row, "", language, "district"),) if several else ()),
            place_name(row, str(row["code"]), language),
            *(str(in_words(name, row[name], language, {})) for name in _WORDS),
            cell(row["hectares"], HECTARES, language),
        )
        for _, row in requested_rows(found, language).iterrows()
    )
    return Table(text("workbook.sheet_requested", language), columns, rows)


def _totals(found: pd.DataFrame, language: Language) -> Table:
    """Hectares of each machine, season and crop by year, and of all: what a company asks first."""
    years = sorted(found["year"].unique())
    columns = (
        Column(text("forms.requested_by", language), width=1.6),
        Column(text("forms.requested_of", language), width=3.2),
        *(Column(str(year), True, 1.2) for year in years),
    )
    rows = [_row("", text("forms.requested_all", language), found, years, language)]
    for name in _BY:
        said = heading(name, language).words
        for words, own in requested_rows(found, language).groupby(name, sort=False):
            rows.append(_row(said, str(in_words(name, words, language, {})), own, years, language))
            said = ""
    return Table(text("forms.requested_totals", language), columns, tuple(rows))


def _row(
    by: str, words: str, found: pd.DataFrame, years: Sequence[int], language: Language
) -> tuple[str, ...]:
    sums = found.groupby("year")["hectares"].sum().to_dict()
    return (by, words, *(cell(sums.get(year, 0.0), HECTARES, language) for year in years))


def _contacts(language: Language) -> Table:
    """Lines for both sides; this program keeps no name and no number."""
    columns = (
        Column(text("forms.line", language), width=1.6),
        *(Column(text(side, language), width=3.0) for side in _SIDES),
    )
    rows = tuple((text(line, language), "", "") for line in _LINES)
    return Table(text("forms.contact", language), columns, rows, WRITE)
