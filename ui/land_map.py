"""The page Land on its map: the classes of one part in one period, or a soil layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.analysis import Result
from gis.membership import listed
from layers.colours import PaletteClass, palette
from layers.drawing import Drawing, Hatch, LegendGroup, LegendItem, PictureSurface
from layers.hatch import hatch_levels, zooms
from layers.legend import UNKNOWN_STEP
from layers.render import outlines, picture
from ui import cache
from ui.land_state import part, period, period_title, raster_name, selected, selected_code
from ui.mapview import map_texts
from ui.surfaces import Shown
from ui.text import language, t

WATER = "water"
"""Rasters of water of the first year that a period compares: no land, so no class."""


@dataclass(frozen=True)
class ClassesShown:
    """The classes of a raster on the map: its picture, those that occur, its hatch."""

    surface: PictureSurface
    used: tuple[PaletteClass, ...]
    hatch: tuple[Hatch, ...]
    unknown: bool


def classes_shown(identity: str, part: str, period: str) -> ClassesShown:
    """A part in a period of a kept result, drawn once."""
    name = ("classes", identity, part, period, cache.edition())
    return cache.kept(name, lambda: _classes(cache.result(identity), part, period))


def _classes(result: Result, part: str, period: str) -> ClassesShown:
    array = result.outcome.rasters[raster_name(part, period)]
    items = palette(array.attrs["classes"])
    steps = np.full(array.shape, UNKNOWN_STEP, dtype=np.int16)
    for step, item in enumerate(items):
        steps[listed(array.to_numpy(), (item.code,))] = step
    water = result.outcome.rasters[raster_name(WATER, period)]
    (wet,) = palette(water.attrs["classes"])
    steps[(steps == UNKNOWN_STEP) & listed(water.to_numpy(), (wet.code,))] = len(items)
    items = (*items, wet)
    drawn = picture(steps, array, [item.colour for item in items], cache.ready())
    communes = cache.places().communes_of(result.provenance.areas)
    unknown = outlines(steps == UNKNOWN_STEP, array).clip(communes.geometry.union_all())
    return ClassesShown(
        PictureSurface(drawn.url, drawn.bounds, drawn.size),
        tuple(items[step] for step in np.unique(steps[steps >= 0])),
        hatch_levels(unknown, zooms(communes)),
        unknown=not unknown.empty,
    )


def drawing_of(identity: str) -> Drawing:
    """Everything on the map of a result."""
    result = cache.result(identity)
    shown = classes_shown(identity, part(), period())
    title = t(f"land.part_{part()}")
    example = result.provenance.example
    return _drawing(
        surface=shown.surface,
        hatch=shown.hatch,
        legend=(LegendGroup(title, class_rows(shown), period_title(result, period())),),
        chips=(t("frame.example"),) if example else (),
        # Real communes ranked on made-up land: said across the map, not only in a corner.
        stamp=t("map.stamp") if example else "",
        note=t("land.screening") if is_screening(result) else "",
    )


def is_screening(result: Result) -> bool:
    """Whether the cells are too coarse for official figures of communes."""
    return any(note.key == "degradation.screening_all" for note in result.outcome.warnings)


def class_rows(shown: ClassesShown) -> tuple[LegendItem, ...]:
    """The classes that occur, and the hatch where there is no data."""
    rows = [LegendItem(item.title[language()], colour=item.colour) for item in shown.used]
    if shown.unknown:
        rows.append(LegendItem(t("degradation.no_data"), style="hatch"))
    return tuple(rows)


def soil_drawing(shown: Shown | None) -> Drawing:
    """A soil layer on the map, or the bare area where there is none."""
    if shown is None:
        return _drawing()
    return _drawing(
        surface=shown.surface,
        hatch=shown.hatch,
        legend=(shown.legend,),
        chips=(t("frame.example"),) if shown.layer.example else (),
    )


def _drawing(**what: object) -> Drawing:
    """What every drawing of the page has: names, the selected commune, the clicked place."""
    chosen = selected()
    at = (chosen.lon, chosen.lat) if chosen and chosen.kind == "at" else None
    plain = {"roads": not what, "names": ("commune",), "unit": selected_code(), "place": at}
    return Drawing(
        language=language(),
        texts=map_texts(),
        opacity=1.0,
        **(plain | what),  # type: ignore[arg-type]
    )
