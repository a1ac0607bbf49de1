"""The answer of the page Coverage: hectares reached, served, unmet; the curve; what was clicked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gis.analysis import Result
from locales import NO_BREAK_SPACE, text
from ui.bars import Bar, BarPart, show_bars
from ui.coverage_map import season_of
from ui.coverage_state import PAGE, key
from ui.selection import commune_selected
from ui.state import remember
from ui.text import as_html, example_chip, language, named, shown, t

COLOURS = {"served": "#2F7F68", "full": "#E8C35A", "far": "#C9CEC8"}
"""Hectares served; in reach, but machines are full; out of reach."""
STOPS = ("coverage.no_provider", "coverage.no_machine", "coverage.no_days", "coverage.no_capacity")
HALF = 0.5
"""Differences under this are written as none."""
AMOUNTS = ("reachable", "served", "unmet")


def amounts_offered(result: Result) -> tuple[str, ...]:
    """Headline figures: mere crop area is never called unmet."""
    asked = result.provenance.parameters["demand"] != "crop-area"
    return AMOUNTS if asked else AMOUNTS[:2]


def demand_of(result: Result) -> str:
    """The demand by its name, with the share of a scenario."""
    made = result.provenance.parameters
    share = f"{made['scenario_share'] * 100:g}"
    return t(f"coverage_page.demand_{made['demand']}", share=share)


def amount(summary: Mapping[str, Any], name: str) -> float:
    """Hectares of a summary; NaN where they are not known."""
    found = summary.get(name)
    return float("nan") if found is None else float(found)


def headline(result: Result) -> None:
    """The answer first: how many hectares, and of how many, with the range of each."""
    summary = result.outcome.summary
    if not amount(summary, "demand_ha") > 0:
        nothing_demanded(result)
        return
    boxes = "".join(_box(summary, name) for name in amounts_offered(result))
    under = t(
        "coverage_page.of_demand",
        demand=shown(amount(summary, "demand_ha"), t("map.hectares"), 0),
        what=demand_of(result),
        season=season_of(result),
        bases=int(summary["bases"]),
    )
    chip = f" {example_chip()}" if result.provenance.example else ""
    st.html(
        f'<div class="shares amounts">{boxes}</div>'
        + f'<p class="sub">{as_html(under)}{chip}</p>{_stops(result)}'
    )


def _stops(result: Result) -> str:
    """What keeps machines from serving, which nobody should have to look for; as HTML."""
    found = [note for note in result.outcome.warnings if note.key in STOPS]
    lines = (text(note.key, language(), **dict(note.values)) for note in found)
    return "".join(f'<p class="calm">{as_html(line)}</p>' for line in lines)


def _box(summary: Mapping[str, Any], name: str) -> str:
    value = amount(summary, f"{name}_ha")
    ends = [amount(summary, f"{name}_{end}_ha") for end in ("low", "high")]
    title = as_html(t(f"workbook.{name}"))
    below = f"<small>{as_html(range_of(*ends))}</small>"
    if "now" in summary:
        below += (
            f"<small>{as_html(_against_now(value, amount(summary['now'], f'{name}_ha')))}</small>"
        )
    return (
        f'<div class="amount-{name}"><b>{_with_small_unit(value)}</b>'
        f"<span>{title}</span>{below}</div>"
    )


def _against_now(value: float, now: float) -> str:
    """Hectares of the present, and what a change makes of them."""
    more = difference(value, now)
    if abs(more) < HALF:
        return t("coverage_page.as_now")
    hectares = t("map.hectares")
    return t(
        "coverage_page.against_now",
        now=shown(now, hectares, 0),
        more=f"{signed(more)}{NO_BREAK_SPACE}{hectares}",
    )


def _with_small_unit(hectares: float) -> str:
    """Hectares with their unit in small letters, so that three stand side by side in Khmer."""
    if hectares != hectares:
        return as_html(t("terms.unknown"))
    unit = as_html(f"{NO_BREAK_SPACE}{t('map.hectares')}")
    return f"{as_html(shown(hectares, digits=0))}<i>{unit}</i>"


def range_of(low: float, high: float) -> str:
    """A range, the smaller end first: more speed leaves less unmet."""
    ends = sorted((low, high))
    if any(end != end for end in ends):
        return t("terms.unknown")
    return "–".join(shown(end, digits=0) for end in ends)


def difference(then: float, now: float) -> float:
    """The difference of two amounts as they are shown, so that it agrees with both."""
    return then if then != then else float(np.round(then) - np.round(now))


def signed(value: float) -> str:
    """A whole number with its sign, but no sign before 0."""
    if value != value:
        return t("terms.unknown")
    return f"{value:+,.0f}".replace("-", "\N{MINUS SIGN}") if abs(value) >= HALF else "0"


def nothing_demanded(result: Result) -> None:
    """No hectares to serve: why, and what to do."""
    requested = result.provenance.parameters["demand"] == "requested"
    said = t("coverage_page.no_requests" if requested else "coverage_page.no_demand")
    chip = f" {example_chip()}" if result.provenance.example else ""
    head = f'<p class="heading">{as_html(season_of(result))}{chip}</p>'
    st.html(f'{head}<p class="calm">{as_html(said)}</p>')
    if requested:
        st.button(
            t("coverage_page.choose_scenario"),
            key=key("scenario"),
            on_click=remember(key("demand"), "scenario"),
        )


def range_note(result: Result) -> None:
    """What the small numbers stand for."""
    if not amount(result.outcome.summary, "demand_ha") > 0:
        return
    ranges = result.provenance.parameters["ranges"]
    said = t(
        "coverage_page.range_note",
        slow=_times(ranges["speed_low"]),
        fast=_times(ranges["speed_high"]),
        low=_times(ranges["capacity_low"]),
        high=_times(ranges["capacity_high"]),
    )
    st.html(f'<p class="calm">{as_html(said)}</p>')


def _times(factor: float) -> str:
    return f"{factor:g}"


def communes_bars(result: Result) -> None:
    """The communes with the most hectares left first; unknown ones apart, before them."""
    rows = bars_of(result.outcome.tables["communes"], commune_selected(PAGE))
    if not rows:
        return
    asked = "unmet" in amounts_offered(result)
    title = t("coverage_page.by_commune" if asked else "coverage_page.by_commune_area")
    legend = "".join(
        f'<span><i class="swatch" style="background:{colour}"></i>'
        f"{as_html(t(f'coverage_page.bar_{name}'))}</span>"
        for name, colour in COLOURS.items()
    )
    st.html(f'<p class="label">{as_html(title)}</p><p class="keys">{legend}</p>')
    show_bars(PAGE, rows, title)


def bars_of(table: pd.DataFrame, chosen: str) -> list[Bar]:
    """One bar a commune that has a demand: how it splits up, and the hectares not served."""
    wanted = table[(table["demand_ha"] > 0) | table["demand_ha"].isna()]
    # what the rounding of sums leaves is nothing, not less than nothing
    left = (wanted["demand_ha"] - wanted["served_ha"]).round(3).clip(lower=0) + 0.0
    order = left.sort_values(ascending=False, na_position="first", kind="stable").index
    bars = []
    for code in order:
        row = wanted.loc[code]
        name = named(str(row["name_en"]), row["name_km"] if isinstance(row["name_km"], str) else "")
        amounts = _parts(row)
        total = sum(amounts.values())
        parts = [BarPart(hectares / total * 100, COLOURS[key]) for key, hectares in amounts.items()]
        if not amounts:
            parts = [BarPart(100.0, "")]
        said = [f"{t(f'coverage_page.bar_{key}')} {shown(value, t('map.hectares'), 0)}"
                for key, value in amounts.items()]  # fmt: skip
        value = shown(float(left[code]), digits=0)
        bars.append(
            Bar(str(code), name, value, " · ".join([name, *said]), tuple(parts), code == chosen)
        )
    return bars


def _parts(row: pd.Series) -> dict[str, float]:
    """Hectares of a commune: served; in reach, but not served; out of reach."""
    demand, reach, served = (float(row[f"{name}_ha"]) for name in ("demand", "reachable", "served"))
    if demand != demand or reach != reach or served != served:
        return {}
    return {
        "served": served,
        "full": max(reach - served, 0.0),
        "far": max(demand - max(reach, served), 0.0),
    }
