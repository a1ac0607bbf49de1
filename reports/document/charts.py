"""Charts of a result: bars of communes, in the colours of its map."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from layers.bands import capital
from layers.colours import COLOURS
from locales import Language, text, with_unit
from reports.document.content import Chart, Part
from reports.document.shown import title_of
from reports.document.sums import frame_of, places_of
from reports.document.told import Told

_UNKNOWN = ("no_data", "terms.no_data", "#D5DAD3")
_SUITABILITY = (
    *((name, f"criteria.class_{name.lower()}", "") for name in ("S1", "S2", "S3", "N1", "N2")),
    ("excluded", "criteria.class_excluded", ""),
    _UNKNOWN,
)
_BLUE, _AMBER = "#1F3A5F", "#E5873C"
SERVED = ("coverage", "bases")
"""Results that tell of hectares asked for, not of land."""
PARTS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "suitability": _SUITABILITY,
    "sites": _SUITABILITY,
    "land-degradation": (
        ("degraded_ha", "degradation.class_degraded", ""),
        ("stable_ha", "degradation.class_stable", ""),
        ("improved_ha", "degradation.class_improved", ""),
        ("no_data_ha", "terms.no_data", "#D5DAD3"),
    ),
    **dict.fromkeys(
        SERVED,
        (("served_ha", "workbook.served", _BLUE), ("unmet_ha", "workbook.unmet", _AMBER)),
    ),
}
"""What a result tells of -> column, text key and, where the map has none, colour of each part."""
MOST = 30
"""Bars that a chart holds: of more communes it tells the districts."""


def chart_of(
    told: Told, communes: tuple[str, ...], districts: tuple[str, ...], language: Language
) -> Chart | None:
    """Hectares of communes, or of districts, by class; None where nothing is known of them."""
    level, places = places_of(told, communes, districts, MOST)
    if not places or told.kind not in PARTS:
        return None
    rows = frame_of(places)
    parts = [part for part in PARTS[told.kind] if part[0] in told.asked(map(str, rows.columns))]
    if "group" in rows.columns and told.kind not in SERVED:
        # too weak to be told
        rows = rows[rows["group"] != "too-weak"]
    rows = rows.dropna(subset=[name for name, _, _ in parts])
    rows = rows[rows[[name for name, _, _ in parts]].sum(axis=1) > 0]
    if rows.empty or len(rows) > MOST or not parts:
        return None
    shown = tuple(
        Part(capital(text(key, language)), colour or COLOURS[key], tuple(rows[name].astype(float)))
        for name, key, colour in parts
        if float(rows[name].sum()) > 0
    )
    names = tuple(title_of(place, language) for place in places if place.code in rows.index)
    caption = text(_caption(told), language, places=text(f"document.of_{level}", language))
    return Chart(
        caption, names, shown, _alt(caption, rows, shown, language), text("map.hectares", language)
    )


def _caption(told: Told) -> str:
    """What the bars are; of a crop area nothing is unmet."""
    asked = told.asked(name for name, _, _ in PARTS[told.kind])
    if len(asked) < len(PARTS[told.kind]):
        return "document.chart_crop_area"
    return f"document.chart_{told.kind.replace('-', '_')}"


def _alt(caption: str, rows: pd.DataFrame, parts: tuple[Part, ...], language: Language) -> str:
    whole = sum(sum(part.hectares) for part in parts)
    shares = (
        f"{part.words} {with_unit(100 * sum(part.hectares) / whole, '%', language, 0)}"
        for part in parts
    )
    return f"{caption}: {', '.join(shares)}"
