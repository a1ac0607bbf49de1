"""Borders: every line once, as that of the highest unit that it parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Level: TypeAlias = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")


@dataclass(frozen=True)
class Borders:
    """Merged lines by the highest level that they part; dashes never run over each other."""

    lines: Mapping[Level, BaseGeometry]


def borders_of(communes: gpd.GeoDataFrame) -> Borders:
    """Borders of communes.

    Every edge is counted once and given to the highest unit whose code differs on its two sides;
    an outer edge parts provinces.

    Parameters
    ----------
    communes
        A coverage in metres: neighbours share their vertices. Index ``code``; ``district,
        province``.
    """
    edges, sides = _edges(communes)
    lines: dict[Level, BaseGeometry] = {}
    left = np.ones(len(edges), dtype=np.bool_)
    for level in LEVELS:
        codes = (
            communes.index.to_numpy() if level == "commune" else communes[level].to_numpy()
        ).astype(str)
        outer = sides[:, 1] < 0
        parts = outer | (codes[sides[:, 0]] != codes[sides[:, 1]])
        mine = left & parts
        lines[level] = shapely.line_merge(shapely.union_all(shapely.linestrings(edges[mine])))
        left &= ~parts
    return Borders(lines)


def _edges(communes: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Edges (edges, 2, 2), each once, and the positions of the communes on its sides (-1 none)."""
    parts, owner = shapely.get_parts(communes.geometry.to_numpy(), return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[:-1] == ring[1:]
    start, end = coordinates[:-1][inner], coordinates[1:][inner]
    of = owner[ring_owner[ring[:-1][inner]]]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low = np.where(swap[:, None], end, start)
    high = np.where(swap[:, None], start, end)
    keys = np.round(np.hstack([low, high]), 3)
    unique, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    sides = np.full((len(unique), 2), -1, dtype=np.int64)
    order = np.argsort(place, kind="stable")
    sides[place[order[::-1]], 0] = of[order[::-1]]
    for position, row in zip(place, of, strict=True):
        if sides[position, 0] != row:
            sides[position, 1] = row
    return np.stack([low[first], high[first]], axis=1), sides
