"""Bases: where machines stand, in the present and after a change that a planner thinks of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.coverage.calendar import Period
from gis.coverage.capacity import TRACTOR, Fleet, Machine, fleet_of, works
from gis.coverage.parameters import CoverageParameters, MoreMachines, NewBase
from gis.coverage.quantities import kinds_wanted
from gis.errors import BadParameter, OutsideArea
from gis.grid import GEOGRAPHIC

State: TypeAlias = Literal["present", "moved", "new"]


@dataclass(frozen=True)
class Base:
    """A provider's base, or one that is only thought of.

    Attributes
    ----------
    number
        Its number in results, from 1: a reference of a provider stands in none.
    reference
        The provider; empty for a new base.
    commune
        Code of the commune, empty where the outlines at hand do not tell.
    fleet
        Machines that count in this run, and the tractors.
    example
        True for a made-up provider.
    """

    number: int
    reference: str
    commune: str
    organisation: str
    x: float
    y: float
    fleet: Fleet
    state: State = "present"
    example: bool = False

    def machines(self, crops: Collection[str]) -> int:
        """Machines that serve one of these crops."""
        return sum(row.count for row in self.fleet.machines if row.crops & set(crops))

    def kind(self, crops: Collection[str]) -> str:
        """Kind of most of these machines; ``tractor`` where only such stand here, else empty."""
        rows = [row for row in self.fleet.machines if row.crops & set(crops) and row.count]
        if rows:
            return max(rows, key=lambda row: row.count).kind
        return TRACTOR if self.fleet.tractors and not self.fleet.tractor_assumed else ""


def capacities(parameters: CoverageParameters) -> Mapping[str, float]:
    """Kind of machine -> hectares a day where no record states them."""
    table = {row.machine: row.hectares_a_day for row in parameters.machinery.capacities}
    return table | parameters.hectares_a_day


def present_bases(
    inputs: Inputs, parameters: CoverageParameters, year: int | None
) -> tuple[tuple[Base, ...], tuple[Note, ...]]:
    """Bases of the providers at work in the year of the season, in the order of their references.

    Numbers count all providers, so that one that starts later has its own already.

    Raises
    ------
    BadParameter
        When neither a record nor the table states what a machine does in a day.
    """
    providers = inputs.features["providers"].sort_values("reference")
    machines = inputs.features["machines"]
    serves, table = kinds_wanted(parameters), capacities(parameters)
    found = []
    later = 0
    for number, row in enumerate(providers.itertuples(index=False), 1):
        if year is not None and not pd.isna(row.since_year) and row.since_year > year:
            later += 1
            continue
        own = machines[machines["provider"] == row.reference]
        fleet = fleet_of(own, serves, table)
        place = (str(row.commune), str(row.organisation), float(row.geometry.x))
        found.append(
            Base(
                number,
                str(row.reference),
                *place,
                float(row.geometry.y),
                fleet,
                example=bool(row.example),
            )
        )
    values = (("count", later), ("year", str(year)))
    return tuple(found), (Note("coverage.providers_later", values),) if later else ()


def changed_bases(
    bases: tuple[Base, ...],
    inputs: Inputs,
    parameters: CoverageParameters,
    wide: GeoBox,
    periods: Sequence[Period],
) -> tuple[tuple[Base, ...], tuple[Note, ...]]:
    """The bases after ``what_if``: closed ones are gone, new ones have the next numbers.

    A machine that does nothing in ``periods`` is left out and named: with it would come a tractor
    that draws the others.

    Raises
    ------
    BadParameter
        When it names a provider that has no base here, or one that it closes.
    OutsideArea
        When a base is put beyond the area and its margin.
    """
    what_if = parameters.what_if
    known = {base.reference: base for base in bases}
    _require_known("what_if.closed", what_if.closed, known)
    for reference in what_if.closed:
        known.pop(reference, None)
    _require_known("what_if.moved", [item.provider for item in what_if.moved], known)
    _require_known(
        "what_if.more_machines", [item.provider for item in what_if.more_machines], known
    )
    for moved in what_if.moved:
        x, y = _at(moved.lon, moved.lat, "what_if.moved", wide, inputs)
        commune = _commune_at(x, y, inputs)
        known[moved.provider] = replace(
            known[moved.provider], x=x, y=y, commune=commune, state="moved"
        )
    idle: dict[str, int] = {}
    for more in what_if.more_machines:
        base = known[more.provider]
        machine = _machine(more, "what_if.more_machines", parameters)
        known[more.provider] = replace(base, fleet=_joined(base.fleet, machine, periods, idle))
    factor = what_if.capacity_factor
    last = len(inputs.features["providers"])
    added = []
    for number, new in enumerate(what_if.bases, last + 1):
        base = _new(number, new, inputs, parameters, wide)
        machine = _machine(new, "what_if.bases", parameters)
        added.append(replace(base, fleet=_joined(base.fleet, machine, periods, idle)))
    after = (replace(base, fleet=base.fleet.scaled(factor)) for base in (*known.values(), *added))
    return tuple(after), _idle_notes(idle)


def _joined(
    fleet: Fleet, machine: Machine, periods: Sequence[Period], idle: dict[str, int]
) -> Fleet:
    """The fleet with a machine that does something; another is counted in ``idle``."""
    if works(machine, periods):
        return fleet.joined(machine)
    idle[machine.kind] = idle.get(machine.kind, 0) + machine.count
    return fleet


def _idle_notes(idle: Mapping[str, int]) -> tuple[Note, ...]:
    rows = tuple(
        Note(
            "coverage.machine_count",
            (("machine", Note(f"map.machine_{kind}")), ("count", count)),
        )
        for kind, count in idle.items()
    )
    return (Note("coverage.machines_idle", (("machines", rows),)),) if rows else ()


def _require_known(name: str, references: Collection[str], known: Mapping[str, Base]) -> None:
    for reference in references:
        if reference not in known:
            raise BadParameter(name, reference, Note("coverage.provider_here"))
    twice = {one for one in references if list(references).count(one) > 1}
    if twice and name == "what_if.moved":
        raise BadParameter(name, min(twice), Note("coverage.provider_once"))


def _new(
    number: int, base: NewBase, inputs: Inputs, parameters: CoverageParameters, wide: GeoBox
) -> Base:
    x, y = _at(base.lon, base.lat, "what_if.bases", wide, inputs)
    return Base(number, "", _commune_at(x, y, inputs), "", x, y, Fleet(), "new")


def _machine(item: NewBase | MoreMachines, name: str, parameters: CoverageParameters) -> Machine:
    """A machine that is thought of; as a recorded one it serves what its kind serves in this run,
    crops of other tracks too."""
    table = capacities(parameters)
    if item.machine not in table:
        raise BadParameter(f"{name}.machine", item.machine, ", ".join(table))
    kinds = kinds_wanted(parameters)
    served = frozenset(
        crop for crop in (item.crops or kinds) if item.machine in kinds.get(crop, ())
    )
    capacity = table[item.machine] if item.hectares_a_day is None else item.hectares_a_day
    return Machine(item.machine, item.count, capacity, served)


def _at(lon: float, lat: float, name: str, wide: GeoBox, inputs: Inputs) -> tuple[float, float]:
    """Easting and northing of a base that is thought of."""
    point = gpd.GeoSeries.from_xy([lon], [lat], crs=GEOGRAPHIC).to_crs(str(wide.crs)).iloc[0]
    box = wide.boundingbox
    if not (box.left <= point.x < box.right and box.bottom < point.y <= box.top):
        raise OutsideArea(f"{name} ({lon:g}, {lat:g})", ",".join(inputs.areas))
    return float(point.x), float(point.y)


def _commune_at(x: float, y: float, inputs: Inputs) -> str:
    """Commune of the area that holds a place; empty beyond it."""
    held = inputs.communes.index[
        inputs.communes.geometry.contains(gpd.GeoSeries.from_xy([x], [y]).iloc[0])
    ]
    return str(min(held)) if len(held) else ""
