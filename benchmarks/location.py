"""Choices of sites for 1,633 places with demand: ``python benchmarks/location.py``.

Twenty sites in a square of 200 km, as many places as Cambodia has communes, demand from a gamma
distribution. Prints seconds, objective, bound and gap of each model and, in the same run, of the
same choice by spopt (PySAL) on HiGHS and by HiGHS on our sparse rows with no search and no bound
of ours before it. ``--reach`` sets how far a site reaches: at 15 km twenty sites serve half of all
demand; at 25 km nearly all of it, which is the hardest to prove.

Bars: maximal covering with 1,000 candidates proven in 5 s; with 5,000 a solution in 10 s and a
bound in 60 s, gap at most 1.5 %; capacitated with 1,000 in 20 s.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.location import Location, Rules, maximal_covering, p_median, set_covering
from gis.location_allocation.models import capacitated, covering
from gis.location_allocation.problem import Given, checked, numbered
from gis.location_allocation.reach import reach_of

PLACES, COUNT, SIDE = 1633, 20, 200.0
Table = NDArray[np.float64]


def world(candidates: int) -> tuple[Table, Table, Table]:
    """Distances in km, demand, and coordinates of candidates in metres."""
    random = np.random.default_rng(1)
    places = random.uniform(0, SIDE, (PLACES, 2))
    spots = random.uniform(0, SIDE, (candidates, 2))
    apart = places[:, None] - spots[None]
    return np.hypot(apart[..., 0], apart[..., 1]), random.gamma(1.0, 500, PLACES), spots * 1000


def timed(job: Callable[[], Any]) -> tuple[Any, float]:
    started = perf_counter()
    found = job()
    return found, perf_counter() - started


def line(name: str, objective: float, bound: float, seconds: float, note: str) -> None:
    gap = abs(bound - objective) / abs(bound) if np.isfinite(bound) and bound else np.nan
    print(f"  {name:34s}{seconds:8.2f} s  {objective:14.1f}  gap {gap:8.3%}  {note}", flush=True)


def ours(name: str, job: Callable[[], Location]) -> float:
    found, seconds = timed(job)
    line(name, found.objective, found.bound, seconds, found.bound_by)
    return seconds


def plain(cost: Table, demand: Table, reach: float, capacity: Table | None, limit: float) -> float:
    """HiGHS alone on our rows."""
    none = np.empty(0, dtype=np.int64)
    given = Given(reach_of(cost, reach), demand, COUNT, none, capacity, Rules())
    build = covering if capacity is None else capacitated

    def job() -> tuple[float, float, bool]:
        model = build(numbered(checked(given)))
        found = model.program.solved(limit)
        return found.value * model.scale, found.bound * model.scale, found.ended

    (objective, bound, ended), seconds = timed(job)
    line("HiGHS alone, sparse rows", objective, bound, seconds, "proof" if ended else "time")
    return seconds


def spopt(cost: Table, demand: Table, reach: float, limit: float) -> float:
    """The same by spopt, its time for building the program stated."""
    try:
        import pulp
        from spopt.locate import MCLP
    except ImportError:
        print("  spopt is not installed")
        return float("nan")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    started = perf_counter()
    model = MCLP.from_cost_matrix(cost, demand, reach, COUNT)
    built = perf_counter() - started
    model.problem.solve(pulp.HiGHS(msg=False, timeLimit=limit))
    seconds = perf_counter() - started
    value = float(pulp.value(model.problem.objective))
    note = f"says {pulp.LpStatus[model.problem.status]}; {built:.1f} s building"
    line("spopt and HiGHS", value, np.nan, seconds, note)
    return seconds


def cover(candidates: int, reach: float, limit: float, *, beside: bool) -> None:
    """Maximal covering, with what else solves it."""
    cost, demand, spots = world(candidates)
    print(f"maximal covering, {candidates:,} candidates, reach {reach:g} km")
    mine = ours("ours", lambda: maximal_covering(cost, demand, reach, COUNT, time_limit=limit))
    if beside:
        print(f"  HiGHS alone: {plain(cost, demand, reach, None, limit) / mine:.1f} x our seconds")
        print(f"  spopt: {spopt(cost, demand, reach, limit) / mine:.1f} x our seconds")
        return
    ours(
        "ours, the search alone",
        lambda: maximal_covering(cost, demand, reach, COUNT, time_limit=0, gap=1),
    )
    rules = Rules(
        x=spots[:, 0],
        y=spots[:, 1],
        spacing=reach * 1000,
        unit=np.arange(candidates) // 8,
        group=(spots[:, 0] // 50_000).astype(np.int64),
        least_per_group=3,
    )
    ours(
        "ours, spacing, communes, districts",
        lambda: maximal_covering(cost, demand, reach, COUNT, rules=rules, time_limit=limit),
    )


def others(candidates: int, reach: float, limit: float) -> None:
    """The other models, HiGHS alone beside the capacitated."""
    cost, demand, _ = world(candidates)
    random = np.random.default_rng(2)
    capacity = random.uniform(0.3, 1.0, candidates) * demand.sum() / COUNT
    print(f"capacitated, {candidates:,} candidates, reach {reach:g} km")

    def limited() -> Location:
        return maximal_covering(cost, demand, reach, COUNT, (), capacity, time_limit=limit)

    mine = ours("ours", limited)
    ratio = plain(cost, demand, reach, capacity, limit) / mine
    print(f"  HiGHS alone: {ratio:.1f} x our seconds")
    print(f"p-median and set covering, {candidates:,} candidates")
    ours("p-median", lambda: p_median(cost, demand, COUNT, time_limit=limit))
    ours("set covering, 25 km", lambda: set_covering(cost, demand, 25.0, time_limit=limit))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reach", type=float, default=15.0)
    arguments.add_argument("--limit", type=float, default=60.0)
    given = arguments.parse_args()
    small, demand, _ = world(60)
    for capacity in (None, np.full(60, 1e5)):  # compiling is no part of the figures
        maximal_covering(small, demand, 15.0, 3, capacity=capacity)
    p_median(small, demand, 3, time_limit=5)
    print(f"{PLACES:,} places, {COUNT} sites, cores {os.cpu_count()}")
    cover(1000, given.reach, given.limit, beside=True)
    cover(5000, given.reach, given.limit, beside=False)
    others(1000, given.reach, given.limit)


if __name__ == "__main__":
    main()
