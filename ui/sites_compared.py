"""Two results of Sites side by side under the map: maps, sums, what moved, what was asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Note, Result
from gis.errors import DeimapError
from layers.drawing import Drawing, LegendGroup, LegendItem
from layers.runs import run_folder, run_id
from layers.scenarios import Comparison, Scenario, compare
from locales import text
from reports.headings import heading
from ui import cache
from ui.mapview import small_map
from ui.selection import clicked, commune_selected
from ui.sites_decided import PAGE, key
from ui.sites_map import drawing_of
from ui.sites_overrides import place_title
from ui.sites_scenarios import manage, saved
from ui.text import as_html, complaint, example_chip, language, named, shown, t

SIDES = ("first", "second")
Offered = Mapping[str, tuple[str, str]]
"""Choice -> its title and the id of its result."""


def scenarios_below(result: Result) -> None:
    """The section of scenarios: compare two, and what can be done with each."""
    st.subheader(t("sites_result.scenarios"))
    kept = saved()
    if not kept:
        st.html(f'<p class="calm">{as_html(t("sites_result.none_saved"))}</p>')
        return
    offered = _offered(result, kept)
    with st.container(key="compare", horizontal=True, gap="medium", vertical_alignment="bottom"):
        chosen = [_choose(side, offered) for side in SIDES]
    manage(kept)
    one, other = (offered.get(name or "") for name in chosen)
    if one and other and one[1] != other[1]:
        _compared(one, other)


def _offered(result: Result, kept: Mapping[str, Scenario]) -> Offered:
    own = run_id(result.provenance)
    found = {"": (t("sites_result.this_result"), own)}
    for name, item in kept.items():
        if run_folder(item.run, cache.ready()).is_dir():
            found[name] = (name, item.run)
    return found


def _choose(side: str, offered: Offered) -> str | None:
    box = key(f"compare-{side}")
    if side == "first":
        st.session_state.setdefault(box, "")
    if st.session_state.get(box) not in offered:
        st.session_state[box] = "" if side == "first" else None
    chosen: str | None = st.selectbox(
        t(f"sites_result.compare_{side}"),
        list(offered),
        key=box,
        format_func=lambda name: offered[name][0],
        placeholder=t("sites_result.choose_scenario"),
        persist_state="session",
    )
    return chosen


def _compared(one: tuple[str, str], other: tuple[str, str]) -> None:
    try:
        results = [cache.result(identity) for _, identity in (one, other)]
        found = compare(*results)
    except DeimapError as error:
        st.error(complaint(error))
        return
    titles = (one[0], other[0])
    st.html(
        f'<p class="reason">{as_html(in_short(found, titles))}</p>'
        + (example_chip() if found.example else "")
    )
    _maps(results, found, (one, other))
    _tables(found, titles)


def in_short(found: Comparison, titles: tuple[str, str]) -> str:
    """How many sites both share and how many only one has."""
    changes = found.sites["change"].value_counts()
    return t(
        "sites_result.shared",
        shared=found.shared,
        dropped=int(changes.get("dropped", 0)),
        added=int(changes.get("added", 0)),
        first=titles[0],
        second=titles[1],
    )


def _maps(results: list[Result], found: Comparison, sides: tuple[tuple[str, str], ...]) -> None:
    both = frozenset(found.sites.loc[found.sites["change"].isin(["stays", "moved"]), "code"])
    columns = st.columns(2, gap="small")
    for side, column, result, (title, identity) in zip(SIDES, columns, results, sides, strict=True):
        with column:
            words = t(f"sites_result.side_{side}", name=title)
            st.html(f'<p class="label">{as_html(words)}</p>')
            ground = cache.ground(result.provenance.areas)
            name = f"{key('compared')}-{side}-{ground.version}"
            drawing = side_drawing(identity, both)
            small_map(f"compared-{side}", ground, drawing, name, clicked(PAGE, name))


def side_drawing(identity: str, both: frozenset[str]) -> Drawing:
    """A result as on the large map, but the pins tell what only this one has."""
    drawing = drawing_of(identity, commune_selected(PAGE))
    pins = tuple(
        replace(pin, sign="site-shared") if pin.id in both else pin for pin in drawing.pins
    )
    rows = [
        LegendItem(t(f"sites_result.{words}"), sign=sign)
        for sign, words in (("site-proposed", "pin_only"), ("site-shared", "pin_both"))
        if any(pin.sign == sign for pin in pins)
    ]
    return replace(drawing, pins=pins, legend=(LegendGroup("", tuple(rows)),))


def _tables(found: Comparison, titles: tuple[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.html(f'<p class="label">{as_html(t("sites_result.sums"))}</p>')
        _show(sums(found, titles), "sites-compared-sums")
    with right:
        st.html(f'<p class="label">{as_html(t("sites_result.asked"))}</p>')
        st.html(asked(found))
    st.html(f'<p class="label">{as_html(t("sites_result.moved"))}</p>')
    _show(moved_rows(found, titles), "sites-compared-moved", WIDTHS)


def _show(table: pd.DataFrame, name: str, widths: tuple[int, ...] = ()) -> None:
    numbers = table.select_dtypes("number").columns
    st.dataframe(
        table.style.format(dict.fromkeys(numbers, lambda value: shown(value, digits=0)), na_rep=""),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder="",
        key=name,
        column_config={
            place: st.column_config.Column(width=width) for place, width in enumerate(widths, 1)
        },
    )


def sums(found: Comparison, titles: tuple[str, str]) -> pd.DataFrame:
    """What both reach and cost, and the difference; a sum that a result does not tell is left."""
    known = found.totals.dropna()
    return pd.DataFrame(
        {
            t("sites_result.sum"): [_sum_title(str(name)) for name in known.index],
            _head(titles, 0): known["first"].tolist(),
            _head(titles, 1): known["second"].tolist(),
            t("sites_result.difference"): (known["second"] - known["first"]).tolist(),
        }
    )


def _sum_title(name: str) -> str:
    if name == "sites":
        return t("sites_result.against_sites")
    return heading(name, language()).words


def _head(titles: tuple[str, str], side: int) -> str:
    """A column's heading; the same name twice would be one column."""
    return titles[side] if titles[0] != titles[1] else f"{titles[side]} {side + 1}"


def asked(found: Comparison) -> str:
    """Settings and data that differ, a line each, as HTML; places by name."""
    if not found.why:
        return f'<p class="calm">{as_html(t("sites_result.asked_same"))}</p>'
    lines = [
        text(note.key, language(), **{name: by_name(value) for name, value in note.values})
        for note in found.why
    ]
    items = "".join(f"<li>{as_html(line)}</li>" for line in lines)
    return f'<ul class="lines">{items}</ul>'


def by_name(value: Any) -> Any:
    """Codes of communes and villages as their names, in a note too; anything else as it is."""
    if isinstance(value, Note):
        return Note(value.key, tuple((name, by_name(item)) for name, item in value.values))
    if isinstance(value, tuple):
        return tuple(by_name(item) for item in value)
    if not isinstance(value, str) or not CODES.fullmatch(value):
        return value
    return ", ".join(place_title(code) for code in value.split(", "))


CODES = re.compile(r"\d{6}(\d\d)?(, \d{6}(\d\d)?)*")
"""Codes of communes (6 digits) and villages (8), listed."""

WIDTHS = (150, 110, 60, 80, 60, 80, 620)
"""Columns of what moved, in pixels: the reason has the rest of the width."""


def moved_rows(found: Comparison, titles: tuple[str, str]) -> pd.DataFrame:
    """One row a site of either: what became of it, ranks and hectares in both, and why."""
    table = found.sites
    names = zip(table["name_en"], table["name_km"], strict=True)
    rows: dict[tuple[str, str], list[Any]] = {
        ("", t("results.commune")): [
            named(str(en), km if isinstance(km, str) else "") for en, km in names
        ],
        ("", t("sites_result.change")): [
            t(f"sites_result.change_{name}") for name in table["change"]
        ],
    }
    for place, side in enumerate(SIDES):
        title = _head(titles, place)
        rows[(title, t("sites.rank"))] = table[f"rank_{side}"].astype(float).tolist()
        rows[(title, t("map.hectares"))] = table[f"hectares_{side}"].tolist()
    rows[("", t("sites.reason"))] = table[f"what_{language()}"].tolist()
    said = pd.DataFrame(list(zip(*rows.values(), strict=True)))
    said.columns = pd.MultiIndex.from_tuples(rows)
    return said
