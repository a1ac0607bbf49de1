"""Tracks: production systems, each scored on its own by criteria on four axes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from gis.errors import UnknownParameter
from gis.membership import STRICT, ValueFunction

Axis: TypeAlias = Literal["need", "fit", "service", "spread"]
AXES: tuple[Axis, ...] = get_args(Axis)

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Weight = Annotated[float, Field(ge=0, le=1000)]

DERIVED: Mapping[str, str] = MappingProxyType(
    {"road_distance": "roads", "adopter_distance": "adopters"}
)
"""Distances computed on the grid, and the features from which they are measured."""

BESIDE: Mapping[str, str] = MappingProxyType(
    {
        "machine_minutes": "coverage",
        "machine_way": "coverage",
        "degradation": "land-degradation",
        "degradation_land": "land-degradation",
    }
)
"""Variables that another analysis computes, and that analysis.

``machine_minutes`` from the nearest base with a planter of the track, ``machine_way`` 1 where a way
leads there and else 0; ``degradation`` 1 where land is degraded and else 0, ``degradation_land`` 0
on water and else 1.
"""


@dataclass(frozen=True, config=STRICT)
class Criterion:
    """One thing that speaks for or against a place.

    Attributes
    ----------
    key
        Names the criterion; its title is the text ``criteria.<key>``.
    variable
        The layer (or derived distance) it reads.
    units
        Unit that ``function`` expects.
    weight
        Weight among the criteria of its axis.
    limiting
        The whole score is at most this criterion's score.
    letter
        Subclass letter beside S1 to N2.
    share
        A share (0 to 1) that multiplies the score: slope counts where annual crops stand.
    applies_where
        A quantity; where it is 0 the criterion does not apply (no maize, no maize yield).
    source
        Where its numbers come from.
    working_value
        True when no published figure stands behind them.
    """

    key: Key
    axis: Axis
    variable: Key
    units: str
    function: ValueFunction
    weight: Weight
    letter: Annotated[str, Field(pattern=r"^[a-z]$")]
    source: Annotated[str, Field(min_length=1)]
    working_value: bool
    limiting: bool = False
    share: Key | None = None
    applies_where: Key | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that the criterion cannot do without."""
        return tuple(name for name in (self.variable, self.share, self.applies_where) if name)

    @property
    def partial(self) -> bool:
        """True when there may be cells of which it says nothing."""
        return self.applies_where is not None


@dataclass(frozen=True, config=STRICT)
class Mask:
    """Classes of a layer that exclude a place, or ask for a check on the ground."""

    key: Key
    variable: Key
    classes: tuple[int, ...]
    effect: Literal["exclude", "check"]
    source: Annotated[str, Field(min_length=1)] = "working value"


@dataclass(frozen=True, config=STRICT)
class Track:
    """A production system: its crops, the figures that measure it, its criteria and masks.

    ``figures`` are columns of commune figures whose sum is the track's reported hectares, one a
    crop of ``crops``. ``other_crops`` grow on the same land without a figure: requests may name
    them. ``planters`` are those of ``machines`` that plant.
    """

    key: Key
    crops: tuple[str, ...]
    figures: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    masks: tuple[Mask, ...] = ()
    machines: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    other_crops: tuple[str, ...] = ()
    planters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.criteria or not self.figures:
            raise ValueError("a track needs criteria and figures")
        keys = Counter([*(item.key for item in self.criteria), *(item.key for item in self.masks)])
        letters = Counter(item.letter for item in self.criteria)
        for name, number in (*keys.items(), *letters.items()):
            if number > 1:
                raise ValueError(f"{name} stands twice in track {self.key}")

    def on(self, axis: Axis) -> tuple[Criterion, ...]:
        """Criteria of one axis, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.axis == axis)

    def rests_on(self, analysis: str) -> bool:
        """Whether a criterion needs what another analysis computes."""
        names = {name for criterion in self.criteria for name in criterion.variables}
        return any(BESIDE.get(name) == analysis for name in names)

    def weighted(self, weights: Mapping[str, float]) -> Track:
        """The track with other weights for some criteria.

        Raises
        ------
        UnknownParameter
            When it has no criterion of a key.
        """
        keys = tuple(criterion.key for criterion in self.criteria)
        for key in weights:
            if key not in keys:
                choices = tuple(f"criterion_weights.{known}" for known in keys)
                raise UnknownParameter(f"criterion_weights.{key}", choices)
        criteria = tuple(
            replace(criterion, weight=weights.get(criterion.key, criterion.weight))
            for criterion in self.criteria
        )
        return replace(self, criteria=criteria)
