"""Sites of a result as a report names them: by rank, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from locales import Language, number, text
from reports.document.content import Block, Column, Points, Table, Words
from reports.document.shown import cell, place_name
from reports.document.told import Told
from reports.headings import HECTARES, heading, in_words

DETAILED = 30
"""Sites of which a report says all; of those after them why, and no more."""
NONE: Mapping[str, str] = {"sites": "document.no_site", "bases": "document.no_base"}
"""What a choice is of -> text key where an area has none."""
NAMED = 25
"""Communes stopped by one rule that are named; more are counted."""
_SENTENCES = ("reason", "against", "sureness")


def sites_in(told: Told, communes: tuple[str, ...]) -> pd.DataFrame:
    """Sites inside an area by rank; none where the result has no sites."""
    table = told.result.outcome.tables.get("sites")
    if table is None or "rank" not in table.columns:
        return pd.DataFrame()
    return table[table.index.isin(communes)].sort_values("rank")


def sites_table(
    told: Told,
    communes: tuple[str, ...],
    language: Language,
    most: int | None = None,
) -> Table | None:
    """Ranked sites with the reason of each; of the first ``most`` the reason alone."""
    found = sites_in(told, communes)
    if found.empty:
        return None
    detailed = DETAILED if most is None else 0
    columns = (
        Column(text("document.rank", language), True, 0.5),
        Column(text("document.place", language), width=1.7),
        Column(heading("hectares", language).words, True, 1.1),
        Column(text("sites.reason", language), width=6.0),
    )
    rows = tuple(
        (
            number(float(row["rank"]), language, 0),
            _place(row, str(code), language),
            cell(
                row["hectares"], HECTARES, language, told.withheld("sites", str(code), "hectares")
            ),
            _said(row, _SENTENCES if place < detailed else _SENTENCES[:1], language),
        )
        for place, (code, row) in enumerate(found.head(most or len(found)).iterrows())
    )
    return Table(_caption(len(found), len(rows), most, language), columns, rows)


def none_here(told: Told, communes: tuple[str, ...], language: Language) -> tuple[Block, ...]:
    """That a choice proposes nothing in an area, and what stopped its communes; else nothing."""
    if told.kind not in NONE or not sites_in(told, communes).empty:
        return ()
    said = Words(text(NONE[told.kind], language))
    why = tuple(_stopped(told, communes, language))
    return (said, Points(text("document.stopped", language), why)) if why else (said,)


def _stopped(told: Told, communes: tuple[str, ...], language: Language) -> Iterator[str]:
    """Each rule with the communes that it stopped, the most common first."""
    table = told.result.outcome.tables.get("communes")
    if table is None or "stopped_by" not in table.columns:
        return
    parameters = told.result.provenance.parameters
    found: dict[str, list[str]] = {}
    for code, row in table[table.index.isin(communes)].iterrows():
        stopped = row["stopped_by"]
        known = isinstance(stopped, str) and stopped
        words = in_words("stopped_by", stopped, language, parameters) if known else None
        rule = str(words or text("document.not_chosen", language))
        found.setdefault(rule, []).append(place_name(row, str(code), language))
    for rule, names in sorted(found.items(), key=lambda one: -len(one[1])):
        named = ", ".join(names) if len(names) <= NAMED else number(len(names), language, 0)
        yield text("document.stopped_by", language, rule=rule, communes=named)


def _caption(found: int, told: int, most: int | None, language: Language) -> str:
    if most is not None and told < found:
        return text("document.ranked_first", language, told=told, of=found)
    if most is None and found > DETAILED:
        return text("document.ranked_short", language, told=DETAILED)
    return text("document.ranked", language)


def _place(row: pd.Series, code: str, language: Language) -> str:
    """The village, where the result names one, and its commune."""
    commune = place_name(row, code, language)
    village = place_name(row, "", language, "village")
    return f"{village} ({commune})" if village else commune


def _said(row: pd.Series, sentences: tuple[str, ...], language: Language) -> str:
    """Why, what speaks against it, and how sure it is, a line each; what is withheld is none."""
    said = (row.get(f"{name}_{language}") for name in sentences)
    return "\n".join(words for words in said if isinstance(words, str) and words)
