"""The question asked again: with other weights, other working values, other strengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import silent
from gis.demand import adopters_away
from gis.errors import NoSitesInTime, NotACandidate, RulesContradict
from gis.sensitivity import Run, Sample, Span
from gis.sites.choice import choose
from gis.sites.ground import Ground, ground_of
from gis.sites.parameters import SitesParameters
from gis.suitability_parameters import AxisWeights

SECONDS = 5.0
"""For one repetition that a first search does not answer."""
FIT_STEP = 0.1
"""Working value: the threshold of fit may lie so much lower or higher."""
PARTS: Mapping[str, float] = {"reach_m": 0.2, "diffusion_m": 0.5}
"""Working values: share by which a distance may be shorter or longer."""


def spans(parameters: SitesParameters) -> dict[str, Span]:
    """Between which limits the working values of a choice may well lie."""
    fit = parameters.fit_threshold
    found = {"fit_threshold": Span(fit, max(fit - FIT_STEP, 0.0), min(fit + FIT_STEP, 1.0))}
    for name, part in PARTS.items():
        now = float(getattr(parameters, name))
        found[name] = Span(now, now * (1 - part), min(now * (1 + part), 100_000.0))
    return found


def run_of(ground: Ground) -> Run:
    """Answers one sample with the communes that are chosen then, best first."""
    parameters = ground.parameters
    farthest = spans(parameters)["diffusion_m"].high
    away = adopters_away(ground.found, ground.inputs, farthest)

    def run(sample: Sample) -> Sequence[str]:
        changed = replace(
            parameters,
            weights=AxisWeights(**sample.weights),
            fit_threshold=sample.values["fit_threshold"],
            reach_m=sample.values["reach_m"],
            diffusion_m=sample.values["diffusion_m"],
        )
        return asked_again(ground, ground.communes, away, changed)

    return run


def asked_again(
    ground: Ground,
    communes: pd.DataFrame,
    away: NDArray[np.float32] | None,
    parameters: SitesParameters,
) -> list[str]:
    """Communes that are chosen then, best first; none where no choice keeps the rules.

    A good choice is enough: it is not proven best.
    """
    again = ground_of(ground.found, communes, ground.inputs, away, parameters)
    for seconds in (0.0, SECONDS):
        quick = replace(parameters, time_limit_s=min(seconds, parameters.time_limit_s))
        try:
            choice = choose(again.offered, again.places, again.districts, quick, silent)
        except NoSitesInTime:
            continue
        except (NotACandidate, RulesContradict):
            return []
        units = again.offered.table["commune"].astype(str)
        return list(dict.fromkeys(units.iloc[choice.positions]))
    return []
