"""Places that an allocation need not tell apart, gathered into one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.float64]
Positions = NDArray[np.intp]

_NOTHING = 1e-6
"""Hectares, a hundredth of a square metre: a solver cannot tell less from its own tolerance."""


@dataclass(frozen=True)
class Groups:
    """Demand by unit, crop and set of bases in reach, and the ways from these bases.

    Attributes
    ----------
    hectares, crop, unit
        Demand of each group, the column of its crop, its unit.
    way_group, way_base, way_minutes
        Group and base of each way, and its minutes: mean over the group's hectares.
    """

    hectares: Amounts
    crop: Positions
    unit: Positions
    way_group: Positions
    way_base: Positions
    way_minutes: Amounts

    @property
    def way_crop(self) -> Positions:
        """Column of the crop of each way."""
        return self.crop[self.way_group]


@dataclass(frozen=True)
class Members:
    """Places and the groups they belong to (one a crop), and their share of its hectares."""

    place: Positions
    group: Positions
    share: Amounts


def grouped(
    minutes: NDArray[np.floating],
    reach: NDArray[np.bool_],
    demand: Amounts,
    unit: NDArray[np.integer],
    able: NDArray[np.bool_],
) -> tuple[Groups, Members]:
    """Gather what a base can serve at all.

    Parameters
    ----------
    minutes
        Travel times (bases, places).
    reach
        Which base reaches which place (bases, places).
    demand
        Hectares (places, crops); NaN gives no member, nor does a residue of arithmetic.
    unit
        Number of the unit of each place.
    able
        Which base can serve which crop (bases, crops).
    """
    places, crops = np.nonzero(demand > _NOTHING)
    serving = reach[:, places] & able[:, crops]
    reached = serving.any(axis=0)
    places, crops, serving = places[reached], crops[reached], serving[:, reached]
    order, starts = _alike(unit[places], crops, serving)
    places, crops, serving = places[order], crops[order], serving[:, order]
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(places))))
    hectares = demand[places, crops]
    total = np.bincount(group, hectares, minlength=len(starts)).astype(np.float64)
    members = Members(places, group, hectares / total[group])
    way_base, way_group = np.nonzero(serving[:, starts])
    groups = Groups(
        hectares=total,
        crop=crops[starts],
        unit=unit[places[starts]].astype(np.intp),
        way_group=way_group,
        way_base=way_base,
        way_minutes=_means(minutes, members, serving)[way_base, way_group],
    )
    return groups, members


def by_unit(groups: Groups) -> Groups:
    """Groups of a unit and crop as one, as if every base that reaches one of them reached all."""
    merged, first = numbered(groups.unit, groups.crop)
    way, one = numbered(merged[groups.way_group], groups.way_base)
    weight = groups.hectares[groups.way_group]
    return Groups(
        hectares=np.bincount(merged, groups.hectares).astype(np.float64),
        crop=groups.crop[first],
        unit=groups.unit[first],
        way_group=merged[groups.way_group[one]],
        way_base=groups.way_base[one],
        way_minutes=np.bincount(way, weight * groups.way_minutes) / np.bincount(way, weight),
    )


def numbered(*keys: Positions) -> tuple[Positions, Positions]:
    """Number, from 0, of what shares all keys (0 or more), and where each number stands first."""
    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        code = code * (int(key.max(initial=0)) + 1) + key
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    return number.astype(np.intp, copy=False), first


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


def _means(minutes: NDArray[np.floating], members: Members, serving: NDArray[np.bool_]) -> Amounts:
    """Mean minutes (bases, groups) of what each base can serve, by hectares."""
    number = int(members.group.max(initial=-1)) + 1
    found = np.zeros((len(minutes), number))
    for base, ways in enumerate(serving):
        weighted = np.where(ways, minutes[base, members.place], 0.0) * members.share
        found[base] = np.bincount(members.group, weighted, minlength=number)
    return found
