"""Sites: choose what counts, see which communes come first and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.drawing import Drawing
from ui import cache, state
from ui.frame import guarded
from ui.mapview import map_key, show_map
from ui.results import opened, say_lost
from ui.running import kept_run, shown_progress
from ui.selection import clicked, commune_selected
from ui.sites_answer import show_answer
from ui.sites_below import below
from ui.sites_form import choose_form
from ui.sites_map import drawing_of
from ui.sites_overview import due, overview_drawing, read
from ui.sites_points import adds_point, drawing_points, point_legend, point_signs, say_outside
from ui.sites_scenarios import kept_repeat, repeat_asked
from ui.sites_state import PAGE, colours_as, key, settle, take_over, wanted
from ui.text import as_html, t
from ui.widgets import segments

TABS = ("choose", "result")


@st.fragment
def view(codes: tuple[str, ...]) -> None:
    """Panel and map together; the tables under them follow."""
    say_outside()
    with guarded("sites.what_find"):
        identity = settled(codes)
        if reads_first(codes) and not st.session_state[key("reading")]:
            st.rerun()
        ground = cache.ground(codes)
        with st.container(key="body", horizontal=True):
            with st.container(key="panel"):
                identity = panel(codes, identity)
            at = map_key(PAGE, ground)
            show_map(PAGE, ground, on_map(codes, identity), on_click(at, identity))
        if identity:
            with st.container(key="below"):
                below(identity)
    state.write_url(PAGE)


def settled(codes: tuple[str, ...]) -> str:
    """The result that is open; tab and form say the same as it at first."""
    settle()
    identity = opened(PAGE, PAGE, codes)
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = "result" if identity else "choose"
    if identity and st.session_state.get(key("shown")) != identity:
        st.session_state[key("shown")] = identity
        take_over(cache.result(identity).provenance.parameters)
    return identity


def panel(codes: tuple[str, ...], identity: str) -> str:
    """The two steps; returns the id of the result that is shown."""
    tabs = {name: t(f"sites.tab_{name}") for name in TABS}
    segments(t("sites.tabs"), tabs, key("tab"))
    say_lost(PAGE)
    if choosing():
        if choose_form(codes, again=bool(identity)):
            ask()
        return identity
    if not identity:
        st.html(f'<p class="calm">{as_html(t("sites.no_result"))}</p>')
        return ""
    if show_answer(identity):
        ask()
    return identity


def choosing() -> bool:
    return bool(st.session_state.get(key("tab")) == "choose")


def ask() -> None:
    """Have sites searched by the page, in its next run."""
    st.session_state[key("asked")] = True
    st.rerun()


def work(codes: tuple[str, ...]) -> None:
    """Find sites when the form asked for it; the old result stays on the page meanwhile."""
    place = st.empty()  # always there: what follows keeps its place on the page
    asked = st.session_state.pop(key("asked"), False)
    if not asked and not repeat_asked():
        return
    with guarded("sites.what_find"):
        with place.container(key="busy"):
            found = (
                kept_repeat(shown_progress("stop"))
                if repeat_asked()
                else kept_run(PAGE, codes, wanted())
            )
        st.session_state[key("result")] = found
        if choosing():
            st.session_state[key("selected")] = ""  # a new question; else the place stays
        st.session_state[key("tab")] = "result"
        if state.area() != codes:
            st.rerun()  # a scenario of another area was repeated
    place.empty()


def reads_first(codes: tuple[str, ...]) -> bool:
    """Whether layers must be read before the overview can follow the sliders."""
    return choosing() and due(codes)


def prepare_overview(codes: tuple[str, ...], place: DeltaGenerator) -> None:
    """Read them, below a page that is there already; then show what they give."""
    try:
        with guarded("choose.what_read"), place.container(key="busy"):
            read(codes)
    finally:
        st.session_state[key("reading")] = False
    place.empty()
    st.rerun()


def on_map(codes: tuple[str, ...], identity: str) -> Drawing:
    """The result under its pins; while other weights are tried, the overview of these."""
    if not choosing():
        return drawing_of(identity, commune_selected(PAGE)) if identity else overview_drawing(codes)
    if not shows_result(identity):
        return overview_drawing(codes)
    found = drawing_of(identity, commune_selected(PAGE))
    points = point_signs()
    return replace(found, points=points, legend=(*point_legend(points), *found.legend))


def shows_result(identity: str) -> bool:
    """Whether the map of the result is that of the settings."""
    return bool(identity) and colours_as(cache.result(identity).provenance.parameters)


def on_click(at: str, identity: str) -> Callable[[], None]:
    """A click adds a point while points are drawn, else it selects; a pin opens its reasons."""
    if choosing() and drawing_points():
        return adds_point(at)
    return clicked(PAGE, at, "" if choosing() and not shows_result(identity) else "result")


AREA = state.area()
work(AREA)
BUSY = st.empty()  # above the view, and filled after it
settled(AREA)
st.session_state[key("reading")] = DUE = reads_first(AREA)
view(AREA)
if DUE:
    prepare_overview(AREA, BUSY)
