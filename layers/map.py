"""The only room that knows folium: a map whose every script and style lies on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from gis.errors import FileMissing, MapAssetMissing
from layers.drawing import Backdrop, Drawing, esc
from layers.workspace import PROJECT

STATIC = PROJECT / "static"
LOCAL: Mapping[str, str] = {
    "leaflet": "leaflet/leaflet.js",
    "leaflet_css": "leaflet/leaflet.css",
    "deimap_geometry": "map/geometry.js",
    "deimap_drawn": "map/drawn.js",
    "deimap_labels": "map/labels.js",
    "deimap_points": "map/points.js",
    "deimap_pins": "map/pins.js",
    "deimap_controls": "map/controls.js",
    "deimap_measure": "map/measure.js",
    "deimap_surface": "map/surface.js",
    "deimap_ground": "map/ground.js",
    "deimap_map": "map/map.js",
    "deimap_css": "map/map.css",
}
"""Script or style -> its file under ``static/``."""
UNUSED = frozenset(
    {
        *("jquery", "bootstrap", "awesome_markers"),
        *("bootstrap_css", "glyphicons_css", "awesome_markers_font_css"),
        *("awesome_markers_css", "awesome_rotate_css"),
    }
)
"""What folium asks for by default and no map of ours uses."""


@dataclass(frozen=True)
class Served:
    """Where the browser finds files: the static folder, and the page's own Latin font."""

    static: str = "/app/static"
    latin_font: str = ""

    def fonts(self) -> list[tuple[str, str, str, str]]:
        """Family, address, weights and range of characters of each font of the map."""
        khmer = "U+1780-17FF,U+19E0-19FF,U+200B-200D"
        found = [
            ("Deimap Khmer", f"{self.static}/DeimapKhmer-Regular.ttf", "400", khmer),
            ("Deimap Khmer", f"{self.static}/DeimapKhmer-Bold.ttf", "600 700", khmer),
        ]
        if self.latin_font:
            found.append(("Source Sans", self.latin_font, "200 900", "U+0-17F,U+2000-206F"))
        return found


class Atlas(JSCSSMixin):  # type: ignore[misc]  # folium has no types
    """The drawing code of ``static/map`` and the area under it."""

    default_js: ClassVar = [
        (name, name) for name in LOCAL if name.startswith("deimap") and "css" not in name
    ]
    default_css: ClassVar = [("deimap_css", "deimap_css")]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        L.Icon.Default.imagePath = {{ this.images }};
        deimap.base({{ this._parent.get_name() }}, { {{ this.base }} });
        {% endmacro %}
        """
    )

    def __init__(self, ground: Backdrop, served: Served, beside: bool) -> None:
        super().__init__()
        self._name = "Atlas"
        self.images = esc(f"{served.static}/leaflet/images/")
        own = esc({"static": served.static, "fonts": served.fonts(), "beside": beside})[1:-1]
        self.base = f"{own},{ground.script}"


class Change(MacroElement):  # type: ignore[misc]  # folium has no types
    """One drawing on the map that is there already."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        deimap.draw({{ this.drawing }});
        {% endmacro %}
        """
    )

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._name = "Change"
        self.drawing = esc(drawing.as_json())


def base_map(ground: Backdrop, served: Served, beside: bool = False) -> folium.Map:
    """A fresh map of an area; build it anew at each run, a reused one stays blank.

    One that stands ``beside`` another of the same area in a page that is scrolled leaves the wheel
    to the page, and both move together.

    Raises
    ------
    MapAssetMissing
        When a class on the map asks for a script or style without a local file.
    FileMissing
        When that file has not been installed.
    """
    (south, west), (north, east) = ground.bounds
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=8,
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        zoom_snap=0.25,
        min_zoom=6,
        max_zoom=15,
        attribution_control=False,
        box_zoom=False,
        scroll_wheel_zoom=not beside,
        font_size="13.5px",
    )
    made.options["maxZoom"] = 15
    Atlas(ground, served, beside).add_to(made)
    return localised(made, served)


def overlay(drawing: Drawing) -> folium.FeatureGroup:
    """A drawing as the feature group that ``st_folium`` swaps without touching the view."""
    group = folium.FeatureGroup()
    Change(drawing).add_to(group)
    return group


def localised(made: folium.Map, served: Served) -> folium.Map:
    """The map with local addresses in place of those of public servers.

    Raises
    ------
    MapAssetMissing, FileMissing
    """
    for item in _asking(made):
        item.default_js = _local(item, item.default_js, served)
        item.default_css = _local(item, item.default_css, served)
    return made


def _asking(item: MacroElement) -> Iterator[JSCSSMixin]:
    if isinstance(item, JSCSSMixin):
        yield item
    for child in item._children.values():
        yield from _asking(child)


def _local(item: JSCSSMixin, links: list[tuple[str, str]], served: Served) -> list[tuple[str, str]]:
    kept = [name for name, _ in links if name not in UNUSED]
    for name in kept:
        if name not in LOCAL:
            raise MapAssetMissing(type(item).__name__, name)
        _require(STATIC / LOCAL[name])
    return [(name, f"{served.static}/{LOCAL[name]}") for name in kept]


def _require(path: Path) -> None:
    if not path.is_file():
        raise FileMissing(str(path))
