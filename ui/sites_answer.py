"""The tab Result of the page Sites: the answer first, then one place explained, then what to do."""

from __future__ import annotations

import streamlit as st

from gis.analysis import Result
from layers.runs import run_folder
from reports.package import table_of, zipped
from ui import cache
from ui.results import remarks, say_stale
from ui.selection import commune_selected
from ui.sites_map import opacity_slider
from ui.sites_overrides import decide, decided_list
from ui.sites_result import groups, headline, rows_table, select_first
from ui.sites_scenarios import save_box, say_done
from ui.sites_state import PAGE, key, still_wanted, wanted
from ui.sites_why import explanation
from ui.text import language, t


def show_answer(identity: str) -> bool:
    """Show a result; True in the one run in which another search was asked for."""
    result = cache.result(identity)
    say_done()
    select_first(result)
    headline(result)
    parameters = result.provenance.parameters
    say_stale(result, parameters if still_wanted(parameters) else wanted())
    group = groups(result)
    code = commune_selected(PAGE)
    rows_table(result, group, code)
    explanation(result, code)
    decide(result, code)
    decided_list()
    remarks(result)
    opacity_slider()
    with st.container(key="action"):
        return _actions(result, identity)


def _actions(result: Result, identity: str) -> bool:
    """Search again where the settings are others now; and the files of the result."""
    asked, held = False, still_wanted(result.provenance.parameters)
    if not held:
        asked = st.button(t("sites.find_again"), key=key("again"), type="primary", width="stretch")
    with st.container(horizontal=True, gap="small"):
        save_box(result, held)
        _downloads(identity)
    return asked


def _downloads(identity: str) -> None:
    """The files of a result: all of them, or the table alone."""
    folder, spoken = run_folder(identity, cache.ready()), language()
    with st.popover(t("sites_result.downloads"), width="stretch"):
        st.download_button(
            t("results.download_zip"),
            data=lambda: zipped(folder, spoken),
            file_name=f"deimap-sites-{identity}.zip",
            mime="application/zip",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            t("sites.download_csv"),
            data=lambda: table_of(cache.result(identity), "communes"),
            file_name=f"deimap-communes-{identity}.csv",
            mime="text/csv",
            on_click="ignore",
            width="stretch",
        )
