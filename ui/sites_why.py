"""Why a place comes where it comes, in parts: what it reaches, how sure, its axes, what is against.

What a planner asks first stands open; what speaks against it, its figures and the criteria fold.
"""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.tracks import AXES
from ui.results import folded, inputs_years
from ui.sites_confidence import confidence, how_tried, one_commune
from ui.sites_criteria import criteria_behind
from ui.sites_decided import key
from ui.sites_result import communes_of, sites_of
from ui.sites_rules import rule_behind
from ui.text import as_html, language, named, shown, t
from ui.widgets import segments


def explanation(result: Result, code: str) -> None:
    """Everything that is known of one commune, or of one of its sites."""
    table = communes_of(result)
    if code not in table.index:
        st.html(f'<p class="calm">{as_html(t("sites.click_hint"))}</p>')
        return
    site = site_explained(result, code)
    row = table.loc[code] if site is None else site
    heading(row, code, ranked=site is not None)
    if site is None:
        reasons = [worded_part(row, "reason")]
        if is_ranked(row):
            reasons.append(t("sites.not_chosen"))
        st.html(f'<p class="reason">{as_html(" ".join(filter(None, reasons)))}</p>')
    else:
        st.html(reached(site, str(result.provenance.parameters["objective"])))
        if sure := confidence(result, site):
            st.html(sure)
    scored = row["group"] != "too-weak" and all(axis in row for axis in AXES)
    if scored:
        st.html(axis_bars(row))
    if site is not None:
        words = [rule_behind(result, site), worded_part(site, "reason")]
        st.html(f'<p class="reason">{as_html(" ".join(filter(None, words)))}</p>')
        if parts := parts_folded(site, result):
            st.html(parts)
    if scored:
        criteria_behind(result, code)
    st.html(inputs_years(result))


def is_ranked(row: pd.Series) -> bool:
    """Whether a commune that is no site was among those that could have been one."""
    return row["group"] != "too-weak" and not pd.isna(row.get("rank"))


def site_explained(result: Result, code: str) -> pd.Series | None:
    """The site of a commune; where it has several, the one that the planner turns to."""
    sites = sites_of(result)
    own = sites[sites.index == code]
    if own.empty:
        return None
    ranks = {str(int(rank)): f"{int(rank)}" for rank in own["rank"]}
    if len(ranks) == 1:
        return own.iloc[0]
    if st.session_state.get(key("rank")) not in ranks:
        st.session_state[key("rank")] = next(iter(ranks))
    chosen = segments(t("sites_result.several_sites"), ranks, key("rank"))
    return own[own["rank"].astype(int) == int(chosen)].iloc[0]


def heading(row: pd.Series, code: str, ranked: bool) -> None:
    """Rank, both names, the code; of a site also where it is and what officers did."""
    rank = f"{int(row['rank'])} · " if ranked else ""
    names = " · ".join(str(name) for name in (row["name_km"], row["name_en"]) if _said(name))
    below = _village(row) if ranked else ""
    proposed = row.get("rank_proposed") if ranked else None
    if ranked and _said(row.get("override_reason")):
        below = " ".join([below, t("sites_result.added_by_officer")])
    elif proposed is not None and not pd.isna(proposed) and int(proposed) != int(row["rank"]):
        below = " ".join([below, t("sites_result.rank_before", rank=int(proposed))])
    st.html(
        f'<p class="heading">{as_html(rank + names)} '
        f'<span class="sub">{as_html(code)}</span></p>'
        + (f'<p class="sub">{as_html(below)}</p>' if below else "")
    )


def _said(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _village(row: pd.Series) -> str:
    if not _said(row.get("village_en")):
        return ""
    village = named(str(row["village_en"]), row["village_km"] if _said(row["village_km"]) else "")
    return t("sites.in_village_only", village=village)


def worded_part(row: pd.Series, part: str) -> str:
    """A part of the explanation in the language of this session; nothing where it has none."""
    words = row.get(f"{part}_{language()}")
    return str(words) if _said(words) else ""


REACHED = ("hectares", "households", "poor_households", "degraded_hectares", "learning_groups")
"""Amounts of a site, as far as a result has them."""
OF_BASES = ("hectares", "minutes", "planters", "use_share")
"""Amounts of a new base of machines."""


def reached(site: pd.Series, goal: str) -> str:
    """What a site reaches and what it costs, the goal of the search first and in colour."""
    if "planters" in site:
        percent = site["use_share"] * 100
        cells = [
            _amount(float(percent if name == "use_share" else site[name]),
                    t(f"sites_result.of_base_{name}"), name == "hectares")
            for name in OF_BASES
        ]  # fmt: skip
    else:
        names = sorted((name for name in REACHED if name in site), key=lambda name: name != goal)
        cells = [
            _amount(float(site[name]), _unit(name, site[name]), name == goal) for name in names
        ]
    if not pd.isna(site["cost_usd"]):
        cells.append(_amount(float(site["cost_usd"]), "US$"))
    return f'<div class="reached">{"".join(cells)}</div>'


def _unit(name: str, amount: float) -> str:
    one = name == "learning_groups" and amount == 1
    return t("sites_result.of_learning_group" if one else f"sites_result.of_{name}")


def _amount(amount: float, words: str, goal: bool = False) -> str:
    mark = ' class="goal"' if goal else ""
    return (
        f"<div{mark}><b>{as_html(shown(amount, digits=0))}</b><span>{as_html(words)}</span></div>"
    )


def parts_folded(site: pd.Series, result: Result) -> str:
    """What speaks against the site, its figures, and how sure it is, each behind a line."""
    parts = [
        folded(t(f"sites_result.part_{part}"), [words])
        for part in ("against", "figures")
        if (words := worded_part(site, part))
    ]
    tried = "" if "planters" in site or one_commune(result) else how_tried(result)
    return "".join([*parts, tried])


def axis_bars(row: pd.Series) -> str:
    """The four axes side by side, 0 to 100; the weakest in amber, unknown in words."""
    values = {axis: float(row[axis]) * 100 for axis in AXES}
    known = {axis: value for axis, value in values.items() if not math.isnan(value)}
    weakest = min(known, key=lambda axis: known[axis]) if known else ""
    cells = []
    for axis, value in values.items():
        mark = ' class="weakest"' if axis == weakest else ""
        width = 0 if math.isnan(value) else round(value, 1)
        cells.append(
            f"<span>{as_html(t(f'criteria.axis_{axis}'))}</span>"
            f'<i{mark}><span style="width:{width}%"></span></i>'
            f"<b>{as_html(shown(value, digits=0))}</b>"
        )
    return f'<div class="bars">{"".join(cells)}</div>'
