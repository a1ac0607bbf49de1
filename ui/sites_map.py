"""A result of the page Sites on the map: suitability under numbered pins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.grid import NO_DATA, OUTSIDE
from layers.drawing import Drawing, Hatch, LegendGroup, LegendItem, PictureSurface, Sign
from layers.hatch import hatch_levels
from layers.legend import UNKNOWN_STEP
from layers.render import cells_of, picture, unknown_outlines
from ui import cache
from ui.mapview import map_texts
from ui.sites_form import key
from ui.sites_result import communes_of
from ui.surfaces import zooms
from ui.text import language, named, t

CLASS_COLOURS = ("#0A5C4A", "#3C8F6D", "#8CC2A0", "#D6DCA6", "#FAF5E8", "#C4CAC7")
"""S1 to N2, and what is excluded, in the order of the class codes from 1."""


@dataclass(frozen=True)
class SuitabilityShown:
    """The surface of a result, the classes that occur, and the hatch of what is unknown."""

    surface: PictureSurface
    used: tuple[int, ...]
    hatch: tuple[Hatch, ...]
    weak: tuple[str, ...]
    borderline: tuple[str, ...]


@st.cache_resource(max_entries=6)
def suitability_shown(identity: str) -> SuitabilityShown:
    """The suitability of a kept result, drawn once."""
    result = cache.result(identity)
    array = result.outcome.rasters["suitability_class"]
    table = communes_of(result)
    weak = table.index[table["group"] == "too-weak"]
    communes = cache.places().communes_of(result.provenance.areas)
    cells = array.to_numpy()
    steps = np.where((cells == NO_DATA) | (cells == OUTSIDE), 0, cells).astype(np.int16) - 1
    # no colour where figures cannot be used, whatever the cells scored
    steps[cells_of(array, communes[communes.index.isin(weak)])] = UNKNOWN_STEP
    drawn = picture(steps, array, CLASS_COLOURS, cache.ready())
    unknown = unknown_outlines(steps, array)
    shapes = communes.geometry[communes.index.isin(weak)]
    rest = unknown.clip(communes.geometry[~communes.index.isin(weak)].union_all())
    return SuitabilityShown(
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        tuple(int(step) for step in np.unique(steps) if step >= 0),
        hatch_levels(pd.concat([shapes, rest[~rest.is_empty]]), zooms(communes)),
        tuple(weak),
        tuple(table.index[table["group"] == "borderline"]),
    )


def drawing_of(identity: str, selected: str) -> Drawing:
    """Everything on the map of a result."""
    result = cache.result(identity)
    shown = suitability_shown(identity)
    pins = site_pins(result)
    return Drawing(
        language=language(),
        texts=map_texts(),
        surface=shown.surface,
        opacity=st.session_state.get(key("opacity"), 85) / 100,
        hatch=shown.hatch,
        borderline=shown.borderline,
        names=("commune",),
        pins=pins,
        pin=selected,
        unit=selected,
        legend=(*pin_legend(pins), suitability_legend(result, shown)),
        chips=(t("frame.example"),) if result.provenance.example else (),
    )


def site_pins(result: Result) -> tuple[Sign, ...]:
    sites = result.outcome.features["sites"].to_crs("EPSG:4326")
    return tuple(
        Sign("area", str(row.code), row.geometry.x, row.geometry.y, "site-proposed",
             f"{int(row.rank)} · {named(row.name_en, row.name_km)}", number=str(int(row.rank)))
        for row in sites.sort_values("rank").itertuples(index=False)
    )  # fmt: skip


def pin_legend(pins: tuple[Sign, ...]) -> tuple[LegendGroup, ...]:
    if not pins:
        return ()
    rows = (
        LegendItem(t("map.proposed"), sign="site-proposed"),
        LegendItem(t("map.selected"), sign="site-selected"),
    )
    return (LegendGroup("", rows),)


def suitability_legend(result: Result, shown: SuitabilityShown) -> LegendGroup:
    """Classes that occur, and how borderline and weak communes are drawn."""
    rows = [
        LegendItem(t(f"map.class_{step + 1}"), colour=CLASS_COLOURS[step]) for step in shown.used
    ]
    if shown.borderline:
        rows.append(LegendItem(t("map.borderline"), style="dashed"))
    if shown.hatch:
        rows.append(LegendItem(t("map.weak"), style="hatch"))
    track = t(f"criteria.track_{result.provenance.parameters['track']}")
    return LegendGroup(t("map.suitability", track=track), tuple(rows))
