"""Rules of the page Land, folded away: those of the indicator, and a run by others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.land_state import DEFAULTS, key
from ui.text import as_html, language, t

RULES: Mapping[str, Mapping[str, str]] = {
    "rules": {"unccd-2026": "land.rules_unccd-2026", "gpg-v2": "land.rules_gpg-v2"},
    "significance": {
        "reference": "land.significance_reference",
        "exact": "land.significance_exact",
        "gpg-v2": "land.significance_gpg-v2",
    },
    "missing": {"reference": "land.missing_reference", "available": "land.missing_available"},
}
"""Parameter -> its choices, and the text key of each."""


def rules_form() -> bool:
    """The rules as a form; True in the one run in which it was sent."""
    with st.expander(t("frame.expert"), key=key("expert")), st.form("rules", border=False):
        for name, choices in RULES.items():
            titles = {choice: t(text) for choice, text in choices.items()}
            st.session_state.setdefault(_box(name), st.session_state.get(key(name)))
            st.selectbox(
                t(f"land.{name}"),
                list(choices),
                key=_box(name),
                format_func=titles.__getitem__,
            )
        st.html(f'<p class="calm">{as_html(t("land.expert_help"))}</p>')
        return st.form_submit_button(t("land.again"), width="stretch", on_click=_sent)


def _box(name: str) -> str:
    """One box a language: a box that stays sends the word that it was chosen by."""
    return key(f"{name}-{language()}")


def _sent() -> None:
    for name in RULES:
        st.session_state[key(name)] = st.session_state[_box(name)]


def wanted() -> Mapping[str, Any]:
    """The rules chosen; before the first choice those of the manual."""
    return {name: st.session_state.get(key(name), getattr(DEFAULTS, name)) for name in RULES}


def take_over(parameters: Mapping[str, Any]) -> None:
    """Set the form to the parameters of a result, so that both say the same."""
    for name in RULES:
        st.session_state[key(name)] = parameters[name]
        st.session_state.pop(_box(name), None)
