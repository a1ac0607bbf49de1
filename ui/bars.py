"""Bars of a page: one a commune, in a given order; a click on a bar selects its commune."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from ui.state import page_key

_HERE = Path(__file__).parent
_bars = st.components.v2.component(
    "deimap_bars",
    html='<div class="rows" role="group"></div>',
    css=(_HERE / "bars.css").read_text(encoding="utf-8"),
    js=(_HERE / "bars.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class BarPart:
    """A piece of a bar; one without colour is hatched: unknown."""

    percent: float
    colour: str


@dataclass(frozen=True)
class Bar:
    """A commune: its name, what stands behind the bar, what a pointer reads."""

    code: str
    name: str
    value: str
    title: str
    parts: tuple[BarPart, ...]
    chosen: bool = False


def show_bars(page: str, bars: list[Bar], label: str) -> None:
    """Draw the bars in their order; choosing one is the same as clicking its place on the map."""
    name = page_key(page, "bars")

    def take() -> None:
        answer: Any = st.session_state.get(name)
        if answer and answer.get("chosen"):
            st.session_state[page_key(page, "selected")] = f"area:{answer['chosen']}"

    _bars(
        data={"label": label, "rows": [asdict(bar) for bar in bars]},
        key=name,
        on_chosen_change=take,
    )
