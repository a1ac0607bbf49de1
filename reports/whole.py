"""A file that leaves the house: written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gis.analysis import Note
from gis.errors import BadParameter, OutputTaken, OutputUnwritable


def require_out(out: Path, endings: tuple[str, ...], overwrite: bool) -> str:
    """The ending of a file to be made, checked before the work is done.

    Raises
    ------
    BadParameter
        When it is none of ``endings``.
    OutputTaken
        When the file is there already, unless ``overwrite`` is set.
    OutputUnwritable
        When a folder stands in its place.
    """
    ending = out.suffix.lower()
    if ending not in endings:
        raise BadParameter("--out", out.name, Note("allowed.ending", (("choices", endings),)))
    require_free(out, overwrite)
    return ending


def require_free(out: Path, overwrite: bool) -> None:
    """Check that a file may be put here.

    Raises
    ------
    OutputTaken
        When the file is there already, unless ``overwrite`` is set.
    OutputUnwritable
        When a folder stands in its place.
    """
    if out.exists() and not overwrite:
        raise OutputTaken(str(out))
    if out.is_dir():
        raise OutputUnwritable(str(out), os.strerror(errno.EISDIR))


def write_whole(out: Path, content: bytes, *, private: bool = False) -> None:
    """Write beside the place first, then into it in one step.

    Parameters
    ----------
    private
        Whether only its owner may read it; else whoever the umask of the process lets.

    Raises
    ------
    OutputUnwritable
        When it cannot be written; nothing is left behind.
    """
    part = out.with_name(f".deimap-{secrets.token_hex(8)}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _new_file(part, 0o600 if private else 0o666) as target:
            target.write(content)
        part.replace(out)
    except OSError as error:
        raise OutputUnwritable(*_reason(out, error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _new_file(path: Path, mode: int) -> BinaryIO:
    """A file of its own with these rights from its first moment on, less those of the umask."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def _reason(out: Path, error: OSError) -> tuple[str, str]:
    """What cannot be written and why, as a person sees it."""
    if out.is_dir():
        return str(out), os.strerror(errno.EISDIR)
    folder = out.parent.resolve()
    if error.errno == errno.ENOENT and folder.is_dir():
        # a place that takes no files at all says that the new file is not there
        return str(folder), os.strerror(errno.EPERM)
    return str(folder), error.strerror or str(error)
