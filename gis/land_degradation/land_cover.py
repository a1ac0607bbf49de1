"""Land cover: transitions between two years, what they mean, and legends of others.

After the reference implementation (Trends.Earth, ``te_schemas`` and ``gee/land_cover.py``) and the
UNCCD reporting manual for the 2026 round, table 9. A pair of codes that the matrix does not hold is
no data, as in the reference's production path; its spare kernel would call it stable. Inputs are
never recoded in place, which in the reference turned water of custom legends into stable land.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.errors import BadParameter
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.codes import LAND_COVER

_CODES = 1 << 16
_MOST_CLASSES = 100
"""More would make transition codes beyond int16."""


@dataclass(frozen=True)
class TransitionMatrix:
    """A legend and what each change between its classes means.

    Parameters
    ----------
    codes
        Class codes, 0 to 32767, each once, at most 100; their order is that of rows and columns.
    degradation
        One row an initial class, one column a final class: -1 degraded, 0 stable, 1 improved.
    names
        One name a class.

    Raises
    ------
    BadParameter
        When codes repeat or are out of range, the table is not square of their number, a meaning
        is none of the three, or the classes are too many for int16 transition codes.
    """

    codes: tuple[int, ...]
    degradation: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        size = len(self.codes)
        if not 0 < size <= _MOST_CLASSES:
            raise BadParameter("codes", str(self.codes), f"1..{_MOST_CLASSES}")
        fitting = {code for code in self.codes if 0 <= code <= np.iinfo(np.int16).max}
        if len(fitting) < size:
            raise BadParameter("codes", str(self.codes), "0..32767")
        if len(self.names) != size:
            raise BadParameter("names", str(self.names), size)
        if [len(row) for row in self.degradation] != [size] * size:
            raise BadParameter("degradation", str(self.degradation), f"{size} x {size}")
        if not {meaning for row in self.degradation for meaning in row} <= {-1, 0, 1}:
            raise BadParameter("degradation", str(self.degradation), "-1, 0, 1")

    @property
    def multiplier(self) -> int:
        """What a position is multiplied with in a transition code: 10 up to ten classes."""
        return int(10 ** math.ceil(math.log10(len(self.codes))))

    def with_meaning(self, initial: int, final: int, degradation: int) -> TransitionMatrix:
        """The matrix with another meaning of one transition between two of its codes.

        >>> flooded = UNCCD_MATRIX.with_meaning(3, 4, 0)
        >>> transition_degradation(np.int16([3]), np.int16([4]), flooded)
        array([0], dtype=int16)

        Raises
        ------
        BadParameter
            When a code or the meaning is unknown.
        """
        for name, code in (("initial", initial), ("final", final)):
            if code not in self.codes:
                raise BadParameter(name, str(code), ", ".join(map(str, self.codes)))
        rows = [list(row) for row in self.degradation]
        rows[self.codes.index(initial)][self.codes.index(final)] = degradation
        return TransitionMatrix(self.codes, tuple(map(tuple, rows)), self.names)


UNCCD_MATRIX = TransitionMatrix(
    codes=(1, 2, 3, 4, 5, 6, 7),
    degradation=(
        (0, -1, -1, -1, -1, -1, 0),
        (1, 0, 1, -1, -1, -1, 0),
        (1, -1, 0, -1, -1, -1, 0),
        (-1, -1, -1, 0, -1, -1, 0),
        (1, 1, 1, 1, 0, 1, 0),
        (1, 1, 1, 1, -1, 0, 0),
        (0, 0, 0, 0, 0, 0, 0),
    ),
    names=LAND_COVER,
)
"""Default of the UNCCD manual, table 9. A country may decide otherwise on single transitions."""


def _crosswalk(classes: Mapping[int, tuple[int, ...]]) -> Mapping[int, int]:
    return MappingProxyType({code: to for to, codes in classes.items() for code in codes})


ESA_CCI = _crosswalk(
    {
        1: (50, 60, 61, 62, 70, 71, 72, 80, 81, 82, 90, 100),
        2: (110, 120, 121, 122, 130, 140, 150, 151, 152, 153),
        3: (10, 11, 12, 20, 30, 40),
        4: (160, 170, 180),
        5: (190,),
        6: (200, 201, 202, 220),
        7: (210,),
    }
)
"""ESA CCI land cover (300 m, yearly) to the seven classes, as the reference nests it."""

WORLDCOVER = _crosswalk(
    {1: (10,), 2: (20, 30, 100), 3: (40,), 4: (90, 95), 5: (50,), 6: (60, 70), 7: (80,)}
)
"""ESA WorldCover (10 m) to the seven classes."""


def transition_degradation(
    initial: NDArray[Any], final: NDArray[Any], matrix: TransitionMatrix = UNCCD_MATRIX
) -> NDArray[np.int16]:
    """What the change of land cover between two years means.

    Parameters
    ----------
    initial, final
        Class codes of the matrix's legend, one shape; ``NO_DATA``, ``OUTSIDE``.
    matrix
        The legend and its meanings.

    Returns
    -------
    array of int16
        -1 degraded, 0 stable, 1 improved; ``NO_DATA`` also for a code outside the legend;
        ``OUTSIDE``.

    Raises
    ------
    GridMismatch
        When the inputs differ in shape.

    Examples
    --------
    >>> transition_degradation(np.int16([1, 2, 3, 99]), np.int16([3, 1, 3, 3]))
    array([    -1,      1,      0, -32768], dtype=int16)
    """
    return _look_up(initial, final, matrix, _tables(matrix)[1])


def transitions(
    initial: NDArray[Any], final: NDArray[Any], matrix: TransitionMatrix = UNCCD_MATRIX
) -> NDArray[np.int16]:
    """Code of each transition: position of the initial class x multiplier + that of the final.

    Positions count from 1 in the order of the legend.

    Examples
    --------
    >>> transitions(np.int16([1, 3, 0]), np.int16([3, 4, 4]))
    array([    13,     34, -32768], dtype=int16)
    """
    return _look_up(initial, final, matrix, _tables(matrix)[2])


def crosswalk(codes: NDArray[Any], table: Mapping[int, int]) -> NDArray[np.int16]:
    """Codes of another legend as those of ours; a code that the table lacks is no data.

    Examples
    --------
    >>> crosswalk(np.int16([10, 61, 210, 7]), ESA_CCI)
    array([     3,      1,      7, -32768], dtype=int16)
    """
    values = np.asarray(codes)
    to = np.full(_CODES, NO_DATA, dtype=np.int16)
    to[int(OUTSIDE)] = OUTSIDE
    for code, target in table.items():
        to[code] = target
    return to[flat_codes(values).view(np.uint16)].reshape(values.shape)


def _look_up(
    initial: NDArray[Any], final: NDArray[Any], matrix: TransitionMatrix, table: NDArray[np.int16]
) -> NDArray[np.int16]:
    first, second = np.asarray(initial), np.asarray(final)
    shape = require_one_shape(initial=first, final=second)
    found = np.empty(first.size, dtype=np.int16)
    places = _tables(matrix)[0]
    _pairs(
        flat_codes(first).view(np.uint16), flat_codes(second).view(np.uint16), places, table, found
    )
    return found.reshape(shape)


@lru_cache(maxsize=16)
def _tables(
    matrix: TransitionMatrix,
) -> tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.int16]]:
    """Place of each int16 code, then meanings and transition codes by two places.

    Place 0 is a code outside the legend, the last place is outside the area.
    """
    size = len(matrix.codes)
    places = np.zeros(_CODES, dtype=np.uint8)
    places[list(matrix.codes)] = np.arange(1, size + 1)
    places[int(OUTSIDE)] = size + 1
    meanings = np.full((size + 2, size + 2), NO_DATA, dtype=np.int16)
    meanings[-1, :] = meanings[:, -1] = OUTSIDE
    codes = meanings.copy()
    meanings[1:-1, 1:-1] = matrix.degradation
    at = np.arange(1, size + 1)
    codes[1:-1, 1:-1] = at[:, None] * matrix.multiplier + at
    return places, meanings, codes


@njit(cache=True, nogil=True)
def _pairs(initial, final, places, table, out):  # type: ignore[no-untyped-def]
    for cell in range(out.size):
        out[cell] = table[places[initial[cell]], places[final[cell]]]
