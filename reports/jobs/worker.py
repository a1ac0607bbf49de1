"""The process of one job: waits for its turn, makes what was ordered, says how it ended."""

from __future__ import annotations

import _thread
import os
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from gis.analysis import Note
from gis.errors import DeimapError
from layers.workspace import Workspace
from reports.jobs.job import END, FAULT, PROGRESS, STOP, WORKER, made_file, read_job, write
from reports.jobs.line import is_next, keep_the_last
from reports.jobs.lock import held
from reports.order import make
from reports.whole import write_whole

_POLL_S = 0.3
_PATIENCE_S = 20.0
"""How long a step that no word reaches may go on after the job was stopped."""
_LONGEST = 300


def work(folder: Path) -> None:
    """Make the order of a folder; the folder says how it ended, whatever happens."""
    signal.signal(signal.SIGTERM, _stopped)
    workspace = Workspace(folder.parent.parent)
    with held(folder / WORKER), _scraps(folder):
        try:
            with _listening(folder):
                _wait_for_turn(folder, workspace)
                end = _made(folder, workspace)
        except KeyboardInterrupt:
            end = {"state": "stopped"}
        except DeimapError as error:
            end = _failed(f"errors.{error.key}", **error.values)
        except Exception as error:  # whatever it was, the page must say so
            traceback.print_exc()
            end = _failed(FAULT, why=f"{type(error).__name__}: {error}"[:_LONGEST])
        write(folder, END, end)
    keep_the_last(workspace)


def _failed(key: str, **values: object) -> dict[str, Any]:
    return {"state": "failed", "failure": Note(key, tuple(values.items()))}


def _stopped(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _scraps(folder: Path) -> Iterator[None]:
    """What is written on the way lies in the folder: it goes with it, even after a kill."""
    former = tempfile.tempdir
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
        tempfile.tempdir = place
        try:
            yield
        finally:
            tempfile.tempdir = former


@contextmanager
def _listening(folder: Path) -> Iterator[None]:
    """Interrupt the block when somebody stops or removes the job."""
    over = threading.Event()

    def listen() -> None:
        while not over.wait(_POLL_S):
            if (folder / STOP).exists() or not folder.exists():
                _thread.interrupt_main()
                if not over.wait(_PATIENCE_S):
                    os._exit(1)
                return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        over.set()


def _wait_for_turn(folder: Path, workspace: Workspace) -> None:
    while not is_next(folder.name, workspace):
        time.sleep(_POLL_S)


def _made(folder: Path, workspace: Workspace) -> dict[str, Any]:
    def progress(step: str, number: int, of: int) -> None:
        write(folder, PROGRESS, {"step": step, "number": number, "of": of})

    progress("steps.reading", 1, 1)
    order = read_job(folder, known=True).order
    made = make(order, workspace, progress)
    write_whole(made_file(folder, order), made.content)
    return {"state": "made", "remarks": made.remarks}
