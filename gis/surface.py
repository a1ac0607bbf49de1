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
from gis.criteria import ScoredTrack, mask_codes, scored_track
from gis.grid import NO_DATA, OUTSIDE, raster
from gis.membership import Scores, classified, listed, unclassed
from gis.overlay import NOTHING_LIMITS, capped, weighted_overlay
from gis.suitability_parameters import AxisWeights, SuitabilityParameters
from gis.tracks import AXES, Axis, Mask, Track
from gis.zonal import NO_ZONE, SQUARE_METRES, zone_of_cells

CLASSES = ("S1", "S2", "S3", "N1", "N2", "excluded")
"""Suitability classes in the order of their codes, from 1."""
EXCLUDED = np.int16(CLASSES.index("excluded") + 1)
FIRST_MASK = 101
"""Code of the first mask among what limits; criteria have the codes 1 and up."""


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
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Masks:
    code: NDArray[np.int16]
    unknown: NDArray[np.bool_]
    check: NDArray[np.int16] | None
    excludes: bool
    notes: tuple[Note, ...]


def surface(inputs: Inputs, parameters: SuitabilityParameters) -> Surface:
    """Score a track over the area.

    Raises
    ------
    NothingToScore
        When no criterion that weighs has a layer.
    """
    track = parameters.chosen
    communes = inputs.communes.sort_index()
    zone = zone_of_cells(communes, inputs.grid)
    inside = zone != NO_ZONE
    scored = scored_track(inputs, track, parameters.weights, inside)
    axes = {axis: scored.axis(axis) for axis in AXES}
    mean = _combined(axes, scored, parameters.weights)
    limits = weighted_overlay(
        scored.scores,
        scored.weights(parameters.weights),
        [criterion.limiting for criterion in scored.criteria],
        [criterion.partial for criterion in scored.criteria],
    )[1]
    masks = _masks(inputs, track)
    excluded = inside & (masks.code > 0)
    unknown = inside & (masks.unknown | np.isnan(mean)) & ~excluded
    score = np.where(excluded | unknown, np.float32(np.nan), mean)
    classes = classified(score, parameters.cutoffs.descending)
    classes[excluded] = EXCLUDED
    positions = np.array([0, *scored.positions], dtype=np.int16)
    limiting = positions[limits.astype(np.intp) - NOTHING_LIMITS]
    limiting[excluded] = masks.code[excluded]
    for codes in (classes, limiting):
        codes[unknown] = NO_DATA
        codes[~inside] = OUTSIDE
    nothing = np.full(zone.shape, np.nan, dtype=np.float32)
    return Surface(
        communes=communes,
        scored=scored,
        zone=zone,
        axes={axis: nothing if found is None else found for axis, found in axes.items()},
        absent_axes=tuple(axis for axis, found in axes.items() if found is None),
        score=score,
        classes=classes,
        limiting=limiting,
        excluded=excluded,
        check=masks.check,
        masked=masks.excludes,
        notes=(*scored.notes, *masks.notes, *_protection(inputs, track, masks)),
    )


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


def _masks(inputs: Inputs, track: Track) -> _Masks:
    code = np.zeros(inputs.grid.shape, dtype=np.int16)
    unknown = np.zeros(inputs.grid.shape, dtype=np.bool_)
    check: NDArray[np.int16] | None = None
    absent: list[Mask] = []
    excludes = False
    for place, mask in enumerate(track.masks, FIRST_MASK):
        found = mask_codes(inputs, mask)
        if found is None:
            absent.append(mask)
            continue
        hit, gap = listed(found, mask.classes), unclassed(found)
        if mask.effect == "exclude":
            excludes = True
            code[hit & (code == 0)] = place
            unknown |= gap
        else:
            known = np.where(gap, NO_DATA, hit.astype(np.int16))
            check = known if check is None else _either(check, known)
    titles = tuple(Note(f"criteria.mask_{mask.key}") for mask in absent)
    notes = (Note("reasons.masks_absent", (("masks", titles),)),) if absent else ()
    return _Masks(code, unknown, check, excludes, notes)


def _either(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """1 where one of two says so, else unknown where one is unknown, else 0."""
    asked = (one == 1) | (other == 1)
    return np.where(asked, np.int16(1), np.minimum(one, other))


def _protection(inputs: Inputs, track: Track, masks: _Masks) -> tuple[Note, ...]:
    """What stands in for the masks that exclude, when no layer is there."""
    if masks.excludes or all(mask.effect != "exclude" for mask in track.masks):
        return ()
    known = "protected_share" in inputs.figures
    return (Note("reasons.protected_reduces" if known else "reasons.protected_absent"),)


def area_of_communes(inputs: Inputs, communes: gpd.GeoDataFrame) -> pd.Series:
    """Hectares of each commune: the published figure, else the outline's area."""
    outlines = pd.Series(communes.geometry.area.to_numpy() / SQUARE_METRES, index=communes.index)
    known: pd.Series = inputs.figures.reindex(communes.index).get("area_ha", outlines)
    return known.astype(float).fillna(outlines)
