"""The coloured surfaces of a web map: those of the printed page, as a browser draws them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gis.analysis import Result
from gis.grid import raster
from layers.drawing import Hatch, PictureSurface, UnitSurface
from layers.drawing import Surface as Drawn
from layers.hatch import hatch_levels, zooms
from layers.inline import as_data
from layers.legend import UNKNOWN_STEP
from layers.render import EMPTY, outlines, painted
from reports.figure.columns import columns_of
from reports.figure.content import CellField, Surface, UnitField
from reports.figure.surfaces import FIRST, rasters_of
from reports.headings import WHOLE, YEAR, heading


@dataclass(frozen=True, eq=False)
class Shown:
    """A surface as data of its own, and the hatch of what is unknown or excluded."""

    surface: Drawn
    hatch: tuple[Hatch, ...]


def variables(result: Result, first: str | None = None) -> list[tuple[str, bool]]:
    """What may colour the land, and whether cell by cell; ``first`` comes first.

    By default that is what the printed map shows. Of communes every column that counts something
    known; ranks and numbers of sites are no quantities of land.
    """
    usual = FIRST.get(result.provenance.analysis, "")
    rasters = rasters_of(result)
    first = first or (usual if usual in rasters else "travel_time")
    found = [(name, True) for name in rasters]
    table = columns_of(result.outcome)
    for name in map(str, table.columns):
        counts = heading(name, "en", "communes").counts
        known = name not in rasters and table[name].notna().any()
        if counts not in ("", WHOLE, YEAR) and known:
            found.append((name, False))
    return sorted(found, key=lambda one: one[0] != first)


def shown(surface: Surface, own: gpd.GeoDataFrame) -> Shown:
    """A surface of the printed page for the web.

    Parameters
    ----------
    own
        Communes of the area in EPSG:4326, index ``code``.
    """
    field = surface.field
    return _of_units(field, own) if isinstance(field, UnitField) else _of_cells(field, own)


def _of_units(field: UnitField, own: gpd.GeoDataFrame) -> Shown:
    colours = {
        code: field.colours[step] for code, step in field.steps.items() if step != UNKNOWN_STEP
    }
    unknown = own[[field.steps.get(str(code)) == UNKNOWN_STEP for code in own.index]]
    return Shown(
        UnitSurface(colours, tuple(map(str, unknown.index))),
        hatch_levels(unknown.geometry, zooms(own)),
    )


def _of_cells(field: CellField, own: gpd.GeoDataFrame) -> Shown:
    grid = raster(field.steps, field.grid, "steps", "class")
    cells = np.where(field.steps < 0, EMPTY, field.steps).astype(np.uint8)
    content, bounds, size = painted(cells, grid, field.colours)
    area = own.geometry.union_all()
    unknown = outlines(field.steps == UNKNOWN_STEP, grid).clip(area)
    crossed = None if field.crossed is None else outlines(field.crossed, grid).clip(area)
    return Shown(
        PictureSurface(as_data(content, "image/png"), bounds, size),
        hatch_levels(unknown, zooms(own), crossed),
    )
