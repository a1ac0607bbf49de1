"""Points that the planner offers as sites: clicked on the map, or brought as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from gis.errors import DeimapError, ImportRefused
from gis.sites.parameters import DrawnPoint
from layers.drawing import LegendGroup, LegendItem, Sign
from layers.points import MOST_POINTS, uploaded_points
from locales import fault_text
from ui import cache, state
from ui.selection import clicked
from ui.sites_state import PAGE, box, key, put, setting
from ui.text import as_html, complaint, language, t

SEEN = 8
"""Points that have a row of their own; of more the file is the better list."""
FAULTS_SEEN = 5


def drawing_points() -> bool:
    """Whether a click on the map adds a point."""
    return bool(setting("candidates") == "points")


def adds_point(map_key: str) -> Callable[[], None]:
    """What a click does while points are drawn: it adds one where nothing else stands."""
    select = clicked(PAGE, map_key)

    def take() -> None:
        before = st.session_state.get(key("selected"), "")
        select()
        kind, _, identity = str(st.session_state.get(key("selected"), "")).partition(":")
        st.session_state[key("selected")] = before
        if kind == "at":
            lon, lat = (float(part) for part in identity.split(","))
            add_point(lon, lat)

    return take


def add_point(lon: float, lat: float) -> None:
    """Add a point with the next free name; none where one is already, or outside the area."""
    points: list[dict[str, Any]] = setting("points")
    commune = cache.places().at(lon, lat)
    if commune is None or commune.code not in cache.places().communes_within(state.area()):
        st.session_state[key("nowhere")] = True
        return
    names = {point["name"] for point in points}
    numbers = range(1, len(points) + 2)
    name = next(name for number in numbers if (name := _named(number)) not in names)
    new = DrawnPoint(round(lon, 5), round(lat, 5), name)
    if len(points) < MOST_POINTS and new.code not in {DrawnPoint(**one).code for one in points}:
        put("points", [*points, _plain(new)])


def _named(number: int) -> str:
    return t("choose.point_named", number=number)


def _plain(point: DrawnPoint) -> dict[str, Any]:
    return {"lon": point.lon, "lat": point.lat, "name": point.name}


def points_box() -> None:
    """How points are added, those that are, and what a file brings."""
    points: list[dict[str, Any]] = setting("points")
    st.html(f'<p class="calm">{as_html(t("choose.points_hint"))}</p>')
    if st.session_state.pop(key("nowhere"), False):
        st.html(f'<p class="stale">{as_html(t("choose.nowhere"))}</p>')
    with st.container(key="points"):
        for place, point in enumerate(points[:SEEN]):
            _row(place, point["name"])
    if len(points) > SEEN:
        more = t("choose.points_more", count=len(points) - SEEN)
        st.html(f'<p class="calm">{as_html(more)}</p>')
    if points:
        st.button(
            t("choose.points_clear"), key=key("points-clear"), on_click=put, args=("points", [])
        )
    _upload()


def _row(place: int, name: str) -> None:
    def rename() -> None:
        new = str(st.session_state[made]).strip()
        points = setting("points")
        if new and new not in {point["name"] for point in points}:
            put("points", [*points[:place], {**points[place], "name": new}, *points[place + 1 :]])

    def remove() -> None:
        points = setting("points")
        put("points", [*points[:place], *points[place + 1 :]])

    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        made = box(f"point-{place}", name)
        st.text_input(
            t("choose.point_name", number=place + 1), key=made, max_chars=100,
            label_visibility="collapsed", on_change=rename,
        )  # fmt: skip
        st.button(t("choose.remove"), key=key(f"point-off-{place}"), on_click=remove)


def _upload() -> None:
    with st.container(key="upload"):
        sent = st.file_uploader(
            t("choose.points_file"), type=["csv", "geojson", "gpkg"], key=key("points-file")
        )
    if sent is None:
        return
    content = sent.getvalue()
    made = hashlib.sha256(content).hexdigest()
    if st.session_state.get(key("points-taken")) != made:
        st.session_state[key("points-taken")] = made
        st.session_state[key("points-refused")] = _take(sent.name, content)
        st.rerun(scope="fragment")
    for line in st.session_state.get(key("points-refused"), ()):
        st.html(f'<p class="stale">{as_html(line)}</p>')


def _take(file: str, content: bytes) -> list[str]:
    """Add the points of a file; in words what keeps it from being taken."""
    try:
        brought = uploaded_points(file, content, cache.places())
    except ImportRefused as error:
        lines = [fault_text(fault, language()) for fault in error.faults]
        more = t("choose.faults_more", count=len(lines) - FAULTS_SEEN)
        return [*lines[:FAULTS_SEEN], *([more] if len(lines) > FAULTS_SEEN else [])]
    except DeimapError as error:
        return [complaint(error)]
    kept = {DrawnPoint(**point).code: point for point in setting("points")}
    names = {point["name"] for point in kept.values()}
    new = [_plain(point) for point in brought if point.code not in kept and point.name not in names]
    put("points", [*kept.values(), *new][:MOST_POINTS])
    return []


def point_signs() -> tuple[Sign, ...]:
    """The points on the map, while they are what is offered."""
    if not drawing_points():
        return ()
    return tuple(
        Sign("point", DrawnPoint(**point).code, point["lon"], point["lat"], "candidate",
             point["name"])
        for point in setting("points")
    )  # fmt: skip


def point_legend(signs: tuple[Sign, ...]) -> tuple[LegendGroup, ...]:
    if not signs:
        return ()
    return (LegendGroup("", (LegendItem(t("choose.point_sign"), sign="candidate"),)),)
