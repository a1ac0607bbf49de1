"""Unmet hectares gathered into squares: what new bases would find to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Inputs
from gis.coverage.state import Present
from gis.location import Reach
from gis.sites.places import DemandPlaces
from gis.terrain import cell_centres

Amounts = NDArray[np.float64]

NOTHING = 1e-6
"""Hectares: what the rounding of an allocation leaves."""
REACHED = 0.5
"""Share of a square's hectares within the limit for which the square counts as reached."""


@dataclass(frozen=True)
class OpenDemand:
    """Hectares that nobody serves, in squares of at most one commune each.

    Attributes
    ----------
    squares
        Their ``hectares``; its ``place`` is the square of each member.
    by_crop
        Crop of the track -> hectares of each square.
    member, share
        Places of the ground with unmet hectares, by square, and the part of each in the hectares
        of its square.
    """

    squares: DemandPlaces
    by_crop: Mapping[str, Amounts]
    member: NDArray[np.intp]
    share: Amounts

    @property
    def hectares(self) -> Amounts:
        """Of each square."""
        return self.squares.worth

    def ways(self, minutes: NDArray[np.float32]) -> Reach:
        """Ways of candidates to squares: the mean of the minutes to what of a square is reached.

        Parameters
        ----------
        minutes
            (candidates, places), NaN beyond the limit.
        """
        if not len(self.squares):
            return Reach.of_lists([()] * len(minutes), 0)
        starts = np.flatnonzero(np.append(True, np.diff(self.squares.place) > 0))
        squares, cost = [], []
        for row in minutes:
            own = row[self.member].astype(np.float64)
            known = ~np.isnan(own)
            part = np.add.reduceat(np.where(known, self.share, 0.0), starts)
            total = np.add.reduceat(np.where(known, own, 0.0) * self.share, starts)
            there = np.flatnonzero(part >= REACHED - NOTHING)
            squares.append(there)
            cost.append(total[there] / part[there])
        return Reach.of_lists(squares, len(self.squares), cost)


def open_demand(
    present: Present, counts: NDArray[np.bool_], inputs: Inputs, side_m: float
) -> OpenDemand:
    """What the present bases leave of the crops of ``counts``.

    Of places that the allocation cannot tell apart each is left the same share: see
    :func:`gis.coverage.allocation.allocate`.
    """
    ground = present.ground
    wanted, places = ground.wanted, ground.places
    left = wanted.demand - present.service.allocations["middle"].served
    left = np.where((left > NOTHING) & counts, left, 0.0)
    total = left.sum(axis=1)
    member = np.flatnonzero(total > 0)
    districts = inputs.districts.sort_index().index
    above = districts.get_indexer(inputs.communes.sort_index()["district"]).astype(np.int64)
    middle = _middles(present)
    side = np.floor(middle[member] / side_m).astype(np.int64)
    found, square = np.unique(
        np.column_stack([places.unit[member], side]), axis=0, return_inverse=True
    )
    order = np.argsort(square.ravel(), kind="stable")
    member, square = member[order], square.ravel()[order].astype(np.intp)
    size = len(found)
    hectares = _sums(square, total[member], size)
    number = np.maximum(np.bincount(square, minlength=size), 1)
    squares = DemandPlaces(
        unit=found[:, 0].astype(np.intp),
        district=above[found[:, 0]],
        middle=np.column_stack(
            [_sums(square, middle[member, axis], size) / number for axis in (0, 1)]
        ),
        amounts={"hectares": hectares},
        worth=hectares,
        place=square,
        side_m=side_m,
    )
    by_crop = {
        crop: _sums(square, left[member, column], size)
        for column, crop in enumerate(wanted.crops)
        if counts[column]
    }
    return OpenDemand(squares, by_crop, member, total[member] / hectares[square])


def _middles(present: Present) -> Amounts:
    """Easting and northing of the middle of each place, float (places, 2)."""
    places = present.ground.places
    eastings, northings = cell_centres(present.ground.wide)
    rows, columns = places.cells.T
    number = np.bincount(places.place, minlength=len(places))
    sums = [
        _sums(places.place, along, len(places)) for along in (eastings[columns], northings[rows])
    ]
    return np.column_stack(sums) / number[:, np.newaxis]


def _sums(owner: NDArray[np.intp], amounts: Amounts, size: int) -> Amounts:
    return np.bincount(owner, amounts, minlength=size).astype(np.float64)
