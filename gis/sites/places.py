"""Demand gathered into squares: what a choice counts, cell by cell too much to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.spatial import cKDTree

from gis.demand import Demand
from gis.location import Reach
from gis.surface import Surface
from gis.terrain import cell_centres

Points = NDArray[np.float64]


@dataclass(frozen=True)
class DemandPlaces:
    """Squares of demand, at most one commune each.

    Attributes
    ----------
    unit, district
        Position of the commune of each place, ascending, and of its district.
    middle
        Mean of the centres of its cells, metres, float (places, 2).
    amounts, worth
        Sums of its cells, as in :class:`gis.demand.Demand`.
    place
        For each cell of the demand its place.
    side_m
        Side of the squares.
    """

    unit: NDArray[np.intp]
    district: NDArray[np.int64]
    middle: Points
    amounts: Mapping[str, NDArray[np.float64]]
    worth: NDArray[np.float64]
    place: NDArray[np.intp]
    side_m: float

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def gathered(self) -> bool:
        """Whether a place is more than a cell."""
        return len(self) < len(self.place)


def gathered(
    found: Surface, demand: Demand, grid: GeoBox, districts: pd.Index, side_m: float
) -> DemandPlaces:
    """Gather the cells of each commune into squares, which lie on whole multiples of ``side_m``.

    A square never mixes communes, nor demand with what is none: its cells are those of ``demand``.
    """
    above = districts.get_indexer(pd.Index(found.communes["district"])).astype(np.int64)
    eastings, northings = cell_centres(grid)
    rows, columns = np.divmod(demand.cells, len(eastings))
    centres = np.column_stack([eastings[columns], northings[rows]])
    unit = found.zone.ravel()[demand.cells].astype(np.intp)
    square = np.floor(centres / side_m).astype(np.int64)
    square -= square.min(axis=0, initial=np.iinfo(np.int64).max)
    shape = (len(found.communes), *(square.max(axis=0, initial=0) + 1))
    first, place = np.unique(
        np.ravel_multi_index((unit, square[:, 0], square[:, 1]), shape), return_inverse=True
    )
    owner = np.unravel_index(first, shape)[0].astype(np.intp)
    size = len(first)
    number = np.maximum(np.bincount(place, minlength=size), 1)
    middle = [np.bincount(place, centres[:, axis], minlength=size) / number for axis in (0, 1)]
    return DemandPlaces(
        unit=owner,
        district=above[owner],
        middle=np.column_stack(middle),
        amounts={name: _sums(place, amounts, size) for name, amounts in demand.amounts.items()},
        worth=_sums(place, demand.worth, size),
        place=place,
        side_m=side_m,
    )


def ways(places: DemandPlaces, points: Points, metres: float) -> Reach:
    """Ways of at most ``metres`` (straight, inclusive) from points to the middle of places."""
    if not len(places) or not len(points):
        return Reach.of_lists([()] * len(points), len(places))
    near = cKDTree(places.middle).query_ball_point(points, metres, return_sorted=True)
    found = [np.asarray(positions, dtype=np.int64) for positions in near]
    apart = [
        np.hypot(*(places.middle[positions] - point).T)
        for positions, point in zip(found, points, strict=True)
    ]
    return Reach.of_lists(found, len(places), apart)


def _sums(place: NDArray[np.intp], amounts: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.bincount(place, amounts, minlength=size).astype(np.float64)
