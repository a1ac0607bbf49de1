"""The districts of an area in numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from layers.sources import read_figures
from ui import cache, state
from ui.text import as_html, language, shown, t

SUMS = ("area_ha", "households", "poor_households", "maize_ha", "cassava_ha", "rice_ha")


@st.cache_resource(max_entries=24)
def _summary(codes: tuple[str, ...], version: str) -> tuple[pd.DataFrame, Mapping[str, int | None]]:
    places = cache.places()
    communes = places.communes_of(codes)
    figures = read_figures(cache.ready())
    table = figures.table.reindex(communes.index)
    # min_count: a district without one usable figure is unknown, not zero
    sums = table[list(SUMS)].groupby(communes["district"]).sum(min_count=1)
    sums.insert(0, "communes", communes.groupby("district").size())
    for kind in ("adopter", "provider", "event"):
        found = cache.records(kind, codes)
        district = found["commune"].map(communes["district"])
        sums[kind] = found.groupby(district).size().reindex(sums.index, fill_value=0)
        if kind == "adopter":
            practised = found[found["status"].isin(["practised", "partly"])]
            counts = practised.groupby(district.loc[practised.index]).size()
            sums["practised"] = counts.reindex(sums.index, fill_value=0)
    names = places.districts.loc[sums.index, ["name_en", "name_km"]]
    return names.join(sums), figures.years


def summary(codes: tuple[str, ...]) -> tuple[pd.DataFrame, Mapping[str, int | None]]:
    """One row a district, and the year of each figure."""
    return _summary(codes, state.data_version(cache.ready()))


def summary_panel(codes: tuple[str, ...]) -> None:
    """Totals of the area and a short table of its districts."""
    table, years = summary(codes)
    poor = table["poor_households"].sum(min_count=1) / table["households"].sum(min_count=1) * 100
    figures = (
        ("area_ha", shown(float(table["area_ha"].sum()), t("map.hectares"))),
        ("communes_count", shown(int(table["communes"].sum()))),
        ("households", shown(float(table["households"].sum(min_count=1)))),
        ("poor", shown(float(poor), "%")),
        ("adopters", shown(int(table["adopter"].sum()))),
        ("providers", shown(int(table["provider"].sum()))),
    )
    boxes = "".join(
        f"<div><b>{as_html(value)}</b><span>{as_html(t(f'explore.{key}'))}</span></div>"
        for key, value in figures
    )
    st.html(f'<div class="figures">{boxes}</div>')
    st.html(_short_table(table))
    year = years.get("poor_households")
    if year:
        st.html(f'<p class="calm">{as_html(t("explore.poor_year", year=str(year)))}</p>')


def _short_table(table: pd.DataFrame) -> str:
    heads = ("district", "adopters_short", "providers_short", "poor_short")
    head = "".join(f"<th>{as_html(t(f'explore.{key}'))}</th>" for key in heads)
    rows = []
    for row in table.itertuples():
        share = row.poor_households / row.households * 100 if row.households else float("nan")
        cells = (_name(row), shown(int(row.adopter)), shown(int(row.provider)), shown(share))
        rows.append("".join(f"<td>{as_html(cell)}</td>" for cell in cells))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="readings numbers"><tr>{head}</tr>{body}</table>'


def _name(row: object) -> str:
    english, khmer = str(row.name_en), str(row.name_km)  # type: ignore[attr-defined]
    return khmer if language() == "km" and khmer else english


def summary_below(codes: tuple[str, ...]) -> None:
    """The whole table under the map, sortable, with a download."""
    table, years = summary(codes)
    named = table.drop(columns=["name_en", "name_km"])
    named.insert(0, "name", table["name_km"] if language() == "km" else table["name_en"])
    poor = named.pop("poor_households") / named["households"] * 100
    named.insert(4, "poor", poor)
    titles = {
        "name": t("explore.district"),
        "communes": t("explore.communes_count"),
        "area_ha": t("explore.area_ha_column"),
        "households": t("explore.households"),
        "poor": t("explore.poor_short"),
        "adopter": t("explore.adopters"),
        "practised": t("explore.practised_short"),
        "provider": t("explore.providers"),
        "event": t("explore.events"),
    } | {
        crop: t(f"explore.{crop}", year=str(years.get(crop) or "")).replace("  ", " ")
        for crop in ("maize_ha", "cassava_ha", "rice_ha")
    }
    shown_table = named.rename(columns=titles).rename_axis(t("explore.code"))
    digits = {name: (lambda value: shown(value)) for name in shown_table.columns[1:]}
    st.subheader(t("explore.summary_title"))
    st.dataframe(
        shown_table.style.format(digits, na_rep=t("terms.unknown")),
        row_height=33 if language() == "km" else 28,
        key="districts",
    )
    st.html(f'<p class="calm">{as_html(t("explore.unknown_communes"))}</p>')
    st.download_button(
        t("frame.download_csv"),
        data=lambda: named.to_csv(index_label="code").encode("utf-8-sig"),
        file_name=f"districts-{'-'.join(codes)}.csv",
        mime="text/csv",
        on_click="ignore",
    )
