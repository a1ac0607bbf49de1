"""IPCC stock change factors of tillage and input on cropland, with source and uncertainty.

Both editions hold them in table 5.5 of volume 4, chapter 5 (Cropland). A factor is the stock after
20 years relative to full tillage or medium input. The error is two standard errors as a percentage
of the value; where too few studies exist the IPCC states a nominal 50 %. Land-use factors are not
here: ``soil_carbon`` follows the reference implementation in those.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadParameter

EDITIONS = ("ipcc-2006", "ipcc-2019")
BOUNDS = ("central", "low", "high")
TILLAGE = ("full", "reduced", "no_till")
"""Levels in the order of their codes, from 1."""
INPUTS = ("low", "medium", "high")
"""Levels in the order of their codes, from 1; high is without manure."""
ZONES = (
    "none",
    "warm-temperate-moist",
    "warm-temperate-dry",
    "cool-temperate-moist",
    "cool-temperate-dry",
    "polar-moist",
    "polar-dry",
    "boreal-moist",
    "boreal-dry",
    "tropical-montane",
    "tropical-wet",
    "tropical-moist",
    "tropical-dry",
)
"""IPCC climate zones in the order of their codes, 0 to 12.

Table 5.5 has no polar rows: those zones take the boreal ones, as the reference counts them.
"""

_STANDARD = {"tillage": "full", "input": "medium"}
_COOL_MOIST = ("cool-temperate-moist", "polar-moist", "boreal-moist")
_COOL_DRY = ("cool-temperate-dry", "polar-dry", "boreal-dry")
_WARM_MOIST, _WARM_DRY = ("warm-temperate-moist",), ("warm-temperate-dry",)
_TEMPERATE_MOIST, _TEMPERATE_DRY = _WARM_MOIST + _COOL_MOIST, _WARM_DRY + _COOL_DRY
_TROPICAL_MOIST, _TROPICAL_DRY = ("tropical-wet", "tropical-moist"), ("tropical-dry",)
_MONTANE = ("tropical-montane",)
_SOURCE_2006 = (
    "IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 4, ch. 5, table 5.5"
)
_SOURCE_2019 = "IPCC (2019), Refinement to the 2006 Guidelines, vol. 4, ch. 5, table 5.5 (updated)"


@dataclass(frozen=True)
class StockFactor:
    """One row of table 5.5.

    ``factor`` is ``tillage`` or ``input``; ``zones`` are those of ``ZONES`` it holds for;
    ``error`` in percent of ``value``; ``stands_in`` names the row that serves where the table has
    none of its own, else it is empty.
    """

    factor: str
    level: str
    zones: tuple[str, ...]
    value: float
    error: float
    edition: str
    source: str
    stands_in: str = ""

    def at(self, bound: str) -> float:
        """The value, or the lower or upper end of its range.

        >>> round(stock_factor("tillage", "no_till", "tropical-moist").at("low"), 4)
        1.1346
        """
        sign = {"central": 0, "low": -1, "high": 1}[bound]
        return self.value * (1 + sign * self.error / 100)


def _rows(
    edition: str, source: str, table: tuple[tuple[str, str, tuple[str, ...], float, float], ...]
) -> tuple[StockFactor, ...]:
    return tuple(StockFactor(*row, edition, source) for row in table)


_INPUT_ROWS = (
    ("input", "low", _TEMPERATE_DRY, 0.95, 13.0),
    ("input", "low", _TEMPERATE_MOIST, 0.92, 14.0),
    ("input", "low", _TROPICAL_DRY, 0.95, 13.0),
    ("input", "low", _TROPICAL_MOIST, 0.92, 14.0),
    ("input", "low", _MONTANE, 0.94, 50.0),
    ("input", "high", _TEMPERATE_DRY, 1.04, 13.0),
    ("input", "high", _TEMPERATE_MOIST, 1.11, 10.0),
    ("input", "high", _TROPICAL_DRY, 1.04, 13.0),
    ("input", "high", _TROPICAL_MOIST, 1.11, 10.0),
    ("input", "high", _MONTANE, 1.08, 50.0),
)
"""Both editions state the same."""

FACTORS: tuple[StockFactor, ...] = (
    *_rows(
        "ipcc-2006",
        _SOURCE_2006,
        (
            ("tillage", "reduced", _TEMPERATE_DRY, 1.02, 6.0),
            ("tillage", "reduced", _TEMPERATE_MOIST, 1.08, 5.0),
            ("tillage", "reduced", _TROPICAL_DRY, 1.09, 9.0),
            ("tillage", "reduced", _TROPICAL_MOIST, 1.15, 8.0),
            ("tillage", "reduced", _MONTANE, 1.09, 50.0),
            ("tillage", "no_till", _TEMPERATE_DRY, 1.10, 5.0),
            ("tillage", "no_till", _TEMPERATE_MOIST, 1.15, 4.0),
            ("tillage", "no_till", _TROPICAL_DRY, 1.17, 8.0),
            ("tillage", "no_till", _TROPICAL_MOIST, 1.22, 7.0),
            ("tillage", "no_till", _MONTANE, 1.16, 50.0),
            *_INPUT_ROWS,
        ),
    ),
    *_rows(
        "ipcc-2019",
        _SOURCE_2019,
        (
            ("tillage", "reduced", _COOL_DRY, 0.98, 5.0),
            ("tillage", "reduced", _COOL_MOIST, 1.04, 4.0),
            ("tillage", "reduced", _WARM_DRY, 0.99, 3.0),
            ("tillage", "reduced", _WARM_MOIST, 1.05, 4.0),
            ("tillage", "reduced", _TROPICAL_DRY, 0.99, 7.0),
            ("tillage", "reduced", _TROPICAL_MOIST, 1.04, 7.0),
            ("tillage", "no_till", _COOL_DRY, 1.03, 4.0),
            ("tillage", "no_till", _COOL_MOIST, 1.09, 4.0),
            ("tillage", "no_till", _WARM_DRY, 1.04, 3.0),
            ("tillage", "no_till", _WARM_MOIST, 1.10, 4.0),
            ("tillage", "no_till", _TROPICAL_DRY, 1.04, 7.0),
            ("tillage", "no_till", _TROPICAL_MOIST, 1.10, 5.0),
            *_INPUT_ROWS,
        ),
    ),
    # The refinement has no tillage row for tropical montane. The drier one stands in: it is the
    # smaller credit; with the nominal error of the older edition.
    StockFactor(
        "tillage", "reduced", _MONTANE, 0.99, 50.0, "ipcc-2019", _SOURCE_2019, "tropical-dry"
    ),
    StockFactor(
        "tillage", "no_till", _MONTANE, 1.04, 50.0, "ipcc-2019", _SOURCE_2019, "tropical-dry"
    ),
)


def stock_factor(factor: str, level: str, zone: str, edition: str = "ipcc-2006") -> StockFactor:
    """The row that holds for a level, zone and edition; a standard level has no row.

    >>> stock_factor("tillage", "no_till", "tropical-moist").value
    1.22
    >>> stock_factor("tillage", "no_till", "tropical-moist", "ipcc-2019").value
    1.1

    Raises
    ------
    BadParameter
        When there is none.
    """
    for row in FACTORS:
        if (row.factor, row.level, row.edition) == (factor, level, edition) and zone in row.zones:
            return row
    raise BadParameter(factor, f"{level}, {zone}, {edition}", ", ".join(EDITIONS))


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Check that a setting is one of its choices.

    Raises
    ------
    BadParameter
        When it is not.
    """
    if value not in choices:
        raise BadParameter(name, value, ", ".join(choices))


@lru_cache(maxsize=16)
def factor_table(factor: str, edition: str, bound: str) -> NDArray[np.float64]:
    """Values by zone code (13 rows) and level code (4 columns, the first unused).

    1 for the standard level, NaN in zone 0, where no climate is known.

    Raises
    ------
    BadParameter
        When the edition or the bound is unknown.
    """
    require_choice("edition", edition, EDITIONS)
    require_choice("bound", bound, BOUNDS)
    levels = TILLAGE if factor == "tillage" else INPUTS
    table = np.full((len(ZONES), len(levels) + 1), np.nan)
    table[:, levels.index(_STANDARD[factor]) + 1] = 1.0
    for row in FACTORS:
        if (row.factor, row.edition) == (factor, edition):
            for zone in row.zones:
                table[ZONES.index(zone), levels.index(row.level) + 1] = row.at(bound)
    return table
