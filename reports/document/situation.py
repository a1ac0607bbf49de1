"""The situation of a commune: figures as reported, and as results worked them out, with years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from gis.analysis import Result
from layers.figures import MOST_CROP_SHARE, CommuneFigures
from locales import Language, text
from reports.asked import BASES, COVERAGE, year_of
from reports.cited import cited
from reports.document.content import Column, Table
from reports.document.shown import cell
from reports.document.told import Told
from reports.figure.compose import Atlas
from reports.headings import HECTARES, PEOPLE, SHARE, heading

FIGURES: tuple[tuple[str, str], ...] = (
    ("area_ha", HECTARES),
    ("families", PEOPLE),
    ("poor_households", PEOPLE),
    ("maize_ha", HECTARES),
    ("cassava_ha", HECTARES),
    ("rice_ha", HECTARES),
)
"""Figures of communes that a plan begins with, and what they count."""
_CROPS = ("maize_ha", "cassava_ha", "rice_ha")
_DEGRADATION = "land-degradation"


@dataclass(frozen=True, eq=False)
class Given:
    """What every page is made of."""

    atlas: Atlas
    told: tuple[Told, ...]
    figures: CommuneFigures
    language: Language

    def of(self, analysis: str) -> Told | None:
        """What of an analysis may be told, where a result of it is given."""
        found = (one for one in self.told if one.result.provenance.analysis == analysis)
        return next(found, None)


def situation(code: str, given: Given) -> Table:
    """Figures of a commune, each with its year and where it comes from."""
    language = given.language
    columns = (
        Column(text("forms.figure", language), width=3.2),
        Column(text("forms.value", language), True, 1.3),
        Column(text("results.year", language), True, 1.2),
        Column(text("results.source", language), width=2.4),
    )
    rows = (*_reported(code, given), *_worked_out(code, given))
    return Table(text("forms.situation", language), columns, rows)


def _reported(code: str, given: Given) -> Iterator[tuple[str, ...]]:
    """Figures of the commune as they were reported; hectares that cannot be are unknown."""
    language, table = given.language, given.figures.table
    row: pd.Series = table.reindex([code]).iloc[0]
    source = given.figures.layers[0].title[language]
    for name, counts in FIGURES:
        value = row.get(name)
        if name in _CROPS and not _possible(row, name):
            value = None
        year = given.figures.years.get(name)
        yield (
            text(f"forms.figure_{name}", language),
            cell(value, counts, language),
            str(year) if year else "",
            source,
        )


def sources(given: Given) -> str:
    """Where the reported figures come from, and under which licence."""
    layer = given.figures.layers[0]
    return text(
        "forms.sources",
        given.language,
        source=cited(layer.source, given.language),
        licence=cited(layer.licence, given.language),
    )


def _possible(row: pd.Series, name: str) -> bool:
    return bool(row.get(name, 0.0) <= MOST_CROP_SHARE * row.get("area_ha", float("nan")))


def _worked_out(code: str, given: Given) -> Iterator[tuple[str, ...]]:
    """What results say of the commune, with the year that they are about."""
    language = given.language
    land, served = given.of(_DEGRADATION), given.of(COVERAGE)
    source = text("forms.worked_out", language)
    if land is not None and (share := _value(land, code, "degraded_share", SHARE, language)):
        newest = land.result.provenance.parameters["report_2"]
        words = heading("degraded_share", language, "communes").words
        yield words, share, f"{newest['first']}–{newest['last']}", source
    if served is not None and (asked := _value(served, code, "demand_ha", HECTARES, language)):
        words, year = _demand(served.result, language)
        yield words, asked, year, source
        unmet = _value(served, code, "unmet_ha", HECTARES, language)
        if unmet and served.asked(("unmet_ha",)):
            yield text("forms.not_served", language), unmet, year, source


def _value(told: Told, code: str, name: str, counts: str, language: Language) -> str:
    """A value of a commune as it stands on paper; empty where the result has none."""
    row = row_of(told, code)
    if row is None or name not in row.index:
        return ""
    return cell(row[name], counts, language, told.withheld("communes", code, name))


def row_of(told: Told, code: str) -> pd.Series | None:
    """What a result says of a commune."""
    table = told.result.outcome.tables.get("communes")
    if table is None or code not in table.index:
        return None
    row: pd.Series = table.loc[[code]].iloc[0]
    return row


def _demand(result: Result, language: Language) -> tuple[str, str]:
    """Which demand, in which season, and its year."""
    parameters = result.provenance.parameters
    percent = f"{100 * parameters['scenario_share']:g}"
    demand = text(f"coverage_page.demand_{parameters['demand']}", language, share=percent)
    season = text(f"frame.season_{parameters['season']}", language)
    year = year_of(result)
    said = text("forms.asked_for", language, demand=demand, season=season)
    return said, str(year) if year else text("terms.unknown", language)


def strength(code: str, given: Given) -> str:
    """How far the reported figures can be trusted, in the words of the result."""
    for name in ("sites", "suitability"):
        told = given.of(name)
        row = None if told is None or told.kind == BASES else row_of(told, code)
        if row is not None and isinstance(said := row.get(f"reason_{given.language}"), str):
            return said
    return ""
