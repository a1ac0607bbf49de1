"""Ten-layer overlay against one pass over the same memory: ``python benchmarks/overlay.py``.

Prints ratios: time to a numba weighted sum over the same layers with the same threads (at most
2), peak memory beyond the loaded interpreter to the size of the input (at most 1.2).
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable
from time import perf_counter

import numpy as np
from numba import get_num_threads, njit, prange
from numpy.typing import NDArray

from gis.overlay import NOT_APPLICABLE, weighted_overlay

LAYERS = 10
PARTIAL = 2
"""Criteria that do not apply everywhere, as many as the upland track has."""


@njit(parallel=True, cache=True)
def weighted_sum(a, b, c, d, e, f, g, h, i, j, w, out):  # type: ignore[no-untyped-def]
    """The least that any overlay must do: read each value once, write one result.

    Both make their result anew: the system hands out its pages at the first write.
    """
    rows, columns = out.shape
    for y in prange(rows):
        for x in range(columns):
            out[y, x] = (
                w[0] * a[y, x]
                + w[1] * b[y, x]
                + w[2] * c[y, x]
                + w[3] * d[y, x]
                + w[4] * e[y, x]
                + w[5] * f[y, x]
                + w[6] * g[y, x]
                + w[7] * h[y, x]
                + w[8] * i[y, x]
                + w[9] * j[y, x]
            )


def layers(cells: int) -> list[NDArray[np.float32]]:
    """Random scores, one in a thousand unknown; ``PARTIAL`` of them do not apply here and there."""
    columns = 10_000
    random = np.random.default_rng(1)
    found = []
    for place in range(LAYERS):
        values = random.random((cells // columns, columns), dtype=np.float32)
        values[:, ::1009] = np.nan
        if place < PARTIAL:
            values[::7, ::13] = NOT_APPLICABLE
        found.append(values)
    return found


def best(jobs: tuple[Callable[[], object], ...], times: int) -> list[float]:
    """Shortest of several runs of each job in seconds, in turns: other load meets all alike."""
    found = [float("inf")] * len(jobs)
    for _ in range(times):
        for place, job in enumerate(jobs):
            started = perf_counter()
            job()
            found[place] = min(found[place], perf_counter() - started)
    return found


def peak_memory() -> int:
    """Largest size that the process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cells", type=int, default=50_000_000)
    arguments.add_argument("--times", type=int, default=24)
    given = arguments.parse_args()
    weights = np.arange(1, LAYERS + 1, dtype=np.float32)
    limiting = [True, True] + [False] * (LAYERS - 2)
    partial = [place < PARTIAL for place in range(LAYERS)]
    weighted_overlay(
        [np.ones((2, 2), dtype=np.float32)] * LAYERS, weights.tolist(), limiting, partial
    )
    weighted_sum(
        *[np.ones((2, 2), dtype=np.float32)] * LAYERS, weights, np.ones((2, 2), np.float32)
    )
    idle = peak_memory()
    scores = layers(given.cells)
    size = sum(score.nbytes for score in scores)
    weighted_overlay(scores, weights.tolist(), limiting, partial)
    peak = peak_memory()
    overlay, memory_pass = best(
        (
            lambda: weighted_overlay(scores, weights.tolist(), limiting, partial),
            lambda: weighted_sum(*scores, weights, np.empty_like(scores[0])),
        ),
        given.times,
    )
    print(f"layers {LAYERS}, cells {given.cells:,}, threads {get_num_threads()}")
    print(f"one memory pass {memory_pass:.3f} s, overlay {overlay:.3f} s")
    print(f"time ratio {overlay / memory_pass:.2f} (at most 2)")
    print(f"memory ratio {(peak - idle) / size:.2f} (at most 1.2), interpreter {idle / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
