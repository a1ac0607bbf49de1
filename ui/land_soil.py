"""The tab Soil: one soil layer with its edition and confidence, and what is known of a commune."""

from __future__ import annotations

import streamlit as st

from layers.catalogue import Layer
from layers.legend import UNKNOWN_STEP, value_text
from layers.soil import Known, soil_card
from locales import text
from ui import cache, state
from ui.land_state import key, selected_code, soil, soil_layers
from ui.surfaces import Shown, shown_layer
from ui.text import as_html, example_chip, language, shown, t


def soil_shown(codes: tuple[str, ...]) -> Shown | None:
    """The layer chosen, as a surface."""
    return shown_layer(soil(), codes) if soil() else None


def soil_panel(codes: tuple[str, ...]) -> None:
    """Choice of a layer, how far it can be relied on, and the card of the clicked commune."""
    titles = {layer.id: layer.title[language()] for layer in soil_layers()}
    box = key(f"soil-{language()}")  # one a language: it sends the word that was chosen
    st.session_state[box] = soil()
    st.selectbox(
        t("land.soil_layer"),
        list(titles),
        key=box,
        format_func=titles.__getitem__,
        on_change=state.take_over,
        args=(box, key("soil")),
    )
    with st.spinner(t("frame.drawing")):
        found = soil_shown(codes)
    if found is None:
        return
    st.html(standing(found.layer))
    if set(found.used) == {UNKNOWN_STEP}:
        st.html(f'<p class="calm">{as_html(t("explore.no_surface"))}</p>')
    card(selected_code())


def standing(layer: Layer) -> str:
    """Edition, year, source and confidence of a layer; as HTML."""
    year = str(layer.year) if layer.year else t("terms.unknown")
    facts = (
        (t("results.edition"), layer.edition),
        (t("results.year"), year),
        (t("results.source"), layer.source),
        (t("land.confidence"), t(f"land.confidence_{layer.confidence}")),
    )
    rows = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(fact)}</dd>" for name, fact in facts)
    chip = f"<p>{example_chip()}</p>" if layer.example else ""
    return f'<dl class="facts">{rows}</dl>{chip}'


def card(code: str) -> None:
    """What is known of the soil of the commune that was clicked, and what is not."""
    st.html(f'<p class="label">{as_html(t("land.card"))}</p>')
    if code not in cache.places().communes.index:
        st.html(f'<p class="calm">{as_html(t("land.card_hint"))}</p>')
        return
    area = cache.places().area(code)
    names = " · ".join(name for name in (area.name_km, area.name_en) if name)
    head = f'<p class="heading">{as_html(names)} <span class="sub">{as_html(code)}</span></p>'
    key = ("soil-card", code, cache.edition())
    known = cache.kept(key, lambda: soil_card(code, cache.ready(), cache.places()))
    rows = "".join(_row(item) for item in known)
    st.html(f'{head}<table class="readings">{rows}</table>')


def _row(item: Known) -> str:
    mark = "" if item.known else ' class="unknown"'
    below = f"<small>{as_html(_rests_on(item))}</small>"
    title = as_html(item.variable.title[language()])
    return f"<tr><td>{title}{below}</td><td{mark}>{_value(item)}</td></tr>"


def _value(item: Known) -> str:
    """Mean, or classes with their share of the commune; as HTML."""
    if not item.known:
        return as_html(t("terms.unknown"))
    if not item.shares:
        return as_html(value_text(item.value, item.variable, language()))
    shares = (
        f"{entry.title[language()]} {shown(share * 100, '%', 0)}" for entry, share in item.shares
    )
    return "<br>".join(as_html(words) for words in shares)


def _rests_on(item: Known) -> str:
    """Edition, source and confidence of what is known; else the reason why it is not."""
    if item.reason is not None:
        return text(item.reason.key, language(), **dict(item.reason.values))
    layer = item.layer
    if layer is None:
        return ""
    parts = [
        layer.edition,
        layer.source,
        t("land.relied_on", level=t(f"land.confidence_{layer.confidence}")),
        t("map.coarse") if layer.coarse else "",
        t("frame.example") if layer.example else "",
    ]
    return " · ".join(part for part in parts if part)
