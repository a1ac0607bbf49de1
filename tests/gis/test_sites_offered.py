"""Candidates that are no villages: hexagons on one lattice, points that a planner draws."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from pydantic import ValidationError
from shapely import box

from gis.analyses import sites
from gis.analysis import Outcome
from gis.errors import BadParameter
from gis.sites.offered import offered_places
from gis.sites.parameters import DrawnPoint, SitesParameters
from gis.suitability_parameters import AxisWeights


def run(world: Any, sketch: SimpleNamespace, **changes: Any) -> Outcome:
    stated: dict[str, Any] = {
        "tracks": (sketch.track,),
        "weights": AxisWeights(need=1, fit=0, service=0, spread=0),
        "count": 2,
        "reach_m": 1450.0,
        "spacing_m": 0.0,
        "samples": 0,
    }
    return sites.compute(world.inputs(), SitesParameters(**(stated | changes)))


def point(east_km: float, south_km: float, name: str) -> DrawnPoint:
    """A point of the made-up world, in degrees."""
    there = gpd.GeoSeries.from_xy([400_000 + east_km * 1000], [1_450_000 - south_km * 1000])
    degrees = there.set_crs("EPSG:32648").to_crs("EPSG:4326")
    return DrawnPoint(float(degrees.x[0]), float(degrees.y[0]), name)


def test_drawn_points_are_candidates(world: Any, sketch: SimpleNamespace) -> None:
    drawn = (point(1.5, 1.5, "school"), point(16.5, 1.5, "mill"), point(0.1, 0.1, "corner"))
    outcome = run(world, sketch, candidates="points", points=drawn)
    found = outcome.features["sites"]
    assert found["village_en"].tolist() == ["school", "mill"]
    assert found["village"].tolist() == [drawn[0].code, drawn[1].code]
    assert found["code"].tolist() == ["010101", "010203"]
    assert found["hectares"].tolist() == pytest.approx([90, 90])
    assert outcome.summary["candidates"] == 3


def test_points_that_cannot_be_are_named(world: Any, sketch: SimpleNamespace) -> None:
    for drawn in ((point(30, 1.5, "far"),), (point(1.5, 1.5, "far"), point(4.5, 1.5, "far"))):
        with pytest.raises(BadParameter, match="far"):
            run(world, sketch, candidates="points", points=drawn)


@pytest.mark.parametrize("offer", ["points", "villages", "hexagons"])
def test_points_belong_to_drawn_points_alone(
    offer: Any, world: Any, sketch: SimpleNamespace
) -> None:
    drawn = () if offer == "points" else (point(1.5, 1.5, "school"),)
    with pytest.raises(BadParameter) as caught:
        run(world, sketch, candidates=offer, points=drawn)
    assert caught.value.name == "points"


def test_a_point_lies_in_the_commune_whose_outline_holds_it(
    world: Any, sketch: SimpleNamespace
) -> None:
    """The border runs 3.4 km east; the cell around a point 3.2 km east has its middle beyond."""
    inputs = world.inputs()
    west, east = sketch.place(0, 3), sketch.place(3.4, 0)
    outlines = inputs.communes.geometry.copy()
    outlines["010101"] = box(west.x, west.y, east.x, east.y)
    outlines["010102"] = outlines["010102"].difference(outlines["010101"])
    moved = replace(inputs, communes=inputs.communes.set_geometry(outlines))
    drawn = (point(3.2, 1.5, "school"), point(3.6, 1.5, "mill"))
    parameters = SitesParameters(candidates="points", points=drawn)
    table = offered_places(moved, parameters)
    assert dict(zip(table["name_en"], table["commune"], strict=True)) == {
        "school": "010101",
        "mill": "010102",
    }


def test_a_commune_without_a_drawn_point_has_no_place(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, candidates="points", points=(point(1.5, 1.5, "school"),))
    stops = outcome.tables["communes"]["stopped_by"]
    assert stops.isna().tolist() == [True, False, False, False, False, False]
    assert set(stops.dropna()) == {"no_places"}


def test_a_hexagon_is_whole_metres_wide() -> None:
    """1,234.567 and 1,234.568 m would share the code H1234.57."""
    with pytest.raises(ValidationError):
        SitesParameters(hexagon_m=1234.567)


def test_hexagons_lie_on_one_lattice(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, candidates="hexagons", hexagon_m=1000.0, count=6)
    found = outcome.features["sites"]
    assert found["code"].is_unique
    height = 1000 * np.sqrt(3) / 2
    for x, y, code in zip(found.geometry.x, found.geometry.y, found["village"], strict=True):
        row = round(y / height)
        assert y == pytest.approx(row * height)
        assert (x - 500 * (row % 2)) % 1000 == pytest.approx(0)
        assert code == f"H1000-{int((x - 500 * (row % 2)) // 1000)}-{row}"
    # Neighbours are one width apart: 6 columns of 3 km hold at least 15 x 3 of them.
    assert outcome.summary["candidates"] >= 45


def test_points_and_hexagons_have_codes_to_rule_by(world: Any, sketch: SimpleNamespace) -> None:
    drawn = (point(1.5, 1.5, "school"), point(4.5, 1.5, "mill"), point(7.5, 1.5, "well"))
    ruled = run(
        world, sketch, candidates="points", points=drawn,
        required=(drawn[2].code,), forbidden=(drawn[0].code,),
    ).features["sites"]  # fmt: skip
    assert ruled["village_en"].tolist() == ["mill", "well"]
    free = run(world, sketch, candidates="hexagons", hexagon_m=1000.0).features["sites"]
    best = free["village"].iloc[0]
    without = run(
        world, sketch, candidates="hexagons", hexagon_m=1000.0, forbidden=(best,)
    ).features["sites"]
    assert best not in without["village"].tolist()


def test_a_point_keeps_its_code_when_listed_elsewhere_or_renamed() -> None:
    point_ = DrawnPoint(103.21447, 13.1, "school")
    assert point_.code == DrawnPoint(103.21448, 13.10001, "new school").code == "P103.2145-13.1000"
