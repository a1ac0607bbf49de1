"""What a base can serve in a season: its machines, and the tractors that draw them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.coverage.calendar import Period
from gis.errors import BadParameter

TRACTOR = "tractor"


@dataclass(frozen=True)
class Machine:
    """Machines of one kind: how many, how much each does in a day, for which crops."""

    kind: str
    count: int
    hectares_a_day: float
    crops: frozenset[str]


@dataclass(frozen=True)
class Fleet:
    """What stands at one base: the machines asked for, and the tractors of the base.

    Attributes
    ----------
    machines
        Machines that serve; a day's work of any of them takes a tractor for that day. A tractor
        that serves by itself is one of them and takes its own day.
    tractors
        Tractors of the base: one pool of days for all machines, crops and tracks.
    tractor_assumed
        True when no tractor is recorded, and each machine is taken to come with one.
    """

    machines: tuple[Machine, ...] = ()
    tractors: int = 0
    tractor_assumed: bool = False

    def scaled(self, factor: float) -> Fleet:
        """The fleet with field capacities times ``factor``."""
        machines = (
            replace(machine, hectares_a_day=factor * machine.hectares_a_day)
            for machine in self.machines
        )
        return replace(self, machines=tuple(machines))

    def joined(self, machine: Machine) -> Fleet:
        """The fleet with more machines, each with a tractor of its own."""
        machines, tractors = (*self.machines, machine), self.tractors + machine.count
        return replace(self, machines=machines, tractors=tractors)


def works(machine: Machine, periods: Sequence[Period]) -> bool:
    """Whether a machine adds to what its base can do: it serves some crop, or draws others."""
    days = any(period.days > 0 and period.crops & machine.crops for period in periods)
    return machine.kind == TRACTOR or (days and machine.hectares_a_day > 0)


def fleet_of(
    machines: pd.DataFrame,
    serves: Mapping[str, Collection[str]],
    hectares_a_day: Mapping[str, float],
) -> Fleet:
    """Fleet of one base from the records of its machines.

    Parameters
    ----------
    machines
        One row a record: ``machine`` (kind), ``count``, ``crops`` (tuple; empty: any crop) and
        ``field_capacity_ha_day`` (hectares per day of one machine, NaN where not stated).
    serves
        Crop -> kinds of machine that may serve it. A machine serves the crops that it states and
        that its kind may serve; one without any takes no part.
    hectares_a_day
        Kind -> hectares per day where a record states none.

    Raises
    ------
    BadParameter
        When neither a record nor ``hectares_a_day`` states a capacity.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "machine": ["no-till-planter", "tractor"],
    ...     "count": [2, 1],
    ...     "crops": [("maize", "rice"), ("maize",)],
    ...     "field_capacity_ha_day": [np.nan, 5.0],
    ... })
    >>> fleet = fleet_of(rows, {"maize": ["no-till-planter"]}, {"no-till-planter": 4.0})
    >>> fleet.tractors, fleet.machines[0].hectares_a_day, sorted(fleet.machines[0].crops)
    (1, 4.0, ['maize'])
    """
    kinds = machines["machine"].astype(str)
    found = []
    for kind, count, crops, stated in zip(
        kinds, machines["count"], machines["crops"], machines["field_capacity_ha_day"], strict=True
    ):
        served = frozenset(crop for crop in (crops or serves) if kind in serves.get(crop, ()))
        if served:
            capacity = _capacity(kind, stated, hectares_a_day)
            found.append(Machine(kind, int(count), capacity, served))
    tractors = int(machines.loc[kinds == TRACTOR, "count"].sum())
    if tractors or not found:
        return Fleet(tuple(found), tractors)
    return Fleet(tuple(found), sum(machine.count for machine in found), tractor_assumed=True)


def supply(fleet: Fleet, periods: Sequence[Period], crops: Collection[str]) -> float:
    """Hectares of these crops that a fleet can serve at most, if it serves nothing else.

    In each period tractors go to the machines that do most in a day.

    Examples
    --------
    >>> planter = Machine("no-till-planter", 2, 4.0, frozenset({"maize"}))
    >>> supply(Fleet((planter,), tractors=1), [Period(10.0, frozenset({"maize"}), 5)], ["maize"])
    40.0
    """
    total = 0.0
    for period in periods:
        tractors = fleet.tractors
        useful = [
            machine for machine in fleet.machines if machine.crops & period.crops & set(crops)
        ]
        for machine in sorted(useful, key=lambda one: one.hectares_a_day, reverse=True):
            working = min(machine.count, tractors)
            total += working * machine.hectares_a_day * period.days
            tractors -= working
    return total


def able(
    fleets: Sequence[Fleet], periods: Sequence[Period], crops: Sequence[str]
) -> NDArray[np.bool_]:
    """Which base can serve any hectare of which crop: bool (bases, crops)."""
    found = [[supply(fleet, periods, (crop,)) > 0 for crop in crops] for fleet in fleets]
    return np.array(found, dtype=np.bool_).reshape(len(fleets), len(crops))


def _capacity(kind: str, stated: float, hectares_a_day: Mapping[str, float]) -> float:
    if not np.isnan(stated):
        return float(stated)
    if kind not in hectares_a_day:
        raise BadParameter("hectares_a_day", kind, ", ".join(hectares_a_day))
    return float(hectares_a_day[kind])
