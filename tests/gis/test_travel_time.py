"""Travel time against tables worked out by hand and Dijkstra's algorithm of SciPy.

The graph given to SciPy is made here from the words of the definition: cells that a move touches
are found by walking along it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from gis.errors import (
    BadFriction,
    BadParameter,
    DeimapError,
    GridMismatch,
    NothingPassable,
    PlaceImpassable,
    PlaceOutside,
)
from gis.travel_field import Field
from gis.travel_kernel import NO_SOURCE
from gis.travel_time import (
    nearest_passable,
    off_road_share,
    travel_time,
    travel_times_between,
)

NAN = np.nan
R2, R5 = np.sqrt(2.0), np.sqrt(5.0)
SOURCE = np.array([[0, 0]])
PLAIN, CELL_M = np.full((5, 5), 0.01), 100.0
RULES = settings(max_examples=60, deadline=None)

frictions = st.one_of(
    st.sampled_from([NAN, 0.01, 0.02, 0.03, 0.5]),
    st.floats(-12, 6).map(lambda power: 10.0**power),
)


@st.composite
def fields(draw: st.DrawFn, values: st.SearchStrategy[float] = frictions) -> Any:
    """Friction with barriers, some passable sources and the neighbours to move to."""
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    kind = draw(st.sampled_from([np.float32, np.float64]))
    friction = draw(arrays(kind, shape, elements=values.map(np.float32)))
    open_cells = np.argwhere(~np.isnan(friction))
    places = st.integers(0, max(len(open_cells) - 1, 0))
    chosen = draw(st.lists(places, max_size=4)) if len(open_cells) else []
    return friction, open_cells[chosen].reshape(-1, 2), draw(st.sampled_from([8, 16]))


def touched(row: int, column: int) -> set[tuple[int, int]]:
    """Cells that the move from (0, 0) passes for more than a point."""
    along = (np.arange(1000) + 0.5) / 1000
    return set(zip(np.rint(along * row).tolist(), np.rint(along * column).tolist(), strict=True))


def edges(friction: Any, cell_size: float, neighbours: int) -> Iterator[Any]:
    """Start, end and minutes of the edges, move by move."""
    rows, columns = friction.shape
    wide = np.pad(np.float64(friction), 2, constant_values=NAN)
    cells = np.arange(friction.size).reshape(friction.shape)
    for down, right in np.ndindex(5, 5):
        move = down - 2, right - 2
        squared = move[0] ** 2 + move[1] ** 2
        if squared in ((1, 2) if neighbours == 8 else (1, 2, 5)):
            crossed = [
                wide[2 + int(r) : 2 + int(r) + rows, 2 + int(c) : 2 + int(c) + columns]
                for r, c in touched(*move)
            ]
            minutes = sum(crossed) / len(crossed) * np.sqrt(squared) * cell_size
            there = ~np.isnan(minutes)
            start = cells[there]
            yield start, start + move[0] * columns + move[1], minutes[there]


def by_scipy(
    friction: Any, sources: Any, cell_size: float, neighbours: int, least: bool = False
) -> Any:
    starts, ends, minutes = map(
        np.concatenate, zip(*edges(friction, cell_size, neighbours), strict=True)
    )
    graph = csr_matrix((minutes, (starts, ends)), shape=(friction.size, friction.size))
    flat = np.ravel_multi_index(sources.T, friction.shape)
    return dijkstra(graph, indices=flat, min_only=least).reshape(-1, *friction.shape)


def test_a_move_touches_two_cells_or_four() -> None:
    assert touched(0, 1) == {(0, 0), (0, 1)}
    assert touched(1, -1) == {(0, 0), (1, -1)}
    assert touched(-2, 1) == {(0, 0), (-1, 0), (-1, 1), (-2, 1)}


def test_by_hand_round_a_barrier_and_through_a_ford() -> None:
    """A wall of four cells, below it a ford three times as slow: a + b times the root of 2."""
    friction = PLAIN.copy()
    friction[:4, 2] = NAN
    friction[4, 2] = 0.03
    straight = [[0, 1, NAN, 5, 4], [1, 0, NAN, 4, 3], [2, 1, NAN, 3, 2], [3, 2, NAN, 2, 4]]
    straight.append([4, 3, 2, 4, 5])
    diagonal = [[0, 0, 0, 5, 6], [0, 1, 0, 5, 6], [0, 1, 0, 5, 6], [0, 1, 0, 5, 4], [0, 1, 3, 3, 3]]
    minutes, source = travel_time(friction, SOURCE, CELL_M)
    assert_allclose(minutes, np.array(straight) + R2 * np.array(diagonal), rtol=1e-6)
    assert_array_equal(source, np.where(np.isnan(minutes), -1, 0))
    assert (minutes.dtype, source.dtype) == (np.float32, np.int32)


def test_by_hand_with_knights_moves() -> None:
    """On plain ground: knight's moves first, the rest straight or diagonal."""
    minutes, _ = travel_time(PLAIN, SOURCE, CELL_M, 16)
    short, long = np.sort(np.indices((5, 5)), axis=0)
    straight, knight = np.maximum(long - 2 * short, 0), np.minimum(short, long - short)
    diagonal = np.maximum(2 * short - long, 0)
    assert_allclose(minutes, straight + diagonal * R2 + knight * R5, rtol=1e-6)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0.01, 0.01, R5),
        (0.02, 0.022, 6.2 * R5 / 4),
        (0.022, 0.02, 6.2 * R5 / 4),
        (NAN, 0.01, 1 + R2),
        (0.01, NAN, 1 + R2),
        (NAN, NAN, NAN),
    ],
)
def test_a_knights_move_costs_the_mean_of_four_cells(
    first: float, second: float, expected: float
) -> None:
    """From the upper left to the lower right; where it is refused the way bends."""
    friction = np.array([[0.01, first, NAN], [NAN, second, 0.01]])
    minutes, _ = travel_time(friction, SOURCE, CELL_M, 16)
    assert_allclose(minutes[1, 2], expected, rtol=1e-6)


def test_a_diagonal_passes_between_two_impassable_cells() -> None:
    minutes, _ = travel_time(np.array([[0.01, NAN], [NAN, 0.01]]), SOURCE, CELL_M)
    assert_allclose(minutes, [[0, NAN], [NAN, R2]], rtol=1e-6)


@RULES
@given(fields())
def test_equals_dijkstra_of_scipy(case: Any) -> None:
    friction, sources, neighbours = case
    minutes, source = travel_time(friction, sources, 25.0, neighbours)
    if not len(sources):
        assert np.isnan(minutes).all()
        assert (source == NO_SOURCE).all()
        return
    each = by_scipy(friction, sources, 25.0, neighbours)
    nearest = each.min(axis=0)
    assert_allclose(minutes, np.where(np.isinf(nearest), NAN, nearest), rtol=2e-7)
    rows, columns = np.nonzero(source >= 0)
    assert_allclose(each[source[rows, columns], rows, columns], nearest[rows, columns], rtol=1e-12)
    assert_array_equal(source < 0, np.isnan(minutes))


@pytest.mark.parametrize("neighbours", [8, 16])
@pytest.mark.parametrize("sources", [1, 40, 4000])
def test_equals_dijkstra_of_scipy_where_much_waits(sources: int, neighbours: int) -> None:
    """Larger than the room that the queue has at first; speeds as of roads, fields and walls."""
    random = np.random.default_rng(7)
    friction = np.float32(0.06 / random.choice([1, 2, 5, 15, 40, np.nan], (150, 140)))
    starts = random.permutation(np.argwhere(~np.isnan(friction)))[:sources]
    minutes, source = travel_time(friction, starts, 250.0, neighbours)
    nearest = by_scipy(friction, starts, 250.0, neighbours, least=True)[0]
    assert_allclose(minutes, np.where(np.isinf(nearest), NAN, nearest), rtol=2e-7)
    assert_array_equal(source[tuple(starts.T)], np.arange(sources))
    everywhere = np.argwhere(np.ones(friction.shape, dtype=bool))
    between = travel_times_between(friction, starts[:5], everywhere, 250.0, 200.0, neighbours)
    for row, start in zip(between, starts, strict=False):
        alone, _ = travel_time(friction, start[None], 250.0, neighbours, 200.0)
        assert_array_equal(row, alone.ravel())


@RULES
@given(fields(), st.floats(0, 500, width=32))
def test_a_limit_leaves_exactly_what_is_at_or_under_it(case: Any, limit: float) -> None:
    friction, sources, neighbours = case
    minutes, source = travel_time(friction, sources, 25.0, neighbours)
    reached = minutes[np.isfinite(minutes)].tolist()
    for most in [limit, *reached[:3], *np.nextafter(np.float32(reached[:3]), 0).tolist()]:
        some, which = travel_time(friction, sources, 25.0, neighbours, limit=most)
        assert_array_equal(some, np.where(minutes <= most, minutes, NAN))
        assert_array_equal(which, np.where(minutes <= most, source, -1))


def test_a_limit_is_inclusive_where_tenths_do_not_add_up() -> None:
    """Three times 0.1 is 0.30000000000000004 in binary: as float32 it is at the limit."""
    minutes, _ = travel_time(np.full((1, 5), 0.1), SOURCE, 1.0, limit=0.3)
    assert_array_equal(minutes, np.float32([[0, 0.1, 0.2, 0.3, NAN]]))
    assert np.isfinite(travel_time(np.full((1, 201), 0.3), SOURCE, 1.0, limit=60)[0]).all()
    assert np.isfinite(travel_time(np.full((1, 61), 0.01), SOURCE, 100.0, limit=60)[0]).all()
    assert_array_equal(
        travel_time(PLAIN, SOURCE, CELL_M, limit=0)[0] == 0, np.eye(5) * np.eye(5)[0] > 0
    )


@RULES
@given(fields())
def test_there_and_back_take_the_same(case: Any) -> None:
    friction, sources, neighbours = case
    there = travel_times_between(friction, sources, sources, 25.0, None, neighbours)
    assert_allclose(there, there.T, rtol=1e-6)


@RULES
@given(fields())
def test_no_way_round_is_shorter(case: Any) -> None:
    friction, _, neighbours = case
    cells = np.argwhere(~np.isnan(friction))
    between = travel_times_between(friction, cells, cells, 25.0, None, neighbours)
    between = np.where(np.isnan(between), np.inf, between).astype(np.float64)
    for middle in range(0, len(cells), 3):
        way_round = between[:, [middle]] + between[[middle]]
        assert (between <= way_round * (1 + 1e-6)).all()


@RULES
@given(fields(), st.sampled_from([None, 0.5, 60.0]))
def test_between_places_equals_from_each_alone(case: Any, limit: float | None) -> None:
    friction, sources, neighbours = case
    everywhere = np.argwhere(np.ones(friction.shape, dtype=bool))
    between = travel_times_between(friction, sources, everywhere, 25.0, limit, neighbours)
    assert (between.dtype, between.shape) == (np.float32, (len(sources), friction.size))
    for row, source in zip(between, sources, strict=True):
        alone, _ = travel_time(friction, source[None], 25.0, neighbours, limit)
        assert_array_equal(row, alone.ravel())


def test_work_between_places_grows_with_the_catchment() -> None:
    """Within two cells' minutes lie 13 cells, however large the raster is."""
    field = Field.of(np.full((300, 300), 0.01), CELL_M, 8)
    start = field.places([(150, 150)], "origins")
    met = field.spread(field.cells(2.0), start, met=np.empty(1, dtype=np.int32))
    assert met.size == 13
    assert np.unique(met).size == 13


def test_of_equally_near_sources_the_first_counts() -> None:
    """Frictions are powers of two: the sums are exact."""
    friction = np.full((1, 9), 0.25)
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        sources = np.array([(0, 0), (0, 4), (0, 8)])[order]
        minutes, source = travel_time(friction, sources, 4.0)
        assert_array_equal(minutes, [[0, 1, 2, 1, 0, 1, 2, 1, 0]])
        away = abs(np.arange(9) - sources[:, 1:])
        assert_array_equal(source, [away.argmin(axis=0)])
    assert_array_equal(travel_time(friction, [(0, 3)] * 2, 4.0)[1], np.zeros((1, 9)))


def test_what_cannot_be_reached_is_unknown() -> None:
    friction = PLAIN.copy()
    friction[2] = NAN
    minutes, source = travel_time(friction, SOURCE, CELL_M)
    assert np.isfinite(minutes[:2]).all()
    assert np.isnan(minutes[2:]).all()
    assert (source[2:] == NO_SOURCE).all()
    # a knight's move must not leap over the wall either
    assert np.isnan(travel_time(friction, SOURCE, CELL_M, 16)[0][2:]).all()


def test_no_source_and_one_cell() -> None:
    minutes, source = travel_time(PLAIN, [], CELL_M)
    assert np.isnan(minutes).all()
    assert (source == NO_SOURCE).all()
    assert travel_times_between(PLAIN, [], SOURCE, CELL_M, 60).shape == (0, 1)
    assert travel_times_between(PLAIN, SOURCE, [], CELL_M, 60).shape == (1, 0)
    assert_array_equal(travel_time(np.float32([[0.01]]), SOURCE, CELL_M)[0], [[0]])


def test_friction_is_left_as_it_was() -> None:
    for kind in (np.float32, np.float64):
        friction = np.asfortranarray(PLAIN, dtype=kind)
        before = friction.copy()
        travel_time(friction, SOURCE, CELL_M, 16)
        assert_array_equal(friction, before)


def test_minutes_that_no_float32_holds_are_unreachable() -> None:
    for value in (np.float32(1e38), 1e38, 1e300):
        minutes, source = travel_time(np.full((1, 2), value), SOURCE, 1000.0)
        assert_array_equal(minutes, [[0, NAN]])
        assert_array_equal(source, [[0, -1]])


def test_any_range_of_friction_is_met() -> None:
    """Least and most differ by more than ticks can count."""
    friction = np.array([[1e-300, 1e-300, 1e30, 1e-12, 1e-12]])
    minutes, _ = travel_time(friction, SOURCE, 1.0, limit=1e31)
    assert_allclose(minutes, [[0, 0, 5e29, 1e30, 1e30]], rtol=1e-6)
    assert_array_equal(travel_time(np.full((1, 3), 5e-324), SOURCE, 1e-9)[0], [[0, 0, 0]])


def with_value(value: float) -> Any:
    friction = PLAIN.copy()
    friction[1, 3] = value
    return friction


WALLED = with_value(NAN)
REFUSED: list[tuple[Callable[[], Any], type[DeimapError]]] = [
    *[
        (lambda value=value: travel_time(with_value(value), SOURCE, CELL_M), BadFriction)
        for value in (0.0, -0.0, -1.0, np.inf, -np.inf)
    ],
    (lambda: travel_time(PLAIN, [(0, 5)], CELL_M), PlaceOutside),
    (lambda: travel_time(PLAIN, [(-1, 0)], CELL_M), PlaceOutside),
    (lambda: travel_time(WALLED, [(1, 3)], CELL_M), PlaceImpassable),
    (lambda: travel_time(PLAIN, [(0.5, 1)], CELL_M), BadParameter),
    (lambda: travel_time(PLAIN, [0, 1], CELL_M), BadParameter),
    (lambda: travel_time(PLAIN, SOURCE, CELL_M, 4), BadParameter),
    (lambda: travel_time(PLAIN, SOURCE, 0.0), BadParameter),
    (lambda: travel_time(PLAIN, SOURCE, NAN), BadParameter),
    (lambda: travel_time(PLAIN, SOURCE, CELL_M, limit=-1), BadParameter),
    (lambda: travel_time(PLAIN, SOURCE, CELL_M, limit=NAN), BadParameter),
    (lambda: travel_time(PLAIN[0], SOURCE, CELL_M), BadParameter),
    (lambda: travel_times_between(PLAIN, [(9, 9)], SOURCE, CELL_M, 60), PlaceOutside),
    (lambda: travel_times_between(WALLED, [(1, 3)], SOURCE, CELL_M, 60), PlaceImpassable),
    (lambda: travel_times_between(PLAIN, SOURCE, [(9, 9)], CELL_M, 60), PlaceOutside),
    (lambda: nearest_passable(PLAIN, [(0, 5)]), PlaceOutside),
    (lambda: nearest_passable(PLAIN * NAN, SOURCE), NothingPassable),
    (lambda: off_road_share(PLAIN, SOURCE, CELL_M, np.zeros((5, 4), dtype=bool)), GridMismatch),
]


@pytest.mark.parametrize(("call", "kind"), REFUSED)
def test_what_is_off_is_named(call: Callable[[], Any], kind: type[DeimapError]) -> None:
    with pytest.raises(kind):
        call()


def test_an_error_says_where() -> None:
    with pytest.raises(BadFriction) as caught:
        travel_time(with_value(-2.0), SOURCE, CELL_M)
    assert caught.value.values == {"row": 1, "column": 3, "value": -2.0}


def test_a_destination_that_cannot_be_crossed_is_not_reached() -> None:
    assert np.isnan(travel_times_between(WALLED, SOURCE, [(1, 3)], CELL_M, None)).all()


@RULES
@given(fields(st.sampled_from([NAN, NAN, NAN, 1.0])), st.data())
def test_the_nearest_passable_cell_is_the_nearest(case: Any, data: Any) -> None:
    friction, _, _ = case
    rows, columns = friction.shape
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    open_cells = np.argwhere(~np.isnan(friction))
    if not len(open_cells):
        return
    (found,), (moved,) = nearest_passable(friction, [(row, column)])
    away = ((open_cells - (row, column)) ** 2).sum(axis=1)
    assert_array_equal(found, open_cells[away.argmin()])  # ascending by row, then column
    assert_allclose(moved, np.sqrt(away.min()))


def test_many_cells_are_moved_at_once_and_none_without_need() -> None:
    friction = np.full((40, 60), NAN)
    friction[39, 1] = friction[2, 59] = 0.01
    cells, moved = nearest_passable(friction, [(39, 1), (0, 59), (39, 4)])
    assert_array_equal(cells, [(39, 1), (2, 59), (39, 1)])
    assert_array_equal(moved, [0, 2, 3])
    assert nearest_passable(friction, [])[0].shape == (0, 2)


def test_share_off_roads_by_hand() -> None:
    """A road along the upper row; the way to the field leaves it straight, then off the end."""
    friction = np.array([[0.01, 0.01, 0.01], [NAN, NAN, 0.01], [NAN, NAN, 0.01]])
    road = np.array([[True, True, True], [False] * 3, [False] * 3])
    share = off_road_share(friction, SOURCE, CELL_M, road)[2]
    bend = 1 + R2
    expected = [[0, 0, 0], [NAN, NAN, R2 / 2 / bend], [NAN, NAN, (R2 / 2 + 1) / (bend + 1)]]
    assert_allclose(share, expected, rtol=1e-6)
    assert share.dtype == np.float32


def test_share_off_roads_of_a_knights_move_counts_its_four_cells() -> None:
    friction = np.array([[0.01, 0.01, NAN], [NAN, 0.01, 0.01]])
    road = np.array([[True, True, False], [False, False, False]])
    share = off_road_share(friction, SOURCE, CELL_M, road, 16)[2]
    assert_allclose(share[1, 2], 0.5, rtol=1e-6)
    assert off_road_share(friction, SOURCE, CELL_M, ~road, 16)[2][0, 0] == 1


@RULES
@given(fields(), st.sampled_from([None, 60.0]), st.integers(0, 9))
def test_shares_go_with_the_same_minutes(case: Any, limit: float | None, seed: int) -> None:
    friction, sources, neighbours = case
    road = np.random.default_rng(seed).random(friction.shape) < 0.5
    plain = travel_time(friction, sources, 25.0, neighbours, limit)
    *same, share = off_road_share(friction, sources, 25.0, road, neighbours, limit)
    for one, other in zip(plain, same, strict=True):
        assert one.tobytes() == other.tobytes()
    assert_array_equal(np.isnan(share), np.isnan(plain[0]))
    assert not ((share < 0) | (share > 1)).any()
    bare = off_road_share(friction, sources, 25.0, road & False, neighbours, limit)[2]
    assert_array_equal(bare, np.where(np.isnan(share), NAN, np.float32(1)))
    other = off_road_share(friction, sources, 25.0, ~road, neighbours, limit)[2]
    assert_allclose(share + other, bare, atol=1e-6)
