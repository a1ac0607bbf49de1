"""What a choice of sites must keep to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import BadParameter

Amounts = NDArray[np.float64]
Labels = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Rules:
    """Rules of a choice of sites. Arrays have one value a candidate unless said otherwise.

    Attributes
    ----------
    forbidden
        Positions of candidates that may not be chosen.
    standing
        Positions of candidates that are sites already. They belong to every answer and count in
        ``p``; neither they nor their unit costs anything more, and no rule is broken by what
        stands: it only limits what comes beside it.
    unit
        Communes, as numbers: of each unit at most ``most_per_unit`` sites are new (not standing;
        None: any number). -1: in no unit.
    site_cost, unit_cost, budget
        A new site costs ``site_cost``; ``unit_cost`` is paid once for each unit that gets a new
        site and has no standing one. All together at most ``budget``.
    group, least_per_group
        Districts, as numbers: each gets at least so many sites, standing ones included; one
        number for all groups that a candidate has, or a number by group. -1: in no group.
    demand_group, least_share
        One value a demand point: of the demand of each group at least this share (0 to 1) is
        served; one share for all, or by group. -1: in no group. For covering models.
    x, y, spacing
        Coordinates in metres: a new site stands no nearer than ``spacing`` to any other site.
    conflicts
        (pairs, 2): positions of candidates that cannot both be sites unless both stand already.
    """

    forbidden: Sequence[int] | Labels = ()
    standing: Sequence[int] | Labels = ()
    unit: Labels | Sequence[int] | None = None
    most_per_unit: int | None = 1
    unit_cost: float = 0.0
    site_cost: float | Amounts | Sequence[float] = 0.0
    budget: float | None = None
    group: Labels | Sequence[int] | None = None
    least_per_group: int | Mapping[int, int] = 0
    demand_group: Labels | Sequence[int] | None = None
    least_share: float | Mapping[int, float] = 0.0
    x: Amounts | Sequence[float] | None = None
    y: Amounts | Sequence[float] | None = None
    spacing: float = 0.0
    conflicts: Labels | Sequence[tuple[int, int]] | None = None

    def least_sites(self) -> dict[int, int]:
        """Group -> least number of sites, where any is asked."""
        least = _least(self.group, self.least_per_group)
        return {label: int(wanted) for label, wanted in least.items()}

    def least_shares(self) -> dict[int, float]:
        """Group of demand -> least share served, where any is asked."""
        return _least(self.demand_group, self.least_share)

    def checked(self, demand: int, candidates: int) -> Rules:
        """Itself.

        Raises
        ------
        BadParameter
            A length, a position or an amount that cannot be.
        """
        for name in ("unit", "group", "x", "y"):
            _expect_length(name, getattr(self, name), candidates)
        _expect_length("demand_group", self.demand_group, demand)
        if np.ndim(self.site_cost):
            _expect_length("site_cost", self.site_cost, candidates)
        for name in ("forbidden", "standing", "conflicts"):
            expect_positions(name, getattr(self, name), candidates)
        for name in ("unit_cost", "site_cost", "budget", "spacing", "most_per_unit"):
            _expect_amounts(name, getattr(self, name))
        for name, least in (
            ("least_per_group", self.least_per_group),
            ("least_share", self.least_share),
        ):
            _expect_amounts(name, list(least.values()) if isinstance(least, Mapping) else least)
        if max(self.least_shares().values(), default=0) > 1:
            raise BadParameter("least_share", str(self.least_share), "0..1")
        if self.spacing > 0 and (self.x is None or self.y is None):
            raise BadParameter("spacing", f"{self.spacing:g}", "x, y")
        return self


def _least(
    labels: Labels | Sequence[int] | None, least: float | Mapping[int, float]
) -> dict[int, float]:
    if isinstance(least, Mapping):
        wanted: dict[int, float] = dict(least)
    else:
        known = [] if labels is None else np.unique(np.asarray(labels)).tolist()
        wanted = {int(label): least for label in known if label >= 0}
    return {int(label): wanted[label] for label in sorted(wanted) if wanted[label] > 0}


def expect_positions(name: str, positions: object, candidates: int) -> None:
    """Refuse what is no position of a candidate."""
    given = np.asarray(() if positions is None else positions)
    if given.size and not (
        np.issubdtype(given.dtype, np.integer) and 0 <= given.min() <= given.max() < candidates
    ):
        raise BadParameter(name, f"{given.min()}..{given.max()}", f"0..{candidates - 1}")


def _expect_length(name: str, values: ArrayLike | None, length: int) -> None:
    if values is not None and np.shape(values) != (length,):
        raise BadParameter(name, str(np.shape(values)), str((length,)))


def _expect_amounts(name: str, values: object) -> None:
    given = np.asarray(0.0 if values is None else values, dtype=np.float64)
    if given.size and not given.min() >= 0:
        raise BadParameter(name, f"{given.min():g}", ">= 0")
