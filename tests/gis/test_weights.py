"""Weights from comparisons by pairs: against pymcdm, published matrices, and by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymcdm.weights.subjective import AHP

from gis.analysis import Note
from gis.errors import JudgementOffScale, JudgementsApart, JudgementsClash, TooManyCompared
from gis.weights import ACCEPTED, SAATY_1980, Weights, in_words, notes_on, pairwise
from locales import text

NAN = np.nan
NAMES = "abcdefghijklmnop"

HOUSE = """
    1    5    3    7    6    6    1/3  1/4
    1/5  1    1/3  5    3    3    1/5  1/7
    1/3  3    1    6    3    4    6    1/5
    1/7  1/5  1/6  1    1/3  1/4  1/7  1/8
    1/6  1/3  1/3  3    1    1/2  1/5  1/6
    1/6  1/3  1/4  4    2    1    1/5  1/6
    3    5    1/6  7    5    5    1    1/2
    4    7    5    8    6    6    2    1
"""
"""Buying a house: Saaty (1990), European Journal of Operational Research 48, 9-26."""

DRINKS = """
    1    9    5    2    1    1    1/2
    1/9  1    1/3  1/9  1/9  1/9  1/9
    1/5  3    1    1/3  1/4  1/3  1/9
    1/2  9    3    1    1/2  1    1/3
    1    9    4    2    1    2    1/2
    1    9    3    1    1/2  1    1/3
    2    9    9    3    2    3    1
"""
"""What is drunk in the United States: Saaty (2008), Int. J. Services Sciences 1(1), 83-98."""


def table(words: str) -> Any:
    return np.array(
        [[float(Fraction(cell)) for cell in row.split()] for row in words.split("\n")[1:-1]]
    )


def compared(matrix: Any) -> Weights:
    matrix = np.array(matrix, dtype=float)
    return pairwise(matrix, NAMES[: matrix.shape[-1]])


def weights(matrix: Any) -> list[float]:
    return list(compared(matrix).weights.values())


PUBLISHED = [
    (HOUSE, [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333], 0.238, 0.169),
    (DRINKS, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], 0.029, 0.022),
]


@pytest.mark.parametrize(("words", "expected", "index", "ratio"), PUBLISHED)
def test_published_matrices(words: str, expected: list[float], index: float, ratio: float) -> None:
    found = compared(table(words))
    assert list(found.weights.values()) == pytest.approx(expected, abs=6e-4)
    assert found.consistency_index == pytest.approx(index, abs=6e-4)
    assert found.consistency_ratio == pytest.approx(ratio, abs=1e-3)
    assert found.consistency_ratio == found.consistency_index / found.random_index


def test_the_worst_judgement_of_a_published_matrix() -> None:
    """Saaty (2003), EJOR 145, 85-91: neighbourhood against condition, 6, should be near 1/2."""
    house = table(HOUSE)
    found = compared(house)
    assert found.contradictory
    assert found.worst is not None
    assert found.worst[:3] == (2, 6, 6.0)
    assert found.worst.implied == pytest.approx(0.102 / 0.223, abs=5e-3)
    house[2, 6], house[6, 2] = 1 / 2, 2
    mended = compared(house)
    expected = [0.175, 0.062, 0.103, 0.019, 0.034, 0.041, 0.221, 0.345]
    assert list(mended.weights.values()) == pytest.approx(expected, abs=6e-4)
    assert not mended.contradictory


def test_the_random_index_is_that_of_saaty_1980() -> None:
    assert SAATY_1980[:10] == (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
    assert SAATY_1980[10:] == (1.51, 1.48, 1.56, 1.57, 1.59)
    assert [compared(np.ones((n, n))).random_index for n in range(1, 16)] == list(SAATY_1980)


SCALE = [1 / n for n in range(9, 1, -1)] + [float(n) for n in range(1, 10)]


@st.composite
def matrices(draw: Any, least: int = 2, most: int = 8) -> Any:
    """Reciprocal matrices of judgements on the scale."""
    size = draw(st.integers(least, most))
    matrix = np.ones((size, size))
    for i in range(size):
        for j in range(i):
            matrix[i, j] = draw(st.sampled_from(SCALE))
            matrix[j, i] = 1 / matrix[i, j]
    return matrix


@settings(deadline=None)
@given(matrices())
def test_weights_and_consistency_are_those_of_pymcdm(matrix: Any) -> None:
    """pymcdm takes another random index (Rao Tummala and Ling 1998): its own is divided out."""
    size = len(matrix)
    peer = AHP(matrix=matrix)
    found = compared(matrix)
    assert list(found.weights.values()) == pytest.approx(peer().tolist(), abs=1e-9)
    if size > 2:
        expected = peer.get_cr() * AHP.RI_M[size - 1] / SAATY_1980[size - 1]
        assert found.consistency_ratio == pytest.approx(expected, abs=1e-9)
    else:
        assert np.isnan(found.consistency_ratio)


@settings(deadline=None)
@given(matrices(1), st.randoms(use_true_random=False))
def test_the_order_of_criteria_does_not_matter(matrix: Any, random: Any) -> None:
    order = random.sample(range(len(matrix)), len(matrix))
    turned = compared(matrix[np.ix_(order, order)])
    straight = compared(matrix)
    expected = [list(straight.weights.values())[place] for place in order]
    assert list(turned.weights.values()) == pytest.approx(expected, abs=1e-9)
    assert turned.consistency_ratio == pytest.approx(
        straight.consistency_ratio, abs=1e-9, nan_ok=True
    )


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.data())
def test_judgements_that_agree_give_back_their_weights_though_some_are_missing(
    given_weights: list[int], data: Any
) -> None:
    true = np.array(given_weights) / sum(given_weights)
    size = len(true)
    ratios = true[:, None] / true
    for i in range(1, size):
        keep = data.draw(st.sets(st.integers(0, i - 1), min_size=1))
        for j in set(range(i)) - keep:
            ratios[i, j] = ratios[j, i] = NAN
    found = compared(ratios)
    assert list(found.weights.values()) == pytest.approx(true.tolist(), abs=1e-9)
    assert found.worst is None
    assert np.isnan(found.consistency_ratio) or found.consistency_ratio < 1e-9


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1]], [1]),
        ([[1, 3], [1 / 3, 1]], [3 / 4, 1 / 4]),
        ([[NAN, NAN], [3, NAN]], [1 / 4, 3 / 4]),
        ([[1, 2, NAN], [NAN, 1, 3], [NAN, NAN, 1]], [6 / 10, 3 / 10, 1 / 10]),
        # 0.33 stands for one third beside a 3, and alone for itself
        ([[1, 3], [0.33, 1]], [3 / 4, 1 / 4]),
        ([[1, NAN], [0.25, 1]], [4 / 5, 1 / 5]),
        ([[1, 0.11], [NAN, 1]], [1 / 10, 9 / 10]),
    ],
)
def test_by_hand(matrix: list[list[float]], expected: list[float]) -> None:
    assert weights(matrix) == pytest.approx(expected)


def test_a_triple_that_does_not_agree_by_hand() -> None:
    """Of three, lambda = 1 + x + 1/x with x the cube root of a_12 a_23 / a_13 (here 2 2 / 1)."""
    found = compared([[1, 2, 1], [1 / 2, 1, 2], [1, 1 / 2, 1]])
    x = 4 ** (1 / 3)
    assert found.consistency_index == pytest.approx((x + 1 / x - 2) / 2)
    assert found.consistency_ratio == pytest.approx((x + 1 / x - 2) / 2 / 0.58)
    rows = np.cbrt([2, 1, 1 / 2])  # of three, the eigenvector is the geometric mean of each row
    assert list(found.weights.values()) == pytest.approx((rows / rows.sum()).tolist())
    # all three are equally far off: the first is named, and the other two imply 1 / 2 for it
    assert found.worst == pytest.approx((0, 1, 2, 1 / 2))


def test_several_judges_meet_in_the_geometric_mean_of_those_who_judged() -> None:
    ours = np.array([[1, 2, NAN], [NAN, 1, 3], [NAN, NAN, 1]])
    yours = np.array([[1, 8, 6], [NAN, 1, NAN], [NAN, NAN, 1]])
    both = np.array([[1, 4, 6], [1 / 4, 1, 3], [1 / 6, 1 / 3, 1]])
    assert compared([ours, yours]) == compared(both)
    assert compared([yours, ours]) == compared(both)
    assert compared([ours, ours]) == compared([ours])


@settings(deadline=None)
@given(matrices(3, 5), matrices(3, 5))
def test_judges_together_stay_reciprocal(one: Any, other: Any) -> None:
    assume(one.shape == other.shape)
    found = list(compared([one, other]).weights.values())
    turned = 1 / np.array([one, other])
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0
    assert weights(turned.transpose(0, 2, 1)) == pytest.approx(found)


def test_a_missing_judgement_by_hand() -> None:
    """Without a_13 of four: Harker (1987) puts the ratio of its weights in its place."""
    matrix = np.array([[1, 2, NAN, 4], [NAN, 1, 3, 2], [NAN, NAN, 1, 1], [NAN, NAN, NAN, 1.0]])
    found = compared(matrix)
    own = np.array(list(found.weights.values()))
    filled = np.where(np.isnan(matrix), 1 / matrix.T, matrix)
    filled[0, 2], filled[2, 0] = own[0] / own[2], own[2] / own[0]
    whole = compared(np.clip(filled, 1 / 9, 9))
    assert list(whole.weights.values()) == pytest.approx(own.tolist())
    assert found.consistency_index == pytest.approx(whole.consistency_index)
    assert found.random_index == pytest.approx(0.90 * (1 - 2 * 1 / (3 * 2)))
    assert found.consistency_ratio == pytest.approx(whole.consistency_ratio * 3 / 2)


def test_the_random_index_of_matrices_that_lack_judgements() -> None:
    """200 random matrices each: the scaled index of Agoston and Csato (2022) within 0.08."""
    random = np.random.default_rng(5)
    for size, missing in ((4, 1), (5, 3), (7, 4)):
        indices = []
        while len(indices) < 200:
            matrix = np.full((size, size), NAN)
            pairs = np.array(np.triu_indices(size, 1)).T
            for i, j in random.permutation(pairs)[missing:]:
                matrix[i, j] = random.choice(SCALE)
            try:
                found = compared(matrix)
            except JudgementsApart:
                continue
            indices.append(found.consistency_index)
        assert np.mean(indices) == pytest.approx(found.random_index, abs=0.08), (size, missing)


@pytest.mark.parametrize("size", [1, 2])
def test_where_no_judgement_tests_another_the_ratio_is_unknown(size: int) -> None:
    found = compared(np.ones((size, size)))
    assert np.isnan(found.consistency_ratio)
    assert not found.contradictory
    assert notes_on(found, NAMES[:size]) == ()


def test_a_chain_of_judgements_says_that_it_is_untested() -> None:
    found = compared([[1, 2, NAN], [NAN, 1, 3], [NAN, NAN, 1]])
    assert np.isnan(found.consistency_ratio)
    assert found.worst is None
    assert [note.key for note in notes_on(found, "abc")] == ["pairwise.untested"]


def test_a_judgement_that_nothing_tests_is_never_the_worst() -> None:
    """A fourth criterion hangs on one judgement; the three others contradict each other."""
    matrix = [[1, 9, 1, NAN], [NAN, 1, 9, NAN], [NAN, NAN, 1, 9], [NAN, NAN, NAN, 1]]
    worst = compared(matrix).worst
    assert worst is not None
    assert 3 not in worst[:2]


@pytest.mark.parametrize(
    ("matrix", "kind", "values"),
    [
        ([[1, 10], [0.1, 1]], JudgementOffScale, {"first": "a", "second": "b", "value": 10}),
        ([[1, NAN], [0, 1]], JudgementOffScale, {"first": "b", "second": "a", "value": 0}),
        ([[1, -2], [NAN, 1]], JudgementOffScale, {"first": "a", "second": "b", "value": -2}),
        ([[1, np.inf], [0, 1]], JudgementOffScale, {"first": "a", "second": "b", "value": np.inf}),
        ([[1, 0.1], [NAN, 1]], JudgementOffScale, {"first": "a", "second": "b", "value": 0.1}),
        (
            [[1, 2], [2, 1]],
            JudgementsClash,
            {"first": "a", "second": "b", "stated": 2, "reverse": 2},
        ),
        (
            [[1, 3], [0.34, 1]],
            JudgementsClash,
            {"first": "a", "second": "b", "stated": 3, "reverse": 0.34},
        ),
        (
            [[2, NAN], [NAN, 1]],
            JudgementsClash,
            {"first": "a", "second": "a", "stated": 2, "reverse": 2},
        ),
        ([[1, NAN], [NAN, 1]], JudgementsApart, {"these": ("a",), "others": ("b",)}),
        (
            [[1, NAN, 2], [NAN, 1, NAN], [NAN, NAN, 1]],
            JudgementsApart,
            {"these": ("a", "c"), "others": ("b",)},
        ),
        (np.ones((16, 16)), TooManyCompared, {"found": 16, "allowed": 15}),
    ],
)
def test_what_cannot_be_weighed_is_refused_with_its_place(
    matrix: Any, kind: type[Any], values: dict[str, object]
) -> None:
    with pytest.raises(kind) as caught:
        compared(matrix)
    assert caught.value.values == values
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ((2, 2), "abc"),
        ((2, 3), "ab"),
        ((2,), "ab"),
        ((0, 2, 2), "ab"),
        ((2, 2), "aa"),
        ((0, 0), ""),
    ],
)
def test_shapes_and_names_that_do_not_fit_are_refused(shape: tuple[int, ...], names: str) -> None:
    with pytest.raises(ValueError, match="criteria"):
        pairwise(np.ones(shape), names)


def test_contradictions_are_told_with_the_pair_to_look_at_again() -> None:
    titles = [f"title {name}" for name in NAMES[:8]]
    notes = notes_on(compared(table(HOUSE)), titles)
    sentences = [text(note.key, "en", **dict(note.values)) for note in notes]
    assert sentences == [
        "The comparisons contradict each other: consistency ratio 0.17, above 0.10 "
        "(random index 1.41, Saaty 1980).",
        "Look again at title c against title g: stated “title c more than strongly”, the other "
        "comparisons say “title g a little more”.",
    ]
    assert ACCEPTED == 0.10


def test_the_pair_is_told_in_words_of_the_scale() -> None:
    """a over b 1/9, b over c 1/9, c over a 1/9: the others imply 81, beyond the scale's end."""
    (_, note) = notes_on(compared([[1, 1 / 9, 9], [9, 1, 1 / 9], [1 / 9, 9, 1]]), "abc")
    assert text(note.key, "en", **dict(note.values)) == (
        "Look again at a against b: stated “b extremely more”, the other comparisons say "
        "“a extremely more”."
    )


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.4, "count equally (1)"),
        (1 / 1.4, "count equally (1)"),
        (2.6, "a moderately more"),
        (0.2, "b strongly more"),
        (81.0, "a extremely more"),
    ],
)
def test_a_ratio_is_told_by_the_nearest_word(ratio: float, words: str) -> None:
    note = in_words(ratio, "a", "b")
    assert text(note.key, "en", **dict(note.values)) == words


def test_the_source_of_the_index_says_when_pairs_were_left_out() -> None:
    """The lowered index is not one of the table of 1980."""
    for matrix, complete in (
        ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], True),
        ([[1, 2, NAN, 4], [NAN, 1, 3, 2], [NAN, NAN, 1, 1], [NAN, NAN, NAN, 1]], False),
    ):
        found = compared(matrix)
        assert found.complete is complete
        note = notes_on(found, NAMES[: len(matrix)])[0]
        assert ("Ágoston" not in text(note.key, "en", **dict(note.values))) is complete


def test_judgements_that_agree_say_so() -> None:
    (note,) = notes_on(compared(table(DRINKS)), NAMES[:7])
    assert note.key == "pairwise.agree"
    source = Note("pairwise.index_complete")
    assert dict(note.values) == {"ratio": "0.02", "index": "1.32", "source": source}
