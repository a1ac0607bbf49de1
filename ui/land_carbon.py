"""Soil carbon under conservation agriculture, by commune and as a range; never of one plot."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.land_degradation.carbon_account import RECORDED, SCENARIO
from ui import cache
from ui.land_state import key
from ui.results import show_table, worded
from ui.text import as_html, language, named, shown, t

BASES = {RECORDED: "land.carbon_recorded", SCENARIO: "land.carbon_scenario"}


def carbon(result: Result) -> None:
    """What the factors would add, why as a range and why not by plot; then the communes."""
    table = result.outcome.tables["carbon"]
    for basis in BASES:
        said = summed(result, table[table["scenario"] == basis], basis)
        if said:
            st.html(f'<p class="reason">{as_html(said)}</p>')
    st.html(f'<p class="calm">{as_html(t("land.carbon_why"))}</p>')
    show_table(carbon_of(result), key("carbon-table"))


def summed(result: Result, rows: pd.DataFrame, basis: str) -> str:
    """The whole area in one sentence: what changes against the standard method, low to high."""
    known = rows.dropna(subset=["standard_t", "ca_low_t", "ca_high_t"])
    if known.empty or not float(known["hectares"].sum()):
        return ""
    gain = {
        end: float((known[f"ca_{end}_t"] - known["standard_t"]).sum()) for end in ("low", "high")
    }
    scenario = result.provenance.parameters["scenario"]
    said = {
        "hectares": shown(float(known["hectares"].sum()), t("map.hectares"), 0),
        "low": f"{gain['low']:+,.0f}",
        "high": f"{gain['high']:+,.0f}",
        "years": str(int(known["years"].max())),
        "edition": t(f"land.edition_{known['edition'].iloc[0]}"),
    }
    if basis == RECORDED:
        return t("land.carbon_of_plots", **said)
    levels = {
        "tillage": t(f"land.tillage_{scenario['tillage']}"),
        "inputs": t(f"land.inputs_{scenario['inputs']}"),
    }
    return t("land.carbon_of_scenario", **said, **levels)


def carbon_of(result: Result) -> pd.DataFrame:
    """One row a commune and basis: the standard beside both ends and the middle of the range."""
    table = result.outcome.tables["carbon"]
    communes = cache.places().communes
    names = [named(communes.name_en[code], communes.name_km[code]) for code in table.index]
    reason = f"reason_{language()}"
    told = table.reset_index()[[*CARBON, reason]].fillna({reason: ""})
    said = worded(told, result)
    said.insert(1, t("results.commune"), names)
    return said


CARBON = ("code", "scenario", "hectares", "standard_t", "ca_low_t", "ca_central_t", "ca_high_t")
