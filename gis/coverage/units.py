"""Sums and means of places under the units that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Amounts: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """Places under the units that hold them: number of the unit of each place, and how many."""

    of_place: NDArray[np.intp]
    count: int

    def sums(self, amounts: Amounts) -> Amounts:
        """Sum of what is known in each unit; unknown where nothing is."""
        known = ~np.isnan(amounts)
        total = np.bincount(self.of_place, np.where(known, amounts, 0.0), self.count)
        some = np.bincount(self.of_place, known, self.count)
        return np.where(some > 0, total, np.nan)


def weighted_mean(units: Units, values: Amounts, weight: Amounts) -> Amounts:
    """Weighted mean of what is known; unknown where nothing is."""
    known = ~np.isnan(values) & (weight > 0)
    of_place = units.of_place[known]
    total = np.bincount(of_place, weight[known], units.count)
    amount = np.bincount(of_place, (values * weight)[known], units.count)
    nothing = np.full(units.count, np.nan)
    found: Amounts = np.divide(amount, total, out=nothing, where=total > 0)
    return found
