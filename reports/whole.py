"""A file that leaves the house: written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

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
    """
    ending = out.suffix.lower()
    if ending not in endings:
        raise BadParameter("--out", out.name, Note("allowed.ending", (("choices", endings),)))
    if out.exists() and not overwrite:
        raise OutputTaken(str(out))
    return ending


def write_whole(out: Path, content: bytes) -> None:
    """Write beside the place first, then into it in one step.

    Raises
    ------
    OutputUnwritable
        When it cannot be written; nothing is left behind.
    """
    part = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".deimap-", dir=out.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        part.chmod(0o644)
        part.replace(out)
    except OSError as error:
        raise OutputUnwritable(str(out.parent), error.strerror or str(error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
