"""Labels on a map: placed one after another by rank, none over another, the rest counted.

Areas are named inside their outline where the text fits, else beside it with a short leader, never
on land of another that is named; points on one of eight sides. Christensen, Marks, Shieber (1995),
An empirical study of algorithms for point-feature label placement, ACM Transactions on Graphics 14:
preferences of the eight sides.
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
LEADER_MM = 13.0
"""Longest leader: beyond that nobody finds back."""
MARK_MM = 26.0
"""Longest leader of a short mark that stands for a name."""
_SIDES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
"""Right above first, as the field prefers it."""
_RINGS = (4.0, 5.5, 7.0, 9.0, 11.0, LEADER_MM)
_TURNS = 24


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
    others
        Land of others that are named: an area too small for its name has it beside itself, off
        that land. None: it has it inside or not at all.
    narrow
        The same on more lines or in a smaller type, for where it does not fit.
    loose
        Whether it is enough that its middle lies inside the area, as for a short mark.
    """

    text: str
    size: tuple[float, float]
    place: BaseGeometry
    rank: float
    sign_mm: float = 0.0
    kind: str = ""
    others: BaseGeometry | None = None
    narrow: Wanted | None = None
    loose: bool = False


@dataclass(frozen=True)
class Placed:
    """A label with its box, and both ends of its leader (none inside its area)."""

    wanted: Wanted
    box: Box
    leader: tuple[Point, Point] | None = None


@dataclass(frozen=True)
class Labels:
    """Labels that found room, and those that did not."""

    placed: tuple[Placed, ...] = ()
    left_out: tuple[Wanted, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(label.box for label in self.placed)


def place_labels(
    wanted: Sequence[Wanted],
    frame: Box,
    taken: Sequence[Box] = (),
    before: Labels | None = None,
) -> Labels:
    """Place labels inside a frame so that no two overlap and none covers what is taken.

    Parameters
    ----------
    taken
        Signs that no label may cover.
    before
        Labels that have their places already; they come first among those returned.
    """
    first = before or Labels()
    room = _Room(frame, taken)
    for known in first.placed:
        room.take(known)
    placed, left = list(first.placed), list(first.left_out)
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
        found = _found(label.narrow, room)
    if found is None and label.others is not None:
        found = _with_leader(label, label.others, room)
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
    if seen.is_empty or (seen.area < width * height and not label.loose):
        return None
    shapely.prepare(seen)
    spots = _spots(seen, *((1.0, 1.0) if label.loose else label.size))
    for x, y in spots:
        box = Box(x - width / 2, y - height / 2, width, height)
        kept = (
            shapely.contains_xy(seen, x, y)
            if label.loose
            else seen.contains(shapely.box(box.x, box.y, box.right, box.top))
        )
        if kept and room.free(box):
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


def _with_leader(label: Wanted, others: BaseGeometry, room: _Room) -> Placed | None:
    """Beside its area, on rings around the middle, with a line to it; both off land of others.

    The line of a mark may cross that land: a mark is told elsewhere, and none must be missing.
    """
    width, height = label.size
    frame = shapely.box(room.frame.x, room.frame.y, room.frame.right, room.frame.top)
    seen = label.place.intersection(frame)
    if seen.is_empty:
        return None
    shapely.prepare(others)
    anchor = shapely.get_coordinates(seen.representative_point())[0]
    longest = MARK_MM if label.loose else LEADER_MM
    for ring in (*_RINGS, *((MARK_MM * 0.7, MARK_MM) if label.loose else ())):
        for turn in range(_TURNS):
            angle = 2 * np.pi * turn / _TURNS
            x = anchor[0] + (ring + width / 2) * np.cos(angle)
            y = anchor[1] + (ring + height / 2) * np.sin(angle)
            box = Box(x - width / 2, y - height / 2, width, height)
            end = _edge(box, anchor)
            line = shapely.LineString([anchor, end])
            if line.length > longest or not room.free(box) or not room.clear(line):
                continue
            ground = shapely.box(box.x, box.y, box.right, box.top)
            if not others.intersects(ground) and (label.loose or not others.intersects(line)):
                return Placed(label, box, ((float(anchor[0]), float(anchor[1])), end))
    return None


def _edge(box: Box, point: NDArray[np.float64]) -> Point:
    """The point of a box nearest to another one."""
    x = float(np.clip(point[0], box.x, box.right))
    y = float(np.clip(point[1], box.y, box.top))
    return x, y
