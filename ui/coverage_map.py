"""The page Coverage on its map: travel time or hectares by commune, bases on top, what is tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.grid import OUTSIDE
from layers.bands import CHANGES, bands_of
from layers.catalogue import QUANTITY_COLOURS
from layers.drawing import (
    Drawing,
    Hatch,
    LegendGroup,
    LegendItem,
    PictureSurface,
    Sign,
    Surface,
    UnitSurface,
)
from layers.hatch import hatch_levels
from layers.legend import UNKNOWN_STEP, Scale, scale_between
from layers.render import cells_of, outlines, picture
from ui import cache
from ui.coverage_bases import base_signs, signs_with_changes
from ui.coverage_chosen import is_comparison
from ui.coverage_state import PAGE, key, surface, trying
from ui.mapview import map_texts
from ui.selection import commune_selected, parsed
from ui.signs import sign_legend
from ui.surfaces import zooms
from ui.text import language, t

BY_COMMUNE = ("unmet_ha", "supply_demand_ratio", "served_ha_difference", "unmet_ha_difference")
"""Surfaces with one value a commune; the others are rasters."""
UNKNOWN = {
    "travel_time": "coverage_page.unreachable",
    "travel_time_change": "coverage_page.unreachable_once",
}
"""What the hatch of a surface stands for, where it is not simply unknown."""
RATIOS = (0.25, 0.5, 1.0, 2.0)
"""Where the ratio of supply to demand is cut: 1 is just enough."""


@dataclass(frozen=True)
class CoverageShown:
    """A surface of a result, its scale and the steps that occur, its hatch and dashed rims."""

    surface: Surface
    scale: Scale
    used: tuple[int, ...]
    hatch: tuple[Hatch, ...]
    borderline: tuple[str, ...] = ()
    weak: bool = False


def shown(identity: str, surface: str) -> CoverageShown:
    """A surface of a kept result, drawn once."""
    name = ("coverage", identity, surface, cache.edition())
    made = _by_commune if surface in BY_COMMUNE else _by_cell
    return cache.kept(name, lambda: made(cache.result(identity), surface))


def _by_cell(result: Result, surface: str) -> CoverageShown:
    array = result.outcome.rasters[surface]
    scale = bands_of(surface)
    if scale is None:
        raise KeyError(surface)
    communes = cache.places().communes_of(result.provenance.areas)
    steps = scale.steps(array.to_numpy())
    there = cells_of(array, communes)
    grid = array.copy(data=np.where(there, steps, OUTSIDE).astype(np.int16))
    drawn = picture(steps, grid, scale.colours, cache.ready())
    unknown = outlines(steps == UNKNOWN_STEP, grid).clip(communes.geometry.union_all())
    return CoverageShown(
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        scale,
        _steps(steps, not unknown.empty),
        hatch_levels(unknown, zooms(communes)),
    )


def _steps(steps: np.ndarray, unknown: bool) -> tuple[int, ...]:
    used = tuple(int(step) for step in np.unique(steps) if step != UNKNOWN_STEP)
    return (*used, UNKNOWN_STEP) if unknown else used


def _by_commune(result: Result, surface: str) -> CoverageShown:
    """Communes by value; of those whose data are too weak nothing is coloured."""
    communes = cache.places().communes_of(result.provenance.areas)
    table = result.outcome.tables["communes"].reindex(communes.index)
    values = commune_values(result, surface).reindex(communes.index)
    weak = table["group"] == "too-weak"
    scale = scale_of_values(surface, values[~weak])
    steps = scale.steps(values.where(~weak))
    colours = {
        str(code): scale.colours[step]
        for code, step in zip(communes.index, steps, strict=True)
        if step != UNKNOWN_STEP
    }
    unknown = communes[steps == UNKNOWN_STEP]
    return CoverageShown(
        UnitSurface(colours, tuple(unknown.index)),
        scale,
        _steps(steps, bool((~weak & values.isna()).any())),
        hatch_levels(unknown.geometry, zooms(communes)),
        tuple(table.index[table["group"] == "borderline"]),
        bool(weak.any()),
    )


def commune_values(result: Result, surface: str) -> pd.Series:
    """What colours the communes."""
    table = "changes" if surface.endswith("_difference") else "communes"
    return result.outcome.tables[table][surface].astype(float)


def scale_of_values(surface: str, values: pd.Series) -> Scale:
    """Steps at round numbers; a difference diverges around nothing at all."""
    if surface == "supply_demand_ratio":
        return scale_between(RATIOS, QUANTITY_COLOURS[::-1], "")
    most = float(values.abs().max()) if values.notna().any() else 0.0
    if surface == "unmet_ha":
        step = round_step(most / 4)
        breaks = [1.0, *(step * count for count in (1, 2, 3))] if step > 1 else [1.0, 2.0, 3.0, 4.0]
        return scale_between(breaks, QUANTITY_COLOURS, "ha")
    step = round_step(most / 3)
    breaks = [-2 * step, -step, -0.5, 0.5, step, 2 * step]
    # more served, or less unmet, is better: green
    better = CHANGES[::-1] if surface == "served_ha_difference" else CHANGES
    return scale_between(breaks, better, "ha")


def round_step(about: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not smaller; at least 1.

    >>> [round_step(value) for value in (0.2, 3, 5, 61)]
    [1.0, 5.0, 5.0, 100.0]
    """
    size = 1.0
    while True:
        for factor in (1.0, 2.0, 5.0):
            if factor * size >= about:
                return factor * size
        size *= 10


def drawing_of(identity: str, codes: tuple[str, ...]) -> Drawing:
    """Everything on the map; while changes are tried out, bases with these changes."""
    if not identity:
        bases = signs_with_changes(codes) if trying() else ()
        return _drawing(points=bases, legend=bases_legend(bases))
    result = cache.result(identity)
    name = surface(is_comparison(identity))
    found = shown(identity, name)
    bases = signs_with_changes(codes) if trying() else base_signs(result)
    example = result.provenance.example
    return _drawing(
        surface=found.surface,
        hatch=found.hatch,
        borderline=found.borderline,
        points=bases,
        legend=(*bases_legend(bases), surface_legend(result, found, name)),
        chips=(t("frame.example"),) if example else (),
        # Real communes under made-up providers: said across the map, not only in a corner.
        stamp=t("map.stamp") if example else "",
    )


def bases_legend(signs: tuple[Sign, ...]) -> tuple[LegendGroup, ...]:
    """Signs of the machines that are drawn; bases that are only tried apart from them."""
    groups = list(sign_legend(signs, roads=True))
    drawn = {sign.sign for sign in signs}
    tried = [
        LegendItem(t(f"coverage_page.sign_{name}"), sign=sign)
        for sign, name in TRIED.items()
        if sign in drawn
    ]
    if tried:
        groups.append(LegendGroup("", tuple(tried)))
    return tuple(groups)


TRIED = {"base-new": "new", "base-moved": "moved", "base-closed": "closed"}
"""Sign of what is tried out -> its text."""


def surface_legend(result: Result, found: CoverageShown, name: str) -> LegendGroup:
    """Steps that occur; hatch says what it stands for."""
    rows = list(found.scale.items((step for step in found.used if step >= 0), language()))
    if UNKNOWN_STEP in found.used:
        rows.append(LegendItem(_capital(t(UNKNOWN.get(name, "terms.unknown"))), style="hatch"))
    if found.borderline:
        rows.append(LegendItem(_strength("borderline"), style="dashed"))
    if found.weak:
        rows.append(LegendItem(_strength("too-weak"), style="hatch"))
    return LegendGroup(t(f"coverage_page.surface_{name}"), tuple(rows), season_of(result))


def _strength(group: str) -> str:
    return t("map.strength", group=t(f"sites.group_{group}"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def season_of(result: Result) -> str:
    """Season and year of a result in words."""
    summary = result.outcome.summary
    season = t(f"frame.season_{summary['season']}")
    if summary["year"] is None:
        return t("coverage_page.any_year", season=season)
    return t("coverage_page.in_year", season=season, year=str(summary["year"]))


def _drawing(**what: object) -> Drawing:
    """What every drawing of the page has: roads, names, the selected commune, the clicked place."""
    chosen = parsed(st.session_state.get(key("selected")), st.session_state["area"].split(","))
    at = (chosen.lon, chosen.lat) if chosen and chosen.kind == "at" else None
    plain = {"roads": True, "names": ("commune",), "unit": commune_selected(PAGE), "place": at}
    return Drawing(
        language=language(),
        texts=map_texts(),
        opacity=1.0,
        **(plain | what),  # type: ignore[arg-type]
    )
