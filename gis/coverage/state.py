"""States of supply over an area: the ground that all share, and what the bases of one do."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note, Progress, silent
from gis.coverage.bases import Base, present_bases
from gis.coverage.calendar import periods
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import Places, places_of
from gis.coverage.quantities import Quantities, quantities
from gis.coverage.service import Service, Wanted, service_of
from gis.coverage.supply_tables import rain_of
from gis.coverage.ways import friction_of, ways_of
from gis.friction import Friction
from gis.grid import padded
from gis.zonal import SQUARE_METRES


@dataclass(frozen=True)
class Ground:
    """What all states share: the wide grid, places on it, demand by commune and by place."""

    wide: GeoBox
    places: Places
    amounts: Quantities
    wanted: Wanted


@dataclass(frozen=True)
class Present:
    """The state that is there: its ground, land and service, and what must be said of it."""

    ground: Ground
    land: Friction
    service: Service
    notes: tuple[Note, ...]

    @property
    def bases(self) -> tuple[Base, ...]:
        return self.service.bases


def present_state(
    inputs: Inputs, parameters: CoverageParameters, progress: Progress = silent
) -> Present:
    """What the providers on record serve, whatever ``what_if`` says.

    Raises
    ------
    BadParameter, UnknownParameter, AllocationFailed
        As :func:`gis.analyses.coverage.compute`.
    """
    progress("steps.ways", 1, steps_of(parameters))
    wide = padded(inputs.grid, parameters.margin_m)
    communes = inputs.communes.sort_index()
    amounts = quantities(inputs, parameters, communes)
    bases, later = present_bases(inputs, parameters, amounts.year)
    land = friction_of(inputs, parameters, wide, now=True)
    ground = _ground(communes, land, amounts, wide, parameters)
    progress("steps.serving", 2, steps_of(parameters))
    service = service_in(bases, land, ground, parameters)
    return Present(ground, land, service, (*land.notes, *amounts.notes, *later))


def steps_of(parameters: CoverageParameters) -> int:
    """Steps of a run of coverage, for its progress."""
    return 3 if parameters.what_if.nothing else 4


def service_in(
    bases: tuple[Base, ...], land: Friction, ground: Ground, parameters: CoverageParameters
) -> Service:
    """What these bases do over this land."""
    counting: NDArray[np.bool_] = np.array(
        [base.machines(ground.wanted.own_crops) > 0 for base in bases], dtype=np.bool_
    )
    serving = np.array([bool(base.machines(ground.wanted.crops)) for base in bases], dtype=np.bool_)
    ways = ways_of(bases, counting, serving, land, ground.places, ground.wide, parameters)
    return service_of(bases, ways, ground.wanted, parameters)


def _ground(
    communes: gpd.GeoDataFrame,
    land: Friction,
    amounts: Quantities,
    wide: GeoBox,
    parameters: CoverageParameters,
) -> Ground:
    places = places_of(communes, wide, land.barrier, parameters.place_m)
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
    return Ground(wide, places, amounts, wanted)
