"""Results kept under a name, with all that repeats them exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis.analysis import Provenance, Result
from gis.errors import NameTaken
from gis.grid import CRS
from gis.naming import name_of, note_of
from layers.provenance import provenance_of, stated
from layers.runs import run_id, save_run
from layers.workspace import Workspace
from registry import scenarios as table
from registry.database import Database
from registry.models import Scenario as ScenarioRow

_COLUMNS = (
    *("analysis", "areas", "parameters", "layers", "resolution_m"),
    *("software", "created", "example"),
)


@dataclass(frozen=True)
class Scenario:
    """A named result.

    Attributes
    ----------
    name
        As it is kept (NFC).
    provenance
        Analysis, areas, parameters, layers with their editions and hashes, software, example.
    run
        Id of the kept result: what a URL holds.
    saved_at
        When it got its name, UTC.
    note
        A planner's remark, may be empty.
    """

    name: str
    provenance: Provenance
    run: str
    saved_at: datetime
    note: str


def save_scenario(
    name: str, result: Result, workspace: Workspace, note: str = "", *, replace: bool = False
) -> Scenario:
    """Keep a result under a name.

    Parameters
    ----------
    name
        1 to 80 characters of any script.
    note
        A remark of at most 500 characters.
    replace
        Take the place of a scenario of this name.

    Raises
    ------
    BadParameter
        When the name or the note does not hold.
    NameTaken
        When a scenario has the name already.
    RegistryUnwritable, OutputUnwritable
        When nothing could be stored.
    """
    if not replace:
        require_free_name(name, workspace)
    remark, provenance = note_of(note), result.provenance
    told = {column: stated(provenance)[column] for column in _COLUMNS}
    told |= {"run": run_id(provenance), "note": remark}
    kept = name_of(name)
    save_run(result, workspace)
    with _open(workspace) as database:
        table.store(database, ScenarioRow, kept, told, replace)
    return scenario(kept, workspace)


def require_free_name(name: str, workspace: Workspace) -> None:
    """Check that a scenario may get this name, before the work is done.

    Raises
    ------
    BadParameter, NameTaken
    """
    with _open(workspace) as database:
        if table.taken(database, ScenarioRow, name):
            raise NameTaken(name_of(name))


def scenarios(workspace: Workspace) -> tuple[Scenario, ...]:
    """All scenarios, the newest first."""
    with _open(workspace) as database:
        return tuple(_scenario(row) for row in table.stored(database, ScenarioRow))


def scenario(name: str, workspace: Workspace) -> Scenario:
    """The scenario of a name.

    Raises
    ------
    BadParameter, UnknownScenario
    """
    with _open(workspace) as database:
        return _scenario(table.one(database, ScenarioRow, name))


def rename_scenario(name: str, new: str, workspace: Workspace) -> Scenario:
    """Give a scenario another name.

    Raises
    ------
    BadParameter, NameTaken, UnknownScenario
    """
    with _open(workspace) as database:
        return scenario(table.rename(database, ScenarioRow, name, new), workspace)


def remove_scenario(name: str, workspace: Workspace) -> None:
    """Forget a scenario; its kept result stays.

    Raises
    ------
    BadParameter, UnknownScenario
    """
    with _open(workspace) as database:
        table.remove(database, ScenarioRow, name)


def _open(workspace: Workspace) -> Database:
    return Database.open(workspace.database_url)


def _scenario(row: dict[str, Any]) -> Scenario:
    provenance = provenance_of(row | {"crs": CRS})
    return Scenario(row["name"], provenance, row["run"], row["saved_at"], row["note"])
