"""Bases of machines where the public may see them: at their village, not at somebody's house."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from gis.analysis import Outcome
from gis.grid import CRS
from layers.boundaries import Gazetteer, gazetteer
from layers.workspace import Workspace

BASES, NEW = "bases", "new"
"""The features of a result, and the state of those that are proposed: nobody lives there yet."""


def at_villages(outcome: Outcome, places: Gazetteer | None = None) -> Outcome:
    """A result whose bases stand at the nearest village of their commune, as they are numbered.

    A machine service is a business that people must find: who asks for its village finds it. A
    commune without villages has its middle; a base outside all communes has the nearest one.
    ``places`` are those of the workspace in use, where none are given.
    """
    bases = outcome.features.get(BASES)
    if bases is None or bases.empty:
        return outcome
    places = places or gazetteer(Workspace.default())
    known = bases[bases["state"] != NEW] if "state" in bases else bases
    moved = bases.geometry.copy()
    moved.loc[known.index] = _public(known, places)
    return replace(outcome, features={**outcome.features, BASES: bases.set_geometry(moved)})


def _public(bases: gpd.GeoDataFrame, places: Gazetteer) -> gpd.GeoSeries:
    """A public place for each base, in the CRS of the bases."""
    communes, villages = places.communes.to_crs(CRS), places.villages.to_crs(CRS)
    points = bases.geometry.to_crs(CRS)
    own = bases.get("commune", pd.Series("", index=bases.index)).astype(str)
    found = []
    for point, code in zip(points, own, strict=True):
        commune = code if code in communes.index else communes.distance(point).idxmin()
        there = villages.geometry[villages["commune"] == commune]
        found.append(
            communes.geometry[commune].representative_point()
            if there.empty
            else there.loc[there.distance(point).idxmin()]
        )
    return gpd.GeoSeries(found, index=bases.index, crs=CRS).to_crs(bases.crs)
