"""Open water: nobody farms there, whatever a commune reports."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.analysis import Inputs
from gis.barriers import burnt_cells, parts_of


def open_water(inputs: Inputs) -> NDArray[np.bool_]:
    """Cells whose middle lies in a lake or a wide river; rivers drawn as lines take no land."""
    water = inputs.features.get("water")
    if water is None or water.empty:
        return np.zeros(inputs.grid.shape, dtype=np.bool_)
    shapes = parts_of(water)
    areas = shapes[shapely.get_dimensions(shapes) == 2]
    return burnt_cells(shapely.union_all(areas), inputs.grid, all_touched=False)
