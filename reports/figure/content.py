"""What a printed map shows, as values: nothing here draws, nothing reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from layers.drawing import LegendGroup, Sign
from locales import Language

CLEAR = -2
"""A step that has no colour and is not unknown either."""


@dataclass(frozen=True, eq=False)
class CellField:
    """A surface of cells.

    Attributes
    ----------
    steps
        Place of each cell in ``colours``, shape of ``grid``; ``UNKNOWN_STEP`` is hatched,
        ``CLEAR`` stays clear.
    crossed
        Cells hatched both ways: excluded land, or land to which no way leads.
    numbers
        Of each colour, where greys alone do not tell the classes apart.
    """

    steps: NDArray[np.int16]
    grid: GeoBox
    colours: tuple[str, ...]
    crossed: NDArray[np.bool_] | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitField:
    """A surface of communes: place in ``colours`` by code, ``UNKNOWN_STEP`` is hatched."""

    steps: Mapping[str, int]
    colours: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Surface:
    """A coloured surface, its title and legend, and communes with a dashed outline."""

    field: CellField | UnitField
    title: str
    legend: LegendGroup
    borderline: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Relief:
    """Light on the land, 0 (shade) to 1 (full light), NaN unknown; shape of ``grid``."""

    shade: NDArray[np.float32]
    grid: GeoBox


@dataclass(frozen=True, eq=False)
class Ground:
    """Places under a map, all in the CRS of analysis grids.

    Attributes
    ----------
    own
        Communes of the area: index ``code``; ``district, province, name_en, name_km``.
    communes, districts, provinces
        All that may be seen around them, with the same columns as far as they have them.
    country
        Outline of the country, for the locator.
    """

    own: gpd.GeoDataFrame = field(repr=False)
    communes: gpd.GeoDataFrame = field(repr=False)
    districts: gpd.GeoDataFrame = field(repr=False)
    provinces: gpd.GeoDataFrame = field(repr=False)
    country: gpd.GeoSeries = field(repr=False)


@dataclass(frozen=True, eq=False)
class MapContent:
    """Everything on a page.

    Attributes
    ----------
    scripts
        Languages of the names on the map, the first one above.
    surface
        What colours the land; None for a map of places alone.
    borderline
        Codes of communes with a dashed outline.
    numbers
        Code of a part and the number of its page, for the index of an atlas.
    legend
        Groups in reading order, of what the map shows and nothing else.
    sources, remarks
        Sentences at the foot of the page.
    code
        What was run, with which software, from which data.
    stamp
        Words across the map; empty where nothing is made up.
    """

    language: Language
    scripts: tuple[Language, ...]
    title: str
    subtitle: str
    ground: Ground
    surface: CellField | UnitField | None = None
    relief: Relief | None = None
    water: gpd.GeoDataFrame | None = None
    roads: gpd.GeoDataFrame | None = None
    points: tuple[Sign, ...] = ()
    borderline: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    legend: tuple[LegendGroup, ...] = ()
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    code: str = ""
    stamp: str = ""

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages of titles and legend: with names in two scripts both."""
        return self.scripts if len(self.scripts) > 1 else (self.language,)
