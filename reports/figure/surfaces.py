"""What colours the land of a printed map: a layer or a variable of a result, with its legend.

Scales, colours and signs are those of the pages (``layers.legend``, ``layers.bands``,
``layers.colours``); the legend names what lies inside the area and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Note, Result
from gis.classes import CLASSES, EXCLUDED
from gis.errors import BadParameter
from gis.grid import CRS, RESOLUTION_M, analysis_grid
from gis.membership import listed, quantity
from layers.bands import UNKNOWN, bands_of, capital, with_reach
from layers.boundaries import Gazetteer
from layers.catalogue import QUANTITY_COLOURS, Layer
from layers.colours import palette
from layers.drawing import LegendGroup, LegendItem
from layers.figures import figure_values
from layers.legend import UNKNOWN_STEP, Scale, legend_of, scale_between, scale_of, strength_words
from layers.render import cells_of
from layers.sources import read_raster
from locales import LANGUAGES, Language, text
from reports.figure.columns import (
    NOTHING_WITHHELD,
    TENTHS,
    Withheld,
    by_code,
    column_of,
    columns_of,
    groups_of,
    used,
)
from reports.figure.content import CLEAR, CellField, Surface, UnitField
from reports.figure.cut import inside
from reports.figure.naming import WATER, hatch_words, in_period, title_of_raster, when

NUMBERED, STATUSES = "status", 7
"""Rasters whose classes bear numbers on paper, and how many classes they have."""
FIRST = {
    "suitability": "suitability_class",
    "sites": "suitability_class",
    "land-degradation": "indicator",
    "coverage": "travel_time",
}
"""Analysis -> what its map shows unless another variable is asked for."""


def scale_over(layer: Layer, codes: tuple[str, ...], places: Gazetteer) -> Scale:
    """How a layer is coloured on all maps of some areas; one without breaks is cut by its values.

    That of commune figures is cut by all of them.
    """
    if layer.geometry == "commune_figures":
        return scale_of(layer.about, figure_values(layer))
    if layer.kind == "class" or layer.about.breaks:
        return scale_of(layer.about, ())
    return scale_of(layer.about, _values(layer, codes, places).to_numpy())


def surface_of_layer(
    layer: Layer, codes: tuple[str, ...], places: Gazetteer, scale: Scale, language: Language
) -> Surface:
    """A quantity or class layer over an area, in the colours of a scale."""
    own = places.communes_of(codes)
    if layer.geometry == "commune_figures":
        steps = scale.steps(figure_values(layer).reindex(own.index))
        field: CellField | UnitField = UnitField(by_code(own, steps), scale.colours)
    else:
        values = _values(layer, codes, places)
        made = inside(scale.steps(values.to_numpy()), values.odc.geobox, own)
        field, steps = replace(made, colours=scale.colours), made.steps
    return Surface(field, layer.title[language], legend_of(layer, scale, used(steps), language))


def _values(layer: Layer, codes: tuple[str, ...], places: Gazetteer) -> xr.DataArray:
    """A layer over areas as numbers, in cells of the coarsest of them."""
    cell = max(RESOLUTION_M[places.level_of(code)] for code in codes)
    found = read_raster(layer, analysis_grid(places.communes_of(codes).to_crs(CRS), cell), places)
    return found.copy(data=quantity(found.to_numpy()))


def surface_of_result(
    result: Result,
    variable: str | None,
    own: gpd.GeoDataFrame,
    language: Language,
    withheld: Withheld = NOTHING_WITHHELD,
) -> Surface:
    """A variable of a result over an area inside it: a raster, or a column of its communes.

    Parameters
    ----------
    variable
        By default what its page shows first.
    own
        Communes of the area, index ``code``, in any CRS.
    withheld
        Column -> codes of communes whose value is known inside the house alone.

    Raises
    ------
    BadParameter
        When the result has no such variable.
    """
    rasters = rasters_of(result)
    first = FIRST.get(result.provenance.analysis, "")
    wanted = variable or (first if first in rasters else "travel_time")
    if wanted == "suitability_class" and wanted in rasters:
        return _suitability(result, own, language)
    if wanted in rasters:
        return _raster(result, wanted, own, language)
    table = columns_of(result.outcome)
    if wanted not in table.columns:
        choices = (("choices", (*rasters, *map(str, table.columns))),)
        raise BadParameter("--variable", wanted, Note("allowed.one_of", choices))
    return column_of(result, table[wanted], own, language, withheld)


def rasters_of(result: Result) -> tuple[str, ...]:
    """Rasters that may colour the land; one without words of its own is for other programs.

    Numbers of bases are none of its values, and land gained or lost stands on another raster.
    """
    names = map(str, result.outcome.rasters)
    return tuple(name for name in names if title_of_raster(result, name, LANGUAGES[0]) != name)


def _suitability(result: Result, own: gpd.GeoDataFrame, language: Language) -> Surface:
    """Classes S1 to N2; excluded land crossed, communes with too weak figures hatched."""
    array = result.outcome.rasters["suitability_class"]
    group = groups_of(result).reindex(own.index)
    items = [item for item in palette(array.attrs["classes"]) if item.code != EXCLUDED]
    cells = array.to_numpy()
    steps = _class_steps(cells, [item.code for item in items])
    steps[listed(cells, (int(EXCLUDED),))] = CLEAR
    weak = own[(group == "too-weak").to_numpy()]
    steps[cells_of(array, weak)] = UNKNOWN_STEP
    made = inside(steps, array.odc.geobox, own)
    there = cells_of(array, own)
    strict = bool((steps[there] == CLEAR).any())
    unknown = bool((steps[there & ~cells_of(array, weak)] == UNKNOWN_STEP).any())
    doubtful = tuple(map(str, group.index[group == "borderline"]))
    rows = [
        LegendItem(item.title[language], colour=item.colour)
        for step, item in enumerate(items)
        if step in used(made.steps)
    ]
    if strict:
        key = f"criteria.class_{CLASSES[EXCLUDED - 1]}"
        rows.append(LegendItem(text(key, language), style="cross"))
    if doubtful:
        rows.append(LegendItem(strength_words("borderline", language), style="dashed"))
    if hatched := hatch_words(unknown, not weak.empty, language):
        rows.append(LegendItem(hatched, style="hatch"))
    title = title_of_raster(result, "suitability_class", language)
    field = replace(made, colours=tuple(item.colour for item in items))
    return Surface(field, title, LegendGroup(title, tuple(rows)), doubtful)


def _raster(result: Result, name: str, own: gpd.GeoDataFrame, language: Language) -> Surface:
    array = result.outcome.rasters[name]
    title = title_of_raster(result, name, language)
    scale = bands_of(name)
    if scale is None and array.attrs.get("units"):
        scale = scale_between(TENTHS, QUANTITY_COLOURS, array.attrs["units"])
    steps, scale = (
        _classes(result, name) if scale is None else (scale.steps(array.to_numpy()), scale)
    )
    if name == "travel_time_change" and "reach_change" in result.outcome.rasters:
        scale, steps = with_reach(scale, steps, result.outcome.rasters["reach_change"])
    scale, numbers = _numbered(scale, name)
    made = inside(steps, array.odc.geobox, own)
    made = replace(made, colours=scale.colours, numbers=numbers)
    found = used(made.steps)
    rows = list(scale.items((step for step in found if step >= 0), language))
    if UNKNOWN_STEP in found and name in UNKNOWN:
        # crossed: plain hatch is for what is not known
        rows.append(LegendItem(capital(text(UNKNOWN[name], language)), style="cross"))
        there = made.steps == UNKNOWN_STEP
        made = replace(made, steps=np.where(there, CLEAR, made.steps), crossed=there)
    elif UNKNOWN_STEP in found:
        rows.append(LegendItem(capital(text("terms.no_data", language)), style="hatch"))
    return Surface(made, title, LegendGroup(title, tuple(rows), when(result, name, language)))


def _numbered(scale: Scale, name: str) -> tuple[Scale, tuple[str, ...]]:
    """A scale whose classes bear their codes, where it diverges: in grey its ends look alike."""
    if not name.startswith(NUMBERED):
        return scale, ()
    # water comes after them, and is no status
    codes = tuple(str(code) if step < STATUSES else "" for step, code in enumerate(scale.codes))
    labels = tuple(
        (f"{code} {english}".strip(), f"{code} {khmer}".strip())
        for code, (english, khmer) in zip(codes, scale.labels, strict=True)
    )
    return replace(scale, labels=labels), codes


def _classes(result: Result, name: str) -> tuple[NDArray[np.int16], Scale]:
    """Steps of a class raster; water of the first year counts as a class of its own."""
    array = result.outcome.rasters[name]
    classes: dict[int, str] = dict(array.attrs.get("classes", {}))
    items = palette(classes)
    steps = _class_steps(array.to_numpy(), [item.code for item in items])
    water = result.outcome.rasters.get(in_period(WATER, name))
    if water is not None and name != in_period(WATER, name):
        (wet,) = palette(water.attrs["classes"])
        steps[(steps == UNKNOWN_STEP) & listed(water.to_numpy(), (wet.code,))] = len(items)
        items = (*items, wet)
    labels = tuple((item.title[LANGUAGES[0]], item.title[LANGUAGES[1]]) for item in items)
    colours = tuple(item.colour for item in items)
    return steps, Scale(colours, tuple(item.code for item in items), labels)


def _class_steps(cells: NDArray[Any], codes: list[int]) -> NDArray[np.int16]:
    steps = np.full(cells.shape, UNKNOWN_STEP, dtype=np.int16)
    for step, code in enumerate(codes):
        steps[listed(cells, (code,))] = step
    return steps
