"""What colours the map of Coverage: rasters in bands, communes by value, and what is hatched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.analysis import Result
from gis.grid import OUTSIDE
from layers.bands import bands_of, scale_of_values, with_no_demand, with_reach
from layers.drawing import Hatch, PictureSurface, Surface, UnitSurface
from layers.hatch import hatch_levels, zooms
from layers.legend import UNKNOWN_STEP, Scale
from layers.render import cells_of, outlines, picture
from ui import cache

BY_COMMUNE = ("unmet_ha", "supply_demand_ratio", "served_ha_difference", "unmet_ha_difference")
"""Surfaces with one value a commune; the others are rasters."""


@dataclass(frozen=True)
class CoverageShown:
    """A surface of a result, its scale and the steps that occur, its hatch and dashed rims."""

    surface: Surface
    scale: Scale
    used: tuple[int, ...]
    hatch: tuple[Hatch, ...]
    borderline: tuple[str, ...] = ()
    weak: bool = False


def shown(identity: str, surface: str) -> CoverageShown:
    """A surface of a kept result, drawn once."""
    name = ("coverage", identity, surface, cache.edition())
    made = _by_commune if surface in BY_COMMUNE else _by_cell
    return cache.kept(name, lambda: made(cache.result(identity), surface))


def _by_cell(result: Result, surface: str) -> CoverageShown:
    array = result.outcome.rasters[surface]
    scale = bands_of(surface)
    if scale is None:
        raise KeyError(surface)
    communes = cache.places().communes_of(result.provenance.areas)
    steps = scale.steps(array.to_numpy())
    if surface == "travel_time_change" and "reach_change" in result.outcome.rasters:
        scale, steps = with_reach(scale, steps, result.outcome.rasters["reach_change"])
    there = cells_of(array, communes)
    grid = array.copy(data=np.where(there, steps, OUTSIDE).astype(np.int16))
    drawn = picture(steps, grid, scale.colours, cache.ready())
    unknown = outlines(steps == UNKNOWN_STEP, grid).clip(communes.geometry.union_all())
    return CoverageShown(
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        scale,
        _steps(steps, not unknown.empty),
        # crossed: plain hatch is for what is unknown or too weak
        hatch_levels(unknown.iloc[:0], zooms(communes), unknown),
    )


def _steps(steps: np.ndarray, unknown: bool) -> tuple[int, ...]:
    used = tuple(int(step) for step in np.unique(steps) if step != UNKNOWN_STEP)
    return (*used, UNKNOWN_STEP) if unknown else used


def _by_commune(result: Result, surface: str) -> CoverageShown:
    """Communes by value; of those whose data are too weak nothing is coloured."""
    communes = cache.places().communes_of(result.provenance.areas)
    table = result.outcome.tables["communes"].reindex(communes.index)
    values = commune_values(result, surface).reindex(communes.index)
    weak = table["group"] == "too-weak"
    idle = (table["demand_ha"] == 0) & ~weak & (surface == "supply_demand_ratio")
    scale = scale_of_values(surface, values[~weak & ~idle])
    steps = np.where(idle, len(scale.colours), scale.steps(values.where(~weak)))
    scale = with_no_demand(scale)
    colours = {
        str(code): scale.colours[step]
        for code, step in zip(communes.index, steps, strict=True)
        if step != UNKNOWN_STEP
    }
    unknown = communes[steps == UNKNOWN_STEP]
    return CoverageShown(
        UnitSurface(colours, tuple(unknown.index)),
        scale,
        _steps(steps, bool((~weak & ~idle & values.isna()).any())),
        hatch_levels(unknown.geometry, zooms(communes)),
        tuple(table.index[table["group"] == "borderline"]),
        bool(weak.any()),
    )


def commune_values(result: Result, surface: str) -> pd.Series:
    """What colours the communes."""
    table = "changes" if surface.endswith("_difference") else "communes"
    return result.outcome.tables[table][surface].astype(float)
