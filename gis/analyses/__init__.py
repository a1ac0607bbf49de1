"""Every analysis; a further one is one file and one name in ``ANALYSES``."""

from __future__ import annotations

from gis.analyses import coverage, land_degradation, sites, suitability
from gis.analysis import Analysis

ANALYSES: tuple[Analysis, ...] = (
    suitability.ANALYSIS,
    sites.ANALYSIS,
    land_degradation.ANALYSIS,
    coverage.ANALYSIS,
)
