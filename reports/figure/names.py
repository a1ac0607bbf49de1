"""Names on a map: which areas are named at its scale, in which size, in which script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.patheffects import withStroke
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from gis.grid import CRS, GEOGRAPHIC
from locales import Language
from reports.figure.content import CellField, Ground, MapContent
from reports.figure.labels import Labels, Placed, Wanted, place_labels
from reports.figure.numbered import draw_numbers, numbers_of
from reports.figure.page import INK, LINE, MUTED, Page
from reports.figure.paper import Box
from reports.figure.pins import Pin
from reports.figure.scale import MapFrame
from reports.figure.signs import PX_MM, paper_sign
from reports.figure.text import size_of

LEADERS = 16
"""Up to so many areas, one that is too small for its name has it beside itself."""
MANY = 60
"""From so many districts on, provinces are named first and communes not at all."""
_LEAST = 0.01
"""Share of the map that a neighbouring district must show to be named."""
_RIM = 1.0
"""Millimetres inside the frame that stay free of names."""
_TO_METRES = Transformer.from_crs(GEOGRAPHIC, CRS, always_xy=True)
_HALO = 2.2
KHMER = re.compile("[\u1780-\u17ff]")
_SECOND = 0.86
"""Size of the second script beside the first."""
_LINE = 0.86
"""Height of a line of a name, as a share of the height of its font."""


@dataclass(frozen=True)
class NameStyle:
    """How names of one rank are written; ``points`` at the size of A4."""

    points: float
    colour: str
    bold: bool
    rank: float


STYLES = {
    "province": NameStyle(11.0, LINE, True, 0.0),
    "district": NameStyle(9.6, LINE, True, 1.0),
    "commune": NameStyle(7.8, INK, True, 2.0),
    "small": NameStyle(6.8, INK, False, 2.0),
    "village": NameStyle(6.6, INK, False, 4.0),
    "around": NameStyle(8.0, MUTED, False, 5.0),
}
"""``small`` are communes under names of districts, ``around`` districts outside the area."""
_UNDER = 1.5
"""Millimetres between a village and a pin that stands on it."""
VILLAGE = "village"
"""The sign that has its name beside it."""


def draw_on_top(
    page: Page, content: MapContent, frame: MapFrame, pins: Sequence[Pin], taken: list[Box]
) -> Labels:
    """Signs, then names where there is room for them; in millimetres above the map.

    Parameters
    ----------
    pins
        Signs with their places.
    taken
        Boxes inside the frame that no name may cover.

    Returns
    -------
    Labels
        Those that found room and those that did not.
    """
    inside = frame.box.shrunk(_RIM)
    covered = [*taken, *_signs(page, pins)]
    labels = place_labels(tuple(_wanted(content, frame, page.unit)), inside, covered)
    for label in labels.placed:
        _draw(page, label)
    if isinstance(content.surface, CellField):
        written = [*covered, *(label.box for label in labels.placed)]
        draw_numbers(page, numbers_of(content.surface, frame, page.unit, written))
    return labels


def _signs(page: Page, pins: Sequence[Pin]) -> Iterator[Box]:
    """Draw signs; the box of each."""
    for pin in pins:
        page.sign(pin.sign.sign, pin.x, pin.y, pin.sign.number)
        yield pin.box


def _wanted(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    seen = shapely.box(*frame.extent)
    ground = content.ground
    for kind, areas in named_areas(ground):
        largest = float(areas.area.max())
        for row in areas.itertuples():
            words = in_scripts(row.name_en, row.name_km, content.scripts)
            yield _named(
                words,
                kind,
                _on_page(row.geometry, frame),
                unit,
                1 - row.geometry.area / largest,
                leader=kind in ("commune", "district") and len(areas) <= LEADERS,
            )
    yield from _villages(content, frame, unit)
    own = shapely.coverage_union_all(ground.own.geometry.to_numpy())
    others = ground.districts[ground.districts.intersects(seen)]
    for row in others.itertuples():
        rest = row.geometry.difference(own).intersection(seen)
        if rest.area >= _LEAST * seen.area:
            words = in_scripts(row.name_en, row.name_km, content.scripts)
            yield _named(words, "around", _on_page(rest, frame), unit, 0.0, leader=False)


def _villages(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    """Names of villages, each on a side of its sign; first those under a pin, beside that."""
    places = [frame.on_page(*_TO_METRES.transform(one.lon, one.lat)) for one in content.points]
    for sign, (x, y) in zip(content.points, places, strict=True):
        if sign.sign != VILLAGE or not sign.title:
            continue
        over = [
            max(paper_sign(other.sign).size) * PX_MM * unit
            for other, place in zip(content.points, places, strict=True)
            if np.hypot(place[0] - x, place[1] - y) < _UNDER
        ]
        first = STYLES[VILLAGE].rank - (len(over) > 1)
        size = _size(sign.title, VILLAGE, unit)
        yield Wanted(sign.title, size, shapely.Point(x, y), first, max(over), VILLAGE)


def named_areas(ground: Ground) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """The areas that are named, the highest first, by the style of their names."""
    own = ground.own
    districts = ground.districts.reindex(sorted(set(own["district"]))).dropna(subset="geometry")
    if len(districts) >= MANY:
        provinces = ground.provinces.reindex(sorted(set(own["province"])))
        yield "province", provinces.dropna(subset="geometry")
        yield "small", districts
    elif len(districts) > 1:
        yield "district", _only_own(districts, own)
        yield "small", own
    else:
        yield "commune", own


def _only_own(districts: gpd.GeoDataFrame, own: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Districts as far as they belong to the area."""
    shapes = own.geometry.groupby(own["district"]).agg(
        lambda parts: shapely.coverage_union_all(parts.to_numpy())
    )
    return districts.set_geometry(gpd.GeoSeries(shapes, crs=own.crs).reindex(districts.index))


def in_scripts(english: str, khmer: str, scripts: tuple[Language, ...]) -> str:
    """A name in the scripts asked for, one a line; without a Khmer one the English, marked.

    >>> in_scripts("Treng", "", ("km",)), in_scripts("Treng", "", ("km", "en"))
    ('Treng (en)', 'Treng (en)')
    """
    if "km" in scripts and not khmer:
        return f"{english} (en)"
    return "\n".join({"en": english, "km": khmer}[script] for script in scripts)


def _named(
    words: str, kind: str, place: BaseGeometry, unit: float, last: float, leader: bool
) -> Wanted:
    rank = STYLES[kind].rank + 0.9 * last
    halves = "\n".join(in_two(line) for line in words.split("\n"))
    narrow = None
    if halves != words:
        narrow = Wanted(halves, _size(halves, kind, unit), place, rank, kind=kind)
    size = _size(words, kind, unit)
    return Wanted(words, size, place, rank, kind=kind, leader=leader, narrow=narrow)


def in_two(name: str) -> str:
    """A name broken at the space next to its middle.

    >>> in_two("Kampong Sralau Muoy"), in_two("Treng")
    ('Kampong\\nSralau Muoy', 'Treng')
    """
    spaces = [place for place, char in enumerate(name) if char == " "]
    if not spaces:
        return name
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _lines(words: str, kind: str, unit: float) -> Iterator[tuple[str, float, bool]]:
    """Each line with its points and weight: the first script leads, the second follows."""
    style = STYLES[kind]
    lines = words.split("\n")
    both = KHMER.search(words) and any(not KHMER.search(line) for line in lines)
    for line in lines:
        second = bool(both) and not KHMER.search(line)
        yield line, style.points * unit * (_SECOND if second else 1.0), style.bold and not second


def _size(words: str, kind: str, unit: float) -> tuple[float, float]:
    """Width and height of a name in millimetres."""
    sizes = [size_of(*line) for line in _lines(words, kind, unit)]
    return max(wide for wide, _ in sizes), sum(high for _, high in sizes) * _LINE


def _on_page(shape: BaseGeometry, frame: MapFrame) -> BaseGeometry:
    middle, per_mm = np.array(frame.box.middle), frame.metres_per_mm
    return shapely.transform(shape, lambda xy: (xy - frame.middle) / per_mm + middle)


def _draw(page: Page, label: Placed) -> None:
    style = STYLES[label.wanted.kind]
    if label.leader is not None:
        (x0, y0), (x1, y1) = label.leader
        halo = [withStroke(linewidth=1.6 * page.unit, foreground="white")]
        page.line((x0, x1), (y0, y1), 0.6, zorder=7, path_effects=halo)
    how: dict[str, Any] = {
        "ha": "center",
        "va": "center",
        "color": style.colour,
        "zorder": 10,
        "path_effects": [withStroke(linewidth=_HALO * page.unit, foreground="white")],
    }
    x, top = label.box.middle[0], label.box.top
    for line, points, bold in _lines(label.wanted.text, label.wanted.kind, page.unit):
        high = size_of(line, points, bold)[1] * _LINE
        page.text(x, top - high / 2, line, points, bold=bold, **how)
        top -= high
