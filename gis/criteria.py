"""Criteria of a track scored on the grid, and the weights that stay when some are absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.membership import CategoryTable, Scores, holds, quantity
from gis.overlay import NOT_APPLICABLE, weighted_overlay
from gis.suitability_parameters import AxisWeights
from gis.terrain import in_units, nearest_distance
from gis.tracks import AXES, DERIVED, Axis, Criterion, Track

DISTANCE_CAP_M = 20_000.0
"""Working value: beyond this a distance only says "far"."""

REACHING = ("practised", "partly")
"""Status of an early adopter whose field shows conservation agriculture to others."""


@dataclass(frozen=True)
class ScoredTrack:
    """Scores of the criteria that the area has layers for.

    ``scores`` holds one array a criterion, NaN outside the area. ``positions`` are the places of
    the criteria in the track, from 1, which stay when a criterion is absent.
    """

    track: Track
    criteria: tuple[Criterion, ...]
    scores: tuple[Scores, ...]
    positions: tuple[int, ...]

    def weighted(self, weights: Mapping[str, float]) -> ScoredTrack:
        """The same scores with other weights for some criteria."""
        track = self.track.weighted(weights)
        criteria = tuple(track.criteria[place - 1] for place in self.positions)
        return replace(self, track=track, criteria=criteria)

    def weighs(self, axes: AxisWeights) -> bool:
        """Whether a criterion is left on an axis that weighs."""
        return any(axes.of(item.axis) * item.weight > 0 for item in self.criteria)

    def dropped(self, axes: AxisWeights) -> tuple[Note, ...]:
        """Criteria whose layers are absent, and axes that weigh and lost all of theirs."""
        here = {item.key for item in self.criteria}
        gone = [item for item in self.track.criteria if item.key not in here]
        notes = []
        if gone:
            titles = tuple(Note(f"criteria.{item.key}") for item in gone)
            notes.append(Note("reasons.criteria_dropped", (("criteria", titles),)))
        empty = [axis for axis in AXES if not any(item.axis == axis for item in self.criteria)]
        weighed = tuple(Note(f"criteria.axis_{axis}") for axis in empty if axes.of(axis) > 0)
        if weighed:
            notes.append(Note("reasons.axes_dropped", (("axes", weighed),)))
        return tuple(notes)

    def weights(self, axes: AxisWeights) -> tuple[float, ...]:
        """Weight of each criterion among all: its axis' weight times its part of the axis."""
        sums = {axis: self._axis_sum(axis) for axis in AXES}
        return tuple(
            axes.of(item.axis) * item.weight / sums[item.axis] if item.weight > 0 else 0.0
            for item in self.criteria
        )

    def axis_shares(self, axes: AxisWeights) -> Mapping[Axis, float]:
        """Share of each axis that has criteria, among the axes that weigh."""
        present = {axis: axes.of(axis) for axis in AXES if self._axis_sum(axis) > 0}
        return {axis: weight / sum(present.values()) for axis, weight in present.items()}

    def axis(self, axis: Axis) -> Scores | None:
        """The axis as the weighted mean of its own criteria; None when it has none."""
        chosen = [place for place, item in enumerate(self.criteria) if item.axis == axis]
        if self._axis_sum(axis) == 0:
            return None
        return weighted_overlay(
            [self.scores[place] for place in chosen],
            [self.criteria[place].weight for place in chosen],
            [self.criteria[place].limiting for place in chosen],
            [self.criteria[place].partial for place in chosen],
        )[0]

    def _axis_sum(self, axis: Axis) -> float:
        return sum(item.weight for item in self.criteria if item.axis == axis)


def scored_track(
    inputs: Inputs,
    track: Track,
    inside: NDArray[np.bool_],
    computed: Mapping[str, xr.DataArray],
) -> ScoredTrack:
    """Score every criterion of a track whose layers are there.

    Parameters
    ----------
    computed
        Variable -> raster, of those that other analyses compute.

    Raises
    ------
    WrongUnit
        When a layer's unit is not the criterion's and cannot be converted.
    """
    variables = {**_variables(inputs, track), **computed}
    present = [item for item in track.criteria if all(name in variables for name in item.variables)]
    outside = np.where(inside, np.float32(0), np.float32(np.nan))
    scores = tuple(_score(item, variables) + outside for item in present)
    positions = tuple(track.criteria.index(item) + 1 for item in present)
    return ScoredTrack(track, tuple(present), scores, positions)


def reaching(inputs: Inputs, track: Track) -> gpd.GeoDataFrame | None:
    """Early adopters of a track whose fields can be shown; None when none is on record.

    No record at all says nothing; records that have all stopped say that nobody practises.
    """
    known = inputs.features.get("adopters")
    if known is None:
        return None
    own = known[known["track"] == track.key]
    return None if own.empty else own[own["status"].isin(REACHING)]


def _variables(inputs: Inputs, track: Track) -> Mapping[str, xr.DataArray]:
    """Rasters by variable, distances measured."""
    found = {name: array for name, array in inputs.rasters.items() if name not in inputs.absent}
    for variable, features in DERIVED.items():
        asked = any(variable in criterion.variables for criterion in track.criteria)
        sources = (
            reaching(inputs, track) if features == "adopters" else inputs.features.get(features)
        )
        if asked and sources is not None and features not in inputs.absent:
            found[variable] = nearest_distance(sources, inputs.grid, DISTANCE_CAP_M, variable)
    return found


def _score(criterion: Criterion, variables: Mapping[str, xr.DataArray]) -> Scores:
    layer = variables[criterion.variable]
    if isinstance(criterion.function, CategoryTable):
        score = criterion.function.score(layer.to_numpy())
    else:
        score = criterion.function.score(in_units(layer, criterion.units))
    if criterion.share is not None:
        score = score * np.clip(in_units(variables[criterion.share], "1"), 0, 1)
    if criterion.applies_where is not None:
        where = quantity(variables[criterion.applies_where].to_numpy())
        # What is unknown there stays unknown; only a known nothing takes the criterion away.
        score = np.where(holds(where), score, np.where(np.isnan(where), where, NOT_APPLICABLE))
    return score.astype(np.float32, copy=False)
