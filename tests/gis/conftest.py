"""A small made-up world: two districts, six communes on a grid of nine cells each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import BoundingBox
from shapely import LineString, Point, box

from gis.analysis import Inputs
from gis.grid import CRS, raster
from gis.membership import Linear, RangeTable
from gis.tracks import Criterion, Mask, Track

CELL = 1000.0
LEFT, TOP = 400_000.0, 1_450_000.0
CODES = ("010101", "010102", "010103", "010201", "010202", "010203")


@dataclass(frozen=True)
class World:
    """Communes of 3 x 3 cells of 1 km in a row; the rasters over them; villages; adopters."""

    rasters: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, tuple[Sequence[int], NDArray[Any]]] = field(default_factory=dict)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    villages: Sequence[tuple[str, str, float, float]] = ()
    adopters: Sequence[tuple[str, str, float, float]] | None = ()
    roads: gpd.GeoSeries | None = None

    def inputs(self) -> Inputs:
        grid = grid_of(3, 3 * len(CODES))
        arrays = {
            name: raster(values, grid, name, self.units.get(name, "1"))
            for name, values in self.rasters.items()
        }
        arrays |= {
            name: raster(values, grid, name, self.units.get(name, "1"), years)
            for name, (years, values) in self.series.items()
        }
        features = {"villages": villages_of(self.villages)}
        if self.adopters is not None:
            features["adopters"] = adopters_of(self.adopters)
        if self.roads is not None:
            features["roads"] = gpd.GeoDataFrame(geometry=self.roads, crs=CRS)
        return Inputs(
            grid,
            communes(),
            districts(),
            arrays,
            features,
            self.figures,
            areas=("01",),
            provinces=provinces(),
        )

    def but(self, **changes: Any) -> World:
        return replace(self, **changes)


def grid_of(rows: int, columns: int, cell: float = CELL) -> GeoBox:
    bounds = BoundingBox(LEFT, TOP - rows * cell, LEFT + columns * cell, TOP, CRS)
    return GeoBox.from_bbox(bounds, resolution=cell, tight=True)


def communes() -> gpd.GeoDataFrame:
    shapes = [
        box(LEFT + place * 3 * CELL, TOP - 3 * CELL, LEFT + (place + 1) * 3 * CELL, TOP)
        for place in range(len(CODES))
    ]
    return gpd.GeoDataFrame(
        {
            "district": [code[:4] for code in CODES],
            "province": "01",
            "name_en": [f"C{code}" for code in CODES],
            "name_km": [f"ឃុំ{code}" for code in CODES],
        },
        geometry=shapes,
        index=pd.Index(CODES, name="code"),
        crs=CRS,
    )


def districts() -> gpd.GeoDataFrame:
    merged = communes().dissolve("district")
    return gpd.GeoDataFrame(
        {"province": "01", "name_en": ["West", "East"], "name_km": ["លិច", "កើត"]},
        geometry=merged.geometry.to_numpy(),
        index=pd.Index(merged.index, name="code"),
        crs=CRS,
    )


def provinces() -> gpd.GeoDataFrame:
    whole = communes().dissolve("province")
    return gpd.GeoDataFrame(
        {"name_en": ["All"], "name_km": ["ទាំងអស់"]},
        geometry=whole.geometry.to_numpy(),
        index=pd.Index(whole.index, name="code"),
        crs=CRS,
    )


def villages_of(rows: Sequence[tuple[str, str, float, float]]) -> gpd.GeoDataFrame:
    """Rows of (code, commune, kilometres east, kilometres south)."""
    return gpd.GeoDataFrame(
        {
            "commune": [row[1] for row in rows],
            "name_en": [f"V{row[0]}" for row in rows],
            "name_km": [f"ភូមិ{row[0]}" for row in rows],
        },
        geometry=[place(row[2], row[3]) for row in rows],
        index=pd.Index([row[0] for row in rows], name="code", dtype=object),
        crs=CRS,
    )


def adopters_of(rows: Sequence[tuple[str, str, float, float]]) -> gpd.GeoDataFrame:
    """Rows of (track, status, kilometres east, kilometres south)."""
    return gpd.GeoDataFrame(
        {
            "reference": [f"P{number}" for number, _ in enumerate(rows)],
            "track": [row[0] for row in rows],
            "status": [row[1] for row in rows],
            "example": True,
        },
        geometry=[place(row[2], row[3]) for row in rows],
        crs=CRS,
    )


def place(east: float, south: float) -> Point:
    return Point(LEFT + east * 1000, TOP - south * 1000)


def line(*corners: tuple[float, float]) -> LineString:
    return LineString([place(*corner) for corner in corners])


def band(*values: float, dtype: Any = np.float32) -> NDArray[Any]:
    """One value a commune, over its nine cells."""
    return np.repeat(np.array([values], dtype=dtype), 3, axis=0).repeat(3, axis=1)


def criterion(key: str, axis: str, variable: str, letter: str, **more: Any) -> Criterion:
    stated = {
        "units": "1",
        "function": Linear(0, 1),
        "weight": 1.0,
        "source": "test",
        "working_value": True,
    }
    return Criterion(key=key, axis=axis, variable=variable, letter=letter, **(stated | more))  # type: ignore[arg-type]


TRACK = Track(
    key="upland",
    crops=("maize",),
    figures=("maize_ha", "cassava_ha"),
    criteria=(
        criterion("poverty", "need", "poor_share", "p"),
        criterion(
            "slope",
            "fit",
            "slope",
            "t",
            units="percent",
            function=RangeTable((3, 10), (1, 0.5, 0.1)),
            limiting=True,
        ),
        criterion(
            "adopters_near", "spread", "adopter_distance", "a", function=Linear(10000, 0), units="m"
        ),
    ),
    masks=(
        Mask("protected_strict", "protected_zone", (1,), "exclude"),
        Mask("protected_check", "protected_zone", (2,), "check"),
    ),
)


@pytest.fixture
def world() -> World:
    """Firm figures everywhere, flat land, a village in the middle of each commune."""
    return World(
        rasters={"poor_share": band(0.9, 0.8, 0.7, 0.6, 0.5, 0.4), "slope": band(0, 0, 0, 0, 0, 0)},
        units={"slope": "degree"},
        figures=figures(),
        villages=[(f"{code}01", code, 1.5 + 3 * number, 1.5) for number, code in enumerate(CODES)],
    )


def figures(**columns: Any) -> pd.DataFrame:
    """Commune figures: 90 ha of maize on 900 ha of land, 100 households, 40 of them poor."""
    stated = {
        "area_ha": 900.0,
        "maize_ha": 90.0,
        "cassava_ha": 0.0,
        "rice_ha": 0.0,
        "households": 100.0,
        "poor_households": 40.0,
        "families": 100.0,
        "protected_share": 0.0,
    }
    return pd.DataFrame(stated | columns, index=pd.Index(CODES, name="code"), dtype=float)


@pytest.fixture
def sketch() -> SimpleNamespace:
    """What tests draw worlds with."""
    return SimpleNamespace(
        band=band,
        criterion=criterion,
        figures=figures,
        grid_of=grid_of,
        line=line,
        place=place,
        track=TRACK,
        codes=CODES,
    )


@pytest.fixture
def keys() -> Callable[[Any], set[str]]:
    """Keys of the notes of an outcome."""
    return lambda outcome: {note.key for note in outcome.warnings}
