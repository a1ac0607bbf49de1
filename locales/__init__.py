"""Every text of the product, English and Khmer side by side.

One TOML file a subject, one table a text: ``[key]`` with ``en`` and ``km``; ``review = true``
marks Khmer that an official has not confirmed yet. A text is looked up when it is drawn, the
language an argument: one process serves many users.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, get_args, runtime_checkable

Language = Literal["en", "km"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

NO_BREAK_SPACE = "\u00a0"
_MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTHS_KM = [
    "មករា",
    "កុម្ភៈ",
    "មីនា",
    "មេសា",
    "ឧសភា",
    "មិថុនា",
    "កក្កដា",
    "សីហា",
    "កញ្ញា",
    "តុលា",
    "វិច្ឆិកា",
    "ធ្នូ",
]


@runtime_checkable
class CarriesValues(Protocol):
    """An error or note: a text key and the values it names."""

    @property
    def key(self) -> str: ...
    @property
    def values(self) -> Any: ...


class CarriesRow(Protocol):
    """A fault of an imported file: a text key, its values as pairs, and where it stands."""

    @property
    def row(self) -> int | None: ...
    @property
    def column(self) -> str | None: ...
    @property
    def key(self) -> str: ...
    @property
    def values(self) -> tuple[tuple[str, object], ...]: ...


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """All texts by ``subject.key``."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{key}"] = table
    return found


def text(key: str, language: Language, **values: object) -> str:
    """The text of a key (``subject.key``) with its values filled in.

    Numbers are written as :func:`number` writes them, sequences are joined with commas.

    Raises
    ------
    KeyError
        When no text has this key.
    """
    shown = {name: shown_value(value, language) for name, value in values.items()}
    return texts()[key][language].format_map(shown)


def error_text(error: CarriesValues, language: Language) -> str:
    """The sentence of an error of the family in ``gis/errors.py``."""
    return text(f"errors.{error.key}", language, **error.values)


def fault_text(fault: CarriesRow, language: Language) -> str:
    """The sentence of a fault or warning of an imported file, its row and column before it."""
    values = dict(fault.values)
    sentence = text(f"faults.{fault.key}", language, **values)
    where = {"row": None if fault.row is None else str(fault.row), "column": fault.column}
    if fault.row is None and fault.column is None:
        return sentence
    key = "in_column" if fault.row is None else "in_row" if fault.column is None else "in_cell"
    return text(f"faults.{key}", language, sentence=sentence, **where)


def shown_value(value: object, language: Language) -> str:
    """A value as it stands inside a sentence.

    A note inside a note becomes its text, a mapping by language its own side.
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, CarriesValues):
        return text(value.key, language, **dict(value.values))
    if isinstance(value, Mapping):
        return shown_value(value[language], language)
    if isinstance(value, int | float):
        return number(value, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, tuple | list):
        return ", ".join(shown_value(item, language) for item in value)
    return str(value)


def number(value: float, language: Language, digits: int | None = None) -> str:
    """Western digits in both languages, ``1,234.5``; NaN is "unknown".

    Without ``digits``: whole above 10, one decimal under it, none for whole numbers.
    """
    if value != value:
        return text("terms.unknown", language)
    if digits is None:
        digits = 0 if abs(value) >= 10 or float(value).is_integer() else 1
    return f"{value:,.{digits}f}"


def with_unit(value: float, unit: str, language: Language, digits: int | None = None) -> str:
    """A number and its unit with a no-break space; NaN is "unknown" without unit."""
    shown = number(value, language, digits)
    return shown if value != value else f"{shown}{NO_BREAK_SPACE}{unit}"


def day(value: date, language: Language) -> str:
    """``22 Nov 2026`` or ``22 វិច្ឆិកា 2026``."""
    return f"{value.day} {month_name(value.month, language)} {value.year}"


def month_name(month: int, language: Language) -> str:
    """A month from 1 to 12: ``Nov`` or ``វិច្ឆិកា``."""
    return (_MONTHS_EN if language == "en" else _MONTHS_KM)[month - 1]
