"""A job: an order with its own folder, and what has become of it, told by the files in there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from gis.analysis import Note
from gis.errors import BadParameter, FileMissing, UnknownArea
from layers.provenance import plain
from layers.runs import read_note
from layers.workspace import Workspace
from locales import text
from reports.jobs.lock import is_held
from reports.order import ATLAS, DATA, MAP, Order, require_sound
from reports.whole import write_whole

ORDER, PROGRESS, END, STOP, WORKER, LOG = (
    *("order.json", "progress.json", "end.json", "stop", "worker", "log.txt"),
)
VANISHED, FAULT = "report_page.vanished", "report_page.fault"
"""Text keys of what no error of the house tells: the worker is gone, the program is at fault."""
YOUNG_S = 60.0
"""How long a worker may take to come to life."""
_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}")

End: TypeAlias = Literal["made", "failed", "stopped"]
State: TypeAlias = Literal["waiting", "working"] | End
Step: TypeAlias = tuple[str, int, int]
_ENDS: tuple[End, ...] = get_args(End)


@dataclass(frozen=True)
class Job:
    """What is known of a job.

    Attributes
    ----------
    analyses
        Of the results that it was ordered with.
    step
        Text key of what is done now, its number and the number of steps; one where they cannot be
        told apart.
    file
        What was made, as long as it is there.
    failure
        Why it failed, as a text key and its values: said in the language of the reader.
    """

    identity: str
    order: Order
    asked: datetime
    state: State
    analyses: tuple[str, ...] = ()
    step: Step | None = None
    file: Path | None = None
    remarks: tuple[Note, ...] = ()
    failure: Note | None = None

    @property
    def ended(self) -> bool:
        return self.state not in ("waiting", "working")

    @property
    def seconds(self) -> float:
        """How long ago it was asked for."""
        return (datetime.now(UTC) - self.asked).total_seconds()

    @property
    def file_name(self) -> str:
        """A name for the file: what, where, in which language."""
        order = self.order
        kinds = self.analyses if order.what in (MAP, ATLAS, DATA) else ()
        areas = [area for area in order.areas if area.isalnum() and area.isascii()]
        shown = areas if len(areas) <= 4 else [*areas[:3], f"and-{len(areas) - 3}"]
        language = "-".join(order.scripts) or order.language
        return "-".join(("deimap", order.what, *kinds, *shown, language)) + order.ending


def folder_of(workspace: Workspace) -> Path:
    """Where jobs live."""
    return workspace.root / "made"


def job_folder(identity: str, workspace: Workspace) -> Path:
    """Folder of a job; nothing but an id passes.

    Raises
    ------
    FileMissing
        When it is no id.
    """
    if not _ID.fullmatch(identity):
        raise FileMissing(identity)
    return folder_of(workspace) / identity


def identities(workspace: Workspace) -> list[str]:
    """Ids of all jobs, the one that was asked for first in front."""
    place = folder_of(workspace)
    found = place.iterdir() if place.is_dir() else ()
    return sorted(path.name for path in found if _ID.fullmatch(path.name))


def read_job(folder: Path, known: bool | None = None) -> Job:
    """What has become of a job.

    Parameters
    ----------
    known
        Whether its worker is known to live, though it may not have got hold of its folder yet, or
        known to have ended; None where neither is known.

    Raises
    ------
    FileMissing
        When the folder holds no order that can be read.
    """
    told = _ordered(folder)
    # a worker that took hold, or ended, while its folder was read is found the second time
    found = _going(folder, told, known) or _going(folder, told, known)
    if found is not None:
        return found
    if (folder / STOP).exists():
        return Job(**told, state="stopped")
    return Job(**told, state="failed", failure=Note(VANISHED))


def _ordered(folder: Path) -> dict[str, Any]:
    """What stands fast from the moment a job was asked for."""
    document = _document(folder / ORDER)
    if document is None:
        raise FileMissing(str(folder / ORDER))
    try:
        order = order_of(document["order"])
        require_sound(order)
        return {
            "identity": folder.name,
            "order": order,
            "asked": datetime.fromisoformat(document["asked"]).astimezone(UTC),
            "analyses": tuple(map(str, document["analyses"])),
        }
    except (KeyError, TypeError, ValueError, BadParameter, UnknownArea) as error:
        raise FileMissing(str(folder / ORDER)) from error


def _going(folder: Path, told: Mapping[str, Any], known: bool | None) -> Job | None:
    """A job that waits, works or said how it ended; ``None`` where its worker is gone."""
    # who holds the folder is asked first: what ended meanwhile has left its end there
    lives = is_held(folder / WORKER)
    if end := _document(folder / END):
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            return _ended(folder, told, end)
    begun = _document(folder / PROGRESS)
    young = known is None and is_young(told["asked"])
    if not lives and not known and (begun or not young):
        return None
    if begun:
        return Job(**told, state="working", step=_step_of(begun))
    return Job(**told, state="waiting")


def _ended(folder: Path, told: Mapping[str, Any], end: Mapping[str, Any]) -> Job:
    """How a job says that it ended; what cannot be said in words is no end."""
    state = end["state"]
    if state not in _ENDS:
        raise ValueError(state)
    why = end.get("failure")
    notes = [read_note(note) for note in (*end.get("remarks", ()), *([why] if why else ()))]
    for note in notes:
        text(note.key, "en", **dict(note.values))
    file = made_file(folder, told["order"])
    return Job(
        **told,
        state=state,
        file=file if state == "made" and file.is_file() and not file.is_symlink() else None,
        remarks=tuple(notes[:-1] if why else notes),
        failure=notes[-1] if why else None,
    )


def _step_of(begun: Mapping[str, Any]) -> Step | None:
    with suppress(KeyError, TypeError, ValueError):
        step = str(begun["step"])
        text(step, "en")
        return step, int(begun["number"]), int(begun["of"])
    return None


def made_file(folder: Path, order: Order) -> Path:
    """Where a job puts what it makes."""
    return folder / f"made{order.ending}"


def is_young(asked: datetime) -> bool:
    """Whether a worker asked for then may still come to life; never by a clock set back since."""
    return 0 <= (datetime.now(UTC) - asked).total_seconds() < YOUNG_S


def _document(path: Path) -> dict[str, Any] | None:
    """A JSON file of a job; ``None`` where it is not there or was never finished."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(folder: Path, name: str, document: Mapping[str, Any]) -> None:
    """Put down a JSON file of a job, whole.

    Raises
    ------
    OutputUnwritable
        When it cannot be written.
    """
    write_whole(folder / name, json.dumps(plain(document), ensure_ascii=False).encode())


def stated(order: Order) -> dict[str, Any]:
    """An order as JSON holds it."""
    document = asdict(order)
    document["results"] = [str(folder) for folder in order.results]
    document["looks"] = None if order.looks is None else str(order.looks)
    return document


def order_of(document: Mapping[str, Any]) -> Order:
    """The order that :func:`stated` put down; unknown keys are refused."""
    lists = {name: tuple(document[name]) for name in ("areas", "scripts", "layers")}
    results = tuple(Path(folder) for folder in document["results"])
    looks = None if document["looks"] is None else Path(document["looks"])
    return Order(**{**document, **lists, "results": results, "looks": looks})
