"""Sites: choose what counts, see which communes come first and why."""

from __future__ import annotations

import streamlit as st

from layers.drawing import Drawing
from ui import cache, state
from ui.frame import guarded
from ui.mapview import map_key, map_texts, show_map
from ui.results import opened, say_lost
from ui.running import kept_run
from ui.selection import clicked, commune_selected
from ui.sites_answer import show_answer
from ui.sites_below import below
from ui.sites_form import PAGE, choose_form, key, take_over, wanted
from ui.sites_map import drawing_of
from ui.text import as_html, language, t
from ui.widgets import segments

TABS = ("choose", "result")


@st.fragment
def view(codes: tuple[str, ...]) -> None:
    """Panel and map together; the tables under them follow."""
    with guarded("sites.what_find"):
        ground = cache.ground(codes)
        identity = opened(PAGE, PAGE, codes)
        with st.container(key="body", horizontal=True):
            with st.container(key="panel"):
                identity = panel(codes, identity)
            show_map(PAGE, ground, on_map(identity), clicked(PAGE, map_key(PAGE, ground), "result"))
        if identity:
            with st.container(key="below"):
                below(identity)
    state.write_url(PAGE)


def panel(codes: tuple[str, ...], identity: str) -> str:
    """The two steps; returns the id of the result that is shown."""
    settle_tab(identity)
    tabs = {name: t(f"sites.tab_{name}") for name in TABS}
    tab = segments(t("sites.tabs"), tabs, key("tab"))
    say_lost(PAGE)
    if tab == "choose":
        choose(identity)
        return identity
    if not identity:
        st.html(f'<p class="calm">{as_html(t("sites.no_result"))}</p>')
        return ""
    if show_answer(identity):
        ask()
    return identity


def settle_tab(identity: str) -> None:
    """Open on the last result, else on the choice; form and result say the same at first."""
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = "result" if identity else "choose"
    if identity and st.session_state.get(key("shown")) != identity:
        st.session_state[key("shown")] = identity
        take_over(cache.result(identity).provenance.parameters)


def choose(identity: str) -> None:
    """The form; what it asks for is done by the page, where a click can stop it."""
    if choose_form(again=bool(identity)):
        ask()


def ask() -> None:
    """Have sites searched by the page, in its next run."""
    st.session_state[key("asked")] = True
    st.rerun()


def work(codes: tuple[str, ...]) -> None:
    """Find sites when the form asked for it; the old result stays on the page meanwhile."""
    place = st.empty()  # always there: what follows keeps its place on the page
    if not st.session_state.pop(key("asked"), False):
        return
    with guarded("sites.what_find"):
        with place.container(key="busy"):
            found = kept_run(PAGE, codes, wanted())
        st.session_state[key("result")] = found
        st.session_state[key("selected")] = ""
        st.session_state[key("tab")] = "result"
    place.empty()


def on_map(identity: str) -> Drawing:
    """The result on the map, or the bare area before the first one."""
    if identity:
        return drawing_of(identity, commune_selected(PAGE))
    return Drawing(language=language(), texts=map_texts(), roads=True, names=("commune",))


AREA = state.area()
work(AREA)
view(AREA)
