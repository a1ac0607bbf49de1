"""Hectares of every combination of codes by commune: one count from which all tables are summed.

Tables made from the same count agree with each other, and each adds to the land it is about.
"""

from __future__ import annotations

from math import prod

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.grid import NO_DATA, raster
from gis.land_degradation.codes import DEGRADED, WATER
from gis.land_degradation.indicator import one_out_all_out, status
from gis.land_degradation.land_cover import TransitionMatrix, transition_degradation
from gis.land_degradation.parts import Codes, PeriodParts
from gis.land_degradation.productivity import productivity_degradation
from gis.zonal import class_areas

COMBINED: tuple[tuple[str, int, int], ...] = (
    ("initial", 1, 7),
    ("final", 1, 7),
    ("productivity", 1, 5),
    ("soil_carbon", -1, 1),
    ("baseline", -1, 1),
)
"""What a combination is made of: name, lowest and highest code. The rest follows from these."""
_SIZES = tuple(high - low + 2 for _, low, high in COMBINED)
"""No data is one more."""


def tally(
    parts: PeriodParts,
    baseline: Codes | None,
    matrix: TransitionMatrix,
    missing: str,
    communes: gpd.GeoDataFrame,
    grid: GeoBox,
) -> pd.DataFrame:
    """Hectares by commune and combination of codes, cells by the share that a commune covers.

    Parameters
    ----------
    baseline
        Indicator of the baseline, for a reporting period; None for the baseline itself.

    Returns
    -------
    DataFrame
        Columns ``code`` (commune), ``initial``, ``final`` (land cover), ``productivity`` (1 to 5),
        ``productivity_degradation``, ``land_cover``, ``soil_carbon``, ``indicator`` (-1 to 1),
        ``status`` (1 to 7), all with ``NO_DATA``; ``water`` (of the initial year), ``hectares``.
        The hectares of a commune add to its area in the grid's CRS.
    """
    layers = {
        "initial": parts.initial,
        "final": parts.final,
        "productivity": parts.productivity,
        "soil_carbon": parts.soil_carbon,
        "baseline": np.full_like(parts.initial, NO_DATA) if baseline is None else baseline,
    }
    combined = _combined(layers)
    wide = class_areas(raster(combined, grid, "combined", ""), communes)
    # What lies beyond the grid is as unknown as a cell that nothing is known of, code 0.
    beyond = wide.pop("no_data")
    wide[0] = wide[0] + beyond if 0 in wide else beyond
    long = wide.rename_axis(index="code").melt(
        var_name="combined", value_name="hectares", ignore_index=False
    )
    table = long[long["hectares"] > 0].reset_index()
    return _with_meanings(table, matrix, missing)


def _combined(layers: dict[str, Codes]) -> Codes:
    """One code a cell; a code that a legend does not know is no data."""
    total = np.zeros(layers["initial"].shape, dtype=np.int16)
    for (name, low, high), size in zip(COMBINED, _SIZES, strict=True):
        codes = layers[name]
        known = (codes >= low) & (codes <= high)
        total = total * np.int16(size) + np.where(known, codes - np.int16(low - 1), np.int16(0))
    return total


def _with_meanings(table: pd.DataFrame, matrix: TransitionMatrix, missing: str) -> pd.DataFrame:
    rest = table.pop("combined").to_numpy(dtype=np.int64)
    for place, (name, low, _) in enumerate(COMBINED):
        below = prod(_SIZES[place + 1 :])
        digit = rest // below % _SIZES[place]
        table[name] = np.where(digit == 0, NO_DATA, digit + low - 1).astype(np.int16)
    codes: dict[str, NDArray[np.int16]] = {
        name: table[name].to_numpy(dtype=np.int16) for name, _, _ in COMBINED
    }
    water = codes["initial"] == WATER
    three = productivity_degradation(codes["productivity"])
    change = transition_degradation(codes["initial"], codes["final"], matrix)
    indicator = one_out_all_out(three, change, codes["soil_carbon"], missing)
    indicator[water] = NO_DATA
    return table.assign(
        productivity_degradation=three,
        land_cover=change,
        indicator=indicator,
        status=status(codes["baseline"], indicator),
        water=water,
    )


def lost(table: pd.DataFrame) -> pd.Series:
    """Rows whose known degradation a missing part hides: degraded in one, unknown as a whole."""
    parts = table[["productivity_degradation", "land_cover", "soil_carbon"]]
    known: pd.Series = (parts == DEGRADED).any(axis=1)
    return known & (table["indicator"] == NO_DATA) & ~table["water"]
