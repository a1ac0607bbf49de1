"""Where to go next: a choice among candidate places, as many as wanted, under rules."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SEARCH = 5_000
"""Steps that the search for a choice in every district may take before it gives up."""
_DEEPEST = 500
"""Sites for which it is tried at all; above, districts are filled one by one."""


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
    draft = _Draft(sorted(candidates, key=lambda place: place.code), demand, rules)
    short = _fill_quotas(draft)
    _fill(draft)
    return Selection(_best_first(draft), short)


class _Draft:
    """Places by number, those chosen so far, and the demand still open."""

    def __init__(
        self, places: Sequence[Candidate], demand: NDArray[np.float64], rules: Rules
    ) -> None:
        self.places = places
        self.demand = demand
        self.rules = rules
        self.chosen: list[int] = []
        self.times = np.zeros(demand.shape, dtype=np.int32)
        self.blocked = np.zeros(len(places), dtype=np.int32)
        self.units = np.unique([place.unit for place in places], return_inverse=True)[1]
        self.x = np.array([place.x for place in places], dtype=np.float64)
        self.y = np.array([place.y for place in places], dtype=np.float64)

    @property
    def full(self) -> bool:
        return len(self.chosen) >= self.rules.count

    def gain(self, number: int) -> float:
        """What a place would add."""
        reach = self.places[number].reach
        return float(self.demand[reach[self.times[reach] == 0]].sum())

    def add(self, number: int) -> None:
        self.chosen.append(number)
        self.times[self.places[number].reach] += 1
        self.blocked += self._blocks(number)

    def undo(self) -> None:
        number = self.chosen.pop()
        self.times[self.places[number].reach] -= 1
        self.blocked -= self._blocks(number)

    def _blocks(self, number: int) -> NDArray[np.bool_]:
        """Places that may not be chosen beside this one."""
        apart = np.hypot(self.x - self.x[number], self.y - self.y[number])
        return np.asarray(
            (self.units == self.units[number]) | (apart < self.rules.spacing), dtype=np.bool_
        )

    def best_of(self, numbers: NDArray[np.intp]) -> list[int]:
        """Those that may be added and add something, best first."""
        gains = [(-self.gain(number), number) for number in numbers[self.blocked[numbers] == 0]]
        return [int(number) for loss, number in sorted(gains) if loss < 0]

    def free_units(self, numbers: NDArray[np.intp]) -> int:
        return len(np.unique(self.units[numbers[self.blocked[numbers] == 0]]))


@dataclass(frozen=True)
class _Quotas:
    """Places that reach demand by district, how many each district still needs, steps left."""

    places: Mapping[str, NDArray[np.intp]]
    need: Counter[str]
    steps: list[int]


def _fill_quotas(draft: _Draft) -> tuple[str, ...]:
    """Give every district its share; returns the districts that stay short."""
    able = [number for number in range(len(draft.places)) if draft.gain(number) > 0]
    names = sorted({draft.places[number].district for number in able})
    places = {
        name: np.array([number for number in able if draft.places[number].district == name])
        for name in names
    }
    quotas = _Quotas(places, Counter(dict.fromkeys(names, draft.rules.min_per_district)), [_SEARCH])
    if quotas.need.total() <= min(draft.rules.count, _DEEPEST) and _search(draft, quotas):
        return ()
    while +quotas.need and not draft.full:
        offers = {name: draft.best_of(places[name])[:1] for name in +quotas.need}
        best = [(-draft.gain(found[0]), found[0], name) for name, found in offers.items() if found]
        if not best:
            break
        _, number, name = min(best)
        draft.add(number)
        quotas.need[name] -= 1
    return tuple(sorted(+quotas.need))


def _search(draft: _Draft, quotas: _Quotas) -> bool:
    """Depth first, the district with least choice first; False when nothing satisfies all."""
    need = +quotas.need
    if not need:
        return True
    slack = {name: draft.free_units(quotas.places[name]) - need[name] for name in need}
    tightest = min(slack, key=lambda name: (slack[name], name))
    if slack[tightest] < 0:
        return False
    for number in draft.best_of(quotas.places[tightest]):
        quotas.steps[0] -= 1
        if quotas.steps[0] < 0:
            return False
        draft.add(number)
        quotas.need[tightest] -= 1
        if _search(draft, quotas):
            return True
        draft.undo()
        quotas.need[tightest] += 1
    return False


def _fill(draft: _Draft) -> None:
    """Add the place that adds most until the count is reached or nothing adds anything."""
    queue = [(-draft.gain(number), number) for number in range(len(draft.places))]
    heapq.heapify(queue)
    while queue and not draft.full:
        stale, number = heapq.heappop(queue)
        gain = draft.gain(number)
        if gain <= 0 or draft.blocked[number]:
            continue
        if -gain == stale:
            draft.add(number)
        else:
            heapq.heappush(queue, (-gain, number))


def _best_first(draft: _Draft) -> tuple[Choice, ...]:
    """Choices by what they add; what two reach belongs to the one that was chosen first."""
    again = _Draft(draft.places, draft.demand, draft.rules)
    choices = []
    for number in draft.chosen:
        place = draft.places[number]
        covered = place.reach[again.times[place.reach] == 0]
        choices.append(Choice(place, again.gain(number), covered))
        again.add(number)
    return tuple(sorted(choices, key=lambda choice: (-choice.gain, choice.candidate.code)))
