"""Rules of a choice of sites by number, as rows and kernels read them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.location_allocation.reach import Amounts, Positions
from gis.location_allocation.rules import Rules

Flags = NDArray[np.bool_]
NONE = -1


@dataclass(frozen=True, eq=False)
class Terms:
    """Rules by number, one value a candidate.

    Attributes
    ----------
    count
        Most sites.
    fixed, standing
        Sites in any case; those that cost nothing and break no rule.
    closed
        Forbidden, and yet here because they are fixed.
    cost, unit_cost, budget
        Of a new site, of each unit, and what all may cost (infinite without a rule).
    unit, most
        Number of the unit, -1 none; most new sites in one.
    group, least
        Number of the group, -1 none; least sites in each group.
    pairs
        (pairs, 2) candidates that exclude each other.
    """

    count: int
    fixed: Flags
    standing: Flags
    closed: Flags
    cost: Amounts
    unit: Positions
    most: int
    unit_cost: Amounts
    budget: float
    group: Positions
    least: Positions
    pairs: Positions

    @property
    def free(self) -> bool:
        """Whether nothing but the count and the fixed sites limits a choice."""
        return not (
            np.isfinite(self.budget) or (self.unit >= 0).any() or self.least.size or self.pairs.size
        )


def numbers_of(
    labels: object, size: int, wanted: dict[int, float] | dict[int, int]
) -> tuple[Positions, dict[int, float]]:
    """Labels as 0, 1, ... in the order of ``wanted``, -1 for the others."""
    found = np.full(size, NONE, dtype=np.int64)
    for number, label in enumerate(wanted):
        if labels is not None:
            found[np.asarray(labels) == label] = number
    return found, {label: float(least) for label, least in wanted.items()}


def terms_of(
    rules: Rules, count: int | None, required: Positions, order: Positions, size: int
) -> Terms:
    """Rules by number, for the candidates of ``order`` out of ``size``."""
    standing = np.zeros(size, dtype=np.bool_)
    standing[np.asarray(rules.standing, dtype=np.int64)] = True
    fixed = standing.copy()
    fixed[required] = True
    closed = np.zeros(size, dtype=np.bool_)
    closed[np.asarray(rules.forbidden, dtype=np.int64)] = True
    closed &= ~standing
    least = rules.least_sites()
    group, _ = numbers_of(None if not least else rules.group, size, least)
    unit = np.full(size, NONE, dtype=np.int64)
    paid = np.empty(0)
    if rules.unit is not None:
        names, numbers = np.unique(np.asarray(rules.unit, dtype=np.int64), return_inverse=True)
        shift = int((names < 0).sum())
        unit = np.maximum(numbers.astype(np.int64) - shift, NONE)
        paid = np.full(len(names) - shift, float(rules.unit_cost))
        paid[unit[standing & (unit >= 0)]] = 0.0
    cost = np.where(standing, 0.0, np.broadcast_to(rules.site_cost, size))
    return Terms(
        count=size if count is None else count,
        fixed=fixed[order],
        standing=standing[order],
        closed=closed[order],
        cost=cost[order],
        unit=unit[order],
        most=size if rules.most_per_unit is None else rules.most_per_unit,
        unit_cost=paid,
        budget=np.inf if rules.budget is None else float(rules.budget),
        group=group[order],
        least=np.array(list(least.values()), dtype=np.int64),
        pairs=_pairs(rules, standing, order),
    )


def _pairs(rules: Rules, standing: Flags, order: Positions) -> Positions:
    """Pairs of candidates that exclude each other, by number, each once."""
    pairs = np.asarray(() if rules.conflicts is None else rules.conflicts, dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    if rules.spacing > 0 and len(standing):
        places = np.column_stack([rules.x, rules.y]).astype(np.float64)  # type: ignore[list-item]
        near = cKDTree(places).query_pairs(rules.spacing * (1 + 1e-9), output_type="ndarray")
        apart = np.hypot(*(places[near[:, 0]] - places[near[:, 1]]).T)
        pairs = np.vstack([pairs, near[apart < rules.spacing]])
    number = np.full(len(standing), NONE, dtype=np.int64)
    number[order] = np.arange(len(order))
    here = ~standing[pairs].all(axis=1) & (pairs[:, 0] != pairs[:, 1])
    pairs = np.sort(number[pairs[here]], axis=1)
    return np.unique(pairs[pairs[:, 0] >= 0], axis=0)
