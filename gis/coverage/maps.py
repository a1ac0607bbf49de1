"""What a map of coverage shows: travel time, the nearest base, bases and isochrones."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.coverage.service import Service, Wanted
from gis.coverage.ways import Ways
from gis.grid import OUTSIDE, raster
from gis.membership import beyond
from gis.terrain import cell_centres
from gis.zonal import SQUARE_METRES, outlines

ISOCHRONES = (30, 60, 120, 240)
"""Upper ends of the bands, minutes, inclusive."""

REACH: Mapping[int, str] = {
    1: "coverage.reach_gained",
    0: "coverage.reach_same",
    -1: "coverage.reach_lost",
}
"""Code of ``reach_change`` -> text key: a way to any base is new, as before, or no longer there."""


def rasters_of(
    ways: Ways, before: Ways | None, inside: NDArray[np.bool_], wide: GeoBox, grid: GeoBox
) -> Mapping[str, xr.DataArray]:
    """Rasters of one state on the area's grid, and their difference from the state before."""
    minutes = _cut(ways.minutes, inside, wide, grid)
    share = _cut(ways.off_road, inside, wide, grid)
    number = np.where(inside, ways.number[window(wide, grid)], OUTSIDE)
    found = {
        "travel_time": raster(minutes, grid, "travel_time", "min"),
        "nearest_base": raster(number, grid, "nearest_base", ""),
        "off_road_share": raster(share, grid, "off_road_share", "1"),
    }
    if before is not None:
        change = minutes - _cut(before.minutes, inside, wide, grid)
        found["travel_time_change"] = raster(change, grid, "travel_time_change", "min")
        found["reach_change"] = _reach_change(ways, before, inside, wide, grid)
    return found


def _reach_change(
    ways: Ways, before: Ways, inside: NDArray[np.bool_], wide: GeoBox, grid: GeoBox
) -> xr.DataArray:
    """Where a way to any base appears, disappears, or is or is not there as before."""
    now, then = (~np.isnan(one.minutes[window(wide, grid)]) for one in (before, ways))
    change = then.astype(np.int16) - now.astype(np.int16)
    return raster(
        np.where(inside, change, OUTSIDE),
        grid,
        "reach_change",
        "",
        classes=dict(REACH),
    )


def window(wide: GeoBox, grid: GeoBox) -> tuple[slice, slice]:
    """Rows and columns of the wide grid that are the area's."""
    rows, columns = ((w - n) // 2 for w, n in zip(wide.shape, grid.shape, strict=True))
    return slice(rows, rows + grid.shape[0]), slice(columns, columns + grid.shape[1])


def base_points(service: Service, wanted: Wanted, wide: GeoBox) -> gpd.GeoDataFrame:
    """Bases at the cells from which ways begin, index ``code``: their number.

    ``machines`` counts those of the track, ``kind`` is that of most of them; ``state`` is present,
    moved or new.
    """
    there = service.ways.cells[:, 0] >= 0
    eastings, northings = cell_centres(wide)
    rows, columns = service.ways.cells[there].T
    bases = [base for base, stands in zip(service.bases, there, strict=True) if stands]
    table = gpd.GeoDataFrame(
        {
            "code": [str(base.number) for base in bases],
            "commune": [base.commune for base in bases],
            "machines": [base.machines(wanted.own_crops) for base in bases],
            "tractors": [base.fleet.tractors for base in bases],
            "kind": [base.kind(wanted.own_crops) for base in bases],
            "state": [base.state for base in bases],
        },
        geometry=gpd.points_from_xy(eastings[columns], northings[rows]),
        crs=str(wide.crs),
    )
    return table.set_index("code")


def isochrones(minutes: xr.DataArray) -> gpd.GeoDataFrame:
    """Land by band of travel time: ``from_minutes`` (exclusive) to ``minutes`` (inclusive)."""
    grid: GeoBox = minutes.odc.geobox
    values = minutes.to_numpy()
    passed = [beyond(values, limit) for limit in ISOCHRONES]
    band = np.asarray(np.sum(passed, axis=0), dtype=np.uint8)
    found = outlines(band, ~np.isnan(values) & ~passed[-1], grid)
    lower = (0, *ISOCHRONES)
    return gpd.GeoDataFrame(
        {
            "from_minutes": [lower[code] for code in found],
            "minutes": [ISOCHRONES[code] for code in found],
            "hectares": [outline.area / SQUARE_METRES for outline in found.values()],
        },
        geometry=list(found.values()),
        crs=str(grid.crs),
    )


def _cut(
    values: NDArray[np.float32], inside: NDArray[np.bool_], wide: GeoBox, grid: GeoBox
) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.where(inside, values[window(wide, grid)], np.float32(np.nan))
    return found
