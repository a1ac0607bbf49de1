"""Settings of the page Coverage: season, track and demand in sight, the rest under Expert."""

from __future__ import annotations

from datetime import date
from typing import get_args

import streamlit as st

from gis.analysis import Result
from gis.coverage.parameters import DEMANDS, Decay
from gis.parameters import SEASON_KEYS
from layers.machinery import machinery
from layers.tracks import tracks
from ui import state
from ui.coverage_state import box_of, is_present, key, kind_of, surfaces_offered
from ui.text import as_html, language, t

YEARS_AROUND = 2
"""Years before and after this one that can be planned for."""
NEWEST = 0
BOXES = ("year", "limit_minutes", "decay", "cover_crop")
"""Settings of the form."""


def choices() -> None:
    """Which season, on which land, for which hectares: what a run is about."""
    _segments("season", "season_named", {name: t(f"frame.season_{name}") for name in SEASON_KEYS})
    systems = {track.key: t(f"criteria.track_{track.key}") for track in tracks()}
    _segments("track", "track", systems)
    share = f"{st.session_state[key('scenario_share')] * 100:g}"
    titles = {name: t(f"coverage_page.demand_{name}", share=share) for name in DEMANDS}
    chosen = st.session_state[key("demand")]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        box = box_of("demand")
        st.selectbox(
            t("coverage_page.demand"),
            list(titles),
            key=box,
            format_func=titles.__getitem__,
            label_visibility="collapsed",
            on_change=state.take_over,
            args=(box, key("demand")),
        )
        if chosen == "scenario":
            _share()


def _segments(name: str, label: str, titles: dict[str, str]) -> None:
    box = box_of(name)
    st.segmented_control(
        t(f"coverage_page.{label}"),
        list(titles),
        key=box,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=state.take_over,
        args=(box, key(name)),
        width="stretch",
    )


def _share() -> None:
    box = key("box-share")
    st.session_state[box] = round(100 * st.session_state[key("scenario_share")])

    def take() -> None:
        st.session_state[key("scenario_share")] = st.session_state[box] / 100

    with st.container(key="share", width=104):
        st.number_input(
            t("coverage_page.share"),
            1,
            100,
            key=box,
            step=5,
            label_visibility="collapsed",
            on_change=take,
        )


def surfaces(result: Result) -> None:
    """What colours the map."""
    kind = kind_of(not is_present(result.provenance.parameters))
    _segments(
        f"surface-{kind}",
        "colour_by",
        {name: t(f"coverage_page.short_{name}") for name in surfaces_offered(kind)},
    )


def expert_form() -> None:
    """Limit, decay, year and cover crop; the tables of speeds and days stand under the map."""
    with st.expander(t("frame.expert"), key=key("expert")), st.form("expert-form", border=False):
        for name in BOXES:
            # an empty box has no words: the newest year is written as one
            st.session_state.setdefault(_kept_box(name), st.session_state[key(name)] or NEWEST)
        st.selectbox(
            t("coverage_page.year"), _years(), key=_kept_box("year"), format_func=_year_title
        )
        st.number_input(
            t("coverage_page.limit_minutes"), 10.0, 480.0, step=10.0, format="%.0f",
            key=_kept_box("limit_minutes"),
        )  # fmt: skip
        _titled("decay", {name: t(f"coverage_page.decay_{name}") for name in get_args(Decay)})
        covers = [item.cover_crop for item in machinery().cover_crops]
        _titled("cover_crop", {name: t(f"explore.cover_{name}") for name in covers})
        st.html(f'<p class="calm">{as_html(t("coverage_page.expert_help"))}</p>')
        st.form_submit_button(t("coverage_page.again"), width="stretch", on_click=_sent)


def _titled(name: str, titles: dict[str, str]) -> None:
    st.selectbox(
        t(f"coverage_page.{name}"), list(titles), key=_kept_box(name),
        format_func=titles.__getitem__,
    )  # fmt: skip


def _kept_box(name: str) -> str:
    """A box of the form: what is set in it stays until the form is sent."""
    return key(f"form-{name}-{language()}")


def _sent() -> None:
    for name in BOXES:
        st.session_state[key(name)] = st.session_state[_kept_box(name)] or None


def _years() -> list[int]:
    this = date.today().year
    around = {*range(this - YEARS_AROUND, this + YEARS_AROUND + 1)}
    chosen = st.session_state[key("year")]
    return [NEWEST, *sorted(around | ({chosen} if chosen else set()))]


def _year_title(year: int) -> str:
    return t("coverage_page.newest_year") if year == NEWEST else str(year)
