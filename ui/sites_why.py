"""Why a commune comes where it comes: sentence, four bars, village, years."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.tracks import AXES
from ui.results import inputs_years
from ui.sites_criteria import criteria_behind
from ui.sites_result import communes_of, sites_of
from ui.text import as_html, language, named, shown, t


def explanation(result: Result, code: str) -> None:
    """Why this commune: names, sentence, four bars, village, years."""
    table = communes_of(result)
    if code not in table.index:
        st.html(f'<p class="calm">{as_html(t("sites.click_hint"))}</p>')
        return
    sites = sites_of(result)
    row = sites.loc[code] if code in sites.index else table.loc[code]
    rank = f"{int(row['rank'])} · " if code in sites.index else ""
    names = " · ".join(str(name) for name in (row["name_km"], row["name_en"]) if _said(name))
    reason = row[f"reason_{language()}"]
    words = [str(reason) if _said(reason) else ""]
    if code in sites.index:
        words.append(_village(row))
    elif row["group"] != "too-weak":
        words.append(t("sites.not_chosen"))
    st.html(
        f'<p class="heading">{as_html(rank + names)} '
        f'<span class="sub">{as_html(code)}</span></p>'
        f'<p class="reason">{as_html(" ".join(part for part in words if part))}</p>'
    )
    if row["group"] != "too-weak":
        st.html(axis_bars(row))
        criteria_behind(result, code)
    st.html(inputs_years(result))


def _said(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _village(row: pd.Series) -> str:
    if not _said(row.get("village_en")):
        return ""
    village = named(str(row["village_en"]), row["village_km"] if _said(row["village_km"]) else "")
    reached = float(row["households"])
    if math.isnan(reached):
        return t("sites.in_village_only", village=village)
    return t("sites.in_village", village=village, households=shown(reached, digits=0))


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
