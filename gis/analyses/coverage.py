"""Coverage: who can be served by machines, in which season, by whom, and what a change would do.

Travel time over a surface of friction from the bases of machines; demand gathered into places;
working days shared out by an exact allocation. Every headline is worked out again at low speed
and capacity together, and at high ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Role, silent
from gis.coverage.area_tables import area_totals, commune_table, district_table
from gis.coverage.bases import Base, changed_bases, present_bases
from gis.coverage.calendar import periods
from gis.coverage.changes import changes_table
from gis.coverage.maps import base_points, isochrones, rasters_of
from gis.coverage.needs import need_table
from gis.coverage.notes import notes_of
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import Places, places_of
from gis.coverage.quantities import Quantities, quantities
from gis.coverage.requested import requested_table
from gis.coverage.service import CASES, Case, Service, Wanted, factors, service_of
from gis.coverage.summary import summary_of
from gis.coverage.supply_tables import curve_table, provider_table, rain_of
from gis.coverage.ways import friction_of, moved_notes, ways_of
from gis.friction import Friction
from gis.grid import padded
from gis.zonal import NO_ZONE, SQUARE_METRES, zone_of_cells


def roles(parameters: CoverageParameters) -> tuple[Role, ...]:
    """Roads, land and water for ways; records for supply and requests; figures for crop areas.

    Raises
    ------
    BadParameter, UnknownParameter
        As ``parameters.chosen``.
    """
    margin = parameters.margin_m
    _ = parameters.chosen
    return (
        Role("roads", "features", "", margin),
        Role("slope", "quantity", "degree", margin),
        Role("land_cover", "class", "", margin, accompanies=True),
        Role("water", "features", "", margin),
        Role("providers", "features", "", margin),
        Role("machines", "features", "", margin),
        Role("requests", "features"),
        Role("figures", "figures"),
    )


@dataclass(frozen=True)
class _Ground:
    """What both states share."""

    wide: GeoBox
    places: Places
    amounts: Quantities
    wanted: Wanted


def compute(inputs: Inputs, parameters: CoverageParameters, progress: Progress = silent) -> Outcome:
    """Reach, serve and count what is left, in the present and after a change.

    Returns
    -------
    Outcome
        Rasters ``travel_time``, ``nearest_base`` (number of a row of ``providers``),
        ``off_road_share`` and, with a change, ``travel_time_change`` (below 0 is nearer) and
        ``reach_change`` (1 a way to any base is new, -1 no longer there, 0 as before). Tables
        ``communes``, ``districts``, ``providers``, ``curve``, ``need``, ``requested`` and, with a
        change, ``changes`` and ``changes_districts``. Features ``bases``, ``isochrones`` and,
        with a change, ``new_bases``. With a change all but the last three show the changed state.

    Raises
    ------
    BadParameter, UnknownParameter
        When a track, machine, provider or row of a table is unknown.
    OutsideArea
        When a base is put beyond the area and its margin.
    AllocationFailed
        When the solver ends without an optimum.
    """
    change = not parameters.what_if.nothing
    steps = 4 if change else 3
    progress("steps.ways", 1, steps)
    wide = padded(inputs.grid, parameters.margin_m)
    communes = inputs.communes.sort_index()
    amounts = quantities(inputs, parameters, communes)
    bases, later = present_bases(inputs, parameters, amounts.year)
    now = friction_of(inputs, parameters, wide, now=True)
    ground = _ground(communes, now, amounts, wide, parameters)
    after, idle = bases, tuple[Note, ...]()
    if change:
        after, idle = changed_bases(bases, inputs, parameters, wide, ground.wanted.periods)
    progress("steps.serving", 2, steps)
    present = _state(bases, now, ground, parameters)
    shown = present
    if change:
        progress("steps.changing", 3, steps)
        then = friction_of(inputs, parameters, wide, now=False) if _faster(parameters) else now
        shown = _state(after, then, ground, parameters)
    progress("steps.summing", steps, steps)
    tables, summary = _tables(inputs, parameters, ground, present, shown)
    requested, withheld = requested_table(inputs)
    inside = zone_of_cells(communes, inputs.grid) != NO_ZONE
    rasters = rasters_of(shown.ways, present.ways if change else None, inside, wide, inputs.grid)
    return Outcome(
        rasters=rasters,
        tables={**tables, "requested": requested},
        features=_features(present, shown, ground, rasters),
        summary=summary,
        warnings=(
            *now.notes,
            *amounts.notes,
            *later,
            *idle,
            *moved_notes(shown.bases, shown.ways),
            *notes_of(inputs, parameters, amounts, ground.wanted, shown),
            *withheld,
        ),
    )


def _ground(
    communes: gpd.GeoDataFrame,
    now: Friction,
    amounts: Quantities,
    wide: GeoBox,
    parameters: CoverageParameters,
) -> _Ground:
    places = places_of(communes, wide, now.barrier, parameters.place_m)
    hectares = amounts.by_kind[parameters.demand].to_numpy(dtype=np.float64)
    crops = amounts.crops
    wanted = Wanted(
        places=places,
        crops=crops,
        own=np.array([crop in amounts.own for crop in crops]),
        demand=places.share[:, None] * hectares[places.unit],
        periods=periods(
            parameters.machinery, crops, parameters.season, amounts.year, rain_of(parameters)
        ),
        cell_ha=abs(float(wide.resolution.x * wide.resolution.y)) / SQUARE_METRES,
    )
    return _Ground(wide, places, amounts, wanted)


def _faster(parameters: CoverageParameters) -> bool:
    """Whether a change is one of speeds too."""
    return bool(parameters.what_if.speeds) or parameters.what_if.speed_factor != 1


def _state(
    bases: tuple[Base, ...], land: Friction, ground: _Ground, parameters: CoverageParameters
) -> Service:
    counting: NDArray[np.bool_] = np.array(
        [base.machines(ground.wanted.own_crops) > 0 for base in bases], dtype=np.bool_
    )
    serving = np.array([bool(base.machines(ground.wanted.crops)) for base in bases], dtype=np.bool_)
    ways = ways_of(bases, counting, serving, land, ground.places, ground.wide, parameters)
    return service_of(bases, ways, ground.wanted, parameters)


def _tables(
    inputs: Inputs,
    parameters: CoverageParameters,
    ground: _Ground,
    present: Service,
    shown: Service,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Tables of the state that is shown, against the present where that is another one."""
    amounts, wanted = ground.amounts, ground.wanted
    communes = commune_table(inputs, parameters, amounts, wanted, shown)
    districts = district_table(inputs, parameters, communes, wanted, shown)
    changed = parameters.what_if.capacity_factor
    needs = _needs(inputs, parameters, ground, shown, 1.0 if shown is present else changed)
    tables = {
        "communes": communes,
        "districts": districts,
        "providers": provider_table(inputs, wanted, shown),
        "curve": curve_table(inputs, parameters, wanted, shown),
        "need": needs["middle"],
    }
    totals = area_totals(communes, parameters, wanted, shown)
    summary = summary_of(parameters, amounts, wanted, shown, communes, needs, totals)
    if shown is present:
        return tables, summary
    before = commune_table(inputs, parameters, amounts, wanted, present)
    tables["changes"] = changes_table(before, communes)
    tables["changes_districts"] = changes_table(
        district_table(inputs, parameters, before, wanted, present), districts
    )
    was = area_totals(before, parameters, wanted, present)
    needed = _needs(inputs, parameters, ground, present, 1.0)
    now = summary_of(parameters, amounts, wanted, present, before, needed, was)
    return tables, summary | {"now": now}


def _needs(
    inputs: Inputs,
    parameters: CoverageParameters,
    ground: _Ground,
    service: Service,
    capacity: float,
) -> dict[Case, pd.DataFrame]:
    """What the season needs in every case, with the field capacities of the state."""
    stated = (inputs, parameters, ground.amounts, ground.wanted, service)
    return {case: need_table(*stated, capacity * factors(parameters, case)[1]) for case in CASES}


def _features(
    present: Service, shown: Service, ground: _Ground, rasters: Mapping[str, xr.DataArray]
) -> dict[str, gpd.GeoDataFrame]:
    bases = base_points(shown, ground.wanted, ground.wide)
    land = {"isochrones": isochrones(rasters["travel_time"])}
    if shown is present:
        return {"bases": bases} | land
    before = base_points(present, ground.wanted, ground.wide)
    closed = before[~before.index.isin([str(base.number) for base in shown.bases])]
    both = pd.concat([bases, closed.assign(state="closed")])
    return {"bases": both, "new_bases": bases[bases["state"] == "new"]} | land


ANALYSIS = Analysis(
    "coverage",
    CoverageParameters,
    roles,
    compute,
    uses_records=("providers", "machines", "requests"),
)
