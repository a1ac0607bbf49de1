"""What chosen bases serve when all days, theirs and those of the present ones, are shared out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.coverage.allocation import allocate
from gis.sites.bases_ground import BasesGround

Positions = NDArray[np.int64]


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


def served_more(ground: BasesGround, standing: Positions, positions: Positions) -> ServedMore:
    """Allocate anew with the first base, the first two and so on, and without each.

    The allocation is that of coverage, in which present bases may serve others than before once
    a new one takes over: what is added may be more than the model counts on. It is less where
    several new bases need the same days for crops that are not planted at the same time.
    """

    def served(some: Positions) -> tuple[float, float]:
        return _served(ground, np.concatenate([standing, some]))

    steps = np.array([served(positions[:many]) for many in range(len(positions) + 1)])
    added = np.diff(steps, axis=0)
    without = [served(np.delete(positions, place))[0] for place in range(len(positions))]
    return ServedMore(added[:, 0], added[:, 1], steps[-1, 0] - np.array(without))


def _served(ground: BasesGround, positions: Positions) -> tuple[float, float]:
    """Hectares of the track and of the others, served by present bases and some new ones."""
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
    return own, float(np.nansum(found.served)) - own
