"""Which rules make a choice of sites impossible: relaxed one after another until one is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from gis.analysis import Note
from gis.errors import RulesContradict
from gis.location_allocation.models import Model
from gis.location_allocation.problem import Given, Problem, numbered
from gis.location_allocation.program import Watch

Building = Callable[[Problem], Model]
Least = TypeVar("Least", int, float)
_SECONDS = 10.0
"""For one trial; a rule of which it does not tell whether it matters is named."""
_MEMBERS = 60
"""Groups or sites that are tried one by one."""


def contradiction(given: Given, build: Building, watch: Watch) -> RulesContradict:
    """The smallest set of rules found that no choice keeps: each of them is needed for it.

    A deletion filter (Chinneck and Dravnieks 1991, ORSA Journal on Computing 3): a rule is left out
    for good when what is left is still impossible.
    """
    impossible = _Trial(build, watch)
    names = []
    for name, without in RELAXED.items():
        loose = without(given)
        if loose is not given and impossible(loose):
            given = loose
        elif loose is not given:
            names.append(name)
    candidates: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    shares: tuple[int, ...] = ()
    if "fixed" in names:
        given, candidates = _fixed(given, impossible)
    if "group" in names:
        given, groups = _members(given, given.rules.least_sites(), _asking_sites, impossible)
    if "share" in names:
        _, shares = _members(given, given.rules.least_shares(), _asking_shares, impossible)
    notes = tuple(Note(f"location.rule_{name}") for name in names)
    return RulesContradict(notes, tuple(names), candidates, groups, shares)


class _Trial:
    """Whether no choice keeps the rules; False where that is not known in time."""

    def __init__(self, build: Building, watch: Watch) -> None:
        self.build, self.watch = build, watch

    def __call__(self, given: Given) -> bool:
        found = self.build(numbered(given)).program.solved(_SECONDS, gap=1.0, watch=self.watch)
        return found.infeasible


def _fixed(given: Given, impossible: _Trial) -> tuple[Given, tuple[int, ...]]:
    """Fixed sites that take part."""
    for site in given.fixed.tolist() if len(given.fixed) <= _MEMBERS else ():
        loose = replace(given, fixed=given.fixed[given.fixed != site])
        if impossible(loose):
            given = loose
    return given, tuple(sorted(given.fixed.tolist()))


def _members(
    given: Given,
    least: Mapping[int, Least],
    asking: Callable[[Given, Mapping[int, Least]], Given],
    impossible: _Trial,
) -> tuple[Given, tuple[int, ...]]:
    """Groups that take part."""
    left = dict(least)
    for label in least if len(least) <= _MEMBERS else ():
        fewer = {other: wanted for other, wanted in left.items() if other != label}
        loose = asking(given, fewer)
        if impossible(loose):
            given, left = loose, fewer
    return given, tuple(left)


def _asking_sites(given: Given, least: Mapping[int, int]) -> Given:
    return replace(given, rules=replace(given.rules, least_per_group=least))


def _asking_shares(given: Given, least: Mapping[int, float]) -> Given:
    return replace(given, rules=replace(given.rules, least_share=least))


def _without_spacing(given: Given) -> Given:
    if given.rules.spacing == 0 and given.rules.conflicts is None:
        return given
    return replace(given, rules=replace(given.rules, spacing=0.0, conflicts=None))


def _without_units(given: Given) -> Given:
    if given.rules.unit is None or given.rules.most_per_unit is None:
        return given
    return replace(given, rules=replace(given.rules, most_per_unit=None))


def _without_forbidden(given: Given) -> Given:
    if not np.size(given.rules.forbidden):
        return given
    return replace(given, rules=replace(given.rules, forbidden=()))


def _without_budget(given: Given) -> Given:
    if given.rules.budget is None:
        return given
    return replace(given, rules=replace(given.rules, budget=None))


def _without_groups(given: Given) -> Given:
    if not given.rules.least_sites():
        return given
    return replace(given, rules=replace(given.rules, least_per_group=0))


def _without_shares(given: Given) -> Given:
    if not given.rules.least_shares():
        return given
    return replace(given, rules=replace(given.rules, least_share=0.0))


def _without_capacity(given: Given) -> Given:
    if given.capacity is None:
        return given
    return replace(given, capacity=np.full(len(given.capacity), np.inf))


RELAXED: dict[str, Callable[[Given], Given]] = {
    "spacing": _without_spacing,
    "unit": _without_units,
    "capacity": _without_capacity,
    "forbidden": _without_forbidden,
    "fixed": lambda given: replace(given, fixed=given.fixed[:0]) if len(given.fixed) else given,
    "group": _without_groups,
    "share": _without_shares,
    "budget": _without_budget,
    "count": lambda given: given if given.count is None else replace(given, count=None),
}
"""Rules by name, each taken away; in the order in which they are tried."""
