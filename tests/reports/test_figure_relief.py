"""Light on the land, against the cosine of the angle between light and slope by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reports.figure.relief import ALTITUDE, EXAGGERATION, hillshade

ROWS, COLUMNS = np.mgrid[0:5, 0:5].astype(np.float32)
RISE = math.tan(math.radians(30.0)) / EXAGGERATION
"""Metres up a metre that are drawn as 30 degrees."""


def test_flat_land_has_the_light_of_the_sun_alone() -> None:
    shade = hillshade(np.full((5, 5), 12.0, dtype=np.float32), 30.0)
    assert shade == pytest.approx(math.sin(math.radians(ALTITUDE)))


def test_a_slope_to_the_light_is_lighter_and_one_away_from_it_darker() -> None:
    """Light from the north-west at 45 degrees on slopes of 30: cos 15 and cos 75."""
    down_to_north_west = (ROWS + COLUMNS) / math.sqrt(2) * RISE * 30.0
    to, away = hillshade(down_to_north_west, 30.0), hillshade(-down_to_north_west, 30.0)
    assert to[2, 2] == pytest.approx(math.cos(math.radians(15)), abs=1e-4)
    assert away[2, 2] == pytest.approx(math.cos(math.radians(75)), abs=1e-4)


def test_unknown_heights_have_no_shade() -> None:
    heights = np.zeros((5, 5), dtype=np.float32)
    heights[2, 2] = np.nan
    assert np.isnan(hillshade(heights, 30.0)[1, 2])
