"""What a web map shows, as values: area, surface, signs, legend, selection. No folium here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely

from locales import Language

Bounds = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east corner, latitude first, as Leaflet wants them."""

DECIMALS = 4
"""Digits of a degree that a map needs: about 11 m."""

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_AS_ESCAPES = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&`$'{}_\u2028\u2029"})


def esc(value: object) -> str:
    """Anything as a JavaScript value in which no text can become code or markup.

    Everything untrusted reaches a map through here, as a property of GeoJSON. Besides HTML and
    template literals, braces and underscores inside texts are escaped: streamlit-folium rewrites
    both when it renames variables.

    >>> esc({"t": "</script>"}) == '{"t":"' + chr(92) + 'u003c/script' + chr(92) + 'u003e"}'
    True
    """
    document = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _STRINGS.sub(lambda found: found[0].translate(_AS_ESCAPES), document)


@dataclass(frozen=True)
class LegendItem:
    """One row: a sign of ``static/signs``, or a swatch with a colour and a style."""

    text: str
    sign: str = ""
    colour: str = ""
    style: Literal[
        "fill",
        "hatch",
        "cross",
        "dots",
        "dashed",
        "commune",
        "district",
        "province",
        "area",
        "words",
    ] = "fill"


@dataclass(frozen=True)
class LegendGroup:
    title: str
    items: tuple[LegendItem, ...]
    note: str = ""


@dataclass(frozen=True)
class UnitSurface:
    """Communes filled by code; ``unknown`` ones are hatched."""

    colours: Mapping[str, str]
    unknown: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": "units", "colours": dict(self.colours)}


@dataclass(frozen=True)
class PictureSurface:
    """A palette picture in Web Mercator, by address; ``size`` is columns and rows."""

    url: str
    bounds: Bounds
    size: tuple[int, int]
    unknown: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": "image", "url": self.url, "bounds": self.bounds, "size": self.size}


Surface = UnitSurface | PictureSurface


@dataclass(frozen=True)
class Sign:
    """A point with a sign; ``title`` is shown on hover and may be anybody's text."""

    kind: str
    id: str
    lon: float
    lat: float
    sign: str
    title: str
    number: str = ""
    language: Language = "en"

    def as_feature(self) -> dict[str, Any]:
        properties = asdict(self)
        point = [round(properties.pop("lon"), 5), round(properties.pop("lat"), 5)]
        return {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Point", "coordinates": point},
        }


@dataclass(frozen=True)
class Hatch:
    """Hatch lines for one zoom level: GeoJSON lines already cut at their polygons."""

    zoom: float
    lines: Mapping[str, Any]


@dataclass(frozen=True)
class Drawing:
    """Everything on the map that may change while the view stays."""

    language: Language
    texts: Mapping[str, str]
    surface: Surface | None = None
    compare: Surface | None = None
    opacity: float = 0.6
    hatch: tuple[Hatch, ...] = ()
    borderline: tuple[str, ...] = ()
    roads: bool = False
    names: tuple[Literal["commune", "village"], ...] = ()
    points: tuple[Sign, ...] = ()
    pins: tuple[Sign, ...] = ()
    pin: str = ""
    unit: str = ""
    place: tuple[float, float] | None = None
    legend: tuple[LegendGroup, ...] = ()
    chips: tuple[str, ...] = ()
    stamp: str = ""
    note: str = ""
    measure: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "texts": dict(self.texts),
            "surface": self.surface.as_json() if self.surface else None,
            "compare": self.compare.as_json() if self.compare else None,
            "opacity": self.opacity,
            # not asdict: it would copy every one of some ten thousand lines
            "hatch": [{"zoom": level.zoom, "lines": level.lines} for level in self.hatch],
            "borderline": list(self.borderline),
            "roads": self.roads,
            "names": list(self.names),
            "points": collection(sign.as_feature() for sign in self.points),
            "pins": collection(sign.as_feature() for sign in self.pins),
            "pin": self.pin,
            "unit": self.unit,
            "place": self.place,
            "legend": [asdict(group) for group in self.legend],
            "chips": list(self.chips),
            "stamp": self.stamp,
            "note": self.note,
            "measure": self.measure,
        }


@dataclass(frozen=True)
class Backdrop:
    """The area under every drawing, ready as JavaScript; ``version`` names what it was made of."""

    script: str = field(repr=False)
    bounds: Bounds
    version: str


def collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def features(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> dict[str, Any]:
    """A GeoJSON collection of a frame in EPSG:4326, rounded to what a map needs."""
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    rows = frame[list(columns)].to_dict("records")
    return collection(
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    )


def bounds_of(frame: gpd.GeoDataFrame) -> Bounds:
    west, south, east, north = (float(edge) for edge in frame.total_bounds)
    return (south, west), (north, east)
