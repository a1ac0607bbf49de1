"""The curve of sites, or of US$, against what they reach: what each further one adds."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from ui.sites_bases import curve_in_words, of_bases
from ui.sites_confidence import one_commune
from ui.sites_decided import key
from ui.sites_rules import rules_before_more
from ui.text import as_html, named, shown, t
from ui.widgets import segments

AGAINST = ("sites", "cost_usd")
"""What the curve may count along."""


def trade_off(result: Result) -> None:
    """The curve in words, drawn, and counted in sites or in US$."""
    table = result.outcome.tables.get("trade_off")
    if table is None or table.empty or (one_commune(result) and len(table) == 1):
        return
    goal = str(result.provenance.parameters["objective"])
    if of_bases(result):
        words = curve_in_words(table)
    else:
        words = in_words(table, goal, first_told(result), rules_before_more(result))
    st.subheader(t("sites_result.trade_off"))
    with st.container(key="trade-off"):
        st.html(f'<p class="calm">{as_html(words)}</p>')
        if table["cost_usd"].isna().any():  # nobody stated what a base costs
            free = table.assign(cost_usd=0.0)
            st.vega_lite_chart(curve_spec(free, goal, AGAINST[0]), width="stretch")
            return
        if st.session_state.get(key("against")) not in AGAINST:
            st.session_state[key("against")] = AGAINST[0]
        against = segments(
            t("sites_result.against"),
            {name: t(f"sites_result.against_{name}") for name in AGAINST},
            key("against"),
        )
        st.vega_lite_chart(curve_spec(table, goal, against), width="stretch")


def first_told(result: Result) -> int:
    """How many of the first sites the remarks tell of already, 0 where none: one number a page."""
    told = (dict(note.values) for note in result.outcome.warnings if note.key == FIRST)
    return next((int(values["few"]) for values in told), 0)


FIRST = "reasons.few_reach_most"
"""Remark on how few sites reach most."""


def in_words(table: pd.DataFrame, goal: str, first: int = 0, rules: str = "") -> str:
    """How much the ``first`` sites, else half of them, reach of all; what one more would add.

    ``rules`` tells why that one is not among the chosen.
    """
    chosen, further = table[table["chosen"]], table[~table["chosen"]]
    if chosen.empty:
        return t("sites.none_chosen")
    total = float(chosen[goal].iloc[-1])
    first = first or (len(chosen) + 1) // 2
    parts = []
    if len(chosen) > FEW and total > 0:
        share = shown(100 * float(chosen[goal].iloc[first - 1]) / total, digits=0)
        parts.append(t("sites_result.first_sites", first=first, of=len(chosen), percent=share))
    if not further.empty:
        more = float(further[goal].iloc[0]) - total
        amount = t(f"sites_result.amount_{goal}", amount=shown(more, digits=0))
        cost = shown(float(further["cost_usd"].iloc[0] - chosen["cost_usd"].iloc[-1]), digits=0)
        parts.append(t("sites_result.one_more", amount=amount, cost=cost))
        parts += [rules, t("sites_result.one_by_one")]
    return " ".join(filter(None, parts))


FEW = 2
"""Of so few sites half are no news."""


def curve_spec(table: pd.DataFrame, goal: str, against: str) -> dict[str, Any]:
    """The chart: chosen sites as a full line, those after them dashed."""
    rows = [
        {
            "at": float(row[against]),
            "reach": round(float(row[goal]), 1),
            "chosen": bool(row["chosen"]),
            "sites": int(row["sites"]),
            "cost": float(row["cost_usd"]),
            "name": f"{int(row['sites'])} · {_name(row)}",
        }
        for _, row in table.iterrows()
    ]
    start = {"at": 0.0, "reach": 0.0, "chosen": True, "sites": 0, "cost": 0.0, "name": ""}
    done = [row for row in rows if row["chosen"]]
    after = [*done[-1:], *(row for row in rows if not row["chosen"])]
    x = {
        "field": "at",
        "type": "quantitative",
        "axis": {"title": t(f"sites_result.axis_{against}"), "grid": False, "tickMinStep": 1,
                 "format": ",.0f"},
    }  # fmt: skip
    y = {
        "field": "reach",
        "type": "quantitative",
        "axis": {"title": t(f"sites_result.axis_{goal}"), "tickCount": 5, "format": ",.0f"},
    }
    tip = [
        {"field": "name", "title": t("results.commune")},
        {"field": "reach", "title": t(f"sites_result.axis_{goal}"), "format": ",.0f"},
        {"field": "cost", "title": "US$", "format": ",.0f"},
    ]
    return {
        "height": 230,
        "padding": {"left": 0, "right": 10, "top": 8, "bottom": 0},
        "layer": [
            _line([start, *done], x, y, {"strokeWidth": 2.4}),
            _line(after, x, y, {"strokeWidth": 1.6, "strokeDash": [4, 3], "color": FURTHER}),
            _points([row for row in rows if not row["chosen"]], x, y, tip, FURTHER, "#FFFFFF"),
            _points(done, x, y, tip, CHOSEN, CHOSEN),
        ],
    }


CHOSEN, FURTHER = "#6A1B9A", "#7C8683"
"""The violet of proposed sites on the map; grey for those that are none."""


def _name(row: pd.Series) -> str:
    khmer = row["name_km"] if isinstance(row["name_km"], str) else ""
    return named(str(row["name_en"]), khmer)


def _line(
    rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], more: dict[str, Any]
) -> dict[str, Any]:
    mark = {"type": "line", "color": CHOSEN, **more}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y}}


def _points(
    rows: list[dict[str, Any]],
    x: dict[str, Any],
    y: dict[str, Any],
    tip: list[dict[str, Any]],
    stroke: str,
    fill: str,
) -> dict[str, Any]:
    mark = {"type": "point", "size": 55, "stroke": stroke, "fill": fill, "opacity": 1}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y, "tooltip": tip}}
