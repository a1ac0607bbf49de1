"""Weights of single criteria within their axis, and weights kept under a name."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from gis.errors import DeimapError, NameTaken
from gis.tracks import AXES, Criterion
from layers.scenarios import (
    WeightSet,
    remove_weight_set,
    save_weight_set,
    weight_sets,
)
from locales import error_text
from ui import cache, state
from ui.frame import noted
from ui.sites_overview import name_of, still_holds
from ui.sites_pairwise import AXES_GROUP, judgements, take_judgements, whole_percents
from ui.sites_state import box, criteria, criterion_weight, key, put, put_criterion_weights, setting
from ui.text import as_html, language, t


def weights_of_criteria() -> None:
    """One axis at a time: what each of its criteria weighs in it."""
    titles = {axis: t(f"criteria.axis_{axis}") for axis in AXES}
    held = st.session_state.get(key("weights-axis"), AXES[0])
    made = box("weights-axis", held)

    def take() -> None:
        st.session_state[key("weights-axis")] = st.session_state[made]

    st.html(f'<p class="label">{as_html(t("choose.criteria_weights"))}</p>')
    axis = st.selectbox(
        t("choose.axis"), list(titles), key=made, format_func=titles.__getitem__,
        label_visibility="collapsed", on_change=take,
    )  # fmt: skip
    own = [item for item in criteria() if item.axis == axis]
    weights = [criterion_weight(item) for item in own]
    shares = whole_percents(weights) if any(weights) else [0] * len(own)
    for item, share in zip(own, shares, strict=True):
        _weight(item, share)
    if any(item.key in setting("criterion_weights") for item in own):
        house = {item.key: item.weight for item in own}
        st.button(
            t("choose.house_weights"), key=key("house-weights"), on_click=put_criterion_weights,
            args=(house,),
        )  # fmt: skip


def _weight(item: Criterion, share: int) -> None:
    points = round(100 * criterion_weight(item))
    title = t("choose.of_all", title=t(f"criteria.{item.key}"), percent=share)
    made = box(f"weight-{item.key}", points)

    def take() -> None:
        put_criterion_weights({item.key: st.session_state[made] / 100})

    with st.container(key=f"criterion-{item.key}"):
        st.slider(title, 0, 100, step=5 if points % 5 == 0 else 1, key=made, on_change=take)


def named_sets() -> None:
    """Weights that somebody kept: take one, keep the present ones, forget one."""
    st.html(f'<p class="label">{as_html(t("choose.sets"))}</p>')
    try:
        found = {item.name: item for item in weight_sets(cache.ready(), setting("track"))}
    except DeimapError as error:
        st.html(f'<p class="stale">{as_html(error_text(error, language()))}</p>')
        return
    if found:
        _choose_set(found)
    _save_set()
    said = st.session_state.get(key("set-said"), "")
    if said:
        st.html(f'<p class="calm">{as_html(said)}</p>')


def _choose_set(found: dict[str, WeightSet]) -> None:
    chosen = st.selectbox(
        t("choose.set_choose"), list(found), index=None, key=key("set-chosen"),
        label_visibility="collapsed", placeholder=t("choose.set_choose"),
    )  # fmt: skip
    if chosen is None:
        return
    with st.container(horizontal=True, gap="small", key="set-buttons"):
        st.button(t("choose.set_use"), key=key("set-use"), on_click=take_set, args=(found[chosen],))
        st.button(t("choose.remove"), key=key("set-off"), on_click=_forget, args=(chosen,))


def take_set(found: WeightSet) -> None:
    """Set the weights, and the judgements behind them, to those kept under a name."""
    put("weights", asdict(found.weights))
    if found.track == setting("track"):
        put("criterion_weights", {})
        put_criterion_weights(found.criterion_weights)
    for group, judged in found.judgements.items():
        if group == AXES_GROUP or found.track == setting("track"):
            take_judgements(group, judged)
    st.session_state[key("set-said")] = t("choose.set_taken", name=found.name)


def _forget(name: str) -> None:
    before = name_of(state.area())
    with noted("choose.what_set", key("set-said")):
        remove_weight_set(name, cache.ready())
        st.session_state[key("set-said")] = ""
        still_holds(before)


def _save_set() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="set-save"):
        st.text_input(
            t("choose.set_name"), key=key("set-name"), max_chars=80,
            label_visibility="collapsed", placeholder=t("choose.set_name"),
        )  # fmt: skip
        st.button(t("choose.set_save"), key=key("set-keep"), on_click=_keep, args=(False,))
    if st.session_state.pop(key("set-taken"), False):
        st.html(f'<p class="stale">{as_html(t("choose.set_there"))}</p>')
        st.button(t("choose.set_replace"), key=key("set-replace"), on_click=_keep, args=(True,))


def _keep(replace: bool) -> None:
    """Keep the present weights under the name that was written."""
    with noted("choose.what_set", key("set-said")):
        try:
            _save(str(st.session_state.get(key("set-name"), "")), replace)
        except NameTaken:
            st.session_state[key("set-taken")] = True


def _save(name: str, replace: bool) -> None:
    """Keep them; of criteria and their comparison only for the chosen system."""
    judged = {group: found for group in (AXES_GROUP, *AXES) if (found := judgements(group))}
    before = name_of(state.area())
    own = bool(setting("criterion_weights")) or bool(set(judged) - {AXES_GROUP})
    kept = save_weight_set(
        name,
        cache.ready(),
        setting("weights"),
        setting("criterion_weights"),
        judged,
        setting("track") if own else None,
        replace=replace,
    )
    still_holds(before)
    st.session_state[key("set-name")] = ""
    st.session_state[key("set-said")] = t("choose.set_kept", name=kept.name)
