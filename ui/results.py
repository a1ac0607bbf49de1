"""A kept result on a page: which one is shown, whether it still holds, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.errors import DeimapError
from layers.changes import changed
from layers.runs import latest_run, run_id
from locales import Language, text
from reports.headings import heading, in_words
from ui import cache
from ui.state import page_key
from ui.text import as_html, language, shown, t


def opened(page: str, analysis: str, codes: tuple[str, ...]) -> str:
    """The result that the URL names, else the last one of this area; its id or nothing."""
    named = st.session_state.get(page_key(page, "result"))
    if named:
        try:
            made = cache.result(named).provenance
            if (made.analysis, made.areas) == (analysis, codes):
                return str(named)
        except DeimapError:
            st.session_state[page_key(page, "lost")] = True
    identity = latest_run(analysis, codes, cache.ready()) or ""
    st.session_state[page_key(page, "result")] = identity
    return identity


def say_lost(page: str) -> None:
    """Say once that the result of a link is not here."""
    if st.session_state.pop(page_key(page, "lost"), False):
        st.html(f'<p class="stale">{as_html(t("results.lost"))}</p>')


def say_stale(result: Result, wanted: Mapping[str, Any]) -> None:
    """One line when the settings or the data are not those of the result any more."""
    if not same(wanted, result.provenance.parameters):
        st.html(f'<p class="stale">{as_html(t("results.stale"))}</p>')
    elif data_changed(result):
        st.html(f'<p class="stale">{as_html(t("results.stale_data"))}</p>')


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether a result was made with these parameters."""
    return all(_equal(value, right.get(name)) for name, value in left.items())


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and same(left, right)
    if isinstance(left, float | int) and isinstance(right, float | int):
        return abs(float(left) - float(right)) < 1e-9
    return bool(left == right)


def data_changed(result: Result) -> bool:
    """Whether a layer, the outlines or the records of the result have another content now."""
    made = result.provenance
    return bool(
        cache.kept(("changed", run_id(made), cache.edition()), lambda: changed(made, cache.ready()))
    )


def years(result: Result, variables: Collection[str] = ()) -> str:
    """Years of the layers that went in, of some variables or of all, from oldest to newest."""
    uses = [use for use in result.provenance.layers if not variables or use.variable in variables]
    found = sorted({use.year for use in uses if use.year})
    return "–".join(str(year) for year in dict.fromkeys((found[0], found[-1]))) if found else ""


def made(result: Result) -> str:
    """When a result was made and on what grid."""
    date = datetime.fromisoformat(result.provenance.created).date()
    return t("results.made", date=date, cell=result.provenance.resolution_m)


def remarks(result: Result) -> None:
    """All warnings behind one calm line."""
    notes = result.outcome.warnings
    if not notes:
        return
    lines = [text(note.key, language(), **dict(note.values)) for note in notes]
    st.html(folded(t("results.remarks", count=len(notes)), lines))


def inputs_years(result: Result) -> str:
    """The year of every input, behind one line."""
    inputs = [
        f"{dict(use.title)[language()]}: {use.year or t('terms.unknown')}"
        for use in result.provenance.layers
    ]
    return folded(t("results.inputs_years", years=years(result)), inputs)


def folded(head: str, lines: list[str]) -> str:
    """Lines behind one line, as HTML."""
    items = "".join(f"<li>{as_html(line)}</li>" for line in lines)
    summary = f"<summary>{as_html(head)}</summary>"
    return f'<details class="remarks">{summary}<ul>{items}</ul></details>'


def layers_behind(result: Result) -> pd.DataFrame:
    """Each layer with its year, source and licence."""
    return pd.DataFrame(
        [
            {
                t("results.layer"): dict(use.title)[language()],
                t("results.year"): str(use.year or t("terms.unknown")),
                t("results.source"): use.source,
                t("results.edition"): use.edition,
                t("terms.licence").capitalize(): use.licence,
                t("results.kind"): t("results.example" if use.example else "results.real"),
            }
            for use in result.provenance.layers
        ]
    )


def worded(
    table: pd.DataFrame, result: Result, name: str = "", spoken: Language | None = None
) -> pd.DataFrame:
    """A table with the headings and words of the workbook; ``name`` is that of the table.

    Of columns under the same heading the one in the language spoken stays, by default that of
    the page.
    """
    spoken, parameters = spoken or language(), result.provenance.parameters
    under: dict[str, list[str]] = {}
    for column in table:
        under.setdefault(heading(str(column), spoken, name).words, []).append(str(column))
    return pd.DataFrame(
        {
            words: [
                in_words(column, value, spoken, parameters)
                for column, value in _in_language(table, columns, spoken)
            ]
            for words, columns in under.items()
        }
    )


def _in_language(
    table: pd.DataFrame, columns: list[str], spoken: Language
) -> Iterator[tuple[str, object]]:
    """Column and value of each row; where Khmer is missing the English stands in, marked."""
    column = next((one for one in columns if one.endswith(f"_{spoken}")), columns[0])
    stem = column.removesuffix("_km")
    english = f"{stem}_en"
    if len(columns) == 1 or stem == column or english not in columns:
        yield from ((column, value) for value in table[column])
        return
    for own, other in zip(table[column], table[english], strict=True):
        missing = not isinstance(own, str) or not own
        yield column, f"{other} (en)" if missing and isinstance(other, str) and other else own


def show_table(table: pd.DataFrame, key: str, **formats: Any) -> None:
    """A table under the map; numbers are whole unless ``formats`` says otherwise."""
    ways = {name: partial(shown, digits=0) for name in table.select_dtypes("number").columns}
    st.dataframe(
        table.style.format(ways | formats),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder=t("terms.unknown"),
        key=key,
    )


def highlighted(row: pd.Series, code: str, codes: list[str]) -> list[str]:
    """Styles of a table's row: the selected place stands out."""
    chosen = codes[int(str(row.name))] == code
    return ["background-color: #FFF3C4" if chosen else ""] * len(row)


def row_chosen(page: str, table_key: str, codes: list[str]) -> Callable[[], None]:
    """What a click on a table's row does: the same as a click on its place."""

    def take() -> None:
        answer: Any = st.session_state.get(table_key)
        cells = answer.selection.cells if answer else []
        if cells:
            st.session_state[page_key(page, "selected")] = f"area:{codes[cells[0][0]]}"

    return take
