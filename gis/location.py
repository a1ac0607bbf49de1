"""Where to go next: sites chosen under rules, with a bound that says how good they are.

Location-allocation: maximal covering (also with limited capacity), p-median, set covering. A good
answer is searched first; a bound closes in from the other side; HiGHS proves what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Progress, silent
from gis.errors import BadParameter
from gis.location_allocation.answer import Location, Shares
from gis.location_allocation.kinds import CAPACITATED, COVERING, MEDIAN, SETS
from gis.location_allocation.problem import Given, checked
from gis.location_allocation.reach import Amounts, Costs, Reach, reach_of
from gis.location_allocation.rules import Rules
from gis.location_allocation.run import answer

__all__ = ["Location", "Reach", "Rules", "Shares", "maximal_covering", "p_median", "set_covering"]

Fixed = Sequence[int] | NDArray[np.integer]
Demand = Amounts | Sequence[float]


def maximal_covering(
    cost: Costs | Reach,
    demand: Demand,
    radius: float,
    p: int | None,
    fixed: Fixed = (),
    capacity: Amounts | Sequence[float] | None = None,
    *,
    rules: Rules | None = None,
    time_limit: float = 60.0,
    gap: float = 0.0,
    progress: Progress = silent,
    keys: Sequence[object] = (),
) -> Location:
    """Choose the sites that together serve most demand within ``radius``.

    Parameters
    ----------
    cost
        (demand, candidates), NaN unreachable; or :class:`Reach` where the table is too large.
    demand
        (demand,) 0 or more, each counted once.
    radius
        In the unit of ``cost``, inclusive.
    p
        Most sites, ``fixed`` and standing ones included; a site that would add nothing is not
        chosen. None where a budget limits them.
    fixed
        Positions of candidates that must be chosen.
    capacity
        Most demand that each candidate serves, in the unit of ``demand``; demand is divided where
        that serves more, and goes the shortest ways that serve so much. None: no limits.
    rules
        See :class:`Rules`.
    time_limit
        Seconds, 0 or more; past it the best known answer is given as not proven.
    gap
        Share of the bound that may be missing; 0 searches for the best.
    progress
        Called now and then; may raise to stop.
    keys
        One a candidate, unique and sortable (codes): they settle ties. Without keys candidates are
        told apart by coordinates and by what they reach. Either way the order of rows is no matter.

    Raises
    ------
    BadParameter
        A length, a position or an amount that cannot be, or neither ``p`` nor a budget.
    RulesContradict
        No choice keeps the rules; names the smallest set of them that contradicts.
    NoSitesInTime
        Time ran out before any choice was found.

    References
    ----------
    Church and ReVelle (1974), Papers of the Regional Science Association 32; Current and Storbeck
    (1988), Environment and Planning B 15, for capacities.

    Examples
    --------
    >>> found = maximal_covering([[1.0, 5.0], [5.0, 1.0], [5.0, 2.0]], [4.0, 3.0, 2.0], 2.0, p=1)
    >>> found.sites.tolist(), found.objective, found.allocation.tolist(), found.optimal
    ([1], 5.0, [-1, 1, 1], True)
    """
    given = _given(cost, demand, radius, p, fixed, rules, keys, merges=capacity is None)
    if p is None and given.rules.budget is None:
        raise BadParameter("p", "None", "rules.budget")
    if capacity is not None:
        rooms = np.asarray(capacity, dtype=np.float64)
        given = replace(given, capacity=rooms)
    kind = COVERING if capacity is None else CAPACITATED
    return answer(kind, checked(given), *_limits(time_limit, gap), progress)


def p_median(
    cost: Costs | Reach,
    demand: Demand,
    p: int | None,
    fixed: Fixed = (),
    *,
    rules: Rules | None = None,
    time_limit: float = 60.0,
    gap: float = 0.0,
    progress: Progress = silent,
    keys: Sequence[object] = (),
) -> Location:
    """Choose the sites to which all demand goes at least total cost (demand times cost).

    Each demand goes to its cheapest site; all demand above 0 must reach one. Parameters and errors
    are those of :func:`maximal_covering`; ``rules.least_share`` has no meaning here.

    Raises
    ------
    DemandUnreached
        Demand that no allowed candidate reaches.

    References
    ----------
    Hakimi (1964), Operations Research 12; ReVelle and Swain (1970), Geographical Analysis 2.

    Examples
    --------
    >>> found = p_median([[0.0, 4.0], [4.0, 0.0], [9.0, 2.0]], [1.0, 1.0, 2.0], p=1)
    >>> found.sites.tolist(), found.objective
    ([1], 8.0)
    """
    given = _given(cost, demand, np.inf, p, fixed, rules, keys, merges=False)
    if p is None and given.rules.budget is None:
        raise BadParameter("p", "None", "rules.budget")
    if given.rules.least_shares():
        raise BadParameter("least_share", str(given.rules.least_share), "0")
    return answer(MEDIAN, checked(given), *_limits(time_limit, gap), progress)


def set_covering(
    cost: Costs | Reach,
    demand: Demand,
    radius: float,
    fixed: Fixed = (),
    *,
    rules: Rules | None = None,
    time_limit: float = 60.0,
    gap: float = 0.0,
    progress: Progress = silent,
    keys: Sequence[object] = (),
) -> Location:
    """Choose the fewest sites that serve all demand above 0 within ``radius``.

    The objective is the number of sites, ``fixed`` and standing ones included. Parameters and
    errors are those of :func:`maximal_covering`.

    Raises
    ------
    DemandUnreached
        Demand that no allowed candidate reaches within the radius.

    References
    ----------
    Toregas, Swain, ReVelle and Bergman (1971), Operations Research 19.

    Examples
    --------
    >>> set_covering([[1.0, 5.0, 2.0], [5.0, 1.0, 2.0]], [4.0, 3.0], 2.0).sites.tolist()
    [2]
    """
    given = _given(cost, demand, radius, None, fixed, rules, keys, merges=True)
    return answer(SETS, checked(given), *_limits(time_limit, gap), progress)


def _given(
    cost: Costs | Reach,
    demand: Demand,
    radius: float,
    p: int | None,
    fixed: Fixed,
    rules: Rules | None,
    keys: Sequence[object],
    *,
    merges: bool,
) -> Given:
    if not radius >= 0:
        raise BadParameter("radius", f"{radius:g}", ">= 0")
    return Given(
        reach=reach_of(cost, radius),
        demand=np.asarray(demand, dtype=np.float64),
        count=p,
        fixed=np.unique(np.asarray(fixed, dtype=np.int64)),
        capacity=None,
        rules=rules or Rules(),
        keys=keys,
        merges=merges,
    )


def _limits(time_limit: float, gap: float) -> tuple[float, float]:
    for name, value in (("time_limit", time_limit), ("gap", gap)):
        if not value >= 0:
            raise BadParameter(name, f"{value:g}", ">= 0")
    return time_limit, gap
