"""Samples of weights and working values: their distributions, against SciPy's; their seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gis.samples import Sample, Span, vary

WEIGHTS = {"need": 0.4, "fit": 0.3, "service": 0.3, "spread": 0.0}
SPANS = {"reach_m": Span(5000, 2500, 10000), "fit_threshold": Span(0.4, 0.3, 0.5)}

names = st.text("abcde", min_size=1, max_size=3)
weights = st.dictionaries(names, st.floats(0, 100), min_size=1, max_size=6).filter(
    lambda found: any(found.values())
)
spans = st.dictionaries(
    names,
    st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(lambda three: Span(*np.sort(three)[[1, 0, 2]])),
)


def columns(samples: tuple[Sample, ...]) -> dict[str, Any]:
    return {name: np.array([one.weights[name] for one in samples]) for name in samples[0].weights}


@settings(deadline=None)
@given(weights, spans, st.integers(1, 20), st.floats(0.01, 1e6), st.integers(0, 2**31))
def test_every_sample_keeps_its_limits(
    weights: dict[str, float], spans: dict[str, Span], number: int, near: float, seed: int
) -> None:
    found = vary(weights, spans, number, concentration=near, seed=seed)
    assert len(found) == number
    for sample in found:
        assert list(sample.weights) == list(weights)
        assert list(sample.values) == list(spans)
        assert sum(sample.weights.values()) == pytest.approx(1)
        assert all(0 <= share <= 1 for share in sample.weights.values())
        assert all(sample.weights[name] == 0 for name, weight in weights.items() if weight == 0)
        assert all(span.low <= sample.values[name] <= span.high for name, span in spans.items())


@settings(deadline=None)
@given(weights, spans, st.integers(0, 99), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(
    weights: dict[str, float], spans: dict[str, Span], seed: int, random: Any
) -> None:
    found = vary(weights, spans, 5, seed=seed)
    turned = [dict(random.sample(list(one.items()), len(one))) for one in (weights, spans)]
    assert vary(*turned, 5, seed=seed) == found  # type: ignore[arg-type]
    assert vary(weights, {}, 5, seed=seed) == tuple(Sample(one.weights, {}) for one in found)


def test_a_seed_is_one_set_of_samples() -> None:
    assert vary(WEIGHTS, SPANS, 10, seed=3) == vary(WEIGHTS, SPANS, 10, seed=3)
    assert vary(WEIGHTS, SPANS, 10, seed=3) != vary(WEIGHTS, SPANS, 10, seed=4)


def test_only_proportions_of_weights_count() -> None:
    tenfold = {name: 10 * weight for name, weight in WEIGHTS.items()}
    for one, other in zip(vary(WEIGHTS, {}, 20), vary(tenfold, {}, 20), strict=True):
        assert one.weights == pytest.approx(other.weights)


@pytest.mark.parametrize("near", [2.0, 20.0, 200.0])
def test_weights_have_the_moments_of_a_dirichlet_distribution(near: float) -> None:
    found = columns(vary(WEIGHTS, {}, 20_000, concentration=near, seed=1))
    drawn = np.array([found[name] for name in ("need", "fit", "service")])
    known = stats.dirichlet([0.4 * near, 0.3 * near, 0.3 * near])
    assert drawn.mean(axis=1) == pytest.approx(known.mean(), abs=0.003)
    assert np.cov(drawn) == pytest.approx(known.cov(), rel=0.05)
    assert (found["spread"] == 0).all()


@pytest.mark.parametrize("near", [0.5, 3.0, 20.0])
def test_each_weight_has_a_beta_distribution(near: float) -> None:
    for name, drawn in columns(vary(WEIGHTS, {}, 4000, concentration=near, seed=2)).items():
        share = WEIGHTS[name]
        if share:
            known = stats.beta(near * share, near * (1 - share))
            # 1.63 / sqrt(n) is the 1 % limit of Kolmogorov's test
            assert stats.kstest(drawn, known.cdf).statistic < 1.63 / np.sqrt(4000)


def test_the_loosest_concentration_gives_nearly_all_to_one_by_its_share() -> None:
    found = columns(vary(WEIGHTS, {}, 4000, concentration=0.01))
    assert found["need"].mean() == pytest.approx(0.4, abs=0.02)
    assert np.isclose(found["fit"] * (1 - found["fit"]), 0, atol=1e-6).mean() > 0.9


def test_great_concentrations_stay_where_they_are() -> None:
    for sample in vary(WEIGHTS, {}, 50, concentration=1e9):
        assert sample.weights == pytest.approx(WEIGHTS, abs=1e-3)


def test_values_are_drawn_once_from_each_slice() -> None:
    drawn = np.array([one.values["reach_m"] for one in vary(WEIGHTS, SPANS, 75, seed=9)])
    assert sorted(np.ceil((drawn - 2500) / 100)) == list(range(1, 76))


def test_values_and_weights_of_one_name_are_drawn_apart() -> None:
    found = vary({"fit": 1, "need": 1}, {"fit": Span(0.5, 0, 1)}, 200, concentration=2)
    pairs = np.array([(one.weights["fit"], one.values["fit"]) for one in found])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.2


def test_a_value_without_room_stays() -> None:
    assert {one.values["x"] for one in vary({"a": 1}, {"x": Span(3, 3, 3)}, 9)} == {3.0}
    assert {one.weights["a"] for one in vary({"a": 1}, {}, 9)} == {1.0}


@pytest.mark.parametrize(
    "words",
    [
        {"weights": {}},
        {"weights": {"a": 0.0}},
        {"weights": {"a": -1.0, "b": 2.0}},
        {"weights": {"a": np.nan, "b": 2.0}},
        {"weights": {"a": np.inf}},
        {"number": 0},
        {"concentration": 0.009},
        {"concentration": np.nan},
        {"concentration": np.inf},
        {"seed": -1},
    ],
)
def test_what_makes_no_sense_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"above 0|non-negative"):
        vary(**({"weights": WEIGHTS, "values": {}} | words))


@pytest.mark.parametrize("three", [(1, 2, 3), (4, 2, 3), (1, 3, 0), (np.nan, 0, 1), (0, np.nan, 1)])
def test_a_value_outside_its_limits_is_refused(three: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="does not lie between"):
        Span(*three)
