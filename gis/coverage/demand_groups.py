"""Places that an allocation need not tell apart, gathered into one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Groups:
    """Demand by unit, crop and set of bases in reach, and the ways from these bases.

    Attributes
    ----------
    hectares, crop
        Demand of each group, and the column of its crop.
    member_place, member_group, member_share
        Places and the groups they belong to (a place is in one group a crop), and the share of
        the group's hectares that lie in the place.
    way_group, way_base, way_minutes
        Group and base of each way, and its minutes: mean over the group's hectares.
    """

    hectares: Amounts
    crop: Positions
    member_place: Positions
    member_group: Positions
    member_share: Amounts
    way_group: Positions
    way_base: Positions
    way_minutes: Amounts


def grouped(
    minutes: NDArray[np.floating],
    reach: NDArray[np.bool_],
    demand: Amounts,
    unit: NDArray[np.integer],
    able: NDArray[np.bool_],
) -> Groups:
    """Gather what a base can serve at all.

    Parameters
    ----------
    minutes
        Travel times (bases, places).
    reach
        Which base reaches which place (bases, places).
    demand
        Hectares (places, crops); NaN and 0 give no member.
    unit
        Number of the unit of each place.
    able
        Which base can serve which crop (bases, crops).
    """
    places, crops = np.nonzero(demand > 0)
    serving = reach[:, places] & able[:, crops]
    reached = serving.any(axis=0)
    places, crops, serving = places[reached], crops[reached], serving[:, reached]
    order, starts = _alike(unit[places], crops, serving)
    places, crops, serving = places[order], crops[order], serving[:, order]
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(places))))
    hectares = demand[places, crops].astype(np.float64)
    total = np.bincount(group, hectares, minlength=len(starts)).astype(np.float64)
    share = hectares / total[group]
    way_base, way_group = np.nonzero(serving[:, starts])
    return Groups(
        hectares=total,
        crop=crops[starts],
        member_place=places,
        member_group=group,
        member_share=share,
        way_group=way_group,
        way_base=way_base,
        way_minutes=_means(minutes, places, group, share, serving)[way_base, way_group],
    )


def _alike(
    unit: NDArray[np.integer], crop: Positions, serving: NDArray[np.bool_]
) -> tuple[Positions, Positions]:
    """Order in which members that are alike stand together, and where each group starts."""
    if not len(crop):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    keys = np.vstack([np.packbits(serving, axis=0).astype(np.int64), crop, unit])
    order = np.lexsort(keys)
    changes = (keys[:, order[1:]] != keys[:, order[:-1]]).any(axis=0)
    return order, np.flatnonzero(np.append(True, changes))


def _means(
    minutes: NDArray[np.floating],
    places: Positions,
    group: Positions,
    share: Amounts,
    serving: NDArray[np.bool_],
) -> Amounts:
    """Mean minutes (bases, groups) of what each base can serve, by hectares."""
    number = int(group[-1]) + 1 if len(group) else 0
    found = np.zeros((len(minutes), number))
    for base, ways in enumerate(serving):
        weighted = np.where(ways, minutes[base, places], 0.0) * share
        found[base] = np.bincount(group, weighted, minlength=number)
    return found
