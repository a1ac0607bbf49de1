"""Labels on a map: placed one after another by rank, none over another, the rest counted.

Areas are named inside their outline where the text fits, else beside it with a leader; points on
one of eight sides. Christensen, Marks, Shieber (1995), An empirical study of algorithms for
point-feature label placement, ACM Transactions on Graphics 14: preferences of the eight sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from reports.figure.paper import Box

Point: TypeAlias = tuple[float, float]
GAP = 0.6
"""Millimetres kept free between two labels."""
LEADER_MM = 24.0
"""Longest leader."""
_SIDES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
"""Right above first, as the field prefers it."""
_RINGS = (5.0, 8.0, 12.0, 16.0, 20.0)
_TURNS = 16


@dataclass(frozen=True)
class Wanted:
    """A label that should be placed; all lengths in millimetres of the page.

    Attributes
    ----------
    text
        As drawn.
    size
        Width and height of the text.
    place
        What it names: a polygon, or a point with a sign of ``sign_mm``.
    rank
        Lower ones are placed first.
    kind
        Of whoever draws it; nothing here depends on it.
    leader
        Whether an area too small for its name may have it beside itself.
    narrow
        The same name on more lines, for where it does not fit on few.
    """

    text: str
    size: tuple[float, float]
    place: BaseGeometry
    rank: float
    sign_mm: float = 0.0
    kind: str = ""
    leader: bool = True
    narrow: Wanted | None = None


@dataclass(frozen=True)
class Placed:
    """A label with its box, and both ends of its leader (none inside its area)."""

    wanted: Wanted
    box: Box
    leader: tuple[Point, Point] | None = None


@dataclass(frozen=True)
class Labels:
    """Labels that found room, and those that did not."""

    placed: tuple[Placed, ...]
    left_out: tuple[Wanted, ...]


def place_labels(
    wanted: Sequence[Wanted],
    frame: Box,
    taken: Sequence[Box] = (),
) -> Labels:
    """Place labels inside a frame so that no two overlap and none covers what is taken.

    Parameters
    ----------
    taken
        Signs and furniture that no label may cover.
    """
    room = _Room(frame, taken)
    placed, left = [], []
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place].rank, place))
    for position in order:
        label = wanted[position]
        found = _found(label, room)
        if found is None:
            left.append(label)
        else:
            room.take(found)
            placed.append(found)
    return Labels(tuple(placed), tuple(left))


def _found(label: Wanted, room: _Room) -> Placed | None:
    """The best place for a label, ``None`` where it has none."""
    if label.place.geom_type == "Point":
        return _beside(label, room)
    found = _inside(label, room)
    if found is None and label.narrow is not None:
        found = _inside(label.narrow, room)
    if found is None and label.leader:
        found = _with_leader(label, room)
    return found


class _Room:
    """What is free inside the frame."""

    def __init__(self, frame: Box, taken: Sequence[Box]) -> None:
        self.frame = frame
        self.boxes = np.array(
            [(box.x, box.y, box.right, box.top) for box in taken], dtype=np.float64
        ).reshape(-1, 4)
        self.lines: list[BaseGeometry] = []

    def take(self, label: Placed) -> None:
        box = label.box
        self.boxes = np.vstack([self.boxes, (box.x, box.y, box.right, box.top)])
        if label.leader is not None:
            self.lines.append(shapely.LineString(label.leader))

    def free(self, box: Box) -> bool:
        """Whether a box lies in the frame, off other boxes and leaders."""
        if not self.frame.holds(box):
            return False
        x0, y0, x1, y1 = self.boxes.T if len(self.boxes) else np.empty((4, 0))
        hit = (
            (box.x < x1 + GAP) & (x0 < box.right + GAP) & (box.y < y1 + GAP) & (y0 < box.top + GAP)
        )
        if hit.any():
            return False
        shape = shapely.box(box.x, box.y, box.right, box.top)
        return not any(line.intersects(shape) for line in self.lines)

    def clear(self, line: BaseGeometry) -> bool:
        """Whether a leader crosses no label and no other leader."""
        if any(line.intersects(other) for other in self.lines):
            return False
        boxes = shapely.box(*self.boxes.T) if len(self.boxes) else np.empty(0, dtype=object)
        return not bool(shapely.intersects(boxes, line).any())


def _inside(label: Wanted, room: _Room) -> Placed | None:
    """In the area, as near as there is room to its middle; the whole text within the outline."""
    width, height = label.size
    seen = label.place.intersection(
        shapely.box(room.frame.x, room.frame.y, room.frame.right, room.frame.top)
    )
    if seen.is_empty or seen.area < width * height:
        return None
    shapely.prepare(seen)
    for x, y in _spots(seen, width, height):
        box = Box(x - width / 2, y - height / 2, width, height)
        if seen.contains(shapely.box(box.x, box.y, box.right, box.top)) and room.free(box):
            return Placed(label, box)
    return None


def _spots(area: BaseGeometry, width: float, height: float) -> NDArray[np.float64]:
    """Places for the middle of a text, the best first: near the pole of the largest part."""
    part = max(getattr(area, "geoms", [area]), key=lambda one: one.area)
    pole = shapely.maximum_inscribed_circle(part, tolerance=0.5)
    x, y = shapely.get_coordinates(pole)[0]
    west, south, east, north = area.bounds
    columns = np.arange(west + width / 2, east - width / 2 + 1e-9, max(width / 3, 1.0))
    rows = np.arange(south + height / 2, north - height / 2 + 1e-9, max(height / 2, 1.0))
    grid = np.array(np.meshgrid(columns, rows)).reshape(2, -1).T
    # sideways counts less: a text is wide
    away = np.hypot((grid[:, 0] - x) / 2, grid[:, 1] - y)
    ordered = grid[np.argsort(away, kind="stable")]
    return np.vstack([[(x, y)], ordered])


def _beside(label: Wanted, room: _Room) -> Placed | None:
    """On one of the eight sides of a point."""
    width, height = label.size
    x, y = shapely.get_coordinates(label.place)[0]
    off = label.sign_mm / 2 + GAP
    for across, up in _SIDES:
        box = Box(
            x + across * off - (width if across < 0 else width / 2 if across == 0 else 0),
            y + up * off - (height if up < 0 else height / 2 if up == 0 else 0),
            width,
            height,
        )
        if room.free(box):
            return Placed(label, box)
    return None


def _with_leader(label: Wanted, room: _Room) -> Placed | None:
    """Outside its area, on rings around the middle, with a line to it."""
    width, height = label.size
    frame = shapely.box(room.frame.x, room.frame.y, room.frame.right, room.frame.top)
    seen = label.place.intersection(frame)
    if seen.is_empty:
        return None
    anchor = shapely.get_coordinates(seen.representative_point())[0]
    start = float(anchor[0]), float(anchor[1])
    for ring in _RINGS:
        for turn in range(_TURNS):
            angle = 2 * np.pi * turn / _TURNS
            x = anchor[0] + (ring + width / 2) * np.cos(angle)
            y = anchor[1] + (ring + height / 2) * np.sin(angle)
            box = Box(x - width / 2, y - height / 2, width, height)
            line = shapely.LineString([anchor, _edge(box, anchor)])
            if line.length <= LEADER_MM and room.free(box) and room.clear(line):
                return Placed(label, box, (start, _edge(box, anchor)))
    return None


def _edge(box: Box, point: NDArray[np.float64]) -> Point:
    """The point of a box nearest to another one."""
    x = float(np.clip(point[0], box.x, box.right))
    y = float(np.clip(point[1], box.y, box.top))
    return x, y
