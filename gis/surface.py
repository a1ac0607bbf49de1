"""The suitability surface of a track: axes, combined score, classes and what limits them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.classes import CLASSES, EXCLUDED
from gis.criteria import ScoredTrack
from gis.errors import NothingToScore
from gis.grid import NO_DATA, OUTSIDE, raster
from gis.masks import FIRST_MASK
from gis.membership import Scores, classified
from gis.overlay import NOTHING_LIMITS, capped, weighted_overlay
from gis.scored_area import ScoredArea, scored_area
from gis.suitability_parameters import AxisWeights, Cutoffs, SuitabilityParameters
from gis.tracks import AXES, Axis, Track


@dataclass(frozen=True)
class Surface:
    """Everything computed cell by cell for one track.

    Attributes
    ----------
    zone
        Position of the commune of each cell in ``communes``, ``NO_ZONE`` outside.
    axes
        Score of each axis; all NaN where the axis has no criterion.
    score
        Combined score; NaN where unknown, excluded or outside.
    classes, limiting
        int16 codes with ``NO_DATA`` and ``OUTSIDE``.
    excluded
        True where a mask excludes.
    check
        1 where a mask asks for a check, 0 where none does, ``NO_DATA``; None without such a layer.
    routes, degraded
        As of :class:`gis.scored_area.ScoredArea`.
    """

    communes: gpd.GeoDataFrame
    scored: ScoredTrack
    zone: NDArray[np.int32]
    axes: Mapping[Axis, Scores]
    absent_axes: tuple[Axis, ...]
    score: Scores
    classes: NDArray[np.int16]
    limiting: NDArray[np.int16]
    excluded: NDArray[np.bool_]
    check: NDArray[np.int16] | None
    masked: bool
    routes: pd.DataFrame | None
    degraded: NDArray[np.float32] | None
    notes: tuple[Note, ...]


def surface(inputs: Inputs, parameters: SuitabilityParameters) -> Surface:
    """Score a track over the area.

    Raises
    ------
    NothingToScore
        When no criterion that weighs has a layer.
    """
    area = scored_area(inputs, parameters)
    weights = parameters.weights
    score, axes = scores_of(area, weights)
    limits = weighted_overlay(
        area.scored.scores,
        area.scored.weights(weights),
        [criterion.limiting for criterion in area.scored.criteria],
        [criterion.partial for criterion in area.scored.criteria],
    )[1]
    positions = np.array([0, *area.scored.positions], dtype=np.int16)
    limiting = positions[limits.astype(np.intp) - NOTHING_LIMITS]
    limiting[area.excluded] = area.masks.code[area.excluded]
    limiting[np.isnan(score) & ~area.excluded] = NO_DATA
    limiting[~area.inside] = OUTSIDE
    nothing = np.full(area.zone.shape, np.nan, dtype=np.float32)
    return Surface(
        communes=area.communes,
        scored=area.scored,
        zone=area.zone,
        axes={axis: nothing if found is None else found for axis, found in axes.items()},
        absent_axes=tuple(axis for axis, found in axes.items() if found is None),
        score=score,
        classes=classes_of(area, score, parameters.cutoffs),
        limiting=limiting,
        excluded=area.excluded,
        check=area.masks.check,
        masked=area.masks.excludes,
        routes=area.routes,
        degraded=area.degraded,
        notes=(*area.scored.dropped(weights), *area.masks.notes, *area.notes),
    )


def scores_of(
    area: ScoredArea, weights: AxisWeights
) -> tuple[Scores, Mapping[Axis, Scores | None]]:
    """The combined score, NaN where unknown, excluded or outside, and that of each axis.

    Raises
    ------
    NothingToScore
        When no criterion is left on an axis that weighs.
    """
    if not area.scored.weighs(weights):
        raise NothingToScore(area.scored.track.key, ", ".join(area.districts))
    axes = {axis: area.scored.axis(axis) for axis in AXES}
    mean = _combined(axes, area.scored, weights)
    mean[area.excluded | area.masks.unknown] = np.nan
    return mean, axes


def classes_of(area: ScoredArea, score: Scores, cutoffs: Cutoffs) -> NDArray[np.int16]:
    """Class of each cell by its score, int16 with ``NO_DATA`` and ``OUTSIDE``."""
    classes = classified(score, cutoffs.descending)
    classes[area.excluded] = EXCLUDED
    classes[~area.inside] = OUTSIDE
    return classes


def _combined(
    axes: Mapping[Axis, Scores | None], scored: ScoredTrack, weights: AxisWeights
) -> Scores:
    """The axes as they are shown, combined by their weights; limiting criteria cap the whole."""
    weighed = {axis: found for axis, found in axes.items() if found is not None}
    parts = [(found, weights.of(axis)) for axis, found in weighed.items() if weights.of(axis) > 0]
    mean, _ = weighted_overlay(
        [found for found, _ in parts],
        [weight for _, weight in parts],
        limiting=[False] * len(parts),
        partial=[False] * len(parts),
    )
    caps = [
        score
        for item, score in zip(scored.criteria, scored.scores, strict=True)
        if item.limiting and item.weight > 0 and weights.of(item.axis) > 0
    ]
    return capped(mean, caps)


def rasters_of(found: Surface, inputs: Inputs) -> dict[str, xr.DataArray]:
    """The surface as rasters, each with its unit or the text keys of its classes."""
    grid = inputs.grid
    legend = {place: f"criteria.class_{name.lower()}" for place, name in enumerate(CLASSES, 1)}
    quantities = {"suitability": found.score} | dict(found.axes)
    return {
        "suitability": raster(found.score, grid, "suitability", "1"),
        "suitability_class": raster(found.classes, grid, "suitability_class", "", classes=legend),
        "limiting": raster(
            found.limiting, grid, "limiting", "", classes=limiting_legend(found.scored.track)
        ),
    } | {
        name: raster(values, grid, name, "1")
        for name, values in quantities.items()
        if name != "suitability"
    }


def limiting_legend(track: Track) -> dict[int, str]:
    """Text key of each code of the ``limiting`` raster."""
    legend = {0: "criteria.nothing_limits"}
    legend |= {place: f"criteria.{item.key}" for place, item in enumerate(track.criteria, 1)}
    masks = enumerate(track.masks, FIRST_MASK)
    return legend | {place: f"criteria.mask_{mask.key}" for place, mask in masks}
