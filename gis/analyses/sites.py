"""Sites: where the programme starts next.

Communes are chosen, one village proposed in each: the villages that together reach most
need-weighted demand which suits the track and which no early adopter reaches yet. Exact models
choose (:mod:`gis.location`), and say whether their answer is proven best.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from gis.analyses import suitability
from gis.analysis import Analysis, Inputs, Outcome, Progress, Role, silent
from gis.criteria import DISTANCE_CAP_M
from gis.demand import adopters_away
from gis.proposals import proposals, table_of
from gis.sites import bases
from gis.sites.again import Repetitions
from gis.sites.alternatives import seconds_of
from gis.sites.choice import choose
from gis.sites.chosen import Choice
from gis.sites.confidence import known_adopters, note_on_adopters, with_confidence
from gis.sites.estimates import with_estimates
from gis.sites.ground import Ground, ground_of
from gis.sites.moved import moved
from gis.sites.overrides import both_ranks, decided, notes_on, overrides_table
from gis.sites.parameters import SitesParameters
from gis.sites.ranked import ranked
from gis.sites.told import notes_of, summary_of
from gis.sites.trade_off import trade_off
from gis.sites.water import open_water
from gis.standing import commune_standing, district_standing
from gis.surface import rasters_of, surface


def roles(parameters: SitesParameters) -> tuple[Role, ...]:
    """What suitability needs, and villages and early adopters.

    Raises
    ------
    BadParameter, UnknownParameter
        As :func:`gis.analyses.suitability.roles`.
    """
    if parameters.goal == "bases":
        return bases.roles(parameters)
    needed = {(role.beside, role.variable): role for role in suitability.roles(parameters)}
    margin = max(DISTANCE_CAP_M, parameters.diffusion_m)
    seen = (parameters.season, parameters.year)
    needed["", "adopters"] = Role("adopters", "features", "", margin, *seen)
    needed["", "villages"] = Role("villages", "features")
    needed["", "water"] = Role("water", "features")
    return tuple(needed.values())


def compute(inputs: Inputs, parameters: SitesParameters, progress: Progress = silent) -> Outcome:
    """Choose communes, and a village in each.

    Returns
    -------
    Outcome
        Rasters of suitability; features and table ``sites``; tables ``communes`` (every commune
        with its group, reasons, rank inside the group and whether it was chosen), ``districts``,
        ``trade_off`` (sites one after another against what they reach), ``left_out`` (villages
        that are no candidates, and why) and ``known_adopters`` (how communes score where the
        practice is known: a check, no proof), ``one_at_a_time`` (which weight or working value
        the sites hang on); with overrides ``overrides`` (rank as proposed and
        as decided, and why).

    Raises
    ------
    NothingToScore, WrongUnit
        As :func:`gis.analyses.suitability.compute`.
    BadParameter, NotACandidate, RulesContradict, NoSitesInTime
        As :func:`gis.sites.choice.choose`.
    """
    if parameters.goal == "bases":
        return bases.compute(inputs, parameters, progress)
    progress("steps.scoring", 1, 3)
    found = surface(inputs, parameters)
    progress("steps.summing", 2, 3)
    communes = with_estimates(commune_standing(found, inputs), found, inputs, parameters)
    districts = district_standing(found, inputs, communes)
    progress("steps.choosing", 3, 3)
    away = adopters_away(found, inputs, parameters.diffusion_m)
    dry = replace(found, excluded=found.excluded | open_water(inputs))
    ground = ground_of(dry, communes, inputs, away, parameters)
    proposed = choose(ground.offered, ground.places, ground.districts, parameters, progress)
    choice = decided(proposed, ground)
    seconds = seconds_of(choice, ground.offered, ground.places, parameters)
    sites = both_ranks(proposals(choice, seconds, ground), proposed, ground)
    again = Repetitions(ground, proposed)
    sites = with_confidence(sites, again, progress)
    hang_on = moved(again, progress)
    communes = ranked(ground, sites, proposed)
    adopters = known_adopters(ground)
    return Outcome(
        rasters=rasters_of(found, inputs),
        tables={
            "sites": table_of(sites),
            "communes": communes,
            "districts": districts,
            "trade_off": trade_off(choice, ground.offered, ground.places, communes, parameters),
            "left_out": ground.offered.left_out,
            "known_adopters": adopters,
            "one_at_a_time": hang_on,
            **_overridden(sites, proposed, ground),
        },
        features={"sites": sites},
        summary=suitability.summary_of(communes, parameters.track)
        | summary_of(communes, sites, choice, ground)
        | {"repetitions": again.varied},
        warnings=(
            *found.notes,
            *ground.demand.notes,
            *notes_of(proposed, communes, districts, ground),
            *again.notes(),
            *note_on_adopters(adopters),
            *notes_on(sites, proposed, ground),
        ),
    )


def _overridden(
    sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground
) -> dict[str, pd.DataFrame]:
    if not ground.parameters.overrides:
        return {}
    return {"overrides": overrides_table(sites, proposed, ground)}


ANALYSIS = Analysis("sites", SitesParameters, roles, compute, uses_records=("adopters",))
