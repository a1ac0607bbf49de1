"""Land-use factors of soil organic carbon: what a change of land cover does to the stock.

Those of the reference implementation (Trends.Earth, ``gee/soc.py``) for the seven classes. Where
land becomes or was cropland they follow the climate, by f: IPCC (2006), Guidelines for National
Greenhouse Gas Inventories, vol. 4, table 5.5, long-term cultivated.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch
from gis.land_degradation.cells import flat_codes
from gis.land_degradation.codes import LAND_COVER
from gis.land_degradation.factors import ZONES, require_choice

CLIMATES = (
    "temperate-dry",
    "temperate-moist",
    "tropical-dry",
    "tropical-moist",
    "tropical-montane",
)
"""Climates that land-use factors tell apart."""
CULTIVATED = (0.80, 0.69, 0.58, 0.48, 0.64)
"""f: stock under long-term cultivation relative to natural land, in the order of ``CLIMATES``."""

_CLIMATE_OF_ZONE = (None, 1, 0, 1, 0, 1, 0, 1, 0, 4, 3, 3, 2)
"""Place in ``CLIMATES`` of each IPCC zone code; polar and boreal count as temperate."""


def land_use_factors(f: float) -> tuple[tuple[float, ...], ...]:
    """FL of the reference: rows initial class, columns final class, f by climate.

    >>> land_use_factors(0.48)[0][2]
    0.48
    """
    natural = (1, 1, f, 1, 0.1, 0.1, 1)
    sealed = (2, 2, 2, 2, 1, 1, 1)
    return (
        natural,
        natural,
        (1 / f, 1 / f, 1, 1 / 0.71, 0.1, 0.1, 1),
        (1, 1, 0.71, 1, 0.1, 0.1, 1),
        sealed,
        sealed,
        (1, 1, 1, 1, 1, 1, 1),
    )


def zone_codes(climate: str | ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int16]:
    """IPCC zone codes, one or one a cell, flat; what is no zone is 0.

    Parameters
    ----------
    climate
        Name out of ``CLIMATES`` (temperate ones as warm) or of ``factors.ZONES``, or codes, one or
        of the shape.

    Raises
    ------
    BadParameter
        When the name is unknown.
    GridMismatch
        When the shape differs.

    >>> zone_codes("tropical-wet", (2, 2)), zone_codes([11, 99], (2,))
    (array([10], dtype=int16), array([11,  0], dtype=int16))
    """
    if isinstance(climate, str):
        require_choice("climate", climate, CLIMATES + ZONES[1:])
        if climate in ZONES:
            return np.array([ZONES.index(climate)], dtype=np.int16)
        return np.array([_CLIMATE_OF_ZONE.index(CLIMATES.index(climate))], dtype=np.int16)
    array = np.asarray(climate)
    if array.ndim and array.shape != shape:
        raise GridMismatch("soil_carbon", "climate")
    codes = flat_codes(array)
    return np.where((codes > 0) & (codes < len(ZONES)), codes, np.int16(0))


@lru_cache(maxsize=1)
def land_use_table() -> NDArray[np.float64]:
    """FL by zone, initial and final class; classes count from 1."""
    size = len(LAND_COVER) + 1
    table = np.full((len(ZONES), size, size), np.nan)
    for zone, climate in enumerate(_CLIMATE_OF_ZONE):
        f = np.nan if climate is None else CULTIVATED[climate]
        table[zone, 1:, 1:] = land_use_factors(f)
    return table
