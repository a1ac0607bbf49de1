"""The map inside a page: a fresh one at each run, its view kept by the browser."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit_folium import st_folium

from layers.drawing import Backdrop, Drawing
from layers.map import base_map, overlay
from ui import cache
from ui.text import t

TEXTS = (
    *("legend", "all_areas", "nearer", "farther", "compare"),
    *("measure_hint", "measure_again", "hectares"),
)


def map_texts() -> dict[str, str]:
    """The words that the drawing code itself needs."""
    return {key: t(f"map.{key}") for key in TEXTS}


def map_key(page: str, ground: Backdrop) -> str:
    """Session key of the map: a new area or new data is a new map, nothing else is."""
    return f"{page}-map-{ground.version}"


def show_map(page: str, ground: Backdrop, drawing: Drawing, on_click: Callable[[], None]) -> None:
    """Draw the map; a click runs ``on_click`` before the fragment runs again."""
    with st.container(key="map"):
        st_folium(
            base_map(ground, cache.served()),
            key=map_key(page, ground),
            height=640,
            use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=overlay(drawing),
            on_change=on_click,
        )


def small_map(
    container: str, ground: Backdrop, drawing: Drawing, key: str, on_click: Callable[[], None]
) -> None:
    """A map beside another one, under the large one."""
    with st.container(key=container):
        st_folium(
            base_map(ground, cache.served(), beside=True),
            key=key,
            height=SMALL,
            use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=overlay(drawing),
            on_change=on_click,
        )


SMALL = 440
"""Height in pixels of a map beside another one."""
