"""The first sheet of a workbook: what the result is, what it rests on, what is missing from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis.analysis import LayerUse, Result
from locales import Language, text
from reports.headings import ANALYSES


@dataclass(frozen=True)
class Line:
    """Cells of one row; ``heads`` where they head what follows."""

    cells: tuple[str, ...] = ()
    heads: bool = False


def about(result: Result, sheets: Sequence[str], language: Language) -> Iterator[Line]:
    """Provenance, warnings, layers and parameters, each under its own heading."""
    made = result.provenance
    title = ANALYSES.get(made.analysis)
    yield _pair("workbook.analysis", text(title, language) if title else made.analysis, language)
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
    yield _pair("workbook.made", _time(result.provenance.created), language)


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
        use.source,
        use.licence,
        text("results.example" if use.example else "results.real", language),
        use.sha256,
    )


def _time(created: str) -> str:
    """Date and time as files state them, in the time zone stated."""
    try:
        return datetime.fromisoformat(created).strftime("%Y-%m-%d %H:%M %Z").strip()
    except ValueError:
        return created


def _named_areas(result: Result, language: Language) -> Iterator[str]:
    """Codes with the names that the tables of the result know."""
    for code in result.provenance.areas:
        names = [
            table.loc[code, f"name_{language}"]
            for table in result.outcome.tables.values()
            if table.index.name == "code" and table.index.is_unique and code in table.index
            if f"name_{language}" in table.columns
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
