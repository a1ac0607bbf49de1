"""Codes that every module of land degradation shares; no data and outside are those of the grid."""

from __future__ import annotations

import numpy as np

DEGRADED = np.int16(-1)
STABLE = np.int16(0)
IMPROVED = np.int16(1)
LAND_COVER = (
    "tree_covered",
    "grassland",
    "cropland",
    "wetland",
    "artificial",
    "other_land",
    "water",
)
"""Classes of the UNCCD land-cover legend in the order of their codes, from 1."""
CROPLAND = np.int16(3)
WATER = np.int16(7)
