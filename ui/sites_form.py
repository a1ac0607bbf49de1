"""What the planner wants of a site: goal, number, four weights; the rest under Expert."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from gis.sites.parameters import Objective
from gis.tracks import AXES
from layers.tracks import tracks
from ui.sites_bases import bases_form
from ui.sites_expert import expert
from ui.sites_overview import overview_line
from ui.sites_pairwise import whole_percents
from ui.sites_state import box, fault, for_bases, key, put, put_track, setting, takes
from ui.text import as_html, t

GOALS: tuple[Objective, ...] = get_args(Objective)
BUDGET_USD = 20_000.0
"""What stands in the box of the budget until the planner writes another amount."""


def choose_form(codes: tuple[str, ...], again: bool) -> bool:
    """The form; True in the one run in which sites were asked for."""
    _system()
    _goal()
    _how_many()
    if for_bases():
        bases_form()
    else:
        _weights()
        with st.container(key="overview"):
            overview_line(codes)
    with st.expander(t("frame.expert"), key=key("expert")):
        expert()
    return _action(again)


def _system() -> None:
    titles = {track.key: t(f"criteria.track_{track.key}") for track in tracks()}
    made = box("track", setting("track"))

    def take() -> None:
        put_track(st.session_state[made])

    st.segmented_control(
        t("sites.track"),
        list(titles),
        key=made,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=take,
        width="stretch",
    )


def _goal() -> None:
    titles = {goal: t(f"sites.goal_{goal}") for goal in GOALS} | {"bases": t("machine_bases.goal")}
    made = box("objective", "bases" if for_bases() else setting("objective"))

    def take() -> None:
        chosen = st.session_state[made]
        put("goal", "bases" if chosen == "bases" else "adopters")
        if chosen != "bases":
            put("objective", chosen)

    st.selectbox(
        t("sites.goal"),
        list(titles),
        key=made,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        on_change=take,
    )


def _how_many() -> None:
    """So many sites, or as many as a budget pays for; covering all has neither."""
    if setting("model") == "set-covering":
        st.html(f'<p class="calm">{as_html(t("choose.as_few"))}</p>')
    else:
        _count_or_budget()
    made = box("each", setting("min_per_district") > 0)

    def take() -> None:
        put("min_per_district", int(st.session_state[made]))

    st.checkbox(t("sites.one_per_district"), key=made, on_change=take)


def _count_or_budget() -> None:
    number = t("choose.limit_bases" if for_bases() else "choose.limit_count")
    limits = {"count": number, "budget": t("choose.limit_budget")}
    paid = setting("budget_usd") is not None
    made = box("limit", "budget" if paid else "count")

    def take() -> None:
        held = st.session_state.get(key("budget-kept"), BUDGET_USD)
        put("budget_usd", held if st.session_state[made] == "budget" else None)

    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="how-many"):
        st.segmented_control(
            t("choose.limit"), list(limits), key=made, format_func=limits.__getitem__,
            label_visibility="collapsed", required=True, on_change=take, width="stretch",
        )  # fmt: skip
        with st.container(width=118):
            _budget() if paid else _count()


def _count() -> None:
    made = box("count", setting("count"))
    st.number_input(
        t("sites.count"), 1, 5000, key=made, label_visibility="collapsed",
        on_change=takes(made, "count", int),
    )  # fmt: skip


def _budget() -> None:
    made = box("budget", float(setting("budget_usd")))

    def take() -> None:
        st.session_state[key("budget-kept")] = st.session_state[made]
        put("budget_usd", st.session_state[made])

    st.number_input(
        t("choose.budget"), 0.0, 1e9, step=1000.0, format="%.0f", key=made,
        label_visibility="collapsed", on_change=take,
    )  # fmt: skip


def _weights() -> None:
    """Four sliders, each with its share of what they add to, in percent."""
    weights = {axis: setting(f"weights.{axis}") for axis in AXES}
    some = any(weights.values())
    shares = whole_percents(list(weights.values())) if some else [0] * len(AXES)
    percents = dict(zip(AXES, shares, strict=True))
    st.html(f'<p class="label">{as_html(t("sites.weights"))}</p>')
    with st.container(key="weights"):
        for pair in (AXES[:2], AXES[2:]):
            for column, axis in zip(st.columns(2, gap="medium"), pair, strict=True):
                with column:
                    _slider(axis, round(100 * weights[axis]), percents[axis])


def _slider(axis: str, points: int, percent: int) -> None:
    made = box(axis, points)
    title = t("choose.of_all", title=t(f"criteria.axis_{axis}"), percent=percent)
    st.slider(
        title, 0, 100, step=5 if points % 5 == 0 else 1, key=made,
        on_change=takes(made, f"weights.{axis}", lambda value: value / 100),
    )  # fmt: skip


def _action(again: bool) -> bool:
    wrong = fault()
    with st.container(key="action"):
        if wrong:
            st.html(f'<p class="stale">{as_html(t(wrong))}</p>')
        return st.button(
            t("sites.find_again" if again else "sites.find"),
            type="primary",
            width="stretch",
            key=key("find"),
            disabled=bool(wrong),
        )
