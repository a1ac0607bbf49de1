"""What the page Land shows: tab, period, part, soil layer; and how the URL names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gis.analysis import Result
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.parts import PARTS as MADE_FROM
from gis.land_degradation.periods import NEWEST, PERIODS
from layers.catalogue import Layer
from layers.gather import COVERS
from layers.soil import SOIL
from layers.sources import coverage
from ui import cache, state
from ui.selection import Selection, commune_selected, parsed
from ui.text import t

PAGE = "land"
ANALYSIS = "land-degradation"
TABS = ("indicator", "parts", "soil")
PARTS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator", "status"),
    "parts": ("productivity", "land_cover", "soil_carbon"),
}
"""Tab -> what it can colour the map by; the first one at first."""
DEFAULTS = LandDegradationParameters()


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def settle() -> None:
    """Take over what a URL named; anything that is not offered becomes the first choice."""
    named = st.session_state.get(key("layer"), "")
    if named and named != st.session_state.get(key("layer-seen")):
        _take_over(str(named))
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = TABS[0]
    if st.session_state.get(key("period")) not in PERIODS:
        st.session_state[key("period")] = NEWEST
    for tab, parts in PARTS.items():
        if st.session_state.get(key(tab)) not in parts:
            st.session_state[key(tab)] = parts[0]
    if period() not in periods_offered():
        st.session_state[key("period")] = NEWEST
    offered = [layer.id for layer in soil_layers()]
    if st.session_state.get(key("soil")) not in offered:
        st.session_state[key("soil")] = offered[0] if offered else ""


def _take_over(named: str) -> None:
    for tab, parts in PARTS.items():
        for part in parts:
            for period in PERIODS:
                if named == raster_name(part, period):
                    st.session_state[key(tab)] = part
                    st.session_state[key("period")] = period
                    return
    st.session_state[key("soil")] = named


def remember_layer() -> None:
    """Let the URL name what colours the map."""
    named = soil() if tab() == "soil" else raster_name(part(), period())
    st.session_state[key("layer")] = st.session_state[key("layer-seen")] = named


def tab() -> str:
    return str(st.session_state[key("tab")])


def part() -> str:
    """What colours the map."""
    return str(st.session_state[key(tab())])


def period() -> str:
    return str(st.session_state[key("period")])


def periods_offered() -> tuple[str, ...]:
    """Periods to choose from; there is no status before the first report."""
    against_baseline = tab() == "indicator" and part() == "status"
    return PERIODS[1:] if against_baseline else PERIODS


def soil() -> str:
    """Id of the soil layer on the map."""
    return str(st.session_state[key("soil")])


def soil_layers() -> list[Layer]:
    """What the tab Soil can colour the map by: the layers that its card tells about."""
    known = cache.known_layers()
    return [layer for variable in SOIL for layer in known.for_variable(variable)]


def has_layers(codes: tuple[str, ...]) -> bool:
    """Whether a layer covers the area that the indicator could be worked out from."""

    def covered() -> bool:
        known, places = cache.known_layers(), cache.places()
        communes = places.communes_of(codes)
        layers = (
            layer for variable in MADE_FROM.values() for layer in known.for_variable(variable)
        )
        return any(coverage(layer, communes, places) >= COVERS for layer in layers)

    return cache.kept(("land-layers", codes, cache.edition()), covered)


def raster_name(part: str, period: str) -> str:
    """Name of the raster of a part in a period; the newest one has the plain name."""
    return part if period == NEWEST else f"{part}_{period}"


def period_years(result: Result | None, period: str) -> Mapping[str, Any]:
    """Years of a period, as the result was made with them."""
    if result is not None:
        found: Mapping[str, Any] = result.provenance.parameters[period]
        return found
    stated = DEFAULTS.periods[period]
    return {name: getattr(stated, name) for name in ("first", "last", "state_from", "cover_from")}


def period_span(result: Result | None, period: str) -> str:
    """First and last year of a period."""
    years = period_years(result, period)
    return f"{years['first']}–{years['last']}"


def period_title(result: Result | None, period: str) -> str:
    """A period in words: which one it is, and its years."""
    return t(f"land.period_{period}", years=period_span(result, period))


def selected() -> Selection | None:
    return parsed(st.session_state.get(key("selected")), state.area())


def selected_code() -> str:
    """Code of the commune that is selected, or nothing."""
    return commune_selected(PAGE)
