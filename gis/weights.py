"""Weights from comparisons by pairs (analytic hierarchy process), and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from gis.analysis import Note
from gis.errors import JudgementOffScale, JudgementsApart, JudgementsClash, TooManyCompared

Matrix = NDArray[np.float64]

SAATY_1980 = (
    *(0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
)
"""Random index of a complete matrix of size 1 to 15: Saaty (1980), The Analytic Hierarchy
Process, McGraw-Hill."""
ACCEPTED = 0.10
"""Highest consistency ratio that Saaty (1980) lets pass."""
STRONGEST = 9.0
"""End of Saaty's scale: 1 equal, 3 moderately, 5 strongly, 7 very strongly, 9 extremely more."""

_FLOAT = 1e-9
_ROUNDED = 0.005 + _FLOAT
"""One third may be written 0.33."""
_DECIMALS = 9
"""Deviations that agree so far are equal, whatever the rounding of the eigenvector."""


class Judgement(NamedTuple):
    """How much more the criterion at place ``i`` counts than the one at ``j``, by two accounts.

    ``implied`` is what all the other judgements say together.
    """

    i: int
    j: int
    stated: float
    implied: float


@dataclass(frozen=True)
class Weights:
    """Weights of criteria, and how well the judgements behind them agree.

    Attributes
    ----------
    weights
        Weight of each name, in the order given; their sum is 1.
    consistency_index
        (principal eigenvalue - n) / (n - 1); NaN for a single criterion.
    consistency_ratio
        Consistency index over random index; NaN where no judgement tests another.
    random_index
        Of ``SAATY_1980``, lowered where judgements are missing.
    worst
        The judgement farthest from the weights; None where all agree or none tests another.
    """

    weights: Mapping[str, float]
    consistency_index: float
    consistency_ratio: float
    random_index: float
    worst: Judgement | None

    @property
    def contradictory(self) -> bool:
        """True when the judgements should be looked at again."""
        return self.consistency_ratio > ACCEPTED

    @property
    def complete(self) -> bool:
        """True when every pair was judged: the random index is then that of Saaty (1980)."""
        return self.random_index == SAATY_1980[len(self.weights) - 1]


def pairwise(judgements: NDArray[np.floating], names: Sequence[str]) -> Weights:
    """Weights as the principal eigenvector of a matrix of comparisons.

    Parameters
    ----------
    judgements
        (n, n), or (judges, n, n) for several judges: how many times as much the criterion of the
        row counts as that of the column, 1/9 to 9. NaN = no judgement; one of the two sides of a
        pair is enough, and of two the smaller may be rounded to two decimals. Judges count alike:
        each pair takes the geometric mean of those who judged it.
    names
        Name of each criterion, each once.

    Raises
    ------
    JudgementOffScale
        When a judgement lies outside 1/9 to 9.
    JudgementsClash
        When the two sides of a pair are not each other's reciprocal.
    JudgementsApart
        When no chain of judgements joins all criteria.
    TooManyCompared
        When there are more criteria than the table of the random index has.
    ValueError
        When shapes disagree or names repeat.

    Notes
    -----
    Saaty, T. L. (1980), The Analytic Hierarchy Process, McGraw-Hill; several judges after Aczel and
    Saaty (1983), J. Math. Psychology 27, 93-102. A missing judgement is taken to be the ratio of
    the two weights: Harker, P. T. (1987), Mathematical Modelling 9(11), 837-848. The random index
    then falls with each of the m missing pairs, by the factor 1 - 2m / ((n - 1)(n - 2)): Agoston
    and Csato (2022), Omega 108, 102576. The worst judgement, and what the others imply for it, by
    Saaty, T. L. (2003), European Journal of Operational Research 145, 85-91.

    Examples
    --------
    >>> judged = np.array([[1, 2, 6], [np.nan, 1, 3], [np.nan, np.nan, 1]])
    >>> found = pairwise(judged, ["need", "fit", "service"])
    >>> {name: round(weight, 3) for name, weight in found.weights.items()}
    {'need': 0.6, 'fit': 0.3, 'service': 0.1}
    >>> round(found.consistency_ratio, 3), found.worst is None
    (0.0, True)
    """
    sheets = np.asarray(judgements, dtype=np.float64)
    sheets = sheets[None] if sheets.ndim == 2 else sheets
    _check_shape(sheets, names)
    matrix = _together(np.stack([_whole(sheet, names) for sheet in sheets]))
    _check_joined(matrix, names)
    size = len(names)
    largest, weights = _eigen(matrix)
    index = max(0.0, largest - size) / (size - 1) if size > 1 else np.nan
    random = _random_index(matrix)
    return Weights(
        weights=dict(zip(names, weights.tolist(), strict=True)),
        consistency_index=index,
        consistency_ratio=index / random if random > 0 else np.nan,
        random_index=random,
        worst=_worst(matrix, weights),
    )


def notes_on(found: Weights, titles: Sequence[object]) -> tuple[Note, ...]:
    """What a reader must know of the judgements before trusting the weights.

    Parameters
    ----------
    titles
        Words or notes that name the criteria, in their order.
    """
    if np.isnan(found.consistency_ratio):
        return (Note("pairwise.untested"),) if len(titles) > 2 else ()
    agreement = agreement_of(found)
    return (agreement, *(on_worst(found.worst, titles) if found.contradictory else ()))


def agreement_of(found: Weights) -> Note:
    """The consistency ratio in a sentence, with where its random index is from."""
    source = "complete" if found.complete else "incomplete"
    values = (
        ("ratio", _figure(found.consistency_ratio)),
        ("index", _figure(found.random_index)),
        ("source", Note(f"pairwise.index_{source}")),
    )
    return Note("pairwise.contradict" if found.contradictory else "pairwise.agree", values)


def on_worst(worst: Judgement | None, titles: Sequence[object]) -> tuple[Note, ...]:
    """The pair to be looked at again, in the words of the scale."""
    if worst is None:
        return ()
    pair = titles[worst.i], titles[worst.j]
    return (
        Note(
            "pairwise.worst",
            (
                ("first", pair[0]),
                ("second", pair[1]),
                ("stated", in_words(worst.stated, *pair)),
                ("implied", in_words(worst.implied, *pair)),
            ),
        ),
    )


def in_words(ratio: float, first: object, second: object) -> Note:
    """How much more ``first`` counts than ``second`` (less than 1: the other way round).

    What others imply may lie beyond the scale; its strongest word then stands for it.
    """
    step = min(round(max(ratio, 1 / ratio)), round(STRONGEST))
    if step == 1:
        return Note("choose.counts_equally")
    return Note(f"choose.more_{step}", (("title", first if ratio > 1 else second),))


def _figure(value: float) -> str:
    """Two decimals, or a whole number: one decimal would hide a ratio of 0.14 behind 0.1."""
    return f"{value:.2f}".removesuffix(".00")


def _check_shape(sheets: Matrix, names: Sequence[str]) -> None:
    size = len(names)
    if not size or len(set(names)) < size:
        raise ValueError("criteria need one name each")
    if sheets.ndim != 3 or not len(sheets) or sheets.shape[1:] != (size, size):
        raise ValueError(f"judgements of {size} criteria cannot have the shape {sheets.shape}")
    if size > len(SAATY_1980):
        raise TooManyCompared(size, len(SAATY_1980))


def _whole(sheet: Matrix, names: Sequence[str]) -> Matrix:
    """One judge's matrix with both sides of each pair; the diagonal is 1."""
    back = sheet.T
    within = (sheet >= 1 / STRONGEST - _ROUNDED) & (sheet <= STRONGEST + _FLOAT)
    for i, j in np.argwhere(~np.isnan(sheet) & ~within)[:1]:
        raise JudgementOffScale(names[i], names[j], float(sheet[i, j]))
    larger, smaller = np.maximum(sheet, back), np.minimum(sheet, back)
    for i, j in np.argwhere(np.abs(smaller - 1 / larger) > _ROUNDED)[:1]:
        raise JudgementsClash(names[i], names[j], float(sheet[i, j]), float(sheet[j, i]))
    # Of two sides the larger is the one that nobody had to round.
    whole = np.where(np.isnan(back) | (sheet >= back), sheet, 1 / back)
    np.fill_diagonal(whole, 1.0)
    return np.clip(whole, 1 / STRONGEST, STRONGEST)


def _together(sheets: Matrix) -> Matrix:
    """Geometric mean over the judges who compared a pair; NaN where none did."""
    given = (~np.isnan(sheets)).sum(axis=0)
    logs = np.nansum(np.log(sheets), axis=0)
    mean = np.exp(np.divide(logs, given, out=np.full(logs.shape, np.nan), where=given > 0))
    return np.asarray(mean, dtype=np.float64)


def _parts(matrix: Matrix) -> tuple[int, NDArray[np.int32]]:
    """Number of parts that no judgement joins, and the part of each criterion."""
    number, part = connected_components(~np.isnan(matrix), directed=False)
    return int(number), part


def _check_joined(matrix: Matrix, names: Sequence[str]) -> None:
    number, part = _parts(matrix)
    if number > 1:
        held = list(zip(names, part == part[0], strict=True))
        raise JudgementsApart(
            tuple(name for name, inside in held if inside),
            tuple(name for name, inside in held if not inside),
        )


def _eigen(matrix: Matrix) -> tuple[float, Matrix]:
    """Principal eigenvalue and eigenvector (sum 1); missing judgements after Harker."""
    known = np.where(np.isnan(matrix), 0.0, matrix)
    np.fill_diagonal(known, 1.0 + np.isnan(matrix).sum(axis=1))
    values, vectors = np.linalg.eig(known)
    place = int(np.argmax(values.real))
    weights = np.abs(vectors[:, place].real)
    return float(values[place].real), weights / weights.sum()


def _random_index(matrix: Matrix) -> float:
    """Of a random matrix of this size that lacks as many judgements; 0 where none tests another."""
    size = len(matrix)
    most = (size - 1) * (size - 2) // 2
    missing = int(np.isnan(matrix).sum()) // 2
    return SAATY_1980[size - 1] * ((most - missing) / most) if most else 0.0


def _worst(matrix: Matrix, weights: Matrix) -> Judgement | None:
    """The judgement farthest from the ratio of its weights, of those that others test."""
    away = np.abs(np.log(matrix * weights / weights[:, None])).round(_DECIMALS)
    upper = np.argwhere(np.triu(away, 1) > 0)
    order = np.argsort([-away[i, j] for i, j in upper], kind="stable")
    for i, j in upper[order].tolist():
        others = matrix.copy()
        others[i, j] = others[j, i] = np.nan
        if _parts(others)[0] == 1:
            without = _eigen(others)[1]
            return Judgement(i, j, float(matrix[i, j]), float(without[i] / without[j]))
    return None
