"""The table of commune figures: what may be used of it, as values of the catalogue's variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gis.errors import FileMissing
from gis.unreadable import unreadable
from layers.catalogue import Catalogue, Layer

MOST_CROP_SHARE = 2.0
"""Reported hectares of a track above this share of the commune cannot be: unknown."""

REPORTED = {
    "area_ha": "area_ha",
    "maize_ha_2011": "maize_ha",
    "cassava_ha_2011": "cassava_ha",
    "rice_ha_2011": "rice_ha",
    "households_idpoor_round": "households",
    "poor_households": "poor_households",
    "families_2011": "families",
    "protected_share": "protected_share",
}
"""Columns of the file -> figures that analyses take as they were reported."""

FIGURE_LAYERS = {
    "maize_ha": "maize_share_figures",
    "cassava_ha": "cassava_share_figures",
    "rice_ha": "rice_share_figures",
    "families": "commune_figures",
    "households": "poor_share_figures",
    "poor_households": "poor_share_figures",
    "protected_share": "protected_share_figures",
}
"""Figure -> the layer whose year it bears; the area is not dated."""


@dataclass(frozen=True, eq=False)
class CommuneFigures:
    """Figures as reported, one row a commune (index ``code``), NaN = unknown.

    Impossible hectares are still in ``table``: how much of them counts is judged per track where
    strength is judged.
    """

    table: pd.DataFrame
    years: Mapping[str, int | None]
    layers: tuple[Layer, ...]


def commune_figures(known: Catalogue) -> CommuneFigures:
    """The figures that analyses take, with their years."""
    layer = known.layer("commune_figures")
    years = {name: known.layer(told_by).year for name, told_by in FIGURE_LAYERS.items()}
    read = read_table(layer.path)
    return CommuneFigures(
        read[list(REPORTED)].rename(columns=REPORTED), {"area_ha": None} | years, (layer,)
    )


def figure_values(layer: Layer) -> pd.Series[float]:
    """The value of each commune in a layer made from commune figures.

    Classes come as their codes. A missing, flagged or impossible figure is NaN.
    """
    values = _derived(layer.path)[layer.field]
    if layer.kind == "class":
        return values.map(dict(layer.code_of)).astype(float)
    low, high = layer.about.range or (-np.inf, np.inf)
    return values.astype(float).where(values.between(low, high))


def figure_shares(layer: Layer, code: str) -> dict[int, float]:
    """Share of a commune, 0 to 1, that each class of a layer of commune figures has.

    Of soil groups the table tells the main one alone; nothing where the commune is unknown.
    """
    read = read_table(layer.path)
    if code not in read.index:
        return {}
    row: dict[str, Any] = dict(read.loc[code])
    if layer.variable == "fertility":
        shares = {key: row[f"fertility_{key}_share"] for key in ("low", "medium", "high")}
    else:
        shares = {row[layer.field]: row[f"{layer.field}_share"]}
    return {layer.code_of[key]: float(s) for key, s in shares.items() if key == key and s > 0}


def _derived(path: Path) -> pd.DataFrame:
    """Variables of the catalogue from the columns of the file."""
    read = read_table(path)
    area = read["area_ha"]
    upland = track_share(read["maize_ha_2011"] + read["cassava_ha_2011"], area)
    poor = read["poor_households"] / read["households_idpoor_round"].where(lambda n: n > 0)
    return pd.DataFrame(
        {
            "elevation": read["elevation_m"],
            "slope": read["slope_deg"],
            "flood_hazard": read["flood_hazard_index"],
            "soil_group": read["soil_group"],
            "fertility": main_fertility(read),
            "protected_share": read["protected_share"],
            "annual_crop_share": upland,
            "maize_share": crop_share(read["maize_ha_2011"], area, upland),
            "cassava_share": crop_share(read["cassava_ha_2011"], area, upland),
            "rice_share": track_share(read["rice_ha_2011"], area),
            # No yield where the crop is not grown: the file writes 0.
            "maize_yield": read["maize_t_ha_2011"].where(read["maize_ha_2011"] > 0),
            "cassava_yield": read["cassava_t_ha_2011"].where(read["cassava_ha_2011"] > 0),
            "poor_share": poor,
        }
    )


def track_share(hectares: pd.Series[float], area: pd.Series[float]) -> pd.Series[float]:
    """Share of the commune under a track's crops.

    Up to twice the area is capped at all of it; more is unknown.

    Examples
    --------
    >>> track_share(pd.Series([50.0, 150.0, 200.0, 201.0]), pd.Series([100.0] * 4)).tolist()
    [0.5, 1.0, 1.0, nan]
    """
    share = hectares / area
    return share.where(share <= MOST_CROP_SHARE).clip(upper=1.0)


def crop_share(
    hectares: pd.Series[float], area: pd.Series[float], track: pd.Series[float]
) -> pd.Series[float]:
    """Share under one crop of a track: capped at the commune, unknown where the track is."""
    return (hectares / area).clip(upper=1.0).where(track.notna())


def main_fertility(read: pd.DataFrame) -> pd.Series[str]:
    """Key of the class that holds most of the commune; of equal ones the lowest."""
    shares = pd.DataFrame(
        {key: read[f"fertility_{key}_share"] for key in ("low", "medium", "high")}
    )
    unknown = shares.isna().any(axis=1) | (shares.sum(axis=1) == 0)
    return shares.fillna(0).idxmax(axis=1).astype(str).mask(unknown)


def read_table(path: Path) -> pd.DataFrame:
    """The file as it is now, index ``code``; read once for each of its states.

    Raises
    ------
    FileMissing, FileUnreadable
    """
    try:
        state = path.stat()
        return _read_state(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError as error:
        raise FileMissing(str(path)) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


@cache
def _read_state(path: Path, changed: int, size: int) -> pd.DataFrame:
    return pd.read_csv(path, dtype={"code": str}, index_col="code").sort_index()
