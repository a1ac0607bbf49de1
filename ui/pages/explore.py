"""Explore: layers, records and places on one map; a click reads every layer."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import streamlit as st

from layers.drawing import Drawing, LegendGroup, Sign
from layers.legend import UNKNOWN_STEP
from registry.vocabulary import SEASONS
from ui import cache, state
from ui.frame import guarded
from ui.mapview import map_key, map_texts, show_map
from ui.place import place_panel
from ui.search import search_box
from ui.selection import Selection, clicked, parsed
from ui.signs import (
    MOST_POINTS,
    adopter_signs,
    adopters_together,
    event_signs,
    provider_signs,
    sign_legend,
    village_signs,
)
from ui.summary import summary_below, summary_panel
from ui.surfaces import Shown, colouring_layers, shown_layer
from ui.text import language, shown, t

PAGE = "explore"
TABS = ("layers", "place", "summary")
LATEST = "latest"
TICKS = (
    ("adopters", "adopter-practised", True),
    ("providers", "planter", True),
    ("events", "event", False),
    ("roads", "road", True),
    ("villages", "village", False),
    ("communes", "commune-name", True),
)


def key(name: str) -> str:
    return state.page_key(PAGE, name)


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
    search_box(PAGE, codes)
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = "layers"
    tabs = {name: t(f"explore.tab_{name}") for name in TABS}
    tab = st.segmented_control(
        t("explore.tabs"),
        list(tabs),
        key=key("tab"),
        format_func=tabs.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
        width="stretch",
    )
    if tab == "place":
        place_panel(selected(codes), codes)
    elif tab == "summary":
        summary_panel(codes)
    else:
        layers_panel(codes)
    with st.container(key="action"):
        if st.button(t("explore.use_in_sites"), type="primary", width="stretch"):
            st.switch_page("ui/pages/sites.py", query_params=state.shared())


def layers_panel(codes: tuple[str, ...]) -> None:
    titles = {layer.id: layer.title[language()] for layer in colouring_layers()}
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
                f"{picture} {t(f'explore.{name}')}{number}",
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


def selected(codes: tuple[str, ...]) -> Selection | None:
    return parsed(st.session_state.get(key("selected")), codes)


def ticked(name: str) -> bool:
    """Whether a row of the tick list is on; its default before the list was ever drawn."""
    default = {row: on for row, _, on in TICKS}.get(name, False)
    return bool(st.session_state.get(key(name), default))


def drawing(codes: tuple[str, ...]) -> Drawing:
    """Everything on the map, from what the session says."""
    chosen = selected(codes)
    surface = layer_shown("layer", codes)
    other = layer_shown("compare", codes)
    found = {
        kind: cache.records(kind, codes, season()) for kind in ("adopter", "provider", "event")
    }
    signs, note = points(found, codes)
    legends = sign_legend(signs, ticked("roads"))
    surfaces = surface_legends(surface, other)
    drawn = [found[kind] for kind, name in KINDS if ticked(name)]
    example = any(bool(frame["example"].any()) for frame in drawn)
    names = [
        name for name, row in (("commune", "communes"), ("village", "villages")) if ticked(row)
    ]
    return Drawing(
        language=language(),
        texts=map_texts(),
        surface=surface.surface if surface else None,
        compare=other.surface if other and surface else None,
        opacity=st.session_state.get(key("opacity"), 60) / 100,
        hatch=surface.hatch if surface else (),
        roads=ticked("roads"),
        names=tuple(names),
        points=signs,
        unit=outlined(chosen),
        place=(chosen.lon, chosen.lat) if chosen else None,
        legend=(*legends, *surfaces),
        chips=(t("frame.example"),) if example else (),
        note=note,
        measure=bool(st.session_state.get(key("measure"))),
    )


def surface_legends(surface: Shown | None, other: Shown | None) -> list[LegendGroup]:
    """The legend of the surface; of two compared ones, which lies on which side."""
    if surface is None:
        return []
    if other is None:
        return [surface.legend]
    return [
        replace(item.legend, title=t(f"explore.{side}", title=item.legend.title))
        for side, item in (("left", surface), ("right", other))
    ]


KINDS = (("adopter", "adopters"), ("provider", "providers"), ("event", "events"))


def season() -> str | None:
    chosen = st.session_state.get(key("season"), LATEST)
    return None if chosen == LATEST else chosen


def layer_shown(name: str, codes: tuple[str, ...]) -> Shown | None:
    layer = st.session_state.get(key(name))
    return shown_layer(layer, codes) if layer in cache.known_layers().layers else None


def points(
    found: dict[str, gpd.GeoDataFrame], codes: tuple[str, ...]
) -> tuple[tuple[Sign, ...], str]:
    """Signs in the order they are drawn, and what to say when plots are too many."""
    places = cache.places()
    signs: list[Sign] = []
    note = ""
    if ticked("villages"):
        signs += village_signs(places, places.communes_of(codes).index)
    if ticked("events"):
        signs += event_signs(found["event"])
    if ticked("adopters"):
        if len(found["adopter"]) > MOST_POINTS:
            signs += adopters_together(found["adopter"], places)
            note = t("map.many_points", count=len(found["adopter"]))
        else:
            signs += adopter_signs(found["adopter"])
    if ticked("providers"):
        signs += provider_signs(found["provider"])
    return tuple(signs), note


def outlined(chosen: Selection | None) -> str:
    """The commune that gets a rim: the selected one, or the one around a clicked point."""
    if chosen is None or chosen.kind in ("adopter", "provider", "event", "village"):
        return ""
    if chosen.kind == "area":
        return chosen.id
    commune = cache.places().at(chosen.lon, chosen.lat)
    return commune.code if commune else ""


def below(codes: tuple[str, ...]) -> None:
    with st.container(key="below"):
        summary_below(codes)


AREA = state.area()
view(AREA)
with guarded("frame.what_open"):
    below(AREA)
