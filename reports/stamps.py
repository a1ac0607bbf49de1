"""What must be read of a file before anything else in it."""

from __future__ import annotations

from gis.analysis import Outcome, Result
from locales import Language, text

MARK = "precise.mark"
"""The note of a result that tells of plots and providers: why, by which role, when."""


def is_marked(outcome: Outcome) -> bool:
    """Whether a result says that it tells of plots and providers."""
    return any(note.key == MARK for note in outcome.warnings)


def stamp_of(result: Result, language: Language) -> str:
    """That parts are made up, that it must not be passed on; empty where neither holds."""
    stamps = [text("precise.stamp", language)] if is_marked(result.outcome) else []
    stamps += [text("map.stamp", language)] if result.provenance.example else []
    return " · ".join(stamps)
