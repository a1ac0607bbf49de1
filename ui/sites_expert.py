"""Under Expert: weights of criteria, comparison by pairs, rules of the choice, its search."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from gis.parameters import SEASON_KEYS
from gis.sites.parameters import Model, Offer
from ui.sites_pairwise import comparison
from ui.sites_points import points_box
from ui.sites_state import CLASSES, box, for_bases, key, put, setting, takes
from ui.sites_weights import named_sets, weights_of_criteria
from ui.text import as_html, t

PARTS = ("weights", "pairs", "rules", "search")
OF_WEIGHTS = ("weights", "pairs")
"""Parts that bases of machines do not have."""
KM = 1000.0
ONE_EACH: dict[str, bool | None] = {"model": None, "one": True, "several": False}
"""How many sites a commune may get, as the planner chooses it."""


def expert() -> None:
    """One part at a time, so that the form stays short."""
    parts = [name for name in PARTS if not (for_bases() and name in OF_WEIGHTS)]
    titles = {name: t(f"choose.part_{name}") for name in parts}
    held = st.session_state.get(key("part"))
    made = box("part", held if held in parts else parts[0])

    def take() -> None:
        st.session_state[key("part")] = st.session_state[made]

    part = st.segmented_control(
        t("choose.parts"), list(titles), key=made, format_func=titles.__getitem__,
        label_visibility="collapsed", required=True, on_change=take, width="stretch",
    )  # fmt: skip
    {"weights": _weights, "pairs": comparison, "rules": _rules, "search": _search}[part]()


def _weights() -> None:
    st.html(f'<p class="calm">{as_html(t("sites.weights_help"))}</p>')
    weights_of_criteria()
    named_sets()


def _rules() -> None:
    """How sites are chosen, among which places, how far they reach, what every district gets."""
    _choice("model", get_args(Model), "choose.model_")
    if setting("model") == "capacitated":
        number("site_capacity", 1.0, 1e6, 10.0)
    _choice("candidates", get_args(Offer), "choose.candidates_")
    if setting("candidates") == "hexagons":
        number("hexagon_m", 0.5, 100.0, 0.5, KM, t("choose.hexagon_km"))
    if setting("candidates") == "points":
        points_box()
    _one_each()
    number("reach_m", 0.5, 100.0, 0.5, KM, t("sites.reach_km"))
    number("diffusion_m", 0.0, 100.0, 0.5, KM, t("sites.diffusion_km"))
    number("spacing_m", 0.0, 100.0, 0.5, KM, t("sites.spacing_km"))
    number("fit_threshold", 0.0, 1.0, 0.05, title=t("sites.fit_threshold"), shape="%.2f")
    number("min_reach", 0.0, 1e6, 1.0)
    whole("min_per_district", 0, 100)
    number("min_share_per_district", 0.0, 100.0, 5.0, 0.01, t("choose.min_share"))


def _search() -> None:
    """When ways are measured, how the answer is tested, how long is searched, what a site costs."""
    _choice("service_season", SEASON_KEYS, "frame.season_")
    whole("samples", 0, 1000)
    whole("seed", 0, 2**31)
    number("time_limit_s", 0.0, 3600.0, 10.0)
    whole("groups_per_site", 0, 1000)
    number("commune_cost_usd", 0.0, 1e6, 100.0, title=t("choose.commune_usd"))
    number("group_cost_usd", 0.0, 1e6, 100.0, title=t("choose.group_usd"))
    st.html(f'<p class="label">{as_html(t("sites.cutoffs"))}</p>')
    for column, name in zip(st.columns(4, gap="small"), CLASSES, strict=True):
        with column:
            number(f"cutoffs.{name}", 0.0, 1.0, 0.05, title=name.upper(), shape="%.2f")


def number(
    name: str,
    least: float,
    most: float,
    step: float,
    scale: float = 1.0,
    title: str = "",
    shape: str = "%g",
) -> None:
    """A setting as a number, shown in ``1 / scale`` of the unit that the analysis has."""
    made = box(name, round(float(setting(name)) / scale, 6))
    st.number_input(
        title or t(f"sites.parameter_{name}"), least, most, step=step, format=shape, key=made,
        on_change=takes(made, name, lambda value: round(value * scale, 6)),
    )  # fmt: skip


def whole(name: str, least: int, most: int) -> None:
    """A setting as a whole number."""
    made = box(name, int(setting(name)))
    st.number_input(
        t(f"sites.parameter_{name}"), least, most, key=made, on_change=takes(made, name, int)
    )


def _choice(name: str, options: tuple[str, ...], stem: str) -> None:
    """A setting as one of several words, whose texts begin alike."""
    titles = {one: t(stem + one) for one in options}
    made = box(name, setting(name))
    st.selectbox(
        t(f"choose.choose_{name}"), list(titles), key=made, format_func=titles.__getitem__,
        on_change=takes(made, name),
    )  # fmt: skip


def _one_each() -> None:
    titles = {name: t(f"choose.each_{name}") for name in ONE_EACH}
    now = next(name for name, value in ONE_EACH.items() if value is setting("one_per_commune"))
    made = box("one-each", now)

    def take() -> None:
        chosen: Any = ONE_EACH[st.session_state[made]]
        put("one_per_commune", chosen)

    st.selectbox(
        t("choose.in_a_commune"), list(titles), key=made, format_func=titles.__getitem__,
        on_change=take,
    )  # fmt: skip
