"""Under the map of Land: communes, changes of land cover, reporting tables, carbon; downloads."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from layers.runs import run_folder
from reports.package import zipped
from reports.workbook import workbook
from ui import cache
from ui.land_shares import shares_of
from ui.land_state import PAGE, key, part, period, period_title, selected_code
from ui.land_tables import folded_tables
from ui.results import highlighted, layers_behind, made, row_chosen, show_table
from ui.text import as_html, example_chip, language, named, shown, t


def below(result: Result) -> None:
    """Tables; everything on the map stands here too."""
    title = f"{t(f'land.part_{part()}')} · {period_title(result, period())}"
    st.subheader(t("land.communes_title", what=title))
    if result.provenance.example:
        st.html(example_chip())
    communes_table(result)
    folded_tables(result)
    st.subheader(t("results.rests_on"))
    st.html(f'<p class="calm">{as_html(made(result))}</p>')
    show_table(layers_behind(result), "land-layers")


def communes_table(result: Result) -> None:
    """Every commune with its shares; choosing a row is the same as clicking its place."""
    table = communes_of(result)
    codes = table[t("results.code")].tolist()
    ways = dict.fromkeys(table.select_dtypes("number").columns, _percent)
    ways[t("land.land_ha")] = partial(shown, digits=0)
    marked = table.style.apply(highlighted, axis=1, code=selected_code(), codes=codes)
    table_key = key(f"communes-{part()}-{period()}")
    st.dataframe(
        marked.format(ways),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder=t("terms.unknown"),
        key=table_key,
        on_select=row_chosen(PAGE, table_key, codes),
        selection_mode="single-cell",
    )


def communes_of(result: Result) -> pd.DataFrame:
    """Shares of the part and period chosen, by commune, the most degraded first."""
    shares = shares_of(result, part(), period(), "commune")
    order = shares.percent_degraded.sort_values(ascending=False, na_position="first").index
    places = cache.places()
    communes = places.communes.loc[order]
    above = places.districts.loc[communes["district"]]
    rows: dict[str, Any] = {
        t("results.code"): list(order),
        t("results.commune"): _names(communes),
        t("results.district"): _names(above),
        t("land.land_ha"): shares.land.loc[order].tolist(),
    }
    for name in shares.hectares:
        rows[f"{t(name)}, %"] = shares.percent.loc[order, name].tolist()
    rows[f"{t('degradation.no_data')}, %"] = (
        (shares.no_data / shares.land.where(shares.land > 0) * 100).loc[order].tolist()
    )
    return pd.DataFrame(rows)


def _names(units: pd.DataFrame) -> list[str]:
    return [named(*pair) for pair in zip(units["name_en"], units["name_km"], strict=True)]


def _percent(value: float) -> str:
    return shown(value, digits=0 if value == 0 or value >= 10 else 1)


def downloads(identity: str) -> None:
    """The files of a result: its tables as a workbook, or everything."""
    folder = run_folder(identity, cache.ready())
    spoken = language()
    with st.container(key="action"), st.container(horizontal=True, gap="small"):
        st.download_button(
            t("land.download_tables"),
            data=lambda: workbook(cache.result(identity), spoken),
            file_name=f"deimap-land-{identity}-{spoken}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            t("results.download_zip"),
            data=lambda: zipped(folder, spoken),
            file_name=f"deimap-land-{identity}.zip",
            mime="application/zip",
            on_click="ignore",
        )
