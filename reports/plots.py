"""Maps that nearness to early adopters shapes: told by commune, they point to no plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Outcome, Result
from gis.grid import NO_DATA, OUTSIDE
from gis.zonal import NO_ZONE, zone_of_cells
from layers.boundaries import Gazetteer, gazetteer
from layers.workspace import Workspace

NEARNESS = "adopter_distance"
COMBINED = ("suitability", "suitability_class", "limiting")
"""Rasters in which all axes that weigh come together."""
KNOWN = "known_adopters"
"""Table of the communes where the practice is known, with how many ``plots``."""
LEAST = 5
"""A commune with fewer plots of early adopters is not told: who they are would be known."""
_RULES = ("criteria.class_excluded", "criteria.mask_")
"""Classes that masks give: they tell of no plot and stay where they are."""


def telling(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Rasters that the distance to plots shapes: their peaks would be the plots.

    Its axis always does, the combined ones where both the axis and the criterion weigh.
    """
    return tuple(dict.fromkeys(_telling(parameters)))


def by_commune(
    result: Result, names: tuple[str, ...], places: Gazetteer | None = None
) -> dict[str, xr.DataArray]:
    """Rasters of a result; of the named ones each commune has its mean or its commonest class.

    What masks exclude and what is unknown stay so; where no commune is known, nothing is.
    ``places`` are those of the workspace in use, where none are given.
    """
    rasters = dict(result.outcome.rasters)
    own = [name for name in names if name in rasters and _known(rasters[name]).any()]
    if own:
        zone = _zones(result, places or gazetteer(Workspace.default()))
        rasters |= {name: _told(rasters[name], zone) for name in own}
    return rasters


def tables_by_commune(outcome: Outcome, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Tables of a result: sites bear such scores of their commune, and no commune with few plots
    is named as one of early adopters."""
    tables = dict(outcome.tables)
    if (known := tables.get(KNOWN)) is not None:
        plots = known.get("plots", pd.Series(0, index=known.index))
        tables[KNOWN] = known[plots >= LEAST]
    if "sites" in tables:
        tables["sites"] = scores_by_commune(tables["sites"], outcome, names)
    return tables


def scores_by_commune(sites: Any, outcome: Outcome, names: tuple[str, ...]) -> Any:
    """Sites, as table or as features, with such scores of the commune in place of their own."""
    communes = outcome.tables.get("communes")
    own = [name for name in names if name in sites and name not in COMBINED[1:]]
    if communes is None or not own:
        return sites
    codes = sites.index if sites.index.name == "code" else sites["code"]
    scores = communes.reindex(columns=own).reindex(codes)
    return sites.assign(**{name: scores[name].to_numpy() for name in own})


def _telling(parameters: Mapping[str, Any]) -> Iterator[str]:
    weights, weighed = parameters.get("weights", {}), parameters.get("criterion_weights", {})
    for track in parameters.get("tracks", ()):
        if track.get("key") != parameters.get("track"):
            continue
        for item in track.get("criteria", ()):
            if NEARNESS in (item["variable"], item.get("share"), item.get("applies_where")):
                yield item["axis"]
                weight = weighed.get(item["key"], item["weight"])
                yield from COMBINED if weights.get(item["axis"], 0) * weight > 0 else ()


def _zones(result: Result, places: Gazetteer) -> NDArray[np.int32]:
    """Of each cell the number of its commune among those of the result."""
    communes = places.communes
    table = result.outcome.tables.get("communes", pd.DataFrame())
    own = communes[communes.index.isin(table.index.astype(str))]
    return zone_of_cells(own.to_crs(result.grid.crs), result.grid)


def _told(array: xr.DataArray, zone: NDArray[np.int32]) -> xr.DataArray:
    values, held = array.to_numpy(), _known(array)
    counted = held & (zone != NO_ZONE)
    told = values.copy()
    told[held] = np.nan if values.dtype.kind == "f" else NO_DATA
    if counted.any():
        one_each = _means if values.dtype.kind == "f" else _commonest
        told[counted] = one_each(values[counted], zone[counted])
    return array.copy(data=told)


def _known(array: xr.DataArray) -> NDArray[np.bool_]:
    """Cells that say something of the land and its people, not of a mask alone."""
    values = array.to_numpy()
    if values.dtype.kind == "f":
        found: NDArray[np.bool_] = ~np.isnan(values)
        return found
    ruled = [code for code, key in array.attrs.get("classes", {}).items() if key.startswith(_RULES)]
    return ~np.isin(values, [NO_DATA, OUTSIDE, *ruled])


def _means(values: NDArray[Any], zone: NDArray[np.int32]) -> NDArray[Any]:
    cells = np.bincount(zone)
    sums = np.bincount(zone, values.astype(np.float64))
    return (sums / np.maximum(cells, 1))[zone].astype(values.dtype)


def _commonest(values: NDArray[Any], zone: NDArray[np.int32]) -> NDArray[Any]:
    """The commonest code of each zone, of equal ones the lowest."""
    codes, numbers = np.unique(values, return_inverse=True)
    counts = np.bincount(zone * len(codes) + numbers, minlength=(zone.max() + 1) * len(codes))
    commonest: NDArray[Any] = codes[counts.reshape(-1, len(codes)).argmax(axis=1)][zone]
    return commonest.astype(values.dtype)
