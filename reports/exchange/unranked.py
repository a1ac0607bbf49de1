"""Land that the map of a result does not rank: excluded or unknown, as outlines to be hatched.

A colour on a map of classes says how good land is. Programs that hatch no raster would show what
is excluded or unknown in a colour too; as outlines it is hatched there as on the pages.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np

from gis.analysis import Result
from gis.classes import EXCLUDED
from gis.grid import NO_DATA
from gis.zonal import outlines
from reports.exchange.looks import NOT_RANKED
from reports.exchange.rasters import main_of

WHAT = {1: "excluded", 2: "unknown"}
_HECTARE_M2 = 10_000.0


def with_unranked(result: Result) -> Result:
    """A result with its excluded and unknown land as a layer, where its map is one of classes.

    A map of a quantity, as of minutes, does not tell unknown land from land beyond the area.
    """
    found = {name: one for name, one in result.outcome.features.items() if name != NOT_RANKED}
    name = main_of(f"{one}.tif" for one in result.outcome.rasters)
    array = result.outcome.rasters.get(name)
    if array is not None and array.dtype.kind == "i":
        cells = array.to_numpy()
        marks = np.zeros(cells.shape, np.uint8)
        marks[cells == NO_DATA] = 2
        if array.attrs.get("classes", {}).get(int(EXCLUDED)) == "criteria.class_excluded":
            marks[cells == EXCLUDED] = 1
        grid = array.odc.geobox
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
