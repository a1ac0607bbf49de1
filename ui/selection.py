"""What is selected, as an id that the session keeps, and where it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gis.errors import DeimapError
from ui import cache, state

RECORD_KINDS = ("adopter", "provider", "event")
AREA_KINDS = ("area", "village")


@dataclass(frozen=True)
class Selection:
    """A record, an area or village, or a plain point (kind ``at``)."""

    kind: str
    id: str
    lon: float
    lat: float

    @property
    def text(self) -> str:
        """As the session keeps it; :func:`ui.state.public` says what of it the URL may hold."""
        return f"at:{self.lon},{self.lat}" if self.kind == "at" else f"{self.kind}:{self.id}"


def parsed(words: str | None, codes: tuple[str, ...]) -> Selection | None:
    """The selection of a URL, ``None`` when nothing (or nothing that exists) is selected."""
    kind, _, identity = (words or "").partition(":")
    if kind == "at":
        return _point(identity)
    if kind in RECORD_KINDS:
        return _record(kind, identity, codes)
    if kind in AREA_KINDS:
        return _place(kind, identity)
    return None


def commune_selected(page: str) -> str:
    """The commune that is selected: by its row, its pin or bar, or a click inside it."""
    chosen = parsed(st.session_state.get(state.page_key(page, "selected")), state.area())
    if chosen is None:
        return ""
    if chosen.kind == "area":
        return chosen.id
    commune = cache.places().at(chosen.lon, chosen.lat)
    return commune.code if commune else ""


def _point(words: str) -> Selection | None:
    try:
        lon, lat = (round(float(part), 5) for part in words.split(","))
    except ValueError:
        return None
    return Selection("at", "", lon, lat) if abs(lon) <= 180 and abs(lat) <= 85 else None


def _record(kind: str, identity: str, codes: tuple[str, ...]) -> Selection | None:
    found = cache.records(kind, codes)
    rows = found[found["reference"] == identity]
    if rows.empty:
        return None
    point = rows.geometry.iloc[0]
    return Selection(kind, identity, point.x, point.y)


def _place(kind: str, identity: str) -> Selection | None:
    places = cache.places()
    try:
        area = places.area(identity)
    except DeimapError:
        return None
    if area.level == "village":
        point = places.villages.geometry.loc[identity]
        return Selection("village", identity, point.x, point.y)
    shapes = places.communes_of([identity]).geometry
    point = shapes.union_all().representative_point()
    return Selection(kind, identity, point.x, point.y)


def clicked(page: str, map_key: str, tab: str = "") -> Callable[[], None]:
    """A callback that takes over what was clicked on the map and opens the tab that answers."""

    def take() -> None:
        answer: dict[str, Any] = st.session_state.get(map_key) or {}
        feature = answer.get("last_active_drawing")
        if not feature:
            return
        properties = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"]
        kind = properties["kind"]
        identity = str(properties["id"])
        if kind == "place":
            kind, identity = "at", ""
        st.session_state[state.page_key(page, "selected")] = Selection(
            kind, identity, lon, lat
        ).text
        if tab:
            st.session_state[state.page_key(page, "tab")] = tab

    return take
