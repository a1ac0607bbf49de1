"""How the made-up land changes: clearing, planting, building, and the greenness of each year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.grid import NO_DATA

YEARS = tuple(range(2000, 2024))
TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER, WATER = range(1, 8)
NEVER = 9999

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]

GREEN = np.array([np.nan, 0.76, 0.56, 0.60, 0.52, 0.30, 0.24, 0.05], dtype=np.float32)
"""Made-up vegetation index of each class of land cover in a usual year."""
RESPONSE = np.array([0.0, 0.3, 1.0, 1.0, 0.5, 0.3, 0.6, 0.1], dtype=np.float32)
"""How far each class follows the rain of a year."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The land before it changes: fields over the cells told, smooth across commune borders.

    Attributes
    ----------
    told
        Cells of the grid that the example tells about; every other field has one value for each.
    commune
        Position of each cell's commune, -1 in the margin around them.
    upland, rice, kept
        Shares of land: maize and cassava, rice, protected.
    slope, height
        Degrees and metres.
    road_km, village_km
        Distance to a main road and to a village.
    noise
        A new field of noise whose patches are so many cells wide.
    """

    told: Mask
    commune: NDArray[np.int32]
    upland: Field
    rice: Field
    slope: Field
    height: Field
    kept: Field
    road_km: Field
    village_km: Field
    noise: Callable[[float], Field]


def cover_by_year(ground: Ground) -> NDArray[np.int16]:
    """Seven classes, shape (year, cell told); ``NO_DATA`` in some patches."""
    cover = _first_cover(ground)
    changes = _changes(ground)
    years = np.empty((len(YEARS), *cover.shape), dtype=np.int16)
    for place, year in enumerate(YEARS):
        for when, before, after in changes:
            cover[(when == year) & (cover == before)] = after
        years[place] = cover
    years[:, ground.noise(14) > 3.0] = NO_DATA
    return years


def _first_cover(ground: Ground) -> NDArray[np.int16]:
    """The classes of 2000: fields near villages and roads, forest far away, water in hollows."""
    farmed = 1.6 * ground.rice + 1.2 * ground.upland - 0.9 * ground.kept
    farmed += 0.7 * np.exp(-ground.village_km / 2.5) + 0.25 * np.exp(-ground.road_km / 6)
    farmed += 0.22 * ground.noise(18) + 0.12 * ground.noise(6)
    low = 0.5 * ground.noise(40) - ground.height / 60
    river = np.abs(ground.noise(70)) < 0.018
    cover = np.full(ground.commune.shape, TREE, dtype=np.int16)
    cover[ground.noise(12) + 0.5 * ground.noise(40) > 1.35] = GRASS
    cover[farmed > 0.78] = CROP
    cover[low > 0.45] = WETLAND
    cover[(low > 0.95) | (river & (ground.height < 70))] = WATER
    cover[(ground.noise(9) > 2.75) & (cover != WATER)] = OTHER
    town = np.exp(-ground.village_km / 0.45) + 0.5 * np.exp(-ground.road_km / 0.6)
    cover[(town + 0.1 * ground.noise(5) > 1.32) & (cover != WATER)] = ARTIFICIAL
    return cover


Change = tuple[NDArray[np.int16], int, int]


def _changes(ground: Ground) -> list[Change]:
    """When each cell turns from one class to another, in the order in which they are tried."""
    reach = 0.55 * np.exp(-ground.road_km / 9) + 0.6 * np.exp(-ground.village_km / 5)
    push = reach + 0.5 * ground.upland + 0.16 * ground.noise(22) + 0.08 * ground.noise(5)
    push -= 1.1 * ground.kept + 0.05 * ground.slope
    town = np.exp(-ground.village_km / 0.6) + 0.35 * np.exp(-ground.road_km / 0.8)
    town += 0.12 * ground.noise(5)
    return [
        (_front(push, 0.60, 0.42, 2001, 2022), TREE, CROP),
        (_patches(ground.noise(10), 2.05, ground.noise(20), 2002, 2020), TREE, GRASS),
        (_patches(ground.noise(9), 1.75, ground.noise(20), 2003, 2019), CROP, TREE),
        (_patches(ground.noise(8), 1.80, ground.noise(20), 2002, 2022), GRASS, TREE),
        (_patches(ground.noise(9), 1.20, ground.noise(20), 2002, 2022), GRASS, CROP),
        (_patches(ground.noise(8), 2.15, ground.noise(20), 2004, 2021), CROP, GRASS),
        (_patches(ground.noise(12), 1.50, ground.noise(20), 2003, 2021), WETLAND, CROP),
        (_patches(ground.noise(8), 2.55, ground.noise(20), 2009, 2022), CROP, WETLAND),
        (_patches(ground.noise(14), 2.95, ground.noise(30), 2006, 2014), CROP, WATER),
        (_patches(ground.noise(8), 1.90, ground.noise(20), 2005, 2020), OTHER, GRASS),
        (_patches(ground.noise(7), 2.75, ground.noise(20), 2006, 2021), GRASS, OTHER),
        (_front(town, 1.20, 0.80, 2001, 2022), CROP, ARTIFICIAL),
    ]


def _front(pull: Field, first: float, last: float, start: int, end: int) -> NDArray[np.int16]:
    """A year each cell that moves outward: the strongest pull is reached first."""
    done = (first - pull) / (first - last)
    when = np.rint(start + np.clip(done, 0, 1) * (end - start))
    return np.where(pull >= last, when, NEVER).astype(np.int16)


def _patches(where: Field, above: float, times: Field, start: int, end: int) -> NDArray[np.int16]:
    """Patches that change at once, at times that vary over the land."""
    rank = 0.5 + times / 4
    when = np.rint(start + np.clip(rank, 0, 1) * (end - start))
    return np.where(where > above, when, NEVER).astype(np.int16)


def vegetation_by_year(cover: NDArray[np.int16], ground: Ground, rng: np.random.Generator) -> Field:
    """Mean vegetation index of each year, NaN under lasting cloud, shape of ``cover``.

    The class gives the level; rain moves all of it up and down; slow fields of an earlier and a
    later time make land decline or recover; some of it is bare for years, some struck at the end.
    """
    early, late = _leaning(ground.noise(26)), _leaning(ground.noise(26))
    vigour = 0.05 * ground.noise(30) + 0.02 * ground.noise(4)
    # Eroded patches are half as green as their like and stay so.
    worn = np.where(ground.noise(9) > 2.0, 0.42, 1.0).astype(np.float32)
    struck = [(year, ground.noise(15) > 2.0) for year in (2013, 2017, 2021)]
    clouded = ground.noise(12) > 2.7
    series = np.empty(cover.shape, dtype=np.float32)
    level = GREEN[np.clip(cover[0], 0, WATER)]
    rains = _without_trend(rng.standard_normal(len(YEARS)))
    for place, year in enumerate(YEARS):
        now = np.clip(cover[place], 0, WATER)
        # A planted forest is not a forest in its first year: the level follows by a third a year.
        level = level + (GREEN[now] - level) / 3
        rain = 0.018 * rains[place] + 0.008 * ground.noise(120)
        drift = 0.016 * (early * min(year - 2000, 11) + late * max(year - 2011, 0))
        values = (level + vigour + drift) * worn + RESPONSE[now] * rain
        values += 0.012 * rng.standard_normal(values.shape, dtype=np.float32)
        for first, hit in struck:
            if first <= year < first + 3:
                values -= 0.10 * hit
        values = np.where(now == WATER, 0.05 + 0.2 * (values - level), values)
        series[place] = np.clip(values, -0.2, 0.95)
    series[8:11, clouded] = np.nan
    return series


def _leaning(noise: Field) -> Field:
    """Most land stays as it is; what lies far out declines or, a little less of it, recovers."""
    found: Field = np.clip(noise - 1.35, 0, 1.2) - np.clip(-noise - 1.3, 0, 1.2)
    return found


def _without_trend(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rain that rises and falls from year to year but not over all of them."""
    place = np.arange(len(values))
    found: NDArray[np.float64] = values - np.polyval(np.polyfit(place, values, 1), place)
    return found
