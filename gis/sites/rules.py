"""The planner's rules as numbers for the models, and named where they contradict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Note
from gis.errors import RulesContradict
from gis.location import Rules
from gis.sites.candidates import Candidates
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces

Positions = NDArray[np.int64]


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
        forbidden=np.flatnonzero(forbidden(table, parameters) | offered.ruled_out),
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
        spacing=parameters.apart_m,
    )


def forbidden(table: pd.DataFrame, parameters: SitesParameters) -> NDArray[np.bool_]:
    """Candidates that the planner rules out, by their code or that of their commune."""
    codes = parameters.forbidden
    held: NDArray[np.bool_] = table.index.isin(codes) | table["commune"].isin(codes).to_numpy()
    return held


def with_shares(
    rules: Rules, offered: Candidates, places: DemandPlaces, parameters: SitesParameters
) -> Rules:
    """With a least share of each district's demand, where one is asked."""
    if parameters.min_share_per_district <= 0:
        return rules
    return replace(
        rules, demand_group=places.district, least_share=parameters.min_share_per_district
    )


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
