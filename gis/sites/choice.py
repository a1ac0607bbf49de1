"""The choice: which candidates together reach most under the rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from gis.analysis import Note, Progress
from gis.errors import BadParameter, RulesContradict
from gis.location import Location, Rules, maximal_covering, p_median, set_covering
from gis.sites.candidates import Candidates, positions_of
from gis.sites.chosen import Amounts, Choice, Positions, divided, in_order
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces
from gis.sites.rules import rules_of, with_codes, with_shares


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
        As :func:`gis.sites.candidates.positions_of`; a least share of districts in the p-median,
        which serves all demand.
    RulesContradict, NoSitesInTime
        As :mod:`gis.location` says; districts are named.
    """
    least = parameters.min_share_per_district
    if parameters.model == "p-median" and least > 0:
        allowed = Note("reasons.no_least_share")
        raise BadParameter("min_share_per_district", f"{least:g}", allowed)
    worth = worth_of(places, parameters)
    standing = np.flatnonzero(offered.table["standing"].to_numpy(dtype=np.bool_))
    required = positions_of(parameters.required, "required", offered, worth)
    required = np.setdiff1d(required, standing)
    none = Choice((), standing, required, worth, None)
    free = ~offered.ruled_out
    free[standing] = False
    if not free.any() or not (worth > 0).any():
        return none
    rules = rules_of(offered, parameters, districts, standing)
    try:
        location = _solved(offered, places, worth, required, rules, parameters, progress)
    except RulesContradict as error:
        raise with_codes(error, offered, districts, parameters) from error
    chosen = np.setdiff1d(location.sites, standing)
    if parameters.model == "capacitated":
        return replace(none, chosen=divided(location, chosen, worth), location=location)
    return replace(none, chosen=in_order(offered, chosen, standing, worth), location=location)


def worth_of(places: DemandPlaces, parameters: SitesParameters) -> Amounts:
    """What each place counts: weighted by priority, but plain where a capacity is filled by it."""
    if parameters.model == "capacitated":
        return np.nan_to_num(places.amounts[parameters.objective])
    return places.worth


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
    rules = with_shares(rules, offered, places, parameters)
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


def _reached(offered: Candidates, rules: Rules, size: int) -> NDArray[np.bool_]:
    """Places that a candidate reaches which is not forbidden."""
    allowed = np.ones(len(offered), dtype=np.bool_)
    allowed[np.asarray(rules.forbidden, dtype=np.int64)] = False
    reached = np.zeros(size, dtype=np.bool_)
    reached[offered.reach.points[allowed[offered.reach.candidate]]] = True
    return reached
