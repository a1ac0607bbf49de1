"""What a result says of an area in a few numbers: as it states them, or as its communes add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from locales import Language, number, text
from reports.about import PLACES
from reports.document.shown import cell
from reports.document.sites import sites_in
from reports.document.sums import added
from reports.document.told import Told
from reports.headings import SCORE, heading

KEY: Mapping[str, tuple[str, ...]] = {
    "suitability": ("hectares", "suitability", "S1", "S2", "S3", "N1"),
    "land-degradation": ("degraded_share", "stable_share", "improved_share", "people_degraded"),
    "coverage": ("demand_ha", "served_ha", "unmet_ha", "reachable_ha", "median_minutes"),
    "bases": ("demand_ha", "unmet_ha", "median_minutes"),
}
"""What a result tells of -> columns of the row of an area that are its key figures."""
MOST = 6
"""Key figures of one result: two lines of three."""
SUMMED = ("hectares", "households", "poor_households", "learning_groups", "cost_usd")
"""Columns of sites that add up."""
WORDS: Mapping[tuple[str, str], str] = {
    ("sites", "hectares"): "document.reached",
    ("bases", "hectares"): "document.served_more",
    ("suitability", "hectares"): "document.usable",
}
"""What a result tells of and column -> text key, where a number alone needs more words."""


def key_figures(
    told: Told, areas: tuple[str, ...], communes: tuple[str, ...], language: Language
) -> tuple[tuple[str, str], ...]:
    """Key figures of an area, each with its words; empty where the result has none.

    Parameters
    ----------
    areas
        Codes of what the report is about.
    communes
        Codes of its communes.
    """
    found = [*_of_sites(told, communes, language), *_of_area(told, areas, communes, language)]
    return tuple(found[:MOST])


def _of_area(
    told: Told, areas: tuple[str, ...], communes: tuple[str, ...], language: Language
) -> Iterator[tuple[str, str]]:
    row, silent = _stated(told, areas) or added(told, communes)
    for name in told.asked(KEY.get(told.kind, ())):
        if name in row or name in silent:
            words, counts = _words(told, name, language)
            yield words, cell(row.get(name), counts, language, name in silent)


def _stated(told: Told, areas: tuple[str, ...]) -> tuple[Mapping[str, Any], set[str]] | None:
    """What the result itself says of the area, and what of it is withheld."""
    outcome = told.result.outcome
    for level in PLACES if len(areas) == 1 else ():
        table = outcome.tables.get(level)
        if table is not None and areas[0] in table.index:
            row: pd.Series = table.loc[[areas[0]]].iloc[0]
            silent = {name for name in map(str, row.index) if told.withheld(level, areas[0], name)}
            return {str(name): value for name, value in row.items()}, silent
    known = KEY.get(told.kind, ())
    if set(areas) == set(told.result.provenance.areas) and set(known) <= set(outcome.summary):
        return outcome.summary, set(told.unsaid)
    return None


def _of_sites(
    told: Told, communes: tuple[str, ...], language: Language
) -> Iterator[tuple[str, str]]:
    found = sites_in(told, communes)
    if told.kind not in ("sites", "bases"):
        return
    yield text(f"document.number_of_{told.kind}", language), number(len(found), language)
    for name in SUMMED:
        # nobody states what a base costs: that is no figure
        if name in found.columns and (told.kind == "sites" or found[name].notna().any()):
            silent = told.any_withheld("sites", communes, name)
            words, counts = _words(told, name, language)
            yield words, cell(found[name].sum(skipna=False), counts, language, silent)


def _words(told: Told, name: str, language: Language) -> tuple[str, str]:
    """Words over a number, and what it counts."""
    head = heading(name, language, "communes")
    key = WORDS.get((told.kind, name))
    words = text(key, language) if key else head.words
    if head.counts == SCORE:
        words = text("document.scored", language, what=words)
    return words, head.counts
