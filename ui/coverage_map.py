"""The page Coverage on its map: travel time or hectares by commune, bases on top, what is tried."""

from __future__ import annotations

import streamlit as st

from gis.analysis import Result
from layers.bands import UNKNOWN, capital
from layers.drawing import Drawing, LegendGroup, LegendItem, Sign
from layers.legend import UNKNOWN_STEP, strength_words
from ui import cache
from ui.coverage_bases import base_signs, signs_with_changes
from ui.coverage_chosen import is_comparison
from ui.coverage_state import PAGE, key, surface, trying
from ui.coverage_surfaces import CoverageShown, shown
from ui.mapview import map_texts
from ui.selection import commune_selected, parsed
from ui.signs import sign_legend
from ui.text import language, t


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
    if UNKNOWN_STEP in found.used and name in UNKNOWN:
        rows.append(LegendItem(capital(t(UNKNOWN[name])), style="cross"))
    if found.borderline:
        rows.append(LegendItem(strength_words("borderline", language()), style="dashed"))
    hatched = [capital(t("terms.unknown"))] * (UNKNOWN_STEP in found.used and name not in UNKNOWN)
    hatched += [strength_words("too-weak", language())] * found.weak
    if hatched:
        rows.append(LegendItem(" · ".join(hatched), style="hatch"))
    return LegendGroup(t(f"coverage_page.surface_{name}"), tuple(rows), season_of(result))


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
    unit = commune_selected(PAGE)
    # where no commune is known the panel says so, and no pin claims otherwise
    at = (chosen.lon, chosen.lat) if chosen and chosen.kind == "at" and unit else None
    plain = {"roads": True, "names": ("commune",), "unit": unit, "place": at}
    return Drawing(
        language=language(),
        texts=map_texts(),
        opacity=1.0,
        **(plain | what),  # type: ignore[arg-type]
    )
