"""The goal of new machinery bases on the page Sites: its form, headline, map and table."""

from __future__ import annotations

import math
from typing import Any, get_args

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.sites.bases_parameters import Unmet
from layers.drawing import Drawing, LegendGroup, LegendItem, Sign
from locales import text
from ui import cache
from ui.coverage_bases import base_signs
from ui.coverage_map import bases_legend, surface_legend
from ui.coverage_surfaces import shown as surface_shown
from ui.mapview import map_texts
from ui.results import years
from ui.sites_state import box, put, setting, takes
from ui.text import as_html, example_chip, language, named, shown, t

UNMET: tuple[Unmet, ...] = get_args(Unmet)
SURFACE = "travel_time"
COLUMNS = {
    "demand_ha": "machine_bases.demand",
    "unmet_now_ha": "machine_bases.unmet_now",
    "unmet_ha": "machine_bases.unmet_then",
}
"""Columns of communes that the table shows -> their headings."""


def of_bases(result: Result) -> bool:
    """Whether a result proposes bases."""
    return bool(result.outcome.summary.get("goal") == "bases")


def bases_form() -> None:
    """What new bases are to serve, what stands at one, what it costs; in place of the weights."""
    titles = {name: t(f"machine_bases.unmet_{name}") for name in UNMET}
    made = box("bases-demand", setting("bases.demand"))
    st.segmented_control(
        t("machine_bases.which"), list(titles), key=made, format_func=titles.__getitem__,
        required=True, on_change=takes(made, "bases.demand"), width="stretch",
    )  # fmt: skip
    for column, field in zip(st.columns(2, gap="medium"), (_planters, _minutes), strict=True):
        with column:
            field()
    _cost()
    st.html(f'<p class="calm">{as_html(t("machine_bases.as_coverage"))}</p>')


def _planters() -> None:
    made = box("bases-planters", int(setting("bases.planters_per_base")))
    st.number_input(
        t("machine_bases.parameter_planters_per_base"), 1, 1000, key=made,
        on_change=takes(made, "bases.planters_per_base", int),
    )  # fmt: skip


def _minutes() -> None:
    made = box("bases-minutes", float(setting("bases.limit_minutes")))
    st.number_input(
        t("machine_bases.minutes_at_most"), 1.0, 1440.0, step=10.0, format="%g", key=made,
        on_change=takes(made, "bases.limit_minutes", float),
    )  # fmt: skip


def _cost() -> None:
    """Empty until the planner states it: no price of a base is published."""
    stated = setting("bases.cost_usd")
    made = box("bases-cost", None if stated is None else float(stated))

    def take() -> None:
        put("bases.cost_usd", st.session_state[made] or None)

    st.number_input(
        t("machine_bases.cost"), 0.0, 1e6, step=500.0, format="%.0f", key=made,
        value=None, placeholder=t("machine_bases.not_stated"), on_change=take,
    )  # fmt: skip


def headline_of_bases(result: Result, sure: str) -> None:
    """The answer first: how many bases serve how much more, and what stays unmet."""
    summary = result.outcome.summary
    if not summary["sites"]:
        st.html(f'<p class="heading">{as_html(t("machine_bases.none_proposed"))}</p>')
        st.html(f'<p class="reason">{as_html(why_none(result))}</p>')
        return
    amount = shown(float(summary["served_more_ha"]), digits=0)
    words = t("machine_bases.headline", count=summary["sites"], amount=amount)
    below = t(
        "machine_bases.under",
        track=t(f"criteria.track_{summary['track']}"),
        season=t(f"frame.season_{summary['season']}"),
        unmet=shown(float(summary["unmet_ha"]), digits=0),
        years=years(result),
    )
    if summary["cost_usd"]:
        below += f" · US${shown(float(summary['cost_usd']), digits=0)}"
    chip = f" {example_chip()}" if result.provenance.example else ""
    if summary["search"].get("proven_best"):
        sure = t("machine_bases.best_of_model")  # coverage, which shares all days anew, proves none
    proven = as_html(f" · {sure}") if sure else ""
    st.html(
        f'<p class="heading">{as_html(words)}</p><p class="sub">{as_html(below)}{proven}{chip}</p>'
    )


def why_none(result: Result) -> str:
    """Why no base is proposed, and which other demand may find some."""
    told = [
        text(note.key, language(), **dict(note.values))
        for note in result.outcome.warnings
        if note.key in WHY_NONE
    ]
    if result.provenance.parameters["bases"]["demand"] == "requested":
        told.append(t("sites_result.try_scenario", which=t("machine_bases.unmet_scenario")))
    return " ".join(told)


WHY_NONE = (
    *("machine_bases.none_there", "machine_bases.nothing_unmet", "machine_bases.no_days"),
    *("reasons.no_candidates", "reasons.budget_too_small"),
)
"""Remarks that tell why no base is proposed."""


def drawing_of_bases(
    identity: str, selected: str, pins: tuple[Sign, ...], opacity: float
) -> Drawing:
    """The ways of machines with the new bases, which are pins, and those that are there."""
    result = cache.result(identity)
    found = surface_shown(identity, SURFACE)
    table = result.outcome.features["bases"]
    new = set(table.index[table["state"] == "new"].astype(str))
    present = tuple(sign for sign in base_signs(result) if sign.id not in new)
    example = result.provenance.example
    return Drawing(
        language=language(),
        texts=map_texts(),
        surface=found.surface,
        opacity=opacity,
        hatch=found.hatch,
        names=("commune",),
        roads=True,
        points=present,
        pins=pins,
        pin=selected,
        unit=selected,
        legend=(
            *_pin_legend(pins),
            *bases_legend(present),
            surface_legend(result, found, SURFACE),
        ),
        chips=(t("frame.example"),) if example else (),
        # Real communes under made-up providers: said across the map, not only in a corner.
        stamp=t("map.stamp") if example else "",
    )


def _pin_legend(pins: tuple[Sign, ...]) -> tuple[LegendGroup, ...]:
    if not pins:
        return ()
    rows = (
        LegendItem(t("machine_bases.proposed"), sign="site-proposed"),
        LegendItem(t("map.selected"), sign="site-selected"),
    )
    return (LegendGroup("", rows),)


def communes_of_bases(result: Result) -> pd.DataFrame:
    """Every commune: rank of its base, demand, what stays unmet now and then, the way there."""
    table = result.outcome.tables["communes"]
    names = zip(table["name_en"], table["name_km"], strict=True)
    rows: dict[str, Any] = {
        t("sites.rank"): table["site"].astype(float).tolist(),
        t("results.code"): list(table.index),
        t("results.commune"): [
            named(str(en), km if isinstance(km, str) else "") for en, km in names
        ],
        t("sites.group"): [t(f"sites.group_{group}") for group in table["group"]],
    }
    for column, heading in COLUMNS.items():
        rows[t(heading)] = table[column].astype(float).tolist()
    rows[t("sites.reason")] = table[f"reason_{language()}"].fillna("").tolist()
    found = pd.DataFrame(rows)
    return found.sort_values([t("sites.rank"), t("results.code")], na_position="last")


def curve_in_words(table: pd.DataFrame) -> str:
    """How much each further base adds, from the first to the last."""
    added = table["hectares"].diff().fillna(table["hectares"])
    first, last = (shown(float(added.iloc[place]), digits=0) for place in (0, -1))
    if len(table) == 1 or math.isnan(float(added.iloc[-1])):
        return t("machine_bases.one_adds", first=first)
    return t("machine_bases.each_adds", first=first, last=last, count=len(table))
