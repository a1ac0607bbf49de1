"""The panel of the page Report: what, from which results, how; the button that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from gis.analysis import Result
from layers.kept import Kept
from locales import day, texts
from reports.figure.compose import RECORDS
from reports.figure.naming import title_of_raster, when
from reports.figure.surfaces import rasters_of
from reports.order import DATA, LEAST_DPI, MOST_DPI, ORIENTATIONS, PAPERS, whats
from ui import cache, state
from ui.report_state import (
    AUTO,
    BOTH,
    choose,
    chosen,
    chosen_language,
    ending,
    formats,
    is_document,
    is_map,
    key,
    languages,
    offered,
    variable,
    what,
)
from ui.text import as_html, language, own_name, t

LAND = "land-degradation"
_SHORT = {
    "sites": "frame.page_sites",
    "suitability": "sites.suitability",
    "coverage": "frame.page_coverage",
    LAND: "frame.page_land",
}
"""Analysis -> text key of its name on a small button."""


def choices(codes: tuple[str, ...]) -> None:
    """Everything that an order states, the most important first."""
    _pick("tab", t("report_page.what"), {name: t(f"report_page.what_{name}") for name in whats()})
    if offered(codes):
        _results(codes)
    if is_map(what()):
        _shown(codes)
    _language()
    with st.container(horizontal=True, key="paper-file", gap="small"):
        if is_map(what()):
            _pick("paper", t("report_page.paper"), {name: _paper(name) for name in PAPERS})
        _file()
    _expert(codes)


def _box(name: str) -> str:
    """One box a language: a box that stays keeps the word that it was chosen by."""
    return key(f"box-{name}-{language()}")


def _pick(name: str, label: str, titles: Mapping[str, str]) -> None:
    """One of several, as a list that opens."""
    box = _box(name)
    st.session_state[box] = st.session_state[key(name)]
    st.selectbox(
        label, list(titles), key=box, format_func=titles.__getitem__,
        on_change=state.take_over, args=(box, key(name)),
    )  # fmt: skip


def _results(codes: tuple[str, ...]) -> None:
    """The analyses whose results go in; the newest of this area unless another is chosen."""
    every, taken = offered(codes), {one.analysis: one for one in chosen(codes)}
    box = _box(f"results-{what()}")
    several = is_document(what())
    st.session_state[box] = list(taken) if several else next(iter(taken), None)

    def take() -> None:
        said = st.session_state[box]
        names = said if several else [said] if said else []
        choose([(taken.get(name) or every[name][0]).identity for name in every if name in names])

    st.pills(
        t("report_page.results" if several else "report_page.result"),
        list(every), key=box, format_func=lambda name: t(_SHORT[name]),
        selection_mode="multi" if several else "single", required=what() == DATA,
        on_change=take,
    )  # fmt: skip
    if taken:
        lines = "<br>".join(as_html(made_line(one, codes)) for one in taken.values())
        st.html(f'<p class="calm made">{lines}</p>')


def made_line(one: Kept, codes: tuple[str, ...]) -> str:
    """What tells a result from others of its analysis: system, date, how far it reaches."""
    parts = [t(_SHORT[one.analysis])]
    if one.parameters.get("goal") == "bases":
        parts = [t("report_page.of_bases")]
    if f"criteria.track_{one.parameters.get('track')}" in texts():
        parts.append(t(f"criteria.track_{one.parameters['track']}"))
    parts.append(_when(one.created))
    parts.append(t("report_page.same_areas" if one.areas == codes else "report_page.wider"))
    return " · ".join(part for part in parts if part)


def _when(created: str) -> str:
    try:
        return day(datetime.fromisoformat(created).date(), language())
    except ValueError:
        return created[:10]


def _shown(codes: tuple[str, ...]) -> None:
    """What colours the land, and the records on it."""
    results = chosen(codes)
    if results:
        _variable(results)
    else:
        layers = {layer.id: layer.title[language()] for layer in cache.readable_layers()}
        if st.session_state[key("layer")] not in layers:
            st.session_state[key("layer")] = ""
        titles = {"": t("report_page.no_colour")} | layers
        _pick("layer", t("report_page.colour"), titles)
    box = _box("also")
    st.session_state[box] = list(st.session_state[key("also")])

    def take() -> None:
        st.session_state[key("also")] = tuple(st.session_state[box])

    st.pills(
        t("report_page.also"), list(RECORDS), key=box, selection_mode="multi", on_change=take,
        format_func=lambda name: t(f"map.{name}"),
    )  # fmt: skip


def _variable(results: Sequence[Kept]) -> None:
    name = f"variable-{results[0].identity}"
    st.session_state[key(name)] = variable(results) or ""
    _pick(name, t("report_page.colour"), {"": t("report_page.first_colour")} | variables(results))


def variables(results: Sequence[Kept]) -> Mapping[str, str]:
    """What of a result can colour the land: its rasters, and what its page shows by commune."""
    result = cache.result(results[0].identity)
    titles = {name: title_of_raster(result, name, language()) for name in rasters_of(result)}
    rasters = {
        name: ", ".join(part for part in (title, _period(result, name)) if part)
        for name, title in titles.items()
    }
    table = result.outcome.tables.get("communes")
    columns = () if table is None else table.select_dtypes("number").columns
    named = {name: f"coverage_page.surface_{name}" for name in map(str, columns)}
    return rasters | {name: t(words) for name, words in named.items() if words in texts()}


def _period(result: Result, name: str) -> str:
    """Of land, whose variables repeat by period."""
    return when(result, name, language()) if result.provenance.analysis == LAND else ""


def _language() -> None:
    titles = {
        name: t("report_page.both") if name == BOTH else own_name(name) for name in languages()
    }
    box = _box(f"language-{len(titles)}")
    st.session_state[box] = chosen_language()
    st.segmented_control(
        t("report_page.language"), list(titles), key=box, format_func=titles.__getitem__,
        required=True, on_change=state.take_over, args=(box, key("language")), width="stretch",
    )  # fmt: skip


def _paper(name: str) -> str:
    return t("report_page.paper_slide") if name == "slide" else name


def _file() -> None:
    name = f"ending-{what()}"
    st.session_state[key(name)] = ending()
    _pick(name, t("report_page.file"), {one: file_title(what(), one) for one in formats()})


def file_title(name: str, one: str) -> str:
    """What a format is good for."""
    words = one[1:].replace(".", "_")
    own = f"report_page.data_{words}"
    return t(own if name == DATA and own in texts() else f"report_page.file_{words}")


def _expert(codes: tuple[str, ...]) -> None:
    """Which way round the page lies, how fine it is, and older results."""
    several = {one.analysis: offered(codes)[one.analysis] for one in chosen(codes)}
    others = {name: found for name, found in several.items() if len(found) > 1}
    if not (is_map(what()) or others):
        return
    with st.expander(t("frame.expert"), key=key("expert")):
        if is_map(what()):
            turns = {name: t(f"report_page.turned_{name}") for name in (AUTO, *ORIENTATIONS)}
            _pick("turned", t("report_page.turned"), turns)
            fine = (LEAST_DPI, 200, 250, MOST_DPI)
            _pick("dpi", t("report_page.dots"), {dpi: str(dpi) for dpi in fine})  # type: ignore[arg-type]
        for name, found in others.items():
            _which(name, found, codes)


def _which(name: str, found: Sequence[Kept], codes: tuple[str, ...]) -> None:
    """Another result of one analysis than the first."""
    titles = {one.identity: made_line(one, codes) for one in found}
    taken = {one.analysis: one.identity for one in chosen(codes)}
    box = _box(f"which-{name}")
    st.session_state[box] = taken[name]

    def take() -> None:
        choose(list((taken | {name: st.session_state[box]}).values()))

    st.selectbox(
        t("report_page.which", title=t(_SHORT[name])), list(titles), key=box,
        format_func=titles.__getitem__, on_change=take,
    )  # fmt: skip


def action(make: Callable[[], None], ready: bool) -> None:
    """What never leaves, and the button that makes what is ordered."""
    with st.container(key="action"):
        st.html(f'<p class="calm">{as_html(t("report_page.anonymous"))}</p>')
        st.button(
            t("report_page.make"), type="primary", width="stretch", key=key("make"),
            disabled=not ready, on_click=make,
        )  # fmt: skip
