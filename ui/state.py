"""What the session remembers, and its share in the URL: area, lang, tab, layer, selected, result.

The URL holds ids of areas, layers and results only: links are passed on and histories are kept, so
no reference of a record and no exact point stands there. It wins when it differs from what was last
written (a shared link, the Back button); otherwise the session wins and the URL follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from gis.errors import DeimapError
from layers.boundaries import Gazetteer
from layers.workspace import Workspace

FOCUS = ("0207", "0208", "0201", "13")
"""The four focus areas, the first view of everybody who is not signed in."""

_URL = "_url"
_PAGE = "_page"
_SHARED: Mapping[str, str] = {"area": ",".join(FOCUS), "lang": "en"}
_PER_PAGE = ("tab", "layer", "selected", "result")


def workspace() -> Workspace:
    """The workspace of this process."""
    return Workspace.default()


def area() -> tuple[str, ...]:
    """Codes of the chosen area or areas."""
    return tuple(str(st.session_state.get("area", _SHARED["area"])).split(","))


def shared() -> dict[str, str]:
    """What goes along from page to page: area and language."""
    return {name: str(st.session_state.get(name, default)) for name, default in _SHARED.items()}


def page_key(page: str, name: str) -> str:
    """Session key of something that each page remembers on its own."""
    return f"{page}-{name}"


def read_url(page: str, places: Gazetteer) -> None:
    """Take over what the URL says, when somebody changed it."""
    given = {name: st.query_params[name] for name in st.query_params}
    stayed = st.session_state.get(_PAGE) == page
    if stayed and given == st.session_state.get(_URL):
        return
    st.session_state[_PAGE] = page
    if "area" in given:
        st.session_state["area"] = known_areas(given["area"], places)
    if given.get("lang") in ("en", "km"):
        st.session_state["lang"] = given["lang"]
    for name in _PER_PAGE:
        # coming from another page, what this one remembers stays; Back on one page clears it
        if name in given or stayed:
            value = given.get(name, "")
            st.session_state[page_key(page, name)] = public(value) if name == "selected" else value
    for name, default in _SHARED.items():
        st.session_state.setdefault(name, default)


def known_areas(words: str, places: Gazetteer) -> str:
    """The codes of a URL that are areas, joined; the four areas when none is."""
    found = []
    for word in words.split(",")[:20]:
        try:
            found.append(places.find(word).code)
        except DeimapError:
            continue
    return ",".join(dict.fromkeys(found)) or _SHARED["area"]


def write_url(page: str) -> None:
    """Let the URL say what is shown, so that it can be shared."""
    wanted = shared()
    for name in _PER_PAGE:
        value = st.session_state.get(page_key(page, name))
        said = public(str(value or "")) if name == "selected" else str(value or "")
        if said:
            wanted[name] = said
    if wanted != {name: st.query_params[name] for name in st.query_params}:
        st.query_params.from_dict(wanted)
    st.session_state[_URL] = wanted


def public(selected: str) -> str:
    """What the URL may say of a selection: areas and villages, a point to about 100 m."""
    kind, _, identity = selected.partition(":")
    if kind == "at":
        try:
            lon, lat = (float(part) for part in identity.split(","))
        except ValueError:
            return ""
        return f"at:{round(lon, 3)},{round(lat, 3)}"
    return selected if kind in ("area", "village") else ""


def remember(name: str, value: object) -> Callable[[], None]:
    """A callback that sets one thing."""

    def keep() -> None:
        st.session_state[name] = value

    return keep


def take_over(widget: str, name: str) -> None:
    """A callback that sets one thing to what a widget says."""
    st.session_state[name] = st.session_state[widget]


def data_version(space: Workspace) -> str:
    """Changes whenever a record, an own layer or a boundary changes."""
    files = [space.root / "registry.sqlite", space.root / "registry.sqlite-wal", space.layers]
    files += sorted(space.layers.glob("*"))
    stamps = "-".join(str(stamp) for stamp in map(_stamp, files) if stamp)
    return f"{space.database_url} {stamps}"


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1_000_000 % 10**10
    except OSError:
        return 0
