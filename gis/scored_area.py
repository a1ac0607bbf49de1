"""The criteria of a track scored over an area: what stays when only weights change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.criteria import ScoredTrack, scored_track
from gis.masks import Masks, masks_of
from gis.rested_on import rested_on_by
from gis.suitability_parameters import SuitabilityParameters
from gis.zonal import NO_ZONE, zone_of_cells


@dataclass(frozen=True)
class ScoredArea:
    """Everything about an area that no weight changes.

    Attributes
    ----------
    zone
        Position of the commune of each cell in ``communes``, ``NO_ZONE`` outside.
    routes
        Index of the communes; ``off_road_share`` of the way from the nearest machine and
        ``reason``: why that way is a guess, empty where it can be relied on. None without ways.
    degraded
        1 where land is degraded in the newest period, 0 where it is not, NaN where that is
        unknown and on water; None where no layer tells. Cells beside the area have it too.
    """

    communes: gpd.GeoDataFrame
    zone: NDArray[np.int32]
    scored: ScoredTrack
    masks: Masks
    routes: pd.DataFrame | None
    degraded: NDArray[np.float32] | None
    notes: tuple[Note, ...]

    @property
    def inside(self) -> NDArray[np.bool_]:
        return np.asarray(self.zone != NO_ZONE, dtype=np.bool_)

    @property
    def excluded(self) -> NDArray[np.bool_]:
        """Cells of the area that a mask excludes."""
        return self.inside & (self.masks.code > 0)

    @property
    def districts(self) -> tuple[str, ...]:
        """Codes of the districts that hold the communes."""
        return tuple(sorted(set(self.communes["district"])))

    def weighted(self, weights: Mapping[str, float]) -> ScoredArea:
        """The same scores with other weights for some criteria.

        Raises
        ------
        UnknownParameter
            When the track has no criterion of a key.
        """
        return replace(self, scored=self.scored.weighted(weights))


def scored_area(inputs: Inputs, parameters: SuitabilityParameters) -> ScoredArea:
    """Score every criterion of the chosen track whose layers are there.

    Raises
    ------
    WrongUnit
        When a layer's unit is not the criterion's and cannot be converted.
    """
    track = parameters.chosen
    communes = inputs.communes.sort_index()
    zone = zone_of_cells(communes, inputs.grid)
    inside = np.asarray(zone != NO_ZONE, dtype=np.bool_)
    rested_on = rested_on_by(inputs, communes, inside, parameters)
    scored = scored_track(inputs, track, inside, rested_on.variables)
    land = rested_on.variables.get("degradation")
    return ScoredArea(
        communes,
        zone,
        scored,
        masks_of(inputs, track),
        rested_on.routes,
        None if land is None else land.to_numpy(),
        rested_on.notes,
    )
