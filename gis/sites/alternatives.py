"""What speaks against a chosen site: the loss without it, the second best, the rule that binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gis.sites.candidates import Candidates
from gis.sites.chosen import Choice, Chosen, Positions, parts_of
from gis.sites.equity import unequal
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces
from gis.sites.rules import forbidden

Bound = Literal["", "fixed", "forbidden", "unit", "spacing", "group", "share", "budget"]
_SAME = 1e-9
"""Share by which a gain must be larger to be more."""


@dataclass(frozen=True)
class Second:
    """A chosen site against the candidate that would take its place.

    Attributes
    ----------
    lost_hectares, lost
        Hectares, and what the model counts, that no other chosen site wins without this one; where
        capacities are filled, when the others share all out anew.
    next_best
        Position of the candidate nearby that keeps the rules and then wins most; -1 none.
    next_hectares, next_gain
        What it would win in the place of this one.
    bound_by
        The rule that keeps a better candidate nearby from its place; empty when none does.
    barred
        That candidate, -1 none.
    """

    lost_hectares: float
    lost: float
    next_best: int
    next_hectares: float
    next_gain: float
    bound_by: Bound
    barred: int


def seconds_of(
    choice: Choice, offered: Candidates, places: DemandPlaces, parameters: SitesParameters
) -> tuple[Second, ...]:
    """One for each new site, in their order.

    Nearby is a candidate whose land may overlap: within twice the distance that a site reaches.
    """
    bars = Bars(choice, offered, parameters)
    wins = _Wins(choice, offered, places, parameters)
    return tuple(
        _second(site, wins, choice, offered, places, bars, parameters) for site in choice.chosen
    )


class _Wins:
    """What the sites win together, with one of them away or another in its place."""

    def __init__(
        self,
        choice: Choice,
        offered: Candidates,
        places: DemandPlaces,
        parameters: SitesParameters,
    ) -> None:
        self.choice, self.offered, self.parameters = choice, offered, parameters
        self.hectares = np.nan_to_num(places.amounts["hectares"])
        self.sites = np.concatenate([choice.standing, choice.positions])
        self.divided = parameters.model == "capacitated"

    def parts(self, sites: Positions) -> NDArray[np.float64]:
        """Share of each place that sites win."""
        if self.divided:
            return parts_of(self.offered, sites, self.choice.worth, self.parameters)
        won = np.zeros(len(self.choice.worth))
        for position in sites.tolist():
            won[self.offered.reached(position)] = 1
        return won

    def without(self, own: int) -> NDArray[np.float64]:
        """Share of each place that the others win."""
        return self.parts(self.sites[self.sites != own])

    def gains(self, served: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each candidate would win at least beside what is served."""
        found = self.offered.sums(self.choice.worth * (1 - served))
        return np.minimum(found, self.parameters.site_capacity) if self.divided else found

    def more(self, position: int, own: int, served: NDArray[np.float64]) -> tuple[float, float]:
        """Hectares, and what the model counts, that a candidate wins in the place of a site."""
        sites = np.append(self.sites[self.sites != own], position)
        adds = self.parts(sites) - served
        return float(adds @ self.hectares), float(adds @ self.choice.worth)


def _second(
    site: Chosen,
    wins: _Wins,
    choice: Choice,
    offered: Candidates,
    places: DemandPlaces,
    bars: Bars,
    parameters: SitesParameters,
) -> Second:
    own, served = site.position, wins.without(site.position)
    gains = wins.gains(served)
    lost_hectares, lost = wins.more(own, own, served)
    near = _near(offered, own, 2 * parameters.reach_m)
    near[[own, *choice.positions.tolist(), *choice.standing.tolist()]] = False
    rule = bars.of(own)
    rule[(rule == "") & unequal(offered, places, choice.worth, served, parameters)] = "share"
    best = _best(gains, near & (rule == "") & (gains > 0))
    nothing = (float("nan"), float("nan"))
    next_hectares, next_gain = nothing if best < 0 else wins.more(best, own, served)
    bound: Bound = "fixed" if own in choice.required else ""
    barred = _best(gains, near & (rule != ""))
    if barred >= 0 and not bound and gains[barred] > lost * (1 + _SAME):
        bound = str(rule[barred])  # type: ignore[assignment]
    return Second(
        lost_hectares=lost_hectares,
        lost=lost,
        next_best=best,
        next_hectares=next_hectares,
        next_gain=next_gain,
        bound_by=bound,
        barred=barred if bound not in ("", "fixed") else -1,
    )


def _near(offered: Candidates, own: int, metres: float) -> NDArray[np.bool_]:
    points = offered.points
    near: NDArray[np.bool_] = np.hypot(*(points - points[own]).T) <= metres
    return near


def _best(gains: NDArray[np.float64], among: NDArray[np.bool_]) -> int:
    """The first of the largest, -1 when there is none."""
    if not among.any():
        return -1
    return int(np.argmax(np.where(among, gains, -np.inf)))


class Bars:
    """Which rule keeps each candidate out of the place of a chosen site."""

    def __init__(self, choice: Choice, offered: Candidates, parameters: SitesParameters) -> None:
        self.table, self.points = offered.table, offered.points
        self.parameters = parameters
        self.taken = np.concatenate([choice.standing, choice.positions])
        self.standing = set(choice.standing.tolist())
        self.units = self.table["commune"].to_numpy()
        self.districts = self.table["district"].to_numpy()
        self.forbidden = forbidden(self.table, parameters)

    def of(self, own: int) -> NDArray[np.object_]:
        """The first rule for each candidate that its choice instead of ``own`` would break."""
        others = self.taken[self.taken != own]
        new = [place for place in others.tolist() if place not in self.standing]
        rule = np.full(len(self.table), "", dtype=object)
        for name, broken in (
            ("budget", self._over_budget(own, others)),
            ("group", self._short(own, others)),
            ("spacing", self._too_near(others)),
            ("unit", self.parameters.one_each & np.isin(self.units, self.units[new])),
            ("forbidden", self.forbidden),
        ):
            rule[broken] = name
        return rule

    def _too_near(self, others: NDArray[np.int64]) -> NDArray[np.bool_]:
        near = np.zeros(len(self.table), dtype=np.bool_)
        if self.parameters.apart_m > 0:
            for place in others.tolist():
                apart = np.hypot(*(self.points - self.points[place]).T)
                near |= apart < self.parameters.apart_m
        return near

    def _short(self, own: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """A district that would have too few sites keeps its own."""
        mine = self.districts[own]
        left = int((self.districts[others] == mine).sum())
        if left >= self.parameters.min_per_district:
            return np.zeros(len(self.table), dtype=np.bool_)
        elsewhere: NDArray[np.bool_] = self.districts != mine
        return elsewhere

    def _over_budget(self, own: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """A new commune where the one of ``own`` is paid by another site."""
        over = np.zeros(len(self.table), dtype=np.bool_)
        if self.parameters.budget_usd is None:
            return over
        paid = set(self.units[sorted(self.standing)])
        new = [place for place in others.tolist() if place not in self.standing]
        groups = self.parameters.site_usd
        units = {unit for unit in self.units[new] if unit not in paid}
        cost = groups * (len(new) + 1) + self.parameters.commune_cost_usd * len(units)
        more = np.array([unit not in paid | units for unit in self.units], dtype=np.bool_)
        over[more] = cost + self.parameters.commune_cost_usd > self.parameters.budget_usd
        return over
