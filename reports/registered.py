"""Plots and providers of areas for a precise export, as far as they may be told precisely."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.grid import CRS
from layers.boundaries import gazetteer
from layers.gazetteer import Gazetteer
from layers.protected import may_be_protected
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from registry.database import Database
from registry.records import adopters, machines, plots, providers, without_examples_where_real
from registry.vocabulary import NO_TILL_MACHINE
from reports.anonymous import PLOTS, PLOTS_BY_COMMUNE, PROVIDERS
from reports.plots import LEAST

_NAMED = ("code", "name_en", "name_km")
_OF_PLOTS = (
    *("reference", *_NAMED, "track", "crop", "cover_crop"),
    *("status", "season", "year", "principles_en", "principles_km"),
    *("area_ha", "record", "geometry"),
)
_OF_PROVIDERS = (
    *("reference", *_NAMED, "organisation", "since_year"),
    *("kind", "machines", "record", "geometry"),
)


@dataclass(frozen=True, eq=False)
class Registered:
    """What the registry holds of areas, in EPSG:32648; no remarks, no names of people.

    Attributes
    ----------
    plots
        Outlines with reference, track, crop and what was seen last; none in a protected area.
    by_commune
        The plots that lie in a protected area or may: how many in a commune and their hectares,
        unknown where they are fewer than five.
    providers
        Bases with reference, kind of organisation and number of machines.
    example
        Whether any of it is made up.
    """

    plots: gpd.GeoDataFrame
    by_commune: pd.DataFrame
    providers: gpd.GeoDataFrame
    example: bool

    @property
    def features(self) -> dict[str, gpd.GeoDataFrame]:
        """Layers by the names under which they leave, those that hold anything."""
        found = {PLOTS: self.plots, PROVIDERS: self.providers}
        return {name: frame for name, frame in found.items() if not frame.empty}

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {} if self.by_commune.empty else {PLOTS_BY_COMMUNE: self.by_commune}


def registered(areas: Iterable[str], workspace: Workspace, database: Database) -> Registered:
    """The plots and providers whose commune lies in the areas.

    Where one record of a kind is real, the example ones of that kind stay at home.

    Raises
    ------
    UnknownArea
        When the gazetteer does not hold an area.
    """
    places = gazetteer(workspace)
    codes = places.communes_within(areas)
    known = _own(plots(database)[["reference", "commune", "example", "geometry"]], codes)
    last = adopters(database).drop(columns=["geometry", "example", "commune"])
    seen = known.merge(last, on="reference", how="left", validate="1:1").to_crs(CRS)
    hidden = may_be_protected(seen, places, workspace)
    bases = _with_machines(_own(providers(database), codes).to_crs(CRS), machines(database))
    return Registered(
        _told(seen[~hidden], places, _OF_PLOTS),
        _counted(seen[hidden], places),
        _told(bases, places, _OF_PROVIDERS),
        bool(seen["example"].any() or bases["example"].any()),
    )


def _own(frame: gpd.GeoDataFrame, codes: Collection[str]) -> gpd.GeoDataFrame:
    there = frame[frame["commune"].isin(codes)]
    return without_examples_where_real(there, dict.fromkeys(codes, "here"))


def _with_machines(bases: gpd.GeoDataFrame, owned: Any) -> gpd.GeoDataFrame:
    """``machines`` how many, ``kind`` what their sign shows: a no-till planter before others."""
    counts = owned.groupby("provider")["count"].sum()
    kinds = [
        NO_TILL_MACHINE if NO_TILL_MACHINE in own else next(iter(own), None)
        for own in bases["machines"]
    ]
    there = bases["reference"].map(counts).fillna(0).astype("int64")
    return bases.assign(kind=pd.Series(kinds, bases.index, dtype=object), machines=there)


def _told(frame: gpd.GeoDataFrame, places: Gazetteer, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Columns in order, with the names of the commune; of each record whether it is made up."""
    names = places.communes.reindex(frame["commune"])
    told = frame.rename(columns={"commune": "code"}).assign(
        name_en=names["name_en"].to_numpy(),
        name_km=names["name_km"].to_numpy(),
        record=np.where(frame["example"].astype(bool), "example", "real"),
    )
    if "principles" in told:
        for language in LANGUAGES:
            words = [_listed(seen, language) for seen in told["principles"]]
            told[f"principles_{language}"] = words
    for name in ("year", "since_year"):
        if name in told:
            told[name] = pd.to_numeric(told[name]).astype("Int64")
    return told[list(columns)].reset_index(drop=True)


def _listed(seen: Any, language: Language) -> str | None:
    """The principles that were seen in words; none where nobody stated them."""
    if not isinstance(seen, tuple):
        return None
    return ", ".join(text(f"precise.principle_{one}", language) for one in seen)


def _counted(hidden: gpd.GeoDataFrame, places: Gazetteer) -> pd.DataFrame:
    """Number and hectares of plots by commune; of fewer than five neither is told."""
    groups = hidden.groupby("commune")["area_ha"]
    counts, hectares = groups.size(), groups.sum()
    enough = counts >= LEAST
    names = places.communes.reindex(counts.index)
    table = pd.DataFrame(
        {
            "name_en": names["name_en"],
            "name_km": names["name_km"],
            "plots": counts.astype("float64").where(enough),
            "hectares": hectares.where(enough),
        }
    )
    return table.rename_axis("code")
