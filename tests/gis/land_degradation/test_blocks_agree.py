"""Chunked runs of land cover, soil carbon and the indicator equal those in memory bit for bit."""

from __future__ import annotations

from typing import Any

import dask.array as da
import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.indicator import one_out_all_out, status, status_degradation
from gis.land_degradation.land_cover import (
    ESA_CCI,
    crosswalk,
    transition_degradation,
    transitions,
)
from gis.land_degradation.soil_carbon import (
    percent_degradation,
    stock_degradation,
    stock_series,
)

SHAPE, CHUNKS, YEARS = (61, 47), (17, 13), 9


def drawn(values: list[int], *shape: int, seed: int = 1) -> NDArray[np.int16]:
    return np.random.default_rng(seed).choice(np.array(values, dtype=np.int16), shape)


THREE = [-1, 0, 1, int(NO_DATA), int(OUTSIDE)]
COVER = [*range(1, 8), 9, int(NO_DATA), int(OUTSIDE)]
STEPS = {
    "transition_degradation": (
        transition_degradation,
        (drawn(COVER, *SHAPE), drawn(COVER, *SHAPE, seed=2)),
    ),
    "transitions": (transitions, (drawn(COVER, *SHAPE), drawn(COVER, *SHAPE, seed=2))),
    "crosswalk": (
        lambda codes: crosswalk(codes, ESA_CCI),
        (drawn([*range(256), -32767], *SHAPE),),
    ),
    "one_out_all_out": (one_out_all_out, [drawn(THREE, *SHAPE, seed=seed) for seed in (1, 2, 3)]),
    "available": (
        lambda *parts: one_out_all_out(*parts, missing="available"),
        [drawn(THREE, *SHAPE, seed=seed) for seed in (1, 2, 3)],
    ),
    "status": (status, (drawn(THREE, *SHAPE), drawn(THREE, *SHAPE, seed=2))),
    "status_degradation": (status_degradation, (drawn([*range(9), -32767], *SHAPE),)),
    "percent": (
        percent_degradation,
        (drawn([*range(-120, 40), -32768], *SHAPE), drawn([0, 1], *SHAPE, seed=2).astype(bool)),
    ),
    "stocks": (
        stock_degradation,
        (
            drawn([*range(60), -32768, -32767], *SHAPE),
            drawn([*range(60), -32768, -32767], *SHAPE, seed=2),
            drawn([0, 0, 1], *SHAPE, seed=3).astype(bool),
        ),
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_of_a_cell(name: str) -> None:
    step, arrays = STEPS[name]
    whole = step(*arrays)
    blocks = [da.from_array(array, chunks=CHUNKS) for array in arrays]
    for scheduler in ("threads", "synchronous"):
        mapped = da.map_blocks(step, *blocks, dtype=np.int16).compute(scheduler=scheduler)
        assert mapped.tobytes() == whole.tobytes()
        assert mapped.dtype == whole.dtype
    named = [xr.DataArray(block, dims=("y", "x")) for block in blocks]
    lazy = xr.apply_ufunc(step, *named, dask="parallelized", output_dtypes=[np.int16])
    assert isinstance(lazy.data, da.Array)
    assert lazy.to_numpy().tobytes() == whole.tobytes()


@pytest.mark.parametrize("stock_type", [np.float32, np.float64])
def test_stock_series(stock_type: Any) -> None:
    random = np.random.default_rng(5)
    stock = random.uniform(5, 120, SHAPE).astype(stock_type)
    stock[::7, ::5] = np.nan
    # Mostly one class a cell, so that changes, their 20 years and credits all occur.
    cover = np.where(
        random.random((YEARS, *SHAPE)) < 0.2,
        drawn(list(range(1, 8)), YEARS, *SHAPE),
        np.int16(3),
    )
    cover[5, ::11, ::13] = NO_DATA
    climate = drawn([0, 9, 10, 11, 12, int(NO_DATA)], *SHAPE)
    levels = drawn([1, 2, 3, int(NO_DATA)], YEARS, *SHAPE)

    def step(*arrays: NDArray[Any]) -> NDArray[np.float32]:
        return stock_series(*arrays, edition="ipcc-2019", bound="low")

    whole = step(stock, cover, climate, levels, levels)
    assert np.isnan(whole).any()
    chunked = da.blockwise(
        step,
        "tyx",
        *(da.from_array(stock, chunks=CHUNKS), "yx"),
        *(da.from_array(cover, chunks=(YEARS, *CHUNKS)), "tyx"),
        *(da.from_array(climate, chunks=CHUNKS), "yx"),
        *(da.from_array(levels, chunks=(YEARS, *CHUNKS)), "tyx"),
        *(da.from_array(levels, chunks=(YEARS, *CHUNKS)), "tyx"),
        dtype=np.float32,
    ).compute()
    assert chunked.tobytes() == whole.tobytes()
