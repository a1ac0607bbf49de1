"""Where to go next: a choice among candidate places, as many as wanted, under rules."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SEARCH = 20_000
"""Steps that the search for a choice in every district may take before it gives up."""


@dataclass(frozen=True)
class Candidate:
    """A place that may be chosen: at most one for each ``unit``.

    ``reach`` holds the positions of the demand that it reaches, ascending.
    """

    code: str
    unit: str
    district: str
    x: float
    y: float
    reach: NDArray[np.intp]


@dataclass(frozen=True)
class Rules:
    """How many, how far apart (metres), and how many in every district first."""

    count: int
    spacing: float = 0.0
    min_per_district: int = 0


@dataclass(frozen=True)
class Choice:
    """A chosen place, the demand it adds, and where: no position stands in two choices."""

    candidate: Candidate
    gain: float
    covered: NDArray[np.intp]


@dataclass(frozen=True)
class Selection:
    """Chosen places, best first, and the districts that got fewer than the rules ask."""

    choices: tuple[Choice, ...]
    short: tuple[str, ...] = ()


def select(candidates: Iterable[Candidate], demand: NDArray[np.float64], rules: Rules) -> Selection:
    """Choose the places that together reach most demand, each demand counted once.

    First every district gets its share, if any choice of places allows it; then the place that
    adds most is taken again and again. The result does not depend on the order of candidates:
    equal gains are settled by code.

    Parameters
    ----------
    candidates
        Places; codes are unique.
    demand
        Amount at each position, 0 or more.
    rules
        Count, spacing, quota.

    Notes
    -----
    Greedy maximal covering (Church and ReVelle 1974) with gains evaluated lazily: what a place
    adds can only shrink as others are chosen, so a stale gain is an upper bound.
    """
    places = sorted(candidates, key=lambda place: place.code)
    draft = _Draft(demand, rules)
    short = _fill_quotas(draft, places)
    _fill(draft, places)
    return Selection(_best_first(draft.chosen, demand), short)


class _Draft:
    """Places chosen so far and the demand still open."""

    def __init__(self, demand: NDArray[np.float64], rules: Rules) -> None:
        self.demand = demand
        self.rules = rules
        self.chosen: list[Candidate] = []
        self.times = np.zeros(demand.shape, dtype=np.int32)

    @property
    def full(self) -> bool:
        return len(self.chosen) >= self.rules.count

    def gain(self, place: Candidate) -> float:
        open_here = place.reach[self.times[place.reach] == 0]
        return float(self.demand[open_here].sum())

    def allows(self, place: Candidate) -> bool:
        return all(
            place.unit != other.unit
            and np.hypot(place.x - other.x, place.y - other.y) >= self.rules.spacing
            for other in self.chosen
        )

    def add(self, place: Candidate) -> None:
        self.chosen.append(place)
        self.times[place.reach] += 1

    def undo(self) -> None:
        self.times[self.chosen.pop().reach] -= 1

    def options(self, places: Sequence[Candidate], district: str) -> list[Candidate]:
        """Places of a district that may be added and add something, best first."""
        gains = [
            (-self.gain(place), place.code, place)
            for place in places
            if place.district == district and self.allows(place)
        ]
        return [place for loss, _, place in sorted(gains, key=lambda item: item[:2]) if loss < 0]


def _fill_quotas(draft: _Draft, places: Sequence[Candidate]) -> tuple[str, ...]:
    """Give every district its share; returns the districts that stay short."""
    wanted = draft.rules.min_per_district
    districts = sorted({place.district for place in places if draft.gain(place) > 0})
    need = Counter(dict.fromkeys(districts, wanted))
    if not wanted or not districts:
        return ()
    steps = [_SEARCH]
    if need.total() <= draft.rules.count and _search(draft, places, need, steps):
        return ()
    while +need and not draft.full:
        offers = {name: draft.options(places, name) for name in +need}
        best = [
            (-draft.gain(found[0]), found[0].code, name) for name, found in offers.items() if found
        ]
        if not best:
            break
        name = min(best)[2]
        draft.add(offers[name][0])
        need[name] -= 1
    return tuple(sorted(+need))


def _search(
    draft: _Draft, places: Sequence[Candidate], need: Counter[str], steps: list[int]
) -> bool:
    """Depth first, the district with least choice first; False when nothing satisfies all."""
    if not +need:
        return True
    offers = {name: draft.options(places, name) for name in +need}
    slack = {
        name: len({place.unit for place in found}) - need[name] for name, found in offers.items()
    }
    tightest = min(slack, key=lambda name: (slack[name], name))
    if slack[tightest] < 0:
        return False
    for place in offers[tightest]:
        steps[0] -= 1
        if steps[0] < 0:
            return False
        draft.add(place)
        need[tightest] -= 1
        if _search(draft, places, need, steps):
            return True
        draft.undo()
        need[tightest] += 1
    return False


def _fill(draft: _Draft, places: Sequence[Candidate]) -> None:
    """Add the place that adds most until the count is reached or nothing adds anything."""
    queue = [(-draft.gain(place), place.code, place) for place in places]
    heapq.heapify(queue)
    while queue and not draft.full:
        stale, code, place = heapq.heappop(queue)
        gain = draft.gain(place)
        if gain <= 0 or not draft.allows(place):
            continue
        if -gain == stale:
            draft.add(place)
        else:
            heapq.heappush(queue, (-gain, code, place))


def _best_first(chosen: Sequence[Candidate], demand: NDArray[np.float64]) -> tuple[Choice, ...]:
    """Choices by what they add; what two reach belongs to the one that was chosen first."""
    draft = _Draft(demand, Rules(len(chosen)))
    choices = []
    for place in chosen:
        covered = place.reach[draft.times[place.reach] == 0]
        choices.append(Choice(place, draft.gain(place), covered))
        draft.add(place)
    return tuple(sorted(choices, key=lambda choice: (-choice.gain, choice.candidate.code)))
