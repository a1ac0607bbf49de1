"""Explore: layers, records and places on one map; a click reads every layer."""

from __future__ import annotations

import streamlit as st

from layers.legend import UNKNOWN_STEP
from registry.vocabulary import SEASONS
from ui import cache, state
from ui.explore_map import LATEST, PAGE, TICKS, drawing, key, layer_shown, season, selected
from ui.frame import guarded
from ui.mapview import map_key, show_map
from ui.place import place_panel
from ui.search import search_box
from ui.selection import clicked
from ui.summary import summary_below, summary_panel
from ui.text import language, shown, t
from ui.widgets import segments

TABS = ("layers", "place", "summary")


@st.fragment
def view(codes: tuple[str, ...]) -> None:
    """Panel and map together: a click on either answers in the other, nothing else moves."""
    with guarded("frame.what_map"), st.container(key="body", horizontal=True):
        ground = cache.ground(codes)
        with st.container(key="panel"):
            panel(codes)
        show_map(PAGE, ground, drawing(codes), clicked(PAGE, map_key(PAGE, ground), "place"))
    state.write_url(PAGE)


def panel(codes: tuple[str, ...]) -> None:
    with st.spinner(t("frame.drawing")):
        layer_shown("layer", codes)
        layer_shown("compare", codes)
    search_box(PAGE, codes)
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = "layers"
    tabs = {name: t(f"explore.tab_{name}") for name in TABS}
    tab = segments(t("explore.tabs"), tabs, key("tab"))
    if tab == "place":
        place_panel(selected(codes), codes, season())
    elif tab == "summary":
        summary_panel(codes)
    else:
        layers_panel(codes)
    with st.container(key="action"):
        if st.button(t("explore.use_in_sites"), type="primary", width="stretch"):
            st.switch_page("ui/pages/sites.py", query_params=state.shared())


def layers_panel(codes: tuple[str, ...]) -> None:
    titles = {layer.id: layer.title[language()] for layer in cache.readable_layers()}
    pick_layer("layer", "colour_by", titles)
    surface = layer_shown("layer", codes)
    if surface and set(surface.used) == {UNKNOWN_STEP}:
        st.caption(t("explore.no_surface"))
    st.slider(
        t("explore.opacity"),
        10,
        100,
        60,
        step=5,
        key=key("opacity"),
        persist_state="session",
        disabled=not st.session_state[key("layer")],
    )
    st.html(f'<p class="label">{t("explore.shown")}</p>')
    counts = record_counts(codes)
    with st.container(key="ticks"):
        for name, sign, on in TICKS:
            number = f" · {shown(counts[name])}" if name in counts else ""
            picture = f"![]({cache.served().static}/signs/{sign}.svg)"
            st.checkbox(
                f"{picture} {t(f'map.{name}')}{number}",
                on,
                key=key(name),
                persist_state="session",
            )
    if not counts["adopters"]:
        st.caption(t("explore.no_records"))
    seasons = {LATEST: t("explore.season_latest")} | {
        name: t(f"frame.season_{name}") for name in SEASONS
    }
    st.segmented_control(
        t("explore.season"),
        list(seasons),
        default=LATEST,
        key=key("season"),
        required=True,
        format_func=seasons.__getitem__,
        persist_state="session",
        width="stretch",
    )
    with st.expander(t("explore.more")):
        st.toggle(t("explore.measure"), key=key("measure"), persist_state="session")
        pick_layer("compare", "compare", titles)


def pick_layer(name: str, label: str, titles: dict[str, str]) -> None:
    """A choice of one layer or none; an id in a URL that is no layer counts as none."""
    if st.session_state.get(key(name)) not in titles:
        st.session_state[key(name)] = ""
    offered = {"": t("explore.colour_none")} | titles
    st.selectbox(
        t(f"explore.{label}"),
        list(offered),
        key=key(name),
        format_func=offered.__getitem__,
        persist_state="session",
    )


def record_counts(codes: tuple[str, ...]) -> dict[str, int]:
    places = cache.places()
    inside = places.communes_of(codes).index
    return {
        "adopters": len(cache.records("adopter", codes)),
        "providers": len(cache.records("provider", codes)),
        "events": len(cache.records("event", codes)),
        "villages": int(places.villages["commune"].isin(inside).sum()),
        "communes": len(inside),
    }


def below(codes: tuple[str, ...]) -> None:
    with st.container(key="below"):
        summary_below(codes)


AREA = state.area()
view(AREA)
with guarded("frame.what_open"):
    below(AREA)
