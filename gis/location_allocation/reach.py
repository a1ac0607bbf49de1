"""Which demand each candidate reaches, and at what cost: a sparse table of costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter

Amounts = NDArray[np.float64]
Positions = NDArray[np.int64]
Costs = Amounts | Sequence[Sequence[float]]
"""A table of costs as (demand, candidates), NaN where there is no way."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Ways from candidates to demand, candidate by candidate, demand ascending.

    Takes the place of a table of costs that is too large to hold.

    Attributes
    ----------
    demand
        Number of demand points.
    starts
        (candidates + 1,): the ways of candidate ``j`` are ``starts[j]:starts[j + 1]``.
    points
        Position of the demand that each way leads to.
    cost
        Of each way, 0 or more.

    Examples
    --------
    >>> Reach.of_lists([[0, 1], [], [1]], demand=2).points.tolist()
    [0, 1, 1]
    """

    demand: int
    starts: Positions
    points: Positions
    cost: Amounts

    @property
    def candidates(self) -> int:
        return len(self.starts) - 1

    @property
    def candidate(self) -> Positions:
        """The candidate of each way."""
        return np.repeat(np.arange(self.candidates), np.diff(self.starts))

    @classmethod
    def of_table(cls, cost: Costs, radius: float = np.inf) -> Reach:
        """From costs as (demand, candidates), NaN where there is no way; up to ``radius``."""
        table = np.asarray(cost, dtype=np.float64)
        if table.ndim != 2:
            raise BadParameter("cost", str(table.shape), "(demand, candidates)")
        if table.size and not np.nanmin(table, initial=0.0) >= 0:
            raise BadParameter("cost", f"{np.nanmin(table):g}", ">= 0")
        points, candidate = np.nonzero(table <= radius)
        return cls._made(len(table), table.shape[1], candidate, points, table[points, candidate])

    @classmethod
    def of_lists(
        cls,
        points: Sequence[Sequence[int] | NDArray[np.integer]],
        demand: int,
        cost: Sequence[Sequence[float] | Amounts] | None = None,
    ) -> Reach:
        """From the positions of the demand that each candidate reaches; cost 0 if none is given."""
        sizes = [len(one) for one in points]
        candidate = np.repeat(np.arange(len(sizes)), sizes)
        flat = np.concatenate([np.asarray(one, dtype=np.int64) for one in (*points, [])])
        paid = np.zeros(len(flat))
        if cost is not None:
            if [len(one) for one in cost] != sizes:
                raise BadParameter("cost", str(sum(map(len, cost))), str(len(flat)))
            paid = np.concatenate([np.asarray(one, dtype=np.float64) for one in (*cost, [])])
        if len(flat) and not 0 <= flat.min() <= flat.max() < demand:
            raise BadParameter("points", f"{flat.min()}..{flat.max()}", f"0..{demand - 1}")
        known = ~np.isnan(paid)
        return cls._made(demand, len(sizes), candidate[known], flat[known], paid[known])

    @classmethod
    def _made(
        cls, demand: int, candidates: int, candidate: Positions, points: Positions, cost: Amounts
    ) -> Reach:
        if cost.size and not (cost.min() >= 0 and np.isfinite(cost.max())):
            raise BadParameter("cost", f"{cost.min():g}..{cost.max():g}", ">= 0, < inf")
        order = np.lexsort((points, candidate))
        candidate, points = candidate[order], points[order]
        if ((np.diff(candidate) == 0) & (np.diff(points) == 0)).any():
            raise BadParameter("points", "x, x", "x")
        starts = np.concatenate([[0], np.cumsum(np.bincount(candidate, minlength=candidates))])
        return cls(demand, starts.astype(np.int64), points.astype(np.int64), cost[order])

    def keeping(self, ways: NDArray[np.bool_]) -> Reach:
        """Some of the ways only."""
        before = np.concatenate([[0], np.cumsum(ways)])
        return Reach(self.demand, before[self.starts], self.points[ways], self.cost[ways])

    def chosen(self, candidates: NDArray[np.integer]) -> Reach:
        """Some of the candidates only, in the order given."""
        sizes = np.diff(self.starts)[candidates]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        ways = np.arange(starts[-1]) + np.repeat(self.starts[candidates] - starts[:-1], sizes)
        return Reach(self.demand, starts, self.points[ways], self.cost[ways])

    def renamed(self, point: NDArray[np.integer], demand: int) -> Reach:
        """With demand points under new numbers, -1 for those that go."""
        kept = self.keeping(point[self.points] >= 0)
        candidate, points = kept.candidate, point[kept.points].astype(np.int64)
        order = np.lexsort((points, candidate))
        return Reach(demand, kept.starts, points[order], kept.cost[order])


def reach_of(cost: Costs | Reach, radius: float) -> Reach:
    """``cost`` as ways up to ``radius``, whichever way it was given."""
    if isinstance(cost, Reach):
        return cost.keeping(cost.cost <= radius)
    return Reach.of_table(cost, radius)
