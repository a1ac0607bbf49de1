"""The map itself: land, its colours and hatch, relief, water, roads, grid, borders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import shapes
from shapely.geometry.base import BaseGeometry

from layers.hatch import hatch_lines
from layers.legend import UNKNOWN_STEP
from reports.figure.borders import borders_of
from reports.figure.content import CellField, MapContent, Relief, UnitField
from reports.figure.graticule import grid_kilometres
from reports.figure.key import LINES
from reports.figure.page import HATCH, INK, LINE, Page
from reports.figure.scale import MapFrame

BEYOND, AROUND = "#EEF0EC", "#FBFAF6"
WATER, SHORE, ROAD, GRID = "#B9D3E6", "#8FB4CC", "#B08A4A", "#6C8AA0"
HATCH_MM = 1.6
"""Distance of hatch lines on paper."""
MOST_COMMUNES = 500
"""With more of them on a page their borders are left out: a web of dashes hides the rest."""
_SHADE = 0.55


def draw_ground(page: Page, content: MapContent, frame: MapFrame) -> None:
    """Everything that lies in metres of the grid, from below upwards."""
    axes = page.inner(frame.box)
    west, south, east, north = frame.extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_facecolor(BEYOND)
    seen = shapely.box(west, south, east, north)
    around = content.ground.communes
    around = around[around.intersects(seen)]
    _fill(axes, [_merged(around)], facecolor=AROUND, edgecolor="none", zorder=0)
    own = _merged(content.ground.own)
    if isinstance(content.surface, CellField):
        _cells(axes, content.surface, own, frame)
    elif content.surface is not None:
        _units(axes, content.surface, content.ground.own, frame)
    if content.relief is not None:
        _relief(axes, content.relief)
    if content.water is not None:
        _water(axes, content.water, seen, page.unit)
    _fill(axes, [seen.difference(own)], facecolor="white", alpha=0.5, edgecolor="none", zorder=3)
    if content.roads is not None:
        _roads(axes, content.roads, seen, page.unit)
    _grid(axes, frame, page.unit)
    _borders(axes, around, page.unit)
    _outline(axes, content, own, page.unit)
    for spine in axes.spines.values():
        spine.set_linewidth(0.9 * page.unit)
        spine.set_color(INK)


def _merged(areas: gpd.GeoDataFrame) -> BaseGeometry:
    """Neighbours as one: nothing shows between them."""
    return shapely.coverage_union_all(areas.geometry.to_numpy())


def _fill(axes: Axes, areas: Iterable[BaseGeometry], **how: Any) -> None:
    for part in shapely.get_parts(np.asarray(list(areas), dtype=object)):
        if part.geom_type == "Polygon" and not part.is_empty:
            # not add_patch, which measures every patch: the limits of a map are set
            axes.add_artist(PathPatch(_path_of(part), **how))


def _path_of(polygon: BaseGeometry) -> Path:
    rings = shapely.get_rings(polygon)
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )


def _lines(axes: Axes, lines: BaseGeometry, **how: Any) -> None:
    parts = [
        shapely.get_coordinates(part)
        for part in shapely.get_parts(lines)
        if part.geom_type in ("LineString", "LinearRing") and not part.is_empty
    ]
    if parts:
        found = LineCollection(parts, capstyle="butt", joinstyle="round", **how)
        axes.add_collection(found, autolim=False)


def _units(axes: Axes, found: UnitField, own: gpd.GeoDataFrame, frame: MapFrame) -> None:
    for step, colour in enumerate(found.colours):
        codes = [code for code, at in found.steps.items() if at == step]
        same = _merged(own.reindex(codes))
        _fill(axes, [same], facecolor=colour, edgecolor="none", zorder=1)
    unknown = [code for code, at in found.steps.items() if at == UNKNOWN_STEP]
    _hatched(axes, own.geometry.reindex(unknown).to_numpy(), frame)


def _cells(axes: Axes, found: CellField, own: BaseGeometry, frame: MapFrame) -> None:
    colours = np.zeros((len(found.colours) + 1, 4), dtype=np.uint8)  # the last row stays clear
    colours[:-1] = [tuple(round(255 * part) for part in to_rgba(one)) for one in found.colours]
    steps = np.where(found.steps < 0, len(found.colours), found.steps)
    image = axes.imshow(
        colours[steps],
        extent=_extent(found.grid),
        interpolation="nearest",
        aspect="auto",
        zorder=1,
    )
    parts = [_path_of(part) for part in shapely.get_parts(own)]
    clip = PathPatch(Path.make_compound_path(*parts), transform=axes.transData)
    image.set_clip_path(clip)
    _hatched(axes, _areas(found.steps == UNKNOWN_STEP, found.grid, own), frame)
    if found.crossed is not None:
        crossed = _areas(found.crossed, found.grid, own)
        for way in (1, -1):
            _hatched(axes, crossed, frame, way)


def _extent(grid: GeoBox) -> tuple[float, float, float, float]:
    box = grid.boundingbox
    return box.left, box.right, box.bottom, box.top


def _areas(cells: NDArray[np.bool_], grid: GeoBox, own: BaseGeometry) -> NDArray[np.object_]:
    """Outlines of cells, cut at the area."""
    outlines = [
        shapely.geometry.shape(shape)
        for shape, _ in shapes(cells.astype(np.uint8), mask=cells, transform=grid.transform)
    ]
    shapely.prepare(own)
    cut = shapely.intersection(np.asarray(outlines, dtype=object), own)
    return np.asarray([shape for shape in cut if shape.area > 0], dtype=object)


def _hatched(axes: Axes, areas: NDArray[np.object_], frame: MapFrame, way: int = 1) -> None:
    if not len(areas):
        return
    segments = hatch_lines(areas, HATCH_MM * frame.metres_per_mm, way)
    lines = LineCollection(
        list(segments), colors=HATCH, linewidths=0.5, capstyle="butt", zorder=1.5
    )
    axes.add_collection(lines, autolim=False)


def _relief(axes: Axes, found: Relief) -> None:
    """Shadow alone, more or less of it: colours keep their light."""
    depth = np.clip(0.75 - np.nan_to_num(found.shade, nan=1.0), 0, 1) * _SHADE
    shade = np.zeros((*found.shade.shape, 4), dtype=np.uint8)
    shade[..., 3] = np.round(255 * depth)
    axes.imshow(shade, extent=_extent(found.grid), interpolation="bicubic", aspect="auto", zorder=2)


def _water(axes: Axes, water: gpd.GeoDataFrame, seen: BaseGeometry, unit: float) -> None:
    near = water.geometry[water.intersects(seen)].intersection(seen)
    _fill(axes, near, facecolor=WATER, edgecolor=SHORE, linewidth=0.3 * unit, zorder=2.5)
    for shape in near:
        _lines(axes, shape, color=SHORE, linewidth=0.7 * unit, zorder=2.5)


def _roads(axes: Axes, roads: gpd.GeoDataFrame, seen: BaseGeometry, unit: float) -> None:
    near = roads.geometry[roads.intersects(seen)].intersection(seen).union_all()
    _lines(axes, near, color="white", linewidth=2.0 * unit, zorder=3.4)
    _lines(axes, near, color=ROAD, linewidth=1.0 * unit, zorder=3.5)


def _grid(axes: Axes, frame: MapFrame, unit: float) -> None:
    eastings, northings = grid_kilometres(frame)
    how: dict[str, Any] = {"colors": GRID, "linewidths": 0.3 * unit, "alpha": 0.7, "zorder": 3.2}
    west, south, east, north = frame.extent
    upright = [[(km * 1000, south), (km * 1000, north)] for km in eastings]
    across = [[(west, km * 1000), (east, km * 1000)] for km in northings]
    axes.add_collection(LineCollection([*upright, *across], **how), autolim=False)


def _borders(axes: Axes, around: gpd.GeoDataFrame, unit: float) -> None:
    for level, lines in borders_of(around).lines.items():
        if level == "commune" and len(around) > MOST_COMMUNES:
            continue
        width, colour, dashes = LINES[level]
        style: Any = (0, dashes) if dashes else "solid"
        _lines(axes, lines, color=colour, linewidth=width * unit, linestyle=style, zorder=4)


def _outline(axes: Axes, content: MapContent, own: BaseGeometry, unit: float) -> None:
    """The area in a white-rimmed line, communes whose data are in doubt in dashes."""
    _lines(axes, own.boundary, color="white", linewidth=3.0 * unit, zorder=5)
    _lines(axes, own.boundary, color=LINE, linewidth=1.7 * unit, zorder=5.1)
    doubtful = content.ground.own.geometry.reindex(list(content.borderline)).dropna()
    if len(doubtful):
        rims = shapely.line_merge(shapely.union_all(doubtful.boundary.to_numpy()))
        _lines(axes, rims, color="white", linewidth=2.2 * unit, zorder=5.2)
        _lines(axes, rims, color=INK, linewidth=1.2 * unit, linestyle=(0, (3, 2)), zorder=5.3)
