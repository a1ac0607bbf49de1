"""From a cell of a file to a value: each column type has its own reading."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from gis.errors import AmbiguousArea, Fault, UnknownArea
from registry.intake.column import Column, Gazetteer
from registry.vocabulary import LIST_SEPARATOR

_PHONE = re.compile(r"(?<!\d)(?:\+?855|0)[ .\-]?\d{2}[ .\-]?\d{3}[ .\-]?\d{3,4}(?!\d)")
_CODE = re.compile(r"(2025:)?\d+")
_LENGTHS = (2, 4, 6, 8)
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
_SHOWN = 60
_UNSHOWN = {"Cc", "Cs"}
"""Control characters and halves of letters; joiners that Khmer needs are neither."""


class Refused(Exception):
    """A cell that is not what its column says; becomes a Fault with the row."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def fault(self, row: int, column: str | None) -> Fault:
        return Fault(row, column, self.key, tuple(self.values.items()))


def value_of(cell: object, column: Column, gazetteer: Gazetteer) -> Any:
    """The value of a cell, None when it is empty.

    Raises
    ------
    Refused
        With the key of a fault and what it names.
    """
    written = plain(cell)
    if not written:
        if column.required:
            raise Refused("value_missing")
        return None
    if column.type == "date" and isinstance(cell, dt.date):
        return _day(cell.date() if isinstance(cell, dt.datetime) else cell)
    if column.type in ("commune", "code"):
        return _code(written, column, gazetteer)
    return _READERS[column.type](written, column)


def plain(cell: object) -> str:
    """What stands in a cell as text; whole numbers without a point, nothing for no value."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | tuple):
        return LIST_SEPARATOR.join(plain(part) for part in cell)
    return unicodedata.normalize("NFC", str(cell)).strip()


def shown(value: str) -> str:
    """A value as a fault names it."""
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def _text(written: str, column: Column) -> str:
    letters = set(written) - set("\n\r\t")
    if any(unicodedata.category(letter) in _UNSHOWN for letter in letters):
        raise Refused("control_characters")
    if len(written) > column.longest:
        raise Refused("too_long", length=str(len(written)), longest=column.longest)
    if has_phone(written):
        raise Refused("phone_number")
    return written


def has_phone(written: str) -> bool:
    """Whether a text holds what looks like a telephone number of the country.

    >>> has_phone("call 012 345 678"), has_phone("plots of 2025")
    (True, False)
    """
    return _PHONE.search(written) is not None


def _number(written: str, column: Column) -> float:
    try:
        value = float(written)
    except ValueError:
        raise Refused("not_a_number", value=shown(written)) from None
    if not math.isfinite(value):
        raise Refused("not_a_number", value=shown(written))
    if column.low is not None and value < column.low:
        raise Refused("too_low", value=_measured(value, column), low=_measured(column.low, column))
    if column.high is not None and value > column.high:
        raise Refused(
            "too_high", value=_measured(value, column), high=_measured(column.high, column)
        )
    return value


def _measured(value: float, column: Column) -> str:
    # As text: a year must not be grouped by thousands.
    return f"{value:g}\u00a0{column.unit}" if column.unit else f"{value:g}"


def _integer(written: str, column: Column) -> int:
    value = _number(written, column)
    if not value.is_integer():
        raise Refused("not_whole", value=shown(written))
    return int(value)


def _flag(written: str, column: Column) -> bool:
    word = written.casefold()
    if word not in _TRUE | _FALSE:
        raise Refused("not_yes_or_no", value=shown(written))
    return word in _TRUE


def _word(written: str, column: Column) -> str:
    word = re.sub(r"[\s_]+", "-", written.casefold())
    word = column.same_as.get(word, word)
    if word not in column.allowed:
        raise Refused("unknown_word", value=shown(written), choices=column.allowed)
    return word


def _words(written: str, column: Column) -> tuple[str, ...]:
    found = {_word(part.strip(), column) for part in re.split("[;,]", written) if part.strip()}
    return tuple(word for word in column.allowed if word in found)


def _date(written: str, column: Column) -> dt.date:
    try:
        return _day(dt.datetime.fromisoformat(written).date())
    except ValueError:
        raise Refused("not_a_date", value=shown(written)) from None


def _day(day: dt.date) -> dt.date:
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise Refused("date_implausible", date=day)
    return day


def _code(written: str, column: Column, gazetteer: Gazetteer) -> str:
    digits = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in written
    )
    code = re.sub(r"\s|\.0+$", "", digits)
    if not _CODE.fullmatch(code):
        raise _named(written, gazetteer)
    bare = code.removeprefix("2025:")
    if len(bare) + 1 in _LENGTHS:
        raise Refused("code_lost_zero", value=code, perhaps=f"0{bare}")
    if len(bare) not in _LENGTHS or (column.type == "commune" and len(bare) != 6):
        raise Refused("not_a_code", value=shown(code))
    if column.type == "code" and bare == code:
        return code
    return _known(code, gazetteer)


def _known(code: str, gazetteer: Gazetteer) -> str:
    try:
        return gazetteer.find(code).code
    except UnknownArea:
        newer = f"2025:{code}"
        if not code.startswith("2025:") and _found(newer, gazetteer):
            raise Refused("code_of_2025", value=code, perhaps=newer) from None
        raise Refused("unknown_code", value=code) from None


def _named(written: str, gazetteer: Gazetteer) -> Refused:
    """The refusal of a name where a code is wanted, with the code when only one bears it."""
    try:
        area = gazetteer.find(written)
    except UnknownArea:
        return Refused("not_a_code", value=shown(written))
    except AmbiguousArea as several:
        return Refused("name_for_code_ambiguous", value=shown(written), choices=several.choices)
    return Refused("name_for_code", value=shown(written), perhaps=area.code)


def _found(code: str, gazetteer: Gazetteer) -> bool:
    try:
        return bool(gazetteer.find(code))
    except UnknownArea:
        return False


_READERS: dict[str, Callable[[str, Column], Any]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "flag": _flag,
    "word": _word,
    "words": _words,
    "date": _date,
}
