"""From series to status, against the rules written down anew: plain Python, one cell at a time.

The tables are those of the UNCCD reporting manual for the 2026 round and of the reference
implementation (Trends.Earth); nothing of the kernels is used here.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from gis.analyses import land_degradation
from gis.grid import NO_DATA
from gis.land_degradation.parameters import LandDegradationParameters

NONE = int(NO_DATA)
YEARS = tuple(range(2000, 2024))
K90, K95, K99 = 28, 36, 56
"""Limits of |S| for 16 years."""
PERIODS = {
    "_baseline": (2000, 2013, 2015, 2000),
    "_report_1": (2004, 2017, 2019, 2015),
    "": (2008, 2021, 2023, 2015),
}
"""First year, first of the last three, last year, year of the land cover compared with."""
FIVE = {
    (1, 1): (5, 5),
    (1, 0): (5, 5),
    (1, -1): (5, 2),
    (0, 1): (4, 4),
    (0, 0): (4, 3),
    (0, -1): (2, 1),
    (-1, 1): (1, 1),
    (-1, 0): (1, 1),
    (-1, -1): (1, 1),
}
"""Trend and state -> dynamics where performance is good, where it is bad."""
MATRIX = """
 0 -1 -1 -1 -1 -1  0
 1  0  1 -1 -1 -1  0
 1 -1  0 -1 -1 -1  0
-1 -1 -1  0 -1 -1  0
 1  1  1  1  0  1  0
 1  1  1  1 -1  0  0
 0  0  0  0  0  0  0
"""
CHANGE = [[int(word) for word in line.split()] for line in MATRIX.strip().splitlines()]
F = 0.48
NATURAL = (1, 1, F, 1, 0.1, 0.1, 1)
FACTORS = (
    NATURAL,
    NATURAL,
    (1 / F, 1 / F, 1, 1 / 0.71, 0.1, 0.1, 1),
    (1, 1, 0.71, 1, 0.1, 0.1, 1),
    (2, 2, 2, 2, 1, 1, 1),
    (2, 2, 2, 2, 1, 1, 1),
    (1, 1, 1, 1, 1, 1, 1),
)
STATUS = {
    (-1, -1): 1,
    (-1, 0): 3,
    (-1, 1): 6,
    (0, -1): 2,
    (0, 0): 4,
    (0, 1): 6,
    (1, -1): 2,
    (1, 0): 5,
    (1, 1): 7,
}


def trend(values: list[float], years: range) -> int:
    s = sum(np.sign(b - a) for a, b in combinations(values, 2))
    slope = np.polyfit(years, values, 1)[0]
    if abs(s) <= K90 or abs(slope) <= 0.001 or abs(s) < K95:
        return 0
    return int(np.sign(slope))


def state(early: list[float], late: list[float]) -> int:
    spread = 0.05 * (max(early) - min(early))
    deciles = np.percentile([*early, min(early) - spread, max(early) + spread], range(10, 100, 10))
    if abs(np.mean(late) - np.mean(early)) <= 0.01:
        return 0
    change = sum(np.mean(late) > deciles) - sum(np.mean(early) > deciles)
    return -1 if change <= -2 else int(change >= 2)


def stocks(first: float, cover: list[int]) -> list[float]:
    found, step, left = [first], 0.0, 0
    for before, now in pairwise(cover):
        if before != now:
            step, left = found[-1] * (1 - FACTORS[before - 1][now - 1]) / 20, 20
        found.append(found[-1] - (step if left else 0))
        left = max(left - 1, 0)
    return found


def combined(productivity: int, change: int, carbon: int) -> int:
    if NONE in (productivity, change, carbon):
        return NONE
    if -1 in (productivity, change, carbon):
        return -1
    return max(productivity, change, carbon)


def expected(green: Any, cover: Any, stock: Any) -> dict[str, np.ndarray]:
    shape = stock.shape
    found: dict[str, np.ndarray] = {}
    for suffix, (first, recent, last, since) in PERIODS.items():
        at = range(first - 2000, last - 1999)
        mean = green[at.start : at.stop].astype(float).mean(axis=0)
        like = cover[first - 2000]
        best = {unit: np.percentile(mean[like == unit], 90) for unit in np.unique(like)}
        parts = {
            name: np.full(shape, NONE)
            for name in ("productivity", "land_cover", "soil_carbon", "indicator")
        }
        for cell in np.ndindex(shape):
            series = [float(green[year][cell]) for year in at]
            bad = mean[cell] / best[like[cell]] <= 0.5
            split = recent - first
            key = trend(series, range(first, last + 1)), state(series[:split], series[split:])
            five = FIVE[key][int(bad)]
            one, other = int(cover[since - 2000][cell]), int(cover[last - 2000][cell])
            change = CHANGE[one - 1][other - 1]
            by_year = stocks(float(stock[cell]), [int(year[cell]) for year in cover])
            before, after = by_year[since - 2000], by_year[last - 2000]
            percent = int((after - before) / before * 100)
            carbon = NONE if one == 7 else -1 if percent <= -10 else int(percent >= 10)
            three = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}[five]
            values = (five, change, carbon, combined(three, change, carbon))
            for name, value in zip(parts, values, strict=True):
                parts[name][cell] = value
        found |= {f"{name}{suffix}": array for name, array in parts.items()}
    for suffix in ("", "_report_1"):
        pairs = zip(found["indicator_baseline"].flat, found[f"indicator{suffix}"].flat, strict=True)
        codes = [STATUS.get((int(a), int(b)), NONE) for a, b in pairs]
        found[f"status{suffix}"] = np.array(codes).reshape(shape)
    return found


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_every_cell_of_every_period(seed: int, world: Any) -> None:
    random = np.random.default_rng(seed)
    shape = (3, 18)
    slope = random.choice([-0.01, -0.004, 0, 0, 0.004, 0.01], shape)
    step = random.choice([-0.08, 0, 0, 0.08], shape)
    level = random.choice([0.25, 0.5, 0.6, 0.7], shape)
    years = np.arange(24)[:, None, None]
    noise = 0.02 * random.standard_normal((24, *shape))
    green = (level + slope * (years - 12) + step * (years >= 19) + noise).astype(np.float32)
    one, other = (random.choice([1, 1, 2, 3, 3, 4, 5, 6, 7], shape) for _ in range(2))
    cover = np.where(years < random.integers(0, 24, shape), one, other).astype(np.int16)
    stock = (30 + 40 * random.random(shape)).astype(np.float32)
    inputs = world.but(
        rasters={"soil_carbon": stock},
        units={"soil_carbon": "t/ha"},
        series={"vegetation_index": (YEARS, green), "land_cover": (YEARS, cover)},
    ).inputs()
    found = land_degradation.compute(inputs, LandDegradationParameters()).rasters
    for name, codes in expected(green, cover, stock).items():
        np.testing.assert_array_equal(found[name].to_numpy(), codes, name)
