"""Under the map of Sites: all communes, the layers and the working values behind a result."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.tracks import AXES
from ui import cache
from ui.results import layers_behind, made, show_table
from ui.sites_bases import communes_of_bases, of_bases
from ui.sites_compared import scenarios_below
from ui.sites_confidence import hangs_on
from ui.sites_overrides import both_rankings
from ui.sites_result import communes_of, sites_of
from ui.sites_trade_off import trade_off
from ui.sites_values import working_values
from ui.text import as_html, example_chip, language, named, t


def below(identity: str) -> None:
    """Tables; everything on the map stands here too."""
    result = cache.result(identity)
    trade_off(result)
    hangs_on(result)
    both_rankings(result)
    scenarios_below(result)
    st.subheader(t("sites.all_communes"))
    if result.provenance.example:
        st.html(example_chip())
    table = communes_of_bases(result) if of_bases(result) else all_communes(result)
    show_table(table, "sites-communes", **{t("sites.rank"): _rank})
    st.subheader(t("results.rests_on"))
    st.html(f'<p class="calm">{as_html(made(result))}</p>')
    show_table(layers_behind(result), "sites-layers")
    st.subheader(t("sites.working_values"))
    show_table(working_values(result), "sites-values")


def _rank(rank: float) -> str:
    return "" if math.isnan(rank) else str(int(rank))


def all_communes(result: Result) -> pd.DataFrame:
    """Every commune: rank where chosen, group, the four axes, the reason."""
    table = communes_of(result)
    ranks = sites_of(result)["rank"].groupby(level=0).min()
    districts = cache.places().districts
    names = zip(table["name_en"], table["name_km"], strict=True)
    rows: dict[str, Any] = {
        t("sites.rank"): ranks.reindex(table.index).astype(float).tolist(),
        t("results.code"): list(table.index),
        t("results.commune"): [
            named(str(en), km if isinstance(km, str) else "") for en, km in names
        ],
        t("results.district"): [
            named(districts.name_en[code], districts.name_km[code]) for code in table.index.str[:4]
        ],
        t("sites.group"): [t(f"sites.group_{group}") for group in table["group"]],
        t("sites.usable"): table["hectares"].astype(float).tolist(),
    }
    for axis in AXES:
        rows[t(f"criteria.axis_{axis}")] = (table[axis].astype(float) * 100).tolist()
    rows[t("sites.suitability")] = (table["suitability"].astype(float) * 100).tolist()
    rows[t("sites.reason")] = table[f"reason_{language()}"].fillna("").tolist()
    ranked = pd.DataFrame(rows)
    return ranked.sort_values([t("sites.rank"), t("results.code")], na_position="last")
