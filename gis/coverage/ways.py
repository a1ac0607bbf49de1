"""Ways: travel time from the bases over the land, to every cell and to every place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.coverage.bases import Base
from gis.coverage.parameters import CoverageParameters
from gis.coverage.places import NOWHERE, Places, stops
from gis.friction import Friction, friction
from gis.grid import NO_DATA
from gis.terrain import cells_at, in_units
from gis.travel_time import nearest_passable, off_road_share, travel_times_between

Minutes = NDArray[np.float32]


@dataclass(frozen=True)
class Ways:
    """Travel in one state of bases and speeds, over the wide grid.

    Attributes
    ----------
    cells
        Row and column at which each base stands, int (bases, 2); ``NOWHERE`` where no way begins.
    moved_m
        Metres from a base to that cell where its own cannot be passed, else 0; NaN without one.
    minutes, number, off_road
        To each cell from the nearest base that counts, at the speeds of the state: minutes,
        number of the base (int16, ``NO_DATA`` unreachable), share of the way off known roads.
    between
        Minutes (bases, places) as far as a base serves at the highest speed of the ranges; NaN
        beyond, and from bases without a machine that counts.
    nearest
        Minutes to each place from the nearest base that counts; NaN unreachable.
    on_road
        Cells of known roads that are open.
    moved_places
        Places of which no cell can be passed and whose times are read at the nearest one that can,
        at most ``place_m`` away.
    """

    cells: NDArray[np.intp]
    moved_m: NDArray[np.float64]
    minutes: Minutes
    number: NDArray[np.int16]
    off_road: NDArray[np.float32]
    between: Minutes
    nearest: Minutes
    on_road: NDArray[np.bool_]
    moved_places: int


def friction_of(
    inputs: Inputs, parameters: CoverageParameters, wide: GeoBox, now: bool
) -> Friction:
    """Friction of the season; ``now`` leaves out the speeds of ``what_if``."""
    slope, cover = inputs.rasters.get("slope"), inputs.rasters.get("land_cover")
    what_if = parameters.what_if
    return friction(
        wide,
        season=parameters.season,
        machinery=parameters.machinery,
        speeds={} if now else what_if.speeds,
        factor=1.0 if now else what_if.speed_factor,
        roads=inputs.features.get("roads"),
        land_cover=None if cover is None else _codes(cover),
        slope_percent=None if slope is None else in_units(slope, "percent"),
        water=inputs.features.get("water"),
    )


@dataclass(frozen=True)
class Nearest:
    """Travel from the nearest base that counts; attributes as those of :class:`Ways`."""

    cells: NDArray[np.intp]
    moved_m: NDArray[np.float64]
    minutes: Minutes
    number: NDArray[np.int16]
    off_road: NDArray[np.float32]


def nearest_of(
    bases: tuple[Base, ...],
    counting: NDArray[np.bool_],
    ground: Friction,
    wide: GeoBox,
    parameters: CoverageParameters,
) -> Nearest:
    """Ways to every cell from the nearest base that counts."""
    cell = abs(float(wide.resolution.x))
    points = np.array([(base.x, base.y) for base in bases], dtype=np.float64).reshape(-1, 2)
    cells, moved = standing(points, ~np.isnan(ground.minutes_per_metre), wide)
    there = cells[:, 0] != NOWHERE
    nearer = np.flatnonzero(counting & there)
    minutes, source, share = off_road_share(
        ground.minutes_per_metre, cells[nearer], cell, ground.on_road, parameters.neighbours
    )
    numbers = np.array([base.number for base in bases], dtype=np.int16)[nearer]
    moved_m = np.where(there, moved * cell, np.nan)
    return Nearest(cells, moved_m, minutes, np.append(numbers, NO_DATA)[source], share)


def ways_of(
    bases: tuple[Base, ...],
    counting: NDArray[np.bool_],
    serving: NDArray[np.bool_],
    ground: Friction,
    places: Places,
    wide: GeoBox,
    parameters: CoverageParameters,
) -> Ways:
    """Travel times from bases.

    Parameters
    ----------
    counting
        Bases with a machine of the chosen track: those that are near or far.
    serving
        Bases with a machine of any track.
    """
    cell = abs(float(wide.resolution.x))
    own = nearest_of(bases, counting, ground, wide, parameters)
    passable = ~np.isnan(ground.minutes_per_metre)
    at, beside = stops(places, passable, parameters.place_m / cell)
    reached = at[:, 0] != NOWHERE
    between = np.full((len(bases), len(places)), np.nan, dtype=np.float32)
    near = np.full(len(places), np.nan, dtype=np.float32)
    near[reached] = own.minutes[at[reached, 0], at[reached, 1]]
    origins = np.flatnonzero(serving & (own.cells[:, 0] != NOWHERE))
    between[np.ix_(origins, reached)] = travel_times_between(
        ground.minutes_per_metre,
        own.cells[origins],
        at[reached],
        cell,
        parameters.limit_minutes * parameters.ranges.speed_high,
        parameters.neighbours,
    )
    return Ways(
        cells=own.cells,
        moved_m=own.moved_m,
        minutes=own.minutes,
        number=own.number,
        off_road=own.off_road,
        between=between,
        nearest=near,
        on_road=ground.on_road,
        moved_places=int(beside.sum()),
    )


def moved_notes(bases: tuple[Base, ...], ways: Ways | Nearest) -> tuple[Note, ...]:
    """Bases that do not stand where they were said to."""
    found = []
    off = [
        Note("coverage.base_moved", (("number", str(base.number)), ("metres", round(metres))))
        for base, metres in zip(bases, ways.moved_m.tolist(), strict=True)
        if metres > 0
    ]
    if off:
        found.append(Note("coverage.bases_moved", (("bases", tuple(off)),)))
    gone = [str(base.number) for base, row in zip(bases, ways.cells, strict=True) if row[0] < 0]
    if gone:
        found.append(Note("coverage.bases_nowhere", (("bases", tuple(gone)),)))
    return tuple(found)


def standing(
    points: NDArray[np.float64], passable: NDArray[np.bool_], wide: GeoBox
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Cell of each base (easting, northing), the nearest that can be passed, and how many cells it
    is off."""
    cells = np.column_stack(cells_at(points, wide))
    moved = np.zeros(len(points))
    inside = (cells[:, 0] >= 0) & passable.any()
    if inside.any():
        costs = np.where(passable, np.float32(1), np.float32(np.nan))
        cells[inside], moved[inside] = nearest_passable(costs, cells[inside])
    cells[~inside] = NOWHERE
    return cells, moved


def _codes(cover: xr.DataArray) -> NDArray[np.int16]:
    codes: NDArray[np.int16] = cover.to_numpy()
    return codes
