"""Coverage: who can be served by machines, in which season, by whom, and what a change would do.

Travel time over a surface of friction from the bases of machines; demand gathered into places;
working days shared out by an exact allocation. Every headline is worked out again at low speed
and capacity together, and at high ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Role, silent
from gis.coverage.area_tables import area_totals, commune_table, district_table
from gis.coverage.bases import changed_bases
from gis.coverage.changes import changes_table
from gis.coverage.maps import base_points, isochrones, rasters_of
from gis.coverage.needs import need_table
from gis.coverage.notes import notes_of
from gis.coverage.parameters import CoverageParameters
from gis.coverage.requested import requested_table
from gis.coverage.service import CASES, Case, Service, factors
from gis.coverage.state import Ground, Present, present_state, service_in, steps_of
from gis.coverage.summary import summary_of
from gis.coverage.supply_tables import curve_table, provider_table
from gis.coverage.ways import friction_of, moved_notes
from gis.zonal import NO_ZONE, zone_of_cells


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
    present = present_state(inputs, parameters, progress)
    return outcome_of(inputs, parameters, present, progress)


def outcome_of(
    inputs: Inputs, parameters: CoverageParameters, present: Present, progress: Progress = silent
) -> Outcome:
    """As :func:`compute`, from a present that is known already."""
    change, steps = not parameters.what_if.nothing, steps_of(parameters)
    ground = present.ground
    shown, idle = present.service, tuple[Note, ...]()
    if change:
        progress("steps.changing", 3, steps)
        wide, when = ground.wide, ground.wanted.periods
        after, idle = changed_bases(present.bases, inputs, parameters, wide, when)
        then = present.land
        if _faster(parameters):
            then = friction_of(inputs, parameters, wide, now=False)
        shown = service_in(after, then, ground, parameters)
    progress("steps.summing", steps, steps)
    tables, summary = _tables(inputs, parameters, ground, present.service, shown)
    requested, withheld = requested_table(inputs)
    inside = zone_of_cells(inputs.communes.sort_index(), inputs.grid) != NO_ZONE
    before = present.service.ways if change else None
    rasters = rasters_of(shown.ways, before, inside, ground.wide, inputs.grid)
    return Outcome(
        rasters=rasters,
        tables={**tables, "requested": requested},
        features=_features(present.service, shown, ground, rasters),
        summary=summary,
        warnings=(
            *present.notes,
            *idle,
            *moved_notes(shown.bases, shown.ways),
            *notes_of(inputs, parameters, ground.amounts, ground.wanted, shown),
            *withheld,
        ),
    )


def _faster(parameters: CoverageParameters) -> bool:
    """Whether a change is one of speeds too."""
    return bool(parameters.what_if.speeds) or parameters.what_if.speed_factor != 1


def _tables(
    inputs: Inputs,
    parameters: CoverageParameters,
    ground: Ground,
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
    ground: Ground,
    service: Service,
    capacity: float,
) -> dict[Case, pd.DataFrame]:
    """What the season needs in every case, with the field capacities of the state."""
    stated = (inputs, parameters, ground.amounts, ground.wanted, service)
    return {case: need_table(*stated, capacity * factors(parameters, case)[1]) for case in CASES}


def _features(
    present: Service, shown: Service, ground: Ground, rasters: Mapping[str, xr.DataArray]
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
