"""Land that the map of a result does not rank: excluded, unknown or out of reach, as outlines.

A colour on a map of classes says how good land is. Programs that hatch no raster would show what
is excluded or unknown in a colour too; as outlines it is hatched there as on the pages.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from gis.analysis import Result
from gis.classes import EXCLUDED
from gis.grid import NO_DATA
from gis.zonal import NO_ZONE, outlines, zone_of_cells
from layers.bands import UNKNOWN as CROSSED
from reports.exchange.looks import NOT_RANKED
from reports.exchange.rasters import main_of

EXCLUDED_LAND, UNKNOWN_LAND, OUT_OF_REACH = 1, 2, 3
WHAT = {EXCLUDED_LAND: "excluded", UNKNOWN_LAND: "unknown", OUT_OF_REACH: "unreachable"}
_HECTARE_M2 = 10_000.0


def with_unranked(result: Result) -> Result:
    """A result with the land of its area that its map gives no colour, as a layer."""
    found = {name: one for name, one in result.outcome.features.items() if name != NOT_RANKED}
    name = main_of(f"{one}.tif" for one in result.outcome.rasters)
    if name:
        grid = result.outcome.rasters[name].odc.geobox
        marks = _marks(result, name)
        if parts := outlines(marks, marks > 0, grid):
            found[NOT_RANKED] = gpd.GeoDataFrame(
                {
                    "what": [WHAT[code] for code in parts],
                    "land_ha": [part.area / _HECTARE_M2 for part in parts.values()],
                },
                geometry=list(parts.values()),
                crs=str(grid.crs),
            )
    return replace(result, outcome=replace(result.outcome, features=found))


def _marks(result: Result, name: str) -> NDArray[np.uint8]:
    """Of each cell why it has no colour, 0 where it has one or lies outside the area."""
    array = result.outcome.rasters[name]
    cells, marks = array.to_numpy(), np.zeros(array.shape, np.uint8)
    if array.dtype.kind == "i":
        marks[cells == NO_DATA] = UNKNOWN_LAND
        if array.attrs.get("classes", {}).get(int(EXCLUDED)) == "criteria.class_excluded":
            marks[cells == EXCLUDED] = EXCLUDED_LAND
        return marks
    communes = result.outcome.features.get("communes")
    if communes is not None:
        # a quantity is as empty beyond the area as where it is not known
        grid = array.odc.geobox
        own = zone_of_cells(communes.to_crs(grid.crs), grid) != NO_ZONE
        marks[np.isnan(cells) & own] = OUT_OF_REACH if name in CROSSED else UNKNOWN_LAND
    return marks
