"""The districts of an area in numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from gis.grid import CRS
from gis.strength import track_strength
from layers.sources import read_figures
from layers.tracks import tracks
from layers.write import csv_bytes
from ui import cache
from ui.selection import RECORD_KINDS
from ui.text import as_html, example_chip, language, named, shown, t

HOUSEHOLDS = ["households", "poor_households"]


def _summary(codes: tuple[str, ...]) -> tuple[pd.DataFrame, Mapping[str, int | None]]:
    places = cache.places()
    communes = places.communes_of(codes)
    figures = read_figures(cache.ready())
    reported = figures.table.reindex(communes.index)
    table = reported[HOUSEHOLDS].assign(area_ha=communes.to_crs(CRS).area / 10_000)
    for track in tracks():
        # what cannot be is unknown here too, and capped where Sites caps it
        hectares = reported[list(track.figures)].sum(axis=1, min_count=1)
        table[track.key] = track_strength(hectares, table["area_ha"])["usable_ha"]
    # min_count: a district without one usable figure is unknown, not zero
    sums = table.groupby(communes["district"]).sum(min_count=1)
    sums.insert(0, "communes", communes.groupby("district").size())
    sums["example"] = False
    for kind in RECORD_KINDS:
        found = cache.records(kind, codes)
        district = found["commune"].map(communes["district"])
        sums[kind] = found.groupby(district).size().reindex(sums.index, fill_value=0)
        sums["example"] |= sums.index.isin(district[found["example"].astype(bool)])
        if kind == "adopter":
            practised = found[found["status"].isin(["practised", "partly"])]
            counts = practised.groupby(district.loc[practised.index]).size()
            sums["practised"] = counts.reindex(sums.index, fill_value=0)
    names = places.districts.loc[sums.index, ["name_en", "name_km"]]
    return names.join(sums), figures.years


def summary(codes: tuple[str, ...]) -> tuple[pd.DataFrame, Mapping[str, int | None]]:
    """One row a district, and the year of each figure."""
    return cache.kept(("summary", codes, cache.edition()), lambda: _summary(codes))


def summary_panel(codes: tuple[str, ...]) -> None:
    """Totals of the area and a short table of its districts."""
    table, years = summary(codes)
    poor = table["poor_households"].sum(min_count=1) / table["households"].sum(min_count=1) * 100
    figures = (
        ("explore.area_ha", shown(float(table["area_ha"].sum()), t("map.hectares"))),
        ("explore.communes_count", shown(int(table["communes"].sum()))),
        ("explore.households", shown(float(table["households"].sum(min_count=1)))),
        ("explore.poor", shown(float(poor), "%")),
        ("map.adopters", shown(int(table["adopter"].sum()))),
        ("map.providers", shown(int(table["provider"].sum()))),
    )
    boxes = "".join(
        f"<div><b>{as_html(value)}</b><span>{as_html(t(key))}</span></div>"
        for key, value in figures
    )
    st.html(f'<div class="figures">{boxes}</div>{_chip(codes)}')
    st.html(_short_table(table))
    year = years.get("poor_households")
    if year:
        st.html(f'<p class="calm">{as_html(t("explore.poor_year", year=str(year)))}</p>')


def _chip(codes: tuple[str, ...]) -> str:
    """The mark of example data, where a record that is counted is one."""
    counted = (cache.records(kind, codes)["example"].any() for kind in RECORD_KINDS)
    return f"<p>{example_chip()}</p>" if any(counted) else ""


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
    return named(str(row.name_en), str(row.name_km))  # type: ignore[attr-defined]


def summary_table(codes: tuple[str, ...]) -> pd.DataFrame:
    """The whole table as it is shown and downloaded: titles of this language, years of figures."""
    table, years = summary(codes)
    plain = table.drop(columns=["name_en", "name_km"])
    names = zip(table["name_en"], table["name_km"], strict=True)
    plain.insert(0, "name", [named(*pair) for pair in names])
    poor = plain.pop("poor_households") / plain["households"] * 100
    plain.insert(4, "poor", poor)
    if plain["example"].any():
        plain["example"] = plain["example"].map({True: t("results.example"), False: ""})
    else:
        plain = plain.drop(columns="example")
    return plain.rename(columns=_titles(years)).rename_axis(t("explore.code"))


def _titles(years: Mapping[str, int | None]) -> dict[str, str]:
    def dated(title: str, figure: str) -> str:
        return f"{title} ({years[figure]})" if years.get(figure) else title

    return {
        "name": t("explore.district"),
        "communes": t("explore.communes_count"),
        "area_ha": t("explore.area_ha_column"),
        "households": dated(t("explore.households"), "households"),
        "poor": dated(t("explore.poor_short"), "poor_households"),
        "adopter": t("map.adopters"),
        "practised": t("explore.practised_short"),
        "provider": t("map.providers"),
        "event": t("map.events"),
        "example": t("frame.example"),
    } | {
        track.key: t(
            "explore.track_ha",
            track=t(f"criteria.track_{track.key}"),
            year=str(years.get(track.figures[0]) or ""),
        )
        for track in tracks()
    }


def summary_below(codes: tuple[str, ...]) -> None:
    """The whole table under the map, sortable, with a download."""
    table = summary_table(codes)
    digits = {name: (lambda value: shown(value)) for name in table.select_dtypes("number").columns}
    st.subheader(t("explore.summary_title"))
    st.html(_chip(codes) or "<span></span>")
    st.dataframe(
        table.style.format(digits),
        row_height=33 if language() == "km" else 28,
        placeholder=t("terms.unknown"),
        key="districts",
    )
    st.html(f'<p class="calm">{as_html(t("explore.unknown_communes"))}</p>')
    st.download_button(
        t("frame.download_csv"),
        data=lambda: csv_bytes(table),
        file_name=file_name(codes, example=t("frame.example") in table),
        mime="text/csv",
        on_click="ignore",
    )


def file_name(codes: tuple[str, ...], example: bool) -> str:
    """Name of the download; one with example records in it says so."""
    return f"districts-{'-'.join(codes)}{'-example' if example else ''}.csv"
