"""Paper: sizes of a page, and which way round an area fits it best. All lengths in millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

PaperName: TypeAlias = Literal["A4", "A3", "slide"]
Orientation: TypeAlias = Literal["portrait", "landscape"]


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def top(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two share more than an edge, or come nearer than ``gap``."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.top + gap
            and other.y < self.top + gap
        )

    def holds(self, other: Box) -> bool:
        """Whether another box lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.top <= self.top
        )

    def shrunk(self, margin: float) -> Box:
        """The box without a rim."""
        return Box(
            self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin
        )


@dataclass(frozen=True)
class Paper:
    """A page; ``margin`` stays free all around."""

    name: PaperName
    width: float
    height: float
    margin: float

    @property
    def orientation(self) -> Orientation:
        return "portrait" if self.height >= self.width else "landscape"

    def turned(self, orientation: Orientation) -> Paper:
        """The page this way round; a slide is always landscape."""
        if self.name == "slide" or orientation == self.orientation:
            return self
        return replace(self, width=self.height, height=self.width)


PAPERS: Mapping[PaperName, Paper] = MappingProxyType(
    {
        "A4": Paper("A4", 210.0, 297.0, 12.0),
        "A3": Paper("A3", 297.0, 420.0, 15.0),
        "slide": Paper("slide", 338.667, 190.5, 10.0),
    }
)
