"""Everything that a map loads, as text: one file holds it where there is no server to ask."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.drawing import Backdrop
from layers.map import LOCAL, STATIC, Served, base_map

_ADDRESS = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')]+?)[\"']?\s*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_KINDS: Mapping[str, str] = {
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
"""Ending of a file -> what it is to a browser."""


@dataclass(frozen=True)
class Inlined:
    """What makes a map without a server.

    Attributes
    ----------
    styles, script
        Style sheets, and scripts in the order in which they are needed; nothing in them has an
        address of its own.
    options
        Of the Leaflet map, as on every page.
    fonts
        Family, data URL, weights and characters of each.
    signs
        Name of ``static/signs`` -> data URL.
    """

    styles: str
    script: str
    options: Mapping[str, Any]
    fonts: tuple[tuple[str, str, str, str], ...]
    signs: Mapping[str, str]


def inlined(ground: Backdrop) -> Inlined:
    """The drawing code of the pages with all it needs.

    Raises
    ------
    MapAssetMissing, FileMissing
        As :func:`layers.map.base_map`, which says what a map needs.
    """
    made = base_map(ground, Served())
    files = [STATIC / name for name in LOCAL.values()]
    return Inlined(
        "\n".join(_style(file) for file in files if file.suffix == ".css"),
        "\n".join(_script(file) for file in files if file.suffix == ".js"),
        {_camel(name): value for name, value in made.options.items()},
        tuple(
            (family, data_url(STATIC / Path(address).name), weight, signs)
            for family, address, weight, signs in Served().fonts()
        ),
        {file.stem: data_url(file) for file in sorted((STATIC / "signs").glob("*.svg"))},
    )


def _camel(name: str) -> str:
    """As Leaflet writes a name.

    >>> _camel("zoom_snap")
    'zoomSnap'
    """
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others)) if others else name


def data_url(file: Path) -> str:
    """A file as an address that holds its content."""
    return as_data(file.read_bytes(), _KINDS[file.suffix])


def as_data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _style(file: Path) -> str:
    def held(found: re.Match[str]) -> str:
        return f"url({data_url(file.parent / found[1])})"

    return _ADDRESS.sub(held, file.read_text(encoding="utf-8"))


def _script(file: Path) -> str:
    """A script alone: its map for those who look for faults lies elsewhere."""
    return _SOURCE_MAP.sub("", file.read_text(encoding="utf-8"))
