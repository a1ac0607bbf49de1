"""Parameters of a choice of machinery bases, and what each default rests on."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from gis.coverage.machinery import HectaresPerDay, Word
from gis.coverage.parameters import Minutes, Share
from gis.membership import STRICT
from gis.parameters import Basis, Metres

Goal: TypeAlias = Literal["adopters", "bases"]
Unmet: TypeAlias = Literal["requested", "scenario"]


@dataclass(frozen=True, config=STRICT)
class BasesParameters:
    """Which demand new bases are to serve, what stands at one, and how far its machines go.

    Attributes
    ----------
    demand, scenario_share, year, machine, limit_minutes, margin_m, place_m
        As :class:`gis.coverage.parameters.CoverageParameters` has them. A crop area is no unmet
        demand; ``machine`` is by default the first that plants on the track.
    planters_per_base
        Machines at a new base, each with a tractor of its own.
    hectares_a_day
        Of one of them; by default that of the table.
    gather_m
        Side of the squares into which unmet hectares are gathered for the choice.
    cost_usd
        Of a new base with its machines; a budget needs it. No price is published, so none stands
        here.
    """

    demand: Unmet = "requested"
    scenario_share: Share = 0.1
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    machine: Word | None = None
    planters_per_base: Annotated[int, Field(ge=1, le=1000)] = 1
    hectares_a_day: HectaresPerDay | None = None
    limit_minutes: Minutes = 120.0
    margin_m: Metres = 30_000.0
    place_m: Annotated[float, Field(ge=90, le=10_000)] = 1000.0
    gather_m: Annotated[float, Field(ge=90, le=100_000)] = 2000.0
    cost_usd: Annotated[float, Field(ge=0, le=1_000_000)] | None = None


BASES_BASES = (
    Basis("bases.scenario_share", "1", "Working value: an assumption, no forecast", True),
    Basis("bases.planters_per_base", "1", "Working value", True),
    Basis(
        "bases.limit_minutes",
        "min",
        "Working value: no distance that Cambodian providers travel is published",
        True,
    ),
    Basis("bases.margin_m", "m", "Working value: as far as bases count in coverage", True),
    Basis("bases.place_m", "m", "Working value: finer than most villages' land", True),
    Basis("bases.gather_m", "m", "Working value: small beside the way of two hours", True),
)
"""One row for each number that the choice takes when nobody sets it."""
