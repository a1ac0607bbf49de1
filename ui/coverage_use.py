"""Bases by use, as bars over one scale of hectares; the break-even of tractor hire beside them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.coverage.parameters import BREAK_EVEN_HA
from ui.coverage_bases import commune_title
from ui.text import as_html, shown, t


def providers_use(result: Result) -> None:
    """Each base as a bar: what it serves, what it could, where tractor hire breaks even."""
    table = result.outcome.tables["providers"]
    if table.empty:
        st.html(f'<p class="calm">{as_html(t("coverage_page.no_base"))}</p>')
        return
    st.html(f'<p class="calm">{as_html(t("workbook.break_even_why"))}</p>{use_bars(table)}')


def use_bars(table: pd.DataFrame) -> str:
    """Bars of the bases, most hectares first, over one scale of hectares; as HTML."""
    most = max(float(table["supply_ha"].max()), BREAK_EVEN_HA[1]) * 1.08
    order = table.assign(_all=table["served_ha"] + table["other_track_ha"])
    able = order[(order["supply_ha"] > 0) | (order["_all"] > 0)]
    rows = []
    for number, row in able.sort_values(["_all", "supply_ha"], ascending=False).iterrows():
        place = commune_title(str(row["commune"]))
        name = t("coverage_page.base", number=number) + (f" · {place}" if place else "")
        supply, served, other = (
            float(row[column]) for column in ("supply_ha", "served_ha", "other_track_ha")
        )
        said = t(
            "coverage_page.use_row",
            served=shown(served + other, digits=0),
            supply=shown(supply, t("map.hectares"), 0),
            use=shown(float(row["use_share"]) * 100, "%", 0),
        )
        rows.append(
            f"<span>{as_html(name)}</span><i>"
            f'<u style="width:{supply / most * 100:.1f}%"></u>'
            f'<b style="width:{served / most * 100:.1f}%"></b>'
            f'<em style="left:{served / most * 100:.1f}%;width:{other / most * 100:.1f}%"></em>'
            f'<s style="left:{BREAK_EVEN_HA[0] / most * 100:.1f}%;'
            f'width:{(BREAK_EVEN_HA[1] - BREAK_EVEN_HA[0]) / most * 100:.2f}%"></s>'
            f"</i><span>{as_html(said)}</span>"
        )
    keys = "".join(
        f'<span><i class="swatch {name}"></i>{as_html(t(f"coverage_page.use_{name}"))}</span>'
        for name in ("track", "other", "spare", "even")
    )
    idle = ", ".join(str(number) for number in order.index.difference(able.index, sort=False))
    said = t("coverage_page.use_idle", bases=idle) if idle else ""
    return (
        f'<p class="keys">{keys}</p><div class="uses">{"".join(rows)}</div>'
        f'<p class="calm">{as_html(said)}</p>'
    )
