"""Coverage: who can be served in a season, by whom, and what another base would change."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gis.analysis import Result
from ui import cache, state
from ui.coverage_answer import amount, communes_bars, headline, range_note
from ui.coverage_bases import chosen_number
from ui.coverage_below import below, downloads, tables_button
from ui.coverage_chosen import chosen_result, is_comparison
from ui.coverage_curve import curve
from ui.coverage_effect import effect
from ui.coverage_form import choices, expert_form, surfaces
from ui.coverage_map import drawing_of
from ui.coverage_place import place_answer
from ui.coverage_state import (
    ANALYSIS,
    PAGE,
    TABS,
    key,
    parameters,
    remember_layer,
    settle,
    stamp,
    trying,
)
from ui.coverage_what_if import changes_panel, compare_buttons, placed, settle_new, subject
from ui.frame import guarded
from ui.mapview import map_key, show_map
from ui.results import data_changed, remarks, say_lost
from ui.running import kept_run
from ui.selection import clicked
from ui.text import as_html, t
from ui.widgets import segments


@st.fragment
def view(codes: tuple[str, ...]) -> None:
    """Panel and map together; the tables under them follow."""
    with guarded("coverage_page.what_show"):
        ground = cache.ground(codes)
        settle()
        settle_new()
        identity, fitting = chosen_result(codes)
        if not fitting and not working() and not given_up(codes):
            ask("now")
        with st.container(key="body", horizontal=True):
            with st.container(key="panel"):
                panel(codes, identity, fitting)
            at = map_key(PAGE, ground)
            click = placed(codes, at) if trying() else clicked(PAGE, at)
            show_map(PAGE, ground, drawing_of(identity, codes), click)
        if identity:
            with st.container(key="below"), st.container(key="coverage-below"):
                below(cache.result(identity), identity)
    remember_layer(is_comparison(identity))
    state.write_url(PAGE)


def panel(codes: tuple[str, ...], identity: str, fitting: bool) -> None:
    titles = {name: t(f"coverage_page.tab_{name}") for name in TABS}
    segments(t("coverage_page.tabs"), titles, key("tab"))
    say_lost(PAGE)
    if trying():
        try_out(codes, identity)
        return
    choices()
    if not identity:
        if not working():
            nothing_yet()
        return
    result = cache.result(identity)
    say_stale(result, fitting)
    answer(result)
    expert_form()
    with st.container(key="action"):
        downloads(identity)


def answer(result: Result) -> None:
    """The answer first, then where and how far; what it rests on last."""
    headline(result)
    surfaces(result)
    place_answer(result)
    curve(result)
    communes_bars(result)
    range_note(result)
    remarks(result)


def try_out(codes: tuple[str, ...], identity: str) -> None:
    """What is changed, the button that compares, and what the change brings."""
    subject()
    if identity and is_comparison(identity):
        result = cache.result(identity)
        if amount(result.outcome.summary, "demand_ha") > 0:
            effect(result)
        headline(result)
        surfaces(result)
        range_note(result)
    changes_panel(codes)
    if identity:
        if chosen_number():
            place_answer(cache.result(identity))
        remarks(cache.result(identity))
    with st.container(key="action"):
        asked = compare_buttons()
        if identity and is_comparison(identity):
            tables_button(identity)
    if asked:
        ask("what-if")


def say_stale(result: Result, fitting: bool) -> None:
    """One line and a button, when the settings or the data are not those of the result."""
    if working() or (fitting and not data_changed(result)):
        return
    said = "results.stale_data" if fitting else "results.stale"
    st.html(f'<p class="stale">{as_html(t(said))}</p>')
    if st.button(t("coverage_page.again"), key=key("again"), width="stretch"):
        ask("now")


def nothing_yet() -> None:
    """Before the first result: the way to it."""
    st.html(f'<p class="calm">{as_html(t("coverage_page.no_result"))}</p>')
    with st.container(key="action"):
        if st.button(t("coverage_page.work_out"), type="primary", width="stretch"):
            ask("now")


def ask(what: str) -> None:
    """Let the page do the work, where a click can stop it."""
    st.session_state[key("asked")] = what
    st.rerun()


def working() -> bool:
    return bool(st.session_state.get(key("working"), False))


def given_up(codes: tuple[str, ...]) -> bool:
    """Neither what was stopped nor what failed starts again by itself."""
    return bool(st.session_state.get(key("given-up")) == stamp(codes))


def due(codes: tuple[str, ...]) -> str:
    """What is to be worked out: what somebody asked for, or a present not known yet."""
    asked = str(st.session_state.pop(key("asked"), ""))
    if asked:
        return asked
    if st.session_state.get("again-coverage_page.what_work", False):
        return str(st.session_state.get(key("tried"), "now"))
    _, fitting = chosen_result(codes)
    return "" if fitting or given_up(codes) else "now"


def work(codes: tuple[str, ...], what: str, busy: DeltaGenerator, said: DeltaGenerator) -> None:
    """Work it out; the old result, or the bare map, stays on the page meanwhile."""
    found = ""
    st.session_state[key("tried")] = what
    give_up = state.remember(key("given-up"), stamp(codes))
    try:
        with said, guarded("coverage_page.what_work"), busy.container(key="busy"):
            wanted = parameters(changed=what == "what-if")
            found = kept_run(ANALYSIS, codes, wanted, on_stop=give_up)
    finally:
        st.session_state[key("working")] = False
    busy.empty()
    if not found:
        give_up()
        return
    st.session_state.pop(key("given-up"), None)
    # what somebody chose meanwhile stands: the result does not set the page back to its settings
    st.session_state[key("result")] = st.session_state[key("shown")] = found
    st.rerun()


AREA = state.area()
BUSY, SAID = st.empty(), st.container()  # above the view, and filled after it
with guarded("frame.what_open"):
    settle()
    DUE = due(AREA)
    st.session_state[key("working")] = bool(DUE)
    view(AREA)
    if DUE:
        work(AREA, DUE, BUSY, SAID)
