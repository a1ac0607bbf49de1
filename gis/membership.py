"""Value functions: from a quantity or class to a score between 0 and 1.

The one module in which values of a raster are compared with numbers. Unknown stays unknown: NaN,
``NO_DATA``, ``OUTSIDE`` and a class that a table does not list give NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass
from scipy.special import expit

from gis.grid import NO_DATA, OUTSIDE

Score = Annotated[float, Field(ge=0, le=1)]
Scores: TypeAlias = NDArray[np.float32]

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
"""Settings are read from files and calls: a key that nobody knows is refused."""

_ROUNDING = np.float32(1e-6)
"""A score of float32 arithmetic that ought to meet a cut-off exactly may miss it by this."""


def quantity(values: NDArray[Any]) -> Scores:
    """Values as float32, class sentinels as NaN."""
    if values.dtype.kind == "f":
        return values.astype(np.float32, copy=False)
    return np.where(unclassed(values), np.float32(np.nan), values.astype(np.float32))


@dataclass(frozen=True, config=STRICT)
class CategoryTable:
    """A score for each class code; a code that is not listed is unknown.

    >>> CategoryTable(((1, 0.4), (3, 1.0))).score(np.array([1, 2, 3], dtype=np.int16))
    array([0.4, nan, 1. ], dtype=float32)
    """

    scores: tuple[tuple[int, Score], ...]

    def __post_init__(self) -> None:
        codes = [code for code, _ in self.scores]
        if len(set(codes)) < len(codes) or not codes:
            raise ValueError("each class needs one score")
        if not all(0 <= code <= np.iinfo(np.int16).max for code in codes):
            raise ValueError("class codes lie between 0 and 32767")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of class codes (int16)."""
        table = np.full(1 << 16, np.nan, dtype=np.float32)
        for code, score in self.scores:
            table[code] = score
        return table[values.astype(np.int16, copy=False).view(np.uint16)]


@dataclass(frozen=True, config=STRICT)
class RangeTable:
    """A score for each range between ascending limits; a limit belongs to the range above it.

    >>> RangeTable((3.0, 10.0), (1.0, 0.5, 0.0)).score(np.array([2.9, 3.0, 10.0, np.nan]))
    array([1. , 0.5, 0. , nan], dtype=float32)
    """

    limits: tuple[float, ...]
    scores: tuple[Score, ...]

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.limits) + 1:
            raise ValueError("one score more than limits is needed")
        if any(low >= high for low, high in pairwise(self.limits)):
            raise ValueError("limits must ascend")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of quantities in the unit of the limits."""
        known = quantity(values)
        ranges = np.digitize(known, np.asarray(self.limits, dtype=np.float32))
        scores = np.asarray(self.scores, dtype=np.float32)[ranges]
        return np.where(np.isnan(known), np.float32(np.nan), scores)


@dataclass(frozen=True, config=STRICT)
class Linear:
    """0 at ``low``, 1 at ``high``, straight between; falling when ``low`` exceeds ``high``.

    >>> Linear(10, 0).score(np.array([-1.0, 0.0, 5.0, 10.0, 11.0]))
    array([1. , 1. , 0.5, 0. , 0. ], dtype=float32)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low == self.high:
            raise ValueError("low and high must differ")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of quantities in the unit of ``low`` and ``high``."""
        share = (quantity(values) - np.float32(self.low)) / np.float32(self.high - self.low)
        # Adding 0 makes the -0.0 of a falling line a plain 0.
        return _unit(share) + np.float32(0)


@dataclass(frozen=True, config=STRICT)
class Sigmoid:
    """Logistic curve: one half at ``midpoint``, rising with ``slope`` per unit (negative: falling).

    >>> Sigmoid(5, 2).score(np.array([5.0]))
    array([0.5], dtype=float32)
    """

    midpoint: float
    slope: float

    def __post_init__(self) -> None:
        if self.slope == 0:
            raise ValueError("slope must not be 0")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of quantities in the unit of ``midpoint``."""
        exponent = np.float32(self.slope) * (quantity(values) - np.float32(self.midpoint))
        curve: Scores = expit(exponent)
        return curve


@dataclass(frozen=True, config=STRICT)
class Trapezoid:
    """0 outside ``a..d``, 1 from ``b`` to ``c``, straight between.

    >>> Trapezoid(0, 2, 4, 8).score(np.array([0.0, 1.0, 3.0, 6.0, 9.0]))
    array([0. , 0.5, 1. , 0.5, 0. ], dtype=float32)
    """

    a: float
    b: float
    c: float
    d: float

    def __post_init__(self) -> None:
        if not (self.a <= self.b <= self.c <= self.d and self.a < self.d):
            raise ValueError("a, b, c, d must ascend")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of quantities in the unit of the corners."""
        known = quantity(values)
        edges = np.minimum(_edge(known, self.a, self.b), _edge(-known, -self.d, -self.c))
        return _unit(edges)


def _unit(values: Scores) -> Scores:
    clipped: Scores = np.clip(values, np.float32(0), np.float32(1))
    return clipped


def _edge(values: Scores, foot: float, top: float) -> Scores:
    """Rising edge of a trapezoid; an upright one includes its corner."""
    if foot == top:
        upright = (values >= np.float32(foot)).astype(np.float32)
        return np.where(np.isnan(values), np.float32(np.nan), upright)
    return (values - np.float32(foot)) / np.float32(top - foot)


@dataclass(frozen=True, config=STRICT)
class Gaussian:
    """Bell curve: 1 at ``centre``, 0.61 one ``spread`` (standard deviation) away.

    >>> Gaussian(10, 2).score(np.array([10.0, 12.0])).round(2)
    array([1.  , 0.61], dtype=float32)
    """

    centre: float
    spread: float

    def __post_init__(self) -> None:
        if self.spread <= 0:
            raise ValueError("spread must be above 0")

    def score(self, values: NDArray[Any]) -> Scores:
        """Scores of quantities in the unit of ``centre``."""
        off = (quantity(values) - np.float32(self.centre)) / np.float32(self.spread)
        return np.exp(np.float32(-0.5) * off * off)


ValueFunction: TypeAlias = CategoryTable | RangeTable | Linear | Sigmoid | Trapezoid | Gaussian


def classified(score: Scores, cutoffs: Sequence[float]) -> NDArray[np.int16]:
    """Class 1 from the first (highest) cut-off up, 2 from the second, and so on.

    >>> classified(np.array([0.9, 0.8, 0.1, np.nan], dtype=np.float32), (0.8, 0.2))
    array([     1,      1,      3, -32768], dtype=int16)
    """
    descending = np.asarray(cutoffs, dtype=np.float32)
    places = np.digitize(-score - _ROUNDING, -descending, right=True).astype(np.int16)
    return np.where(np.isnan(score), NO_DATA, places + np.int16(1))


def at_least(values: Scores, limit: float) -> NDArray[np.bool_]:
    """True where a value is known and reaches the limit."""
    return ~np.isnan(values) & (values + _ROUNDING >= np.float32(limit))


def beyond(values: Scores, limit: float) -> NDArray[np.bool_]:
    """True where a value is known and exceeds the limit."""
    return ~np.isnan(values) & (values > np.float32(limit))


def holds(values: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """True where a quantity is known and above nothing."""
    return np.asarray(~np.isnan(values) & (values > 0), dtype=np.bool_)


def listed(codes: NDArray[np.int16], classes: Sequence[int]) -> NDArray[np.bool_]:
    """True where a class is one of those listed."""
    return np.isin(codes, np.asarray(classes, dtype=np.int16))


def unclassed(codes: NDArray[np.int16]) -> NDArray[np.bool_]:
    """True where no class is known."""
    return np.asarray((codes == NO_DATA) | (codes == OUTSIDE), dtype=np.bool_)
