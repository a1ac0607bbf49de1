"""What a track's figures say of communes: their hectares, how far those can be relied on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Inputs, Note
from gis.strength import track_strength
from gis.tracks import Track
from gis.zonal import SQUARE_METRES

NAMED_SHARE = 0.005
"""Protected share that rounds to a percent worth naming."""


def standing_of_figures(
    inputs: Inputs, track: Track, communes: gpd.GeoDataFrame, protected: pd.Series | None
) -> pd.DataFrame:
    """Strength and hectares of a track's figures, less the share of each commune that is protected.

    Returns
    -------
    DataFrame
        Index of ``communes``; ``group``, ``reason``, ``hectares`` (NaN where too weak) and
        ``reported_ha``.
    """
    table = _strength(inputs, track, communes)
    return table if protected is None else _outside_protected(table, protected)


def reported_hectares(inputs: Inputs, track: Track, index: pd.Index) -> pd.Series:
    """Sum of the track's figures; unknown when one of them is."""
    figures = inputs.figures.reindex(index=index, columns=list(track.figures))
    total: pd.Series = figures.astype(float).sum(axis=1, skipna=False)
    return total


def protected_share(inputs: Inputs, index: pd.Index) -> pd.Series | None:
    """Protected share of each commune by its figure; None without such a figure."""
    if "protected_share" not in inputs.figures:
        return None
    return inputs.figures["protected_share"].reindex(index).astype(float)


def area_of_communes(inputs: Inputs, communes: gpd.GeoDataFrame) -> pd.Series:
    """Hectares of each commune: the published figure, else the outline's area."""
    outlines = pd.Series(communes.geometry.area.to_numpy() / SQUARE_METRES, index=communes.index)
    known: pd.Series = inputs.figures.reindex(communes.index).get("area_ha", outlines)
    return known.astype(float).fillna(outlines)


def _strength(inputs: Inputs, track: Track, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    reported = reported_hectares(inputs, track, communes.index)
    strength = track_strength(reported, area_of_communes(inputs, communes))
    return pd.DataFrame(
        {
            "group": strength["group"],
            "reason": strength["reason"],
            "hectares": strength["usable_ha"],
            "reported_ha": reported,
        }
    )


def _outside_protected(table: pd.DataFrame, share: pd.Series) -> pd.DataFrame:
    """Hectares are taken to lie evenly in a commune: its protected share takes its part."""
    reduced = table.assign(hectares=table["hectares"] * (1 - share))
    unknown = share.isna() & table["hectares"].notna()
    reduced.loc[unknown, "group"] = "too-weak"
    notes = [
        (*reason, *_protected_note(part)) if strong != "too-weak" else reason
        for reason, part, strong in zip(table["reason"], share, table["group"], strict=True)
    ]
    return reduced.assign(reason=pd.Series(notes, index=table.index, dtype=object))


def _protected_note(share: float) -> tuple[Note, ...]:
    if np.isnan(share):
        return (Note("reasons.protected_unknown"),)
    if share >= NAMED_SHARE:
        return (Note("reasons.protected_share", (("percent", round(100 * share)),)),)
    return ()
