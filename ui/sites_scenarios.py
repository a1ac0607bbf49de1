"""Results of Sites under a name: saved, opened, repeated exactly, renamed, forgotten."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from gis.analysis import Progress, Result
from gis.errors import DeimapError
from layers.runs import run_folder, save_run
from layers.scenarios import (
    Scenario,
    remove_scenario,
    rename_scenario,
    repeat,
    save_scenario,
    scenarios,
)
from locales import day
from ui import cache
from ui.sites_decided import PAGE, key
from ui.text import as_html, as_text, complaint, language, t


def saved() -> dict[str, Scenario]:
    """Scenarios of sites by name, the newest first."""
    every = cache.kept(("scenarios", cache.edition()), lambda: scenarios(cache.ready()))
    return {item.name: item for item in every if item.provenance.analysis == PAGE}


def save_box(result: Result, held: bool) -> None:
    """A name and a remark for the result that is shown; ``held``: the settings are its own."""
    with (
        st.popover(t("sites_result.save" if held else "sites_result.save_shown"), width="stretch"),
        st.form(key("save"), border=False),
    ):
        name = st.text_input(t("sites_result.name"), max_chars=80)
        note = st.text_input(t("sites_result.note"), max_chars=500)
        again = st.checkbox(t("sites_result.replace"))
        if st.form_submit_button(t("sites_result.save_it"), width="stretch"):
            _save(name, result, note, again)


def _save(name: str, result: Result, note: str, again: bool) -> None:
    try:
        kept = save_scenario(name, result, cache.ready(), note, replace=again)
    except DeimapError as error:
        st.error(complaint(error))
        return
    st.session_state[key("said")] = t("sites_result.saved", name=kept.name)
    st.rerun()


def say_done() -> None:
    """Once, in one line, what became of the last action."""
    said = st.session_state.pop(key("said"), "")
    if said:
        st.html(f'<p class="done">{as_html(said)}</p>')


def manage(named: dict[str, Scenario]) -> None:
    """What can be done with one scenario."""
    with st.expander(t("sites_result.manage"), key=key("manage")):
        box = key("managed")
        if following := st.session_state.pop(key("manage-next"), None):
            st.session_state[box] = following
        if st.session_state.get(box) not in named:
            st.session_state[box] = next(iter(named))
            st.session_state.pop(key("removing"), None)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            name = st.selectbox(t("sites_result.scenario"), list(named), key=box)
            chosen = named[str(name)]
            opened = st.button(
                t("sites_result.open"), key=key("open"), on_click=_open, args=(chosen,),
                disabled=not _is_here(chosen),
            )  # fmt: skip
            asked = st.button(t("sites_result.repeat"), key=key("repeat"))
        about(chosen)
        present = st.checkbox(t("sites_result.present_data"), key=key("present"))
        if asked:
            st.session_state[key("repeated")] = (chosen.name, present)
        if asked or opened:
            st.rerun()  # the whole page: the work is the page's, the area the frame's
        _rename_or_remove(chosen)


def about(chosen: Scenario) -> None:
    """When a scenario was saved, its remark, and whether it is made of example data."""
    words = t("sites_result.saved_on", date=day(chosen.saved_at.date(), language()))
    note = f" · {chosen.note}" if chosen.note else ""
    example = f" · {t('frame.example')}" if chosen.provenance.example else ""
    st.html(f'<p class="calm">{as_html(words + note + example)}</p>')


def _is_here(chosen: Scenario) -> bool:
    return run_folder(chosen.run, cache.ready()).is_dir()


def _open(chosen: Scenario) -> None:
    """Show a scenario as the result of the page, over its own area."""
    st.session_state["area"] = ",".join(chosen.provenance.areas)
    st.session_state[key("result")] = chosen.run
    st.session_state[key("selected")] = ""
    st.session_state[key("tab")] = "result"


def _rename_or_remove(chosen: Scenario) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        new = st.text_input(t("sites_result.new_name"), max_chars=80, key=key("new-name"))
        if st.button(t("sites_result.rename"), key=key("rename"), disabled=not new.strip()):
            _done("renamed", lambda: rename_scenario(chosen.name, new, cache.ready()).name)
        if st.button(t("sites_result.remove"), key=key("remove")):
            st.session_state[key("removing")] = chosen.name
    if st.session_state.get(key("removing")) == chosen.name:
        _confirm(chosen)


def _confirm(chosen: Scenario) -> None:
    """Ask by name before a scenario is removed."""

    def leave() -> None:
        st.session_state.pop(key("removing"), None)

    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(as_text(t("sites_result.remove_asked", name=chosen.name)), width="stretch")
        if st.button(t("sites_result.remove"), key=key("remove-confirmed"), type="primary"):
            _done("removed", lambda: _forget(chosen))
        st.button(t("sites_result.keep"), key=key("keep"), on_click=leave)


def _forget(chosen: Scenario) -> str:
    remove_scenario(chosen.name, cache.ready())
    return chosen.name


def _done(what: str, act: Callable[[], str]) -> None:
    """Rename or remove, and say so; the box stays at a scenario that has another name now."""
    try:
        name = act()
    except DeimapError as error:
        st.error(complaint(error))
        return
    st.session_state.pop(key("removing"), None)
    st.session_state[key("manage-next")] = name if what == "renamed" else ""
    st.session_state[key("said")] = t(f"sites_result.{what}", name=name)
    st.rerun()


def repeat_asked() -> bool:
    """Whether a scenario is to be repeated in this run of the page."""
    return key("repeated") in st.session_state


def kept_repeat(progress: Progress) -> str:
    """Repeat the scenario that was asked for and keep the result; its id."""
    name, present = st.session_state.pop(key("repeated"))
    chosen = saved()[name]
    result = repeat(name, cache.ready(), progress, present_data=present)
    st.session_state["area"] = ",".join(result.provenance.areas)
    if _is_here(chosen):
        same = _sites(result) == _sites(cache.result(chosen.run))
        st.session_state[key("said")] = t(
            f"sites_result.repeated_{'same' if same else 'other'}", name=name
        )
    return save_run(result, cache.ready())


def _sites(result: Result) -> list[str]:
    found = result.outcome.features["sites"].sort_values("rank")
    return [str(village) for village in found["village"]]
