"""Weights and working values drawn at random around those that stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

SAMPLES = 100
"""Working value: a share of so many samples is known to about 10 points."""
CONCENTRATION = 20.0
"""Working value: a weight of 40 % then moves by about 11 points either way."""

LOOSEST = 0.01
"""Below this concentration one weight takes all, whatever the others."""

_UNDERFLOW = 1e-250
_SMALLEST = 1e-9
"""Shape of a gamma variate that is as good as 0."""


@dataclass(frozen=True)
class Span:
    """A working value as it stands, and between which limits it may well lie."""

    now: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.now <= self.high:
            raise ValueError(f"{self.now} does not lie between {self.low} and {self.high}")


@dataclass(frozen=True)
class Sample:
    """One set of weights (shares, their sum is 1) and working values."""

    weights: Mapping[str, float]
    values: Mapping[str, float]


def vary(
    weights: Mapping[str, float],
    values: Mapping[str, Span],
    number: int = SAMPLES,
    *,
    concentration: float = CONCENTRATION,
    seed: int = 0,
) -> tuple[Sample, ...]:
    """Random weights around the chosen ones, and random working values within their limits.

    Parameters
    ----------
    weights
        0 or more, one above 0; they need not add to 1. One that is 0 stays 0.
    values
        Each is drawn evenly between its limits.
    number
        Samples wanted.
    concentration
        How close the weights stay, at least 0.01: a share s has the standard deviation
        sqrt(s (1 - s) / (concentration + 1)). Equal weights with their own number as concentration
        give every set of weights the same chance.
    seed
        Same seed, same samples, in whatever order weights and values are named; a value more or
        less leaves the others as they are.

    Raises
    ------
    ValueError
        When no weight is above 0, one is negative or unknown, or nothing is to be drawn.

    Notes
    -----
    Weights have a Dirichlet distribution with the chosen ones as mean: stochastic multicriteria
    acceptability analysis, Lahdelma and Salminen (2001), Operations Research 49(3), 444-454. Each
    weight and value is drawn once from each of ``number`` equal slices of its distribution (for
    weights, of the gamma variate behind each): McKay, Beckman and Conover (1979), Technometrics 21.

    Examples
    --------
    >>> found = vary({"need": 2, "fit": 2}, {"reach_m": Span(5000, 4000, 6000)}, number=2)
    >>> [round(sum(sample.weights.values()), 9) for sample in found]
    [1.0, 1.0]
    >>> sorted(sample.values["reach_m"] > 5000 for sample in found)
    [False, True]
    """
    shares = shares_of(weights)
    if number < 1 or not LOOSEST <= concentration < np.inf:
        raise ValueError(f"samples must be above 0, concentration at least {LOOSEST}")
    drawn = {
        name: _log_gamma(concentration * share, _even("weight", name, number, seed))
        for name, share in shares.items()
        if share > 0
    }
    highest = np.max(list(drawn.values()), axis=0)
    parts = {name: np.exp(log - highest) for name, log in drawn.items()}
    whole = np.sum([parts[name] for name in sorted(parts)], axis=0)
    nothing = np.zeros(number)
    columns = {name: (parts.get(name, nothing) / whole).tolist() for name in shares}
    limits = {
        name: _within(span, _even("value", name, number, seed)) for name, span in values.items()
    }
    return tuple(
        Sample(
            {name: column[place] for name, column in columns.items()},
            {name: column[place] for name, column in limits.items()},
        )
        for place in range(number)
    )


def shares_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights with the sum 1, the same whatever the order of their names."""
    if not all(0 <= weight < np.inf for weight in weights.values()) or not any(weights.values()):
        raise ValueError("weights must be 0 or more, one above 0")
    whole = sum(weights[name] for name in sorted(weights))
    return {name: weight / whole for name, weight in weights.items()}


def _within(span: Span, shares: NDArray[np.float64]) -> list[float]:
    """Shares of the way from the lower limit to the upper."""
    values: list[float] = np.clip(
        span.low + (span.high - span.low) * shares, span.low, span.high
    ).tolist()
    return values


def _even(kind: str, name: str, number: int, seed: int) -> NDArray[np.float64]:
    """Numbers above 0, up to 1, one from each of ``number`` slices, in the name's own order."""
    random = np.random.default_rng([seed, *f"{kind} {name}".encode()])
    return (random.permutation(number) + 1 - random.random(number)) / number


def _log_gamma(shape: float, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of gamma variates at shares of their distribution, however small the shape."""
    shape, shares = max(shape, _SMALLEST), np.minimum(shares, np.nextafter(1, 0))
    found = gammaincinv(shape, shares)
    small = found < _UNDERFLOW
    tiny = (np.log(shares) + gammaln(shape + 1)) / shape
    logs: NDArray[np.float64] = np.where(small, tiny, np.log(np.where(small, 1.0, found)))
    return logs
