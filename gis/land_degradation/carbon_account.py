"""Soil carbon under conservation agriculture, by commune, next to what the standard method says.

The standard method sets the factors of tillage and inputs to 1, so that no-till and cover crops
change nothing in it. Here they take those of the IPCC, as a range: both factors at the lower end of
their error, as they stand, both at the upper end. A range this wide says nothing of one field after
a year or two, therefore no figure is of a plot, and none of fewer than five.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.errors import BadParameter
from gis.grid import NO_DATA
from gis.land_degradation.codes import CROPLAND
from gis.land_degradation.cropland import Cropland
from gis.land_degradation.parameters import (
    INPUT_CODES,
    TILLAGE_CODES,
    LandDegradationParameters,
)
from gis.land_degradation.soil_carbon import stock_series

Bound = Literal["low", "central", "high"]
BOUNDS: tuple[Bound, ...] = ("low", "central", "high")
RECORDED, SCENARIO = "recorded plots", "scenario"
FEWEST = 5
"""Plots of a commune below which nothing is said of them: a group must not point at a farmer."""
FULL, MEDIUM = np.int16(TILLAGE_CODES["full"]), np.int16(INPUT_CODES["medium"])
COLUMNS = (
    *("scenario", "hectares", "standard_t", "ca_low_t", "ca_central_t", "ca_high_t"),
    *("years", "edition", "reason"),
)


def carbon_account(
    inputs: Inputs,
    parameters: LandDegradationParameters,
    cropland: Cropland,
) -> pd.DataFrame:
    """Tonnes of soil organic carbon in 0-30 cm by commune: recorded plots, and the scenario.

    Returns
    -------
    DataFrame
        Index ``code``; ``scenario`` (``recorded plots`` or ``scenario``), ``hectares``,
        ``standard_t`` (stock by the standard method after ``years``), ``ca_low_t``,
        ``ca_central_t``, ``ca_high_t`` (with the factors), ``years``, ``edition`` of the factors,
        ``reason`` (notes: why nothing is said).

    Raises
    ------
    BadParameter
        When the scenario states hectares of what is no commune of the area.
    """
    rows = [*_scenario(parameters, cropland)]
    plots = inputs.features.get("management")
    if plots is not None and not plots.empty:
        rows += _recorded(plots, parameters, cropland)
    table = pd.DataFrame(rows, columns=["code", *COLUMNS])
    return table.sort_values(["code", "scenario"], kind="stable").set_index("code")


def _scenario(
    parameters: LandDegradationParameters, cropland: Cropland
) -> Iterator[tuple[object, ...]]:
    wanted = parameters.scenario
    codes = cropland.hectares.index
    for code in wanted.hectares:
        if code not in codes:
            raise BadParameter("scenario.hectares", code, Note("allowed.commune_of_area"))
    stated = pd.Series(wanted.hectares, dtype=float).reindex(codes)
    hectares = stated.fillna(cropland.hectares * wanted.share).clip(upper=cropland.hectares)
    years = wanted.years + 1
    tillage = np.full((years, len(codes)), TILLAGE_CODES[wanted.tillage], dtype=np.int16)
    inputs = np.full_like(tillage, INPUT_CODES[wanted.inputs])
    ends = {
        bound: _stocks(cropland, codes, parameters, bound, tillage, inputs)[-1] for bound in BOUNDS
    }
    for place, code in enumerate(codes):
        area, stock = float(hectares[code]), float(cropland.stock[code])
        tonnes = [float(ends[bound][place]) * area for bound in BOUNDS]
        why = () if stock == stock else (Note("degradation.no_stock"),)
        yield (
            *(code, SCENARIO, area, stock * area, *tonnes),
            *(wanted.years, parameters.factors, why),
        )


def _recorded(
    plots: gpd.GeoDataFrame, parameters: LandDegradationParameters, cropland: Cropland
) -> Iterator[tuple[object, ...]]:
    """Each plot from the year before its first record to its last one, summed by commune."""
    seen = plots.sort_values(["reference", "year"])
    first, last = int(seen["year"].min()) - 1, int(seen["year"].max())
    own = seen.drop_duplicates("reference").set_index("reference")
    ends = seen.groupby("reference")["year"].max().reindex(own.index)
    starts = seen.groupby("reference")["year"].min().reindex(own.index)
    picked = (ends - first).to_numpy(dtype=np.intp)
    per_plot = {}
    for bound in BOUNDS:
        tillage, inputs = (
            levels(seen, name, range(first, last + 1), bound, standard)
            for name, standard in (("tillage", FULL), ("inputs", MEDIUM))
        )
        stocks = _stocks(cropland, own["commune"], parameters, bound, tillage, inputs)
        per_plot[bound] = stocks[picked, np.arange(len(own))]
    standard = cropland.stock.reindex(own["commune"]).to_numpy()
    table = pd.DataFrame(per_plot, index=own.index).assign(standard=standard)
    tonnes = table.mul(own["area_ha"].astype(float), axis=0)
    tonnes = tonnes.assign(hectares=own["area_ha"].astype(float))
    years = ends - starts + 1
    for commune, rows in tonnes.groupby(own["commune"]):
        if len(rows) < FEWEST:
            few = Note("degradation.too_few_plots", (("fewest", FEWEST),))
            yield (commune, RECORDED, *[np.nan] * 5, np.nan, parameters.factors, (few,))
            continue
        sums = rows[["hectares", "standard", *BOUNDS]].sum(skipna=False).tolist()
        why = () if sums[1] == sums[1] else (Note("degradation.no_stock"),)
        longest = int(years[rows.index].max())
        yield (commune, RECORDED, *sums, longest, parameters.factors, why)


def levels(
    seen: pd.DataFrame, name: str, years: range, bound: Bound, standard: np.int16
) -> NDArray[np.int16]:
    """Level of each plot and year, (year, plot in the order of their references).

    A year in which nobody came counts as the standard at the lower end, as the year before at the
    upper end, and in between as the years around it where those agree.

    Examples
    --------
    >>> seen = pd.DataFrame({"reference": "a", "year": [1, 3], "tillage": [3, 3]})
    >>> [levels(seen, "tillage", range(0, 4), end, FULL).ravel().tolist() for end in BOUNDS]
    [[1, 3, 1, 3], [1, 3, 3, 3], [1, 3, 3, 3]]
    """
    known = seen[seen[name] != NO_DATA]
    wide = known.pivot(index="year", columns="reference", values=name)
    wide = wide.reindex(index=list(years), columns=seen["reference"].unique()).astype(float)
    before, after = wide.ffill(), wide.bfill()
    if bound == "central":
        wide = before.where(before == after)
    elif bound == "high":
        wide = before.where(after.notna())
    return wide.fillna(float(standard)).to_numpy(dtype=np.int16)


def _stocks(
    cropland: Cropland,
    communes: pd.Index | pd.Series,
    parameters: LandDegradationParameters,
    bound: Bound,
    tillage: NDArray[np.int16],
    inputs: NDArray[np.int16],
) -> NDArray[np.float32]:
    """Stock of cropland that stays cropland, t/ha, (year, place)."""
    climate = cropland.climate
    return stock_series(
        cropland.stock.reindex(communes).to_numpy(dtype=np.float32),
        np.full(tillage.shape, CROPLAND),
        climate if isinstance(climate, str) else climate.reindex(communes).to_numpy(),
        tillage,
        inputs,
        edition=parameters.factors,
        bound=bound,
    )
