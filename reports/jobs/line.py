"""The line of jobs: asked for, waiting, made one at a time, the last ten kept.

Each job is a process of its own that outlives the one that asked: the line stands in the folders
alone, so that a new start of the app, or a second app, finds it as it is.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.errors import DeimapError, OutputUnwritable
from layers.kept import stated_by
from layers.workspace import PROJECT, Workspace
from reports.jobs.job import (
    LOG,
    ORDER,
    STOP,
    Job,
    folder_of,
    identities,
    is_young,
    job_folder,
    read_job,
    stated,
    write,
)
from reports.order import Order, require_sound

KEPT = 10
"""Jobs that stay with the file they made; as many others stay to say why there is none."""
_GONE = ".gone-"
_STARTED: dict[str, subprocess.Popen[bytes]] = {}
"""Workers that this process started."""


def ask(order: Order, workspace: Workspace) -> str:
    """Put an order in the line; the id of its job.

    Raises
    ------
    BadParameter
        When the order does not hold.
    OutputUnwritable
        When the workspace cannot be written.
    """
    require_sound(order)
    now = datetime.now(UTC)
    identity = f"{now:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}"
    folder = job_folder(identity, workspace)
    stating = (stated_by(result) for result in order.results)
    analyses = [kept.analysis for kept in stating if kept is not None]
    document = {"asked": now.isoformat(), "analyses": analyses, "order": stated(order)}
    write(folder, ORDER, document)
    _STARTED[identity] = _worker(folder, workspace)
    keep_the_last(workspace)
    return identity


def _worker(folder: Path, workspace: Workspace) -> subprocess.Popen[bytes]:
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        with (folder / LOG).open("wb") as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-m", "reports.jobs", str(folder)],
                cwd=PROJECT,
                env=os.environ | {"DEIMAP_WORKSPACE": str(workspace.root)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **apart,
            )
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OutputUnwritable(str(folder), error.strerror or str(error)) from error


def jobs(workspace: Workspace) -> list[Job]:
    """All jobs, the newest first."""
    found = []
    for identity in reversed(identities(workspace)):
        try:
            found.append(job(identity, workspace))
        except DeimapError:
            continue  # being removed
    return found


def job(identity: str, workspace: Workspace) -> Job:
    """What has become of one job.

    Raises
    ------
    FileMissing
        When there is none of this id.
    """
    return read_job(job_folder(identity, workspace), _lives(identity))


def _lives(identity: str) -> bool | None:
    """Whether the worker lives, as far as this process knows: it knows those that it started."""
    worker = _STARTED.get(identity)
    return None if worker is None else worker.poll() is None


def stop(identity: str, workspace: Workspace) -> None:
    """Ask a job to stop; its worker does so soon and leaves nothing half made.

    Raises
    ------
    FileMissing
        When there is none of this id.
    OutputUnwritable
        When the workspace cannot be written.
    """
    if not job(identity, workspace).ended:
        write(job_folder(identity, workspace), STOP, {})


def remove(identity: str, workspace: Workspace) -> None:
    """Remove a job that ended, with its file; nothing happens to one that has not.

    Raises
    ------
    FileMissing
        When there is none of this id.
    """
    if job(identity, workspace).ended:
        _remove(job_folder(identity, workspace))


def _remove(folder: Path) -> None:
    """Out of sight in one step, then away."""
    try:
        gone = Path(tempfile.mkdtemp(prefix=_GONE, dir=folder.parent))
        folder.rename(gone / folder.name)
    except OSError:
        gone = folder
    shutil.rmtree(gone, ignore_errors=True)


def keep_the_last(workspace: Workspace) -> None:
    """Remove what nobody can read, what a removal left, and what ended before the last.

    Files that were made are counted by themselves: no failure pushes one out.
    """
    every = jobs(workspace)
    made = [one for one in every if one.state == "made"]
    others = [one for one in every if one.ended and one.state != "made"]
    for old in (*made[KEPT:], *others[KEPT:]):
        _remove(job_folder(old.identity, workspace))
    for identity in set(identities(workspace)) - {one.identity for one in every}:
        if is_left(identity):
            _remove(job_folder(identity, workspace))
    for left in folder_of(workspace).glob(f"{_GONE}*"):
        shutil.rmtree(left, ignore_errors=True)


def is_left(identity: str) -> bool:
    """Whether an order that cannot be read is of another time, and not just being written."""
    return not is_young(datetime.strptime(identity[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC))


def is_next(identity: str, workspace: Workspace) -> bool:
    """Whether no job works, and none that was asked for before is waiting.

    One that works may bear a later time than this one: clocks are set back.
    """
    for other in identities(workspace):
        if other == identity:
            continue
        try:
            state = job(other, workspace).state
        except DeimapError:
            continue
        if state == "working" or (state == "waiting" and other < identity):
            return False
    return True
