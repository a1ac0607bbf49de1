"""A choice of bases settled by coverage's own allocation: none too many, none farther than needed.

The model takes the present bases to serve what they serve now. Coverage shares out all days anew:
a new base may free a present one for others. What the model chose is therefore tried once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Progress
from gis.sites.alternatives import Bars
from gis.sites.bases_choice import as_sites
from gis.sites.bases_ground import BasesGround
from gis.sites.bases_served import served
from gis.sites.chosen import Choice, Chosen, attributed, parts_of

Positions = NDArray[np.int64]

TRIED = 4
"""Candidates that are tried in the place of a base: those nearest to what it serves."""
ROUNDS = 3
_MISSED = 1e-3
"""Hectares that are not missed."""
_NEARER = 0.99
"""Part of the travel that a move must leave or less to be worth it."""


@dataclass(frozen=True)
class Settled:
    """The choice, how many of the model's bases nobody would miss, and how many stand elsewhere."""

    choice: Choice
    spared: int
    moved: int


def settled(choice: Choice, ground: BasesGround, progress: Progress) -> Settled:
    """The choice without bases that nobody would miss, others moved nearer to what they serve.

    A base is moved where as many hectares are served in less travel, or more; the rules hold.
    """
    if not choice.chosen:
        return Settled(choice, 0, 0)
    fewer = _without_idle(choice, ground)
    nearer = fewer
    for number in range(1, ROUNDS + 1):
        progress("steps.searching", number, ROUNDS)
        before = nearer.positions
        nearer = _round(nearer, ground, progress)
        if set(nearer.positions) == set(before):
            break
    nearer = _best_first(nearer, ground)
    moved = len(set(nearer.positions.tolist()) - set(fewer.positions.tolist()))
    return Settled(nearer, len(choice.chosen) - len(fewer.chosen), moved)


def _without_idle(choice: Choice, ground: BasesGround) -> Choice:
    """Without bases that are missed by less than a candidate must win; the least missed first."""
    least = max(ground.parameters.min_reach, _MISSED)
    while True:
        new = choice.positions
        may_go = [
            place
            for place in range(len(new))
            if _may_go(place, choice, ground) and _fair(np.delete(new, place), choice, ground)
        ]
        if not may_go:
            return choice
        full = _own(choice, new, ground)
        lost = [full - _own(choice, np.delete(new, place), ground) for place in may_go]
        # Of equal ones the last goes: it came last in the order of the model.
        place = may_go[len(lost) - 1 - int(np.argmin(np.round(lost[::-1], 3)))]
        if min(lost) >= least:
            return choice
        choice = _of(np.delete(new, place), choice, ground)


def _best_first(choice: Choice, ground: BasesGround) -> Choice:
    """Bases in the order in which each adds most hectares beside those before.

    What a base adds seldom grows with more beside it: one that led before is asked again first.
    """
    left, done = list(choice.chosen), list[Chosen]()
    gain = dict.fromkeys((site.position for site in left), np.inf)
    while left:
        open_now = np.array([site.position for site in done], dtype=np.int64)
        here, fresh = _own(choice, open_now, ground), set[int]()
        while True:
            best = max(left, key=lambda site: (round(gain[site.position], 3), -site.position))
            if best.position in fresh:
                break
            there = _own(choice, np.append(open_now, best.position), ground)
            gain[best.position] = there - here
            fresh.add(best.position)
        left.remove(best)
        done.append(best)
    return replace(choice, chosen=tuple(done))


def _may_go(place: int, choice: Choice, ground: BasesGround) -> bool:
    """Whether the rules let a base go."""
    own = choice.positions[place]
    if own in choice.required:
        return False
    table = ground.offered.table
    every = np.concatenate([choice.standing, choice.positions])
    same = table["district"].iloc[every] == table["district"].iloc[own]
    return int(same.sum()) > ground.parameters.min_per_district


def _fair(new: Positions, choice: Choice, ground: BasesGround) -> bool:
    """Whether no district that got its least share of unmet hectares falls below it."""
    least = ground.parameters.min_share_per_district
    if least <= 0:
        return True
    wanted = least * np.bincount(ground.demand.squares.district, choice.worth)
    here, there = (_by_district(bases, choice, ground) for bases in (choice.positions, new))
    return bool((there >= np.minimum(wanted, here) * (1 - 1e-9)).all())


def _by_district(new: Positions, choice: Choice, ground: BasesGround) -> NDArray[np.float64]:
    """What standing and new bases serve of each district by the model."""
    bases = np.concatenate([choice.standing, new])
    parts = parts_of(ground.offered, bases, choice.worth, as_sites(ground))
    return np.bincount(ground.demand.squares.district, choice.worth * parts).astype(np.float64)


def _round(choice: Choice, ground: BasesGround, progress: Progress) -> Choice:
    """Each base once, in order, moved to the best of the candidates tried."""
    for own in choice.positions.tolist():
        if own in choice.required:
            continue
        progress("steps.searching", 1, 1)
        best = choice.positions
        here = served(ground, np.concatenate([choice.standing, best]))
        for other in _tried(own, choice, ground):
            new = np.where(choice.positions == own, other, choice.positions)
            if not _fair(new, choice, ground):
                continue
            there = served(ground, np.concatenate([choice.standing, new]))
            more = there.own > here.own + ground.parameters.min_reach
            same = there.own >= here.own - _MISSED
            if more or (same and there.hectare_minutes < _NEARER * here.hectare_minutes):
                best, here = new, there
        if not np.array_equal(best, choice.positions):
            choice = _of(best, choice, ground)
    return choice


def _tried(own: int, choice: Choice, ground: BasesGround) -> list[int]:
    """Candidates that keep the rules and lie nearer to what a base serves, nearest first."""
    (site,) = (one for one in choice.chosen if one.position == own)
    if not len(site.places):
        return []
    amount = site.parts * ground.demand.hectares[site.places]
    reach = ground.offered.reach
    weight = np.zeros(reach.demand)
    weight[site.places] = amount / amount.sum()
    on_way = weight[reach.points]
    share = np.bincount(reach.candidate, on_way, minlength=reach.candidates)
    minutes = np.bincount(reach.candidate, on_way * reach.cost, minlength=reach.candidates)
    # What a candidate does not reach counts as far away as it may be.
    minutes = minutes + (1 - share) * ground.coverage.limit_minutes
    able = Bars(choice, ground.offered, as_sites(ground)).of(own) == ""
    able[np.concatenate([choice.standing, choice.positions])] = False
    able &= minutes < minutes[own] - 1e-6
    order = np.argsort(np.where(able, minutes, np.inf), kind="stable")
    return [int(place) for place in order[:TRIED] if able[place]]


def _own(choice: Choice, new: Positions, ground: BasesGround) -> float:
    return served(ground, np.concatenate([choice.standing, new])).own


def _of(new: Positions, choice: Choice, ground: BasesGround) -> Choice:
    """The choice with these new bases, and what the model gives each."""
    offered, parameters = ground.offered, as_sites(ground)
    chosen = attributed(offered, np.sort(new), choice.standing, choice.worth, parameters)
    return replace(choice, chosen=chosen)
