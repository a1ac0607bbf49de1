"""What a web map tells of a commune and of a site: values with their units, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import pandas as pd

from gis.analysis import Result
from locales import LANGUAGES, Language, number, text, with_unit
from reports.document.shown import cell, place_name
from reports.figure.columns import RATIO
from reports.headings import HECTARES, MINUTES, SCORE, heading, in_words
from reports.webmap.content import CommuneTold, SiteTold

NOT_TOLD = frozenset({"rank", "site", "rank_proposed"})
"""Columns of numbers that are names of sites."""
CODES = ("group", "limiting", "stopped_by")
"""Columns of codes that are told in words."""
UNITS: Mapping[str, str] = {HECTARES: "map.hectares", MINUTES: "terms.minutes"}
"""What a number counts -> text key of its unit; shares bear their sign in any case."""
SENTENCES = ("reason", "against", "sureness", "figures", "override_reason")


def columns_of(table: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Columns of a table that are told: what counts something, then codes that have words."""
    counted = (
        column
        for column in map(str, table.select_dtypes("number").columns)
        if column not in NOT_TOLD and heading(column, "en", name).counts
    )
    coded = (column for column in CODES if column in table.columns)
    return (*counted, *coded)


def headings_of(
    columns: tuple[str, ...], name: str, language: Language
) -> tuple[tuple[str, str], ...]:
    """Column and the words over it: the unit stands at each value, the range of a score here."""
    found = ((column, heading(column, language, name)) for column in columns)
    return tuple(
        (
            column,
            f"{head.words} (0–100)"
            if _is_score(column, head.counts)
            else head.words.removesuffix(f", {_unit(head.counts, language)}"),
        )
        for column, head in found
    )


def _unit(counts: str, language: Language) -> str:
    return text(UNITS[counts], language) if counts in UNITS else ""


def _is_score(column: str, counts: str) -> bool:
    return counts == SCORE and column != RATIO


def value(column: str, held: object, name: str, result: Result, language: Language) -> str:
    """A figure in words with its unit; one that is not known says so."""
    counts = heading(column, language, name).counts
    if isinstance(held, str):
        return str(in_words(column, held, language, result.provenance.parameters))
    if not isinstance(held, Real) or pd.isna(held):  # type: ignore[call-overload]
        return text("terms.unknown", language) if counts else ""
    if column == RATIO:
        return number(float(held), language, 2)
    if unit := _unit(counts, language):
        return with_unit(float(held), unit, language, 0 if counts == MINUTES else None)
    return cell(held, counts, language)


def communes(
    whole: Result, result: Result, codes: tuple[str, ...], districts: pd.DataFrame
) -> dict[str, CommuneTold]:
    """Communes that the result tells of.

    Parameters
    ----------
    whole, result
        The result as it is kept, and as it leaves the house: what only the first knows is
        withheld, which is not unknown.
    districts
        Names by code.
    """
    table = result.outcome.tables.get("communes")
    if table is None:
        return {}
    columns = columns_of(table, "communes")
    known = whole.outcome.tables["communes"].reindex(table.index)[list(columns)].notna()
    silent = dict(zip(table.index, (known & table[list(columns)].isna()).to_numpy(), strict=True))
    rows = {str(code): row for code, row in table.to_dict("index").items()}
    return {
        code: CommuneTold(
            _district(districts, str(rows[code]["district"])),
            {
                language: tuple(
                    text("workbook.cell_withheld", language)
                    if is_silent
                    else value(column, rows[code][column], "communes", result, language)
                    for column, is_silent in zip(columns, silent[code], strict=True)
                )
                for language in LANGUAGES
            },
            {language: _said(rows[code], "reason", language) for language in LANGUAGES},
        )
        for code in codes
        if code in rows
    }


def _district(districts: pd.DataFrame, code: str) -> dict[Language, str]:
    row = next(iter(districts[districts.index == code].to_dict("records")), {})
    return {language: place_name(row, "", language) for language in LANGUAGES}


def _text_of(row: Mapping[Any, Any], column: str) -> str:
    found = row.get(column)
    return found if isinstance(found, str) else ""


def _said(row: Mapping[Any, Any], what: str, language: Language) -> str:
    return _text_of(row, f"{what}_{language}") or _text_of(row, what)


def sites(result: Result, codes: tuple[str, ...]) -> dict[str, tuple[SiteTold, ...]]:
    """Proposed sites in some communes, by commune, each with its figures and why."""
    table = result.outcome.tables.get("sites")
    if table is None or "rank" not in table.columns:
        return {}
    columns = columns_of(table, "sites")
    found: dict[str, list[SiteTold]] = {}
    ranked = table[table.index.isin(codes)].sort_values("rank")
    for code, row in zip(ranked.index, ranked.to_dict("records"), strict=True):
        found.setdefault(str(code), []).append(_site(row, columns, result))
    return {code: tuple(told) for code, told in found.items()}


def _site(row: Mapping[Any, Any], columns: tuple[str, ...], result: Result) -> SiteTold:
    figures: dict[Language, tuple[tuple[str, str], ...]] = {}
    for language in LANGUAGES:
        named = headings_of(columns, "sites", language)
        told = ((words, value(one, row[one], "sites", result, language)) for one, words in named)
        figures[language] = tuple(pair for pair in told if pair[1])
    return SiteTold(
        _rank(row),
        {language: place_name(row, "", language) for language in LANGUAGES},
        {language: place_name(row, "", language, "village") for language in LANGUAGES},
        figures,
        {
            language: tuple(filter(None, (_said(row, one, language) for one in SENTENCES)))
            for language in LANGUAGES
        },
    )


def _rank(row: Mapping[Any, Any]) -> str:
    return number(float(row["rank"]), "en", 0)
