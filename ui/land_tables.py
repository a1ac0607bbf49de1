"""Folded under the map of Land: changes of land cover, the balance, reporting tables, carbon."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.land_degradation.hotspots import LEAST_Z
from gis.land_degradation.tables import COVERS
from layers.colours import COLOURS
from reports.reporting import Block, blocks
from ui.land_carbon import carbon
from ui.land_state import key, period, period_title
from ui.results import show_table, worded
from ui.text import as_html, language, named, shown, t


def folded_tables(result: Result) -> None:
    """Each behind its own title, of the period that the map shows."""
    years = period_title(result, period())
    tables = result.outcome.tables
    with st.expander(f"{t('land.transitions')} · {years}", key=key("transitions")):
        st.html(f'<p class="calm">{as_html(t("land.transitions_help"))}</p>')
        st.html(transition_matrix(tables["transitions"], period()))
    with st.expander(f"{t('land.balance')} · {years}", key=key("balance")):
        balance(result)
    with st.expander(f"{t('land.reporting')} · {years}", key=key("reporting")):
        reporting(result)
    with st.expander(t("land.carbon"), key=key("carbon")):
        carbon(result)
    with st.expander(t("workbook.sheet_hotspots"), key=key("hotspots")):
        hot_spots(result)


def transition_matrix(table: pd.DataFrame, period: str) -> str:
    """Hectares from each land cover (rows) to each (columns), coloured by what a change means."""
    rows = table[table["period"] == period]
    classes = list(COVERS.values())
    hectares = rows.pivot_table("hectares", "initial", "final", aggfunc="sum")
    counts = rows.drop_duplicates(["initial", "final"]).set_index(["initial", "final"])
    titles = {name: as_html(t(f"degradation.{name}")) for name in classes}
    head = "".join(f"<th>{titles[name]}</th>" for name in classes)
    body = []
    for first in classes:
        cells = [f"<th>{titles[first]}</th>"]
        for last in classes:
            amount = hectares.get(last, pd.Series(dtype=float)).get(first, float("nan"))
            if amount != amount:
                cells.append("<td></td>")
                continue
            effect = counts.at[(first, last), "degradation"]
            cells.append(f"<td{_ink(str(effect))}>{as_html(shown(float(amount)))}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    corner = as_html(t("land.from_to"))
    return f'<table class="matrix"><tr><th>{corner}</th>{head}</tr>{"".join(body)}</table>'


def _ink(effect: str) -> str:
    colour = COLOURS.get(f"degradation.{effect}")
    if colour is None:
        return ""
    ink = "#FFFFFF" if effect == "class_degraded" else "#1E2A2B"
    return f' style="background:{colour};color:{ink}"'


def balance(result: Result) -> None:
    """Gains against losses by land type; the baseline has nothing to be balanced against."""
    table = result.outcome.tables["ldn_balance"]
    rows = table[table["period"] == period()]
    if rows.empty:
        st.html(f'<p class="calm">{as_html(t("land.balance_baseline"))}</p>')
        return
    st.html(f'<p class="calm">{as_html(t("land.balance_help"))}</p>')
    show_table(worded(rows[list(BALANCE)], result), key("balance-table"))


BALANCE = ("land_type", "gains_ha", "losses_ha", "neutral_ha", "no_data_ha", "balance_ha")


def hot_spots(result: Result) -> None:
    """Where degraded land of the newest period lies close together, most hectares first."""
    found = result.outcome.features["hotspots"]
    side = result.provenance.parameters["hotspot_m"] / 1000
    st.html(f'<p class="calm">{as_html(t("land.hotspots_help", side=side, z=LEAST_Z))}</p>')
    if found.empty:
        st.html(f'<p class="calm">{as_html(t("land.no_hotspots"))}</p>')
        return
    table = worded(pd.DataFrame(found[list(HOT_SPOTS)]), result)
    names = zip(found["name_en"], found["name_km"].fillna(""), strict=True)
    table.insert(2, t("results.commune"), [named(*pair) for pair in names])
    share, z = table.columns[-2:]
    table[share] *= 100
    table = table.rename(columns={share: f"{share}, %"})
    show_table(table, key("hotspots-table"), **{z: partial(shown, digits=1)})


HOT_SPOTS = ("rank", "code", "degraded_ha", "share", "z")


def reporting(result: Result) -> None:
    """One reporting table at a time, as the manual lays it out and the workbook holds it."""
    table = result.outcome.tables["reporting"]
    rows = table[table["period"] == period()]
    found = {block.title: block for block in blocks(rows, language(), result.provenance.parameters)}
    chosen = st.selectbox(
        t("land.reporting"),
        list(found),
        key=key(f"report-{language()}"),
        label_visibility="collapsed",
        persist_state="session",
    )
    if chosen:
        said = report_of(found[chosen])
        ways = dict.fromkeys(said.columns[1:], shown)
        show_table(said, key(f"report-{list(found).index(chosen)}"), **ways)


def report_of(block: Block) -> pd.DataFrame:
    """A reporting table: classes down, years or classes across."""
    rows = [(title, *values) for title, values in block.rows]
    said = pd.DataFrame(rows, columns=[t("land.class"), *block.columns])
    return said.astype(dict.fromkeys(block.columns, float))
