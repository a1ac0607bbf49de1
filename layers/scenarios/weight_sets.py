"""Weights kept under a name, with the judgements they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from datetime import datetime
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from gis.analysis import Note
from gis.errors import BadParameter
from gis.membership import STRICT
from gis.suitability_parameters import AxisWeights, SuitabilityParameters
from gis.tracks import AXES, Weight
from layers.parameters import parameters_of
from layers.tracks import tracks
from layers.workspace import Workspace
from registry import scenarios as table
from registry.database import Database
from registry.models import WeightSet as WeightSetRow

GROUPS = ("axes", *AXES)
"""What can be compared by pairs: the axes, or the criteria of one axis."""
Judged = Annotated[float, Field(ge=0.11, le=9)]


@dataclass(frozen=True, config=STRICT)
class Judgements:
    """Comparisons by pairs as the judges made them.

    Attributes
    ----------
    names
        Keys of what was compared, in the order of rows and columns.
    sheets
        One matrix a judge, as :func:`gis.weights.pairwise` takes it; None = no judgement.
    """

    names: tuple[str, ...]
    sheets: tuple[tuple[tuple[Judged | None, ...], ...], ...]

    def __post_init__(self) -> None:
        size = len(self.names)
        shapes = {len(row) for sheet in self.sheets for row in sheet}
        if {len(sheet) for sheet in self.sheets} | shapes != {size}:
            raise PydanticCustomError("square", "a judge states a row and a column for each name")

    @classmethod
    def of(cls, names: tuple[str, ...], matrix: NDArray[np.floating]) -> Judgements:
        """Judgements of a matrix (n, n), or (judges, n, n), NaN = no judgement."""
        given = np.asarray(matrix, dtype=np.float64)
        stack = given[np.newaxis] if given.ndim == 2 else given
        sheets = tuple(
            tuple(tuple(None if np.isnan(cell) else cell for cell in row) for row in sheet)
            for sheet in stack.tolist()
        )
        return cls(names, sheets)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(judges, n, n), NaN = no judgement."""
        return np.array(self.sheets, dtype=np.float64)


@dataclass(frozen=True, config=STRICT)
class WeightSet:
    """Named weights.

    Attributes
    ----------
    track
        Key of the track whose criteria are weighed; None: weights of the axes for any track.
    weights
        Of the four axes.
    criterion_weights
        Weight by key of a criterion of the track; what is not named keeps that of the table.
    judgements
        By ``axes`` or the key of an axis, where weights came from comparisons by pairs.
    saved_at
        UTC; None until it is kept.
    """

    name: str
    track: str | None = None
    weights: AxisWeights = field(default_factory=AxisWeights)
    criterion_weights: dict[str, Weight] = field(default_factory=dict)
    judgements: dict[str, Judgements] = field(default_factory=dict)
    saved_at: datetime | None = None


def save_weight_set(
    name: str,
    workspace: Workspace,
    weights: AxisWeights | Mapping[str, float],
    criterion_weights: Mapping[str, float] | None = None,
    judgements: Mapping[str, Judgements] | None = None,
    track: str | None = None,
    *,
    replace: bool = False,
) -> WeightSet:
    """Keep weights under a name.

    Raises
    ------
    BadParameter
        When the name, a weight, a judgement or the track does not hold, or criteria are weighed
        without a track.
    UnknownParameter
        When a weighed criterion is none of the track.
    NameTaken
        When a set has the name already, unless ``replace`` is set.
    RegistryUnwritable
        When nothing could be stored.
    """
    axes = asdict(weights) if isinstance(weights, AxisWeights) else dict(weights)
    given = {name: asdict(item) for name, item in (judgements or {}).items()}
    told = {
        "track": track,
        "weights": axes,
        "criterion_weights": dict(criterion_weights or {}),
        "judgements": given,
    }
    _check(told)
    with Database.open(workspace.database_url) as database:
        kept = table.store(database, WeightSetRow, name, told, replace)
    return weight_set(kept, workspace)


def weight_sets(workspace: Workspace, track: str | None = None) -> tuple[WeightSet, ...]:
    """All sets, or those that fit a track: its own and those for any; the newest first."""
    with Database.open(workspace.database_url) as database:
        rows = table.stored(database, WeightSetRow)
    return tuple(_weight_set(row) for row in rows if track is None or row["track"] in (None, track))


def weight_set(name: str, workspace: Workspace) -> WeightSet:
    """The set of a name.

    Raises
    ------
    BadParameter, UnknownWeightSet
    """
    with Database.open(workspace.database_url) as database:
        return _weight_set(table.one(database, WeightSetRow, name))


def remove_weight_set(name: str, workspace: Workspace) -> None:
    """Forget a set.

    Raises
    ------
    BadParameter, UnknownWeightSet
    """
    with Database.open(workspace.database_url) as database:
        table.remove(database, WeightSetRow, name)


def _check(told: Mapping[str, Any]) -> None:
    if not told["track"] and told["criterion_weights"]:
        choices = Note("allowed.one_of", (("choices", tuple(track.key for track in tracks())),))
        raise BadParameter("track", "", choices)
    if unknown := set(told["judgements"]) - set(GROUPS):
        choices = Note("allowed.one_of", (("choices", GROUPS),))
        raise BadParameter("judgements", min(unknown), choices)
    parameters_of(WeightSet, {"name": "", **told})
    chosen = {"track": told["track"]} if told["track"] else {}
    stated = {name: told[name] for name in ("weights", "criterion_weights")}
    _ = parameters_of(SuitabilityParameters, {"tracks": tracks(), **chosen, **stated}).chosen


def _weight_set(row: dict[str, Any]) -> WeightSet:
    made: WeightSet = parameters_of(WeightSet, row)
    return made
