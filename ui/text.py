"""Texts and numbers as the page shows them; what anybody typed is always shown as text."""

from __future__ import annotations

import html
import re

import streamlit as st

from gis.errors import DeimapError
from locales import LANGUAGES, Language, error_text, number, text, with_unit

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&@/])")


def language() -> Language:
    """Language of this session; English until the URL or the button says otherwise."""
    chosen: Language = st.session_state.get("lang", "en")
    return chosen if chosen in LANGUAGES else "en"


def own_name(spoken: Language) -> str:
    """A language by its own name."""
    return text("frame.other_language", "km" if spoken == "en" else "en")


def t(key: str, **values: object) -> str:
    """A text in the language of this session."""
    return text(key, language(), **values)


def shown(value: float, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit in the language of this session."""
    if unit:
        return with_unit(value, unit, language(), digits)
    return number(value, language(), digits)


def named(english: str, khmer: str) -> str:
    """The name for this session; without a Khmer one the English stands in, marked."""
    if language() == "en":
        return english
    return khmer or f"{english} (en)"


def as_text(words: object) -> str:
    """Untrusted words inside Markdown: every sign that Markdown reads is escaped."""
    return _MARKDOWN.sub(r"\\\1", str(words))


def as_html(words: object) -> str:
    """Untrusted words inside HTML."""
    return html.escape(str(words))


def example_chip() -> str:
    """The mark of everything that is made from example data, as HTML."""
    return f'<span class="chip">{as_html(t("frame.example"))}</span>'


def complaint(error: DeimapError) -> str:
    """What went wrong, as a sentence that is safe inside Markdown."""
    return as_text(error_text(error, language()))
