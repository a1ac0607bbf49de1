"""Land: where it degrades by the UN indicator, by which part, and what is known of the soil."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gis.analysis import Result
from layers.drawing import Drawing
from ui import cache, state
from ui.frame import guarded
from ui.land_below import below, downloads
from ui.land_form import rules_form, take_over, wanted
from ui.land_map import drawing_of, soil_drawing
from ui.land_place import place_answer
from ui.land_shares import communes_bars, figures
from ui.land_soil import soil_panel, soil_shown
from ui.land_state import (
    ANALYSIS,
    PAGE,
    PARTS,
    TABS,
    has_layers,
    key,
    period_span,
    periods_offered,
    remember_layer,
    settle,
    tab,
)
from ui.mapview import map_key, show_map
from ui.results import opened, remarks, say_lost, say_stale
from ui.running import kept_run
from ui.selection import clicked
from ui.text import as_html, t
from ui.widgets import segments


@st.fragment
def view(codes: tuple[str, ...], working: bool) -> None:
    """Panel and map together; the tables under them follow."""
    with guarded("land.what_show"):
        ground = cache.ground(codes)
        identity = opened(PAGE, ANALYSIS, codes)
        settle()
        with st.container(key="body", horizontal=True):
            with st.container(key="panel"):
                panel(codes, identity, working)
            show_map(PAGE, ground, on_map(codes, identity), clicked(PAGE, map_key(PAGE, ground)))
        if identity and tab() in PARTS:
            with st.container(key="below"):
                below(cache.result(identity))
    remember_layer()
    state.write_url(PAGE)


def panel(codes: tuple[str, ...], identity: str, working: bool) -> None:
    if identity and st.session_state.get(key("shown")) != identity:
        st.session_state[key("shown")] = identity
        take_over(cache.result(identity).provenance.parameters)
    titles = {name: t(f"land.tab_{name}") for name in TABS}
    segments(t("land.tabs"), titles, key("tab"))
    say_lost(PAGE)
    if tab() == "soil":
        soil_panel(codes)
    elif identity:
        indicator_panel(identity)
    elif not working:
        nothing_yet(codes)
    if identity:
        downloads(identity)


def indicator_panel(identity: str) -> None:
    """The answer first: shares, the place that was clicked, communes; rules last."""
    result = cache.result(identity)
    choices(result)
    say_stale(result, wanted())
    figures(result)
    place_answer(result)
    communes_bars(result)
    remarks(result)
    if rules_form():
        ask()


def choices(result: Result) -> None:
    """Which period, and what of it colours the map."""
    periods = {name: period_span(result, name) for name in periods_offered()}
    parts = {name: t(f"land.short_{name}") for name in PARTS[tab()]}
    for name, label, offered in (("period", "period", periods), (tab(), "part", parts)):
        segments(t(f"land.{label}"), offered, key(name))


def nothing_yet(codes: tuple[str, ...]) -> None:
    """Before the first result: why there is none, and the way to it."""
    if not has_layers(codes):
        st.html(f'<p class="calm">{as_html(t("land.no_layers"))}</p>')
        return
    st.html(f'<p class="calm">{as_html(t("land.no_result"))}</p>')
    with st.container(key="action"):
        if st.button(t("land.work_out"), type="primary", width="stretch"):
            ask()


def ask() -> None:
    """Let the page do the work, where a click can stop it."""
    st.session_state[key("asked")] = True
    st.rerun()


def due(codes: tuple[str, ...]) -> bool:
    """Whether there is work: the form asked for it, or the area is opened for the first time."""
    asked = st.session_state.pop(key("asked"), False)
    if asked or st.session_state.get("again-land.what_work", False):
        return True
    # neither what was stopped nor what failed starts again by itself
    given_up = st.session_state.get(key("given-up")) == codes
    return not given_up and has_layers(codes) and not opened(PAGE, ANALYSIS, codes)


def work(codes: tuple[str, ...], busy: DeltaGenerator, said: DeltaGenerator) -> None:
    """Work out the indicator; the old result, or the bare map, stays on the page meanwhile."""
    found = ""
    with said, guarded("land.what_work"), busy.container(key="busy"):
        found = kept_run(ANALYSIS, codes, wanted(), on_stop=state.remember(key("given-up"), codes))
    busy.empty()
    st.session_state[key("given-up")] = () if found else codes
    if found:
        st.session_state[key("result")] = found
        st.rerun()


def on_map(codes: tuple[str, ...], identity: str) -> Drawing:
    """What the tab chose, or the bare area before the first result."""
    if tab() == "soil":
        return soil_drawing(soil_shown(codes))
    return drawing_of(identity) if identity else soil_drawing(None)


AREA = state.area()
BUSY, SAID = st.empty(), st.container()  # above the view, and filled after it
with guarded("frame.what_open"):
    DUE = due(AREA)
    view(AREA, DUE)
    if DUE:
        work(AREA, BUSY, SAID)
