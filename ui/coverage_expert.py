"""The tables behind a run of Coverage, editable, every row with its source."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gis.parameters import SEASON_KEYS
from layers import basis
from layers.machinery import machinery
from locales import month_name
from ui.coverage_state import change, changes, edited, key, trying
from ui.text import as_html, language, t

SPEED_LIMITS = (0.0, 120.0)
PARTS = ("speeds", "rain_days", "hectares_a_day")
"""Settings that are tables, each over rows of the house's table."""


def tables_form() -> None:
    """Speeds, rain days and field capacities; in the tab What if the speeds of its season."""
    tried = trying()
    help_text = "tables_help_what_if" if tried else "tables_help"
    st.html(f'<p class="calm">{as_html(t(f"coverage_page.{help_text}"))}</p>')
    with st.form("tables-form", border=False):
        _editor("speeds", speeds_table(tried), seasons(tried))
        if not tried:
            for name, table in (("rain_days", rain_table()), ("hectares_a_day", rates_table())):
                _editor(name, table, [name])
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(
                t("coverage_page.take_values" if tried else "coverage_page.again"),
                on_click=_sent,
                args=(tried,),
            )
            st.form_submit_button(t("coverage_page.house_values"), on_click=_house, args=(tried,))


def seasons(tried: bool) -> list[str]:
    """Seasons whose speeds may be set: a change is tried in the season of the run only."""
    return [st.session_state[key("season")]] if tried else list(SEASON_KEYS)


def speeds_table(tried: bool) -> pd.DataFrame:
    """Speed of each way by season, as set now, with its source."""
    rows = edited(st.session_state[key("speeds")]).speeds
    tried = changes()["speeds"] if tried else {}
    return pd.DataFrame(
        [
            {
                "what": way_title(row.key),
                **{
                    season: float(tried.get(row.key, row.in_season(season)))
                    for season in seasons(tried)
                },
                "source": row.source,
            }
            for row in rows
        ],
        index=[row.key for row in rows],
    )


def way_title(name: str) -> str:
    """A road class or a land cover in words."""
    return basis.way_title(name, language())


def rain_table() -> pd.DataFrame:
    """Days of each month that rain takes."""
    given = st.session_state[key("rain_days")]
    rows = machinery().rain
    return pd.DataFrame(
        [
            {
                "what": month_name(row.month, language()),
                "rain_days": float(given.get(str(row.month), row.days)),
                "source": row.source,
            }
            for row in rows
        ],
        index=[str(row.month) for row in rows],
    )


def rates_table() -> pd.DataFrame:
    """Hectares a day of each kind of machine."""
    given = st.session_state[key("hectares_a_day")]
    rows = machinery().capacities
    return pd.DataFrame(
        [
            {
                "what": t(f"map.machine_{row.machine}"),
                "hectares_a_day": float(given.get(row.machine, row.hectares_a_day)),
                "source": row.source,
            }
            for row in rows
        ],
        index=[row.machine for row in rows],
    )


def _editor(name: str, table: pd.DataFrame, columns: list[str]) -> None:
    st.html(f'<p class="label">{as_html(t(f"coverage_page.table_{name}"))}</p>')
    most = {"speeds": SPEED_LIMITS[1], "rain_days": 31.0, "hectares_a_day": 200.0}[name]
    configured: dict[str, Any] = {
        column: st.column_config.NumberColumn(
            column_title(column), min_value=0.0, max_value=most, required=True
        )
        for column in columns
    }
    configured["what"] = st.column_config.TextColumn(t(f"coverage_page.what_{name}"), width=220)
    configured["source"] = st.column_config.TextColumn(t("results.source"), width="large")
    st.data_editor(
        table,
        key=_key(name, table, columns),
        hide_index=True,
        disabled=["what", "source"],
        column_config=configured,
        row_height=33 if language() == "km" else 28,
        width="stretch",
    )


def column_title(column: str) -> str:
    """What the numbers of a column are."""
    if column in SEASON_KEYS:
        return t("coverage_page.kmh", season=t(f"frame.season_{column}"))
    return t(f"coverage_page.column_{column}")


def _key(name: str, table: pd.DataFrame, columns: list[str]) -> str:
    """A new editor for other values: an editor remembers edits by row, not by value."""
    made = key(f"form-{name}-{language()}-{hash(table[columns].to_csv())}")
    st.session_state[key(f"editor-{name}")] = made
    return made


def _sent(tried: bool) -> None:
    if tried:
        (season,) = seasons(tried)
        found = _edits("speeds", speeds_table(tried))
        speeds = {way: values[season] for way, values in found.items() if season in values}
        change(speeds={**changes()["speeds"], **speeds})
        return
    speeds = {way: dict(values) for way, values in st.session_state[key("speeds")].items()}
    for way, values in _edits("speeds", speeds_table(tried)).items():
        speeds[way] = {**speeds.get(way, {}), **values}
    st.session_state[key("speeds")] = _unlike_house(speeds)
    for name, table in (("rain_days", rain_table()), ("hectares_a_day", rates_table())):
        new = {row: values[name] for row, values in _edits(name, table).items()}
        st.session_state[key(name)] = {**st.session_state[key(name)], **new}


def _edits(name: str, table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """What was written into an editor: row -> column -> number."""
    held = st.session_state.get(st.session_state.get(key(f"editor-{name}"), ""), {})
    return {
        str(table.index[int(row)]): {
            column: float(value) for column, value in cells.items() if value is not None
        }
        for row, cells in held.get("edited_rows", {}).items()
    }


def _unlike_house(speeds: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Without those that say what the house says."""
    house = {row.key: row for row in machinery().speeds}
    kept = {
        way: {
            season: kmh
            for season, kmh in values.items()
            if kmh != house[way].in_season(season)  # type: ignore[arg-type]
        }
        for way, values in speeds.items()
    }
    return {way: values for way, values in kept.items() if values}


def _house(tried: bool) -> None:
    """Back to the values of the house."""
    if tried:
        change(speeds={})
        return
    for name in PARTS:
        st.session_state[key(name)] = {}
