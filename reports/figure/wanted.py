"""Which areas are named at the scale of a map, and what has its place before what.

Names of the areas asked for go first, before signs that can move: a reader looks for them. One
that has room neither inside its area nor beside it becomes a letter, and the legend says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from gis.grid import CRS, GEOGRAPHIC
from layers.drawing import LegendGroup, LegendItem
from locales import Language, text
from reports.figure.both import BETWEEN
from reports.figure.content import Ground, MapContent
from reports.figure.labels import Labels, Wanted, place_labels
from reports.figure.names import GAP, STYLES, VILLAGE, in_scripts, name_size
from reports.figure.paper import Box
from reports.figure.pins import Pin, least_boxes
from reports.figure.scale import MapFrame
from reports.figure.signs import PX_MM, paper_sign

MANY = 60
"""From so many districts on, provinces are named first; beyond so many communes, they are not."""
LETTERS = {"en": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "km": "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភម"}
"""Stand for names without room; sites have numbers, and so have classes in print."""
_LEAST = 0.01
"""Share of the map that a neighbouring district must show to be named."""
_RIM = 1.0
"""Millimetres inside the frame that stay free of names."""
_UNDER = 1.5
"""Millimetres between a village and a pin that stands on it."""
_TRIES = 4
_FINE = 0.2
"""Millimetres to which the land of others is told."""
_TO_METRES = Transformer.from_crs(GEOGRAPHIC, CRS, always_xy=True)


@dataclass(frozen=True)
class First:
    """Names of the areas asked for; letter and name of those that are told in the legend."""

    labels: Labels
    key: tuple[tuple[str, str], ...] = ()


def first_names(content: MapContent, frame: MapFrame, unit: float) -> First:
    """Numbers of pages and names of the areas asked for, off sites and the middles of signs."""
    inside = frame.box.shrunk(_RIM)
    taken = least_boxes(content.points, content.ground.own, frame, unit)
    if content.numbers:
        numbers = _every(tuple(_numbers(content, frame, unit)), inside, taken)
        names = tuple(replace(one, others=None) for one in _asked(content, frame, unit))
        return First(place_labels(names, inside, taken, numbers))
    found = place_labels(tuple(_asked(content, frame, unit)), inside, taken)
    return _lettered(found, content, inside, taken, unit)


def _every(wanted: tuple[Wanted, ...], inside: Box, taken: Sequence[Box]) -> Labels:
    """Labels of which none must be missing: what found no room goes first in the next try."""
    for _ in range(_TRIES):
        found = place_labels(wanted, inside, taken)
        if not found.left_out:
            break
        left = {label.text for label in found.left_out}
        wanted = tuple(replace(one, rank=one.rank - (one.text in left)) for one in wanted)
    return found


def _lettered(
    found: Labels, content: MapContent, inside: Box, taken: Sequence[Box], unit: float
) -> First:
    """Letters for the names that found no room; where there are too many, they stay left out."""
    letters = LETTERS[content.languages[0] if len(content.languages) == 1 else "en"]
    if len(found.left_out) > len(letters):
        return First(found)
    names = dict(zip(letters, found.left_out, strict=False))
    wanted = [
        Wanted(
            letter,
            name_size(letter, "letter", unit),
            label.place,
            number,
            kind="letter",
            others=label.others,
            loose=True,
        )
        for number, (letter, label) in enumerate(names.items())
    ]
    placed = place_labels(wanted, inside, taken, Labels(found.placed))
    left = {label.text for label in placed.left_out}
    key = {letter: label.text for letter, label in names.items() if letter not in left}
    without = tuple(label for letter, label in names.items() if letter in left)
    told = tuple((letter, words.replace("\n", BETWEEN)) for letter, words in key.items())
    return First(Labels(placed.placed, without), told)


def key_of(first: First, languages: Sequence[Language]) -> tuple[LegendGroup, ...]:
    """What the letters on the map stand for."""
    if not first.key:
        return ()
    title = BETWEEN.join(text("figure.letters", language) for language in languages)
    items = (LegendItem(f"{letter}{GAP}{name}", style="words") for letter, name in first.key)
    return (LegendGroup(title, tuple(items)),)


def all_names(
    content: MapContent, frame: MapFrame, unit: float, pins: Sequence[Pin], first: First
) -> Labels:
    """The names placed before with those that take what room is left beside the signs."""
    rest = (
        *_lower(content, frame, unit),
        *_villages(content, frame, unit),
        *_around(content, frame, unit),
    )
    covered = [pin.box for pin in pins]
    return place_labels(rest, frame.box.shrunk(_RIM), covered, first.labels)


def _asked(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    for kind, areas in named_areas(content.ground):
        if kind == "small":
            continue
        places = [_on_page(shape, frame) for shape in areas.geometry]
        land = shapely.union_all([place.simplify(_FINE) for place in places])
        for wanted, place in zip(_of(areas, kind, content, frame, unit), places, strict=True):
            others = None if kind == "province" else land.difference(place.buffer(_FINE * 2))
            yield replace(wanted, others=others)


def _lower(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    for kind, areas in named_areas(content.ground):
        if kind == "small":
            yield from _of(areas, kind, content, frame, unit)


def _of(
    areas: gpd.GeoDataFrame, kind: str, content: MapContent, frame: MapFrame, unit: float
) -> Iterator[Wanted]:
    """The larger an area, the earlier its name."""
    largest = float(areas.area.max())
    for row in areas.itertuples():
        words = in_scripts(row.name_en, row.name_km, content.scripts)
        last = 1 - row.geometry.area / largest
        yield _named(words, kind, _on_page(row.geometry, frame), unit, last)


def _numbers(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    """Numbers of pages, the smallest area first: it has the fewest places for its own."""
    own = content.ground.own
    whole = _on_page(shapely.coverage_union_all(own.geometry.to_numpy()), frame).simplify(_FINE)
    for code, words in content.numbers:
        part = own.geometry[own.index.str.startswith(code)].to_numpy()
        place = _on_page(shapely.coverage_union_all(part), frame)
        rank = STYLES["page"].rank + 0.9 * place.area / whole.area
        others = whole.difference(place.buffer(_FINE * 2))
        large, small = (
            Wanted(words, name_size(words, kind, unit), place, rank, kind=kind)
            for kind in ("page", "page-small")
        )
        yield replace(large, narrow=replace(small, others=others, loose=True))


def _around(content: MapContent, frame: MapFrame, unit: float) -> Iterator[Wanted]:
    """Neighbouring districts, as far as they are seen."""
    seen, ground = shapely.box(*frame.extent), content.ground
    own = shapely.coverage_union_all(ground.own.geometry.to_numpy())
    others = ground.districts[ground.districts.intersects(seen)]
    for row in others.itertuples():
        rest = row.geometry.difference(own).intersection(seen)
        if rest.area >= _LEAST * seen.area:
            words = in_scripts(row.name_en, row.name_km, content.scripts)
            yield _named(words, "around", _on_page(rest, frame), unit, 0.0)


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
        size = name_size(sign.title, VILLAGE, unit)
        yield Wanted(sign.title, size, shapely.Point(x, y), first, max(over), VILLAGE)


def named_areas(ground: Ground) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """The areas that are named, the highest first, by the style of their names."""
    own = ground.own
    districts = ground.districts.reindex(sorted(set(own["district"]))).dropna(subset="geometry")
    provinces = ground.provinces.reindex(sorted(set(own["province"]))).dropna(subset="geometry")
    if len(districts) >= MANY:
        yield "province", provinces
        yield "small", districts
    elif len(districts) > 1:
        if _whole(ground, provinces):
            yield "province", provinces
        yield "district", _only_own(districts, own)
        if len(own) <= MANY:
            yield "small", own
    else:
        yield "commune", own


def _whole(ground: Ground, provinces: gpd.GeoDataFrame) -> bool:
    """Whether several provinces are asked for, each with all its districts."""
    inside = ground.districts["province"].isin(provinces.index)
    asked = set(ground.own["district"])
    return len(provinces) > 1 and asked.issuperset(ground.districts.index[inside])


def _only_own(districts: gpd.GeoDataFrame, own: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Districts as far as they belong to the area."""
    shapes = own.geometry.groupby(own["district"]).agg(
        lambda parts: shapely.coverage_union_all(parts.to_numpy())
    )
    return districts.set_geometry(gpd.GeoSeries(shapes, crs=own.crs).reindex(districts.index))


def _named(words: str, kind: str, place: BaseGeometry, unit: float, last: float) -> Wanted:
    rank = STYLES[kind].rank + 0.9 * last
    halves = "\n".join(in_two(line) for line in words.split("\n"))
    narrow = None
    if halves != words:
        narrow = Wanted(halves, name_size(halves, kind, unit), place, rank, kind=kind)
    return Wanted(words, name_size(words, kind, unit), place, rank, kind=kind, narrow=narrow)


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


def _on_page(shape: BaseGeometry, frame: MapFrame) -> BaseGeometry:
    middle, per_mm = np.array(frame.box.middle), frame.metres_per_mm
    return shapely.transform(shape, lambda xy: (xy - frame.middle) / per_mm + middle)
