"""Long work inside a page: progress in words, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gis.analysis import Progress
from layers.run import run
from layers.runs import save_run
from ui import cache
from ui.text import t


def shown_progress(stop: str, on_stop: Callable[[], None] | None = None) -> Progress:
    """A bar and the button that stops the work; what tells the bar how far the work is."""
    bar = st.progress(0.0, t("frame.busy", step=t("steps.reading"), n=1, m=1))
    st.button(t("frame.stop"), key=stop, width="stretch", on_click=on_stop)

    def progress(step: str, number: int, of: int) -> None:
        words = t("frame.busy", step=t(step), n=number, m=of)
        bar.progress(min(number / max(of, 1), 1.0), words)

    return progress


def kept_run(
    analysis: str,
    codes: tuple[str, ...],
    wanted: Mapping[str, Any],
    on_stop: Callable[[], None] | None = None,
) -> str:
    """Run an analysis and keep its result; the id of the result.

    Called by the page itself, not by a fragment of it: only then a click while it runs ends this
    run of the page at its next step, and with it the work. Nothing is kept of it.
    """
    progress = shown_progress("stop", on_stop)
    result = run(analysis, codes, wanted, workspace=cache.ready(), progress=progress)
    progress("steps.writing", 1, 1)  # the last place to stop: after it the result is kept
    return save_run(result, cache.ready())
