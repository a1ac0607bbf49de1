"""Friction: minutes of each cell by hand, water that nothing slips through, roads without a gap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from scipy.ndimage import label

from gis.analysis import Note
from gis.barriers import burnt_cells, stopping, water_cells, without_gaps
from gis.coverage.machinery import Machinery, SlopeBand, Speed
from gis.errors import BadParameter, GridMismatch, UnknownParameter, WrongCrs
from gis.friction import Friction, friction
from gis.grid import CRS, NO_DATA, OUTSIDE
from gis.travel_time import travel_time

CELL = 100.0
LEFT, TOP = 300_000.0, 1_400_000.0
EIGHT = np.ones((3, 3), dtype=int)
"""Neighbours at sides and corners."""


def grid_of(rows: int, columns: int) -> GeoBox:
    box = (LEFT, TOP - rows * CELL, LEFT + columns * CELL, TOP)
    return GeoBox.from_bbox(box, CRS, resolution=CELL, tight=True)


def line(*places: tuple[float, float]) -> shapely.LineString:
    """A line through places in cells: column from the left, row from the top."""
    return shapely.LineString([(LEFT + CELL * x, TOP - CELL * y) for x, y in places])


def area(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    """A box in cells."""
    return shapely.box(
        LEFT + CELL * left, TOP - CELL * bottom, LEFT + CELL * right, TOP - CELL * top
    )


def frame(shapes: list[Any], classes: list[Any] | None = None) -> gpd.GeoDataFrame:
    columns = {} if classes is None else {"road_class": classes}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def speed(key: str, surface: Any, early: float, main: float, dry: float) -> Speed:
    return Speed(key, surface, early, main, dry, "made up", True)


TABLE = Machinery(
    speeds=(
        speed("primary", "road", 30, 30, 30),
        speed("track", "road", 6, 0, 12),
        speed("ferry", "road", 3, 3, 3),
        speed("other-road", "road", 10, 10, 15),
        speed("cropland", "land", 2, 1, 4),
        speed("wetland", "land", 1, 0, 2),
        speed("water", "land", 0, 0, 0),
        speed("unknown-land", "land", 1.5, 0.5, 3),
    ),
    slopes=(
        SlopeBand(5, 1, 1, "made up", True),
        SlopeBand(20, 0.5, 0.25, "made up", True),
        SlopeBand(50, 0.25, 0, "made up", True),
    ),
)
"""Of the seven classes two are missing from the table: they count as unknown."""


def made(grid: GeoBox, **given: Any) -> Friction:
    return friction(grid, **({"season": "dry", "machinery": TABLE} | given))


def kmh(found: Friction) -> list[list[float]]:
    """Speeds, 0 where nobody passes."""
    speeds = np.nan_to_num(np.float32(0.06) / found.minutes_per_metre)
    return speeds.round(3).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("season", "expected"),
    [
        # unknown, grassland (no row), cropland, wetland, outside, no data, water, code of no class
        ("early-wet", [1.5, 1.5, 2.0, 1.0, 1.5, 1.5, 0.0, 1.5]),
        ("main-wet", [0.5, 0.5, 1.0, 0.0, 0.5, 0.5, 0.0, 0.5]),
        ("dry", [3.0, 3.0, 4.0, 2.0, 3.0, 3.0, 0.0, 3.0]),
    ],
)
def test_land_by_cover_and_season(season: Any, expected: list[float]) -> None:
    cover = np.array([[0, 2, 3, 4, OUTSIDE, NO_DATA, 7, 99]], dtype=np.int16)
    found = made(grid_of(1, 8), season=season, land_cover=cover)
    assert kmh(found) == [expected]
    assert found.minutes_per_metre.dtype == np.float32
    # 4 km/h are 15 minutes a kilometre.
    if season == "dry":
        assert found.minutes_per_metre[0, 2] == pytest.approx(0.015)
    assert found.barrier.tolist() == [[False] * 6 + [True, False]]
    assert not found.on_road.any()


def test_a_slope_counts_by_its_band_both_ends_included() -> None:
    slope = np.array([[0, 5, 5.01, 20, 20.1, 50, 90, np.nan]] * 3, dtype=np.float32)
    roads = frame([line((-1, 1.5), (9, 1.5))], ["primary"])
    found = made(
        grid_of(3, 8),
        land_cover=np.full((3, 8), 3, dtype=np.int16),
        slope_percent=slope,
        roads=roads,
    )
    # What is steeper than the last band is taken as of it; an unknown slope as flat.
    assert kmh(found)[0] == [4, 4, 1, 1, 0, 0, 0, 4]
    assert kmh(found)[1] == [30, 30, 15, 15, 7.5, 7.5, 7.5, 30]
    notes = {note.key: dict(note.values) for note in found.notes}
    assert notes["friction.slope_unknown"] == {"percent": 13}
    assert notes.keys() == {"friction.slope_unknown", "friction.no_water"}


def test_the_fastest_road_counts_where_several_meet_whatever_their_order() -> None:
    ways = [line((0, 1.5), (3, 1.5)), line((1.5, 0), (1.5, 3)), line((0.2, 2.2), (0.8, 2.8))]
    for order in ([0, 1, 2], [2, 1, 0]):
        roads = frame([ways[n] for n in order], [["primary", "track", "lane"][n] for n in order])
        found = made(grid_of(3, 3), roads=roads)
        assert kmh(found) == [[3, 12, 3], [30, 30, 30], [15, 12, 3]]
        assert found.on_road.tolist() == [
            [False, True, False],
            [True, True, True],
            [True, True, False],
        ]


def test_a_closed_road_is_as_if_it_were_not_there() -> None:
    roads = frame([line((0, 0.5), (3, 0.5)), line((1.5, 0), (1.5, 1))], ["track", "primary"])
    found = made(grid_of(1, 3), roads=roads, season="main-wet")
    assert kmh(found) == [[0.5, 30, 0.5]]
    assert found.on_road.tolist() == [[False, True, False]]


def test_classes_that_nobody_knows_are_other_roads_and_said() -> None:
    ways = [line((n + 0.2, 0.5), (n + 0.8, 0.5)) for n in range(4)]
    found = made(grid_of(1, 4), roads=frame(ways, ["monorail", None, "primary", ""]))
    assert kmh(found) == [[15, 15, 30, 15]]
    said = Note("friction.roads_unknown", (("classes", ("-", "monorail")),))
    assert said in found.notes
    unnamed = made(grid_of(1, 4), roads=frame(ways))
    assert kmh(unnamed) == [[15, 15, 15, 15]]


def test_speeds_in_place_of_the_tables_and_a_factor() -> None:
    roads = frame([line((0.2, 0.5), (0.8, 0.5))], ["track"])
    cover = np.array([[3, 3]], dtype=np.int16)
    given = {"roads": roads, "land_cover": cover, "season": "main-wet"}
    found = made(grid_of(1, 2), speeds={"track": 8, "cropland": 0}, factor=0.5, **given)
    assert kmh(found) == [[4, 0]]
    plain = made(grid_of(1, 2), **given)
    double = made(grid_of(1, 2), factor=2.0, **given)
    assert (double.minutes_per_metre * 2 == plain.minutes_per_metre).all()


def test_a_bridge_and_a_ferry_cross_water_as_they_are_drawn() -> None:
    river = frame([line((2.5, -1), (2.5, 6))])
    roads = frame([line((0, 1.5), (5, 1.5)), line((2.1, 3.5), (2.9, 3.5))], ["primary", "ferry"])
    found = made(grid_of(5, 5), roads=roads, water=river)
    assert found.barrier[:, 2].all()
    assert not found.barrier[:, [0, 1, 3, 4]].any()
    assert [row[2] for row in kmh(found)] == [0, 30, 0, 3, 0]


def test_water_that_fits_into_a_cell_stops_nobody() -> None:
    pond, long, split = area(0.2, 0.2, 0.8, 0.8), area(2.4, 0.4, 3.6, 0.6), area(4.1, 0.5, 4.9, 0.9)
    halves = [area(5.1, 0.4, 5.6, 0.6), area(5.6, 0.4, 6.3, 0.6)]
    water = frame([pond, long, split, *halves, shapely.Point(LEFT, TOP), None, shapely.Polygon()])
    grid = grid_of(1, 8)
    found = water_cells(stopping(water, grid), grid)
    assert found.astype(int).tolist() == [[0, 0, 1, 1, 0, 1, 1, 0]]


def test_overlapping_lakes_do_not_cancel_out() -> None:
    water = frame(
        [area(0, 0, 3, 2), area(1, 0, 4, 2), shapely.GeometryCollection([area(4, 1, 6, 2)])]
    )
    grid = grid_of(2, 6)
    assert water_cells(stopping(water, grid), grid).astype(int).tolist()[1] == [1] * 6


def test_what_is_absent_is_said_once() -> None:
    keys = [note.key for note in made(grid_of(2, 2)).notes]
    assert keys == [
        "friction.no_roads",
        "friction.no_land_cover",
        "friction.no_water",
        "friction.slope_unknown",
    ]
    nothing = made(
        grid_of(1, 1),
        roads=frame([], []),
        water=frame([]),
        land_cover=np.array([[3]], dtype=np.int16),
        slope_percent=np.zeros((1, 1), dtype=np.float32),
    )
    assert nothing.notes == ()
    assert kmh(nothing) == [[4]]


def without(key: str) -> Machinery:
    return replace(TABLE, speeds=tuple(row for row in TABLE.speeds if row.key != key))


@pytest.mark.parametrize(
    ("given", "error", "named"),
    [
        ({"speeds": {"tracks": 3.0}}, UnknownParameter, "speeds.tracks"),
        ({"speeds": {"track": -1.0}}, BadParameter, "speeds.track"),
        ({"speeds": {"track": float("nan")}}, BadParameter, "speeds.track"),
        ({"factor": 0.0}, BadParameter, "factor"),
        ({"factor": float("inf")}, BadParameter, "factor"),
        ({"machinery": without("other-road")}, UnknownParameter, "other-road"),
        ({"machinery": without("unknown-land")}, UnknownParameter, "unknown-land"),
        ({"land_cover": np.zeros((3, 2), dtype=np.int16)}, GridMismatch, "land_cover"),
        ({"slope_percent": np.zeros((2, 3), dtype=np.float32)}, GridMismatch, "slope"),
        ({"roads": frame([line((0, 0), (1, 1))], ["track"]).to_crs(4326)}, WrongCrs, "roads"),
        (
            {"water": frame([line((0, 0), (1, 1))]).set_crs(None, allow_override=True)},
            WrongCrs,
            "water",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    given: dict[str, Any], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        made(grid_of(2, 2), **given)


def test_water_without_a_row_is_closed_and_a_row_may_open_it() -> None:
    water = frame([line((0, 0.5), (2, 0.5))])
    assert kmh(made(grid_of(1, 2), water=water, machinery=without("water"))) == [[0, 0]]
    assert kmh(made(grid_of(1, 2), water=water, speeds={"water": 2})) == [[2, 2]]


# ---- nothing slips through water ----


def rising(count: int, across: int) -> st.SearchStrategy[list[float]]:
    """Rows of a river at whole and half columns: through corners and along edges too."""
    halves = st.integers(0, 2 * across).map(lambda number: number / 2)
    anywhere = st.floats(0, across, allow_nan=False, width=32)
    return st.lists(halves | anywhere, min_size=count, max_size=count)


@settings(max_examples=150, deadline=None)
@given(rising(9, 12), st.sampled_from([8, 16]))
def test_no_route_crosses_a_river_without_a_road(heights: list[float], neighbours: int) -> None:
    """Independent of the burning: which side a cell centre lies on is worked out on the line."""
    grid = grid_of(12, 12)
    columns = np.linspace(-2, 14, len(heights))
    river = line(*zip(columns.tolist(), heights, strict=True))
    found = made(grid, water=frame([river]))
    centres = np.arange(12) + 0.5
    north = centres[:, None] < np.interp(centres, columns, heights)[None, :]
    open_cells = ~np.isnan(found.minutes_per_metre)
    for side in (north & open_cells, ~north & open_cells):
        if side.any():
            minutes, _ = travel_time(
                found.minutes_per_metre, np.argwhere(side)[:1], CELL, neighbours
            )
            reached = ~np.isnan(minutes)
            assert not (reached & ~side).any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 9), st.floats(1, 9)), min_size=3, max_size=7, unique=True))
def test_no_route_leaves_a_lake_or_enters_it(corners: list[tuple[float, float]]) -> None:
    """A moat of any form: from inside nobody gets out."""
    moat = shapely.convex_hull(shapely.MultiPoint(list(line(*corners).coords)))
    ring = shapely.boundary(moat)
    found = made(grid_of(10, 10), water=frame([ring]))
    x, y = np.meshgrid(LEFT + CELL * (np.arange(10) + 0.5), TOP - CELL * (np.arange(10) + 0.5))
    inside = shapely.contains_xy(moat, x, y) & ~np.isnan(found.minutes_per_metre)
    if inside.any():
        for neighbours in (8, 16):
            minutes, _ = travel_time(found.minutes_per_metre, np.argwhere(inside), CELL, neighbours)
            assert not (~np.isnan(minutes) & ~inside).any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=30, max_size=30))
def test_no_two_cells_of_water_touch_at_a_corner_alone(cells: list[bool]) -> None:
    water = np.array(cells).reshape(5, 6)
    closed = without_gaps(water)
    assert (closed | ~water).all()
    joined, _ = label(closed)
    touching, _ = label(water, EIGHT)
    for number in range(1, touching.max() + 1):
        assert len(set(joined[touching == number])) == 1


def test_water_of_the_land_cover_is_closed_at_corners_too() -> None:
    cover = np.where(np.eye(6, dtype=bool), 7, 3).astype(np.int16)
    found = made(grid_of(6, 6), land_cover=cover)
    for neighbours in (8, 16):
        minutes, _ = travel_time(found.minutes_per_metre, np.array([[5, 0]]), CELL, neighbours)
        assert np.isnan(minutes[np.triu_indices(6)]).all()


# ---- nothing slips through closed land either ----

CLOSED = st.lists(st.sampled_from(["open", "wetland", "water", "steep"]), min_size=81, max_size=81)


def closed_land(kinds: list[str], **given: Any) -> tuple[Friction, np.ndarray]:
    """Nine by nine cells, and which of them are closed by what lies on them."""
    kind = np.array(kinds).reshape(9, 9)
    codes = {"wetland": 4, "water": 7}
    cover = np.vectorize(lambda one: codes.get(one, 3))(kind).astype(np.int16)
    slope = np.where(kind == "steep", np.float32(40), np.float32(0)).astype(np.float32)
    found = made(grid_of(9, 9), season="main-wet", land_cover=cover, slope_percent=slope, **given)
    return found, kind != "open"


def reached_from(found: Friction, start: tuple[int, int], neighbours: int) -> np.ndarray:
    minutes, _ = travel_time(found.minutes_per_metre, np.array([start]), CELL, neighbours)
    return ~np.isnan(minutes)


@settings(max_examples=100, deadline=None)
@given(CLOSED, st.sampled_from([8, 16]))
def test_no_route_crosses_closed_land(kinds: list[str], neighbours: int) -> None:
    """What can be reached hangs together by sides: labelled by SciPy, without any corner."""
    found, closed = closed_land(kinds)
    parts, _ = label(~closed)
    open_cells = ~np.isnan(found.minutes_per_metre)
    assert not (open_cells & closed).any()
    for start in np.argwhere(open_cells)[::7]:
        reached = reached_from(found, tuple(start), neighbours)
        assert set(parts[reached]) == {parts[tuple(start)]}


@settings(max_examples=100, deadline=None)
@given(CLOSED, st.integers(0, 8), st.sampled_from([8, 16]))
def test_a_road_stays_as_it_is_burnt_through_closed_land(
    kinds: list[str], column: int, neighbours: int
) -> None:
    """A road straight down: all of it is one way, and what lies off it is reached by sides."""
    road = frame([line((column + 0.5, 0.1), (column + 0.5, 8.9))], ["primary"])
    found, closed = closed_land(["open" if kind == "water" else kind for kind in kinds], roads=road)
    # On the steepest slope a road is slow, and open.
    assert found.on_road[:, column].all()
    closed[:, column] = False
    parts, _ = label(~closed)
    reached = reached_from(found, (0, column), neighbours)
    assert reached[:, column].all()
    assert set(parts[reached]) == {parts[0, column]}


@pytest.mark.parametrize("neighbours", [8, 16])
@pytest.mark.parametrize("upper", ["wetland", "water", "steep"])
@pytest.mark.parametrize("lower", ["wetland", "water", "steep"])
def test_a_wall_along_the_diagonal_holds(upper: str, lower: str, neighbours: int) -> None:
    kinds = np.full((9, 9), "open", dtype="<U8")
    for place in range(9):
        kinds[place, place] = upper if place < 5 else lower
    found, _ = closed_land(kinds.ravel().tolist())
    assert not reached_from(found, (8, 0), neighbours)[np.triu_indices(9)].any()
    water = {place for place in range(9) if kinds[place, place] == "water"}
    assert set(np.argwhere(found.barrier)[:, 0]) <= water | {place - 1 for place in water}


# ---- roads hang together ----


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.125, 11.875), st.floats(0.125, 11.875)),
        min_size=2,
        max_size=6,
        unique=True,
    )
)
def test_a_road_is_thin_and_has_no_gap(places: list[tuple[float, float]]) -> None:
    grid, way = grid_of(12, 12), line(*places)
    blocked = made(grid, roads=frame([way], ["primary"]), speeds={"unknown-land": 0})
    assert label(blocked.on_road, EIGHT)[1] == 1
    assert (blocked.on_road == ~np.isnan(blocked.minutes_per_metre)).all()
    assert not (blocked.on_road & ~burnt_cells(way.buffer(CELL), grid, all_touched=True)).any()
    straight = made(grid, roads=frame([line(places[0], places[1])], ["primary"]))
    rows, columns = np.nonzero(straight.on_road)
    assert straight.on_road.sum() == max(np.ptp(rows), np.ptp(columns)) + 1


# ---- a road beside water is no bridge ----


def test_a_road_along_a_river_opens_it_at_its_bridge_alone() -> None:
    """North bank and river share the cells of row 2; the bridge leads south in column 4."""
    river = frame([line((-1, 2.6), (7, 2.6))])
    along = line(*((x / 4, 2.3) for x in range(-4, 29)))
    bridge = line(*((4.5, y / 4) for y in range(9, 20)))
    bank = made(grid_of(5, 6), roads=frame([along], ["primary"]), water=river)
    assert kmh(bank)[2] == [30] * 6
    assert kmh(bank)[3] == [0] * 6, "the far bank is closed with the river"
    assert bank.barrier[3].all()
    assert kmh(bank)[4] == kmh(bank)[1] == [3] * 6
    both = made(grid_of(5, 6), roads=frame([along, bridge], ["primary"] * 2), water=river)
    assert kmh(both)[3] == [0, 0, 0, 0, 30, 0]
    minutes, _ = travel_time(both.minutes_per_metre, np.array([[0, 0]]), CELL)
    assert not np.isnan(minutes[4]).any()


@settings(max_examples=80, deadline=None)
@given(rising(7, 10), st.floats(0.02, 0.7), st.sampled_from([8, 16]))
def test_no_route_leaves_a_bank_road_over_the_river(
    heights: list[float], offset: float, neighbours: int
) -> None:
    grid = grid_of(12, 10)
    columns = np.linspace(-2, 12, len(heights))
    river = line(*zip(columns.tolist(), [1 + height for height in heights], strict=True))
    road = shapely.segmentize(shapely.affinity.translate(river, yoff=CELL * offset), CELL / 10)
    found = made(grid, water=frame([river]), roads=frame([road], ["primary"]))
    centres_x, centres_y = np.arange(10) + 0.5, np.arange(12) + 0.5
    bank = np.interp(centres_x, columns, [1 + height for height in heights])
    north = centres_y[:, None] < bank[None, :]
    away = ~found.on_road & ~np.isnan(found.minutes_per_metre)
    if (north & away).any():
        minutes, _ = travel_time(
            found.minutes_per_metre, np.argwhere(north & away), CELL, neighbours
        )
        assert not (~np.isnan(minutes) & away & ~north).any()
