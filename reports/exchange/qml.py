"""Features as QGIS draws them (``.qml``): rules with colours, hatch and signs of the house."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

import geopandas as gpd

from layers.assets import FAMILY
from locales import Language
from reports.exchange.looks import Look
from reports.exchange.rules import Rule, column_of, rgba, rules_of
from reports.headings import heading

GEOMETRY = {"point": "0", "line": "1", "polygon": "2"}
"""Numbers of QGIS' ``QgsWkbTypes::GeometryType``."""
SYMBOL = {"point": "marker", "line": "line", "polygon": "fill"}


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
    _renderer(root, look.shape, tuple(rules_of(look, frame, language, filled)))
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
        for level, (kind, drawn) in enumerate(rule.layers):
            layer = SubElement(
                symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
            )
            _properties(layer, drawn)
            if kind == "LinePatternFill":
                _line_of_hatch(layer, f"@{place}@{level}", drawn)


def _line_of_hatch(layer: Element, name: str, drawn: Mapping[str, str]) -> None:
    inner = SubElement(layer, "symbol", name=name, type="line", alpha="1")
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
    said = ", ".join(f"nullif({column_of(one)}, '')" for one in (*own, *others))
    words = f"coalesce({said})" if look.label else "''"
    if look.rank:
        words = f"to_string({column_of(look.rank)}) || ' · ' || {words}"
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
