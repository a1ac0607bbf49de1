"""Features as QGIS draws them (``.qml``): rules with colours, hatch and signs of the house."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

import geopandas as gpd
import numpy as np

from layers.assets import FAMILY, STATIC
from layers.legend import UNKNOWN_STEP
from locales import Language, text
from reports.exchange.looks import OUTLINE, Look
from reports.headings import heading

GEOMETRY = {"point": "0", "line": "1", "polygon": "2"}
"""Numbers of QGIS' ``QgsWkbTypes::GeometryType``."""
SYMBOL = {"point": "marker", "line": "line", "polygon": "fill"}
HATCH = "#7C8683"
RANKED = "suitability"
_RIM = "#6B7280"
_WEAK = "\"group\" = 'too-weak'"
_USABLE = '("group" IS NULL OR "group" <> \'too-weak\')'
_BORDERLINE = "\"group\" = 'borderline'"


@dataclass(frozen=True)
class Rule:
    """What is drawn where a filter holds: a row of the legend."""

    label: str
    filter: str
    layers: tuple[tuple[str, Mapping[str, str]], ...]
    """Class of a symbol layer of QGIS, and its properties."""


def feature_style(
    look: Look, frame: gpd.GeoDataFrame, name: str, language: Language, filled: bool = True
) -> Element:
    """The style of one layer.

    Parameters
    ----------
    name
        The layer; its columns are headed as in a workbook.
    filled
        Without it only outlines, hatch and dashes are drawn, and what lies beneath shows.
    """
    root = Element(
        "qgis",
        version="3.22.0",
        styleCategories="Symbology|Labeling|Fields",
        labelsEnabled="1" if look.label else "0",
    )
    _renderer(root, look.shape, tuple(_rules(look, frame, language, filled)))
    if look.label:
        _labels(root, look, language)
    SubElement(root, "blendMode").text = "0"
    SubElement(root, "layerGeometryType").text = GEOMETRY[look.shape]
    aliases = SubElement(root, "aliases")
    for place, column in enumerate(_columns(frame)):
        words = heading(column, language, name).words
        SubElement(aliases, "alias", index=str(place), field=column, name=words)
    return root


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    """Fields as they stand in a GeoPackage, the row number first."""
    named = [] if frame.index.name is None else [str(frame.index.name)]
    return ["fid", *named, *(str(one) for one in frame.columns if one != frame.geometry.name)]


def _rules(look: Look, frame: gpd.GeoDataFrame, language: Language, filled: bool) -> Iterator[Rule]:
    if look.shape == "point":
        yield from _of_signs(look, frame, language)
    elif look.scale is None or not filled:
        rim, width = (look.outline, 0.46) if look.scale is None else (_RIM, 0.2)
        yield Rule("", "", (_fill(None, rim, width),))
    else:
        yield from _of_steps(look, frame, language)
    # over a raster that ranks nothing (minutes, degradation) it does not matter how firm they are
    if look.graded and look.shape == "polygon" and (filled or look.column == RANKED):
        yield from _of_strength(frame, language, filled)


def _of_signs(look: Look, frame: gpd.GeoDataFrame, language: Language) -> Iterator[Rule]:
    known = [code for code in look.signs if code]
    for code in known:
        where = f"{_column(look.signed)} = {_words(code)}"
        yield Rule(text(f"map.machine_{code}", language), where, (_sign(look.signs[code]),))
    if known and frame[look.signed].isin(known).all():
        return
    words = text("map.machine_none", language) if known else ""
    yield Rule(words, "ELSE" if known else "", (_sign(look.signs[""]),))


def _of_steps(look: Look, frame: gpd.GeoDataFrame, language: Language) -> Iterator[Rule]:
    """A rule a step that occurs, and the hatch of what is not known."""
    assert look.scale is not None  # noqa: S101 - told by the caller
    column, usable = _column(look.column), [_USABLE] if look.graded else []
    used = {int(step) for step in np.unique(look.steps(frame))}
    bounds = tuple(pairwise((-math.inf, *look.scale.breaks, math.inf)))
    for step, (low, high) in enumerate(bounds):
        if step not in used:
            continue
        ends = [f"{column} > {low!r}"] * math.isfinite(low)
        ends += [f"{column} <= {high!r}"] * math.isfinite(high)
        label = look.scale.labels[step][0 if language == "en" else 1]
        where = " AND ".join([*usable, *ends])
        yield Rule(label, where, (_fill(look.scale.colours[step], _RIM, 0.1),))
    if UNKNOWN_STEP in used:
        missing = frame[look.column].isna()
        if look.graded:
            missing &= frame["group"] != "too-weak"
        if missing.any():
            where = " AND ".join([*usable, f"{column} IS NULL"])
            yield Rule(_capital(text("terms.no_data", language)), where, _hatch())


def _of_strength(frame: gpd.GeoDataFrame, language: Language, filled: bool) -> Iterator[Rule]:
    found = set(frame["group"].dropna())
    if "borderline" in found:
        kind, drawn = _fill(None, OUTLINE, 0.5)
        dashed = {**drawn, "outline_style": "dash"}
        yield Rule(_strength("borderline", language), _BORDERLINE, ((kind, dashed),))
    if "too-weak" in found:
        # what cannot be ranked shows no colour of a raster beneath either
        paper = () if filled else (_fill("#FFFFFF", _RIM, 0.1),)
        yield Rule(_strength("too-weak", language), _WEAK, (*paper, *_hatch()))


def _strength(group: str, language: Language) -> str:
    return text("map.strength", language, group=text(f"sites.group_{group}", language))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _words(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _fill(colour: str | None, rim: str, width: float) -> tuple[str, dict[str, str]]:
    return "SimpleFill", {
        "color": rgba(colour or "#FFFFFF"),
        "style": "solid" if colour else "no",
        "outline_color": rgba(rim),
        "outline_style": "solid",
        "outline_width": f"{width:g}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def _hatch() -> tuple[tuple[str, Mapping[str, str]], ...]:
    lines = {
        "angle": "45",
        "distance": "1.6",
        "distance_unit": "MM",
        "line_width": "0.26",
        "line_width_unit": "MM",
        "color": rgba(HATCH),
    }
    return ("LinePatternFill", lines), _fill(None, _RIM, 0.1)


def _sign(name: str) -> tuple[str, dict[str, str]]:
    """The very file of the pages, inside the style, so that it travels with it."""
    drawn = base64.b64encode((STATIC / "signs" / f"{name}.svg").read_bytes()).decode("ascii")
    # the tip of a pin is the place; the middle of any other sign
    foot = "2" if name.startswith("site") else "1"
    return "SvgMarker", {
        "name": f"base64:{drawn}",
        "size": "6",
        "size_unit": "MM",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": foot,
        "scale_method": "diameter",
    }


def rgba(colour: str) -> str:
    """A colour as QGIS writes it.

    >>> rgba("#0A5C4A")
    '10,92,74,255'
    """
    return ",".join(str(part) for part in (*bytes.fromhex(colour[1:]), 255))


def _renderer(root: Element, shape: str, rules: tuple[Rule, ...]) -> None:
    drawing = {"type": "RuleRenderer", "symbollevels": "0", "forceraster": "0"}
    renderer = SubElement(root, "renderer-v2", drawing, enableorderby="0")
    listed = SubElement(renderer, "rules", key="{rules}")
    symbols = SubElement(renderer, "symbols")
    for place, rule in enumerate(rules):
        stated = {"key": f"{{rule-{place}}}", "symbol": str(place), "label": rule.label}
        SubElement(listed, "rule", stated | ({"filter": rule.filter} if rule.filter else {}))
        symbol = SubElement(
            symbols, "symbol", name=str(place), type=SYMBOL[shape], alpha="1", clip_to_extent="1"
        )
        for kind, drawn in rule.layers:
            layer = SubElement(
                symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
            )
            _properties(layer, drawn)
            if kind == "LinePatternFill":
                _line_of_hatch(layer, place, drawn)


def _line_of_hatch(layer: Element, place: int, drawn: Mapping[str, str]) -> None:
    inner = SubElement(layer, "symbol", name=f"@{place}@0", type="line", alpha="1")
    line = SubElement(
        inner, "layer", {"class": "SimpleLine", "enabled": "1", "pass": "0", "locked": "0"}
    )
    width = {"line_width": drawn["line_width"], "line_width_unit": drawn["line_width_unit"]}
    _properties(line, {"line_color": drawn["color"], "line_style": "solid", **width})


def _properties(layer: Element, stated: Mapping[str, str]) -> None:
    """Twice, as QGIS 3.22 writes them: as options, and for older versions as ``prop``."""
    kept = SubElement(layer, "Option", type="Map")
    for name, value in stated.items():
        SubElement(kept, "Option", name=name, type="QString", value=value)
    for name, value in stated.items():
        SubElement(layer, "prop", k=name, v=value)


def _labels(root: Element, look: Look, language: Language) -> None:
    """Names in the language asked for, the other where there is none; Khmer in our own font."""
    others = [one for one in look.label if not one.endswith(f"_{language}")]
    own = [one for one in look.label if one.endswith(f"_{language}")]
    # an empty name is none
    said = ", ".join(f"nullif({_column(one)}, '')" for one in (*own, *others))
    words = f"coalesce({said})" if look.label else "''"
    if look.rank:
        words = f"to_string({_column(look.rank)}) || ' · ' || {words}"
    labelled = SubElement(root, "labeling", type="simple")
    settings = SubElement(labelled, "settings", calloutType="simple")
    style = SubElement(
        settings,
        "text-style",
        {
            "fieldName": words,
            "isExpression": "1",
            "fontFamily": FAMILY,
            "namedStyle": "Regular",
            "fontSize": "9",
            "fontSizeUnit": "Point",
            "fontWeight": "50",
            "textColor": rgba("#1E2A2B"),
            "textOpacity": "1",
            "multilineHeight": "1",
        },
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    SubElement(
        style, "text-buffer", halo, bufferColor=rgba("#FFFFFF"), bufferOpacity="1", bufferNoFill="1"
    )
    points = look.shape == "point"
    SubElement(
        settings,
        "placement",
        {"placement": "6" if points else "4", "dist": "2" if points else "0", "distUnits": "MM"},
        priority="8" if points else "5",
        centroidInside="1",
    )
    SubElement(
        settings,
        "rendering",
        {"drawLabels": "1", "displayAll": "0", "obstacle": "1", "scaleVisibility": "0"},
        fitInPolygonOnly="0" if points else "1",
        upsidedownLabels="0",
        limitNumLabels="0",
        maxNumLabels="2000",
    )
