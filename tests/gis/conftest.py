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
from gis.coverage.machinery import (
    CoverCrop,
    FieldCapacity,
    Machinery,
    RainDays,
    Sowing,
    Speed,
    Window,
)
from gis.grid import CRS, raster
from gis.membership import Linear, RangeTable
from gis.tracks import Criterion, Mask, Track

CELL = 1000.0
LEFT, TOP = 400_000.0, 1_450_000.0
CODES = ("010101", "010102", "010103", "010201", "010202", "010203")


@dataclass(frozen=True)
class Provider:
    """A base at kilometres east and south; machines as (kind, count, ha a day, crops)."""

    reference: str
    east: float
    south: float
    machines: Sequence[tuple[str, int, float, tuple[str, ...]]] = ()
    since_year: float = np.nan


@dataclass(frozen=True)
class Request:
    """Hectares asked for at a meeting; ``machine`` empty: any."""

    meeting: str
    commune: str
    crop: str
    hectares: float
    season: str = "early-wet"
    year: int = 2026
    machine: str = ""
    farmers: float = 20.0


@dataclass(frozen=True)
class World:
    """Communes of 3 x 3 cells of 1 km in a row; the rasters over them; what is recorded there."""

    rasters: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, tuple[Sequence[int], NDArray[Any]]] = field(default_factory=dict)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    villages: Sequence[tuple[str, str, float, float]] = ()
    adopters: Sequence[tuple[str, str, float, float]] | None = ()
    roads: gpd.GeoSeries | None = None
    water: gpd.GeoSeries | None = None
    providers: Sequence[Provider] = ()
    requests: Sequence[Request] = ()

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
            drawn = gpd.GeoDataFrame(geometry=self.roads, crs=CRS)
            features["roads"] = drawn.assign(road_class="road")
        if self.water is not None:
            features["water"] = gpd.GeoDataFrame(geometry=self.water, crs=CRS)
        features |= service_of(self.providers) | {"requests": requests_of(self.requests)}
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


def service_of(rows: Sequence[Provider]) -> dict[str, Any]:
    """Providers and their machines, as records fill these roles."""
    points = [place(row.east, row.south) for row in rows]
    owned = [
        (row, point, machine)
        for row, point in zip(rows, points, strict=True)
        for machine in row.machines
    ]
    machines = {
        "reference": [f"M{number}" for number, _ in enumerate(owned)],
        "provider": [row.reference for row, _, _ in owned],
        "machine": [machine[0] for _, _, machine in owned],
        "count": [machine[1] for _, _, machine in owned],
        "crops": pd.Series([machine[3] for _, _, machine in owned], dtype=object),
        "field_capacity_ha_day": [machine[2] for _, _, machine in owned],
        "field_capacity_basis": "measured",
        "commune": "",
        "example": True,
    }
    providers = {
        "reference": [row.reference for row in rows],
        "commune": [CODES[int(row.east // 3)] for row in rows],
        "organisation": "cooperative",
        "since_year": pd.Series([row.since_year for row in rows], dtype=float),
        "example": True,
    }
    return {
        "providers": gpd.GeoDataFrame(providers, geometry=points, crs=CRS),
        "machines": gpd.GeoDataFrame(machines, geometry=[point for _, point, _ in owned], crs=CRS),
    }


def requests_of(rows: Sequence[Request]) -> pd.DataFrame:
    """Requests, as records fill this role."""
    names = ("commune", "crop", "season", "year", "machine", "hectares", "farmers")
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    return pd.DataFrame({"reference": [row.meeting for row in rows]} | columns | {"example": True})


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
    crops=("maize", "cassava"),
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
    machines=("no-till-planter", "roller-crimper", "tractor"),
    planters=("no-till-planter",),
    other_crops=("soybean",),
)
RICE = replace(
    TRACK,
    key="rice",
    crops=("rice",),
    figures=("rice_ha",),
    other_crops=(),
    planters=("seed-drill", "no-till-planter"),
)
MACHINERY = Machinery(
    speeds=(
        Speed("road", "road", 12, 12, 12, "test", True),
        Speed("other-road", "road", 12, 12, 12, "test", True),
        Speed("unknown-land", "land", 6, 6, 6, "test", True),
    ),
    windows=(
        Window("maize", "early-wet", "04-01", "04-10", "test", True),
        Window("cassava", "early-wet", "04-11", "04-20", "test", True),
        Window("rice", "early-wet", "04-01", "04-20", "test", True),
    ),
    rain=(RainDays(4, 0, "test", True),),
    capacities=(
        FieldCapacity("no-till-planter", 4, "test", True),
        FieldCapacity("roller-crimper", 5, "test", True),
        FieldCapacity("seed-drill", 4, "test", True),
        FieldCapacity("tractor", 5, "test", True),
    ),
    cover_crops=(CoverCrop("sunn-hemp", 20, "test", True),),
    sowing=(Sowing("early-wet", "04-01", "04-20", "test", True),),
)
"""Off the road a cell of 1 km takes 10 minutes, on it 5; maize has 10 days, then cassava 10."""


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
        machinery=MACHINERY,
        rice=RICE,
        provider=Provider,
        request=Request,
        place=place,
        track=TRACK,
        codes=CODES,
    )


@pytest.fixture
def keys() -> Callable[[Any], set[str]]:
    """Keys of the notes of an outcome."""
    return lambda outcome: {note.key for note in outcome.warnings}
