"""Demand by commune and crop: crop area, adoption scenario, requested hectares, kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Inputs, Note
from gis.coverage.parameters import CoverageParameters, DemandKind
from gis.track_figures import protected_share, standing_of_figures
from gis.tracks import Track


@dataclass(frozen=True)
class Quantities:
    """The three quantities of demand, hectares by commune (rows) and crop (columns).

    Attributes
    ----------
    by_kind
        Kind of demand -> table; NaN where the figures of a commune are unknown. Columns are the
        crops of all tracks, those of the chosen one first.
    own
        Crops of the chosen track.
    figures
        Strength of the chosen track's figures: ``group`` and ``reason`` by commune.
    year
        Year of the season; None where nobody asked for one and nothing was requested.
    """

    by_kind: Mapping[DemandKind, pd.DataFrame]
    own: tuple[str, ...]
    figures: pd.DataFrame
    year: int | None
    notes: tuple[Note, ...] = ()

    @property
    def crops(self) -> tuple[str, ...]:
        return tuple(str(crop) for crop in self.by_kind["crop-area"].columns)

    def of_track(self, kind: DemandKind) -> pd.Series:
        """Hectares of the chosen track by commune; unknown where one crop is."""
        total: pd.Series = self.by_kind[kind][list(self.own)].sum(axis=1, skipna=False)
        return total


def kinds_wanted(parameters: CoverageParameters) -> Mapping[str, tuple[str, ...]]:
    """Crop -> kinds of machine that serve it in this run: those that plant, or the one asked for.

    The other tracks keep their planters: their work takes days of the same tractors.
    """
    found: dict[str, tuple[str, ...]] = {}
    for track in ordered_tracks(parameters):
        asked = parameters.machine if track.key == parameters.track else None
        kinds = track.planters if asked is None else (asked,)
        found |= {crop: kinds for crop in crops_of(track) if crop not in found}
    return found


def ordered_tracks(parameters: CoverageParameters) -> tuple[Track, ...]:
    """All tracks, the chosen one first."""
    chosen = parameters.chosen
    return (chosen, *(track for track in parameters.tracks if track.key != chosen.key))


def crops_of(track: Track) -> tuple[str, ...]:
    """Crops that grow on the land of a track, with a figure or without."""
    return (*track.crops, *track.other_crops)


def crops_note(key: str, crops: Iterable[str]) -> Note:
    """A sentence that names crops."""
    return Note(key, (("crops", tuple(Note(f"explore.crop_{crop}") for crop in crops)),))


def quantities(
    inputs: Inputs, parameters: CoverageParameters, communes: gpd.GeoDataFrame
) -> Quantities:
    """Hectares of each kind of demand in each commune.

    Crop area is the track's figures of crops with a window in the season, capped and without the
    protected share as suitability has it; the scenario is a share of that. Requests count that
    name the season, the year, a crop of a track, and no machine or one that serves the crop here,
    with a window or without: somebody asked. Where none was recorded none is requested: 0, not
    unknown.

    Raises
    ------
    BadParameter, UnknownParameter
        As ``parameters.chosen``.
    """
    tracks = ordered_tracks(parameters)
    kinds = kinds_wanted(parameters)
    standing = {track.key: _standing(inputs, track, communes) for track in tracks}
    parts = [_crop_area(inputs, track, standing[track.key]) for track in reversed(tracks)]
    area = pd.DataFrame(0.0, index=communes.index, columns=list(kinds))
    for part in parts:
        area[part.columns] = part
    area, left = _in_season(area, parameters)
    year = year_of(inputs, parameters)
    requested, notes = _requested(inputs, parameters, kinds, year, communes.index)
    return Quantities(
        by_kind={
            "crop-area": area,
            "scenario": area * parameters.scenario_share,
            "requested": requested,
        },
        own=crops_of(tracks[0]),
        figures=standing[tracks[0].key],
        year=year,
        notes=(*left, *notes),
    )


def year_of(inputs: Inputs, parameters: CoverageParameters) -> int | None:
    """Year of the season: stated, else the newest with requests, of the track or else of any."""
    if parameters.year is not None:
        return parameters.year
    requests = inputs.features["requests"]
    known = list(kinds_wanted(parameters))
    here = requests[(requests["season"] == parameters.season) & requests["crop"].isin(known)]
    own = here[here["crop"].isin(crops_of(parameters.chosen))]
    years = (own if len(own) else here)["year"]
    return int(years.max()) if len(years) else None


def _standing(inputs: Inputs, track: Track, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    share = protected_share(inputs, communes.index)
    return standing_of_figures(inputs, track, communes, share)


def _crop_area(inputs: Inputs, track: Track, standing: pd.DataFrame) -> pd.DataFrame:
    """Usable hectares of each crop with a figure: its part of what the track may count."""
    figures = inputs.figures.reindex(index=standing.index, columns=list(track.figures))
    part = (standing["hectares"] / standing["reported_ha"]).where(standing["reported_ha"] > 0, 0.0)
    part = part.where(standing["hectares"].notna())
    crops = dict(zip(track.figures, track.crops, strict=True))
    return figures.astype(float).mul(part, axis=0).rename(columns=crops)


def _in_season(
    area: pd.DataFrame, parameters: CoverageParameters
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Crop areas without those of crops that are not planted in the season: 0 where known."""
    season = parameters.season
    planted = {row.crop for row in parameters.machinery.windows if row.season == season}
    out = [str(crop) for crop in area.columns if crop not in planted]
    own = set(crops_of(parameters.chosen))
    total = area[[crop for crop in out if crop in own]].sum()
    rows = tuple(
        Note(
            "coverage.crop_left_out",
            (("crop", Note(f"explore.crop_{crop}")), ("hectares", round(hectares))),
        )
        for crop, hectares in total.items()
        if hectares > 0
    )
    kept = area.copy()
    kept[out] *= 0.0
    return kept, (Note("coverage.crops_left_out", (("crops", rows),)),) if rows else ()


def _requested(
    inputs: Inputs,
    parameters: CoverageParameters,
    kinds: Mapping[str, tuple[str, ...]],
    year: int | None,
    communes: pd.Index,
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    rows = inputs.features["requests"]
    rows = rows[rows["season"] == parameters.season].astype({"hectares": float})
    if year is not None:
        rows = rows[rows["year"] == year]
    foreign = sorted(set(rows["crop"]) - set(kinds))
    notes = (crops_note("coverage.crops_of_no_track", foreign),) if foreign else ()
    fits = [
        machine == "" or machine in kinds.get(crop, ())
        for machine, crop in zip(rows["machine"].fillna(""), rows["crop"], strict=True)
    ]
    rows = rows[np.array(fits, dtype=bool) & rows["crop"].isin(list(kinds)).to_numpy(dtype=bool)]
    wide = rows.pivot_table("hectares", "commune", "crop", aggfunc="sum", fill_value=0.0)
    found = wide.reindex(index=communes, columns=list(kinds), fill_value=0.0)
    return found.rename_axis(index=None, columns=None), notes
