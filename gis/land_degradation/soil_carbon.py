"""Soil organic carbon: stocks year by year under the 20-year rule, and what their change means.

After the reference implementation (Trends.Earth, ``gee/soc.py``): on a change of land cover the
stock moves by ``stock x (1 - FL) / 20`` a year, from the year of the change on, for 20 years; a new
change restarts from the stock of that year. There management (FM) and input (FI) factors are 1.
Here they may be those of the IPCC, so that conservation agriculture can be seen:

stock = reference stock x (1 + tillage credit) x (1 + input credit)

- credits count on cropland only, from the second year on; the initial stock is one of full tillage
  and medium inputs, as the standard method takes it;
- after a change of level a credit moves in a straight line, in 20 years, from where it is to what
  the factor says, and stays;
- a year of full tillage ends a tillage credit at once, and the next one starts from nothing;
- on leaving cropland both credits end.

Land-use factors are those of the reference in both editions of the other two (``land_use``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import GridMismatch, UnknownClass
from gis.grid import NO_DATA, OUTSIDE
from gis.land_degradation.cells import flat_codes, require_one_shape
from gis.land_degradation.factors import INPUTS, TILLAGE, factor_table
from gis.land_degradation.land_use import land_use_table, zone_codes
from gis.land_degradation.stock_kernel import (
    add_credits,
    judge,
    judge_floats,
    judge_stocks,
    step_years,
)

_MOST = 10**15
"""Whole stocks beyond it could overflow int64 when a percent is made."""


def stock_series(
    initial_stock: ArrayLike,
    land_cover_by_year: NDArray[Any],
    climate: str | ArrayLike,
    tillage: ArrayLike | None = None,
    inputs: ArrayLike | None = None,
    *,
    edition: str = "ipcc-2006",
    bound: str = "central",
) -> NDArray[np.float32]:
    """Stocks of soil organic carbon year by year.

    Parameters
    ----------
    initial_stock
        Stock of the first year, one or (y, x), t/ha in 0-30 cm; NaN, ``NO_DATA`` and ``OUTSIDE``
        are unknown.
    land_cover_by_year
        Codes 1 to 7 of the UNCCD legend, (year, y, x), one layer a year without gaps.
    climate
        Name out of ``land_use.CLIMATES`` or ``factors.ZONES``, or IPCC zone codes 0 to 12, one or
        (y, x). Where it is unknown, so is every stock that depends on it.
    tillage
        1 full, 2 reduced, 3 no-till, ``NO_DATA`` as full; (year,) or (year, y, x).
    inputs
        1 low, 2 medium, 3 high without manure, ``NO_DATA`` as medium; (year,) or (year, y, x).
    edition
        Edition of the factors, out of ``factors.EDITIONS``.
    bound
        ``central``, or ``low`` and ``high`` for both factors at that end of their error.

    Returns
    -------
    array of float32
        t/ha, (year, y, x). NaN from the year on in which the land cover is no class of the seven.

    Raises
    ------
    GridMismatch
        When shapes differ.
    BadParameter
        When the climate, edition or bound is unknown.
    UnknownClass
        When a level of tillage or input is none of those listed.

    Examples
    --------
    A forest cleared in the second year, in the moist tropics, loses 2.6 % of its stock a year.

    >>> cover = np.int16([[1], [3], [3]])
    >>> stock_series(np.float32([100]), cover, "tropical-moist").ravel()
    array([100. ,  97.4,  94.8], dtype=float32)

    References
    ----------
    IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 4, ch. 5.
    """
    cover = np.asarray(land_cover_by_year)
    stock = _stock(initial_stock)
    if stock.ndim == 0:
        stock = np.full(cover.shape[1:], stock)
    if cover.shape[1:] != stock.shape:
        raise GridMismatch("land_cover", "soil_carbon")
    years, cells = cover.shape[0], stock.size
    stocks = np.empty((years, cells), dtype=np.float32)
    flat, zones = flat_codes(cover).reshape(years, cells), zone_codes(climate, stock.shape)
    step_years(stock.reshape(-1), flat, zones, land_use_table(), stocks)
    for name, given, table, standard in (
        ("tillage", tillage, factor_table("tillage", edition, bound), TILLAGE.index("full") + 1),
        ("inputs", inputs, factor_table("input", edition, bound), INPUTS.index("medium") + 1),
    ):
        if given is not None:
            levels = _levels(name, given, cover.shape)
            add_credits(flat, zones, levels, table, standard, name == "tillage", stocks)
    return stocks.reshape(cover.shape)


def percent_degradation(percent: ArrayLike, water: ArrayLike) -> NDArray[np.int16]:
    """What a change in percent means: a loss of 10 or more degraded, a gain of 10 or more improved.

    Parameters
    ----------
    percent
        Change of the stock since the first year, cut to a whole number towards zero. Whole
        numbers may hold ``NO_DATA`` and ``OUTSIDE``, others NaN. A loss beyond 101, more than
        there is, is no data.
    water
        True where the first year's land cover is water: no data.

    Returns
    -------
    array of int16
        -1, 0, 1, ``NO_DATA``, ``OUTSIDE``.

    Raises
    ------
    GridMismatch
        When the inputs differ in shape.

    Examples
    --------
    >>> percent_degradation(np.int16([-10, -9, 9, 10]), np.zeros(4, dtype=bool))
    array([-1,  0,  0,  1], dtype=int16)
    """
    values, wet = np.asarray(percent), np.asarray(water, dtype=np.bool_)
    shape = require_one_shape(percent=values, water=wet)
    if values.dtype.kind == "f":
        # Cut first: what a cast makes of NaN or of more than int16 holds is not defined.
        cut = np.clip(np.trunc(values), np.iinfo(np.int16).min + 2, np.iinfo(np.int16).max)
        values = np.where(np.isnan(cut), NO_DATA, cut).astype(np.int16)
    found = np.empty(values.size, dtype=np.int16)
    judge(flat_codes(values), np.ascontiguousarray(wet).reshape(-1), found)
    return found.reshape(shape)


def stock_degradation(initial: ArrayLike, final: ArrayLike, water: ArrayLike) -> NDArray[np.int16]:
    """What the change between two stocks means, by percent of the first, as above.

    Parameters
    ----------
    initial, final
        Stocks in t/ha, ``NO_DATA`` and ``OUTSIDE`` among them; of floats NaN too. Of floats, a
        percent within 0.001 of a whole number is that number.
    water
        True where the first year's land cover is water: no data.

    Returns
    -------
    array of int16
        -1, 0, 1, ``NO_DATA``, ``OUTSIDE``. An initial stock of nothing or less is no data; a
        loss beyond 101 % is 0, as in the reference.

    Raises
    ------
    GridMismatch
        When the inputs differ in shape.

    Examples
    --------
    >>> dry = np.zeros(3, dtype=bool)
    >>> stock_degradation(np.int16([40, 40, 0]), np.int16([36, 37, 5]), dry)
    array([    -1,      0, -32768], dtype=int16)
    """
    first, second = np.asarray(initial), np.asarray(final)
    wet = np.asarray(water, dtype=np.bool_)
    shape = require_one_shape(initial=first, final=second, water=wet)
    found = np.empty(first.size, dtype=np.int16)
    dry = np.ascontiguousarray(wet).reshape(-1)
    if "f" in (first.dtype.kind, second.dtype.kind):
        judge_floats(_stock(first).reshape(-1), _stock(second).reshape(-1), dry, found)
    else:
        judge_stocks(_whole(first), _whole(second), dry, found)
    return found.reshape(shape)


def _stock(values: ArrayLike) -> NDArray[np.float32]:
    """Stocks as float32; the kernels know their codes of no data."""
    return np.asarray(values, dtype=np.float32, order="C")


def _whole(values: NDArray[Any]) -> NDArray[np.signedinteger[Any]]:
    """Whole stocks, flat: as int16 or, where they may be larger, as int64."""
    if np.can_cast(values.dtype, np.int16):
        return flat_codes(values)
    wide = np.minimum(values, _MOST) if values.dtype.itemsize == 8 else values
    return np.ascontiguousarray(np.maximum(wide.astype(np.int64), -_MOST)).reshape(-1)


def _levels(name: str, given: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int16]:
    """Levels (year, 1) or (year, cell)."""
    array = np.asarray(given)
    if array.shape not in (shape, shape[:1]):
        raise GridMismatch("land_cover", name)
    codes = flat_codes(array)
    wrong = (codes < 1) | (codes > 3)
    wrong &= (codes != NO_DATA) & (codes != OUTSIDE)
    if wrong.any():
        found = tuple(str(code) for code in np.unique(codes[wrong]))
        raise UnknownClass(name, found, ("1", "2", "3"))
    return codes.reshape(shape[0], -1)
