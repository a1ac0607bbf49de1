"""The answer to a click on the page Coverage: a commune with its demands, or a base by its use."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.coverage.parameters import BREAK_EVEN_HA
from ui import cache
from ui.coverage_answer import amounts_offered, range_of
from ui.coverage_bases import base_numbered, base_title, chosen_number, commune_title
from ui.coverage_state import PAGE, changes, clicked_at, is_present, trying
from ui.coverage_use import days_used, track_titles
from ui.selection import commune_selected
from ui.text import as_html, language, shown, t


def place_answer(result: Result) -> None:
    """What is known of the base or commune that was clicked."""
    number = chosen_number()
    if number:
        _base(result, number)
        return
    code = commune_selected(PAGE)
    table = result.outcome.tables["communes"]
    if not code and clicked_at():
        st.html(f'<p class="stale">{as_html(t("coverage_page.no_commune"))}</p>')
        return
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
        said = "base_not_counted" if is_present(result.provenance.parameters) else "base_closed"
        st.html(f'<p class="calm">{as_html(t(f"coverage_page.{said}"))}</p>')
        return
    title = t("coverage_page.base", number=number)
    owned = base_numbered(result.provenance.areas, number)
    if owned is not None:
        title = base_title(owned.number, owned.machines)
    st.html(
        f'<p class="heading">{as_html(title)}</p>{_state(result, number)}'
        f"{_facts(base_facts(result, table.loc[number]))}"
    )


def base_facts(result: Result, row: pd.Series) -> list[tuple[str, str]]:
    """What a base could serve and serves, each system for itself; tractors work for both."""
    hectares = t("map.hectares")
    track, other = track_titles(result)
    low, high = BREAK_EVEN_HA
    return [
        (t("results.commune"), commune_title(str(row["commune"])) or t("terms.unknown")),
        (t("coverage_page.supply", track=track), shown(float(row["supply_ha"]), hectares)),
        (t("coverage_page.served_of", track=track), shown(float(row["served_ha"]), hectares)),
        (t("coverage_page.served_of", track=other), shown(float(row["other_track_ha"]), hectares)),
        (t("coverage_page.days_used"), days_used(row)),
        (t("coverage_page.break_even"), f"{low:g}–{high:g}\N{NO-BREAK SPACE}{hectares}"),
    ]


def _state(result: Result, number: str) -> str:
    """While changes are tried out: whether the figures are of now or with the changes; as HTML."""
    if not trying():
        return ""
    present = is_present(result.provenance.parameters)
    base = base_numbered(result.provenance.areas, number)
    closed = base is not None and base.reference in changes()["closed"]
    said = ("closed_figures_now" if closed else "figures_now") if present else "figures_then"
    return f'<p class="sub">{as_html(t(f"coverage_page.{said}"))}</p>'


def _facts(facts: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(value)}</dd>" for name, value in facts)
    return f'<dl class="facts">{rows}</dl>'
