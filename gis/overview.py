"""An overview of suitability that is combined anew while weights are moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.classes import CLASSES
from gis.membership import Scores
from gis.scored_area import ScoredArea, scored_area
from gis.standing import by_way
from gis.suitability_parameters import AxisWeights, Cutoffs, SuitabilityParameters
from gis.surface import classes_of, scores_of
from gis.track_figures import protected_share, standing_of_figures
from gis.zonal import SQUARE_METRES

MOST_CELLS = 1_000_000
"""Cells of an overview: so many are combined and drawn while a finger is still on the slider."""


@dataclass(frozen=True)
class OverviewShown:
    """What an overview shows for one set of weights.

    Attributes
    ----------
    score
        float32, NaN where unknown, excluded or outside.
    classes
        int16, places in :data:`gis.classes.CLASSES` from 1, ``NO_DATA`` and ``OUTSIDE``.
    hectares
        Class (and ``no_data``) -> hectares of the area, counted by cells: at its edge a cell
        belongs to the commune that holds its centre.
    ranked_hectares
        The same, but land of communes that are too weak to rank counts as ``no_data``.
    notes
        What was absent, as weights make it matter.
    """

    score: Scores
    classes: NDArray[np.int16]
    hectares: Mapping[str, float]
    ranked_hectares: Mapping[str, float]
    grid: GeoBox
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Overview:
    """Scored criteria of an area on a coarse grid, kept while weights change.

    Attributes
    ----------
    groups
        Strength of each commune's data (:data:`gis.strength.GROUPS`), as a run gives it.
    example
        Whether something made up is among what it was made from.
    """

    area: ScoredArea
    grid: GeoBox
    groups: pd.Series
    example: bool = False

    def at(
        self, weights: AxisWeights, criterion_weights: Mapping[str, float], cutoffs: Cutoffs
    ) -> OverviewShown:
        """Score and classes for other weights, as an exact run on the same grid gives them.

        Parameters
        ----------
        criterion_weights
            Key of a criterion -> its weight within the axis; the others keep that of the table.

        Raises
        ------
        NothingToScore
            When no criterion is left on an axis that weighs.
        UnknownParameter
            When the track has no criterion of a key.
        """
        area = self.area.weighted(criterion_weights)
        score, _ = scores_of(area, weights)
        classes = classes_of(area, score, cutoffs)
        notes = (*area.scored.dropped(weights), *area.masks.notes, *area.notes)
        ranked = (self.groups != "too-weak").reindex(area.communes.index).to_numpy()
        usable = np.append(ranked, False)[area.zone]
        return OverviewShown(
            score=score,
            classes=classes,
            hectares=self._hectares(classes, classes > 0),
            ranked_hectares=self._hectares(classes, usable & (classes > 0)),
            grid=self.grid,
            notes=notes,
        )

    def _hectares(
        self, classes: NDArray[np.int16], counted: NDArray[np.bool_]
    ) -> Mapping[str, float]:
        cell = abs(float(self.grid.resolution.x * self.grid.resolution.y)) / SQUARE_METRES
        held = np.bincount(classes[counted], minlength=len(CLASSES) + 1)
        found = {name: float(held[place]) * cell for place, name in enumerate(CLASSES, 1)}
        whole = float(self.area.inside.sum()) * cell
        return found | {"no_data": whole - sum(found.values())}


def overview(inputs: Inputs, parameters: SuitabilityParameters, example: bool = False) -> Overview:
    """The overview of an area; the weights of the parameters do not matter to it.

    Raises
    ------
    WrongUnit
        When a layer's unit is not the criterion's and cannot be converted.
    """
    plain = replace(parameters, criterion_weights={})
    area = scored_area(inputs, plain)
    return Overview(area, inputs.grid, _groups(area, inputs), example)


def _groups(area: ScoredArea, inputs: Inputs) -> pd.Series:
    index = area.communes.index
    protected = None if area.masks.excludes else protected_share(inputs, index)
    standing = standing_of_figures(inputs, area.scored.track, area.communes, protected)
    group: pd.Series = by_way(standing, area.routes)["group"]
    return group
