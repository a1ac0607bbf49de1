"""A result of the page Sites in words: headline, groups, rows, one site explained."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.strength import GROUPS
from ui import cache, state
from ui.results import highlighted, row_chosen, years
from ui.selection import commune_selected
from ui.sites_bases import headline_of_bases, of_bases
from ui.sites_state import PAGE, key
from ui.text import as_html, example_chip, language, named, shown, t

WIDTHS = {"sites.rank": 36, "results.commune": 116, "results.district": 106, "map.hectares": 60}
"""Columns of the short table, in pixels: together as wide as the panel."""
FIGURES = ("commune_figures",)
"""Variable of the hectares that communes report."""
BORDERLINE = "\u00a0?"
"""Behind the rank of a site whose data are borderline in the list of all, and behind that group."""
ROWS_SEEN = {"en": 4, "km": 3}
"""A Khmer row is higher; the four bars must still fit a small laptop."""


def sites_of(result: Result) -> pd.DataFrame:
    """The chosen sites, best first, index = code of the commune."""
    sites = pd.DataFrame(result.outcome.features["sites"].drop(columns="geometry"))
    sites["code"] = sites["code"].astype(str)
    return sites.set_index("code").sort_values("rank")


def communes_of(result: Result) -> pd.DataFrame:
    """All communes of the area, in their groups."""
    return result.outcome.tables["communes"]


def headline(result: Result) -> None:
    """The answer first: how many communes reach how much, at what cost, by figures of when."""
    if of_bases(result):
        headline_of_bases(result, how_sure(result))
        return
    sites = sites_of(result)
    goal = result.provenance.parameters["objective"]
    if sites.empty:
        st.html(f'<p class="heading">{as_html(t("sites.none_chosen"))}</p>')
        return
    amount = shown(float(sites[goal].sum()), digits=0)
    if len(sites) == 1:
        words = t(f"sites.headline_one_{goal}", amount=amount)
    else:
        words = t(f"sites.headline_{goal}", count=len(sites), amount=amount)
    below = t(
        "sites.under",
        track=t(f"criteria.track_{result.provenance.parameters['track']}"),
        cost=shown(float(sites["cost_usd"].sum())),
        years=figures_years(result),
    )
    chip = f" {example_chip()}" if result.provenance.example else ""
    sure = as_html(f" · {how_sure(result)}") if how_sure(result) else ""
    st.html(
        f'<p class="heading">{as_html(words)}</p><p class="sub">{as_html(below)}{sure}{chip}</p>'
    )


def figures_years(result: Result) -> str:
    """Years of the figures of the crops, from which the hectares are; of all layers without any."""
    return years(result, FIGURES) or years(result)


def how_sure(result: Result) -> str:
    """Whether the sites are proven best, else by how much others may be better."""
    search = result.outcome.summary.get("search", {})
    if "proven_best" not in search:
        return ""
    if search.get("overridden"):
        return t("sites.overridden")
    if search["proven_best"]:
        return t("sites.proven_best")
    if search["gap"] is None:
        return t("sites.not_proven_best")
    return t("sites.gap", percent=shown(100 * float(search["gap"]), digits=1))


LISTS = ("all", *GROUPS)
"""All chosen sites by rank, whatever their data; then group by group."""


def group_rows(result: Result, group: str) -> pd.DataFrame:
    """Rows of one list: chosen sites by rank, or the communes that cannot be ranked."""
    if group == "too-weak":
        table = communes_of(result)
        return table[table["group"] == group]
    sites = sites_of(result)
    return sites if group == "all" else sites[sites["group"] == group]


def groups(result: Result) -> str:
    """The choice among all sites and the three groups, each with its number."""
    counts = {group: len(group_rows(result, group)) for group in LISTS}
    _follow_selected(result)
    if st.session_state.get(key("group")) not in counts:
        st.session_state[key("group")] = "all" if counts["all"] else "too-weak"
    titles = {group: f"{t(f'sites.group_{group}')} {counts[group]}" for group in GROUPS}
    if counts["borderline"]:
        titles["borderline"] += BORDERLINE
    titles["all"] = f"{t('sites_result.group_all')} {counts['all']}"
    chosen: str = st.segmented_control(
        t("sites.groups"),
        LISTS,
        key=key("group"),
        required=True,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        on_change=_first_of_group,
        args=(result,),
        persist_state="session",
        width="stretch",
    )
    return chosen


def _follow_selected(result: Result) -> None:
    """A place that was clicked opens a list with its row; another result opens all its sites."""
    shown_now, code = st.session_state.get(key("shown"), ""), commune_selected(PAGE)
    before, followed = st.session_state.get(key("followed"), ("", ""))
    if (before, followed) == (shown_now, code):
        return
    st.session_state[key("followed")] = (shown_now, code)
    held = st.session_state.get(key("group"), "all")
    if before == shown_now and held in LISTS and code in group_rows(result, held).index:
        return
    for group in LISTS:
        if code in group_rows(result, group).index:
            st.session_state[key("group")] = group
            return


def _first_of_group(result: Result) -> None:
    """Another group explains its first commune."""
    rows = group_rows(result, st.session_state[key("group")])
    if not rows.empty:
        st.session_state[key("selected")] = f"area:{rows.index[0]}"


def rows_table(result: Result, group: str, selected: str) -> None:
    """The rows as a table; choosing a row is the same as clicking its place on the map."""
    rows = group_rows(result, group)
    if rows.empty:
        st.html(f'<p class="calm">{as_html(t("sites.group_empty"))}</p>')
        return
    table = _short(rows, group)
    marked = table.style.apply(highlighted, axis=1, code=selected, codes=list(rows.index))
    marked = marked.format({t("map.hectares"): shown})
    if group == "all":
        marked = marked.apply(_doubtful, axis=1, borderline=list(rows["group"] == "borderline"))
    height = 33 if language() == "km" else 28
    table_key = key(f"rows-{group}-{st.session_state.get(key('shown'), '')}")
    st.dataframe(
        marked,
        hide_index=True,
        row_height=height,
        placeholder=t("terms.unknown"),
        height=min(len(table), ROWS_SEEN[language()]) * height + 38,
        key=table_key,
        on_select=row_chosen(PAGE, table_key, list(rows.index)),
        selection_mode="single-cell",
        column_config={
            t(name): st.column_config.Column(width=width) for name, width in WIDTHS.items()
        },
    )
    if group == "too-weak" and not of_bases(result):
        st.html(f'<p class="calm">{as_html(t("sites.weak_hint"))}</p>')


def _doubtful(row: pd.Series, borderline: list[bool]) -> list[str]:
    """Styles of a row: amber letters where the data are borderline, as the mark says in words."""
    mark = "color: #8A5A00; font-style: italic" if borderline[int(str(row.name))] else ""
    return [mark] * len(row)


def _short(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    commune = [named(*pair) for pair in zip(rows["name_en"], rows["name_km"], strict=True)]
    districts = cache.places().districts
    above = [
        named(districts.name_en[code], districts.name_km[code])
        for code in rows.index.str[:4]
    ]  # fmt: skip
    table = {t("results.commune"): commune, t("results.district"): above}
    if group != "too-weak":
        ranks = [
            f"{int(rank)}{BORDERLINE if group == 'all' and strength == 'borderline' else ''}"
            for rank, strength in zip(rows["rank"], rows["group"], strict=True)
        ]
        table = {t("sites.rank"): ranks, **table}
        table[t("map.hectares")] = rows["hectares"].astype(float).tolist()
    return pd.DataFrame(table)


def select_first(result: Result) -> None:
    """Explain the best site until the planner chooses another."""
    if not st.session_state.get(state.page_key(PAGE, "selected")):
        sites = sites_of(result)
        if not sites.empty:
            st.session_state[key("selected")] = f"area:{sites.index[0]}"
