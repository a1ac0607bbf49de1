"""Tables of a result as they stand in a report: few columns, words in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from numbers import Real

import pandas as pd

from gis.analysis import Result
from locales import Language, number, text, with_unit
from reports.document.content import Column, Table
from reports.headings import HECTARES, MINUTES, SCORE, SHARE, heading, in_words

NAMED: Mapping[str, tuple[str, ...]] = {
    "suitability": ("group", "hectares", "need", "fit", "service", "suitability"),
    "sites": ("group", "hectares", "need", "fit", "service", "suitability"),
    "land-degradation": ("land_ha", "degraded_share", "stable_share", "improved_share", "no_data"),
    "coverage": ("group", "demand_ha", "reachable_ha", "served_ha", "unmet_ha", "median_minutes"),
}
"""Analysis -> columns of the table of communes."""
KEY: Mapping[str, tuple[str, ...]] = {
    "suitability": ("hectares", "suitability", "need", "fit", "service"),
    "sites": ("hectares", "suitability"),
    "land-degradation": ("degraded_share", "stable_share", "improved_share", "people_degraded"),
    "coverage": ("demand_ha", "served_ha", "unmet_ha", "reachable_ha", "median_minutes"),
}
"""Analysis -> columns of the row of an area that are its key figures."""
SUMMED = ("hectares", "households", "poor_households", "learning_groups", "cost_usd")
"""Columns of sites that add up."""
_HEAD_WIDTH = 1.5
_SENTENCES = ("reason", "against", "sureness")


def cell(value: object, counts: str, language: Language) -> str:
    """A value as it stands on paper; what is not known says so."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return text("terms.unknown", language)
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if counts == SHARE:
        return with_unit(100 * float(value), "%", language)
    if counts == SCORE:
        return number(100 * float(value), language, 0)
    return number(float(value), language, 0 if counts in ("people", "whole", MINUTES) else None)


def measured(value: object, counts: str, language: Language) -> str:
    """A key figure with its unit."""
    shown = cell(value, counts, language)
    if isinstance(value, str) or value is None or pd.isna(value):  # type: ignore[call-overload]
        return shown
    return shown if counts != MINUTES else with_unit(float(value), "min", language, 0)  # type: ignore[arg-type]


def communes_table(result: Result, codes: tuple[str, ...], language: Language) -> Table | None:
    """Communes of an area with what the analysis says of each; None where it says nothing.

    Parameters
    ----------
    codes
        Codes of communes, in the order of their rows.
    """
    table = result.outcome.tables.get("communes")
    wanted = NAMED.get(result.provenance.analysis, ())
    if table is None:
        return None
    inside = [code for code in codes if code in table.index]
    names = [name for name in wanted if name in table.columns]
    if not inside or not names:
        return None
    heads = [heading(name, language, "communes") for name in names]
    columns = (
        Column(text("results.commune", language), width=_HEAD_WIDTH),
        *(Column(_with_scale(head.words, head.counts), bool(head.counts)) for head in heads),
    )
    rows = tuple(
        (
            place_name(table.loc[[code]].iloc[0], code, language),
            *(
                _said(name, table.loc[code, name], head.counts, result, language)
                for name, head in zip(names, heads, strict=True)
            ),
        )
        for code in inside
    )
    return Table(text("workbook.sheet_communes", language), columns, rows)


def _with_scale(words: str, counts: str) -> str:
    return f"{words} (0–100)" if counts == SCORE else words


def _said(name: str, value: object, counts: str, result: Result, language: Language) -> str:
    parameters = result.provenance.parameters
    return cell(in_words(name, value, language, parameters), counts, language)


def place_name(row: pd.Series, code: str, language: Language) -> str:
    """The name in the language of the report; a place without one there shows the other."""
    for name in (row.get(f"name_{language}"), row.get("name_en")):
        if isinstance(name, str) and name:
            return name
    return code


def key_figures(
    result: Result, areas: tuple[str, ...], codes: tuple[str, ...], language: Language
) -> Iterator[tuple[str, str]]:
    """What a result says of an area, from the row that the result itself has for it."""
    analysis = result.provenance.analysis
    if analysis == "sites":
        yield from _of_sites(result, codes, language)
        return
    row = _row(result, areas)
    if row is None:
        return
    for name in KEY.get(analysis, ()):
        if name in row.index:
            head = heading(name, language, "communes")
            yield (
                _with_scale(head.words, head.counts),
                measured(row[name], head.counts, language),
            )


def _row(result: Result, areas: tuple[str, ...]) -> pd.Series | None:
    """The row of one area; of several together nothing is worked out anew."""
    if len(areas) != 1:
        return None
    for level in ("communes", "districts", "provinces", "country"):
        table = result.outcome.tables.get(level)
        if table is not None and areas[0] in table.index:
            row: pd.Series = table.loc[[areas[0]]].iloc[0]
            return row
    return None


def sites_in(result: Result, codes: tuple[str, ...]) -> pd.DataFrame:
    """Sites inside an area by rank; none where the result has no sites."""
    table = result.outcome.tables.get("sites")
    if table is None or "rank" not in table.columns:
        return pd.DataFrame()
    return table[table.index.isin(codes)].sort_values("rank")


def _of_sites(
    result: Result, codes: tuple[str, ...], language: Language
) -> Iterator[tuple[str, str]]:
    found = sites_in(result, codes)
    yield text("workbook.sheet_sites", language), number(len(found), language)
    for name in SUMMED:
        if name in found.columns and len(found):
            head = heading(name, language, "sites")
            total = found[name].sum(skipna=False)
            yield (
                _hectare_words(head.words, head.counts, language),
                cell(total, head.counts, language),
            )


def _hectare_words(words: str, counts: str, language: Language) -> str:
    return text("document.reached", language) if counts == HECTARES else words


def sites_table(
    result: Result,
    codes: tuple[str, ...],
    language: Language,
    most: int | None = None,
) -> Table | None:
    """Ranked sites with the reason of each; of the first ``most`` the reason alone."""
    found = sites_in(result, codes)
    if most is not None:
        found = found.head(most)
    told = _SENTENCES if most is None else _SENTENCES[:1]
    if found.empty:
        return None
    columns = (
        Column(text("document.rank", language), True, 0.5),
        Column(text("document.place", language), width=1.6),
        Column(heading("hectares", language).words, True),
        Column(text("sites.reason", language), width=6.0),
    )
    rows = tuple(
        (
            number(float(row["rank"]), language, 0),
            _place(row, str(code), language),
            cell(row["hectares"], HECTARES, language),
            _sentences(row, told, language),
        )
        for code, row in found.iterrows()
    )
    return Table(text("document.ranked", language), columns, rows)


def _place(row: pd.Series, code: str, language: Language) -> str:
    """The village, where the result names one, and its commune."""
    commune = place_name(row, code, language)
    names = (row.get(f"village_{language}"), row.get("village_en"))
    village = next((name for name in names if isinstance(name, str) and name), "")
    return f"{village} ({commune})" if village else commune


def _sentences(row: pd.Series, told: tuple[str, ...], language: Language) -> str:
    """Why, what speaks against it, and how sure it is; what is withheld is left out."""
    said = (row.get(f"{name}_{language}") for name in told)
    return " ".join(words for words in said if isinstance(words, str) and words)
