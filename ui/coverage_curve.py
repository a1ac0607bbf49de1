"""The curve of the page Coverage: the share of the hectares within so many minutes of a base."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from ui.coverage_answer import amount
from ui.text import as_html, t


def curve(result: Result) -> None:
    """Share of the hectares within so many minutes, from half to double speed."""
    if not amount(result.outcome.summary, "demand_ha") > 0:
        return
    st.html(f'<p class="label">{as_html(t("coverage_page.curve"))}</p>')
    table = result.outcome.tables["curve"]
    limit = float(result.provenance.parameters["limit_minutes"])
    st.vega_lite_chart(curve_spec(table, limit, t("terms.minutes")), width="stretch")


def curve_spec(table: pd.DataFrame, limit: float, unit: str) -> dict[str, Any]:
    """The chart; 0 to 100 percent over minutes, a dashed line at the limit."""
    rows = [
        {
            "minutes": float(row.minutes),
            "share": round(float(row.share) * 100, 1),
            "low": round(float(row.share_low) * 100, 1),
            "high": round(float(row.share_high) * 100, 1),
        }
        for row in table.itertuples()
    ]
    x = {
        "field": "minutes",
        "type": "quantitative",
        "axis": {"title": None, "values": [0, 30, 60, 120, 180, 240], "grid": False,
                 "labelExpr": f"datum.value === 240 ? '240 {unit}' : datum.label"},
        "scale": {"nice": False, "domain": [0, 240]},
    }  # fmt: skip
    axis = {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.label + ' %'"}
    y = {"type": "quantitative", "axis": axis, "scale": {"domain": [0, 100]}}
    tip = [{"field": "minutes"}, {"field": "share"}, {"field": "low"}, {"field": "high"}]
    return {
        "height": 116,
        "padding": {"left": 0, "right": 4, "top": 6, "bottom": 0},
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "color": "#8CC2A0", "opacity": 0.45},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": "#0B6E4F", "strokeWidth": 2.2},
                "encoding": {"x": x, "y": {"field": "share", **y}},
            },
            {
                "mark": {"type": "point", "size": 60, "opacity": 0},
                "encoding": {"x": x, "y": {"field": "share", **y}, "tooltip": tip},
            },
            {
                "data": {"values": [{"minutes": limit}]},
                "mark": {"type": "rule", "color": "#1E2A2B", "strokeDash": [4, 3]},
                "encoding": {"x": x},
            },
        ],
    }
