"""The tab What if: bases added, closed, moved, machines bought, speeds changed; then compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from layers.tracks import tracks
from ui import cache, state
from ui.coverage_bases import (
    Present,
    base_named,
    base_title,
    chosen_number,
    commune_title,
    new_base,
    present,
)
from ui.coverage_changes import FACTORS, changes_list
from ui.coverage_state import DEFAULTS, PAGE, box_of, change, changes, key, nothing_changed, plain
from ui.selection import clicked
from ui.text import as_html, language, t


def placed(codes: tuple[str, ...], map_key: str) -> Callable[[], None]:
    """What a click on the map does here: it selects a base, moves one, or adds one."""
    select = clicked(PAGE, map_key)

    def take() -> None:
        select()
        kind, _, identity = str(st.session_state.get(key("selected"), "")).partition(":")
        if kind != "at":
            return
        st.session_state[key("selected")] = ""
        lon, lat = (float(part) for part in identity.split(","))
        if cache.places().at(lon, lat) is None:
            st.session_state[key("nowhere")] = True  # abroad, or where no outlines are at hand
            return
        moving = st.session_state.pop(key("moving"), "")
        if moving:
            _move(codes, moving, lon, lat)
            return
        machine, count = st.session_state[key("machine")], st.session_state[key("count")]
        change(bases=[*changes()["bases"], new_base(lon, lat, machine, count)])

    return take


def _move(codes: tuple[str, ...], reference: str, lon: float, lat: float) -> None:
    others = [item for item in changes()["moved"] if item["provider"] != reference]
    change(moved=[*others, {"provider": reference, "lon": lon, "lat": lat}])
    base = base_named(codes, reference)
    st.session_state[key("selected")] = f"base:{base.number}" if base else ""


def settle_new() -> None:
    """A new base has a planter of the track until the planner says otherwise."""
    planters = next(
        track.planters for track in tracks() if track.key == st.session_state[key("track")]
    )
    if st.session_state.get(key("machine-track")) != st.session_state[key("track")]:
        st.session_state[key("machine-track")] = st.session_state[key("track")]
        st.session_state[key("machine")] = planters[0]
    st.session_state.setdefault(key("count"), 1)


def subject() -> None:
    """What the comparison is about: season, land and demand as the tab Now has them."""
    share = f"{st.session_state[key('scenario_share')] * 100:g}"
    parts = (
        t(f"frame.season_{st.session_state[key('season')]}"),
        t(f"criteria.track_{st.session_state[key('track')]}"),
        t(f"coverage_page.demand_{st.session_state[key('demand')]}", share=share),
    )
    st.html(f'<p class="sub">{as_html(" · ".join(parts))}</p>')


def changes_panel(codes: tuple[str, ...]) -> None:
    """What may be changed, and what has been."""
    st.html(f'<p class="calm">{as_html(t("coverage_page.what_if_hint"))}</p>')
    if st.session_state.pop(key("nowhere"), False):
        st.html(f'<p class="stale">{as_html(t("coverage_page.nowhere"))}</p>')
    _new_machine()
    _choose_base(codes)
    changes_list(codes)
    _factors()


def _new_machine() -> None:
    kinds = next(
        track.machines for track in tracks() if track.key == st.session_state[key("track")]
    )
    titles = {kind: t(f"map.machine_{kind}") for kind in kinds}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        box = box_of("machine")
        st.selectbox(
            t("coverage_page.new_base_has"), list(titles), key=box,
            format_func=titles.__getitem__, on_change=state.take_over, args=(box, key("machine")),
        )  # fmt: skip
        with st.container(width=84):
            box = box_of("count")
            st.number_input(
                t("coverage_page.count"), 1, 50, key=box, on_change=state.take_over,
                args=(box, key("count")),
            )  # fmt: skip


def _choose_base(codes: tuple[str, ...]) -> None:
    """Every base by its number too, for those who do not use the map."""
    bases = {str(base.number): base for base in present(codes)}
    if not bases:
        st.html(f'<p class="calm">{as_html(t("coverage_page.no_base"))}</p>')
        return
    box = key(f"box-base-{language()}")
    number = chosen_number()
    st.session_state[box] = number if number in bases else None

    def take() -> None:
        chosen = st.session_state[box]
        st.session_state[key("selected")] = f"base:{chosen}" if chosen else ""
        st.session_state.pop(key("moving"), None)

    st.selectbox(
        t("coverage_page.change_base"),
        list(bases),
        key=box,
        format_func=lambda found: _place_and_machines(bases[found]),
        placeholder=t("coverage_page.choose_base"),
        on_change=take,
    )
    if number in bases:
        _base_buttons(bases[number])


def _place_and_machines(base: Present) -> str:
    commune = commune_title(base.commune)
    return base_title(base.number, base.machines) + (f" · {commune}" if commune else "")


def _base_buttons(base: Present) -> None:
    tried = changes()
    closed = base.reference in tried["closed"]

    def close() -> None:
        kept = [name for name in tried["closed"] if name != base.reference]
        others = {
            name: [item for item in tried[name] if item["provider"] != base.reference]
            for name in ("moved", "more_machines")
        }
        change(closed=kept if closed else [*kept, base.reference], **({} if closed else others))

    def more() -> None:
        change(more_machines=_one_more(tried["more_machines"], base.reference))

    with st.container(horizontal=True, gap="small", key="base-buttons"):
        title = "reopen" if closed else "close"
        st.button(t(f"coverage_page.{title}"), key=key("close"), on_click=close)
        if not closed:
            st.button(
                t("coverage_page.move"),
                key=key("move"),
                on_click=state.remember(key("moving"), base.reference),
            )
            st.button(t("coverage_page.one_more"), key=key("more"), on_click=more)
    if st.session_state.get(key("moving")) == base.reference:
        st.html(f'<p class="stale">{as_html(t("coverage_page.click_where"))}</p>')


def _one_more(found: list[dict[str, Any]], reference: str) -> list[dict[str, Any]]:
    """One machine more of the kind that a new base would have."""
    kind = st.session_state[key("machine")]
    same = [item for item in found if (item["provider"], item["machine"]) == (reference, kind)]
    others = [item for item in found if item not in same]
    count = sum(item["count"] for item in same) + 1
    new = {
        "provider": reference,
        "machine": kind,
        "count": count,
        "hectares_a_day": None,
        "crops": [],
    }
    return [*others, new]


def _factors() -> None:
    """Every speed and every field capacity times a factor."""
    with st.expander(t("coverage_page.factors"), key=key("factors")):
        for column, name in zip(st.columns(2, gap="small"), FACTORS, strict=True):
            box = key(f"box-{name}")
            st.session_state[box] = float(changes()[name])

            def take(name: str = name, box: str = box) -> None:
                change(**{name: float(st.session_state[box])})

            column.number_input(
                t(f"coverage_page.{name}"), 0.1, 10.0, step=0.1, format="%.1f", key=box,
                on_change=take,
            )  # fmt: skip
        st.html(f'<p class="calm">{as_html(t("coverage_page.factors_help"))}</p>')


def compare_buttons() -> bool:
    """The primary action of the tab; True in the one run in which it was asked for."""

    def clear() -> None:
        st.session_state[key("what_if")] = plain(DEFAULTS)["what_if"]
        st.session_state[key("selected")] = ""
        st.session_state.pop(key("moving"), None)

    with st.container(horizontal=True, gap="small"):
        asked = st.button(
            t("coverage_page.compare"), type="primary", disabled=nothing_changed(),
            key=key("compare"),
        )  # fmt: skip
        st.button(
            t("coverage_page.clear"), disabled=nothing_changed(), key=key("clear"), on_click=clear
        )
        return asked
