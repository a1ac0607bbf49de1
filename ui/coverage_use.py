"""Bases by use, as bars over one scale of hectares; the break-even of tractor hire beside them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.coverage.parameters import BREAK_EVEN_HA
from layers.tracks import tracks
from ui.coverage_bases import commune_title
from ui.text import as_html, shown, t


def track_titles(result: Result) -> tuple[str, str]:
    """The production system of a result, and the other one, in words."""
    own = str(result.provenance.parameters["track"])
    other = next(track.key for track in tracks() if track.key != own)
    return t(f"criteria.track_{own}").lower(), t(f"criteria.track_{other}").lower()


def days_used(row: pd.Series) -> str:
    """Share of the tractor days of a base that its work takes, over both systems."""
    days = float(row["tractor_days"])
    used = float(row["tractor_days_used"]) / days * 100 if days > 0 else float("nan")
    return shown(used, "%", 0)


def providers_use(result: Result) -> None:
    """Each base as a bar: what it serves, what it could, where tractor hire breaks even."""
    table = result.outcome.tables["providers"]
    if table.empty:
        st.html(f'<p class="calm">{as_html(t("coverage_page.no_base"))}</p>')
        return
    bars = use_bars(table, *track_titles(result))
    st.html(f'<p class="calm">{as_html(t("workbook.break_even_why"))}</p>{bars}')


def use_bars(table: pd.DataFrame, track: str, other_track: str) -> str:
    """Bars of the bases, most hectares first, over one scale of hectares; as HTML.

    ``track`` is the production system of the result in words, ``other_track`` the one that shares
    tractors with it.
    """
    order = table.assign(_all=table["served_ha"] + table["other_track_ha"])
    most = max(float(order[["supply_ha", "_all"]].max().max()), BREAK_EVEN_HA[1]) * 1.08
    able = order[(order["supply_ha"] > 0) | (order["_all"] > 0)]
    rows = []
    for number, row in able.sort_values(["_all", "supply_ha"], ascending=False).iterrows():
        place = commune_title(str(row["commune"]))
        name = t("coverage_page.base", number=number) + (f" · {place}" if place else "")
        supply, served, other = (
            float(row[column]) for column in ("supply_ha", "served_ha", "other_track_ha")
        )
        said = t(
            "coverage_page.use_row",
            served=shown(served, digits=0),
            supply=shown(supply, t("map.hectares"), 0),
            track=track,
            other=shown(other, t("map.hectares"), 0),
            other_track=other_track,
            use=days_used(row),
        )
        rows.append(
            f"<span>{as_html(name)}</span><i>"
            f'<u style="width:{supply / most * 100:.1f}%"></u>'
            f'<b style="width:{served / most * 100:.1f}%"></b>'
            f'<em style="left:{served / most * 100:.1f}%;width:{other / most * 100:.1f}%"></em>'
            f'<s style="left:{BREAK_EVEN_HA[0] / most * 100:.1f}%;'
            f'width:{(BREAK_EVEN_HA[1] - BREAK_EVEN_HA[0]) / most * 100:.2f}%"></s>'
            f"</i><span>{as_html(said)}</span>"
        )
    keys = "".join(
        f'<span><i class="swatch {name}"></i>{as_html(said)}</span>'
        for name, said in {
            "track": t("coverage_page.use_track", track=track),
            "other": t("coverage_page.use_track", track=other_track),
            "spare": t("coverage_page.use_spare", track=track),
            "even": t("coverage_page.use_even"),
        }.items()
    )
    elsewhere = able.index[able["machines"] == 0]
    idle = order.index.difference(able.index, sort=False)
    lines = "".join(
        f'<p class="calm">{as_html(t(f"coverage_page.{name}", bases=numbers, track=of))}</p>'
        for name, of, numbers in (
            ("use_elsewhere", other_track, ", ".join(map(str, elsewhere))),
            ("use_idle", track, ", ".join(map(str, idle))),
        )
        if numbers
    )
    return f'<p class="keys">{keys}</p><div class="uses">{"".join(rows)}</div>{lines}'
