"""Search in both scripts: areas and villages in any spelling, plots and providers by reference."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui import cache, state
from ui.selection import Selection, parsed
from ui.text import as_html, as_text, named, t

MOST_HITS = 6


@dataclass(frozen=True)
class Hit:
    """One thing found: what to select, what it is called, what kind it is."""

    selected: str
    title: str
    kind: str


def search_box(page: str, codes: tuple[str, ...]) -> None:
    """The field and, under it, what was found."""
    key = state.page_key(page, "search")
    words = st.text_input(
        t("explore.search"),
        key=key,
        placeholder=t("explore.search"),
        label_visibility="collapsed",
        persist_state="session",
    ).strip()
    if not words:
        return
    hits = found(words, codes)
    with st.container(key="hits"):
        if not hits:
            said = t("explore.search_none", words=words)
            st.html(f'<p class="calm">{as_html(said)}</p>')
        for number, hit in enumerate(hits):
            st.button(
                f"{as_text(hit.title)} :gray[{as_text(hit.kind)}]",
                key=f"hit-{number}",
                width="stretch",
                on_click=_choose,
                args=(page, hit.selected, codes),
            )


def found(words: str, codes: tuple[str, ...]) -> list[Hit]:
    """Records whose reference holds the words, then areas and villages, best first."""
    hits = []
    for kind in ("adopter", "provider"):
        references = cache.records(kind, codes)["reference"].astype(str)
        holding = references[references.str.contains(words, case=False, regex=False)]
        title = t("explore.plot" if kind == "adopter" else "explore.provider")
        hits += [Hit(f"{kind}:{reference}", reference, title) for reference in holding[:3]]
    inside = tuple(cache.places().communes_of(codes).index)
    # what lies in the present area comes first, in the order of the search
    areas = sorted(
        cache.places().search(words, 4 * MOST_HITS),
        key=lambda area: not area.code.startswith(inside),
    )
    for area in areas:
        kind = "village" if area.level == "village" else "area"
        both = " · ".join(name for name in (area.name_km, area.name_en) if name)
        hits.append(Hit(f"{kind}:{area.code}", both, _level(area.level, area.parent)))
    return hits[:MOST_HITS]


def _level(level: str, parent: str | None) -> str:
    title = t(f"frame.level_{level}")
    if parent is None:
        return title
    above = cache.places().area(parent)
    return f"{title}, {named(above.name_en, above.name_km)}"


def _choose(page: str, selected: str, codes: tuple[str, ...]) -> None:
    """Select what was found; a place outside the present area becomes the area."""
    st.session_state[state.page_key(page, "selected")] = selected
    st.session_state[state.page_key(page, "tab")] = "place"
    st.session_state[state.page_key(page, "search")] = ""
    chosen: Selection | None = parsed(selected, codes)
    if chosen is None or chosen.kind not in ("area", "village"):
        return
    inside = cache.places().communes_of(codes).index
    if chosen.kind == "area" and len(chosen.id) < 6:
        st.session_state["area"] = chosen.id
    elif chosen.id[:6] not in inside:
        st.session_state["area"] = chosen.id[:4]
