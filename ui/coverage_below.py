"""Under the map of Coverage: providers by use, districts, communes, need of planters and seed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from layers.runs import run_folder
from locales import month_name
from reports.company import company_sheet
from reports.package import zipped
from reports.workbook import workbook
from ui import cache
from ui.coverage_answer import amounts_offered, demand_of
from ui.coverage_chosen import is_comparison
from ui.coverage_compared import changes_tables
from ui.coverage_expert import tables_form
from ui.coverage_map import season_of
from ui.coverage_state import PAGE, key
from ui.coverage_use import providers_use
from ui.results import (
    highlighted,
    layers_behind,
    made,
    row_chosen,
    show_table,
    worded,
)
from ui.selection import commune_selected
from ui.text import as_html, example_chip, language, named, shown, t

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def below(result: Result, identity: str) -> None:
    """Tables; everything on the map stands here too."""
    what = f"{demand_of(result)} · {season_of(result)}"
    chip = f" {example_chip()}" if result.provenance.example else ""
    if is_comparison(identity):
        changes_tables(result)
    else:
        st.subheader(t("coverage_page.districts_title", what=what))
        if chip:
            st.html(chip)
        districts_table(result)
        st.subheader(t("coverage_page.use_title"))
        providers_use(result)
        st.subheader(t("coverage_page.communes_title", what=what))
        communes_table(result)
    with st.expander(t("coverage_page.need_title"), key=key("need")):
        need(result)
    with st.expander(t("coverage_page.tables_title"), key=key("tables")):
        tables_form()
    st.subheader(t("results.rests_on"))
    st.html(f'<p class="calm">{as_html(made(result))}</p>')
    show_table(layers_behind(result), key("layers"))
    folder, spoken = run_folder(identity, cache.ready()), language()
    st.download_button(
        t("results.download_zip"),
        data=lambda: zipped(folder, spoken),
        file_name=f"deimap-coverage-{identity}.zip",
        mime="application/zip",
        on_click="ignore",
    )


AREA_COLUMNS = (
    *("demand_ha", "reachable_ha", "served_ha", "unmet_ha", "supply_demand_ratio"),
    *("median_minutes", "share_30", "share_60", "share_120"),
)
"""Columns of the tables of areas, as far as a result has them."""


def _of_areas(result: Result, name: str) -> pd.DataFrame:
    table = without_demand(result.outcome.tables[name])
    offered = [
        column
        for column in AREA_COLUMNS
        if column in table and (column != "unmet_ha" or "unmet" in amounts_offered(result))
    ]
    said = worded(table.reset_index()[["code", *offered]], result)
    names = [
        named(str(en), km if isinstance(km, str) else "")
        for en, km in zip(table["name_en"], table["name_km"], strict=True)
    ]
    level = "district" if name == "districts" else "commune"
    said.insert(1, t(f"results.{level}"), names)
    return in_percent(said, [column for column in offered if column.startswith("share_")], result)


def in_percent(said: pd.DataFrame, columns: list[str], result: Result) -> pd.DataFrame:
    """Shares as percent under headings that say so."""
    heads = worded(pd.DataFrame(columns=columns), result).columns
    said[list(heads)] = said[list(heads)].astype(float) * 100
    return said.rename(columns={head: f"{head}, %" for head in heads})


def districts_table(result: Result) -> None:
    show_table(_of_areas(result, "districts"), key("districts"), **_ways(result))


def _ways(result: Result) -> dict[str, object]:
    head = worded(pd.DataFrame(columns=["supply_demand_ratio"]), result).columns[0]
    return {head: ratio_shown}


def ratio_shown(ratio: float) -> str:
    """Supply per hectare of demand; where nobody asks there is no such thing."""
    return t("coverage_page.no_demand_here") if ratio == NOBODY_ASKS else shown(ratio, digits=2)


def without_demand(table: pd.DataFrame) -> pd.DataFrame:
    """The ratio of areas without demand stands for none: sorted before all others."""
    ratio = table["supply_demand_ratio"].mask(table["demand_ha"] == 0, NOBODY_ASKS)
    return table.assign(supply_demand_ratio=ratio)


NOBODY_ASKS = -1.0
"""Ratio of an area without demand, in a table on the page only."""


def communes_table(result: Result) -> None:
    """Every commune; choosing a row is the same as clicking its place."""
    table = _of_areas(result, "communes")
    codes = table.iloc[:, 0].astype(str).tolist()
    ways = dict.fromkeys(
        table.select_dtypes("number").columns, lambda value: shown(value, digits=0)
    )
    marked = table.style.apply(highlighted, axis=1, code=commune_selected(PAGE), codes=codes)
    table_key = key("communes")
    st.dataframe(
        marked.format(ways | _ways(result)),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder=t("terms.unknown"),
        key=table_key,
        on_select=row_chosen(PAGE, table_key, codes),
        selection_mode="single-cell",
    )


def need(result: Result) -> None:
    """Planters and cover-crop seed by district and month."""
    table = result.outcome.tables["need"]
    if table.empty:
        st.html(f'<p class="calm">{as_html(t("coverage_page.no_demand"))}</p>')
        return
    st.html(f'<p class="calm">{as_html(t("workbook.need_why"))}</p>')
    flat = table.reset_index()
    flat["month"] = [_month(*pair) for pair in zip(flat["month"], flat["year"], strict=True)]
    offered = [*NEED, *(() if flat["seed_kg"].eq(0).all() else SEED)]
    said = worded(flat[["code", *offered]], result, "need")
    places = cache.places().districts
    names = [named(places.name_en[code], places.name_km[code]) for code in flat["code"]]
    said.insert(1, t("results.district"), names)
    show_table(said, key("need-table"))


NEED = ("month", "hectares", "planters", "planters_there")
SEED = ("cover_crop", "seed_kg")


def _month(month: float, year: float) -> str:
    """A month of a calendar year, or of any."""
    name = month_name(int(month), language())
    return name if pd.isna(year) else f"{name} {int(year)}"


def downloads(identity: str) -> None:
    """The company sheet first, then all tables."""
    spoken = language()
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            t("coverage_page.company_sheet"),
            data=lambda: company_sheet(cache.result(identity), spoken),
            file_name=f"deimap-requests-{identity}-{spoken}.xlsx",
            mime=SHEET,
            on_click="ignore",
            type="primary",
        )
        tables_button(identity)


def tables_button(identity: str) -> None:
    """All tables of a result as a workbook."""
    spoken = language()
    st.download_button(
        t("coverage_page.tables_sheet"),
        data=lambda: workbook(cache.result(identity), spoken),
        file_name=f"deimap-coverage-{identity}-{spoken}.xlsx",
        mime=SHEET,
        on_click="ignore",
    )
