"""A result for phones and Google Earth: places with their signs, polygons in their colours."""

from __future__ import annotations

import html
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from numbers import Real
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import simplekml

from gis.analysis import Result
from gis.grid import GEOGRAPHIC
from layers.hatch import hatch_lines
from layers.legend import UNKNOWN_STEP
from locales import Language, number, text
from reports.document.shown import cell
from reports.exchange.geopackage import about_table
from reports.exchange.icons import icon
from reports.exchange.looks import HATCH, HATCHED, NOT_RANKED, PIN, Look, look_of
from reports.exchange.unranked import with_unranked
from reports.headings import SCORE, analysis_title, heading, in_words, sheet_title
from reports.stamps import stamp_of

TOLERANCE_M = 60.0
"""How far an outline may move: a phone has no use for more, and grows slow."""
DECIMALS = 5
_ALPHA = "a6"
_LINES = 120
"""Lines of hatch from one side of a layer to the other."""
_SHARED = frozenset({"communes", "districts", "provinces"})
"""Polygons that touch: their common lines are simplified once."""
_SHOWN = ("sites", "new_bases", "bases", "service_providers", "plots", "communes", NOT_RANKED)
_SMALL = frozenset({"plots"})
"""Outlines smaller than what others may lose."""
_MANY = 400
"""More polygons than this are told, not drawn, until somebody switches them on."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONE_AT_A_TIME = threading.Lock()
"""simplekml keeps the document that it is writing in a variable of its own."""


def kmz(result: Result, language: Language) -> bytes:
    """The features of a result as the content of a ``.kmz``, in WGS 84, with the signs inside."""
    signs: set[str] = set()
    with _ONE_AT_A_TIME:
        document = _document(result, language, signs)
        written = document.kml(format=False)
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("doc.kml", '<?xml version="1.0" encoding="UTF-8"?>\n' + written)
        for name in sorted(signs):
            package.writestr(_file(name), icon(name))
    return content.getvalue()


def kml_colour(colour: str, alpha: str = "ff") -> str:
    """A colour as KML writes it: opacity, blue, green, red.

    >>> kml_colour("#0A5C4A")
    'ff4a5c0a'
    """
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{alpha}{blue}{green}{red}".lower()


def _document(result: Result, language: Language, signs: set[str]) -> simplekml.Kml:
    result = with_unranked(result)
    made = result.provenance
    title = analysis_title(made, language)
    if stamp := stamp_of(result, language):
        title = f"{title} ({stamp})"
    document = simplekml.Kml(name=plain(title), description=_about(result, language))
    for name, frame in result.outcome.features.items():
        if frame.empty:
            continue
        look = look_of(name, frame, made)
        folder = document.newfolder(name=plain(_title(name, language)), open=0)
        if legend := _legend(look, frame, language):
            folder.description = legend
        shown = name in _SHOWN and (look.shape == "point" or len(frame) <= _MANY)
        folder.visibility = int(shown)
        told = _Told(name, language, made.parameters)
        if look.shape == "point":
            signs |= _points(folder, frame, look, told, shown)
        else:
            _polygons(folder, name, frame, look, told, shown)
    return document


def _title(name: str, language: Language) -> str:
    return sheet_title({"bases": "providers", "new_bases": "sites"}.get(name, name), language)


def _about(result: Result, language: Language) -> str:
    rows = about_table(result, language).itertuples(index=False)
    return "<br>".join(html.escape(plain(" ".join(row).strip())) for row in rows)


def _legend(look: Look, frame: gpd.GeoDataFrame, language: Language) -> str:
    """What occurs, a square before each: coloured, or hatched as the polygons are."""
    if look.signed and look.shape == "polygon":
        there = [HATCHED[what] for what in HATCHED if (frame[look.signed] == what).any()]
        return "<br>".join(_hatched_row(text(key, language), ways) for key, ways in there)
    if look.scale is None:
        return ""
    items = look.scale.items((int(step) for step in look.steps(frame)), language)
    rows = [
        f'<span style="color:{item.colour}">&#9632;</span> {html.escape(item.text)}'
        if item.colour
        else _hatched_row(item.text, 1)
        for item in items
    ]
    return "<br>".join(rows)


def _hatched_row(words: str, ways: int) -> str:
    square = "&#9641;" if ways == 2 else "&#9640;"
    return f'<span style="color:{HATCH}">{square}</span> {html.escape(words)}'


class _Told:
    """The words of a layer: what its places are called, and what is known of them."""

    def __init__(self, layer: str, language: Language, parameters: Mapping[str, Any]) -> None:
        self.layer, self.language, self.parameters = layer, language, parameters

    def name(self, row: Mapping[str, Any], look: Look) -> str:
        if look.signed and look.shape == "polygon":
            return str(in_words(look.signed, row[look.signed], self.language, self.parameters))
        columns = sorted(look.label, key=lambda one: not one.endswith(f"_{self.language}"))
        words = (row[column] for column in columns if isinstance(row[column], str) and row[column])
        called = plain(next(words, ""))
        return f"{row[look.rank]} · {called}" if look.rank else called

    def description(self, row: Mapping[str, Any], columns: list[str]) -> str:
        other = "_km" if self.language == "en" else "_en"
        lines = []
        for column in columns:
            words = heading(column, self.language, self.layer)
            if words.words == column or (column.endswith(other) and not column.startswith("name")):
                continue
            if value := self._value(column, row[column], words.counts):
                lines.append(f"{html.escape(words.words)}: {html.escape(plain(value))}")
        return "<br>".join(lines)

    def _value(self, column: str, value: Any, counts: str) -> str:
        """As documents tell it, but for scores, whose range from 0 to 1 nothing says here."""
        if value is None or pd.isna(value):
            return cell(None, counts, self.language)
        if isinstance(value, Real):
            if counts == SCORE:
                return number(float(value), self.language, 2)
            return cell(value, counts, self.language)
        return str(in_words(column, value, self.language, self.parameters))


def plain(words: str) -> str:
    """A text without what XML cannot hold, or what simplekml would pass on as it stands.

    >>> plain("a<![CDATA[<b>]]>" + chr(0))
    'a<b>]]>'
    """
    return _NOT_XML.sub("", words).replace("<![CDATA[", "")


def _rows(frame: gpd.GeoDataFrame) -> tuple[list[str], Iterator[dict[str, Any]]]:
    flat = frame if frame.index.name is None else frame.reset_index()
    columns = [str(one) for one in flat.columns if one != flat.geometry.name]
    return columns, (dict(row) for row in flat[columns].to_dict("records"))


def _points(
    folder: simplekml.Folder, frame: gpd.GeoDataFrame, look: Look, told: _Told, shown: bool
) -> set[str]:
    """Places with the signs that they bear."""
    styles: dict[str, simplekml.Style] = {}
    columns, rows = _rows(frame)
    for row, point in zip(rows, frame.geometry.to_crs(GEOGRAPHIC), strict=True):
        if point is None or point.is_empty:
            continue
        sign = look.sign_of(row)
        placed = folder.newpoint(
            name=told.name(row, look),
            coords=[(round(point.x, DECIMALS), round(point.y, DECIMALS))],
            description=told.description(row, columns),
            visibility=int(shown),
        )
        placed.style = styles.setdefault(sign, _sign_style(sign))
    return set(styles)


def _sign_style(sign: str) -> simplekml.Style:
    style = simplekml.Style()
    style.iconstyle.icon.href = _file(sign)
    style.iconstyle.scale = 1.0
    # the tip of a pin is the place
    foot = 0.0 if sign == PIN else 0.5
    style.iconstyle.hotspot = simplekml.HotSpot(x=0.5, y=foot, xunits="fraction", yunits="fraction")
    style.labelstyle.scale = 0.8
    return style


def _file(sign: str) -> str:
    return f"files/{sign}.png"


def _polygons(
    folder: simplekml.Folder,
    name: str,
    frame: gpd.GeoDataFrame,
    look: Look,
    told: _Told,
    shown: bool,
) -> None:
    kept = name in _SMALL
    shapes = frame.geometry if kept else simplified(frame.geometry, shared=name in _SHARED)
    shapes = shapes.to_crs(GEOGRAPHIC)
    steps, hatch = look.steps(frame), _hatch(frame, look)
    styles = {step: _fill_style(look, step) for step in {int(one) for one in steps}}
    columns, rows = _rows(frame)
    for row, shape, step, lines in zip(rows, shapes, steps, hatch, strict=True):
        if shape is None or shape.is_empty:
            continue
        drawn = folder.newmultigeometry(
            name=told.name(row, look),
            description=told.description(row, columns),
            visibility=int(shown),
        )
        drawn.style = styles[int(step)]
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                drawn.newpolygon(
                    outerboundaryis=_ring(part.exterior),
                    innerboundaryis=[_ring(hole) for hole in part.interiors],
                )
        for line in shapely.get_parts(lines):
            drawn.newlinestring(coords=_ring(line))


def _fill_style(look: Look, step: int) -> simplekml.Style:
    style = simplekml.Style()
    hatched = step == UNKNOWN_STEP and (look.scale is not None or look.signed != "")
    style.linestyle.color = kml_colour(HATCH if hatched else look.outline)
    style.linestyle.width = 1.0 if hatched else 1.5
    if look.scale is None or step == UNKNOWN_STEP:
        # what is not known has no colour but the lines of its hatch
        style.polystyle.fill = 0
    else:
        style.polystyle.color = kml_colour(look.scale.colours[step], _ALPHA)
    return style


def _hatch(frame: gpd.GeoDataFrame, look: Look) -> gpd.GeoSeries:
    """KML has no hatch: its lines are drawn, inside the polygons that no colour fills.

    In WGS 84, of each feature one geometry, empty where it has a colour or only an outline.
    """
    west, south, east, north = frame.total_bounds
    spacing = max(east - west, north - south) / _LINES
    lines = [shapely.MultiLineString()] * len(frame)
    for place, step in enumerate(look.steps(frame)):
        shape = frame.geometry.iloc[place]
        hatched = step == UNKNOWN_STEP and (look.scale is not None or look.signed != "")
        if hatched and shape is not None and not shape.is_empty:
            ways = HATCHED[frame[look.signed].iloc[place]][1] if look.signed else 1
            found = [hatch_lines(np.array([shape]), spacing, way) for way in (1, -1)[:ways]]
            lines[place] = shapely.MultiLineString([*np.concatenate(found)])
    return gpd.GeoSeries(lines, crs=frame.crs).to_crs(GEOGRAPHIC)


def _ring(ring: shapely.LineString) -> list[tuple[float, float]]:
    return [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring.coords]


def simplified(shapes: gpd.GeoSeries, shared: bool) -> gpd.GeoSeries:
    """Outlines with fewer corners, in metres; those that share lines still fit together."""
    if shared:
        return gpd.GeoSeries(
            shapely.coverage_simplify(shapes.to_numpy(), TOLERANCE_M), shapes.index, shapes.crs
        )
    return shapes.simplify(TOLERANCE_M)
