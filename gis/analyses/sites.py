"""Sites: where the programme starts next."""

from __future__ import annotations

from gis.analyses import suitability
from gis.analysis import Analysis, Inputs, Outcome, Progress, Role, silent
from gis.parameters import SitesParameters


def roles(parameters: SitesParameters) -> tuple[Role, ...]:
    """What suitability needs, and villages and early adopters."""
    needed = {role.variable: role for role in suitability.roles(parameters)}
    for variable in ("villages", "adopters"):
        margin = suitability.DISTANCE_CAP_M if variable == "adopters" else 0.0
        needed.setdefault(variable, Role(variable, "features", margin_m=margin))
    return tuple(needed.values())


def compute(inputs: Inputs, parameters: SitesParameters, progress: Progress = silent) -> Outcome:
    """Choose communes, and a village in each."""
    raise NotImplementedError


ANALYSIS = Analysis("sites", SitesParameters, roles, compute)
