"""The answer of the page Coverage: hectares reached, served, unmet; the curve; what was clicked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.coverage.parameters import BREAK_EVEN_HA
from locales import NO_BREAK_SPACE, text
from ui import cache
from ui.bars import Bar, BarPart, show_bars
from ui.coverage_bases import base_numbered, base_title, chosen_number, commune_title
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
    below = as_html(range_of(*ends))
    if "now" in summary:
        now = amount(summary["now"], f"{name}_ha")
        more = difference(value - now)
        below = as_html(t("coverage_page.against_now", now=shown(now, digits=0), more=more))
    return (
        f'<div class="amount-{name}"><b>{_with_small_unit(value)}</b>'
        f"<span>{title}</span><small>{below}</small></div>"
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


def difference(hectares: float) -> str:
    """A difference with its sign; nothing where it is nothing."""
    return t("coverage_page.same") if abs(hectares) < HALF else signed(hectares)


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


def curve(result: Result) -> None:
    """Share of the hectares within so many minutes, from half to double speed."""
    if not amount(result.outcome.summary, "demand_ha") > 0:
        return
    st.html(f'<p class="label">{as_html(t("coverage_page.curve"))}</p>')
    table = result.outcome.tables["curve"]
    limit = float(result.provenance.parameters["limit_minutes"])
    st.vega_lite_chart(curve_spec(table, limit, t("terms.minutes")), width="stretch")


def curve_spec(table: pd.DataFrame, limit: float, unit: str) -> dict[str, Any]:
    """The chart; 0 to 100 percent over minutes, a dashed line at the limit."""
    rows = [
        {
            "minutes": float(row.minutes),
            "share": round(float(row.share) * 100, 1),
            "low": round(float(row.share_low) * 100, 1),
            "high": round(float(row.share_high) * 100, 1),
        }
        for row in table.itertuples()
    ]
    x = {
        "field": "minutes",
        "type": "quantitative",
        "axis": {"title": None, "values": [0, 30, 60, 120, 180, 240], "grid": False,
                 "labelExpr": f"datum.value === 240 ? '240 {unit}' : datum.label"},
        "scale": {"nice": False, "domain": [0, 240]},
    }  # fmt: skip
    axis = {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.label + ' %'"}
    y = {"type": "quantitative", "axis": axis, "scale": {"domain": [0, 100]}}
    tip = [{"field": "minutes"}, {"field": "share"}, {"field": "low"}, {"field": "high"}]
    return {
        "height": 116,
        "padding": {"left": 0, "right": 4, "top": 6, "bottom": 0},
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "color": "#8CC2A0", "opacity": 0.45},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": "#0B6E4F", "strokeWidth": 2.2},
                "encoding": {"x": x, "y": {"field": "share", **y}},
            },
            {
                "mark": {"type": "point", "size": 60, "opacity": 0},
                "encoding": {"x": x, "y": {"field": "share", **y}, "tooltip": tip},
            },
            {
                "data": {"values": [{"minutes": limit}]},
                "mark": {"type": "rule", "color": "#1E2A2B", "strokeDash": [4, 3]},
                "encoding": {"x": x},
            },
        ],
    }


def communes_bars(result: Result) -> None:
    """The communes with the most hectares left first; unknown ones apart, before them."""
    rows = bars_of(result.outcome.tables["communes"], commune_selected(PAGE))
    if not rows:
        return
    title = t("coverage_page.by_commune")
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
    left = wanted["demand_ha"] - wanted["served_ha"]
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


def place_answer(result: Result) -> None:
    """What is known of the base or commune that was clicked."""
    number = chosen_number()
    if number:
        _base(result, number)
        return
    code = commune_selected(PAGE)
    table = result.outcome.tables["communes"]
    if code not in cache.places().communes.index:
        st.html(f'<p class="calm">{as_html(t("coverage_page.click_hint"))}</p>')
        return
    area = cache.places().area(code)
    names = " · ".join(name for name in (area.name_km, area.name_en) if name)
    if code not in table.index:
        st.html(f'<p class="calm">{as_html(t("land.outside", place=names))}</p>')
        return
    row = table.loc[code]
    reason = row[f"reason_{language()}"]
    words = reason if isinstance(reason, str) else ""
    st.html(
        f'<p class="heading">{as_html(names)} <span class="sub">{as_html(code)}</span></p>'
        f'<p class="reason">{as_html(words)}</p>{_facts(commune_facts(result, row))}'
    )


def commune_facts(result: Result, row: pd.Series) -> list[tuple[str, str]]:
    """What a commune has: its three demands by name, what of it is reached, how far it is."""
    hectares = t("map.hectares")
    facts = [
        (t(f"coverage_page.fact_{name}"), shown(float(row[f"{column}_ha"]), hectares))
        for name, column in DEMAND_COLUMNS.items()
    ]
    for name in amounts_offered(result):
        ends = range_of(float(row[f"{name}_low_ha"]), float(row[f"{name}_high_ha"]))
        value = shown(float(row[f"{name}_ha"]), hectares, 0)
        facts.append((t(f"workbook.{name}"), f"{value} ({ends})"))
    median = float(row["median_minutes"])
    facts.append((t("coverage_page.median"), shown(median, t("terms.minutes"), 0)))
    off_road = float(row["off_road_share"]) * 100
    facts.append((t("coverage_page.off_road"), shown(off_road, "%", 0)))
    return facts


DEMAND_COLUMNS = {"crop-area": "crop_area", "scenario": "scenario", "requested": "requested"}


def _base(result: Result, number: str) -> None:
    table = result.outcome.tables["providers"]
    if number not in table.index:
        st.html(f'<p class="calm">{as_html(t("coverage_page.base_not_counted"))}</p>')
        return
    row = table.loc[number]
    hectares = t("map.hectares")
    low, high = BREAK_EVEN_HA
    facts = [
        (t("results.commune"), commune_title(str(row["commune"])) or t("terms.unknown")),
        (t("coverage_page.supply"), shown(float(row["supply_ha"]), hectares)),
        (t("workbook.served"), shown(float(row["served_ha"]), hectares)),
        (t("coverage_page.other_track"), shown(float(row["other_track_ha"]), hectares)),
        (t("coverage_page.use"), shown(float(row["use_share"]) * 100, "%", 0)),
        (t("coverage_page.break_even"), f"{low:g}–{high:g}\N{NO-BREAK SPACE}{hectares}"),
    ]
    title = t("coverage_page.base", number=number)
    owned = base_numbered(result.provenance.areas, number)
    if owned is not None:
        title = base_title(owned.number, owned.machines)
    st.html(f'<p class="heading">{as_html(title)}</p>{_facts(facts)}')


def _facts(facts: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(value)}</dd>" for name, value in facts)
    return f'<dl class="facts">{rows}</dl>'
