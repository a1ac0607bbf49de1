"""Scale, grid and north of a printed map, against geodesics and against closed formulas."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis.grid import CRS, GEOGRAPHIC
from reports.figure.graticule import geographic_ticks, grid_kilometres, grid_ticks
from reports.figure.paper import PAPERS, Box
from reports.figure.scale import ROUND, MapFrame, convergence, frame_for, round_up, scale_bar

TO_METRES = Transformer.from_crs(GEOGRAPHIC, CRS, always_xy=True)
TO_DEGREES = Transformer.from_crs(CRS, GEOGRAPHIC, always_xy=True)
GEOD = Geod(ellps="WGS84")
RATTANAK_MONDUL = (102.9, 12.9)


@pytest.mark.parametrize("place", [(102.5, 10.6), (104.9, 12.5), (107.4, 14.5)])
@pytest.mark.parametrize("denominator", [25_000.0, 300_000.0, 1_500_000.0])
def test_scale_bar_is_as_long_as_the_ground(place: tuple[float, float], denominator: float) -> None:
    """Within 0.1 % of the geodesic between the ends of the bar, at three latitudes."""
    frame = MapFrame(Box(20, 80, 160, 200), denominator, TO_METRES.transform(*place))
    bar = scale_bar(frame)
    half = bar.millimetres / 2 * frame.metres_per_mm
    x, y = frame.middle
    west, east = (TO_DEGREES.transform(x + side * half, y) for side in (-1, 1))
    ground = GEOD.inv(*west, *east)[2]
    assert ground == pytest.approx(bar.metres, rel=1e-3)
    assert bar.metres / (bar.millimetres / 1000) == pytest.approx(denominator)


@pytest.mark.parametrize(
    ("place", "degrees"), [(RATTANAK_MONDUL, -0.469), ((105.0, 13.0), 0.0), ((107.0, 13.5), 0.467)]
)
def test_grid_north_leaves_true_north_by_the_closed_formula(
    place: tuple[float, float], degrees: float
) -> None:
    """tan c = tan(lon - 105) sin(lat) on the sphere: within 0.005 degree of the ellipsoid."""
    lon, lat = (math.radians(value) for value in (place[0] - 105.0, place[1]))
    formula = math.degrees(math.atan(math.tan(lon) * math.sin(lat)))
    assert formula == pytest.approx(degrees, abs=0.002)
    found = convergence(*TO_METRES.transform(*place))
    assert found == pytest.approx(formula, abs=0.005)


def test_grid_north_lies_west_of_true_north_as_a_meridian_shows() -> None:
    """A step along the meridian at Rattanak Mondul goes east on the grid: its north lies west."""
    lon, lat = RATTANAK_MONDUL
    low, high = TO_METRES.transform(lon, lat - 0.1), TO_METRES.transform(lon, lat + 0.1)
    lean = math.degrees(math.atan2(high[0] - low[0], high[1] - low[1]))
    assert lean > 0
    assert convergence(*TO_METRES.transform(lon, lat)) == pytest.approx(-lean, abs=0.002)


@given(st.floats(1e3, 5e6))
def test_a_scale_is_round_and_not_much_smaller_than_needed(needed: float) -> None:
    found = round_up(needed)
    power = 10.0 ** math.floor(math.log10(found))
    assert any(math.isclose(found, step * power) for step in (*ROUND, 10.0))
    assert needed * (1 - 1e-9) <= found <= needed * 4 / 3


@given(
    st.floats(2.2e5, 7.5e5),
    st.floats(1.15e6, 1.62e6),
    st.floats(1e3, 3e5),
    st.floats(1e3, 3e5),
)
def test_an_area_lies_whole_in_its_frame(
    west: float, south: float, width: float, height: float
) -> None:
    for paper in PAPERS.values():
        box = Box(20, 60, paper.width - 40, paper.height - 90)
        frame = frame_for((west, south, west + width, south + height), box)
        for point in ((west, south), (west + width, south + height)):
            x, y = frame.on_page(*point)
            assert box.x <= x <= box.right
            assert box.y <= y <= box.top


def test_ticks_stand_where_the_grid_crosses_the_frame() -> None:
    frame = MapFrame(Box(20, 80, 160, 200), 300_000.0, TO_METRES.transform(*RATTANAK_MONDUL))
    eastings, northings = grid_kilometres(frame)
    ticks = {(tick.side, tick.text): tick.at for tick in grid_ticks(frame)}
    for km in eastings:
        assert ticks["bottom", str(km)] == pytest.approx(frame.on_page(km * 1000.0, 0.0)[0])
    for km in northings:
        assert ticks["left", str(km)] == pytest.approx(frame.on_page(0.0, km * 1000.0)[1])
    _, _, _, north = frame.extent
    for tick in geographic_ticks(frame):
        if tick.side == "top":
            degrees, minutes = tick.text.removesuffix("'E").split("°")
            lon = int(degrees) + int(minutes) / 60
            x = frame.middle[0] + (tick.at - frame.box.middle[0]) * frame.metres_per_mm
            assert TO_DEGREES.transform(x, north)[0] == pytest.approx(lon, abs=1e-4)
