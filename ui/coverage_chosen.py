"""Which kept result the page Coverage shows: the one that was made with the settings chosen."""

from __future__ import annotations

import streamlit as st

from gis.analysis import Result
from gis.errors import DeimapError
from layers.runs import latest_run
from ui import cache
from ui.coverage_state import (
    ANALYSIS,
    PAGE,
    fits,
    is_present,
    key,
    nothing_changed,
    of_this_table,
    settings,
    stamp,
    take_over,
    trying,
)
from ui.state import page_key


def chosen_result(codes: tuple[str, ...]) -> tuple[str, bool]:
    """Id of the result to show, or nothing; and whether it was made with the present settings.

    A result that a link names sets the page to its settings first; without one the page opens on
    the settings of the house, whatever somebody else looked at last. While changes are tried out
    that were not compared yet, the present is shown.
    """
    _follow_link(codes)
    if trying() and not nothing_changed():
        compared = _kept(codes, changed=True)
        if compared:
            return _shown(compared), True
    found = _kept(codes, changed=False)
    if found:
        return _shown(found), True
    return _shown(_last_of(codes)), False


def _follow_link(codes: tuple[str, ...]) -> None:
    """A link, Back, or a run that has just ended: the page says what that result says."""
    named = str(st.session_state.get(key("result")) or "")
    if not named or named == st.session_state.get(key("shown")):
        return
    result = _of_area(named, codes)
    if result is None:
        st.session_state[key("result")] = ""
        return
    st.session_state[key("shown")] = named
    take_over(result.provenance.parameters)
    if not of_this_table(result.provenance.parameters):
        # what a link names is shown, though a run would give another result today
        st.session_state[key("before")] = named
        st.session_state[key("given-up")] = stamp(codes)


def _of_area(named: str, codes: tuple[str, ...]) -> Result | None:
    """A result of this analysis and area; one that is gone is said to be lost."""
    try:
        result = cache.result(named)
    except DeimapError:
        st.session_state[page_key(PAGE, "lost")] = True
        return None
    made = result.provenance
    return result if (made.analysis, made.areas) == (ANALYSIS, codes) else None


def _kept(codes: tuple[str, ...], changed: bool) -> str:
    """A kept result with the settings chosen; the one on the page before any other."""
    wanted = settings(changed)
    named = str(st.session_state.get(key("result")) or "")
    if named:
        result = _of_area(named, codes)
        if result is not None and fits(result.provenance.parameters, wanted):
            return named
    return latest_run(ANALYSIS, codes, cache.ready(), lambda made: fits(made, wanted)) or ""


def _last_of(codes: tuple[str, ...]) -> str:
    """What was on the page before: it stays until there is a new one."""
    before = st.session_state.get(key("before"), "")
    return before if before and _of_area(before, codes) is not None else ""


def _shown(identity: str) -> str:
    st.session_state[key("result")] = st.session_state[key("shown")] = identity
    if identity and not is_comparison(identity):
        st.session_state[key("before")] = identity
    return identity


def is_comparison(identity: str) -> bool:
    """Whether a result compares a change with the present."""
    return bool(identity) and not is_present(cache.result(identity).provenance.parameters)
