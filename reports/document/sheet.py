"""What forms share: the result they need, the map to find the way with, and how they are bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from gis.analysis import LayerUse, Note, Result
from gis.errors import BadParameter
from locales import Language, text
from reports.document.compose import code_of, rests_on, stamp_of
from reports.document.content import Document, Map, Section
from reports.document.picture import lies_across
from reports.document.told import Told, told_of
from reports.figure.compose import NOTHING, Atlas
from reports.figure.compose import compose as map_of
from reports.figure.words import with_level

WRITE = 8.0
"""Millimetres of a row in which a hand writes."""
LARGE_M = 100_000.0
"""An area that is longer than this has no room beside the words of a form."""
BOX = "\u2610"
"""A box to tick."""


def needed(atlas: Atlas, results: Sequence[Result], analysis: str) -> Told:
    """The result that a form is made of, as it may leave the house; others are not used.

    Raises
    ------
    BadParameter
        When there is none of the analysis, or there are several.
    """
    found = [result for result in results if result.provenance.analysis == analysis]
    if len(found) != 1:
        given = ", ".join(result.provenance.analysis for result in results)
        raise BadParameter("--result", given, Note("forms.needs", (("analysis", analysis),)))
    return told_of(found[0], atlas.public(found[0]))


def form(
    language: Language,
    title: str,
    subtitle: str,
    sections: Iterable[Section],
    used: Sequence[Told],
    rests: Sequence[Told] = (),
    layers: Sequence[LayerUse] = (),
    after: tuple[Section, ...] = (),
) -> Document:
    """A document without cover; a section after the others names the layers that it rests on.

    Parameters
    ----------
    rests
        Results with the layers to be named, where those are not all of the results used.
    layers
        What it rests on beside the results.
    after
        Pages of their own that come last: else the layers would stand alone after them.
    """
    pages = tuple(sections)
    return Document(
        language,
        title,
        subtitle,
        text("figure.made", language, date=date.today()),
        (*pages, rests_on(tuple(rests or used), language, layers), *after),
        stamp_of(used, language, (*pages, *after), layers),
        code_of(used),
        cover=False,
    )


def way_map(
    atlas: Atlas,
    areas: Sequence[str],
    told: Told,
    language: Language,
    height: float,
    *,
    villages: bool = True,
) -> Map:
    """Sites or bases of a result on bare land with its roads; the form says what it rests on."""
    content = map_of(
        atlas, areas, language, result=told.result, variable=NOTHING, villages=villages
    )
    key = "forms.ways" if villages else "forms.overview"
    caption = text(key, language, area=content.subtitle)
    bare = replace(content, title="", remarks=(), sources=(), code="")
    return fitted(Map(caption, bare, text("forms.map_alt", language, title=caption), height))


def fitted(drawn: Map) -> Map:
    """A map of a form; one of a large area has a page of its own, upright or across as it is."""
    west, south, east, north = drawn.content.ground.own.total_bounds
    if max(east - west, north - south) <= LARGE_M:
        return drawn
    return replace(drawn, height=None, across=lies_across(drawn.content))


def commune_name(atlas: Atlas, code: str, language: Language) -> str:
    """A commune with its district, as a heading."""
    places = atlas.places
    commune, district = (
        with_level(places, one, language) for one in (code, places.area(code).parent or code)
    )
    return text("forms.in_district", language, commune=commune, district=district)


def sites_of(told: Told, codes: Sequence[str]) -> pd.DataFrame:
    """Sites inside communes by rank; no rows where a result has none."""
    table = told.result.outcome.tables.get("sites")
    if table is None or "rank" not in table.columns:
        return pd.DataFrame()
    return table[table.index.isin(list(codes))].sort_values("rank")
