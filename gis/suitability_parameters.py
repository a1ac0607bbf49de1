"""Parameters of the suitability analysis, and what each default rests on."""

from __future__ import annotations

from dataclasses import field
from itertools import pairwise

from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from gis.coverage.machinery import Machinery
from gis.coverage.parameters import CoverageParameters
from gis.errors import BadParameter
from gis.membership import STRICT, Score
from gis.parameters import Basis, Season
from gis.tracks import AXES, Axis, Track, Weight


@dataclass(frozen=True, config=STRICT)
class AxisWeights:
    """Weights of the four axes; they need not add to 1.

    Nearness to early adopters already enters through hectares not yet reached, therefore
    ``spread`` is shown but not weighed until a planner raises it.
    """

    need: Weight = 0.4
    fit: Weight = 0.3
    service: Weight = 0.3
    spread: Weight = 0.0

    def __post_init__(self) -> None:
        if not any(self.of(axis) for axis in AXES):
            raise PydanticCustomError("one_weight", "one weight must be above 0")

    def of(self, axis: Axis) -> float:
        """Weight of one axis."""
        weight: float = getattr(self, axis)
        return weight


@dataclass(frozen=True, config=STRICT)
class Cutoffs:
    """Lowest scores of the classes S1, S2, S3 and N1; what lies below is N2."""

    s1: Score = 0.8
    s2: Score = 0.6
    s3: Score = 0.4
    n1: Score = 0.2

    def __post_init__(self) -> None:
        if any(high <= low for high, low in pairwise(self.descending)):
            raise PydanticCustomError("descending", "cut-offs must descend from s1 to n1")

    @property
    def descending(self) -> tuple[float, ...]:
        return (self.s1, self.s2, self.s3, self.n1)


@dataclass(frozen=True, config=STRICT)
class SuitabilityParameters:
    """Which track, by which table of tracks, with which weights and cut-offs.

    ``criterion_weights`` replaces the weight of single criteria by key; ``service_season`` is the
    season in which ways to machines are measured.
    """

    track: str = "upland"
    tracks: tuple[Track, ...] = ()
    weights: AxisWeights = field(default_factory=AxisWeights)
    cutoffs: Cutoffs = field(default_factory=Cutoffs)
    criterion_weights: dict[str, Weight] = field(default_factory=dict)
    machinery: Machinery = field(default_factory=Machinery)
    service_season: Season = "main-wet"

    @property
    def coverage(self) -> CoverageParameters:
        """How machines of the track reach the land, by the coverage analysis."""
        return CoverageParameters(
            track=self.track,
            tracks=self.tracks,
            machinery=self.machinery,
            season=self.service_season,
        )

    @property
    def chosen(self) -> Track:
        """The chosen track with its weights.

        Raises
        ------
        BadParameter
            When the table has no such track.
        UnknownParameter
            When ``criterion_weights`` names a criterion that the track has not.
        """
        by_key = {track.key: track for track in self.tracks}
        if self.track not in by_key:
            raise BadParameter("track", self.track, ", ".join(by_key))
        return by_key[self.track].weighted(self.criterion_weights)


_FAO = "Working value: FAO land evaluation names the classes and sets no cut-offs"
_WEIGHT = "Working value: no published weights for conservation agriculture in Cambodia exist"

SUITABILITY_BASES = (
    Basis("weights.need", "1", _WEIGHT, True),
    Basis("weights.fit", "1", _WEIGHT, True),
    Basis("weights.service", "1", _WEIGHT, True),
    Basis(
        "weights.spread",
        "1",
        "Working value 0: early adopters enter once, through land not yet reached",
        True,
    ),
    Basis("cutoffs.s1", "1", _FAO, True),
    Basis("cutoffs.s2", "1", _FAO, True),
    Basis("cutoffs.s3", "1", _FAO, True),
    Basis("cutoffs.n1", "1", _FAO, True),
)
"""One row for each number that the analysis takes when nobody sets it; criteria name their own."""
