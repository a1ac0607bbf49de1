"""Values and tables of places as they stand in a report: few columns, words in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any

import pandas as pd

from locales import Language, number, text, with_unit
from reports.document.content import Column, Table
from reports.document.sums import Place, district_of, places_of
from reports.document.told import Told
from reports.headings import MINUTES, PEOPLE, SCORE, SHARE, WHOLE, Heading, heading, in_words

NAMED: Mapping[str, tuple[str, ...]] = {
    "suitability": ("group", "hectares", "need", "fit", "service", "suitability"),
    "sites": ("group", "hectares", "suitability", "stopped_by"),
    "bases": ("group", "demand_ha", "unmet_now_ha", "unmet_ha", "median_minutes"),
    "land-degradation": ("land_ha", "degraded_share", "stable_share", "improved_share", "no_data"),
    "coverage": ("group", "demand_ha", "reachable_ha", "served_ha", "unmet_ha", "median_minutes"),
}
"""What a result tells of -> columns of its table of communes or districts."""
MOST = 120
"""Communes that a table names one by one; of more it tells by district."""
_PLACE_WIDTH, _WORDS_WIDTH, _NUMBER_WIDTH = 1.6, 1.1, 1.15
_WIDTHS: Mapping[str, float] = {"stopped_by": 3.0}
NOT_ADDED = "–"
"""Stands for what does not add up, where communes of a district are told together."""


def cell(value: object, counts: str, language: Language, silent: bool = False) -> str:
    """A value as it stands on paper; what is not known says so, and so does what is withheld.

    A remark that is missing is none.
    """
    if silent:
        return text("workbook.cell_withheld", language)
    if isinstance(value, bool):
        return text("workbook.yes" if value else "workbook.no", language)
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return text("terms.unknown", language) if counts else ""
    if not isinstance(value, Real):
        return str(value)
    if counts == SHARE:
        return with_unit(100 * float(value), "%", language)
    if counts == SCORE:
        return number(100 * float(value), language, 0)
    whole = counts in (PEOPLE, WHOLE, MINUTES)
    return number(float(value), language, 0 if whole else None)


def places_table(
    told: Told, communes: tuple[str, ...], districts: tuple[str, ...], language: Language
) -> Table | None:
    """Communes of an area, or its districts, with what a result says of each; None for nothing.

    Parameters
    ----------
    communes, districts
        Codes in the order of the rows; of more than :data:`MOST` communes the districts are told.
    """
    level, places = places_of(told, communes, districts, MOST)
    held = told.result.outcome.tables.get(level, pd.DataFrame())
    names = [name for name in told.asked(NAMED.get(told.kind, ())) if name in held.columns]
    if not places or not names:
        return None
    heads = [heading(name, language, level) for name in names]
    beside = level == "communes" and len(districts) > 1
    columns = (*_of_place(level, beside, language), *map(_column, names, heads))
    above = _districts(told, language) if beside else {}
    rows = tuple(
        (
            title_of(place, language),
            *((above[place.code],) if beside else ()),
            *_cells(told, place, names, heads, language),
        )
        for place in places
    )
    return Table(_caption(level, heads, language), columns, rows)


def _of_place(level: str, beside: bool, language: Language) -> Iterator[Column]:
    key = "results.commune" if level == "communes" else "results.district"
    yield Column(text(key, language), width=_PLACE_WIDTH)
    if beside:
        yield Column(text("results.district", language), width=_PLACE_WIDTH)


def _column(name: str, head: Heading) -> Column:
    width = _NUMBER_WIDTH if head.counts else _WIDTHS.get(name, _WORDS_WIDTH)
    return Column(head.words, bool(head.counts), width)


def _caption(level: str, heads: list[Heading], language: Language) -> str:
    words = text(f"workbook.sheet_{level}", language)
    if any(head.counts == SCORE for head in heads):
        return text("document.scored", language, what=words)
    return words


def _cells(
    told: Told, place: Place, names: list[str], heads: list[Heading], language: Language
) -> Iterator[str]:
    """Cells of a place; of a part of one what does not add up is not told."""
    parameters = told.result.provenance.parameters
    for name, head in zip(names, heads, strict=True):
        if place.part and name not in place.values:
            yield NOT_ADDED
            continue
        value = in_words(name, place.values.get(name), language, parameters)
        yield cell(value, head.counts, language, name in place.silent)


def _districts(told: Told, language: Language) -> Mapping[str, str]:
    """Commune -> its district as the result names it."""
    table = told.result.outcome.tables.get("districts")
    names = {} if table is None else _names(table, language)
    return {code: names.get(above, above) for code, above in district_of(told).items()}


def _names(table: pd.DataFrame, language: Language) -> Mapping[str, str]:
    """Code -> name of every place of a table."""
    told = table[[name for name in ("name_en", "name_km") if name in table.columns]]
    rows = zip(table.index, told.to_dict("records"), strict=True)
    return {code: place_name(row, code, language) for code, row in rows}


def title_of(place: Place, language: Language) -> str:
    """The name of a place; where communes of it lie outside the area it says so."""
    name = place_name(place.values, place.code, language)
    return text("document.part_of", language, place=name) if place.part else name


def place_name(
    row: Mapping[Any, Any] | pd.Series, code: str, language: Language, what: str = "name"
) -> str:
    """A name in the language of the report; a missing Khmer one is the English one, marked.

    A place without any name is called by its code.
    """
    own, english = (row.get(f"{what}_{one}") for one in (language, "en"))
    if isinstance(own, str) and own:
        return own
    return f"{english} (en)" if isinstance(english, str) and english else code
