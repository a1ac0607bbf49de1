"""How communes and districts stand in a track: strength, hectares, mean axes, areas by class."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.grid import raster
from gis.strength import GROUPS, track_strength
from gis.surface import CLASSES, Surface, area_of_communes, rasters_of
from gis.tracks import AXES, Track
from gis.zonal import SQUARE_METRES, class_areas, zonal_statistics

NAMES = ["name_en", "name_km"]

NAMED_SHARE = 0.005
"""Protected share that rounds to a percent worth naming."""
MIN_KNOWN = 0.5
"""Share of a unit's land that must be known before its mean says anything: a working value."""


def commune_standing(found: Surface, inputs: Inputs) -> pd.DataFrame:
    """One row a commune, index ``code``."""
    communes = found.communes
    land = _land(found, inputs, communes)
    share = _protected(found, inputs, land)
    strength = standing_of_figures(inputs, found.scored.track, communes, share)
    table = pd.DataFrame(communes[[*NAMES, "district"]]).join(strength).join(land)
    table.index.name = "code"
    return table


def district_standing(found: Surface, inputs: Inputs, communes: pd.DataFrame) -> pd.DataFrame:
    """One row a district, index ``code``: sums of its communes' hectares, means of its land."""
    districts = inputs.districts.sort_index()
    by_district = communes.groupby(communes["district"])
    table = pd.DataFrame(districts[NAMES])
    groups = by_district["group"].apply(list).reindex(districts.index)
    table["group"] = [district_group(item) for item in groups]
    table["reason"] = groups.map(_district_reason)
    for column in ("hectares", "reported_ha"):
        # A sum of what is known; the reason counts the communes that are missing from it.
        table[column] = by_district[column].sum(min_count=1).reindex(districts.index)
    table = table.join(_land(found, inputs, districts))
    table.index.name = "code"
    return table


def reported_hectares(inputs: Inputs, track: Track, index: pd.Index) -> pd.Series:
    """Sum of the track's figures; unknown when one of them is."""
    figures = inputs.figures.reindex(index=index, columns=list(track.figures))
    total: pd.Series = figures.astype(float).sum(axis=1, skipna=False)
    return total


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


def protected_share(inputs: Inputs, index: pd.Index) -> pd.Series | None:
    """Protected share of each commune by its figure; None without such a figure."""
    if "protected_share" not in inputs.figures:
        return None
    return inputs.figures["protected_share"].reindex(index).astype(float)


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


def _protected(found: Surface, inputs: Inputs, land: pd.DataFrame) -> pd.Series | None:
    """Share of each commune that is excluded: by the mask, else by its figure; None without."""
    if found.masked:
        excluded: pd.Series = land["excluded"] / land[[*CLASSES, "no_data"]].sum(axis=1)
        return excluded.clip(0, 1)
    return protected_share(inputs, land.index)


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


def _land(found: Surface, inputs: Inputs, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Mean of each axis and of the score, and areas by class; means of mostly unknown land are
    unknown, or a commune without figures would show its neighbours' at the seam."""
    rasters = rasters_of(found, inputs)
    areas = class_areas(rasters["suitability_class"], zones)
    areas = areas.rename(columns=dict(enumerate(CLASSES, 1)))
    land = pd.Series(zones.geometry.area.to_numpy() / SQUARE_METRES, index=zones.index)
    means: dict[str, pd.Series] = {name: _mean(rasters[name], zones, land) for name in AXES}
    means["suitability"] = _mean(rasters["suitability"], zones, land - areas["excluded"])
    table = pd.DataFrame(means, index=zones.index).join(areas)
    if found.check is None:
        return table.assign(to_check=np.nan)
    check = raster(found.check, inputs.grid, "to_check", "", classes={0: "", 1: ""})
    return table.assign(to_check=class_areas(check, zones)[1])


def _mean(array: xr.DataArray, zones: gpd.GeoDataFrame, land: pd.Series) -> pd.Series:
    found = zonal_statistics(array, zones, ("mean", "count"))
    grid: GeoBox = array.odc.geobox
    known = found["count"] * abs(grid.resolution.x * grid.resolution.y) / SQUARE_METRES
    mean: pd.Series = found["mean"].where(known > MIN_KNOWN * land)
    return mean


def district_group(groups: list[str]) -> str:
    """Firm when all are; too weak when none can be ranked."""
    present = set(groups)
    return next(iter(present)) if len(present) == 1 else "borderline"


def _district_reason(groups: list[str]) -> tuple[Note, ...]:
    counts = tuple((group.replace("-", "_"), groups.count(group)) for group in GROUPS)
    return (Note("reasons.district", counts),)
