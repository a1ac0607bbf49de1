"""The first sheet of a workbook: what the result is, what it rests on, what is missing from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis.analysis import LayerUse, Result
from locales import Language, text
from reports.cited import cited
from reports.headings import analysis_title

PLACES = ("communes", "districts", "provinces", "country")
"""Tables of places, the smallest first."""


@dataclass(frozen=True)
class Line:
    """Cells of one row; ``heads`` where they head what follows."""

    cells: tuple[str, ...] = ()
    heads: bool = False


def about(result: Result, sheets: Sequence[str], language: Language) -> Iterator[Line]:
    """Provenance, warnings, layers and parameters, each under its own heading."""
    made = result.provenance
    yield _pair("workbook.analysis", analysis_title(made, language), language)
    yield from areas_and_time(result, language)
    yield _pair("workbook.cell", f"{made.resolution_m:g} m, {made.crs}", language)
    yield _pair("workbook.software", made.software, language)
    yield _pair("workbook.sheets", ", ".join(sheets), language)
    yield from _headed("workbook.warnings", language)
    for note in result.outcome.warnings:
        yield Line((text(note.key, language, **dict(note.values)),))
    yield from sources(made.layers, language)
    yield from _headed("workbook.parameters", language)
    for name, value in flat(made.parameters):
        yield Line((name, value))


def areas_and_time(result: Result, language: Language) -> Iterator[Line]:
    """Which areas, and when it was made."""
    yield _pair("workbook.areas", ", ".join(_named_areas(result, language)), language)
    yield _pair("workbook.made", time_of(result.provenance.created), language)


def sources(layers: Sequence[LayerUse], language: Language) -> Iterator[Line]:
    """The layers and records that a result rests on, a line each."""
    yield from _headed("workbook.layers", language)
    yield Line(tuple(text(key, language) for key in _LAYER_COLUMNS), heads=True)
    for use in layers:
        yield Line(_layer(use, language))


_LAYER_COLUMNS = (
    "results.layer",
    "results.year",
    "results.edition",
    "results.source",
    "terms.licence",
    "results.kind",
    "workbook.sha256",
)


def _headed(key: str, language: Language) -> tuple[Line, Line]:
    return Line(), Line((text(key, language),), heads=True)


def _pair(key: str, value: str, language: Language) -> Line:
    return Line((text(key, language), value))


def _layer(use: LayerUse, language: Language) -> tuple[str, ...]:
    return (
        dict(use.title)[language],
        str(use.year) if use.year else text("terms.unknown", language),
        use.edition,
        cited(use.source, language),
        cited(use.licence, language),
        text("results.example" if use.example else "results.real", language),
        use.sha256,
    )


def time_of(created: str) -> str:
    """Date and time as files state them, in the time zone stated."""
    try:
        return datetime.fromisoformat(created).strftime("%Y-%m-%d %H:%M %Z").strip()
    except ValueError:
        return created


def _named_areas(result: Result, language: Language) -> Iterator[str]:
    """Codes with the names that the tables of places know: a base may have the number of one."""
    for code in result.provenance.areas:
        places = (result.outcome.tables.get(level) for level in PLACES)
        names = [
            table.loc[code, f"name_{language}"]
            for table in places
            if table is not None and code in table.index and f"name_{language}" in table.columns
        ]
        known = next((name for name in names if isinstance(name, str)), "")
        yield f"{code} {known}".strip()


def flat(parameters: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Parameters as ``table.key`` and value; lists of tables are left to ``result.json``.

    >>> list(flat({"rules": "a", "weights": {"need": 0.4}, "years": (2000, 2015)}))
    [('rules', 'a'), ('weights.need', '0.4'), ('years', '2000, 2015')]
    """
    for name, value in parameters.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}.")
        elif isinstance(value, list | tuple):
            if not any(isinstance(item, Mapping) for item in value):
                yield path, ", ".join(map(str, value))
        elif value is not None:
            yield path, str(value)
