"""Files as such: their hash, their tables, and writing them all or nothing."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

from pyogrio.errors import DataSourceError
from rasterio.errors import RasterioError

from gis.errors import FileMissing, OutputUnwritable
from gis.unreadable import unreadable

_STALE_SECONDS = 24 * 3600
"""Age at which a half-written file is surely nobody's."""


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file.

    Raises
    ------
    FileMissing, FileUnreadable
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileMissing(str(path)) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write beside ``path``, which takes its place once all of it is written.

    A fault or a stop leaves what was there before. What a killed process left half written goes
    at the next writing, a day later: another process may be at it still.

    Raises
    ------
    OutputUnwritable
        When the folder is full or may not be written.
    """
    scratch = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        yield scratch
        scratch.replace(path)
    except (OSError, RasterioError, DataSourceError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OutputUnwritable(str(path.parent), reason) from error
    finally:
        with suppress(OSError):
            scratch.unlink()


def _sweep(folder: Path) -> None:
    for left in folder.glob(f".{'[0-9a-f]' * 32}.*"):
        with suppress(OSError):
            if left.stat().st_mtime < time() - _STALE_SECONDS:
                left.unlink()


def write_toml(path: Path, table: Mapping[str, Any]) -> None:
    """Write a flat table whole or not at all; texts, numbers, lists and one level of tables."""
    with replacing(path) as scratch:
        scratch.write_text(toml_text(table), encoding="utf-8")


def toml_text(table: Mapping[str, Any]) -> str:
    """A table as TOML.

    Examples
    --------
    >>> print(toml_text({"unit": "m", "title": {"en": "Height"}, "extent": ["02"]}), end="")
    unit = "m"
    title = { "en" = "Height" }
    extent = ["02"]
    """
    return "".join(f"{key} = {_toml_value(value)}\n" for key, value in table.items())


def _toml_value(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(
            f"{_toml_value(key)} = {_toml_value(part)}" for key, part in value.items()
        )
        return f"{{ {pairs} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml_value(part) for part in value)}]"
    if isinstance(value, str):
        # JSON escapes all that TOML asks for, but for the sign DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
