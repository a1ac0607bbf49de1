"""What holds for every analysis: unknown in, unknown out; outside its communes there is nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gis.analyses import ANALYSES
from gis.analysis import Analysis
from gis.grid import NO_DATA, OUTSIDE
from gis.suitability_parameters import AxisWeights

BY_NAME = {spec.name: spec for spec in ANALYSES}
SCORED = ("poor_share", "slope", "protected_zone")
GAPS = {
    "suitability": SCORED,
    "sites": SCORED,
    "land-degradation": ("vegetation_index", "land_cover", "soil_carbon"),
    "coverage": (),  # unknown land has a speed of its own, unknown relief counts as flat
}
"""Inputs of each analysis that a cell cannot do without."""
RESTING_ON = {
    "poor_share": ("need", "suitability", "suitability_class", "limiting"),
    "slope": ("fit", "suitability", "suitability_class", "limiting"),
    "protected_zone": ("suitability", "suitability_class", "limiting"),
    "vegetation_index": ("productivity", "indicator", "status", "status_report_1"),
    "land_cover": ("productivity", "land_cover", "soil_carbon", "indicator", "status"),
    "soil_carbon": ("soil_carbon", "indicator", "indicator_baseline", "status"),
}
"""Input -> rasters that are unknown where it is, and nowhere else."""
YEARS = tuple(range(2000, 2024))


def parameters(spec: Analysis, sketch: SimpleNamespace) -> Any:
    given = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(0.5, 0.5, 0, 0),
        "machinery": sketch.machinery,
        "margin_m": 0,
    }
    known = {item.name for item in fields(spec.parameters)}
    return spec.parameters(**{name: value for name, value in given.items() if name in known})


@pytest.fixture
def whole(world: Any, sketch: SimpleNamespace) -> Any:
    """A world in which nothing is unknown: layers of every analysis."""
    random = np.random.default_rng(5)
    shape = next(iter(world.rasters.values())).shape
    greenness = 0.6 + 0.05 * random.standard_normal((len(YEARS), *shape))
    cover = np.tile(random.integers(1, 4, shape), (len(YEARS), 1, 1))
    planter = ("no-till-planter", 1, 4.0, ("maize",))
    return world.but(
        providers=[sketch.provider("P1", 7.5, 1.5, [planter])],
        rasters=dict(world.rasters)
        | {
            "protected_zone": sketch.band(0, 0, 0, 0, 0, 0, dtype=np.int16),
            "soil_carbon": np.full(shape, 50, dtype=np.float32),
        },
        units=dict(world.units) | {"soil_carbon": "t/ha"},
        series={
            "vegetation_index": (YEARS, greenness.astype(np.float32)),
            "land_cover": (YEARS, cover.astype(np.int16)),
        },
    )


def with_gap(world: Any, name: str, hole: Any) -> Any:
    """The world without a layer in some cells, of a series in all its years."""
    if name in world.series:
        years, planes = world.series[name]
        planes = planes.copy()
        planes[:, hole] = NO_DATA if planes.dtype == np.int16 else np.nan
        return world.but(series=dict(world.series) | {name: (years, planes)})
    layer = world.rasters[name].copy()
    layer[hole] = NO_DATA if layer.dtype == np.int16 else np.nan
    return world.but(rasters=dict(world.rasters) | {name: layer})


def test_every_analysis_names_what_it_cannot_do_without() -> None:
    assert GAPS.keys() == BY_NAME.keys()


@pytest.mark.parametrize(
    ("name", "gap"), [(name, gap) for name, gaps in GAPS.items() for gap in gaps]
)
def test_no_data_in_no_data_out(name: str, gap: str, whole: Any, sketch: SimpleNamespace) -> None:
    """Where any input is unknown, so is every output that rests on it; elsewhere none is."""
    spec = BY_NAME[name]
    hole = np.random.default_rng(7).random(next(iter(whole.rasters.values())).shape) < 0.3
    inputs = with_gap(whole, gap, hole).inputs()
    outcome = spec.compute(inputs, parameters(spec, sketch), lambda step, number, of: None)
    for resting in RESTING_ON[gap]:
        values = outcome.rasters[resting].to_numpy()
        unknown = np.isnan(values) if values.dtype.kind == "f" else values == NO_DATA
        assert (unknown == hole).all(), resting


@pytest.mark.parametrize("spec", ANALYSES, ids=lambda spec: spec.name)
def test_outside_the_communes_there_is_nothing(
    spec: Analysis, whole: Any, sketch: SimpleNamespace
) -> None:
    # coverage reads one year of a layer, not its series
    inputs = (whole.but(series={}) if spec.name == "coverage" else whole).inputs()
    part = replace(inputs, communes=inputs.communes.iloc[1:5], figures=inputs.figures.iloc[1:5])
    outcome = spec.compute(part, parameters(spec, sketch), lambda step, number, of: None)
    for name, array in outcome.rasters.items():
        edges = array.to_numpy()[:, [0, 1, 2, -3, -2, -1]]
        assert (np.isnan(edges) if edges.dtype.kind == "f" else edges == OUTSIDE).all(), name
