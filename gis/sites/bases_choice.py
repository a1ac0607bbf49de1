"""The choice of bases: the same capacitated model, with what the days of a season allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gis.analysis import Note, Progress
from gis.errors import BadParameter, RulesContradict
from gis.location import maximal_covering
from gis.sites.bases_ground import BasesGround
from gis.sites.candidates import positions_of
from gis.sites.chosen import Choice, divided
from gis.sites.parameters import SitesParameters
from gis.sites.rules import rules_of, with_codes, with_shares

NEARBY_M = 20_000.0
"""How far from a base an alternative is sought: a working value."""
_NO_LIMIT = float("inf")


def choose_bases(ground: BasesGround, progress: Progress) -> Choice:
    """Bases that together serve most unmet hectares, best first.

    Raises
    ------
    BadParameter, NotACandidate
        As :func:`gis.sites.choice.choose`.
    RulesContradict, NoSitesInTime
        As :mod:`gis.location` says; districts are named.
    """
    offered, squares = ground.offered, ground.demand.squares
    parameters = as_sites(ground)
    standing = np.flatnonzero(offered.table["standing"].to_numpy(dtype=np.bool_))
    required = positions_of(parameters.required, "required", offered, squares.worth)
    required = np.setdiff1d(required, standing)
    none = Choice((), standing, required, squares.worth, None)
    if len(offered) == len(standing) or not (squares.worth > 0).any():
        return none
    rules = rules_of(offered, parameters, ground.districts, standing)
    rules = with_shares(rules, offered, squares, parameters)
    count = parameters.count + len(standing) if parameters.budget_usd is None else None
    try:
        found = maximal_covering(
            offered.reach,
            squares.worth,
            _NO_LIMIT,
            count,
            required,
            ground.capacity,
            rules=rules,
            time_limit=parameters.time_limit_s,
            progress=progress,
            keys=list(offered.table.index),
        )
    except RulesContradict as error:
        raise with_codes(error, offered, ground.districts, parameters) from error
    new = np.setdiff1d(found.sites, standing)
    return replace(none, chosen=divided(found, new, squares.worth), location=found)


def as_sites(ground: BasesGround) -> SitesParameters:
    """Parameters of sites that say the same of bases: each serves so much, and costs so much."""
    parameters = ground.parameters
    return replace(
        parameters,
        model="capacitated",
        objective="hectares",
        site_capacity=max(ground.supply_ha, 1e-6),
        reach_m=NEARBY_M / 2,
        groups_per_site=1,
        group_cost_usd=parameters.bases.cost_usd or 0.0,
        commune_cost_usd=0.0,
    )


def check_goal(parameters: SitesParameters) -> None:
    """Refuse what has no meaning for bases.

    Raises
    ------
    BadParameter
        A model without capacities; a budget without the cost of a base; an objective that is no
        hectares; officers' overrides or estimates.
    """
    if parameters.model not in ("maximal-covering", "capacitated"):
        raise BadParameter("model", parameters.model, Note("machine_bases.models"))
    if parameters.budget_usd is not None and not parameters.bases.cost_usd:
        raise BadParameter(
            "budget_usd", f"{parameters.budget_usd:g}", Note("machine_bases.needs_cost")
        )
    if parameters.objective != "hectares":
        raise BadParameter("objective", parameters.objective, "hectares")
    if parameters.overrides:
        raise BadParameter(
            "overrides", parameters.overrides[0].code, Note("machine_bases.no_overrides")
        )
    if parameters.estimates:
        raise BadParameter(
            "estimates", parameters.estimates[0].code, Note("machine_bases.no_estimates")
        )
