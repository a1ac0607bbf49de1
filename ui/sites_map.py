"""A result of the page Sites on the map: suitability under numbered pins."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Result
from gis.classes import CLASSES
from gis.membership import listed
from layers.colours import COLOURS
from layers.drawing import Drawing, Hatch, LegendGroup, LegendItem, PictureSurface, Sign
from layers.hatch import hatch_levels, zooms
from layers.legend import UNKNOWN_STEP, strength_words
from layers.render import cells_of, outlines, picture
from ui import cache
from ui.mapview import map_texts
from ui.sites_bases import drawing_of_bases, of_bases
from ui.sites_result import communes_of
from ui.sites_state import key
from ui.text import language, named, t

CLASS_COLOURS = tuple(
    COLOURS[f"criteria.class_{name.lower()}"] for name in CLASSES if name != "excluded"
)
"""S1 to N2, in the order of the class codes from 1."""
OPACITY = 85
"""Of the surface, in percent, until the planner sets another."""
EXCLUDED = CLASSES.index("excluded") + 1
"""Class code of strictly protected land: cross-hatched, no colour."""
CLEAR = -2
"""A step without colour that is not unknown either."""


@dataclass(frozen=True)
class SuitabilityShown:
    """The surface of a result, the classes that occur, and the hatch of what is unknown."""

    surface: PictureSurface
    used: tuple[int, ...]
    hatch: tuple[Hatch, ...]
    excluded: bool
    weak: tuple[str, ...]
    borderline: tuple[str, ...]


def suitability_shown(identity: str) -> SuitabilityShown:
    """The suitability of a kept result, drawn once."""
    key = ("suitability", identity, cache.edition())
    return cache.kept(key, lambda: _suitability(cache.result(identity)))


def _suitability(result: Result) -> SuitabilityShown:
    array = result.outcome.rasters["suitability_class"]
    return suitability_of(array, result.provenance.areas, communes_of(result)["group"])


def suitability_of(
    array: xr.DataArray, codes: tuple[str, ...], group: pd.Series
) -> SuitabilityShown:
    """Classes of suitability drawn; ``group`` is the strength of each commune's figures."""
    communes = cache.places().communes_of(codes)
    is_weak = communes.index.isin(group.index[group == "too-weak"])
    cells = array.to_numpy()
    classes = range(1, len(CLASS_COLOURS) + 1)
    steps = np.where(listed(cells, classes), cells - 1, UNKNOWN_STEP).astype(np.int16)
    steps[listed(cells, (EXCLUDED,))] = CLEAR
    # no colour where figures cannot be used, whatever the cells scored
    steps[cells_of(array, communes[is_weak])] = UNKNOWN_STEP
    drawn = picture(steps, array, CLASS_COLOURS, cache.ready())
    clear = np.where(steps < 0, steps, 0)
    made = hashlib.sha256(clear.tobytes()).hexdigest()
    # the same for all weights, but where they bring in or drop what is not known everywhere
    hatch, excluded = cache.kept(
        ("hatch", codes, made, cache.edition()), lambda: _hatch(clear, array, communes, is_weak)
    )
    return SuitabilityShown(
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        tuple(int(step) for step in np.unique(steps) if step >= 0),
        hatch,
        excluded=excluded,
        weak=tuple(communes.index[is_weak]),
        borderline=tuple(group.index[group == "borderline"]),
    )


def _hatch(
    steps: NDArray[np.int16],
    array: xr.DataArray,
    communes: gpd.GeoDataFrame,
    is_weak: NDArray[np.bool_],
) -> tuple[tuple[Hatch, ...], bool]:
    """Hatch of what is unknown, too weak or excluded; and whether anything is excluded."""
    usable = communes.geometry[~is_weak].union_all()
    unknown = outlines(steps == UNKNOWN_STEP, array).clip(usable)
    strict = outlines(steps == CLEAR, array).clip(usable)
    hatched = pd.concat([communes.geometry[is_weak], unknown])
    return hatch_levels(hatched, zooms(communes), strict), not strict.empty


def drawing_of(identity: str, selected: str) -> Drawing:
    """Everything on the map of a result."""
    result = cache.result(identity)
    pins = site_pins(result)
    if of_bases(result):
        return drawing_of_bases(identity, selected, pins, opacity() / 100)
    shown = suitability_shown(identity)
    return Drawing(
        language=language(),
        texts=map_texts(),
        surface=shown.surface,
        opacity=opacity() / 100,
        hatch=shown.hatch,
        borderline=shown.borderline,
        names=("commune",),
        pins=pins,
        pin=selected,
        unit=selected,
        legend=(
            *pin_legend(pins),
            suitability_legend(result.provenance.parameters["track"], shown),
        ),
        chips=(t("frame.example"),) if result.provenance.example else (),
        # Real communes ranked on made-up records: said across the map, not only in a corner.
        stamp=t("map.stamp") if result.provenance.example else "",
    )


def opacity() -> int:
    """How opaque the surface is, in percent."""
    return int(st.session_state.get(key("opacity"), OPACITY))


def opacity_slider() -> None:
    """The same slider as on the page Explore."""
    st.slider(
        t("explore.opacity"),
        10,
        100,
        OPACITY,
        step=5,
        key=key("opacity"),
        persist_state="session",
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


def suitability_legend(system: str, shown: SuitabilityShown, note: str = "") -> LegendGroup:
    """Classes that occur, and how borderline and weak communes are drawn."""
    titles = [t(f"criteria.class_{name.lower()}") for name in CLASSES]
    rows = [LegendItem(titles[step], colour=CLASS_COLOURS[step]) for step in shown.used]
    if shown.excluded:
        rows.append(LegendItem(titles[EXCLUDED - 1], style="cross"))
    if shown.borderline:
        rows.append(LegendItem(strength_words("borderline", language()), style="dashed"))
    if shown.weak:
        rows.append(LegendItem(strength_words("too-weak", language()), style="hatch"))
    track = t(f"criteria.track_{system}")
    return LegendGroup(t("map.suitability", track=track), tuple(rows), note)
