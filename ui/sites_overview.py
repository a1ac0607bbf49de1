"""The overview of Sites: suitability and hectares by class for the weights as they stand now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from gis.analysis import Note
from gis.classes import CLASSES
from gis.errors import DeimapError, NothingToScore
from gis.grid import raster
from gis.overview import Overview
from gis.suitability_parameters import AxisWeights, Cutoffs
from layers.drawing import Drawing, LegendGroup
from layers.run import ground_of_overview
from locales import error_text, text
from ui import cache, state
from ui.mapview import map_texts
from ui.results import folded
from ui.running import shown_progress
from ui.selection import commune_selected
from ui.sites_map import (
    CLASS_COLOURS,
    SuitabilityShown,
    opacity,
    suitability_legend,
    suitability_of,
)
from ui.sites_points import point_legend, point_signs
from ui.sites_state import GROUND, PAGE, SURFACE, fault, for_bases, key, setting, wanted
from ui.text import as_html, language, shown, t

NO_POINTS = "choose.no_points"
"""A fault that colours nothing: where points are to be set, the map must help."""


@dataclass(frozen=True)
class Overviewed:
    """What an overview shows for one set of weights."""

    suitability: SuitabilityShown
    hectares: Mapping[str, float]
    notes: tuple[Note, ...]
    cell_m: float
    example: bool


def name_of(codes: tuple[str, ...]) -> tuple[object, ...]:
    """Names what has to be read for an overview."""
    return ("overview", codes, *(setting(name) for name in GROUND), cache.edition())


def due(codes: tuple[str, ...]) -> bool:
    """Whether something must be read first, and nobody gave that up."""
    if for_bases():
        return False  # they go where demand is unmet, whatever the weights
    return name_of(codes) not in (st.session_state.get(key(name)) for name in ("read", "given-up"))


def read(codes: tuple[str, ...]) -> None:
    """Read and score the criteria of an area, where a click can stop it."""
    name = name_of(codes)
    give_up = state.remember(key("given-up"), name)
    progress = shown_progress("stop-overview", give_up)
    try:
        if not cache.is_held(name):
            # bars and buttons are nothing to be kept: the work is done before
            ground = ground_of_overview(
                codes, _ground(), workspace=cache.ready(), progress=progress
            )
            cache.held(name, lambda: ground)
    except DeimapError as error:
        st.session_state[key("unread")] = error
        give_up()
        return
    st.session_state.pop(key("unread"), None)
    st.session_state[key("read")] = name


def still_holds(before: tuple[object, ...]) -> None:
    """Let what was read hold on after weights were kept: they are no data, but change the file."""
    if st.session_state.get(key("read")) != before or not cache.is_held(before):
        return
    ground: Overview = cache.held(before, _never)
    name = name_of(state.area())
    cache.held(name, lambda: ground)
    st.session_state[key("read")] = name


def _never() -> Overview:
    raise LookupError


def _ground() -> dict[str, object]:
    return {name: setting(name) for name in GROUND}


def overviewed(codes: tuple[str, ...]) -> Overviewed | DeimapError | None:
    """The overview for the present weights; why there is none; None before anything is read."""
    unclear = fault() not in ("", NO_POINTS)
    if for_bases() or unclear or st.session_state.get(key("read")) != name_of(codes):
        return None
    stamp = json.dumps([wanted()[name] for name in SURFACE], sort_keys=True)
    name = (*name_of(codes), stamp)
    last = st.session_state.get(key("overview"))
    if last is None or last[0] != name:
        last = (name, _overviewed(codes))
        st.session_state[key("overview")] = last
    found: Overviewed | DeimapError = last[1]
    return found


def _overviewed(codes: tuple[str, ...]) -> Overviewed | DeimapError:
    ground: Overview = cache.held(
        name_of(codes), lambda: ground_of_overview(codes, _ground(), workspace=cache.ready())
    )
    try:
        found = ground.at(
            AxisWeights(**setting("weights")),
            setting("criterion_weights"),
            Cutoffs(**setting("cutoffs")),
        )
    except NothingToScore as error:
        return error
    array = raster(
        found.classes, found.grid, "suitability_class", "", classes=dict(enumerate(CLASSES, 1))
    )
    return Overviewed(
        suitability_of(array, codes, ground.groups),
        found.ranked_hectares,
        found.notes,
        abs(float(found.grid.resolution.x)),
        ground.example,
    )


def overview_line(codes: tuple[str, ...]) -> None:
    """Hectares by class under the sliders, or why they are not known."""
    found = overviewed(codes)
    if isinstance(found, Overviewed):
        st.html(class_strip(found.hectares))
        if found.notes:
            lines = [text(note.key, language(), **dict(note.values)) for note in found.notes]
            st.html(folded(t("choose.remarks", count=len(lines)), lines))
        return
    error = found or st.session_state.get(key("unread"))
    if isinstance(error, DeimapError):
        why = error_text(error, language())
        st.html(f'<p class="calm">{as_html(t("choose.no_overview", why=why))}</p>')
    elif due(codes):
        st.html(f'<p class="calm">{as_html(t("choose.overview_reading"))}</p>')
    elif not fault():
        st.button(
            t("choose.overview_show"),
            key=key("overview-again"),
            on_click=state.remember(key("given-up"), None),
        )


def class_strip(hectares: Mapping[str, float]) -> str:
    """Hectares of the classes as one bar and a number under each, as HTML."""
    colours = dict(zip(CLASSES, CLASS_COLOURS, strict=False))
    whole = sum(hectares.values()) or 1.0
    parts = "".join(
        f'<span style="width:{100 * hectares[name] / whole:.2f}%;background:{colour}"></span>'
        for name, colour in colours.items()
    )
    cells = "".join(
        f'<span><i class="swatch" style="background:{colour}"></i>{name}'
        f"<b>{as_html(shown(hectares[name], digits=0))}</b></span>"
        for name, colour in colours.items()
    )
    rest = [
        t(f"choose.hectares_{name}", hectares=shown(hectares[name], digits=0))
        for name in ("excluded", "no_data")
        if round(hectares[name]) > 0
    ]
    said = f'<p class="calm">{as_html(" · ".join(rest))}</p>' if rest else ""
    return (
        f'<p class="label">{as_html(t("choose.overview"))} '
        f'<span class="working">{as_html(t("choose.working"))}</span></p>'
        f'<div class="strip">{parts}</div><div class="classes">{cells}</div>{said}'
    )


def overview_drawing(codes: tuple[str, ...]) -> Drawing:
    """The overview on the map, or the bare area before it is read; no pins: sites are old."""
    found = overviewed(codes)
    points = point_signs()
    if not isinstance(found, Overviewed):
        return Drawing(
            language=language(),
            texts=map_texts(),
            roads=True,
            names=("commune",),
            points=points,
            legend=point_legend(points),
        )
    chosen = commune_selected(PAGE)
    note = t("choose.overview_cells", metres=shown(found.cell_m, "m", digits=0))
    legend: LegendGroup = suitability_legend(setting("track"), found.suitability, note)
    example = (t("frame.example"),) if found.example else ()
    return Drawing(
        language=language(),
        texts=map_texts(),
        surface=found.suitability.surface,
        opacity=opacity() / 100,
        hatch=found.suitability.hatch,
        borderline=found.suitability.borderline,
        names=("commune",),
        points=points,
        unit=chosen,
        legend=(*point_legend(points), legend),
        chips=(t("choose.overview_chip"), *example),
        stamp=t("map.stamp") if example else "",
    )
