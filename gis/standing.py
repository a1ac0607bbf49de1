"""How communes and districts stand in a track: strength, hectares, mean axes, areas by class."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from gis.analysis import Inputs, Note
from gis.classes import CLASSES
from gis.grid import NO_DATA, raster
from gis.strength import GROUPS
from gis.surface import Surface, rasters_of
from gis.track_figures import protected_share, standing_of_figures
from gis.tracks import AXES
from gis.zonal import NO_ZONE, SQUARE_METRES, class_areas, zonal_statistics

NAMES = ["name_en", "name_km"]

NO_WAY = ("reasons.way_no_road", "reasons.way_none")
"""Ways of machines that nobody knows: with them a commune is at best borderline."""
MIN_KNOWN = 0.5
"""Share of a unit's land that must be known before its mean says anything: a working value."""


def commune_standing(found: Surface, inputs: Inputs) -> pd.DataFrame:
    """One row a commune, index ``code``."""
    communes = found.communes
    land = _land(found, inputs, communes)
    strength = by_way(strength_of_figures(found, inputs, land), found.routes)
    table = pd.DataFrame(communes[[*NAMES, "district"]]).join(strength).join(land)
    table["degraded_hectares"] = table["hectares"] * degraded_part(found)
    if found.routes is not None:
        table["off_road_share"] = found.routes["off_road_share"]
    table.index.name = "code"
    return table


def strength_of_figures(found: Surface, inputs: Inputs, land: pd.DataFrame) -> pd.DataFrame:
    """Strength and hectares of the communes by their figures alone, whatever the way to them.

    ``land`` holds areas by class of each commune.
    """
    share = _protected(found, inputs, land)
    return standing_of_figures(inputs, found.scored.track, found.communes, share)


def district_standing(found: Surface, inputs: Inputs, communes: pd.DataFrame) -> pd.DataFrame:
    """One row a district, index ``code``: sums of its communes' hectares, means of its land."""
    districts = inputs.districts.sort_index()
    by_district = communes.groupby(communes["district"])
    table = pd.DataFrame(districts[NAMES])
    groups = by_district["group"].apply(list).reindex(districts.index)
    table["group"] = [district_group(item) for item in groups]
    table["reason"] = groups.map(_district_reason)
    for column in ("hectares", "reported_ha", "degraded_hectares"):
        # A sum of what is known; the reason counts the communes that are missing from it.
        table[column] = by_district[column].sum(min_count=1).reindex(districts.index)
    table = table.join(_land(found, inputs, districts))
    table.index.name = "code"
    return table


def degraded_part(found: Surface) -> pd.Series:
    """Part of each commune's open land that is known to be degraded; NaN where nothing is known."""
    index, number = found.communes.index, len(found.communes)
    if found.degraded is None:
        return pd.Series(np.nan, index=index)
    usable = (found.zone != NO_ZONE) & ~found.excluded
    zone, degraded = found.zone[usable], found.degraded[usable]
    known = np.bincount(zone, ~np.isnan(degraded), minlength=number)
    bad = np.bincount(zone, np.nan_to_num(degraded), minlength=number)
    cells = np.bincount(zone, minlength=number)
    nothing = np.full(number, np.nan)
    return pd.Series(np.divide(bad, cells, out=nothing, where=known > 0), index=index)


def by_way(strength: pd.DataFrame, routes: pd.DataFrame | None) -> pd.DataFrame:
    """A commune without a known road, or without a way, is at best borderline; others are told how
    much of their way is a guess: their hectares are known, and service is one axis of four."""
    if routes is None:
        return strength
    guessed = routes["reason"].map(lambda notes: any(note.key in NO_WAY for note in notes))
    ranked = strength["group"] != "too-weak"
    reasons = [
        (*own, *way) if able else own
        for own, way, able in zip(strength["reason"], routes["reason"], ranked, strict=True)
    ]
    return strength.assign(
        group=strength["group"].mask(guessed & ranked, "borderline"),
        reason=pd.Series(reasons, index=strength.index, dtype=object),
    )


def _protected(found: Surface, inputs: Inputs, land: pd.DataFrame) -> pd.Series | None:
    """Share of each commune that is excluded: by the mask, else by its figure; None without."""
    if found.masked:
        excluded: pd.Series = land["excluded"] / land[[*CLASSES, "no_data"]].sum(axis=1)
        return excluded.clip(0, 1)
    return protected_share(inputs, land.index)


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
    table["degraded_land"] = _degraded_land(found, inputs, zones)
    if found.check is None:
        return table.assign(to_check=np.nan)
    check = raster(found.check, inputs.grid, "to_check", "", classes={0: "", 1: ""})
    return table.assign(to_check=class_areas(check, zones)[1])


def _degraded_land(found: Surface, inputs: Inputs, zones: gpd.GeoDataFrame) -> pd.Series:
    """Hectares of degraded land, as the analysis of land degradation counts them."""
    if found.degraded is None:
        return pd.Series(np.nan, index=zones.index)
    known = np.where(np.isnan(found.degraded), NO_DATA, found.degraded).astype(np.int16)
    codes = raster(known, inputs.grid, "degraded", "", classes={0: "", 1: ""})
    return class_areas(codes, zones)[1]


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
