"""Report: compose a map, an atlas, a document or data, see how it will look, take it along."""

from __future__ import annotations

import streamlit as st

from reports.jobs.line import ask
from reports.order import DATA
from ui import cache, state
from ui.frame import guarded, noted
from ui.report_bar import mine
from ui.report_form import action, choices
from ui.report_jobs import SAID, last_ones
from ui.report_precise import precise_box
from ui.report_preview import show
from ui.report_state import PAGE, chosen, lacking, offered, order, settle, what
from ui.text import as_html, t


def make() -> None:
    """Put what is ordered in the line of jobs."""
    with noted("report_page.what_make", SAID):
        mine(ask(order(AREA), cache.ready()))


def panel() -> None:
    if not offered(AREA):
        st.html(f'<p class="calm">{as_html(t("report_page.no_result"))}</p>')
    choices(AREA)
    if what() == DATA and (results := chosen(AREA)):
        precise_box(results[0])
    action(make, not lacking(AREA))


AREA = state.area()
with guarded("frame.what_open"):
    settle(AREA)
    with st.container(key="body", horizontal=True):
        with st.container(key="panel"):
            panel()
        with st.container(key="preview"), guarded("report_page.what_show"):
            show(AREA)
        with st.container(key="last"), guarded("report_page.what_show"):
            last_ones()
    state.write_url(PAGE)
