"""Suitability classes of cells: light to load, as every map of them needs it."""

from __future__ import annotations

import numpy as np

CLASSES = ("S1", "S2", "S3", "N1", "N2", "excluded")
"""Suitability classes in the order of their codes, from 1."""
EXCLUDED = np.int16(CLASSES.index("excluded") + 1)
