"""Files as such: their hash, their tables, and writing them all or nothing."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from gis.errors import FileMissing, FileUnreadable


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
        raise FileUnreadable(str(path), str(error)) from error
