"""A page a commune for its investment plan: figures with their years, what is proposed, a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from gis.analysis import Result
from layers.figures import commune_figures
from layers.gather import use_of
from locales import Language, number, text
from reports.asked import BASES, COVERAGE
from reports.document.compose import codes_of, in_order
from reports.document.content import Block, Column, Document, Section, Table, Words
from reports.document.sheet import WRITE, commune_name, form, sites_of, way_map
from reports.document.shown import cell, place_name
from reports.document.situation import Given, row_of, situation, sources, strength
from reports.figure.compose import Atlas
from reports.figure.words import subtitle_of
from reports.headings import HECTARES, PEOPLE, WHOLE

_ROWS = 3
"""Rows of proposals; at least one is left for what nobody proposed yet."""
_OVERVIEW, _MAP = 104.0, 78.0
"""Heights of the maps in millimetres."""


@dataclass(frozen=True)
class _Proposal:
    """One row of what is proposed; a cost of None is to be filled in."""

    what: str
    where: str
    quantity: str = ""
    cost: float | None = None


def commune_plan(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """Pages for the investment plans of the communes of areas. They are no official form.

    Costs and quantities stand where a result has them; the other cells are to be filled in.

    Parameters
    ----------
    results
        Those that cover the areas, at most one of each analysis; the first of
        :data:`reports.document.compose.ORDER` that is given draws the signs of the map.

    Raises
    ------
    UnknownArea, AmbiguousArea
    BadParameter
        When there is no result, two are of the same analysis, or one does not cover the areas.
    """
    codes = codes_of(atlas, areas)
    told = in_order(atlas, results)
    given = Given(atlas, told, commune_figures(atlas.known), language)
    communes = atlas.places.communes_within(codes)
    drawn = way_map(atlas, codes, told[0], language, _OVERVIEW, villages=False)
    listed = (_overview(communes, given), Words(sources(given), small=True))
    first = (
        Words(text("forms.how_plan", language), small=True),
        # a page of its own comes after what shares one
        *((drawn, *listed) if drawn.height else (*listed, drawn)),
    )
    pages = (
        Section(commune_name(atlas, code, language), tuple(_page(code, given)), alone=True)
        for code in communes
    )
    return form(
        language,
        text("forms.plan", language),
        subtitle_of(codes, atlas.places, (language,)),
        (Section("", first), *pages),
        told,
        layers=tuple(map(use_of, given.figures.layers)),
    )


def _overview(communes: Sequence[str], given: Given) -> Table:
    """How much is proposed in each commune."""
    language = given.language
    columns = (
        Column(text("results.commune", language), width=4.0),
        Column(text("forms.proposals_count", language), True),
        Column(text("forms.cost_known", language), True, 1.6),
    )
    rows = []
    for code in communes:
        proposed = (*_of_sites(code, given), *_of_service(code, given))
        costs = [one.cost for one in proposed if one.cost is not None]
        rows.append(
            (
                commune_name(given.atlas, code, language),
                number(len(proposed), language),
                cell(sum(costs), PEOPLE, language) if costs else "",
            )
        )
    return Table(text("forms.proposals", language), columns, tuple(rows))


def _page(code: str, given: Given) -> Iterator[Block]:
    language = given.language
    yield way_map(given.atlas, [code], given.told[0], language, _MAP)
    yield situation(code, given)
    if said := strength(code, given):
        yield Words(said, small=True)
    yield _proposals(code, given)
    if rule := _rule(given):
        yield Words(rule, small=True)


def _proposals(code: str, given: Given) -> Table:
    language = given.language
    columns = (
        Column(text("forms.what", language), width=3.4),
        Column(text("forms.where", language), width=2.0),
        Column(text("forms.quantity", language), width=2.6),
        Column(text("forms.cost", language), True, 1.3),
        Column(text("forms.payer", language), width=1.7),
        Column(text("forms.decision", language), width=2.0),
    )
    found = (*_of_sites(code, given), *_of_service(code, given))
    rows: list[tuple[str, ...]] = [
        (
            one.what,
            one.where,
            one.quantity,
            "" if one.cost is None else cell(one.cost, PEOPLE, language),
            *("", ""),
        )
        for one in found
    ]
    rows += [("",) * len(columns)] * max(1, _ROWS - len(found))
    return Table(text("forms.proposals", language), columns, tuple(rows), WRITE)


def _of_sites(code: str, given: Given) -> Iterator[_Proposal]:
    """Sites or bases in the commune; a cost stands where the result has one."""
    told, language = given.of("sites"), given.language
    if told is None:
        return
    what = "forms.start_base" if told.kind == BASES else "forms.start_site"
    for _, row in sites_of(told, [code]).iterrows():
        cost = row.get("cost_usd")
        yield _Proposal(
            text(what, language, rank=number(float(row["rank"]), language, 0)),
            place_name(row, "", language, "village") or text("forms.whole_commune", language),
            "; ".join(_quantities(row, language)),
            None if cost is None or pd.isna(cost) else float(cost),
        )


def _quantities(row: pd.Series, language: Language) -> Iterator[str]:
    """What a result counts of a site; what it does not tell is left to the council."""
    for name, key in (("learning_groups", "forms.groups"), ("planters", "forms.planters")):
        if pd.notna(row.get(name)):
            yield text(key, language, count=cell(row[name], WHOLE, language))
    if pd.notna(row.get("hectares")):
        hectares = cell(row["hectares"], HECTARES, language)
        yield text("forms.hectares_reached", language, hectares=hectares)


def _of_service(code: str, given: Given) -> Iterator[_Proposal]:
    """Hectares asked for that no machine serves yet: the plan may say who serves them."""
    told, language = given.of(COVERAGE), given.language
    row = None if told is None else row_of(told, code)
    if row is not None and row.get("unmet_ha", 0.0) > 0:
        hectares = cell(row["unmet_ha"], HECTARES, language)
        yield _Proposal(
            text("forms.serve_more", language),
            text("forms.whole_commune", language),
            text("forms.hectares", language, hectares=hectares),
        )


def _rule(given: Given) -> str:
    """By which rule the costs were worked out."""
    told = given.of("sites")
    if told is None or told.kind == BASES:
        return ""
    stated = told.result.provenance.parameters
    return text(
        "forms.cost_rule",
        given.language,
        commune=stated["commune_cost_usd"],
        group=stated["group_cost_usd"],
    )
