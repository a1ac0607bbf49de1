"""What chosen bases serve when all days, theirs and those of the present ones, are shared out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.coverage.allocation import allocate
from gis.sites.bases_ground import BasesGround

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Served:
    """Hectares of the track and of the others, and hectares times minutes of all."""

    own: float
    other: float
    hectare_minutes: float


@dataclass(frozen=True)
class ServedMore:
    """Hectares that bases add, one row a base in the order in which they open.

    Attributes
    ----------
    hectares, other_hectares
        Of the track, and of the other tracks, on top of the present bases and those before.
    lost
        Of the track, without this base and with all others.
    """

    hectares: NDArray[np.float64]
    other_hectares: NDArray[np.float64]
    lost: NDArray[np.float64]


def served(ground: BasesGround, positions: Positions) -> Served:
    """By the present bases and new ones at these candidates, as coverage allocates."""
    present, wanted = ground.present, ground.present.ground.wanted
    found = allocate(
        np.vstack([present.service.ways.between, ground.minutes[positions]]),
        wanted.demand,
        wanted.places.unit,
        wanted.crops,
        [*(base.fleet for base in present.bases), *[ground.fleet] * len(positions)],
        wanted.periods,
        ground.coverage.limit_minutes,
    )
    own = float(np.nansum(found.served[:, wanted.own]))
    return Served(own, float(np.nansum(found.served)) - own, found.hectare_minutes)


def served_more(ground: BasesGround, standing: Positions, positions: Positions) -> ServedMore:
    """Allocate anew with the first base, the first two and so on, and without each."""
    steps = [
        served(ground, np.concatenate([standing, positions[:many]]))
        for many in range(len(positions) + 1)
    ]
    without = [
        served(ground, np.concatenate([standing, np.delete(positions, place)])).own
        for place in range(len(positions))
    ]
    return ServedMore(
        hectares=np.diff([one.own for one in steps]),
        other_hectares=np.diff([one.other for one in steps]),
        lost=steps[-1].own - np.array(without, dtype=np.float64),
    )
