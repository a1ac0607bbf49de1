"""The criteria behind the four axes of one commune, worked out when they are asked for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.tracks import AXES
from layers.runs import run_id
from ui import cache
from ui.sites_state import key
from ui.text import as_html, shown, t


def criteria_behind(result: Result, code: str) -> None:
    """A switch, and under it what each criterion adds to the suitability of a commune."""
    if st.toggle(t("sites.criteria_behind"), key=key("criteria"), persist_state="session"):
        with st.spinner(t("frame.drawing")):
            parts = cache.contributions_of(run_id(result.provenance), code)
        st.html(criteria_table(parts))


def criteria_table(parts: pd.DataFrame) -> str:
    """Score, weight and what it adds, each of 100; criteria in the order of their axes."""
    heads = ("sites.criterion", "sites.score", "sites.weight", "sites.adds")
    head = "".join(f"<th>{as_html(t(name))}</th>" for name in heads)
    rows = []
    for axis in AXES:
        for name, part in parts[parts["axis"] == axis].iterrows():
            numbers = (shown(float(part[column]) * 100, digits=0) for column in NUMBERS)
            cells = (t(f"criteria.{name}"), *numbers)
            rows.append("".join(f"<td>{as_html(cell)}</td>" for cell in cells))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    note = f'<p class="calm">{as_html(t("sites.criteria_note"))}</p>'
    return f'<table class="readings numbers"><tr>{head}</tr>{body}</table>{note}'


NUMBERS = ("score", "weight", "gain")
"""Columns of contributions that are shown."""
