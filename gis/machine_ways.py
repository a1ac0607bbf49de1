"""Ways to machines: minutes from the nearest base with a planter of the track."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.coverage.bases import present_bases
from gis.coverage.maps import window
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import places_of
from gis.coverage.quantities import crops_of, year_of
from gis.coverage.routes import has_road, off_road_mean, route_strength
from gis.coverage.units import Units
from gis.coverage.ways import Nearest, friction_of, moved_notes, nearest_of
from gis.friction import Friction
from gis.grid import padded

UNSURE = {
    "coverage.route_borderline": "reasons.way_borderline",
    "coverage.route_too_weak": "reasons.way_guessed",
    "coverage.route_no_road": "reasons.way_no_road",
    "coverage.route_none": "reasons.way_none",
}
"""What coverage says of a route -> what is said of a commune whose figures are known."""


@dataclass(frozen=True)
class MachineWays:
    """How machines of a track come to the land.

    Attributes
    ----------
    minutes
        To each cell of the area's grid from the nearest base that counts, NaN where no way leads.
    routes
        Index of the communes; ``off_road_share`` of the way there as coverage has it, and
        ``reason``: why the way is a guess, empty where it can be relied on.
    """

    minutes: NDArray[np.float32]
    routes: pd.DataFrame
    notes: tuple[Note, ...]


def machine_ways(
    inputs: Inputs, communes: gpd.GeoDataFrame, parameters: CoverageParameters
) -> MachineWays | None:
    """Ways of the season from the bases at work in its year; None where no machine counts.

    Parameters
    ----------
    inputs
        Those of the coverage analysis.
    communes
        The area, in the order in which its communes are counted.

    Raises
    ------
    BadParameter
        As :func:`gis.coverage.bases.present_bases`.
    """
    if "providers" not in inputs.features or "machines" not in inputs.features:
        return None
    bases, later = present_bases(inputs, parameters, year_of(inputs, parameters))
    crops = crops_of(parameters.chosen)
    counting = np.array([base.machines(crops) > 0 for base in bases], dtype=np.bool_)
    if not counting.any():
        return None
    wide = padded(inputs.grid, parameters.margin_m)
    land = friction_of(inputs, parameters, wide, now=True)
    ways = nearest_of(bases, counting, land, wide, parameters)
    return MachineWays(
        minutes=ways.minutes[window(wide, inputs.grid)],
        routes=_routes(communes, land, ways, wide, parameters),
        notes=(*land.notes, *later, *moved_notes(bases, ways)),
    )


def _routes(
    communes: gpd.GeoDataFrame,
    land: Friction,
    ways: Nearest,
    wide: GeoBox,
    parameters: CoverageParameters,
) -> pd.DataFrame:
    """How far the way to each commune can be relied on, by the land that coverage looks at."""
    places = places_of(communes, wide, land.barrier, parameters.place_m)
    units = Units(places.unit, len(communes))
    share = off_road_mean(units, places, ways.minutes, ways.off_road)
    roads = has_road(places, land.on_road, len(communes))
    rated = [
        route_strength(part, road, parameters)[1]
        for part, road in zip(share.tolist(), roads.tolist(), strict=True)
    ]
    reasons = [
        tuple(Note(UNSURE[note.key], note.values) for note in notes if note.key in UNSURE)
        for notes in rated
    ]
    return pd.DataFrame(
        {"off_road_share": share, "reason": pd.Series(reasons, index=communes.index, dtype=object)},
        index=communes.index,
    )
