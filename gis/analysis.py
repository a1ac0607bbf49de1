"""What an analysis is: a specification, its inputs, its result. Everything here is a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

Progress = Callable[[str, int, int], None]
"""Called with a step's text key, its number from 1 and the number of steps; may raise to stop."""


def silent(step: str, number: int, of: int) -> None:
    """A progress that says nothing."""


@dataclass(frozen=True)
class Role:
    """A place that a layer fills.

    ``quantity`` and ``class`` roles arrive as rasters on the analysis grid, with a margin on
    :func:`gis.grid.padded`; ``features`` as a GeoDataFrame in the grid's CRS (records that have no
    place as a table), ``figures`` as a table with one row a commune.
    """

    variable: str
    kind: Literal["quantity", "class", "features", "figures"]
    units: str = ""
    margin_m: float = 0.0
    """How far beyond the area things still count (a road next door serves it)."""
    season: str | None = None
    year: int | None = None
    """Of which season records count; by default the latest of each."""
    years: tuple[int, ...] = ()
    """Of a series: years asked for. It arrives as (year, y, x) with those that the layer has."""
    accompanies: bool = False
    """Example content fills it only beside other example content: it would stamp real results."""
    beside: str = ""
    """Analysis that this one rests on; what fills the role stands in ``Inputs.beside`` of it."""


@dataclass(frozen=True)
class LayerUse:
    """Provenance of one layer in one run."""

    id: str
    variable: str
    title: tuple[tuple[str, str], ...]
    source: str
    licence: str
    edition: str
    year: int | None
    sha256: str
    example: bool
    resolution_m: float | None
    coarse: bool = False


@dataclass(frozen=True)
class Note:
    """A sentence to be: ``key`` of a text and its values."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Inputs:
    """What an analysis receives.

    Attributes
    ----------
    communes
        Communes of the area, index = code, columns ``district, province, name_en, name_km,
        geometry``, in the grid's CRS.
    districts
        Districts that hold them, same columns without ``district``.
    rasters
        Variable -> raster on ``grid``, or on ``grid`` padded by the margin of its role.
    features
        Variable -> vectors in the grid's CRS, or records; those that nobody keeps are empty.
    figures
        One row a commune of ``communes`` (same index), one column a figure, NaN = unknown.
    absent
        Variables that no layer of the workspace offers over the area.
    years
        Variable or figure -> year of its layer.
    areas
        Codes that were asked for; ``KH`` is the country.
    provinces
        Provinces that hold the communes, columns as of ``districts`` without ``province``.
    resolutions
        Variable -> cell size of its layer in metres, where it has one.
    beside
        Name of an analysis that this one rests on -> the inputs of that one, on the same grid.
    """

    grid: GeoBox
    communes: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    rasters: Mapping[str, xr.DataArray]
    features: Mapping[str, gpd.GeoDataFrame]
    figures: pd.DataFrame
    absent: tuple[str, ...] = ()
    years: Mapping[str, int | None] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    provinces: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    resolutions: Mapping[str, float | None] = field(default_factory=dict)
    beside: Mapping[str, Inputs] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What an analysis gives back, before provenance is added.

    ``tables`` have the official code as index (name ``code``); areas are in ``hectares``.
    ``features`` are written to ``result.gpkg``, one layer each.
    """

    rasters: Mapping[str, xr.DataArray] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    features: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Where a result came from; printed on every map, report and export."""

    analysis: str
    areas: tuple[str, ...]
    parameters: Mapping[str, Any]
    layers: tuple[LayerUse, ...]
    software: str
    created: str
    crs: str
    resolution_m: float
    example: bool


@dataclass(frozen=True)
class Result:
    """An outcome with its provenance."""

    outcome: Outcome
    provenance: Provenance
    grid: GeoBox


@dataclass(frozen=True)
class Analysis:
    """One analysis: its name, parameters, roles and computation.

    ``roles`` depends on the parameters (a rice track asks for other layers than an upland one).
    """

    name: str
    parameters: type
    roles: Callable[[Any], tuple[Role, ...]]
    compute: Callable[[Inputs, Any, Progress], Outcome]
    title: str = ""
    uses_records: tuple[str, ...] = ()
    chunkable: bool = False
    """Takes rasters also as dask arrays; what it gives back has the same bits."""
