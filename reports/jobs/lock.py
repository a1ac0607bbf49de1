"""A file that a process holds as long as it lives: the system lets go of it, however it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TRIES, _WAIT_S = 50, 0.1
"""Who asks whether a file is held holds it for a moment."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file for the length of the block.

    Raises
    ------
    OSError
        When another process keeps it.
    """
    with path.open("ab") as file:
        for left in reversed(range(_TRIES)):
            try:
                _take(file)
                break
            except OSError:
                if not left:
                    raise
                time.sleep(_WAIT_S)
        yield


def is_held(path: Path) -> bool:
    """Whether a process that lives holds the file."""
    try:
        with path.open("r+b") as file:
            _take(file)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
