"""The answer to a click: what is there, and what every layer says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from gis.errors import DeimapError
from layers.catalogue import Layer
from layers.legend import value_text
from layers.sources import value_at
from locales import error_text
from ui import cache
from ui.selection import RECORD_KINDS, Selection
from ui.signs import shown_day
from ui.text import as_html, example_chip, language, named, shown, t


@dataclass(frozen=True)
class Reading:
    """What one layer says at a place; ``reason`` says why it says nothing."""

    layer: Layer
    value: str
    known: bool
    reason: str = ""


def place_panel(
    selected: Selection | None, codes: tuple[str, ...], season: str | None = None
) -> None:
    """Names, facts and readings of the selected place, in the season that the map shows."""
    if selected is None:
        st.html(f'<p class="calm">{as_html(t("explore.place_empty"))}</p>')
        return
    _heading(selected, codes)
    _facts(record_facts(selected, codes, season))
    if cache.places().at(selected.lon, selected.lat) is None:
        st.html(f'<p class="calm">{as_html(t("explore.place_outside"))}</p>')
        return
    st.html(readings_table(readings(selected.lon, selected.lat)))


def _heading(selected: Selection, codes: tuple[str, ...]) -> None:
    places = cache.places()
    commune = places.at(selected.lon, selected.lat)
    area = places.area(selected.id) if selected.kind in ("area", "village") else commune
    if selected.kind in RECORD_KINDS:
        kind = "plot" if selected.kind == "adopter" else selected.kind
        title, below = f"{t(f'explore.{kind}')} {selected.id}", _within(commune)
    elif area is None:
        title, below = t("explore.at", lat=f"{selected.lat:.3f}", lon=f"{selected.lon:.3f}"), ""
    else:
        title = " · ".join(name for name in (area.name_km, area.name_en) if name)
        above = places.area(area.parent) if area.parent else None
        below = f"{area.code} · {t(f'frame.level_{area.level}')}"
        below += f", {named(above.name_en, above.name_km)}" if above else ""
    chip = f" {example_chip()}" if _is_example(selected, codes) else ""
    st.html(f'<p class="heading">{as_html(title)}</p><p class="sub">{as_html(below)}{chip}</p>')


def _is_example(selected: Selection, codes: tuple[str, ...]) -> bool:
    if selected.kind not in RECORD_KINDS:
        return False
    found = cache.records(selected.kind, codes)
    return bool(found.loc[found["reference"] == selected.id, "example"].any())


def _within(commune: object) -> str:
    if commune is None:
        return ""
    area = cache.places().area(commune.code)  # type: ignore[attr-defined]
    above = cache.places().area(area.parent or "KH")
    return f"{named(area.name_en, area.name_km)}, {named(above.name_en, above.name_km)}"


def _facts(facts: Iterable[tuple[str, str]]) -> None:
    rows = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(fact)}</dd>" for name, fact in facts)
    if rows:
        st.html(f'<dl class="facts">{rows}</dl>')


def record_facts(
    selected: Selection, codes: tuple[str, ...], season: str | None = None
) -> list[tuple[str, str]]:
    """What is recorded about a plot (in a season, else at last), a provider or an event."""
    if selected.kind not in RECORD_KINDS:
        return []
    found = cache.records(selected.kind, codes, season)
    row = found[found["reference"] == selected.id].iloc[0]
    if selected.kind == "adopter":
        return _plot_facts(row)
    if selected.kind == "provider":
        owned = [t(f"map.machine_{name}") for name in row["machines"]]
        return [(t("explore.machines"), ", ".join(owned) or t("map.machine_none"))]
    return [
        (t("explore.event"), t(f"map.event_{row['event']}")),
        (t("explore.date"), shown_day(row["date"])),
        (t("explore.requested"), shown(float(row["requested_ha"]), t("map.hectares"))),
    ]


def _plot_facts(row: pd.Series) -> list[tuple[str, str]]:
    facts = [(t("explore.status"), t(f"map.adopter_{row['status']}"))]
    if row["season"]:
        year = "" if pd.isna(row["year"]) else f" {int(row['year'])}"
        facts.append((t("explore.observed"), t(f"frame.season_{row['season']}") + year))
    facts.append((t("explore.crop"), t(f"explore.crop_{row['crop']}")))
    if row["cover_crop"]:
        facts.append((t("explore.cover_crop"), t(f"explore.cover_{row['cover_crop']}")))
    facts.append((t("explore.plot_area"), shown(float(row["area_ha"]), t("map.hectares"))))
    return facts


def readings(lon: float, lat: float) -> list[Reading]:
    """Every quantity and class layer at a point; a layer that fails does not hide the others."""
    return [_reading(layer, lon, lat) for layer in cache.readable_layers()]


def _reading(layer: Layer, lon: float, lat: float) -> Reading:
    try:
        value = value_at(layer, lon, lat, cache.places())
    except DeimapError as error:
        why = t("explore.unknown_fault", why=error_text(error, language()))
        return Reading(layer, t("terms.unknown"), False, why)
    if value is None:
        reason = "unknown_figure" if layer.geometry == "commune_figures" else "unknown_cell"
        return Reading(layer, t("terms.unknown"), False, t(f"explore.{reason}"))
    return Reading(layer, value_text(value, layer.about, language()), True)


def readings_table(found: Iterable[Reading]) -> str:
    """Readings as a table: title, year and source at the left, value at the right."""
    rows = []
    for reading in found:
        layer = reading.layer
        title = layer.about.title[language()] if layer.coarse else layer.title[language()]
        below = [str(layer.year) if layer.year else "", layer.source]
        below = [reading.reason, *below] if reading.reason else below
        small = as_html(" · ".join(part for part in below if part))
        mark = "" if reading.known else ' class="unknown"'
        rows.append(
            f"<tr><td>{as_html(title)}<small>{small}</small></td>"
            f"<td{mark}>{as_html(reading.value)}</td></tr>"
        )
    note = f'<p class="calm">{as_html(t("explore.coarse_value"))}</p>'
    return f'{note}<table class="readings">{"".join(rows)}</table>'
