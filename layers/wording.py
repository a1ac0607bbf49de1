"""Reasons of an outcome as sentences, and what reading has to say before the analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from gis.analysis import Note, Outcome
from layers.gazetteer import COUNTRY, Gazetteer
from locales import LANGUAGES, text

SENTENCES = ("reason", "against", "sureness", "figures")
"""Columns that hold notes: why, what speaks against it, how sure it is, what its figures are."""


def in_part(places: Gazetteer, codes: Sequence[str]) -> tuple[Note, ...]:
    """A warning when the country was asked for and the embedded outlines are not all of it."""
    if COUNTRY not in codes or not places.embedded:
        return ()
    names = tuple(
        {"en": row["name_en"], "km": row["name_km"] or row["name_en"]}
        for _, row in places.provinces.sort_index().iterrows()
    )
    return (Note("sources.country_in_part", (("provinces", names),)),)


def in_words(outcome: Outcome, notes: tuple[Note, ...]) -> Outcome:
    """Reasons as sentences in every language, and the warnings of reading before the others."""
    return replace(
        outcome,
        tables={name: _sentences(table) for name, table in outcome.tables.items()},
        features={name: _sentences(frame) for name, frame in outcome.features.items()},
        warnings=(*notes, *outcome.warnings),
    )


def _sentences(table: pd.DataFrame) -> pd.DataFrame:
    for name in SENTENCES:
        if name in table:
            table = _said(table, name)
    return table


def _said(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """With a column a language in the place of a column of notes."""
    place = list(table.columns).index(name)
    said = table.drop(columns=name)
    for offset, language in enumerate(LANGUAGES):
        sentences = [
            " ".join(text(note.key, language, **dict(note.values)) for note in notes)
            for notes in table[name]
        ]
        said.insert(place + offset, f"{name}_{language}", sentences)
    return said
