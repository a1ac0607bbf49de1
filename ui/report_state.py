"""What is chosen on the page Report, and the order that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from gis.errors import DeimapError
from layers.boundaries import Gazetteer
from layers.kept import Kept, kept_results
from locales import LANGUAGES, Language
from reports.document.compose import ORDER
from reports.order import ATLAS, DATA, DPI, MAP, WEB, Order, endings, whats
from reports.package import BESIDE
from ui import cache, state
from ui.text import language

PAGE = "report"
FIRST, WITHOUT = "brief", MAP
"""What the page opens on: with a result, and before there is one."""
BOTH, AUTO, NONE = "both", "auto", "none"
DEFAULTS: Mapping[str, object] = {
    "language": "",
    "paper": "A4",
    "turned": AUTO,
    "dpi": DPI,
    "layer": "",
    "also": (),
}
"""Settings that hold for whatever is ordered; no language is that of the page."""


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def settle(codes: tuple[str, ...]) -> None:
    """Give every setting a value; what the URL says of another page's words is passed over."""
    for name, value in DEFAULTS.items():
        st.session_state.setdefault(key(name), value)
    if st.session_state.get(key("tab")) not in whats():
        st.session_state[key("tab")] = FIRST if offered(codes) else WITHOUT


def what() -> str:
    """What is ordered."""
    return str(st.session_state[key("tab")])


def is_map(name: str) -> bool:
    """Whether pages of maps are ordered: they have a paper, and may do without a result."""
    return name in (MAP, ATLAS)


def is_document(name: str) -> bool:
    """Whether several results go into one document."""
    return not is_map(name) and name != DATA


def offered(codes: tuple[str, ...]) -> Mapping[str, Sequence[Kept]]:
    """Analysis -> kept results that cover the area: those of just this area first, then newest."""
    runs = cache.ready().runs
    stamp = runs.stat().st_mtime_ns if runs.is_dir() else 0
    return cache.kept(("offered", codes, stamp, cache.edition()), lambda: _offered(codes))


def _offered(codes: tuple[str, ...]) -> Mapping[str, Sequence[Kept]]:
    places = cache.places()
    wanted = _communes(places, codes)
    found: dict[str, list[Kept]] = {name: [] for name in ORDER}
    for one in kept_results(cache.ready()):
        if one.analysis in found and wanted <= _communes(places, one.areas):
            found[one.analysis].append(one)
    for results in found.values():
        results.sort(key=lambda one: one.areas != codes)
    return {name: results for name, results in found.items() if results}


def _communes(places: Gazetteer, areas: tuple[str, ...]) -> set[str]:
    """Nothing of areas that are in no list any more: their boundaries were exchanged."""
    try:
        return set(places.communes_within(areas))
    except DeimapError:
        return set()


def chosen(codes: tuple[str, ...]) -> list[Kept]:
    """Results that the order takes: those that were chosen and are there, else the first ones."""
    named = str(st.session_state.get(key("result")) or "").split(",")
    every = offered(codes)
    found = [one for results in every.values() for one in results if one.identity in named]
    if not found and NONE not in named:
        found = [results[0] for results in every.values()]
    if NONE in named and is_map(what()):
        return []
    return found if is_document(what()) else found[:1]


def choose(identities: Sequence[str]) -> None:
    """Take these results from now on; none is a choice too."""
    st.session_state[key("result")] = ",".join(identities) or NONE


def spoken() -> Language:
    """Language of the order; of two scripts that of titles and legend."""
    said = _language()
    return "km" if said == BOTH else said  # type: ignore[return-value]


def _language() -> str:
    said = str(st.session_state[key("language")]) or language()
    return language() if said == BOTH and not is_map(what()) else said


def languages() -> tuple[str, ...]:
    """Languages that what is ordered may have."""
    return (*LANGUAGES, BOTH) if is_map(what()) else LANGUAGES


def chosen_language() -> str:
    """One of :func:`languages`."""
    return _language()


def formats() -> tuple[str, ...]:
    """Endings of what is ordered; a file that needs another beside it comes in the package.

    The map in one file is among the data: it is made of a result, never of layers alone.
    """
    elsewhere = {DATA: tuple(BESIDE), MAP: (WEB,)}.get(what(), ())
    return tuple(one for one in endings(what()) if one not in elsewhere)


def ending() -> str:
    """The chosen format, or the usual one."""
    wanted = st.session_state.get(key(f"ending-{what()}"))
    return str(wanted) if wanted in formats() else formats()[0]


def variable(results: Sequence[Kept]) -> str | None:
    """What of a result colours the land; None is what its page shows first."""
    if not results:
        return None
    return st.session_state.get(key(f"variable-{results[0].identity}")) or None


def order(codes: tuple[str, ...]) -> Order:
    """The order as it is set now."""
    results = chosen(codes)
    maps = is_map(what())
    layer = str(st.session_state[key("layer")])
    turned = str(st.session_state[key("turned")])
    return Order(
        what(),
        results[0].areas if what() == DATA and results else codes,
        ending(),
        spoken(),
        scripts=("km", "en") if _language() == BOTH else (),
        results=tuple(one.folder for one in results),
        layers=_layers(layer, bool(results)) if maps else (),
        variable=variable(results) if maps else None,
        paper=st.session_state[key("paper")] if maps else "A4",
        orientation=None if turned == AUTO or not maps else turned,  # type: ignore[arg-type]
        dpi=int(st.session_state[key("dpi")]),
    )


def _layers(layer: str, surface: bool) -> tuple[str, ...]:
    """Records to show, and the layer that colours the land where no result does."""
    also = tuple(map(str, st.session_state[key("also")]))
    return (layer, *also) if layer and not surface else also


def lacking(codes: tuple[str, ...]) -> bool:
    """Whether what is ordered needs a result and the area has none."""
    return not is_map(what()) and not chosen(codes)
