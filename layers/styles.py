"""What a GIS draws classes and bands by: a style for QGIS, an attribute table for the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from layers.colours import PaletteClass
from layers.legend import Scale
from locales import LANGUAGES

_INTEGER, _TEXT = "0", "2"
"""Numbers of GDAL's ``GDALRATFieldType``."""
_USAGE = {"value": "5", "name": "2", "red": "6", "green": "7", "blue": "8", "other": "0"}
"""Numbers of GDAL's ``GDALRATFieldUsage``."""


def qgis_style(classes: Sequence[PaletteClass], tags: Mapping[str, str]) -> str:
    """A QGIS style (``.qml``) for the codes of a class raster, titles in both languages."""
    root, renderer = _style("paletted", tags)
    entries = SubElement(renderer, "colorPalette")
    for item in classes:
        stated = {"value": str(item.code), "color": item.colour, "label": item.both}
        SubElement(entries, "paletteEntry", stated, alpha="255")
    return _xml(root)


def qgis_bands(scale: Scale, tags: Mapping[str, str]) -> str:
    """A QGIS style (``.qml``) for a quantity in bands, words in both languages.

    ``DISCRETE`` takes a value on a limit into the band below it, as the bands do.
    """
    root, renderer = _style("singlebandpseudocolor", tags)
    limits = [f"{limit:g}" for limit in (*scale.breaks, math.inf)]
    renderer.set("classificationMin", limits[0])
    renderer.set("classificationMax", limits[-1])
    how = {"colorRampType": "DISCRETE", "classificationMode": "1", "clip": "0"}
    shader = SubElement(SubElement(renderer, "rastershader"), "colorrampshader", how)
    for item, limit in zip(banded(scale), limits, strict=True):
        stated = {"value": limit, "color": item.colour, "label": item.both}
        SubElement(shader, "item", stated, alpha="255")
    return _xml(root)


def banded(scale: Scale) -> tuple[PaletteClass, ...]:
    """The bands of a quantity as classes, numbered from 1."""
    return tuple(
        PaletteClass(number, number, colour, dict(zip(LANGUAGES, label, strict=True)))
        for number, (colour, label) in enumerate(zip(scale.colours, scale.labels, strict=True), 1)
    )


def _style(kind: str, tags: Mapping[str, str]) -> tuple[Element, Element]:
    """An empty style with the tags as its properties, and its renderer."""
    root = Element("qgis", version="3.22", styleCategories="Symbology|CustomProperties")
    kept = SubElement(SubElement(root, "customproperties"), "Option", type="Map")
    for name, value in tags.items():
        SubElement(kept, "Option", name=name, type="QString", value=value)
    drawing = {"type": kind, "band": "1", "opacity": "1", "alphaBand": "-1"}
    return root, SubElement(SubElement(root, "pipe"), "rasterrenderer", drawing, nodataColor="")


def attribute_table(classes: Sequence[PaletteClass], tags: Mapping[str, str]) -> str:
    """GDAL's sidecar (``.aux.xml``) with the raster attribute table of a palette picture."""
    root = Element("PAMDataset")
    stated = SubElement(root, "Metadata")
    for name, value in tags.items():
        SubElement(stated, "MDI", key=name).text = value
    band = SubElement(root, "PAMRasterBand", band="1")
    table = SubElement(band, "GDALRasterAttributeTable", tableType="thematic")
    columns = (
        ("Value", _INTEGER, "value"),
        ("Code", _INTEGER, "other"),
        ("Class", _TEXT, "name"),
        ("Class_km", _TEXT, "other"),
        ("Red", _INTEGER, "red"),
        ("Green", _INTEGER, "green"),
        ("Blue", _INTEGER, "blue"),
    )
    for place, (name, kind, usage) in enumerate(columns):
        column = SubElement(table, "FieldDefn", index=str(place))
        for key, value in (("Name", name), ("Type", kind), ("Usage", _USAGE[usage])):
            SubElement(column, key).text = value
    for place, item in enumerate(classes):
        row = SubElement(table, "Row", index=str(place))
        for held in (item.number, item.code, item.title["en"], item.title["km"], *item.rgb):
            SubElement(row, "F").text = str(held)
    return _xml(root)


def _xml(root: Element) -> str:
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"
