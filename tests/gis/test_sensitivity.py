"""Sensitivity of a choice: acceptabilities by hand and by plain sampling, moves one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.sensitivity import (
    OFTEN,
    Run,
    Sample,
    Span,
    acceptability,
    how_often,
    note_on,
    one_at_a_time,
    rank_acceptability,
    rankings,
    stability,
    vary,
)
from locales import text

WEIGHTS = {"need": 0.4, "fit": 0.3, "service": 0.3, "spread": 0.0}
ANY = {"one": 1.0, "other": 1.0}


def best(scores: dict[str, Sequence[float]], number: int | None = None) -> Run:
    """Codes by weighted sum of their scores, one a weight in the order given."""

    def run(sample: Sample) -> list[str]:
        shares = list(sample.weights.values())
        sums = {code: float(np.dot(shares, row)) for code, row in scores.items()}
        return sorted(sums, key=lambda code: (-sums[code], code))[:number]

    return run


def fixed(answers: Sequence[str]) -> tuple[Run, list[Sample]]:
    """A run that gives one answer after the other, whatever is asked."""
    left = iter(answers)
    return (lambda sample: next(left).split()), [Sample({"a": 1.0}, {})] * len(answers)


def test_shares_and_ranks_by_hand() -> None:
    found = acceptability(*fixed(["b a", "a b c", "a", "c a"]))
    assert found.index.name == "code"
    assert found["share"].to_dict() == {"a": 1.0, "b": 0.5, "c": 0.5}
    assert list(found.index) == ["a", "b", "c"]
    assert found["mean_rank"].to_dict() == {"a": 1.5, "b": 1.5, "c": 2.0}
    assert found["best_rank"].to_dict() == {"a": 1, "b": 1, "c": 1}
    assert found["worst_rank"].to_dict() == {"a": 2, "b": 2, "c": 3}


def test_rankings_keep_every_sample() -> None:
    found = rankings(*fixed(["b a", "", "a"]))
    expected = pd.DataFrame({"a": [2, np.nan, 1], "b": [1, np.nan, np.nan]}, dtype=float)
    pd.testing.assert_frame_equal(found, expected, check_names=False, check_column_type=False)
    shares = rank_acceptability(found)
    assert shares.loc["a"].to_dict() == {1: 1 / 3, 2: 1 / 3}
    assert shares.loc["b"].to_dict() == {1: 1 / 3, 2: 0}


def test_nothing_chosen_ever_is_an_empty_table() -> None:
    ranks = rankings(*fixed(["", ""]))
    assert ranks.shape == (2, 0)
    found = stability(ranks)
    assert list(found.columns) == ["share", "margin", "mean_rank", "best_rank", "worst_rank"]
    assert found.empty
    assert rank_acceptability(ranks).empty


def test_two_criteria_and_no_preference_have_acceptabilities_by_hand() -> None:
    """With w even on 0..1: a = w, b = 1 - w, c = 0.6; c wins between 0.4 and 0.6."""
    run = best({"a": (1, 0), "b": (0, 1), "c": (0.6, 0.6)})
    ranks = rankings(run, vary(ANY, {}, 4000, concentration=2, seed=1))
    found = rank_acceptability(ranks)
    assert found.loc["a"].tolist() == pytest.approx([0.4, 0.1, 0.5], abs=0.02)
    assert found.loc["b"].tolist() == pytest.approx([0.4, 0.1, 0.5], abs=0.02)
    assert found.loc["c"].tolist() == pytest.approx([0.2, 0.8, 0.0], abs=0.02)
    assert stability(ranks)["share"].to_dict() == {"a": 1, "b": 1, "c": 1}


def test_acceptabilities_are_those_of_plain_sampling() -> None:
    """200,000 weights of NumPy's own Dirichlet generator, five places, the best two of them."""
    random = np.random.default_rng(7)
    scores = random.random((5, 4))
    plain = random.dirichlet([8, 6, 6], 200_000) @ scores[:, :3].T
    order = np.argsort(-plain, axis=1)
    codes = "vwxyz"
    run = best(dict(zip(codes, scores.tolist(), strict=True)), 2)
    ranks = rankings(run, vary(WEIGHTS, {}, 2000, seed=3))
    found = rank_acceptability(ranks).reindex(list(codes), fill_value=0)
    for rank in (1, 2):
        expected = np.bincount(order[:, rank - 1], minlength=5) / len(order)
        assert found[rank].tolist() == pytest.approx(expected.tolist(), abs=0.03)


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), min_size=1, max_size=8))
def test_shares_add_up(answers: list[list[str]]) -> None:
    ranks = rankings(*fixed([" ".join(codes) for codes in answers]))
    found = stability(ranks)
    assert found["share"].sum() == pytest.approx(sum(map(len, answers)) / len(answers))
    assert (found["share"] > 0).all()
    assert found["share"].is_monotonic_decreasing
    assert found["mean_rank"].between(found["best_rank"], found["worst_rank"]).all()
    shares = rank_acceptability(ranks)
    assert shares.sum(axis=1).to_dict() == pytest.approx(found["share"].to_dict())
    assert (shares.sum() <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    ("chosen", "of", "low", "high"),
    [(50, 100, 0.4038, 0.5962), (100, 100, 0.9630, 1.0), (9, 10, 0.5958, 0.9821)],
)
def test_the_margin_is_half_of_wilsons_interval(
    chosen: int, of: int, low: float, high: float
) -> None:
    """Intervals as in published tables of the Wilson score, 95 %."""
    found = acceptability(*fixed(["a"] * chosen + [""] * (of - chosen)))
    assert found.loc["a", "margin"] == pytest.approx((high - low) / 2, abs=1e-4)


def test_progress_is_told_before_each_sample_and_may_stop() -> None:
    seen: list[tuple[str, int, int]] = []

    def stop_at_3(step: str, number: int, of: int) -> None:
        seen.append((step, number, of))
        if number == 3:
            raise InterruptedError

    run, samples = fixed(["a", "b", "c", "d"])
    with pytest.raises(InterruptedError):
        acceptability(run, samples, stop_at_3)
    assert seen == [("steps.varying", number, 4) for number in (1, 2, 3)]
    assert run(samples[0]) == ["c"]


def test_no_sample_and_a_code_chosen_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        acceptability(lambda sample: [], [])
    with pytest.raises(ValueError, match="twice"):
        acceptability(*fixed(["a b a"]))


def recorded(asked: list[Sample], run: Run | None = None) -> Run:
    def record(sample: Sample) -> Sequence[str]:
        asked.append(sample)
        return run(sample) if run else []

    return record


def test_one_weight_moves_and_the_others_share_the_rest_as_they_did() -> None:
    asked: list[Sample] = []
    found = one_at_a_time(recorded(asked), WEIGHTS, {})
    moves = [tuple(row) for row in found[["name", "side", "now", "then"]].to_numpy()]
    expected = [
        ("need", "lower", 0.4, 0.3),
        ("need", "higher", 0.4, 0.5),
        ("fit", "lower", 0.3, 0.2),
        ("fit", "higher", 0.3, 0.4),
        ("service", "lower", 0.3, 0.2),
        ("service", "higher", 0.3, 0.4),
        ("spread", "higher", 0.0, 0.1),
    ]
    assert [move[:2] for move in moves] == [move[:2] for move in expected]
    assert [move[2:] for move in moves] == [pytest.approx(move[2:]) for move in expected]
    assert asked[0].weights == WEIGHTS
    tables = {
        1: {"need": 0.3, "fit": 0.35, "service": 0.35, "spread": 0},
        4: {"need": 0.4 * 6 / 7, "fit": 0.4, "service": 0.3 * 6 / 7, "spread": 0},
        7: {"need": 0.36, "fit": 0.27, "service": 0.27, "spread": 0.1},
    }
    for place, expected_weights in tables.items():
        assert asked[place].weights == pytest.approx(expected_weights)
    assert all(sum(sample.weights.values()) == pytest.approx(1) for sample in asked)


def test_what_is_chosen_now_can_be_given_and_no_answer_is_no_change() -> None:
    """One of the moves has no answer; in the other one of the two codes given stays."""
    asked: list[Sample] = []

    def run(sample: Sample) -> list[str] | None:
        asked.append(sample)
        return ["a", "c"] if sample.values["x"] == 2 else None

    found = one_at_a_time(run, {"need": 1.0}, {"x": Span(1, 0, 2)}, now=["a", "b"])
    assert len(asked) == 2
    assert found["kept"].tolist() == pytest.approx([float("nan"), 0.5], nan_ok=True)
    assert found["gone"].tolist() == [(), ("b",)]
    samples = [Sample({"need": 1.0}, {"x": x}) for x in (0.0, 2.0, 0.0)]
    table = stability(rankings(run, samples))
    assert table["share"].to_dict() == {"a": 1, "c": 1}


def test_one_value_goes_to_its_limits() -> None:
    asked: list[Sample] = []
    spans = {"reach_m": Span(5, 3, 9), "spacing_m": Span(2, 2, 4), "count": Span(1, 1, 1)}
    found = one_at_a_time(recorded(asked), {"need": 3.0}, spans)
    assert found[["kind", "name", "side", "now", "then"]].to_numpy().tolist() == [
        ["value", "reach_m", "lower", 5, 3],
        ["value", "reach_m", "higher", 5, 9],
        ["value", "spacing_m", "higher", 2, 4],
    ]
    assert [sample.values for sample in asked] == [
        {"reach_m": 5, "spacing_m": 2, "count": 1},
        {"reach_m": 3, "spacing_m": 2, "count": 1},
        {"reach_m": 9, "spacing_m": 2, "count": 1},
        {"reach_m": 5, "spacing_m": 4, "count": 1},
    ]
    assert all(sample.weights == {"need": 1} for sample in asked)


def test_what_a_move_changes_is_told_by_code() -> None:
    """At need 0.5 the choice is a and b; c comes for b when fit weighs 0.6 or more."""
    scores = {"a": (1.0, 1.0), "b": (0.9, 0.0), "c": (0.0, 0.7)}
    found = one_at_a_time(best(scores, 2), {"need": 1, "fit": 1}, {}).set_index(["name", "side"])
    assert found["kept"].to_dict() == {
        ("need", "lower"): 0.5,
        ("need", "higher"): 1.0,
        ("fit", "lower"): 1.0,
        ("fit", "higher"): 0.5,
    }
    assert found.loc[("fit", "higher"), ["gone", "come"]].tolist() == [("b",), ("c",)]
    assert found.loc[("need", "higher"), ["gone", "come"]].tolist() == [(), ()]


def test_where_nothing_is_chosen_now_what_is_kept_is_unknown() -> None:
    run, _ = fixed(["", "a", ""])
    found = one_at_a_time(run, {"a": 1.0}, {"x": Span(1, 0, 2)})
    assert found["kept"].isna().all()
    assert found["come"].tolist() == [("a",), ()]


def test_moves_are_counted_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    one_at_a_time(
        lambda sample: [], WEIGHTS, {}, progress=lambda step, number, of: seen.append((number, of))
    )
    assert seen == [(number, 8) for number in range(1, 9)]


@pytest.mark.parametrize("step", [0.0, -0.1, 1.1, np.nan])
def test_a_step_that_is_none_is_refused(step: float) -> None:
    with pytest.raises(ValueError, match="step"):
        one_at_a_time(lambda sample: [], WEIGHTS, {}, step=step)


@settings(deadline=None)
@given(st.floats(0, 1))
def test_words_follow_the_share(share: float) -> None:
    word = how_often(share)
    limits = dict(OFTEN)
    assert share >= limits[word]
    assert all(share < limit for _, limit in OFTEN if limit > limits[word])


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_what_is_no_share_has_no_word(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        how_often(share)


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (1.0, "Stays chosen: always (100 % of 200 variations"),
        (0.8, "Stays chosen: mostly (80 % of 200 variations"),
        (0.3, "Stays chosen: sometimes (30 % of 200 variations"),
        (0.05, "Stays chosen: rarely (5 % of 200 variations"),
    ],
)
def test_stability_is_told_in_a_sentence(share: float, sentence: str) -> None:
    note = note_on(share, 200)
    assert text(note.key, "en", **dict(note.values)).startswith(sentence)


def test_the_same_seed_gives_the_same_table() -> None:
    scores: dict[str, Any] = dict(
        zip("abcdef", np.random.default_rng(1).random((6, 4)), strict=True)
    )
    spans = {"x": Span(1, 0, 2)}
    tables = [acceptability(best(scores, 3), vary(WEIGHTS, spans, 60, seed=8)) for _ in range(2)]
    pd.testing.assert_frame_equal(*tables)
