"""Points that the planner offers as sites: clicked on the map, or brought as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gis.errors import DeimapError, ImportRefused
from gis.sites.parameters import DrawnPoint
from layers.drawing import LegendGroup, LegendItem, Sign
from layers.points import MOST_POINTS, uploaded_points
from locales import error_text, fault_text
from ui import cache, state
from ui.selection import clicked
from ui.sites_state import PAGE, box, key, put, setting
from ui.text import as_html, as_text, language, t

SEEN = 8
"""Points that have a row of their own; of more the file is the better list."""
FAULTS_SEEN = 5
Brought = dict[str, int]
"""What became of the points of a file: how many of them are added, there, outside, too_many."""


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
    if not _inside(lon, lat):
        st.session_state[key("nowhere")] = True
        return
    names = {point["name"] for point in points}
    numbers = range(1, len(points) + 2)
    name = next(name for number in numbers if (name := _named(number)) not in names)
    new = DrawnPoint(round(lon, 5), round(lat, 5), name)
    if len(points) < MOST_POINTS and new.code not in {DrawnPoint(**one).code for one in points}:
        put("points", [*points, _plain(new)])


def _inside(lon: float, lat: float) -> bool:
    commune = cache.places().at(lon, lat)
    return commune is not None and commune.code in cache.places().communes_within(state.area())


def say_outside() -> None:
    """Say over the map, and first of all, that a click added nothing."""
    if st.session_state.pop(key("nowhere"), False):
        st.toast(as_text(t("choose.nowhere")))


def _named(number: int) -> str:
    return t("choose.point_named", number=number)


def _plain(point: DrawnPoint) -> dict[str, Any]:
    return {"lon": point.lon, "lat": point.lat, "name": point.name}


def points_box() -> None:
    """How points are added, those that are, and what a file brings."""
    points: list[dict[str, Any]] = setting("points")
    st.html(f'<p class="calm">{as_html(t("choose.points_hint"))}</p>')
    _upload()
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
    """The box for a file, its own words in the language of the page, and what became of the file.

    Points are taken by the callback: it runs once a file, whatever is changed on the page later.
    """
    st.html(
        "<style>.st-key-upload button p::after { content: "
        f"{_quoted('choose.file_button')}; }} "
        '.st-key-upload [data-testid="stFileUploaderDropzoneInstructions"]::after { content: '
        f"{_quoted('choose.file_kinds')}; }}</style>"
    )
    with st.container(key="upload"):
        for style, line in _became(st.session_state.get(key("points-said"))):
            st.html(f'<p class="{style}">{as_html(line)}</p>')
        st.file_uploader(
            t("choose.points_file"), type=["csv", "geojson", "gpkg"], key=key("points-file"),
            on_change=_sent,
        )  # fmt: skip


def _quoted(name: str) -> str:
    """A text as a string of a style sheet."""
    return '"' + t(name).replace("\\", "").replace('"', "") + '"'


def _sent() -> None:
    sent = st.session_state.get(key("points-file"))
    said = None if sent is None else _take(sent.name, sent.getvalue())
    st.session_state[key("points-said")] = said


def _take(file: str, content: bytes) -> Brought | DeimapError:
    """Add the points of a file, or say why it is not taken."""
    try:
        brought = uploaded_points(file, content, cache.places())
    except DeimapError as error:
        return error
    held = [DrawnPoint(**point) for point in setting("points")]
    codes, names = {point.code for point in held}, {point.name for point in held}
    new = [point for point in brought if point.code not in codes and point.name not in names]
    inside = [_plain(point) for point in new if _inside(point.lon, point.lat)]
    room = inside[: MOST_POINTS - len(held)]
    put("points", [*setting("points"), *room])
    return {
        "added": len(room),
        "there": len(brought) - len(new),
        "outside": len(new) - len(inside),
        "too_many": len(inside) - len(room),
    }


def _became(said: Brought | DeimapError | None) -> list[tuple[str, str]]:
    """Style and words of each line above the box: under it they would lie out of sight."""
    if said is None:
        return []
    if isinstance(said, dict):
        lines = {
            name: t(f"choose.points_{name}", count=count, most=MOST_POINTS)
            for name, count in said.items()
            if count or name == "added"
        }
        return [("calm" if name == "added" else "stale", line) for name, line in lines.items()]
    if not isinstance(said, ImportRefused):
        return [("stale", error_text(said, language()))]
    lines = [fault_text(fault, language()) for fault in said.faults]
    shown = [t("choose.points_refused"), *lines[:FAULTS_SEEN]]
    if len(lines) > FAULTS_SEEN:
        shown.append(t("choose.faults_more", count=len(lines) - FAULTS_SEEN))
    return [("stale", line) for line in shown]


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
