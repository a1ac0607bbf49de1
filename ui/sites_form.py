"""What the planner wants of a site: the form of the page Sites and the parameters it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from gis.sites.parameters import Objective, SitesParameters
from gis.tracks import AXES
from layers.tracks import tracks
from ui import state
from ui.sites_decided import decided, take_over_decided
from ui.text import t

PAGE = "sites"
GOALS: tuple[Objective, ...] = get_args(Objective)
DEFAULTS = SitesParameters()
CLASSES = ("s1", "s2", "s3", "n1")


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def choose_form(again: bool) -> bool:
    """The form; True in the one run in which it was sent."""
    with st.form("choose", border=False, enter_to_submit=True):
        _what()
        _weights()
        with st.expander(t("frame.expert")):
            _expert()
        with st.container(key="action"):
            return st.form_submit_button(
                t("sites.find_again" if again else "sites.find"), type="primary", width="stretch"
            )


def _what() -> None:
    systems = {track.key: t(f"criteria.track_{track.key}") for track in tracks()}
    goals = {goal: t(f"sites.goal_{goal}") for goal in GOALS}
    st.segmented_control(
        t("sites.track"),
        list(systems),
        key=key("track"),
        default=DEFAULTS.track,
        required=True,
        format_func=systems.__getitem__,
        persist_state="session",
        width="stretch",
    )
    st.selectbox(
        t("sites.goal"),
        list(goals),
        key=key("objective"),
        format_func=goals.__getitem__,
        persist_state="session",
    )
    st.number_input(
        t("sites.count"), 1, 200, DEFAULTS.count, key=key("count"), persist_state="session"
    )
    st.checkbox(t("sites.one_per_district"), key=key("each"), persist_state="session")


def _weights() -> None:
    st.html(f'<p class="label">{t("sites.weights")}</p>')
    for pair in (AXES[:2], AXES[2:]):
        for column, axis in zip(st.columns(2, gap="medium"), pair, strict=True):
            column.slider(
                t(f"criteria.axis_{axis}"),
                0,
                100,
                round(100 * DEFAULTS.weights.of(axis)),
                step=5,
                key=key(axis),
                persist_state="session",
            )
    st.html(f'<p class="calm">{t("sites.weights_help")}</p>')


def _expert() -> None:
    distances = (("reach_m", 0.5), ("diffusion_m", 0.0), ("spacing_m", 0.0))
    for name, least in distances:
        st.number_input(
            t(f"sites.{name.replace('_m', '_km')}"),
            least,
            100.0,
            getattr(DEFAULTS, name) / 1000,
            step=0.5,
            key=key(name),
            persist_state="session",
        )
    st.slider(
        t("sites.fit_threshold"),
        0.0,
        1.0,
        DEFAULTS.fit_threshold,
        step=0.05,
        key=key("fit_threshold"),
        persist_state="session",
    )
    st.html(f'<p class="label">{t("sites.cutoffs")}</p>')
    for column, name in zip(st.columns(4, gap="small"), CLASSES, strict=True):
        column.number_input(
            name.upper(),
            0.0,
            1.0,
            getattr(DEFAULTS.cutoffs, name),
            step=0.05,
            key=key(name),
            persist_state="session",
        )


def wanted() -> Mapping[str, Any]:
    """The form as parameters of the analysis; what was never drawn keeps its default."""

    def value(name: str, default: Any) -> Any:
        return st.session_state.get(key(name), default)

    return {
        "track": value("track", DEFAULTS.track),
        "objective": value("objective", DEFAULTS.objective),
        "count": int(value("count", DEFAULTS.count)),
        "min_per_district": int(bool(value("each", False))),
        "weights": {
            axis: value(axis, round(100 * DEFAULTS.weights.of(axis))) / 100 for axis in AXES
        },
        "cutoffs": {name: value(name, getattr(DEFAULTS.cutoffs, name)) for name in CLASSES},
        "fit_threshold": value("fit_threshold", DEFAULTS.fit_threshold),
        **{
            name: value(name, getattr(DEFAULTS, name) / 1000) * 1000
            for name in ("reach_m", "diffusion_m", "spacing_m")
        },
        **decided(),
    }


def take_over(parameters: Mapping[str, Any]) -> None:
    """Set the form to the parameters of a result, so that both say the same."""
    for name in ("track", "objective", "count", "fit_threshold"):
        st.session_state[key(name)] = parameters[name]
    st.session_state[key("each")] = parameters["min_per_district"] > 0
    for axis in AXES:
        st.session_state[key(axis)] = round(100 * parameters["weights"][axis])
    for name in CLASSES:
        st.session_state[key(name)] = float(parameters["cutoffs"][name])
    for name in ("reach_m", "diffusion_m", "spacing_m"):
        st.session_state[key(name)] = parameters[name] / 1000
    take_over_decided(parameters)
