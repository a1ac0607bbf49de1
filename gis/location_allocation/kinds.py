"""The models of location: what each searches, bounds, proves and counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gis.location_allocation.answer import Shares, amount_of, cost_of
from gis.location_allocation.bound import Bound, covering_bound
from gis.location_allocation.capacity import good_capacity
from gis.location_allocation.median import good_median, median_bound, median_program
from gis.location_allocation.models import Model, capacitated, covering, set_covering
from gis.location_allocation.problem import Given, Problem
from gis.location_allocation.reach import Positions
from gis.location_allocation.search import better_cover, good_cover, good_sets
from gis.location_allocation.terms import Flags

GoOn = Callable[[], bool]
"""Whether there is time left; may raise to stop."""


@dataclass(frozen=True)
class Kind:
    """A model of location.

    ``build`` makes the program, which need not look beyond what the choices ``used`` so far show
    to matter: it is built again with its own answer until that is no news. ``value`` is worked out
    from sites and shares. ``search`` gives flags of good candidates or None; ``bound`` what they
    can at most be worth, turned where least is sought; ``polish`` searches on where many are left.
    """

    most: bool
    build: Callable[[Problem, Sequence[Flags]], Model]
    value: Callable[[Given, Positions, Shares], float]
    search: Callable[[Problem, GoOn], Flags | None]
    bound: Callable[[Problem, float, GoOn], Bound] | None
    polish: Callable[[Problem, Flags, GoOn], Flags] | None = None

    @property
    def sign(self) -> int:
        return 1 if self.most else -1


COVERING = Kind(
    most=True,
    build=lambda problem, used: covering(problem),
    value=lambda given, sites, shares: amount_of(shares),
    search=good_cover,
    bound=covering_bound,
    polish=better_cover,
)
CAPACITATED = replace(
    COVERING, build=lambda problem, used: capacitated(problem), search=good_capacity, polish=None
)
SETS = Kind(
    most=False,
    build=lambda problem, used: set_covering(problem),
    value=lambda given, sites, shares: float(len(sites)),
    search=good_sets,
    bound=None,
)
MEDIAN = Kind(
    most=False,
    build=median_program,
    value=lambda given, sites, shares: cost_of(given, shares),
    search=good_median,
    bound=median_bound,
)
