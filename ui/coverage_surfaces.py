"""What colours the map of Coverage: rasters in bands, communes by value, and what is hatched."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Result
from gis.grid import OUTSIDE
from layers.bands import CHANGES, bands_of
from layers.catalogue import QUANTITY_COLOURS
from layers.colours import COLOURS
from layers.drawing import Hatch, PictureSurface, Surface, UnitSurface
from layers.hatch import hatch_levels
from layers.legend import UNKNOWN_STEP, Scale, scale_between
from layers.render import cells_of, outlines, picture
from locales import text
from ui import cache
from ui.surfaces import zooms

BY_COMMUNE = ("unmet_ha", "supply_demand_ratio", "served_ha_difference", "unmet_ha_difference")
"""Surfaces with one value a commune; the others are rasters."""
UNKNOWN = {
    "travel_time": "coverage_page.unreachable",
    "travel_time_change": "coverage_page.unreachable_once",
}
"""What the crossed hatch of a raster stands for; plain hatch is for what is not known."""
RATIOS = (0.25, 0.5, 1.0, 2.0)
"""Where the ratio of supply to demand is cut: 1 is just enough."""


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


def with_reach(
    scale: Scale, steps: NDArray[np.int16], reach: xr.DataArray
) -> tuple[Scale, NDArray[np.int16]]:
    """Two classes more: land to which a way is new, and land to which none leads any longer."""
    classes: dict[int, str] = reach.attrs["classes"]
    found = steps.copy()
    for number, code in enumerate(REACH_DRAWN, len(scale.colours)):
        found[reach.to_numpy() == code] = number
    names = [classes[code] for code in REACH_DRAWN]
    labels = tuple((capital(text(name, "en")), text(name, "km")) for name in names)
    more = replace(
        scale,
        colours=(*scale.colours, *(COLOURS[name] for name in names)),
        codes=tuple(range(len(scale.colours) + len(names))),
        labels=(*scale.labels, *labels),
    )
    return more, found


REACH_DRAWN = (1, -1)
"""Codes of the raster ``reach_change`` that are drawn: gained, lost."""


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


def with_no_demand(scale: Scale) -> Scale:
    """A class more: nobody asks, so no supply can be set against it."""
    labels = tuple(capital(text("coverage_page.no_demand_here", one)) for one in ("en", "km"))
    return replace(
        scale,
        colours=(*scale.colours, NO_DEMAND),
        codes=(*scale.codes, len(scale.codes)),
        labels=(*scale.labels, (labels[0], labels[1])),
    )


NO_DEMAND = "#DDE3E6"


def commune_values(result: Result, surface: str) -> pd.Series:
    """What colours the communes."""
    table = "changes" if surface.endswith("_difference") else "communes"
    return result.outcome.tables[table][surface].astype(float)


def scale_of_values(surface: str, values: pd.Series) -> Scale:
    """Steps at round numbers; a difference diverges around nothing at all."""
    if surface == "supply_demand_ratio":
        return scale_between(RATIOS, QUANTITY_COLOURS[::-1], "")
    most = float(values.abs().max()) if values.notna().any() else 0.0
    if surface == "unmet_ha":
        step = round_step(most / 4)
        breaks = [1.0, *(step * count for count in (1, 2, 3))] if step > 1 else [1.0, 2.0, 3.0, 4.0]
        return scale_between(breaks, QUANTITY_COLOURS, "ha")
    step = round_step(most / 3)
    breaks = [-2 * step, -step, -0.5, 0.5, step, 2 * step]
    # more served, or less unmet, is better: green
    better = CHANGES[::-1] if surface == "served_ha_difference" else CHANGES
    return scale_between(breaks, better, "ha")


def round_step(about: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not smaller; at least 1.

    >>> [round_step(value) for value in (0.2, 3, 5, 61)]
    [1.0, 5.0, 5.0, 100.0]
    """
    size = 1.0
    while True:
        for factor in (1.0, 2.0, 5.0):
            if factor * size >= about:
                return factor * size
        size *= 10


def capital(words: str) -> str:
    """Words that begin a legend row."""
    return words[:1].upper() + words[1:]
