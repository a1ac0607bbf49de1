"""Land degradation of 25 million cells: ``python benchmarks/degradation.py``.

From trend, state, performance, two land covers and two soil-carbon stocks to the indicator and the
area of its classes. Prints seconds on one core and on two, peak memory with the inputs, and ratios
to a copy of the inputs and to the same steps in plain numpy, measured in turns in the same run.
Bars: 1 s on one core after compiling, 1 GiB.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.grid import NO_DATA, cell_area_m2
from gis.land_degradation.areas import area_by_class
from gis.land_degradation.codes import WATER
from gis.land_degradation.indicator import one_out_all_out
from gis.land_degradation.land_cover import UNCCD_MATRIX, transition_degradation
from gis.land_degradation.productivity import productivity_degradation, productivity_dynamics
from gis.land_degradation.soil_carbon import stock_degradation

Codes: TypeAlias = NDArray[np.int16]
Layers: TypeAlias = Mapping[str, Codes]
Areas: TypeAlias = dict[int, float]
ROWS_A_BLOCK = 250
PATCH = 16
"""Cells along the side of a patch of one class, about what 250 m cells show of land cover."""


def layers(side: int, patch: int) -> Layers:
    """Made-up inputs in patches: all codes that the tables tell apart, one cell in 50 no data."""
    random = np.random.default_rng(1)
    small = -(-side // patch)

    def drawn(low: int, high: int) -> Codes:
        coarse = random.integers(low, high, (small, small), dtype=np.int16)
        coarse[random.random(coarse.shape) < 0.02] = NO_DATA
        return np.repeat(np.repeat(coarse, patch, 0), patch, 1)[:side, :side].copy()

    return {
        "trend": drawn(-1, 2),
        "state": drawn(-1, 2),
        "performance": drawn(-1, 1),
        "initial": drawn(1, 8),
        "final": drawn(1, 8),
        "stock": drawn(20, 90),
        "new_stock": drawn(20, 90),
    }


def indicator(inputs: Layers) -> Codes:
    """All steps to the indicator, each one pass over whole arrays."""
    dynamics = productivity_dynamics(inputs["trend"], inputs["state"], inputs["performance"])
    productivity = productivity_degradation(dynamics)
    del dynamics
    cover = transition_degradation(inputs["initial"], inputs["final"])
    carbon = stock_degradation(inputs["stock"], inputs["new_stock"], inputs["initial"] == WATER)
    return one_out_all_out(productivity, cover, carbon)


def by_class(codes: Codes, areas: NDArray[np.float64]) -> Areas:
    """Area of each class in square metres."""
    found, m2 = area_by_class(codes, areas)
    return dict(zip(found.tolist(), m2.tolist(), strict=True))


def whole(inputs: Layers, areas: NDArray[np.float64]) -> tuple[Codes, Areas]:
    """The map and its areas, as one call."""
    codes = indicator(inputs)
    return codes, by_class(codes, areas)


def in_blocks(inputs: Layers, areas: NDArray[np.float64], threads: int) -> tuple[Codes, Areas]:
    """The same by blocks of rows, which the kernels leave other threads free to take."""
    codes = np.empty_like(inputs["trend"])
    starts = range(0, len(codes), ROWS_A_BLOCK)

    def one(start: int) -> Areas:
        rows = slice(start, start + ROWS_A_BLOCK)
        codes[rows] = indicator({name: layer[rows] for name, layer in inputs.items()})
        return by_class(codes[rows], areas[rows])

    total: Areas = {}
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(one, starts):
            for code, m2 in part.items():
                total[code] = total.get(code, 0.0) + m2
    return codes, total


def plain(inputs: Layers, areas: NDArray[np.float64]) -> tuple[Codes, Areas]:
    """The same steps in plain numpy, as masks and fancy assignment."""
    trend, state, weak = inputs["trend"], inputs["state"], inputs["performance"] == -1
    dynamics = np.full(trend.shape, NO_DATA)
    dynamics[trend == -1], dynamics[trend == 0], dynamics[trend == 1] = 1, 4, 5
    dynamics[(trend == 0) & (state == 0) & weak] = 3
    dynamics[(trend == 1) & (state == -1) & weak] = 2
    dynamics[(trend == 0) & (state == -1) & ~weak] = 2
    dynamics[(trend == 0) & (state == -1) & weak] = 1
    unknown = (trend == NO_DATA) | (state == NO_DATA) | (inputs["performance"] == NO_DATA)
    codes = np.select([dynamics <= 2, dynamics <= 4], [np.int16(-1), np.int16(0)], np.int16(1))
    initial, final = inputs["initial"], inputs["final"]
    meaning = np.array(UNCCD_MATRIX.degradation, dtype=np.int16)
    unclassed = (initial == NO_DATA) | (final == NO_DATA)
    cover = meaning[np.where(unclassed, 0, initial - 1), np.where(unclassed, 0, final - 1)]
    stock, new = inputs["stock"], inputs["new_stock"]
    percent = (new.astype(np.float32) - stock) / stock * 100
    carbon = np.select([percent <= -10, percent >= 10], [np.int16(-1), np.int16(1)], np.int16(0))
    codes[(cover == -1) | (carbon == -1)] = -1
    codes[(codes == 0) & ((cover == 1) | (carbon == 1))] = 1
    unknown |= unclassed | (stock == NO_DATA) | (new == NO_DATA) | (initial == WATER)
    codes[unknown] = NO_DATA
    cells = np.broadcast_to(areas[:, None], codes.shape)
    return codes, {int(code): float(cells[codes == code].sum()) for code in np.unique(codes)}


def best(jobs: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Shortest of several runs of each job in seconds, in turns: other load meets all alike."""
    found = dict.fromkeys(jobs, float("inf"))
    for _ in range(times):
        for name, job in jobs.items():
            started = perf_counter()
            job()
            found[name] = min(found[name], perf_counter() - started)
    return found


def peak_memory() -> int:
    """Largest size that the process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--side", type=int, default=5_000)
    arguments.add_argument("--times", type=int, default=9)
    arguments.add_argument("--patch", type=int, default=PATCH)
    given = arguments.parse_args()
    north = 14.7 - 0.0025 * np.arange(given.side)
    areas = cell_area_m2(north - 0.0025, north, 0.0025)
    whole(layers(8, 2), areas[:8])
    idle = peak_memory()
    inputs = layers(given.side, given.patch)
    codes, m2 = whole(inputs, areas)
    peak = peak_memory()
    size = sum(layer.nbytes for layer in inputs.values())
    for other, others in (in_blocks(inputs, areas, 2), plain(inputs, areas)):
        assert np.array_equal(codes, other)
        np.testing.assert_allclose([others[code] for code in m2], list(m2.values()), rtol=1e-9)
    del codes, other
    seconds = best(
        {
            "copy": lambda: [layer.copy() for layer in inputs.values()],
            "whole": lambda: whole(inputs, areas),
            "blocks 1": lambda: in_blocks(inputs, areas, 1),
            "blocks 2": lambda: in_blocks(inputs, areas, 2),
            "numpy": lambda: plain(inputs, areas),
        },
        given.times,
    )
    print(f"cells {given.side**2:,}, patches of {given.patch}, cores {os.cpu_count()}")
    print(f"whole arrays, one core {seconds['whole']:.3f} s (at most 1)")
    print(
        f"blocks of rows, one thread {seconds['blocks 1']:.3f} s, two {seconds['blocks 2']:.3f} s:"
        f" {seconds['blocks 1'] / seconds['blocks 2']:.2f} times as fast"
    )
    print(f"copy of the inputs {seconds['copy']:.3f} s: {seconds['whole'] / seconds['copy']:.1f} x")
    print(f"plain numpy {seconds['numpy']:.3f} s: {seconds['numpy'] / seconds['whole']:.1f} x ours")
    print(
        f"peak {peak / 2**20:.0f} MiB (at most 1024) with {size / 2**20:.0f} of inputs,"
        f" interpreter {idle / 2**20:.0f}"
    )


if __name__ == "__main__":
    main()
