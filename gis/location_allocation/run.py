"""From a choice as asked for to its answer: search, bound, proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from gis.analysis import Progress
from gis.errors import DemandUnreached, NoSitesInTime
from gis.location_allocation.answer import BoundBy, Location, busy, fair, largest, shares_of
from gis.location_allocation.bound import Bound, likeliest, ruled_out
from gis.location_allocation.contradiction import contradiction
from gis.location_allocation.kinds import MEDIAN, SETS, GoOn, Kind
from gis.location_allocation.models import Model
from gis.location_allocation.problem import Given, Problem, keeps, narrowed, numbered
from gis.location_allocation.program import Found
from gis.location_allocation.terms import Flags

_PROOF = 1e-6
"""Share of the bound that may be missing in an answer that is called the best."""
_FEW = 200
"""Candidates left among which a proof is as quick as more search."""
_CORE = 1000
"""Candidates among which more search goes on."""
_BETTER = 0.005
"""What the sites of an unfinished proof must be better by: those of the search are the same on any
machine, and a committee that asks again wants the same answer."""


@dataclass(frozen=True, eq=False)
class Limits:
    """Seconds and gap asked for, when the search began, and whom to tell."""

    seconds: float
    gap: float
    progress: Progress
    started: float

    @property
    def left(self) -> float:
        return self.seconds - (perf_counter() - self.started)

    def going(self, step: str, number: int) -> GoOn:
        """Tell of a step; whether there is time left."""

        def go_on() -> bool:
            self.progress(step, number, 3)
            return self.left > 0

        self.progress(step, number, 3)
        return go_on


@dataclass(frozen=True, eq=False)
class Known:
    """Flags of candidates and what they are worth; a bound and why it is no closer."""

    chosen: Flags | None
    value: float
    bound: float
    bound_by: BoundBy


def answer(kind: Kind, given: Given, seconds: float, gap: float, progress: Progress) -> Location:
    """The answer of a choice of sites.

    Raises
    ------
    DemandUnreached, NoSitesInTime, RulesContradict
        As :mod:`gis.location` says.
    """
    limits = Limits(seconds, gap, progress, perf_counter())
    if kind in (SETS, MEDIAN):
        _expect_reached(given)
    problem = numbered(given)
    known = _closed_in(kind, given, problem, limits)
    if known.chosen is None:
        raise NoSitesInTime(seconds)
    chosen = known.chosen if kind is MEDIAN else busy(given, problem, known.chosen)
    sites = np.sort(problem.original[chosen])
    shares = shares_of(given, problem, sites)
    objective = kind.value(given, sites, shares)
    bound = max(known.bound, objective) if kind.most else min(known.bound, objective)
    return Location(
        sites=sites,
        allocation=largest(given, shares),
        shares=shares,
        objective=objective,
        bound=objective if known.bound_by == "proof" else bound,
        seconds=perf_counter() - limits.started,
        bound_by=known.bound_by,
    )


def _expect_reached(given: Given) -> None:
    """Refuse demand that no allowed candidate reaches."""
    reach = given.reach
    allowed = np.ones(reach.candidates, dtype=np.bool_)
    allowed[np.asarray(given.rules.forbidden, dtype=np.int64)] = False
    allowed[given.fixed] = True
    allowed[np.asarray(given.rules.standing, dtype=np.int64)] = True
    reached = np.zeros(reach.demand, dtype=np.bool_)
    reached[reach.points[allowed[reach.candidate]]] = True
    lost = np.flatnonzero((given.demand > 0) & ~reached)
    if lost.size:
        raise DemandUnreached(tuple(lost.tolist()))


def _closed_in(kind: Kind, given: Given, problem: Problem, limits: Limits) -> Known:
    """Sites and bound, as close as the limits allow."""
    known = _searched(kind, given, problem, limits)
    never = always = np.zeros(problem.size, dtype=np.bool_)
    if known.chosen is not None and kind.bound is not None:
        best = kind.sign * known.value
        bound = kind.bound(problem, best, limits.going("steps.bounding", 2))
        turned = kind.sign * bound.value
        known = _judged(kind, known.chosen, known.value, turned, limits, ended=False)
        if known.bound_by != "time":
            return known
        never, always = ruled_out(bound, problem.terms, best)
        if kind.polish is not None and problem.size - never.sum() > _FEW:
            known = _polished(kind, given, problem, known, bound, limits)
            if known.bound_by != "time":
                return known
            never, always = ruled_out(bound, problem.terms, kind.sign * known.value)
    return _proven(kind, given, problem, known, (never, always), limits)


def _searched(kind: Kind, given: Given, problem: Problem, limits: Limits) -> Known:
    """What the search finds, if it keeps the rules."""
    nothing = Known(None, np.nan, float(problem.worth.sum()) if kind.most else 0.0, "time")
    chosen = kind.search(problem, limits.going("steps.searching", 1))
    if chosen is None or not keeps(problem, chosen):
        return nothing
    sites = np.sort(problem.original[chosen])
    shares = shares_of(given, problem, sites)
    if not fair(given, shares):
        return nothing
    return Known(chosen, kind.value(given, sites, shares), nothing.bound, "time")


def _polished(
    kind: Kind, given: Given, problem: Problem, known: Known, bound: Bound, limits: Limits
) -> Known:
    """The sites after more search, among the candidates that the bound speaks most for."""
    assert kind.polish is not None and known.chosen is not None  # noqa: S101, PT018
    core = likeliest(bound, problem.terms, _CORE) | known.chosen
    none = np.zeros(problem.size, dtype=np.bool_)
    smaller = narrowed(problem, ~core, none, merges=given.merges)
    chosen = none.copy()
    going = limits.going("steps.searching", 1)
    chosen[np.flatnonzero(core)] = kind.polish(smaller, known.chosen[core], going)
    if not keeps(problem, chosen):
        return known
    value = _value(kind, given, problem, chosen)
    return _judged(kind, chosen, value, known.bound, limits, ended=False)


def _value(kind: Kind, given: Given, problem: Problem, chosen: Flags) -> float:
    sites = np.sort(problem.original[chosen])
    return kind.value(given, sites, shares_of(given, problem, sites))


def _judged(
    kind: Kind, chosen: Flags, value: float, bound: float, limits: Limits, *, ended: bool
) -> Known:
    """Sites with what is known of them; a solver's word for the best is checked by the bound."""
    bound = max(bound, value) if kind.most else min(bound, value)
    apart = abs(bound - value)
    if not np.isfinite(bound):
        return Known(chosen, value, bound, "time")
    if apart <= _PROOF * abs(bound):
        return Known(chosen, value, bound, "proof")
    near = ended or apart <= limits.gap * abs(bound)
    return Known(chosen, value, bound, "gap" if near else "time")


def _proven(
    kind: Kind,
    given: Given,
    problem: Problem,
    known: Known,
    ruled: tuple[Flags, Flags],
    limits: Limits,
) -> Known:
    """HiGHS on the candidates that are left, from the sites known."""
    left = np.flatnonzero(~ruled[0])
    smaller = narrowed(problem, *ruled, merges=given.merges)
    going = limits.going("steps.proving", 3)
    used = [] if known.chosen is None else [known.chosen[left]]
    while True:
        model = kind.build(smaller, used)
        start = model.start(used[-1].astype(np.float64)) if used else None
        found = model.program.solved(limits.left, gap=limits.gap, start=start, watch=going)
        if found.infeasible and known.chosen is None:
            raise contradiction(given, lambda tried: kind.build(tried, ()), going)
        known = _with_bound(kind, known, found, model)
        if found.columns is None:
            break
        chosen = np.zeros(problem.size, dtype=np.bool_)
        chosen[left] = found.columns[: smaller.size] > 0.5
        value = _value(kind, given, problem, chosen)
        known = _with_sites(kind, known, chosen, value, ended=found.ended)
        claimed = found.value * model.scale + model.offset
        if not found.ended or abs(value - claimed) <= _PROOF * abs(value):
            break
        if any(np.array_equal(chosen[left], before) for before in used[1:]):
            break
        used.append(chosen[left])
    if known.chosen is None:
        return known
    return _judged(kind, known.chosen, known.value, known.bound, limits, ended=found.ended)


def _with_bound(kind: Kind, known: Known, found: Found, model: Model) -> Known:
    """The closer of the bounds; what was ruled out is no better than the sites known."""
    bound = found.bound * model.scale + model.offset
    if found.infeasible:
        bound = known.value
    elif kind is SETS:
        bound = float(np.ceil(bound - _PROOF))
    if kind.most:
        bound = min(known.bound, bound if known.chosen is None else max(bound, known.value))
    else:
        bound = max(known.bound, bound if known.chosen is None else min(bound, known.value))
    return replace(known, bound=bound)


def _with_sites(kind: Kind, known: Known, chosen: Flags, value: float, *, ended: bool) -> Known:
    """The better sites: an unfinished proof must be better by much."""
    if known.chosen is not None:
        better = (value - known.value) * kind.sign
        if better < (_PROOF * 1e-3 if ended else _BETTER) * abs(known.value):
            return known
    return replace(known, chosen=chosen, value=value)
