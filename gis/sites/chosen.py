"""What a choice holds: its sites, and which land each of them wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.location import Location, maximal_covering
from gis.sites.candidates import Candidates
from gis.sites.parameters import SitesParameters

Amounts = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Chosen:
    """A chosen candidate and what it adds: no part of a place is won twice.

    ``places`` are positions of places of demand, ``parts`` the share of each (0 to 1).
    """

    position: int
    places: Positions
    parts: Amounts

    def sum(self, amounts: Amounts) -> float:
        """Of amounts of places, what this site adds; NaN where one of them is unknown."""
        return float((amounts[self.places] * self.parts).sum())


@dataclass(frozen=True)
class Choice:
    """New sites, best first, and how sure it is that no others are better.

    Attributes
    ----------
    chosen
        New sites in the order in which each adds most beside those before.
    standing, required
        Positions of candidates: sites already, and those that the planner asked for.
    worth
        What each place of demand counts in the model.
    location
        Answer of the model; None where nothing could be asked.
    """

    chosen: tuple[Chosen, ...]
    standing: Positions
    required: Positions
    worth: Amounts
    location: Location | None

    @property
    def positions(self) -> Positions:
        """Of the new sites, best first."""
        return np.array([site.position for site in self.chosen], dtype=np.int64)


def attributed(
    offered: Candidates,
    sites: Positions,
    standing: Positions,
    worth: Amounts,
    parameters: SitesParameters,
) -> tuple[Chosen, ...]:
    """What each of given sites wins, best first, as if the model had chosen them."""
    if parameters.model != "capacitated":
        return in_order(offered, sites, standing, worth)
    capacity = np.full(len(offered), parameters.site_capacity)
    every = np.union1d(sites, standing)
    keys = list(offered.table.index)
    found = maximal_covering(
        offered.reach, worth, parameters.reach_m, len(every), every, capacity, keys=keys
    )
    return divided(found, sites, worth)


def parts_of(
    offered: Candidates, sites: Positions, worth: Amounts, parameters: SitesParameters
) -> Amounts:
    """Share of each place that given sites serve together, each within its capacity."""
    if not len(sites):
        return np.zeros(len(worth))
    sites = np.sort(sites)
    # All sites are given: nothing is left to search or to prove, only to share out.
    shares = maximal_covering(
        offered.reach.chosen(sites),
        worth,
        parameters.reach_m,
        len(sites),
        np.arange(len(sites)),
        np.full(len(sites), parameters.site_capacity),
        time_limit=0.0,
        keys=list(offered.table.index[sites]),
    ).shares
    won = np.bincount(shares.demand, shares.amount, minlength=len(worth))
    return np.divide(won, worth, out=np.zeros(len(worth)), where=worth > 0)


def in_order(
    offered: Candidates, chosen: Positions, standing: Positions, worth: Amounts
) -> tuple[Chosen, ...]:
    """Sites in the order in which each adds most; equal ones by code.

    What two reach belongs to the one that comes first.
    """
    won = np.zeros(len(worth), dtype=np.bool_)
    for position in standing.tolist():
        won[offered.reached(position)] = True
    left, order = chosen.tolist(), []
    while left:
        adds = [-_sum(worth, offered.reached(position)[~won[offered.reached(position)]])
                for position in left]  # fmt: skip
        best = left.pop(int(np.argmin(adds)))
        mine = offered.reached(best)[~won[offered.reached(best)]]
        won[mine] = True
        order.append(Chosen(best, mine, np.ones(len(mine))))
    return tuple(order)


def _sum(worth: Amounts, places: Positions) -> float:
    return float(worth[places].sum())


def divided(location: Location, chosen: Positions, worth: Amounts) -> tuple[Chosen, ...]:
    """Sites by what they serve within their capacity, equal ones by code."""
    shares = location.shares
    sites = []
    for position in chosen.tolist():
        mine = shares.site == position
        places = shares.demand[mine]
        sites.append(Chosen(position, places, shares.amount[mine] / worth[places]))
    return tuple(sorted(sites, key=lambda site: (-site.sum(worth), site.position)))
