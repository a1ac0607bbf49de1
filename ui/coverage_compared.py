"""Under the map of Coverage: what a change brings, by district and by commune."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from ui import cache
from ui.coverage_answer import amounts_offered, signed
from ui.coverage_state import key
from ui.results import worded
from ui.text import example_chip, language, named, shown, t

WHEN = ("now", "then", "difference")


def changes_tables(result: Result) -> None:
    """What the change brings, by district and by commune."""
    for name, title in (("changes_districts", "districts"), ("changes", "communes")):
        if name not in result.outcome.tables:
            continue
        table = as_shown(most_changed_first(result.outcome.tables[name]))
        st.subheader(t(f"coverage_page.changes_{title}"))
        if result.provenance.example and title == "districts":
            st.html(example_chip())
        _show(changes_said(table, title, result), key(f"changes-{title}"))


def changes_said(table: pd.DataFrame, title: str, result: Result) -> pd.DataFrame:
    """A table of changes under headings of two levels: the amount, and when."""
    units = cache.places()
    known = units.districts if title == "districts" else units.communes
    names = [named(known.name_en[code], known.name_km[code]) for code in table.index]
    said = worded(table.reset_index()[["code"]], result)
    said[t(f"results.{title.removesuffix('s')}")] = names
    said.columns = pd.MultiIndex.from_tuples([("", head) for head in said])
    for name in changed_columns(table, result):
        stem, _, when = name.rpartition("_")
        (head,) = worded(pd.DataFrame(columns=[stem]), result).columns
        said[(head, t(f"coverage_page.{when}"))] = table[name].to_numpy()
    return said


def _show(said: pd.DataFrame, name: str) -> None:
    numbers = said.select_dtypes("number").columns
    differences = [head for head in numbers if head[1] == t("coverage_page.difference")]
    ways: dict[Any, Any] = dict.fromkeys(numbers, lambda value: shown(value, digits=0))
    ways |= dict.fromkeys(differences, signed)
    st.dataframe(
        said.style.format(ways),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder=t("terms.unknown"),
        key=name,
    )


def as_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers, and the differences between these: what is read adds up."""
    found = table.copy()
    for name in (str(column) for column in table):
        stem, _, when = name.rpartition("_")
        if when != "difference":
            continue
        now, then = (table[f"{stem}_{when}"].round() for when in ("now", "then"))
        found[f"{stem}_now"], found[f"{stem}_then"], found[name] = now, then, then - now
    return found


def most_changed_first(table: pd.DataFrame) -> pd.DataFrame:
    """Units in the order of what the change brings or takes, in hectares reached and served."""
    moved = table[["reachable_ha_difference", "served_ha_difference"]].abs().sum(axis=1)
    return table.loc[moved.sort_values(ascending=False, kind="stable").index]


def changed_columns(table: pd.DataFrame, result: Result) -> list[str]:
    """Now, then and difference of each amount that may be named."""
    offered = [*amounts_offered(result)]
    stems = [f"{name}_ha" for name in offered] + ["median_minutes"]
    wanted = [f"{stem}_{when}" for stem in stems for when in WHEN]
    return [name for name in wanted if name in table]
