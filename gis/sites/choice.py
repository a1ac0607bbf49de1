"""The choice: which candidates together reach most under the rules, and who wins which land."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from gis.analysis import Note, Progress
from gis.errors import RulesContradict
from gis.location import Location, Rules, maximal_covering, p_median, set_covering
from gis.sites.candidates import Candidates, positions_of
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces

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


def choose(
    offered: Candidates,
    places: DemandPlaces,
    districts: pd.Index,
    parameters: SitesParameters,
    progress: Progress,
) -> Choice:
    """Choose by the model that the parameters name.

    Parameters
    ----------
    districts
        Codes of districts by position; places and candidates lie in them.

    Raises
    ------
    BadParameter, NotACandidate
        As :func:`gis.sites.candidates.positions_of`.
    RulesContradict, NoSitesInTime
        As :mod:`gis.location` says; districts are named.
    """
    worth = worth_of(places, parameters)
    standing = np.flatnonzero(offered.table["standing"].to_numpy(dtype=np.bool_))
    required = positions_of(parameters.required, "required", offered, worth)
    required = np.setdiff1d(required, standing)
    none = Choice((), standing, required, worth, None)
    if len(offered) == len(standing) or not (worth > 0).any():
        return none
    rules = rules_of(offered, parameters, districts, standing)
    try:
        location = _solved(offered, places, worth, required, rules, parameters, progress)
    except RulesContradict as error:
        raise with_codes(error, offered, districts, parameters) from error
    chosen = np.setdiff1d(location.sites, standing)
    if parameters.model == "capacitated":
        return replace(none, chosen=divided(location, chosen, worth), location=location)
    return replace(none, chosen=_in_order(offered, chosen, standing, worth), location=location)


def attributed(
    offered: Candidates,
    sites: Positions,
    standing: Positions,
    worth: Amounts,
    parameters: SitesParameters,
) -> tuple[Chosen, ...]:
    """What each of given sites wins, best first, as if the model had chosen them."""
    if parameters.model != "capacitated":
        return _in_order(offered, sites, standing, worth)
    capacity = np.full(len(offered), parameters.site_capacity)
    every = np.union1d(sites, standing)
    keys = list(offered.table.index)
    found = maximal_covering(
        offered.reach, worth, parameters.reach_m, len(every), every, capacity, keys=keys
    )
    return divided(found, sites, worth)


def worth_of(places: DemandPlaces, parameters: SitesParameters) -> Amounts:
    """What each place counts: weighted by priority, but plain where a capacity is filled by it."""
    if parameters.model == "capacitated":
        return np.nan_to_num(places.amounts[parameters.objective])
    return places.worth


def rules_of(
    offered: Candidates,
    parameters: SitesParameters,
    districts: pd.Index,
    standing: Positions,
) -> Rules:
    """Rules of the planner for these candidates."""
    table = offered.table
    units = pd.factorize(table["commune"], sort=True)[0].astype(np.int64)
    return Rules(
        forbidden=np.flatnonzero(forbidden(table, parameters)),
        standing=standing,
        unit=units,
        unit_cost=parameters.commune_cost_usd,
        most_per_unit=1 if parameters.one_each else None,
        site_cost=parameters.site_usd,
        budget=parameters.budget_usd,
        group=districts.get_indexer(pd.Index(table["district"])).astype(np.int64),
        least_per_group=parameters.min_per_district,
        x=table["x"].to_numpy(dtype=np.float64),
        y=table["y"].to_numpy(dtype=np.float64),
        spacing=parameters.spacing_m,
    )


def forbidden(table: pd.DataFrame, parameters: SitesParameters) -> NDArray[np.bool_]:
    """Candidates that the planner rules out, by their code or that of their commune."""
    codes = parameters.forbidden
    held: NDArray[np.bool_] = table.index.isin(codes) | table["commune"].isin(codes).to_numpy()
    return held


def _solved(
    offered: Candidates,
    places: DemandPlaces,
    worth: Amounts,
    required: Positions,
    rules: Rules,
    parameters: SitesParameters,
    progress: Progress,
) -> Location:
    count = None
    if parameters.budget_usd is None:
        count = parameters.count + len(np.asarray(rules.standing))
    keys = list(offered.table.index)
    time = parameters.time_limit_s
    radius = parameters.reach_m
    if parameters.model == "p-median":
        cost = cdist(places.middle, offered.points)
        return p_median(
            cost, worth, count, required, rules=rules, time_limit=time, progress=progress, keys=keys
        )
    rules = _equal(rules, offered, places, parameters)
    if parameters.model == "set-covering":
        reached = np.where(_reached(offered, rules, len(places)), worth, 0.0)
        return set_covering(
            offered.reach, reached, radius, required,
            rules=rules, time_limit=time, progress=progress, keys=keys,
        )  # fmt: skip
    capacity = None
    if parameters.model == "capacitated":
        capacity = np.full(len(offered), parameters.site_capacity)
    return maximal_covering(
        offered.reach, worth, radius, count, required, capacity,
        rules=rules, time_limit=time, progress=progress, keys=keys,
    )  # fmt: skip


def _equal(
    rules: Rules, offered: Candidates, places: DemandPlaces, parameters: SitesParameters
) -> Rules:
    """With a least share of each district's demand, where one is asked."""
    if parameters.min_share_per_district <= 0:
        return rules
    return replace(
        rules, demand_group=places.district, least_share=parameters.min_share_per_district
    )


def _reached(offered: Candidates, rules: Rules, size: int) -> NDArray[np.bool_]:
    """Places that a candidate reaches which is not forbidden."""
    allowed = np.ones(len(offered), dtype=np.bool_)
    allowed[np.asarray(rules.forbidden, dtype=np.int64)] = False
    reached = np.zeros(size, dtype=np.bool_)
    reached[offered.reach.points[allowed[offered.reach.candidate]]] = True
    return reached


def _in_order(
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


def with_codes(
    error: RulesContradict,
    offered: Candidates,
    districts: pd.Index,
    parameters: SitesParameters,
) -> RulesContradict:
    """The same contradiction with the districts and places that take part."""
    rules = []
    for name, rule in zip(error.names, error.rules, strict=True):
        codes: tuple[str, ...] = ()
        if name == "fixed":
            codes = tuple(str(offered.table.index[place]) for place in error.candidates)
        if name == "group":
            codes = tuple(str(districts[label]) for label in error.groups)
        if name == "share":
            codes = tuple(str(districts[label]) for label in error.demand_groups)
        values = (("rule", rule), ("codes", ", ".join(codes)))
        rules.append(Note("reasons.rule_with_codes", values) if codes else rule)
    if parameters.model == "set-covering":
        rules.append(Note("location.rule_all"))
    return replace(error, rules=tuple(rules))
