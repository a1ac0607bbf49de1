"""Why a file cannot be read: what readers complain about, as a reason in both languages."""

from __future__ import annotations

import re

from gis.analysis import Note
from gis.errors import FileUnreadable

_SIGNS = (
    ("no_permission", r"permission denied"),
    ("unknown_format", r"not recognized as|not a database|unsupported file format"),
    ("empty", r"no columns to parse|expecting value: line 1 column 1 \(char 0\)"),
    (
        "truncated",
        r"truncated|unexpected end|end of document|premature|malformed|tifffill"
        r"|tiffread|ireadblock|read failed|read error|unterminated"
        r"|access window out of range|failed to read|tifffetch",
    ),
)
"""A text of ``locales/unreadable.toml`` and the words of readers (GDAL, SQLite, pandas) for it."""
_ADVICE = re.compile(r"; It might help.*", re.DOTALL)


def unreadable(path: object, problem: BaseException) -> FileUnreadable:
    """The error for a file that a reader gave up on."""
    return FileUnreadable(str(path), _reason(problem))


def because(path: object, key: str, **values: object) -> FileUnreadable:
    """The error for a file whose fault we found ourselves: a text of ``unreadable.toml``."""
    return FileUnreadable(str(path), Note(f"unreadable.{key}", tuple(values.items())))


def _reason(problem: BaseException) -> object:
    if isinstance(problem, PermissionError):
        return Note("unreadable.no_permission")
    if isinstance(problem, UnicodeDecodeError):
        return Note("unreadable.encoding")
    if isinstance(problem, LookupError | TypeError | StopIteration):
        return Note("unreadable.incomplete")
    said = getattr(problem, "strerror", None) or str(problem.__cause__ or problem)
    for key, sign in _SIGNS:
        if re.search(sign, said, re.IGNORECASE):
            return Note(f"unreadable.{key}")
    line = re.search(r"\bline (\d+)", said)
    if line and isinstance(problem, ValueError):
        return Note("unreadable.line", (("line", line.group(1)),))
    return " ".join(_ADVICE.sub("", said).split()).rstrip(".")
