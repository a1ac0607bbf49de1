"""A QGIS project (``.qgs``, 3.22) of what lies beside it: paths are relative, ids are long."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pyproj import CRS

from gis.grid import CRS as GRID_CRS

PROJECT = "deimap.qgs"
_IDS = uuid.UUID("6f0d6f5e-5c0e-4b63-9d0a-64656d617030")
"""Beginning of the ids of layers, so that the same result gives the same project."""
_MARGIN = 0.05
Extent = tuple[float, float, float, float]
"""West, south, east, north, in metres of the project."""


@dataclass(frozen=True)
class ProjectLayer:
    """A layer of the project.

    Attributes
    ----------
    source
        Its file as seen from the project, ``./communes.tif`` or ``./a.gpkg|layername=sites``.
    style
        Root of its style; its children are those of a ``.qml``.
    shape
        ``Point``, ``Line``, ``Polygon``; empty for a raster.
    """

    name: str
    title: str
    source: str
    style: Element
    extent: Extent
    shape: str = ""
    shown: bool = True

    @property
    def provider(self) -> str:
        return "ogr" if self.shape else "gdal"

    def id(self, run: str) -> str:
        """As QGIS makes ids, the name and then an UUID: it takes no shorter one."""
        number = uuid.uuid5(_IDS, f"{run}/{self.name}")
        return f"{self.name}_{str(number).replace('-', '_')}"


def project(
    title: str,
    layers: Sequence[ProjectLayer],
    run: str,
    stamp: str = "",
    sources: str = "",
    about: str = "",
) -> str:
    """The document of a project.

    Parameters
    ----------
    layers
        In the order in which they are drawn, uppermost first.
    run
        Id of the run: ids of layers begin with it.
    stamp
        Printed across the top of the map where anything is made up.
    sources
        Printed at its foot.
    about
        What the properties of the project say.
    """
    root = Element("qgis", projectname=title, version="3.22.16-Białowieża")
    SubElement(root, "homePath", path="")
    SubElement(root, "title").text = title
    SubElement(root, "projectCrs").append(_crs())
    tree = SubElement(root, "layer-tree-group")
    for layer in layers:
        SubElement(
            tree,
            "layer-tree-layer",
            {
                "id": layer.id(run),
                "name": layer.title,
                "source": layer.source,
                "providerKey": layer.provider,
                "checked": "Qt::Checked" if layer.shown else "Qt::Unchecked",
                "expanded": "1" if layer.shown else "0",
            },
        )
    extent = around(layers)
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    canvas.append(_extent("extent", extent))
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(_crs())
    listed = SubElement(root, "projectlayers")
    for layer in layers:
        listed.append(_layer(layer, run))
    order = SubElement(root, "layerorder")
    for layer in layers:
        SubElement(order, "layer", id=layer.id(run))
    _decorations(SubElement(root, "properties"), stamp, sources)
    said = SubElement(root, "projectMetadata")
    SubElement(said, "title").text = title
    SubElement(said, "abstract").text = about
    _view(root, extent)
    indent(root, " ")
    kind = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return kind + tostring(root, encoding="unicode") + "\n"


def around(layers: Sequence[ProjectLayer]) -> Extent:
    """What the layers cover together, with a margin."""
    wests, souths, easts, norths = zip(*(layer.extent for layer in layers), strict=True)
    west, south, east, north = min(wests), min(souths), max(easts), max(norths)
    margin = _MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _layer(layer: ProjectLayer, run: str) -> Element:
    kind = {"type": "vector", "geometry": layer.shape} if layer.shape else {"type": "raster"}
    shown = {"labelsEnabled": layer.style.get("labelsEnabled", "0"), "autoRefreshEnabled": "0"}
    scales = {"hasScaleBasedVisibilityFlag": "0", "minScale": "1e+08", "maxScale": "0"}
    made = Element("maplayer", {**kind, **shown, **scales})
    made.append(_extent("extent", layer.extent))
    SubElement(made, "id").text = layer.id(run)
    SubElement(made, "datasource").text = layer.source
    SubElement(made, "layername").text = layer.title
    SubElement(made, "srs").append(_crs())
    SubElement(made, "provider", encoding="UTF-8").text = layer.provider
    made.extend(list(layer.style))
    return made


def _extent(name: str, extent: Extent) -> Element:
    made = Element(name)
    for edge, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        SubElement(made, edge).text = repr(value)
    return made


def _view(root: Element, extent: Extent) -> None:
    """Where the project opens."""
    edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, extent), strict=True))
    settings = SubElement(root, "ProjectViewSettings", UseProjectScales="0")
    SubElement(settings, "Scales")
    SubElement(settings, "DefaultViewExtent", edges).append(_crs())


def _crs() -> Element:
    crs = CRS.from_user_input(GRID_CRS)
    made = Element("spatialrefsys", nativeFormat="Wkt")
    stated = {
        "wkt": crs.to_wkt(),
        "proj4": "+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs",
        "srid": str(crs.to_epsg()),
        "authid": f"EPSG:{crs.to_epsg()}",
        "description": crs.name,
        "projectionacronym": "utm",
        "ellipsoidacronym": "EPSG:7030",
        "geographicflag": "false",
    }
    for name, value in stated.items():
        SubElement(made, name).text = value
    return made


def _decorations(properties: Element, stamp: str, sources: str) -> None:
    paths = SubElement(properties, "Paths")
    SubElement(paths, "Absolute", type="bool").text = "false"
    gui = SubElement(properties, "Measurement")
    SubElement(gui, "AreaUnits", type="QString").text = "ha"
    lettered: Mapping[str, tuple[str, str]] = {
        "TitleLabel": (stamp, "4"),
        "CopyrightLabel": (sources, "0"),
    }
    for name, (words, place) in lettered.items():
        if words:
            made = SubElement(properties, name)
            SubElement(made, "Enabled", type="bool").text = "true"
            SubElement(made, "Label", type="QString").text = words
            SubElement(made, "Placement", type="int").text = place
