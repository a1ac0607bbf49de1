"""Areas by commune, district, province and the whole area, by class of each part and period."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gis.analysis import Inputs
from gis.land_degradation.tally import lost

COUNTRY = "KH"
WATER_CLASS = "cover_7"
NO_DATA_CLASS = "no_data"
THREE: Mapping[int, str] = {-1: "class_degraded", 0: "class_stable", 1: "class_improved"}
CLASSES: Mapping[str, Mapping[int, str]] = {
    "indicator": THREE,
    "productivity": {code: f"productivity_{code}" for code in range(1, 6)},
    "land_cover": THREE,
    "soil_carbon": THREE,
    "status": {code: f"status_{code}" for code in range(1, 8)},
}
"""Part -> its codes and the text key of each, without its subject."""
COVERS: Mapping[int, str] = {code: f"cover_{code}" for code in range(1, 8)}
STATUS_DEGRADED = (1, 2, 3)


def unit_codes(inputs: Inputs) -> Mapping[str, pd.Series]:
    """Level -> code of the unit that holds each commune, index = code of the commune.

    ``area`` is all that the run is about; where that is the country, it is a level too.
    """
    communes = inputs.communes
    whole = pd.Series(",".join(inputs.areas), index=communes.index)
    country = {"country": whole} if inputs.areas == (COUNTRY,) else {}
    return {
        "commune": communes.index.to_series(),
        "district": communes["district"],
        "province": communes["province"],
        **country,
        "area": whole,
    }


def of_level(table: pd.DataFrame, level: str, inputs: Inputs) -> pd.DataFrame:
    """A count by commune as one of a level: the same rows under the codes of its units."""
    return table.assign(code=table["code"].map(unit_codes(inputs)[level]))


def long_areas(tallies: Mapping[str, pd.DataFrame], inputs: Inputs) -> pd.DataFrame:
    """Hectares and share of land by level, period, part and class.

    Returns
    -------
    DataFrame
        Index ``code``; ``level``, ``period``, ``part``, ``class`` (text key without its subject;
        ``no_data``; ``cover_7`` is water of the initial year), ``hectares``, ``share`` of land
        without that water, which has none itself: the other shares of a part add to 1.
    """
    parents = unit_codes(inputs)
    found = []
    for period, counted in tallies.items():
        for part in CLASSES:
            if part == "status" and period == "baseline":
                continue
            communes = _hectares(counted, part)
            for level, codes in parents.items():
                wide = communes.groupby(codes.reindex(communes.index).rename("code")).sum()
                found.append(_shares(wide).assign(level=level, period=period, part=part))
    columns = ["code", "level", "period", "part", "class", "hectares", "share"]
    return pd.concat(found, ignore_index=True)[columns].set_index("code")


def unit_table(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """One row a unit: land, its classes of the indicator and its status, in hectares and shares.

    Parameters
    ----------
    rows
        Count of the newest period, ``code`` that of the units.
    units
        Index ``code``; names and whatever else is to stand first.
    """
    indicator = _hectares(rows, "indicator").reindex(units.index, fill_value=0.0)
    states = _hectares(rows, "status").reindex(units.index, fill_value=0.0)
    land = indicator.drop(columns=WATER_CLASS).sum(axis=1)
    table = pd.DataFrame(units).assign(land_ha=land)
    for column, name in _INDICATOR_COLUMNS.items():
        table[f"{name}_ha"] = indicator[column]
    for column, name in _INDICATOR_COLUMNS.items():
        if column != WATER_CLASS:
            table[f"{name}_share"] = _share(indicator[column], land)
    for code, column in CLASSES["status"].items():
        table[f"status_{code}_ha"] = states[column]
    worse = states[[CLASSES["status"][code] for code in STATUS_DEGRADED]].sum(axis=1)
    table["status_degraded_share"] = _share(worse, land)
    hidden = rows[lost(rows)].groupby("code")["hectares"].sum()
    table["lost_ha"] = hidden.reindex(units.index, fill_value=0.0)
    table.index.name = "code"
    return table


_INDICATOR_COLUMNS = {
    "class_degraded": "degraded",
    "class_stable": "stable",
    "class_improved": "improved",
    NO_DATA_CLASS: "no_data",
    WATER_CLASS: "water",
}


def _hectares(rows: pd.DataFrame, part: str) -> pd.DataFrame:
    """Hectares by unit (rows) and class (columns): every class, no data and water."""
    classes = CLASSES[part]
    names = rows[part].map(classes).fillna(NO_DATA_CLASS).mask(rows["water"], WATER_CLASS)
    found = rows["hectares"].groupby([rows["code"], names]).sum().unstack(fill_value=0)
    columns = [*classes.values(), NO_DATA_CLASS, WATER_CLASS]
    return found.reindex(columns=columns, fill_value=0.0)


def _shares(wide: pd.DataFrame) -> pd.DataFrame:
    """One row a class and unit, class after class; on arrays: ``melt`` takes ten times longer."""
    hectares = wide.to_numpy(dtype=np.float64)
    water = np.asarray(wide.columns == WATER_CLASS)
    land = hectares[:, ~water].sum(axis=1, keepdims=True)
    unknown = np.full(hectares.shape, np.nan)
    share = np.divide(hectares, land, out=unknown, where=(land > 0) & ~water)
    return pd.DataFrame(
        {
            "code": np.tile(wide.index.to_numpy(), wide.shape[1]),
            "class": wide.columns.repeat(len(wide)),
            "hectares": hectares.ravel(order="F"),
            "share": share.ravel(order="F"),
        }
    )


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    found: pd.Series = part / whole.where(whole > 0)
    return found
