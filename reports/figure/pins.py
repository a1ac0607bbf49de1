"""Signs on a page, none over another: the better one keeps its place, others give way.

A sign that stands for a commune moves inside it; what finds no room becomes a dot in its place,
and the legend says how many did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from gis.grid import CRS, GEOGRAPHIC
from layers.drawing import LegendGroup, LegendItem, Sign
from layers.signs import MACHINE_SIGNS
from locales import Language, text
from registry.vocabulary import NO_TILL_MACHINE
from reports.figure.both import beside
from reports.figure.paper import Box
from reports.figure.scale import MapFrame
from reports.figure.signs import PX_MM, paper_sign

DOTS = (
    ("dot-site", "figure.dot_site", ("site-proposed",)),
    ("dot-plots", "figure.dot_plots", ("plots-together",)),
    ("dot-provider", "figure.dot_provider", (*MACHINE_SIGNS.values(), "machine")),
)
"""A dot, its words, and the signs that it stands for; those that matter most first."""
_FIRST = ("site-proposed", "plots-together", MACHINE_SIGNS[NO_TILL_MACHINE])
_ORDER = (*_FIRST, *MACHINE_SIGNS.values())
_TOUCH = 0.8
"""Signs are round or pointed: their boxes may share a rim."""
_AWAY = (0.7, 1.1, 1.6, 2.2)
"""How far a sign moves inside its commune, in its own size."""
_TURNS = 8
_TO_METRES = Transformer.from_crs(GEOGRAPHIC, CRS, always_xy=True)


@dataclass(frozen=True)
class Pin:
    """A sign with its middle on the page, and its box; all in millimetres."""

    sign: Sign
    x: float
    y: float
    box: Box


def pins_of(
    signs: Sequence[Sign],
    own: gpd.GeoDataFrame,
    frame: MapFrame,
    unit: float,
    covered: Sequence[Box] = (),
) -> tuple[Pin, ...]:
    """Signs inside the frame in the order in which they are drawn: dots lie lowest.

    Parameters
    ----------
    own
        Communes of the area in metres: a sign of an area moves no farther than its land.
    covered
        Names that have their places already.
    """
    taken = list(covered)
    kept: dict[int, Pin] = {}
    for position in sorted(range(len(signs)), key=lambda place: _rank(signs[place], place)):
        sign = signs[position]
        pin = _pin(sign, frame.on_page(*_TO_METRES.transform(sign.lon, sign.lat)), unit)
        if not frame.box.holds(pin.box):
            continue
        dot = _dot_of(sign)
        if dot and _hit(pin.box, taken):
            pin = _moved(pin, own, frame, unit, taken) or _dotted(pin, dot, unit)
        if dot and pin.sign.sign != dot:
            taken.append(pin.box)
        kept[position] = pin
    drawn = [kept[position] for position in sorted(kept)]
    return tuple(sorted(drawn, key=lambda pin: not _is_dot(pin.sign.sign)))


def least_boxes(
    signs: Sequence[Sign], own: gpd.GeoDataFrame, frame: MapFrame, unit: float
) -> list[Box]:
    """What signs cover at least: sites as they are drawn, others as if they were dots."""
    sites = [sign for sign in signs if sign.sign == _FIRST[0]]
    rest = [
        _pin(sign if not (dot := _dot_of(sign)) else replace(sign, sign=dot), at, unit)
        for sign in signs
        if sign.sign != _FIRST[0]
        for at in (frame.on_page(*_TO_METRES.transform(sign.lon, sign.lat)),)
    ]
    return [pin.box for pin in (*pins_of(sites, own, frame, unit), *rest)]


def legend_with(
    legend: Sequence[LegendGroup], pins: Sequence[Pin], languages: Sequence[Language]
) -> tuple[LegendGroup, ...]:
    """The legend with how many signs are dots, and without signs that all became dots."""
    drawn = Counter(pin.sign.sign for pin in pins)
    groups = (replace(group, items=tuple(_items(group, drawn, languages))) for group in legend)
    return tuple(group for group in groups if group.items or group.note)


def _items(
    group: LegendGroup, drawn: Counter[str], languages: Sequence[Language]
) -> Iterator[LegendItem]:
    ours = {sign for _, _, signs in DOTS for sign in signs}
    here = {item.sign for item in group.items}
    first = [item for item in group.items if item.sign in ours]
    yield from (item for item in first if drawn[item.sign])
    for dot, key, signs in DOTS:
        if drawn[dot] and here.intersection(signs):
            words = (text(key, language, count=drawn[dot]) for language in languages)
            yield LegendItem(reduce(beside, words), sign=dot)
    yield from (item for item in group.items if item.sign not in ours)


def _rank(sign: Sign, place: int) -> tuple[int, int]:
    """Sites, counts, providers, a planter first; among equals what is drawn last: the best site."""
    return next((n for n, name in enumerate(_ORDER) if name == sign.sign), len(_ORDER)), -place


def _dot_of(sign: Sign) -> str:
    return next((dot for dot, _, signs in DOTS if sign.sign in signs), "")


def _is_dot(name: str) -> bool:
    return any(name == dot for dot, _, _ in DOTS)


def _pin(sign: Sign, at: tuple[float, float], unit: float) -> Pin:
    wide, high = (side * PX_MM * unit for side in paper_sign(sign.sign).size)
    return Pin(sign, *at, Box(at[0] - wide / 2, at[1] - high / 2, wide, high))


def _hit(box: Box, taken: Sequence[Box]) -> bool:
    core = box.shrunk(box.width * (1 - _TOUCH) / 2)
    return any(core.overlaps(other) for other in taken)


def _moved(
    pin: Pin, own: gpd.GeoDataFrame, frame: MapFrame, unit: float, taken: Sequence[Box]
) -> Pin | None:
    """The nearest free place in the land that the sign stands for; a site stays where it is.

    A base gives way by little more than its own size, inside the area.
    """
    if pin.sign.kind not in ("area", "base"):
        return None
    base = pin.sign.kind == "base"
    land = own.geometry if base else own.geometry[own.index.str.startswith(pin.sign.id)]
    shape = shapely.union_all(land.to_numpy())
    for away in _AWAY[:2] if base else _AWAY:
        for turn in range(_TURNS):
            angle = 2 * np.pi * turn / _TURNS
            x = pin.x + away * pin.box.width * float(np.cos(angle))
            y = pin.y + away * pin.box.width * float(np.sin(angle))
            found = _pin(pin.sign, (x, y), unit)
            if not frame.box.holds(found.box) or _hit(found.box, taken):
                continue
            if shapely.contains_xy(shape, *frame.on_ground(x, y)):
                return found
    return None


def _dotted(pin: Pin, dot: str, unit: float) -> Pin:
    return _pin(replace(pin.sign, sign=dot, number=""), (pin.x, pin.y), unit)
