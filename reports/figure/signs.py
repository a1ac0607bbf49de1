"""The signs of the web map on paper: the very files of ``static/signs``, drawn as vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from xml.etree import ElementTree

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.svgLib.path.shapes import PathBuilder
from matplotlib.path import Path

from layers.assets import STATIC

PX_MM = 0.26
"""Millimetres on paper of one pixel of a sign on the screen."""
_CODES = {
    "moveTo": (Path.MOVETO,),
    "lineTo": (Path.LINETO,),
    "curveTo": (Path.CURVE4,) * 3,
    "qCurveTo": (Path.CURVE3,) * 2,
}


@dataclass(frozen=True)
class Stroke:
    """One element of a sign: its outline (y upwards, middle at 0, 0; pixels), how it is drawn."""

    path: Path
    fill: str
    edge: str
    width: float
    dashes: tuple[float, ...]
    round_ends: bool


@dataclass(frozen=True)
class PaperSign:
    """A sign as strokes, and its size in pixels."""

    strokes: tuple[Stroke, ...]
    size: tuple[float, float]


@cache
def paper_sign(name: str) -> PaperSign:
    """The sign of a file of ``static/signs``."""
    return read_sign(STATIC / "signs" / f"{name}.svg")


def read_sign(file: FilePath) -> PaperSign:
    """The elements of a sign that can be drawn, in their order."""
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314  our own file
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    strokes = tuple(_strokes(root, (width, height)))
    return PaperSign(strokes, (width, height))


def _strokes(root: ElementTree.Element, size: tuple[float, float]) -> Iterator[Stroke]:
    inherited = ("fill", "stroke", "stroke-width")
    above = {name: root.attrib[name] for name in inherited if name in root.attrib}
    for element in root.iter():
        builder = PathBuilder()
        builder.add_path_from_element(element)
        for data in builder.paths:
            pen = RecordingPen()
            parse_path(data, pen)
            stated = above | dict(element.attrib)
            dashes = stated.get("stroke-dasharray", "").replace(",", " ").split()
            yield Stroke(
                path=_path(pen, size),
                fill=_colour(stated.get("fill", "#000")),
                edge=_colour(stated.get("stroke", "none")),
                width=float(stated.get("stroke-width", 1)),
                dashes=tuple(float(part) for part in dashes),
                round_ends=stated.get("stroke-linecap") == "round",
            )


def _colour(stated: str) -> str:
    return "none" if stated in ("none", "transparent") else stated


def _path(pen: RecordingPen, size: tuple[float, float]) -> Path:
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    for name, given in pen.value:
        if name in ("closePath", "endPath"):
            if name == "closePath":
                points.append(points[-1])
                codes.append(int(Path.CLOSEPOLY))
            continue
        points += given
        codes += [int(code) for code in _CODES[name]]
    middle = np.array(size) / 2
    return Path((np.array(points) - middle) * (1, -1), codes)
