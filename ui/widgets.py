"""Controls that several pages have, so that they look and behave alike."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def segments(label: str, titles: Mapping[str, str], key: str) -> str:
    """A choice of one among few, side by side; the label is for screen readers."""
    chosen: str = st.segmented_control(
        label,
        list(titles),
        key=key,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
        width="stretch",
    )
    return chosen
