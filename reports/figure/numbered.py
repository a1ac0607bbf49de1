"""Numbers of classes on their larger patches: where greys come too near, they tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.colors import to_rgb
from rasterio.features import shapes

from reports.figure.content import CellField
from reports.figure.page import INK, Page
from reports.figure.paper import Box
from reports.figure.scale import MapFrame

LEAST_MM, POINTS, MOST = 1.7, 6.4, 60
"""Least radius of a patch with a number, size of the number, and how many a page bears."""
_DARK = 0.45


@dataclass(frozen=True)
class Number:
    """A number of a class in the middle of its patch; millimetres of the page."""

    words: str
    colour: str
    box: Box


def numbers_of(
    field: CellField, frame: MapFrame, unit: float, taken: Sequence[Box]
) -> tuple[Number, ...]:
    """Numbers on the largest patches of each class, off what is taken.

    Parameters
    ----------
    taken
        Names and signs that no number may touch.
    """
    if not field.numbers:
        return ()
    half, used = POINTS * unit * 0.25, list(taken)
    found: list[Number] = []
    for step, middle in _patches(field, frame, LEAST_MM * unit):
        x, y = frame.on_page(*middle)
        box = Box(x - half, y - half, 2 * half, 2 * half)
        if frame.box.holds(box) and not any(box.overlaps(other, 0.3) for other in used):
            used.append(box)
            ink = "white" if np.dot(to_rgb(field.colours[step]), (0.3, 0.59, 0.11)) < _DARK else INK
            found.append(Number(field.numbers[step], ink, box))
        if len(found) == MOST:
            break
    return tuple(found)


def _patches(
    field: CellField, frame: MapFrame, least_mm: float
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Patches in which a number has room, the largest first: step, and middle on the ground."""
    least = least_mm * frame.metres_per_mm
    there = np.isin(field.steps, [step for step, words in enumerate(field.numbers) if words])
    found: list[tuple[Any, int]] = [
        (shapely.geometry.shape(shape), int(step))
        for shape, step in shapes(field.steps, mask=there, transform=field.grid.transform)
    ]
    large = [(shape, step) for shape, step in found if shape.area > np.pi * least**2]
    for shape, step in sorted(large, key=lambda patch: -patch[0].area):
        circle = shapely.maximum_inscribed_circle(shape, tolerance=least / 4)
        if circle.length >= least:
            x, y = shapely.get_coordinates(circle)[0]
            yield step, (float(x), float(y))


def draw_numbers(page: Page, numbers: Sequence[Number]) -> None:
    """The numbers as they were placed."""
    for number in numbers:
        page.text(
            *number.box.middle,
            number.words,
            POINTS * page.unit,
            ha="center",
            va="center",
            bold=True,
            color=number.colour,
            zorder=6.5,
        )
