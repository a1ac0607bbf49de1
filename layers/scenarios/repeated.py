"""Repeating a scenario: the same parameters over the same layers and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version

from gis.analysis import LayerUse, Note, Progress, Provenance, Result, silent
from gis.errors import (
    BadParameter,
    ScenarioChanged,
    ScenarioOutdated,
    UnknownAnalysis,
    UnknownParameter,
)
from layers.changes import contents
from layers.parameters import parameters_of
from layers.run import analysis_named, run
from layers.runs import load_run, run_folder
from layers.scenarios.kept import Scenario, scenario
from layers.workspace import Workspace

_Edition = tuple[str, str]
"""Edition and hash of what was read."""


def repeat(
    name: str, workspace: Workspace, progress: Progress = silent, present_data: bool = False
) -> Result:
    """Compute a scenario again.

    Parameters
    ----------
    name
        Of a scenario.
    progress
        Called at each step; what it raises stops the run.
    present_data
        Read what is there now and say in a warning what differs, instead of refusing.

    Returns
    -------
    Result
        By the parameters as saved, the tables of the house among them. Without ``present_data``
        it has the id of the saved run; another version of the software is said in a warning.

    Raises
    ------
    BadParameter, UnknownScenario
        When there is no scenario of this name.
    ScenarioOutdated
        When this version does not take its parameters.
    ScenarioChanged
        When layers, outlines or records that it used are gone or have another content.
    UnknownArea
        When, with ``present_data``, its area is gone.
    """
    kept = scenario(name, workspace)
    _require_taken(kept)
    before = _editions(kept.provenance)
    if not present_data:
        now = contents(kept.provenance, workspace)
        _require_same(kept, {use: sha for use, (_, sha) in before.items()}, now)
    made = kept.provenance
    result = run(
        made.analysis,
        made.areas,
        made.parameters,
        resolution=made.resolution_m,
        workspace=workspace,
        progress=progress,
        pinned=None if present_data else frozenset(before),
    )
    after = _editions(result.provenance)
    if not present_data:
        _require_same(kept, before, after)
    return _warned(result, (*_other_data(made, result.provenance), *_other_software(made)))


def result_of(name: str, workspace: Workspace, progress: Progress = silent) -> Result:
    """The result of a scenario: as it is kept, or repeated where its folder is gone.

    Raises
    ------
    DeimapError
        As :func:`repeat`; FileUnreadable where the kept result is damaged.
    """
    kept = scenario(name, workspace)
    if run_folder(kept.run, workspace).is_dir():
        return load_run(kept.run, workspace)
    return repeat(name, workspace, progress)


def differences(first: Provenance, second: Provenance) -> tuple[Note, ...]:
    """Layers and records that one of two results read and the other did not, in words."""
    left = {use.id: use for use in first.layers}
    right = {use.id: use for use in second.layers}
    return (
        *(_said("only_first", use) for name, use in left.items() if name not in right),
        *(_said("only_second", use) for name, use in right.items() if name not in left),
        *(
            _said("other_content", use, right[name].edition)
            for name, use in left.items()
            if name in right and _edition(use) != _edition(right[name])
        ),
    )


def _said(key: str, use: LayerUse, other: str = "") -> Note:
    values = (("layer", dict(use.title)), ("edition", use.edition), ("other", other))
    return Note(f"scenarios.{key}", values)


def _edition(use: LayerUse) -> _Edition:
    return use.edition, use.sha256


def _editions(made: Provenance) -> dict[str, _Edition]:
    return {use.id: _edition(use) for use in made.layers}


def _require_taken(kept: Scenario) -> None:
    made = kept.provenance
    try:
        spec = analysis_named(made.analysis)
        spec.roles(parameters_of(spec.parameters, made.parameters))
    except (UnknownAnalysis, UnknownParameter) as error:
        gone = Note("scenarios.parameter_gone", (("name", error.name),))
        raise ScenarioOutdated(kept.name, gone) from error
    except BadParameter as error:
        values = (("name", error.name), ("allowed", error.allowed))
        refused = Note("scenarios.parameter_refused", values)
        raise ScenarioOutdated(kept.name, refused) from error


def _require_same(kept: Scenario, before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """Compare what was read with what is there, by id."""
    found = tuple(
        _said("changed" if use.id in now else "gone", use)
        for use in kept.provenance.layers
        if now.get(use.id) != before[use.id]
    )
    if found:
        raise ScenarioChanged(kept.name, found)


def _other_data(before: Provenance, after: Provenance) -> tuple[Note, ...]:
    changes = differences(before, after)
    return (Note("scenarios.present_data", (("changes", changes),)),) if changes else ()


def _other_software(before: Provenance) -> tuple[Note, ...]:
    now = f"deimap {version('deimap')}"
    if before.software == now:
        return ()
    values = (("first", before.software), ("second", now))
    return (Note("scenarios.other_software", values),)


def _warned(result: Result, notes: tuple[Note, ...]) -> Result:
    outcome = replace(result.outcome, warnings=(*notes, *result.outcome.warnings))
    return replace(result, outcome=outcome)
