"""What the page Explore draws on its map, from what the session says."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import streamlit as st

from layers.drawing import Drawing, LegendGroup, Sign
from ui import cache, state
from ui.mapview import map_texts
from ui.selection import RECORD_KINDS, Selection, parsed
from ui.signs import (
    MOST_POINTS,
    adopter_signs,
    adopters_together,
    event_signs,
    provider_signs,
    sign_legend,
    village_signs,
)
from ui.surfaces import Shown, shown_layer
from ui.text import language, t

PAGE = "explore"
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
        known = village_signs(places, places.communes_of(codes).index)
        signs += known if len(known) <= MOST_POINTS else ()
        note = "" if len(known) <= MOST_POINTS else t("map.many_villages", count=len(known))
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
    if chosen is None or chosen.kind in (*RECORD_KINDS, "village"):
        return ""
    if chosen.kind == "area":
        return chosen.id
    commune = cache.places().at(chosen.lon, chosen.lat)
    return commune.code if commune else ""
